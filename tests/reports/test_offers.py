"""The files beside the pages and the page that lists them."""

import csv
import json
from dataclasses import replace

import frictionless
import pytest
from bs4 import BeautifulSoup

from statedfigures.display.records import Column, TableView
from statedfigures.display.words import Provenance, Quantity
from statedfigures.reports.downloads import table_files
from statedfigures.reports.offers import (
    Offered,
    PageShown,
    json_ld_of,
    listing,
    offered_files,
    size_words,
)
from statedfigures.reports.spreadsheet import read_sheets
from statedfigures.sources.release import read_release

PAGES = (
    PageShown("1-a.ipynb", "a.html", "Ships"),
    PageShown("2-b.ipynb", "b.html", "Seals"),
)
NOTEBOOKS = {"notebooks/1-a.ipynb": b"{}", "notebooks/2-b.ipynb": b"{}"}


def table(identity, *values):
    """Give a table with one number a row."""
    cells = tuple((Quantity(f"{one:,}", one, Provenance(("figure:a",))),) for one in values)
    return TableView(identity, f"Table {identity}", (Column("n", "N", numeric=True),), cells)


@pytest.fixture(scope="module")
def offered():
    """Offer two tables, one of which both pages show."""
    both = table("both", 1.0)
    files = table_files({"1-a.ipynb": [both, table("ships", 2.0, 3.0)], "2-b.ipynb": [both]})
    return Offered(read_release("weprotect-2014"), {"scenario": "central"}, files, PAGES, b"packed")


@pytest.fixture(scope="module")
def made(offered):
    """Make the files."""
    return offered_files(offered)


def test_a_report_offers_its_data_their_description_and_how_to_use_them(made):
    assert set(made) == {
        "data/both.csv",
        "data/ships.csv",
        "data/weprotect-2014-central.xlsx",
        "data/weprotect-2014-tables.zip",
        "data/csv-metadata.json",
        "datapackage.json",
        "citation.bib",
        "CITATION.cff",
        "LICENCE.txt",
    }


def test_the_same_report_gives_the_same_bytes(made, offered):
    assert offered_files(offered) == made


def test_every_file_is_listed_with_its_size_under_each_page_that_shows_it(made, offered):
    shown = listing(offered, made | NOTEBOOKS)
    listed = [one for group in shown["groups"] for one in group["offers"]]

    assert [[one.name for one in group["offers"]] for group in shown["groups"]] == [
        ["1-a.ipynb", "both.csv", "ships.csv"],
        ["2-b.ipynb", "both.csv"],
    ]
    assert {one.path for one in [*listed, *shown["whole"]]} == {*made, *NOTEBOOKS}
    assert [one.rows for one in listed] == ["", "1", "2", "", "1"]
    assert listed[2].size == f"{len(made['data/ships.csv'])} bytes"
    assert shown["groups"][0]["title"] == "Ships"


def test_a_file_that_holds_the_same_as_one_above_says_so(offered, made):
    """A chart and a table of the same numbers each have a file; readers need only one."""
    twin = replace(offered.files[0], path="data/twin.csv", title="Twin")
    shown = listing(
        replace(offered, files=(*offered.files, twin)),
        made | NOTEBOOKS | {"data/twin.csv": twin.content},
    )
    words = {one.name: one.words for group in shown["groups"] for one in group["offers"]}

    assert words["twin.csv"] == "Twin (the same as both.csv)"
    assert words["both.csv"] == "Table both"


def test_a_report_without_a_table_offers_no_workbook(offered):
    bare = replace(offered, files=())
    made = offered_files(bare)
    described = json.loads(json_ld_of(bare))

    assert not [path for path in made if path.endswith(".xlsx")]
    assert all(each["contentUrl"] for each in described["distribution"])


@pytest.mark.parametrize(
    ("count", "words"),
    # 1,024 bytes are a KB; 1,536 KB are one and a half MB.
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KB"), (1_572_864, "1.5 MB")],
)
def test_a_size_is_said_in_words(count, words):
    assert size_words(count) == words


# The whole report


def test_every_file_of_the_whole_report_is_on_the_page_of_downloads(report):
    """Save the pages, which the navigation leads to."""
    page = BeautifulSoup((report / "downloads.html").read_text(encoding="utf-8"), "html.parser")
    linked = {link["href"] for link in page.find("main").find_all("a", href=True)}
    files = {
        path.relative_to(report).as_posix()
        for path in report.rglob("*")
        if path.is_file() and path.suffix != ".html"
    }

    assert files - linked == set()


def test_the_sizes_and_row_counts_on_the_page_are_those_of_the_files(report):
    page = BeautifulSoup((report / "downloads.html").read_text(encoding="utf-8"), "html.parser")
    rows = page.find("main").find_all("tr", attrs={"data-from": True})
    assert len(rows) > 80
    for row in rows:
        path = report / row["data-from"].removeprefix("file:")
        _, _, count, size = (cell.get_text() for cell in row.find_all(["th", "td"]))

        assert size == size_words(path.stat().st_size)
        if path.suffix == ".csv":
            assert count == f"{len(read_csv(path)) - 1:,}"


def test_frictionless_finds_the_whole_data_package_valid(report):
    found = frictionless.validate(str(report / "datapackage.json"))

    assert found.flatten(["fieldName", "message"]) == []
    assert found.stats["tasks"] == len(list((report / "data").glob("*.csv")))


def test_each_sheet_of_the_workbook_holds_what_its_csv_file_holds(report):
    """Empty cells are marked, symbols are spelt out; numbers are the same numbers."""
    (book,) = (report / "data").glob("*.xlsx")
    sheets = read_sheets(book)
    compared = 0
    for name, cells in sheets.items():
        rows = {}
        for cell in cells:
            assert not cell.is_formula
            rows.setdefault(cell.row, []).append(cell.text)
        source = next((one[0] for one in rows.values() if "File: data/" in one[0]), "")
        if not source:
            assert name in {"Cover", "Contents", "Notes"}
            continue
        _, *fields = read_csv(report / source.partition("File: ")[2])
        held = list(rows.values())[-len(fields) :]

        assert [[in_sheet(one) for one in row] for row in fields] == [
            [as_number(one) for one in row] for row in held
        ], name
        compared += 1
    assert compared > 50


def read_csv(path):
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_number(text):
    """Give a number where a text is one."""
    try:
        return float(text)
    except ValueError:
        return text


def in_sheet(field):
    """Give a field of a CSV file as a sheet holds it."""
    return as_number({"": "[z]", "%": "percent", "£": "pounds"}.get(field, field.strip()))
