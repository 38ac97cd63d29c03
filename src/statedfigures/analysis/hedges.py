"""Stated figures as distributions, with the other way to read each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from statedfigures.analysis.quantiles import MEDIAN, NINETY_PERCENT
from statedfigures.analysis.records import HedgedFigure
from statedfigures.analysis.register import Register
from statedfigures.analysis.rules import BOUND, ROUNDING, RULES, hedge_rule
from statedfigures.analysis.spreads import SPREADS, Stated
from statedfigures.errors import ParameterError
from statedfigures.sources.records import Figure, ReleaseTables

# The other way to read each phrase, for the reader to weigh.
ALTERNATIVES: Mapping[str, str] = {
    ROUNDING: "cut off at its last digit rather than rounded",
    "hedge_revision": "final as it stands, never to be revised",
    "hedge_about": "rounded to a coarser step than its digits show",
    "hedge_more_than": "a floor only, with the true number possibly far above it",
    BOUND: "a bound only, which says nothing about the level",
    "claim_almost": "any lower number that a writer would still have rounded up",
    "hedge_may_exceed": "a floor: the number will be reached or passed",
    "hedge_expected": "an order of magnitude rather than an expectation",
    "annualisation_remaining_rate": "certain that the rest of the year is like the part counted",
}


def stated_bounds(tables: ReleaseTables, figure: Figure) -> tuple[float, float, tuple[str, ...]]:
    """Give the floor and the cap of a "more than", with what set them.

    Parameters
    ----------
    tables
        The tables of the release.
    figure
        The stated figure.

    Returns
    -------
    tuple
        Floor and cap in the unit of the figure, and references to the claims
        and figures that were read besides the figure.

    Notes
    -----
    The floor is the stated number and the cap the next number that a writer
    would have used, one rounding step above. A claim that the figure is more
    than n times another bounds it between n and n + 1 times that one, because
    else the writer would have said so; the narrower of the two bounds holds.
    """
    floor, cap = float(figure.value), float(figure.value + figure.rounded_to)
    inputs: list[str] = []
    for claim in sorted(tables.claims.values(), key=lambda claim: claim.id):
        if (claim.to_figure, claim.kind, claim.qualifier) != (figure.id, "multiple", "more_than"):
            continue
        if claim.stated_value is None or claim.from_figure not in tables.figures:
            continue
        other = tables.figures[claim.from_figure]
        lowest = float(claim.stated_value * other.value)
        highest = float((claim.stated_value + 1) * other.value)
        if max(floor, lowest) < min(cap, highest):
            floor, cap = max(floor, lowest), min(cap, highest)
            inputs += [f"claim:{claim.id}", f"figure:{other.id}"]
    return floor, cap, tuple(inputs)


def hedged_figure(tables: ReleaseTables, figure: Figure) -> HedgedFigure:
    """Give a stated figure as a distribution, at the central values of its rule.

    Parameters
    ----------
    tables
        The tables of the release.
    figure
        The stated figure.

    Returns
    -------
    HedgedFigure
        5%, 50% and 95% quantiles in the unit of the figure. A count for part
        of a year stays one; a figure for a year that was projected from a
        part of it is annualised anew.

    Raises
    ------
    AssumptionError
        If the register lacks the rule.
    """
    register, rule = Register.of(tables), hedge_rule(figure)
    floor, cap, inputs = stated_bounds(tables, figure)
    rows = [register.get(rule, figure.id)] if rule in RULES else []
    elapsed = 1.0
    if figure.qualifier == "projected":
        rows.append(register.get("annualisation_cutoff", figure.id))
        elapsed = rows[-1].central
    stated = Stated(float(figure.value), float(figure.rounded_to), floor, cap, elapsed)
    levels = np.array([NINETY_PERCENT[0], MEDIAN, NINETY_PERCENT[1]])
    low, middle, high = SPREADS[rule](stated, rows[0].central if rows else 0.0, levels).tolist()
    return HedgedFigure(
        figure=figure,
        rule=rule,
        assumption=rows[0].id if rows else "",
        q05=low,
        q50=middle,
        q95=high,
        alternative=ALTERNATIVES[rule],
        inputs=(
            f"figure:{figure.id}",
            *(f"assumption:{row.id}" for row in rows),
            *(inputs if rule == "hedge_more_than" else ()),
        ),
    )


def hedged_figures(tables: ReleaseTables, topic: str) -> tuple[HedgedFigure, ...]:
    """Give every stated figure of a topic as a distribution, in the order of ids.

    Parameters
    ----------
    tables
        The tables of the release.
    topic
        A topic of ``figures.csv``.

    Returns
    -------
    tuple of HedgedFigure
        Empty where no figure has the topic.

    Raises
    ------
    ParameterError
        If a figure is below zero: no rule covers it.
    """
    figures = sorted(
        (figure for figure in tables.figures.values() if figure.topic == topic),
        key=lambda figure: figure.id,
    )
    for figure in figures:
        if figure.value < 0:
            raise ParameterError(
                f"figures.csv, row {figure.row}, value: {figure.value} is below zero; "
                "the hedges cover counts and shares"
            )
    return tuple(hedged_figure(tables, figure) for figure in figures)
