"""The tables of a release: as `schema.toml` describes them, and as DataFrames whose rows are named.

The descriptor is made from the description. A reference such as ``figure:ships_2020`` names a row.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
from markupsafe import Markup

from statedfigures.errors import Explanation, ParameterError, nearest_of, quoted, whole

PACKAGE_FILE = "datapackage.json"
METHOD = "method"  # the folder of the rows that every release shares; no release may have the id
SHARED = {"assumptions": "id", "reviews": "assumption"}  # its tables, and what names the row
_REFERRED = ["figure", "claim", "published", "assumption", "measure", "series", "topic", "finding"]
# The first word of a reference and the table whose id follows it.
TABLES = {kind: kind if kind in {"published", "series"} else f"{kind}s" for kind in _REFERRED}


@dataclass(frozen=True)
class Column:
    """A column of a table: what its cells may hold."""

    name: str
    description: str
    type: str = "text"
    required: bool = False
    one_of: tuple[str, ...] = ()
    refers: str = ""
    least: float | None = None
    longest: int = 2000

    @cached_property
    def about_type(self) -> Mapping[str, str]:
        """What `schema.toml` says of its type."""
        return described()["types"][self.type]

    @cached_property
    def data_type(self) -> str:
        """Type in the words of a Table Schema: string, number, integer, date, boolean."""
        return self.about_type["type"]

    def as_field(self) -> dict[str, Any]:
        """Return the column as a field of a Table Schema."""
        is_free_text = self.data_type == "string" and not self.one_of
        limits = {
            "required": self.required or None,
            "enum": list(self.one_of) or None,
            "pattern": self.about_type.get("form") if self.data_type == "string" else None,
            "maxLength": self.longest if is_free_text else None,
            "minimum": self.least,
        }
        limits = {name: limit for name, limit in limits.items() if limit is not None}
        field = {"name": self.name, "type": self.data_type, "description": self.description}
        return field | ({"constraints": limits} if limits else {})


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a release: its columns in order, and its key."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: Sequence[str] = ()
    optional: bool = False
    origin: str = "release"

    @property
    def file(self) -> str:
        """Name of its file, with the folder of those that every release shares."""
        return f"{METHOD}/{self.name}.csv" if self.origin == METHOD else f"{self.name}.csv"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns."""
        return tuple(column.name for column in self.columns)

    def as_resource(self) -> dict[str, Any]:
        """Return the table as a resource of a data package."""
        keys = [
            {"fields": [column.name], "reference": {"resource": column.refers, "fields": [target]}}
            for column in self.columns
            if column.refers and column.type != "ids"
            for target in tables()[column.refers].key
        ]
        fields = [column.as_field() for column in self.columns]
        schema = {"fields": fields, "primaryKey": list(self.key), "foreignKeys": keys}
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "path": self.file,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {name: found for name, found in schema.items() if found},
        }


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol of the method: unit and limits of its assumptions, and what they may serve.

    ``serves`` is ``series``, ``figures`` or ``both``.
    """

    name: str
    unit: str
    serves: str
    least: float = float("-inf")
    above: float = float("-inf")
    most: float = float("inf")

    def allows(self, value: float) -> bool:
        """Whether a value can be one of this symbol."""
        return self.least <= value <= self.most and value > self.above

    @property
    def limits(self) -> str:
        """The limits in words, such as ``from 0 to 1`` or ``above 0 on``."""
        lower = f"above {self.above:g}" if self.above > self.least else f"from {self.least:g}"
        return f"{lower} to {self.most:g}" if self.most < float("inf") else f"{lower} on"


@cache
def described() -> dict[str, Any]:
    """Return what `schema.toml` says."""
    return tomllib.loads((files(__package__) / "schema.toml").read_text(encoding="utf-8"))


# The pattern of a whole cell, for each type of a column.
FORMS = {name: re.compile(it.get("form", "(?s).*")) for name, it in described()["types"].items()}


@cache
def symbols() -> Mapping[str, Symbol]:
    """Return the symbols that an assumption can stand for, by name."""
    return {name: Symbol(name, **found) for name, found in described()["symbols"].items()}


@cache
def spellings(kind: str) -> tuple[tuple[Any, ...], ...]:
    """Return the wrong spellings of a type: form, what is found, what to write."""
    types = described()["types"]
    return tuple(
        (re.compile(re.sub("{([a-z_]+)}", lambda name: types[name[1]]["form"], form)), *told)
        for form, *told in described()["spellings"][kind]
    )


@cache
def tables() -> Mapping[str, Table]:
    """Return every table of a release, by name.

    Examples
    --------
    >>> tables()["mentions"].names
    ('locator', 'token', 'nth', 'disposition', 'refers_to')
    """
    lists = described()["lists"] | {"symbols": symbols()}

    def column(name: str, one_of: str | Sequence[str] = (), **found: Any) -> Column:
        words = lists[one_of] if isinstance(one_of, str) else one_of
        return Column(name, one_of=tuple(words), **found)

    made = {}
    for name, found in described().items():
        if columns := found.get("columns"):
            parts = tuple(column(key, **about) for key, about in columns.items())
            made[name] = Table(name, **{**found, "columns": parts})
    return made


def package_text(about: Any, present: Iterable[str]) -> str:
    """Return the text of the ``datapackage.json`` of a release.

    Parameters
    ----------
    about
        What ``release.toml`` says; see `About`.
    present
        Names of the tables that the folder holds.

    Returns
    -------
    str
        JSON of a data package whose resources are the tables that are there,
        in the order of `tables`.
    """
    here = set(present)
    package = {
        "profile": "tabular-data-package",
        "name": about.id,
        "title": f"Figures of {about.short_title}",
        "licenses": [{"title": about.licence, "path": about.licence_address}],
        "sources": [{"title": about.title, "path": about.address}],
        "resources": [table.as_resource() for name, table in tables().items() if name in here],
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


# ---------------------------------------------------------------- a release and its rows


class Cells(dict[str, Any]):
    """The cells of a row by their columns, as plain values; its name is the id of the row."""

    def __init__(self, name: object, cells: Iterable[tuple[Any, Any]]) -> None:
        super().__init__(cells)
        self.name = name


Row: TypeAlias = "pd.Series[Any] | Cells"


def cells_of(frame: pd.DataFrame) -> list[Cells]:
    """Return the rows of a frame, for a walk over all of them.

    Examples
    --------
    >>> [row] = cells_of(pd.DataFrame({"value": [480.0]}, index=["ships_2020"]))
    >>> row.name, row["value"]
    ('ships_2020', 480.0)
    """
    rows = zip(frame.index, *(frame[name].tolist() for name in frame), strict=True)
    return [Cells(name, zip(frame, cells, strict=True)) for name, *cells in rows]


@dataclass(frozen=True, slots=True)
class About:
    """What ``release.toml`` says about the release and this edition of its report."""

    id: str
    title: str
    short_title: str
    publisher: str
    published: date
    address: str
    licence: str
    licence_address: str
    edition: date
    geography: str
    responsible: str
    contact: str
    default_horizon: int = 0
    last_horizon: int = 0
    worked_example: str = ""
    notice: str = ""
    notice_links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """All tables of a release as DataFrames, indexed by the id of their rows.

    Texts are never missing but empty, numbers are float64 with NaN, dates are
    datetime64. Every frame ends with ``file_row``, the row of its file as a
    spreadsheet counts it.
    """

    id: str
    about: About
    folder: Path
    topics: pd.DataFrame
    paragraphs: pd.DataFrame
    mentions: pd.DataFrame
    figures: pd.DataFrame
    claims: pd.DataFrame
    series: pd.DataFrame
    findings: pd.DataFrame
    scenarios: pd.DataFrame
    assumptions: pd.DataFrame
    published: pd.DataFrame
    measures: pd.DataFrame
    reviews: pd.DataFrame

    def row(self, reference: str) -> pd.Series:
        """Return the row that a reference such as ``figure:ships_2020`` names.

        Raises
        ------
        DataError
            If there is no such row.
        """
        kind, _, name = reference.partition(":")
        if problem := reference_problem(reference, lambda table: getattr(self, table).index):
            raise whole(f"{TABLES.get(kind, 'tables')}.csv", *problem)
        found_row: pd.Series = getattr(self, TABLES[kind]).loc[name]
        return found_row

    def __repr__(self) -> str:
        """Return the id and the size of each table that has rows."""
        return f"Release({self.id!r}: {', '.join(self._sizes())})"

    def _repr_html_(self) -> str:
        published = f"{self.about.publisher}, {self.about.published}"
        shown = Markup("<p><strong>{}</strong><br>{}<br>{}</p>")
        return shown.format(self.about.title, published, ", ".join(self._sizes()))

    def _sizes(self) -> Iterator[str]:
        for name in tables():
            if rows := len(getattr(self, name)):
                yield f"{rows} {name}"


def require_release(given: Any) -> None:
    """Refuse what stands where a release should, such as its id."""
    if not hasattr(given, "about"):
        name = repr(given) if isinstance(given, str) else ""
        raise ParameterError(
            f"a release is expected, and this is of type {type(given).__name__}; "
            f"read one first: release = sf.read_release({name})"
        )


def reference_problem(
    reference: str, ids_of: Callable[[str], Collection[str]]
) -> Explanation | None:
    """Return what is wrong with a reference and what to do, or None if its row is there.

    Parameters
    ----------
    reference
        Such as ``figure:ships_2020``.
    ids_of
        Returns the ids of a table.
    """
    kind, _, name = reference.partition(":")
    if kind not in TABLES or not name:
        kinds = ", ".join(f"{word}:…" for word in TABLES)
        return f"{quoted(reference)} is no reference", f"begin it with one of: {kinds}"
    known = ids_of(TABLES[kind])
    return None if name in known else not_there(name, f"{TABLES[kind]}.csv", known)


def not_there(name: str, where: str, known: Iterable[str]) -> Explanation:
    """Return that a name is not among those of a table, and which was probably meant."""
    remedy = f"add it there or correct it here: {nearest_of(name, known)}"
    return f"{quoted(name)} is not in {where}", remedy
