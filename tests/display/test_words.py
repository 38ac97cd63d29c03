import pytest

from statedfigures.display.words import Provenance, Quantity, Sentence, row_address, sentence

FROM_FIGURE = Provenance(("figure:ships_2020",))
COMPUTED = Provenance(("figure:ships_2020", "assumption:damping"), "base times growth")


def test_a_digit_in_a_template_is_refused():
    with pytest.raises(ValueError, match="a number is typed into the sentence"):
        sentence("about 20 ships")


def test_a_digit_in_a_plain_value_is_refused():
    """A label with a year in it needs a lead back as much as a count does."""
    with pytest.raises(ValueError, match="leads nowhere"):
        sentence("in {year}", year="2019")


def test_a_sentence_within_a_sentence_keeps_its_quantities():
    number = Quantity("480", 480.0, FROM_FIGURE)

    whole = sentence("there were {part}.", part=sentence("{number} ships", number=number))

    assert str(whole) == "there were 480 ships."
    assert whole.quantities == (number,)


def test_a_number_without_inputs_is_refused():
    with pytest.raises(ValueError, match="at least one row"):
        Provenance(())


def test_a_reference_of_a_kind_without_a_page_is_refused():
    with pytest.raises(ValueError, match="'ship:mary' is of no kind"):
        Provenance(("ship:mary",))


def test_a_stated_number_links_to_its_row():
    assert Quantity("480", 480.0, FROM_FIGURE).html() == (
        '<a class="quantity" href="figures.html#figure-ships_2020">480</a>'
    )


def test_a_computed_number_links_to_its_working_in_scope():
    html = Quantity("528", 528.0, COMPUTED).html("fan-ships")

    assert f'href="#{COMPUTED.anchor("fan-ships")}"' in html


def test_the_same_working_has_another_anchor_under_another_chart():
    assert COMPUTED.anchor("fan-ships") != COMPUTED.anchor("table-ships")


def test_text_is_escaped_in_html():
    hostile = '<script>alert("x")</script>'

    html = Sentence((hostile, Quantity(hostile, None, FROM_FIGURE))).html()

    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 2


def test_every_kind_of_row_has_an_address():
    assert row_address("assumption:damping") == "assumptions.html#assumption-damping"
    assert row_address("month:2013_08") == "tor.html#month-2013_08"
