"""Rules for single rows: what the schema of a single cell cannot say.

Each rule is a small function whose first line is the rule. It yields a problem
for everything that breaks it: the column, what was found and what to do. The
rules run on every table, and all faults are told at once. Rules that hold the
tables against each other are in ``consistency``.
"""

# The docstring of a rule is the rule, as a sentence.
# ruff: noqa: D401

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from statedfigures.errors import Fault, ParameterError
from statedfigures.release.csv_tables import plain, quoted, rows_of
from statedfigures.release.numerals import exact, find_stated, number_values, stated_qualifiers
from statedfigures.release.periods import figure_period, kind_problem, read_period
from statedfigures.release.schema import symbols

Problem = tuple[str, str, str]
RowRule = Callable[[Any], Iterator[Problem]]

SCENARIOS = ("low", "central", "high")
# Pages that every report has; a topic cannot take the name of one.
PAGES = frozenset(
    {"index", "claims", "measures", "assumptions", "outturn", "methods", "sources", "scenarios",
     "accessibility", "downloads", "changes"}
)  # fmt: skip
NUMBER_KINDS = frozenset({"multiple", "percent_change", "difference", "percentage_points", "share"})
MOST_WORDS = 14  # about twelve: the sentences of the publisher stay with the publisher
_UNITS_OF_KINDS: Mapping[str, tuple[str, ...]] = {
    "multiple": ("multiple",),
    "percent_change": ("percent", "fraction"),
    "percentage_points": ("percentage_points",),
    "share": ("percent", "fraction"),
}
_DIRECTIONS: Mapping[str, tuple[str, ...]] = {
    "extreme": ("highest", "lowest"),
    "direction": ("rise", "fall", "no_change"),
    "share": ("",),
}
_CHANGES = ("", "rise", "fall")


def range_is_ordered(figure: Any) -> Iterator[Problem]:
    """The upper end of a range is above its lower end, and a range is no bound."""
    if pd.isna(figure.value_to):
        return
    if figure.value_to <= figure.value:
        found = f"{plain(figure.value_to)} is not above the value {plain(figure.value)}"
        yield "value_to", found, "give the upper end of the range, or leave it empty"
    if figure.qualifier not in {"exact", "about", "expected", "projected"}:
        found = f"a range with two ends is also said to be {figure.qualifier}"
        yield "qualifier", found, "write exact or about, or empty value_to"


def value_is_whole_steps(figure: Any) -> Iterator[Problem]:
    """A stated value is a whole number of the steps that it is rounded to."""
    for column in ("value", "value_to"):
        value, step = getattr(figure, column), figure.rounded_to
        if step and not pd.isna(value) and exact(value) % exact(step):
            found = f"{plain(value)} is no multiple of the step {plain(step)}"
            yield "rounded_to", found, "give the step of the last digit that the release states"


def period_fits_its_kind(figure: Any) -> Iterator[Problem]:
    """A period has the dates that its kind says, and does not end before it starts."""
    start, end, kind = figure.period_start, figure.period_end, figure.period_kind
    if pd.notna(start) and pd.notna(end) and end < start:
        found = f"the period ends on {end.date()}, before it starts on {start.date()}"
        yield "period_end", found, "swap them"
    elif kind == "since" and pd.isna(start):
        yield "period_start", "a figure since a date gives no date", "fill it in"
    elif kind not in {"since", "point", "expectation"} and (pd.isna(start) or pd.isna(end)):
        column = "period_start" if pd.isna(start) else "period_end"
        yield column, f"the kind {kind} needs both dates of the period", "fill it in"
    elif pd.notna(start) and pd.notna(end):
        period = figure_period(figure._asdict())
        if period and (problem := kind_problem(period)):
            yield "period_kind", *problem


def fragment_is_short(row: Any) -> Iterator[Problem]:
    """A fragment holds the number and its words, and not the publisher's sentence."""
    words = len(row.as_stated.split())
    if words > MOST_WORDS:
        yield "as_stated", f"the fragment has {words} words", f"keep at most {MOST_WORDS}"


