"""The words beside a number, as intervals for verdicts and as distributions for draws.

One table, `QUALIFIERS`, says for each word which values it allows and how they
are drawn. Where the width is a choice it is a row of the assumptions; the rest
is rounding. A word qualifies the size of a number: "more than" beside a fall
of four means a fall beyond four.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from statedfigures.analysis import intervals
from statedfigures.analysis.assumptions import Array, Number, distributed, required
from statedfigures.analysis.intervals import ZERO, Interval, interval, point
from statedfigures.release.numerals import SCALE_LETTERS, SCALES, exact_fraction, find_stated
from statedfigures.release.rules import QUALIFIER_SYMBOLS
from statedfigures.release.schema import Release, Row, cells_of

TINY = float(np.finfo(np.float64).eps)
# Units of ratios: an exact number in them was rounded, where an exact count was not.
SHARE_UNITS = frozenset({"percent", "fraction", "multiple", "percentage_points"})
# Units of so many in 1,000 people, and of millions: an exact number in them was rounded too.
_RATE = re.compile(rf"(?:^|_)per_(?:\d|head|person)|_(?:{'|'.join([*SCALES, *SCALE_LETTERS])})$")
LEVELS = np.array([0.05, 0.95])
_WORDING = tomllib.loads((files(__package__) / "wording.toml").read_text(encoding="utf-8"))
READINGS = "topic label qualifier low high low90 high90 alternative unit inputs"


def truncated_exponential(uniform: Number, floor: Number, mean: Number, cap: Number) -> Array:
    """Return values that decay exponentially above a floor and end at a cap.

    Parameters
    ----------
    uniform
        Numbers from 0 to 1.
    floor, cap
        Smallest and largest value.
    mean
        Mean excess over the floor that there would be without a cap, above 0.

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


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What a word beside a number means.

    Attributes
    ----------
    reach
        From size n, rounding step s and width w to the ends of the values;
        None where there is no end. Fractions for intervals, floats for draws.
    shape
        How they are drawn between the ends: uniform, or triangular with its peak at the size.
        Without an upper end they decay with a mean of w percent, down to the
        next number that a writer would have used.
    excludes
        Whether the number itself is left out.
    is_bound
        Whether the word names an end and says nothing about the level.
    """

    reach: Callable[[Any, Any, Any], tuple[Any, Any]]
    shape: str = "triangular"
    excludes: bool = False
    is_bound: bool = False

    def values(self, size: Fraction, step: Fraction, width: Fraction) -> Interval:
        """Return all values that the word allows."""
        low, high = self.reach(size, step, width)
        is_open = {end: self.excludes and end == size for end in (low, high)}
        return interval(low, high, low_open=is_open[low], high_open=is_open[high])

    def draws(self, size: float, step: float, width: Number, uniform: Number) -> Array:
        """Return values at uniform numbers."""
        low, high = self.reach(size, step, np.asarray(width))
        if high is None:
            mean = size * np.maximum(width, TINY) / 100
            return truncated_exponential(uniform, low, mean, size + step)
        return distributed(self.shape, uniform, low, size, high)


def _by_rounding(n: Any, s: Any, w: Any) -> tuple[Any, Any]:  # noqa: ARG001
    return n - s / 2, n + s / 2


def _by_percent(n: Any, s: Any, w: Any) -> tuple[Any, Any]:
    half = np.maximum(s / 2, n * w / 100)
    return n - half, n + half


QUALIFIERS: Mapping[str, Qualifier] = {
    "exact": Qualifier(_by_rounding, "uniform"),
    # The months that are missing are drawn with the rate of the rest of the year.
    "projected": Qualifier(_by_rounding, "uniform"),
    "about": Qualifier(lambda n, s, w: (n - w * s, n + w * s)),
    "more_than": Qualifier(lambda n, _s, _w: (n, None), excludes=True, is_bound=True),
    "at_least": Qualifier(lambda n, _s, _w: (n, None), is_bound=True),
    "less_than": Qualifier(lambda n, _s, _w: (n * 0, n), "uniform", excludes=True, is_bound=True),
    "up_to": Qualifier(lambda n, _s, _w: (n * 0, n), "uniform", is_bound=True),
    "almost": Qualifier(lambda n, _s, w: (w * n, n), excludes=True),
    "just_under": Qualifier(lambda n, _s, w: (n * (1 - w / 100), n), excludes=True),
    "just_over": Qualifier(lambda n, _s, w: (n, n * (1 + w / 100)), excludes=True),
    "may_exceed": Qualifier(_by_percent),
    "expected": Qualifier(_by_percent),
}
# Words that allow no more than rounding does, so that an overlap is explained by it.
ROUNDED = frozenset({"exact", "projected", "about", "just_under", "just_over"})
# "About two thirds", "doubled": a fraction or multiple in words, not read by rounding steps.
IN_WORDS = Qualifier(lambda n, s, w: _by_percent(n, s, 100 * w))
# "Just over 4%": of a small percentage, a width in percent is finer than its last digit.
_JUST_OF_PERCENT: Mapping[str, Qualifier] = {
    "just_under": Qualifier(lambda n, s, w: (_by_percent(n, s, w)[0], n), excludes=True),
    "just_over": Qualifier(lambda n, s, w: (n, _by_percent(n, s, w)[1]), excludes=True),
}


def wording(section: str) -> dict[str, str]:
    """Return the sentences of a section of ``wording.toml`` by their keys."""
    return _WORDING[section]


def step_of_digits(value: float) -> Fraction:
    """Return the step that a number's own digits show it rounded to.

    Trailing zeros of a whole number count as rounding, so this is for numbers
    whose rounding is not recorded.

    Examples
    --------
    >>> step_of_digits(43600000.0), step_of_digits(0.3)
    (Fraction(100000, 1), Fraction(1, 10))
    """
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return Fraction(10) ** (exponent if isinstance(exponent, int) else 0)


def size_and_step(row: Row) -> tuple[Fraction, Fraction]:
    """Return the size of the number of a figure or a claim, and its rounding step.

    A part in words, such as a third, is that part and not the decimal beside it.
    The step is nought for an exact count and for a number that is spelt out.
    An empty one is read off the digits; an exact whole number is then taken to
    its unit. Where the word is said of a fall to a part, the size is that of
    the fall: see `is_of_the_fall`.
    """
    (value, unit), step = _number(row), row["rounded_to"]
    size, is_exact = abs(exact_fraction(value)), row["qualifier"] == "exact"
    if pd.isna(step):
        step = min(step_of_digits(value), 1 if is_exact else math.inf)
    is_part = unit in {"fraction", "multiple"} or (unit == "percent" and _is_spelt_out(row))
    part = find_stated(row.get("as_stated", ""), value, unit, float(step)) if is_part else None
    if part is not None and part.unit == "fraction":
        size = part.value * (100 if unit == "percent" else 1)
    size = 1 - size if is_of_the_fall(row) else size
    is_rate = unit in SHARE_UNITS or _RATE.search(unit)
    is_count = is_exact and step == 1 and size.denominator == 1 and not is_rate
    is_spelt_out = rule_of(row) is IN_WORDS and _is_spelt_out(row)
    return size, ZERO if is_count or is_spelt_out else exact_fraction(step)


def rule_of(row: Row) -> Qualifier:
    """Return what the word beside the number of a figure or a claim means."""
    word, unit = row["qualifier"], _number(row)[1]
    is_in_words = _is_spelt_out(row) or (word == "about" and "stated_value" in row)
    if is_in_words and word in {"about", "exact"} and unit in {"fraction", "multiple"}:
        return IN_WORDS
    is_percentage = unit in {"percent", "percentage_points"}
    return (_JUST_OF_PERCENT if is_percentage else {}).get(word, QUALIFIERS[word])


def interval_of(figure: Row, assumptions: pd.DataFrame) -> Interval:
    """Return all values that a stated or published figure may stand for.

    Parameters
    ----------
    figure
        Row of ``figures.csv`` or ``published.csv``; its name is its id.
    assumptions
        Read for a qualifier whose width is a choice, at its central value.

    Returns
    -------
    Interval
        In the unit of the figure.

    Raises
    ------
    AssumptionError
        If no assumption sets the width.
    ParameterError
        If the values would be empty.

    Notes
    -----
    For size n and step s: exact n (count) or n ± s/2; projected n ± s/2; about
    n ± width·s; more than (n, ∞); at least [n, ∞); less than [0, n); up to
    [0, n]; almost [width·n, n); just under and just over to width percent of n,
    of a percentage at least to s/2;
    may exceed and expected n ± max(s/2, width·n/100). A range reaches from its
    value to its second value. Counts do not reach below zero.
    """
    row = width_row(figure, assumptions)
    width = ZERO if row is None else exact_fraction(row["central"])
    return _valued(figure, rule_of(figure), width)


def draw_value(figure: Row, width: Number, uniform: Number) -> Array:
    """Return draws of a stated figure.

    Parameters
    ----------
    figure
        Row of ``figures.csv`` or ``published.csv``.
    width
        Value of the assumption of its qualifier, in that assumption's unit;
        not read where the qualifier has no symbol.
    uniform
        Numbers from 0 to 1; a higher one gives a higher draw.

    Returns
    -------
    ndarray
        In the unit of the figure.

    Examples
    --------
    >>> figure = pd.Series(
    ...     {"value": 15000.0, "rounded_to": 1000.0, "qualifier": "about", "unit": "ships"})
    >>> draw_value(figure, 1.0, np.array([0.0, 0.5, 1.0])).tolist()
    [14000.0, 15000.0, 16000.0]
    """
    value = float(figure["value"])
    if is_range(figure):
        return distributed("uniform", uniform, value, value, float(figure["value_to"]))
    rule, (size, step) = rule_of(figure), map(float, size_and_step(figure))
    if value < 0:
        return -rule.draws(size, step, width, 1 - np.asarray(uniform))
    drawn = rule.draws(size, step, width, uniform)
    return drawn if _may_pass_zero(size, figure["unit"]) else np.maximum(drawn, 0.0)


def draw_claim(claim: Row, width: Number, uniform: Number) -> Array:
    """Return draws of the size of the change that a claim states."""
    size, step = (float(number) for number in size_and_step(claim))
    change = rule_of(claim).draws(size, step, width, uniform)
    return np.maximum(1 - change if is_of_the_fall(claim) else change, 0.0)


def width_symbol(row: Row) -> str:
    """Return the symbol of the assumption that a figure or a claim is drawn by, empty for none.

    A fraction or multiple in words, such as "about two thirds", is read by
    the row for fractions in words, not by rounding steps.
    """
    rule = rule_of(row)
    is_claim, has_none = "stated_value" in row, pd.isna(_number(row)[0]) or is_range(row)
    if has_none or (is_claim and rule.is_bound):
        return ""
    return "fraction_words" if rule is IN_WORDS else QUALIFIER_SYMBOLS.get(row["qualifier"], "")


def width_row(row: Row, assumptions: pd.DataFrame) -> Row | None:
    """Return the assumption of how far the values of a row reach, None for rounding or a bound."""
    symbol = "" if QUALIFIERS[row["qualifier"]].is_bound else width_symbol(row)
    return required(assumptions, symbol, str(row.name)) if symbol else None


def is_rounding(figure: Row) -> bool:
    """Whether a figure is uncertain by rounding alone."""
    return figure["qualifier"] in ROUNDED and not is_range(figure)


def join_inputs(*parts: str) -> str:
    """Return references joined in order, each once.

    Examples
    --------
    >>> join_inputs("figure:a assumption:b", "figure:c assumption:b")
    'figure:a assumption:b figure:c'
    """
    return " ".join(dict.fromkeys(" ".join(parts).split()))


def row_inputs(assumptions: pd.DataFrame, *rows: Row) -> str:
    """Return the references of claims and figures, and of the widths of the words beside them."""
    found = []
    for row in rows:
        kind = "published" if "period" in row else "claim" if "stated_value" in row else "figure"
        width = width_row(row, assumptions)
        found += [f"{kind}:{row.name}", "" if width is None else f"assumption:{width.name}"]
    return join_inputs(*found)


def figure_readings(release: Release) -> pd.DataFrame:
    """Return how each stated figure is read, as an interval and as a distribution.

    Parameters
    ----------
    release
        Its figures, series and assumptions are read.

    Returns
    -------
    DataFrame
        A row a figure, indexed by its id: topic, label, qualifier, low and
        high (NaN without an end), low90 and high90 (NaN for a bound that no
        series starts from), the other way to read the word, unit, inputs.
    """
    bases, others, rows = set(release.series["base_figure"]), wording("alternatives"), []
    for figure in cells_of(release.figures):
        inputs, width, drawn = f"figure:{figure.name}", 0.0, np.full(2, np.nan)
        if figure.name in bases or not QUALIFIERS[figure["qualifier"]].is_bound:
            if symbol := width_symbol(figure):
                assumed = required(release.assumptions, symbol, str(figure.name))
                inputs, width = f"{inputs} assumption:{assumed.name}", float(assumed["central"])
            drawn = draw_value(figure, width, LEVELS)
        row = {**figure, **intervals.ends(interval_of(figure, release.assumptions))}
        row |= dict(zip(("low90", "high90"), drawn, strict=True))
        rows.append(row | {"alternative": others[figure["qualifier"]], "inputs": inputs})
    return pd.DataFrame(rows, columns=READINGS.split(), index=release.figures.index)


# The unit that each kind of claim is recomputed in; the others keep that of their figures.
_OF_A_BASE = ("percent_change", "share", "cause")
_AS_IT_IS = {kind: kind for kind in ("multiple", "percentage_points")}
RESULT_UNITS: Mapping[str, str] = dict.fromkeys(_OF_A_BASE, "percent") | _AS_IT_IS
_CHANGES = frozenset({"percent_change", "difference", "percentage_points", "direction"})


def claimed_interval(
    claim: Row, assumptions: pd.DataFrame, end: str = "central", *, rounding_only: bool = False
) -> Interval | None:
    """Return all values that a claim's own number may stand for.

    Parameters
    ----------
    claim
        Row of ``claims.csv``; its name is its id.
    assumptions
        Read for a word whose width is a choice.
    end
        Which value of that assumption is taken: ``low``, ``central``, ``high``.
    rounding_only
        Whether the word is left out and the number read by its rounding alone.

    Returns
    -------
    Interval or None
        In percent for changes and shares, as a multiple, in percentage points
        or in the unit of the figures; below zero for a fall. None where the
        claim states no number.

    Raises
    ------
    AssumptionError
        If no assumption sets the width.
    """
    if pd.isna(claim["stated_value"]):
        return None
    rule = QUALIFIERS["exact"] if rounding_only else rule_of(claim)
    row = None if rounding_only else width_row(claim, assumptions)
    width = ZERO if row is None else exact_fraction(row[end])
    size, fell = rule.values(*size_and_step(claim), width), falls(claim)
    is_change = claim["kind"] in _CHANGES
    has_way = claim["direction"] == "rise" or (fell and (is_change or claim["stated_value"] > 1))
    if has_way and rule.is_bound and size.low == 0:
        # What rose by less than one percent, or less than doubled, did rise.
        size = replace(size, low=Fraction(claim["kind"] == "multiple"), low_open=True)
    if is_of_the_fall(claim):
        left = point(1) - size
        low = max(left.low, ZERO)
        return Interval(low, left.high, left.low_open and low == left.low, left.high_open)
    if claim["kind"] == "multiple":
        # "Fivefold", said of a fall, is a fifth.
        return intervals.reciprocal(size) if fell and claim["stated_value"] > 1 else size
    if claim["kind"] == "extreme":
        if claim["stated_value"] >= 0:
            return size
        # "Below minus five" is a place on the scale, not a size.
        place, is_open = exact_fraction(claim["stated_value"]), rule.excludes
        ends = (place, None) if claim["qualifier"] in {"more_than", "at_least"} else (None, place)
        return interval(*ends, low_open=is_open, high_open=is_open) if rule.is_bound else -size
    if claim["stated_unit"] == "fraction":
        size = size * 100
    return -size if fell and is_change else size


def implied_bases(
    claim: Row, after: Row, assumptions: pd.DataFrame
) -> tuple[Interval | None, Interval | None]:
    """Return the base that a claim implies: with the words beside the numbers, and without."""
    claimed = claimed_interval(claim, assumptions)
    by_rounding = claimed_interval(claim, assumptions, rounding_only=True)
    if claimed is None or by_rounding is None:
        return None, None
    kind, values = claim["kind"], interval_of(after, assumptions)
    rounded = _valued(after, QUALIFIERS["exact"], ZERO)
    # A change in percentage points is taken off a percentage.
    if after["unit"] == "fraction" and kind in {"difference", "percentage_points"}:
        values, rounded = values * 100, rounded * 100
    by_words = intervals.implied_base(kind, values, claimed)
    return by_words, intervals.implied_base(kind, rounded, by_rounding)


def falls(claim: Row) -> bool:
    """Whether a claim states a fall."""
    return bool(claim["direction"] == "fall" or claim["stated_value"] < 0)


def is_of_the_fall(row: Row) -> bool:
    """Whether a claim tells how far something fell by naming the part that is left."""
    is_part = row.get("kind") == "multiple" and 0 < row["stated_value"] < 1
    # These words qualify the fall: "more than halved" leaves less than half.
    return is_part and falls(row) and row["qualifier"] in {"more_than", "at_least", "almost"}


def _is_spelt_out(row: Row) -> bool:
    """Whether a number is stated without a digit: "doubled to 80", "two thirds"."""
    words, (value, unit), step = row.get("as_stated", ""), _number(row), row["rounded_to"]
    # "A third (33%)" in percent is the 33.
    step = 0.0 if pd.isna(step) or unit == "percent" else float(step)
    found = None if pd.isna(value) else find_stated(words, value, unit, step)
    return bool(words) and not any(map(str.isdigit, found.text if found else words))


def _number(row: Row) -> tuple[float, str]:
    """Return the number of a figure or a claim, and its unit."""
    stated = "stated_" if "stated_value" in row else ""
    return row[f"{stated}value"], row[f"{stated}unit"]


def is_range(figure: Row) -> bool:
    """Whether a figure is stated as a range with two ends."""
    return not pd.isna(figure.get("value_to", np.nan))


def _may_pass_zero(size: float | Fraction, unit: str) -> bool:
    """Whether rounding may reach below zero: a change of nought percent may be a small fall."""
    return size == 0 and unit in SHARE_UNITS


def _valued(row: Row, rule: Qualifier, width: Fraction) -> Interval:
    if is_range(row):
        return interval(exact_fraction(row["value"]), exact_fraction(row["value_to"]))
    size, step = size_and_step(row)
    values = rule.values(size, step, width)
    if row["value"] < 0:
        return -values
    if values.low < 0 and not _may_pass_zero(size, row["unit"]):
        return Interval(ZERO, values.high, high_open=values.high_open)
    return values
