"""Points that are made again from their recipe are the very same."""

import numpy as np
import pytest

from statedfigures.analysis.draws import SLOTS, sobol_points
from statedfigures.analysis.recipes import points_of, recipe_of


@pytest.mark.parametrize("seed", [0, 1, 2014])
@pytest.mark.parametrize("draws", [2, 64, 1024, 4096])
def test_points_made_from_their_recipe_are_those_of_scipy_to_the_last_digit(draws, seed):
    points = sobol_points(len(SLOTS), draws, seed)

    assert np.array_equal(points_of(recipe_of(points)), points)


def test_a_recipe_is_a_dozen_numbers_for_four_thousand_points():
    recipe = recipe_of(sobol_points(3, 4096, 2014))

    assert recipe.shape == (3, 13)
    assert recipe.min() >= 0
    assert recipe.max() < 2**30


def test_the_first_points_need_the_first_numbers_alone():
    """What a page draws while a slider moves is the beginning of what it draws at rest."""
    points = sobol_points(7, 256, 5)

    assert np.array_equal(points_of(recipe_of(points)[:, :5]), points[:, :16])
