"""Sobol indices: which input the variance of a result comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from statedfigures.analysis.distributions import Array


@dataclass(frozen=True, slots=True)
class VarianceShares:
    """Sobol indices with their standard errors, one of each for every input."""

    first_order: Array
    first_order_error: Array
    total: Array
    total_error: Array


def variance_shares(result_a: Array, result_b: Array, result_ab: Array) -> VarianceShares:
    """Estimate first-order and total Sobol indices.

    Parameters
    ----------
    result_a, result_b
        Results at two independent sets of points, shape (draws,).
    result_ab
        Results at the points of the first set with one input taken from the
        second, shape (inputs, draws).

    Returns
    -------
    VarianceShares
        Each of shape (inputs,), dimensionless. All are 0 where the results
        do not vary.

    Notes
    -----
    ``scipy.stats.sobol_indices``: with f centred, first order
    mean(f_B (f_AB - f_A)) / V and total mean((f_A - f_AB)^2) / 2V. Source:
    Saltelli and others, Variance based sensitivity analysis of model output,
    Computer Physics Communications 181(2), 2010, pages 259-270, table 2, (b)
    and (f). The standard errors take the draws as independent and propagate
    those of numerator and variance; with Sobol points they err on the safe
    side.
    """
    # Imported here because it takes a second, and only a sensitivity needs it.
    from scipy.stats import sobol_indices

    draws = result_a.size
    variance = float(np.var(np.concatenate([result_a, result_b])))
    if variance <= 0:
        none = np.zeros(len(result_ab))
        return VarianceShares(none, none, none, none)
    results = {
        "f_A": result_a[np.newaxis].copy(),
        "f_B": result_b[np.newaxis].copy(),
        "f_AB": result_ab[:, np.newaxis].copy(),
    }
    found = sobol_indices(func=results, n=draws)
    first, total = np.ravel(found.first_order), np.ravel(found.total_order)
    centre = (result_a.mean() + result_b.mean()) / 2
    a, b, ab = result_a - centre, result_b - centre, result_ab - centre
    squares = (a**2 + b**2) / 2
    first_parts = b * (ab - a) - first[:, np.newaxis] * squares
    total_parts = (a - ab) ** 2 / 2 - total[:, np.newaxis] * squares
    scale = variance * np.sqrt(draws)
    return VarianceShares(
        first, first_parts.std(axis=1) / scale, total, total_parts.std(axis=1) / scale
    )
