"""What stands in the way of a comparison, by the kind of claim that makes it.

A part and its whole never cover the same thing, so that is no warning beside
a share; figures of several periods are what an extreme is about.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

import pandas as pd

from statedfigures.analysis.assumptions import Row
from statedfigures.analysis.intervals import Interval, point
from statedfigures.analysis.qualifiers import interval_of, wording
from statedfigures.errors import ParameterError
from statedfigures.release.periods import SEASONS, WHOLE_YEARS, Period, figure_period, read_period

# What lies in the nature of a comparison and is no warning beside it.
NATURAL: Mapping[str, frozenset[str]] = {
    "share": frozenset({"population_differs", "definition_unknown", "units_differ"}),
    "cause": frozenset({"population_differs", "definition_unknown"}),
    "extreme": frozenset({"seasons_differ", "several_years_against_one"}),
}
ONE_DAY = timedelta(days=1)
EXPECTATIONS = frozenset({"may_exceed", "expected", "projected"})
_PERIOD_CODES: Mapping[frozenset[str], str] = {
    **{frozenset({"part_year", year}): "part_year_against_whole_year" for year in WHOLE_YEARS},
    frozenset({"rolling_12_months", "financial_year"}): "rolling_year_against_financial_year",
    frozenset({"rolling_12_months", "calendar_year"}): "rolling_year_against_calendar_year",
    frozenset({"calendar_year", "financial_year"}): "calendar_year_against_financial_year",
}


def find_period(row: Row) -> Period | None:
    """Return the period of a stated or published figure, None where the release gives none."""
    return read_period(row["period"]) if "period" in row else figure_period(row)


def period_of(row: Row) -> Period:
    """Return the period of a stated or published figure, or say that it has none."""
    period = find_period(row)
    if period is None:
        raise ParameterError(f"figures.csv: {row.name} has no period; give its first and last day")
    return period


def in_order(published: pd.DataFrame) -> list[Row]:
    """Return the rows of published figures in the order of their periods."""
    rows = [row for _, row in published.iterrows()]
    return sorted(rows, key=lambda row: (period_of(row).start, str(row.name)))


def plain_kind(period: Period | None) -> str:
    """Return the kind of a period, an expectation being for the year that it names."""
    kind = "" if period is None else period.kind
    return {"expectation": "calendar_year", "year_to_date": "part_year"}.get(kind, kind)


def is_same_period(left: Row, right: Row) -> bool:
    """Whether two figures are for the same days, or a state on a day of the other's period."""
    first, second = find_period(left), find_period(right)
    if first is None or second is None or "point" in {first.kind, second.kind}:
        return meets(first, second)
    return first.start == second.start and (
        first.end == second.end or plain_kind(first) == plain_kind(second)
    )


def starts_within(period: Period | None, other: Period) -> bool:
    """Whether another period starts within this one; without a period, always."""
    return period is None or period.start <= other.start <= period.end


def meets(first: Period | None, second: Period | None) -> bool:
    """Whether two periods share a day."""
    if first is None or second is None:
        return False
    return second.start <= first.end and first.start <= second.end


def published_totals(
    rows: Sequence[Row], register: pd.DataFrame
) -> Iterator[tuple[tuple[Row, ...], Interval]]:
    """Yield each published period's rows with their total: parts added up, a whole as it is.

    Where a period lacks a part that another one has, the sum is a lower bound.
    """
    all_parts = {row["series"] for row in rows if row["part"] == "part"}
    for period in dict.fromkeys(row["period"] for row in rows):
        here = [row for row in rows if row["period"] == period]
        yield from (((row,), interval_of(row, register)) for row in here if row["part"] != "part")
        if parts := tuple(row for row in here if row["part"] == "part"):
            total = sum((interval_of(row, register) for row in parts), point(0))
            if {row["series"] for row in parts} != all_parts:
                total = Interval(total.low, math.inf, total.low_open, True)
            yield parts, total


def comparability_warnings(from_row: Row, to_row: Row, kind: str = "") -> tuple[str, ...]:
    """Return in what two figures differ besides their values, as far as a claim minds.

    Parameters
    ----------
    from_row, to_row
        The figure compared with, and the figure compared. Either may be
        published elsewhere; its definition is then not held against the
        stated figure's population, because each publisher words its own.
    kind
        Kind of the claim; empty for all differences.

    Returns
    -------
    tuple of str
        Keys of the section ``warnings`` of ``wording.toml``, in its order.
    """
    found = set(_differences(from_row, to_row)) - NATURAL.get(kind, frozenset())
    return tuple(code for code in wording("warnings") if code in found)


def warning_text(codes: Iterable[str]) -> str:
    """Return warnings in words, each once, with a semicolon between two."""
    return "; ".join(dict.fromkeys(wording("warnings")[code] for code in codes))


def _differences(before: Row, after: Row) -> Iterator[str]:
    left, right = find_period(before), find_period(after)
    kinds = {plain_kind(left), plain_kind(right)}
    if len(kinds) > 1:
        other = "several_years_against_one" if "since" in kinds else "periods_differ"
        yield _PERIOD_CODES.get(frozenset(kinds), other)
    elif left and right and kinds <= SEASONS and left.start.month != right.start.month:
        yield "seasons_differ"
    if before["unit"] != after["unit"]:
        yield "units_differ"
    if before["geography"] != after["geography"]:
        yield "geography_differs"
    covered = (before.get("population"), after.get("population"))
    if None not in covered and covered[0] != covered[1]:
        yield "population_differs" if all(covered) else "definition_unknown"
    if _is_expectation(before, left) != _is_expectation(after, right):
        yield "expectation_against_count"


def _is_expectation(row: Row, period: Period | None) -> bool:
    return row["qualifier"] in EXPECTATIONS or (period is not None and period.kind == "expectation")
