"""From words to intervals: what a stated or published figure may stand for.

Where the width is a choice it is the central value of a row of the register;
the rest is rounding.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from statedfigures.analysis.intervals import (
    PER_HUNDRED,
    ZERO,
    around,
    exact_fraction,
    interval,
)
from statedfigures.analysis.records import Interval
from statedfigures.analysis.register import Register
from statedfigures.analysis.rules import HEDGE_RULES, SHARE_UNITS
from statedfigures.errors import ParameterError
from statedfigures.sources.records import Assumption, Figure, PublishedFigure

# Hedges whose width is a choice; the others are rounding or a bound.
CHOSEN_WIDTHS = frozenset({"about", "may_exceed", "expected", "almost"})


def hedged_interval(
    value: Fraction, *, rounded_to: Fraction, qualifier: str, unit: str, width: Fraction
) -> Interval:
    """Give all values that a number with its hedge may stand for.

    Parameters
    ----------
    value
        The stated number, zero or more, in `unit`.
    rounded_to
        Step of the stated digits, in `unit`.
    qualifier
        One of ``exact``, ``projected``, ``about``, ``more_than``,
        ``less_than``, ``almost``, ``may_exceed`` and ``expected``.
    unit
        Unit of the number; an exact whole count is taken as it stands, an
        exact percent as rounded.
    width
        Value of the rule of the register: a share of `rounded_to` for
        ``about``, a half-width in percent for ``may_exceed`` and
        ``expected``, the lowest multiple for ``almost``; else not read.

    Returns
    -------
    Interval
        In `unit`; never below zero.

    Raises
    ------
    ParameterError
        If the qualifier is unknown, or the values would be empty.

    Notes
    -----
    Formulas in the order of the qualifiers, for value n and step s: n (count)
    or n ± s/2; n ± s/2; n ± width·s; (n, ∞); [0, n); [width·n, n);
    n ± max(s/2, width·n/100) for the last two.

    Examples
    --------
    >>> around_15000 = hedged_interval(
    ...     Fraction(15000), rounded_to=Fraction(1000), qualifier="about",
    ...     unit="offences", width=Fraction(1, 2),
    ... )
    >>> int(around_15000.low), int(around_15000.high)
    (14500, 15500)
    """
    half_step = rounded_to / 2
    if qualifier == "exact":
        is_count = unit not in SHARE_UNITS and rounded_to == 1 and value.denominator == 1
        return around(value, ZERO if is_count else half_step)
    if qualifier == "projected":
        return around(value, half_step)
    if qualifier == "about":
        return around(value, width * rounded_to)
    if qualifier == "more_than":
        return interval(value, None, low_open=True)
    if qualifier == "less_than":
        return interval(ZERO, value, high_open=True)
    if qualifier == "almost":
        return interval(width * value, value, high_open=True)
    if qualifier in {"may_exceed", "expected"}:
        return around(value, max(half_step, value * width / PER_HUNDRED))
    raise ParameterError(
        f"no rule turns the qualifier {qualifier!r} into an interval; use one of exact, "
        "projected, about, more_than, less_than, almost, may_exceed, expected"
    )


def hedge_assumption(qualifier: str, target: str, register: Register) -> Assumption | None:
    """Give the row of the register that sets a hedge's width; None where rounding does.

    Raises
    ------
    AssumptionError
        If the register has no such row.
    """
    if qualifier not in CHOSEN_WIDTHS:
        return None
    return register.get(HEDGE_RULES[qualifier], target)


def figure_interval(figure: Figure, register: Register) -> Interval:
    """Give all values that a stated figure may stand for, in its unit.

    Parameters
    ----------
    figure
        The stated figure.
    register
        The register, read for hedges whose width is a choice.

    Returns
    -------
    Interval
        See `hedged_interval`.

    Raises
    ------
    AssumptionError
        If the register lacks the rule of this hedge.
    ParameterError
        If the qualifier is unknown.
    """
    assumption = hedge_assumption(figure.qualifier, figure.id, register)
    return hedged_interval(
        exact_fraction(figure.value),
        rounded_to=exact_fraction(figure.rounded_to),
        qualifier=figure.qualifier,
        unit=figure.unit,
        width=ZERO if assumption is None else exact_fraction(assumption.central),
    )


def figure_inputs(figure: Figure, register: Register) -> tuple[str, ...]:
    """Give the references that a figure's interval was computed from."""
    assumption = hedge_assumption(figure.qualifier, figure.id, register)
    return (f"figure:{figure.id}",) + (
        () if assumption is None else (f"assumption:{assumption.id}",)
    )


def step_of_digits(value: Decimal) -> Decimal:
    """Give the step that a number's own digits show it rounded to.

    Trailing zeros of a whole number count as rounding, so this is for hedged
    numbers whose rounding is not recorded.

    Examples
    --------
    >>> int(step_of_digits(Decimal("43600000")))
    100000
    >>> str(step_of_digits(Decimal("0.3")))
    '0.1'
    """
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def published_interval(published: PublishedFigure, register: Register) -> Interval:
    """Give all values that a figure published elsewhere may stand for, in its unit.

    An exact count stands for itself; otherwise the figure's own digits show
    how far it was rounded.

    Raises
    ------
    AssumptionError
        If the register lacks the rule of this hedge.
    """
    assumption = hedge_assumption(published.qualifier, published.id, register)
    step = step_of_digits(published.value)
    if published.qualifier == "exact":
        step = min(step, Decimal(1))
    return hedged_interval(
        exact_fraction(published.value),
        rounded_to=exact_fraction(step),
        qualifier=published.qualifier,
        unit=published.unit,
        width=ZERO if assumption is None else exact_fraction(assumption.central),
    )


def published_inputs(published: PublishedFigure, register: Register) -> tuple[str, ...]:
    """Give the references that a published figure's interval was computed from."""
    assumption = hedge_assumption(published.qualifier, published.id, register)
    return (f"published:{published.id}",) + (
        () if assumption is None else (f"assumption:{assumption.id}",)
    )
