"""Every number of a page leads back, by one link a sentence, row or chart."""

import re
import time

import pandas as pd
import pytest

import statedfigures as sf
from statedfigures.display.provenance import Ledger, address_of
from statedfigures.display.words import (
    Link,
    Number,
    Sentence,
    free_words,
    period,
    quote,
    sentence,
)


@pytest.fixture
def growth():
    """Fill a sentence with two numbers, a year and a quotation."""
    return sentence(
        "{words}: {before} to {after} in {year}",
        words=quote("up 5 places", "claim:places_up"),
        before=Number("736", "figure:places_2010"),
        after=Number("1.68", "claim:places_up", "the later over the earlier", "1,235 ÷ 736"),
        year=period("2014"),
    )


def test_numbers_have_marks_and_a_sentence_has_one_link(growth):
    html = growth.html(Ledger())

    assert re.findall(r'data-n="(\d+)">([^<]+)', html) == [("0", "736"), ("1", "1.68")]
    assert html.count("<a ") == 1
    assert "Where these 2 numbers come from" in html


def test_years_and_quotations_are_no_number_links(growth):
    html = growth.html(Ledger())

    assert "<time>2014</time>" in html
    assert "<cite>“up 5 places”</cite>" in html


def test_the_ledger_says_the_calculation_in_numbers_and_names_no_ids():
    release = type("Release", (), {})()
    release.claims = pd.DataFrame(
        {"label": ["Places up"], "as_stated": ["up by two thirds"]}, index=["places_up"]
    )
    number = Number("1.68", "claim:places_up", "in words", "1,235 ÷ 736 = 1.68")
    ledger = Ledger(release)
    Sentence((number,)).html(ledger)

    assert '<b id="n-0">1.68</b>: <i>1,235 ÷ 736 = 1.68</i>' in ledger.html()
    assert (
        '<a href="claims.html#claim-places_up">Places up (“up by two thirds”)</a>' in ledger.html()
    )


def test_a_number_without_source_is_marked_and_counted():
    ledger = Ledger()

    assert 'class="untraced"' in Sentence((Number("7"),)).html(ledger)
    assert ledger.untraced == 1


@pytest.mark.parametrize(
    ("template", "fields"),
    [("up 5 places", {}), ("up {by} places", {"by": "5"})],
)
def test_a_digit_that_is_typed_into_a_sentence_is_refused(template, fields):
    with pytest.raises(ValueError, match=r"typed into the sentence|leads nowhere"):
        sentence(template, **fields)


def test_a_text_that_an_analyst_wrote_keeps_its_years_and_marks_other_numbers():
    html = free_words("Up 5% from 2014 to 2019").html(Ledger())

    assert html.count("untraced") == 1
    assert html.count("<time>") == 2


@pytest.mark.parametrize(
    ("address", "links"),
    [
        ("https://example.org/654", True),
        ("javascript:alert()", False),
        ('https://example.org/"onclick="x', False),
        ("//example.org", False),
    ],
)
def test_an_address_is_a_link_and_what_is_none_is_text(address, links):
    html = Link("the source", address).html()

    assert ("<a href" in html) == links
    assert "data-n" not in html


def test_a_row_has_an_address_where_the_site_has_its_page():
    assert address_of("published:places/2014-01/2014-11") == (
        "sources.html#published-places-2014-01-2014-11"
    )
    assert address_of("measure:register", pages=["claims"]) == ""


def test_the_library_shows_a_series_and_a_number_too():
    assert "untraced" in sf.table(7, "A number").html()
    assert "untraced" not in sf.table(pd.Series([7.0], name="n"), inputs="figure:a").html()


def test_a_word_without_end_is_read_in_one_go():
    """A quadratic search for addresses took minutes; twice as long a word takes twice as long."""
    seconds = []
    for length in (200_000, 400_000):
        began = time.process_time()
        free_words("x" * length).html(Ledger())
        seconds.append(time.process_time() - began)

    assert seconds[1] < 3 * seconds[0] + 0.1
