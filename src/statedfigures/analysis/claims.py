"""Whether figures bear out the comparisons that the release makes.

Each claim gets two verdicts: from the release alone, and with figures that
were published elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from statedfigures.analysis import intervals, published_checks, qualifiers
from statedfigures.analysis.assumptions import required, row_of
from statedfigures.analysis.intervals import ZERO, Interval, ends, interval, point, spans
from statedfigures.analysis.published_checks import care_text, comparability_warnings
from statedfigures.analysis.qualifiers import SHARE_UNITS, interval_of, is_rounding, wording
from statedfigures.release import periods
from statedfigures.release.numerals import exact_fraction
from statedfigures.release.periods import Period, figure_period, period_of
from statedfigures.release.rules import NAMES
from statedfigures.release.schema import Release, Row, cells_of, require_release

SUPPORTED, WITHIN_ROUNDING = "supported", "supported within rounding"
NOT_SUPPORTED, NOT_DETERMINABLE = "not supported", "not determinable from the release"
VERDICTS = (SUPPORTED, WITHIN_ROUNDING, NOT_SUPPORTED, NOT_DETERMINABLE)
CONSISTENT, NOT_CONSISTENT = "consistent", "not consistent"
NOT_COMPARABLE, NO_FIGURE, NOT_TESTED = "not comparable", "no figure known", "not tested"
VERDICTS_WITH_PUBLISHED = (CONSISTENT, NOT_CONSISTENT, NOT_COMPARABLE, NO_FIGURE, NOT_TESTED)

COLUMNS = (
    "topic label kind as_stated unit low high claimed_low claimed_high verdict "
    "verdict_with_published published_low published_high implied_low implied_high "
    "implied_low_rounding implied_high_rounding warnings reason inputs published_inputs"
)

PERCENTAGES = {"percent", "fraction"}
# What each direction without a number says of the later value less the earlier.
GOALS: Mapping[str, Interval] = {
    "rise": interval(ZERO, None, low_open=True),
    "no_change": point(0),
    "fall": interval(None, ZERO, high_open=True),
}
# The reasons that decide on an extreme; any other leaves it open.
EXTREMES = {"extreme": SUPPORTED, "rounding": WITHIN_ROUNDING, "not_extreme": NOT_SUPPORTED}


class Case:
    """A claim, and the stated figures that it compares: bases or rivals, then its own.

    ``readings`` are what its words may mean, by the low, central and high of the
    assumption for them; ``published`` are the rows of the series that it names.
    """

    def __init__(self, claim: Row, release: Release, published: Sequence[Row]) -> None:
        ends, named = ("low", "central", "high"), claim["published_series"].split()
        self.claim, self.release, self.day = claim, release, release.about.published
        self.befores = [row_of(release, f"figure:{name}") for name in claim["from_figure"].split()]
        self.before = self.befores[0] if self.befores else None
        self.after = row_of(release, f"figure:{claim['to_figure']}") if claim["to_figure"] else None
        register, read = release.assumptions, qualifiers.claimed_interval
        self.readings = [read(claim, register, end) for end in ends]
        self.claimed = self.readings[1]
        self.since = periods.read_period(claim["since"]) if claim["since"] else None
        self.published = [row for row in published if row["series"] in named]

    def values(self, row: Row) -> Interval:
        """Return all values of a figure, a fraction in percent."""
        values = interval_of(row, self.release.assumptions)
        return values * 100 if row["unit"] == "fraction" else values


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the keys of its reasons, the values it rests on and the rows behind them."""

    verdict: str
    reasons: Sequence[str] = ()
    amount: Interval | None = None
    claimed: Interval | None = None
    rows: Sequence[Row] = ()
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
        the qualifiers and with rounding alone. ``verdict`` is from the release
        alone, ``verdict_with_published`` with the rows in ``published_inputs``.

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
    require_release(release)
    published = periods.in_order(release.published)
    rows = [_checked(Case(claim, release, published)) for claim in cells_of(release.claims)]
    return pd.DataFrame(rows, columns=COLUMNS.split(), index=release.claims.index)


