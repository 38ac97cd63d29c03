"""Rules that hold the tables of a release against each other, and its register of assumptions.

Written like those of ``rules``. They run when every table is sound by itself,
because a row that is missing for its own fault would make others look wrong.
"""

# The docstring of a rule is the rule, as a sentence.
# ruff: noqa: D401

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from statedfigures.errors import Fault
from statedfigures.release.csv_tables import explain_number, nearest_of, plain, quoted, rows_of
from statedfigures.release.periods import (
    PARTS_OF_A_YEAR,
    figure_period,
    season_problem,
    years_between,
)
from statedfigures.release.references import Release, find_row, reference_problem
from statedfigures.release.rules import Problem
from statedfigures.release.schema import METHOD, symbols, tables

TableRule = Callable[[Any, Release], Iterator[Problem]]

EVERYTHING = "all"
BOUNDS = frozenset({"more_than", "at_least", "less_than", "up_to"})
SHORTEST_TREND = 0.95  # years: two whole years' counts a year apart differ by a leap day
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
        problem = reference_problem(release, series.maximum)
        if problem and ":" not in series.maximum:
            problem = explain_number(series.maximum)
        if problem:
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
    """Find symbols that have two rows for a thing that they serve, and rows that are missing."""
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
