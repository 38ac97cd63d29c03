"""Changes and directions in words, from intervals and probabilities.

The words are those of official statistics. Which change counts as little and
which probability as likely are assumptions, so they are arguments here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from statedfigures.analysis.records import Interval
from statedfigures.display.format import rounded_text
from statedfigures.display.words import Provenance, Quantity

# Ratios that have a name, and what people call a change to them.
_DOWN = {
    Fraction(1, 10): "down nine tenths",
    Fraction(1, 5): "down four fifths",
    Fraction(1, 4): "down three quarters",
    Fraction(1, 3): "down two thirds",
    Fraction(1, 2): "down by half",
    Fraction(2, 3): "down a third",
    Fraction(3, 4): "down a quarter",
    Fraction(4, 5): "down a fifth",
    Fraction(9, 10): "down a tenth",
}
_UP = {
    Fraction(11, 10): "up a tenth",
    Fraction(6, 5): "up a fifth",
    Fraction(5, 4): "up a quarter",
    Fraction(4, 3): "up a third",
    Fraction(3, 2): "up by half",
    Fraction(5, 3): "up two thirds",
    Fraction(7, 4): "up three quarters",
    Fraction(2): "doubled",
}
_TIMES = ("three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NEAR = Fraction(1, 40)
_WIDE = Fraction(11, 10)


class Direction(StrEnum):
    """Where a projection is heading, in the words of official statistics."""

    RISE = "are likely to rise"
    FALL = "are likely to fall"
    LITTLE_CHANGE = "are likely to show little change"
    CANNOT_TELL = "may rise or fall, and the figures cannot tell which"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as little change and as likely, with the assumptions that say so.

    ``little_change_percent`` is a percent of the base, ``likely`` a
    probability; ``inputs`` are references to both rows of the register.
    """

    little_change_percent: float
    likely: float
    inputs: tuple[str, ...]


def probability_above(quantiles: Mapping[float, float], threshold: float) -> float:
    """Read the probability of exceeding a threshold off a set of quantiles.

    Parameters
    ----------
    quantiles
        Quantile level to value; values do not fall as levels rise.
    threshold
        In the unit of the values.

    Returns
    -------
    float
        Linear between the levels given; outside them, the outermost
        probability that is certain: no more than what the quantiles show.

    Examples
    --------
    >>> probability_above({0.05: 90.0, 0.5: 100.0, 0.95: 120.0}, 110.0)
    0.275
    """
    levels = sorted(quantiles)
    if threshold < quantiles[levels[0]]:
        return 1 - levels[0]
    below = levels[0]
    for lower, upper in pairwise(levels):
        start, end = quantiles[lower], quantiles[upper]
        if threshold >= end:
            below = upper
        elif threshold >= start:
            return 1 - (lower + (upper - lower) * (threshold - start) / (end - start))
    return 1 - below


def direction(quantiles: Mapping[float, float], base: float, thresholds: Thresholds) -> Direction:
    """Say where a projection is heading from its base.

    Parameters
    ----------
    quantiles
        Quantile level to value in the target year.
    base
        Central value of the base, in the same unit.
    thresholds
        What counts as little change and as likely.

    Returns
    -------
    Direction
        A rise or a fall is beyond little change; where none of the three is
        likely, the direction cannot be told.
    """
    margin = base * thresholds.little_change_percent / 100
    rises = probability_above(quantiles, base + margin)
    falls = 1 - probability_above(quantiles, base - margin)
    if rises >= thresholds.likely:
        return Direction.RISE
    if falls >= thresholds.likely:
        return Direction.FALL
    if 1 - rises - falls >= thresholds.likely:
        return Direction.LITTLE_CHANGE
    return Direction.CANNOT_TELL


