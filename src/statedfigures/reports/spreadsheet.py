"""The cells of an xlsx file as text, read with the suspicion that a file from outside deserves."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defusedxml import ElementTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from statedfigures.errors import DataError, Fault

LARGEST_PART_BYTES = 20_000_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK = "xl/workbook.xml"
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
# What a broken, encrypted or foreign file leads the readers of zip and XML to raise.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    RuntimeError,
    SyntaxError,
    ValueError,
)
_REMEDY = "give the workbook that review --out wrote, filled in and saved as xlsx"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell: its row as a spreadsheet counts it, its column letters, text and formula."""

    row: int
    column: str
    text: str
    is_formula: bool


def read_sheets(path: Path) -> Mapping[str, tuple[SheetCell, ...]]:
    """Read every cell of every sheet of a workbook.

    Parameters
    ----------
    path
        An xlsx file.

    Returns
    -------
    Mapping
        Name of each sheet to its cells that are not empty.

    Raises
    ------
    DataError
        If the file is missing, no xlsx file, too large or unsafe to read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            texts = list(_shared_texts(archive))
            return {
                name: tuple(_cells(_tree(archive, part), texts))
                for name, part in _sheet_parts(archive)
            }
    except FileNotFoundError:
        raise _refused(path, "is missing", "name the workbook to import") from None
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})", _REMEDY) from None
    except DefusedXmlException:
        raise _refused(path, "holds definitions that no spreadsheet writes", _REMEDY) from None
    except _UNREADABLE:
        raise _refused(path, "is not an xlsx workbook", _REMEDY) from None


def _tree(archive: zipfile.ZipFile, part: str) -> Any:
    """Parse one part; a part that unpacks to more than a workbook needs is refused."""
    with archive.open(part) as file:
        content = file.read(LARGEST_PART_BYTES + 1)
    if len(content) > LARGEST_PART_BYTES:
        raise ValueError(part)
    return ElementTree.fromstring(content, forbid_dtd=True)


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    links = {
        link.attrib["Id"]: link.attrib["Target"]
        for link in _tree(archive, "xl/_rels/workbook.xml.rels")
    }
    for sheet in _tree(archive, _BOOK).iter(f"{_MAIN}sheet"):
        target = links[sheet.attrib[_LINK]]
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        yield sheet.attrib["name"], part


def _shared_texts(archive: zipfile.ZipFile) -> Iterator[str]:
    part = "xl/sharedStrings.xml"
    if part in archive.namelist():
        for item in _tree(archive, part).iter(f"{_MAIN}si"):
            yield _text_in(item)


def _cells(tree: Any, texts: list[str]) -> Iterator[SheetCell]:
    for cell in tree.iter(f"{_MAIN}c"):
        place = _PLACE.fullmatch(cell.attrib["r"])
        if place is None:
            raise ValueError(cell.attrib["r"])
        is_formula = cell.find(f"{_MAIN}f") is not None
        value = cell.find(f"{_MAIN}v")
        text = "" if value is None else value.text or ""
        if cell.attrib.get("t") == "s" and text:
            text = texts[int(text)] if 0 <= int(text) < len(texts) else ""
        elif cell.attrib.get("t") == "inlineStr":
            text = _text_in(cell)
        if is_formula or text.strip():
            yield SheetCell(int(place[2]), place[1], " ".join(text.split()), is_formula)


def _text_in(element: Any) -> str:
    """Join the runs of a text; what is written above it as a reading aid is none of it."""
    aside = {run for aid in element.iter(f"{_MAIN}rPh") for run in aid.iter(f"{_MAIN}t")}
    return "".join(run.text or "" for run in element.iter(f"{_MAIN}t") if run not in aside)


def _refused(path: Path, found: str, remedy: str) -> DataError:
    return DataError([Fault(path.name, 0, "", found, remedy)])
