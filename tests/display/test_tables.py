"""Tables as HTML, CSV and workbook: what is shown, and that text never runs."""

import csv
import io
import math
import re
import zipfile
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files

import openpyxl
import pandas as pd
import pytest

import statedfigures as sf
from statedfigures.display import shown, tables
from statedfigures.display.charts import yearly_frame
from statedfigures.display.columns import SPECIFICATIONS, Column, Specification, series_words
from statedfigures.display.provenance import Ledger
from statedfigures.display.tables import TableView, cell
from statedfigures.display.words import free_words
from statedfigures.display.workbook import workbook_bytes
from statedfigures.errors import ParameterError

PAYLOADS = [
    "<script>window.ran=true</script>",
    "</td></tr></table><header>broken",
    "<img src=x onerror=window.ran=true>",
    '"onmouseover="window.ran=true',
    "</script><script>window.ran=true</script>",
    "javascript:window.ran=true",
    "&lt;script&gt;",
    "{{ cycler }}",
    "<!--",
]
FORMULAS = ["=SUM(A:A)", "+SUM(A:A)", "-SUM(A:A)", "@SUM(A:A)", "\t=SUM(A:A)", "＝SUM(A:A)"]


@pytest.fixture
def places():
    """Two rows with a number, a text and where they come from."""
    return pd.DataFrame(
        {
            "place": ["Aston", "Barton"],
            "people": [1234.5, 0.5],
            "year": [2014, 2015],
            "note": ["", "small"],
            "inputs": ["figure:aston", "figure:barton"],
        }
    )