def _checked(case: Case) -> dict[str, Any]:
    claim, register, kind = case.claim, case.release.assumptions, case.claim["kind"]
    befores, after = case.befores, case.after
    alone, published = _judge(case), _judge_with_published(case)
    figures = befores if after is None else [*befores, after]
    inputs = qualifiers.row_inputs(register, claim, *figures)
    pairs = [(row, after) for row in befores if after is not None]
    implied, by_rounding = None, None
    if after is not None and not befores and not (kind == "share" and after["unit"] in SHARE_UNITS):
        implied, by_rounding = qualifiers.implied_bases(claim, after, register)
    reasons = [*alone.reasons, *(["implied"] if implied is not None and kind != "share" else [])]
    reasons += published.reasons or [published.verdict.replace(" ", "_")]
    words = wording("verdicts") | wording("published")
    return {
        **claim,
        "unit": _unit(case),
        "verdict": alone.verdict,
        "verdict_with_published": published.verdict,
        **ends(alone.amount),
        **spans(claimed=alone.claimed, published=published.amount, implied=implied),
        **ends(by_rounding, "implied_low_rounding", "implied_high_rounding"),
        "warnings": "; ".join(comparability_warnings(pairs, kind).values()),
        "reason": " ".join(filter(None, (words.get(reason, reason) for reason in reasons))),
        "inputs": qualifiers.join_inputs(inputs, alone.inputs),
        "published_inputs": qualifiers.row_inputs(register, *published.rows),
    }


def _unit(case: Case) -> str:
    kind, figure = case.claim["kind"], case.before if case.after is None else case.after
    own = str(case.claim["stated_unit"] if figure is None else figure["unit"])
    if own in PERCENTAGES and kind in {"direction", "difference"}:
        return "percentage_points"
    if kind == "direction":
        has_ratio = case.before is None or case.values(case.before).is_above_zero
        return "percent" if has_ratio else own
    return qualifiers.RESULT_UNITS.get(kind, own)


def _judge(case: Case) -> Judgement:
    """Return the verdict from the release alone."""
    kind, after, has_base = case.claim["kind"], case.after, bool(case.befores)
    if kind == "cause":
        return Judgement(NOT_DETERMINABLE, ["cause"])
    if kind == "extreme":
        return _judge_extreme(case)
    if after is not None and has_base:
        return _judge_pair(case, case.befores[0], after)
    if after is not None and after["period_kind"] == "since":
        missing = "no_years"
    elif kind == "share" and not has_base:
        missing = "no_counts" if after is None or after["unit"] in SHARE_UNITS else "no_whole"
    else:
        missing = "no_result" if has_base else "no_figures" if after is None else "no_base"
    return Judgement(NOT_DETERMINABLE, [missing], None, case.claimed)


def _judge_pair(case: Case, before: Row, after: Row) -> Judgement:
    """Return the verdict on a claim with both of its figures, stated or published."""
    claim, percentages = case.claim, {before["unit"], after["unit"]} <= PERCENTAGES
    both = case.values(before), case.values(after)
    values = intervals.recompute(claim["kind"], *both, percentages=percentages)
    claimed, direction, inputs = case.claimed, "", ""
    if claim["kind"] == "direction":
        claimed, direction = GOALS[claim["direction"]], claim["direction"]
        if direction == "no_change" and claim["qualifier"] == "about":
            # What counts as little elsewhere does so here.
            symbol = "little_change_points" if percentages else "little_change"
            row = required(case.release.assumptions, symbol, str(claim.name))
            width, inputs = exact_fraction(row["central"]), f"assumption:{row.name}"
            claimed = interval(-width, width)
            values = values if percentages or both[0].is_above_zero else None
    if values is None or claimed is None:
        return Judgement(NOT_DETERMINABLE, ["zero_base"], None, claimed)
    judged = _held_against(claimed, values, before, after, way=direction)
    if direction in {"rise", "fall"}:
        return replace(judged, reasons=[*judged.reasons, "size"], claimed=None)
    reasons = ["of_percentages"] if percentages and claim["kind"] == "percent_change" else []
    readings = filter(None, case.readings)
    is_loose = len({verdict_on(values, each, rounding_only=False) for each in readings}) > 1
    reasons += [*judged.reasons, *(["loose"] if is_loose else [])]
    return replace(judged, reasons=reasons, inputs=inputs)


