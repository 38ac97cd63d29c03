"""A CSV file in, its rows out as Python values and as a DataFrame; every fault of it at once.

What spreadsheets do harmlessly is accepted: a byte-order mark, Windows line
ends, empty rows at the end. What may have changed a value is a fault.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
import unicodedata
from calendar import month_abbr, monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import pandas as pd
from pandas.api.types import pandas_dtype

from statedfigures.errors import DataError, Explanation, Fault, nearest_of, quoted, whole
from statedfigures.release.periods import period_problem
from statedfigures.release.schema import FORMS, SHARED, Column, Table, spellings

Problem: TypeAlias = tuple[str, str, str]  # the column, what is wrong, and what to do
# A table of a release holds some hundred rows. The limits keep a wrong file from
# filling the memory and the screen before it is refused.
LARGEST_FILE_BYTES = 1_000_000
MOST_ROWS = 10_000
TO_FILL = "TO FILL"  # what a drafted cell holds that a person has to decide
WAITS = "is still to be filled in"  # what is found wrong with such a cell

_SAVE_AS_UTF8 = "save it as “CSV UTF-8 (comma delimited)”"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# UTF-8 that was once read as Windows-1252 and saved again: Â£, â€™, Ã©.
_TWICE_ENCODED = re.compile("Â[£ §°·]|â€.|Ã[©¨¡\xad³¶¼]")
_SPREADSHEET_ERRORS = {"#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"}

# By the type of a column: what a sound cell says, and the type that a frame has for it. An empty
# date is pandas' NaT.
_TYPES: Mapping[str, tuple[Callable[[str], Any], Any]] = {
    "string": (str, pandas_dtype("str")),
    "number": (lambda cell: float(cell or "nan"), pandas_dtype("float64")),
    "integer": (lambda cell: float(cell or "nan"), pandas_dtype("float64")),
    "date": (pd.Timestamp, pandas_dtype("datetime64[ns]")),
    "boolean": (lambda cell: cell == "true", pandas_dtype("bool")),
}


class TableRow(SimpleNamespace):
    """A row of a table: an attribute for each column, and its id, file, file_row and origin."""


# ---------------------------------------------------------------- files


def read_bytes(path: Path) -> bytes:
    """Read a file of the release folder.

    Raises
    ------
    DataError
        If it is missing, is not an ordinary file, may not be read, or is
        larger than `LARGEST_FILE_BYTES`.
    """
    name, size = path.name, 0
    try:
        if path.is_dir():
            raise whole(name, "is a folder", "put the file of this name in its place")
        if path.exists() and not path.is_file():
            raise whole(name, "is not an ordinary file", "put an ordinary file in its place")
        if (size := path.stat().st_size) <= LARGEST_FILE_BYTES:
            return path.read_bytes()
    except FileNotFoundError:
        raise whole(name, "is missing", f"put it in the folder {path.parent.name}") from None
    except PermissionError:
        raise whole(name, "may not be read", "give yourself permission to read it") from None
    except OSError as error:
        raise whole(name, f"cannot be read ({error.strerror})", "see to the disk") from None
    limit = f"the {LARGEST_FILE_BYTES / 1e6:.0f} MB that a file of a release may hold"
    raise whole(name, f"holds {size / 1e6:.0f} MB, more than {limit}", "keep only the rows needed")


def write_whole(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file in one step: readers see the old content or the new, whole.

    Parameters
    ----------
    path, content
        What to write where; the folder exists.
    mode
        Permissions, whatever the umask says; those of any new file by default.
    """
    unfinished = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        with unfinished.open("xb") as file:
            if mode is not None:
                os.chmod(unfinished, mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def decode_text(content: bytes, name: str) -> str:
    r"""Decode the bytes of a text file as UTF-8, with or without a byte-order mark.

    Raises
    ------
    DataError
        If the content is empty, binary, UTF-16, not UTF-8, or holds characters
        that no reader can see.

    Examples
    --------
    >>> decode_text(b"\xef\xbb\xbfid,value\r\n", "figures.csv")
    'id,value\r\n'
    """
    save = _SAVE_AS_UTF8 if name.endswith(".csv") else "save it as plain text in UTF-8"
    if content.startswith(_WORKBOOK_MARKS):
        raise whole(name, "is a workbook and not text", f"open it and {save}")
    if content.startswith(_UTF16_MARKS) or _looks_like_utf16(content):
        raise whole(name, "is encoded as UTF-16", save)
    if b"\0" in content:
        raise whole(name, "is a binary file", "put a text file in its place")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start : error.start + 1]
        found = (
            f"is not UTF-8: the byte 0x{byte.hex().upper()} in this line would be "
            f"“{byte.decode('cp1252', 'replace')}” in Latin-1 (Windows-1252)"
        )
        raise DataError([Fault(name, row, "", found, save)]) from None
    if not text.strip():
        raise whole(name, "is empty", "give it its content; a table has a header row and rows")
    if faults := list(_wrong_characters(text, name)):
        raise DataError(faults)
    return text


