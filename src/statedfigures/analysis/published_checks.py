"""The release held against figures that were published elsewhere, and like against like."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from statedfigures.analysis import intervals, qualifiers
from statedfigures.analysis.assumptions import Row, applying
from statedfigures.analysis.intervals import Interval, ends, point
from statedfigures.analysis.qualifiers import SHARE_UNITS, interval_of, row_inputs, wording
from statedfigures.release import periods
from statedfigures.release.numerals import exact_fraction
from statedfigures.release.periods import PARTS_OF_A_YEAR, WHOLE_YEARS, Period, period_of
from statedfigures.release.schema import Release

# What lies in the nature of a comparison and is no warning beside it.
NATURAL: Mapping[str, frozenset[str]] = {
    "share": frozenset({"population_differs", "definition_unknown", "units_differ"}),
    "cause": frozenset({"population_differs", "definition_unknown"}),
    "extreme": frozenset({"seasons_differ", "several_years_against_one"}),
}
EXPECTATIONS = frozenset({"may_exceed", "expected", "projected"})
_PERIOD_CODES: Mapping[frozenset[str], str] = {
    **{frozenset({"part_year", year}): "part_year_against_whole_year" for year in WHOLE_YEARS},
    frozenset({"rolling_12_months", "financial_year"}): "rolling_year_against_financial_year",
    frozenset({"rolling_12_months", "calendar_year"}): "rolling_year_against_calendar_year",
    frozenset({"calendar_year", "financial_year"}): "calendar_year_against_financial_year",
}
# Warnings that say that a stated and a published figure are not on one basis.
_OTHER_BASIS = frozenset(
    {"units_differ", "geography_differs"}
    | {"calendar_year_against_financial_year", "rolling_year_against_financial_year"}
)
_PAIRS = (
    "figure published stated_low stated_high published_low published_high difference_percent "
    "agrees conflict_kind counted reason unit inputs"
)
_DENOMINATORS = (
    "claim figure published implied implied_low implied_high implied_low_rounding "
    "implied_high_rounding published_low published_high agrees unit inputs"
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


def warning_text(pairs: Iterable[tuple[Row, Row]], kind: str = "") -> str:
    """Return the warnings of pairs of figures in words, each once, a semicolon between two."""
    codes = [code for pair in pairs for code in comparability_warnings(*pair, kind)]
    return "; ".join(dict.fromkeys(wording("warnings")[code] for code in codes))


def care_text(pairs: Iterable[tuple[Row, Row]], kind: str = "") -> str:
    """Return the sentence that tells warnings beside a comparison; empty where there are none."""
    warnings = warning_text(pairs, kind)
    return f"Read with care: {warnings}." if warnings else ""


def _differences(before: Row, after: Row) -> Iterator[str]:
    left, right = periods.figure_period(before), periods.figure_period(after)
    kinds = {periods.plain_kind(left), periods.plain_kind(right)}
    if len(kinds) > 1 and not (left and right and periods.is_same_year(before, after)):
        other = "several_years_against_one" if "since" in kinds else "periods_differ"
        yield _PERIOD_CODES.get(frozenset(kinds), other)
    elif left and right and kinds <= periods.SEASONS and periods.season_problem(left, right):
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
        from nought, and from a bound that it agrees with),
        ``agrees``, ``conflict_kind`` (empty, size, basis or digits),
        ``counted`` (the first row of each conflict), reason, inputs.

    Notes
    -----
    A total to date agrees with a whole year when it need not lie above it; a
    bound for every year when the year's total can lie within it; any other
    pair when the two intervals overlap. A conflict is a slip of digits where
    two neighbouring digits are swapped; one of basis where the published
    figure is added up from parts, covers another area or counts another thing;
    else one of size. One basis is counted once, however many years it covers.
    """
    rows: list[dict[str, Any]] = []
    seen = set()
    candidates = periods.in_order(release.published[release.published["compares_with"] != ""])
    for _, figure in release.figures.iterrows():
        named = [
            row
            for row in candidates
            if figure.name in row["compares_with"].split()
            and _covers(figure, row, release.about.published)
        ]
        for published, total in published_totals(named, release.assumptions):
            pair = _checked_pair(figure, published, total, release.assumptions)
            conflict = (figure.name, *(row["series"] for row in published))
            pair["counted"] = bool(pair["conflict_kind"]) and conflict not in seen
            seen |= {conflict} if pair["counted"] else set()
            rows.append(pair)
    return pd.DataFrame(rows, columns=_PAIRS.split())


