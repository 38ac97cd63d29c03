"""Rules of the tables: those of `rules.toml`, and what its expressions cannot say.

Rules for single rows run on every table, and all faults are told at once.
Those that hold tables against each other run when every table is sound by
itself, because a row that is missing for its own fault would make others look
wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from itertools import chain
from types import CodeType
from typing import Any, NamedTuple

import pandas as pd

from statedfigures.errors import Explanation, Fault, quoted
from statedfigures.release import numerals, periods, schema
from statedfigures.release.csv_tables import TableRow, explain_cell, plain, read_table, split_rows
from statedfigures.release.schema import METHOD, Table, symbols, tables

EVERYTHING = "all"
DIGITS = 32  # of half a fingerprint, in hexadecimal
SHORTEST_TREND = 0.95  # years: two whole years' counts a year apart differ by a leap day
_FILE = tomllib.loads((files(__package__) / "rules.toml").read_text(encoding="utf-8"))
# Pages that every report has; a topic cannot take the name of one.
PAGES = frozenset(_FILE["words"]["PAGES"])
SHARES = frozenset(_FILE["words"]["SHARES"])
NOT_PROJECTED = _FILE["words"]["NOT_PROJECTED"]
# The symbol of the assumption that sets how far a qualifier reaches.
QUALIFIER_SYMBOLS: Mapping[str, str] = _FILE["words"]["QUALIFIER_SYMBOLS"]
# What is told of a row that the copy of a release contradicts: column, what is found, what to do.
TRACE_FAULTS: Mapping[str, Sequence[str]] = _FILE["trace"]


# ---------------------------------------------------------------- the rules of rules.toml


class Rule(NamedTuple):
    """One row of `rules.toml`: when a row of a table is wrong, and what is told then."""

    name: str
    columns: tuple[str, ...]
    broken: CodeType
    words: tuple[str, ...]  # what was found and what to do; none where the expression says it


# The rules for single rows (``row``) and across tables (``across``), by table.
RULES: Mapping[str, Mapping[str, tuple[Rule, ...]]] = {
    scope: {
        table: tuple(
            Rule(name, tuple(columns.split()), compile(broken, name, "eval"), tuple(words))
            for name, rows in named.items()
            for columns, broken, *words in rows
        )
        for table, named in _FILE[scope].items()
    }
    for scope in ("row", "across")
}


def broken_rules(rules: Iterable[Rule], row: TableRow, known: Mapping[str, Any]) -> Iterator[Fault]:
    """Find what rules a row breaks: the column, what was found and what to do."""
    cells = vars(row)
    # What is evaluated comes from `rules.toml` of this package alone, never from a release, whose
    # cells are values; and it reaches the names given here, without Python's builtins.
    names = {**known, **cells, "cells": cells, **_BUILTINS}
    for rule in rules:
        for column in rule.columns:
            names["cell"] = cells[column]
            if not (it := eval(rule.broken, names)):  # noqa: S307
                continue
            if rule.words:
                words = [f'f"""{each}"""' for each in rule.words]
                it = [[eval(each, {**names, "it": it}) for each in words]]  # noqa: S307
            yield from (Fault(row.file, row.file_row, column, *problem) for problem in it)


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
    if found is None or found.value_to is None:
        return float("nan")
    scale = numerals.exact_fraction(cells["value"]) / found.value if found.value else 1
    return float(found.value_to * scale)


def numbers_in(text: str) -> str:
    """Return the numbers that a fragment holds, as they are told; years of a span are none."""
    found = [each for each in numerals.number_mentions(text) if each.kind != "years"]
    return ", ".join(f"{float(each.value):g}" for each in found) or "no number"


def row_fingerprint(name: str, cells: Mapping[str, Any] | pd.Series) -> str:
    """Return the fingerprint of what a row of the register says: the first half of a review's."""
    columns = (column for column in tables()["assumptions"].names if column != "id")
    return digest([name, {column: _text(cells[column]) for column in columns}])


def _text(value: Any) -> str:
    """Return a cell as text that says its value and nothing of its type."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return repr(float(value)) if isinstance(value, float | int) else str(value)


def digest(value: object) -> str:
    """Return half of a fingerprint: SHA-256 (FIPS 180-4), cut to 128 bits."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:DIGITS]


