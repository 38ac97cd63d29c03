"""Cells of the register: how much an assumption matters, where it turns, what rests on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from statedfigures.analysis.dependants import series_by_assumption, topics_by_assumption
from statedfigures.analysis.records import Sensitivity
from statedfigures.display.format import computed
from statedfigures.display.inline import PageLink
from statedfigures.display.phrases import joined, lower_first, traced
from statedfigures.display.records import Cell
from statedfigures.display.words import Provenance, Sentence, sentence
from statedfigures.sources.records import Assumption, ReleaseTables


def score_cells(name: str, scores: Mapping[str, tuple[float, float]]) -> tuple[Cell, Cell]:
    """Give the sensitivity and the risk score of an assumption, or nothing.

    Parameters
    ----------
    name
        Id of the assumption.
    scores
        See `register_scores`.
    """
    if name not in scores:
        return None, None
    reference, (sensitivity, risk) = [f"assumption:{name}"], scores[name]
    return (
        computed(sensitivity, "", reference, "the largest total index over the headlines",
                 figures=2),
        computed(risk, "", reference, "sensitivity times doubt", figures=2),
    )  # fmt: skip


def break_even_cell(assumption: Assumption, sensitivities: Sequence[Sensitivity]) -> Cell:
    """Give the value at which the headline that an assumption moves most changes its message.

    Parameters
    ----------
    assumption
        The row.
    sensitivities
        Sensitivity of every headline.

    Returns
    -------
    Sentence, str or None
        ``none`` where no allowed value changes a message; None where no
        headline reads the assumption.
    """
    found = [
        (row.total, sensitivity, row.break_even)
        for sensitivity in sensitivities
        for row in sensitivity.rows
        if row.assumption == assumption.id
    ]
    turning = [one for one in found if one[2] is not None]
    if not turning:
        return "none" if found else None
    _, sensitivity, value = max(turning, key=lambda one: (one[0], one[1].series.id))
    assert value is not None  # noqa: S101 - held by the line above
    reference = (f"assumption:{assumption.id}",)
    return sentence(
        "{value} ({title})",
        value=computed(value, "", reference, "where the headline changes its message"),
        title=traced(lower_first(sensitivity.series.title), *reference),
    )


def dependants_by_assumption(tables: ReleaseTables) -> Mapping[str, Sentence]:
    """Link each assumption to the pages and charts that depend on it.

    Parameters
    ----------
    tables
        The tables of the release. The page of a topic has the topic's name.

    Returns
    -------
    Mapping
        Id of the assumption to links: each page, then the fan chart of each
        projected series.
    """
    series = series_by_assumption(tables)
    found = {}
    for name, topics in topics_by_assumption(tables).items():
        provenance = Provenance((f"assumption:{name}",))
        links = [
            PageLink(topic.replace("_", " "), None, provenance, f"{topic}.html") for topic in topics
        ]
        for one in (tables.series[row] for row in series.get(name, ())):
            address = f"{one.topic}.html#fan-{one.id}"
            links.append(PageLink(lower_first(one.title), None, provenance, address))
        if links:
            found[name] = joined(links)
    return found
