"""Whether figures bear out the comparisons that the release makes.

Each claim gets two verdicts: from the release alone, and with figures that
were published elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from statedfigures.analysis.assumptions import Row, required
from statedfigures.analysis.comparability import (
    comparability_warnings,
    covers,
    ends_before,
    find_period,
    in_order,
    latest_row,
    meets,
    period_of,
    published_totals,
    row_of_period,
    since_of,
    starts_within,
    warning_text,
    years_on,
)
from statedfigures.analysis.intervals import (
    ZERO,
    Interval,
    ends,
    exact_fraction,
    hull,
    interval,
    percent_share,
    point,
    recompute,
)
from statedfigures.analysis.qualifiers import (
    RESULT_UNITS,
    SHARE_UNITS,
    claim_symbol,
    claimed_interval,
    figure_inputs,
    implied_bases,
    interval_of,
    join_inputs,
    qualifier_named,
    wording,
)
from statedfigures.release.periods import PARTS_OF_A_YEAR, SEASONS, Period

if TYPE_CHECKING:
    from statedfigures.release.reading import Release

SUPPORTED = "supported"
WITHIN_ROUNDING = "supported within rounding"
NOT_SUPPORTED = "not supported"
NOT_DETERMINABLE = "not determinable from the release"
VERDICTS = (SUPPORTED, WITHIN_ROUNDING, NOT_SUPPORTED, NOT_DETERMINABLE)
CONSISTENT, NOT_CONSISTENT = "consistent", "not consistent"
NOT_COMPARABLE, NO_FIGURE, NOT_TESTED = "not comparable", "no figure known", "not tested"
VERDICTS_WITH_PUBLISHED = (CONSISTENT, NOT_CONSISTENT, NOT_COMPARABLE, NO_FIGURE, NOT_TESTED)

COLUMNS = (
    "topic label kind as_stated unit low high claimed_low claimed_high verdict "
    "verdict_with_published published_low published_high implied_low implied_high "
    "implied_low_rounding implied_high_rounding points_low points_high warnings reason inputs "
    "published_inputs"
)
PERCENTAGES = {"percent", "fraction"}
MORE_THAN_HALF = interval(Fraction(50), None, low_open=True)
ONE_DAY = timedelta(days=1)
# What each direction without a number says of the later value less the earlier.
GOALS: Mapping[str, Interval] = {
    "rise": interval(ZERO, None, low_open=True),
    "fall": interval(None, ZERO, high_open=True),
    "no_change": point(0),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the keys of its reasons, the values it rests on and their sources."""

    verdict: str
    reasons: tuple[str, ...]
    amount: Interval | None = None
    claimed: Interval | None = None
    inputs: str = ""


def verdict_on(recomputed: Interval, claimed: Interval, *, rounding_only: bool) -> str:
    """Return the verdict that two intervals lead to.

    Parameters
    ----------
    recomputed
        What the comparison amounts to, over all values of both figures.
    claimed
        What the claim's own words may mean, in the same unit.
    rounding_only
        Whether both figures are uncertain by rounding alone, so that an
        overlap is explained by it.

    Examples
    --------
    >>> verdict_on(point(3), interval(Fraction(2), None), rounding_only=True)
    'supported'
    """
    if recomputed.is_within(claimed):
        return SUPPORTED
    if not recomputed.overlaps(claimed):
        return NOT_SUPPORTED
    return WITHIN_ROUNDING if rounding_only else NOT_DETERMINABLE


def check_claims(release: Release) -> pd.DataFrame:
    """Return every claim of a release, recomputed, with its two verdicts.

    Parameters
    ----------
    release
        The release, see `read_release`.

    Returns
    -------
    DataFrame
        A row a claim, indexed by its id, in the order of the table. ``low``
        and ``high`` are the recomputed comparison, ``claimed_low`` and
        ``claimed_high`` what its words say, both in ``unit``, NaN without an
        end; ``implied_…`` the base that a claim without its base implies, with
        the qualifiers and with rounding alone; ``points_…`` the difference of
        two percentages. ``verdict`` is from the release alone,
        ``verdict_with_published`` with the rows in ``published_inputs``.

    Raises
    ------
    AssumptionError
        If no assumption sets the width of a qualifier.
    ParameterError
        If a kind, qualifier or unit cannot be read.

    Notes
    -----
    Interval arithmetic over both figures, then inclusion in and overlap with
    what the claim says.
    """
    rows = [_checked(claim, release) for _, claim in release.claims.iterrows()]
    return pd.DataFrame(rows, columns=COLUMNS.split(), index=release.claims.index)


