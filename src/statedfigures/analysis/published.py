"""The release held against figures that were published elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from statedfigures.analysis.claims import locator_key
from statedfigures.analysis.comparability import WARNING_MEANINGS, comparability_warnings
from statedfigures.analysis.intervals import PER_HUNDRED, add, interval, lies_below, overlaps, scale
from statedfigures.analysis.periods import (
    PARTS_OF_YEARS,
    WHOLE_YEARS,
    covers_period,
    published_period,
)
from statedfigures.analysis.phrases import claim_assumption, claim_reading
from statedfigures.analysis.ratios import divide, multiply, percent_change
from statedfigures.analysis.readings import (
    figure_inputs,
    figure_interval,
    published_inputs,
    published_interval,
)
from statedfigures.analysis.reasons import CHECK_REASONS
from statedfigures.analysis.records import CrossCheck, ImpliedDenominator, Interval
from statedfigures.analysis.register import Register
from statedfigures.sources.records import Claim, Figure, PublishedFigure, ReleaseTables


def cross_check(tables: ReleaseTables) -> tuple[CrossCheck, ...]:
    """Hold stated figures beside what was published elsewhere for the same thing.

    Parameters
    ----------
    tables
        The tables of the release. A published row takes part where its
        ``compares_with`` names the figure and its period falls into the
        figure's.

    Returns
    -------
    tuple of CrossCheck
        One for each stated figure and period, parts of a whole summed within
        the period; by locator, figure and period.

    Raises
    ------
    AssumptionError
        If the register lacks the rule of a hedge.

    Notes
    -----
    A total to date agrees with a whole year when it need not lie above it; a
    bound for every year when the year's total can lie within it; any other
    pair when the two intervals overlap. Where one period lacks a part that
    another has, the sum is a lower bound.
    """
    register = Register.of(tables)
    figures = sorted(
        tables.figures.values(), key=lambda figure: (locator_key(figure.locator), figure.id)
    )
    return tuple(
        _check(figure, rows, whole_known, register)
        for figure in figures
        for rows, whole_known in _published_for(figure, tables)
    )


def _published_for(
    figure: Figure, tables: ReleaseTables
) -> Iterator[tuple[tuple[PublishedFigure, ...], bool]]:
    """Group the rows to hold against a figure; the flag says whether every part is there."""
    rows = sorted(
        (
            row
            for row in tables.published.values()
            if row.compares_with == figure.id
            and covers_period(figure, row, tables.description.published.year)
        ),
        key=lambda row: (published_period(row.period).first_year, row.period, row.series),
    )
    part_series = {row.series for row in rows if row.part == "part"}
    for period in dict.fromkeys(row.period for row in rows):
        here = [row for row in rows if row.period == period]
        yield from (((row,), True) for row in here if row.part != "part")
        if parts := tuple(row for row in here if row.part == "part"):
            yield parts, {row.series for row in parts} == part_series


def _check(
    figure: Figure, rows: Sequence[PublishedFigure], whole_known: bool, register: Register
) -> CrossCheck:
    stated = figure_interval(figure, register)
    total = published_interval(rows[0], register)
    for row in rows[1:]:
        total = add(total, published_interval(row, register))
    if not whole_known:
        total = interval(total.low, None, low_open=total.low_open)
    agrees, reason = _agreement(figure, stated, rows[0], total)
    inputs = [*figure_inputs(figure, register)]
    for row in rows:
        inputs += published_inputs(row, register)
    return CrossCheck(
        figure=figure,
        published=tuple(rows),
        published_total=total,
        difference_percent=percent_change(stated, total) if stated.low else None,
        agrees=agrees,
        reason=" ".join([CHECK_REASONS[reason], *_caveat(figure, rows)]),
        inputs=tuple(dict.fromkeys(inputs)),
    )


def _agreement(
    figure: Figure, stated: Interval, published: PublishedFigure, total: Interval
) -> tuple[bool, str]:
    """Say whether the two agree and which reason tells why."""
    kind = published_period(published.period).kind
    if figure.period_kind == "part_year" and kind in WHOLE_YEARS:
        agrees = not lies_below(total, stated)
        return agrees, "to_date_fits" if agrees else "to_date_exceeds"
    if kind in PARTS_OF_YEARS and figure.period_kind in WHOLE_YEARS:
        agrees = not lies_below(stated, total)
        return agrees, "part_fits" if agrees else "part_exceeds"
    if overlaps(stated, total):
        return True, "within"
    several = "every_year_" if figure.period_kind == "since" else ""
    return False, several + ("below" if lies_below(total, stated) else "above")


def _caveat(figure: Figure, rows: Sequence[PublishedFigure]) -> tuple[str, ...]:
    """Say what stands in the way of a like-for-like comparison, if anything."""
    # A statement about every year is held against one of them, which it covers.
    each = replace(figure, period_kind="calendar_year") if figure.period_kind == "since" else figure
    codes = [warning.code for row in rows for warning in comparability_warnings(each, row)]
    meanings = [WARNING_MEANINGS[code] for code in dict.fromkeys(codes)]
    return (f"Read with care: {'; '.join(meanings)}.",) if meanings else ()


def implied_denominators(tables: ReleaseTables) -> tuple[ImpliedDenominator, ...]:
    """Work out the base that each stated share implies, beside published ones.

    Parameters
    ----------
    tables
        The tables of the release. A share takes part where the release gives
        its part but not its whole, and names a published series.

    Returns
    -------
    tuple of ImpliedDenominator
        One for each such share and published row, by the claim's locator and
        the row's period.

    Raises
    ------
    AssumptionError
        If the register lacks the rule of a hedge.

    Notes
    -----
    Implied base = part / share; implied part = share × published base, both
    in interval arithmetic. They agree where the implied base and the
    published one overlap.
    """
    register = Register.of(tables)
    return tuple(
        denominator
        for claim in shares_without_whole(tables)
        for row in bases_of(claim, tables)
        if (denominator := _implied(claim, row, tables, register)) is not None
    )


def shares_without_whole(tables: ReleaseTables) -> tuple[Claim, ...]:
    """List the shares whose whole the release does not give but others published.

    Returns
    -------
    tuple of Claim
        Claims of kind ``share`` with a figure, a stated value and a published
        series; by locator, then id.
    """
    claims = [
        claim
        for claim in tables.claims.values()
        if claim.kind == "share"
        and claim.to_figure
        and not claim.from_figure
        and claim.stated_value
        and claim.published_series
    ]
    return tuple(sorted(claims, key=lambda claim: (locator_key(claim.locator), claim.id)))


def bases_of(claim: Claim, tables: ReleaseTables) -> tuple[PublishedFigure, ...]:
    """List the published rows that could be the whole of a share, by period."""
    rows = [row for row in tables.published.values() if row.series == claim.published_series]
    return tuple(
        sorted(rows, key=lambda row: (published_period(row.period).first_year, row.period))
    )


def _implied(
    claim: Claim, row: PublishedFigure, tables: ReleaseTables, register: Register
) -> ImpliedDenominator | None:
    share = claim_reading(claim, register)
    if share is None or share.low is None or share.low <= 0:
        return None
    numerator = tables.figures[claim.to_figure]
    fraction = scale(share, 1 / PER_HUNDRED)
    implied = divide(figure_interval(numerator, register), fraction)
    base = published_interval(row, register)
    phrase = claim_assumption(claim, register)
    inputs = [
        f"claim:{claim.id}",
        *figure_inputs(numerator, register),
        *published_inputs(row, register),
        *([] if phrase is None else [f"assumption:{phrase.id}"]),
    ]
    return ImpliedDenominator(
        claim=claim,
        numerator=numerator,
        implied=implied,
        published=row,
        implied_numerator=multiply(fraction, base),
        agrees=overlaps(implied, base),
        inputs=tuple(dict.fromkeys(inputs)),
    )
