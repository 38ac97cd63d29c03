"""Which assumption moves a headline: tornado, Sobol indices, break-even."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from statedfigures.analysis.breakeven import break_even
from statedfigures.analysis.distributions import Array
from statedfigures.analysis.draws import SLOTS, Draws, draws_from, sobol_draws, sobol_points
from statedfigures.analysis.engine import evaluate, paths
from statedfigures.analysis.horizon import require_horizon
from statedfigures.analysis.messages import MessageRule
from statedfigures.analysis.model import Model, model_of
from statedfigures.analysis.quantiles import MEDIAN, quantiles
from statedfigures.analysis.records import Sensitivity, SensitivityRow
from statedfigures.analysis.reviews import assumptions_as_reviewed
from statedfigures.analysis.values import assumption_values
from statedfigures.analysis.variance import VarianceShares, variance_shares
from statedfigures.sources.records import Assumption, ReleaseTables

# The draw that each of these assumptions rules, besides its own value.
RULED: Mapping[str, str] = {
    "base_hedge": "base",
    "start_hedge": "start",
    "annualisation_remaining_rate": "rest_of_year",
}


def sensitivity_of(
    tables: ReleaseTables, series_id: str, *, horizon_year: int, draws: int, seed: int
) -> Sensitivity:
    """Find out which assumptions move the headline of a series, and by how much.

    Parameters
    ----------
    tables
        The tables of the release.
    series_id
        A series that may be projected. Its headline is the pooled median in
        the horizon year.
    horizon_year
        Year of the headline.
    draws
        Number of Sobol points, a power of two.
    seed
        Seed of their scrambling, 0 or above.

    Returns
    -------
    Sensitivity
        One row for each assumption that the series reads, the largest
        first-order index first: the share of variance that would go if the
        assumption were known, which is what to ask for next.

    Raises
    ------
    ParameterError, AssumptionError, ComparabilityError, DataError
        As for `project_series`.

    Notes
    -----
    An assumption is taken to be known together with the draw that it rules:
    see `slots_known_with`. What is left is the chance of later years, lasting
    or not, and of counting: nobody can know it before.
    """
    model = model_of(tables, series_id)
    require_horizon(tables, model.base.year, horizon_year)
    steps = (horizon_year - model.base.year,)
    chance = sobol_draws(draws, seed)
    shares = headline_variance(model, steps, draws, seed)
    rule = MessageRule.of(tables)
    values, named = assumption_values(model, chance), assumptions_as_reviewed(tables)

    def headline(overrides: dict[str, float]) -> float:
        result = evaluate(model, chance, steps, overrides, drawn=values)
        return float(quantiles(result, (MEDIAN,)).item())

    rows = [
        SensitivityRow(
            assumption=row.id,
            label=named[row.id].label,
            headline_at_low=headline({row.id: row.low}),
            headline_at_high=headline({row.id: row.high}),
            first_order=float(shares.first_order[number]),
            first_order_error=float(shares.first_order_error[number]),
            total=float(shares.total[number]),
            total_error=float(shares.total_error[number]),
            break_even=break_even(model, row, chance, steps, rule, values),
        )
        for number, row in enumerate(model.assumptions.values())
    ]
    return Sensitivity(
        series=model.series,
        target_year=horizon_year,
        headline=headline({}),
        rows=tuple(sorted(rows, key=lambda row: (-row.first_order, -row.total, row.assumption))),
        inputs=(
            *model.references,
            "parameter:horizon_year",
            "parameter:draws",
            "parameter:seed",
        ),
    )


def headline_variance(
    model: Model, steps: tuple[int, ...], draws: int, seed: int
) -> VarianceShares:
    """Share out the variance of the logarithm of a headline over the assumptions.

    Parameters
    ----------
    model
        The model of the series.
    steps
        One number of years after the base.
    draws, seed
        As for `sensitivity_of`.

    Returns
    -------
    VarianceShares
        In the order of ``model.assumptions``.
    """
    points = sobol_points(2 * len(SLOTS), draws, seed)
    one, other = draws_from(points[: len(SLOTS)]), draws_from(points[len(SLOTS) :])

    def logarithm(chance: Draws) -> Array:
        drawn = assumption_values(model, chance)
        return np.asarray(np.log(paths(model, drawn, chance, steps)[0]))

    mixed = [
        logarithm(one.with_slots_of(other, slots_known_with(model, row)))
        for row in model.assumptions.values()
    ]
    return variance_shares(logarithm(one), logarithm(other), np.stack(mixed))


def slots_known_with(model: Model, row: Assumption) -> tuple[str, ...]:
    """List the slots of the draws that would be known if an assumption were.

    Parameters
    ----------
    model
        The model of a series.
    row
        One of its assumptions.

    Returns
    -------
    tuple of str
        The slots of its value, and of what it rules: the true number behind a
        hedge, the rest of the year behind its rate. A form weight's slot is
        its clock in the choice of the form: see `forms.chosen_form`. The
        chance of later years belongs to none: to know how lasting a surprise
        would be is not to know the surprise.
    """
    slots = [slot for slot, one in model.rows.items() if one is row]
    return tuple(slots + [RULED[slot] for slot in slots if slot in RULED])
