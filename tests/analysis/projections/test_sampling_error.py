"""How far the numbers of a projection move with another scrambling of its points."""

import numpy as np
import pytest

import statedfigures as sf

KEYS = ["series", "year", "quantile"]


def values(release, draws, seed):
    """Return middles and ends of the 90% range in the years after the base, by their keys."""
    projection = sf.project(release, scenario="central", draws=draws, seed=seed)
    first = projection.groupby("series")["year"].transform("min")
    shown = (projection["year"] > first) & projection["quantile"].isin([0.05, 0.5, 0.95])
    return projection[shown].set_index(KEYS)["value"]


@pytest.mark.parametrize(("quantiles", "most"), [([0.5], 0.003), ([0.05, 0.95], 0.008)])
def test_numbers_stay_within_the_error_that_the_methods_promise(quantiles, most):
    """Twenty scrambles against the mean of others with four times the draws."""
    release = sf.read_release("weprotect-2014")
    truth = sum(values(release, 2**16, seed) for seed in range(900, 908)) / 8
    errors = [values(release, 2**14, seed) / truth - 1 for seed in range(20)]
    root_mean_square = np.sqrt(sum(error**2 for error in errors) / len(errors))

    assert root_mean_square.loc[:, :, quantiles].max() <= most
