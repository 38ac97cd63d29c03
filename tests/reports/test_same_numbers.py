"""The whole report, rendered: picture, alternative text, table and CSV show the same numbers.

What is drawn is read back from the picture. Each kind of chart has one scale,
so the places of all its marks must lie on one straight line over the values of
the table (or over their logarithms), within the tenth of a point to which
places are rounded.
"""

import csv
import io
import re
from math import log10

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from defusedxml import ElementTree

from statedfigures.display.records import Chart, TableView
from statedfigures.display.words import Quantity
from statedfigures.reports.site import records_of

SVG = "{http://www.w3.org/2000/svg}"
NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
# Places are written to a tenth of a point, twice where a shape is moved.
ROUNDED = 0.13


@pytest.fixture(scope="module")
def shown(report):
    """Give every chart and table of the report, with the page it stands on."""
    found = []
    for path in sorted((report / "notebooks").glob("*.ipynb")):
        page = path.stem.partition("-")[2]
        records = records_of(nbformat.read(path, as_version=4))
        found += [(page, one) for one in records if isinstance(one, Chart | TableView)]
    return found


@pytest.fixture(scope="module")
def charts(shown):
    """Give every chart."""
    return [one for _, one in shown if isinstance(one, Chart)]


@pytest.fixture(scope="module")
def pages(report):
    """Read every page."""
    return {
        path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in report.glob("*.html")
    }


def table_of(record):
    """Give the table of a chart, or the table itself."""
    return record.data if isinstance(record, Chart) else record


def values(table, *names):
    """Give the numbers of some columns, row by row; None where there is none."""
    places = [[column.name for column in table.columns].index(name) for name in names]
    return [
        tuple(row[place].value if isinstance(row[place], Quantity) else None for place in places)
        for row in table.rows
    ]


def column(table, name):
    """Give a column as text."""
    place = [one.name for one in table.columns].index(name)
    return [str(row[place]) for row in table.rows]


# What is drawn


def points(path):
    """Give the corners of a path."""
    numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def drawn(svg):
    """Read a picture: filled shapes, lines, round and other marks, in the order drawn.

    A shape that is used lies around nought when it marks a point.
    """
    root = ElementTree.fromstring(svg)
    paths = [one.attrib for one in root.iter(f"{SVG}path")]
    shapes = {one["id"]: one["d"] for one in paths if "id" in one}
    found = {"shapes": [], "lines": [], "dots": [], "arrows": []}
    for one in root.iter():
        if one.tag == f"{SVG}path" and "id" not in one.attrib:
            found["lines"].append((one.attrib, points(one.attrib["d"])))
        elif one.tag == f"{SVG}use":
            path = shapes[one.attrib["href"][1:]]
            moved = float(one.attrib.get("x", 0)), float(one.attrib.get("y", 0))
            if "C" in path:
                found["dots"].append((one.attrib, moved))
            elif len(points(path)) == 3:
                found["arrows"].append((one.attrib, moved))
            else:
                corners = [(x + moved[0], y + moved[1]) for x, y in points(path)]
                found["shapes"].append((one.attrib, corners))
    return found


def colour_of(attributes):
    """Name the colour of a mark."""
    paint = attributes.get("fill", "none")
    paint = attributes.get("stroke", "") if paint == "none" else paint
    return re.sub(r"var\(--chart-(\w+),.*", r"\1", paint)


def on_one_line(pairs):
    """Fit places to values; give the fit and the largest distance from it in points."""
    known = np.array(pairs, dtype=float)
    slope, start = np.polyfit(known[:, 0], known[:, 1], 1)
    return (slope, start), float(np.max(np.abs(slope * known[:, 0] + start - known[:, 1])))


def edges(corners):
    """Give the lowest and the highest place of a band at each step from left to right."""
    steps = {}
    for x, y in corners:
        steps.setdefault(x, []).append(y)
    # The page counts downwards: the lower end of the band has the larger place.
    return [(x, max(heights), min(heights)) for x, heights in sorted(steps.items())]


