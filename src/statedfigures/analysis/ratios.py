"""Ratios, changes and shares of intervals, in exact arithmetic.

Percent is a number in a hundred: a change of one half is 50 percent.
"""

from __future__ import annotations

from fractions import Fraction

from statedfigures.analysis.intervals import PER_HUNDRED, ZERO, interval, scale, shift
from statedfigures.analysis.records import Interval
from statedfigures.errors import ParameterError


def divide(numerator: Interval, denominator: Interval) -> Interval:
    """Give all ratios of a value of one to a value of the other.

    Parameters
    ----------
    numerator
        Values of zero or more.
    denominator
        Values above zero.

    Returns
    -------
    Interval
        The ratios, with ends left out where no pair of values reaches them.

    Raises
    ------
    ParameterError
        If the numerator reaches below zero, or the denominator to zero.

    Notes
    -----
    ``[a, b] / [c, d] = [a/d, b/c]`` for ``a >= 0`` and ``c > 0`` (R. E. Moore,
    R. B. Kearfott and M. J. Cloud, Introduction to Interval Analysis, 2009,
    section 2.3). An unbounded denominator brings the low end down to zero.

    Examples
    --------
    >>> from statedfigures.analysis.intervals import point
    >>> divide(interval(Fraction(6), None), point(3)) == interval(Fraction(2), None)
    True
    """
    if numerator.low is None or numerator.low < 0:
        raise ParameterError(
            "a numerator that reaches below zero has no ratio here; give counts or shares"
        )
    if denominator.low is None or denominator.low <= 0:
        raise ParameterError(
            "a ratio needs a denominator above zero; this one reaches zero, so give a base "
            "that is bounded away from it"
        )
    if denominator.high is None:
        low, low_open = ZERO, True
    else:
        low, low_open = numerator.low / denominator.high, denominator.high_open
    # Zero over anything is zero, whatever the ends of the denominator are.
    low_open = numerator.low_open or (low_open and numerator.low != 0)
    if numerator.high is None:
        return interval(low, None, low_open=low_open)
    high_open = numerator.high_open or (denominator.low_open and numerator.high != 0)
    return interval(low, numerator.high / denominator.low, low_open=low_open, high_open=high_open)


def multiply(left: Interval, right: Interval) -> Interval:
    """Give all products of a value of one and a value of the other.

    Parameters
    ----------
    left, right
        Values of zero or more.

    Returns
    -------
    Interval
        From the product of the low ends to the product of the high ends.

    Raises
    ------
    ParameterError
        If either reaches below zero.

    Examples
    --------
    >>> from statedfigures.analysis.intervals import point
    >>> multiply(point(3), point(4)) == point(12)
    True
    """
    if left.low is None or right.low is None or left.low < 0 or right.low < 0:
        raise ParameterError("a product is taken of counts or shares, which are not below zero")
    low, high = left.low * right.low, None
    # Zero times anything is zero, so an included zero is reached whatever the other end is.
    reached = any(side.low == 0 and not side.low_open for side in (left, right))
    if left.high is not None and right.high is not None:
        high = left.high * right.high
    return interval(
        low,
        high,
        low_open=(left.low_open or right.low_open) and not reached,
        high_open=(left.high_open or right.high_open) and high != 0,
    )


def percent_change(before: Interval, after: Interval) -> Interval:
    """Give all changes from one to the other, in percent of the first.

    Examples
    --------
    >>> from statedfigures.analysis.intervals import point
    >>> percent_change(point(80), point(100)) == point(25)
    True
    """
    return scale(shift(divide(after, before), Fraction(-1)), PER_HUNDRED)


def percent_share(part: Interval, whole: Interval) -> Interval:
    """Give all shares of the first in the second, in percent.

    Examples
    --------
    >>> from statedfigures.analysis.intervals import point
    >>> percent_share(point(1), point(8)) == point(Fraction(25, 2))
    True
    """
    return scale(divide(part, whole), PER_HUNDRED)
