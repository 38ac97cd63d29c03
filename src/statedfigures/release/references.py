"""A release as DataFrames, and references such as ``figure:ships_2020`` to its rows."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from statedfigures.release.csv_tables import nearest_of, quoted, whole
from statedfigures.release.schema import tables

# The first word of a reference and the table whose id follows it.
TABLES = {
    "figure": "figures",
    "claim": "claims",
    "published": "published",
    "assumption": "assumptions",
    "measure": "measures",
    "series": "series",
    "topic": "topics",
    "finding": "findings",
}
# First words of references that lead to something else than a row.
OTHERS = ("release", "parameter")


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
        problem = reference_problem(self, reference)
        if problem or kind in OTHERS:
            found, remedy = problem or (f"{quoted(reference)} is no row", "name a row of a table")
            raise whole(f"{TABLES.get(kind, 'tables')}.csv", found, remedy)
        found_row: pd.Series = getattr(self, TABLES[kind]).loc[name]
        return found_row

    def __repr__(self) -> str:
        """Return the id and the size of each table that has rows."""
        return f"Release({self.id!r}: {', '.join(self._sizes())})"

    def _repr_html_(self) -> str:
        title = html.escape(self.about.title)
        published = html.escape(f"{self.about.publisher}, {self.about.published}")
        sizes = html.escape(", ".join(self._sizes()))
        return f"<p><strong>{title}</strong><br>{published}<br>{sizes}</p>"

    def _sizes(self) -> Iterator[str]:
        for name in tables():
            if rows := len(getattr(self, name)):
                yield f"{rows} {name}"


def reference_problem(release: Release, reference: str) -> tuple[str, str] | None:
    """Return what is wrong with a reference and what to do, or None if its row is there."""
    kind, _, name = reference.partition(":")
    if kind in OTHERS:
        return None
    if kind not in TABLES or not name:
        kinds = ", ".join(f"{word}:…" for word in TABLES)
        return f"{quoted(reference)} is no reference", f"begin it with one of: {kinds}"
    frame: pd.DataFrame = getattr(release, TABLES[kind])
    return None if name in frame.index else not_there(name, f"{TABLES[kind]}.csv", frame.index)


def not_there(name: str, where: str, known: Iterable[str]) -> tuple[str, str]:
    """Return that a name is not among those of a table, and which was probably meant."""
    remedy = f"add it there or correct it here: {nearest_of(name, known)}"
    return f"{quoted(name)} is not in {where}", remedy