def fragment_states_the_value(row: Any) -> Iterator[Problem]:
    """The fragment states the value that the row gives, with the words of its qualifier."""
    is_figure = hasattr(row, "value")
    column = "value" if is_figure else "stated_value"
    value, unit = getattr(row, column), row.unit if is_figure else row.stated_unit
    if pd.isna(value):
        return
    step = 0.0 if pd.isna(row.rounded_to) else row.rounded_to
    found = find_stated(row.as_stated, value, unit, step)
    if found is None:
        held = ", ".join(f"{float(number):g}" for number in number_values(row.as_stated))
        states = (
            f"{plain(value)} is not what {quoted(row.as_stated)} states ({held or 'no number'})"
        )
        yield column, states, "correct the value or the fragment"
        return
    fitting = sorted(stated_qualifiers(row.as_stated, found))
    if row.qualifier not in fitting:
        says = f"{quoted(row.qualifier)} is not what {quoted(row.as_stated)} says"
        yield "qualifier", says, f"write {' or '.join(fitting)}, or mend the fragment"
    value_to = getattr(row, "value_to", float("nan"))
    stated_to = float("nan") if found.value_to is None else float(found.value_to)
    if is_figure and pd.notna(value_to) and value_to != stated_to:
        says = f"{plain(value_to)} is not the upper end that {quoted(row.as_stated)} states"
        yield "value_to", says, "correct it or the fragment"
    elif is_figure and pd.isna(value_to) and pd.notna(stated_to):
        says = f"{quoted(row.as_stated)} states a range, up to {plain(stated_to)}"
        yield "value_to", says, f"write {plain(stated_to)}"


def claim_has_what_its_kind_needs(claim: Any) -> Iterator[Problem]:
    """A claim with a number states it with its unit; every other claim names a figure."""
    kind, stated = claim.kind, claim.stated_value
    if kind in NUMBER_KINDS and pd.isna(stated):
        yield "stated_value", f"a claim of the kind {kind} states no number", "fill it in"
    if kind == "share" and not claim.to_figure:
        yield "to_figure", "a share names no figure that is the part", "fill it in"
    if claim.from_figure and not claim.to_figure and kind in {"extreme", "direction", "cause"}:
        yield "to_figure", f"a claim of the kind {kind} names a base alone", "name what it is of"
    if pd.isna(stated):
        return
    if not claim.stated_unit:
        units = ", ".join(_UNITS_OF_KINDS.get(kind, ("the unit of the figures",)))
        yield "stated_unit", f"{plain(stated)} has no unit", f"write {units}"
    elif claim.stated_unit not in _UNITS_OF_KINDS.get(kind, (claim.stated_unit,)):
        units = " or ".join(_UNITS_OF_KINDS[kind])
        found = f"a claim of the kind {kind} is stated in {claim.stated_unit}"
        yield "stated_unit", found, f"write {units}, or another kind"
    if pd.isna(claim.rounded_to):
        yield "rounded_to", f"{plain(stated)} has no rounding step", "fill it in"
    if kind == "share" and claim.stated_unit == "fraction" and stated > 1:
        found = f"a share of {plain(stated)} is more than the whole"
        yield "stated_value", found, "write it as a fraction of one, or the unit percent"
    if stated < 0 and kind in {"multiple", "share"}:
        yield "stated_value", f"a {kind} of {plain(stated)} is below zero", "check the number"
    if stated < 0 and claim.direction == "rise":
        found = f"a rise is stated as {plain(stated)}"
        yield "direction", found, "write fall, or the number without its sign"


