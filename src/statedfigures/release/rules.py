"""Rules of the tables: those of `rules.toml`, and what its expressions cannot say.

Rules for single rows run on every table, and all faults are told at once.
Those that hold tables against each other run when every table is sound by
itself, because a row that is missing for its own fault would make others look
wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from importlib.resources import files
from itertools import chain
from types import CodeType
from typing import Any, NamedTuple

import pandas as pd

from statedfigures.errors import Explanation, Fault, quoted
from statedfigures.release import numerals, periods
from statedfigures.release.csv_tables import explain_cell, plain, read_table, rows_of, split_rows
from statedfigures.release.schema import (
    METHOD,
    Column,
    Release,
    Table,
    not_there,
    reference_problem,
    symbols,
    tables,
)

Problem = tuple[str, str, str]

EVERYTHING = "all"
SHORTEST_TREND = 0.95  # years: two whole years' counts a year apart differ by a leap day
_FILE = tomllib.loads((files(__package__) / "rules.toml").read_text(encoding="utf-8"))
# Pages that every report has; a topic cannot take the name of one.
PAGES = frozenset(_FILE["words"]["PAGES"])
SHARES = frozenset(_FILE["words"]["SHARES"])
NOT_PROJECTED = _FILE["words"]["NOT_PROJECTED"]
# The symbol of the assumption that sets how far a qualifier reaches.
QUALIFIER_SYMBOLS: Mapping[str, str] = _FILE["qualifiers"]


# ---------------------------------------------------------------- the rules of rules.toml


class Rule(NamedTuple):
    """One row of `rules.toml`: when a row of a table is wrong, and what is told then."""

    name: str
    columns: tuple[str, ...]
    broken: CodeType
    words: tuple[str, ...]  # what was found and what to do; none where the expression says it


@cache
def rules(scope: str) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules for single rows (``row``) or across tables (``across``), by table."""
    return {
        table: tuple(
            Rule(name, tuple(columns.split()), compile(broken, name, "eval"), tuple(words))
            for name, rows in named.items()
            for columns, broken, *words in rows
        )
        for table, named in _FILE[scope].items()
    }


