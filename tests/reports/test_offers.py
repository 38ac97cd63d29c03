"""The files beside the pages and the page that lists them."""

import json
from dataclasses import replace

import pytest

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
    return Offered(read_release("weprotect-2014"), {"scenario": "central"}, files, PAGES)


@pytest.fixture(scope="module")
def made(offered):
    """Make the files."""
    return offered_files(offered)


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
