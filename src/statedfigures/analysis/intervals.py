"""Exact arithmetic on intervals: all values that a stated number may stand for.

Counts and shares are never below zero, and every function here relies on it.
Fractions keep the arithmetic exact, so that a verdict never hangs on a
rounding error of the computer.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from statedfigures.analysis.records import Interval
from statedfigures.errors import ParameterError

PER_HUNDRED = Fraction(100)
ZERO = Fraction(0)


def exact_fraction(value: Decimal | float) -> Fraction:
    """Give a number as the fraction that its shortest decimal text stands for.

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
    try:
        return Fraction(str(value))
    except ValueError:
        raise ParameterError(f"{value} is not a finite number; give a decimal number") from None


def interval(
    low: Fraction | None,
    high: Fraction | None,
    *,
    low_open: bool = False,
    high_open: bool = False,
) -> Interval:
    """Make an interval and refuse an empty one.

    Parameters
    ----------
    low, high
        Ends in one unit; None where there is no end on that side.
    low_open, high_open
        Whether the end itself is left out. An absent end counts as open.

    Returns
    -------
    Interval
        The interval; at least one number lies in it.

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


def point(value: Decimal | float | Fraction) -> Interval:
    """Give the interval that holds one value alone.

    Examples
    --------
    >>> point(736) == interval(Fraction(736), Fraction(736))
    True
    """
    exact = value if isinstance(value, Fraction) else exact_fraction(value)
    return interval(exact, exact)


def around(value: Fraction, half_width: Fraction) -> Interval:
    """Give the interval of a half-width on both sides, cut at zero.

    Both ends are included, because publishers round halves either way.

    Examples
    --------
    >>> around(Fraction(38), Fraction(1, 2)) == interval(Fraction(75, 2), Fraction(77, 2))
    True
    """
    return interval(max(ZERO, value - half_width), value + half_width)


def contains(whole: Interval, value: Fraction) -> bool:
    """Say whether a value lies in an interval."""
    return is_within(point(value), whole)


def is_within(part: Interval, whole: Interval) -> bool:
    """Say whether every value of one interval lies in the other."""
    low_fits = whole.low is None or (
        part.low is not None
        and (
            part.low > whole.low
            or (part.low == whole.low and (part.low_open or not whole.low_open))
        )
    )
    high_fits = whole.high is None or (
        part.high is not None
        and (
            part.high < whole.high
            or (part.high == whole.high and (part.high_open or not whole.high_open))
        )
    )
    return low_fits and high_fits


def lies_below(lower: Interval, upper: Interval) -> bool:
    """Say whether every value of the first is smaller than every value of the second."""
    if lower.high is None or upper.low is None:
        return False
    return lower.high < upper.low or (
        lower.high == upper.low and (lower.high_open or upper.low_open)
    )


def overlaps(left: Interval, right: Interval) -> bool:
    """Say whether some value lies in both intervals."""
    return not lies_below(left, right) and not lies_below(right, left)


def scale(values: Interval, factor: Fraction) -> Interval:
    """Multiply by a factor above zero.

    Raises
    ------
    ParameterError
        If the factor is zero or below: the ends would change places.
    """
    if factor <= 0:
        raise ParameterError(f"an interval is scaled by a factor above zero, not by {factor}")
    return Interval(
        None if values.low is None else values.low * factor,
        None if values.high is None else values.high * factor,
        values.low_open,
        values.high_open,
    )


def shift(values: Interval, by: Fraction) -> Interval:
    """Add a number to every value."""
    return Interval(
        None if values.low is None else values.low + by,
        None if values.high is None else values.high + by,
        values.low_open,
        values.high_open,
    )


def add(left: Interval, right: Interval) -> Interval:
    """Give all sums of a value of one and a value of the other."""
    return Interval(
        None if left.low is None or right.low is None else left.low + right.low,
        None if left.high is None or right.high is None else left.high + right.high,
        left.low_open or right.low_open,
        left.high_open or right.high_open,
    )
