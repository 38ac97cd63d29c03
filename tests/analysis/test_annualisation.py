"""Part of a year made whole, against cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.annualisation import count_to_date, full_year


def test_three_quarters_of_a_year_at_an_even_rate():
    """900 in three quarters is 300 a quarter, so 1,200 in the year."""
    assert float(full_year(900, 0.75, 0.5, 0.5)) == pytest.approx(1200)


def test_a_rest_of_the_year_at_another_rate():
    """900 in three quarters and then a rate half as high again: 900 + 450 = 1,350."""
    # u with ln(1.5) = 0.5 z: z = 0.81093, below which 0.791295 of a normal lies.
    assert float(full_year(900, 0.75, 0.5, 0.7912951)) == pytest.approx(1350, abs=0.01)


def test_a_whole_year_stays_as_it_is():
    assert float(full_year(900, 1.0, 0.5, 0.9)) == 900


def test_the_count_that_a_projected_year_implies():
    """1,235 for a year of which 304 of 365 days had passed is 1,028.6 in those days."""
    # 1235 * 304 / 365 = 1235 * 0.8328767 = 1028.60
    assert float(count_to_date(1235, 304 / 365)) == pytest.approx(1028.60, abs=0.005)


@given(count=st.floats(1, 1e6), elapsed=st.floats(0.05, 1))
def test_there_and_back_changes_nothing(count, elapsed):
    year = full_year(count, elapsed, 0.3, 0.5)

    assert float(count_to_date(year, elapsed)) == pytest.approx(count)


@given(uniforms=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_faster_rest_of_the_year_gives_more(uniforms):
    values = full_year(100.0, 0.8, 0.2, np.array(sorted(uniforms)))

    assert 100 <= values[0] <= values[1]
