"""Every page of the whole report in a real browser: readable, silent, and usable by anybody."""

import pytest

WIDTHS = (320, 768, 1440)
SCHEMES = ("light", "dark")
PAGES = (
    "index",
    "figures",
    "offences",
    "tor",
    "iwf",
    "protection",
    "measures",
    "assumptions",
    "outturn",
    "downloads",
    "scenarios",
    "glossary",
    "changes",
    "corrections",
    "accessibility",
)
# A reader may move the assumptions of these, which takes a script of its own.
MOVED = ("offences", "tor", "iwf")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What axe-core cannot decide; each is explained in the accessibility statement.
UNDECIDED = {
    ("color-contrast", "elmPartiallyObscured"),
    ("color-contrast", "elmPartiallyObscuring"),
    ("color-contrast", "bgOverlap"),
    ("color-contrast", "imgNode"),
    ("color-contrast", "shortTextContent"),
}
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
FOCUSABLE = "a[href], button:enabled, summary, [tabindex='0'], input[type='range'], :checked"
# Where a reader tries other values: it needs scripts, and says so where there are none.
MAIN_TEXT = """() => {
  document.querySelectorAll(".what-if").forEach(place => place.remove());
  return document.querySelector("main").innerText;
}"""

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(report, new_tab):
    """Give what opens a page of the report in a tab of its own."""

    def opened(page, **settings):
        tab = new_tab(**settings)
        tab.goto((report / f"{page}.html").as_uri())
        return tab

    return opened


def kinds_of(incomplete):
    """Give the rule and the reason of each result that axe-core left open."""
    return {
        (result["id"], check["data"]["messageKey"])
        for result in incomplete
        for node in result["nodes"]
        for check in (*node["any"], *node["all"], *node["none"])
    }


def violations_of(tab, context=None):
    """Run axe-core; give the violations, and what it left open."""
    from axe_playwright_python.sync_playwright import Axe

    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations", "incomplete"],
    }
    found = Axe().run(tab, context, options=options).response
    violations = [
        (violation["id"], node["html"][:200])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    return violations, kinds_of(found["incomplete"])


def test_the_pages_tested_are_those_of_the_report(report):
    assert {path.stem for path in report.glob("*.html")} == set(PAGES)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_at_any_width_and_nothing_is_said_or_asked_for(open_page, page, scheme):
    """All rule sets, all details open; and nothing has to be scrolled sideways."""
    tab = open_page(page, color_scheme=scheme)
    root = "document.documentElement"
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, width
        tab.evaluate(OPEN_ALL)
        violations, undecided = violations_of(tab)

        assert violations == [], width
        assert undecided <= UNDECIDED, width
        assert tab.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, width
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    assert tab.told == []


@pytest.mark.parametrize("page", PAGES)
def test_the_tab_key_walks_through_every_control_in_order_and_shows_where_it_is(open_page, page):
    tab = open_page(page, viewport={"width": 1280, "height": 900})
    count = tab.evaluate(
        """selector => {
          const shown = one => one.checkVisibility({contentVisibilityAuto: true});
          window.controls = [...document.querySelectorAll(selector)].filter(shown);
          window.walk = [];
          document.addEventListener("focusin", event => {
            const style = getComputedStyle(event.target);
            const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            window.walk.push([window.controls.indexOf(event.target), seen]);
          });
          return window.controls.length;
        }""",
        FOCUSABLE,
    )
    for _ in range(count):
        tab.keyboard.press("Tab")
    forwards = tab.evaluate("window.walk.splice(0)")
    tab.keyboard.press("Shift+Tab")

    assert forwards == [[place, True] for place in range(count)]
    assert tab.evaluate("window.walk") == [[count - 2, True]]


@pytest.mark.parametrize("page", PAGES[:9])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_panel_opens_is_named_closes_and_gives_the_focus_back(open_page, page, width):
    """By keyboard: Enter opens, Tab stays inside, Escape closes."""
    tab = open_page(page, viewport={"width": width, "height": 800})
    tab.evaluate(OPEN_ALL)
    computed = tab.locator("a.quantity[href*='#w-']").first
    shown = computed.inner_text()
    computed.focus()
    tab.keyboard.press("Enter")
    panel = tab.get_by_role("dialog", name=f"Where “{shown}” comes from")

    assert panel.is_visible()
    assert panel.get_by_text("Worked out:").is_visible()
    assert panel.locator("a").count() > 1
    assert panel.evaluate("one => one.contains(document.activeElement)")
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 800
    violations, _ = violations_of(tab, {"include": [["dialog"]]})
    assert violations == []
    for _ in range(panel.locator("a, button").count()):
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.closest('dialog, body').tagName") == "DIALOG"
    tab.keyboard.press("Escape")
    assert not panel.is_visible()
    assert computed.evaluate("one => one === document.activeElement")
    assert tab.told == []


def test_the_panel_says_the_words_of_the_release(open_page):
    tab = open_page("offences")
    tab.get_by_role("link", name="736", exact=True).first.click()
    panel = tab.get_by_role("dialog")

    assert panel.get_by_role("link").get_attribute("href") == (
        "figures.html#figure-distribution_2010"
    )
    assert "“736 in 2010”" in panel.inner_text()
    assert "notes-to-editors/3" in panel.inner_text()
    panel.get_by_role("button", name="Close").click()
    assert not panel.is_visible()


def test_a_number_in_a_picture_opens_the_panel_too(open_page):
    tab = open_page("offences")
    tab.locator("svg [data-working]").first.click()

    assert tab.get_by_role("dialog").get_by_text("Worked out:").is_visible()


@pytest.mark.parametrize("page", PAGES)
def test_without_scripts_a_page_says_the_same_and_its_numbers_are_links(open_page, page):
    with_scripts = open_page(page).evaluate(MAIN_TEXT)
    tab = open_page(page, java_script_enabled=False)

    for place in tab.locator(".what-if").all():
        assert place.inner_text().startswith("Moving the values needs the script")
    assert tab.evaluate(MAIN_TEXT) == with_scripts
    computed = tab.locator(".answer a.quantity[href^='#w-']")
    if page != "index" and computed.count():
        target = computed.first.get_attribute("href")
        computed.first.click()
        assert tab.url.endswith(target)
        assert tab.locator(target).is_visible()


@pytest.mark.parametrize("page", PAGES)
def test_without_styles_a_page_reads_from_top_to_bottom(open_page, page):
    """Nothing is hidden, the title comes before the sections, pictures keep to the page."""
    tab = open_page(page)
    before = tab.locator("main").inner_text()
    tab.evaluate("document.querySelectorAll('style').forEach(one => one.remove())")
    levels = tab.eval_on_selector_all("main h1, main h2, main h3", "all => all.map(h => h.tagName)")

    assert set(before.split()) <= set(tab.locator("main").inner_text().split())
    assert levels[0] == "H1"
    assert levels.count("H1") == 1
    assert tab.evaluate(
        "[...document.querySelectorAll('svg')].every(one => one.clientWidth <= innerWidth)"
    )


@pytest.mark.parametrize("page", PAGES)
def test_on_paper_menus_and_code_are_left_out_and_tables_fit(open_page, page):
    tab = open_page(page, viewport={"width": 700, "height": 1000})
    tab.emulate_media(media="print")

    assert not tab.locator("nav.pages").is_visible()
    assert not tab.locator(".skip").is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.pdf(format="A4").startswith(b"%PDF")


def test_a_page_is_small_and_holds_everything_it_needs(report):
    for page in PAGES:
        size = (report / f"{page}.html").stat().st_size

        assert size <= (80_000 if page == "index" else 400_000 if page in MOVED else 250_000), page
