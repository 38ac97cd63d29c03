"""How the columns of every table are shown: heading, kind, unit, formula, priority."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

NUMERIC_KINDS = frozenset({"number", "exact", "stated", "range", "share", "count"})
"""Kinds that are set to the right: computed, as typed, stated, two ends, probability, whole."""


@dataclass(frozen=True, slots=True)
class Column:
    """How a column of a frame is shown.

    Attributes
    ----------
    name
        Name of the column in the frame.
    heading
        Its heading on the page.
    kind
        ``text``, ``quote``, ``verdict``, ``date``, ``year``, ``period``, ``address``,
        or one of `NUMERIC_KINDS`.
    unit
        Unit of its numbers; empty for that of the row's own column ``unit``.
    formula
        How its numbers are computed, in words; empty for numbers of the tables.
    priority
        1 on every screen (at most three columns), 2 not on a phone, 3 on a desk
        only, 4 only where the row is opened.
    of
        Columns of the frame that it is made of, where it is not `name` alone.
    """

    name: str
    heading: str
    kind: str = "text"
    unit: str = ""
    formula: str = ""
    priority: int = 2
    of: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the frame that it shows."""
        return self.of or (self.name,)

    @property
    def is_numeric(self) -> bool:
        """Whether it is set to the right."""
        return self.kind in NUMERIC_KINDS


@dataclass(frozen=True, slots=True)
class Specification:
    """The columns of a table, the noun of its rows and the kind of reference they are.

    The first column is the head of its row. ``rows`` is such as ``figure``,
    where the index of the frame holds ids of figures.
    """

    columns: tuple[Column, ...]
    noun: str = "rows"
    rows: str = ""

    def record(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Specification:
        """Return the specification of a record."""
        columns = [Column(**{**column, "of": tuple(column["of"])}) for column in record["columns"]]
        return cls(tuple(columns), record["noun"], record["rows"])


HIDDEN = frozenset({"inputs", "file_row", "unit", "working", "formula", "published_inputs"})
"""Columns that say something about others, and are not shown by themselves."""


def specification_of(frame: pd.DataFrame, formula: str = "") -> Specification:
    """Return how a frame of an analyst's own is shown, by the dtypes of its columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A"], "people": [12.5], "inputs": ["figure:a"]})
    >>> [(column.heading, column.kind) for column in specification_of(frame).columns]
    [('Place', 'text'), ('People', 'exact')]
    """
    columns = []
    for place, name in enumerate(name for name in frame.columns if name not in HIDDEN):
        words = str(name).replace("_", " ")
        values = frame[name]
        kind = "text"
        if pd.api.types.is_datetime64_any_dtype(values):
            kind = "date"
        elif pd.api.types.is_bool_dtype(values):
            kind = "text"
        elif pd.api.types.is_numeric_dtype(values):
            kind = "year" if words.split()[-1] == "year" else "exact"
        own = kind == "exact" and "unit" in frame.columns and name in ("value", "low", "high")
        columns.append(
            Column(
                str(name),
                words[:1].upper() + words[1:],
                kind,
                "" if own or kind != "exact" else "as it is",
                formula if kind == "exact" else "",
                1 if place < 3 else 2 if place < 5 else 3,
            )
        )
    return Specification(tuple(columns))


SPECIFICATIONS: dict[str, Specification] = {}
