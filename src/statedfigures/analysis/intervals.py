"""Exact arithmetic on intervals: all values that a stated number may stand for.

Fractions keep the arithmetic exact, so that a verdict never hangs on a
rounding error of the computer. Percent is a number in a hundred.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from statedfigures.errors import ParameterError
from statedfigures.release.numerals import exact_fraction

ZERO = Fraction(0)
HUNDREDTH = Fraction(1, 100)

# An end with its openness.
_End = tuple[Fraction | float, bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high`, infinite where there is no end on that side.

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

    low: Fraction | float
    high: Fraction | float
    low_open: bool = False
    high_open: bool = False

    @property
    def is_above_zero(self) -> bool:
        """Whether the values are bounded away from zero on its upper side."""
        return self.low > 0

    def __add__(self, other: Interval | Fraction | int) -> Interval:
        """Return all sums."""
        pairs = zip(_ends(self), _ends(_as_interval(other)), strict=True)
        return _spanning([(left[0] + right[0], left[1] or right[1]) for left, right in pairs])

    def __neg__(self) -> Interval:
        """Return all values with the other sign."""
        return self * -1

    def __sub__(self, other: Interval | Fraction | int) -> Interval:
        """Return all differences."""
        return self + -_as_interval(other)

    def __mul__(self, other: Interval | Fraction | int) -> Interval:
        """Return all products."""
        ends = product(_ends(self), _ends(_as_interval(other)))
        return _spanning([_product(*pair) for pair in ends])

    def __truediv__(self, other: Interval | Fraction | int) -> Interval:
        """Return all ratios to a base that is bounded away from zero, above it.

        Raises
        ------
        ParameterError
            If the base reaches zero.
        """
        base = _as_interval(other)
        if not base.is_above_zero:
            raise ParameterError(
                "a ratio needs a denominator above zero; this one reaches zero, so take a base "
                "that is bounded away from it"
            )
        return self * reciprocal(base)

    def is_within(self, whole: Interval) -> bool:
        """Whether every value lies in another interval."""
        # An open end lies within a closed one at the same place.
        fits_low = (self.low, self.low_open) >= (whole.low, whole.low_open)
        return fits_low and (self.high, whole.high_open) <= (whole.high, self.high_open)

    def lies_below(self, upper: Interval) -> bool:
        """Whether every value is smaller than every value of another interval."""
        apart = self.high_open or upper.low_open
        return self.high < upper.low or (self.high == upper.low and apart)

    def overlaps(self, other: Interval) -> bool:
        """Whether some value lies in both intervals."""
        return not self.lies_below(other) and not other.lies_below(self)


def interval(
    low: Fraction | None, high: Fraction | None, *, low_open: bool = False, high_open: bool = False
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
    >>> math.isinf(interval(Fraction(1), None, low_open=True).high)
    True
    """
    lowest = -math.inf if low is None else low
    highest = math.inf if high is None else high
    low_open, high_open = low_open or low is None, high_open or high is None
    if lowest > highest or (lowest == highest and (low_open or high_open)):
        raise ParameterError(
            f"the interval from {low} to {high} is empty; "
            "the low end must not lie above the high end"
        )
    return Interval(lowest, highest, low_open, high_open)


def point(value: float | Fraction) -> Interval:
    """Return the interval that holds one value alone.

    Examples
    --------
    >>> point(736) == interval(Fraction(736), Fraction(736))
    True
    """
    exact = exact_fraction(value)
    return interval(exact, exact)


def ends(values: Interval | None, low: str = "low", high: str = "high") -> dict[str, float]:
    """Return both ends as floats by the names of their columns, NaN where there is none.

    Examples
    --------
    >>> ends(interval(Fraction(1, 2), None))
    {'low': 0.5, 'high': nan}
    """
    both = (math.nan, math.nan) if values is None else (values.low, values.high)
    floats = (math.nan if math.isinf(end) else float(end) for end in both)
    return dict(zip((low, high), floats, strict=True))


def spans(**named: Interval | None) -> dict[str, float]:
    """Return both ends of several intervals, in columns such as ``claimed_low``."""
    both = {name: ends(values) for name, values in named.items()}
    return {f"{name}_{end}": value for name, pair in both.items() for end, value in pair.items()}


def hull(first: Interval, *others: Interval) -> Interval:
    """Return the smallest interval that holds all of several.

    Examples
    --------
    >>> hull(point(3), point(1)) == interval(Fraction(1), Fraction(3))
    True
    """
    return _spanning([end for each in (first, *others) for end in _ends(each)])


def reciprocal(values: Interval) -> Interval:
    """Return one over each of several values, which lie above zero."""
    low = ZERO if math.isinf(values.high) else 1 / values.high
    high = 1 / values.low if values.low else math.inf
    return Interval(low, high, values.high_open, values.low_open)


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

    Examples
    --------
    >>> recompute("difference", point(1890), point(1645)) == point(-245)
    True
    """
    is_direction = kind == "direction" and (percentages or not before.is_above_zero)
    if kind in {"difference", "percentage_points"} or is_direction:
        return after - before
    if not before.is_above_zero:
        return None
    if kind == "multiple":
        return after / before
    return percent_share(after, before) if kind == "share" else percent_change(before, after)


def implied_base(kind: str, after: Interval, claimed: Interval) -> Interval | None:
    """Return the base that a claim and its later figure imply; for a share, the whole.

    Examples
    --------
    >>> implied_base("percent_change", point(150), point(50)) == point(100)
    True
    """
    if kind in {"difference", "percentage_points"}:
        return after - claimed
    factor = claimed if kind == "multiple" else claimed * HUNDREDTH
    factor = factor + 1 if kind == "percent_change" else factor
    has_base = kind in {"percent_change", "multiple", "share"} and factor.is_above_zero
    return after / factor if has_base else None


def _as_interval(value: Interval | Fraction | int) -> Interval:
    return value if isinstance(value, Interval) else point(value)


def _ends(values: Interval) -> tuple[_End, _End]:
    return (values.low, values.low_open), (values.high, values.high_open)


def _product(first: _End, second: _End) -> _End:
    (left, left_open), (right, right_open) = first, second
    # Zero times anything is zero, also where the other side has no end.
    if left == 0 or right == 0:
        reached = (left == 0 and not left_open) or (right == 0 and not right_open)
        return ZERO, not reached
    return left * right, left_open or right_open


def _spanning(ends: Sequence[_End]) -> Interval:
    """Return the smallest interval with all of several ends; a closed end reaches further."""
    (low, low_open), (high, high_open) = min(ends), max(ends, key=lambda end: (end[0], not end[1]))
    return Interval(low, high, low_open, high_open)
