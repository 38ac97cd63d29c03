import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from statedfigures.display.charts import (
    chart_claims,
    chart_cross_checks,
    chart_fan,
    chart_outturn,
    chart_scenarios,
    chart_stated_figures,
    chart_tor_monthly,
    chart_tornado,
)
from statedfigures.display.style import apart, lines_of, year_ticks
from statedfigures.display.svg import PALETTE, stylesheet
from statedfigures.display.words import Quantity

HERE = Path(__file__).parent


@pytest.fixture
def charts(make):
    """Draw every chart once."""
    return [
        chart_fan(make.a_projection()),
        chart_fan(make.a_projection(marked_from=2022)),
        chart_scenarios(make.a_projection()),
        chart_claims([make.a_result()]),
        chart_cross_checks([make.a_check(), make.a_check(agrees=True)]),
        chart_stated_figures(make.a_study()),
        chart_tor_monthly(make.some_tables()),
        chart_tornado(make.a_sensitivity()),
        chart_outturn(make.an_outturn()),
    ]


def picture(chart):
    """Read a picture as XML, which a page is stricter about than Matplotlib."""
    return ElementTree.fromstring(chart.svg)  # noqa: S314 - our own text


def texts(chart):
    """Give the words in a picture, with the attributes of each."""
    return [
        (element.text or "", element.attrib)
        for element in picture(chart).iter()
        if element.tag.endswith("text")
    ]


