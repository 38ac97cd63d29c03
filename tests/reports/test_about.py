"""The pages about the report, the glossary and the words of the panel."""

import json

from statedfigures.reports.about import corrections_of, on_another_page
from statedfigures.reports.glossary import TERMS, link_terms
from statedfigures.reports.register_words import panel_data, references_in
from statedfigures.sources.release import read_release
from tests.reports.conftest import RELEASES

CHANGELOG = """\
# Changelog

## 0.2.0 (2027-01-01)

### Report

- A page more.

### Corrections

- The children of one year were those of another.

## 0.1.0 (2026-11-22)

- First.
"""


def test_the_first_use_of_a_term_on_a_page_leads_to_the_glossary():
    linked: set[str] = set()

    first = link_terms("<p>The claims of a hedge.</p>", linked)
    second = link_terms("<p>Other claims.</p>", linked)

    assert 'href="glossary.html#term-claim">claims</a>' in first
    assert second == "<p>Other claims.</p>"


def test_no_term_is_linked_in_headings_links_code_or_tags():
    html = '<h2 id="claim">Claim</h2><a href="x" title="claim">claim</a><code>claim</code>'

    assert link_terms(html, set()) == html


def test_terms_are_in_order_and_have_an_anchor_of_their_own():
    names = [term.name for term in TERMS]

    assert names == sorted(names, key=str.lower)
    assert len({term.anchor for term in TERMS}) == len(TERMS)


def test_only_corrections_are_on_the_page_of_corrections():
    assert corrections_of(CHANGELOG) == [
        ("0.2.0 (2027-01-01)", "- The children of one year were those of another.")
    ]
    assert corrections_of("") == []


def test_a_number_shown_on_another_page_leads_to_its_own():
    html = (
        '<a class="quantity" href="#w-1">5</a><use href="#mark"/><text data-working="w-1">5</text>'
    )

    assert on_another_page(html, "ships.html") == (
        '<a class="quantity" href="ships.html#w-1">5</a><use href="#mark"/>'
        '<text data-working="ships.html#w-1">5</text>'
    )


def test_the_panel_says_the_words_and_the_place_of_a_row():
    tables = read_release("small-release", data=RELEASES)
    figure = next(iter(tables.figures.values()))

    data = json.loads(panel_data(tables, {"seed": ("7", "of the points")}, [f"figure:{figure.id}"]))

    assert data["rows"] == {
        f"figure:{figure.id}": [
            figure.label,
            f"“{figure.as_stated}”",
            f"the release, {figure.locator}",
        ],
        "parameter:seed": ["Seed", "7", "of the points"],
    }


def test_nothing_in_the_words_of_the_panel_can_end_its_element():
    tables = read_release("small-release", data=RELEASES)

    data = panel_data(tables, {"release": ("</script><script>alert(1)</script>", "&")}, ())

    assert "<" not in data
    assert json.loads(data)["rows"]["parameter:release"][1].startswith("</script>")


def test_the_rows_that_a_fragment_leads_to_are_found():
    html = '<a href="figures.html#figure-ships">1</a><text data-from="claim:a claim:b">2</text>'

    assert references_in(html) == {"figure:ships", "claim:a", "claim:b"}
