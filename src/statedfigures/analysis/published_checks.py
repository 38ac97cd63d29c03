"""The release held against figures that were published elsewhere, and like against like."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from statedfigures.analysis import intervals, qualifiers
from statedfigures.analysis.assumptions import applying, row_of
from statedfigures.analysis.intervals import Interval, ends, point, spans
from statedfigures.analysis.qualifiers import SHARE_UNITS, interval_of, row_inputs, wording
from statedfigures.release import periods
from statedfigures.release.numerals import exact_fraction
from statedfigures.release.periods import PARTS_OF_A_YEAR, SEASONS, WHOLE_YEARS, Period, period_of
from statedfigures.release.rules import adds_up, covers_a_part
from statedfigures.release.schema import Release, Row, cells_of

# What lies in the nature of a comparison and is no warning beside it.
NATURAL: Mapping[str, set[str]] = {
    "share": {"population_differs", "definition_unknown", "units_differ"},
    "cause": {"population_differs", "definition_unknown"},
    "extreme": {"seasons_differ", "several_years_against_one"},
}
EXPECTATIONS = frozenset({"may_exceed", "expected", "projected"})
_PERIOD_CODES: Mapping[frozenset[str], str] = {
    **{frozenset({"part_year", year}): "part_year_against_whole_year" for year in WHOLE_YEARS},
    frozenset({"rolling_12_months", "financial_year"}): "rolling_year_against_financial_year",
    frozenset({"rolling_12_months", "calendar_year"}): "rolling_year_against_calendar_year",
    frozenset({"calendar_year", "financial_year"}): "calendar_year_against_financial_year",
}
# Warnings that say that a stated and a published figure are not on one basis.
_OTHER_BASIS = {
    "units_differ",
    "geography_differs",
    "calendar_year_against_financial_year",
    "rolling_year_against_financial_year",
}
_OTHER_PERIOD = {"part_year_against_whole_year", "periods_differ"}
_PAIRS = (
    "figure published stated_low stated_high published_low published_high difference_percent "
    "agrees conflict_kind reason unit inputs"
)
_DENOMINATORS = (
    "claim figure published implied_low implied_high implied_low_rounding implied_high_rounding "
    "published_low published_high implied_part_low implied_part_high agrees unit inputs"
)
_RESTATED = (
    "claim days_counted whole_year_low whole_year_high change_low change_high stated_low "
    "stated_high agrees unit inputs"
)


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


def comparability_warnings(pairs: Iterable[tuple[Row, Row]], kind: str = "") -> dict[str, str]:
    """Return in what pairs of figures differ besides their values, as far as a claim minds.

    Parameters
    ----------
    pairs
        The figure compared with, and the figure compared. Either may be
        published elsewhere; its definition is then not held against the
        stated figure's population, because each publisher words its own.
    kind
        Kind of the claim; empty for all differences.

    Returns
    -------
    dict
        Keys of the section ``warnings`` of ``wording.toml`` with its words, in
        its order.
    """
    found = {code for pair in pairs for code in _differences(*pair)} - NATURAL.get(kind, set())
    return {code: words for code, words in wording("warnings").items() if code in found}


def care_text(warnings: Mapping[str, str]) -> str:
    """Return the sentence that tells warnings beside a comparison; empty where there are none."""
    return f"Read with care: {'; '.join(warnings.values())}." if warnings else ""


def _differences(before: Row, after: Row) -> Iterator[str]:
    left, right = periods.period_pair(before, after)
    kinds = {periods.plain_kind(left), periods.plain_kind(right)}
    same_days = left and right and (left.start, left.end) == (right.start, right.end)
    if len(kinds) > 1 and not same_days:
        other = "several_years_against_one" if "since" in kinds else "periods_differ"
        yield _PERIOD_CODES.get(frozenset(kinds), other)
    elif left and right and kinds <= SEASONS and periods.season_problem(left, right):
        yield "seasons_differ"
    units = {before["unit"], after["unit"]}
    if len(units) > 1 and not units <= {"percent", "fraction"}:
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


def check_published(release: Release) -> pd.DataFrame:
    """Return stated figures beside what was published elsewhere for the same thing.

    Parameters
    ----------
    release
        A published row takes part where its ``compares_with`` names the
        figure and its period falls into the figure's.

    Returns
    -------
    DataFrame
        A row for each figure and period, parts of a whole added up within
        the period: figure, published (ids), both intervals in ``unit``,
        ``difference_percent`` of the published number from the stated one (NaN
        from nought, and from a bound or a range that it agrees with),
        ``agrees``, ``conflict_kind`` (empty, size, basis or digits), reason,
        inputs.

    Notes
    -----
    A total to date, which no share and no duration is, agrees with a whole
    year when it need not lie above it; a bound for every year when the year's
    total can lie within it; any other pair when the two intervals overlap. A
    conflict is a slip of digits where two neighbouring digits are swapped; one
    of basis where the published figure is added up from parts, covers another
    area or counts another thing, or is a share of another period; else one of
    size.
    """
    register, rows = release.assumptions, []
    candidates = periods.in_order(release.published[release.published["compares_with"] != ""])
    for figure in cells_of(release.figures):
        named = [row for row in candidates if figure.name in row["compares_with"].split()]
        within = [row for row in named if _covers(figure, row, release.about.published)]
        totals = published_totals(within, register)
        rows += [_checked_pair(figure, *total, register) for total in totals]
    return pd.DataFrame(rows, columns=_PAIRS.split())


def digits_swapped(first: float, second: float) -> bool:
    """Whether swapping two neighbouring digits turns one whole number into another.

    Examples
    --------
    >>> digits_swapped(51168, 51186), digits_swapped(51168, 51618), digits_swapped(11, 11)
    (True, True, False)
    """
    left, right = (f"{abs(value):.0f}" for value in (first, second))
    swaps = {left[:n] + left[n : n + 2][::-1] + left[n + 2 :] for n in range(len(left) - 1)}
    return right in swaps - {left} and not (first % 1 or second % 1)


def implied_denominators(release: Release) -> pd.DataFrame:
    """Return the whole that each stated share implies, beside published ones.

    Parameters
    ----------
    release
        A share takes part where the release gives its part but not its whole,
        and it names a published series, of which the first is the whole.

    Returns
    -------
    DataFrame
        A row for each such share and published row: the implied whole with
        the qualifiers and with rounding alone, the published whole, the part
        that the share of it would be, and whether implied and published whole
        overlap; inputs.

    Notes
    -----
    Implied whole = part / share; implied part = share × published whole.
    """
    register, rows = release.assumptions, []
    for claim in cells_of(release.claims.query("kind == 'share' and from_figure == ''")):
        part = row_of(release, f"figure:{claim['to_figure']}")
        share = qualifiers.claimed_interval(claim, register)
        if part["unit"] in SHARE_UNITS or share is None:
            continue
        implied, by_rounding = qualifiers.implied_bases(claim, part, register)
        bases = ends(by_rounding, "implied_low_rounding", "implied_high_rounding")
        series = claim["published_series"].split()[:1]
        for row in periods.in_order(release.published[release.published["series"].isin(series)]):
            whole = interval_of(row, register)
            agrees = implied is not None and implied.overlaps(whole)
            names = {"claim": claim.name, "figure": part.name, "published": row.name}
            inputs = row_inputs(register, claim, part, row)
            about = {"agrees": agrees, "unit": part["unit"], "inputs": inputs}
            of_it = share * whole * intervals.HUNDREDTH
            wholes = spans(implied=implied, published=whole, implied_part=of_it)
            rows.append(names | wholes | bases | about)
    return pd.DataFrame(rows, columns=_DENOMINATORS.split())


def restate_like_for_like(release: Release) -> pd.DataFrame:
    """Return every change from a whole year to part of one, restated for two whole years.

    Parameters
    ----------
    release
        A claim of kind percent_change takes part where its later figure covers
        part of a year and its earlier one a whole year.

    Returns
    -------
    DataFrame
        A row a claim, indexed by its id: the days counted, the ranges of the
        whole year and of the change in percent, what the claim states, and
        whether the two ranges of the change overlap; inputs.

    Notes
    -----
    Whole year = to date × (1 + (1 − e)/e × r): e is the counted share of the
    days of the year, r the rate in the rest of the year over that so far, over
    the range of its assumption.
    """
    register, rows = release.assumptions, []
    have_both = "kind == 'percent_change' and from_figure != '' and to_figure != ''"
    for claim in cells_of(release.claims.query(have_both)):
        sides = (f"figure:{claim[side]}" for side in ("from_figure", "to_figure"))
        before, after = (row_of(release, figure) for figure in sides)
        if before["period_kind"] not in WHOLE_YEARS or not covers_a_part(after):
            continue
        base, stated = interval_of(before, register), qualifiers.claimed_interval(claim, register)
        whole, assumed = whole_year_range(after, release)
        if stated is None or not base.is_above_zero:
            continue
        change = intervals.percent_change(base, whole)
        inputs = f"{row_inputs(register, claim, before, after)} {assumed}".strip()
        row = {"claim": claim.name, "days_counted": period_of(after).days, "unit": after["unit"]}
        row |= {"agrees": change.overlaps(stated), "inputs": inputs}
        rows.append(row | spans(whole_year=whole, change=change, stated=stated))
    return pd.DataFrame(rows, columns=_RESTATED.split()).set_index("claim")


def whole_year_range(figure: Row, release: Release) -> tuple[Interval, str]:
    """Return the whole year that a count to date may grow into, and what is assumed for it.

    The days are those of the figure's own period, unless the register has a
    cut-off for it; so is the rate of the rest of the year as that so far.
    """
    period = period_of(figure)
    counted, cutoff_input = _assumed("cutoff", period.days, figure, release)
    rest, rest_input = _assumed("rest_of_year", 1, figure, release)
    factor = (point(period.whole.days) / counted - 1) * rest + 1
    whole = interval_of(figure, release.assumptions) * factor
    return whole, f"{cutoff_input} {rest_input}".strip()


def _covers(figure: Row, row: Row, day: date) -> bool:
    """Whether a published figure falls into the period of a stated one."""
    own, period = periods.figure_period(figure), period_of(row)
    if own is None or periods.is_same_period(figure, row):
        return True
    if own.kind == "since":
        return own.start.year <= period.start.year <= day.year
    is_other_kind = periods.plain_kind(own) != periods.plain_kind(period)
    return is_other_kind and periods.starts_within(own, period)


def _checked_pair(
    figure: Row, rows: Sequence[Row], total: Interval, register: pd.DataFrame
) -> dict[str, Any]:
    # A fraction beside a percentage is in the unit of the figure.
    are_shares = {figure["unit"], rows[0]["unit"]} == {"percent", "fraction"}
    to_figure = intervals.HUNDREDTH if figure["unit"] == "fraction" else 1 / intervals.HUNDREDTH
    scale = to_figure if are_shares else exact_fraction(1)
    stated, total = interval_of(figure, register), total * scale
    agrees, reason = _agreement(figure, stated, rows[0], total)
    # A statement about every year is held against one of them, which it covers.
    of_claim = "extreme" if figure["period_kind"] == "since" else ""
    warnings = comparability_warnings([(figure, row) for row in rows], of_claim)
    published, value = sum(row["value"] for row in rows) * float(scale), figure["value"]
    if is_range := qualifiers.is_range(figure):
        value = min(max(published, value), figure["value_to"])
    # A number within a bound or a range is as near to it as any other.
    is_bound = is_range or qualifiers.QUALIFIERS[figure["qualifier"]].is_bound
    has_none = value <= 0 or (agrees and is_bound)
    other_basis = _OTHER_BASIS | (set() if adds_up(figure["unit"]) else _OTHER_PERIOD)
    conflicts = {
        "": agrees,
        "basis": len(rows) > 1 or not other_basis.isdisjoint(warnings),
        # Nobody states 8 minutes 3 seconds by the digits of 483.
        "digits": figure["unit"] != "seconds" and digits_swapped(value, published),
        "size": True,
    }
    return {
        "figure": figure.name,
        "published": " ".join(str(row.name) for row in rows),
        **spans(stated=stated, published=total),
        "difference_percent": math.nan if has_none else (published / value - 1) * 100,
        "agrees": agrees,
        "conflict_kind": next(kind for kind, applies in conflicts.items() if applies),
        "reason": f"{wording('pairs')[reason]} {care_text(warnings)}".strip(),
        "unit": figure["unit"],
        "inputs": row_inputs(register, figure, *rows),
    }


def _agreement(figure: Row, stated: Interval, row: Row, total: Interval) -> tuple[bool, str]:
    """Return whether the two agree and which reason says why."""
    own, kind = str(figure["period_kind"]), period_of(row).kind
    if covers_a_part(figure) and kind in WHOLE_YEARS:
        exceeds, which = total.lies_below(stated), "to_date"
    elif own in WHOLE_YEARS and kind in PARTS_OF_A_YEAR | SEASONS and adds_up(figure["unit"]):
        exceeds, which = stated.lies_below(total), "part"
    elif stated.overlaps(total):
        return True, "within"
    else:
        several = "every_year_" if own == "since" else ""
        return False, several + ("below" if total.lies_below(stated) else "above")
    return not exceeds, f"{which}_{'exceeds' if exceeds else 'fits'}"


def _assumed(symbol: str, otherwise: int, figure: Row, release: Release) -> tuple[Interval, str]:
    """Return the range of a symbol for a figure or a series that uses it, and its reference."""
    series = release.series["figures"]
    uses = [str(name) for name, ids in series.items() if figure.name in ids.split()]
    row = applying(release.assumptions, symbol, str(figure.name), *uses)
    if row is None:
        return point(otherwise), ""
    low, high = (exact_fraction(row[end]) for end in ("low", "high"))
    return intervals.interval(low, high), f"assumption:{row.name}"