def trend_problem(before: periods.Period, base: periods.Period) -> Explanation | None:
    """Return why nothing can grow from one period to another, and what to do, or None."""
    if problem := periods.season_problem(before, base):
        return problem, NOT_PROJECTED
    if (years := periods.years_between(before, base)) < SHORTEST_TREND:
        found = f"{before.words} and {base.words} are {max(years, 0):.2g} years apart"
        return found, f"name a figure a year or more earlier, or {NOT_PROJECTED}"
    return None


def falls_to_nothing(claim: TableRow) -> bool:
    """Whether a claim states a fall by a hundred percent."""
    size = abs(claim.stated_value) * (100 if claim.stated_unit == "fraction" else 1)
    fall = claim.direction == "fall" or claim.stated_value < 0
    return bool(claim.kind == "percent_change" and fall and size >= 100)


def covers_a_part(figure: Mapping[str, Any] | pd.Series) -> bool:
    """Whether a figure counts a part of a year, which the rest has to be added to."""
    return figure["period_kind"] in periods.PARTS_OF_A_YEAR and adds_up(figure["unit"])


def adds_up(unit: str) -> bool:
    """Whether parts of a year make up the year: not for a share, duration, speed or temperature."""
    return NAMES["is_not_added_up"](unit) is None


# What the expressions of `rules.toml` may name: of the builtins, only these.
_BUILTINS = {"__builtins__": {"abs": abs, "len": len, "map": map, "max": max, "vars": vars}}
_FUNCTIONS = (
    *(plain, quoted, symbols, stated, qualifiers_stated, range_stated, numbers_in),
    *(periods.kind_problem, periods.figure_period, periods.period_problem, periods.read_period),
    *(numerals.exact_fraction, trend_problem, falls_to_nothing, covers_a_part),
)
NAMES: Mapping[str, Any] = {
    **_FILE["words"],
    **{name: re.compile(form, re.I).search for name, form in _FILE["patterns"].items()},
    **{function.__name__: function for function in _FUNCTIONS},
    "empty": pd.isna,
}


def row_faults(table: str, rows: Iterable[TableRow]) -> list[Fault]:
    """Hold the rows of a table, each by itself, against their rules."""
    here = RULES["row"].get(table, ())
    return [fault for row in rows for fault in broken_rules(here, row, NAMES)]


def read_checked(table: Table, content: bytes) -> tuple[list[TableRow], list[Fault]]:
    """Read the bytes of a table, and hold its cells and rows against their rules."""
    rows, faults = read_table(table, split_rows(content, table.file))
    return rows, faults + row_faults(table.name, rows)


# ---------------------------------------------------------------- rules across tables


def release_faults(rows: Mapping[str, Sequence[TableRow]]) -> Iterator[Fault]:
    """Hold the tables of a release against each other.

    Parameters
    ----------
    rows
        Rows that are sound by themselves, by table; ``release`` is what
        ``release.toml`` says, as one row.

    Yields
    ------
    Fault
        One for each reference that leads nowhere and each rule that is
        broken. The rules for a row whose references lead nowhere wait until
        they do.
    """
    names = {**NAMES, "release": (known := Known(rows))}
    yield from (dangling := list(known.dangling()))
    waiting = {(fault.file, fault.row) for fault in dangling}
    for table, here in RULES["across"].items():
        name = table.removeprefix("projected_")
        for row in rows[name]:
            held = name == table or row.projectable == "yes"
            if held and (row.file, row.file_row) not in waiting:
                yield from broken_rules(here, row, names)


