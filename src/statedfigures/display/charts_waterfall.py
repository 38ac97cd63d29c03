"""The chart of what moved a headline between two editions: one step for each change."""

from __future__ import annotations

from collections.abc import Callable

from statedfigures.analysis.contributions import Headline
from statedfigures.display.charts_rows import Row, Scale, draw_rows
from statedfigures.display.format import noun, rounded_text
from statedfigures.display.phrases import joined, lower_first, traced
from statedfigures.display.records import Cell, Chart, Column, TableView
from statedfigures.display.words import REGISTER_PAGES, Provenance, Quantity, sentence

_MARGIN = 0.05
_ROW = "parameter:release"


def chart_waterfall(
    headline: Headline, written: Callable[[float, str], str], named: Callable[[str], str]
) -> Chart:
    """Draw the way from the old value of a headline to the new one.

    Parameters
    ----------
    headline
        The headline with its contributions; those of nothing are left out.
    written
        Writes a difference with its sign, given the unit.
    named
        Names a change for readers.

    Returns
    -------
    Chart
        The old value, a bar for each contribution that begins where the one
        above ended, filled where it adds and hollow where it takes away, and
        the new value.
    """
    series = headline.series
    source = Provenance((_ROW,))
    old, new = (
        Quantity(rounded_text(value, series.unit), value, source)
        for value in (headline.old, headline.new)
    )
    rows = [Row(Quantity("Before", None, source), headline.old, headline.old, old)]
    cells: list[tuple[Cell, ...]] = []
    level = headline.old
    for name, value in headline.contributions:
        if value == 0:
            continue
        kind = name.partition(":")[0]
        leads_to = Provenance((name,)) if kind in REGISTER_PAGES else source
        label = Quantity(named(name), None, leads_to)
        amount = Quantity(written(value, series.unit), value, leads_to)
        ends = sorted((level, level + value))
        rows.append(Row(label, ends[0], ends[1], amount, is_bar=True, firm=value > 0))
        cells.append((label, amount))
        level += value
    rows.append(Row(Quantity("After", None, source), headline.new, headline.new, new))
    ends = [end for row in rows for end in (row.low, row.high) if end is not None]
    margin = (max(ends) - min(ends)) * _MARGIN or 1.0
    change = Quantity(written(headline.new - headline.old, series.unit), None, source)
    quantity = traced(headline.quantity, _ROW)
    alt = sentence(
        "Steps from {old} to {new}: {steps}.",
        old=old,
        new=new,
        steps=joined(
            sentence("{label} {amount}", label=row.label, amount=row.right) for row in rows[1:-1]
        ),
    )
    place = "-".join(word for word in headline.quantity.split() if word.isalpha())
    chart_id = f"waterfall-{series.id}-{place}"
    scale = Scale(
        min(ends) - margin, max(ends) + margin, headline.old, sentence("before {old}", old=old)
    )
    columns = (
        Column("change", "Change"),
        Column("contribution", "Contribution", noun(series.unit), numeric=True),
    )
    return Chart(
        id=chart_id,
        title=sentence(
            "{title}, {quantity}: {old} to {new} ({change})",
            title=traced(series.title, _ROW),
            quantity=quantity,
            old=old,
            new=new,
            change=change,
        ),
        subtitle=sentence(
            "{unit}: what each change contributed to the {quantity} of {title}. "
            "A filled bar adds, a hollow one takes away.",
            unit=traced(noun(series.unit).capitalize(), _ROW),
            quantity=quantity,
            title=traced(lower_first(series.title), _ROW),
        ),
        svg=draw_rows(chart_id, rows, scale, alt),
        alt_text=alt,
        data=TableView(f"{chart_id}-data", "What moved the headline", columns, tuple(cells)),
    )
