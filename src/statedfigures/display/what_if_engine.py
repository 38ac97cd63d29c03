"""What the script of a page needs to repeat the engine, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from statedfigures.analysis.draws import SLOTS, dimensions_for, sobol_points
from statedfigures.analysis.model import Level, Model
from statedfigures.analysis.quantiles import LEVELS
from statedfigures.analysis.recipes import recipe_of
from statedfigures.analysis.records import Projection, TopicStudy
from statedfigures.analysis.scenarios import scenario_overrides, years_drawn, years_drawn_first
from statedfigures.analysis.values import FORM_SLOTS
from statedfigures.analysis.walks import bridges_of
from statedfigures.display.messages import Direction, Thresholds
from statedfigures.display.tables_projection import RANGE_COLUMNS
from statedfigures.display.what_if_words import is_logarithmic
from statedfigures.sources.records import Assumption

# What of a row the engine reads.
_READ = ("low", "central", "high", "allowed_min", "allowed_max")


def engine_data(
    study: TopicStudy,
    models: Mapping[str, Model],
    rules: Thresholds,
    words: Mapping[str, Mapping[str, Sequence[str]]],
    *,
    draws: int,
    seed: int,
) -> dict[str, Any]:
    """Give models, assumptions and points as values that JSON has.

    Parameters
    ----------
    study
        The topic.
    models
        Id of each projected series to its model.
    rules
        What counts as little change and as likely.
    words
        Id of each series to the words that change when a reader holds
        nothing, something, or everything.
    draws, seed
        Number of Sobol points and seed of their scrambling.

    Returns
    -------
    dict
        ``assumptions`` (id to what is read of the row and its unit),
        ``draws``, ``levels`` of the quantiles, ``names`` of those that are
        shown, ``points`` (years covered to the recipe of their draws),
        ``rules``, ``series`` (a list) and ``ways`` (the words of each direction).
    """
    rows: dict[str, Assumption] = {}
    furthest: dict[int, int] = {}
    for projection in study.projections:
        model = models[projection.series.id]
        rows |= model.assumptions
        years = years_drawn(study.tables, model)
        steps = projection.horizon_year - projection.base_year
        furthest[years] = max(steps, furthest.get(years, 0))
    first = years_drawn_first(study.tables)
    return {
        "assumptions": {
            name: {column: getattr(row, column) for column in _READ}
            | {"unit": row.unit, "distribution": row.distribution if varies(row) else "fixed"}
            for name, row in rows.items()
        },
        "draws": draws,
        "levels": LEVELS,
        "names": [[name, level] for name, _, level in RANGE_COLUMNS],
        "points": {
            str(years): points_data(years, first, steps, draws=draws, seed=seed)
            for years, steps in furthest.items()
        },
        "rules": {
            "little_change_percent": rules.little_change_percent,
            "likely": rules.likely,
        },
        "series": [
            _series(study, one, models[one.series.id]) | {"words": words[one.series.id]}
            for one in study.projections
        ],
        "ways": {way.name: way.value for way in Direction},
    }


def varies(row: Assumption) -> bool:
    """Say whether an assumption is drawn: a form's weight is not, since its slot draws the form."""
    return row.distribution != "fixed" and row.rule not in FORM_SLOTS


def points_data(years: int, first: int, steps: int, *, draws: int, seed: int) -> dict[str, Any]:
    """Give the recipes of the draws that some years need, by what they draw.

    Parameters
    ----------
    years, first
        See `draws.draws_from`.
    steps
        Number of years that are projected, `years` at most.
    draws, seed
        See `draws.sobol_points`.

    Returns
    -------
    dict
        ``slots`` (name to recipe), ``bridges`` (years of the walk in the order
        in which they are drawn, each with its recipe) and ``counts`` (a recipe
        for each year).
    """
    recipes = recipe_of(sobol_points(dimensions_for(years), draws, seed)).tolist()
    slots = dict(zip(SLOTS, recipes, strict=False))
    rest = recipes[len(SLOTS) :]
    walk = [slots["first_years"], *rest[1::2]]
    needed = set(range(1, steps + 1))
    bridges = []
    for bridge, recipe in reversed(list(zip(bridges_of(years, first), walk, strict=True))):
        if bridge.year in needed:
            needed |= {bridge.before, bridge.after or 0}
            bridges.append({**asdict(bridge), "recipe": recipe})
    return {"slots": slots, "bridges": bridges[::-1], "counts": rest[::2][:steps]}


def _series(study: TopicStudy, projection: Projection, model: Model) -> dict[str, Any]:
    return {
        "id": projection.series.id,
        "unit": projection.series.unit,
        "horizon_year": projection.horizon_year,
        "marked_from": projection.marked_from,
        "points": str(years_drawn(study.tables, model)),
        "base": _level(model.base),
        "start": None if model.start is None else _level(model.start),
        "rise": model.rise,
        # In the order of the model: a row that serves two slots is drawn by the first.
        "rows": [[slot, row.id] for slot, row in model.rows.items()],
        "scenario": scenario_overrides(model, study.scenario),
        "wide": is_logarithmic(projection),
    }


def _level(level: Level) -> dict[str, Any]:
    return asdict(level)
