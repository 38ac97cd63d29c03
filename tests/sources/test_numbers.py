import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.sources.numbers import (
    GROUPS,
    MULTIPLES,
    ORDINALS,
    PARTS,
    SCALES,
    TENS,
    UNITS_AND_TEENS,
    number_mentions,
    number_values,
)

VOCABULARY = sorted(
    {*UNITS_AND_TEENS, *TENS, *SCALES, *GROUPS, *MULTIPLES, *ORDINALS, *PARTS}
    | {f"{scale}s" for scale in SCALES}
)


@pytest.mark.parametrize(
    ("text", "token", "value"),
    [
        ("to 1,235 in all", "1,235", "1235"),
        ("only 0.18% of", "0.18%", "0.18"),
        ("some 25 per cent of", "25 per cent", "25"),
        ("a £50 million fund", "£50 million", "50000000"),
        ("about £2.5m", "£2.5m", "2500000"),
        ("for 3.4 million children", "3.4 million", "3400000"),
        ("a helpline ‘116’", "116", "116"),
        ("the 2nd pier", "2nd", "2"),
        ("the 2-day meeting", "2", "2"),
        ("by two thirds", "two thirds", "0.6666666666666666666666666667"),
        ("two-thirds of", "two-thirds", "0.6666666666666666666666666667"),
        ("a quarter of", "a quarter", "0.25"),
        ("Half of", "Half", "0.5"),
        ("about ½ of", "½", "0.5"),
        ("a fivefold fall", "fivefold", "5"),
        ("a 5-fold fall", "5-fold", "5"),
        ("more than five times", "five times", "5"),
        ("almost double the", "double", "2"),
        ("twice as many", "twice", "2"),
        ("Four statements", "Four", "4"),
        ("twenty-five ships", "twenty-five", "25"),
        ("two hundred and five ships", "two hundred and five", "205"),
        ("two million three hundred thousand", "two million three hundred thousand", "2300000"),
        ("thousands of ships", "thousands", "1000"),
        ("for the first time", "first", "1"),
        ("on the twenty-first day", "twenty-first", "21"),
        ("a single view", "single", "1"),
        ("G20 states", "20", "20"),
        ("٣ ships", "٣", "3"),
    ],
)
def test_each_kind_of_number_is_one_mention_with_its_value(text, token, value):
    """A numeral, with its sign and scale, or a number word is found whole."""
    (mention,) = number_mentions(text)

    assert (mention.token, mention.nth, mention.value) == (token, 1, Decimal(value))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("in 2012-13", ["2012-13"]),
        ("in 2012–13", ["2012-13"]),
        ("in 2010/11", ["2010/11"]),
        ("in 2010, 26 companies", ["2010", "26"]),
        ("1 April 2014", ["1", "2014"]),
        ("two and three", ["two", "three"]),
        ("one in ten", ["one", "ten"]),
        ("hundreds of thousands", ["hundreds", "thousands"]),
        ("1.2.3", ["1.2", "3"]),
        ("1,2345", ["1", "2345"]),
        ("someone often saw nobody at the stone pier", []),
        ("a paid, tense firsthand account", []),
        ("", []),
    ],
)
def test_numbers_beside_each_other_are_told_apart(text, tokens):
    """A comma between numbers, a day and a year, and words that only hold a number."""
    assert [mention.token for mention in number_mentions(text)] == tokens


def test_occurrences_of_a_token_are_counted():
    """The second 2014 is the second."""
    mentions = number_mentions("2014, 7 and 2014")

    assert [(one.token, one.nth) for one in mentions] == [("2014", 1), ("7", 1), ("2014", 2)]


def test_a_span_of_years_has_no_value():
    """2012-13 is a period and not a number."""
    assert number_values("the 2012-13 figure of 192") == (Decimal(192),)


@pytest.mark.parametrize("word", VOCABULARY)
def test_every_word_of_the_vocabulary_is_found_by_itself(word):
    """Also with a capital, and only as a whole word."""
    assert [one.token for one in number_mentions(f"the {word} ships")] == [word]
    assert [one.token for one in number_mentions(f"{word.upper()}.")] == [word.upper()]
    assert number_mentions(f"x{word}x") == ()


@given(st.text(alphabet=st.sampled_from("0123456789,.%£-/ aonetwkm½")))
def test_each_digit_falls_into_one_mention(text):
    """Nothing that holds a digit is passed over and nothing is counted twice."""
    found = "".join(mention.token for mention in number_mentions(text))

    assert re.findall(r"\d", found) == re.findall(r"\d", text)


@given(st.text())
def test_any_text_can_be_read(text):
    """No text breaks the tokeniser, and each occurrence is a row of its own."""
    mentions = number_mentions(text)

    assert len({(one.token, one.nth) for one in mentions}) == len(mentions)


@given(st.integers(0, 10**12))
def test_a_whole_number_is_found_as_it_was_written(number):
    """With separators or without."""
    for written in (str(number), f"{number:,}"):
        assert number_values(f"the {written} ships") == (Decimal(number),)