def _held_against(claimed: Interval, values: Interval, *rows: Row, way: str = "") -> Judgement:
    """Return the verdict on the values of some figures, by what they say of a number or a way."""
    verdict = verdict_on(values, claimed, rounding_only=all(map(is_rounding, rows)))
    outside = "below" if values.lies_below(claimed) else "above"
    reasons = {SUPPORTED: way or "inside", WITHIN_ROUNDING: "rounding"}
    reasons[NOT_SUPPORTED] = f"not_{way}" if way else outside
    return Judgement(verdict, [reasons.get(verdict, "open")], values, claimed)


def _judge_extreme(case: Case) -> Judgement:
    """Return the verdict on a highest or lowest level, or on a threshold."""
    claimed, level, since = case.claimed, case.after, case.since
    if level is None:
        return Judgement(NOT_DETERMINABLE, ["no_level"], None, claimed)
    register, is_series = case.release.assumptions, level["period_kind"] == "since"
    values = interval_of(level, register)
    if claimed is not None and not case.befores and not is_series:
        return _held_against(claimed, values, level)
    given = [(row, figure_period(row)) for row in case.befores]
    rivals = [(row, span) for row, span in given if not (since and span and span.end < since.start)]
    if not rivals:
        no_years = is_series and not case.claim["direction"]
        return Judgement(NOT_DETERMINABLE, ["no_years" if no_years else "no_rivals"], None, claimed)
    # The lowest is the highest on a scale turned upside down.
    sign = -1 if case.claim["direction"] == "lowest" else 1
    levels = [interval_of(row, register) * sign for row, _ in rivals]
    top, limit = values * sign, intervals.hull(*levels).high
    if isinstance(limit, Fraction):
        claimed = interval(limit, None, low_open=True) * sign
    spans = [span for _, span in rivals]
    further = [span for span, rival in zip(spans, levels, strict=True) if top.high <= rival.low]
    covered = _covers(since, spans, figure_period(level))
    if further:
        in_since = all(periods.meets(since, span) for span in further)
        reason = "since_itself" if in_since else "not_extreme"
    elif all(rival.lies_below(top) for rival in levels):
        beyond = "beyond_one" if len(rivals) == 1 else "beyond_given"
        reason = "extreme" if covered else beyond
    elif covered and is_rounding(level) and all(is_rounding(row) for row, _ in rivals):
        reason = "rounding"
    else:
        reason = "open" if isinstance(limit, Fraction) else "rival_open"
    return Judgement(EXTREMES.get(reason, NOT_DETERMINABLE), [reason], values, claimed)


def _covers(since: Period | None, given: Sequence[Period | None], level: Period | None) -> bool:
    """Whether periods follow without a gap from the one claimed to the level's own."""
    known = sorted((p for p in given if p is not None), key=lambda period: period.start)
    if level is None or not known or not periods.meets(since, known[0]):
        return False
    reached = known[0].start
    for period in (*known, level):
        if period.start > reached + periods.ONE_DAY:
            return False
        # A state on a day stands for the year up to the next one.
        until = _years_on(period.start, 1) if period.kind == "point" else period.end
        reached = max(reached, until)
    return True


def _years_on(day: date, years: int) -> date:
    """Return the same day some years later, or before."""
    return (pd.Timestamp(day) + pd.DateOffset(years=years)).date()