# Table, file and page


def test_there_are_charts_and_tables_to_compare(shown, charts):
    assert len(charts) >= 20
    assert len(shown) > len(charts)


def test_every_csv_file_holds_the_numbers_and_words_of_its_table(report, shown):
    for _, record in shown:
        table = table_of(record)
        text = (report / "data" / f"{table.id}.csv").read_bytes().decode()
        header, *rows = csv.reader(io.StringIO(text, newline=""))

        assert header == [one.name for one in table.columns]
        assert len(rows) == len(table.rows)
        for fields, cells in zip(rows, table.rows, strict=True):
            for field, cell, one in zip(fields, cells, table.columns, strict=True):
                if one.numeric and isinstance(cell, Quantity):
                    assert float(field) == pytest.approx(cell.value, rel=1e-9), (table.id, field)
                else:
                    assert field.removeprefix("'") == ("" if cell is None else str(cell))


def words_of(cell):
    """Give the words of a cell, without the places that the site lists in the register."""
    listed = {id(word) for one in cell.find_all("details") for word in one.strings}
    return "".join(word for word in cell.strings if id(word) not in listed)


def test_every_table_of_a_page_shows_the_words_of_its_cells(pages, shown):
    compared = 0
    for page, record in shown:
        table = table_of(record)
        found = pages[page].find("table", id=table.id)
        if found is None:
            assert len(table.rows) > 150, table.id
            continue
        on_page = [place for place, one in enumerate(table.columns) if not one.file_only]
        expected = [
            ["–" if row[place] is None else str(row[place]) for place in on_page]
            for row in table.rows
        ]
        body = found.find("tbody").find_all("tr", recursive=False)
        cells = [[words_of(cell) for cell in row.find_all(["th", "td"])] for row in body]

        assert cells == expected, table.id
        compared += 1
    assert compared > 50


def test_the_picture_says_its_alternative_text(pages, shown):
    for page, chart in shown:
        if isinstance(chart, Chart):
            picture = pages[page].find("figure", id=chart.id).find("svg")

            assert picture["aria-label"] == str(chart.alt_text)


def numerals(text):
    """Give the numbers in a text."""
    return set(NUMERAL.findall(text))


def rounded_forms(table):
    """Give every way in which a number of the table may be written."""
    words = {numeral for row in table.rows for cell in row for numeral in numerals(str(cell or ""))}
    for row in table.rows:
        for cell in row:
            if isinstance(cell, Quantity) and cell.value is not None:
                words |= numerals(cell.text)
    return words


def written(chart, *, axis):
    """Give the numbers written in a picture, with or without the marks of its scales."""
    return {
        numeral
        for one in ElementTree.fromstring(chart.svg).iter(f"{SVG}text")
        if axis or one.attrib.get("class") != "axis"
        for numeral in numerals(one.text or "")
    }


def counts_of(table):
    """Give the counts that a sentence may state of a table: its rows, and those that say yes."""
    said = [sum(str(cell) == "yes" for cell in cells) for cells in zip(*table.rows, strict=True)]
    return {str(count) for count in (len(table.rows), *said)}


def test_every_number_of_the_alternative_text_and_the_title_stands_in_the_data(charts):
    """Or is the name of a range, a count of rows, or written in the picture or its subtitle."""
    astray = {}
    for chart in charts:
        words = re.sub(r"\d+% range", "", f"{chart.alt_text} {chart.title}")
        known = rounded_forms(chart.data) | counts_of(chart.data) | written(chart, axis=True)
        if missing := numerals(words) - known - numerals(str(chart.subtitle)):
            astray[chart.id] = missing

    assert astray == {}


def test_every_number_written_in_a_picture_stands_in_its_data_or_its_words(charts):
    astray = {}
    for chart in charts:
        known = rounded_forms(chart.data)
        known |= numerals(f"{chart.alt_text} {chart.title} {chart.subtitle}")
        if missing := written(chart, axis=False) - known:
            astray[chart.id] = missing

    assert astray == {}


