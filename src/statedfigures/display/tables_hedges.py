"""Tables of hedged figures: as distributions, and as bounds only."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.records import Bounds, HedgedFigure
from statedfigures.analysis.reviews import assumptions_as_reviewed
from statedfigures.display.format import assumed, computed, noun, stated
from statedfigures.display.periods import period
from statedfigures.display.phrases import quoted, traced
from statedfigures.display.ranges import between
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.tables_release import topic_of
from statedfigures.display.words import Provenance, Quantity
from statedfigures.sources.records import Assumption, ReleaseTables

# What is done with a figure that no assumption of the register spreads.
_RULES_WITHOUT_ROW = {"rounding": "rounding of its last digit", "bound": "a bound only"}


def table_hedges(hedges: Iterable[HedgedFigure], tables: ReleaseTables) -> TableView:
    """List each stated figure as a distribution, with the rule and the other reading.

    Parameters
    ----------
    hedges
        The hedged figures, kept in their order.
    tables
        The tables of the release: name and central value of each rule.

    Returns
    -------
    TableView
        Columns: figure, phrase, rule, value of the rule, the low, middle and
        high of nine values in ten, and the alternative reading.
    """
    listed, as_reviewed = list(hedges), assumptions_as_reviewed(tables)
    columns = (
        Column("figure", "Figure"),
        Column("phrase", "Words of the release"),
        Column("rule", "Rule"),
        Column("assumption_value", "Value of the rule", numeric=True),
        Column("q05", "Nine in ten: from", numeric=True),
        Column("q50", "Middle", numeric=True),
        Column("q95", "Nine in ten: to", numeric=True),
        Column("unit", "Unit"),
        Column("alternative", "Another way to read it"),
    )
    return TableView(
        id=f"hedges-{topic_of(one.figure.topic for one in listed)}",
        caption="What each stated figure may stand for",
        columns=columns,
        rows=tuple(_hedge_row(one, as_reviewed.get(one.assumption)) for one in listed),
    )


def _hedge_row(hedge: HedgedFigure, assumption: Assumption | None) -> tuple[Cell, ...]:
    reference = f"figure:{hedge.figure.id}"
    low, middle, high = (
        computed(value, hedge.figure.unit, hedge.inputs, "a quantile under the rule", figures=4)
        for value in (hedge.q05, hedge.q50, hedge.q95)
    )
    return (
        traced(hedge.figure.label, reference),
        quoted(hedge.figure.as_stated, reference),
        Quantity(assumption.label, None, Provenance((f"assumption:{assumption.id}",)))
        if assumption
        else _RULES_WITHOUT_ROW[hedge.rule],
        assumed(assumption, assumption.central) if assumption else None,
        low,
        middle,
        high,
        traced(noun(hedge.figure.unit), reference),
        traced(hedge.alternative, reference),
    )


def table_bounds(bounds: Iterable[Bounds]) -> TableView:
    """List the series that are given as bounds only, with the reason.

    Returns
    -------
    TableView
        One row for each figure of each series.
    """
    listed = list(bounds)
    columns = (
        Column("series", "Series"),
        Column("period", "Period"),
        Column("stated", "Stated"),
        Column("bounds", "Values this allows"),
        Column("unit", "Unit"),
        Column("reason", "Why it is not projected"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            traced(one.series.title, *one.inputs),
            period(figure),
            stated(figure),
            between(interval, figure.unit, one.inputs, "all values that the wording allows"),
            traced(noun(figure.unit), *one.inputs),
            traced(one.series.reason, *one.inputs),
        )
        for one in listed
        for figure, interval in one.rows
    ]
    return TableView(
        id=f"bounds-{topic_of(one.series.topic for one in listed)}",
        caption="Series given as bounds only",
        columns=columns,
        rows=tuple(rows),
    )
