"""Rules for rows and across tables: what the schema of a single cell cannot say.

Each rule is a small function whose first line is the rule. It yields a problem
for everything that breaks it: the column, what was found and what to do. Rules
for single rows run on every table, all at once; rules across tables run when
every table is sound by itself.
"""

# The docstring of a rule is the rule, as a sentence.
# ruff: noqa: D401

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from statedfigures.errors import Fault, ParameterError
from statedfigures.release.numerals import find_stated, number_values, stated_qualifiers
from statedfigures.release.periods import (
    PARTS_OF_A_YEAR,
    figure_period,
    kind_problem,
    read_period,
    season_problem,
    years_between,
)
from statedfigures.release.references import Release, find_row, reference_problem
from statedfigures.release.schema import METHOD, symbols, tables
from statedfigures.release.tables import nearest_of, plain, quoted, rows_of

Problem = tuple[str, str, str]
RowRule = Callable[[Any], Iterator[Problem]]
TableRule = Callable[[Any, Any], Iterator[Problem]]

EVERYTHING = "all"
SCENARIOS = ("low", "central", "high")
# Pages that every report has; a topic cannot take the name of one.
PAGES = frozenset(
    {"index", "claims", "assumptions", "outturn", "methods", "sources", "scenarios",
     "accessibility", "downloads", "changes"}
)  # fmt: skip
NUMBER_KINDS = frozenset({"multiple", "percent_change", "difference", "percentage_points", "share"})
BOUNDS = frozenset({"more_than", "at_least", "less_than", "up_to"})
MOST_WORDS = 14  # about twelve: the sentences of the publisher stay with the publisher
SHORTEST_TREND = 0.95  # years: two whole years' counts a year apart differ by a leap day
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
_RATES_OF_CHANGE = re.compile(
    r"\b(?:inflation|growth rate|rate of (?:growth|change)|(?:annual|quarterly|monthly|"
    r"percentage|year-on-year) (?:change|growth)|growth (?:on|over) (?:the|a) )",
    re.I,
)
# The symbols that read the words of a qualifier.
QUALIFIER_SYMBOLS: Mapping[str, str] = {
    "about": "qualifier_about",
    "more_than": "qualifier_more_than",
    "at_least": "qualifier_more_than",
    "may_exceed": "qualifier_may_exceed",
    "expected": "qualifier_expected",
    "almost": "qualifier_almost",
    "just_under": "qualifier_just",
    "just_over": "qualifier_just",
}
PROJECTION_SYMBOLS = ("growth_continues", "damping", "volatility")
_OWN_SYMBOLS = ("growth_years", "rest_of_year", "cutoff", "base_step")
_SHARES = frozenset({"percent", "fraction"})


# ---------------------------------------------------------------- single rows


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
        if step and not pd.isna(value) and _exact(value) % _exact(step):
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


# ---------------------------------------------------------------- across tables


def mention_refers_to_its_row(mention: Any, release: Release) -> Iterator[Problem]:
    """A mention names a row of the table that its disposition says."""
    if not mention.refers_to:
        return
    if mention.disposition == "date":
        known = [*release.figures.index, *release.claims.index]
        yield from _unknown("refers_to", mention.refers_to, known, "figures.csv or claims.csv")
    else:
        table = f"{mention.disposition}s"
        known = list(getattr(release, table).index)
        yield from _unknown("refers_to", mention.refers_to, known, f"{table}.csv")


def published_series_exists(row: Any, release: Release) -> Iterator[Problem]:
    """A published series that a claim or a series names is in published.csv."""
    column = "published_series" if hasattr(row, "published_series") else "outturn_series"
    known = set(release.published["series"])
    yield from _unknown(column, getattr(row, column), known, "published.csv")


def claim_compares_one_unit(claim: Any, release: Release) -> Iterator[Problem]:
    """A change is of figures in one unit, and a difference is stated in it."""
    figures = release.figures
    compared = [*claim.from_figure.split(), *claim.to_figure.split()]
    units = {name: figures.loc[name, "unit"] for name in compared}
    if len(set(units.values())) > 1 and claim.kind not in {"multiple", "share", "cause"}:
        told = ", ".join(f"{name} in {unit}" for name, unit in units.items())
        yield "from_figure", f"two units are compared: {told}", "name figures of one unit"
    unit = next(iter(units.values()), "")
    if claim.kind == "difference" and unit and claim.stated_unit not in {unit, ""}:
        found = f"the difference is in {claim.stated_unit} and the figures in {unit}"
        yield "stated_unit", found, f"write {unit}"
    if claim.kind == "percentage_points" and unit not in {"percent", ""}:
        found = f"percentage points are the difference of figures in {unit}"
        yield "kind", found, "write difference, or name figures in percent"


