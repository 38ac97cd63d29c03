"""Intervals as text: a value, a range, or a bound on one side."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from statedfigures.analysis.records import Interval
from statedfigures.display.format import digits, rounded_text, significant, with_unit
from statedfigures.display.words import Provenance, Quantity

_TEN = 10
_MILLION = 10**6
_RANGE_FIGURES = 4
_PERCENT_FIGURES = 3


def interval_text(interval: Interval, unit: str) -> str:
    """Write an interval: one value, a range, or a bound on one side.

    Examples
    --------
    >>> interval_text(Interval(Fraction(109, 2), Fraction(111, 2)), "percent")
    '54.5% to 55.5%'
    >>> interval_text(Interval(Fraction(125, 24), None, low_open=True), "multiple")
    'more than 5.21 times'
    """
    low, high = interval.low, interval.high
    if low is None and high is None:
        return "any value"
    if low is None or high is None:
        bound = low if high is None else high
        assert bound is not None  # noqa: S101 - one of the two is a number here
        is_open = interval.low_open if high is None else interval.high_open
        side = (
            ("more than" if is_open else "at least")
            if high is None
            else ("less than" if is_open else "at most")
        )
        return f"{side} {_bound_text(bound, unit)}"
    if low == high:
        return _bound_text(low, unit)
    ends = (_bound_text(low, unit, _RANGE_FIGURES), _bound_text(high, unit, _RANGE_FIGURES))
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _bound_text(bound: Fraction, unit: str, figures: int | None = None) -> str:
    """Write an end of an interval; a whole number alone keeps its digits."""
    value = float(bound)
    if unit == "percent":
        # The ends of a rounding, such as 108.5%, are exact and kept; a quotient is rounded.
        exact = (bound * _TEN).denominator == 1
        return with_unit(digits(value if exact else significant(value, _PERCENT_FIGURES)), unit)
    if bound.denominator == 1 and abs(bound) < _MILLION:
        return with_unit(digits(value if figures is None else significant(value, figures)), unit)
    return rounded_text(value, unit)


def between(interval: Interval, unit: str, inputs: Iterable[str], formula: str) -> Quantity:
    """Give an interval as one quantity; its value is set where it is a single point."""
    point = interval.low if interval.low == interval.high else None
    return Quantity(
        interval_text(interval, unit),
        None if point is None else float(point),
        Provenance(tuple(inputs), formula),
    )