def _checked(claim: Row, release: Release) -> dict[str, Any]:
    register, kind = release.assumptions, claim["kind"]
    befores = [release.row(f"figure:{name}") for name in claim["from_figure"].split()]
    after = release.row(f"figure:{claim['to_figure']}") if claim["to_figure"] else None
    before = befores[0] if befores else None
    judged = _judge(claim, befores, after, register)
    published = _judge_with_published(claim, before, after, release)
    stated = [*befores, after] if after is not None else befores
    inputs = [f"claim:{claim.name}", *(figure_inputs(figure, register) for figure in stated)]
    if symbol := claim_symbol(claim):
        inputs.append(f"assumption:{required(register, symbol, str(claim.name)).name}")
    points, implied, by_rounding = None, None, None
    if before is not None and after is not None and _are_percentages(before, after):
        points = _values(after, register) - _values(before, register)
    is_share_of_share = kind == "share" and after is not None and after["unit"] in SHARE_UNITS
    if before is None and after is not None and not is_share_of_share:
        implied, by_rounding = implied_bases(claim, after, register)
    reasons = [wording("verdicts")[reason] for reason in judged.reasons]
    if implied is not None and kind != "share":
        reasons.append(wording("verdicts")["implied"])
    reasons += [wording("published").get(reason, reason) for reason in published.reasons]
    warned = [] if after is None else [comparability_warnings(b, after, kind) for b in befores]
    return {
        **claim[["topic", "label", "kind", "as_stated"]],
        "unit": _unit(claim, before, after, register),
        "verdict": judged.verdict,
        "verdict_with_published": published.verdict,
        **ends(judged.amount),
        **ends(judged.claimed, "claimed_low", "claimed_high"),
        **ends(published.amount, "published_low", "published_high"),
        **ends(implied, "implied_low", "implied_high"),
        **ends(by_rounding, "implied_low_rounding", "implied_high_rounding"),
        **ends(points, "points_low", "points_high"),
        "warnings": warning_text(code for codes in warned for code in codes),
        "reason": " ".join(reason for reason in reasons if reason),
        "inputs": join_inputs(*inputs, judged.inputs),
        "published_inputs": published.inputs,
    }


def _values(row: Row, register: pd.DataFrame) -> Interval:
    """Return all values of a figure, a fraction in percent."""
    values = interval_of(row, register)
    return values * 100 if row["unit"] == "fraction" else values


def _are_percentages(before: Row, after: Row) -> bool:
    return {before["unit"], after["unit"]} <= PERCENTAGES


def _unit(claim: Row, before: Row | None, after: Row | None, register: pd.DataFrame) -> str:
    kind, figure = claim["kind"], before if after is None else after
    own = str(claim["stated_unit"] if figure is None else figure["unit"])
    if own in PERCENTAGES and kind in {"direction", "difference"}:
        return "percentage_points"
    if kind == "direction":
        has_ratio = before is None or interval_of(before, register).is_above_zero
        return "percent" if has_ratio else own
    return RESULT_UNITS.get(kind, own)


def _judge(
    claim: Row, befores: Sequence[Row], after: Row | None, register: pd.DataFrame
) -> Judgement:
    """Return the verdict from the release alone."""
    if claim["kind"] == "cause":
        return Judgement(NOT_DETERMINABLE, ("cause",))
    if claim["kind"] == "extreme":
        return _judge_extreme(claim, befores, after, register)
    if befores and after is not None:
        return _judge_pair(claim, befores[0], after, register)
    claimed = claimed_interval(claim, register)
    return Judgement(NOT_DETERMINABLE, (_missing(claim, bool(befores), after),), None, claimed)


def _missing(claim: Row, has_base: bool, after: Row | None) -> str:
    """Return the reason why a claim without both figures cannot be judged."""
    if after is not None and after["period_kind"] == "since":
        return "no_years"
    if claim["kind"] == "share" and not has_base:
        return "no_counts" if after is None or after["unit"] in SHARE_UNITS else "no_whole"
    if has_base:
        return "no_result"
    return "no_figures" if after is None else "no_base"


def _is_rounding(*figures: Row) -> bool:
    """Whether figures are uncertain by rounding alone."""
    return all(
        qualifier_named(figure["qualifier"]).is_rounding and pd.isna(figure.get("value_to"))
        for figure in figures
    )