def series_holds_its_own_figures(series: Any, release: Release) -> Iterator[Problem]:
    """The figures that a series starts and grows from are its own, in its unit."""
    own = series.figures.split()
    for column in ("base_figure", "growth_from"):
        name = getattr(series, column)
        if name and name not in own:
            found = f"{quoted(name)} is not one of the figures of the series"
            yield column, found, "add it to the column figures"
    for name in own:
        unit = release.figures.loc[name, "unit"]
        if unit != series.unit:
            found = f"{name} is in {unit} and the series in {series.unit}"
            yield "figures", found, "series of different units are never joined; take it out"


def maximum_is_above_every_figure(series: Any, release: Release) -> Iterator[Problem]:
    """The maximum of a series is a number or a published row, above all of its figures."""
    if not series.maximum:
        return
    try:
        limit = float(series.maximum)
    except ValueError:
        if problem := reference_problem(release, series.maximum):
            yield "maximum", *problem
            return
        row = find_row(release, series.maximum)
        limit = row.get("value", float("nan"))
        if (row.get("unit") in _SHARES) != (series.unit in _SHARES):
            found = f"{quoted(series.maximum)} is in {row['unit']} and the series in {series.unit}"
            yield "maximum", found, "name a row that limits the series"
    if pd.isna(limit):
        remedy = "write a number, or a row such as published:households/2022"
        yield "maximum", f"{quoted(series.maximum)} is no number", remedy
        return
    for name in series.figures.split():
        figure = release.figures.loc[name]
        if figure["unit"] == series.unit and max(figure["value"], figure["value_to"]) >= limit:
            found = f"{name} is {plain(figure['value'])}, not below the maximum {plain(limit)}"
            yield "maximum", found, "correct it, or empty it where there is none"


def series_can_be_projected(series: Any, release: Release) -> Iterator[Problem]:
    """A projected series is above zero, no rate of change, and grew over a year or more."""
    if series.projectable != "yes":
        return
    remedy = "write bounds_only or no, with the reason"
    for name in series.figures.split():
        if (value := release.figures.loc[name, "value"]) <= 0:
            found = f"{name} is {plain(value)}: the series can be zero or below"
            yield "projectable", found, remedy
    if _RATES_OF_CHANGE.search(f"{series.title} {series.coverage} {series.unit}"):
        yield "projectable", "a rate of change is not projected", remedy
    elif series.unit in _SHARES and not series.maximum:
        found = "a share has no maximum"
        yield "maximum", found, "write 100 for percent, or what the series cannot pass"
    elif series.unit == "percentage_points":
        yield "projectable", "a change in percentage points is not projected", remedy
    base = release.figures.loc[series.base_figure]
    if base["qualifier"] in {"less_than", "up_to"} or base["period_kind"] == "since":
        found = f"{series.base_figure} is a bound from above, or of several years"
        yield "base_figure", f"{found}: nothing starts from it", remedy
    period = figure_period(base)
    if period is None:
        yield "base_figure", f"{series.base_figure} has no period", "fill in its dates"
    elif period.whole.middle + _years_ahead(series, release) >= release.about.default_horizon:
        found = f"{series.base_figure} is not before the default horizon"
        remedy = "write a later default_horizon in release.toml"
        yield "base_figure", f"{found} {release.about.default_horizon}", remedy
    if not series.growth_from:
        yield from _growth_of_a_claim(series, release, remedy)
        return
    start = release.figures.loc[series.growth_from]
    if start["qualifier"] in BOUNDS:
        found = f"{series.growth_from} is a bound ({start['qualifier']}): no growth starts from it"
        yield "growth_from", found, remedy
    before = figure_period(start)
    if before is None:
        yield "growth_from", f"{series.growth_from} has no period", "fill in its dates"
    elif period is not None:
        if problem := season_problem(before, period):
            yield "growth_from", problem, remedy
        elif (years := years_between(before, period)) < SHORTEST_TREND:
            found = f"{before.words} and {period.words} are {max(years, 0):.2g} years apart"
            yield "growth_from", found, f"name a figure a year or more earlier, or {remedy}"


def _years_ahead(series: Any, release: Release) -> float:
    """Return the years from a base that stands before a rise to the level after it."""
    if series.base_stands != "before":
        return 0.0
    rows = release.assumptions[release.assumptions["symbol"] == "growth_years"]
    serving = [row for row in rows_of(rows) if {series.id, EVERYTHING} & {*row.applies_to.split()}]
    return float(serving[0].central) if serving else 0.0


