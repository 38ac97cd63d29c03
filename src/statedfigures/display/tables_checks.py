"""Tables of judged claims, hedges, cross-checks, implied bases and bounds."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.comparability import WARNING_MEANINGS
from statedfigures.analysis.records import (
    ClaimResult,
    CrossCheck,
    ImpliedDenominator,
)
from statedfigures.display.conflicts import gap
from statedfigures.display.findings import claim_label, recomputed_value
from statedfigures.display.format import noun, published, stated
from statedfigures.display.periods import published_period_text
from statedfigures.display.phrases import quoted, traced
from statedfigures.display.ranges import between
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.tables_release import topic_of
from statedfigures.display.words import Quantity


def table_claims(claims: Iterable[ClaimResult]) -> TableView:
    """Set each claim beside what the stated figures give.

    Parameters
    ----------
    claims
        Judged claims of one topic, or all of a release; kept in their order.

    Returns
    -------
    TableView
        Columns: words, what they may mean, recomputed, verdict, warnings,
        reason; row ids ``claim-<id>``.
    """
    listed = list(claims)
    columns = (
        Column("claim", "The release says"),
        Column("subject", "About"),
        Column("stated", "What that may mean"),
        Column("recomputed", "What the figures give"),
        Column("verdict", "Verdict"),
        Column("warnings", "Read with care"),
        Column("reason", "Why"),
    )
    return TableView(
        id=f"claims-{topic_of(one.claim.topic for one in listed)}",
        caption="Comparisons that the release makes, recomputed",
        columns=columns,
        rows=tuple(_claim_row(one) for one in listed),
        row_ids=tuple(f"claim-{one.claim.id}" for one in listed),
    )


def _claim_row(result: ClaimResult) -> tuple[Cell, ...]:
    reference = f"claim:{result.claim.id}"
    meanings = dict.fromkeys(
        WARNING_MEANINGS.get(one.code, one.code.replace("_", " ")) for one in result.warnings
    )
    return (
        claim_label(result),
        traced(result.claim.label, reference),
        stated_reading(result),
        recomputed_value(result),
        result.verdict.value,
        traced("; ".join(meanings), reference) if meanings else None,
        traced(result.reason, *result.inputs),
    )


def stated_reading(result: ClaimResult) -> Quantity | None:
    """Give the interval that the words of a claim may mean; None without a number."""
    if result.stated is None:
        return None
    return between(result.stated, result.unit, result.inputs, "what the words may mean")


def table_cross_checks(checks: Iterable[CrossCheck]) -> TableView:
    """Set stated figures beside those published elsewhere for the same thing.

    Returns
    -------
    TableView
        One row for each check, kept in order.
    """
    listed = list(checks)
    columns = (
        Column("figure", "Figure"),
        Column("stated", "Stated"),
        Column("published", "Published elsewhere"),
        Column("unit", "Unit published"),
        Column("period", "Period published"),
        Column("publisher", "Publisher"),
        Column("source_kind", "Kind of source"),
        Column("difference", "Difference"),
        Column("agrees", "Do they agree?"),
        Column("reason", "Why"),
    )
    return TableView(
        id=f"cross-checks-{topic_of(one.figure.topic for one in listed)}",
        caption="Stated figures beside figures published elsewhere",
        columns=columns,
        rows=tuple(_check_row(one) for one in listed),
    )


def _check_row(check: CrossCheck) -> tuple[Cell, ...]:
    first = check.published[0]
    reference = f"published:{first.id}"
    kinds = sorted({one.source_kind for one in check.published})
    return (
        traced(check.figure.label, f"figure:{check.figure.id}"),
        stated(check.figure),
        published(first)
        if len(check.published) == 1
        else between(check.published_total, first.unit, check.inputs, "sum of the published parts"),
        traced(noun(first.unit), reference),
        traced(published_period_text(first.period), reference),
        traced(first.publisher, reference),
        " and ".join(kinds),
        gap(check),
        "yes" if check.agrees else "no",
        traced(check.reason, *check.inputs),
    )


def table_denominators(denominators: Iterable[ImpliedDenominator]) -> TableView:
    """Set the base that each stated share implies beside a published one.

    Returns
    -------
    TableView
        One row for each share and published base, kept in order.
    """
    listed = list(denominators)
    columns = (
        Column("share", "The release says"),
        Column("numerator", "Number it is a share for"),
        Column("implied", "Base this implies"),
        Column("published", "Base published elsewhere"),
        Column("period", "Period published"),
        Column("publisher", "Publisher"),
        Column("implied_numerator", "The share of that base"),
        Column("agrees", "Do they agree?"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in listed:
        reference = f"published:{one.published.id}"
        unit, counted_unit = one.published.unit, one.numerator.unit
        formula = "the share times the published base"
        rows.append(
            (
                quoted(one.claim.as_stated, f"claim:{one.claim.id}"),
                stated(one.numerator),
                between(one.implied, unit, one.inputs, "the stated number over the share"),
                published(one.published),
                traced(published_period_text(one.published.period), reference),
                traced(one.published.publisher, reference),
                between(one.implied_numerator, counted_unit, one.inputs, formula),
                "yes" if one.agrees else "no",
            )
        )
    return TableView(
        id=f"denominators-{topic_of(one.claim.topic for one in listed)}",
        caption="Bases that the stated shares imply",
        columns=columns,
        rows=tuple(rows),
    )
