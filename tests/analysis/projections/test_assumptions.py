"""Which row applies, its quantiles against scipy's, and the points that a page makes again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from statedfigures.analysis.assumptions import (
    DIMENSIONS,
    applying,
    direction_numbers,
    required,
    sobol_points,
    value_at,
)
from statedfigures.errors import AssumptionError


def test_a_row_that_names_the_figure_comes_before_one_for_its_series_and_one_for_all():
    register = pd.DataFrame(
        {"symbol": ["rest_of_year"] * 3, "applies_to": ["all", "ships", "boats ships_2019"]},
        index=["rest", "rest_ships", "rest_2019"],
    )

    assert applying(register, "rest_of_year", "ships_2019", "ships").name == "rest_2019"
    assert applying(register, "rest_of_year", "ships_2015", "ships").name == "rest_ships"
    assert applying(register, "rest_of_year", "hens").name == "rest"
    assert applying(register, "damping", "ships") is None


def test_a_missing_row_is_named_with_what_it_would_apply_to(ships):
    with pytest.raises(AssumptionError, match="no row has the symbol base_step for ships; add one"):
        required(ships.assumptions, "base_step", "ships")


@given(
    ends=st.tuples(st.floats(-5, 5), st.floats(0.01, 5), st.floats(0, 1)),
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_triangular_and_uniform_rows_have_the_quantiles_of_scipy(ends, shares):
    low, width, peak = ends
    row = pd.Series({"low": low, "central": low + peak * width, "high": low + width})
    uniform = np.array(shares)

    shaped = pd.concat([row, pd.Series({"distribution": "triangular"})])
    expected = stats.triang(peak, low, width).ppf(uniform)
    assert value_at(shaped, uniform) == pytest.approx(expected, abs=1e-6)

    flat = pd.concat([row, pd.Series({"distribution": "uniform"})])
    assert value_at(flat, uniform) == pytest.approx(stats.uniform(low, width).ppf(uniform))


def test_a_fixed_row_has_its_central_value_whatever_its_ends():
    row = pd.Series({"low": 5.0, "central": 10.0, "high": 20.0, "distribution": "fixed"})

    assert value_at(row, np.array([0.0, 0.5, 1.0])).tolist() == [10, 10, 10]


def test_points_are_inside_and_every_cell_of_a_dimension_holds_one():
    points = sobol_points(1024, 3)

    assert points.shape == (len(DIMENSIONS), 1024)
    assert points.min() > 0
    assert points.max() < 1
    cells = np.sort((points * 1024).astype(int), axis=1)
    assert (cells == np.arange(1024)).all()


def test_a_page_makes_the_very_points_from_their_direction_numbers():
    """Point n is point n - 1 with the number of the lowest set bit of n added bit by bit."""
    numbers = direction_numbers(256, 9)
    whole = [numbers[:, 0]]
    for place in range(1, 256):
        whole.append(whole[-1] ^ numbers[:, (place & -place).bit_length()])

    made = (np.array(whole).T + 0.5) / 2**30
    assert (made == sobol_points(256, 9)).all()
    assert numbers.max() < 2**30


def test_another_seed_scrambles_in_another_way():
    assert not np.array_equal(sobol_points(64, 1), sobol_points(64, 2))
