"""The page that compares the sets: in a real browser, by keyboard, with many sets and none."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from statedfigures.display.charts_grid import IntervalRow, chart_intervals, is_logarithmic
from statedfigures.errors import RunError
from statedfigures.reports.grid_headlines import (
    SetEntry,
    SetHeadline,
    headlines_of_set,
    page_of_series,
)
from statedfigures.reports.grid_page import ROWS_DRAWN, evenly, grid_page
from statedfigures.reports.grid_plan import plan_grid
from statedfigures.reports.grid_spec import read_spec
from tests.conftest import RELEASES
from tests.reports.conftest import SMALL_NOTEBOOKS
from tests.reports.test_report_browser import UNDECIDED, violations_of

SPEC = 'release = "small-release"\n[product]\nscenario = ["low", "high"]\nhorizon_year = {years}\n'


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Settle a grid of forty sets; nothing is rendered."""
    folder = tmp_path_factory.mktemp("planned")
    path = folder / "trial.toml"
    path.write_text(SPEC.format(years=list(range(2022, 2042))))
    return plan_grid(
        read_spec(path), out=folder / "out", data=RELEASES, notebooks_folder=SMALL_NOTEBOOKS
    )


def entries_of(planned):
    """Give each set a headline of its own: the later and the higher, the more ships.

    A name with a mark-up character and a set that failed are among them.
    """
    made = []
    for place, one in enumerate(planned.sets):
        middle = 1000.0 + 10 * place
        headline = SetHeadline(
            "ships", "ships", 2041, middle, (middle * 0.9, middle * 1.1),
            (middle * 0.5, middle * (1.5 + place % 7)), "ships.html#ships-chart",
        )  # fmt: skip
        made.append(SetEntry(one.name, one.shared, "", {"ships": headline}))
    made[3] = replace(made[3], reason="1-x.ipynb, cell 2: Fault: <b>no</b>", headlines={})
    return made


@pytest.fixture(scope="module")
def page(planned, tmp_path_factory):
    """Write the page of forty sets to a file."""
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(grid_page(planned, entries_of(planned), ("ships",)))
    return path


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_any_width_and_nothing_is_asked_for(page, new_tab, scheme):
    tab = new_tab(color_scheme=scheme)
    tab.goto(page.as_uri())
    root = "document.documentElement"
    for width in (320, 768, 1440):
        tab.set_viewport_size({"width": width, "height": 900})
        violations, undecided = violations_of(tab)

        assert violations == [], width
        assert undecided <= UNDECIDED, width
        assert tab.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, width
    assert tab.told == []


def column(tab, place):
    """Read a column of the table of sets."""
    return tab.eval_on_selector_all(
        f"#sets tbody tr > :nth-child({place})", "cells => cells.map(one => one.textContent)"
    )


@pytest.mark.browser
def test_the_table_is_sorted_by_keyboard_and_says_so(page, new_tab):
    """Failed sets stay at the end, whichever way the table is turned."""
    tab = new_tab(viewport={"width": 1280, "height": 900})
    tab.goto(page.as_uri())
    heading = tab.locator("#sets thead th").nth(3)  # set, scenario, horizon year, middle
    before = column(tab, 4)
    heading.locator("button").focus()
    tab.keyboard.press("Enter")
    rising = [int(one.replace(",", "")) for one in column(tab, 4)[:-1]]

    assert rising == sorted(rising)
    assert column(tab, 4)[-1] == "–"
    assert heading.get_attribute("aria-sort") == "ascending"
    assert tab.locator("[aria-sort]").count() == 1
    tab.keyboard.press("Space")
    falling = [int(one.replace(",", "")) for one in column(tab, 4)[:-1]]

    assert falling == sorted(falling, reverse=True)
    assert column(tab, 4)[-1] == "–"
    assert heading.get_attribute("aria-sort") == "descending"
    assert "Sorted by Ships" in tab.locator("#sorted").text_content()
    assert tab.evaluate("document.activeElement.textContent").startswith("Ships")
    assert sorted(before) == sorted(column(tab, 4))


@pytest.mark.browser
def test_years_are_sorted_as_numbers_and_words_as_words(page, new_tab):
    tab = new_tab()
    tab.goto(page.as_uri())
    tab.locator("#sets thead button").nth(1).click()
    assert column(tab, 2) == ["high"] * 20 + ["low"] * 20
    tab.locator("#sets thead button").nth(2).click()
    assert column(tab, 3) == sorted(column(tab, 3), key=int)


@pytest.mark.browser
def test_without_scripts_the_sets_stand_in_the_order_of_the_file(page, planned, new_tab):
    tab = new_tab(java_script_enabled=False)
    tab.goto(page.as_uri())
    named = tab.locator("#sets tbody th").all_text_contents()

    assert [one.removesuffix(" (failed)") for one in named] == [one.name for one in planned.sets]
    assert tab.locator("th button").count() == 0
    assert not tab.locator(".sorts").is_visible()


