"""Exact arithmetic on intervals: all values that a stated number may stand for.

Fractions keep the arithmetic exact, so that a verdict never hangs on a
rounding error of the computer. Percent is a number in a hundred.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from statedfigures.errors import ParameterError

ZERO = Fraction(0)
HUNDREDTH = Fraction(1, 100)

# An end with its openness, infinite where there is none.
_End = tuple[Fraction | float, bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high`; None where there is no end on that side.

    The arithmetic gives all results of a value of one and a value of the
    other, which may be an interval or a number: the least and the greatest
    over the pairs of ends (R. E. Moore, R. B. Kearfott and M. J. Cloud,
    Introduction to Interval Analysis, 2009, section 2.3). An end is left out
    where no pair of values reaches it.

    Examples
    --------
    >>> point(3) * interval(Fraction(-1), Fraction(2)) == interval(Fraction(-3), Fraction(6))
    True
    >>> (interval(Fraction(6), None) / point(3) - 1).low
    Fraction(1, 1)
    """

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    def __add__(self, other: Interval | Fraction | int) -> Interval:
        """Return all sums."""
        right = _as_interval(other)
        return Interval(
            None if self.low is None or right.low is None else self.low + right.low,
            None if self.high is None or right.high is None else self.high + right.high,
            self.low_open or right.low_open,
            self.high_open or right.high_open,
        )

    def __neg__(self) -> Interval:
        """Return all values with the other sign."""
        return self * -1

    def __sub__(self, other: Interval | Fraction | int) -> Interval:
        """Return all differences."""
        return self + -_as_interval(other)

    def __mul__(self, other: Interval | Fraction | int) -> Interval:
        """Return all products."""
        right = _as_interval(other)
        corners = [
            _product(first, second)
            for first in (_low(self), _high(self))
            for second in (_low(right), _high(right))
        ]
        return _between(min(corners), max(corners, key=_reach))

    def __truediv__(self, other: Interval | Fraction | int) -> Interval:
        """Return all ratios to a base that is bounded away from zero, above it.

        Raises
        ------
        ParameterError
            If the base reaches zero.
        """
        base = _as_interval(other)
        if not is_above_zero(base):
            raise ParameterError(
                "a ratio needs a denominator above zero; this one reaches zero, so take a base "
                "that is bounded away from it"
            )
        return self * reciprocal(base)


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
    return (after / before - 1) * 100


def percent_share(part: Interval, whole: Interval) -> Interval:
    """Return all shares of the first in the second, in percent.

    Examples
    --------
    >>> percent_share(point(1), point(8)) == point(Fraction(25, 2))
    True
    """
    return part / whole * 100


def recompute(
    kind: str, before: Interval, after: Interval, *, percentages: bool = False
) -> Interval | None:
    """Return all values of a comparison, or None where a base may be zero or below.

    Parameters
    ----------
    kind
        Kind of claim: percent_change, multiple, difference, percentage_points,
        share, or direction, which is a difference of percentages and a percent
        change of anything else that is above zero.
    before, after
        The figure compared with (for a share the whole), and the figure.
    percentages
        Whether both figures are percentages.

    Raises
    ------
    ParameterError
        If the kind is not recomputed from two figures.

    Examples
    --------
    >>> recompute("difference", point(1890), point(1645)) == point(-245)
    True
    """
    ratio = {
        "percent_change": lambda: percent_change(before, after),
        "direction": lambda: percent_change(before, after),
        "multiple": lambda: after / before,
        "share": lambda: percent_share(after, before),
    }.get(kind)
    is_difference = kind in {"difference", "percentage_points"}
    if is_difference or (kind == "direction" and (percentages or not is_above_zero(before))):
        return after - before
    if ratio is None:
        raise ParameterError(
            f"a claim of kind {kind!r} is not recomputed from two figures; use percent_change, "
            "multiple, difference, percentage_points, share or direction"
        )
    return ratio() if is_above_zero(before) else None


def implied_base(kind: str, after: Interval, claimed: Interval) -> Interval | None:
    """Return the base that a claim and its later figure imply; for a share, the whole.

    Examples
    --------
    >>> implied_base("percent_change", point(150), point(50)) == point(100)
    True
    """
    if kind in {"difference", "percentage_points"}:
        return after - claimed
    factor = {
        "percent_change": claimed * HUNDREDTH + 1,
        "multiple": claimed,
        "share": claimed * HUNDREDTH,
    }.get(kind, point(0))
    return after / factor if is_above_zero(factor) else None


def _as_interval(value: Interval | Fraction | int) -> Interval:
    return value if isinstance(value, Interval) else point(value)


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
