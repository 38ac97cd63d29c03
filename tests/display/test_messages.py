from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.records import Interval
from statedfigures.display.messages import (
    Direction,
    Thresholds,
    change_in_words,
    direction,
    probability_above,
)

RULES = Thresholds(5.0, 0.66, ("assumption:a", "assumption:b"))
INPUTS = ["claim:ships_rise"]


def words(low, high=None, unit="percent", **ends):
    """Put a change into words; one number is a point."""
    top = low if high is None else high
    return str(change_in_words(Interval(low, top, **ends), unit, INPUTS))


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        # 1 + 67.8/100 = 1.678 lies within a fortieth of 5/3 = 1.667
        (Fraction(678, 10), "up about two thirds"),
        # 1.3786 lies 3.4% above 4/3 and 8.1% below 3/2
        (Fraction(3786, 100), "up more than a third"),
        # 2.089 lies 4.5% above 2
        (Fraction(1089, 10), "more than doubled"),
        (Fraction(20), "up a fifth"),
        (Fraction(50), "up by half"),
        (Fraction(49), "up by about half"),
        (Fraction(1), "little changed"),
        (Fraction(4), "up by less than a tenth"),
        (Fraction(-4), "down by less than a tenth"),
        (Fraction(-50), "down by half"),
        # 0.40 lies beyond a half and not yet at a third
        (Fraction(-60), "down by more than half"),
        (Fraction(1920), "more than 20.2 times"),
    ],
)
def test_a_change_has_the_name_of_the_nearest_fraction(percent, text):
    assert words(percent) == text


def test_a_bound_is_more_than_the_fraction_it_passes():
    # 1000 / 192 = 5.208
    assert (
        str(change_in_words(Interval(Fraction(1000, 192), None, low_open=True), "multiple", INPUTS))
        == "more than five times"
    )


def test_a_wide_interval_is_told_as_a_range():
    assert words(Fraction(20), Fraction(70)) == "up 20% to 70%"
    assert words(Fraction(-70), Fraction(-20)) == "down 20% to 70%"
    assert words(Fraction(-10), Fraction(20)) == "between 10% down and 20% up"


def test_an_interval_around_no_change_is_little_change():
    assert words(Fraction(-1), Fraction(1)) == "little changed"


def test_a_fivefold_fall_is_told_as_a_fall():
    assert (
        str(change_in_words(Interval(Fraction(1, 5), Fraction(1, 5)), "multiple", INPUTS))
        == "down four fifths"
    )


@given(st.fractions(Fraction(-9, 10) * 100, 900))
def test_the_words_never_contradict_the_direction(percent):
    text = words(percent)

    if percent > Fraction(5, 2):
        assert not text.startswith("down")
    if percent < Fraction(-5, 2):
        assert text.startswith("down")


def test_the_probability_is_read_between_quantiles():
    # Half-way from 100 to 120 is half-way from 0.5 to 0.95: 0.725 below, 0.275 above
    assert probability_above({0.05: 90.0, 0.5: 100.0, 0.95: 120.0}, 110.0) == pytest.approx(0.275)


def test_beyond_the_quantiles_nothing_more_is_claimed_than_they_show():
    quantiles = {0.05: 90.0, 0.5: 100.0, 0.95: 120.0}

    assert probability_above(quantiles, 10.0) == pytest.approx(0.95)
    assert probability_above(quantiles, 500.0) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("quantiles", "expected"),
    [
        ({0.05: 101.0, 0.5: 130.0, 0.95: 160.0}, Direction.RISE),
        ({0.05: 50.0, 0.5: 70.0, 0.95: 99.0}, Direction.FALL),
        ({0.05: 97.0, 0.5: 100.0, 0.95: 103.0}, Direction.LITTLE_CHANGE),
        ({0.05: 60.0, 0.5: 100.0, 0.95: 150.0}, Direction.CANNOT_TELL),
    ],
)
def test_the_direction_follows_the_quantiles(quantiles, expected):
    assert direction(quantiles, 100.0, RULES) is expected


def test_a_higher_bar_for_likely_makes_the_direction_unknown():
    """About 0.84 of the values exceed 105: likely at 0.66, not at 0.9."""
    quantiles = {0.05: 95.0, 0.5: 130.0, 0.95: 160.0}

    assert direction(quantiles, 100.0, RULES) is Direction.RISE
    strict = Thresholds(5.0, 0.9, RULES.inputs)
    assert direction(quantiles, 100.0, strict) is Direction.CANNOT_TELL
