"""Scenarios of a model, and the quantiles that each gives."""

from __future__ import annotations

from statedfigures.analysis.distributions import Array
from statedfigures.analysis.draws import Draws
from statedfigures.analysis.engine import POOL, paths
from statedfigures.analysis.model import Model
from statedfigures.analysis.quantiles import quantiles
from statedfigures.analysis.register import scenario_value
from statedfigures.analysis.rules import POOLED, SCENARIOS
from statedfigures.analysis.values import assumption_values
from statedfigures.errors import ParameterError


def scenario_overrides(model: Model, scenario: str) -> dict[str, float]:
    """Give the values at which a scenario holds the assumptions of a model.

    Parameters
    ----------
    model
        The model of a series.
    scenario
        ``low``, ``central``, ``high`` or ``pooled``.

    Returns
    -------
    dict
        Id of the assumption to its value, in its unit; empty for ``pooled``,
        in which every assumption is drawn.

    Raises
    ------
    ParameterError
        If the scenario is unknown.
    """
    if scenario == POOLED:
        return {}
    if scenario not in SCENARIOS:
        raise ParameterError(
            f"parameter scenario: {scenario!r} is unknown; use one of "
            f"{', '.join((*SCENARIOS, POOLED))}"
        )
    return {row.id: scenario_value(row, scenario) for row in model.rows.values()}


def projected_quantiles(
    model: Model, scenario: str, draws: Draws, steps: tuple[int, ...], form: str = POOL
) -> Array:
    """Give the quantiles of a projection.

    Parameters
    ----------
    model, scenario, draws
        The model, one of the scenarios, and the draws.
    steps
        Years after the base.
    form
        A form, or ``pool``.

    Returns
    -------
    ndarray
        Shape (steps, levels), unit of the series, in the order of `LEVELS`.
    """
    values = assumption_values(model, draws, scenario_overrides(model, scenario))
    return quantiles(paths(model, values, draws, steps, form))
