"""Sobol points: how many, how even, and the same every time."""

import numpy as np
import pytest

from statedfigures.analysis.draws import (
    SLOTS,
    sobol_draws,
    sobol_points,
)
from statedfigures.analysis.walks import walk_from, years_in_order
from statedfigures.errors import ParameterError


@pytest.mark.parametrize(("draws", "near"), [(1000, "512 or 1024"), (3, "2 or 4"), (0, "2 or 4")])
def test_a_number_of_draws_that_is_no_power_of_two_is_refused(draws, near):
    with pytest.raises(ParameterError, match=f"{draws} is no power of two; use {near}"):
        sobol_points(2, draws, 1)


def test_a_seed_below_zero_is_refused():
    with pytest.raises(ParameterError, match="parameter seed: -1 is below zero"):
        sobol_points(2, 8, -1)


def test_every_dimension_has_one_point_in_each_slice():
    """With 256 points, each 256th of the unit interval holds exactly one of them."""
    slices = np.floor(sobol_points(5, 256, 3) * 256).astype(int)

    for dimension in slices:
        assert sorted(dimension.tolist()) == list(range(256))


def test_the_same_seed_gives_the_same_points_and_another_one_others():
    once = sobol_points(4, 64, 5).copy()
    sobol_points.cache_clear()

    assert np.array_equal(once, sobol_points(4, 64, 5))
    assert not np.array_equal(once, sobol_points(4, 64, 6))


def test_points_cannot_be_changed_by_who_reads_them():
    with pytest.raises(ValueError, match="read-only"):
        sobol_points(2, 8, 1)[0, 0] = 0.5


@pytest.mark.parametrize("years", [1, 2, 5, 21])
@pytest.mark.parametrize("first", [1, 5])
def test_every_year_of_a_walk_is_drawn_once(years, first):
    order = years_in_order(years, first)

    assert sorted(order) == list(range(1, years + 1))
    assert order[0] == min(first, years)


def test_a_walk_has_the_covariance_of_independent_steps():
    """The covariance of a walk at years i and j is the smaller of the two."""
    # Identity rows: each column of the walk then shows the weights of one number.
    weights = walk_from(np.eye(7), 3)

    expected = np.minimum.outer(np.arange(1, 8), np.arange(1, 8))
    assert weights @ weights.T == pytest.approx(expected)


def test_the_first_year_drawn_hangs_on_one_number():
    """At year 3 the walk is the square root of 3 times its first number."""
    assert walk_from(np.eye(7), 3)[2].tolist() == pytest.approx([np.sqrt(3), 0, 0, 0, 0, 0, 0])


def test_half_of_the_draws_lie_below_the_middle():
    draws = sobol_draws(3, 3, 64, 1)

    assert draws.walk.shape == draws.counts.shape == (3, 64)
    assert int((draws.walk[2] < 0).sum()) == 32
    assert int((draws.persistent < 0).sum()) == 32


def test_a_slot_can_be_taken_from_other_draws_alone():
    one, other = sobol_draws(1, 1, 64, 1), sobol_draws(1, 1, 64, 2)
    mixed = one.with_slots_of(other, ("damping",))

    assert np.array_equal(mixed.of("damping"), other.of("damping"))
    assert all(np.array_equal(mixed.of(s), one.of(s)) for s in SLOTS if s != "damping")