def _judge_pair(claim: Row, before: Row, after: Row, register: pd.DataFrame) -> Judgement:
    """Return the verdict on a claim with both of its figures, stated or published."""
    percentages, rounding_only = _are_percentages(before, after), _is_rounding(before, after)
    claimed, kind = claimed_interval(claim, register), claim["kind"]
    if kind == "direction" or claimed is None:
        return _judge_direction(claim, before, after, register)
    sides = _values(before, register), _values(after, register)
    values = recompute(kind, *sides, percentages=percentages)
    if values is None:
        return Judgement(NOT_DETERMINABLE, ("zero_base",), None, claimed)
    verdict = verdict_on(values, claimed, rounding_only=rounding_only)
    reasons = [_reason(verdict, values, claimed)]
    if percentages and kind == "percent_change":
        reasons.insert(0, "points_first")
    readings = (claimed_interval(claim, register, end) for end in ("low", "central", "high"))
    found = {verdict_on(values, each, rounding_only=False) for each in readings if each}
    if claim_symbol(claim) and len(found) > 1:
        reasons.append("loose")
    return Judgement(verdict, tuple(reasons), values, claimed)


def _reason(verdict: str, values: Interval, claimed: Interval) -> str:
    if verdict == NOT_SUPPORTED:
        return "below" if values.lies_below(claimed) else "above"
    return {SUPPORTED: "inside", WITHIN_ROUNDING: "rounding"}.get(verdict, "open")


def _judge_direction(claim: Row, before: Row, after: Row, register: pd.DataFrame) -> Judgement:
    """Return the verdict on a rise, a fall or no change for which there is no number."""
    percentages, inputs = _are_percentages(before, after), ""
    sides = _values(before, register), _values(after, register)
    values = recompute(claim["kind"], *sides, percentages=percentages)
    direction, claimed = claim["direction"] or "rise", None
    change, goal = sides[1] - sides[0], GOALS[direction]
    if direction == "no_change":
        claimed = goal
        if claim["qualifier"] == "about":
            # What counts as little elsewhere does so here.
            symbol = "little_change_points" if percentages else "little_change"
            row = required(register, symbol, str(claim.name))
            width, inputs = exact_fraction(row["central"]), f"assumption:{row.name}"
            change, claimed = values or change, interval(-width, width)
        goal = claimed
    verdict = verdict_on(change, goal, rounding_only=_is_rounding(before, after))
    keys = {SUPPORTED: direction, NOT_SUPPORTED: f"not_{direction}", WITHIN_ROUNDING: "rounding"}
    reasons = (keys.get(verdict, "open"), *(() if direction == "no_change" else ("size",)))
    return Judgement(verdict, reasons, values, claimed, inputs)


def _judge_extreme(
    claim: Row, rivals: Sequence[Row], level: Row | None, register: pd.DataFrame
) -> Judgement:
    """Return the verdict on a highest or lowest level, or on a threshold."""
    claimed, since = claimed_interval(claim, register), since_of(claim)
    if level is None:
        return Judgement(NOT_DETERMINABLE, ("no_level",), None, claimed)
    values = interval_of(level, register)
    if not rivals and claimed is not None and level["period_kind"] != "since":
        verdict = verdict_on(values, claimed, rounding_only=_is_rounding(level))
        return Judgement(verdict, (_reason(verdict, values, claimed),), values, claimed)
    named = [rival for rival in rivals if not ends_before(rival, since)]
    if not named:
        no_years = level["period_kind"] == "since" and not claim["direction"]
        reason = "no_years" if no_years else "no_rivals"
        return Judgement(NOT_DETERMINABLE, (reason,), None, claimed)
    # The lowest is the highest on a scale turned upside down.
    sign = -1 if claim["direction"] == "lowest" else 1
    top, others = values * sign, [interval_of(rival, register) * sign for rival in named]
    limit = hull(*others).high
    if isinstance(limit, Fraction):
        claimed = interval(limit, None, low_open=True) * sign
    pairs = zip(named, others, strict=True)
    further = [rival for rival, other in pairs if top.high <= other.low]
    covered = covers(since, [find_period(rival) for rival in named], find_period(level))
    verdict = NOT_DETERMINABLE
    if further:
        only_at_start = all(meets(since, find_period(rival)) for rival in further)
        reason = "since_itself" if only_at_start else "not_extreme"
        verdict = NOT_DETERMINABLE if only_at_start else NOT_SUPPORTED
    elif all(other.lies_below(top) for other in others):
        reason = "extreme" if covered else "beyond_one" if len(named) == 1 else "beyond_given"
        verdict = SUPPORTED if covered else NOT_DETERMINABLE
    elif covered and _is_rounding(level, *named):
        verdict, reason = WITHIN_ROUNDING, "rounding"
    else:
        reason = "open" if isinstance(limit, Fraction) else "comparator_open"
    return Judgement(verdict, (reason,), values, claimed)


