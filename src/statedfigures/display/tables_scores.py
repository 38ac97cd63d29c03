"""The register by how much each assumption matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from statedfigures.analysis.records import Sensitivity
from statedfigures.analysis.scores import QualityFinding
from statedfigures.display.format import computed
from statedfigures.display.phrases import joined, lower_first, traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Provenance, Quantity, sentence
from statedfigures.sources.records import ReleaseTables


def table_register_scores(
    tables: ReleaseTables,
    sensitivities: Iterable[Sensitivity],
    scores: Mapping[str, tuple[float, float]],
    contradictions: Iterable[QualityFinding],
) -> TableView:
    """List the assumptions that move a headline, the riskiest first.

    Parameters
    ----------
    tables
        The tables of the release.
    sensitivities
        Sensitivity of every headline: says which one an assumption moves most.
    scores
        Id of an assumption to its sensitivity and risk score, 0 to 1.
    contradictions
        Ratings that the scores contradict.

    Returns
    -------
    TableView
        One row for each scored assumption, by falling risk score, then id.
    """
    moved: dict[str, tuple[float, str]] = {}
    for sensitivity in sensitivities:
        for row in sensitivity.rows:
            best = moved.get(row.assumption, (-1.0, ""))
            moved[row.assumption] = max(best, (row.total, sensitivity.series.title))
    columns = (
        Column("label", "Assumption"),
        Column("headline", "Headline it moves most"),
        Column("sensitivity", "Sensitivity score", numeric=True),
        Column("quality", "Quality of the evidence"),
        Column("risk", "Risk score", numeric=True),
        Column("finding", "Finding"),
    )
    contradicted = {one.assumption.id: one for one in contradictions}
    rows: list[tuple[Cell, ...]] = []
    for name in sorted(scores, key=lambda one: (-scores[one][1], one)):
        one, (sensitivity_score, risk_score) = tables.assumptions[name], scores[name]
        reference = f"assumption:{name}"
        rows.append(
            (
                Quantity(one.label, None, Provenance((reference,))),
                traced(moved[name][1], reference),
                computed(
                    sensitivity_score,
                    "",
                    [reference],
                    "the largest total index over the headlines",
                    figures=2,
                ),
                one.quality,
                computed(risk_score, "", [reference], "sensitivity times doubt", figures=2),
                "rated stronger than its influence allows" if name in contradicted else "",
            )
        )
    labels = [lower_first(one.assumption.label) for one in contradicted.values()]
    note = (
        sentence("The computed scores contradict the rating of: {labels}.", labels=joined(labels))
        if labels
        else sentence("No rating is contradicted by the computed scores.")
    )
    return TableView(
        id="register-scores",
        caption="Assumptions by how much they matter",
        columns=columns,
        rows=tuple(rows),
        note=note,
    )
