"""The words beside a number, as intervals for verdicts and as distributions for draws.

One table, `QUALIFIERS`, says for each word what it means. Where the width is a
choice it is a row of the assumptions; the rest is rounding. A word qualifies
the size of a number: "more than" beside a fall of four means a fall beyond four.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from statedfigures.analysis.intervals import (
    PER_HUNDRED,
    ZERO,
    Interval,
    around,
    ends,
    exact_fraction,
    interval,
    scale,
    shift,
)
from statedfigures.errors import AssumptionError, ParameterError

Array = NDArray[np.float64]
Number = float | Array
Row = pd.Series  # a row of a table, by the names of its columns

HUNDRED = 100.0
TINY = float(np.finfo(np.float64).eps)
# Units of ratios: an exact number in them was rounded, where an exact count was not.
SHARE_UNITS = frozenset({"percent", "fraction", "multiple", "percentage_points"})
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Stated:
    """A size, zero or more, its rounding step, and whether it is an exact count."""

    size: Fraction
    step: Fraction
    is_count: bool = False

    @property
    def half_step(self) -> Fraction:
        """Return half the rounding step, zero for an exact count."""
        return ZERO if self.is_count else self.step / 2


def triangular(uniform: Number, low: Number, mode: Number, high: Number) -> Array:
    """Return values of a triangular distribution at uniform numbers.

    Parameters
    ----------
    uniform
        Numbers from 0 to 1.
    low, mode, high
        Ends and most likely value, in order, in one unit.

    Returns
    -------
    ndarray
        Values between `low` and `high`, in the same unit.

    Notes
    -----
    With c = (mode - low) / (high - low): low + sqrt(u (high - low)(mode - low))
    for u <= c, else high - sqrt((1 - u)(high - low)(high - mode)). Source:
    Evans, Hastings and Peacock, Statistical Distributions, 3rd edition, 2000.

    Examples
    --------
    >>> float(triangular(0.5, 0.0, 1.0, 2.0))
    1.0
    """
    below, above = np.asarray(mode) - low, np.asarray(high) - mode
    width = below + above
    rising = low + np.sqrt(uniform * width * below)
    falling = high - np.sqrt((1 - np.asarray(uniform)) * width * above)
    return np.asarray(np.where(uniform * width <= below, rising, falling))


def uniform_between(uniform: Number, low: Number, high: Number) -> Array:
    """Return values of a uniform distribution: low + u (high - low).

    Examples
    --------
    >>> float(uniform_between(0.25, 10.0, 14.0))
    11.0
    """
    return np.asarray(low + uniform * (np.asarray(high) - low))


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


def _rounded(stated: Stated, width: Number, uniform: Number) -> Array:  # noqa: ARG001
    half = float(stated.half_step)
    return uniform_between(uniform, float(stated.size) - half, float(stated.size) + half)


def _by_steps(stated: Stated, width: Number, uniform: Number) -> Array:
    return _peaked(stated, float(stated.step) * np.asarray(width), uniform)


def _by_percent(stated: Stated, width: Number, uniform: Number) -> Array:
    return _peaked(stated, float(stated.size) * np.asarray(width) / HUNDRED, uniform)


def _peaked(stated: Stated, half: Number, uniform: Number) -> Array:
    size = float(stated.size)
    return triangular(uniform, size - np.asarray(half), size, size + np.asarray(half))


def _above(stated: Stated, width: Number, uniform: Number) -> Array:
    """Decay above the bound, up to the next number that a writer would have used."""
    size = float(stated.size)
    mean = size * np.maximum(width, TINY) / HUNDRED
    return truncated_exponential(uniform, size, mean, size + float(stated.step))


def _below(stated: Stated, width: Number, uniform: Number) -> Array:  # noqa: ARG001
    return uniform_between(uniform, 0.0, float(stated.size))


def _nearly(stated: Stated, width: Number, uniform: Number) -> Array:
    size = float(stated.size)
    return triangular(uniform, size * np.asarray(width), size, size)


def _just_under(stated: Stated, width: Number, uniform: Number) -> Array:
    size = float(stated.size)
    return triangular(uniform, size * (1 - np.asarray(width) / HUNDRED), size, size)


def _just_over(stated: Stated, width: Number, uniform: Number) -> Array:
    size = float(stated.size)
    return triangular(uniform, size, size, size * (1 + np.asarray(width) / HUNDRED))


def _around_percent(stated: Stated, width: Fraction) -> Interval:
    return around(stated.size, max(stated.half_step, stated.size * width / PER_HUNDRED))


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What a word beside a number means.

    Attributes
    ----------
    values
        From what was stated and the width to all values the word allows.
    distribution
        From what was stated, the width and uniform numbers to values.
    symbol
        Symbol of the assumption that sets the width; empty where rounding
        or the bound itself does. "More than" reads it for draws only.
    is_bound
        Whether the word names an end and says nothing about the level.
    is_rounding
        Whether the word allows no more than rounding does, so that an
        overlap is explained by it.
    """

    values: Callable[[Stated, Fraction], Interval]
    distribution: Callable[[Stated, Number, Number], Array]
    symbol: str = ""
    is_bound: bool = False
    is_rounding: bool = False