def test_every_value_leads_to_the_set_that_it_comes_from(page, planned):
    html = page.read_text()
    name = planned.sets[7].name

    assert f'href="{name}/ships.html#ships-chart">1,070</a>' in html
    assert f'href="{planned.sets[3].name}/' not in html
    assert "<b>no</b>" not in html
    assert "&lt;b&gt;no&lt;/b&gt;" in html


def test_a_picture_of_more_sets_than_fit_says_so_and_keeps_both_ends(planned):
    """Two hundred middles, from 1 to 200: sixty are drawn, 1 and 200 among them."""
    entries = [
        SetEntry(
            f"set-{place}", planned.sets[0].shared, "",
            {"ships": SetHeadline("ships", "ships", 2026, float(place), None, None, "a.html")},
        )
        for place in range(1, 201)
    ]  # fmt: skip
    html = grid_page(planned, entries, ("ships",))

    assert f"Each picture shows {ROWS_DRAWN} of 200" in html
    drawn = re.search(r"<svg.*?</svg>", html, re.DOTALL)[0]
    assert len(re.findall(">200<", drawn)) >= 1
    assert re.search(r"Lowest: <a href=\"set-1/a.html\">1</a>", html)


def test_the_page_is_the_same_every_time(planned):
    entries = entries_of(planned)

    assert grid_page(planned, entries, ("ships",)) == grid_page(planned, entries, ("ships",))


def test_a_grid_in_which_every_set_failed_has_a_page(planned):
    failed = [replace(one, reason="no", headlines={}) for one in entries_of(planned)]

    assert "Sets rendered</dt><dd>0 of 40" in grid_page(planned, failed, ())


def test_what_a_value_does_is_told_over_all_sets_that_share_it(planned):
    """Low is the first twenty sets: 1,000 to 1,190, the fourth of which failed."""
    html = grid_page(planned, entries_of(planned), ("ships",))

    assert (
        '<tr><th scope="row">low</th><td class="number">20</td>'
        '<td class="number">1,000 to 1,190</td></tr>' in html
    )


@given(some.integers(0, 500), some.integers(2, 80))
def test_places_evenly_apart_keep_both_ends_and_never_repeat(count, most):
    places = evenly(count, most)

    assert len(places) == min(count, most)
    assert places == sorted(set(places))
    assert not places or (places[0], places[-1]) == (0, count - 1)


def test_headlines_come_from_the_published_data(tmp_path):
    """Only the last year counts, the middle of the scenario, and the ranges of all draws."""
    (tmp_path / "data").mkdir()
    head = "series,scenario,model,target_year,output_type,output_type_id,value,unit"
    rows = [
        "tor,high,pool,2018,quantile,0.5,1,users",
        "tor,high,pool,2019,quantile,0.5,2,users",
        "tor,low,pool,2019,quantile,0.5,3,users",
        "tor,high,linear,2019,quantile,0.5,4,users",
        *(
            f"tor,pooled,pool,2019,quantile,{level},{value},users"
            for level, value in ((0.05, 5), (0.25, 6), (0.75, 7), (0.95, 8))
        ),
    ]
    path = tmp_path / "data" / "projections.csv"
    path.write_text("\r\n".join([head, *rows]) + "\r\n", newline="")

    found = headlines_of_set(tmp_path, "high")

    assert found == {
        "tor": SetHeadline("tor", "users", 2019, 2.0, (6.0, 7.0), (5.0, 8.0), "index.html")
    }
    assert headlines_of_set(tmp_path / "nowhere", "high") == {}
    path.write_text(f"{head}\r\nspoilt\r\n", newline="")
    with pytest.raises(RunError, match="is not as it was published; delete the folder of"):
        headlines_of_set(tmp_path, "high")


def test_the_page_of_a_series_is_the_one_that_has_its_chart(tmp_path):
    (tmp_path / "one.html").write_text("<p>fan-tor</p>")
    (tmp_path / "two.html").write_text('<figure id="fan-tor">')

    assert page_of_series(tmp_path, "tor", "", ["one", "two"]) == "two.html#fan-tor"
    assert page_of_series(tmp_path, "tor", "two", []) == "two.html#fan-tor"
    assert page_of_series(tmp_path, "ships", "", ["one", "two"]) == "index.html"


def test_a_scale_that_would_flatten_the_middles_is_logarithmic():
    """From nought, a middle of 10 beside an end of 10,000 would be no wider than the line."""
    wide = [IntervalRow("a", 10.0, (5.0, 20.0), (1.0, 10_000.0), "10")]
    narrow = [IntervalRow("a", 10.0, (5.0, 20.0), (1.0, 30.0), "10")]

    assert ">10,000<" in chart_intervals("wide", wide, "")
    assert ">0<" in chart_intervals("narrow", narrow, "")
    assert ">0<" not in chart_intervals("wide", wide, "")
    assert (is_logarithmic(wide), is_logarithmic(narrow)) == (True, False)
