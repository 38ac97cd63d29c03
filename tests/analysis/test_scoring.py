"""The weighted interval score, by hand and against the pinball loss."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.quantiles import LEVELS
from statedfigures.analysis.scoring import log_score, weighted_interval_score
from statedfigures.errors import ParameterError


def pinball(level, quantile, outturn):
    """Loss of one quantile: the level times the miss above it, its rest below."""
    return (outturn - quantile) * (level - (outturn < quantile))


def test_an_outturn_inside_costs_the_width_of_the_interval():
    """Median 10, half of the draws from 8 to 12, outturn 11: 0.5 * 1 + 0.25 * 4 over 1.5."""
    quantiles = {0.25: 8.0, 0.5: 10.0, 0.75: 12.0}

    assert weighted_interval_score(quantiles, 11.0) == pytest.approx(1.0)


def test_an_outturn_outside_costs_its_distance_too():
    """Outturn 14: 0.5 * 4, 0.25 * 4, and 2 outside: 5 over 1.5."""
    quantiles = {0.25: 8.0, 0.5: 10.0, 0.75: 12.0}

    assert weighted_interval_score(quantiles, 14.0) == pytest.approx(10 / 3)


def test_a_point_is_scored_by_its_distance():
    """Certainty of 10 with an outturn of 13 costs 3."""
    assert weighted_interval_score(dict.fromkeys(LEVELS, 10.0), 13.0) == pytest.approx(3.0)


def test_the_log_score_is_the_score_of_logarithms():
    """Certainty of 100 where 200 came costs ln 2, and so does 50."""
    certain = dict.fromkeys(LEVELS, 100.0)

    assert log_score(certain, 200.0) == pytest.approx(np.log(2))
    assert log_score(certain, 50.0) == pytest.approx(np.log(2))


@given(
    values=st.lists(st.floats(-100, 100), min_size=9, max_size=9),
    outturn=st.floats(-200, 200),
)
def test_the_score_is_twice_the_mean_pinball_loss(values, outturn):
    quantiles = dict(zip(LEVELS, sorted(values), strict=True))
    losses = [pinball(level, quantile, outturn) for level, quantile in quantiles.items()]

    score = weighted_interval_score(quantiles, outturn)
    assert score == pytest.approx(2 * np.mean(losses), abs=1e-9)


@pytest.mark.parametrize("levels", [(0.25, 0.5), (0.1, 0.5, 0.75), (0.25, 0.75)])
def test_levels_that_are_no_pairs_are_refused(levels):
    with pytest.raises(ParameterError, match="give levels that add up to one in pairs"):
        weighted_interval_score(dict.fromkeys(levels, 1.0), 1.0)
