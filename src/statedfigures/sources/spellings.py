"""Spellings of numbers and dates that only people, or only spreadsheets, can read.

Frictionless says which cell is not of its type. These functions say what was
found and what to write instead, in the words of somebody with the table open,
and refuse the few spellings that a lenient reader would take for something
else than what was meant.
"""

from __future__ import annotations

import re
from datetime import datetime

from statedfigures.sources.cells import Explanation, quoted

PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
ISO_DATE = re.compile(r"(?:18|19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
SPREADSHEET_DATE = re.compile(
    r"(?:[0-9]{1,2}[-/ ])?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ][0-9]{2,4}",
    re.I,
)
_SPREADSHEET_ERRORS = {"#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"}


def misleading_cell(cell: str, field_type: str) -> Explanation | None:
    """Explain a cell whose spelling a lenient reader could misread.

    Parameters
    ----------
    cell
        Text of the cell; not empty.
    field_type
        Type of its column in the Table Schema.

    Returns
    -------
    tuple of str or None
        What was found and what to do; None where the spelling is plain.

    Examples
    --------
    >>> misleading_cell("1,000", "number")
    ('"1,000" has a thousands separator', 'write 1000')
    >>> misleading_cell("1000", "number")
    """
    if cell != cell.strip():
        return f"{quoted(cell)} has a space at its beginning or end", "delete the space"
    if field_type in {"number", "integer"} and not PLAIN_NUMBER.fullmatch(cell):
        return explain_number(cell)
    if field_type == "date" and not ISO_DATE.fullmatch(cell):
        return explain_date(cell)
    if cell in _SPREADSHEET_ERRORS:
        return f"{quoted(cell)} is the error sign of a spreadsheet", "write what was meant"
    return None


def explain_number(cell: str) -> Explanation:
    """Explain a cell that should hold a plain number.

    Parameters
    ----------
    cell
        Text of the cell.

    Returns
    -------
    tuple of str
        What was found, and what to write instead.

    Examples
    --------
    >>> explain_number("£50")
    ('"£50" has a currency sign', 'write 50 and name the currency in the unit column')
    """
    bare = cell.strip()
    shown = quoted(cell)
    if bare.lower().lstrip("+-") in {"nan", "inf", "infinity", "n/a", "na", "#n/a", "null", "none"}:
        return f"{shown} is not a number", "write the number, or leave the cell empty"
    if re.fullmatch(r"-?[£$€]\s*[0-9,.]+|-?[0-9,.]+\s*[£$€]", bare):
        number = re.sub(r"[£$€\s,]", "", bare)
        return (
            f"{shown} has a currency sign",
            f"write {number} and name the currency in the unit column",
        )
    if bare.endswith("%") and PLAIN_NUMBER.fullmatch(bare[:-1].strip()):
        return f"{shown} has a percent sign", f"write {bare[:-1].strip()} with the unit percent"
    if re.fullmatch(r"-?[0-9]{1,3}(?:([, '’])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?", bare):
        return (
            f"{shown} has a thousands separator",
            f"write {re.sub(r'[, ’' + chr(39) + ']', '', bare)}",
        )
    if re.fullmatch(r"-?[0-9]+,[0-9]+", bare):
        return f"{shown} has a decimal comma", f"write {bare.replace(',', '.')}"
    if re.fullmatch(r"[-+]?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+", bare):
        value = float(bare)
        short = 1e-9 < abs(value) < 1e15
        full = f"{value:.12f}".rstrip("0").rstrip(".") if short else "it"
        return f"{shown} is in scientific notation", f"write {full} in plain digits"
    if SPREADSHEET_DATE.fullmatch(bare) or ISO_DATE.fullmatch(bare):
        return f"{shown} is a date and not a number", "write the number that was meant"
    if re.fullmatch(r"\+[0-9]+(?:\.[0-9]+)?", bare):
        return f"{shown} has a plus sign", f"write {bare[1:]}"
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]*)?|-?\.[0-9]+", bare):
        return (
            f"{shown} is not written as plain digits",
            "write it with at most 15 digits, like 0.5",
        )
    return f"{shown} is not a number", "write it in digits only, such as 1000 or 0.5"


def explain_date(cell: str) -> Explanation:
    """Explain a cell that should hold a date.

    Parameters, Returns
        As for `explain_number`.

    Examples
    --------
    >>> explain_date("Jan-13")
    ('"Jan-13" is a date that a spreadsheet has rewritten', 'write it like 2013-01-31')
    """
    bare, shown = cell.strip(), quoted(cell)
    if SPREADSHEET_DATE.fullmatch(bare):
        return f"{shown} is a date that a spreadsheet has rewritten", f"write it like {_iso(bare)}"
    if re.fullmatch(
        r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}", bare
    ):
        return f"{shown} is not an ISO date", "write year-month-day, like 2013-01-31"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", bare) and not ISO_DATE.fullmatch(bare):
        return f"{shown} is not in the years 1800 to 2199", "correct the year"
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", bare):
        return f"{shown} is no day of the calendar", "write year-month-day, like 2013-01-31"
    if re.fullmatch(r"[0-9]{5}", bare):
        return f"{shown} is the day number of a spreadsheet", "write it like 2013-01-31"
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", bare):
        return f"{shown} names no day", "write the first or last day of the period, like 2013-01-31"
    return f"{shown} is not a date", "write it like 2013-01-31"


def _iso(cell: str) -> str:
    """Give the last day of the month, or the day, that a spreadsheet's date names."""
    parts = re.split(r"[-/ ]", cell)
    day = parts[0] if len(parts) == 3 else None
    month, year = parts[-2][:3].title(), int(parts[-1])
    year += (2000 if year < 70 else 1900) if year < 100 else 0
    first = datetime.strptime(f"{month} {year:04d}", "%b %Y").date()
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    length = (after - first).days
    return f"{first:%Y-%m}-{int(day) if day and 0 < int(day) <= length else length:02d}"
