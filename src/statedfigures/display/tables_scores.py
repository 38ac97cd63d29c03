"""The register by how much each assumption matters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from statedfigures.analysis.records import Sensitivity
from statedfigures.display.format import computed
from statedfigures.display.phrases import joined, lower_first, traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Provenance, Quantity, Sentence, sentence
from statedfigures.sources.records import Assumption


def table_register_scores(
    table_id: str,
    assumptions: Mapping[str, Assumption],
    sensitivities: Iterable[Sensitivity],
    scores: Mapping[str, tuple[float, float]],
    contradicted: Collection[str],
) -> TableView:
    """List the assumptions that move a headline, the riskiest first.

    Parameters
    ----------
    table_id
        Id of the table.
    assumptions
        Id of each assumption to its row.
    sensitivities
        Sensitivity of every headline: says which one an assumption moves most.
    scores
        Id of an assumption to its sensitivity and risk score, 0 to 1.
    contradicted
        Ids of those whose rating the scores contradict.

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
        Column("assumption", "Assumption"),
        Column("headline", "Headline it moves most"),
        Column("sensitivity", "Sensitivity score", numeric=True),
        Column("quality", "Quality of the evidence"),
        Column("risk", "Risk score", numeric=True),
        Column("id", "Id", file_only=True),
        Column("finding", "Finding", file_only=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for name in sorted(scores, key=lambda one: (-scores[one][1], one)):
        one, (sensitivity_score, risk_score) = assumptions[name], scores[name]
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
                traced(name, reference),
                "rated stronger than its influence allows" if name in contradicted else "",
            )
        )
    return TableView(table_id, "Assumptions by how much they matter", columns, tuple(rows))


def contradiction_words(contradicted: Iterable[Assumption]) -> Sentence:
    """Say which ratings the scores contradict.

    Parameters
    ----------
    contradicted
        The assumptions so rated: see `quality_findings`.

    Returns
    -------
    Sentence
        Names each assumption, or says that there is none.
    """
    named = [
        Quantity(lower_first(one.label), None, Provenance((f"assumption:{one.id}",)))
        for one in contradicted
    ]
    if not named:
        return sentence("No rating is contradicted by the computed scores.")
    return sentence("The computed scores contradict the rating of: {labels}.", labels=joined(named))