def split_rows(content: bytes, name: str) -> list[list[str]]:
    r"""Split the bytes of a CSV file (RFC 4180) into rows of cells, header first.

    Raises
    ------
    DataError
        If it is no text (`decode_text`), quotation marks do not pair up, the
        cells are separated by something other than commas, or there are more
        than `MOST_ROWS` rows.

    Examples
    --------
    >>> split_rows(b'id,note\nposts,"a, b"\n,\n', "figures.csv")
    [['id', 'note'], ['posts', 'a, b']]
    """
    lines = io.StringIO(decode_text(content, name), newline="")
    rows: list[list[str]] = []
    limit = csv.field_size_limit(LARGEST_FILE_BYTES)  # how long a cell may be, its column says
    try:
        rows.extend(islice(csv.reader(lines, strict=True), MOST_ROWS + 1))
    except csv.Error:
        found = "the quotation marks of a cell do not pair up"
        remedy = 'put one " at each end of the cell and write "" for one inside it'
        raise DataError([Fault(name, len(rows) + 1, "", found, remedy)]) from None
    finally:
        csv.field_size_limit(limit)  # the limit is that of the whole process
    if len(rows) > MOST_ROWS:
        found = f"holds more than the {MOST_ROWS} rows that a table of a release may hold"
        raise whole(name, found, "keep only the rows needed")
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    for separator, words in _SEPARATORS.items():
        if rows and len(rows[0]) == 1 and separator in rows[0][0]:
            found = f"the cells are separated by {words}"
            raise DataError([Fault(name, 1, "", found, f"{_SAVE_AS_UTF8}, with commas")])
    return rows


def _looks_like_utf16(content: bytes) -> bool:
    """Whether every other byte is zero, as in UTF-16 without a mark."""
    sample = content[:1000]
    return len(sample) > 1 and max(sample[::2].count(0), sample[1::2].count(0)) > len(sample) / 4


def _wrong_characters(text: str, name: str) -> Iterator[Fault]:
    """Find what was read in a wrong encoding, and what changes a value without showing."""
    if match := _TWICE_ENCODED.search(text):
        found = f"“{match.group()}” comes from reading UTF-8 as Latin-1"
        row = text.count("\n", 0, match.start()) + 1
        yield Fault(name, row, "", found, "restore the character that was meant")
    for character in sorted(set(text) - set("\t\r\n")):
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn"} or character == "\ufffd":
            row = text.count("\n", 0, text.index(character)) + 1
            words = unicodedata.name(character, "a control character").lower()
            found = f"holds U+{ord(character):04X} ({words}), which readers cannot see"
            yield Fault(name, row, "", found, "delete it")


# ---------------------------------------------------------------- rows and frames


