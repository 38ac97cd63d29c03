"""A projection with some assumptions held at values of a reader's choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from statedfigures.analysis.draws import Draws
from statedfigures.analysis.engine import evaluate, level_values
from statedfigures.analysis.model import Model
from statedfigures.analysis.quantiles import LEVELS, MEDIAN, quantiles
from statedfigures.analysis.scenarios import scenario_overrides
from statedfigures.analysis.values import assumption_values


@dataclass(frozen=True, slots=True)
class HeldProjection:
    """What the headline of a series and its fan are made from.

    ``middle`` is the middle of the scenario in the last year; ``base`` gives
    the quantiles of the base by level, ``fan`` the pooled ones of each year.
    All are in the unit of the series.
    """

    middle: float
    base: Mapping[float, float]
    fan: Mapping[int, Mapping[float, float]]


def project_held(
    model: Model, draws: Draws, held: Mapping[str, float], *, scenario: str, horizon_year: int
) -> HeldProjection:
    """Project a series with some assumptions held, and the others as the report has them.

    Parameters
    ----------
    model, draws
        The model of the series and the draws of the report.
    held
        Id of an assumption to the value that it has in every draw, in its unit.
    scenario
        The scenario that headlines are told in: it holds every assumption,
        and `held` comes before it.
    horizon_year
        Last year projected.

    Returns
    -------
    HeldProjection
        With nothing held, what `projections.project_series` gives.

    Raises
    ------
    AssumptionError
        If an assumption is none of the model's, or its value is outside its
        allowed range.

    Notes
    -----
    To hold an assumption takes its part of the spread away, so that the fan
    is narrower. It says what would follow from the value, and not that the
    value is known.
    """
    years = range(model.base.year + 1, horizon_year + 1)
    steps = tuple(year - model.base.year for year in years)
    pooled = quantiles(evaluate(model, draws, steps, held))
    told = evaluate(model, draws, steps[-1:], {**scenario_overrides(model, scenario), **held})
    base = level_values(model.base, assumption_values(model, draws, held), draws, "base")
    return HeldProjection(
        middle=float(quantiles(told, (MEDIAN,)).item()),
        base=dict(zip(LEVELS, quantiles(base).tolist(), strict=True)),
        fan={
            year: dict(zip(LEVELS, row, strict=True))
            for year, row in zip(years, pooled.tolist(), strict=True)
        },
    )
