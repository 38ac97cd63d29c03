"""Growth: what was observed, what lasts, what chance adds."""

from __future__ import annotations

import numpy as np

from statedfigures.analysis.distributions import Array, Number


def observed_growth(start: Number, base: Number, years: Number) -> Array:
    """Give the yearly growth between two levels.

    Parameters
    ----------
    start, base
        Earlier and later level, above zero, in one unit.
    years
        Years between them, above zero.

    Returns
    -------
    ndarray
        Log growth per year.

    Notes
    -----
    ``ln(base / start) / years``.

    Examples
    --------
    Doubling in one year and halving in one year are opposite growths.

    >>> float(observed_growth(100.0, 200.0, 1.0) + observed_growth(200.0, 100.0, 1.0))
    0.0
    """
    return np.asarray(np.log(np.asarray(base, dtype=np.float64) / start) / years)


def future_growth(observed: Number, level_shift_share: Number, change: Number) -> Array:
    """Give the yearly growth that goes on after the release.

    Parameters
    ----------
    observed
        Log growth per year up to the base.
    level_shift_share
        Share of it, 0 to 1, that was a one-off and does not go on.
    change
        Log growth per year that is added to what remains.

    Returns
    -------
    ndarray
        Log growth per year: ``(1 - share) * observed + change``.

    Examples
    --------
    >>> round(float(future_growth(0.2, 0.25, -0.05)), 12)
    0.1
    """
    return np.asarray((1 - np.asarray(level_shift_share)) * observed + change)


def shocks(volatility: Number, persistence: Number, normal: Array, steps: Array) -> Array:
    """Add up the chance part of growth, for each year on its own.

    Parameters
    ----------
    volatility
        Standard deviation of one year's log growth.
    persistence
        Share of its variance, 0 to 1, that lasts for all years; the rest is
        independent from year to year.
    normal
        Standard normal draws, shape (draws,).
    steps
        Years after the base, shape (steps, 1).

    Returns
    -------
    ndarray
        Log change since the base, shape (steps, draws).

    Notes
    -----
    After k years the shocks are ``sd * (sqrt(p) k z0 + sqrt(1 - p) (z1 + ...
    + zk))``: in every year the variance of growth is the same whatever p;
    added up, a persistent draw spreads with k and independent ones with the
    square root of k. The sum is normal with variance ``sd^2 (p k^2 + (1 - p)
    k)`` and is drawn as one number, so that two years of one draw are not
    the path between them.

    Examples
    --------
    >>> shocks(0.1, 1.0, np.array([1.0]), np.array([[1.0], [2.0]])).tolist()
    [[0.1], [0.2]]
    """
    variance = steps * (1 + np.asarray(persistence) * (steps - 1))
    return np.asarray(volatility * normal * np.sqrt(variance))


def count_noise(log_level: Number, variance_factor: Number, normal: Number) -> Array:
    """Add the chance of counting to a level, on the log scale.

    Parameters
    ----------
    log_level
        Natural logarithm of the expected count.
    variance_factor
        Variance of the count over its mean: 1 is a Poisson count, 0 none.
    normal
        Standard normal draws.

    Returns
    -------
    ndarray
        Natural logarithm of the count.

    Notes
    -----
    A log-normal count with median n and log variance ln(1 + factor / n) has,
    for large n, a variance of factor * n: moment matching as in Limpert,
    Stahel and Abbt, BioScience 51(5), 2001, page 343.

    Examples
    --------
    >>> float(count_noise(5.0, 0.0, 1.7))
    5.0
    """
    spread = np.sqrt(np.log1p(variance_factor * np.exp(-np.asarray(log_level))))
    return np.asarray(log_level + spread * normal)
