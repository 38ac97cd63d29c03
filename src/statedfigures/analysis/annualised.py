"""Base figures that cover part of a year, made whole, with every step shown."""

from __future__ import annotations

from dataclasses import dataclass

from statedfigures.analysis.annualisation import count_to_date
from statedfigures.analysis.draws import sobol_draws
from statedfigures.analysis.engine import level_values
from statedfigures.analysis.model import model_of
from statedfigures.analysis.quantiles import MEDIAN, NINETY_PERCENT, quantiles
from statedfigures.analysis.values import assumption_values
from statedfigures.sources.records import Figure, ReleaseTables

PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class Annualised:
    """A base figure as a count to date and as a whole year.

    ``to_date`` is the count in the part of the year: stated, or implied by a
    full year that the publisher projected (``implied``). ``elapsed`` is that
    part as a fraction of the year, at its central value; the quantiles are of
    the whole year, in the unit of the figure, with every assumption drawn.
    """

    figure: Figure
    to_date: float
    implied: bool
    elapsed: float
    q05: float
    q50: float
    q95: float
    inputs: tuple[str, ...]


def annualised_of(
    tables: ReleaseTables, series_id: str, *, draws: int, seed: int
) -> Annualised | None:
    """Show how the base of a series becomes a whole year.

    Parameters
    ----------
    tables
        The tables of the release.
    series_id
        A series that may be projected.
    draws
        Number of Sobol points, a power of two.
    seed
        Seed of their scrambling, 0 or above.

    Returns
    -------
    Annualised or None
        None where the base figure covers a whole year as it stands.

    Raises
    ------
    ParameterError, AssumptionError, ComparabilityError, DataError
        As for `project_series`.

    Notes
    -----
    See `annualisation.full_year` and `annualisation.count_to_date`.
    """
    model = model_of(tables, series_id)
    if not model.base.annualised:
        return None
    chance = sobol_draws(draws, seed)
    values = level_values(model.base, assumption_values(model, chance), chance, "base")
    low, middle, high = quantiles(values, (NINETY_PERCENT[0], MEDIAN, NINETY_PERCENT[1])).tolist()
    figure = tables.figures[model.series.base_figure]
    implied = figure.qualifier == PROJECTED
    elapsed = model.rows["annualisation_cutoff"]
    spread = model.rows["annualisation_remaining_rate"]
    stated = model.base.stated.value
    return Annualised(
        figure=figure,
        to_date=float(count_to_date(stated, elapsed.central)) if implied else stated,
        implied=implied,
        elapsed=elapsed.central,
        q05=low,
        q50=middle,
        q95=high,
        inputs=(
            f"figure:{figure.id}",
            f"assumption:{elapsed.id}",
            f"assumption:{spread.id}",
            "parameter:draws",
            "parameter:seed",
        ),
    )
