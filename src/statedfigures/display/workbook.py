"""One accessible workbook: a cover, the contents, and one table a sheet, with typed cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from statedfigures.display.tables import TableView, neutralised

LONGEST_SHEET = 5000
NOTHING = "[z]"
_STAMP = (1980, 1, 1, 0, 0, 0)
_WIDEST, _LONGEST_TEXT = 425, 32_000  # pixels, letters
_NOTES = (
    "Numbers are those of the tables and results, unrounded; the pages show them rounded.",
    "The last column of each sheet names the rows that each row comes from.",
    "An apostrophe before a text keeps spreadsheets from running it as a formula.",
    f"{NOTHING} means that there is nothing to say here.",
)


def workbook_bytes(
    tables: Mapping[str, TableView],
    *,
    title: str,
    about: Sequence[str],
    author: str,
    edition: datetime,
) -> bytes:
    """Write the tables of a report as one workbook.

    Parameters
    ----------
    tables
        Name of each table, such as ``homes stated figures``, to the table.
    title, about
        Title of the report, and paragraphs for the cover.
    author, edition
        Author and date in the properties of the file.

    Returns
    -------
    bytes
        An ``xlsx`` file: the same tables give the same bytes. A table that
        another holds whole, an empty one, or one of more rows than
        `LONGEST_SHEET` is left out. Numbers are numbers; texts are texts and
        never formulas or links.
    """
    buffer = io.BytesIO()
    texts = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **texts})
    book.set_properties(
        {"title": title, "author": author, "created": edition, "comments": "Made by statedfigures"}
    )
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "count": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "number": book.add_format({"valign": "top"}),
        "link": book.add_format({"font_color": "#12436D", "underline": 1}),
    }
    cover, contents = book.add_worksheet("Cover"), book.add_worksheet("Contents")
    _write_lines(cover, [title, *about, *_NOTES], formats)
    _write_lines(contents, ["Contents"], formats)
    for place, name in enumerate(_chosen(tables), 1):
        sheet = f"{place} {re.sub(r'[^A-Za-z0-9 -]+', ' ', name)}"[:31].strip()
        caption = _plain(tables[name].caption.text or name)
        contents.write_url(place + 1, 0, f"internal:'{sheet}'!A1", formats["link"], sheet)
        contents.write_string(place + 1, 1, caption)
        _write_table(book.add_worksheet(sheet), tables[name], caption, place, formats)
    contents.autofit()
    book.close()
    with zipfile.ZipFile(buffer) as packed:
        return stored_zip({name: packed.read(name) for name in packed.namelist()})


def _chosen(tables: Mapping[str, TableView]) -> Iterable[str]:
    """Return the tables but those that are empty, too long, or held whole by another like it."""
    rows = {
        name: frozenset([tuple(view.cells[1]), *view.cells[0]])
        for name, view in tables.items()
        if 0 < len(view.frame) <= LONGEST_SHEET
    }
    chosen: dict[frozenset[tuple[Any, ...]], str] = {}
    for name, held in rows.items():
        if not any(held < other for other in rows.values()):
            chosen.setdefault(held, name)
    return chosen.values()


def _write_lines(sheet: Any, lines: Sequence[str], formats: Any) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 90)
    for place, line in enumerate(lines):
        sheet.write_string(place, 0, _plain(line), formats["text" if place else "title"])


def _write_table(sheet: Any, view: TableView, caption: str, number: int, formats: Any) -> None:
    """Write a caption and, as a named table of the spreadsheet, head and rows."""
    rows, about = view.cells
    headings = [f"{heading} ({unit})" if unit else heading for heading, unit in about.values()]
    taken, columns = [heading.lower() for heading in headings], []
    for heading, name, cells in zip(headings, about, zip(*rows, strict=True), strict=True):
        heading += f" [{name}]" * (taken.count(heading.lower()) > 1)
        numbers = [cell for cell in cells if isinstance(cell, int | float)]
        is_count = name != "year" and not any(cell % 1 for cell in numbers)
        looks = formats["text" if not numbers else "count" if is_count else "number"]
        columns.append(
            {"header": _plain(heading), "header_format": formats["head"], "format": looks}
        )
    data = [[_written(cell) for cell in row] for row in rows]
    options = {"columns": columns, "data": data, "name": f"table_{number}"}
    options |= {"style": None, "autofilter": False}
    sheet.add_table(2, 0, len(rows) + 2, len(columns) - 1, options)
    sheet.autofit(_WIDEST)  # before the caption, which may be wider than its column
    sheet.write_string(0, 0, caption, formats["title"])
    sheet.freeze_panes(3, 1)


def _written(cell: float | str | None) -> float | str:
    return float(f"{cell:.10g}") if isinstance(cell, int | float) else _plain(cell or NOTHING)


def _plain(text: str) -> str:
    return neutralised(" ".join(text.split()))[:_LONGEST_TEXT]


def stored_zip(files: Mapping[str, bytes]) -> bytes:
    """Pack files without compression, which differs between builds, times and owners.

    Examples
    --------
    >>> stored_zip({"a.txt": b"A"}) == stored_zip({"a.txt": b"A"})
    True
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
