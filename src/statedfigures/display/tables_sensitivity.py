"""Tables of what moves a headline and what to ask for next."""

from __future__ import annotations

import math
from collections.abc import Iterable

from statedfigures.analysis.records import Sensitivity
from statedfigures.display.format import computed, digits, noun
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Provenance, Quantity, sentence

_SMALLEST_SHARE = 0.005


def table_sensitivity(sensitivity: Sensitivity) -> TableView:
    """Give, for each assumption, the headline at its ends, its indices and its break-even.

    Returns
    -------
    TableView
        In the order of the result: the largest first-order index first.
    """
    unit = noun(sensitivity.series.unit)
    columns = (
        Column("assumption", "Assumption"),
        Column("at_low", "Headline at its low", unit, numeric=True),
        Column("at_high", "Headline at its high", unit, numeric=True),
        Column("first_order", "First-order index", numeric=True),
        Column("first_order_error", "Its standard error", numeric=True),
        Column("total", "Total index", numeric=True),
        Column("total_error", "Its standard error", numeric=True),
        Column("break_even", "Break-even value", numeric=True),
    )
    return TableView(
        id=f"sensitivity-{sensitivity.series.id}",
        caption=f"{sensitivity.series.title}: what moves the headline",
        columns=columns,
        rows=tuple(_sensitivity_rows(sensitivity)),
    )


def _sensitivity_rows(sensitivity: Sensitivity) -> Iterable[tuple[Cell, ...]]:
    unit, inputs = sensitivity.series.unit, sensitivity.inputs
    for one in sensitivity.rows:
        source = Provenance(inputs, "Sobol index of the logarithm of the headline")
        indices = (one.first_order, one.first_order_error, one.total, one.total_error)
        moved = "the headline with this assumption alone moved"
        yield (
            Quantity(one.label, None, Provenance((f"assumption:{one.assumption}",))),
            computed(one.headline_at_low, unit, inputs, moved),
            computed(one.headline_at_high, unit, inputs, moved),
            *(Quantity(digits(value, 2), value, source) for value in indices),
            None
            if one.break_even is None
            else computed(one.break_even, "", inputs, "where the headline changes its message"),
        )


def ask_next(sensitivity: Sensitivity) -> TableView:
    """Rank what to ask for next: the share of variance that would go if it were known.

    Parameters
    ----------
    sensitivity
        Sensitivity of one headline.

    Returns
    -------
    TableView
        The largest share first, without those below half a percent; the note
        says what no assumption would settle.
    """
    columns = (
        Column("assumption", "What to find out"),
        Column("variance_share", "Share of the variance it would remove", numeric=True),
        Column("break_even", "Value at which the message changes", numeric=True),
    )
    inputs, series = sensitivity.inputs, sensitivity.series
    formula = "first-order index of the logarithm of the headline"
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Quantity(one.label, None, Provenance((f"assumption:{one.assumption}",))),
            computed(_percent(one.first_order), "percent", inputs, formula),
            None
            if one.break_even is None
            else computed(one.break_even, "", inputs, "where the headline changes its message"),
        )
        for one in sensitivity.rows
        if one.first_order >= _SMALLEST_SHARE
    )
    left = _percent(1 - math.fsum(max(0.0, one.first_order) for one in sensitivity.rows))
    note = sentence(
        "The other {left} of the variance is the chance of later years, and what several "
        "assumptions do together: no single answer would remove it.",
        left=computed(left, "percent", inputs, "the whole less all first-order indices"),
    )
    caption = f"{series.title}: what to ask for next"
    return TableView(f"ask-next-{series.id}", caption, columns, rows, note=note)


def _percent(fraction: float) -> float:
    return 100 * max(0.0, fraction)
