"""Projections of a series under the register, and bounds where none is made."""

from __future__ import annotations

import numpy as np
import pandas as pd

from statedfigures.analysis.distributions import Array
from statedfigures.analysis.draws import Draws, sobol_draws
from statedfigures.analysis.engine import (
    MODELS,
    growth_values,
    level_values,
    paths,
)
from statedfigures.analysis.forms import FORMS, normalised_weights
from statedfigures.analysis.horizon import (
    default_horizon_year,
    require_horizon,
)
from statedfigures.analysis.model import Model, model_of
from statedfigures.analysis.quantiles import LEVELS, quantiles
from statedfigures.analysis.readings import figure_interval
from statedfigures.analysis.records import Bounds, Projection
from statedfigures.analysis.register import Register
from statedfigures.analysis.rules import POOLED, SCENARIOS
from statedfigures.analysis.scenarios import scenario_overrides
from statedfigures.analysis.values import assumption_values
from statedfigures.errors import ParameterError
from statedfigures.sources.records import ReleaseTables

QUANTILE = "quantile"
ROW_COLUMNS = (
    "series",
    "scenario",
    "model",
    "target_year",
    "output_type",
    "output_type_id",
    "value",
    "unit",
)


def project_series(
    tables: ReleaseTables, series_id: str, *, horizon_year: int, draws: int, seed: int
) -> Projection:
    """Project a series in every scenario and form.

    Parameters
    ----------
    tables
        The tables of the release.
    series_id
        A series that may be projected.
    horizon_year
        Last year projected, after the base year.
    draws
        Number of Sobol points, a power of two.
    seed
        Seed of their scrambling, 0 or above.

    Returns
    -------
    Projection
        Rows for each scenario (low, central, high, pooled), model (the forms,
        then the pool), year and quantile level, in this order.

    Raises
    ------
    ParameterError
        If a parameter is out of range, or the series is not to be projected.
    AssumptionError
        If the register lacks a row or a row is outside its range.
    ComparabilityError
        If the growth would be taken across units or areas.
    DataError
        If the row of the series cannot be used.

    Notes
    -----
    See ``docs/methods.md``. In the scenarios every judgement is held and only
    the stated figures, the yearly growth and the counting are drawn; in
    ``pooled`` the judgements are drawn too.
    """
    model = model_of(tables, series_id)
    base_year = model.base.year
    require_horizon(tables, base_year, horizon_year)
    chance = sobol_draws(draws, seed)
    steps = tuple(range(1, horizon_year - base_year + 1))
    blocks = []
    for scenario in (*SCENARIOS, POOLED):
        values = assumption_values(model, chance, scenario_overrides(model, scenario))
        blocks += [quantiles(paths(model, values, chance, steps, form)) for form in MODELS]
    pooled = assumption_values(model, chance)
    base = quantiles(level_values(model.base, pooled, chance, "base"))
    default_year = default_horizon_year(tables)
    weights = normalised_weights(model.weights).tolist()
    return Projection(
        series=model.series,
        base_year=base_year,
        horizon_year=horizon_year,
        marked_from=default_year + 1 if horizon_year > default_year else None,
        rows=_rows(model, steps, np.stack(blocks)),
        base_quantiles=dict(zip(LEVELS, base.tolist(), strict=True)),
        observed_annual_growth_fraction=growth_observed(tables, series_id),
        weights=dict(zip(FORMS, weights, strict=True)),
        inputs=(
            *model.references,
            "parameter:horizon_year",
            "parameter:draws",
            "parameter:seed",
        ),
    )


def _rows(model: Model, steps: tuple[int, ...], blocks: Array) -> pd.DataFrame:
    """Lay blocks of shape (scenarios x models, years, levels) out as long rows."""
    years = [model.base.year + step for step in steps]
    index = pd.MultiIndex.from_product(
        [[*SCENARIOS, POOLED], MODELS, years, LEVELS],
        names=["scenario", "model", "target_year", "output_type_id"],
    )
    rows = index.to_frame(index=False).assign(
        series=model.series.id, output_type=QUANTILE, value=blocks.ravel(), unit=model.series.unit
    )
    return rows[list(ROW_COLUMNS)]


def growth_observed(tables: ReleaseTables, series_id: str) -> float:
    """Give the yearly growth that the stated figures imply, at central values.

    Parameters
    ----------
    tables
        The tables of the release.
    series_id
        A series that may be projected.

    Returns
    -------
    float
        Fraction per year: 0.1 is growth of 10% a year.

    Raises
    ------
    ParameterError, AssumptionError, ComparabilityError, DataError
        As for `project_series`.
    """
    model = model_of(tables, series_id)
    middle = Draws.at_the_middle()
    values = assumption_values(model, middle, scenario_overrides(model, "central"))
    base = level_values(model.base, values, middle, "base")
    growth, _ = growth_values(model, values, middle, base)
    return float(np.expm1(growth).item())


def bounds_of(tables: ReleaseTables, series_id: str) -> Bounds:
    """Give a series as the bounds of its stated figures.

    Parameters
    ----------
    tables
        The tables of the release.
    series_id
        A series of ``series.csv``.

    Returns
    -------
    Bounds
        Each figure with its interval, by period, then id.

    Raises
    ------
    ParameterError
        If no series has the id.
    """
    if series_id not in tables.series:
        raise ParameterError(
            f"no series is called {series_id!r}; use one of {', '.join(sorted(tables.series))}"
        )
    series, register = tables.series[series_id], Register.of(tables)
    figures = sorted(
        (tables.figures[name] for name in series.figures),
        key=lambda figure: (str(figure.period_end), figure.id),
    )
    return Bounds(
        series=series,
        rows=tuple((figure, figure_interval(figure, register)) for figure in figures),
        inputs=tuple(f"figure:{figure.id}" for figure in figures),
    )