def test_a_number_that_is_in_no_row_is_noticed(charts):
    """The comparisons above see a number that does not belong."""
    chart = of_kind(charts, "fan-")[0]
    known = rounded_forms(chart.data) | written(chart, axis=True)

    assert numerals(str(chart.alt_text)) - known <= {"50", "90"}
    assert numerals("87,654") - known == {"87,654"}


def test_a_mark_that_lies_elsewhere_is_noticed():
    """Half a point beside its place is five times the rounding."""
    straight = [(float(value), 200 - 2.0 * value) for value in range(10)]
    moved = [*straight, (4.0, 192.5)]

    assert on_one_line(straight)[1] < ROUNDED
    assert on_one_line(moved)[1] > ROUNDED


# The drawn data of each kind of chart


def of_kind(charts, start):
    """Give the charts whose id begins so, at least one."""
    found = [one for one in charts if one.id.startswith(start)]
    assert found
    return found


KINDS = (
    "fan-",
    "scenarios-",
    "outturn-chart-",
    "tornado-",
    "quality-impact",
    "stated-",
    "claims-chart-",
    "cross-checks-chart-",
    "tor-monthly-chart",
)


def test_every_chart_is_of_a_kind_whose_picture_is_read_back(charts):
    assert [one.id for one in charts if not one.id.startswith(KINDS)] == []


def fan_pairs(table, bands, middles):
    """Give value and place for each quantile of one fan, and year and place for each step."""
    heights, steps = [], []
    for (attributes, corners), names in zip(bands, (("q05", "q95"), ("q25", "q75")), strict=True):
        assert colour_of(attributes) == "blue"
        rows = [row for row in values(table, "year", *names) if None not in row]
        places = edges(corners)
        assert len(places) == len(rows)
        for (year, low, high), (x, bottom, top) in zip(rows, places, strict=True):
            heights += [(low, bottom), (high, top)]
            steps.append((year, x))
    rows = values(table, "year", "q50")
    assert len(middles) == len(rows)
    heights += [(row[1], y) for row, (_, y) in zip(rows, middles, strict=True)]
    steps += [(row[0], x) for row, (x, _) in zip(rows, middles, strict=True)]
    return heights, steps


def thick_lines(picture):
    """Give the lines that show a middle or a series."""
    return [corners for one, corners in picture["lines"] if one.get("stroke-width") == "2.5"]


def scaled(chart, heights):
    """Give the values as the chart's scale has them."""
    logarithmic = "logarithmic" in str(chart.subtitle)
    return [(log10(value) if logarithmic else value, y) for value, y in heights], logarithmic


def baseline_of(picture):
    """Give the place of nought: the line that the years stand on."""
    return next(
        corners[0][1]
        for one, corners in picture["lines"]
        if colour_of(one) == "grid" and "stroke-width" not in one
    )


def test_fans_are_drawn_where_their_table_says(charts):
    for chart in of_kind(charts, "fan-"):
        picture = drawn(chart.svg)
        heights, steps = fan_pairs(chart.data, picture["shapes"], thick_lines(picture)[0])
        pairs, logarithmic = scaled(chart, heights)
        (slope, start), astray = on_one_line(pairs)

        assert len(pairs) >= 5 * len(chart.data.rows) - 4
        assert astray < ROUNDED, chart.id
        assert slope < 0, "larger values lie higher"
        assert on_one_line(steps)[1] < ROUNDED, chart.id
        if not logarithmic:
            assert start == pytest.approx(baseline_of(picture), abs=2 * ROUNDED), "from nought"


