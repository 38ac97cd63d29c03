"""Spreads of stated numbers: one function for each hedge.

Each takes what was stated, the width that the register gives its rule, and
uniform numbers, and gives values in the unit of the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from statedfigures.analysis.annualisation import count_to_date, full_year
from statedfigures.analysis.distributions import (
    TINY,
    Array,
    Number,
    triangular,
    truncated_exponential,
    uniform_between,
)
from statedfigures.analysis.intervals import PER_HUNDRED
from statedfigures.analysis.rules import BOUND, ROUNDING

HUNDRED = float(PER_HUNDRED)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the rules read of a figure: value, rounding step, floor and cap."""

    value: float
    rounded_to: float
    floor: float
    cap: float
    elapsed: Number = 1.0


def rounded(stated: Stated, width: Number, uniform: Number) -> Array:  # noqa: ARG001
    """Spread evenly over half the last digit on both sides.

    Parameters
    ----------
    stated
        The figure, in its unit.
    width
        Value of the assumption of this rule; not read here.
    uniform
        Numbers from 0 to 1.

    Returns
    -------
    ndarray
        Values in the unit of the figure.
    """
    half = stated.rounded_to / 2
    return uniform_between(uniform, max(stated.value - half, 0), stated.value + half)


def revised(stated: Stated, width: Number, uniform: Number) -> Array:
    """Spread an exact count by its usual revision, `width` percent on both sides."""
    return _triangular_around(stated.value, stated.value * width / HUNDRED, uniform)


def about(stated: Stated, width: Number, uniform: Number) -> Array:
    """Spread a rounded number by `width` times its rounding step on both sides."""
    return _triangular_around(stated.value, stated.rounded_to * width, uniform)


def more_than(stated: Stated, width: Number, uniform: Number) -> Array:
    """Decay above the floor, with a mean excess of `width` percent, up to the cap."""
    mean = stated.value * np.maximum(width, TINY) / HUNDRED
    return truncated_exponential(uniform, stated.floor, mean, stated.cap)


def less_than(stated: Stated, width: Number, uniform: Number) -> Array:  # noqa: ARG001
    """Spread evenly between nothing and the bound: the words say no more."""
    return uniform_between(uniform, 0.0, stated.value)


def almost(stated: Stated, width: Number, uniform: Number) -> Array:
    """Rise from the share `width` of the number to the number itself."""
    return triangular(uniform, stated.value * np.asarray(width), stated.value, stated.value)


def may_exceed(stated: Stated, width: Number, uniform: Number) -> Array:
    """Spread an expectation by `width` percent on both sides: it is no floor."""
    return _triangular_around(stated.value, stated.value * width / HUNDRED, uniform)


def expected(stated: Stated, width: Number, uniform: Number) -> Array:
    """Spread an expectation by `width` percent on both sides."""
    return _triangular_around(stated.value, stated.value * width / HUNDRED, uniform)


def projected(stated: Stated, width: Number, uniform: Number) -> Array:
    """Take a projected year back to its part and annualise it with a spread of `width`."""
    to_date = count_to_date(stated.value, stated.elapsed)
    return full_year(to_date, stated.elapsed, width, uniform)


def about_multiple(value: Number, half_width: Number, uniform: Number) -> Array:
    """Spread a fraction in words, such as two thirds, by a share of itself.

    Parameters
    ----------
    value
        The stated fraction or multiple.
    half_width
        Half-width as a fraction of the value.
    uniform
        Numbers from 0 to 1.

    Returns
    -------
    ndarray
        Values in the unit of `value`.

    Examples
    --------
    >>> about_multiple(0.5, 0.1, np.array([0.0, 0.5, 1.0])).round(12).tolist()
    [0.45, 0.5, 0.55]
    """
    return _triangular_around(value, np.asarray(value) * half_width, uniform)


def _triangular_around(value: Number, half: Number, uniform: Number) -> Array:
    return triangular(uniform, value - np.asarray(half), value, value + np.asarray(half))


SPREADS: Mapping[str, Callable[[Stated, Number, Number], Array]] = {
    ROUNDING: rounded,
    "hedge_revision": revised,
    "hedge_about": about,
    "hedge_more_than": more_than,
    BOUND: less_than,
    "claim_almost": almost,
    "hedge_may_exceed": may_exceed,
    "hedge_expected": expected,
    "annualisation_remaining_rate": projected,
}
