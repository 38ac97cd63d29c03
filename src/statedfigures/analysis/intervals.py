"""Exact arithmetic on intervals: all values that a stated number may stand for.

Fractions keep the arithmetic exact, so that a verdict never hangs on a
rounding error of the computer. Percent is a number in a hundred.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from statedfigures.errors import ParameterError

PER_HUNDRED = Fraction(100)
ZERO = Fraction(0)

# An end with its openness, infinite where there is none.
_End = tuple[Fraction | float, bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high`; None where there is no end on that side."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False


def exact_fraction(value: float | Fraction) -> Fraction:
    """Return a number as the fraction that its shortest decimal text stands for.

    Parameters
    ----------
    value
        A finite number, in any unit.

    Returns
    -------
    fractions.Fraction
        The same number; 0.1 becomes one tenth, not the binary number near it.

    Raises
    ------
    ParameterError
        If the value is not finite.

    Examples
    --------
    >>> exact_fraction(0.1)
    Fraction(1, 10)
    """
    if isinstance(value, Fraction):
        return value
    if not math.isfinite(value):
        raise ParameterError(f"{value} is not a finite number; write a decimal number")
    return Fraction(repr(float(value)))


def interval(
    low: Fraction | None,
    high: Fraction | None,
    *,
    low_open: bool = False,
    high_open: bool = False,
) -> Interval:
    """Return an interval, refusing an empty one.

    Parameters
    ----------
    low, high
        Ends in one unit; None where there is no end on that side.
    low_open, high_open
        Whether the end itself is left out. An absent end counts as open.

    Raises
    ------
    ParameterError
        If no number lies in it.

    Examples
    --------
    >>> interval(Fraction(1), None, low_open=True).high is None
    True
    """
    low_open, high_open = low_open or low is None, high_open or high is None
    if (
        low is not None
        and high is not None
        and (low > high or (low == high and (low_open or high_open)))
    ):
        raise ParameterError(
            f"the interval from {low} to {high} is empty; "
            "the low end must not lie above the high end"
        )
    return Interval(low, high, low_open, high_open)


def point(value: float | Fraction) -> Interval:
    """Return the interval that holds one value alone.

    Examples
    --------
    >>> point(736) == interval(Fraction(736), Fraction(736))
    True
    """
    exact = exact_fraction(value)
    return interval(exact, exact)


def around(value: Fraction, half_width: Fraction) -> Interval:
    """Return the interval of a half-width on both sides of a value.

    Both ends are included, because publishers round halves either way.

    Examples
    --------
    >>> around(Fraction(38), Fraction(1, 2)) == interval(Fraction(75, 2), Fraction(77, 2))
    True
    """
    return interval(value - half_width, value + half_width)


def ends(values: Interval | None, low: str = "low", high: str = "high") -> dict[str, float]:
    """Return both ends as floats by the names of their columns, NaN where there is none.

    Examples
    --------
    >>> ends(interval(Fraction(1, 2), None))
    {'low': 0.5, 'high': nan}
    """
    both = (None, None) if values is None else (values.low, values.high)
    floats = (math.nan if end is None else float(end) for end in both)
    return dict(zip((low, high), floats, strict=True))


def contains(whole: Interval, value: Fraction) -> bool:
    """Whether a value lies in an interval."""
    return is_within(point(value), whole)


def is_within(part: Interval, whole: Interval) -> bool:
    """Whether every value of one interval lies in the other."""
    (part_low, part_low_open), (part_high, part_high_open) = _low(part), _high(part)
    (low, low_open), (high, high_open) = _low(whole), _high(whole)
    low_fits = part_low > low or (part_low == low and (part_low_open or not low_open))
    high_fits = part_high < high or (part_high == high and (part_high_open or not high_open))
    return low_fits and high_fits


def lies_below(lower: Interval, upper: Interval) -> bool:
    """Whether every value of the first is smaller than every value of the second."""
    if lower.high is None or upper.low is None:
        return False
    return lower.high < upper.low or (
        lower.high == upper.low and (lower.high_open or upper.low_open)
    )


def overlaps(left: Interval, right: Interval) -> bool:
    """Whether some value lies in both intervals."""
    return not lies_below(left, right) and not lies_below(right, left)


def is_above_zero(values: Interval) -> bool:
    """Whether the values are bounded away from zero on its upper side."""
    return values.low is not None and values.low > 0


def hull(first: Interval, *others: Interval) -> Interval:
    """Return the smallest interval that holds all of several.

    Examples
    --------
    >>> hull(point(3), point(1)) == interval(Fraction(1), Fraction(3))
    True
    """
    every = (first, *others)
    return _between(min(map(_low, every)), max(map(_high, every), key=_reach))


def shift(values: Interval, by: Fraction) -> Interval:
    """Return the interval with a number added to every value."""
    return add(values, point(by))


def scale(values: Interval, factor: Fraction) -> Interval:
    """Return the interval with every value multiplied; a factor below zero swaps the ends."""
    return multiply(values, point(factor))


def add(left: Interval, right: Interval) -> Interval:
    """Return all sums of a value of one and a value of the other."""
    return Interval(
        None if left.low is None or right.low is None else left.low + right.low,
        None if left.high is None or right.high is None else left.high + right.high,
        left.low_open or right.low_open,
        left.high_open or right.high_open,
    )


def subtract(left: Interval, right: Interval) -> Interval:
    """Return all differences of a value of one less a value of the other.

    Examples
    --------
    >>> subtract(point(5), interval(Fraction(1), None, low_open=True)).high
    Fraction(4, 1)
    """
    return add(left, scale(right, Fraction(-1)))


def multiply(left: Interval, right: Interval) -> Interval:
    """Return all products of a value of one and a value of the other.

    Notes
    -----
    The least and the greatest of the four products of ends (R. E. Moore,
    R. B. Kearfott and M. J. Cloud, Introduction to Interval Analysis, 2009,
    section 2.3), reached where both ends are, or where one is a zero.

    Examples
    --------
    >>> multiply(point(3), interval(Fraction(-1), Fraction(2))) == interval(
    ...     Fraction(-3), Fraction(6))
    True
    """
    corners = [
        _product(first, second)
        for first in (_low(left), _high(left))
        for second in (_low(right), _high(right))
    ]
    return _between(min(corners), max(corners, key=_reach))


def divide(numerator: Interval, denominator: Interval) -> Interval:
    """Return all ratios of a value of one to a value of the other.

    Parameters
    ----------
    numerator
        Any values.
    denominator
        Values above zero, bounded away from it.

    Returns
    -------
    Interval
        The ratios, with ends left out where no pair of values reaches them.

    Raises
    ------
    ParameterError
        If the denominator reaches zero.

    Examples
    --------
    >>> divide(interval(Fraction(6), None), point(3)) == interval(Fraction(2), None)
    True
    """
    if not is_above_zero(denominator):
        raise ParameterError(
            "a ratio needs a denominator above zero; this one reaches zero, so take a base "
            "that is bounded away from it"
        )
    return multiply(numerator, reciprocal(denominator))


def reciprocal(values: Interval) -> Interval:
    """Return one over each of several values, which lie above zero."""
    return Interval(
        ZERO if values.high is None else 1 / values.high,
        1 / values.low if values.low else None,
        values.high_open,
        values.low_open,
    )


def percent_change(before: Interval, after: Interval) -> Interval:
    """Return all changes from one to the other, in percent of the first.

    Examples
    --------
    >>> percent_change(point(80), point(100)) == point(25)
    True
    """
    return scale(shift(divide(after, before), Fraction(-1)), PER_HUNDRED)


def percent_share(part: Interval, whole: Interval) -> Interval:
    """Return all shares of the first in the second, in percent.

    Examples
    --------
    >>> percent_share(point(1), point(8)) == point(Fraction(25, 2))
    True
    """
    return scale(divide(part, whole), PER_HUNDRED)


def _low(values: Interval) -> _End:
    return (-math.inf, True) if values.low is None else (values.low, values.low_open)


def _high(values: Interval) -> _End:
    return (math.inf, True) if values.high is None else (values.high, values.high_open)


def _reach(end: _End) -> tuple[Fraction | float, bool]:
    """Return a key by which a closed end reaches further up than an open one."""
    return end[0], not end[1]


def _product(first: _End, second: _End) -> _End:
    (left, left_open), (right, right_open) = first, second
    # Zero times anything is zero, also where the other side has no end.
    if left == 0 or right == 0:
        reached = (left == 0 and not left_open) or (right == 0 and not right_open)
        return ZERO, not reached
    return left * right, left_open or right_open


def _between(low: _End, high: _End) -> Interval:
    return Interval(
        low[0] if isinstance(low[0], Fraction) else None,
        high[0] if isinstance(high[0], Fraction) else None,
        low[1],
        high[1],
    )