def _growth_of_a_claim(series: Any, release: Release, remedy: str) -> Iterator[Problem]:
    claim = release.claims.loc[series.growth_claim]
    if claim["kind"] not in {"percent_change", "multiple"}:
        found = f"{series.growth_claim} is a claim of the kind {claim['kind']}"
        yield "growth_claim", found, "name a percent change or a multiple"
    fall = claim["direction"] == "fall" or claim["stated_value"] < 0
    size = abs(claim["stated_value"]) * (100 if claim["stated_unit"] == "fraction" else 1)
    if claim["kind"] == "percent_change" and fall and size >= 100:
        yield "growth_claim", f"{series.growth_claim} is a fall to nothing", remedy


def measure_gives_its_effect(measure: Any, release: Release) -> Iterator[Problem]:  # noqa: ARG001
    """A measure whose effect the release gives in figures names them."""
    if measure.effect_figure_given and not measure.figures:
        found = "the effect is said to be given in figures, and none is named"
        yield "figures", found, "name them, or write false in effect_figure_given"


def inputs_of_a_finding_exist(finding: Any, release: Release) -> Iterator[Problem]:
    """Every input of a finding is a row that is there."""
    for reference in finding.inputs.split():
        if problem := reference_problem(release, reference):
            yield "inputs", *problem


def assumption_applies_to_something(assumption: Any, release: Release) -> Iterator[Problem]:
    """An assumption applies to all, or to series, claims or figures that exist and read it."""
    series = list(release.series.index)
    both = [*series, *release.figures.index, *release.claims.index]
    only_series = symbols()[assumption.symbol].serves == "series"
    known = [EVERYTHING, *(series if only_series else both)]
    where = "series.csv" if only_series else "series.csv, figures.csv or claims.csv"
    yield from _unknown("applies_to", assumption.applies_to, known, where)


def scenario_keeps_within_allowed(scenario: Any, release: Release) -> Iterator[Problem]:
    """A scenario holds an assumption at a value that is allowed."""
    row = release.assumptions.loc[scenario.assumption]
    if not row["allowed_min"] <= scenario.value <= row["allowed_max"]:
        found = f"{scenario.value:g} is outside the allowed range"
        found += f" {row['allowed_min']:g} to {row['allowed_max']:g} of {scenario.assumption}"
        yield "value", found, "change the value"


def review_stands_beside_its_row(review: Any, release: Release) -> Iterator[Problem]:
    """A review stands in the folder of the row that it is about."""
    origin = release.assumptions.loc[review.assumption, "origin"]
    if origin != review.origin:
        found = f"{quoted(review.assumption)} is a row of {METHOD}/assumptions.csv"
        yield "assumption", found, f"move the review to {METHOD}/reviews.csv"


TABLE_RULES: Mapping[str, tuple[TableRule, ...]] = {
    "mentions": (mention_refers_to_its_row,),
    "claims": (published_series_exists, claim_compares_one_unit),
    "series": (
        published_series_exists,
        series_holds_its_own_figures,
        maximum_is_above_every_figure,
        series_can_be_projected,
    ),
    "findings": (inputs_of_a_finding_exist,),
    "scenarios": (scenario_keeps_within_allowed,),
    "assumptions": (assumption_applies_to_something,),
    "measures": (measure_gives_its_effect,),
    "reviews": (review_stands_beside_its_row,),
}


def release_faults(release: Release) -> Iterator[Fault]:
    """Hold the tables of a release against each other.

    Parameters
    ----------
    release
        Tables whose rows are sound by themselves.

    Yields
    ------
    Fault
        One for each reference that leads nowhere and each rule that is
        broken. The rules for a row whose references lead nowhere wait until
        they do.
    """
    dangling = list(dangling_references(release))
    yield from dangling
    waiting = {(fault.file, fault.row) for fault in dangling}
    for table, rules in TABLE_RULES.items():
        for row in rows_of(getattr(release, table)):
            file = _file(table, row)
            for rule in rules:
                if (file, row.file_row) in waiting:
                    break
                for problem in rule(row, release):
                    yield Fault(file, row.file_row, *problem)
    yield from _published_series_faults(release.published)
    yield from register_faults(release)
    if release.about.worked_example and release.about.worked_example not in release.series.index:
        _, found, remedy = next(
            _unknown("", release.about.worked_example, release.series.index, "series.csv")
        )
        yield Fault("release.toml", 0, "worked_example", found, remedy)


