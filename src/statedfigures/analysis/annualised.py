"""Part-year counts and full-year figures, with the count and the cut-off that join them."""

from __future__ import annotations

from dataclasses import dataclass

from statedfigures.analysis.annualisation import count_to_date, full_year
from statedfigures.analysis.quantiles import MEDIAN, NINETY_PERCENT
from statedfigures.analysis.register import Register
from statedfigures.sources.records import Figure, ReleaseTables


@dataclass(frozen=True, slots=True)
class AnnualisedFigure:
    """A figure for part of a year beside the year it may come to.

    ``elapsed_fraction`` is the part of the year counted; ``to_date`` the count
    in it, stated or implied; the rest are quantiles of the whole year, all in
    the unit of the figure. ``count_is_implied`` is true where the release
    gives the whole year only.
    """

    figure: Figure
    elapsed_fraction: float
    to_date: float
    count_is_implied: bool
    whole_year_q05: float
    whole_year_q50: float
    whole_year_q95: float
    count_inputs: tuple[str, ...]
    inputs: tuple[str, ...]


def annualised_figures(tables: ReleaseTables, topic: str) -> tuple[AnnualisedFigure, ...]:
    """Annualise every figure of a topic that rests on part of a year.

    Parameters
    ----------
    tables
        The tables of a release.
    topic
        A topic of ``figures.csv``.

    Returns
    -------
    tuple of AnnualisedFigure
        Figures with period kind ``part_year`` or qualifier ``projected``, in
        the order of ids; at the central cut-off and spread.

    Raises
    ------
    AssumptionError
        If the register lacks a cut-off or a remaining rate for one.

    Notes
    -----
    Whole year = to date × (1 + remaining/elapsed × r), r log-normal around 1.
    A projected figure is first taken back to the count behind it with r = 1.
    """
    register = Register.of(tables)
    return tuple(
        _annualised(figure, register)
        for figure in sorted(tables.figures.values(), key=lambda figure: figure.id)
        if figure.topic == topic
        and (figure.period_kind == "part_year" or figure.qualifier == "projected")
    )


def _annualised(figure: Figure, register: Register) -> AnnualisedFigure:
    cutoff = register.get("annualisation_cutoff", figure.id)
    rate = register.get("annualisation_remaining_rate", figure.id)
    implied = figure.qualifier == "projected"
    value = float(figure.value)
    to_date = float(count_to_date(value, cutoff.central)) if implied else value
    low, middle, high = (
        float(full_year(to_date, cutoff.central, rate.central, level))
        for level in (NINETY_PERCENT[0], MEDIAN, NINETY_PERCENT[1])
    )
    count_inputs = (f"figure:{figure.id}", f"assumption:{cutoff.id}")
    return AnnualisedFigure(
        figure=figure,
        elapsed_fraction=cutoff.central,
        to_date=to_date,
        count_is_implied=implied,
        whole_year_q05=low,
        whole_year_q50=middle,
        whole_year_q95=high,
        count_inputs=count_inputs,
        inputs=(*count_inputs, f"assumption:{rate.id}"),
    )
