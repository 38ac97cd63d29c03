"""A number that leads nowhere and a link that is broken are found and refused."""

import pytest

from statedfigures.errors import RunError
from statedfigures.reports.coverage import read_page, require_coverage

ROW = '<table><tr id="figure-ships_2020"><th>480 ships</th></tr></table>'


def body(html: str) -> str:
    """Give a page with some HTML in its body."""
    return f"<html><body><header>2014</header><main>{html}</main></body></html>"


def site(html: str, **others: str) -> dict[str, bytes]:
    """Give a site of a page, a register page with one row, and others."""
    pages = {"index": html, "figures": ROW} | others
    return {f"{name}.html": body(text).encode() for name, text in pages.items()}


def complaint(html: str) -> str:
    """Give what is said about a page, without the last line."""
    with pytest.raises(RunError) as caught:
        require_coverage(site(html))
    return "\n".join(str(caught.value).splitlines()[:-1])


def test_numerals_that_lead_back_are_counted():
    """Two links, one working, one in the row of the register, one mark of a scale."""
    html = (
        '<a href="figures.html#figure-ships_2020">480</a>'
        '<p>about <a href="#w-1">500</a></p><span id="w-1">doubled</span>'
        '<svg><text data-from="table:data">2020</text></svg><table id="data"></table>'
    )

    coverage = require_coverage(site(html))

    assert str(coverage) == "provenance: 4 of 4 numerals"


@pytest.mark.parametrize(
    "html",
    [
        "<p>480 ships</p>",
        "<h2>What 2020 brought</h2>",
        "<td>0.18</td>",
        "<svg><text>2019</text></svg>",
        "<table><caption>In 2019</caption></table>",
        '<a href="https://example.org/480">480</a>',
        '<a href="#section-1">480</a>',
        '<tr id="row-1"><td>480</td></tr>',
        '<img alt="a bar of 480">',
        '<svg aria-label="a bar of 480"></svg>',
        '<button title="480">x</button>',
    ],
)
def test_a_number_that_leads_nowhere_is_refused(html):
    assert "holds a number that leads nowhere" in complaint(f'{html}<p id="section-1"></p>')


@pytest.mark.parametrize(
    "html",
    [
        '<time datetime="2014-12-11">11 December 2014</time>',
        "<pre>horizon_year = 2019</pre>",
        "<code>draws=4096</code>",
        "<cite>WCAG 2.2</cite>",
        '<a href="tel:999">999</a>',
        "<script>1</script>",
    ],
)
def test_structural_numerals_are_left_out_by_rule(html):
    assert require_coverage(site(html)).numerals == 1  # that of the register's row


def test_what_stands_outside_the_body_of_the_page_is_not_counted():
    assert read_page("<header>2014</header><main>7</main><footer>v3.0</footer>").numerals == 1


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<a href="figures.html#figure-boats">5</a>', "leads to figures.html#figure-boats"),
        ('<a href="#w-1">5</a>', "leads to #w-1"),
        ('<a href="nowhere.html">x</a>', "leads to nowhere.html"),
        ('<a href="data/x.csv">x</a>', "leads to data/x.csv"),
        ('<text data-working="w-9">5</text>', "leads to #w-9"),
        ('<text data-from="figure:boats">5</text>', "leads to figures.html#figure-boats"),
        ('<text data-from="table:gone">5</text>', "leads to the table gone"),
    ],
)
def test_a_link_that_is_broken_is_refused(html, message):
    assert message in complaint(html)


def test_a_link_to_another_edition_or_another_site_is_not_judged():
    html = '<a href="../low/index.html">x</a><a href="https://example.org/">x</a>'

    assert require_coverage(site(html)).numerals == 1


def test_a_link_to_a_page_that_was_left_out_is_not_judged():
    files = site('<a href="ships.html#figure-ships_2020">480</a>')

    assert require_coverage(files, planned=["ships"]).numerals == 2


def test_alternative_text_is_that_of_the_words_under_the_picture():
    """The words lead back, so the text does; other words are refused."""
    words = (
        '<p class="chart-words" id="c-words">A bar of <a href="#w-1">480</a>.</p><i id="w-1"></i>'
    )
    right = f'<svg aria-label="A bar of 480." data-words="c-words"></svg>{words}'
    wrong = f'<svg aria-label="A bar of 840." data-words="c-words"></svg>{words}'

    assert require_coverage(site(right)).numerals == 3
    assert "the alternative text 'A bar of 840.'" in complaint(wrong)


def test_many_complaints_are_counted():
    assert "and 5 more" in complaint("<p>1</p>" * 25)