def _problems(rules: Iterable[Rule], row: Any, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the columns of a row that break a rule, with what was found and what to do."""
    cells = row._asdict()
    # What is evaluated comes from `rules.toml` of this package alone, never from a release, whose
    # cells are values; and it reaches the names given here, without Python's builtins.
    names = {**known, **cells, "cells": cells, **_BUILTINS}
    for rule in rules:
        for column in rule.columns:
            names["cell"] = cells[column]
            if not (it := eval(rule.broken, names)):  # noqa: S307
                continue
            if rule.words:
                known = {**names, "it": it}
                it = [[eval(f'f"""{words}"""', known) for words in rule.words]]  # noqa: S307
            yield from ((column, found, remedy) for found, remedy in it)


def stated(cells: Mapping[str, Any]) -> numerals.Quantity | None:
    """Return the quantity of its fragment that a figure or a claim is, or None."""
    value, unit = ("value", "unit") if "value" in cells else ("stated_value", "stated_unit")
    step = 0 if pd.isna(cells["rounded_to"]) else cells["rounded_to"]
    return numerals.find_stated(cells["as_stated"], cells[value], cells[unit], step)


def qualifiers_stated(cells: Mapping[str, Any]) -> list[str]:
    """Return the qualifiers that fit the fragment of a figure or a claim."""
    found = stated(cells)
    return sorted(numerals.stated_qualifiers(cells["as_stated"], found)) if found else []


def range_stated(cells: Mapping[str, Any]) -> float:
    """Return the upper end of the range that a figure's fragment states; NaN without one."""
    found = stated(cells)
    return float("nan" if found is None or found.value_to is None else found.value_to)


def numbers_in(text: str) -> str:
    """Return the numbers that a fragment holds, as they are told; years of a span are none."""
    found = [each for each in numerals.number_mentions(text) if each.kind != "years"]
    return ", ".join(f"{float(each.value):g}" for each in found) or "no number"


# What the expressions of `rules.toml` may name: of the builtins, only these.
_BUILTINS: Mapping[str, Any] = {"__builtins__": {"len": len, "map": map, "max": max}}
_WORDING = (plain, quoted, numerals.exact_fraction, symbols)
_STATED = (stated, qualifiers_stated, range_stated, numbers_in)
_PERIODS = (
    periods.kind_problem,
    periods.figure_period,
    periods.period_problem,
    periods.read_period,
)
_ROW_NAMES: Mapping[str, Any] = {
    **_FILE["words"],
    **{function.__name__: function for function in (*_WORDING, *_STATED, *_PERIODS)},
    "empty": pd.isna,
    "says_fall": re.compile(_FILE["words"]["FALL"], re.I).search,
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
    for row in rows_of(frame):
        for problem in _problems(rules("row").get(table, ()), row, _ROW_NAMES):
            yield Fault(f"{table}.csv", row.file_row, *problem)


def read_checked(table: Table, content: bytes) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the bytes of a table, and hold its cells and rows against their rules."""
    frame, faults = read_table(table, split_rows(content, table.file))
    return frame, [*faults, *row_faults(table.name, frame)]


# ---------------------------------------------------------------- rules across tables


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
    for found, remedy in missing(release, release.about.worked_example, "series"):
        yield Fault("release.toml", 0, "worked_example", found, remedy)
    across = _names_across(release)
    for table, here in rules("across").items():
        name = table.removeprefix("projected_")
        frame = getattr(release, name)
        if name != table:
            frame = frame[frame["projectable"] == "yes"]
        for row in rows_of(frame):
            if (name_of_file(name, row), row.file_row) not in waiting:
                for problem in _problems(here, row, across):
                    yield Fault(name_of_file(name, row), row.file_row, *problem)
    units = release.published.groupby("series", sort=False)["unit"]
    mixed = release.published[units.transform("nunique") > 1]
    for series, rows in mixed.groupby("series", sort=False):
        # Of two units with as many rows each, the one that stands first.
        usual = rows["unit"].value_counts(sort=False).idxmax()
        for row in rows_of(rows[rows["unit"] != usual]):
            others = rows["file_row"][rows["unit"] == usual]
            where = f"row {others.iloc[0]}" if len(others) == 1 else f"{len(others)} other rows"
            found = f"{series} is in {row.unit} here and in {usual} in {where}"
            remedy = f"write {usual} and the value in it, or give these rows a series of their own"
            yield Fault("published.csv", row.file_row, "unit", found, remedy)
    yield from register_faults(release)


def name_of_file(table: str, row: Any) -> str:
    """Return the file that a row stands in; rows of the method stand in their own folder."""
    return f"{METHOD}/{table}.csv" if getattr(row, "origin", "") == METHOD else f"{table}.csv"


def dangling_references(release: Release, unsound: Collection[str] = ()) -> Iterator[Fault]:
    """Find references to rows that are not there, but for those into unsound tables."""
    for name, table in tables().items():
        columns = [c for c in table.columns if c.refers and c.refers not in unsound]
        for row in rows_of(getattr(release, name)) if columns else ():
            for column in columns:
                for problem in missing(release, getattr(row, column.name), column.refers):
                    yield Fault(name_of_file(name, row), row.file_row, column.name, *problem)


def missing(release: Release, names: str, *places: str) -> list[Explanation]:
    """Return a problem for each name that is no row of some tables, and no word given."""
    known = [_known(release, place) for place in places]
    where = " or ".join(f"{place}.csv" for place in places if place in tables())
    lost = [name for name in names.split() if not any(name in words for words in known)]
    return [not_there(name, where, chain(*known)) for name in lost]


def _known(release: Release, place: str) -> Collection[str]:
    """Return the names that a table knows; a word that is no table knows itself."""
    if place == "published":
        return set(release.published["series"])
    return getattr(release, place).index if place in tables() else {place}


def _names_across(release: Release) -> dict[str, Any]:
    """Return what the expressions of rules across the tables of a release may name."""

    def figure(name: str) -> pd.Series:
        return release.row(f"figure:{name}")

    def period(name: str) -> periods.Period | None:
        return periods.figure_period(figure(name)) if name else None

    def units(*names: str) -> dict[str, str]:
        return {name: figure(name)["unit"] for name in " ".join(names).split()}

    bound = (missing, limit, maximum_problem, years_ahead, reference_problem)
    free = (figure, period, units, trend_problem, falls_to_nothing)
    return {
        **_ROW_NAMES,
        **{function.__name__: partial(function, release) for function in bound},
        **{function.__name__: function for function in free},
        "is_rate_of_change": re.compile(_FILE["words"]["RATE_OF_CHANGE"], re.I).search,
        "row": release.row,
        "release": release,
        "METHOD": METHOD,
    }


def limit(release: Release, maximum: str) -> float:
    """Return the number that a maximum is or leads to; NaN where that is none."""
    if ":" not in maximum:
        return float(maximum)
    return float(release.row(maximum).get("value", float("nan")))


def maximum_problem(release: Release, maximum: str, unit: str) -> Explanation | None:
    """Return why a series cannot have a maximum, and what to do, or None."""
    if ":" not in maximum:
        return explain_cell(Column("maximum", "", "number"), maximum)
    if problem := reference_problem(release, maximum):
        return problem
    other = release.row(maximum).get("unit")
    if (other in SHARES) != (unit in SHARES):
        found = f"{quoted(maximum)} is in {other} and the series in {unit}"
        return found, "name a row that limits the series"
    if pd.isna(limit(release, maximum)):
        remedy = "write a number, or a row such as published:households/2022"
        return f"{quoted(maximum)} is no number", remedy
    return None


def years_ahead(release: Release, series: str, base_stands: str) -> float:
    """Return the years from a base that stands before a rise to the level after it."""
    rows = release.assumptions[release.assumptions["symbol"] == "growth_years"]
    serves = [bool({series, EVERYTHING} & {*names.split()}) for names in rows["applies_to"]]
    return float(rows["central"][serves].iloc[0]) if base_stands == "before" and any(serves) else 0


def trend_problem(before: periods.Period, base: periods.Period) -> Explanation | None:
    """Return why nothing can grow from one period to another, and what to do, or None."""
    if problem := periods.season_problem(before, base):
        return problem, NOT_PROJECTED
    if (years := periods.years_between(before, base)) < SHORTEST_TREND:
        found = f"{before.words} and {base.words} are {max(years, 0):.2g} years apart"
        return found, f"name a figure a year or more earlier, or {NOT_PROJECTED}"
    return None


def falls_to_nothing(claim: pd.Series) -> bool:
    """Whether a claim states a fall by a hundred percent."""
    size = abs(claim["stated_value"]) * (100 if claim["stated_unit"] == "fraction" else 1)
    fall = claim["direction"] == "fall" or claim["stated_value"] < 0
    return bool(claim["kind"] == "percent_change" and fall and size >= 100)


# ---------------------------------------------------------------- the register


def register_faults(release: Release) -> Iterator[Fault]:
    """Find symbols that have two rows for a thing that they serve, and rows that are missing."""
    serving: dict[tuple[str, str], Any] = {}
    for row in rows_of(release.assumptions):
        for target in row.applies_to.split():
            other = serving.setdefault((row.symbol, target), row)
            if other is not row:
                found = f"{other.id} gives the symbol {row.symbol} for {target} already"
                file = name_of_file("assumptions", row)
                yield Fault(file, row.file_row, "applies_to", found, "keep one of the two")
    for symbol, targets in sorted(needed_symbols(release)):
        if not {(symbol, target) for target in (*targets, EVERYTHING)} & serving.keys():
            found = f"no row has the symbol {symbol} and applies to {' or '.join(targets)}"
            remedy = f"add it with applies_to {EVERYTHING}, here or in {METHOD}/assumptions.csv"
            if symbol in _FILE["words"]["OWN_SYMBOLS"]:
                remedy = f"add a row with the symbol {symbol} and applies_to {targets[0]}"
            yield Fault("assumptions.csv", 0, "symbol", found, remedy)


def needed_symbols(release: Release) -> set[tuple[str, tuple[str, ...]]]:
    """Return each symbol that a release needs, with the rows of which it must serve one."""
    needed: set[tuple[str, tuple[str, ...]]] = set()
    for row in (*rows_of(release.figures), *rows_of(release.claims)):
        if symbol := QUALIFIER_SYMBOLS.get(row.qualifier):
            needed.add((symbol, (row.id,)))
        if getattr(row, "stated_unit", "") == "fraction":
            needed.add(("fraction_words", (row.id,)))
    figures = release.figures
    for series in rows_of(release.series[release.series["projectable"] == "yes"]):
        little = "little_change_points" if series.unit == "percent" else "little_change"
        own = ["growth_continues", "damping", "volatility", "likely", little]
        own += ["growth_years"] if series.growth_claim else []
        needed |= {(symbol, (series.id,)) for symbol in own}
        for name in {series.base_figure, series.growth_from} & set(figures.index):
            kind, qualifier = figures.loc[name, ["period_kind", "qualifier"]]
            part = kind in periods.PARTS_OF_A_YEAR and series.unit != "percent"
            if part or qualifier == "projected":
                needed.add(("rest_of_year", (name, series.id)))
            if qualifier == "projected" and not part:
                needed.add(("cutoff", (name, series.id)))
    return needed
