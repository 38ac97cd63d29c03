"""Every page of the shipped releases, measured in a browser: room, weight, keys, charts, paper."""

import re

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
WIDTHS = (375, 768, 1280)
REPORT = {"accessibility", "changes", "downloads", "methods", "scenarios", "sources"}
OTHERS = {"index", "claims", "measures", "assumptions", "outturn", "worked-example"}
# Lengths aimed at on a phone and on a desk, in CSS pixels; between them the longer one holds.
TARGETS = {
    "index": (4500, 2200),
    "claims": (6500, 4000),
    "offences": (7000, 4500),
    "tor": (7000, 4500),
    "iwf": (7500, 5000),
    "protection": (4500, 3000),
    "measures": (3500, 2000),
    "assumptions": (6000, 4000),
    "outturn": (4500, 3500),
    "worked-example": (7000, 4700),
    "accessibility": (3500, 2200),
    "changes": (7300, 4600),
    "downloads": (4500, 3500),
    "methods": (10500, 7500),
    "scenarios": (3500, 2200),
    "sources": (4500, 3500),
}
OTHER_TOPIC = (7000, 4500)
A4_SHEETS = 45
# What may differ between light and dark.
OF_COLOURS = ("color-contrast", "link-in-text-block")
MEASURE = """() => {
  const seen = (found) => found.checkVisibility({ visibilityProperty: true });
  const all = (chosen) => [...document.querySelectorAll(chosen)];
  const verdict = all("main :is(.verdict, .tag, .chip, td.holds, td.fails, td.open)").find(seen);
  const length = document.documentElement.scrollHeight;
  const stops = all("a[href], button, input, select, summary, [tabindex='0']").filter(seen).length;
  const sizes = all("figure svg").filter(seen).flatMap((svg) => {
    const scale = svg.viewBox.baseVal.width
      ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
      : 1;
    return [...svg.querySelectorAll("text")]
      .filter((text) => text.textContent.trim())
      .map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
  });
  const titles = all("figure.chart :is(h2, h3)");
  const words = titles.map((title) => {
    const bare = title.cloneNode(true);
    const marks = bare.querySelectorAll("a.why .hidden, a.why span:not([data-n])");
    marks.forEach((mark) => mark.remove());
    return bare.textContent.trim().split(/\\s+/).length;
  });
  const top = verdict ? verdict.getBoundingClientRect().top + scrollY : null;
  const folds = all("details:not([open])");
  folds.forEach((fold) => { fold.open = true; });
  const across = document.documentElement.scrollWidth;
  folds.forEach((fold) => { fold.open = false; });
  return {
    length, stops, verdict: top, title: Math.max(0, ...words), across,
    smallest: sizes.length ? Math.min(...sizes) : null,
    largest: sizes.length ? Math.max(...sizes) : null,
  };
}"""


def measure(browser, folder):
    """Return a row for each page and width, with what axe-core finds in light and dark."""
    # The tool is a script of its own, which the policy of a page would not let run.
    context = browser.new_context(bypass_csp=True)
    tab = context.new_page()
    rows = []
    for path in sorted(folder.glob("*.html")):
        tab.goto(path.as_uri())
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            row = {"page": path.stem, "width": width, "weight": path.stat().st_size / 1000}
            row |= tab.evaluate(MEASURE)
            broken = violations(tab) if width != 768 else set()
            if width != 768:
                tab.emulate_media(color_scheme="dark")
                broken |= violations(tab, *OF_COLOURS)
                tab.emulate_media(color_scheme="light")
            rows.append(row | {"axe": ", ".join(sorted(broken))})
    context.close()
    return pd.DataFrame(rows).assign(release=folder.name)


def violations(tab, *rules):
    """Return the rules of axe-core that a page breaks, of those named or of all."""
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    options = {"resultTypes": ["violations"], **only}
    return {rule["id"] for rule in Axe().run(tab, options=options).response["violations"]}


def sheets(browser, folder):
    """Return how many sheets of A4 each page takes."""
    tab = browser.new_page()
    count = {}
    for path in sorted(folder.glob("*.html")):
        tab.goto(path.as_uri())
        printed = tab.pdf(prefer_css_page_size=True)
        count[path.stem] = len(re.findall(rb"/Type\s*/Page[^s]", printed))
    tab.close()
    return pd.Series(count, name="sheets")


def kind_of(page):
    """Return whether a page is about the report, about a topic, or one of the others."""
    return "report" if page in REPORT else "other" if page in OTHERS else "topic"


@pytest.fixture(scope="module")
def measured(browser, shipped_editions):
    """Return the figures of all pages of both releases, and print them."""
    found = pd.concat([measure(browser, folder) for folder in shipped_editions.values()])
    found["kind"] = found["page"].map(kind_of)
    targets = [TARGETS.get(page, OTHER_TOPIC)[width == 1280] for page, width in place(found)]
    found["share"] = found["length"] / targets
    print(f"\n{found.drop(columns='kind').round(2).to_string(index=False)}")  # noqa: T201 - to be read with -s
    return found


def place(found):
    """Return page and width of each row."""
    return zip(found["page"], found["width"], strict=True)


def told(rows, *columns):
    """Return the rows that break a promise, as they are to be read in a failure."""
    return rows[["release", "page", "width", *columns]].to_dict("records")


def test_no_page_is_longer_than_a_tenth_over_its_target(measured):
    assert told(measured[measured["share"] > 1.1], "length", "share") == []


def test_the_first_verdict_stands_on_the_first_screen(measured):
    pages = measured[(measured["kind"] == "topic") | measured["page"].isin(["claims", "index"])]

    assert told(pages[~(pages["verdict"] < 420)], "verdict") == []


def test_no_page_scrolls_sideways_with_all_its_folds_open(measured):
    assert told(measured[measured["across"] > measured["width"]], "across") == []


def test_no_page_scrolls_sideways_at_four_times_its_size(browser, shipped_editions):
    """1280 pixels, four to one, are 320: what the page on accessibility promises."""
    tab = browser.new_page(viewport={"width": 320, "height": 900})
    for path in (path for folder in shipped_editions.values() for path in folder.glob("*.html")):
        tab.goto(path.as_uri())

        assert tab.evaluate(MEASURE)["across"] <= 320, path
    tab.close()


def test_the_words_of_charts_are_of_a_size_to_be_read(measured):
    drawn = measured.dropna(subset="smallest")
    readable = (drawn["smallest"] >= 11.95) & (drawn["largest"] <= 15.05)

    assert len(drawn) > len(measured) / 3
    assert told(drawn[~readable], "smallest", "largest") == []


def test_the_titles_of_charts_have_at_most_fifteen_words(measured):
    assert told(measured[measured["title"] > 15], "title") == []


def test_a_topic_has_at_most_a_hundred_tab_stops(measured):
    topics = measured[measured["kind"] == "topic"]

    assert told(topics[topics["stops"] > 100], "stops") == []


def test_no_page_breaks_a_rule_of_accessibility_in_light_or_dark(measured):
    assert told(measured[measured["axe"] != ""], "axe") == []


def test_pages_are_light(measured):
    pages = measured[measured["kind"] != "report"]
    most = pages["page"].map({"index": 80}).fillna(250)

    assert told(pages[pages["weight"] > most], "weight") == []


def test_all_pages_are_printed_on_few_sheets(browser, shipped_editions):
    for name, folder in shipped_editions.items():
        count = sheets(browser, folder)
        print(f"\n{name}: {count.sum()} sheets of A4\n{count.to_string()}")  # noqa: T201 - as above

        assert count.sum() <= A4_SHEETS
