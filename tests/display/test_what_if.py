"""Try other values: the script of a page gives the numbers of Python."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from statedfigures.analysis.assumptions import sobol_points
from statedfigures.analysis.headline import headlines, outlook, rule_of
from statedfigures.analysis.projection import draw_symbols, levels_after, model_of, project
from statedfigures.analysis.sensitivity import sensitivity
from statedfigures.display.chart_style import chart_svg, stylesheet
from statedfigures.display.charts import chart_series
from statedfigures.display.formats import computed_text, range_text
from statedfigures.display.provenance import Ledger
from statedfigures.display.what_if import what_if, what_if_html
from statedfigures.site.pages import template

SCRIPT = Path(template.__file__).parent / "static" / "what_if.js"
DRAWS, LEVELS = 1024, (0.05, 0.25, 0.5, 0.75, 0.95)
POLICY = "default-src 'none'; script-src 'nonce-t'; style-src 'nonce-t'"


def release_of(made_up, *, figures, assumptions=(), claims=(), unit="ships", **series):
    """Return a release of one series."""
    row = {"id": "ships", "unit": unit, "base_figure": figures[-1]["id"]} | series
    row.setdefault("growth_from", figures[0]["id"] if len(figures) > 1 else "")
    row["figures"] = " ".join(figure["id"] for figure in figures)
    frames = {"claims": list(claims)} if claims else {}
    figures = [{**figure, "unit": unit} for figure in figures]
    return made_up.release(figures=figures, series=[row], assumptions=assumptions, **frames)


@pytest.fixture(scope="module")
def shapes(made_up):
    """Return a release for every way in which a series may be drawn."""
    year, row = made_up.year, made_up.assumption
    expected = row("qualifier_expected", 1, 25, 50, unit="percent")
    rest = row("rest_of_year", 0.7, 1, 1.4, unit="multiple")
    years = row("growth_years", 1, 1, 2, unit="years")
    words = row("fraction_words", 0.02, 0.05, 0.1, unit="fraction")
    rise = {"id": "rise", "kind": "percent_change", "direction": "rise", "rounded_to": 1.0}
    thirds = {"stated_value": 0.6667, "stated_unit": "fraction", "qualifier": "about"}
    fall = {"stated_value": 38.0, "stated_unit": "percent", "qualifier": "exact"}
    fewer = {"stated_value": 5.0, "stated_unit": "multiple", "qualifier": "exact"}
    halved = {**fewer, "stated_value": 0.5, "direction": "fall", "qualifier": "almost"}
    almost = row("qualifier_almost", 0.8, 0.9, 0.95, unit="fraction")
    doubled = {**fewer, "stated_value": 2.0, "as_stated": "have doubled"}
    base = year("b", 20_000, 2019, qualifier="expected", rounded_to=1000.0)
    from_claim = {"growth_claim": "rise", "growth_from": ""}
    return {
        "a rise between two years": release_of(
            made_up,
            figures=[
                year("a", 736, 2015, qualifier="about", rounded_to=10.0),
                year("b", 1235, 2019),
            ],
        ),
        "a fall between months": release_of(
            made_up,
            figures=[
                made_up.figure("a", 134_000, "2018-05-01", "2018-05-31", "month", rounded_to=1000.0,
                               qualifier="about"),
                made_up.figure("b", 83_000, "2019-05-01", "2019-05-31", "month", value_to=84_000),
            ],
        ),
        "a share under its maximum": release_of(
            made_up,
            figures=[year("a", 62, 2018), year("b", 76, 2019, qualifier="about")],
            assumptions=[row("base_step", 1, 1.1, 1.2, unit="multiple")],
            unit="percent",
            maximum="100",
        ),
        "part of a year": release_of(
            made_up,
            figures=[
                year("a", 13_330, 2018),
                made_up.figure("b", 27_850, "2019-01-01", "2019-10-31", "part_year"),
            ],
            assumptions=[rest, row("base_step", 1, 1.26, 1.5, unit="multiple")],
        ),
        "a year that its publisher projected": release_of(
            made_up,
            figures=[year("a", 736, 2015), year("b", 1235, 2019, qualifier="projected")],
            assumptions=[rest, row("cutoff", 280, 304, 340, unit="day of the year")],
        ),
        "a bound as base": release_of(
            made_up,
            figures=[year("a", 15_000, 2015), year("b", 20_000, 2019, qualifier="more_than",
                                                   rounded_to=5000.0)],
            assumptions=[row("qualifier_more_than", 1, 5, 15, unit="percent")],
        ),
        "a rise without its base": release_of(
            made_up, figures=[base], claims=[rise | thirds], base_stands="after",
            assumptions=[years, words, expected], **from_claim,
        ),
        "a fall that the base stands before": release_of(
            made_up, figures=[base], claims=[rise | fall | {"direction": "fall"}],
            base_stands="before", assumptions=[years, expected], **from_claim,
        ),
        "a fivefold fall": release_of(
            made_up,
            figures=[base],
            claims=[rise | fewer | {"kind": "multiple", "direction": "fall"}],
            base_stands="after", assumptions=[years, expected], **from_claim,
        ),
        "a fall by almost a half": release_of(
            made_up, figures=[base], claims=[rise | halved | {"kind": "multiple"}],
            base_stands="after", assumptions=[years, almost, expected], **from_claim,
        ),
        "a rise said to have doubled": release_of(
            made_up, figures=[base], claims=[rise | doubled | {"kind": "multiple"}],
            base_stands="after", assumptions=[years, words, expected], **from_claim,
        ),
    }  # fmt: skip


def page_of(release, name="ships", **parameters):
    """Return a page with the chart of a series and its sliders, under the policy of the site."""
    projection = project(release, "ships", draws=DRAWS)
    payload = what_if(release, "ships", draws=DRAWS, **parameters)
    pictures = "".join(
        f'<div class="{width}">'
        + chart_svg(chart_series(release, projection, width=width), f"{name}-{width}", "A chart.")
        + "</div>"
        for width in ("wide", "narrow")
    )
    script = SCRIPT.read_text(encoding="utf-8")
    return (
        "<!doctype html><html lang=en><title>t</title>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<style nonce="t">{stylesheet()} .track {{ position: relative; display: block; }}'
        " input { width: 100%; margin: 0; } .tick { position: absolute; }</style>"
        '<main><h1>t</h1><h2>t</h2><figure class="chart"><figcaption><h3>t</h3></figcaption>'
        f"{pictures}"
        f"{what_if_html(payload, name)}</figure></main>"
        f'<script type="application/json" id="what-if">{json.dumps({name: payload})}</script>'
        f'<script nonce="t">{script}</script>'
    )


@pytest.fixture
def opened(new_tab, tmp_path):
    """Return what opens the page of a release in a new tab."""

    def open_page(release, fragment="", **parameters):
        path = tmp_path / "page.html"
        path.write_text(page_of(release, **parameters), encoding="utf-8")
        tab = new_tab(viewport={"width": 1200, "height": 900})
        tab.goto(path.as_uri() + fragment)
        return tab

    return open_page


def moved(tab, **values):
    """Move sliders, and return the values at which they stand once the page has settled."""
    for name, value in values.items():
        tab.evaluate(
            "([id, value]) => { const slider = document.getElementById(id); slider.value = value;"
            " slider.dispatchEvent(new Event('input')); }",
            [f"ships-{name}", value],
        )
    tab.wait_for_selector(".what-if[data-state=settled]")
    return {
        name: float(tab.eval_on_selector(f"[id='ships-{name}']", "slider => slider.value"))
        for name in values
    }


def rows_of(tab):
    """Return the quantiles of each year that the page has worked out."""
    return np.array(json.loads(tab.get_attribute(".what-if", "data-rows")))


def computed(release, held):
    """Return the quantiles of each year, with assumptions held, as Python works them out."""
    model, points = model_of(release, "ships"), sobol_points(DRAWS, 1)
    symbols = draw_symbols(model, points, held)
    years = release.about.default_horizon - model.base_year
    levels = levels_after(model, symbols, range(years + 1))
    return np.quantile(levels, LEVELS, axis=1).T, outlook(
        model, symbols, years, rule_of(release, model)
    )[0]


SHAPES = [
    "a rise between two years", "a fall between months", "a share under its maximum",
    "part of a year", "a year that its publisher projected", "a bound as base",
    "a rise without its base", "a fall that the base stands before", "a fivefold fall",
    "a fall by almost a half",
    "a rise said to have doubled",
]  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("shape", SHAPES)
def test_the_page_gives_the_numbers_of_python_wherever_its_sliders_stand(shapes, opened, shape):
    release = shapes[shape]
    controls = what_if(release, "ships", draws=DRAWS)["controls"]
    tab = opened(release)

    for part in (0.3, 0.7):
        held = moved(
            tab, **{c["id"]: c["values"][0] + part * np.ptp(c["values"]) for c in controls}
        )
        rows, _ = computed(release, held)
        assert rows_of(tab) == pytest.approx(rows, rel=1e-6)
    assert tab.told == []


@pytest.mark.browser
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_sentence_of_the_page_is_that_of_the_rule(shapes, opened, value):
    release = shapes["a rise between two years"]
    tab = opened(release)
    held = moved(tab, growth_continues=value)
    rows, message = computed(release, held)
    words = what_if(release, "ships", draws=DRAWS)["words"][message]
    low, _, middle, _, high = rows[-1]

    told = tab.inner_text(".told")
    assert told.startswith(f"With your values {words}: middle ")
    assert f"middle {computed_text(middle, 'ships', 100.0)}, " in told
    assert f"90% range {range_text(low, high, 'ships', 100.0)}." in told


@pytest.mark.browser
def test_going_back_shows_what_was_published(shapes, opened):
    release = shapes["a rise between two years"]
    tab = opened(release)
    assert tab.is_disabled(".reset")

    moved(tab, growth_continues=1.0)
    assert tab.get_attribute(".wide [data-mark=own]", "visibility") == "visible"
    assert tab.get_attribute(".wide [data-mark=band90]", "visibility") == "hidden"
    assert tab.get_attribute(".wide [data-mark=middle]", "stroke-dasharray") == "4 3"

    tab.click(".reset")
    assert tab.get_attribute(".wide [data-mark=own]", "visibility") == "hidden"
    assert tab.get_attribute(".wide [data-mark=band90]", "visibility") == "visible"
    assert tab.get_attribute(".wide [data-mark=middle]", "stroke-dasharray") == "none"
    assert rows_of(tab) == pytest.approx(computed(release, {})[0], rel=1e-9)
    assert "#" not in tab.url


@pytest.mark.browser
def test_the_address_keeps_what_is_held_and_nothing_else_in_it_is_run(shapes, opened):
    release = shapes["a rise between two years"]
    first = opened(release)
    moved(first, growth_continues=0.8, damping=0.75)
    fragment = "#" + first.url.partition("#")[2]
    assert fragment == "#try=ships,growth_continues~0.8,damping~0.75"

    again = opened(release, fragment + ",damping~x,nothing~1,volatility~1e9,<img onerror=alert(1)>")
    again.wait_for_selector(".what-if[data-state=settled]")
    held = {"growth_continues": 0.8, "damping": 0.75}
    assert rows_of(again) == pytest.approx(computed(release, held)[0], rel=1e-6)
    assert again.told == []


@pytest.mark.browser
def test_a_thousand_points_draw_while_a_slider_moves_and_all_of_them_at_rest(shapes, opened):
    release = shapes["a rise between two years"]
    tab = opened(release)
    state = tab.evaluate(
        "() => { const slider = document.getElementById('ships-damping'); slider.value = 0.8;"
        " slider.dispatchEvent(new Event('input'));"
        " return document.querySelector('.what-if').dataset.state; }"
    )
    assert state == "moving"

    tab.wait_for_selector(".what-if[data-state=settled]")
    assert rows_of(tab) == pytest.approx(computed(release, {"damping": 0.8})[0], rel=1e-6)


@pytest.mark.browser
def test_the_published_value_is_marked_at_its_place_on_the_track(shapes, opened):
    tab = opened(shapes["a rise between two years"])
    # From 0.7 to 1 with 0.9 published: two thirds of the way, between the ends of the thumb.
    place = tab.eval_on_selector(
        ".slider:has([id='ships-damping'])",
        "item => { const track = item.querySelector('.track').getBoundingClientRect();"
        " const tick = item.querySelector('.tick').getBoundingClientRect();"
        " return (tick.left - track.left - 8) / (track.width - 16); }",
    )

    assert place == pytest.approx(2 / 3, abs=0.01)
    assert tab.inner_text(".slider:has([id='ships-damping']) .tick") == "published 90%"


@pytest.mark.browser
def test_a_year_is_read_out_for_pointers_and_told_for_arrow_keys(shapes, opened):
    release = shapes["a rise between two years"]
    tab = opened(release)
    row = headlines(release, draws=DRAWS).loc["ships"]
    middle = computed_text(row["middle"], "ships", row["rounded_to"])

    tab.focus(".wide svg")
    tab.keyboard.press("ArrowRight")
    assert tab.inner_text(".readout").startswith(f"2025: middle {middle}, 50% ")
    assert tab.get_attribute(".readout", "role") == "status"
    tab.keyboard.press("ArrowLeft")
    assert tab.inner_text(".readout").startswith("2024: middle ")

    plot = [float(part) for part in tab.get_attribute(".wide svg", "data-plot").split()]
    tab.hover(".wide svg", position={"x": plot[0] + plot[2] - 2, "y": plot[1] + 20})
    assert tab.inner_text(".readout").startswith("2025: ")
    tab.mouse.move(1190, 890)
    assert tab.inner_text(".readout").strip() == ""


@pytest.mark.browser
def test_a_page_of_sliders_has_no_axe_violation(shapes, opened):
    package = Path(pytest.importorskip("axe_playwright_python").__file__).parent
    axe = next(package.rglob("axe.min.js")).read_text(encoding="utf-8")
    tab = opened(shapes["part of a year"])
    moved(tab, growth_continues=0.2)
    tab.evaluate(axe)
    found = tab.evaluate("() => axe.run().then(result => result.violations.map(v => v.id))")

    assert found == []


def test_without_a_script_the_assumptions_are_a_table(shapes):
    payload = what_if(shapes["part of a year"], "ships", draws=DRAWS)
    html = what_if_html(payload, "ships")

    assert html.count("<tr>") == len(payload["controls"]) + 1
    assert "<input" not in html
    assert re.search(r'<th scope="row">damping</th><td class="number">70%</td>', html)


def test_the_table_tells_the_value_that_the_scenario_holds(shapes):
    payload = what_if(shapes["a rise between two years"], "ships", draws=DRAWS)
    control = next(row for row in payload["controls"] if row["after"] == "%")
    html = what_if_html(payload | {"held": {control["id"]: 0.1234}}, "ships")

    assert ">12.34%<" in html


def test_a_single_year_is_a_year_and_two_are_years(shapes):
    """The years of the growth are 1 at their low and in the middle, and 2 at their high."""
    html = what_if_html(what_if(shapes["a rise without its base"], "ships", draws=DRAWS), "ships")

    assert re.findall(r">(\d years?)<", html) == ["1 year", "1 year", "2 years"]


@pytest.mark.browser
def test_a_slider_at_one_says_it_in_the_singular(shapes, opened):
    tab = opened(shapes["a rise without its base"])
    moved(tab, growth_years=2)
    assert tab.get_attribute("[id='ships-growth_years']", "aria-valuetext") == "2.00 years"
    assert tab.text_content(".slider:has([id='ships-growth_years']) .tick") == "published 1 year"


def test_every_number_of_the_table_leads_to_its_assumption(shapes):
    ledger = Ledger()
    payload = what_if(shapes["part of a year"], "ships", draws=DRAWS)
    what_if_html(payload, "ships", ledger)
    (entry,) = ledger.entries

    assert ledger.untraced == 0
    assert [len(numbers) for numbers in entry.sources.values()] == [3] * len(payload["controls"])
    assert entry.told()[0] == f"assumption:{payload['controls'][0]['id']}"


def test_names_of_tables_are_text(made_up):
    damping = made_up.assumption("damping", 0.7, 0.9, 1, label="<img src=x onerror=alert()> & co")
    html = what_if_html(what_if(made_up.ships(damping), "ships", draws=DRAWS), 'a"b')

    assert "<img" not in html
    assert "&lt;img src=x onerror=alert()&gt; &amp; co" in html
    assert 'data-chart="a&#34;b"' in html


def test_the_assumptions_that_move_most_come_first(shapes):
    release = shapes["part of a year"]
    moves = sensitivity(release, draws=DRAWS)
    ids = [row["id"] for row in what_if(release, "ships", moves, draws=DRAWS)["controls"]]
    ranked = moves.sort_values("rank")["assumption"].tolist()

    assert ids == [name for name in ranked if name in ids]


def test_a_scenario_is_held_where_the_edition_holds_it(shapes):
    release = shapes["a rise between two years"]
    payload = what_if(release, "ships", draws=DRAWS, scenario="high")
    projection = project(release, "ships", scenario="high", draws=DRAWS)
    last = projection[(projection["year"] == 2025) & projection["quantile"].isin(LEVELS)]

    assert set(payload["held"]) == {"growth_continues", "damping"}
    assert payload["published"][-1] == pytest.approx(last["value"].tolist())


@pytest.mark.parametrize("shape", SHAPES)
def test_a_slider_can_stand_at_its_three_values_in_forty_steps_or_more(shapes, shape):
    for control in what_if(shapes[shape], "ships", draws=DRAWS)["controls"]:
        low, central, high = control["values"]
        steps = [(central - low) / control["step"], (high - low) / control["step"]]
        assert steps == pytest.approx([round(step) for step in steps], abs=1e-6)
        assert steps[1] >= 40


def test_the_payload_holds_what_json_can(shapes):
    for release in shapes.values():
        payload = what_if(release, "ships", draws=DRAWS)
        assert json.loads(json.dumps(payload, allow_nan=False)) == payload


def test_the_script_is_no_longer_than_it_may_be():
    lines = [line.strip() for line in SCRIPT.read_text(encoding="utf-8").splitlines()]
    code = [line for line in lines if line and not line.startswith(("//", "/*", "*"))]

    assert len(code) <= 350
    assert not re.search(
        r"\beval\b|innerHTML|new Function|setAttribute\(\"style\"", "\n".join(code)
    )
