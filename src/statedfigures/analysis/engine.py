"""The one formula behind projections, sensitivity, break-even and outturn.

`paths` turns a model, values of its assumptions and draws into paths; nothing
else holds the formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from statedfigures.analysis.annualisation import count_to_date, full_year
from statedfigures.analysis.distributions import Array, Number
from statedfigures.analysis.draws import Draws
from statedfigures.analysis.forms import FORMS, Shape, chosen_form
from statedfigures.analysis.growth import count_noise, future_growth, observed_growth, shocks
from statedfigures.analysis.model import Level, Model
from statedfigures.analysis.spreads import SPREADS, about_multiple
from statedfigures.analysis.values import FORM_SLOTS, Values, assumption_values, held_values

POOL = "pool"
MODELS = (*FORMS, POOL)


def level_values(level: Level, values: Values, draws: Draws, slot: str) -> Array:
    """Draw the level of a stated figure, annualised where it covers part of a year.

    Parameters
    ----------
    level
        The figure and its rule.
    values
        Values of the assumptions: see `assumption_values`.
    draws
        The draws.
    slot
        ``base`` or ``start``.

    Returns
    -------
    ndarray
        Shape (draws,), unit of the figure.
    """
    uniform = draws.of(slot)
    if not level.annualised:
        return SPREADS[level.rule](level.stated, values.get(f"{slot}_hedge", 0.0), uniform)
    elapsed = values["annualisation_cutoff"]
    if level.rule == "annualisation_remaining_rate":
        to_date = count_to_date(level.stated.value, level.stated.elapsed)
    else:
        to_date = SPREADS[level.rule](level.stated, values.get(f"{slot}_hedge", 0.0), uniform)
    log_spread = values["annualisation_remaining_rate"]
    return full_year(to_date, elapsed, log_spread, draws.of("rest_of_year"))


def growth_values(model: Model, values: Values, draws: Draws, base: Array) -> tuple[Array, Number]:
    """Draw the observed growth and the span it was observed over.

    Parameters
    ----------
    model, values, draws
        As for `paths`.
    base
        Expected level in the base year, shape (draws,).

    Returns
    -------
    tuple
        Log growth per year, shape (draws,), and years.
    """
    if model.start is None:
        years = values["growth_period_years"]
        half_width = values.get("start_hedge", 0.0)
        multiple = 1 + about_multiple(model.rise, half_width, draws.of("start"))
        return observed_growth(1.0, multiple, years), years
    start = level_values(model.start, values, draws, "start")
    start = np.exp(count_noise(np.log(start), values["overdispersion"], draws.start_count))
    years = float(model.base.year - model.start.year)
    return observed_growth(start, base, years), years


def paths(
    model: Model, values: Values, draws: Draws, steps: tuple[int, ...], form: str = POOL
) -> Array:
    """Project a series: the formula of every projection in the report.

    Parameters
    ----------
    model
        The model of the series.
    values
        Values of its assumptions: see `assumption_values`.
    draws
        The draws.
    steps
        Years after the base, each 1 or more.
    form
        A key of `FORMS`, or ``pool`` for one chosen in each draw by weight.

    Returns
    -------
    ndarray
        Shape (steps, draws), unit of the series.

    Notes
    -----
    For year k after the base B, on the log scale: ln B + form(g, k) + shocks
    + chance of counting, with g = (1 - level shift) * observed + change.
    Each year has the distribution that it should have. What chance adds to
    growth is one number for all years of a draw, and so is what it adds to
    counts, so that a draw is not a course of events from year to year.
    """
    base = np.log(level_values(model.base, values, draws, "base"))
    base = count_noise(base, values["overdispersion"], draws.base_count)
    observed, years = growth_values(model, values, draws, np.exp(base))
    growth = future_growth(observed, values["level_shift_share"], values["growth_change"])
    shape = Shape(years, values["damping"], values["saturation_ceiling"])
    ahead = np.asarray(steps, dtype=np.float64)[:, np.newaxis]
    path = _form_paths(form, growth, ahead, shape, values, draws)
    path += base + shocks(
        values["growth_volatility"],
        values["growth_persistence"],
        draws.later_growth,
        ahead,
    )
    return np.exp(count_noise(path, values["overdispersion"], draws.later_count))


def _form_paths(
    form: str, growth: Array, ahead: Array, shape: Shape, values: Values, draws: Draws
) -> Array:
    if form != POOL:
        return FORMS[form](growth, ahead, shape)
    weights = tuple(float(values[slot]) for slot in FORM_SLOTS)
    path = np.empty((len(ahead), growth.size))
    for function, where in zip(FORMS.values(), _draws_of_forms(draws, weights), strict=True):
        part = Shape(
            *(_take(each, where) for each in (shape.span_years, shape.damping, shape.ceiling))
        )
        path[:, where] = function(growth[where], ahead, part)
    return path


@lru_cache(maxsize=2**2)
def _draws_of_forms(draws: Draws, weights: tuple[float, ...]) -> tuple[NDArray[np.int64], ...]:
    """Give the positions of the draws in which each form is chosen.

    They are kept, because a sensitivity asks hundreds of times with the same weights.
    """
    uniforms = np.stack([draws.of(slot) for slot in FORM_SLOTS])
    chosen = chosen_form(weights, uniforms)
    return tuple(np.flatnonzero(chosen == number) for number in range(len(FORMS)))


def _take(value: Number, where: NDArray[np.int64]) -> Number:
    return value[where] if isinstance(value, np.ndarray) else value


def evaluate(
    model: Model,
    draws: Draws,
    steps: tuple[int, ...],
    overrides: Mapping[str, float] | None = None,
    form: str = POOL,
    drawn: Values | None = None,
) -> Array:
    """Project a series with some assumptions held.

    Parameters
    ----------
    model, draws, steps, form
        As for `paths`.
    overrides
        Id of an assumption to its value.
    drawn
        Values of all assumptions where they have been drawn already.

    Returns
    -------
    ndarray
        As for `paths`.

    Raises
    ------
    AssumptionError
        As for `assumption_values`.
    """
    if drawn is None:
        values = assumption_values(model, draws, overrides)
    else:
        values = held_values(model, overrides or {}, drawn)
    return paths(model, values, draws, steps, form)
