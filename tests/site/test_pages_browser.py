"""The pages in a browser: at every width, light and dark, with a mouse, keys, without scripts."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from matplotlib.figure import Figure

import statedfigures as sf
from statedfigures.site.pages.build import build_pages

pytestmark = pytest.mark.browser
TESTS = Path(__file__).parents[1]
WIDTHS = (375, 768, 1280)


@pytest.fixture(scope="module")
def edition(tmp_path_factory, made):
    """Return an edition with a page of an analyst's own: a chart, a table, a fold."""
    root = tmp_path_factory.mktemp("edition")
    shutil.copytree(TESTS / "releases" / "small-release", root / "data" / "small-release")
    shutil.copytree(TESTS.parent / "data" / "method", root / "data" / "method")
    harbour = sf.read_release("small-release", root / "data")
    figure = Figure(figsize=(7.2, 4))
    figure.subplots().plot([2018, 2020], [400, 480])
    chart = sf.chart(
        figure,
        data=harbour.figures.head(2)[["label", "value"]],
        title="Ships rose by a fifth",
        alt="Ships rose from 400 to 480.",
        inputs="figure:ships_2018 figure:ships_2020",
    )
    table = sf.table(
        harbour.figures.head(3), "Stated", specification="figures", release=harbour, fold="Stated"
    )
    own = made.notebook("Mine", "## A chart", chart, "## Behind this page", table)
    pages = [*made.notebooks_of(harbour), ("own", own)]
    parameters = {"scenario": "central", "horizon_year": 2026, "draws": 256, "seed": 1}
    build_pages(harbour, dict(pages), parameters, root / "site", project=root)
    return SimpleNamespace(folder=root / "site")


def address(edition, page, fragment=""):
    """Return the address of a page of an edition on the disk."""
    return f"{(edition.folder / f'{page}.html').as_uri()}{fragment}"


def test_an_own_page_breaks_no_rule_of_accessibility_and_scrolls_nowhere_sideways(edition, new_tab):
    """axe-core at the widths of a phone and of a desk; the pages of releases are measured apart."""
    # The tool is a script of its own, which the policy of a page would not let run.
    tab = new_tab(bypass_csp=True)
    tab.goto(address(edition, "own"))
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            told = Axe().run(tab).response["violations"]
            assert [rule["id"] for rule in told] == [], (width, scheme)


def test_pages_ask_no_host_and_their_scripts_run_under_the_policy(edition, new_tab):
    tab = new_tab()
    for path in edition.folder.glob("*.html"):
        tab.goto(path.as_uri())

    assert tab.told == []


def test_a_number_shows_where_it_comes_from_and_escape_gives_the_focus_back(edition, new_tab):
    """By keyboard: the row's link opens the panel, Escape closes it and returns to the link."""
    tab = new_tab()
    tab.goto(address(edition, "claims"))
    tab.locator("details.fold", has_text="What the release states").locator("summary").first.click()
    link = tab.locator("#figure-ships_2020 a.why")
    link.focus()

    tab.keyboard.press("Enter")

    panel = tab.locator("dialog.panel")
    assert panel.is_visible()
    assert tab.evaluate("document.activeElement.id") == "panel-title"
    assert "480" in panel.inner_text()
    tab.keyboard.press("Escape")
    assert not panel.is_visible()
    assert tab.evaluate("document.activeElement.getAttribute('href')") == link.get_attribute("href")


def test_a_click_on_a_number_says_the_calculation_and_names_rows_as_links(edition, new_tab):
    tab = new_tab()
    tab.goto(address(edition, "ships"))
    number = tab.locator(".card [data-n]").first

    number.click()

    panel = tab.locator("dialog.panel")
    assert number.inner_text() in panel.locator("h2").inner_text()
    assert panel.locator("li a").count() >= 1
    assert "figure:" not in panel.inner_text()


def test_the_switch_underlines_every_number_and_the_address_keeps_it(edition, new_tab):
    tab = new_tab()
    tab.goto(address(edition, "ships"))
    line = "getComputedStyle(document.querySelector('main [data-n]')).textDecorationLine"
    assert tab.evaluate(line) == "none"

    tab.get_by_role("button", name="Show where numbers come from").click()

    assert tab.evaluate(line) == "underline"
    assert tab.url.endswith("#show-numbers")
    other = new_tab()
    other.goto(tab.url)
    assert other.evaluate(line) == "underline"


def test_a_fold_opens_for_a_link_that_leads_into_it(edition, new_tab):
    tab = new_tab()
    tab.goto(address(edition, "claims", "#figure-ships_2020"))

    row = tab.locator("#figure-ships_2020")
    assert row.is_visible()
    assert row.bounding_box()["y"] < tab.viewport_size["height"]


def test_a_phone_shows_three_columns_and_a_row_opens_for_the_rest(edition, new_tab):
    tab = new_tab(viewport={"width": 375, "height": 800})
    tab.goto(address(edition, "claims", "#figure-ships_2020"))
    row = tab.locator("#figure-ships_2020")
    cells = row.locator("> th, > td:not(.more)")
    visible = [cell for cell in cells.all() if cell.is_visible()]
    assert len(visible) <= 3

    row.locator("summary").click()

    terms = row.locator("dl > div")
    assert [term.is_visible() for term in terms.all()] == [True] * terms.count()
    assert row.locator("dl").bounding_box()["width"] > 300


def test_without_scripts_every_number_still_leads_somewhere(edition, new_tab):
    """The link of a sentence leads to the list at the end, which a browser opens for it."""
    tab = new_tab(java_script_enabled=False)
    tab.goto(address(edition, "ships"))
    assert not tab.get_by_role("button", name="Show where numbers come from").is_visible()

    tab.locator(".card a.why").first.click()

    target = tab.locator(tab.url[tab.url.index("#") :])
    assert target.is_visible()
    assert target.locator("a").count() >= 1


def test_the_navigation_is_one_row_that_keeps_the_current_page_in_view(edition, new_tab):
    tab = new_tab(viewport={"width": 375, "height": 800})
    tab.goto(address(edition, "own"))

    row, here = (
        tab.locator(place).bounding_box() for place in ("nav.pages ul", "nav.pages [aria-current]")
    )
    assert row["height"] <= 48
    assert 0 <= here["x"] <= 375 - here["width"]
    assert tab.locator("header.masthead").bounding_box()["height"] <= 44


def test_the_front_page_shows_verdicts_and_trust_on_the_first_screen(edition, new_tab):
    for width, height in ((375, 800), (1280, 900)):
        tab = new_tab(viewport={"width": width, "height": height})
        tab.goto(address(edition, "index"))

        assert tab.locator(".chip").first.bounding_box()["y"] < 420
        trust = tab.locator(".trust").bounding_box()
        assert trust["y"] + trust["height"] < height
        assert len((edition.folder / "index.html").read_bytes()) < 80_000


def test_paper_has_no_navigation_and_no_folded_parts(edition, new_tab):
    tab = new_tab(viewport={"width": 680, "height": 900})
    tab.goto(address(edition, "own"))
    tab.emulate_media(media="print")

    for hidden in ("nav.pages", ".switch", "details.fold", "#numbers", "figure .links"):
        assert not tab.locator(hidden).first.is_visible(), hidden
    assert tab.locator("figure .wide svg").is_visible()


def test_own_colours_of_a_system_leave_marks_and_text_to_be_seen(edition, new_tab):
    tab = new_tab(forced_colors="active")
    tab.goto(address(edition, "index"))

    border = tab.locator(".chip").first.evaluate("chip => getComputedStyle(chip).borderStyle")
    assert border == "solid"
