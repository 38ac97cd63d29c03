"""Growth: what goes in comes out, and chance has the spread it is given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.draws import sobol_draws
from statedfigures.analysis.growth import count_noise, future_growth, observed_growth, shocks


@given(start=st.floats(1, 1e6), growth=st.floats(-0.5, 2), years=st.floats(0.25, 20))
def test_growth_put_in_is_growth_got_back(start, growth, years):
    base = start * (1 + growth) ** years

    assert float(np.expm1(observed_growth(start, base, years))) == pytest.approx(growth, abs=1e-9)


def test_a_level_shift_takes_its_share_of_growth():
    """A third of 0.3 does not go on, and 0.05 is added: 0.2 + 0.05."""
    assert float(future_growth(0.3, 1 / 3, 0.05)) == pytest.approx(0.25)


@pytest.mark.parametrize(("persistence", "variance"), [(1.0, 25.0), (0.0, 5.0), (0.4, 13.0)])
def test_persistent_growth_spreads_faster_than_independent_growth(persistence, variance):
    """After five years the variance is 25 parts persistent and 5 parts independent."""
    # 0.4 * 25 + 0.6 * 5 = 13
    chance = sobol_draws(2**14, 1).later_growth
    total = shocks(0.1, persistence, chance, np.array([[5.0]]))

    assert float(total.var()) == pytest.approx(0.01 * variance, rel=0.02)


@given(persistence=st.floats(0, 1), volatility=st.floats(0.01, 0.5), year=st.integers(1, 12))
def test_every_year_spreads_as_its_shocks_added_up(persistence, volatility, year):
    """A sum of independent normal numbers has the sum of their squares as its variance."""
    lasting = volatility * persistence**0.5 * year
    anew = [volatility * (1 - persistence) ** 0.5] * year
    expected = (lasting**2 + sum(one**2 for one in anew)) ** 0.5

    found = shocks(volatility, persistence, np.array([1.0]), np.array([[float(year)]]))

    assert found.item() == pytest.approx(expected)


def test_clustered_counts_have_their_variance_factor():
    """A count of 10,000 with factor 10 has a variance near 100,000."""
    chance = sobol_draws(2**14, 1).later_count
    counts = np.exp(count_noise(np.log(10_000.0), 10.0, chance))

    assert float(counts.var()) == pytest.approx(100_000, rel=0.01)
    assert float(np.median(counts)) == pytest.approx(10_000, rel=1e-3)
