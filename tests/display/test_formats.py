"""Numbers as people write them; every expected text is worked out by hand."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from statedfigures.display import formats


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"value": 13_650_000_000.0, "unit": "gbp", "rounded_to": 1e7}, "£13.65 billion"),
        ({"value": 7_620_000.0, "unit": "homes", "rounded_to": 1e4}, "7.62 million"),
        ({"value": 6_776_150.0, "unit": "homes", "rounded_to": 1.0}, "6,776,150"),
        ({"value": 483.0, "unit": "seconds", "rounded_to": 1.0}, "8 minutes 3 seconds"),
        ({"value": 3.3, "unit": "percentage_points", "rounded_to": 0.1}, "3.3 percentage points"),
        ({"value": 76.0, "unit": "percent", "rounded_to": 0.1}, "76.0%"),
        ({"value": -0.4, "unit": "percent", "rounded_to": 0.1}, "−0.4%"),
        ({"value": 104.0, "unit": "percent", "rounded_to": 1.0}, "104%"),
        ({"value": 0.2, "unit": "fraction"}, "a fifth"),
        ({"value": 1000.0, "unit": "arrests", "qualifier": "more_than"}, "more than 1,000"),
        ({"value": 40.0, "value_to": 50.0, "unit": "calls"}, "40–50"),
        ({"value": math.nan, "unit": "calls"}, "not stated"),
    ],
)
def test_a_stated_figure_is_written_as_people_write_it_and_never_rounded_again(row, text):
    assert formats.stated_text(row) == text


def test_where_two_ways_of_writing_are_right_the_words_of_the_source_decide():
    row = {"value": 1_200_000.0, "unit": "homes", "rounded_to": 1e5}

    assert formats.stated_text(row) == "1.2 million"
    assert formats.stated_text({**row, "as_stated": "1,200,000 homes"}) == "1,200,000"


def test_a_unit_with_a_sign_is_never_written_twice():
    assert formats.counted_noun("percentage_points") == ""
    assert formats.range_text(1.0, 2.0, "percentage_points") == "1–2 percentage points"


@pytest.mark.parametrize(
    ("unit", "singular"),
    [
        ("offences", "offence"),
        ("web_addresses", "web address"),
        ("countries", "country"),
        ("children", "child"),
        ("statements_of_action", "statement of action"),
        ("boxes", "box"),
    ],
)
def test_one_of_a_unit_is_named_in_the_singular(unit, singular):
    assert formats.noun(unit, 1) == singular


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((27.5, 28.5, "percent"), "27.5–28.5%"),
        ((5.2083, math.nan, "multiple"), "at least 5.2 times"),  # down: 5.20
        ((math.nan, 3.04, "percent"), "at most 3.1%"),  # up
        ((1.6773, 1.6787, "multiple"), "1.68 times"),  # narrower than a hundredth
        ((549.5, 551.2, "children"), "549–552"),  # counts are whole
        ((-1.2, 3.4, "percent"), "−1.2 to 3.4%"),
        ((0.0649, 0.0686, "percent"), "0.0649–0.0686%"),
        ((108.5, 109.5, "percent"), "108.5–109.5%"),  # in whole percent twice as wide
        ((68.2, 99.3, "percent"), "68–99.3%"),  # not all
        ((0.49995, 0.50005, "multiple"), "0.5 times"),
        ((2.0, 2.2, "degrees"), "2.0–2.2"),  # not whole, and below ten
        ((6.3e8, 9.5e8, "gbp"), "£630 million to £950 million"),
        ((3459.0, 5127.0, "seconds"), "57 minutes to 1 hour 26 minutes"),
    ],
)
def test_ends_of_a_range_are_rounded_outward(ends, text):
    assert formats.range_text(*ends) == text


@given(st.floats(1, 1e6), st.floats(1.01, 10), st.sampled_from([0.0, 1.0, 10.0, 100.0]))
def test_a_range_of_counts_in_print_holds_the_range_it_prints(low, factor, step):
    """Read back from the text, the low end is no higher and the high end no lower."""
    text = formats.range_text(low, low * factor, "homes", step)
    scale = 1e6 if "million" in text else 1.0
    assume(" to " not in text)  # one end in millions, the other not
    ends = [float(end.replace(",", "")) for end in text.removesuffix(" million").split("–")]
    if len(ends) == 2:
        slack = 1 + 1e-8
        assert ends[0] * scale <= low * slack
        assert ends[1] * scale * slack >= low * factor


def test_a_projection_keeps_one_step_and_a_small_low_end_is_no_zero():
    """1,535 in hundreds is 1,500; 45 is below a hundred and keeps its first digit."""
    assert formats.computed_text(1535.0, "offences", 100.0) == "1,500"
    assert formats.range_text(45.0, 3251.0, "offences", 100.0) == "40–3,300"


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((1234.5, 1235.5, "offences"), "1,235"),
        ((1234.55, 1235.45, "offences"), "1,235"),
        ((68.615, 68.625, "percent"), "68.62%"),
        ((6_776_150.0, math.nan, "homes"), "at least 6,776,150"),
        ((6_776_149.5, 6_776_150.5, "homes"), "6,776,150"),
        ((13_500.0, 16_500.0, "offences"), "13,500–16,500"),
    ],
)
def test_what_a_stated_number_stands_for_is_never_rounded_again(ends, text):
    assert formats.range_text(*ends, is_stated=True) == text


def test_an_assumption_on_the_scale_of_odds_says_of_what_it_is_a_part():
    assert formats.assumed_text(0.05, "logit a year") == ("5% of the odds a year")