def _judge_with_published(case: Case) -> Judgement:
    """Return the verdict with figures published elsewhere."""
    kind, rows = case.claim["kind"], case.published
    if not rows:
        return Judgement(NOT_TESTED if kind == "cause" else NO_FIGURE)
    if kind == "cause":
        return _judge_cause(case, rows)
    if kind == "extreme":
        return _judge_periods(case, rows)
    pairs = _pairs(case, rows)
    flat = [row for pair in pairs for row in pair]
    if not pairs:
        is_change = case.before is None and case.after is None and rows[0]["unit"] in SHARE_UNITS
        return Judgement(NOT_COMPARABLE if is_change else NO_FIGURE, rows=rows)
    units = {row["unit"] for row in flat}
    is_one_unit = kind == "share" or len(units) == 1 or units <= PERCENTAGES
    judged = [_judge_pair(case, *pair) for pair in pairs if is_one_unit]
    results = [result for result in judged if result.amount is not None]
    if not results:
        return Judgement(NOT_COMPARABLE, ["zero_base"] if judged else [], rows=flat)
    values = intervals.hull(*(each.amount for each in results if each.amount))
    claimed = results[0].claimed
    agree = [result.verdict != NOT_SUPPORTED for result in results]
    # A rise between averages of several months lies between the rises of the months.
    between = len(pairs) > 1 and claimed is not None and values.overlaps(claimed)
    verdict = CONSISTENT if any(agree) or between else NOT_CONSISTENT
    depends = verdict == CONSISTENT and not all(agree)
    reason = "depends" if depends else verdict.replace(" ", "_")
    reasons = [reason, care_text(comparability_warnings(pairs, kind))]
    return Judgement(verdict, reasons, values, claimed, flat)


