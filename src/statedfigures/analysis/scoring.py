"""Scores of quantile projections against what came later, on the log scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from statedfigures.errors import ParameterError


def weighted_interval_score(quantiles: Mapping[float, float], outturn: float) -> float:
    """Score one projection, given as quantiles, against its outturn.

    Parameters
    ----------
    quantiles
        Quantile level to value: the median, and pairs of levels that add up
        to 1. Pass logarithms to score on the log scale.
    outturn
        What came, on the same scale.

    Returns
    -------
    float
        0 for certainty that was right; lower is better; on the scale of the
        values.

    Raises
    ------
    ParameterError
        If the median or the partner of a level is missing.

    Notes
    -----
    With K pairs: ``(|y - m| / 2 + sum of a/2 * IS_a) / (K + 1/2)``, where
    ``IS_a = u - l + 2/a (l - y)+ + 2/a (y - u)+`` for the central interval that
    leaves a share a outside. It equals twice the mean pinball loss. Source:
    Bracher, Ray, Gneiting and Reich, Evaluating epidemic forecasts in an
    interval format, PLoS Computational Biology 17(2), 2021, e1008618,
    equations 1 and 2.

    Examples
    --------
    >>> weighted_interval_score({0.25: 8.0, 0.5: 10.0, 0.75: 12.0}, 10.0)
    0.6666666666666666
    """
    levels = sorted(quantiles)
    middle = len(levels) // 2
    pairs = [(low, 1 - low) for low in levels[:middle]]
    if len(levels) % 2 == 0 or any(
        abs(high - levels[-place]) > np.finfo(np.float64).eps
        for place, (_, high) in enumerate(pairs, start=1)
    ):
        raise ParameterError(
            f"the levels {', '.join(map(str, levels))} are not the median and pairs around it; "
            "give levels that add up to one in pairs"
        )
    total = abs(outturn - quantiles[levels[middle]]) / 2
    for place, (low, _) in enumerate(pairs, start=1):
        lower, upper = quantiles[low], quantiles[levels[-place]]
        outside = 2 * low
        missed = max(lower - outturn, 0.0) + max(outturn - upper, 0.0)
        total += outside / 2 * (upper - lower) + missed
    return total / (len(pairs) + 1 / 2)


def log_score(quantiles: Mapping[float, float], outturn: float) -> float:
    """Score a projection of a positive quantity on the log scale.

    Parameters
    ----------
    quantiles
        Quantile level to value, above zero.
    outturn
        What came, above zero.

    Returns
    -------
    float
        Weighted interval score of the logarithms: about the relative error.

    Notes
    -----
    Bosse and others, Scoring epidemiological forecasts on transformed scales,
    PLoS Computational Biology 19(8), 2023, e1011393.
    """
    logs = {level: float(np.log(value)) for level, value in quantiles.items()}
    return weighted_interval_score(logs, float(np.log(outturn)))
