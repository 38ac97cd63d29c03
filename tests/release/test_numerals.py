import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.release import numerals
from statedfigures.release.numerals import (
    GROUPS,
    MULTIPLES,
    ORDINALS,
    PARTS,
    SCALES,
    TENS,
    UNITS,
    number_mentions,
    quantities,
    stated_qualifiers,
    stated_step,
)
from statedfigures.release.schema import tables

VOCABULARY = sorted(
    {*UNITS, *TENS, *SCALES, *GROUPS, *MULTIPLES, *ORDINALS, *PARTS}
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
        ("a helpline ‘116’", "116", "116"),
        ("the 2nd pier", "2nd", "2"),
        ("the 2-day meeting", "2", "2"),
        ("by two thirds", "two thirds", "2/3"),
        ("two-thirds of", "two-thirds", "2/3"),
        ("a quarter of", "a quarter", "1/4"),
        ("Half of", "Half", "1/2"),
        ("about ½ of", "½", "1/2"),
        ("a fivefold fall", "fivefold", "5"),
        ("a 5-fold fall", "5-fold", "5"),
        ("more than five times", "five times", "5"),
        ("almost double the", "double", "2"),
        ("twenty-five ships", "twenty-five", "25"),
        ("nought point five percent", "nought point five percent", "1/2"),
        ("three point two five million", "three point two five million", "3250000"),
        ("two hundred and five ships", "two hundred and five", "205"),
        ("two million three hundred thousand", "two million three hundred thousand", "2300000"),
        ("thousands of ships", "thousands", "1000"),
        ("on the twenty-first day", "twenty-first", "21"),
        ("G20 states", "20", "20"),
        ("٣ ships", "٣", "3"),
    ],
)
def test_each_kind_of_number_is_one_mention_with_its_value(text, token, value):
    (mention,) = number_mentions(text)

    assert (mention.token, mention.nth, mention.value) == (token, 1, Fraction(value))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("in 2012-13", ["2012-13"]),
        ("in 2010/11", ["2010/11"]),
        ("in 2010, 26 companies", ["2010", "26"]),
        ("1 April 2014", ["1", "2014"]),
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
    assert [mention.token for mention in number_mentions(text)] == tokens


def test_occurrences_of_a_token_are_counted_and_a_span_of_years_has_no_value():
    mentions = number_mentions("2014, 7 and 2014 in 2012-13")

    assert [(found.token, found.nth) for found in mentions][:3] == [
        ("2014", 1),
        ("7", 1),
        ("2014", 2),
    ]
    assert (mentions[3].kind, mentions[3].value) == ("years", 0)


@pytest.mark.parametrize("word", VOCABULARY)
def test_every_word_of_the_vocabulary_is_found_by_itself(word):
    """Also with a capital, and only as a whole word."""
    assert [found.token for found in number_mentions(f"the {word} ships")] == [word]
    assert [found.token for found in number_mentions(f"{word.upper()}.")] == [word.upper()]
    assert number_mentions(f"x{word}x") == ()


