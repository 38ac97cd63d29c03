"""Numbers of a projected series, and where they came from, for sentences, charts and tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from statedfigures.analysis.messages import message_rows
from statedfigures.analysis.records import Projection
from statedfigures.display.format import computed
from statedfigures.display.messages import Thresholds
from statedfigures.display.words import Quantity
from statedfigures.sources.records import ReleaseTables

POOLED, POOL = "pooled", "pool"
MEDIAN, LOW_50, HIGH_50, LOW_90, HIGH_90 = 0.5, 0.25, 0.75, 0.05, 0.95
HORIZON = "parameter:horizon_year"
SCENARIO = "parameter:scenario"
_Quantiles = Mapping[tuple[str, str, int], Mapping[float, float]]
_latest: list[tuple[pd.DataFrame, _Quantiles]] = []


def thresholds(tables: ReleaseTables) -> Thresholds:
    """Take what counts as little change and as likely out of the register.

    Raises
    ------
    AssumptionError
        If the register lacks one of the two.
    """
    little, likely = message_rows(tables)
    return Thresholds(
        little_change_percent=little.central,
        likely=likely.central,
        inputs=(f"assumption:{little.id}", f"assumption:{likely.id}"),
    )


def quantiles_of(
    projection: Projection, scenario: str, target_year: int, model: str = POOL
) -> Mapping[float, float]:
    """Give quantile level to value for one scenario, model and year.

    Parameters
    ----------
    projection
        The projection.
    scenario
        ``low``, ``central``, ``high`` or ``pooled``.
    target_year
        A year after the base year, up to the horizon.
    model
        A form, or ``pool`` for all of them by weight.

    Returns
    -------
    Mapping of float to float
        Levels in rising order; values in the unit of the series.

    Raises
    ------
    ValueError
        If the projection has no such rows.
    """
    found = _by_year(projection).get((scenario, model, target_year))
    if not found:
        raise ValueError(f"no rows for {scenario}, {model} and {target_year}")
    return dict(sorted(found.items()))


def _by_year(projection: Projection) -> _Quantiles:
    """Index the rows of a projection; the last one asked for is kept.

    A chart or table asks for many years of one projection in turn, and
    searching its rows each time would take longer than drawing.
    """
    rows = projection.rows
    if _latest and _latest[0][0] is rows:
        return _latest[0][1]
    found: dict[tuple[str, str, int], dict[float, float]] = {}
    columns = ("scenario", "model", "target_year", "output_type_id", "value")
    for scenario, model, target_year, level, value in zip(
        *(rows[name].tolist() for name in columns), strict=True
    ):
        found.setdefault((scenario, model, int(target_year)), {})[float(level)] = float(value)
    _latest[:] = [(rows, found)]
    return found


def projected(projection: Projection, scenario: str, target_year: int, level: float) -> Quantity:
    """Give one quantile of the pooled models as a quantity."""
    value = quantiles_of(projection, scenario, target_year)[level]
    return projected_value(projection, value)


def projected_value(projection: Projection, value: float) -> Quantity:
    """Give a projected value as a quantity with the projection's inputs."""
    return computed(
        value,
        projection.series.unit,
        projection.inputs,
        "a quantile of the draws: base times growth under the form, scenario and year shown",
    )


def share_of_draws(projection: Projection, lower: float, upper: float) -> Quantity:
    """Give the share of the draws that a range holds: the level of the range."""
    return computed(
        round(100 * (upper - lower), 6),
        "percent",
        projection.inputs,
        "the share of the draws inside the range",
    )


def base_value(projection: Projection) -> Quantity:
    """Give the central value of the base, with the figure it starts from."""
    return computed(
        projection.base_quantiles[MEDIAN],
        projection.series.unit,
        projection.inputs,
        "the middle of the values that the stated base may stand for",
    )
