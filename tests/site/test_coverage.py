"""A number that leads nowhere and a link that is broken are found and refused."""

import pytest

from statedfigures.errors import RunError
from statedfigures.site.pages.coverage import PageReading, require_coverage

ROW = '<table><tr id="figure-ships_2020"><th>480 ships</th></tr></table>'


def body(html: str) -> str:
    """Return a page with some HTML in its body, and the list of its numbers."""
    return (
        f"<html><body><header>2014</header><main>{html}"
        '<ol><li id="why-0"><b id="n-0"></b></li></ol></main></body></html>'
    )


def site(html: str, **others: str) -> dict[str, bytes]:
    """Return a site of a page, a register page with one row, and others."""
    pages = {"index": html, "claims": ROW} | others
    return {f"{name}.html": body(text).encode() for name, text in pages.items()}


def complaint(html: str) -> str:
    """Return what is said about a page, without the last line."""
    with pytest.raises(RunError) as caught:
        require_coverage(site(html))
    lines = str(caught.value).splitlines()
    assert lines[-1] == "nothing is published"
    return "\n".join(lines[:-1])


def test_numerals_that_lead_back_are_counted():
    """A link to a row, a number of the ledger, two in a chart with one link, the row itself."""
    html = (
        '<a href="claims.html#figure-ships_2020">480</a><span data-n="0">500</span>'
        '<figure><svg aria-label="up to 520"><text>520</text></svg>'
        '<a class="why" href="#why-1">How</a></figure><ol><li id="why-1"></li></ol>'
    )

    assert require_coverage(site(html)) == (5, 0)


@pytest.mark.parametrize(
    "html",
    [
        "<p>480 ships</p>",
        "<h2>What 2020 brought</h2>",
        "<table><tr><td>0.18</td></tr></table>",
        "<figure><svg><text>2019</text></svg></figure>",
        "<table><caption>In 2019</caption></table>",
        '<a href="https://example.org/480">480</a>',
        '<a href="#section-1">480</a>',
        '<table><tr id="row-1"><td>480</td></tr></table>',
        '<img alt="a bar of 480">',
        '<svg aria-label="a bar of 480"></svg>',
        '<button title="480">x</button>',
        '<table><tr><td>480</td></tr><tr><td><a class="why" href="#why-1">x</a></td></tr></table>',
    ],
)
def test_a_number_that_leads_nowhere_is_refused(html):
    """A link of another row covers nothing, nor does a place of the page that is no source."""
    found = complaint(f'{html}<p id="section-1"></p><i id="why-1"></i>')

    assert "holds a number that leads nowhere" in found


@pytest.mark.parametrize(
    "html",
    [
        '<time datetime="2014-12-11">11 December 2014</time>',
        "<pre>horizon_year = 2019</pre>",
        "<code>draws=4096</code>",
        "<cite>WCAG 2.2</cite>",
        "<data>16384</data>",
        '<a href="tel:999">999</a>',
        "<script>1</script>",
    ],
)
def test_dates_titles_code_and_parameters_are_left_out_by_rule(html):
    assert require_coverage(site(html))[1] == 0


def test_numbers_marked_as_not_traced_are_counted_apart():
    """The other numeral is that of the register's row."""
    assert require_coverage(site('<p>About <span class="untraced">7</span></p>')) == (2, 1)


def test_a_number_that_is_not_in_the_list_of_its_page_is_refused():
    assert complaint('<span data-n="7">480</span>') == (
        "index.html: span leads to #n-7, which is not there"
    )


def test_what_stands_outside_the_body_of_the_page_is_not_counted():
    assert PageReading("<header>2014</header><main>7</main><footer>v3.0</footer>").numerals == 1


@pytest.mark.parametrize("address", ["claims.html#figure-boats", "nowhere.html", "data/none.csv"])
def test_a_link_to_what_is_not_there_is_refused(address):
    found = complaint(f'<a href="{address}">words</a>')

    assert found == f"index.html: a leads to {address}, which is not there"


def test_links_to_planned_pages_other_editions_and_other_hosts_hold():
    links = ("outturn.html#row", "../low/index.html", "https://example.org/", "mailto:a@b.org")
    html = "".join(f'<a href="{address}">words</a>' for address in links)

    assert require_coverage(site(html), planned=["outturn"]) == (1, 0)


def test_an_id_that_stands_twice_is_refused():
    assert complaint('<p id="a"></p><p id="a"></p>') == "index.html: the id 'a' stands there twice"


def test_of_many_complaints_twenty_are_shown_and_the_rest_counted():
    found = complaint("<p>7</p>" * 25).splitlines()

    assert len(found) == 21
    assert found[-1] == "and 5 more"
