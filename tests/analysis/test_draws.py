"""Sobol points: how many, how even, and the same every time."""

from dataclasses import replace

import numpy as np
import pytest

from statedfigures.analysis.distributions import assumed_values, standard_normal
from statedfigures.analysis.draws import (
    NORMAL_SLOTS,
    SLOTS,
    Draws,
    sobol_draws,
    sobol_points,
)
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


@pytest.mark.parametrize("name", NORMAL_SLOTS)
def test_half_of_the_draws_lie_below_the_middle(name):
    normal = getattr(sobol_draws(64, 1), name)

    assert normal.shape == (64,)
    assert int((normal < 0).sum()) == 32


def test_the_draw_at_the_middle_adds_no_chance():
    middle = Draws.at_the_middle()

    assert [getattr(middle, name).tolist() for name in NORMAL_SLOTS] == [[0.0]] * 4
    assert {float(middle.of(slot).item()) for slot in SLOTS} == {0.5}


@pytest.mark.parametrize("slot", ["damping", "later_growth"])
def test_a_slot_can_be_taken_from_other_draws_alone(slot):
    one, other = sobol_draws(64, 1), sobol_draws(64, 2)
    mixed = one.with_slots_of(other, (slot,))

    for name in SLOTS:
        assert np.array_equal(mixed.of(name), (other if name == slot else one).of(name))
    for name in NORMAL_SLOTS:
        taken = (other if name == slot else one).of(name)
        assert np.array_equal(getattr(mixed, name), standard_normal(taken))


def test_the_values_of_a_row_are_worked_out_once_for_each_row_and_slot(make_projectable):
    tables = make_projectable(damping=(0.7, 0.8, 0.95))
    row = tables.assumptions["damping"]
    other = replace(row, high=0.9)
    draws = sobol_draws(64, 1)
    values = draws.values_of(row, "damping")

    assert draws.values_of(replace(row), "damping") is values
    assert np.array_equal(values, assumed_values(row, draws.of("damping")))
    # Another range, another slot and other draws are other values.
    for one, slot, chance in (
        (other, "damping", draws),
        (row, "base", draws),
        (row, "damping", draws.with_slots_of(sobol_draws(64, 2), ("damping",))),
    ):
        found = chance.values_of(one, slot)
        assert not np.array_equal(found, values)
        assert np.array_equal(found, assumed_values(one, chance.of(slot)))
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 0.5