class Known:
    """The rows of all tables, and what the rules across tables may ask of them."""

    def __init__(self, rows: Mapping[str, Sequence[TableRow]]) -> None:
        self.rows, self.about = rows, next(iter(rows["release"]), None)
        self._by_id = {name: {row.id: row for row in here} for name, here in rows.items()}
        self.reference_problem = partial(schema.reference_problem, ids_of=self._by_id.__getitem__)
        self._serving: dict[tuple[str, str], TableRow] = {}
        for row in rows["assumptions"]:
            for target in row.applies_to.split():
                self._serving.setdefault((row.symbol, target), row)
        units: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows["published"]:
            units[row.series][row.unit] += 1
        # The unit that most rows of a published series are in, and how many are.
        self.usual_unit = {series: found.most_common(1)[0] for series, found in units.items()}
        self._names: Mapping[str, Collection[str]] = {**self._by_id, "published": self.usual_unit}

    def dangling(self, unsound: Collection[str] = ()) -> Iterator[Fault]:
        """Find references to rows that are not there, but for those into unsound tables."""
        for name, table in tables().items():
            columns = [c for c in table.columns if c.refers and c.refers not in unsound]
            for row in self.rows[name]:
                for column in columns:
                    for problem in self.missing(getattr(row, column.name), column.refers):
                        yield Fault(row.file, row.file_row, column.name, *problem)

    def row(self, reference: str) -> TableRow:
        """Return the row that a reference names."""
        kind, _, name = reference.partition(":")
        return self._by_id[schema.TABLES[kind]][name]

    def figure(self, name: str) -> TableRow:
        """Return a figure."""
        return self._by_id["figures"][name]

    def period(self, name: str) -> periods.Period | None:
        """Return the period of a figure, where it is named and has one."""
        return periods.figure_period(vars(self.figure(name))) if name else None

    def units(self, *names: str) -> dict[str, str]:
        """Return the units of figures."""
        return {name: self.figure(name).unit for name in " ".join(names).split()}

    def missing(self, names: str, *places: str) -> list[Explanation]:
        """Return a problem for each name that is no row of some tables, and no word given."""
        known = [self._names.get(place, {place}) for place in places]
        where = " or ".join(f"{place}.csv" for place in places if place in self._names)
        lost = [name for name in names.split() if not any(name in words for words in known)]
        return [schema.not_there(name, where, chain(*known)) for name in lost]

    def limit(self, maximum: str) -> float:
        """Return the number that a maximum is or leads to; NaN where that is none."""
        return float(getattr(self.row(maximum), "value", "nan") if ":" in maximum else maximum)

    def maximum_problem(self, maximum: str, unit: str) -> Explanation | None:
        """Return why a series cannot have a maximum, and what to do, or None."""
        if ":" not in maximum:
            return explain_cell(schema.Column("maximum", "", "number"), maximum)
        if problem := self.reference_problem(maximum):
            return problem
        other = getattr(self.row(maximum), "unit", "no unit")
        if (other in SHARES) != (unit in SHARES):
            found = f"{quoted(maximum)} is in {other} and the series in {unit}"
            return found, "name a row that limits the series"
        if pd.isna(self.limit(maximum)):
            remedy = "write a number, or a row such as published:households/2022"
            return f"{quoted(maximum)} is no number", remedy
        return None

    def years_ahead(self, series: str, base_stands: str) -> float:
        """Return the years from a base that stands before a rise to the level after it."""
        rows = (self._serving.get(("growth_years", target)) for target in (series, EVERYTHING))
        years = (row.central for row in rows if row)
        return next(years, 0.0) if base_stands == "before" else 0.0

    def decided_later(self, assumption: str, on: pd.Timestamp, fingerprint: str) -> str:
        """Return when a row that is as it was reviewed was decided on, if after the review."""
        row = self.row(f"assumption:{assumption}")
        as_it_was = row_fingerprint(row.id, vars(row)).startswith(fingerprint[:DIGITS])
        return str(row.decided_on.date()) if as_it_was and on < row.decided_on else ""

    def served_already(self, own: str, symbol: str, targets: str) -> list[Explanation]:
        """Return a problem for each thing that a row above serves with the same symbol."""
        above = {target: self._serving[symbol, target].id for target in targets.split()}
        return [(f"{other} gives the symbol {symbol} for {target} already", "keep one of the two")
                for target, other in above.items() if other != own]  # fmt: skip

    def lacking(self, names: str, *targets: str) -> list[Explanation]:
        """Return a problem for each symbol that no row gives for one of some things."""
        own = f"add it to assumptions.csv with applies_to {targets[0]}"
        shared = f"add it to {METHOD}/assumptions.csv with applies_to {EVERYTHING}"
        served = {symbol for symbol, target in self._serving if target in (*targets, EVERYTHING)}
        lost = [symbol for symbol in names.split() if symbol not in served]
        found = "no row has the symbol {} and applies to " + " or ".join(targets)
        return [(found.format(symbol), own if symbol in NAMES["OWN_SYMBOLS"] else shared)
                for symbol in lost]  # fmt: skip
