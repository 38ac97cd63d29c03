"""Inverse distribution functions in closed form, for whole arrays at once.

Closed forms keep every draw a smooth function of its uniform number, which is
what Sobol points need, and let the page do the same sums in the browser.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from statedfigures.errors import AssumptionError
from statedfigures.sources.records import Assumption

Array = NDArray[np.float64]
Number = float | Array
OUTER_LEVEL = 0.95
TINY = float(np.finfo(np.float64).eps)


def standard_normal(uniform: Number) -> Array:
    """Give the standard normal value below which a share `uniform` lies.

    Parameters
    ----------
    uniform
        Numbers from 0 to 1; the ends are taken as the nearest number inside.

    Returns
    -------
    ndarray
        Same shape, dimensionless, finite.
    """
    return np.asarray(ndtri(np.clip(uniform, TINY, 1 - TINY)))


def triangular(uniform: Number, low: Number, mode: Number, high: Number) -> Array:
    """Give values of a triangular distribution.

    Parameters
    ----------
    uniform
        Numbers from 0 to 1.
    low, mode, high
        Ends and most likely value, in order, in one unit.

    Returns
    -------
    ndarray
        Values between `low` and `high`, in the same unit.

    Notes
    -----
    With c = (mode - low) / (high - low): low + sqrt(u (high - low)(mode - low))
    for u <= c, else high - sqrt((1 - u)(high - low)(high - mode)). Source:
    Evans, Hastings and Peacock, Statistical Distributions, 3rd edition, 2000.

    Examples
    --------
    >>> float(triangular(0.5, 0.0, 1.0, 2.0))
    1.0
    """
    width = np.asarray(high, dtype=np.float64) - low
    rising = low + np.sqrt(uniform * width * (np.asarray(mode) - low))
    falling = high - np.sqrt((1 - np.asarray(uniform)) * width * (np.asarray(high) - mode))
    return np.where(uniform * width <= np.asarray(mode) - low, rising, falling)


def uniform_between(uniform: Number, low: Number, high: Number) -> Array:
    """Give values of a uniform distribution: low + u (high - low).

    Examples
    --------
    >>> float(uniform_between(0.25, 10.0, 14.0))
    11.0
    """
    return np.asarray(low + uniform * (np.asarray(high) - low))


def two_piece_lognormal(uniform: Number, low: float, central: float, high: float) -> Array:
    """Give values of a log-normal distribution with a spread for each side.

    Parameters
    ----------
    uniform
        Numbers from 0 to 1.
    low, central, high
        The 5%, 50% and 95% quantiles, above zero and in order, in one unit.

    Returns
    -------
    ndarray
        Values above zero, in the same unit.

    Notes
    -----
    ``central * exp(s z)`` with z standard normal and s = ln(central / low) / z95
    below the median, ln(high / central) / z95 above it. With both sides equal
    it is the ordinary log-normal. Source: the split normal distribution of
    Wallis, The two-piece normal, binormal, or double Gaussian distribution,
    Statistical Science 29(1), 2014, pages 106-112, here with equal halves.

    Examples
    --------
    >>> round(float(two_piece_lognormal(0.95, 0.5, 1.0, 2.0)), 9)
    2.0
    """
    normal = standard_normal(uniform)
    outer = standard_normal(OUTER_LEVEL)
    spread = np.where(normal < 0, np.log(central / low), np.log(high / central)) / outer
    return np.asarray(central * np.exp(spread * normal))


def truncated_exponential(uniform: Number, floor: Number, mean: Number, cap: Number) -> Array:
    """Give values that decay exponentially above a floor and end at a cap.

    Parameters
    ----------
    uniform
        Numbers from 0 to 1.
    floor
        Smallest value.
    mean
        Mean excess over the floor that there would be without a cap, above 0.
    cap
        Largest value, above the floor.

    Returns
    -------
    ndarray
        Values between floor and cap.

    Notes
    -----
    ``floor - mean ln(1 - u (1 - exp(-(cap - floor) / mean)))``. Source: Evans,
    Hastings and Peacock, Statistical Distributions, 3rd edition, 2000 (the
    exponential distribution, cut at the cap and scaled to a total of 1).

    Examples
    --------
    >>> float(truncated_exponential(1.0, 1000.0, 100.0, 1152.0))
    1152.0
    """
    inside = -np.expm1(-(np.asarray(cap) - floor) / mean)
    # A cap that is far off leaves no chance beyond it that a number could show.
    below = np.minimum(uniform * inside, 1 - TINY)
    return np.asarray(floor - mean * np.log1p(-below))


def assumed_values(assumption: Assumption, uniform: Number) -> Array:
    """Give values of an assumption at uniform numbers.

    Parameters
    ----------
    assumption
        The row; ``low``, ``central`` and ``high`` are ends and mode of a
        triangular, ends of a uniform, 5%, 50% and 95% quantiles of a
        log-normal distribution.
    uniform
        Numbers from 0 to 1.

    Returns
    -------
    ndarray
        Values in the unit of the assumption, inside its allowed range.

    Raises
    ------
    AssumptionError
        If the distribution is unknown, or a log-normal one reaches zero.
    """
    low, central, high = assumption.low, assumption.central, assumption.high
    match assumption.distribution:
        case "fixed":
            values = np.full_like(np.asarray(uniform, dtype=np.float64), central)
        case "triangular":
            values = triangular(uniform, low, central, high)
        case "uniform":
            values = uniform_between(uniform, low, high)
        case "lognormal" if low > 0:
            values = two_piece_lognormal(uniform, low, central, high)
        case "lognormal":
            raise AssumptionError(
                f"assumptions.csv, row {assumption.row}: {assumption.id} is log-normal from "
                f"{low:g}; give a low above zero or another distribution"
            )
        case unknown:
            raise AssumptionError(
                f"assumptions.csv, row {assumption.row}: {assumption.id} has the distribution "
                f"{unknown!r}; use triangular, uniform, lognormal or fixed"
            )
    return np.clip(values, assumption.allowed_min, assumption.allowed_max)
