"""The table of monthly Tor users."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.display.format import computed
from statedfigures.display.periods import month_of
from statedfigures.display.phrases import traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Provenance, Quantity
from statedfigures.sources.records import TorMonth


def table_tor_monthly(months: Iterable[TorMonth]) -> TableView:
    """List the monthly means of daily Tor users, on which side of the break each lies.

    Returns
    -------
    TableView
        One row for each month, in order; row ids ``month-<year>_<month>``.
    """
    listed = sorted(months, key=lambda one: one.month)
    columns = (
        Column("month", "Month"),
        Column("mean_daily_users", "Mean daily users", "users", numeric=True),
        Column("days", "Days behind the mean", "days", numeric=True),
        Column("regime", "Side of the break"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in listed:
        reference = month_reference(one)
        days = Quantity(str(one.days), float(one.days), Provenance((reference,)))
        mean = computed(one.mean_daily_users, "users", [reference], "")
        rows.append((traced(month_of(one.month), reference), mean, days, one.regime))
    return TableView(
        id="tor-monthly",
        caption="Daily Tor users in the UK by month",
        columns=columns,
        rows=tuple(rows),
        row_ids=tuple(month_reference(one).replace(":", "-") for one in listed),
    )


def month_reference(month: TorMonth) -> str:
    """Give the reference of a month's row: ``month:2013_08``."""
    return f"month:{month.month.year}_{month.month.month:02d}"