def test_scenarios_are_drawn_side_by_side_on_one_scale(charts):
    for chart in of_kind(charts, "scenarios-"):
        picture = drawn(chart.svg)
        shapes, middles = picture["shapes"], thick_lines(picture)
        names = list(dict.fromkeys(column(chart.data, "scenario")))
        assert names == ["low", "central", "high"]
        assert (len(shapes), len(middles)) == (6, 3)
        heights = []
        for place, name in enumerate(names):
            rows = tuple(
                row
                for row, scenario in zip(
                    chart.data.rows, column(chart.data, "scenario"), strict=True
                )
                if scenario == name
            )
            part = type(chart.data)(chart.data.id, "", chart.data.columns, rows)
            found, steps = fan_pairs(part, shapes[2 * place : 2 * place + 2], middles[place])
            heights += found
            assert on_one_line(steps)[1] < ROUNDED, chart.id
        pairs, _ = scaled(chart, heights)

        assert on_one_line(pairs)[1] < ROUNDED, chart.id


def test_outturns_are_drawn_on_the_scale_of_what_was_projected(charts):
    for chart in of_kind(charts, "outturn-chart-"):
        picture = drawn(chart.svg)
        heights, steps = fan_pairs(chart.data, picture["shapes"], thick_lines(picture)[0])
        dots = [place for one, place in picture["dots"] if colour_of(one) == "pink"]
        rows = values(chart.data, "year", "outturn")
        assert len(dots) == len(rows)
        heights += [(row[1], y) for row, (_, y) in zip(rows, dots, strict=True)]
        steps += [(row[0], x) for row, (x, _) in zip(rows, dots, strict=True)]
        pairs, _ = scaled(chart, heights)

        assert on_one_line(pairs)[1] < ROUNDED, chart.id
        assert on_one_line(steps)[1] < ROUNDED, chart.id


def test_the_bars_of_a_tornado_end_where_its_table_says(charts):
    for chart in of_kind(charts, "tornado-"):
        bars = drawn(chart.svg)["shapes"]
        rows = [sorted(row) for row in values(chart.data, "at_low", "at_high")]
        assert len(bars) == len(rows)
        pairs = []
        for (low, high), (_, corners) in zip(rows, bars, strict=True):
            across = [x for x, _ in corners]
            pairs += [(low, min(across)), (high, max(across))]

        assert on_one_line(pairs)[1] < ROUNDED, chart.id


def test_each_assumption_stands_in_the_column_of_its_quality_as_high_as_its_score(charts):
    for chart in of_kind(charts, "quality-impact"):
        dots = [place for _, place in drawn(chart.svg)["dots"]]
        scores = [score for (score,) in values(chart.data, "sensitivity")]
        rated = list(zip(column(chart.data, "quality"), scores, strict=True))
        columns = sorted({x for x, _ in dots})
        qualities = [one for one in ("strong", "moderate", "weak") if one in dict(rated)]
        assert len(columns) == len(qualities)
        pairs = []
        for x, quality in zip(columns, qualities, strict=True):
            # The page counts downwards: the highest score has the smallest place.
            heights = sorted(y for place, y in dots if place == x)
            high_to_low = sorted((one for name, one in rated if name == quality), reverse=True)
            pairs += zip(high_to_low, heights, strict=True)

        assert on_one_line(pairs)[1] < ROUNDED, chart.id


def test_stated_figures_are_drawn_from_nought_in_the_panel_of_their_series(charts):
    for chart in of_kind(charts, "stated-"):
        picture = drawn(chart.svg)
        grounds = sorted(
            corners[0][1]
            for one, corners in picture["lines"]
            if colour_of(one) == "grid" and "stroke-width" not in one
        )
        names = list(dict.fromkeys(column(chart.data, "series")))
        assert len(grounds) == len(names)
        dots = iter(picture["dots"])
        whiskers = iter(
            corners for one, corners in picture["lines"] if one.get("stroke-opacity") == "0.5"
        )
        rows = list(
            zip(
                column(chart.data, "series"),
                column(chart.data, "period"),
                values(chart.data, "value", "low", "high"),
                strict=True,
            )
        )
        for name, ground in zip(names, grounds, strict=True):
            pairs = [(0.0, ground)]
            for series, period, (value, low, high) in rows:
                if series != name:
                    continue
                pairs.append((value, next(dots)[1][1]))
                if low is not None and not period.startswith("since"):
                    ends = [y for _, y in next(whiskers)]
                    pairs += [(low, max(ends)), (high, min(ends))]

            assert on_one_line(pairs)[1] < 2 * ROUNDED, (chart.id, name)
        assert next(dots, None) is None
        assert next(whiskers, None) is None