def read_table(table: Table, rows: Sequence[Sequence[str]]) -> tuple[list[TableRow], list[Fault]]:
    """Read the rows of a file: what each cell says, and every fault of the cells.

    Parameters
    ----------
    table
        The table; its columns may stand in any order in the file.
    rows
        Header and rows.

    Returns
    -------
    tuple
        The rows without a faulty cell, with an attribute for each column and
        ``id``, ``file`` and ``file_row``; and the faults.
    """
    header = [cell.strip() for cell in rows[0]] if rows else []
    if problems := list(_header_problems(table.names, header)):
        return [], [Fault(table.file, 1, *problem) for problem in problems]
    faults: list[Fault] = []
    read: list[TableRow] = []
    first_rows: dict[tuple[str, ...], int] = {}
    # What stands in many cells of a column is looked at once.
    explain = {column.name: cache(partial(explain_cell, column)) for column in table.columns}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            faults.append(Fault(table.file, number, "", *_explain_length(row, len(header))))
            continue
        cells = dict(zip(header, row, strict=True))
        problems = [(name, *problem) for name in explain if (problem := explain[name](cells[name]))]
        key = tuple(cells[name] for name in table.key)
        if not problems:
            said = {c.name: read_cell(c, cells[c.name]) for c in table.columns}
            place = {"file": table.file, "file_row": number, "origin": table.origin}
            read.append(TableRow(**{"id": "/".join(key)} | said | place))
        if any(key) and (first := first_rows.setdefault(key, number)) != number:
            words = f"{quoted(', '.join(key))} repeats the {' and '.join(table.key)} of row {first}"
            problems.append((table.key[0], words, "give each row its own"))
        faults += [Fault(table.file, number, *problem) for problem in problems]
    return read, faults


def frame_of(table: Table, rows: Sequence[TableRow]) -> pd.DataFrame:
    """Return rows as a frame with the types of the schema, indexed by the ids of its rows.

    It ends with ``file_row``; of tables that every release shares, ``origin`` stands before it.
    """
    types = {column.name: _TYPES[column.data_type][1] for column in table.columns}
    types |= {c.name: "int64" for c in table.columns if c.data_type == "integer" and c.required}
    types |= ({"origin": "str"} if table.name in SHARED else {}) | {"file_row": "int64"}
    index, name = None, "id" if table.name == "published" else "/".join(table.key)
    if name == "id" or len(table.key) == 1:
        index = pd.Index([row.id for row in rows], name=name, dtype="str")
        types.pop(name, None)
    cells = {name: [getattr(row, name) for row in rows] for name in types}
    return pd.DataFrame({name: pd.array(cells[name], types[name]) for name in types}, index)


def _explain_length(row: Sequence[str], expected: int) -> Explanation:
    """Return why a row has more or fewer cells than the header, and what to do."""
    if not any(cell.strip() for cell in row):
        return "the row is empty", "delete it"
    found = f"the row has {len(row)} cells and the header has {expected}"
    if len(row) < expected:
        return found, "add the cells that are missing, empty or not"
    return found, "put a cell that holds a comma between quotation marks"


def _header_problems(columns: Sequence[str], header: Sequence[str]) -> Iterator[Problem]:
    """Yield what keeps a header from naming every column once."""
    if not set(header) & set(columns):
        shown = quoted(", ".join(header))
        found = f"the first row does not hold the names of the columns but {shown}"
        yield "", found, f"make the first row {','.join(columns)}"
        return
    missing = [name for name in columns if name not in header]
    for name in missing:
        yield name, "the column is missing", "add it, empty where nothing is known"
    for name, count in Counter(header).items():
        if name not in {*columns, ""}:
            remedy = f"delete it, or rename it: {nearest_of(name, missing or columns)}"
            yield name, f"the column {quoted(name)} is unknown", remedy
        elif name and count > 1:
            yield name, "the column is there twice", "keep one of them"
    for number, name in enumerate(header, start=1):
        if not name:
            remedy = "name it, delete it, or split the cells that were merged"
            yield "", f"column {number} of the header has no name", remedy


# ---------------------------------------------------------------- cells


