"""The chart of what moves a headline: one bar for each assumption."""

from __future__ import annotations

from statedfigures.analysis.records import Sensitivity, SensitivityRow
from statedfigures.display.charts_rows import Row, Scale, draw_rows
from statedfigures.display.format import (
    computed,
    noun,
    year,
)
from statedfigures.display.heading import HORIZON
from statedfigures.display.phrases import joined, lower_first, traced
from statedfigures.display.records import Cell, Chart, Column, TableView
from statedfigures.display.words import Provenance, Quantity, sentence

_SHOWN = 8
_LEAST = 0.04
_MARGIN = 0.05


def chart_tornado(sensitivity: Sensitivity) -> Chart:
    """Draw how far each assumption alone moves a headline, the widest first.

    Parameters
    ----------
    sensitivity
        Sensitivity of one headline; the widest are drawn.
    """
    series, inputs = sensitivity.series, sensitivity.inputs
    widest = sorted(
        sensitivity.rows,
        key=lambda row: (-_swing(row), row.assumption),
    )[:_SHOWN]
    # Bars too short to be seen tell nothing that the table does not.
    widest = [one for one in widest if _swing(one) >= _LEAST * _swing(widest[0])]
    rows: list[Row] = []
    cells: list[tuple[Cell, ...]] = []
    formula = "the headline with this assumption alone moved"
    headline = computed(
        sensitivity.headline, series.unit, inputs, "the headline with all assumptions as they are"
    )
    for one in widest:
        low, high = (
            computed(value, series.unit, inputs, formula)
            for value in (one.headline_at_low, one.headline_at_high)
        )
        label = Quantity(one.label, None, Provenance((f"assumption:{one.assumption}",)))
        ordered = sorted((one.headline_at_low, one.headline_at_high))
        words = Quantity(f"{low.text} to {high.text}", None, low.provenance)
        rows.append(Row(label, ordered[0], ordered[1], words, is_bar=True))
        cells.append((label, low, high, traced(one.assumption, *label.provenance.inputs)))
    ends = [end for row in rows for end in (row.low, row.high) if end is not None]
    margin = (max(ends) - min(ends)) * _MARGIN or 1.0
    top = rows[0]
    alt = sentence(
        "Bars, one for each assumption, around a headline of {headline}. {rows}.",
        headline=headline,
        rows=joined(
            (sentence("{label}: {words}", label=row.label, words=row.right) for row in rows),
            last="; ",
        ),
    )
    chart_id = f"tornado-{series.id}"
    scale = Scale(
        min(*ends, sensitivity.headline) - margin,
        max(*ends, sensitivity.headline) + margin,
        sensitivity.headline,
        sentence("headline {value}", value=headline),
    )
    columns = (
        Column("assumption", "Assumption"),
        Column("at_low", "Headline at its low", noun(series.unit), numeric=True),
        Column("at_high", "Headline at its high", noun(series.unit), numeric=True),
        Column("id", "Id", file_only=True),
    )
    return Chart(
        id=chart_id,
        title=sentence(
            "{label} moves {title} most: {words} in {year}",
            label=top.label,
            title=traced(lower_first(series.title), *inputs),
            words=top.right,
            year=year(sensitivity.target_year, HORIZON),
        ),
        subtitle=sentence(
            "{unit} in {year} with one assumption at a time at its low and its high.",
            unit=traced(noun(series.unit).capitalize(), *inputs),
            year=year(sensitivity.target_year, HORIZON),
        ),
        svg=draw_rows(chart_id, rows, scale, alt),
        alt_text=alt,
        data=TableView(f"{chart_id}-data", "What moves the headline", columns, tuple(cells)),
    )


def _swing(row: SensitivityRow) -> float:
    return abs(row.headline_at_high - row.headline_at_low)
