"""Domain rules that hold the tables of a release against each other."""

# The docstring of a rule is the rule, as a sentence.
# ruff: noqa: D401

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from statedfigures.errors import Fault
from statedfigures.sources.cells import nearest_of, quoted
from statedfigures.sources.records import Assumption, Mention, ReleaseTables, Series

Problem = tuple[str, str, str]
TableRule = Callable[[Any, ReleaseTables], Iterator[Problem]]

EVERYTHING = "all"
MONTHLY_SERIES = "tor_monthly_users"

# Table, column and the table whose ids the column names, one or several.
REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("figures", "locator", "paragraphs"),
    ("mentions", "locator", "paragraphs"),
    ("claims", "locator", "paragraphs"),
    ("claims", "from_figure", "figures"),
    ("claims", "to_figure", "figures"),
    ("measures", "locator", "paragraphs"),
    ("measures", "figures", "figures"),
    ("series", "base_figure", "figures"),
    ("series", "growth_from", "figures"),
    ("series", "growth_to", "figures"),
    ("series", "growth_claim", "claims"),
    ("series", "figures", "figures"),
    ("assumptions", "depends_on", "assumptions"),
    ("reviews", "assumption", "assumptions"),
    ("published", "compares_with", "figures"),
)


def mention_refers_to_its_row(mention: Mention, tables: ReleaseTables) -> Iterator[Problem]:
    """A mention names a row of the table that its disposition says."""
    known: Iterable[str] = tables.claims if mention.disposition == "claim" else tables.figures
    if mention.refers_to:
        kind = "claim" if mention.disposition == "claim" else "figure"
        yield from _unknown("refers_to", (mention.refers_to,), known, f"{kind}s.csv")


def published_series_exists(claim: Any, tables: ReleaseTables) -> Iterator[Problem]:
    """The published base of a share is a series of published.csv."""
    if claim.published_series:
        known = {row.series for row in tables.published.values()}
        yield from _unknown("published_series", (claim.published_series,), known, "published.csv")


def outturn_series_exists(series: Series, tables: ReleaseTables) -> Iterator[Problem]:
    """The outturn of a series is one of published.csv, or the monthly Tor users."""
    if series.outturn_series:
        known = {row.series for row in tables.published.values()} | {MONTHLY_SERIES}
        yield from _unknown("outturn_series", (series.outturn_series,), known, "published.csv")


def series_holds_its_own_figures(series: Series, tables: ReleaseTables) -> Iterator[Problem]:
    """The figures that a series starts and grows from are its own, in its unit."""
    for column in ("base_figure", "growth_from", "growth_to"):
        name = getattr(series, column)
        if name and name not in series.figures:
            found = f"{quoted(name)} is not one of the figures of the series"
            yield column, found, "add it to the column figures"
    for name in series.figures:
        figure = tables.figures.get(name)
        if figure and figure.unit != series.unit:
            found = f"{name} is in {figure.unit} and the series in {series.unit}"
            yield "figures", found, "series of different units are never joined; take it out"


def measure_gives_its_effect(measure: Any, tables: ReleaseTables) -> Iterator[Problem]:  # noqa: ARG001
    """A measure whose effect the release gives in figures names them."""
    if measure.effect_figure_given and not measure.figures:
        found = "the effect is said to be given in figures, and none is named"
        yield "figures", found, "name them, or write false in effect_figure_given"


def assumption_applies_to_something(
    assumption: Assumption, tables: ReleaseTables
) -> Iterator[Problem]:
    """An assumption applies to all, or to series, claims or figures that exist."""
    known = {EVERYTHING, *tables.series, *tables.claims, *tables.figures}
    where = "series.csv, claims.csv or figures.csv"
    if not assumption.applies_to:
        yield "applies_to", "the assumption applies to nothing", "write all, or ids of series"
    yield from _unknown("applies_to", assumption.applies_to, known, where)


def assumption_does_not_depend_on_itself(
    assumption: Assumption, tables: ReleaseTables
) -> Iterator[Problem]:
    """No assumption depends on itself, straight away or by way of others."""
    reached: set[str] = set()
    waiting = list(assumption.depends_on)
    while waiting:
        name = waiting.pop()
        if name not in reached and name in tables.assumptions:
            reached.add(name)
            waiting.extend(tables.assumptions[name].depends_on)
    if assumption.id in reached:
        found = f"{quoted(assumption.id)} depends on itself"
        yield "depends_on", found, "break the circle"


def rule_has_one_row_for_a_target(tables: ReleaseTables) -> Iterator[Fault]:
    """A rule has one assumption for each thing that it applies to."""
    first: dict[tuple[str, str], Assumption] = {}
    for assumption in sorted(tables.assumptions.values(), key=lambda row: row.row):
        for target in assumption.applies_to:
            other = first.setdefault((assumption.rule, target), assumption)
            if other is not assumption:
                found = f"{other.id} gives the rule {other.rule} for {target} already"
                row = assumption.row
                yield Fault("assumptions.csv", row, "applies_to", found, "keep one of the two")


TABLE_RULES: Mapping[str, tuple[TableRule, ...]] = {
    "mentions": (mention_refers_to_its_row,),
    "claims": (published_series_exists,),
    "measures": (measure_gives_its_effect,),
    "series": (outturn_series_exists, series_holds_its_own_figures),
    "assumptions": (
        assumption_applies_to_something,
        assumption_does_not_depend_on_itself,
    ),
}


def table_faults(tables: ReleaseTables) -> Iterator[Fault]:
    """Hold the tables of a release against each other.

    Parameters
    ----------
    tables
        Tables whose rows are sound by themselves.

    Yields
    ------
    Fault
        One for each reference that leads nowhere and each rule that is broken.
    """
    for table, column, target in REFERENCES:
        known = getattr(tables, target)
        for record in _rows(tables, table):
            named = getattr(record, column)
            names = named if isinstance(named, tuple) else (named,) if named else ()
            for problem in _unknown(column, names, known, f"{target}.csv"):
                yield Fault(f"{table}.csv", record.row, *problem)
    for table, rules in TABLE_RULES.items():
        for record in _rows(tables, table):
            for rule in rules:
                for problem in rule(record, tables):
                    yield Fault(f"{table}.csv", record.row, *problem)
    yield from rule_has_one_row_for_a_target(tables)


def _rows(tables: ReleaseTables, table: str) -> Iterable[Any]:
    """Give the records of a table, whether it has ids or not."""
    rows = getattr(tables, table)
    return rows.values() if isinstance(rows, Mapping) else rows


def _unknown(
    column: str, names: Iterable[str], known: Iterable[str], where: str
) -> Iterator[Problem]:
    """Give a problem for each name that is not known."""
    for name in names:
        if name not in known:
            remedy = f"add it there or correct it here: {nearest_of(name, known)}"
            yield column, f"{quoted(name)} is not in {where}", remedy