def read_cell(column: Column, cell: str) -> Any:
    """Return what a sound cell says; NaN or NaT where a number or a date is not there."""
    return _TYPES[column.data_type][0](cell)


def explain_cell(column: Column, cell: str) -> Explanation | None:
    """Return what is wrong with a cell and what to do, or None."""
    kind, words = column.data_type, column.one_of
    if not cell:
        return ("the cell is empty", "fill it in") if column.required else None
    if cell.startswith(TO_FILL):
        hint = cell.removeprefix(TO_FILL).strip(" :") or column.description
        return WAITS, hint
    if cell != cell.strip():
        return f"{quoted(cell)} has a space at its beginning or end", "delete the space"
    if cell in _SPREADSHEET_ERRORS and kind in {"string", "boolean"}:
        return f"{quoted(cell)} is the error sign of a spreadsheet", "write what was meant"
    if words and cell not in words:
        same = cell.lower().replace(" ", "_").replace("-", "_")
        remedy = f"write {same}" if same in words else f"use one of: {', '.join(words)}"
        return f"{quoted(cell)} is not known here", remedy
    if kind == "string" and not words and len(cell) > column.longest:
        found = f"{quoted(cell)} is too long, {len(cell):,} characters"
        return found, f"the limit is {column.longest}"
    if not FORMS[column.type].fullmatch(cell) or (kind == "date" and period_problem(cell)):
        return explain_form(column, cell)
    if column.type == "ids" and (more := Counter(cell.split()) - Counter({*cell.split()})):
        return f"{quoted(min(more))} stands there twice", "name it once"
    if column.least is not None and float(cell) < column.least:
        found = f"{quoted(cell)} is below the smallest value allowed, {plain(column.least)}"
        return found, "check the number"
    return None


def explain_form(column: Column, cell: str) -> Explanation:
    """Explain a cell that has not the form of its column, by the first spelling that fits.

    Examples
    --------
    >>> explain_form(Column("value", "", "number"), "£50")
    ('"£50" has a currency sign', 'write 50 and name the currency in the unit column')
    >>> explain_form(Column("value", "", "number"), "15%")[1]
    'write 15 where the unit is percent, 0.15 where it is a share, a fraction or log growth'
    >>> explain_form(Column("on", "", "date"), "Jan-13")
    ('"Jan-13" is a date that a spreadsheet has rewritten', 'write it like 2013-01-31')
    """
    bare = cell.strip()
    digits = re.sub("[^0-9.-]", "", bare)
    words = {
        "digits": digits,
        "share": plain(float(digits) / 100) if FORMS["number"].fullmatch(digits) else "",
        "full": "it",
        "point": bare.replace(",", "."),
        "iso": _iso(bare) if FORMS["spreadsheet_date"].fullmatch(bare) else "",
        "spellings": "text",
        **column.about_type,
    }
    if re.fullmatch("[-+]?[.0-9]+[eE][-+]?[0-9]+", bare) and 1e-9 < abs(float(bare)) < 1e15:
        words["full"] = plain(float(bare))
    fitting = (told for form, *told in spellings(words["spellings"]) if form.fullmatch(bare))
    found, remedy = (told.format_map(words) for told in next(fitting))
    return f"{quoted(cell)} {found}", remedy


def plain(value: float) -> str:
    """Return a number in plain digits, as it was typed.

    Examples
    --------
    >>> plain(1235.0), plain(0.18), plain(-0.4)
    ('1235', '0.18', '-0.4')
    """
    return f"{Decimal(repr(float(value))).normalize():f}" if value else "0"


def _iso(cell: str) -> str:
    """Return the day, or the last day of the month, that a spreadsheet's date names."""
    *day, month, year = re.split(r"[-/ ]", cell)
    number = int(year) + ((2000 if int(year) < 70 else 1900) if int(year) < 100 else 0)
    which = list(month_abbr).index(month[:3].title())
    last = monthrange(number, which)[1]
    named = int(day[0]) if day else last
    return f"{number}-{which:02d}-{named if 0 < named <= last else last:02d}"
