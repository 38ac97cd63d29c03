"""The page of a comparison in a real browser."""

import re

import pytest
from bs4 import BeautifulSoup

from statedfigures import cli
from tests.reports.test_compare import RELEASES, SMALL

WIDTHS = (320, 768, 1440)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG = "A reason that is much longer than the line of a telephone, and then longer still."


def written(release, out, capsys):
    """Compare the small release with a changed copy; give the page."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["compare", str(SMALL), str(release), "--out", str(out), "--data", str(RELEASES)])
    assert ended.value.code == 0, capsys.readouterr().err
    capsys.readouterr()
    return out


@pytest.fixture
def page(small_release, tmp_path, capsys):
    """Change a value upwards, another downwards, a long reason and a figure's note."""
    changes = [
        ("assumptions", "growth_change_ships", "central", "0.03"),
        ("assumptions", "level_shift_ships", "central", "0.4"),
        ("assumptions", "claim_almost", "basis", LONG),
        ("figures", "ships_2020", "note", "<b>Looked at</b> again & again."),
    ]
    for table, name, column, value in changes:
        row = small_release.row_of(table, name)
        small_release.set_cell(table, row, column, value)
    return written(small_release.folder, tmp_path / "page.html", capsys)


@pytest.fixture
def same(small_release, tmp_path, capsys):
    return written(small_release.folder, tmp_path / "same.html", capsys)


def soup_of(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def rows_of(table):
    return [
        [cell.get_text() for cell in row.find_all(["th", "td"])]
        for row in table.find("tbody").find_all("tr")
    ]


def test_the_page_says_first_what_came_of_it(page):
    """Four cells were changed; the two values moved the three headlines of ships."""
    soup = soup_of(page)

    lead = soup.find(class_="lead").get_text()
    assert lead.startswith("4 cells or rows of the inputs differ; 3 of 3 headlines moved; ")
    inputs = rows_of(soup.find("table"))
    assert ["figure: ships_2020", "note", "", "<b>Looked at</b> again & again."] in inputs
    assert len(inputs) == 4


def test_every_headline_that_moved_is_listed_and_its_link_leads_to_its_chart(page):
    soup = soup_of(page)
    listed = soup.find_all("table")[1]
    addresses = [link["href"].removeprefix("#") for link in listed.find_all("a")]

    assert addresses == [figure["id"] for figure in soup.find_all("figure")]
    assert len(addresses) == 3
    for row, figure in zip(rows_of(listed), soup.find_all("figure"), strict=True):
        assert f"{row[1]} to {row[2]} ({row[3]})" in figure.find("h3").get_text()


def test_the_picture_its_words_and_the_table_say_the_same(page):
    """Steps, alternative text and rows hold the same changes and the same amounts."""
    for figure in soup_of(page).find_all("figure"):
        alt = figure.find("svg")["aria-label"]
        shown = figure.find("svg").get_text(" ")
        *rows, total = rows_of(figure.find("table"))
        for name, _, amount in rows:
            assert (f"{name} {amount}" in alt) == (amount != "0"), name
            assert amount in shown, name
        assert total[0] == "Difference"
        assert f"({total[2]})" in figure.find("h3").get_text()


def bars_of(figure):
    """Give left end, right end and fill of each bar, from top to bottom."""
    fills = {one["href"]: one["fill"] for one in figure.find_all("use")}
    found = []
    for path in figure.select("defs path"):
        corners = re.findall(r"[ML] ([\d.]+) (-?[\d.]+)", path["d"])
        if " C " not in path["d"] and len(corners) > 2:
            across = [float(x) for x, _ in corners]
            found.append((min(across), max(across), fills[f"#{path['id']}"]))
    return found


def test_each_bar_begins_where_the_last_one_ended_and_is_as_long_as_its_amount(page):
    """A rise goes to the right and is filled, a fall to the left and is hollow."""
    figures = soup_of(page).find_all("figure")
    assert {("paper" in fill) for _, _, fill in bars_of(figures[0])} == {True, False}
    for figure in figures:
        amounts = [row[2] for row in rows_of(figure.find("table"))[:-1] if row[2] != "0"]
        values = [float(one.replace("−", "-").replace(",", "")) for one in amounts]
        bars = bars_of(figure)

        assert len(bars) == len(values) == 2
        level = bars[0][0 if values[0] > 0 else 1]
        for (left, right, fill), value in zip(bars, values, strict=True):
            begins, ends = (left, right) if value > 0 else (right, left)
            assert begins == pytest.approx(level, abs=0.2)
            assert ("paper" in fill) == (value < 0)
            level = ends
        lengths = [right - left for left, right, _ in bars]
        # Amounts are written with three digits, places with one after the point.
        assert lengths[1] / lengths[0] == pytest.approx(abs(values[1] / values[0]), rel=0.01)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("made", ["page", "same"])
def test_axe_finds_nothing_at_any_width_and_nothing_is_said_or_asked_for(
    made, scheme, new_tab, request
):
    from axe_playwright_python.sync_playwright import Axe

    tab = new_tab(color_scheme=scheme)
    tab.goto(request.getfixturevalue(made).as_uri())
    root = "document.documentElement"
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, width
        found = Axe().run(tab, options={"runOnly": {"type": "tag", "values": RULES}})

        assert [
            (violation["id"], node["html"])
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ] == [], width
    assert tab.told == []


@pytest.mark.browser
def test_the_tab_key_reaches_every_link_and_every_table_and_shows_where_it_is(page, new_tab):
    tab = new_tab(viewport={"width": 360, "height": 800})
    tab.goto(page.as_uri())
    controls = tab.locator("a[href], [tabindex='0']").count()
    outlines = []
    for _ in range(controls):
        tab.keyboard.press("Tab")
        outlines.append(tab.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
        assert tab.evaluate("document.activeElement.matches('a[href], [tabindex]')")

    assert outlines == ["solid"] * controls
    # Two tables of the whole, and for each of three headlines a link and a table.
    assert controls == 2 + 3 * 2


@pytest.mark.browser
def test_the_page_prints_dark_on_light_and_whole(page, new_tab):
    tab = new_tab(viewport={"width": 700, "height": 1000})
    tab.goto(page.as_uri())
    tab.emulate_media(media="print")

    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert tab.evaluate("getComputedStyle(document.querySelector('svg text')).fill") == (
        "rgb(80, 90, 95)"
    )
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.browser
def test_the_policy_of_the_page_lets_no_script_run(page, new_tab):
    """A script that somehow got into the page is refused by its policy."""
    spoilt = page.with_name("spoilt.html")
    text = page.read_text(encoding="utf-8")
    spoilt.write_text(text.replace("<main>", "<main><script>window.ran = 1</script>"))
    tab = new_tab()
    tab.goto(spoilt.as_uri())

    assert tab.evaluate("window.ran") is None
    assert any("Content Security Policy" in said for said in tab.told)
