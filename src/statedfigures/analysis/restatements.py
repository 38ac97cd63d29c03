"""Rises from a whole year to part of one, restated for two whole years."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import exp

from statedfigures.analysis.claims import locator_key
from statedfigures.analysis.intervals import (
    PER_HUNDRED,
    exact_fraction,
    interval,
    overlaps,
)
from statedfigures.analysis.periods import WHOLE_YEARS
from statedfigures.analysis.phrases import claim_assumption, claim_reading
from statedfigures.analysis.ratios import multiply, percent_change
from statedfigures.analysis.readings import (
    figure_inputs,
    figure_interval,
)
from statedfigures.analysis.records import Interval
from statedfigures.analysis.register import Register
from statedfigures.sources.records import (
    Assumption,
    Claim,
    Figure,
    ReleaseTables,
)


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """A rise from a whole year to part of one, restated for two whole years.

    ``annualised`` is in the unit of ``to_figure``; ``change_percent`` and
    ``stated`` are in percent. ``central_change_percent`` takes the central
    cut-off, and the rest of the year like the part counted.
    """

    claim: Claim
    from_figure: Figure
    to_figure: Figure
    annualised: Interval
    change_percent: Interval
    central_change_percent: Fraction
    stated: Interval
    agrees: bool
    inputs: tuple[str, ...]


def annualised(to_date: Interval, cutoff: Assumption, remaining_rate: Assumption) -> Interval:
    """Give the whole years that a count to date may grow into.

    Parameters
    ----------
    to_date
        Count in the part of the year.
    cutoff
        Row on the part of the year that has passed, as a fraction of it;
        its low and high are read.
    remaining_rate
        Row on the standard deviation of ln r, where r is the rate in the rest
        of the year over the rate so far; its central value is read.

    Returns
    -------
    Interval
        In the unit of the count.

    Notes
    -----
    Full year = to date × (1 + (1 − e)/e × r), for e from low to high and r
    from exp(−2s) to exp(2s): two standard deviations either way.
    """
    spread = 2 * remaining_rate.central
    slowest, fastest = (exact_fraction(exp(sign * spread)) for sign in (-1, 1))
    latest, earliest = exact_fraction(cutoff.high), exact_fraction(cutoff.low)
    factor = interval(1 + (1 - latest) / latest * slowest, 1 + (1 - earliest) / earliest * fastest)
    return multiply(to_date, factor)


def restated_like_for_like(tables: ReleaseTables) -> tuple[LikeForLike, ...]:
    """Restate every rise from a whole year to part of one for two whole years.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    tuple of LikeForLike
        One for each claim of kind ``percent_change`` whose later figure
        covers part of a year and whose earlier one a whole year; by locator,
        then id.

    Raises
    ------
    AssumptionError
        If the register lacks a cut-off or a remaining rate for the later
        figure, or the rule of a hedge.
    """
    register = Register.of(tables)
    claims = sorted(
        tables.claims.values(), key=lambda claim: (locator_key(claim.locator), claim.id)
    )
    return tuple(
        _restated(claim, stated, tables, register)
        for claim in claims
        if _mixed(claim, tables) and (stated := claim_reading(claim, register)) is not None
    )


def _mixed(claim: Claim, tables: ReleaseTables) -> bool:
    """Say whether a claim is a percent change from a whole year to part of one."""
    if claim.kind != "percent_change" or not (claim.from_figure and claim.to_figure):
        return False
    before, after = tables.figures[claim.from_figure], tables.figures[claim.to_figure]
    return (
        after.period_kind == "part_year"
        and before.period_kind in WHOLE_YEARS
        # No ratio can be taken to a base that may be zero.
        and before.value > 0
        and before.qualifier != "less_than"
    )


def _restated(
    claim: Claim, stated: Interval, tables: ReleaseTables, register: Register
) -> LikeForLike:
    before, after = tables.figures[claim.from_figure], tables.figures[claim.to_figure]
    cutoff = register.get("annualisation_cutoff", after.id)
    rate = register.get("annualisation_remaining_rate", after.id)
    base = figure_interval(before, register)
    whole_year = annualised(figure_interval(after, register), cutoff, rate)
    change = percent_change(base, whole_year)
    central = exact_fraction(after.value) / exact_fraction(cutoff.central)
    phrase = claim_assumption(claim, register)
    inputs = [
        f"claim:{claim.id}",
        *figure_inputs(before, register),
        *figure_inputs(after, register),
        f"assumption:{cutoff.id}",
        f"assumption:{rate.id}",
        *([] if phrase is None else [f"assumption:{phrase.id}"]),
    ]
    return LikeForLike(
        claim=claim,
        from_figure=before,
        to_figure=after,
        annualised=whole_year,
        change_percent=change,
        central_change_percent=(central / exact_fraction(before.value) - 1) * PER_HUNDRED,
        stated=stated,
        agrees=overlaps(change, stated),
        inputs=tuple(dict.fromkeys(inputs)),
    )