def _pairs(case: Case, rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Return the pairs of base and later figure that a claim can be held against.

    Two series replace both sides. One series gives the side that the release
    leaves out; where the release gives both, the rows of their periods.
    """
    names, base, later = case.claim["published_series"].split(), case.before, case.after
    if len(names) > 1:
        series = ([row for row in rows if row["series"] == name] for name in names)
        sides = zip((base, later), series, strict=False)
        base, later = (_own(figure, each, _latest(each, case.day)) for figure, each in sides)
    elif base is not None and later is not None:
        found = [_own(figure, rows, figure) for figure in (base, later)]
        if found[0] is base and found[1] is later:
            return []
        base, later = found
    elif base is not None:
        ended = figure_period(base)
        after = [row for row in rows if ended is None or ended.end < period_of(row).start]
        later = _latest(after, case.day)
    elif case.claim["kind"] == "share":
        until = None if later is None else figure_period(later)
        base = _latest(rows, case.day if until is None else until.end)
    else:
        return _changes(case, later, rows)
    return [] if base is None or later is None else [(base, later)]


def _latest(rows: Sequence[Row], day: date) -> Row | None:
    """Return the row of the latest period that starts on or before a day."""
    return next((row for row in reversed(rows) if period_of(row).start <= day), None)


def _own(figure: Row | None, rows: Sequence[Row], otherwise: Row | None) -> Row | None:
    """Return the row of a figure's own period, or another one where there is none."""
    same = (row for row in rows if figure is not None and periods.is_same_period(figure, row))
    return next(same, otherwise)


def _changes(case: Case, after: Row | None, rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Return the pairs for a change whose base the release does not give."""
    own, words = None if after is None else figure_period(after), case.claim["as_stated"]
    short, day = periods.SEASONS | periods.PARTS_OF_A_YEAR, case.day
    known = [(period_of(row), row) for row in rows]
    by_start = {(period.kind, period.start): row for period, row in known}
    within = [
        (before, row)
        for (kind, start), row in by_start.items()
        if kind in short
        and start <= day
        and (own is None or own.start <= start <= own.end)
        and (before := by_start.get((kind, _year_before(start, kind)))) is not None
    ]
    if within and (own is None or own.kind not in short):
        return within
    if after is None:
        last = [(period.kind, row) for period, row in known if period.start <= day][-2:]
        return [(last[0][1], last[1][1])] if len(last) > 1 and last[0][0] == last[1][0] else []
    start = day if own is None else own.start
    earlier = [(period, row) for period, row in known if period.end < start]
    like = [each for each in earlier if periods.plain_kind(each[0]) == periods.plain_kind(own)]
    is_near = like and own is not None and like[-1][0].end + own.days * periods.ONE_DAY >= start
    found = [row for _, row in (like if is_near else earlier)[-1:]]
    # "In a month" or "in a year": without such words a month or a day is held against both.
    if own is not None and own.kind in short | {"point"}:
        then = Period("point", *[_year_before(start, own.kind)] * 2)
        of_last_year = [row for period, row in like or earlier if periods.meets(then, period)]
        years = map(int, re.findall(r"\b(?:19|20)\d\d\b", words))
        if NAMES["says_on_the_year"](words) or any(year < own.start.year for year in years):
            found = of_last_year or ([] if own.kind in periods.SEASONS else found)
        elif not NAMES["says_on_the_period"](words):
            found += [row for row in of_last_year if row is not found[-1]]
    return [(base, after) for base in found]


def _year_before(start: date, kind: str) -> date:
    """Return when the like period of the year before began: that of a week 52 weeks earlier."""
    return start - 364 * periods.ONE_DAY if kind == "week" else _years_on(start, -1)


def _judge_periods(case: Case, rows: Sequence[Row]) -> Judgement:
    """Return the verdict on an extreme or a threshold, over the periods published."""
    level = case.after
    if level is None or {row["unit"] for row in rows} != {level["unit"]}:
        return Judgement(NOT_COMPARABLE, rows=rows)
    register, own, first = case.release.assumptions, figure_period(level), case.since
    ranked = case.claim["direction"] in {"highest", "lowest"}
    if not ranked and own is not None:
        first = Period("point", own.start, _years_on(own.start, 1))
    last = case.day if own is None else own.start - periods.ONE_DAY if ranked else own.end
    span = Period("", date.min if first is None else first.start, last)
    totals = list(published_checks.published_totals(rows, register))
    totals = [each for each in totals if periods.starts_within(span, period_of(each[0][0]))]
    if not totals:
        return Judgement(NO_FIGURE)
    values = interval_of(level, register)
    allowed = case.claimed or values
    if ranked:
        sign = -1 if case.claim["direction"] == "lowest" else 1
        allowed = Interval(-math.inf, (values * sign).high, True, True) * sign
    agrees = all(total.overlaps(allowed) for _, total in totals)
    flat = [row for summed, _ in totals for row in summed]
    reasons = ["every_period" if agrees else "some_periods"]
    if agrees and not _covers(first, [period_of(row) for row in flat], Period("", last, last)):
        reasons.append("periods_missing")
    found = intervals.hull(*(total for _, total in totals))
    verdict = CONSISTENT if agrees else NOT_CONSISTENT
    return Judgement(verdict, reasons, found, allowed, [level, *flat])


def _judge_cause(case: Case, rows: Sequence[Row]) -> Judgement:
    """Return the verdict on a cause: the part's share of the change, and what the rest did."""
    before, after = case.before, case.after
    if before is None or after is None:
        return Judgement(NOT_TESTED)
    earlier, later = (
        [row for row in rows if periods.starts_within(figure_period(figure), period_of(row))][-1:]
        for figure in (before, after)
    )
    if not later:
        return Judgement(NOT_TESTED)
    used = [before, after, *earlier, *later]
    if len({row["unit"] for row in used}) > 1:
        return Judgement(NOT_COMPARABLE, rows=used)
    register = case.release.assumptions
    start, end, *parts = (interval_of(row, register) for row in used)
    change, part = end - start, parts[-1] - (parts[0] if earlier else point(0))
    rest = change - part
    way = "rise" if rest.is_above_zero else "fall" if (-rest).is_above_zero else "unclear"
    sign = -1 if (-change).is_above_zero else 1
    if not (change * sign).is_above_zero:
        return Judgement(NOT_TESTED, ["no_change_of_the_whole"], rows=used)
    share = intervals.percent_share(part * sign, change * sign)
    goal = case.claimed or interval(Fraction(50), None, low_open=True)  # more than half
    agrees = share.overlaps(goal)
    part_words = "largely" if case.claimed is None else "share_of_change"
    reasons = [f"{'' if agrees else 'not_'}{part_words}", f"rest_{way}"]
    reasons += [] if earlier else ["part_from_nothing"]
    return Judgement(CONSISTENT if agrees else NOT_CONSISTENT, reasons, share, goal, used)
