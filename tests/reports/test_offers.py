"""The files beside the pages and the page that lists them."""

import json

import pytest

from statedfigures.display.records import Column, TableView
from statedfigures.display.words import Provenance, Quantity
from statedfigures.reports.downloads import table_files
from statedfigures.reports.offers import PageShown, json_ld_of, listing, offered_files, size_words
from statedfigures.sources.release import read_release

PARAMETERS = {"scenario": "central"}
PAGES = (
    PageShown("1-a.ipynb", "a.html", "Ships: how many"),
    PageShown("2-b.ipynb", "b.html", "Seals"),
)
NOTEBOOKS = {"notebooks/1-a.ipynb": b"{}", "notebooks/2-b.ipynb": b"{}"}


def table(identity, *values):
    """Give a table with one number a row."""
    cells = tuple((Quantity(f"{one:,}", one, Provenance(("figure:a",))),) for one in values)
    return TableView(identity, f"Table {identity}", (Column("n", "N", numeric=True),), cells)


@pytest.fixture(scope="module")
def tables():
    """Read the release."""
    return read_release("weprotect-2014")


@pytest.fixture(scope="module")
def files():
    """Write two tables, one of which both pages show."""
    both = table("both", 1.0)
    return table_files({"1-a.ipynb": [both, table("ships", 2.0, 3.0)], "2-b.ipynb": [both]})


@pytest.fixture(scope="module")
def made(tables, files):
    """Make the files."""
    return offered_files(tables, PARAMETERS, files, PAGES)


def test_a_report_offers_its_data_their_description_and_how_to_use_them(made):
    assert set(made) == {
        "data/both.csv",
        "data/ships.csv",
        "data/weprotect-2014-central.xlsx",
        "data/csv-metadata.json",
        "datapackage.json",
        "citation.bib",
        "CITATION.cff",
        "LICENCE.txt",
    }


def test_the_same_report_gives_the_same_bytes(made, tables, files):
    assert offered_files(tables, PARAMETERS, files, PAGES) == made


def test_every_file_is_listed_with_its_size_under_each_page_that_shows_it(made, tables, files):
    shown = listing(tables, PARAMETERS, files, PAGES, made | NOTEBOOKS)
    listed = [one for group in shown["groups"] for one in group["offers"]]

    assert [[one.name for one in group["offers"]] for group in shown["groups"]] == [
        ["1-a.ipynb", "both.csv", "ships.csv"],
        ["2-b.ipynb", "both.csv"],
    ]
    assert {one.path for one in [*listed, *shown["whole"]]} == {*made, *NOTEBOOKS}
    assert [one.rows for one in listed] == ["", "1", "2", "", "1"]
    assert listed[2].size == f"{len(made['data/ships.csv'])} bytes"
    assert shown["groups"][0]["title"] == "Ships"


def test_a_report_without_a_table_offers_no_workbook(tables):
    made = offered_files(tables, PARAMETERS, (), PAGES)
    described = json.loads(json_ld_of(tables, PARAMETERS, ()))

    assert not [path for path in made if path.endswith(".xlsx")]
    assert all(each["contentUrl"] for each in described["distribution"])


@pytest.mark.parametrize(
    ("count", "words"),
    # 1,024 bytes are a KB; 1,536 KB are one and a half MB.
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KB"), (1_572_864, "1.5 MB")],
)
def test_a_size_is_said_in_words(count, words):
    assert size_words(count) == words
