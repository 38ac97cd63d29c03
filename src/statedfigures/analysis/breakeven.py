"""Break-even: the value of an assumption at which a headline changes its message."""

from __future__ import annotations

import numpy as np

from statedfigures.analysis.draws import Draws
from statedfigures.analysis.engine import evaluate
from statedfigures.analysis.engine import level_values as base_level
from statedfigures.analysis.messages import MessageRule, message_code, message_margins
from statedfigures.analysis.model import Model
from statedfigures.analysis.values import Values, held_values
from statedfigures.sources.records import Assumption


def break_even(
    model: Model,
    row: Assumption,
    draws: Draws,
    steps: tuple[int, ...],
    rule: MessageRule,
    drawn: Values,
) -> float | None:
    """Find the value of an assumption nearest to its central one where the message changes.

    Parameters
    ----------
    model
        The model of the series.
    row
        The assumption; the others are drawn.
    draws, steps, rule
        Draws, one number of years after the base, and the rule of messages.
    drawn
        Values of all assumptions in the draws.

    Returns
    -------
    float or None
        In the unit of the assumption; None where the message is the same at
        its low, its high and both ends of its allowed range.

    Notes
    -----
    The message is that of the pooled draws with this assumption held. From
    the central value outwards the first stretch in which the message changes
    is searched with Brent's method (R. P. Brent, Algorithms for Minimization
    without Derivatives, 1973, chapter 4; ``scipy.optimize.brentq``).
    """
    if row.allowed_min >= row.allowed_max:
        return None
    # Imported here because it is slow to import, and only a sensitivity needs it.
    from scipy.optimize import brentq

    def margin(value: float) -> float:
        values = held_values(model, {row.id: value}, drawn)
        base = float(np.median(base_level(model.base, values, draws, "base")))
        # The ends of an allowed range may carry a path beyond what a float holds.
        with np.errstate(over="ignore"):
            result = evaluate(model, draws, steps, {row.id: value}, drawn=drawn)[0]
        return message_margins(result, base, rule)[message]

    message = _message_at(model, row, draws, steps, rule, drawn)
    found = []
    for ends in ((row.low, row.allowed_min), (row.high, row.allowed_max)):
        inner = row.central
        for outer in ends:
            if outer != inner and margin(outer) < 0:
                precision = (row.allowed_max - row.allowed_min) / draws.later_growth.size
                root = brentq(margin, inner, outer, xtol=precision)  # type: ignore[no-untyped-call]
                found.append(float(root))
                break
            inner = outer
    return min(found, key=lambda value: abs(value - row.central), default=None)


def _message_at(
    model: Model,
    row: Assumption,
    draws: Draws,
    steps: tuple[int, ...],
    rule: MessageRule,
    drawn: Values,
) -> str:
    """Give the message with the assumption held at its central value."""
    values = held_values(model, {row.id: row.central}, drawn)
    base = float(np.median(base_level(model.base, values, draws, "base")))
    result = evaluate(model, draws, steps, {row.id: row.central}, drawn=drawn)[0]
    return message_code(result, base, rule)
