"""One topic of a release, studied for one set of parameters.

A page of the report is about one topic. This module joins what the other
modules compute about it, and computes nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from statedfigures.analysis.annualised import Annualised, annualised_of
from statedfigures.analysis.claims import judge_claims, locator_key
from statedfigures.analysis.hedges import hedged_figures
from statedfigures.analysis.messages import message_rows
from statedfigures.analysis.outturn import outturn_of
from statedfigures.analysis.projections import bounds_of, project_series
from statedfigures.analysis.published import cross_check, implied_denominators
from statedfigures.analysis.records import (
    ClaimResult,
    CrossCheck,
    ImpliedDenominator,
    Outturn,
    Sensitivity,
    TopicStudy,
)
from statedfigures.analysis.sensitivity import sensitivity_of
from statedfigures.errors import ParameterError
from statedfigures.sources.records import Figure, PublishedFigure, ReleaseTables, Series


@dataclass(frozen=True, slots=True)
class ReleaseStudy:
    """What the release states as a whole, judged and held against other sources."""

    tables: ReleaseTables
    figures: tuple[Figure, ...]
    claims: tuple[ClaimResult, ...]
    cross_checks: tuple[CrossCheck, ...]
    denominators: tuple[ImpliedDenominator, ...]
    published: tuple[PublishedFigure, ...]


def in_order_of_the_release(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Sort figures by their place in the release, then by id."""
    return tuple(sorted(figures, key=lambda figure: (locator_key(figure.locator), figure.id)))


def study_release(tables: ReleaseTables) -> ReleaseStudy:
    """Judge every claim of a release and hold its figures against other sources.

    Parameters
    ----------
    tables
        The tables of a release.

    Returns
    -------
    ReleaseStudy
        Figures and claims in the order of the release, figures published
        elsewhere by series and period.
    """
    published = sorted(tables.published.values(), key=lambda row: (row.series, row.period))
    return ReleaseStudy(
        tables=tables,
        figures=in_order_of_the_release(tables.figures.values()),
        claims=judge_claims(tables),
        cross_checks=cross_check(tables),
        denominators=implied_denominators(tables),
        published=tuple(published),
    )


def _series_of(tables: ReleaseTables, topic: str, projectable: str) -> list[Series]:
    chosen = [
        series
        for series in tables.series.values()
        if series.topic == topic and series.projectable == projectable
    ]
    return sorted(chosen, key=lambda series: series.id)


def study_topic(
    tables: ReleaseTables,
    topic: str,
    *,
    scenario: str,
    horizon_year: int,
    draws: int,
    seed: int,
) -> TopicStudy:
    """Study one topic: its figures, claims, checks and projections.

    Parameters
    ----------
    tables
        The tables of a release.
    topic
        A topic of ``figures.csv``, such as ``offences``.
    scenario
        The scenario that headlines are told in: low, central or high.
    horizon_year
        Last year projected.
    draws
        Number of Sobol points, a power of two.
    seed
        Seed of their scrambling, 0 or above.

    Returns
    -------
    TopicStudy
        Figures and claims in the order of the release's locators; projections
        and bounds in the order of their ids.

    Raises
    ------
    ParameterError
        If no figure has the topic.
    """
    topics = sorted({figure.topic for figure in tables.figures.values()})
    if topic not in topics:
        near = get_close_matches(topic, topics, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(topics)}"
        raise ParameterError(f"parameter topic: no figure has the topic {topic!r}; {hint}")
    choices = {"horizon_year": horizon_year, "draws": draws, "seed": seed}
    figures = (figure for figure in tables.figures.values() if figure.topic == topic)
    return TopicStudy(
        tables=tables,
        topic=topic,
        scenario=scenario,
        horizon_year=horizon_year,
        figures=in_order_of_the_release(figures),
        claims=tuple(result for result in judge_claims(tables) if result.claim.topic == topic),
        cross_checks=tuple(check for check in cross_check(tables) if check.figure.topic == topic),
        denominators=tuple(
            implied for implied in implied_denominators(tables) if implied.claim.topic == topic
        ),
        hedges=hedged_figures(tables, topic),
        projections=tuple(
            project_series(tables, series.id, **choices)
            for series in _series_of(tables, topic, "yes")
        ),
        bounds=tuple(
            bounds_of(tables, series.id) for series in _series_of(tables, topic, "bounds_only")
        ),
    )