QUALIFIERS: Mapping[str, Qualifier] = {
    "exact": Qualifier(
        lambda stated, _: around(stated.size, stated.half_step), _rounded, is_rounding=True
    ),
    # The months that are missing are drawn with the rate of the rest of the year.
    "projected": Qualifier(
        lambda stated, _: around(stated.size, stated.step / 2), _rounded, is_rounding=True
    ),
    "about": Qualifier(
        lambda stated, width: around(stated.size, width * stated.step),
        _by_steps,
        "qualifier_about",
        is_rounding=True,
    ),
    "more_than": Qualifier(
        lambda stated, _: interval(stated.size, None, low_open=True),
        _above,
        "qualifier_more_than",
        is_bound=True,
    ),
    "at_least": Qualifier(
        lambda stated, _: interval(stated.size, None),
        _above,
        "qualifier_more_than",
        is_bound=True,
    ),
    "less_than": Qualifier(
        lambda stated, _: interval(ZERO, stated.size, high_open=True), _below, is_bound=True
    ),
    "up_to": Qualifier(lambda stated, _: interval(ZERO, stated.size), _below, is_bound=True),
    "almost": Qualifier(
        lambda stated, width: interval(width * stated.size, stated.size, high_open=True),
        _nearly,
        "qualifier_almost",
    ),
    "just_under": Qualifier(
        lambda stated, width: interval(
            stated.size * (1 - width / PER_HUNDRED), stated.size, high_open=True
        ),
        _just_under,
        "qualifier_just",
        is_rounding=True,
    ),
    "just_over": Qualifier(
        lambda stated, width: interval(
            stated.size, stated.size * (1 + width / PER_HUNDRED), low_open=True
        ),
        _just_over,
        "qualifier_just",
        is_rounding=True,
    ),
    "may_exceed": Qualifier(_around_percent, _by_percent, "qualifier_may_exceed"),
    "expected": Qualifier(_around_percent, _by_percent, "qualifier_expected"),
}

# The other way to read each word, for the reader to weigh.
ALTERNATIVES: Mapping[str, str] = {
    "exact": "cut off at its last digit rather than rounded",
    "projected": "certain that the rest of the year is like the part counted",
    "about": "rounded to a coarser step than its digits show",
    "more_than": "a floor only, with the true number possibly far above it",
    "at_least": "a floor only, with the true number possibly far above it",
    "less_than": "a bound only, which says nothing about the level",
    "up_to": "a bound only, which says nothing about the level",
    "almost": "any lower number that a writer would still have rounded up",
    "just_under": "any lower number that a writer would still have rounded up",
    "just_over": "any higher number that a writer would still have rounded down",
    "may_exceed": "a floor: the number will be reached or passed",
    "expected": "an order of magnitude rather than an expectation",
}


def qualifier_named(name: str) -> Qualifier:
    """Return what a qualifier means.

    Raises
    ------
    ParameterError
        If the word is not in `QUALIFIERS`.

    Examples
    --------
    >>> qualifier_named("almost").symbol
    'qualifier_almost'
    """
    if name not in QUALIFIERS:
        raise ParameterError(
            f"no rule turns the qualifier {name!r} into an interval; use one of "
            f"{', '.join(QUALIFIERS)}"
        )
    return QUALIFIERS[name]


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


def stated_size(row: Row, column: str = "value", unit: str = "unit") -> Stated:
    """Return the size of a row's number with its rounding step.

    An empty rounding step is read off the digits; an exact whole number is
    then taken to its unit.
    """
    value, step = float(row[column]), float(row["rounded_to"])
    exact = abs(exact_fraction(value))
    rounded_to = step_of_digits(value) if np.isnan(step) else exact_fraction(step)
    if np.isnan(step) and row["qualifier"] == "exact":
        rounded_to = min(rounded_to, Fraction(1))
    is_count = (
        row["qualifier"] == "exact"
        and row[unit] not in SHARE_UNITS
        and rounded_to == 1
        and exact.denominator == 1
    )
    return Stated(exact, rounded_to, is_count)