class Tags(HTMLParser):
    """Takes down elements and attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        """Note a text."""
        self.text += data


@pytest.mark.parametrize("payload", [*PAYLOADS, *FORMULAS])
def test_text_from_a_table_is_text_everywhere(payload):
    frame = pd.DataFrame({"place": [payload], "url": [payload], "inputs": ["figure:a"]})
    columns = (Column("place", payload), Column("url", "Source", "address"))
    view = TableView(frame, Specification(columns), free_words(payload))
    ledger = Ledger()
    for html in (tables.table_html(view, ledger), tables.blocks_html(view, ledger), ledger.html()):
        read = Tags(html)

        assert not {"script", "img", "header", "iframe"} & set(read.tags)
        assert not [name for name in read.attributes if name.startswith("on")]
    assert payload.strip() in Tags(tables.table_html(view, ledger)).text
    assert 'href="javascript' not in tables.table_html(view, ledger)


def test_a_missing_value_of_any_type_is_an_empty_cell_of_a_file():
    counts, inside = pd.array([1, None], "Int64"), pd.array([True, None], "boolean")
    frame = pd.DataFrame({"count": counts, "inside": inside, "inputs": "figure:a"})

    lines = tables.table_csv(sf.table(frame, "Mine")).splitlines()
    assert lines[1:] == ["1,true,figure:a", ",,figure:a"]


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_cell_of_a_file_is_a_formula(payload):
    frame = pd.DataFrame({"place": [payload], "people": [-2.5], "inputs": ["figure:a"]})
    view = sf.table(frame, "Places")

    row = list(csv.reader(io.StringIO(tables.table_csv(view))))[1]
    assert row == [f"'{payload}", "-2.5", "figure:a"]
    book = workbook_bytes({payload: view}, title=payload, about=[], author="a", edition=EDITION)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert not any("<f>" in parts.read(name).decode() for name in parts.namelist())


EDITION = datetime(2026, 1, 2)


def test_a_table_has_caption_scopes_and_a_link_for_each_row(places):
    html = sf.table(places, "People by place").html(Ledger())

    assert "<caption>People by place</caption>" in html
    assert html.count('<th scope="col"') == 5  # four columns, and the one that opens a row
    assert re.findall(r'<th scope="row"><a class="why" href="#why-(\d)">(\w+)</a>', html) == [
        ("0", "Aston"),
        ("1", "Barton"),
    ]


def test_numbers_stand_to_the_right_and_no_cell_is_blank(places):
    html = sf.table(places, "People").html(Ledger())

    assert '<td class="number"><span data-n="0">1,234.5</span></td>' in html
    assert ">not stated<" in html
    assert not re.search(r"<td[^>]*></td>", html)


def test_columns_that_a_phone_hides_stand_in_a_row_that_opens(places):
    html = sf.table(places, "People").html(Ledger())

    assert '<td class="p2">' in html
    assert (
        '<td class="more"><details><summary>More</summary><dl><div class="p2"><dt>Note</dt>' in html
    )


def test_a_published_series_is_named_by_what_it_counts_and_by_whom(small_release):
    release = sf.read_release("small-release", small_release.data)
    first = release.published.iloc[0]
    shown = sf.table(release.published, "Published", specification="published", release=release)

    named = shown.frame["series_words"].iloc[0]
    assert named.endswith(f" ({first['publisher']})")
    assert named[1:].startswith(first["definition"][1:60].rpartition(" ")[0])
    long = {"definition": "offences " * 20, "publisher": "Office"}
    # Seven words of eight letters and the six spaces between are 62; " …" follows within 70.
    assert series_words(long) == "Offences" + " offences" * 6 + " … (Office)"


@pytest.mark.parametrize(
    ("broke", "inside", "words"),
    [
        (True, False, "measure changed"),
        (False, pd.NA, "open (bound or rounding)"),
        (False, True, "yes"),
    ],
)
def test_a_later_year_that_cannot_be_judged_is_no_miss(small_release, broke, inside, words):
    release = sf.read_release("small-release", small_release.data)
    later = sf.outturn(release).head(1).assign(break_of_measure=broke, inside90=inside)

    shown = sf.table(later, specification="outturn", release=release)

    assert shown.frame["inside90_words"].tolist() == [words]


def test_a_row_opens_onto_what_it_holds_and_nothing_else():
    frame = pd.DataFrame(
        {"place": ["Aston", "Barton", "Corby"], "a": 1.0, "b": 2.0, "note": ["A note.", "", "C."]}
    )
    html = sf.table(frame.assign(inputs="figure:a"), "Places").html(Ledger())

    assert html.count("<dt>Note</dt>") == 2
    assert "<dd>not stated</dd>" not in html
    assert html.count('<td class="more"><span class="hidden">nothing more</span></td>') == 1


@pytest.mark.browser
def test_what_a_row_opens_onto_spans_it_on_a_desk(new_tab):
    columns = [Column(name, name, priority=place) for name, place in (("a", 1), ("b", 1), ("c", 4))]
    frame = pd.DataFrame({"a": ["Aston"], "b": ["x"], "c": ["Long words. " * 30]})
    view = TableView(frame, Specification(tuple(columns)), free_words("Places"))
    style = files("statedfigures.site.pages").joinpath("static", "style.css").read_text("utf-8")
    tab = new_tab(viewport={"width": 1280, "height": 900})
    tab.set_content(f"<style>{style}</style><main>{tables.table_html(view, Ledger())}</main>")
    tab.click("summary")
    row, opened = (
        tab.evaluate(f"document.querySelector('{mark}').getBoundingClientRect().width")
        for mark in ("tbody tr", "td.more dl")
    )

    assert opened == pytest.approx(row, abs=2)


def test_a_notebook_shows_the_first_rows_to_the_left_with_nothing_dead():
    frame = pd.DataFrame({"place": [f"place {row}" for row in range(50)], "inputs": "figure:a"})
    html = sf.table(frame, "Places", fold="All places").html()

    assert html.count('<th scope="row"') == tables.ROWS_SHOWN
    assert "… and <data>30</data> more rows" in html
    assert "text-align:left" in html
    assert ">Places</caption>" in html
    assert ">All places</caption>" in sf.table(frame, fold="All places").html()
    assert "<details" not in html
    assert "<a " not in html


def test_only_a_table_that_others_link_to_has_anchors():
    frame = pd.DataFrame(dict.fromkeys(("label", "who", "what", "type", "status"), "a"), index=[0])
    frame = frame.assign(effect_figure_given=True, would_show_effect="", locator="x/1", note="")
    frame.index = pd.Index(["register"], name="id")

    anchored = sf.table(frame, specification="measures", anchored=True).html(Ledger())
    assert '<tr id="measure-register">' in anchored
    assert 'id="measure' not in sf.table(frame, specification="measures").html(Ledger())


def test_files_hold_the_values_of_the_frame_and_where_they_come_from():
    frame = pd.DataFrame({"low": [1121.25], "high": [2038.0], "inputs": ["figure:a"]})
    columns = (Column("range", "Range", "range", "places", of="low high"),)
    view = TableView(frame, Specification(columns), free_words(""))

    assert tables.table_csv(view) == "low,high,inputs\n1121.25,2038,figure:a\n"
    _, about = view.cells
    assert [heading for heading, _ in about.values()] == ["Range: low", "Range: high", "Inputs"]


def test_what_a_bound_leaves_open_is_not_stated_and_ends_stand_in_order():
    frame = pd.DataFrame(
        {"series": ["ships"], "inside": [pd.NA], "at_low": [9.0], "at_high": [3.0]}
    )
    columns = (
        Column("series", "Series"),
        Column("inside", "Inside"),
        Column("middles", "Middles", "range", "ships", of="at_low at_high"),
    )
    view = TableView(frame.assign(inputs="series:ships"), Specification(columns), free_words(""))
    html = tables.table_html(view)

    assert ">not stated<" in html
    assert ">3–9<" in html


def test_a_workbook_has_typed_cells_and_the_same_bytes_twice(places):
    views = {"people": sf.table(places, "People by place")}
    made = [
        workbook_bytes(views, title="T", about=["About"], author="A", edition=EDITION)
        for _ in range(2)
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(made[0])).worksheets[2]

    assert made[0] == made[1]
    assert [cell.value for cell in sheet[4]] == ["Aston", 1234.5, 2014, "[z]", "figure:aston"]
    assert [type(cell.value) for cell in sheet[5]] == [str, float, int, str, str]


def test_a_table_that_another_holds_whole_is_no_sheet_of_its_own(places):
    views = {
        "all": sf.table(places, "All"),
        "part": sf.table(places.head(1), "Part"),
        "again": sf.table(places, "Again"),
    }
    book = workbook_bytes(views, title="T", about=[], author="A", edition=EDITION)

    assert openpyxl.load_workbook(io.BytesIO(book)).sheetnames == ["Cover", "Contents", "1 all"]


def test_a_specification_names_the_columns_that_a_frame_lacks(places):
    with pytest.raises(
        ParameterError, match=r"needs the columns .*label.*; add them, pass release="
    ):
        sf.table(places, specification="figures")
    with pytest.raises(ParameterError, match="specification 'figurs' is unknown; known are"):
        sf.table(places, specification="figurs")


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_a_phone_shows_at_most_three_columns_and_the_head_always(name):
    columns = SPECIFICATIONS[name].columns

    assert columns[0].priority == 1
    assert sum(column.priority == 1 for column in columns) <= 3


def test_a_head_of_several_columns_begins_with_what_tells_rows_apart():
    columns = (Column("figure", "Figure", of="period label"),)
    frame = pd.DataFrame({"period": ["2012", "2013"], "label": ["Reports", "Reports in 2013"]})
    view = TableView(frame.assign(inputs="figure:a"), Specification(columns), free_words("R"))
    html = tables.table_html(view, Ledger())

    assert ">2012: Reports</a>" in html
    assert ">Reports in 2013</a>" in html


def test_a_unit_in_words_may_stand_on_two_lines():
    frame = pd.DataFrame({"label": ["Chance"], "central": [0.05], "unit": ["logit a year"]})
    columns = (Column("label", "Assumption"), Column("central", "Central", "exact"))
    view = TableView(frame.assign(inputs="assumption:a"), Specification(columns), free_words(""))

    assert re.search(
        r'<td class="number stated p2"><span data-n="0">5% of the odds a year</span></td>',
        tables.table_html(view, Ledger()),
    )


# ---------------------------------------------------------------- frames of an analyst's own


def shown_rows(frame):
    """Return the headings and the cells of each row, as a page shows them."""
    view = shown.table(frame, "Mine", inputs="figure:a")
    columns = view.specification.columns
    cells = [[str(cell(column, row, ())) for column in columns] for _, row, _ in view.rows]
    return [column.heading for column in columns], cells


def test_names_of_several_levels_are_told_in_one():
    places = pd.DataFrame({"place": ["A", "A", "B"], "year": [1, 2, 1], "people": [12, 14, 30]})

    wide = places.pivot_table(["people"], "place", "year")
    grouped = places.groupby(["place", "year"]).sum()

    assert shown_rows(wide) == (
        ["Place", "People 1", "People 2"],
        [["A", "12", "14"], ["B", "30", "not stated"]],
    )
    assert shown_rows(grouped)[1] == [["A", "1", "12"], ["A", "2", "14"], ["B", "1", "30"]]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame([[1, 2]], columns=["1", 1]),
        pd.DataFrame({"a": [1]}, index=pd.Index(["p"], name="a")),
        pd.DataFrame({"b": [1]}, index=pd.MultiIndex.from_tuples([("p", "q")], names=["a", "a"])),
    ],
)
def test_two_columns_of_one_name_are_refused(frame):
    """One of them would stand there twice."""
    with pytest.raises(ParameterError, match=r"two columns are called '(a|1)'.* rename one"):
        shown.table(frame)


def test_a_unit_that_says_something_of_no_value_is_shown():
    counted = pd.Series(["ships", "ships", "trees"], name="unit").value_counts()
    valued = pd.DataFrame({"value": [1], "unit": ["ships"]})

    assert shown_rows(counted) == (["Unit", "Count"], [["ships", "2"], ["trees", "1"]])
    assert shown_rows(valued)[0] == ["Value"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([math.inf, -math.inf, math.nan], ["∞", "−∞", "not stated"]),
        ([Decimal("1.5"), None], ["1.5", "not stated"]),
        ([[1, 2], {"a": 1}], ["[1, 2]", "{'a': 1}"]),
        (pd.to_datetime(["2020-01-01 10:30"]), ["2020-01-01 10:30:00"]),
        (pd.to_datetime(["2020-01-01"]), ["1 January 2020"]),
        (pd.period_range("2020Q1", periods=1, freq="Q"), ["2020Q1"]),
        (pd.to_timedelta([1], "h"), ["0 days 01:00:00"]),
        (pd.Categorical([3, None]), ["3", "not stated"]),
        (pd.array([1, None], "Int64"), ["1", "not stated"]),
        ([1 + 2j], ["(1+2j)"]),
    ],
)
def test_a_cell_of_any_type_is_shown_and_survives_its_record(values, words):
    table = shown.table(pd.DataFrame({"a": values}), "Mine", inputs="figure:a")

    again = shown.from_record(table._repr_mimebundle_()[shown.MIME_TYPE])

    assert shown_rows(pd.DataFrame({"a": values}))[1] == [[word] for word in words]
    assert all(word in table.html() for word in words if "'" not in word)
    assert again.html() == table.html()


def test_a_name_with_an_apostrophe_is_a_name():
    html = shown.table(pd.DataFrame({"Men's 5 km": [1]}), inputs="figure:a").html()

    assert "Men&#39;s <data>5</data> km" in html


def test_a_table_without_rows_says_so_under_its_caption():
    """What a query did not find can be told from a cell that was forgotten."""
    frame = pd.DataFrame({"a": [1]}).query("a > 1")

    assert "<p>Large ships: no rows</p>" in shown.table(frame, "Large ships").html()


def test_a_frame_of_many_columns_stays_on_its_page():
    """Three on a phone, nine on a desk; a row opens onto the others."""
    wide = pd.DataFrame([range(300)], columns=[f"c{n}" for n in range(300)])

    columns = shown.table(wide).specification.columns

    assert [column.priority for column in columns] == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 291


@pytest.mark.parametrize("inputs", [["figure:a", None], [["figure:a"], []], ["figure:a", math.nan]])
def test_a_row_without_inputs_has_none(inputs):
    view = shown.table(pd.DataFrame({"a": [1, 2], "inputs": inputs}))

    assert [given for _, _, given in view.rows] == [("figure:a",), ()]


@pytest.mark.parametrize("value", [[1], {"a": 1}, "12", None, pd.DataFrame().style])
def test_what_is_no_frame_series_or_number_is_refused(value):
    with pytest.raises(ParameterError, match="shows a DataFrame, a Series or a number; make one"):
        shown.table(value)


def test_a_year_is_named_as_the_period_of_its_base_and_is_a_number_in_the_file():
    release = sf.read_release("broadband-2022")
    projection = sf.project(release, "no_decent_broadband", draws=64)
    frame = yearly_frame(projection, "no_decent_broadband")
    years = shown.table(frame, specification="projection", release=release)

    assert "May 2027</th>" in tables.table_html(years)
    assert tables.table_csv(years).splitlines()[-1].startswith("2027,")


def test_a_range_and_a_period_stay_on_one_line():
    html = free_words("From 61–89% in 2012-13", "figure:a").html(Ledger())

    assert re.findall('class="whole">([^<]+)<', html) == ["61–89%", "2012-13"]
