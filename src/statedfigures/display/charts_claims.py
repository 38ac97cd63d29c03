"""The chart of claims: what the figures give against what the words may mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from statedfigures.analysis.records import ClaimResult, Interval
from statedfigures.display.charts_rows import Row, draw_rows, symmetric_scale
from statedfigures.display.findings import claim_label, recomputed_value, tally
from statedfigures.display.format import (
    computed,
    counted,
)
from statedfigures.display.phrases import joined, references
from statedfigures.display.records import Chart, Column, TableView
from statedfigures.display.tables_checks import stated_reading
from statedfigures.display.tables_release import topic_of
from statedfigures.display.words import Sentence, sentence

_WHOLE = 100


def _claimed_number(result: ClaimResult) -> Fraction | None:
    """Give the number that a claim states, in the unit of its result; None without one."""
    interval = result.stated
    if interval is None or result.claim.stated_value is None:
        return None
    low, high = interval.low, interval.high
    if low is None or high is None or result.claim.qualifier == "almost":
        number = low if high is None else high
    else:
        number = (low + high) / 2
    return number if number and number > 0 else None


def _as_percent(interval: Interval | None, number: Fraction) -> tuple[float | None, float | None]:
    if interval is None:
        return None, None
    ends = (interval.low, interval.high)
    low, high = (None if end is None else float(_WHOLE * end / number) for end in ends)
    return low, high


def chart_claims(claims: Iterable[ClaimResult]) -> Chart:
    """Hold each claim with a number against what the stated figures give.

    Parameters
    ----------
    claims
        Judged claims; those without a number are left to the table.

    Returns
    -------
    Chart
        One row for each claim on one scale, the claim's own number being one
        hundred per cent: a band for what its words may mean, a dot or whisker
        for what the figures give, and the verdict in words.

    Raises
    ------
    ValueError
        If no claim has a number.
    """
    numbered = [(one, number) for one in claims if (number := _claimed_number(one)) is not None]
    if not numbered:
        raise ValueError("none of these claims has a number to draw")
    rows, cells = [], []
    for result, number in numbered:
        band, mark = _as_percent(result.stated, number), _as_percent(result.recomputed, number)
        rows.append(Row(claim_label(result), *mark, right=result.verdict.value, band=band))
        formula = "as a percentage of the number that the claim states"
        cells.append(
            (
                claim_label(result),
                stated_reading(result),
                recomputed_value(result),
                *(
                    None if end is None else computed(end, "percent", result.inputs, formula)
                    for end in (*band, *mark)
                ),
                result.verdict.value,
            )
        )
    shown = [one for one, _ in numbered]
    topic = topic_of(one.claim.topic for one in shown)
    alt = sentence(
        "Dots and whiskers, one row for each claim. {rows}.",
        rows=joined((_claim_words(one) for one in shown), last="; "),
    )
    chart_id = f"claims-chart-{topic}"
    every = references(*(one.inputs for one in shown))
    svg = draw_rows(chart_id, rows, symmetric_scale(rows, float(_WHOLE), "claimed number"), alt)
    return Chart(
        id=chart_id,
        title=_title(shown, every),
        subtitle=sentence(
            "What the stated figures give (dots and lines) against what the words of each claim "
            "may mean (bands), relative to the number claimed."
        ),
        svg=svg,
        alt_text=alt,
        data=TableView(f"{chart_id}-data", "Claims with a number", _CLAIM_COLUMNS, tuple(cells)),
    )


_CLAIM_COLUMNS = (
    Column("claim", "The release says"),
    Column("stated", "What that may mean"),
    Column("recomputed", "What the figures give"),
    Column("stated_low", "Band: from", "percent of the number", numeric=True),
    Column("stated_high", "Band: to", "percent of the number", numeric=True),
    Column("recomputed_low", "Line: from", "percent of the number", numeric=True),
    Column("recomputed_high", "Line: to", "percent of the number", numeric=True),
    Column("verdict", "Verdict"),
)


def _title(shown: Sequence[ClaimResult], every: tuple[str, ...]) -> Sentence:
    if len(shown) == 1:
        return sentence(
            "{claim}: {verdict}", claim=claim_label(shown[0]), verdict=shown[0].verdict.value
        )
    return sentence(
        "Of {count} claims with a number, {tally}",
        count=counted(len(shown), every, "count of the claims with a number"),
        tally=tally(shown),
    )


def _claim_words(result: ClaimResult) -> Sentence:
    value = recomputed_value(result)
    if value is None:
        return sentence("{claim}: {verdict}", claim=claim_label(result), verdict=result.verdict)
    return sentence(
        "{claim}: the figures give {value}, {verdict}",
        claim=claim_label(result),
        value=value,
        verdict=result.verdict.value,
    )