def claim_has_a_direction_of_its_kind(claim: Any) -> Iterator[Problem]:
    """A direction fits its kind: highest or lowest is an extreme, no change has no number."""
    allowed = _DIRECTIONS.get(claim.kind, _CHANGES)
    if claim.kind == "extreme" and pd.notna(claim.stated_value):
        allowed = ("", *allowed)  # more than so many in every year
    if claim.direction not in allowed:
        found = f"{quoted(claim.direction)} is no direction of the kind {claim.kind}"
        if not claim.direction:
            found = f"a claim of the kind {claim.kind} has no direction"
        words = " or ".join(word for word in allowed if word) or "nothing"
        yield "direction", found, f"write {words}"
    if claim.since and claim.kind != "extreme":
        found = f"since {claim.since} stands beside the kind {claim.kind}"
        yield "since", found, "empty it, or write the kind extreme"
    elif "-" in claim.since:
        try:
            read_period(claim.since)
        except ParameterError:
            yield "since", f"{quoted(claim.since)} is no day of the calendar", "write 2013-01-31"


def claim_compares_two_figures(claim: Any) -> Iterator[Problem]:
    """A claim does not compare a figure with itself, and has one base unless it is an extreme."""
    bases = claim.from_figure.split()
    if claim.to_figure in bases:
        found = f"{quoted(claim.to_figure)} is compared with itself"
        yield "to_figure", found, "name the other one"
    if len(bases) > 1 and claim.kind != "extreme":
        found = f"a claim of the kind {claim.kind} has {len(bases)} bases"
        yield "from_figure", found, "keep one; only an extreme has several rivals"


def mention_says_what_it_is(mention: Any) -> Iterator[Problem]:
    """A mention that is a figure or a claim names it; one that is neither names nothing."""
    kind = mention.disposition
    if kind in {"figure", "claim"} and not mention.refers_to:
        yield "refers_to", f"a mention that is a {kind} names none", f"write the id of the {kind}"
    if kind not in {"figure", "claim", "date"} and mention.refers_to:
        found = f"{quoted(mention.refers_to)} stands beside the disposition {kind}"
        yield "refers_to", found, "empty it, or make the disposition figure or claim"


def topic_is_a_page_of_its_own(topic: Any) -> Iterator[Problem]:
    """The id of a topic is not the name of a page that every report has."""
    if topic.id in PAGES:
        yield "id", f"{quoted(topic.id)} is the name of another page", "name the topic otherwise"


def series_has_what_its_projection_needs(series: Any) -> Iterator[Problem]:
    """A projected series has a base, and one growth: from a figure or from a claim."""
    if series.base_stands and not series.growth_claim:
        found = f"base_stands {series.base_stands} stands without growth_claim"
        yield "base_stands", found, "empty it, or name the claim"
    if series.growth_claim and not series.base_stands:
        found = f"nothing says whether the base stands before or after {series.growth_claim}"
        yield "base_stands", found, "write before or after"
    if series.growth_claim and series.growth_from:
        found = "growth is given twice, by growth_from and by growth_claim"
        yield "growth_claim", found, "keep one of them"
    if series.growth_from and series.growth_from == series.base_figure:
        found = f"{quoted(series.growth_from)} is also the base"
        yield "growth_from", found, "name an earlier figure"
    if series.projectable != "yes":
        return
    if not series.base_figure:
        yield "base_figure", "a projected series has no base", "name the figure it starts from"
    if not series.growth_from and not series.growth_claim:
        found = "a projected series has no observed growth"
        yield "growth_from", found, "name growth_from, or growth_claim"


