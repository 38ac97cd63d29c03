"""Tables as the rows of a CSV file."""

from __future__ import annotations

from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Quantity

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def neutralised(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula.

    Returns
    -------
    str
        The text; with an apostrophe before it where it begins like a formula.

    Examples
    --------
    >>> neutralised("=1+1"), neutralised("about two thirds")
    ("'=1+1", 'about two thirds')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def number_field(value: float) -> str:
    """Write a number for a machine: no separators, ten significant digits at most.

    Examples
    --------
    >>> number_field(22500.0), number_field(0.18), number_field(-3.5)
    ('22500', '0.18', '-3.5')
    """
    text = f"{value:.10g}"
    return f"{int(value)}" if "e" in text and value == int(value) else text


def field_of(cell: Cell, column: Column) -> str:
    """Write a cell: the number itself in a numeric column, else the words shown."""
    if cell is None:
        return ""
    if column.numeric and isinstance(cell, Quantity) and cell.value is not None:
        return number_field(cell.value)
    return neutralised(str(cell))


def csv_rows(view: TableView) -> list[list[str]]:
    """Give a table as the rows of a CSV file, the header first.

    Parameters
    ----------
    view
        The table.

    Returns
    -------
    list of list of str
        Machine names of the columns, then one list for each row. Numeric
        columns hold plain numbers in the column's unit; other cells hold the
        words shown, with a leading apostrophe where a spreadsheet would take
        them for a formula.
    """
    header = [column.name for column in view.columns]
    return [header] + [
        [field_of(cell, column) for cell, column in zip(row, view.columns, strict=True)]
        for row in view.rows
    ]
