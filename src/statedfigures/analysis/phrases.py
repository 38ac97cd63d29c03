"""What a claim's own words may mean: "almost double", "about two thirds", a rounded percent."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from statedfigures.analysis.intervals import (
    PER_HUNDRED,
    ZERO,
    exact_fraction,
    interval,
    scale,
    shift,
)
from statedfigures.analysis.records import Interval
from statedfigures.analysis.register import Register
from statedfigures.errors import ParameterError
from statedfigures.sources.records import Assumption, Claim

CLAIM_RULES: Mapping[str, str] = {"about": "claim_about", "almost": "claim_almost"}
RESULT_UNITS: Mapping[str, str] = {
    "percent_change": "percent",
    "direction": "percent",
    "share": "percent",
    "ratio": "multiple",
    "multiple": "multiple",
}


def claim_assumption(claim: Claim, register: Register) -> Assumption | None:
    """Give the row of the register that sets how a claim's phrase is read, if any."""
    rule = CLAIM_RULES.get(claim.qualifier)
    if rule is None or claim.stated_value is None:
        return None
    return register.get(rule, claim.id)


def claim_reading(claim: Claim, register: Register, end: str = "central") -> Interval | None:
    """Give all values that a claim's own number may stand for.

    Parameters
    ----------
    claim
        The claim; its number is in its `stated_unit`.
    register
        Read for "almost" (the lowest multiple of the stated value) and
        "about" (the half-width as a fraction of the stated value).
    end
        Which value of that row is taken: ``low``, ``central`` or ``high``.

    Returns
    -------
    Interval or None
        In percent for changes and shares, as a multiple for multiples and
        ratios. None where the claim states no number.

    Raises
    ------
    AssumptionError
        If the register lacks the rule of the phrase.
    ParameterError
        If the claim's qualifier or unit has no reading.

    Notes
    -----
    For value v and step s: exact v ± s/2; about v ± max(s/2, fraction·v);
    more than (v, ∞); less than (−∞, v); almost [fraction·v, v).
    """
    if claim.stated_value is None:
        return None
    assumption = claim_assumption(claim, register)
    value = exact_fraction(claim.stated_value)
    half_step = ZERO if claim.rounded_to is None else exact_fraction(claim.rounded_to) / 2
    width = ZERO if assumption is None else exact_fraction(getattr(assumption, end))
    match claim.qualifier:
        case "exact" | "projected" | "expected" | "may_exceed":
            reading = interval(value - half_step, value + half_step)
        case "about":
            half_width = max(half_step, width * abs(value))
            reading = interval(value - half_width, value + half_width)
        case "more_than":
            reading = interval(value, None, low_open=True)
        case "less_than":
            reading = interval(None, value, high_open=True)
        case "almost":
            reading = interval(width * value, value, high_open=True)
        case _:
            raise ParameterError(
                f"claim {claim.id}: the qualifier {claim.qualifier!r} has no reading; "
                "use exact, about, more_than, less_than or almost"
            )
    return _in_result_unit(claim, reading)


def _in_result_unit(claim: Claim, reading: Interval) -> Interval:
    """Turn a reading from the claim's stated unit into the unit of its result."""
    units = (claim.stated_unit, RESULT_UNITS.get(claim.kind, claim.stated_unit))
    if units[0] == units[1] or units == ("fraction", "multiple"):
        return reading
    if units == ("fraction", "percent"):
        return scale(reading, PER_HUNDRED)
    if units == ("percent", "multiple"):
        return scale(reading, 1 / PER_HUNDRED)
    if units == ("multiple", "percent") and claim.kind != "share":
        return scale(shift(reading, Fraction(-1)), PER_HUNDRED)
    raise ParameterError(
        f"claim {claim.id}: a {claim.kind} cannot be stated in {claim.stated_unit!r}; "
        "use percent, fraction or multiple"
    )
