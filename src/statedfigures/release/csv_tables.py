"""A CSV file in, a DataFrame with checked types out: and every fault of its cells at once.

What spreadsheets do harmlessly is accepted: a byte-order mark, Windows line
ends, empty rows at the end. What may have changed a value is a fault.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from statedfigures.errors import DataError, Fault
from statedfigures.release.schema import Column, Table, described, spellings

# A table of a release holds some hundred rows. The limits keep a wrong file from
# filling the memory and the screen before it is refused.
LARGEST_FILE_BYTES = 1_000_000
MOST_ROWS = 10_000
LONGEST_SHOWN = 60
MOST_LISTED = 16
TO_FILL = "TO FILL"  # what a drafted cell holds that a person has to decide

Explanation = tuple[str, str]

_SAVE_AS_UTF8 = "save it as “CSV UTF-8 (comma delimited)”"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# UTF-8 that was once read as Windows-1252 and saved again: Â£, â€™, Ã©.
_TWICE_ENCODED = re.compile("Â[£ §°·]|â€.|Ã[©¨¡\xad³¶¼]")
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
_ISO_DATE = re.compile(described()["dates"]["iso"])
_SPREADSHEET_DATE = re.compile(described()["dates"]["spreadsheet"])
_SPREADSHEET_ERRORS = {"#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"}
_FRAME_TYPES = {"string": "str", "number": "float64", "date": "datetime64[ns]", "boolean": "bool"}


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row of a CSV file: its number as a spreadsheet counts it, and its cells."""

    number: int
    cells: tuple[str, ...]


# ---------------------------------------------------------------- how faults speak of a cell


def quoted(value: str) -> str:
    """Return a value between quotation marks, in one line, shortened if it is long.

    Examples
    --------
    >>> quoted("1,000")
    '"1,000"'
    """
    line = " ".join(value.split()) if value.strip() else value.replace("\n", " ")
    shown = line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
    return f'"{shown}"'


def nearest_of(word: str, known: Iterable[object]) -> str:
    """Return which known word was probably meant, or the list of those allowed.

    A short list is always shown whole, because the nearest spelling may be the
    wrong word.

    Examples
    --------
    >>> nearest_of("yaer", ["calendar_year", "part_year"])
    'use one of: calendar_year, part_year'
    >>> nearest_of("shpis", [f"ship_{number}" for number in range(20)] + ["ships"])
    'did you mean "ships"?'
    """
    words = sorted({str(name) for name in known})
    if not words:
        return "nothing of this kind exists yet; leave the cell empty or add the row first"
    folded = {name.lower().replace("-", "_"): name for name in words}
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    if same := folded.get(word.strip().lower().replace(" ", "_").replace("-", "_")):
        return f'did you mean "{same}"?'
    if len(words) <= MOST_LISTED:
        return f"use one of: {', '.join(words)}"
    if close:
        return f'did you mean "{close[0]}"?'
    return f"use one of: {', '.join(words[:MOST_LISTED])}, …"


def one_of(word: str, allowed: Sequence[str]) -> str:
    """Return the words allowed, in the order of the schema."""
    same = word.strip().lower().replace(" ", "_").replace("-", "_")
    return f"write {same}" if same in allowed else f"use one of: {', '.join(allowed)}"


# ---------------------------------------------------------------- files


def whole(name: str, found: str, remedy: str) -> DataError:
    """Return the error for a fault of a whole file."""
    return DataError([Fault(name, 0, "", found, remedy)])


