"""What the script of a page needs to repeat the engine, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from statedfigures.analysis.draws import SLOTS, sobol_points
from statedfigures.analysis.model import Level, Model
from statedfigures.analysis.quantiles import LEVELS
from statedfigures.analysis.recipes import recipe_of
from statedfigures.analysis.records import Projection, TopicStudy
from statedfigures.analysis.rules import REPORT_RULES
from statedfigures.analysis.scenarios import scenario_overrides
from statedfigures.analysis.values import FORM_SLOTS
from statedfigures.display.messages import Direction
from statedfigures.display.tables_projection import RANGE_COLUMNS
from statedfigures.display.what_if_words import is_logarithmic
from statedfigures.sources.records import Assumption

# What of a row the engine reads.
_READ = ("low", "central", "high", "allowed_min", "allowed_max")


def engine_data(
    study: TopicStudy,
    models: Mapping[str, Model],
    rules: Mapping[str, Assumption],
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
        Fields of `messages.Thresholds` to the rows that give them.
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
        shown, ``points`` (slot of the draws to the recipe of its points),
        ``rules`` (field to the id of its row), ``series`` (a list) and ``ways``
        (the words of each direction).
    """
    rows = {row.id: row for row in rules.values()}
    for projection in study.projections:
        rows |= models[projection.series.id].assumptions
    recipes = recipe_of(sobol_points(len(SLOTS), draws, seed)).tolist()
    return {
        "assumptions": {
            name: {column: getattr(row, column) for column in _READ}
            | {"unit": row.unit, "distribution": row.distribution if varies(row) else "fixed"}
            for name, row in rows.items()
        },
        "draws": draws,
        "levels": LEVELS,
        "names": [[name, level] for name, _, level in RANGE_COLUMNS],
        "points": dict(zip(SLOTS, recipes, strict=True)),
        "rules": {field: row.id for field, row in rules.items()},
        "series": [
            _series(study, one, models[one.series.id]) | {"words": words[one.series.id]}
            for one in study.projections
        ],
        "ways": {way.name: way.value for way in Direction},
    }


def varies(row: Assumption) -> bool:
    """Say whether an assumption is drawn.

    A form's weight is not, since its slot draws the form; nor is what rules the
    words of the report.
    """
    return row.distribution != "fixed" and row.rule not in (*FORM_SLOTS, *REPORT_RULES)


def _series(study: TopicStudy, projection: Projection, model: Model) -> dict[str, Any]:
    return {
        "id": projection.series.id,
        "unit": projection.series.unit,
        "horizon_year": projection.horizon_year,
        "marked_from": projection.marked_from,
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
