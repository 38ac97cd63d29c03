"""The register leads to every page, chart and number that rests on an assumption."""

import json

import pytest
from bs4 import BeautifulSoup

from statedfigures.display.records import MIME_TYPE, Answer, Column, TableView
from statedfigures.display.words import Provenance, Quantity, sentence
from statedfigures.reports.where_used import places_of, with_places
from statedfigures.sources.release import read_release
from tests.reports.conftest import RELEASES

TABLES = read_release("small-release", data=RELEASES)


def resting_on(*names):
    return Quantity("7", 7.0, Provenance(tuple(f"assumption:{one}" for one in names), "worked"))


def table(identity, *names):
    cells = ((resting_on(*names),),)
    return TableView(identity, "Any", (Column("n", "N", numeric=True),), cells)


def answer(identity, *names):
    return Answer(identity, (sentence("{n} ships.", n=resting_on(*names)),))


SHOWN = {
    "ships": [
        answer("answer-ships", "damping"),
        table("tornado-ships", "damping", "claim_almost"),
        table("assumptions-used-ships", "damping"),
    ],
    "all-harbours": [table("scores", "claim_almost"), table("other", "no_such_row")],
    "assumptions": [table("assumptions", "damping")],
}


def test_every_record_whose_numbers_rest_on_an_assumption_is_a_place():
    """The register itself and tables that repeat its rows are none."""
    assert places_of(SHOWN, TABLES) == {
        "claim_almost": (("ships", "tornado-ships"), ("all-harbours", "scores")),
        "damping": (("ships", "answer-ships"), ("ships", "tornado-ships")),
    }


def test_the_cell_that_names_pages_names_their_records_under_the_title_of_the_series():
    row = '<tr id="assumption-{}"><th>A</th><td><a href="#w-1">2</a></td><td>{}</td></tr>'
    html = row.format("damping", '<a href="ships.html">ships</a>') + row.format("likely", "never")
    made = with_places(html, places_of(SHOWN, TABLES), TABLES)

    cell = (
        '<a href="ships.html">ships</a><details><summary>Answers and charts</summary>'
        "ships: number of ships: "
        '<a href="ships.html#answer-ships">answer</a>, '
        '<a href="ships.html#tornado-ships">what moves it</a></details>'
    )
    title = TABLES.series["ships"].title
    assert made == row.format(
        "damping", cell.replace("number of ships", title[:1].lower() + title[1:])
    ) + row.format("likely", "never")


# The whole report


@pytest.fixture(scope="module")
def resting(report):
    """Give page and id of every record of the report, with the assumptions behind its numbers."""
    found = {}
    for path in sorted((report / "notebooks").glob("*.ipynb")):
        page = path.stem.partition("-")[2]
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                one = output.get("data", {}).get(MIME_TYPE)
                if one and page != "assumptions":
                    inputs = {name for each in one["provenance"] for name in each["inputs"]}
                    found[page, one["id"]] = one["kind"], inputs
    return found


@pytest.fixture(scope="module")
def register(report):
    """Give the row of each assumption on the page of the register."""
    page = BeautifulSoup((report / "assumptions.html").read_text(encoding="utf-8"), "html.parser")
    return {
        row["id"].removeprefix("assumption-"): row
        for row in page.find_all("tr", id=lambda one: one and one.startswith("assumption-"))
    }


def test_each_row_leads_to_every_page_chart_and_answer_that_rests_on_it(resting, register):
    assert len(register) == 47
    for name, row in register.items():
        linked = {link["href"] for link in row.find_all("a")}
        for (page, record), (kind, inputs) in resting.items():
            if f"assumption:{name}" not in inputs:
                continue
            assert f"{page}.html" in linked, (name, page)
            if kind in ("chart", "answer") and not record.startswith("notice-"):
                assert f"{page}.html#{record}" in linked, (name, record)


def test_each_row_leads_to_no_place_that_does_not_rest_on_it(resting, register):
    for name, row in register.items():
        if not any(f"assumption:{name}" in inputs for _, inputs in resting.values()):
            continue  # such as the usual horizon: it rules what a page is asked for, and no number
        for link in row.find_all("a"):
            page, _, record = link["href"].partition(".html#")
            if page != "assumptions" and record:
                assert f"assumption:{name}" in resting[page, record][1], (name, record)


def test_a_table_that_no_row_leads_to_repeats_the_register_or_stands_beside_its_chart(
    resting, register
):
    """Projected values, later years and what to ask for next follow a chart of the same."""
    linked = {link["href"] for row in register.values() for link in row.find_all("a")}
    left_out = {
        record.partition("-")[0]
        for (page, record), (kind, inputs) in resting.items()
        if kind == "table"
        and any(one.startswith("assumption:") for one in inputs)
        and f"{page}.html#{record}" not in linked
    }

    assert left_out == {"assumptions", "projection", "projections", "outturn", "ask"}


@pytest.mark.parametrize("page", ["figures", "offences", "tor", "iwf", "protection", "outturn"])
def test_each_page_that_rests_on_assumptions_ends_with_them(report, resting, page):
    """Those that its charts, tables and answer rest on, and no others."""
    soup = BeautifulSoup((report / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    heading = soup.find("h2", string="Assumptions used")
    table = heading.find_next("table")
    listed = {
        link["href"].partition("#assumption-")[2]
        for link in table.find_all("a")
        if "#assumption-" in link["href"]
    }
    used = {
        name.removeprefix("assumption:")
        for (one, record), (_, inputs) in resting.items()
        if one == page and not record.startswith("assumptions-used-")
        for name in inputs
        if name.startswith("assumption:")
    }

    assert used <= listed
    later = [one.get_text() for one in heading.find_all_next("h2")]
    assert later[:3] == ["What this is not", "Sources", "How this page was made"]