def read_bytes(path: Path) -> bytes:
    """Read a file of the release folder.

    Raises
    ------
    DataError
        If it is missing, is not an ordinary file, may not be read, or is
        larger than `LARGEST_FILE_BYTES`.
    """
    name = path.name
    try:
        if path.is_dir():
            raise whole(name, "is a folder", "put the file of this name in its place")
        if path.exists() and not path.is_file():
            raise whole(name, "is not an ordinary file", "put an ordinary file in its place")
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            found = f"holds {size / 1e6:.0f} MB, more than the {LARGEST_FILE_BYTES / 1e6:.0f} MB"
            raise whole(
                name, f"{found} that a file of a release may hold", "keep only the rows needed"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise whole(name, "is missing", f"put it in the folder {path.parent.name}") from None
    except PermissionError:
        raise whole(name, "may not be read", "give yourself permission to read it") from None
    except OSError as error:
        raise whole(name, f"cannot be read ({error.strerror})", "see to the disk") from None


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
    if content.startswith(_WORKBOOK_MARKS):
        raise whole(name, "is a workbook and not text", f"open it and {_SAVE_AS_UTF8}")
    if content.startswith(_UTF16_MARKS) or _looks_like_utf16(content):
        raise whole(name, "is encoded as UTF-16", _SAVE_AS_UTF8)
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
        raise DataError([Fault(name, row, "", found, _SAVE_AS_UTF8)]) from None
    if not text.strip():
        raise whole(name, "is empty", "give it its header row and its rows")
    faults = list(_invisible_characters(text, name))
    if match := _TWICE_ENCODED.search(text):
        row = text.count("\n", 0, match.start()) + 1
        found = f"“{match.group()}” comes from reading UTF-8 as Latin-1"
        faults.append(Fault(name, row, "", found, "restore the character that was meant"))
    if faults:
        raise DataError(faults)
    return text


def split_rows(text: str, name: str) -> list[CsvRow]:
    r"""Split the text of a CSV file (RFC 4180) into rows, header first.

    Raises
    ------
    DataError
        If quotation marks do not pair up, a cell is far too long, the cells
        are separated by something other than commas, or there are more than
        `MOST_ROWS` rows.

    Examples
    --------
    >>> [row.cells for row in split_rows('id,note\nposts,"a, b"\n,\n', "figures.csv")]
    [('id', 'note'), ('posts', 'a, b')]
    """
    rows: list[CsvRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows.extend(
            CsvRow(number, tuple(cells))
            for number, cells in enumerate(islice(reader, MOST_ROWS + 1), start=1)
        )
    except csv.Error as error:
        found = "the quotation marks of a cell do not pair up"
        remedy = 'put one " at each end of the cell and write "" for one inside it'
        if "field larger" in str(error):
            found = f"a cell holds more than {csv.field_size_limit():,} characters"
            remedy = "shorten it; a note has a few hundred"
        raise DataError([Fault(name, len(rows) + 1, "", found, remedy)]) from None
    if len(rows) > MOST_ROWS:
        found = f"holds more than the {MOST_ROWS} rows that a table of a release may hold"
        raise whole(name, found, "keep only the rows needed")
    while rows and not any(cell.strip() for cell in rows[-1].cells):
        rows.pop()
    header = rows[0].cells if rows else ()
    if len(header) == 1:
        for separator, words in _SEPARATORS.items():
            if separator in header[0]:
                found = f"the cells are separated by {words}"
                raise DataError([Fault(name, 1, "", found, f"{_SAVE_AS_UTF8}, with commas")])
    return rows


def _looks_like_utf16(content: bytes) -> bool:
    """Whether every other byte is zero, as in UTF-16 without a mark."""
    sample = content[:1000]
    return len(sample) > 1 and max(sample[::2].count(0), sample[1::2].count(0)) > len(sample) / 4


def _invisible_characters(text: str, name: str) -> Iterable[Fault]:
    """Find control and format characters, which change a value without showing."""
    for character in sorted(set(text) - set("\t\r\n")):
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn"} or character == "\ufffd":
            row = text.count("\n", 0, text.index(character)) + 1
            words = unicodedata.name(character, "a control character").lower()
            found = f"holds U+{ord(character):04X} ({words}), which readers cannot see"
            yield Fault(name, row, "", found, "delete it")


# ---------------------------------------------------------------- rows to a frame


def read_table(table: Table, rows: Sequence[CsvRow]) -> tuple[pd.DataFrame, list[Fault]]:
    """Turn the rows of a file into a frame with the types of its schema.

    Parameters
    ----------
    table
        The table; its columns may stand in any order in the file.
    rows
        Header and rows.

    Returns
    -------
    tuple
        The frame with all columns in the order of the schema and ``file_row``,
        without the rows that have a fault; and the faults.
    """
    header = [cell.strip() for cell in rows[0].cells] if rows else []
    if faults := list(_header_faults(table, header)):
        return empty_frame(table), faults
    order = [header.index(column) for column in table.names]
    kept: list[CsvRow] = []
    first: dict[tuple[str, ...], int] = {}
    for row in rows[1:]:
        if len(row.cells) != len(header):
            faults.append(_wrong_length(table, row, len(header)))
            continue
        cells = tuple(row.cells[place] for place in order)
        found = [
            Fault(table.file, row.number, column.name, *problem)
            for column, cell in zip(table.columns, cells, strict=True)
            if (problem := explain_cell(column, cell))
        ]
        if not found:
            kept.append(CsvRow(row.number, cells))
        key = tuple(row.cells[header.index(name)] for name in table.key)
        if (above := first.setdefault(key, row.number)) != row.number and any(key):
            words = f"{quoted(', '.join(key))} repeats the {' and '.join(table.key)} of row {above}"
            found.append(
                Fault(table.file, row.number, table.key[0], words, "give each row its own")
            )
        faults += found
    return _frame(table, kept), faults


def empty_frame(table: Table) -> pd.DataFrame:
    """Return a frame without rows, with all columns and types of a table."""
    return _frame(table, [])


def _frame(table: Table, rows: Sequence[CsvRow]) -> pd.DataFrame:
    """Return checked cells as a frame with the types of the schema."""
    texts = list(zip(*(row.cells for row in rows), strict=True)) or [()] * len(table.columns)
    frame: dict[str, Any] = {}
    for column, cells in zip(table.columns, texts, strict=True):
        kind = column.data_type
        values: list[Any] = list(cells)
        if kind in {"number", "integer"}:
            values = [float(cell) if cell else None for cell in cells]
        elif kind == "date":
            values = [date.fromisoformat(cell) if cell else None for cell in cells]
        elif kind == "boolean":
            values = [cell == "true" for cell in cells]
        whole_number = "int64" if column.required else "float64"
        dtype: Any = _FRAME_TYPES.get(kind, whole_number)
        frame[column.name] = pd.array(values, dtype=dtype)
    # Arrays and not series, whose indexes would be compared with each other.
    frame["file_row"] = pd.array([row.number for row in rows], dtype="int64")
    return pd.DataFrame(frame, copy=False)


def _wrong_length(table: Table, row: CsvRow, expected: int) -> Fault:
    if not any(cell.strip() for cell in row.cells):
        return Fault(table.file, row.number, "", "the row is empty", "delete it")
    found = f"the row has {len(row.cells)} cells and the header has {expected}"
    remedy = "put a cell that holds a comma between quotation marks"
    if len(row.cells) < expected:
        remedy = "add the cells that are missing, empty or not"
    return Fault(table.file, row.number, "", found, remedy)


def _header_faults(table: Table, header: Sequence[str]) -> Iterable[Fault]:
    """Find what keeps a header from naming every column once."""
    columns = table.names
    if not set(header) & set(columns):
        found = (
            f"the first row does not hold the names of the columns but {quoted(', '.join(header))}"
        )
        yield Fault(table.file, 1, "", found, f"make the first row {','.join(columns)}")
        return
    missing = [column for column in columns if column not in header]
    for name in columns:
        if header.count(name) > 1:
            yield Fault(table.file, 1, name, "the column is there twice", "keep one of them")
        if name in missing:
            remedy = "add it, empty where nothing is known"
            yield Fault(table.file, 1, name, "the column is missing", remedy)
    for name in sorted({name for name in header if name and name not in columns}):
        remedy = f"delete it, or rename it: {nearest_of(name, missing or columns)}"
        yield Fault(table.file, 1, name, f"the column {quoted(name)} is unknown", remedy)
    for number, name in enumerate(header, start=1):
        if not name:
            remedy = "name it, delete it, or split the cells that were merged"
            yield Fault(table.file, 1, "", f"column {number} of the header has no name", remedy)


# ---------------------------------------------------------------- cells


def explain_cell(column: Column, cell: str) -> Explanation | None:
    """Return what is wrong with a cell and what to do, or None."""
    kind, shown = column.data_type, quoted(cell)
    if not cell:
        return ("the cell is empty", "fill it in") if column.required else None
    if cell.startswith(TO_FILL):
        hint = cell.removeprefix(TO_FILL).strip(" :") or column.description
        return "is still to be filled in", hint
    if cell != cell.strip():
        return f"{shown} has a space at its beginning or end", "delete the space"
    if kind in {"number", "integer"}:
        return (
            _explain_limits(column, cell) if _PLAIN_NUMBER.fullmatch(cell) else explain_number(cell)
        )
    if kind == "date":
        return None if _is_day(cell) else explain_date(cell)
    if cell in _SPREADSHEET_ERRORS:
        return f"{shown} is the error sign of a spreadsheet", "write what was meant"
    if kind == "boolean":
        sound = cell in {"true", "false"}
        return None if sound else (f"{shown} is neither true nor false", "write true or false")
    if column.one_of:
        problem = f"{shown} is not known here", one_of(cell, column.one_of)
        return None if cell in column.one_of else problem
    if len(cell) > column.longest:
        return f"{shown} is too long, {len(cell):,} characters", f"the limit is {column.longest}"
    if not column.form or re.fullmatch(column.form, cell):
        return None
    told = described()["types"][column.type]
    if _SPREADSHEET_DATE.fullmatch(cell):
        told = {"found": "is a date that a spreadsheet has rewritten"}
    found = f"{shown} {told.get('found', 'is not in the form expected')}"
    return found, told.get("remedy", f"make it match {column.form}")


def _explain_limits(column: Column, cell: str) -> Explanation | None:
    value, shown = float(cell), quoted(cell)
    if column.data_type == "integer" and value != int(value):
        return f"{shown} is not a whole number", "write a whole number"
    if column.least is not None and value < column.least:
        found = f"{shown} is below the smallest value allowed, {plain(column.least)}"
        return found, "check the number"
    return None


def _is_day(cell: str) -> bool:
    try:
        return bool(_ISO_DATE.fullmatch(cell) and date.fromisoformat(cell))
    except ValueError:
        return False


def plain(value: float) -> str:
    """Return a number in plain digits, as it was typed.

    Examples
    --------
    >>> plain(1235.0), plain(0.18), plain(-0.4)
    ('1235', '0.18', '-0.4')
    """
    return f"{Decimal(repr(float(value))).normalize():f}" if value else "0"


def explain_number(cell: str) -> Explanation:
    """Explain a cell that should hold a plain number.

    Examples
    --------
    >>> explain_number("£50")
    ('"£50" has a currency sign', 'write 50 and name the currency in the unit column')
    >>> explain_number("15%")[1]
    'write 15 where the unit is percent, 0.15 where it is a share, a fraction or log growth'
    """
    bare = cell.strip()
    digits = re.sub("[^0-9.-]", "", bare)
    full, share = "it", ""
    if re.fullmatch("[-+]?[.0-9]+[eE][-+]?[0-9]+", bare) and 1e-9 < abs(float(bare)) < 1e15:
        full = plain(float(bare))
    if _PLAIN_NUMBER.fullmatch(digits):
        share = plain(float(digits) / 100)
    words = {"digits": digits, "share": share, "full": full, "point": bare.replace(",", ".")}
    return _explained("number", cell, words)


def explain_date(cell: str) -> Explanation:
    """Explain a cell that should hold a date.

    Examples
    --------
    >>> explain_date("Jan-13")
    ('"Jan-13" is a date that a spreadsheet has rewritten', 'write it like 2013-01-31')
    """
    iso = _iso(cell.strip()) if _SPREADSHEET_DATE.fullmatch(cell.strip()) else ""
    return _explained("date", cell, {"iso": iso})


def _explained(kind: str, cell: str, words: Mapping[str, str]) -> Explanation:
    """Return what is told of the first spelling that fits."""
    found, remedy = next(
        (found, remedy) for form, found, remedy in spellings(kind) if form.fullmatch(cell.strip())
    )
    return f"{quoted(cell)} {found}", remedy.format(**words)


def _iso(cell: str) -> str:
    """Return the day, or the last day of the month, that a spreadsheet's date names."""
    *day, month, year = re.split(r"[-/ ]", cell)
    number = int(year) + ((2000 if int(year) < 70 else 1900) if int(year) < 100 else 0)
    first = datetime.strptime(f"{month[:3].title()} {max(number, 1):04d}", "%b %Y").date()
    last = monthrange(first.year, first.month)[1]
    named = int(day[0]) if day else last
    return f"{first:%Y-%m}-{named if 0 < named <= last else last:02d}"


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a frame as named tuples, with the id of its index."""
    keyed = frame.reset_index() if frame.index.name else frame
    return keyed.itertuples(index=False, name="Row")
