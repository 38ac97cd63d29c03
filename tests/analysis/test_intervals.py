"""Promises of the arithmetic on intervals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.intervals import (
    Interval,
    ends,
    hull,
    interval,
    percent_change,
    percent_share,
    point,
    reciprocal,
)
from statedfigures.errors import ParameterError
from statedfigures.release.numerals import exact_fraction

POSITIVE = st.fractions(min_value=Fraction(1, 1000), max_value=10**6, max_denominator=1000)


@st.composite
def with_a_member(draw, members=POSITIVE):
    """Draw an interval and a number that lies in it."""
    member = draw(members)
    low_gap = draw(st.fractions(0, Fraction(1, 2), max_denominator=100))
    high_gap = draw(st.none() | st.fractions(0, 10, max_denominator=100))
    low = member - abs(member) * low_gap
    high = None if high_gap is None else member + high_gap
    low_open = low < member and draw(st.booleans())
    high_open = high is not None and high > member and draw(st.booleans())
    return interval(low, high, low_open=low_open, high_open=high_open), member


SIGNED = with_a_member(st.fractions(-1000, 1000, max_denominator=100))


@pytest.mark.parametrize(
    ("numerator", "base", "expected"),
    [
        # The least is 6/4 = 1.5 and the greatest 8/2 = 4.
        (interval(Fraction(6), Fraction(8)), interval(Fraction(2), Fraction(4)),
         interval(Fraction(3, 2), Fraction(4))),
        # Below 8/2 = 4, which 2 itself would give, and above 0.
        (interval(Fraction(6), Fraction(8)), interval(Fraction(2), None, low_open=True),
         interval(Fraction(0), Fraction(4), low_open=True, high_open=True)),
        # More than 1,000 over 192: more than 1000/192 = 5.2083…, that is 125/24.
        (interval(Fraction(1000), None, low_open=True), point(192),
         interval(Fraction(125, 24), None, low_open=True)),
        # 0 is reached by 0 over any base; 1/2 is not, as 2 is left out.
        (interval(Fraction(0), Fraction(1)),
         interval(Fraction(2), Fraction(4), low_open=True, high_open=True),
         interval(Fraction(0), Fraction(1, 2), high_open=True)),
        # A numerator below zero swaps the ends of the base: -6/1 to -3/2.
        (interval(Fraction(-6), Fraction(-3)), interval(Fraction(1), Fraction(2)),
         interval(Fraction(-6), Fraction(-3, 2))),
    ],
)  # fmt: skip
def test_a_ratio_spans_the_extreme_pairs(numerator, base, expected):
    assert numerator / base == expected


def test_a_change_is_in_percent_of_the_first():
    """51,168 to 70,541: 19373/51168 = 0.378615…, so 37.8615… percent."""
    assert percent_change(point(51168), point(70541)) == point(Fraction(1937300, 51168))


def test_a_share_is_in_percent():
    """20,000 of 40,000,000 is 1 in 2,000, so 0.05 percent."""
    assert percent_share(point(20_000), point(40_000_000)) == point(Fraction(1, 20))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        # [2, 3] × [4, 5) runs from 8 up to 15, which is left out.
        (interval(Fraction(2), Fraction(3)), interval(Fraction(4), Fraction(5), high_open=True),
         interval(Fraction(8), Fraction(15), high_open=True)),
        # [-2, 3] × [-5, 4]: the least is 3 × -5, the greatest 3 × 4 (-2 × -5 is 10).
        (interval(Fraction(-2), Fraction(3)), interval(Fraction(-5), Fraction(4)),
         interval(Fraction(-15), Fraction(12))),
        # An included nought is reached whatever the other side is.
        (point(0), interval(Fraction(1), None), point(0)),
        # (0, no end) × (0, 1): above nought, without an end.
        (interval(Fraction(0), None, low_open=True),
         interval(Fraction(0), Fraction(1), low_open=True, high_open=True),
         interval(Fraction(0), None, low_open=True)),
        # Less nought than any end: [-1, no end) × [2, 2].
        (interval(Fraction(-1), None), point(2), interval(Fraction(-2), None)),
    ],
)  # fmt: skip
def test_a_product_spans_the_extreme_pairs(left, right, expected):
    assert left * right == expected
    assert right * left == expected


def test_a_factor_below_zero_swaps_the_ends():
    assert interval(Fraction(1), None, low_open=True) * -2 == interval(
        None, Fraction(-2), high_open=True
    )


def test_touching_intervals_overlap_only_where_both_hold_the_end():
    closed = interval(Fraction(1), Fraction(2))

    assert closed.overlaps(interval(Fraction(2), Fraction(3)))
    assert not closed.overlaps(interval(Fraction(2), Fraction(3), low_open=True))
    assert closed.lies_below(interval(Fraction(2), Fraction(3), low_open=True))


def test_an_open_end_does_not_hold_the_closed_one():
    half_open = interval(Fraction(1), Fraction(2), high_open=True)

    assert not point(2).is_within(half_open)
    assert half_open.is_within(interval(Fraction(1), Fraction(2)))
    assert not interval(Fraction(1), None).is_within(half_open)


def test_the_hull_keeps_the_end_that_is_reached():
    """Of [1, 2) and (0, 2] the hull is (0, 2]."""
    first = interval(Fraction(1), Fraction(2), high_open=True)
    second = interval(Fraction(0), Fraction(2), low_open=True)

    assert hull(first, second) == second
    assert hull(first, interval(Fraction(3), None)) == interval(Fraction(1), None)


def test_ends_go_to_the_columns_that_are_named():
    assert ends(point(3), "implied_low", "implied_high") == {"implied_low": 3, "implied_high": 3}
    assert set(map(str, ends(None).values())) == {"nan"}


@pytest.mark.parametrize(
    ("low", "high", "open_end"), [(3, 2, False), (2, 2, True)], ids=["crossed", "open point"]
)
def test_an_empty_interval_is_refused(low, high, open_end):
    with pytest.raises(ParameterError, match=r"is empty; the low end must not lie above"):
        interval(Fraction(low), Fraction(high), high_open=open_end)


@pytest.mark.parametrize(
    "base",
    [point(0), interval(Fraction(0), Fraction(5), low_open=True), interval(None, Fraction(5))],
    ids=["zero", "down to zero", "unbounded below"],
)
def test_a_base_that_reaches_zero_is_refused(base):
    with pytest.raises(ParameterError, match="needs a denominator above zero"):
        point(1) / base


def test_a_float_is_the_number_that_was_typed():
    assert exact_fraction(0.1) + exact_fraction(0.2) == Fraction(3, 10)


@given(with_a_member(), with_a_member())
def test_arithmetic_holds_every_result_of_members(left, right):
    """Whatever members are taken, their ratio, change, sum and product lie in the result."""
    (a, x), (b, y) = left, right

    assert point(x / y).is_within(a / b)
    assert point((x - y) / y * 100).is_within(percent_change(b, a))
    assert point(x + y).is_within(a + b)
    assert point(1 / y).is_within(reciprocal(b))


@given(SIGNED, SIGNED, st.fractions(-10, 10, max_denominator=10))
def test_arithmetic_below_zero_holds_every_result_of_members(left, right, factor):
    (a, x), (b, y) = left, right

    assert point(x * y).is_within(a * b)
    assert point(x - y).is_within(a - b)
    assert point(x * factor).is_within(a * factor)
    assert point(x).is_within(hull(a, b))


@given(with_a_member(), with_a_member())
def test_an_order_of_intervals_is_an_order_of_members(left, right):
    """If one interval lies below another, so do its members; if apart, they share none."""
    (a, x), (b, y) = left, right

    assert not a.lies_below(b) or x < y
    assert a.overlaps(b) or not point(x).is_within(b)
    assert not a.is_within(b) or point(x).is_within(b)


@given(SIGNED, POSITIVE)
def test_scaling_and_shifting_can_be_undone(values, by):
    whole, _ = values

    assert whole * -by * (-1 / by) == whole
    assert whole + by - by == whole


@given(with_a_member(), with_a_member(), POSITIVE)
def test_a_common_factor_changes_no_ratio(left, right, factor):
    (a, _), (b, _) = left, right

    assert (a * factor) / (b * factor) == a / b


@given(SIGNED, SIGNED)
def test_a_difference_is_the_other_way_round_below_zero(left, right):
    (a, _), (b, _) = left, right
    turned = b - a

    assert a - b == Interval(-turned.high, -turned.low, turned.high_open, turned.low_open)
