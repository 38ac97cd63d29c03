"""The chart of a series, read back from the picture that a page shows."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from defusedxml import ElementTree
from matplotlib.figure import Figure

from statedfigures.display.chart_style import INKS, TEXT, Room, chart_svg, house_style
from statedfigures.display.charts import axis_top, bands_of, chart_series, end_labels, series_points
from statedfigures.errors import ParameterError, RunError

SVG = "{http://www.w3.org/2000/svg}"
LEVELS = {0.025: -1.96, 0.05: -1.645, 0.25: -0.6745, 0.5: 0.0, 0.75: 0.6745, 0.95: 1.645}


def projected(base, first, last, growth, spread, maximum=np.inf, tilt=1.0):
    """Return a projection whose logarithm, or logit, grows evenly with a fan of a known width."""
    rows = []
    for scenario, extra in (("low", -tilt), ("central", 0.0), ("high", tilt)):
        for year in range(first, last + 1):
            for quantile, normal in LEVELS.items():
                years = year - first
                change = (growth + extra * spread) * years + normal * spread * years**0.5
                level = np.exp(change) * (base if np.isinf(maximum) else base / (maximum - base))
                value = level if np.isinf(maximum) else maximum * level / (1 + level)
                rows.append(("places", scenario, year, quantile, value, "", "figure:base"))
    columns = ["series", "scenario", "year", "quantile", "value", "unit", "inputs"]
    return pd.DataFrame(rows, columns=columns)


def release_of(made_up, figures, unit="ships", published=(), **series):
    """Return a release of one series, from its first figure to its last."""
    figures = [{**figure, "unit": unit} for figure in figures]
    names = [figure["id"] for figure in figures]
    row = {"id": "places", "unit": unit, "figures": " ".join(names), "base_figure": names[-1]}
    row |= {"growth_from": names[0] if len(names) > 1 else "", "outturn_series": "counted"}
    level = {"series": "counted", "unit": unit, "qualifier": "exact", "part": "whole"}
    rows = [{**level, "period": str(period), "value": value} for period, value in published]
    return made_up.release(figures=figures, series=[row | series], published=rows)


@pytest.fixture(scope="module")
def shapes(made_up):
    """Return releases and projections of every shape that a series may have."""
    year, figure = made_up.year, made_up.figure
    may = ("2021-05-01", "2021-05-31", "month"), ("2022-05-01", "2022-05-31", "month")
    fiscal = ("2016-04-01", "2017-03-31", "financial_year")
    later = ("2018-04-01", "2019-03-31", "financial_year")
    counted = [(y, 9_000 + 2_500 * (y - 2008)) for y in range(2008, 2026)]
    return {
        "rising": (
            release_of(
                made_up, [year("a", 736, 2015), year("b", 1235, 2019, qualifier="projected")]
            ),
            projected(1235, 2019, 2024, 0.04, 0.2),
        ),
        "falling": (
            release_of(
                made_up,
                [figure("a", 134_000, *may[0], qualifier="about"), figure("b", 83_000, *may[1])],
            ),
            projected(83_000, 2022, 2027, -0.2, 0.15),
        ),
        "percent": (
            release_of(
                made_up, [year("a", 24, 2018), year("b", 37, 2019, qualifier="about")], "percent"
            ),
            projected(37, 2019, 2025, 0.3, 0.3, 100.0),
        ),
        "money": (
            release_of(
                made_up,
                [
                    figure("a", 12.1e9, *fiscal, qualifier="about", rounded_to=1e8),
                    figure("b", 13.65e9, *later, qualifier="more_than", rounded_to=1e7),
                ],
                "gbp",
            ),
            projected(13.65e9, 2018, 2025, 0.05, 0.04, tilt=6.0),
        ),
        "seconds": (
            release_of(made_up, [year("a", 483, 2018), year("b", 571, 2019)], "seconds"),
            projected(571, 2019, 2022, 0.05, 0.04),
        ),
        "part of a year": (
            release_of(
                made_up,
                [
                    year("a", 13_330, 2018),
                    figure("b", 27_850, "2019-01-01", "2019-12-11", "part_year"),
                ],
                published=counted,
            ),
            projected(30_600, 2019, 2024, 0.2, 0.3),
        ),
        "base alone": (
            release_of(made_up, [year("b", 20_000, 2019, qualifier="expected")]),
            projected(20_000, 2019, 2025, 0.1, 0.3),
        ),
        "levels alone": (
            release_of(
                made_up,
                [
                    figure("a", 192, *fiscal),
                    figure(
                        "b", 1000, "2019-02-02", "2020-02-01", "rolling_12_months",
                        qualifier="more_than",
                    ),
                ],
                base_figure="",
                growth_from="",
            ),
            None,
        ),
        "a bound since": (
            release_of(
                made_up,
                [
                    year("a", 15_000, 2011, qualifier="about", rounded_to=1000),
                    figure("c", 20_000, "2015-01-01", "2019-12-31", "since", qualifier="more_than"),
                    year("b", 22_500, 2019, qualifier="may_exceed"),
                ],
                published=counted,
            ),
            projected(22_500, 2019, 2024, 0.03, 0.1),
        ),
    }  # fmt: skip


NAMES = [
    "rising", "falling", "percent", "money", "seconds", "part of a year",
    "base alone", "levels alone", "a bound since",
]  # fmt: skip


@pytest.fixture(scope="module")
def drawn(shapes):
    """Return each case drawn at both widths, as the SVG of a page."""
    return {
        (name, width): chart_svg(
            chart_series(release, projection, "places", width=width), f"c-{width}", "A chart."
        )
        for name, (release, projection) in shapes.items()
        for width in ("wide", "narrow")
    }


def texts_of(svg):
    """Return every text of a picture with its size."""
    root = ElementTree.fromstring(svg)
    usual = root.get("font-size")
    return [
        ("".join(element.itertext()), float(element.get("font-size", usual)))
        for element in root.iter(f"{SVG}text")
    ]


def points_of(svg, mark):
    """Return the values that a mark draws, from pixels back to the scale of the axes."""
    root = ElementTree.fromstring(svg)
    left, top, width, height = map(float, root.get("data-plot").split())
    (x0, x1), (y0, y1) = (tuple(map(float, root.get(f"data-{axis}").split())) for axis in "xy")
    group = next(element for element in root.iter(f"{SVG}g") if element.get("data-mark") == mark)
    places = [(float(use.get("x")), float(use.get("y"))) for use in group.iter(f"{SVG}use")]
    if not places:
        path = next(group.iter(f"{SVG}path")).get("d")
        places = [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", path)]
    return [
        (x0 + (x - left) / width * (x1 - x0), y1 - (y - top) / height * (y1 - y0))
        for x, y in places
    ]


def luminance(colour):
    """Return the relative luminance that WCAG 2.2 defines."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one, other):
    """Return the contrast ratio that WCAG 2.2 defines."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "levels alone"])
def test_the_numbers_read_back_from_the_picture_are_those_of_the_frame(shapes, drawn, name):
    _, projection = shapes[name]
    _, quantiles, others = bands_of(projection)
    finest = quantiles[0.95].max() / 1000

    assert [y for _, y in points_of(drawn[name, "wide"], "middle")] == pytest.approx(
        quantiles[0.5].tolist(), abs=finest
    )
    assert [y for _, y in points_of(drawn[name, "narrow"], "edge-0.95")] == pytest.approx(
        quantiles[0.95].tolist(), abs=finest
    )
    assert [y for _, y in points_of(drawn[name, "wide"], "low")] == pytest.approx(
        others["low"].tolist(), abs=finest
    )


def test_a_calendar_year_stands_at_its_tick_and_a_financial_year_a_quarter_later(drawn):
    assert points_of(drawn["rising", "wide"], "a")[0] == pytest.approx((2015, 736), abs=2)
    # The middle of April 2018 to March 2019 is the first of October 2018.
    assert points_of(drawn["money", "wide"], "b")[0][0] == pytest.approx(2018.25, abs=0.01)


def test_a_base_before_a_stated_rise_is_projected_from_the_end_of_the_rise(made_up):
    release = release_of(made_up, [made_up.year("b", 20_000, 2019)], growth_from="")
    svg = chart_svg(chart_series(release, projected(30_000, 2021, 2025, 0, 0.1)), "c", "A chart.")

    assert points_of(svg, "b")[0][0] == pytest.approx(2019, abs=0.01)
    assert points_of(svg, "middle")[0][0] == pytest.approx(2021, abs=0.01)


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("name", NAMES)
def test_the_axis_starts_at_zero_and_reaches_the_band_and_what_was_stated(
    shapes, drawn, name, width
):
    release, projection = shapes[name]
    low, high = map(float, ElementTree.fromstring(drawn[name, width]).get("data-y").split())
    points = series_points(release, "places")
    quantiles = None if projection is None else bands_of(projection)[1]

    assert low == 0
    assert high >= axis_top(points[points["kind"] == "stated"], quantiles)
    assert high <= 2 * axis_top(points, quantiles)


def test_a_scenario_that_leaves_the_axis_ends_in_an_arrow_with_its_value(drawn):
    # Growth of 0.05 + 6 × 0.04 = 0.29 a year: 13.65 × exp(7 × 0.29) = 103.9 billion.
    svg = drawn["money", "wide"]
    _, top = ElementTree.fromstring(svg).get("data-y").split()

    assert points_of(svg, "beyond-high")[0][1] == pytest.approx(float(top), rel=0.01)
    assert "High scenario £103.9 billion" in [text for text, _ in texts_of(svg)]


def test_published_values_stretch_the_axis_by_half_at_most(made_up):
    figures = [made_up.year("a", 90, 2015), made_up.year("b", 100, 2019)]
    release = release_of(made_up, figures, published=[(2020, 140), (2021, 900)])
    svg = chart_svg(chart_series(release, projected(100, 2019, 2022, 0, 0.01)), "c", "A chart.")
    top = float(ElementTree.fromstring(svg).get("data-y").split()[1])

    assert top == 150
    assert points_of(svg, "counted/2021")[0][1] == pytest.approx(150, abs=0.5)


def test_dots_say_what_was_stated_measured_and_counted_later(shapes):
    release, _ = shapes["part of a year"]
    points = series_points(release, "places").set_index("id")

    assert points.loc["b", ["kind", "words"]].tolist() == ["stated", "27,850 so far"]
    # Made up as published on 1 June 2020: 2019 is before, 2020 is after.
    assert points.loc[["counted/2019", "counted/2020"], "kind"].tolist() == ["measured", "outturn"]
    assert points.loc["counted/2020", "inputs"] == "published:counted/2020"


def test_an_outturn_frame_takes_the_place_of_later_rows(made_up):
    figures = [made_up.year("a", 90, 2015), made_up.year("b", 100, 2019)]
    release = release_of(made_up, figures, published=[(2018, 95), (2021, 140)])
    later = pd.DataFrame(
        {"series": ["places"], "year": [2021], "published": [141.0], "inputs": ["published:x/y"]}
    ).assign(qualifier="exact", break_of_measure=False, unit="ships")
    points = series_points(release, "places", later)

    assert points.loc[points["kind"] == "outturn", "value"].tolist() == [141.0]
    assert points.loc[points["kind"] == "measured", "value"].tolist() == [95.0]


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_what_was_measured_before_the_base_is_named_before_it_and_never_twice(made_up, width):
    figures = [made_up.year("a", 90, 2015), made_up.year("b", 100, 2019)]
    projection = projected(100, 2019, 2022, 0, 0.01)

    def measured(*rows):
        release = release_of(made_up, figures, published=rows)
        (axes,) = chart_series(release, projection, width=width).axes
        border = axes.transData.transform((2019, 0))[0]
        ends = {text.get_text(): text.get_window_extent().x1 for text in axes.texts}
        return [end <= border for words, end in ends.items() if words == "measured"]

    assert measured((2018, 95)) == [True]
    assert measured((2015, 90)) == []


def test_what_is_measured_on_another_basis_is_no_dot(made_up):
    figures = [made_up.year("a", 90, 2015), made_up.year("b", 100, 2019)]
    release = release_of(made_up, figures, published=[(2021, 140), (2022, 150)])
    rows = release.published.assign(miss_reason=["break_of_measure", ""])
    later = pd.DataFrame(
        {"series": "places", "year": [2021, 2022], "published": [140.0, 150.0], "unit": "ships"}
    ).assign(qualifier="exact", break_of_measure=[True, False], inputs="published:counted/2022")

    for points in (
        series_points(replace(release, published=rows), "places"),
        series_points(release, "places", later),
    ):
        assert points.loc[points["kind"] == "outturn", "value"].tolist() == [150.0]


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_empty_or_outside_the_sizes_of_the_design(drawn, name):
    for width in ("wide", "narrow"):
        for text, size in texts_of(drawn[name, width]):
            assert text.strip()
            assert 12 <= size <= 15


@pytest.mark.parametrize("unit", ["offences", "percent", "gbp"])
def test_labels_at_the_ends_name_what_they_are_before_the_number(unit):
    quantiles = pd.DataFrame(
        {0.05: [70.1], 0.25: [112.1], 0.5: [152.3], 0.75: [203.9], 0.95: [324.9]}, index=[2024]
    )
    others = pd.DataFrame({"low": [104.0], "high": [242.0]}, index=[2024])
    sign = {"percent": "{}%", "gbp": "£{}"}.get(unit, "{}")
    words = [text for _, text, _ in end_labels(quantiles, others, unit)]

    # The 50% range is wider than a fifth of the middle: two significant figures, outward.
    middle = sign.format(150)
    assert words[0] == f"Middle {middle}"
    assert words[1].startswith("90% range: ")
    assert words[2].startswith("50% range: ")
    assert words[3:] == [f"Low scenario {sign.format(100)}", f"High scenario {sign.format(240)}"]


def test_the_step_of_a_headline_decides_the_digits():
    quantiles = pd.DataFrame(
        {0.05: [1401.0], 0.25: [1480.0], 0.5: [1523.0], 0.75: [1561.0], 0.95: [1652.0]},
        index=[2024],
    )

    assert end_labels(quantiles, pd.DataFrame(), "trees")[0][1] == "Middle 1,520"
    assert end_labels(quantiles, pd.DataFrame(), "trees", rounded_to=100.0)[0][1] == "Middle 1,500"


def test_a_phone_has_numbers_in_the_unit_of_its_axis(drawn):
    words = [text for text, _ in texts_of(drawn["money", "narrow"])]

    # 13.65 × exp(7 × 0.05) = 19.4 billion.
    assert "Middle £19.4" in words
    assert "Billion pounds" in words


def test_half_a_projection_is_refused_with_what_it_lacks(shapes):
    release, projection = shapes["rising"]

    with pytest.raises(ParameterError, match=r"has no quantile 0\.05, 0\.25, 0\.75, 0\.95; filter"):
        chart_series(release, projection.query("quantile == 0.5"))
    with pytest.raises(ParameterError, match="no column quantile, scenario, series, year; give"):
        chart_series(release, projection[["value"]])


def test_a_projection_in_pandas_order_and_of_several_series_asks_for_a_name(shapes):
    release, projection = shapes["rising"]
    both = pd.concat([projection, projection.assign(series="other")])

    with pytest.raises(ParameterError, match="name the series to draw: one of places, other"):
        chart_series(release, both)
    with pytest.raises(ParameterError, match="has no scenario middle; it has low, central, high"):
        chart_series(release, projection, scenario="middle")
    with pytest.raises(ParameterError, match="series must be one of places"):
        chart_series(release, None, "paces")


def test_the_same_figure_gives_the_same_bytes(shapes, drawn):
    release, projection = shapes["rising"]
    again = chart_svg(chart_series(release, projection), "c-wide", "A chart.")

    assert again == drawn["rising", "wide"]


def test_a_picture_brings_no_style_script_date_or_font_of_its_own(drawn):
    for svg in drawn.values():
        assert not re.search(r"style=|<style|<script|DejaVu|matplotlib|\d{4}-\d\d-\d\dT", svg)
        assert "<text" in svg


def test_dollar_signs_and_tags_are_text(made_up):
    figures = [made_up.year("a", 5, 2015), made_up.year("b", 9, 2019)]
    release = release_of(made_up, figures, "fines_of_$5_to_$9_<script>")
    svg = chart_svg(chart_series(release, projected(9, 2019, 2022, 0.1, 0.1)), "c", 'a "<b>" $x$')

    assert ("Fines of $5 to $9 <script>", TEXT["wide"]) in texts_of(svg)
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).get("aria-label") == 'a "<b>" $x$'


def test_ids_of_two_pictures_in_one_page_differ(shapes):
    release, projection = shapes["rising"]
    figure = chart_series(release, projection)
    ids = [re.findall(r' id="([^"]+)"', chart_svg(figure, name, "A chart.")) for name in "ab"]

    assert ids[0]
    assert not set(ids[0]) & set(ids[1])
    for used in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', chart_svg(figure, "a", "A chart.")):
        assert "".join(used) in ids[0]


def test_a_chart_without_alternative_text_is_refused():
    with pytest.raises(RunError, match="the chart c has no alternative text; write what it shows"):
        chart_svg(Figure(), "c", " ")


def test_an_empty_text_is_a_fault():
    with house_style(), pytest.raises(RunError, match="an empty text was to stand in a chart"):
        Room("wide", (10, 10, 10, 10)).write((0, 0), "  ")


@pytest.mark.parametrize("scheme", [0, 1])
def test_inks_stand_out_in_light_and_dark(scheme):
    inks = {name: pair[scheme] for name, pair in INKS.items()}

    for name in ("text", "muted", "blue", "plum", "teal", "orange", "grey"):
        assert contrast(inks[name], inks["paper"]) >= 4.5, name
    for name in ("band50", "edge90"):
        assert contrast(inks[name], inks["paper"]) >= 3, name
    # Lines stay visible on the bands that they cross.
    assert contrast(inks["edge90"], inks["band90"]) >= 3
    for name in ("blue", "plum"):
        assert contrast(inks[name], inks["band50"]) >= 3, name


@pytest.mark.browser
def test_no_label_lies_on_another_or_leaves_the_picture(drawn, label_faults):
    assert label_faults(drawn) == []
