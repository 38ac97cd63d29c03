"""What is wrong with a cell, in the words of somebody with the table open.

Frictionless says which cell breaks which type or constraint; these functions
say what was found and what to do. They also refuse the few spellings that a
lenient reader would take for something else than what was meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches

PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SPREADSHEET_DATE = re.compile(
    r"(?:\d{1,2}[-/ ])?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ]\d{2,4}", re.I
)
LONGEST_SHOWN = 60

Explanation = tuple[str, str]


def quoted(value: str) -> str:
    """Put a value between quotation marks, shortened if it is long.

    Parameters
    ----------
    value
        Text of a cell.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> quoted("1,000")
    '"1,000"'
    """
    line = " ".join(value.split()) if value.strip() else value.replace("\n", " ")
    shown = line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
    return f'"{shown}"'


def nearest_of(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, or list them.

    Parameters
    ----------
    word
        What was found.
    known
        The words that would be right.

    Returns
    -------
    str
        What to write.

    Examples
    --------
    >>> nearest_of("abuot", ["about", "exact"])
    'did you mean "about"?'
    >>> nearest_of("weekly", ["about", "exact"])
    'use one of: about, exact'
    """
    words = sorted({str(name) for name in known})
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    lower = {name.lower(): name for name in words}
    if folded := lower.get(word.strip().lower()):
        return f'did you mean "{folded}"?'
    if close:
        return f'did you mean "{close[0]}"?'
    if not words:
        return "nothing of this kind exists yet; leave the cell empty or add the row first"
    shown = ", ".join(words[:12])
    return f"use one of: {shown}{', …' if len(words) > 12 else ''}"


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
    if field_type == "string" and cell.startswith("#") and cell.rstrip("!?/0AN").isupper():
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
    if re.fullmatch(r"-?[£$€]\s*[\d,.]+|-?[\d,.]+\s*[£$€]", bare):
        number = re.sub(r"[£$€\s,]", "", bare)
        return (
            f"{shown} has a currency sign",
            f"write {number} and name the currency in the unit column",
        )
    if bare.endswith("%") and PLAIN_NUMBER.fullmatch(bare[:-1].strip()):
        return f"{shown} has a percent sign", f"write {bare[:-1].strip()} with the unit percent"
    if re.fullmatch(r"-?\d{1,3}(?:([, '’])\d{3})(?:\1\d{3})*(?:\.\d+)?", bare):
        return (
            f"{shown} has a thousands separator",
            f"write {re.sub(r'[, ’' + chr(39) + ']', '', bare)}",
        )
    if re.fullmatch(r"-?\d+,\d+", bare):
        return f"{shown} has a decimal comma", f"write {bare.replace(',', '.')}"
    if re.fullmatch(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d+", bare):
        value = float(bare)
        short = 1e-9 < abs(value) < 1e15
        full = f"{value:.12f}".rstrip("0").rstrip(".") if short else "it"
        return f"{shown} is in scientific notation", f"write {full} in plain digits"
    if SPREADSHEET_DATE.fullmatch(bare) or ISO_DATE.fullmatch(bare):
        return f"{shown} is a date and not a number", "write the number that was meant"
    if re.fullmatch(r"\+\d+(?:\.\d+)?", bare):
        return f"{shown} has a plus sign", f"write {bare[1:]}"
    if re.fullmatch(r"-?\d+(?:\.\d*)?|-?\.\d+", bare):
        return (
            f"{shown} is not written as plain digits",
            "write it with at most 15 digits, like 0.5",
        )
    return f"{shown} is not a number", "write it in digits only, such as 1000 or 0.5"


def explain_date(cell: str) -> Explanation:
    """Explain a cell that should hold a date.

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
    >>> explain_date("Jan-13")
    ('"Jan-13" is a date that a spreadsheet has rewritten', 'write it like 2013-01-31')
    """
    bare, shown = cell.strip(), quoted(cell)
    if SPREADSHEET_DATE.fullmatch(bare):
        return f"{shown} is a date that a spreadsheet has rewritten", f"write it like {_iso(bare)}"
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/.]\d{1,2}[/.]\d{1,2}", bare):
        return f"{shown} is not an ISO date", "write year-month-day, like 2013-01-31"
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", bare):
        return f"{shown} is no day of the calendar", "write year-month-day, like 2013-01-31"
    if re.fullmatch(r"\d{5}", bare):
        return f"{shown} is the day number of a spreadsheet", "write it like 2013-01-31"
    if re.fullmatch(r"\d{4}(-\d{2})?", bare):
        return f"{shown} names no day", "write the first or last day of the period, like 2013-01-31"
    return f"{shown} is not a date", "write it like 2013-01-31"


def explain_constraint(cell: str, name: str, limit: object) -> Explanation:
    """Explain a cell that breaks a constraint of the Table Schema.

    Parameters
    ----------
    cell
        Text of the cell.
    name
        Name of the constraint, such as ``minimum`` or ``enum``.
    limit
        What the schema says of it.

    Returns
    -------
    tuple of str
        What was found, and what to do.

    Examples
    --------
    >>> explain_constraint("-5", "minimum", 0)
    ('"-5" is below the smallest value allowed, 0', 'check the number')
    """
    shown = quoted(cell)
    if name == "required":
        return "the cell is empty", "fill it in"
    if name == "enum" and isinstance(limit, list):
        return f"{shown} is not known here", nearest_of(cell, map(str, limit))
    if name in {"minimum", "exclusiveMinimum"}:
        return f"{shown} is below the smallest value allowed, {limit}", "check the number"
    if name in {"maximum", "exclusiveMaximum"}:
        return f"{shown} is above the largest value allowed, {limit}", "check the number"
    if name == "pattern":
        return f"{shown} is not in the form expected", f"make it match {limit}"
    if name in {"minLength", "maxLength"}:
        return (
            f"{shown} is too {'short' if name == 'minLength' else 'long'}",
            f"the limit is {limit}",
        )
    return f"{shown} breaks the constraint {name}", f"it should be {limit}"


def _iso(cell: str) -> str:
    """Give the last day of the month, or the day, that a spreadsheet's date names."""
    parts = re.split(r"[-/ ]", cell)
    day = parts[0] if len(parts) == 3 else None
    month, year = parts[-2][:3].title(), int(parts[-1])
    year += (2000 if year < 70 else 1900) if year < 100 else 0
    first = datetime.strptime(f"{month} {year:04d}", "%b %Y").date()
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    length = math.floor((after - first).days)
    return f"{first:%Y-%m}-{int(day) if day and 0 < int(day) <= length else length:02d}"
