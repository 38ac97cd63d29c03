"""What depends on an assumption: the topics and the projected series that read it."""

from __future__ import annotations

from collections.abc import Mapping

from statedfigures.analysis.register import Register
from statedfigures.analysis.rules import EVERY, REPORT_RULES, register_reads
from statedfigures.errors import AssumptionError
from statedfigures.sources.records import ReleaseTables


def topics_by_assumption(tables: ReleaseTables) -> Mapping[str, tuple[str, ...]]:
    """Name the topics whose results read each assumption.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    Mapping
        Id of each assumption that is read to topics that have a series,
        sorted. A rule that is read for everything serves every topic with a
        projected series.
    """
    projected = {one.topic for one in tables.series.values() if one.projectable == "yes"}
    with_series = {one.topic for one in tables.series.values()}
    topic_of = {
        **{one.id: one.topic for one in tables.figures.values()},
        **{one.id: one.topic for one in tables.claims.values()},
        **{one.id: one.topic for one in tables.series.values()},
    }
    found: dict[str, set[str]] = {}
    for name, target in _read(tables):
        topics = projected if target == EVERY else {topic_of[target]} & with_series
        found.setdefault(name, set()).update(topics)
    for series in tables.series.values():
        for name in _of_figures(tables, series.figures) if series.projectable == "yes" else ():
            found[name].add(series.topic)
    return {name: tuple(sorted(topics)) for name, topics in sorted(found.items())}


def series_by_assumption(tables: ReleaseTables) -> Mapping[str, tuple[str, ...]]:
    """Name the projected series that read each assumption.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    Mapping
        Id of each assumption that a projection reads to ids of series, sorted.
        What rules the words of the report alone is none of them.
    """
    reading = dict(_pairs_by_target(tables))
    found: dict[str, set[str]] = {}
    for series in tables.series.values():
        if series.projectable == "yes":
            sources = (
                series.id, series.base_figure, series.growth_from, series.growth_claim, EVERY
            )  # fmt: skip
            for name in {name for source in sources for name in reading.get(source, ())}:
                if tables.assumptions[name].rule not in REPORT_RULES:
                    found.setdefault(name, set()).add(series.id)
    return {name: tuple(sorted(names)) for name, names in sorted(found.items())}


def _read(tables: ReleaseTables) -> list[tuple[str, str]]:
    """Give each assumption that is read, with the target that it is read for."""
    register = Register.of(tables)
    found = []
    for rule, target in sorted(register_reads(tables)):
        try:
            found.append((register.get(rule, target).id, target))
        except AssumptionError:
            continue  # what lacks a row is a fault of the tables, and told by check
    return found


def _pairs_by_target(tables: ReleaseTables) -> Mapping[str, set[str]]:
    reading: dict[str, set[str]] = {}
    for name, target in _read(tables):
        reading.setdefault(target, set()).add(name)
    return reading


def _of_figures(tables: ReleaseTables, figures: tuple[str, ...]) -> set[str]:
    reading = _pairs_by_target(tables)
    return {name for figure in figures for name in reading.get(figure, ())}