def row_of_symbol(assumptions: pd.DataFrame, symbol: str, target: str) -> Row:
    """Return the assumption of a symbol that applies to a target.

    Parameters
    ----------
    assumptions
        The table, indexed by id.
    symbol
        Such as ``qualifier_about``.
    target
        Id of a figure, claim or series; a row that names it comes before one
        that applies to all.

    Raises
    ------
    AssumptionError
        If no row applies.
    """
    rows = assumptions[assumptions["symbol"] == symbol]
    for name in (target, "all"):
        for place, applies_to in enumerate(rows["applies_to"]):
            if name in str(applies_to).split():
                return rows.iloc[place]
    raise AssumptionError(
        f"assumptions.csv: no row has the symbol {symbol!r} for {target!r}; "
        "add one that applies to it or to all"
    )


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
        If the qualifier is unknown, or the values would be empty.

    Notes
    -----
    For size n and step s: exact n (count) or n ± s/2; projected n ± s/2; about
    n ± width·s; more than (n, ∞); at least [n, ∞); less than [0, n); up to
    [0, n]; almost [width·n, n); just under and just over to width percent of n;
    may exceed and expected n ± max(s/2, width·n/100). A range reaches from its
    value to its second value.
    """
    rule = qualifier_named(figure["qualifier"])
    width = ZERO
    if rule.symbol and not rule.is_bound:
        row = row_of_symbol(assumptions, rule.symbol, str(figure.name))
        width = exact_fraction(row["central"])
    return _valued(figure, rule, width)


def rounding_alone(figure: Row) -> Interval:
    """Return the values that a figure's rounding allows, whatever its qualifier."""
    return _valued(figure, QUALIFIERS["exact"], ZERO)


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
    low, high = float(figure["value"]), float(figure.get("value_to", np.nan))
    if not np.isnan(high):
        return uniform_between(uniform, low, high)
    distribution = qualifier_named(figure["qualifier"]).distribution
    stated = stated_size(figure)
    if low < 0:
        return -distribution(stated, width, 1 - np.asarray(uniform))
    values = distribution(stated, width, uniform)
    return values if _crosses_zero(stated, figure["unit"]) else np.maximum(values, 0.0)


def width_symbol(figure: Row) -> str:
    """Return the symbol of the assumption that a figure's draws read, empty for none."""
    has_range = not np.isnan(float(figure.get("value_to", np.nan)))
    return "" if has_range else qualifier_named(figure["qualifier"]).symbol


def figure_inputs(figure: Row, assumptions: pd.DataFrame, table: str = "figure") -> str:
    """Return the references that a figure's interval was computed from."""
    rule, references = qualifier_named(figure["qualifier"]), [f"{table}:{figure.name}"]
    if rule.symbol and not rule.is_bound:
        row = row_of_symbol(assumptions, rule.symbol, str(figure.name))
        references.append(f"assumption:{row.name}")
    return " ".join(references)


def figure_readings(release: Any) -> pd.DataFrame:
    """Return how each stated figure is read, as an interval and as a distribution.

    Parameters
    ----------
    release
        The release; its figures, series and assumptions are read.

    Returns
    -------
    DataFrame
        A row a figure, indexed by its id: topic, label, qualifier, low and
        high (NaN without an end), low90, middle and high90 (NaN for a bound
        that no series starts from), the assumption of the width, the other way
        to read the word, unit, inputs.
    """
    bases = set(release.series["base_figure"])
    rows = []
    for _, figure in release.figures.iterrows():
        symbol, assumption, width = width_symbol(figure), "", 0.0
        is_drawn = figure.name in bases or not QUALIFIERS[figure["qualifier"]].is_bound
        if symbol and is_drawn:
            row = row_of_symbol(release.assumptions, symbol, str(figure.name))
            assumption, width = str(row.name), float(row["central"])
        drawn = draw_value(figure, width, np.array(LEVELS)) if is_drawn else [np.nan] * 3
        low, high = ends(interval_of(figure, release.assumptions))
        rows.append(
            {
                "figure": figure.name,
                **{name: figure[name] for name in ("topic", "label", "qualifier")},
                "low": low,
                "high": high,
                **dict(zip(("low90", "middle", "high90"), drawn, strict=True)),
                "assumption": assumption,
                "alternative": ALTERNATIVES[figure["qualifier"]],
                "unit": figure["unit"],
                "inputs": f"figure:{figure.name}"
                + (f" assumption:{assumption}" if assumption else ""),
            }
        )
    columns = (
        "figure topic label qualifier low high low90 middle high90 assumption alternative unit "
        "inputs"
    )
    return pd.DataFrame(rows, columns=columns.split()).set_index("figure")