def assumption_values_are_in_order(assumption: Any) -> Iterator[Problem]:
    """Low, central and high are in order, within what is allowed and what the symbol can be."""
    row = assumption
    if row.low > row.central:
        found = f"low {row.low:g} is above central {row.central:g}"
        yield "low", found, "put the three in order"
    if row.central > row.high:
        found = f"high {row.high:g} is below central {row.central:g}"
        yield "high", found, "put the three in order"
    if row.allowed_min > row.allowed_max:
        found = f"allowed_min {row.allowed_min:g} is above allowed_max {row.allowed_max:g}"
        yield "allowed_min", found, "swap them"
        return
    for column in ("low", "central", "high"):
        value = getattr(row, column)
        if not row.allowed_min <= value <= row.allowed_max:
            found = (
                f"{value:g} is outside the allowed range {row.allowed_min:g} to {row.allowed_max:g}"
            )
            yield column, found, "change the value, or the range with a reason"
    symbol = symbols()[row.symbol]
    least = max(symbol.least, symbol.above)
    below = row.low < symbol.least or row.low <= symbol.above
    if below or row.high > symbol.most:
        column, value = ("low", row.low) if below else ("high", row.high)
        limits = f"{'above' if symbol.above == least else 'from'} {least:g}"
        limits += f" to {symbol.most:g}" if symbol.most < float("inf") else " on"
        yield column, f"{value:g} is no {row.symbol}", f"write a value {limits}"
    if symbol.unit and row.unit != symbol.unit:
        found = f"{row.symbol} is given in {quoted(row.unit)}"
        yield "unit", found, f"write {symbol.unit}, and the values in it"


def review_follows_decision(assumption: Any) -> Iterator[Problem]:
    """An assumption is reviewed after it was decided on."""
    if assumption.review_by < assumption.decided_on:
        found = f"the review is due on {assumption.review_by.date()}, before the decision"
        remedy = "mend one of the dates"
        yield "review_by", f"{found} of {assumption.decided_on.date()}", remedy


def published_period_exists(published: Any) -> Iterator[Problem]:
    """A period is on the calendar, and no more days stand behind a mean than it has."""
    try:
        period = read_period(published.period)
    except ParameterError as error:
        found, _, remedy = str(error).removeprefix("period: ").replace("'", '"').partition("; ")
        yield "period", found, remedy
        return
    if pd.notna(published.days) and published.days > period.days:
        found = f"{plain(published.days)} days stand behind a period of {period.days}"
        yield "days", found, "count them again"


def scenario_has_a_name_of_its_own(scenario: Any) -> Iterator[Problem]:
    """A scenario of the analyst's own is not called low, central or high."""
    if scenario.scenario in SCENARIOS:
        found = f"{quoted(scenario.scenario)} is the name of a scenario that is there"
        yield "scenario", found, "give it another name"


def reviewer_gives_a_reason(review: Any) -> Iterator[Problem]:
    """Whoever challenges or rejects an assumption says why."""
    if review.decision != "accept" and not review.comment:
        yield "comment", f"a {review.decision} gives no reason", "say what is wrong"


ROW_RULES: Mapping[str, tuple[RowRule, ...]] = {
    "topics": (topic_is_a_page_of_its_own,),
    "mentions": (mention_says_what_it_is,),
    "figures": (
        range_is_ordered,
        value_is_whole_steps,
        period_fits_its_kind,
        fragment_is_short,
        fragment_states_the_value,
    ),
    "claims": (
        claim_has_what_its_kind_needs,
        claim_has_a_direction_of_its_kind,
        claim_compares_two_figures,
        fragment_is_short,
        fragment_states_the_value,
    ),
    "series": (series_has_what_its_projection_needs,),
    "scenarios": (scenario_has_a_name_of_its_own,),
    "assumptions": (assumption_values_are_in_order, review_follows_decision),
    "published": (published_period_exists,),
    "reviews": (reviewer_gives_a_reason,),
}


def row_faults(table: str, frame: pd.DataFrame) -> Iterator[Fault]:
    """Hold every row of a table against the rules for it.

    Parameters
    ----------
    table
        Name of the table.
    frame
        Its rows, as `read_table` returns them.

    Yields
    ------
    Fault
        One for each problem.
    """
    for rule in ROW_RULES.get(table, ()):
        for row in rows_of(frame):
            for problem in rule(row):
                yield Fault(f"{table}.csv", row.file_row, *problem)