def change_in_words(
    interval: Interval, unit: str, inputs: Iterable[str], formula: str = "change in words"
) -> Quantity:
    """Put a change into words such as "up about two thirds" or "more than five times".

    Parameters
    ----------
    interval
        The change: in ``percent`` of the first value, or as a ``multiple`` of it.
    unit
        ``percent`` or ``multiple``.
    inputs
        References to the rows that the change was computed from.
    formula
        How it was computed, in words without digits.

    Returns
    -------
    Quantity
        A named fraction with "about" where the whole interval lies within a
        fortieth of it; with "more than" where it lies beyond the nearest
        smaller one; a range in percent where it is too wide for a name.

    Examples
    --------
    >>> rise = Interval(Fraction(68), Fraction(68))
    >>> str(change_in_words(rise, "percent", ["claim:distribution_almost_double"]))
    'up about two thirds'
    """
    ratio = _ratios(interval, unit)
    provenance = Provenance(tuple(inputs), formula)
    middle = None
    if interval.low is not None and interval.high is not None:
        middle = float((interval.low + interval.high) / 2)
    return Quantity(_words(ratio), middle, provenance)


def _ratios(interval: Interval, unit: str) -> Interval:
    """Give a change as the ratio of the second value to the first."""
    if unit == "multiple":
        return interval
    low, high = (None if end is None else 1 + end / 100 for end in (interval.low, interval.high))
    return Interval(low, high, interval.low_open, interval.high_open)


def _words(ratio: Interval) -> str:
    low, high = ratio.low, ratio.high
    if low is None and high is None:
        return "up or down by any amount"
    if high is None:
        assert low is not None  # noqa: S101 - one end is a number here
        return _beyond(low) if low >= 1 else "possibly up or down"
    if low is None or low <= 0:
        return _beyond(high) if high <= 1 else "possibly up or down"
    if high / low > _WIDE or low < 1 < high:
        return _range_in_words(low, high)
    named = _nearest_named(low, high)
    if named is not None:
        return named
    return _beyond(low) if low >= 1 else _beyond(high)


def _range_in_words(low: Fraction, high: Fraction) -> str:
    if low >= 1:
        return f"up {_percent(low - 1)} to {_percent(high - 1)}"
    if high <= 1:
        return f"down {_percent(1 - high)} to {_percent(1 - low)}"
    if max(high - 1, 1 - low) <= _NEAR:
        return "little changed"
    return f"between {_percent(1 - low)} down and {_percent(high - 1)} up"


def _percent(share: Fraction) -> str:
    return rounded_text(float(100 * share), "percent")


def _names() -> dict[Fraction, str]:
    """Every ratio with a name, including three to ten times."""
    times = {Fraction(place + 3): f"{word} times" for place, word in enumerate(_TIMES)}
    return {**_DOWN, Fraction(1): "little changed", **_UP, **times}


def _nearest_named(low: Fraction, high: Fraction) -> str | None:
    """Name the ratio that the whole interval lies within a fortieth of."""
    for ratio, name in _names().items():
        if ratio * (1 - _NEAR) <= low and high <= ratio * (1 + _NEAR):
            return name if ratio == 1 or low == high == ratio else _hedge(name, "about")
    return None


def _beyond(end: Fraction) -> str:
    """Name the nearest smaller change, going outwards from no change."""
    if end >= 1:
        passed = [ratio for ratio in _names() if 1 <= ratio <= end]
        largest = max(passed)
        name = _names()[largest]
        if largest == max(_names()) and end > largest * (1 + _NEAR):
            return f"more than {rounded_text(float(end), 'multiple')}"
        return "up by less than a tenth" if largest == 1 else _hedge(name, "more than")
    smallest = min(ratio for ratio in _names() if end <= ratio <= 1)
    return "down by less than a tenth" if smallest == 1 else _hedge(_names()[smallest], "more than")


def _hedge(name: str, hedge: str) -> str:
    """Set a hedge where English has it: up about a third, more than doubled."""
    if name == "doubled" or name.endswith(" times"):
        return f"{hedge} {name}"
    way, _, rest = name.partition(" ")
    return (
        f"{way} by {hedge} {rest.removeprefix('by ')}"
        if rest.startswith("by ")
        else (f"{way} {hedge} {rest}")
    )
