import json
from dataclasses import fields, replace
from html.parser import HTMLParser

import pytest

from statedfigures.display import markup, show
from statedfigures.display.charts import chart_fan
from statedfigures.display.payload import payload, portable, quantities_of, record_of
from statedfigures.display.records import MIME_TYPE, Column, TableView
from statedfigures.display.sentences import answer
from statedfigures.display.tables import (
    table_assumptions,
    table_claims,
    table_cross_checks,
    table_figures,
    table_long,
    table_measures,
    table_published,
    table_sources,
)
from statedfigures.display.words import Provenance, Quantity

HOSTILE = '<script>alert(\'1\')</script>" onmouseover="x()" {{ 7*7 }} [a](javascript:1) &amp;'


class Page(HTMLParser):
    """Collect the elements, ids and links of a fragment."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.ids, self.links, self.attributes = [], [], [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note an element and its attributes."""
        self.elements.append((tag, dict(attrs)))
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)


@pytest.fixture
def records(make):
    """Give one record of each kind, and a long table."""
    return [
        answer(make.a_study()),
        chart_fan(make.a_projection()),
        table_figures(make.some_tables().figures.values()),
        table_long([make.a_projection()]),
    ]


def test_a_record_comes_back_from_its_payload(records):
    for record in records:
        kept = json.loads(json.dumps(payload(record)))
        back = record_of(kept)
        assert show.html(back) == show.html(record)
        assert payload(back) == kept
        for there, here in zip(quantities_of(back), quantities_of(record), strict=True):
            assert there == replace(here, value=there.value)
            assert there.value == (here.value and pytest.approx(here.value, rel=1e-11))


def test_a_plain_number_that_leads_where_its_column_leads_is_the_value_alone():
    """The first plain number says where the column leads; the others say what they must."""
    here, there = Provenance(("figure:here",)), Provenance(("figure:there",))
    cells = ("none", Quantity("about 1", 1.0, here), Quantity("2", 2.0, there))
    rows = tuple((one,) for one in (*cells, Quantity("3", 3.0, here), Quantity("4.5", 4.5, there)))
    table = TableView("mixed", "Mixed", (Column("number", "Number", numeric=True),), rows)
    kept = payload(table)

    assert kept["from"] == [1]
    assert [row for (row,) in kept["rows"]] == [
        "none",
        {"value": 1.0, "text": "about 1", "from": 0},
        2.0,
        {"value": 3.0, "from": 0},
        4.5,
    ]
    assert record_of(json.loads(json.dumps(kept))) == table


def test_a_payload_keeps_no_digit_in_which_processors_may_differ():
    assert portable(0.1 + 0.2) == 0.3  # the sum is 0.30000000000000004
    assert portable(-1234567.890123456) == -1234567.89012
    assert portable(None) is None


def test_a_record_shows_itself_as_text_html_and_payload(records):
    for record in records:
        bundle = record._repr_mimebundle_(include=None, exclude=None)

        assert set(bundle) == {"text/plain", "text/html", MIME_TYPE}
        assert {"kind", "id", "title", "text", "provenance"} <= set(bundle[MIME_TYPE])


def test_a_table_has_a_caption_scoped_headers_and_a_part_that_scrolls(make):
    page = Page(show.html(table_figures(make.some_tables().figures.values())))
    scopes = [given.get("scope") for tag, given in page.elements if tag == "th"]
    region = next(given for _, given in page.elements if given.get("role") == "group")

    assert scopes.count("row") == 2
    assert scopes.count("col") == 7
    assert region["tabindex"] == "0"
    assert region["aria-labelledby"] in page.ids


def test_columns_for_the_file_alone_are_not_on_the_page():
    view = TableView("t", "T", (Column("a", "Shown"), Column("b", "Kept", file_only=True)),
                     (("x", "y"),))  # fmt: skip

    assert "Kept" not in show.html(view)
    assert "Kept" not in show.text(view)


def test_a_chart_has_words_picture_data_and_workings(make):
    html = show.html(chart_fan(make.a_projection()))
    page = Page(html)
    tags = [tag for tag, _ in page.elements]

    assert tags[:2] == ["figure", "figcaption"]
    assert tags.count("svg") == 1
    assert tags.count("table") == 1
    assert tags.count("summary") == 2
    assert 'href="data/fan-ships-data.csv"' in html


def test_every_link_inside_a_record_has_its_target_and_ids_are_met_once(records):
    for record in records:
        page = Page(show.html(record))
        inside = {link[1:] for link in page.links if link.startswith("#")}

        assert inside <= set(page.ids)
        assert len(page.ids) == len(set(page.ids))


def test_a_table_too_long_for_a_page_is_offered_as_a_file(make):
    view = table_long([make.a_projection(last=2034)])

    assert len(view.rows) > markup.ROWS_SHOWN
    assert "<table" not in show.html(view)
    assert 'href="data/projections-ships.csv"' in show.html(view)
    assert show.text(view).splitlines() == [view.caption, markup.LONG]


def test_an_empty_cell_is_a_dash_for_readers():
    assert markup.cell_html(None) == '<span class="empty">–</span>'


def test_html_is_the_same_each_time(records):
    for record in records:
        assert show.html(record) == show.html(record)


def spoiled(record):
    """Put hostile text into every free-text field of a row."""
    kept = {"id", "topic", "qualifier", "period_kind", "kind", "stated_unit", "from_figure",
            "to_figure", "published_series", "series", "rule", "effect", "quality",
            "distribution", "growth_claim", "base_figure"}  # fmt: skip
    changes = {
        one.name: HOSTILE
        for one in fields(record)
        if isinstance(getattr(record, one.name), str) and one.name not in kept
    }
    return replace(record, **changes)


def test_hostile_text_in_any_free_text_field_is_shown_as_text(make):
    tables = make.some_tables()
    figures = {name: spoiled(one) for name, one in tables.figures.items()}
    hostile = replace(
        tables,
        description=spoiled(tables.description),
        figures=figures,
        measures={name: spoiled(one) for name, one in tables.measures.items()},
        assumptions={name: spoiled(one) for name, one in tables.assumptions.items()},
        published={name: spoiled(one) for name, one in tables.published.items()},
    )
    projection = replace(make.a_projection(), series=spoiled(make.a_series()))
    shown = [
        table_figures(figures.values()),
        table_measures(hostile),
        table_assumptions(hostile),
        table_published(hostile.published.values()),
        table_sources(hostile),
        table_claims([replace(make.a_result(spoiled(make.a_claim())), reason=HOSTILE)]),
        table_cross_checks([replace(make.a_check(), figure=spoiled(make.a_figure()))]),
        answer(make.a_study(tables=hostile, projections=(projection,))),
        chart_fan(projection),
    ]
    for record in shown:
        page = Page(show.html(record))

        assert "script" not in {tag for tag, _ in page.elements}
        assert not {name for name in page.attributes if name.startswith("on")}
        assert not [link for link in page.links if link.startswith("javascript:")]


def test_a_column_of_sentences_is_marked_so_that_it_is_given_room():
    columns = (Column("what", "What"), Column("why", "Why"), Column("so", "So", numeric=True))
    words = "a" * (markup.PROSE_LENGTH + 1)
    view = TableView("t", "T", columns, (("x", words, words),), ("",))

    assert '<th scope="col">What</th><th scope="col" class="prose">Why</th>' in show.html(view)
    assert '<th scope="col" class="number">So</th>' in show.html(view)
    short = replace(view, rows=(("x", words[1:], words),))
    assert "prose" not in show.html(short)
