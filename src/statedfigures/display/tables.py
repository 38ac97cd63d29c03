"""Frames to HTML, CSV and workbook cells: the only place that does it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from markupsafe import Markup

from statedfigures.display import formats
from statedfigures.display.columns import Column, Specification
from statedfigures.display.provenance import TEMPLATES, Entry, Ledger, Number, anchor, references
from statedfigures.display.words import Link, Part, Sentence, parts_html, period

Row = Mapping[Any, Any]
ShownRow = tuple[str, Row, tuple[str, ...]]
"""The reference of a row, its values, and where it comes from."""
ROWS_SHOWN = 20
"""Rows of a long table that a notebook shows; the site shows all."""
_STATED = ("value", "unit", "qualifier", "value_to", "rounded_to", "as_stated")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARKS = {
    "supported": "✓",
    "supported within rounding": "✓",
    "consistent": "✓",
    "not supported": "✕",
    "not consistent": "✕",
}


_WORDS: dict[str, Callable[[Any], Part]] = {
    "text": lambda value: ("no", "yes")[value] if isinstance(value, bool) else str(value),
    "verdict": lambda value: verdict_text(str(value)),
    "unit": lambda value: formats.noun(str(value)),
    "quote": lambda value: f"“{value}”",
    "period": lambda value: period(str(value)),
    "year": lambda value: period(value if isinstance(value, str) else str(int(value))),
    "date": lambda value: period(formats.date_text(value)),
    "address": lambda value: Link(str(value), str(value)),
}


@dataclass(frozen=True, repr=False)
class TableView:
    """A frame and how it is shown.

    Attributes
    ----------
    frame
        One row for each row shown; its column ``inputs``, where it has one,
        says where each row comes from.
    specification
        The columns.
    caption
        What the table shows.
    anchored
        Whether its rows are what other pages link to.
    inputs
        References of the whole table, where rows have none of their own.
    """

    frame: pd.DataFrame
    specification: Specification
    caption: Sentence
    anchored: bool = False
    inputs: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> list[ShownRow]:
        """The reference of each row, its values and where it comes from."""
        kind, rows = self.specification.rows, list[ShownRow]()
        values = self.frame.to_numpy(object).tolist()
        for row_id, cells in zip(self.frame.index, values, strict=True):
            own, row = f"{kind}:{row_id}" if kind else "", dict(zip(self.frame, cells, strict=True))
            rows.append((own, row, references(own, str(row.get("inputs", "")), self.inputs)))
        return rows

    def all_inputs(self) -> tuple[str, ...]:
        """Return where its rows come from, each reference once."""
        return references(self.inputs, *(inputs for _, _, inputs in self.rows))

    @cached_property
    def cells(self) -> tuple[list[tuple[Any, ...]], dict[str, tuple[str, str]]]:
        """The rows as files hold them, and the heading and unit of each of its columns.

        The values are those of the frame itself, each a float, an int, a text without
        formula, or None for nothing. A range has a column for each end, a stated value
        one for its qualifier; the last column names the rows that each row comes from.
        """
        own = str(self.frame.index.name or "") if self.specification.rows else ""
        about = {own: (own.capitalize(), "")} if own else {}
        for column in self.specification.columns:
            for source in column.sources:
                is_part = len(column.sources) > 1
                heading = column.heading + (f": {source.replace('_', ' ')}" if is_part else "")
                unit = column.unit if column.is_numeric and column.unit != "as it is" else ""
                if source in self.frame.columns:
                    about.setdefault(source, (heading, unit))
        if "unit" in self.frame.columns:
            about.setdefault("unit", ("Unit", ""))
        about["inputs"] = ("Inputs", "")
        rows = [
            {**row, own: reference.partition(":")[2], "inputs": " ".join(inputs)}
            for reference, row, inputs in self.rows
        ]
        return [tuple(_typed(row[name]) for name in about) for row in rows], about


def verdict_text(verdict: str) -> str:
    """Write a verdict with its mark.

    Examples
    --------
    >>> verdict_text("not supported"), verdict_text("not determinable from the release")
    ('✕ Not supported', '? Not determinable from the release')
    """
    return f"{MARKS.get(verdict, '?')} {verdict[:1].upper()}{verdict[1:]}"


def cell(column: Column, row: Row, inputs: tuple[str, ...]) -> Part:
    """Return what a cell shows: a number with its source, a link, or text; never nothing.

    Parameters
    ----------
    column
        How it is shown.
    row
        The row of the frame.
    inputs
        Where the row comes from.

    Returns
    -------
    str, Number or Link
        ``not stated`` where the table says nothing, ``none`` where nothing
        could be computed.

    Examples
    --------
    >>> column = Column("range50", "Range", "range", "places", of="low high")
    >>> str(cell(column, {"low": 1121.0, "high": 2038.0}, ("figure:a",)))
    '1,120–2,040'
    """
    values: list[Any] = [row.get(source) for source in column.sources]
    value, kind, is_range = values[0], column.kind, column.kind in ("range", "interval")
    unit = "" if column.unit == "as it is" else column.unit or str(row.get("unit", ""))
    if all(map(pd.isna, values[: 1 + is_range])) or value == "":
        is_computed = column.formula or is_range or kind in ("number", "share", "unit")
        return "none" if is_computed else formats.NOT_STATED
    if not column.is_numeric:
        *before, last = values
        last = row.get(f"{column.name}_words", last) if kind == "year" else last
        said = [str(words) for words in before if str(words) not in str(last)]
        return _WORDS[kind](": ".join([*said, last]) if said else last)
    step, number = float(row.get("step", 0) or 0), float(value)
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    if kind == "stated":
        text = formats.stated_text(dict(zip(_STATED, values, strict=False)), column.unit)
    elif is_range:
        unit, is_stated = str(values[2]) if len(values) > 2 else unit, kind == "interval"
        low, high = number, float(values[1])
        ends = (high, low) if low > high else (low, high)  # one that is none stays in its place
        text = formats.range_text(*ends, unit, step, is_stated=is_stated)
    elif kind == "share":
        text = formats.in_hundred(number)
    elif column.unit == "share":
        text = formats.computed_text(100 * number, "percent")
    elif kind == "number":
        text = formats.computed_text(number, unit, step)
    elif kind == "ends" and column.formula:
        both = sorted(map(float, values[:2]))
        text = formats.between(*(formats.computed_text(end, str(values[2])) for end in both))
    else:
        text = formats.between(*(formats.assumed_text(float(end), unit) for end in values))
    working = str(row.get("working", "")) if column.formula else ""
    return Number(text, inputs, column.formula, working)


def table_html(view: TableView, ledger: Ledger | None = None, label: str = "") -> str:
    """Return a table as HTML: caption, scopes, a link a row, numbers to the right.

    Parameters
    ----------
    view
        The table.
    ledger
        Takes down where the numbers come from. Without one, as a notebook
        shows it: the first rows, plain text, no link into the site.
    label
        Its name for those who cannot see that it stands in a fold of that title.

    Returns
    -------
    str
        Columns of priority 2 to 4 that hold something stand again in the row's
        last cell, which opens: class ``p2`` to ``p4`` says which the page hides at its width.
    """
    rows = _rows_html(view, ledger, None if ledger else ROWS_SHOWN)
    template, nothing = TEMPLATES.get_template("table.html"), ("none", formats.NOT_STATED)
    return template.render(view=view, rows=rows, ledger=ledger, label=label, nothing=nothing)


def blocks_html(view: TableView, ledger: Ledger | None = None) -> str:
    """Return each row as a block: its head, names and values; priority 3 and 4 open below."""
    return TEMPLATES.get_template("blocks.html").render(rows=_rows_html(view, ledger))


def _rows_html(
    view: TableView, ledger: Ledger | None, most: int | None = None
) -> list[tuple[str, Entry | None, list[tuple[Column, Markup]]]]:
    """Return of each row the id that links lead to, its entry, and its cells as HTML."""
    rows, columns = [], view.specification.columns
    for own, row, inputs in view.rows[:most]:
        parts = [cell(column, row, inputs) for column in columns]
        entry = ledger.entry(str(parts[0])[:120], inputs) if ledger is not None else None
        htmls = [parts_html((part,), entry) for part in parts]
        target = anchor(own) if view.anchored and own and entry is not None else ""
        rows.append((target, entry, list(zip(columns, htmls, strict=True))))
    return rows


def neutralised(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula.

    Examples
    --------
    >>> neutralised("=1+1"), neutralised("about two thirds")
    ("'=1+1", 'about two thirds')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _typed(value: Any) -> float | int | str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if pd.isna(value) or (isinstance(value, float) and math.isinf(value)):
        return None
    return value if isinstance(value, int | float) else neutralised(str(value))


def table_csv(view: TableView) -> str:
    r"""Return a table as CSV, safe to open with a spreadsheet.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["=A"], "people": [12.5], "inputs": ["figure:a"]})
    >>> specification = Specification((Column("place", "Place"), Column("people", "People")))
    >>> table_csv(TableView(frame, specification, Sentence(())))
    "place,people,inputs\n'=A,12.5,figure:a\n"
    """
    rows, about = view.cells
    written = io.StringIO()
    fields = ([_field(cell) for cell in row] for row in rows)
    csv.writer(written, lineterminator="\n").writerows([about, *fields])
    return written.getvalue()


def _field(value: float | str | None) -> str:
    """Write a number for a machine: its shortest decimal, ten significant digits at most."""
    if value is None or isinstance(value, str):
        return value or ""
    text = f"{value:.10g}"
    return f"{int(value)}" if "e" in text and value == int(value) else text
