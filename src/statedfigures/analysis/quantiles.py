"""The quantile levels that projections are given at."""

from __future__ import annotations

import numpy as np

from statedfigures.analysis.distributions import Array

# Pairs around the median bound the central 50%, 80%, 90% and 95% of a fan.
LEVELS: tuple[float, ...] = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
MEDIAN = 0.5
FIFTY_PERCENT = (0.25, 0.75)
NINETY_PERCENT = (0.05, 0.95)


def quantiles(values: Array, levels: tuple[float, ...] = LEVELS) -> Array:
    """Give the quantiles of draws.

    Parameters
    ----------
    values
        Draws along the last axis, in any order.
    levels
        Shares of the draws that lie below, from 0 to 1.

    Returns
    -------
    ndarray
        Quantiles along the last axis, in the order of `levels`.

    Notes
    -----
    Linear between the sorted draws: definition 7 of Hyndman and Fan, Sample
    quantiles in statistical packages, The American Statistician 50(4), 1996,
    pages 361-365.

    Examples
    --------
    >>> quantiles(np.array([3.0, 1.0, 2.0, 4.0]), (0.5,)).tolist()
    [2.5]
    """
    ordered = np.sort(values, axis=-1)
    places = np.asarray(levels) * (values.shape[-1] - 1)
    below = np.floor(places).astype(np.int64)
    above = np.minimum(below + 1, values.shape[-1] - 1)
    share = places - below
    return np.asarray(ordered[..., below] * (1 - share) + ordered[..., above] * share)
