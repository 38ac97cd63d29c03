"""One accessible workbook for the report: cover, contents, notes, one table a sheet.

Laid out by gptables, as the Analysis Function asks of official statistics.
The same tables give the same bytes: the properties carry the date of the
edition, and the parts of the file are stored as they are, because compression
differs between builds of zlib.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from statedfigures.display.delimited import csv_rows
from statedfigures.reports.downloads import TableFile
from statedfigures.reports.sheets import (
    LONGEST_SHEET,
    NOTES,
    VALUES_NOTE,
    column_width,
    number_format,
    plain,
    sheet_table,
    table_notes,
)

FOLDER = "data"
_COVER, _CONTENTS, _NOTES = "Cover", "Contents", "Notes"
_NUMBERED = re.compile(r"^\d+-")
_NOT_SHEET = re.compile(r"[^A-Za-z0-9]+")
_STAMP = (1980, 1, 1, 0, 0, 0)
_LONGEST_STEM = 24


def workbook_path(release: str, scenario: object) -> str:
    """Give the path of the workbook: copies of several editions keep apart by their names.

    Examples
    --------
    >>> workbook_path("weprotect-2014", "central")
    'data/weprotect-2014-central.xlsx'
    """
    name = "-".join(
        part
        for part in (re.sub(r"[^A-Za-z0-9-]+", "-", str(one)) for one in (release, scenario))
        if part.strip("-")
    )
    return f"{FOLDER}/{name}.xlsx"


def sheet_tables(files: Iterable[TableFile]) -> tuple[TableFile, ...]:
    """Choose the tables that become sheets.

    Returns
    -------
    tuple of TableFile
        Each table once: none that a chart and a table share twice, and none
        whose rows all stand in another one. Empty tables and those too long
        for a page are given as files only.
    """
    rows = {
        one: frozenset(map(tuple, csv_rows(one.view)))
        for one in files
        if 0 < len(one.view.rows) <= LONGEST_SHEET
    }
    chosen: dict[frozenset[tuple[str, ...]], TableFile] = {}
    for one, held in rows.items():
        # The header is among the rows, so that only tables of the same columns compare.
        if not any(held < other for other in rows.values()):
            chosen.setdefault(held, one)
    return tuple(chosen.values())


def workbook_bytes(
    files: Iterable[TableFile],
    pages: Mapping[str, str],
    *,
    title: str,
    about: Iterable[str],
    author: str,
    edition: datetime,
) -> bytes:
    """Write the workbook.

    Parameters
    ----------
    files
        The tables of the report; `sheet_tables` says which become sheets.
    pages
        Name of a notebook to the short title of its page.
    title
        Title of the report.
    about
        Paragraphs for the cover.
    author
        Author in the properties of the file.
    edition
        Date of the edition, which the properties give as its creation.

    Returns
    -------
    bytes
        An ``xlsx`` file. Numbers are numbers with all digits of the CSV
        files; texts are texts and never formulas.
    """
    with warnings.catch_warnings():
        # gptables leaves a file of its own open and uses words of pandas that will go.
        warnings.simplefilter("ignore", ResourceWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        return _stored(_laid_out(files, pages, title, about, author, edition))


def _laid_out(
    files: Iterable[TableFile],
    pages: Mapping[str, str],
    title: str,
    about: Iterable[str],
    author: str,
    edition: datetime,
) -> bytes:
    import gptables  # type: ignore[import-untyped]
    import pandas as pd

    names: dict[str, TableFile] = _sheet_names(sheet_tables(files))
    sheets: dict[str, gptables.GPTable] = {}
    used: dict[str, str] = {VALUES_NOTE: NOTES[VALUES_NOTE]}
    titles = [one.title for one in names.values()]
    for name, one in names.items():
        frame, formats = sheet_table(one.view), []
        for place, column in enumerate(one.view.columns):
            if written := number_format(column, frame.iloc[:, place].tolist()):
                formats.append({"column": {"columns": [place], "format": {"num_format": written}}})
        notes, marks = table_notes(one.view)
        used |= notes
        own = "".join(f" $${key}$$" for key in notes if key.startswith("table-"))
        again = f" ({one.name})" if titles.count(one.title) > 1 else ""
        sheets[name] = gptables.GPTable(
            table=frame,
            table_name=f"table_{name}",
            title=f"{plain(one.title)}{again}{own}",
            subtitles=[f"Page: {plain(pages.get(one.notebooks[0], ''))}. File: {one.path}"],
            instructions=(
                "This worksheet contains one table. "
                f"Numbers in brackets refer to the worksheet Notes. $${VALUES_NOTE}$$"
            ),
            legend=["[z] means that there is nothing to say here"],
            table_notes=marks,
            index_columns={},
            additional_formatting=formats,
        )
    held = io.BytesIO()
    book = gptables.produce_workbook(
        held,
        sheets,
        cover=gptables.Cover(title=plain(title), intro=[plain(one) for one in about]),
        contentsheet_label=_CONTENTS,
        notes_table=pd.DataFrame({"key": list(used), "Note": list(used.values())}),
        notesheet_label=_NOTES,
        auto_width=False,
        workbook_options={
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    for name, one in names.items():
        sheet = book.get_worksheet_by_name(name)
        rows = sheets[name].table
        for place in range(len(one.view.columns)):
            sheet.set_column(
                place, place, column_width([rows.columns[place], *rows.iloc[:, place]])
            )
    book.get_worksheet_by_name(_CONTENTS).set_column(0, 0, 20)
    book.get_worksheet_by_name(_CONTENTS).set_column(1, 1, 90)
    book.get_worksheet_by_name(_NOTES).set_column(0, 0, 14)
    book.get_worksheet_by_name(_NOTES).set_column(1, 1, 90)
    book.set_properties(
        {"title": title, "author": author, "created": edition, "comments": "Made by statedfigures"}
    )
    book.close()
    return held.getvalue()


def _sheet_names(files: Iterable[TableFile]) -> dict[str, TableFile]:
    """Name each sheet after its notebook, with a number: ``offences_3`` is never too long."""
    names: dict[str, TableFile] = {}
    counts: dict[str, int] = {}
    for one in files:
        page = _NUMBERED.sub("", one.notebooks[0].removesuffix(".ipynb"))
        stem = _NOT_SHEET.sub("_", page)[:_LONGEST_STEM].strip("_") or "table"
        counts[stem.lower()] = counts.get(stem.lower(), 0) + 1
        names[f"{stem}_{counts[stem.lower()]}"] = one
    return names


def _stored(packed: bytes) -> bytes:
    """Pack a zip file again: no compression, one date, nothing of the machine."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            new.writestr(entry, old.read(name))
    return held.getvalue()


def parts_of(workbook: bytes) -> dict[str, Any]:
    """Give the parts of a workbook by name, for a look inside."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        return {name: book.read(name) for name in book.namelist()}
