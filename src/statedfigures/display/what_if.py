"""A place on a page where a reader tries other values of its assumptions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from statedfigures.analysis.messages import message_rows
from statedfigures.analysis.model import Model, model_of
from statedfigures.analysis.records import Sensitivity, TopicStudy
from statedfigures.analysis.reviews import assumptions_as_reviewed
from statedfigures.display.format import assumed, digits, noun
from statedfigures.display.heading import thresholds
from statedfigures.display.inline import Field
from statedfigures.display.records import Control, WhatIf
from statedfigures.display.what_if_engine import engine_data, varies
from statedfigures.display.what_if_words import changing_words, followed_of
from statedfigures.display.words import Provenance, sentence
from statedfigures.sources.records import Assumption

_FEWEST_STEPS = 40


def what_if(
    study: TopicStudy, sensitivities: Iterable[Sensitivity], *, draws: int, seed: int
) -> WhatIf:
    """Let a reader move the assumptions of a topic's projections.

    Parameters
    ----------
    study
        The topic, for one scenario and horizon.
    sensitivities
        What moves each projected series: the assumptions that matter most
        come first.
    draws, seed
        Number of Sobol points and seed of their scrambling, as in the study.

    Returns
    -------
    WhatIf
        A control for each assumption whose range has a width, the words that
        follow, and all that the script of the page needs to work as the
        engine does.

    Raises
    ------
    ParameterError, AssumptionError, ComparabilityError, DataError
        As for `projections.project_series`.
    """
    models = {one.series.id: model_of(study.tables, one.series.id) for one in study.projections}
    identity, as_reviewed = f"what-if-{study.topic}", assumptions_as_reviewed(study.tables)
    rules = thresholds(study.tables)
    words = {one.series.id: changing_words(one) for one in study.projections}
    rows = dict(zip(("little_change_percent", "likely"), message_rows(study.tables), strict=True))
    data = engine_data(study, models, rows, words, draws=draws, seed=seed)
    return WhatIf(
        id=identity,
        controls=tuple(
            replace(control, label=as_reviewed[control.assumption].label)
            for control in _controls(models, tuple(rows.values()), sensitivities)
        ),
        followed=tuple(
            followed_of(one, study.scenario, rules, identity) for one in study.projections
        ),
        note=sentence(
            "Worked out in this page, by the formulas of the report and with {points} of its "
            "points. Nothing is sent anywhere.",
            points=Field(digits(draws), float(draws), Provenance(("parameter:draws",)), "points"),
        ),
        engine=json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
    )


def _controls(
    models: Mapping[str, Model],
    every: Sequence[Assumption],
    sensitivities: Iterable[Sensitivity],
) -> Iterable[Control]:
    """Give a control for each assumption that has a range, the most influential first.

    Those in `every` are read for every series, whatever its model.
    """
    rows = {row.id: row for row in every}
    for model in models.values():
        rows |= model.assumptions
    influence: dict[str, float] = {}
    for one in (row for sensitivity in sensitivities for row in sensitivity.rows):
        influence[one.assumption] = max(one.first_order, influence.get(one.assumption, 0.0))
    for row in sorted(rows.values(), key=lambda row: (-influence.get(row.id, 0.0), row.id)):
        if row.low < row.high:
            yield Control(
                assumption=row.id,
                label=row.label,
                unit=noun(row.unit),
                series=tuple(
                    name
                    for name, one in models.items()
                    if row in every or row.id in one.assumptions
                ),
                low=assumed(row, row.low),
                central=assumed(row, row.central),
                high=assumed(row, row.high),
                step=step_of(row.low, row.central, row.high),
                varies=varies(row),
            )


def step_of(low: float, central: float, high: float) -> float:
    """Choose the least move of a slider, so that it can stand at all three values.

    Parameters
    ----------
    low, central, high
        Values of an assumption; the low below the high.

    Returns
    -------
    float
        One, two or five times a power of ten: the largest that divides both
        parts of the range and leaves forty steps or more.

    Examples
    --------
    >>> step_of(0.1, 0.4, 0.8), step_of(5.0, 10.0, 26.0), step_of(0.8329, 0.9452, 0.9452)
    (0.01, 0.5, 0.0001)
    """
    first, middle, last = (Decimal(repr(value)) for value in (low, central, high))
    width = last - first
    power = width.adjusted()
    while True:
        for digit in (5, 2, 1):
            step = Decimal(digit).scaleb(power)
            whole = not (middle - first) % step and not width % step
            if whole and width / step >= _FEWEST_STEPS:
                return float(step)
        power -= 1
