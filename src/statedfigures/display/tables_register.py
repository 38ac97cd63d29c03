"""Tables of the register of assumptions."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.display.format import assumed
from statedfigures.display.periods import day_of
from statedfigures.display.phrases import traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Provenance, Quantity
from statedfigures.sources.records import Assumption, ReleaseTables

_VALUES = (
    Column("low", "Low", numeric=True),
    Column("central", "Central", numeric=True),
    Column("high", "High", numeric=True),
    Column("unit", "Unit"),
)


def table_assumptions(tables: ReleaseTables) -> TableView:
    """List the whole register.

    Returns
    -------
    TableView
        One row for each assumption, by id; row ids ``assumption-<id>``, to
        which every number that rests on it links.
    """
    listed = sorted(tables.assumptions.values(), key=lambda one: one.id)
    reviewed = {one.assumption: one for one in tables.reviews}
    columns = (
        Column("label", "Assumption"),
        *_VALUES,
        Column("distribution", "Distribution"),
        Column("applies_to", "Applies to"),
        Column("description", "What it says"),
        Column("basis", "Basis"),
        Column("source", "Source"),
        Column("effect", "A higher value"),
        Column("quality", "Quality"),
        Column("review", "Review"),
        Column("rule", "Rule", file_only=True),
        Column("allowed_min", "Lowest allowed", numeric=True, file_only=True),
        Column("allowed_max", "Highest allowed", numeric=True, file_only=True),
        Column("depends_on", "Depends on", file_only=True),
        Column("decided_on", "Decided on", file_only=True),
        Column("decided_by", "Decided by", file_only=True),
        Column("review_by", "Review by"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in listed:
        reference = f"assumption:{one.id}"
        review = reviewed.get(one.id)
        rows.append(
            (
                traced(one.label, reference),
                *_values(one),
                one.distribution,
                traced(" ".join(one.applies_to), reference),
                traced(one.description, reference),
                traced(one.basis, reference),
                traced(one.source, reference),
                one.effect,
                one.quality,
                "never" if review is None else traced(review.decision, reference),
                one.rule,
                assumed(one, one.allowed_min),
                assumed(one, one.allowed_max),
                traced(" ".join(one.depends_on), reference),
                traced(day_of(one.decided_on), reference),
                traced(one.decided_by, reference),
                traced(day_of(one.review_by), reference),
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
    )
    rows: list[tuple[Cell, ...]] = []
    for row_id in used:
        one = tables.assumptions[row_id]
        reference = f"assumption:{row_id}"
        cells: tuple[Cell, ...] = (
            Quantity(one.label, None, Provenance((reference,))),
            *_values(one),
            traced(one.basis, reference),
            one.quality,
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