def clipped_pairs(rows, ends, reference):
    """Give value and place of each end of a mark that is not cut at the edge of the picture.

    A bound that is missing, or lies beyond the scale, is drawn at the edge.
    """
    left = min(x for pair in ends for x in pair)
    right = max(x for pair in ends for x in pair)
    return [reference] + [
        (value, x)
        for row, pair in zip(rows, ends, strict=True)
        for value, x in zip(row, pair, strict=True)
        if value is not None and left < x < right
    ], (left, right)


def assert_rows_drawn(rows, ends, reference):
    """Hold the ends of marks against the table, cut ends included."""
    pairs, (left, right) = clipped_pairs(rows, ends, reference)
    (slope, start), astray = on_one_line(pairs)

    assert len(pairs) >= 4
    assert astray < ROUNDED
    for row, pair in zip(rows, ends, strict=True):
        for value, x, edge in zip(row, pair, (left, right), strict=True):
            place = edge if value is None else min(max(slope * value + start, left), right)
            assert x == pytest.approx(place, abs=2 * ROUNDED)


def across(corners):
    """Give the left and right end of a mark."""
    return min(x for x, _ in corners), max(x for x, _ in corners)


def rows_drawn(picture):
    """Give the bands, the whiskers and the reference line of a chart of rows."""
    bands = [across(corners) for one, corners in picture["shapes"] if colour_of(one) == "teal"]
    whiskers = [
        across(corners)
        for one, corners in picture["lines"]
        if colour_of(one) == "blue" and one.get("stroke-width") == "3"
    ]
    (reference,) = {corners[0][0] for one, corners in picture["lines"] if "stroke-dasharray" in one}
    return bands, whiskers, reference


def bounded(rows):
    """Give the rows with at least one bound: the others have no mark."""
    return [row for row in rows if row != (None, None)]


def test_claims_are_drawn_as_bands_and_whiskers_over_percent_of_what_was_stated(charts):
    for chart in of_kind(charts, "claims-chart"):
        bands, whiskers, reference = rows_drawn(drawn(chart.svg))
        stated = bounded(values(chart.data, "stated_low", "stated_high"))
        found = bounded(values(chart.data, "recomputed_low", "recomputed_high"))
        assert (len(bands), len(whiskers)) == (len(stated), len(found))

        assert_rows_drawn([*stated, *found], [*bands, *whiskers], (100.0, reference))


def test_cross_checks_are_drawn_around_no_difference(charts):
    for chart in of_kind(charts, "cross-checks-chart"):
        _, whiskers, reference = rows_drawn(drawn(chart.svg))
        found = bounded(values(chart.data, "difference_low", "difference_high"))
        assert len(whiskers) == len(found)

        assert_rows_drawn(found, whiskers, (0.0, reference))


def test_each_month_is_drawn_where_its_table_says_and_the_line_is_broken(charts):
    for chart in of_kind(charts, "tor-monthly-chart"):
        picture = drawn(chart.svg)
        users = [row[0] for row in values(chart.data, "mean_daily_users")]
        regimes = column(chart.data, "regime")
        before, after = thick_lines(picture)
        pairs = [(0.0, baseline_of(picture))]
        for regime, places in (
            ("before", [y for _, y in before]),
            ("after", [y for _, y in after]),
            ("straddles", [place[1] for _, place in picture["dots"]]),
            (
                "stated in the release",
                [corners[0][1] for one, corners in picture["lines"] if colour_of(one) == "pink"],
            ),
        ):
            part = [one for one, name in zip(users, regimes, strict=True) if name == regime]
            assert len(part) == len(places)
            pairs += list(zip(part, places, strict=True))

        assert len(pairs) == len(users) + 1
        assert on_one_line(pairs)[1] < ROUNDED