def numerals(words):
    """Give the numbers in a text."""
    return set(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", words))


def shown_in(table):
    """Give every number that a table of data shows."""
    return {
        number
        for row in table.rows
        for cell in row
        if cell is not None
        for number in numerals(str(cell))
    }


def test_the_numbers_of_picture_and_alternative_text_stand_in_the_table(charts):
    """Levels of ranges and the marks of a scale are not data."""
    for chart in charts:
        drawn = {
            number
            for words, given in texts(chart)
            if given.get("class") != "axis" and not words.endswith("range")
            for number in numerals(words)
        }
        alt = numerals(str(chart.alt_text)) - {"50", "90"}
        scale = numerals("580")  # the headline that the bars stand around

        assert drawn <= shown_in(chart.data) | scale, chart.id
        assert alt <= shown_in(chart.data) | scale, chart.id


def test_every_number_in_a_picture_leads_back(charts):
    """Marks of a scale excepted, a text with a digit says where it came from."""
    loose = [
        (chart.id, words)
        for chart in charts
        for words, given in texts(chart)
        if re.search(r"\d", words)
        and given.get("class") != "axis"
        and not {"data-from", "data-working"} & set(given)
    ]

    assert loose == []


def test_a_picture_is_an_image_with_the_alternative_text(charts):
    for chart in charts:
        root = picture(chart)

        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"] == str(chart.alt_text)
        assert "width" not in root.attrib
        assert root.attrib["viewBox"].startswith("0 0 360 ")


def test_text_stays_text_and_no_style_or_name_of_a_font_leaks(charts):
    for chart in charts:
        assert "<style" not in chart.svg
        assert "style=" not in chart.svg
        assert "DejaVu" not in chart.svg
        assert "date" not in chart.svg.lower().replace("data-", "")


def test_colours_follow_the_page(charts):
    """A colour outside the palette would not turn with a dark page."""
    plain = re.compile(r'"#[0-9a-fA-F]{6}"')
    for chart in charts:
        assert not plain.search(chart.svg), chart.id
        assert "var(--chart-blue,#12436d)" in chart.svg


def test_the_stylesheet_sets_every_colour_for_light_and_dark():
    css = stylesheet()

    assert all(css.count(f"--chart-{name}:") == 2 for name in PALETTE)
    assert "prefers-color-scheme:dark" in css


def test_ids_in_a_picture_begin_with_the_id_of_the_chart(charts):
    for chart in charts:
        ids = [one.attrib["id"] for one in picture(chart).iter() if "id" in one.attrib]

        assert all(one.startswith(chart.id) for one in ids)
        assert len(ids) == len(set(ids))


def test_titles_tell_the_finding_outside_the_picture(make):
    chart = chart_fan(make.a_projection())

    assert str(chart.title) == "Ships a year: as likely as not between 523 and 639 in 2022"
    assert str(chart.title) not in chart.svg
    assert str(chart_scenarios(make.a_projection()).title) == (
        "Ships a year: 523 in 2022 in the low scenario, 697 in the high one"
    )


def test_a_horizon_beyond_the_default_is_marked(make):
    words = "beyond the default horizon"

    assert words in chart_fan(make.a_projection(marked_from=2022)).svg
    assert words not in chart_fan(make.a_projection()).svg


def test_another_projection_gives_another_picture(make):
    assert chart_fan(make.a_projection(1.1)).svg != chart_fan(make.a_projection(1.2)).svg


def test_nothing_is_drawn_across_the_structural_break(make):
    """Two lines of two points each; the month astride the break is a dot of its own."""
    chart = chart_tor_monthly(make.some_tables())
    lines = [
        one.attrib["d"]
        for one in picture(chart).iter()
        if one.attrib.get("stroke-width") == "2.5" and one.tag.endswith("path")
    ]

    assert len(lines) == 2
    assert "structural break" in chart.svg


def test_a_claim_is_drawn_relative_to_the_number_it_states(make):
    """20% against a stated 20% is 100; the reading of 19.5 to 20.5 is 97.5 to 102.5."""
    chart = chart_claims([make.a_result()])
    values = [cell.value for cell in chart.data.rows[0][3:7] if isinstance(cell, Quantity)]

    assert values == pytest.approx([97.5, 102.5, 100, 100])


def test_the_widest_bar_of_a_tornado_comes_first(make):
    chart = chart_tornado(make.a_sensitivity())

    assert [str(row[0]) for row in chart.data.rows] == ["Damping", "Level shift"]
    assert str(chart.title) == "Damping moves ships a year most: 480 to 680 in 2022"


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda make: chart_outturn(make.no_outturn()), "has no outturn"),
        (lambda make: chart_claims([make.a_result(stated=None)]), "has a number to draw"),
        (
            lambda make: chart_cross_checks([replace(make.a_check(), difference_percent=None)]),
            "has a difference to draw",
        ),
        (
            lambda make: chart_tor_monthly(make.some_tables(tor_monthly_users=())),
            "no month to draw",
        ),
        (
            lambda make: chart_stated_figures(make.a_study(tables=make.some_tables(series={}))),
            "can be placed in time",
        ),
    ],
)
def test_a_chart_without_data_says_so(make, draw, message):
    with pytest.raises(ValueError, match=message):
        draw(make)


def test_matplotlib_is_left_as_it_was(make):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    chart_fan(make.a_projection())

    assert dict(mpl.rcParams) == before


def test_the_same_bytes_come_from_another_process_with_another_hash_seed():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import conftest as make;"
        "from statedfigures.display import show;"
        "from statedfigures.display.charts import chart_fan, chart_tornado, chart_stated_figures;"
        "print(show.html(chart_fan(make.a_projection())));"
        "print(show.html(chart_tornado(make.a_sensitivity())));"
        "print(show.html(chart_stated_figures(make.a_study())))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(HERE)],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }

    assert len(outputs) == 1


def test_labels_are_moved_apart_and_stay_in_order():
    places = apart([10.0, 11.0, 12.0, 40.0], 5.0)

    # 10, 11 and 12 spread around their mean of 11
    assert places == [6.0, 11.0, 16.0, 40.0]


def test_years_on_an_axis_are_evenly_spaced():
    assert year_ticks(2014, 2019) == [2014, 2019]
    assert year_ticks(2006, 2014) == [2006, 2008, 2010, 2012, 2014]
    assert year_ticks(2014, 2014) == [2014]


def test_a_long_label_is_broken_into_lines():
    assert len(lines_of("word " * 40, 300)) > 1
    assert lines_of("", 300) == [""]
