"""Inverse distribution functions against values worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.distributions import (
    assumed_values,
    standard_normal,
    triangular,
    truncated_exponential,
    two_piece_lognormal,
    uniform_between,
)
from statedfigures.errors import AssumptionError

UNIFORM = st.floats(0, 1)
POINT = st.floats(-1e6, 1e6)


def test_a_triangular_distribution_has_its_quartile_where_the_triangle_says():
    """From 0 to 4 with its peak at 1, half of a quarter lies below 1/sqrt(2)."""
    # F(x) = x^2 / ((4 - 0)(1 - 0)) for x <= 1, so F(x) = 1/8 at x = sqrt(1/2).
    # Above the peak 1 - F(x) = (4 - x)^2 / (4 * 3); 1 - F = 1/12 at x = 3.
    assert float(triangular(1 / 8, 0, 1, 4)) == pytest.approx(np.sqrt(0.5))
    assert float(triangular(11 / 12, 0, 1, 4)) == pytest.approx(3.0)


@pytest.mark.parametrize("peak", [0.0, 2.0])
def test_a_triangle_may_have_its_peak_at_an_end(peak):
    assert triangular(np.array([0.0, 1.0]), 0, peak, 2).tolist() == [0.0, 2.0]


def test_a_triangle_without_width_is_a_point():
    assert triangular(np.array([0.0, 0.3, 1.0]), 7, 7, 7).tolist() == [7.0, 7.0, 7.0]


def test_a_lognormal_row_has_its_three_values_as_its_quantiles():
    values = two_piece_lognormal(np.array([0.05, 0.5, 0.95]), 0.5, 1.0, 3.0)

    assert values.tolist() == pytest.approx([0.5, 1.0, 3.0])


def test_an_exponential_without_a_near_cap_has_the_closed_form_median():
    """Above 1,000 with mean excess 100 and a far cap, the median is 1,000 + 100 ln 2."""
    assert float(truncated_exponential(0.5, 1000, 100, 1e9)) == pytest.approx(1069.314718)


def test_an_exponential_with_a_near_cap_is_almost_uniform():
    """A cap of a thousandth of the mean leaves no room to decay."""
    assert float(truncated_exponential(0.5, 1000, 100, 1000.1)) == pytest.approx(1000.05, abs=1e-4)


def test_the_ends_of_the_unit_interval_stay_finite():
    ends = np.array([0.0, 1.0])

    assert np.isfinite(standard_normal(ends)).all()
    # With a cap forty times the mean away, all but nothing lies below it.
    lowest, highest = truncated_exponential(ends, 1000.0, 2.5, 1100.0)
    assert lowest == 1000
    assert 1050 < highest <= 1100


@given(points=st.tuples(POINT, POINT, POINT), one=UNIFORM, other=UNIFORM)
def test_values_rise_with_the_uniform_number_and_stay_inside(points, one, other):
    low, mode, high = sorted(points)
    first, second = sorted((one, other))
    values = triangular(np.array([first, second]), low, mode, high)
    slack = 1e-9 * max(1.0, abs(low), abs(high))

    assert low - slack <= values[0] <= values[1] + slack <= high + 2 * slack


@given(one=UNIFORM, other=UNIFORM)
def test_every_distribution_keeps_the_order_of_its_uniform_numbers(one, other):
    pair = np.array(sorted((one, other)))
    for values in (
        uniform_between(pair, 2.0, 5.0),
        two_piece_lognormal(pair, 0.5, 1.0, 3.0),
        truncated_exponential(pair, 10.0, 2.0, 12.0),
    ):
        assert values[0] <= values[1]


@given(uniform=UNIFORM)
def test_an_assumption_never_leaves_its_allowed_range(make_assumption, uniform):
    """A log-normal tail is cut where the row says."""
    row = make_assumption("damping", 1.0, low=0.5, high=2.0)
    row = replace(row, distribution="lognormal", allowed_min=0.4, allowed_max=2.5)

    assert 0.4 <= float(assumed_values(row, uniform)) <= 2.5


def test_an_unknown_distribution_is_named(make_assumption):
    row = replace(make_assumption("damping", 1.0), distribution="gaussian", row=7)

    with pytest.raises(AssumptionError, match="row 7: damping has the distribution 'gaussian'"):
        assumed_values(row, 0.5)


def test_a_lognormal_that_reaches_zero_is_refused(make_assumption):
    row = replace(make_assumption("damping", 1.0, low=0.0, high=2.0), distribution="lognormal")

    with pytest.raises(AssumptionError, match="give a low above zero"):
        assumed_values(row, 0.5)
