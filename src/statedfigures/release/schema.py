"""The tables of a release as `schema.toml` describes them, and the descriptor made from it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DESCRIPTOR_FILE = "datapackage.json"
METHOD = "method"  # the folder of the rows that every release shares; no release may have the id


@dataclass(frozen=True, slots=True)
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
    pattern: str = ""

    @property
    def data_type(self) -> str:
        """Type in the words of a Table Schema: string, number, integer, date, boolean."""
        return str(described()["types"][self.type]["type"])

    @property
    def form(self) -> str:
        """Regular expression that a text must match; empty for any text."""
        return self.pattern or str(described()["types"][self.type].get("form", ""))

    def as_field(self) -> dict[str, Any]:
        """Return the column as a field of a Table Schema."""
        is_free_text = self.data_type == "string" and not self.one_of
        limits = {
            "required": self.required or None,
            "enum": list(self.one_of) or None,
            "pattern": self.form or None,
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
    key: tuple[str, ...] = ()
    optional: bool = False

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.csv"

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


@cache
def symbols() -> Mapping[str, Symbol]:
    """Return the symbols that an assumption can stand for, by name."""
    return {name: Symbol(name, **found) for name, found in described()["symbols"].items()}


@cache
def spellings(kind: str) -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """Return the wrong spellings of a number or a date: form, what is found, what to write."""
    dates = described()["dates"]
    found = []
    for pattern, words, remedy in described()["spellings"][kind]:
        form = pattern.replace("{spreadsheet_date}", dates["spreadsheet"])
        found.append((re.compile(form.replace("{date}", dates["iso"])), words, remedy))
    return tuple(found)


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

    def table(
        name: str, columns: Mapping[str, Any], key: Sequence[str] = (), **found: Any
    ) -> Table:
        parts = tuple(column(name, **about) for name, about in columns.items())
        return Table(name, columns=parts, key=tuple(key), **found)

    return {name: table(name, **found) for name, found in described().items() if "columns" in found}


def descriptor_text(about: Any, present: Iterable[str]) -> str:
    """Return the text of the ``datapackage.json`` of a release.

    Parameters
    ----------
    about
        What ``release.toml`` says; see `statedfigures.release.references.About`.
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