def study_sensitivity(
    tables: ReleaseTables, topic: str, *, horizon_year: int, draws: int, seed: int
) -> tuple[Sensitivity, ...]:
    """Find out which assumption moves each headline of a topic, and by how much.

    Parameters
    ----------
    tables, topic, horizon_year, draws, seed
        As for `study_topic`.

    Returns
    -------
    tuple of Sensitivity
        One for each projected series of the topic, in the order of their ids.
    """
    return tuple(
        sensitivity_of(tables, series.id, horizon_year=horizon_year, draws=draws, seed=seed)
        for series in _series_of(tables, topic, "yes")
    )


def study_register(
    tables: ReleaseTables, *, horizon_year: int, draws: int, seed: int
) -> tuple[Sensitivity, ...]:
    """Find out how much each assumption moves each headline of the whole report.

    Parameters
    ----------
    tables, horizon_year, draws, seed
        As for `study_topic`.

    Returns
    -------
    tuple of Sensitivity
        One for each projected series, in the order of topics and ids.
    """
    topics = sorted({series.topic for series in tables.series.values()})
    choices = {"horizon_year": horizon_year, "draws": draws, "seed": seed}
    return tuple(one for topic in topics for one in study_sensitivity(tables, topic, **choices))


def inputs_of(study: TopicStudy) -> tuple[str, ...]:
    """Name every row that a topic's results were computed from.

    Parameters
    ----------
    study
        The study of a topic.

    Returns
    -------
    tuple of str
        References such as ``assumption:damping``, each once, sorted.
    """
    rows = _rows_behind(
        *study.claims, *study.cross_checks, *study.denominators, *study.hedges,
        *study.projections, *study.bounds,
    )  # fmt: skip
    if not study.projections:
        return rows
    return tuple(sorted({*rows, *(f"assumption:{row.id}" for row in message_rows(study.tables))}))


def inputs_of_release(study: ReleaseStudy) -> tuple[str, ...]:
    """Name every row that the checks of a whole release were computed from: see `inputs_of`."""
    return _rows_behind(*study.claims, *study.cross_checks, *study.denominators)


def inputs_of_outturns(outturns: Iterable[Outturn]) -> tuple[str, ...]:
    """Name every row that projections and their scores were computed from: see `inputs_of`."""
    return _rows_behind(*outturns)


def _rows_behind(*results: Any) -> tuple[str, ...]:
    return tuple(sorted({reference for result in results for reference in result.inputs}))


def study_annualised(
    tables: ReleaseTables, topic: str, *, draws: int, seed: int
) -> tuple[Annualised, ...]:
    """Show how the bases of a topic that cover part of a year become whole years.

    Parameters
    ----------
    tables, topic, draws, seed
        As for `study_topic`.

    Returns
    -------
    tuple of Annualised
        One for each projected series whose base covers part of a year, in the
        order of their ids.
    """
    results = (
        annualised_of(tables, series.id, draws=draws, seed=seed)
        for series in _series_of(tables, topic, "yes")
    )
    return tuple(result for result in results if result is not None)


def study_outturn(tables: ReleaseTables, *, draws: int, seed: int) -> tuple[Outturn, ...]:
    """Hold every projection made from the release alone against what came later.

    Parameters
    ----------
    tables, draws, seed
        As for `study_topic`.

    Returns
    -------
    tuple of Outturn
        One for each projected series, in the order of their ids; a series
        without outturns says why.
    """
    projected = sorted(
        series.id for series in tables.series.values() if series.projectable == "yes"
    )
    return tuple(outturn_of(tables, name, draws=draws, seed=seed) for name in projected)


def with_outturn(outturns: Iterable[Outturn]) -> tuple[Outturn, ...]:
    """Keep the series for which something was published later, in their order."""
    return tuple(outturn for outturn in outturns if outturn.years)
