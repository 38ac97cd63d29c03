"""Tables of the register of assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from statedfigures.analysis.records import Sensitivity
from statedfigures.analysis.reviews import assumptions_as_reviewed, review_states
from statedfigures.analysis.scores import register_scores
from statedfigures.display.format import assumed
from statedfigures.display.inline import sketch_of
from statedfigures.display.periods import day_of
from statedfigures.display.phrases import traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.register_cells import (
    break_even_cell,
    dependants_by_assumption,
    score_cells,
)
from statedfigures.display.reviews import due_words, review_words
from statedfigures.display.words import Provenance, Quantity
from statedfigures.sources.records import Assumption, ReleaseTables

_VALUES = (
    Column("low", "Low", numeric=True),
    Column("central", "Central", numeric=True),
    Column("high", "High", numeric=True),
    Column("unit", "Unit"),
)


def table_assumptions(
    tables: ReleaseTables, sensitivities: Sequence[Sensitivity] = ()
) -> TableView:
    """List the whole register, what matters most first.

    Parameters
    ----------
    tables
        The tables of the release.
    sensitivities
        Sensitivity of every headline, if it was computed.

    Returns
    -------
    TableView
        One row for each assumption, by falling risk score, those that no
        headline reads last, then by id; row ids ``assumption-<id>``, to which
        every number that rests on it links.
    """
    scores = register_scores(tables, sensitivities)
    listed = sorted(
        assumptions_as_reviewed(tables).values(),
        key=lambda one: (one.id not in scores, -scores.get(one.id, (0.0, 0.0))[1], one.id),
    )
    reviews = review_states(tables)
    places = dependants_by_assumption(tables)
    columns = (
        Column("label", "Assumption"),
        *_VALUES,
        Column("distribution", "Distribution"),
        Column("quality", "Quality"),
        Column("sensitivity", "Sensitivity score", numeric=True),
        Column("risk", "Risk score", numeric=True),
        Column("break_even", "Break-even"),
        Column("review", "Review"),
        Column("review_by", "Review by"),
        Column("used_in", "Used in"),
        Column("description", "What it says"),
        Column("basis", "Basis"),
        Column("source", "Source"),
        Column("applies_to", "Applies to"),
        Column("effect", "A higher value"),
        Column("id", "Id", file_only=True),
        Column("rule", "Rule", file_only=True),
        Column("allowed_min", "Lowest allowed", numeric=True, file_only=True),
        Column("allowed_max", "Highest allowed", numeric=True, file_only=True),
        Column("depends_on", "Depends on", file_only=True),
        Column("decided_on", "Decided on", file_only=True),
        Column("decided_by", "Decided by", file_only=True),
        Column("fingerprint", "Fingerprint", file_only=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in listed:
        reference = f"assumption:{one.id}"
        rows.append(
            (
                Quantity(one.label, None, Provenance((reference,))),
                *_values(one),
                sketch_of(one),
                one.quality,
                *score_cells(one.id, scores),
                break_even_cell(one, sensitivities),
                review_words(reviews[one.id]),
                due_words(reviews[one.id]),
                places.get(one.id),
                traced(one.description, reference),
                traced(one.basis, reference),
                traced(one.source, reference),
                traced(" ".join(one.applies_to), reference),
                one.effect,
                traced(one.id, reference),
                one.rule,
                assumed(one, one.allowed_min),
                assumed(one, one.allowed_max),
                traced(" ".join(one.depends_on), reference),
                traced(day_of(one.decided_on), reference),
                traced(one.decided_by, reference),
                traced(reviews[one.id].fingerprint, reference),
            )
        )
    return TableView(
        id="assumptions",
        caption="The register of assumptions",
        columns=columns,
        rows=tuple(rows),
        row_ids=tuple(f"assumption-{one.id}" for one in listed),
    )


def _values(one: Assumption) -> tuple[Cell, ...]:
    return (
        assumed(one, one.low),
        assumed(one, one.central),
        assumed(one, one.high),
        traced(one.unit.replace("_", " "), f"assumption:{one.id}"),
    )


def table_assumptions_used(inputs: Iterable[str], tables: ReleaseTables) -> TableView:
    """List the assumptions among some inputs: what a page rests on.

    Parameters
    ----------
    inputs
        References of any kind, such as the inputs of a projection or of all
        results of a page; those of other kinds are passed over.
    tables
        The tables of the release.

    Returns
    -------
    TableView
        One row for each assumption used, by id.
    """
    inputs = tuple(inputs)
    used = sorted(
        {
            row_id
            for kind, _, row_id in (reference.partition(":") for reference in inputs)
            if kind == "assumption" and row_id in tables.assumptions
        }
    )
    columns = (
        Column("label", "Assumption"),
        *_VALUES,
        Column("basis", "Basis"),
        Column("quality", "Quality"),
        Column("review", "Review"),
    )
    reviews, as_reviewed = review_states(tables), assumptions_as_reviewed(tables)
    rows: list[tuple[Cell, ...]] = []
    for row_id in used:
        one = as_reviewed[row_id]
        reference = f"assumption:{row_id}"
        cells: tuple[Cell, ...] = (
            Quantity(one.label, None, Provenance((reference,))),
            *_values(one),
            traced(one.basis, reference),
            one.quality,
            review_words(reviews[row_id]),
        )
        rows.append(cells)
    return TableView(
        f"assumptions-used-{_subject_of(inputs, tables)}",
        "Assumptions used on this page",
        columns,
        tuple(rows),
    )


def _subject_of(inputs: Iterable[str], tables: ReleaseTables) -> str:
    """Name what some inputs are about: the topics of the figures and claims among them.

    Pages differ in what they use, and each writes its own file. Without a
    topic the name says which inputs they are.
    """
    about = {f"figure:{one.id}": one.topic for one in tables.figures.values()}
    about |= {f"claim:{one.id}": one.topic for one in tables.claims.values()}
    rests_on = tuple(inputs)
    topics = {about[reference] for reference in rests_on if reference in about}
    return "-".join(sorted(topics)) or Provenance(rests_on or ("parameter:release",)).anchor("")
