"""The answers about the whole release: its measures, the assumptions, the outturn."""

from __future__ import annotations

from collections.abc import Sequence

from statedfigures.analysis.records import Outturn, Sensitivity
from statedfigures.display.format import capitalised, counted
from statedfigures.display.outturns import missing_sentence, outturn_sentence
from statedfigures.display.phrases import joined, lower_first, traced
from statedfigures.display.records import Answer
from statedfigures.display.reviews import reviews_sentence
from statedfigures.display.words import Provenance, Quantity, Sentence, sentence
from statedfigures.sources.records import Assumption, ReleaseTables


def answer_measures(tables: ReleaseTables) -> Answer:
    """Answer how many announced measures have a figure that would show their effect.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    Answer
        The count of measures, of those with an effect figure and by type.
    """
    measures = sorted(tables.measures.values(), key=lambda one: one.id)
    shown = [one for one in measures if one.effect_figure_given]
    every = tuple(f"measure:{one.id}" for one in measures) or ("parameter:release",)
    types = sorted({one.type for one in measures})
    by_type = joined(
        sentence(
            "{count} {kind}",
            count=counted(len(same), same, "count of the measures of this type"),
            kind=traced(kind, *same),
        )
        for kind in types
        for same in [tuple(f"measure:{one.id}" for one in measures if one.type == kind)]
    )
    said = [
        sentence(
            "The release announces {count} measures and gives a figure that would show the effect "
            "of {shown} of them.",
            count=counted(len(measures), every, "count of the measures"),
            shown=counted(len(shown), every, "count of the measures with a figure of effect"),
        ),
    ]
    if shown:
        named = joined(traced(one.label, f"measure:{one.id}") for one in shown)
        said.append(sentence("Those with a figure: {named}.", named=named))
    if len(shown) < len(measures):
        said.append(
            sentence(
                "For the others nothing in the release would show whether they worked; the table "
                "names the figures that would."
            )
        )
    if types:
        said.append(sentence("By type: {by_type}.", by_type=by_type))
    return Answer("answer-measures", tuple(said))


def answer_assumptions(tables: ReleaseTables, sensitivities: Sequence[Sensitivity] = ()) -> Answer:
    """Answer what the report rests on, how good that is and what matters most.

    Parameters
    ----------
    tables
        The tables of the release.
    sensitivities
        Sensitivity of each headline, if it was computed.

    Returns
    -------
    Answer
        The count of assumptions by quality, the most influential one for each
        headline, what is due for review, and whether anybody has reviewed.
    """
    rows = sorted(tables.assumptions.values(), key=lambda one: one.id)
    every = _assumption_references(rows)
    said = [
        sentence(
            "The report rests on {count} assumptions: {by_quality}.",
            count=counted(len(rows), every, "count of the assumptions"),
            by_quality=_by_quality(rows),
        )
    ]
    for one in sensitivities:
        if one.rows:
            top = max(one.rows, key=lambda row: row.first_order)
            source = Provenance((f"assumption:{top.assumption}",))
            said.append(
                sentence(
                    "What moves the projection of {title} most: {label}.",
                    title=traced(lower_first(one.series.title), *one.inputs),
                    label=Quantity(lower_first(top.label), None, source),
                )
            )
    said.append(reviews_sentence(tables))
    due = [one for one in rows if one.review_by < tables.description.edition]
    if due:
        said.append(
            sentence(
                "{count} of them {verb} past the date of review.",
                count=capitalised(
                    counted(len(due), _assumption_references(due), "count of the assumptions due")
                ),
                verb="is" if len(due) == 1 else "are",
            )
        )
    return Answer("answer-assumptions", tuple(said))


def _assumption_references(rows: Sequence[Assumption]) -> tuple[str, ...]:
    return tuple(f"assumption:{one.id}" for one in rows) or ("parameter:release",)


def _by_quality(rows: Sequence[Assumption]) -> Sentence:
    parts = []
    for quality in ("strong", "moderate", "weak"):
        same = [one for one in rows if one.quality == quality]
        if same:
            count = counted(
                len(same), _assumption_references(same), "count of the assumptions so rated"
            )
            parts.append(sentence("{count} rated {quality}", count=count, quality=quality))
    return joined(parts)


def answer_outturn(outturns: Sequence[Outturn]) -> Answer:
    """Answer how projections made from the release alone fared against what came later.

    Parameters
    ----------
    outturns
        One for each projected series, with or without outturns.

    Returns
    -------
    Answer
        One sentence for each scored series, one for those without outturn,
        and the caution that the outturns were known.
    """
    said = [outturn_sentence(one) for one in outturns if one.years]
    without = [one for one in outturns if not one.years]
    said.extend(missing_sentence(one) for one in without)
    said.append(
        sentence(
            "The outturns were known when the ranges were set, so this shows how the method "
            "behaves and not that it could foresee."
        )
    )
    return Answer("answer-outturn", tuple(said))
