"""Tables as the sheets of a workbook: cells, headings, widths, notes.

What gptables and xlsxwriter would read as markup, formula or address is
written so that they leave it alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from statedfigures.display.delimited import field_of, neutralised, number_field
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Quantity

if TYPE_CHECKING:
    import pandas as pd

LONGEST_SHEET = 150
"""A longer table is given as a file only, as on the pages."""
EMPTY = "[z]"
VALUES_NOTE = "values"
NOTES: Mapping[str, str] = {
    VALUES_NOTE: (
        "Cells hold the numbers of the CSV files, with up to ten significant digits; they are "
        "shown rounded. The pages give the words, the sources and the working of each number. "
        "An apostrophe before a text keeps spreadsheets from running it as a formula."
    ),
    "range": (
        "A range holds one in two or nine in ten of the draws that were made under the "
        "assumptions. It does not cover what nobody thought of."
    ),
    "projection": (
        "A projection is what would follow if the assumptions held. It is not a prediction."
    ),
}
_RANGES = frozenset({"q05", "q25", "q75", "q95"})
_PROJECTIONS = frozenset({"low_q50", "central_q50", "high_q50"})
_SYMBOLS = {"%": "percent", "£": "pounds", "–": EMPTY}
_LONGEST_TEXT = 32_000
_NARROWEST, _WIDEST = 10, 50
_MARKUP = re.compile(r"\$(?=\$)|\](?=\()")


def plain(text: str) -> str:
    """Keep a text from being read as a reference to a note, a link or a formula.

    Examples
    --------
    >>> plain("[a](b) costs $$5")
    '[a] (b) costs $ $5'
    """
    unmarked = _MARKUP.sub(lambda match: f"{match[0]} ", text)
    return neutralised(unmarked)[:_LONGEST_TEXT]


def sheet_cell(cell: Cell, column: Column) -> str | float:
    """Write a cell: the number of the CSV file, or its text; never nothing.

    A text without a letter or a digit is spelt out: a screen reader would
    pass over it.
    """
    number = isinstance(cell, Quantity) and cell.value is not None
    if column.numeric and number and math.isfinite(cell.value):  # type: ignore[union-attr,arg-type]
        return float(number_field(cell.value))  # type: ignore[union-attr,arg-type]
    text = plain(field_of(cell, column)).strip()
    if not text:
        return EMPTY
    return text if re.search("[a-zA-Z0-9]", text) else _SYMBOLS.get(text, f"text: {text}")


def sheet_headings(columns: Iterable[Column]) -> list[str]:
    """Give each column its heading with its unit, none twice and none empty."""
    headings: list[str] = []
    taken: set[str] = set()
    for column in columns:
        unit = _SYMBOLS.get(column.unit, column.unit)
        heading = plain(column.heading.strip() or column.name)
        heading += f"\n({plain(unit)})" if unit else ""
        if heading.lower() in taken:
            heading += f"\n{column.name}"
        taken.add(heading.lower())
        headings.append(heading)
    return headings


def sheet_table(view: TableView) -> pd.DataFrame:
    """Give a table as gptables takes it.

    Returns
    -------
    pandas.DataFrame
        Columns as on the page and in the file, dtype object: numbers are
        float, all else is text, and no cell is empty.
    """
    import pandas as pd

    rows = [
        [sheet_cell(cell, column) for cell, column in zip(row, view.columns, strict=True)]
        for row in view.rows
    ]
    return pd.DataFrame(rows, columns=sheet_headings(view.columns), dtype=object)


def table_notes(view: TableView) -> tuple[dict[str, str], dict[int, str]]:
    """Give the notes that a table needs, and which columns refer to them.

    Returns
    -------
    tuple
        Key to text, a note of the table's own under ``table-<id>``; and the
        position of a column to the reference, as gptables writes it.
    """
    notes: dict[str, str] = {}
    marks: dict[int, str] = {}
    for place, column in enumerate(view.columns):
        for key, names in (("range", _RANGES), ("projection", _PROJECTIONS)):
            if column.name in names:
                notes[key] = NOTES[key]
                marks[place] = f"$${key}$$"
    if view.note is not None and str(view.note).strip():
        notes[f"table-{view.id}"] = plain(str(view.note))
    return notes, marks


def number_format(column: Column, cells: Iterable[object]) -> str:
    """Choose how the numbers of a column are shown; empty where as they are."""
    numbers = [abs(cell) for cell in cells if isinstance(cell, float)]
    if not column.numeric or not numbers or column.name.endswith("year"):
        return ""
    if max(numbers) >= 1000 or all(number == int(number) for number in numbers):
        return "#,##0"
    return "0.0" if max(numbers) >= 10 else ""


def column_width(cells: Iterable[object]) -> int:
    """Give the width of a column in letters: that of its longest line, within bounds."""
    lines = (line for cell in cells for line in str(cell).split("\n"))
    longest = max(map(len, lines), default=0)
    return max(_NARROWEST, min(_WIDEST, longest + 2))