def _file(table: str, row: Any) -> str:
    shared = getattr(row, "origin", "") == METHOD
    return f"{METHOD}/{table}.csv" if shared else f"{table}.csv"


def dangling_references(release: Release, unsound: Container[str] = ()) -> Iterator[Fault]:
    """Find references to rows that are not there, but for those into unsound tables."""
    for table in tables().values():
        frame = getattr(release, table.name)
        keyed = frame.reset_index() if frame.index.name else frame
        for column in table.columns:
            if not column.refers or column.refers in unsound or not len(frame):
                continue
            known = set(getattr(release, column.refers).index)
            for place, names in enumerate(keyed[column.name].tolist()):
                if known.issuperset(names.split()):
                    continue
                row = next(rows_of(keyed.iloc[[place]]))
                for problem in _unknown(column.name, names, known, f"{column.refers}.csv"):
                    yield Fault(_file(table.name, row), row.file_row, *problem)


def _published_series_faults(published: pd.DataFrame) -> Iterator[Fault]:
    """A published series has one unit."""
    first: dict[str, Any] = {}
    for row in rows_of(published):
        other = first.setdefault(row.series, row)
        if other.unit != row.unit:
            found = (
                f"{row.series} is in {row.unit} here and in {other.unit} in row {other.file_row}"
            )
            yield Fault("published.csv", row.file_row, "unit", found, "make it two series")


def register_faults(release: Release) -> Iterator[Fault]:
    """A symbol has one row for each thing it serves, and none is missing or read by nothing."""
    serving: dict[tuple[str, str], Any] = {}
    for row in rows_of(release.assumptions):
        for target in row.applies_to.split():
            other = serving.setdefault((row.symbol, target), row)
            if other is not row:
                found = f"{other.id} gives the symbol {row.symbol} for {target} already"
                file = _file("assumptions", row)
                yield Fault(file, row.file_row, "applies_to", found, "keep one of the two")
    for symbol, targets in sorted(needed_symbols(release)):
        if not {(symbol, target) for target in (*targets, EVERYTHING)} & serving.keys():
            found = f"no row has the symbol {symbol} and applies to {' or '.join(targets)}"
            shared = symbol not in {*PROJECTION_SYMBOLS, *_OWN_SYMBOLS} or symbol == "damping"
            remedy = f"add a row with the symbol {symbol} and applies_to {targets[0]}"
            if shared:
                remedy = f"add it with applies_to {EVERYTHING}, here or in {METHOD}/assumptions.csv"
            yield Fault("assumptions.csv", 0, "symbol", found, remedy)


def needed_symbols(release: Release) -> set[tuple[str, tuple[str, ...]]]:
    """Return each symbol that a release needs, with the rows of which it must serve one."""
    needed: set[tuple[str, tuple[str, ...]]] = {
        (QUALIFIER_SYMBOLS[row.qualifier], (row.id,))
        for table in ("figures", "claims")
        for row in rows_of(getattr(release, table))
        if row.qualifier in QUALIFIER_SYMBOLS
    }
    needed |= {
        ("fraction_words", (claim.id,))
        for claim in rows_of(release.claims)
        if claim.stated_unit == "fraction"
    }
    figures = release.figures
    for series in rows_of(release.series[release.series["projectable"] == "yes"]):
        needed |= {(symbol, (series.id,)) for symbol in (*PROJECTION_SYMBOLS, "likely")}
        little = "little_change_points" if series.unit == "percent" else "little_change"
        needed.add((little, (series.id,)))
        if series.growth_claim:
            needed.add(("growth_years", (series.id,)))
        for name in {series.base_figure, series.growth_from} & set(figures.index):
            part = figures.loc[name, "period_kind"] in PARTS_OF_A_YEAR and series.unit != "percent"
            projected = figures.loc[name, "qualifier"] == "projected"
            if part or projected:
                needed.add(("rest_of_year", (name, series.id)))
            if projected and not part:
                needed.add(("cutoff", (name, series.id)))
    return needed


def _unknown(column: str, names: str, known: Iterable[str], where: str) -> Iterator[Problem]:
    """Yield a problem for each name that is not known."""
    for name in names.split():
        if name not in known:
            remedy = f"add it there or correct it here: {nearest_of(name, known)}"
            yield column, f"{quoted(name)} is not in {where}", remedy


def _exact(value: float) -> Fraction:
    """Return a number as it was typed: a float prints its shortest decimal."""
    return Fraction(repr(float(value)))
