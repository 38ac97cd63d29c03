"""The pages of the small report in a real browser."""

import os

import pytest

WIDTHS = (320, 768, 1440)
PAGES = ("index", "figures", "ships", "seals", "downloads")

pytestmark = pytest.mark.browser


@pytest.fixture(params=["light", "dark"])
def tab(request, new_tab):
    """Open a tab in each colour scheme."""
    return new_tab(color_scheme=request.param)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_in_silence_and_fits_every_width(edition, tab, page):
    """No console message, no request, nothing that must be scrolled sideways."""
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto((edition / f"{page}.html").as_uri())
        root = "document.documentElement"

        assert tab.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, width
    assert tab.told == []


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_violation(edition, tab, page):
    """All rule sets: WCAG 2.0 to 2.2, A and AA, and best practices; details open."""
    from axe_playwright_python.sync_playwright import Axe

    tab.goto((edition / f"{page}.html").as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(tab, options={"runOnly": {"type": "tag", "values": rules}})

    assert [
        (violation["id"], node["html"])
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_inside_the_site_leads_somewhere(edition, tab, page):
    tab.goto((edition / f"{page}.html").as_uri())
    for address in set(tab.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")):
        if not address.startswith("file:"):
            continue
        path, _, fragment = address.removeprefix("file://").partition("#")

        assert os.path.isfile(path), address
        if fragment:
            with open(path, encoding="utf-8") as file:
                assert f'id="{fragment}"' in file.read(), address


def test_the_skip_link_comes_first_and_leads_to_the_content(edition, tab):
    tab.goto((edition / "ships.html").as_uri())
    tab.keyboard.press("Tab")

    assert tab.evaluate("document.activeElement.textContent") == "Skip to main content"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


def test_code_is_hidden_until_it_is_asked_for(edition, tab):
    tab.goto((edition / "ships.html").as_uri())
    code = tab.locator("details.code pre").first

    assert not code.is_visible()
    tab.get_by_text("Show code").click()
    assert code.is_visible()
