"""Forms of a path: how growth carries a base through the years.

Every form gives the logarithm of the path over its base. A fall is the mirror
image of a rise on that scale, so that no path reaches zero; a rise and a fall
of the same size cancel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statedfigures.analysis.distributions import TINY, Array, Number
from statedfigures.errors import AssumptionError


@dataclass(frozen=True, slots=True)
class Shape:
    """What the forms read besides growth: numbers, or arrays of shape (draws,).

    ``span_years`` is the number of years over which the growth was observed,
    ``damping`` the share of growth left after a year, ``ceiling`` the
    multiple of the base that a saturating path nears.
    """

    span_years: Number
    damping: Number
    ceiling: Number


def no_change(growth: Array, steps: Array, shape: Shape) -> Array:  # noqa: ARG001
    """Stay at the base: 0 whatever the growth.

    Parameters
    ----------
    growth
        Log growth per year, shape (draws,).
    steps
        Years after the base, shape (steps, 1).
    shape
        What other forms read.

    Returns
    -------
    ndarray
        Log of the path over its base, shape (steps, draws).
    """
    return np.zeros(np.broadcast_shapes(growth.shape, steps.shape))


def linear(growth: Array, steps: Array, shape: Shape) -> Array:
    """Rise by the same number each year as on average over the observed span.

    Parameters, Returns
        As for `no_change`.

    Notes
    -----
    With T the span: ``ln(1 + k (1 - exp(-g T)) / T)``, the straight line
    through the base and the level T years before it.

    Examples
    --------
    A rise by half over two years, from 100 to 150, goes on by 25 a year.

    >>> growth, shape = np.log([1.5]) / 2.0, Shape(2.0, 1.0, 2.0)
    >>> path = 150 * np.exp(linear(growth, np.array([[2.0]]), shape))
    >>> round(float(path[0, 0]), 6)
    200.0
    """
    size = np.abs(growth)
    slope = -np.expm1(-size * shape.span_years) / shape.span_years
    return np.asarray(np.sign(growth) * np.log1p(steps * slope))


def compound(growth: Array, steps: Array, shape: Shape) -> Array:  # noqa: ARG001
    """Grow by the same percentage each year: ``g k``.

    Parameters, Returns
        As for `no_change`.
    """
    return np.asarray(growth * steps)


def damped(growth: Array, steps: Array, shape: Shape) -> Array:
    """Grow by a share of the year before: ``g (d + d^2 + ... + d^k)``.

    Parameters, Returns
        As for `no_change`.

    Notes
    -----
    Gardner and McKenzie, Forecasting trends in time series, Management
    Science 31(10), 1985, pages 1237-1246, equation for the damped trend. The
    sum is d (1 - d^k) / (1 - d), and k where d is 1.

    Examples
    --------
    >>> shape = Shape(1.0, 0.5, 2.0)
    >>> damped(np.array([0.4]), np.array([[1.0], [2.0]]), shape).round(9).tolist()
    [[0.2], [0.3]]
    """
    damping = np.minimum(shape.damping, 1 - TINY)
    left = -np.expm1(steps * np.log(damping))
    return np.asarray(growth * damping * left / (1 - damping))


def saturating(growth: Array, steps: Array, shape: Shape) -> Array:
    """Grow along a logistic curve towards a ceiling.

    Parameters, Returns
        As for `no_change`.

    Notes
    -----
    With C the ceiling over the base: ``ln(C / (1 + (C - 1) exp(-r k)))`` and
    ``r = g C / (C - 1)``, so that growth starts at g. Source: Verhulst's
    logistic equation in Murray, Mathematical Biology I, 3rd edition, 2002,
    section 1.1, equation 1.3.

    Examples
    --------
    >>> path = saturating(np.array([0.3]), np.array([[1000.0]]), Shape(1.0, 1.0, 3.0))
    >>> float(np.exp(path)[0, 0].round(9))
    3.0
    """
    ceiling = np.maximum(shape.ceiling, 1 + TINY)
    rate = np.abs(growth) * ceiling / (ceiling - 1)
    path = np.log(ceiling) - np.log1p((ceiling - 1) * np.exp(-rate * steps))
    return np.asarray(np.sign(growth) * path)


FORMS: Mapping[str, Callable[[Array, Array, Shape], Array]] = {
    "no_change": no_change,
    "linear": linear,
    "compound": compound,
    "damped": damped,
    "saturating": saturating,
}


def normalised_weights(weights: Sequence[float]) -> Array:
    """Scale weights so that they add up to 1.

    Raises
    ------
    AssumptionError
        If none is above zero, or one is below.

    Examples
    --------
    >>> normalised_weights([1.0, 3.0]).tolist()
    [0.25, 0.75]
    """
    array = np.asarray(weights, dtype=np.float64)
    if array.min() < 0 or array.sum() <= 0:
        raise AssumptionError(
            "assumptions.csv: the form weights must be zero or more, and one above zero; "
            "change the rows whose rule begins with form_weight"
        )
    return np.asarray(array / array.sum())


def chosen_form(weights: Sequence[float], uniforms: Array) -> NDArray[np.int64]:
    """Choose a form for each draw, in proportion to the weights.

    Parameters
    ----------
    weights
        One for each form, 0 or more.
    uniforms
        Shape (forms, draws), from 0 to 1.

    Returns
    -------
    ndarray of int64
        Index of the form, shape (draws,).

    Notes
    -----
    A race of exponential clocks: form i rings at -ln(1 - u_i) / weight_i and
    the first to ring is chosen, which form i is with probability weight_i /
    total. So each form has a number of its own, and the share of variance
    that goes with it can be told. Source: Devroye, Non-Uniform Random Variate
    Generation, 1986, chapter on the exponential distribution.

    Examples
    --------
    >>> chosen_form([1.0, 0.0], np.array([[0.9], [0.1]])).tolist()
    [0]
    """
    shares = normalised_weights(weights)[:, np.newaxis]
    clocks = -np.log1p(-np.minimum(uniforms, 1 - TINY))
    rings = np.full(uniforms.shape, np.inf)
    np.divide(clocks, shares, out=rings, where=shares > 0)
    return np.asarray(np.argmin(rings, axis=0))