def _judge_with_published(
    claim: Row, before: Row | None, after: Row | None, release: Release
) -> Judgement:
    """Return the verdict with figures published elsewhere."""
    kind, names = claim["kind"], claim["published_series"].split()
    chosen = release.published[release.published["series"].isin(names)]
    rows = in_order(chosen)
    if not rows:
        return _second(NOT_TESTED if kind == "cause" else NO_FIGURE, rows, release)
    if kind == "cause":
        return _judge_cause(claim, before, after, rows, release)
    if kind == "extreme":
        return _judge_periods(claim, after, rows, release)
    pairs = _pairs(claim, before, after, rows, release)
    flat = [row for pair in pairs for row in pair]
    if not pairs:
        is_change = before is None and after is None and rows[0]["unit"] in SHARE_UNITS
        return _second(NOT_COMPARABLE if is_change else NO_FIGURE, rows, release)
    units = {row["unit"] for row in flat}
    if kind != "share" and len(units) > 1 and not units <= PERCENTAGES:
        return _second(NOT_COMPARABLE, flat, release)
    results = [_judge_pair(claim, *pair, release.assumptions) for pair in pairs]
    known = [result.amount for result in results if result.amount is not None]
    if not known:
        return _second(NOT_COMPARABLE, flat, release)
    values, claimed = hull(*known), results[0].claimed
    agree = [result.verdict != NOT_SUPPORTED for result in results]
    # A rise between averages of several months lies between the rises of the months.
    between = len(pairs) > 1 and claimed is not None and values.overlaps(claimed)
    verdict = CONSISTENT if any(agree) or between else NOT_CONSISTENT
    care = [code for pair in pairs for code in comparability_warnings(*pair, kind)]
    depends = verdict == CONSISTENT and not all(agree)
    reasons = ["depends" if depends else verdict.replace(" ", "_")]
    reasons += [f"Read with care: {warning_text(care)}."] if care else []
    return _second(verdict, flat, release, reasons, amount=values, claimed=claimed)


def _second(
    verdict: str, rows: Sequence[Row], release: Release, reasons: Sequence[str] = (), **values: Any
) -> Judgement:
    """Return a verdict with the rows behind it; its reason is its own unless others are given."""
    inputs = join_inputs(*(figure_inputs(row, release.assumptions) for row in rows))
    return Judgement(
        verdict, tuple(reasons) or (verdict.replace(" ", "_"),), inputs=inputs, **values
    )


def _pairs(
    claim: Row, before: Row | None, after: Row | None, rows: Sequence[Row], release: Release
) -> list[tuple[Row, Row]]:
    """Return the pairs of base and later figure that a claim can be held against.

    Two series replace both sides. One series gives the side that the release
    leaves out; where the release gives both, the rows of their periods.
    """
    day, names = release.about.published, claim["published_series"].split()
    base, later = before, after
    if len(names) > 1:
        base, later = (
            _row_for(figure, [row for row in rows if row["series"] == name], day)
            for figure, name in zip((before, after), names, strict=False)
        )
    elif before is not None and after is not None:
        found = [row_of_period(figure, rows) for figure in (before, after)]
        if found[0] is None and found[1] is None:
            return []
        base, later = (before if found[0] is None else found[0]), found[1]
        later = after if later is None else later
    elif before is not None:
        own = find_period(before)
        later = latest_row([r for r in rows if own is None or own.end < period_of(r).start], day)
    elif claim["kind"] == "share":
        own = None if after is None else find_period(after)
        base = latest_row(rows, day if own is None else own.end)
    else:
        return _changes(after, rows, day)
    return [] if base is None or later is None else [(base, later)]


def _row_for(figure: Row | None, rows: Sequence[Row], day: date) -> Row | None:
    """Return the row of the period that the release speaks of, else the latest that was out."""
    own = None if figure is None else row_of_period(figure, rows)
    return latest_row(rows, day) if own is None else own


