"""Promises of the arithmetic on intervals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.intervals import (
    add,
    around,
    contains,
    exact_fraction,
    interval,
    is_within,
    lies_below,
    overlaps,
    point,
    scale,
    shift,
)
from statedfigures.analysis.ratios import divide, multiply, percent_change, percent_share
from statedfigures.errors import ParameterError

POSITIVE = st.fractions(min_value=Fraction(1, 1000), max_value=10**6, max_denominator=1000)


@st.composite
def intervals_with_a_member(draw):
    """Draw an interval of positive numbers and a number that lies in it."""
    member = draw(POSITIVE)
    low_gap = draw(st.fractions(0, Fraction(1, 2), max_denominator=100))
    high_gap = draw(st.none() | st.fractions(0, 10, max_denominator=100))
    low = member * (1 - low_gap)
    high = None if high_gap is None else member + high_gap
    low_open = low < member and draw(st.booleans())
    high_open = high is not None and high > member and draw(st.booleans())
    return interval(low, high, low_open=low_open, high_open=high_open), member


def test_a_ratio_spans_the_extreme_pairs():
    """[6, 8] / [2, 4]: the least is 6/4 = 1.5 and the greatest 8/2 = 4."""
    ratio = divide(interval(Fraction(6), Fraction(8)), interval(Fraction(2), Fraction(4)))

    assert ratio == interval(Fraction(3, 2), Fraction(4))


def test_a_ratio_to_an_unbounded_base_comes_down_to_zero():
    """[6, 8] / (2, no end): below 8/2 = 4, which 2 itself would give, and above 0."""
    ratio = divide(interval(Fraction(6), Fraction(8)), interval(Fraction(2), None, low_open=True))

    assert ratio == interval(Fraction(0), Fraction(4), low_open=True, high_open=True)


def test_a_bound_below_stays_a_bound_below():
    """More than 1,000 over 192: more than 1000/192 = 5.2083…, that is 125/24."""
    ratio = divide(interval(Fraction(1000), None, low_open=True), point(192))

    assert ratio == interval(Fraction(125, 24), None, low_open=True)


def test_zero_over_anything_is_reached():
    """[0, 1] / (2, 4): 0 is reached by 0 over any base; 1/2 is not, as 2 is left out."""
    ratio = divide(
        interval(Fraction(0), Fraction(1)),
        interval(Fraction(2), Fraction(4), low_open=True, high_open=True),
    )

    assert ratio == interval(Fraction(0), Fraction(1, 2), high_open=True)


def test_a_change_is_in_percent_of_the_first():
    """51,168 to 70,541: 19373/51168 = 0.378615…, so 37.8615… percent."""
    change = percent_change(point(51168), point(70541))

    assert change == point(Fraction(1937300, 51168))
    assert float(change.low) == pytest.approx(37.8615, abs=1e-4)


def test_a_share_is_in_percent():
    """20,000 of 40,000,000 is 1 in 2,000, so 0.05 percent."""
    assert percent_share(point(20_000), point(40_000_000)) == point(Fraction(1, 20))


def test_a_product_spans_the_outer_pairs():
    """[2, 3] × [4, 5) runs from 8 up to 15, which is left out."""
    product = multiply(
        interval(Fraction(2), Fraction(3)), interval(Fraction(4), Fraction(5), high_open=True)
    )

    assert product == interval(Fraction(8), Fraction(15), high_open=True)


def test_rounding_is_cut_at_zero():
    """Around 1, give or take 2, is 0 to 3: there is no count below zero."""
    assert around(Fraction(1), Fraction(2)) == interval(Fraction(0), Fraction(3))


def test_touching_intervals_overlap_only_where_both_hold_the_end():
    closed = interval(Fraction(1), Fraction(2))

    assert overlaps(closed, interval(Fraction(2), Fraction(3)))
    assert not overlaps(closed, interval(Fraction(2), Fraction(3), low_open=True))
    assert lies_below(closed, interval(Fraction(2), Fraction(3), low_open=True))


def test_an_open_end_does_not_hold_the_closed_one():
    assert not is_within(point(2), interval(Fraction(1), Fraction(2), high_open=True))
    assert is_within(
        interval(Fraction(1), Fraction(2), high_open=True), interval(Fraction(1), Fraction(2))
    )
    assert not is_within(interval(Fraction(1), None), interval(Fraction(1), Fraction(2)))


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
        divide(point(1), base)


def test_a_numerator_below_zero_is_refused():
    with pytest.raises(ParameterError, match="numerator that reaches below zero"):
        divide(point(-1), point(1))


def test_a_product_below_zero_is_refused():
    with pytest.raises(ParameterError, match="not below zero"):
        multiply(point(-1), point(1))


def test_a_factor_of_zero_is_refused():
    with pytest.raises(ParameterError, match="factor above zero, not by 0"):
        scale(point(1), Fraction(0))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(value):
    with pytest.raises(ParameterError, match="is not a finite number"):
        exact_fraction(value)


@given(intervals_with_a_member(), intervals_with_a_member())
def test_arithmetic_holds_every_result_of_members(left, right):
    """Whatever members are taken, their ratio, change, sum and product lie in the result."""
    (a, x), (b, y) = left, right

    assert contains(divide(a, b), x / y)
    assert contains(percent_change(b, a), (x - y) / y * 100)
    assert contains(add(a, b), x + y)
    assert contains(multiply(a, b), x * y)


@given(intervals_with_a_member(), intervals_with_a_member())
def test_an_order_of_intervals_is_an_order_of_members(left, right):
    """If one interval lies below another, so do its members; if apart, they share none."""
    (a, x), (b, y) = left, right

    assert not lies_below(a, b) or x < y
    assert overlaps(a, b) or not contains(b, x)
    assert not is_within(a, b) or contains(b, x)


@given(intervals_with_a_member(), POSITIVE)
def test_scaling_and_shifting_can_be_undone(values, by):
    whole, _ = values

    assert scale(scale(whole, by), 1 / by) == whole
    assert shift(shift(whole, by), -by) == whole


@given(intervals_with_a_member(), intervals_with_a_member(), POSITIVE)
def test_a_common_factor_changes_no_ratio(left, right, factor):
    (a, _), (b, _) = left, right

    assert divide(scale(a, factor), scale(b, factor)) == divide(a, b)
