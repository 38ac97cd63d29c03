"""The values that assumptions take in each draw."""

from __future__ import annotations

from collections.abc import Mapping

from statedfigures.analysis.distributions import Number
from statedfigures.analysis.draws import Draws
from statedfigures.analysis.model import Model
from statedfigures.analysis.rules import FORM_RULES
from statedfigures.errors import AssumptionError
from statedfigures.sources.records import Assumption

FORM_SLOTS = tuple(FORM_RULES.values())
Values = Mapping[str, Number]


def assumption_values(
    model: Model, draws: Draws, overrides: Mapping[str, float] | None = None
) -> Values:
    """Give every assumption of a model its value in each draw.

    Parameters
    ----------
    model
        The model.
    draws
        The draws.
    overrides
        Id of an assumption to the one value that it takes in all draws, in
        its unit. Others are drawn from their distributions; form weights are
        not drawn, because their slots draw the form.

    Returns
    -------
    Mapping
        Slot to a number, or to an array of shape (draws,).

    Raises
    ------
    AssumptionError
        If an override names no assumption of the model, or lies outside the
        allowed range.
    """
    overrides = overrides or {}
    slot_of: dict[str, str] = {}
    values: dict[str, Number] = {}
    for slot, row in model.rows.items():
        slot_of.setdefault(row.id, slot)
        if row.id in overrides or row.distribution == "fixed" or slot in FORM_SLOTS:
            values[slot] = row.central
        else:
            # A row that serves two slots has one value in each draw.
            values[slot] = draws.values_of(row, slot_of[row.id])
    return held_values(model, overrides, values)


def held_values(model: Model, overrides: Mapping[str, float], drawn: Values) -> Values:
    """Hold some assumptions at one value, and leave the others as they were drawn.

    Parameters
    ----------
    model
        The model.
    overrides
        Id of an assumption to its value, in its unit.
    drawn
        Values of all assumptions.

    Returns
    -------
    Mapping
        Slot to a number, or to an array of shape (draws,).

    Raises
    ------
    AssumptionError
        As for `assumption_values`.
    """
    if unknown := set(overrides) - set(model.assumptions):
        raise AssumptionError(
            f"{model.series.id} reads no assumption called {', '.join(sorted(unknown))}; "
            f"it reads {', '.join(sorted(model.assumptions))}"
        )
    held = {
        slot: require_allowed(row, overrides[row.id])
        for slot, row in model.rows.items()
        if row.id in overrides
    }
    return {**drawn, **held}


def require_allowed(row: Assumption, value: float) -> float:
    """Refuse a value outside the allowed range of its assumption.

    Raises
    ------
    AssumptionError
        If the value is outside; names the row and the range.
    """
    if not row.allowed_min <= value <= row.allowed_max:
        raise AssumptionError(
            f"assumptions.csv, row {row.row}: {row.id} is read at {value:g} {row.unit}, outside "
            f"its allowed range from {row.allowed_min:g} to {row.allowed_max:g}; "
            "choose a value inside it"
        )
    return value