def digits_swapped(first: float, second: float) -> bool:
    """Whether swapping two neighbouring digits turns one whole number into another.

    Examples
    --------
    >>> digits_swapped(51168, 51186), digits_swapped(51168, 51618), digits_swapped(11, 11)
    (True, True, False)
    """
    left, right = (f"{abs(value):.0f}" for value in (first, second))
    differing = [n for n, pair in enumerate(zip(left, right, strict=False)) if len({*pair}) > 1]
    is_a_swap = sorted(left) == sorted(right) and len(differing) == 2
    return is_a_swap and differing[1] - differing[0] == 1 and not (first % 1 or second % 1)


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
        the qualifiers and with rounding alone, the published whole, and whether
        implied and published whole overlap; inputs.

    Notes
    -----
    Implied whole = part / share.
    """
    register, rows = release.assumptions, []
    for _, claim in release.claims.query("kind == 'share' and from_figure == ''").iterrows():
        part = release.figures.loc[claim["to_figure"]]
        stated = qualifiers.claimed_interval(claim, register, rounding_only=True)
        if part["unit"] in SHARE_UNITS or stated is None:
            continue
        implied, by_rounding = qualifiers.implied_bases(claim, part, register)
        series = claim["published_series"].split()[:1]
        for row in periods.in_order(release.published[release.published["series"].isin(series)]):
            whole = interval_of(row, register)
            rows.append(
                {
                    "claim": claim.name,
                    "figure": part.name,
                    "published": row.name,
                    "implied": part["value"] / sum(ends(stated).values()) * 200,
                    **ends(implied, "implied_low", "implied_high"),
                    **ends(by_rounding, "implied_low_rounding", "implied_high_rounding"),
                    **ends(whole, "published_low", "published_high"),
                    "agrees": implied is not None and implied.overlaps(whole),
                    "unit": part["unit"],
                    "inputs": row_inputs(register, claim, part, row),
                }
            )
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
    changes = release.claims.query(
        "kind == 'percent_change' and from_figure != '' and to_figure != ''"
    )
    for name, claim in changes.iterrows():
        before, after = (release.figures.loc[claim[side]] for side in ("from_figure", "to_figure"))
        base, stated = interval_of(before, register), qualifiers.claimed_interval(claim, register)
        is_part = after["period_kind"] in PARTS_OF_A_YEAR and before["period_kind"] in WHOLE_YEARS
        if stated is None or not is_part or not base.is_above_zero:
            continue
        whole, assumed = whole_year_range(after, release)
        change = intervals.percent_change(base, whole)
        rows.append(
            {
                "claim": name,
                "days_counted": period_of(after).days,
                **ends(whole, "whole_year_low", "whole_year_high"),
                **ends(change, "change_low", "change_high"),
                **ends(stated, "stated_low", "stated_high"),
                "agrees": change.overlaps(stated),
                "unit": after["unit"],
                "inputs": f"{row_inputs(register, claim, before, after)} {assumed}".strip(),
            }
        )
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
    stated = interval_of(figure, register)
    agrees, reason = _agreement(figure, stated, rows[0], total)
    # A statement about every year is held against one of them, which it covers.
    of_claim = "extreme" if figure["period_kind"] == "since" else ""
    pairs = [(figure, row) for row in rows]
    codes = {code for pair in pairs for code in comparability_warnings(*pair, of_claim)}
    published, value = sum(row["value"] for row in rows), figure["value"]
    # A number within a bound is as near to it as any other.
    has_none = value <= 0 or (agrees and qualifiers.QUALIFIERS[figure["qualifier"]].is_bound)
    is_other_basis = len(rows) > 1 or _OTHER_BASIS & codes
    kind = "digits" if digits_swapped(value, published) else "size"
    return {
        "figure": figure.name,
        "published": " ".join(str(row.name) for row in rows),
        **ends(stated, "stated_low", "stated_high"),
        **ends(total, "published_low", "published_high"),
        "difference_percent": math.nan if has_none else (published / value - 1) * 100,
        "agrees": agrees,
        "conflict_kind": "" if agrees else "basis" if is_other_basis else kind,
        "reason": f"{wording('pairs')[reason]} {care_text(pairs, of_claim)}".strip(),
        "unit": figure["unit"],
        "inputs": row_inputs(register, figure, *rows),
    }


def _agreement(figure: Row, stated: Interval, row: Row, total: Interval) -> tuple[bool, str]:
    """Return whether the two agree and which reason says why."""
    own, kind = str(figure["period_kind"]), period_of(row).kind
    if own in PARTS_OF_A_YEAR and kind in WHOLE_YEARS:
        exceeds, which = total.lies_below(stated), "to_date"
    elif kind in PARTS_OF_A_YEAR | periods.SEASONS and own in WHOLE_YEARS:
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