# The unit that each kind of claim is recomputed in; the others keep that of their figures.
RESULT_UNITS: Mapping[str, str] = {
    "percent_change": "percent",
    "share": "percent",
    "multiple": "multiple",
    "percentage_points": "percentage_points",
}


def claim_symbol(claim: Row) -> str:
    """Return the symbol of the assumption that a claim's own words are read by.

    A fraction or multiple in words, such as "about two thirds", is read by
    the row for fractions in words, not by rounding steps.
    """
    if np.isnan(float(claim["stated_value"])):
        return ""
    if claim["qualifier"] == "about" and claim["stated_unit"] in {"fraction", "multiple"}:
        return "fraction_words"
    rule = qualifier_named(claim["qualifier"])
    return "" if rule.is_bound else rule.symbol


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
    ParameterError
        If the qualifier is unknown, or the kind cannot be stated in the unit.
    """
    if np.isnan(float(claim["stated_value"])):
        return None
    stated, symbol = stated_size(claim, "stated_value", "stated_unit"), claim_symbol(claim)
    width = ZERO
    if symbol and not rounding_only:
        width = exact_fraction(row_of_symbol(assumptions, symbol, str(claim.name))[end])
    if rounding_only:
        values = around(stated.size, stated.half_step)
    elif symbol == "fraction_words":
        values = around(stated.size, max(stated.half_step, width * stated.size))
    else:
        values = qualifier_named(claim["qualifier"]).values(stated, width)
    return _in_result_unit(claim, values)


def _in_result_unit(claim: Row, size: Interval) -> Interval:
    """Return the size a claim states as a value of its kind, with the sign of a fall."""
    kind, unit = claim["kind"], claim["stated_unit"]
    result = RESULT_UNITS.get(kind, unit)
    falls = claim["direction"] == "fall" or claim["stated_value"] < 0
    if unit == "multiple" and kind in {"multiple", "percent_change"}:
        # "Fivefold", said of a fall, is a fifth.
        if falls and size.low is not None and size.low > 1:
            size = _inverse(size)
        return size if kind == "multiple" else scale(shift(size, Fraction(-1)), PER_HUNDRED)
    factors = {
        ("fraction", "percent"): PER_HUNDRED,
        ("fraction", "multiple"): Fraction(1),
        ("percent", "multiple"): 1 / PER_HUNDRED,
        ("percent", "percentage_points"): Fraction(1),
        ("multiple", "percent"): PER_HUNDRED,
    }
    if unit != result and (unit, result) not in factors:
        raise ParameterError(
            f"claim {claim.name}: a {kind.replace('_', ' ')} cannot be stated in {unit!r}; "
            f"use {result}{' or fraction' if result in {'percent', 'multiple'} else ''}"
        )
    values = scale(size, factors.get((unit, result), Fraction(1)))
    is_change = kind in {"percent_change", "difference", "percentage_points", "direction"}
    if is_change and claim["direction"] == "no_change":
        return Interval(
            None if values.high is None else -values.high,
            values.high,
            values.high_open,
            values.high_open,
        )
    return scale(values, Fraction(-1)) if falls and is_change else values


def _inverse(values: Interval) -> Interval:
    """Return the reciprocals of values above zero."""
    return Interval(
        ZERO if values.high is None else 1 / values.high,
        None if values.low is None else 1 / values.low,
        values.high_open,
        values.low_open,
    )


def _crosses_zero(stated: Stated, unit: str) -> bool:
    """Whether rounding may reach below zero: a change of nought percent may be a small fall."""
    return stated.size == 0 and unit in SHARE_UNITS


def _valued(row: Row, rule: Qualifier, width: Fraction) -> Interval:
    value, second = float(row["value"]), float(row.get("value_to", np.nan))
    if not np.isnan(second):
        return interval(exact_fraction(value), exact_fraction(second))
    stated = stated_size(row)
    values = rule.values(stated, width)
    if value < 0:
        return scale(values, Fraction(-1))
    if values.low is not None and values.low < 0 and not _crosses_zero(stated, row["unit"]):
        values = interval(ZERO, values.high, high_open=values.high_open)
    return values
