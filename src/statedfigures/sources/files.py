"""Files of a release folder, as text and rows, or a fault that says what to do.

What spreadsheets do harmlessly is accepted: a byte-order mark, Windows line
ends, empty rows at the end. What may have changed a value is a fault.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from statedfigures.errors import DataError, Fault

# A table of a release holds some hundred rows. The limits keep a wrong file from
# filling the memory and the screen before it is refused.
LARGEST_FILE_BYTES = 1_000_000
MOST_ROWS = 10_000

_SAVE_AS_UTF8 = "save it as “CSV UTF-8 (comma delimited)”"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# UTF-8 that was once read as Windows-1252 and saved again: Â£, â€™, Ã©.
_TWICE_ENCODED = re.compile("Â[£ §°·]|â€.|Ã[©¨¡\xad³¶¼]")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row of a CSV file: its number as a spreadsheet counts it, and its cells."""

    number: int
    cells: tuple[str, ...]


def read_bytes(path: Path) -> bytes:
    """Read a file of the release folder.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    DataError
        If it is missing, is not an ordinary file, may not be read, or is
        larger than `LARGEST_FILE_BYTES`.
    """
    name = path.name
    try:
        if path.is_dir():
            raise _whole(name, "is a folder", "put the file of this name in its place")
        if path.exists() and not path.is_file():
            raise _whole(name, "is not an ordinary file", "put an ordinary file in its place")
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            found = f"holds {size / 1e6:.0f} MB, more than the {LARGEST_FILE_BYTES / 1e6:.0f} MB"
            raise _whole(
                name, f"{found} that a file of a release may hold", "keep only the rows needed"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise _whole(name, "is missing", f"put it in the folder {path.parent.name}") from None
    except PermissionError:
        raise _whole(name, "may not be read", "give yourself permission to read it") from None
    except OSError as error:
        raise _whole(name, f"cannot be read ({error.strerror})", "see to the disk") from None


def decode_text(content: bytes, name: str) -> str:
    r"""Decode the bytes of a text file as UTF-8, with or without a byte-order mark.

    Parameters
    ----------
    content
        Bytes of the file.
    name
        Name of the file, for the fault.

    Returns
    -------
    str
        The text without its byte-order mark; line ends as they were.

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
        raise _whole(name, "is a workbook and not text", f"open it and {_SAVE_AS_UTF8}")
    if content.startswith(_UTF16_MARKS) or _looks_like_utf16(content):
        raise _whole(name, "is encoded as UTF-16", _SAVE_AS_UTF8)
    if b"\0" in content:
        raise _whole(name, "is a binary file", "put a text file in its place")
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
        raise _whole(name, "is empty", "give it its header row and its rows")
    faults = list(_invisible_characters(text, name))
    if match := _TWICE_ENCODED.search(text):
        row = text.count("\n", 0, match.start()) + 1
        found = f"“{match.group()}” comes from reading UTF-8 as Latin-1"
        faults.append(Fault(name, row, "", found, "restore the character that was meant"))
    if faults:
        raise DataError(faults)
    return text


def split_rows(text: str, name: str) -> list[CsvRow]:
    r"""Split the text of a CSV file (RFC 4180) into rows.

    Parameters
    ----------
    text
        Text of the file, header first.
    name
        Name of the file, for the fault.

    Returns
    -------
    list of CsvRow
        The header and all rows after it; empty rows at the end are left out.

    Raises
    ------
    DataError
        If quotation marks do not pair up, the cells are separated by
        something other than commas, or there are more than `MOST_ROWS` rows.

    Examples
    --------
    >>> [row.cells for row in split_rows('id,note\nposts,"one, two"\n,\n', "figures.csv")]
    [('id', 'note'), ('posts', 'one, two')]
    """
    rows: list[CsvRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows.extend(
            CsvRow(number, tuple(cells))
            for number, cells in enumerate(islice(reader, MOST_ROWS + 1), start=1)
        )
    except csv.Error:
        raise DataError(
            [
                Fault(
                    name,
                    len(rows) + 1,
                    "",
                    "the quotation marks of a cell do not pair up",
                    'put one " at each end of the cell and write "" for one inside it',
                )
            ]
        ) from None
    if len(rows) > MOST_ROWS:
        found = f"holds more than the {MOST_ROWS} rows that a table of a release may hold"
        raise _whole(name, found, "keep only the rows needed")
    while rows and not any(cell.strip() for cell in rows[-1].cells):
        rows.pop()
    header = rows[0].cells if rows else ()
    if len(header) == 1:
        for separator, words in _SEPARATORS.items():
            if separator in header[0]:
                found = f"the cells are separated by {words}"
                raise DataError([Fault(name, 1, "", found, f"{_SAVE_AS_UTF8}, with commas")])
    return rows


def _whole(name: str, found: str, remedy: str) -> DataError:
    """Give the error for a fault of the whole file."""
    return DataError([Fault(name, 0, "", found, remedy)])


def _looks_like_utf16(content: bytes) -> bool:
    """Tell UTF-16 without a mark: every other byte of Western text is zero."""
    sample = content[:1000]
    return len(sample) > 1 and max(sample[::2].count(0), sample[1::2].count(0)) > len(sample) / 4


def _invisible_characters(text: str, name: str) -> list[Fault]:
    """Find control and format characters, which change a value without showing."""
    faults = []
    for character in sorted(set(text) - set("\t\r\n")):
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn"} or character == "\ufffd":
            row = text.count("\n", 0, text.index(character)) + 1
            words = unicodedata.name(character, "a control character").lower()
            found = f"holds U+{ord(character):04X} ({words}), which readers cannot see"
            faults.append(Fault(name, row, "", found, "delete it"))
    return faults
