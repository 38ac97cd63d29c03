"""Promises of reading the words beside a number."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.intervals import ends, interval, point
from statedfigures.analysis.qualifiers import (
    QUALIFIERS,
    claimed_interval,
    draw_value,
    figure_readings,
    interval_of,
    step_of_digits,
    truncated_exponential,
    width_symbol,
    wording,
)
from statedfigures.errors import AssumptionError

LEVELS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
WORDS = sorted(QUALIFIERS)
# A width in the unit of each symbol.
WIDTHS = {"qualifier_almost": 0.9, "": 0.0}
HALVED = {"kind": "multiple", "stated_value": 0.5, "stated_unit": "multiple",
          "direction": "fall", "rounded_to": 0.1}  # fmt: skip
DOUBLED = {"kind": "multiple", "stated_value": 2, "stated_unit": "multiple", "rounded_to": 1,
           "direction": "rise"}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"value": 736}, point(736)),
        # To the hundred: 950 to 1,050. A projection is rounded even to the unit.
        ({"value": 1000, "rounded_to": 100}, interval(Fraction(950), Fraction(1050))),
        ({"value": 1235, "qualifier": "projected"},
         interval(Fraction(2469, 2), Fraction(2471, 2))),
        # So are a rate of so many in 1,000, and fifty million: 49.5 to 50.5.
        ({"value": 50, "unit": "per_1000"}, interval(Fraction(99, 2), Fraction(101, 2))),
        ({"value": 50, "unit": "gbp_million"}, interval(Fraction(99, 2), Fraction(101, 2))),
        # A third in words is a third, or 5% of it away; more than it, from a third on.
        ({"value": 0.3333, "rounded_to": 0.0001, "unit": "fraction", "as_stated": "a third"},
         interval(Fraction(19, 60), Fraction(21, 60))),
        ({"value": 0.3333, "rounded_to": 0.0001, "unit": "fraction", "qualifier": "more_than",
          "as_stated": "more than a third"}, interval(Fraction(1, 3), None, low_open=True)),
        # Ratios are rounded even where they read as whole: 24% is 23.5% to 24.5%.
        ({"value": 24, "unit": "percent"}, interval(Fraction(47, 2), Fraction(49, 2))),
        # About: a whole step either way. May exceed and expected: percent of the number.
        ({"value": 15_000, "rounded_to": 1000, "qualifier": "about"},
         interval(Fraction(14_000), Fraction(16_000))),
        ({"value": 22_500, "rounded_to": 500, "qualifier": "may_exceed"},
         interval(Fraction(21_375), Fraction(23_625))),
        ({"value": 20_000, "rounded_to": 1000, "qualifier": "expected"},
         interval(Fraction(15_000), Fraction(25_000))),
        # Rounding to 1,000 is wider than 5% of 2,000.
        ({"value": 2000, "rounded_to": 1000, "qualifier": "may_exceed"},
         interval(Fraction(1500), Fraction(2500))),
        ({"value": 1000, "qualifier": "more_than"}, interval(Fraction(1000), None, low_open=True)),
        ({"value": 1000, "qualifier": "at_least"}, interval(Fraction(1000), None)),
        ({"value": 5, "qualifier": "less_than"},
         interval(Fraction(0), Fraction(5), high_open=True)),
        ({"value": 5, "qualifier": "up_to"}, interval(Fraction(0), Fraction(5))),
        ({"value": 1000, "qualifier": "almost"},
         interval(Fraction(900), Fraction(1000), high_open=True)),
        # Two percent of seven million is 140,000.
        ({"value": 7_000_000, "qualifier": "just_under"},
         interval(Fraction(6_860_000), Fraction(7_000_000), high_open=True)),
        ({"value": 50, "qualifier": "just_over"},
         interval(Fraction(50), Fraction(51), low_open=True)),
        # A range is its two values, not an exact forty.
        ({"value": 40, "value_to": 50}, interval(Fraction(40), Fraction(50))),
        # The word beside a contraction qualifies its size.
        ({"value": -0.4, "rounded_to": 0.1, "unit": "percent"},
         interval(Fraction(-9, 20), Fraction(-7, 20))),
        ({"value": -4, "qualifier": "more_than"}, interval(None, Fraction(-4), high_open=True)),
        # No count below nought; but nought percent may be a small fall.
        ({"value": 1, "rounded_to": 2, "qualifier": "about"}, interval(Fraction(0), Fraction(3))),
        ({"value": 0, "rounded_to": 1, "unit": "percent"},
         interval(Fraction(-1, 2), Fraction(1, 2))),
        # Above a hundred, and a duration in seconds.
        ({"value": 104, "unit": "percent"}, interval(Fraction(207, 2), Fraction(209, 2))),
        ({"value": 1645, "unit": "seconds"}, point(1645)),
    ],
)  # fmt: skip
def test_a_word_allows_the_values_worked_out_by_hand(make_row, make_assumptions, row, expected):
    assert interval_of(make_row(**row), make_assumptions()) == expected


def test_rounding_that_is_not_recorded_is_read_off_the_digits(make_row, make_assumptions):
    """About 43.6 million is to the hundred thousand; an exact 13,330 is to the unit."""
    about = make_row("published", value=43_600_000, qualifier="about")
    exact = make_row("published", value=13_330)

    assert interval_of(about, make_assumptions()) == interval(
        Fraction(43_500_000), Fraction(43_700_000)
    )
    assert interval_of(exact, make_assumptions()) == point(13_330)
    assert step_of_digits(0.26) == Fraction(1, 100)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ({"stated_value": 38, "stated_unit": "percent", "rounded_to": 1},
         interval(Fraction(75, 2), Fraction(77, 2))),
        ({"stated_value": 28, "stated_unit": "percent", "rounded_to": 1, "direction": "fall"},
         interval(Fraction(-57, 2), Fraction(-55, 2))),
        ({"stated_value": -28, "stated_unit": "percent", "rounded_to": 1, "direction": "fall"},
         interval(Fraction(-57, 2), Fraction(-55, 2))),
        # By more than half, down: beyond -50%.
        ({"stated_value": 0.5, "stated_unit": "fraction", "qualifier": "more_than",
          "direction": "fall"}, interval(None, Fraction(-50), high_open=True)),
        # Half in words: 0.475 to 0.525.
        ({"kind": "multiple", "stated_value": 0.5, "stated_unit": "multiple",
          "qualifier": "about", "rounded_to": 0}, interval(Fraction(19, 40), Fraction(21, 40))),
        ({"kind": "multiple", "stated_value": 0.5, "stated_unit": "multiple",
          "qualifier": "about", "rounded_to": 0.1}, interval(Fraction(9, 20), Fraction(11, 20))),
        # A fall by more than half leaves less than half; almost a half, of 0.9 to 1 times a
        # half, leaves half to 1 - 0.45 = 0.55; at least nine tenths leaves a tenth or less.
        ({**HALVED, "qualifier": "more_than"}, interval(Fraction(0), Fraction(1, 2),
                                                        high_open=True)),
        ({**HALVED, "qualifier": "almost"}, interval(Fraction(1, 2), Fraction(11, 20),
                                                     low_open=True)),
        ({**HALVED, "stated_value": 0.1, "qualifier": "at_least"},
         interval(Fraction(0), Fraction(1, 10))),
        # "To less than a third" names what is left as it is.
        ({**HALVED, "stated_value": 0.25, "qualifier": "less_than"},
         interval(Fraction(0), Fraction(1, 4), high_open=True)),
        # In words, two is 1.9 to 2.1, whatever step the row has; in digits, 1.5 to 2.5.
        ({**DOUBLED, "as_stated": "calls doubled"}, interval(Fraction(19, 10), Fraction(21, 10))),
        ({**DOUBLED, "as_stated": "about double", "qualifier": "about"},
         interval(Fraction(19, 10), Fraction(21, 10))),
        ({**DOUBLED, "as_stated": "2 times as many"}, interval(Fraction(3, 2), Fraction(5, 2))),
        # What rose by less than 1% did rise, and what fell by up to 1% did fall.
        ({"stated_value": 1, "stated_unit": "percent", "rounded_to": 1, "qualifier": "less_than",
          "direction": "rise"}, interval(Fraction(0), Fraction(1), low_open=True, high_open=True)),
        ({"stated_value": 1, "stated_unit": "percent", "rounded_to": 1, "qualifier": "up_to",
          "direction": "fall"}, interval(Fraction(-1), Fraction(0), high_open=True)),
        # Without a way it may not have moved at all.
        ({"stated_value": 1, "stated_unit": "percent", "rounded_to": 1, "qualifier": "less_than",
          "direction": ""}, interval(Fraction(0), Fraction(1), high_open=True)),
        # So what rose and less than doubled lies between once and twice.
        ({**DOUBLED, "qualifier": "less_than"},
         interval(Fraction(1), Fraction(2), low_open=True, high_open=True)),
        # A fall of less than threefold leaves more than a third, and less than all.
        ({**DOUBLED, "stated_value": 3, "qualifier": "less_than", "direction": "fall"},
         interval(Fraction(1, 3), Fraction(1), low_open=True, high_open=True)),
        # Just over 4%: 2 percent of it is 0.08, its last digit reaches 0.5.
        ({"stated_value": 4, "stated_unit": "percent", "rounded_to": 1,
          "qualifier": "just_over"}, interval(Fraction(4), Fraction(9, 2), low_open=True)),
        # A threshold below zero is a place on the scale.
        ({"kind": "extreme", "stated_value": -5, "stated_unit": "ships",
          "qualifier": "less_than"}, interval(None, Fraction(-5), high_open=True)),
        ({"kind": "extreme", "stated_value": -5, "stated_unit": "ships",
          "qualifier": "at_least"}, interval(Fraction(-5), None)),
        # More than a fivefold fall is below a fifth.
        ({"kind": "multiple", "stated_value": 5, "stated_unit": "multiple",
          "qualifier": "more_than", "direction": "fall"},
         interval(Fraction(0), Fraction(1, 5), low_open=True, high_open=True)),
        ({"kind": "share", "stated_value": 0.2, "stated_unit": "fraction", "rounded_to": 0},
         point(20)),
        # A difference of percentages is in points.
        ({"kind": "difference", "stated_value": 0.2, "stated_unit": "fraction", "rounded_to": 0},
         point(20)),
        ({"kind": "difference", "stated_value": 6, "stated_unit": "ships", "direction": "fall"},
         point(-6)),
        ({"kind": "percentage_points", "stated_value": 3.3, "stated_unit": "percentage_points",
          "rounded_to": 0.1}, interval(Fraction(13, 4), Fraction(67, 20))),
        ({}, None),
    ],
)  # fmt: skip
def test_a_claim_says_what_was_worked_out_by_hand(make_row, make_assumptions, claim, expected):
    assert claimed_interval(make_row("claim", **claim), make_assumptions()) == expected


def test_a_width_that_nobody_assumed_is_asked_for(make_row, make_assumptions):
    none = make_assumptions().iloc[:0]

    with pytest.raises(AssumptionError, match="no row has the symbol qualifier_about for ships"):
        interval_of(make_row(value=1, qualifier="about"), none)


@pytest.mark.parametrize(
    ("row", "width", "expected"),
    [
        ({"value": 736}, 0, [736] * 5),
        ({"value": 1000, "rounded_to": 100}, 0, [950, 975, 1000, 1025, 1050]),
        # Triangular from 14,000 to 16,000: a quarter of it lies below 14,000 + 1,000 √0.5.
        (
            {"value": 15_000, "rounded_to": 1000, "qualifier": "about"},
            1,
            [14_000, 14_707.107, 15_000, 15_292.893, 16_000],
        ),
        ({"value": 40, "value_to": 50}, 0, [40, 42.5, 45, 47.5, 50]),
        ({"value": 4, "qualifier": "less_than"}, 0, [0, 1, 2, 3, 4]),
        # Rising from 900 to 1,000: 900 + 100 √u.
        ({"value": 1000, "qualifier": "almost"}, 0.9, [900, 950, 970.711, 986.603, 1000]),
        # Falling from 50 to 51: 51 - √(1 - u).
        ({"value": 50, "qualifier": "just_over"}, 2, [50, 50.134, 50.293, 50.5, 51]),
        # The mirror of 900 to 1,000.
        ({"value": -1000, "qualifier": "almost"}, 0.9, [-1000, -986.603, -970.711, -950, -900]),
    ],
)
def test_draws_have_the_quantiles_worked_out_by_hand(make_row, row, width, expected):
    assert draw_value(make_row(**row), width, LEVELS) == pytest.approx(expected, abs=0.001)


def test_a_floor_decays_up_to_the_next_round_number(make_row):
    """More than 1,000, to the 1,000, mean 5%: the median excess is 50 ln 2 = 34.66."""
    drawn = draw_value(make_row(value=1000, rounded_to=1000, qualifier="more_than"), 5.0, LEVELS)

    assert drawn[[0, 2, 4]] == pytest.approx([1000, 1034.657, 2000], abs=0.001)


def test_a_far_cap_keeps_the_last_draw_finite():
    assert np.isfinite(truncated_exponential(1.0, 0.0, 1.0, 1e9))


@given(
    word=st.sampled_from(WORDS),
    value=st.integers(-1000, 1000).filter(bool),
    step=st.sampled_from([1, 5, 10]),
    level=st.floats(0, 1),
)
def test_a_draw_lies_within_what_the_word_allows(
    make_row, make_assumptions, word, value, step, level
):
    """At the central width, up to rounding errors of the computer; a bound by its end."""
    row, register = make_row(value=value, rounded_to=step, qualifier=word), make_assumptions()
    symbol = width_symbol(row)
    width = float(register.loc[symbol, "central"]) if symbol else 0.0

    drawn = float(draw_value(row, width, np.array([level]))[0])

    low, high = ends(interval_of(row, register)).values()
    assert math.isnan(low) or drawn >= low - 1e-9 * abs(low)
    assert math.isnan(high) or drawn <= high + 1e-9 * abs(high)


@given(word=st.sampled_from(WORDS), value=st.integers(1, 1000), levels=st.tuples(
    st.floats(0, 1), st.floats(0, 1)))  # fmt: skip
def test_a_higher_uniform_number_gives_no_lower_draw(make_row, word, value, levels):
    row = make_row(value=value, rounded_to=10, qualifier=word)

    low, high = draw_value(row, WIDTHS.get(width_symbol(row), 2.0), np.array(sorted(levels)))

    assert low <= high or low == pytest.approx(high)


@given(word=st.sampled_from(WORDS), value=st.integers(1, 1000), level=st.floats(0, 1))
def test_a_number_below_zero_is_drawn_as_the_mirror(make_row, word, value, level):
    up, down = (
        make_row(value=sign * value, rounded_to=1, qualifier=word, unit="percent")
        for sign in (1, -1)
    )
    width = WIDTHS.get(width_symbol(up), 2.0)

    mirrored = draw_value(down, width, np.array([1 - level]))

    assert draw_value(up, width, np.array([level])) == pytest.approx(-mirrored, abs=2)


def test_a_bound_has_no_range_unless_a_series_starts_from_it(make_small):
    """More than 1,000 is drawn as the base; more than 2,000 is not.

    The excess over 1,000 decays with a mean of 5%, 50: -50 ln 0.95 is 2.565.
    """
    bound = {"qualifier": "more_than", "rounded_to": 1000}
    small = make_small(
        {"base": bound | {"value": 1000}, "other": bound | {"value": 2000}},
        series={"ships": {"base_figure": "base"}},
    )

    readings = figure_readings(small)

    assert readings.loc["base", "low90"] == pytest.approx(1002.565, abs=0.001)
    assert readings.loc["base", "inputs"] == "figure:base assumption:qualifier_more_than"
    assert readings.loc["other", ["low90", "high90"]].isna().all()
    assert readings.loc["other", "inputs"] == "figure:other"
    assert readings["low"].tolist() == [1000, 2000]
    assert readings["high"].isna().all()


def test_every_word_has_another_way_to_read_it():
    assert set(wording("alternatives")) == set(QUALIFIERS)


def test_a_fraction_in_words_is_read_by_its_own_row(make_row):
    about = {"stated_value": 0.6667, "qualifier": "about"}

    assert width_symbol(make_row("claim", **about, stated_unit="fraction")) == "fraction_words"
    assert width_symbol(make_row("claim", **about, stated_unit="percent")) == "qualifier_about"
    assert width_symbol(make_row("claim", qualifier="about")) == ""