def _changes(after: Row | None, rows: Sequence[Row], day: date) -> list[tuple[Row, Row]]:
    """Return the pairs for a change whose base the release does not give."""
    own, short = None if after is None else find_period(after), SEASONS | PARTS_OF_A_YEAR
    periods = [period_of(row) for row in rows]
    by_start = {(p.kind, p.start): row for p, row in zip(periods, rows, strict=True)}
    within = [
        (by_start[kind, years_on(start, -1)], row)
        for (kind, start), row in by_start.items()
        if kind in short and start <= day and starts_within(own, period_of(row))
        and (kind, years_on(start, -1)) in by_start
    ]  # fmt: skip
    if within and (own is None or own.kind not in short):
        return within
    if after is None:
        known = [n for n, period in enumerate(periods) if period.start <= day][-2:]
        is_pair = len({periods[n].kind for n in known}) == 1 and len(known) > 1
        return [(rows[known[0]], rows[known[1]])] if is_pair else []
    start = day if own is None else own.start
    earlier = [row for row, period in zip(rows, periods, strict=True) if period.end < start]
    # "In a month" or "in a year": a month or a day is held against both.
    last_year = Period("point", years_on(start, -1), years_on(start, -1))
    is_short = own is not None and own.kind in short | {"point"}
    a_year_before = [row for row in earlier[:-1] if is_short and meets(last_year, period_of(row))]
    return [(base, after) for base in (*earlier[-1:], *a_year_before)]


def _judge_periods(
    claim: Row, level: Row | None, rows: Sequence[Row], release: Release
) -> Judgement:
    """Return the verdict on an extreme or a threshold, over the periods published."""
    if level is None or {row["unit"] for row in rows} != {level["unit"]}:
        return _second(NOT_COMPARABLE, rows, release)
    register, own, since = release.assumptions, find_period(level), since_of(claim)
    ranked = claim["direction"] in {"highest", "lowest"}
    first = since
    if not ranked and own is not None:
        first = Period("point", own.start, years_on(own.start, 1))
    last = release.about.published if own is None else own.start - ONE_DAY if ranked else own.end
    totals = [
        (summed, total)
        for summed, total in published_totals(rows, register)
        if (first is None or period_of(summed[0]).start >= first.start)
        and period_of(summed[0]).start <= last
    ]
    if not totals:
        return _second(NO_FIGURE, [], release)
    values = interval_of(level, register)
    allowed = claimed_interval(claim, register) or values
    if ranked:
        sign = -1 if claim["direction"] == "lowest" else 1
        allowed = Interval(-math.inf, (values * sign).high, True, True) * sign
    agrees = all(total.overlaps(allowed) for _, total in totals)
    flat = [row for summed, _ in totals for row in summed]
    reasons = ["every_period" if agrees else "some_periods"]
    given = [period_of(row) for row in flat]
    if agrees and not covers(first, given, Period("", last, last)):
        reasons.append("periods_missing")
    verdict, found = CONSISTENT if agrees else NOT_CONSISTENT, hull(*(total for _, total in totals))
    return _second(verdict, [level, *flat], release, reasons, amount=found, claimed=allowed)


def _judge_cause(
    claim: Row, before: Row | None, after: Row | None, rows: Sequence[Row], release: Release
) -> Judgement:
    """Return the verdict on a cause: the part's share of the change, and what the rest did."""
    if before is None or after is None:
        return _second(NOT_TESTED, [], release)
    register = release.assumptions
    earlier, later = (
        [row for row in rows if starts_within(find_period(figure), period_of(row))][-1:]
        for figure in (before, after)
    )
    if not later:
        return _second(NOT_TESTED, [], release)
    used = [before, after, *earlier, *later]
    if len({row["unit"] for row in used}) > 1:
        return _second(NOT_COMPARABLE, used, release)
    wholes = [interval_of(figure, register) for figure in (before, after)]
    parts = [interval_of(row[0], register) if row else point(0) for row in (earlier, later)]
    change, part = wholes[1] - wholes[0], parts[1] - parts[0]
    rest = change - part
    way = "rise" if rest.is_above_zero else "fall" if (-rest).is_above_zero else "unclear"
    sign = -1 if (-change).is_above_zero else 1
    if not (change * sign).is_above_zero:
        return _second(NOT_TESTED, used, release, ["no_change_of_the_whole"])
    share = percent_share(part * sign, change * sign)
    goal = claimed_interval(claim, register) or MORE_THAN_HALF
    agrees = share.overlaps(goal)
    reasons = [f"{'' if agrees else 'not_'}largely_rest_{way}"]
    reasons += [] if earlier else ["part_from_nothing"]
    verdict = CONSISTENT if agrees else NOT_CONSISTENT
    return _second(verdict, used, release, reasons, amount=share, claimed=goal)