@pytest.mark.parametrize(
    ("text", "value", "value_to", "unit", "step"),
    [
        ("£13.65 billion", "13650000000", None, "gbp", "10000000"),
        ("7.62 million", "7620000", None, "", "10000"),
        ("8 minutes 3 seconds", "483", None, "seconds", "1"),
        ("31 minutes and 30 seconds", "1890", None, "seconds", "1"),
        ("fell by 6 minutes in a month", "360", None, "seconds", "60"),
        ("3.3 percentage points", "33/10", None, "percentage_points", "1/10"),
        ("76.3% of all", "763/10", None, "percent", "1/10"),
        ("up 50% in a year", "50", None, "percent", "1"),
        ("one in five households", "1/5", None, "fraction", "1/100"),
        ("3 out of every 10", "3/10", None, "fraction", "1/100"),
        ("between 40 and 50 ships", "40", "50", "ships", "1"),
        ("between 2 and 3 million people", "2000000", "3000000", "people", "1000000"),
        ("40-50%", "40", "50", "percent", "1"),
        ("between £2m and £3m", "2000000", "3000000", "gbp", "1000000"),
        ("£2-3 million", "2000000", "3000000", "gbp", "1000000"),
        ("40 to 50 ships", "40", "50", "ships", "1"),
        ("costs £3 to 4 million.", "3000000", "4000000", "gbp", "1000000"),
        ("€5 to 10m", "5000000", "10000000", "eur", "1000000"),
        ("3m to 4m in all", "3000000", "4000000", "", "1000000"),
        ("3 or 4 million people", "3000000", "4000000", "people", "1000000"),
        ("between one and two million people", "1000000", "2000000", "people", "1000000"),
        ("between -1 and 2 degrees", "-1", "2", "degrees", "1"),
        ("8 to 10 minutes", "480", "600", "seconds", "60"),
        ("8 mins 3 secs", "483", None, "seconds", "1"),
        ("12\u00a0500 pupils", "12500", None, "pupils", "100"),
        ("one and a half million people", "1500000", None, "people", "100000"),
        ("4½ per cent", "9/2", None, "percent", "1/10"),
        ("a quarter of a percentage point", "1/4", None, "percentage_points", "1/10000"),
        ("one-in-five schools", "1/5", None, "fraction", "1/100"),
        ("£2.4 bn", "2400000000", None, "gbp", "100000000"),
        ("25 cases per 100,000", "25", None, "per_100000", "1"),
        ("minus 4 degrees", "-4", None, "degrees", "1"),
        ("negative 1.4%", "-7/5", None, "percent", "1/10"),
        ("-£4.2 billion", "-4200000000", None, "gbp", "100000000"),
        ("plus or minus 3 points", "3", None, "percentage_points", "1"),
        ("26 serious pollution incidents", "26", None, "incidents", "1"),
        ("26 leading technology companies", "26", None, "companies", "1"),
        ("seven million homes", "7000000", None, "homes", "1000000"),
        ("more than 1,300 children at risk", "1300", None, "children", "100"),
        ("5 million pounds", "5000000", None, "gbp", "1000000"),
        ("halved", "1/2", None, "fraction", "1/10000"),
        ("doubled", "2", None, "multiple", "1"),
        ("13,330 web addresses", "13330", None, "addresses", "1"),
    ],
)
def test_a_quantity_has_its_value_unit_and_step(text, value, value_to, unit, step):
    (found,) = quantities(text)

    assert (found.value, found.unit, found.step) == (Fraction(value), unit, Fraction(step))
    assert found.value_to == (None if value_to is None else Fraction(value_to))


@pytest.mark.parametrize(
    "text",
    [
        "in 2010 and 2014",
        "from 24% to 37%",
        "one in 2014",
        "7, and 8",
        "0.1% in quarter",
        "halved in ten years",
        "5 to 9 June",
        "between 2 and 4 April",
        "rose 5 to 45 ships",
    ],
)
def test_numbers_that_make_no_quantity_together_stay_apart(text):
    assert len(quantities(text)) == 2


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("20 people or more", "at_least"),
        ("200 people or over 10% of them", "exact"),
        ("60 men or under-18s", "exact"),
        ("20% more or less than before", "exact"),
        ("Polls close on 400 sites", "exact"),
    ],
)
def test_a_bound_stands_behind_its_number_and_not_before_another_thing(text, qualifier):
    assert stated_qualifiers(text, quantities(text)[0]) == {qualifier}


def test_the_words_of_qualifiers_are_those_of_the_schema():
    """A qualifier that no rule knows would pass unchecked."""
    column = next(c for c in tables()["figures"].columns if c.name == "qualifier")

    assert {"exact", *numerals._QUALIFIERS, *numerals._OUTLOOKS} == set(column.one_of)


@given(st.text(alphabet=st.sampled_from("0123456789,.%£-/ aonetwkm½")))
def test_each_digit_falls_into_one_mention_and_each_mention_into_one_quantity(text):
    mentions = number_mentions(text)
    joined = [mention for found in quantities(text) for mention in found.mentions]

    assert re.findall(r"\d", "".join(m.token for m in mentions)) == re.findall(r"\d", text)
    assert joined == [mention for mention in mentions if mention.kind != "years"]


@given(st.text(), st.lists(st.sampled_from([*VOCABULARY, "in", "per", "between", "and", "12"])))
def test_any_text_can_be_read(text, words):
    for found in (text, " ".join(words)):
        mentions = number_mentions(found)
        assert len({(mention.token, mention.nth) for mention in mentions}) == len(mentions)
        assert all(quantity.step > 0 for quantity in quantities(found))


@given(st.integers(1, 10**12))
def test_a_whole_number_is_found_as_it_was_written(number):
    """With separators or without, and as a whole number of its steps."""
    for written in (str(number), f"{number:,}"):
        assert [found.value for found in number_mentions(f"the {written} ships")] == [number]
        assert number % stated_step(number_mentions(written)[0]) == 0
