"""The table of figures that rest on part of a year."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.annualised import Annualised
from statedfigures.display.format import computed, stated
from statedfigures.display.phrases import traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.tables_release import topic_of


def table_annualised(annualised: Iterable[Annualised]) -> TableView:
    """Show the count, the part of the year behind it and the whole year it may come to.

    Returns
    -------
    TableView
        One row for each figure, in the order given.
    """
    listed = list(annualised)
    columns = (
        Column("figure", "Figure"),
        Column("stated", "As stated"),
        Column("elapsed", "Part of the year counted", "percent", numeric=True),
        Column("to_date", "Count in that part", numeric=True),
        Column("q05", "Whole year, nine in ten: from", numeric=True),
        Column("q50", "Whole year, middle", numeric=True),
        Column("q95", "Whole year, nine in ten: to", numeric=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in listed:
        unit = one.figure.unit
        # The first two inputs are the figure and the cut-off; the rest spread it.
        counted_from = one.inputs[:2]
        count = (
            computed(
                one.to_date, unit, counted_from, "whole year times the part counted", figures=4
            )
            if one.implied
            else stated(one.figure)
        )
        quantiles = (
            computed(value, unit, one.inputs, "a quantile of the whole year", figures=4)
            for value in (one.q05, one.q50, one.q95)
        )
        percent = 100 * one.elapsed
        rows.append(
            (
                traced(one.figure.label, f"figure:{one.figure.id}"),
                stated(one.figure),
                computed(percent, "percent", counted_from[1:], "as a percentage of the year"),
                count,
                *quantiles,
            )
        )
    return TableView(
        id=f"annualised-{topic_of(one.figure.topic for one in listed)}",
        caption="From part of the year to the whole",
        columns=columns,
        rows=tuple(rows),
    )
