"""The workbook, opened again part by part."""

import io
import re
import zipfile
from datetime import datetime

import pytest
from defusedxml import ElementTree

from statedfigures.display.records import Column, TableView
from statedfigures.display.words import Provenance, Quantity, sentence
from statedfigures.reports.downloads import table_files
from statedfigures.reports.workbook import parts_of, sheet_tables, workbook_bytes, workbook_path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SOURCE = Provenance(("figure:a",))
COLUMNS = (
    Column("label", "Label"),
    Column("q05", "Nine in ten: from", "users", numeric=True),
)
HOSTILE = ("=1+1", "+44", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "$$x$$", "[a](http://b) [c](d)")
PAGES = {"1-a.ipynb": "Ships & [seals](all)", "2-b.ipynb": "Ships"}


def table(identity="ships", label="Ships", value=-1234.5, note=None):
    """Give a table of one row."""
    cells = ((label, Quantity("x", value, SOURCE)),)
    return TableView(identity, "How many", COLUMNS, cells, (), note)


def book(*tables, **keywords):
    """Write a workbook of some tables, all of one page."""
    files = table_files({"1-a.ipynb": tables})
    values = {
        "title": "A report",
        "about": ["What it is."],
        "author": "Somebody",
        "edition": datetime(2026, 11, 22),
    }
    return workbook_bytes(files, PAGES, **values | keywords)


def sheets_of(content):
    """Read every sheet: name to rows of cells, as text, number, or a marked formula."""
    parts = parts_of(content)
    strings = [
        "".join(each.text or "" for each in one.iter(f"{MAIN}t"))
        for one in ElementTree.fromstring(parts["xl/sharedStrings.xml"])
    ]
    targets = {
        one.attrib["Id"]: one.attrib["Target"]
        for one in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    found = {}
    for sheet in ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{MAIN}sheet"):
        root = ElementTree.fromstring(parts[f"xl/{targets[sheet.attrib[RELATION]]}"])
        found[sheet.attrib["name"]] = [
            [cell_of(cell, strings) for cell in row.iter(f"{MAIN}c")]
            for row in root.iter(f"{MAIN}row")
        ]
    return found


def cell_of(cell, strings):
    """Give what a cell holds."""
    if cell.find(f"{MAIN}f") is not None:
        return ("formula", cell.find(f"{MAIN}f").text)
    value = cell.find(f"{MAIN}v")
    if value is None:
        return None
    return strings[int(value.text)] if cell.attrib.get("t") == "s" else float(value.text)


def test_there_is_a_cover_a_list_of_contents_the_notes_and_one_table_a_sheet():
    found = sheets_of(book(table(), table("seals", "Seals")))

    assert list(found) == ["Cover", "Contents", "Notes", "a_1", "a_2"]
    assert found["Cover"][0] == ["A report"]
    assert [row[0] for row in found["Contents"][-2:]] == ["a_1", "a_2"]
    assert found["a_1"][-2:] == [
        ["Label", "Nine in ten: from\n(users)\n[note 2]"],
        ["Ships", -1234.5],
    ]


def test_titles_are_told_apart_by_the_name_of_the_file():
    found = sheets_of(book(table(), table("seals", "Seals")))

    assert found["a_1"][0] == ["How many (ships)"]
    assert found["a_2"][0] == ["How many (seals)"]


def test_notes_are_numbered_and_each_is_referred_to():
    found = sheets_of(book(table(note=sentence("Mind the gap."))))
    text = str(found["a_1"])

    numbered = [row for row in found["Notes"] if isinstance(row[0], float)]
    assert [row[0] for row in numbered] == [1.0, 2.0, 3.0]
    assert any(row[1] == "Mind the gap." for row in numbered)
    assert all(f"[note {number}]" in text for number in (1, 2, 3))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_text_that_looks_like_a_formula_or_markup_stays_a_text(hostile):
    content = book(table(label=hostile), title=hostile, about=[hostile])
    cells = [cell for rows in sheets_of(content).values() for row in rows for cell in row if cell]

    assert not [cell for cell in cells if isinstance(cell, tuple)]
    assert not [cell for cell in cells if isinstance(cell, str) and re.match(r"[=+@\t\r-]", cell)]


def test_a_chart_and_a_table_with_the_same_data_share_a_sheet():
    files = table_files(
        {"1-a.ipynb": [table(), table("again")], "2-b.ipynb": [table("other", "B")]}
    )

    assert [one.name for one in sheet_tables(files)] == ["ships", "other"]


def test_a_table_whose_rows_all_stand_in_another_is_not_repeated():
    part, other = table(), table("seals", "Seals")
    whole = TableView("all", "All", COLUMNS, part.rows + other.rows)
    files = table_files({"1-a.ipynb": [part, whole, other]})

    assert [one.name for one in sheet_tables(files)] == ["all"]


def test_empty_and_long_tables_are_given_as_files_only():
    empty = TableView("empty", "Empty", COLUMNS, ())
    long = TableView("long", "Long", COLUMNS, table().rows * 151)

    assert sheet_tables(table_files({"1-a.ipynb": [empty, long]})) == ()


def test_the_same_tables_give_the_same_bytes_with_the_date_of_the_edition_only():
    content = book(table())

    assert content == book(table())
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        assert {one.date_time for one in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.compress_type for one in opened.infolist()} == {zipfile.ZIP_STORED}
        core = opened.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", core)) == {"2026-11-22T00:00:00Z"}


@pytest.mark.parametrize("page", ["a" * 60, "history", "iwf", "x-1", "R1C1"])
def test_sheet_names_fit_whatever_the_page_is_called(page):
    files = table_files({f"12-{page}.ipynb": [table(), table("seals", "Seals")]})
    values = {"title": "T", "about": ["a"], "author": "A", "edition": datetime(2026, 11, 22)}
    found = list(sheets_of(workbook_bytes(files, {}, **values)))

    assert len(found) == 5
    assert all(len(one) <= 31 and re.fullmatch(r"\w+", one) for one in found)


def test_the_path_of_the_workbook_cannot_leave_its_folder():
    assert workbook_path("a", "../../low") == "data/a--low.xlsx"
    assert workbook_path("a", "") == "data/a.xlsx"
