"""Scores of the register: how much each assumption matters, and at what risk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from statedfigures.analysis.records import Sensitivity
from statedfigures.analysis.register import Register
from statedfigures.sources.records import Assumption, ReleaseTables

# How doubtful each typed rating is, in equal steps.
DOUBT: Mapping[str, int] = {"strong": 0, "moderate": 1, "weak": 2}
STRONG = "strong"


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """An assumption rated strong that leaves more uncertainty than strong evidence would.

    ``sensitivity_score`` is its largest total index, ``threshold`` the index
    from which the register calls that a contradiction.
    """

    assumption: Assumption
    sensitivity_score: float
    threshold: float
    inputs: tuple[str, ...]


def register_scores(
    tables: ReleaseTables, sensitivities: Iterable[Sensitivity]
) -> Mapping[str, tuple[float, float]]:
    """Compute the sensitivity and the risk score of every assumption that was varied.

    Parameters
    ----------
    tables
        The tables of the release.
    sensitivities
        Sensitivities of all headlines.

    Returns
    -------
    Mapping
        Id of the assumption to its sensitivity score and its risk score, both
        from 0 to 1. An assumption that no headline reads is left out.

    Notes
    -----
    The sensitivity score is the largest total Sobol index over the headlines,
    the risk score that index times doubt: a third of it for a strong rating,
    two thirds for a moderate one, all of it for a weak one. Likelihood times
    impact, as in The AQuA Book, HM Treasury, 2015.
    """
    largest: dict[str, float] = {}
    for sensitivity in sensitivities:
        for row in sensitivity.rows:
            total = min(max(row.total, 0.0), 1.0)
            largest[row.assumption] = max(largest.get(row.assumption, 0.0), total)
    steps = 1 + max(DOUBT.values())
    return {
        name: (score, score * (1 + DOUBT[tables.assumptions[name].quality]) / steps)
        for name, score in sorted(largest.items())
    }


def quality_findings(
    tables: ReleaseTables, scores: Mapping[str, tuple[float, float]]
) -> tuple[QualityFinding, ...]:
    """Find the typed ratings that the computed scores contradict.

    Parameters
    ----------
    tables
        The tables of the release.
    scores
        See `register_scores`.

    Returns
    -------
    tuple of QualityFinding
        Assumptions rated strong whose sensitivity score reaches the value of
        ``quality_contradiction``, the most sensitive first.

    Raises
    ------
    AssumptionError
        If the register has no such row.
    """
    rule = Register.of(tables).get("quality_contradiction")
    found = [
        QualityFinding(row, scores[row.id][0], rule.central, (f"assumption:{row.id}",))
        for row in tables.assumptions.values()
        if row.quality == STRONG and row.id in scores and scores[row.id][0] >= rule.central
    ]
    return tuple(sorted(found, key=lambda one: (-one.sensitivity_score, one.assumption.id)))
