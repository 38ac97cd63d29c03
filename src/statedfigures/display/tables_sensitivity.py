"""What to ask for next, by how much it would settle."""

from __future__ import annotations

import math

from statedfigures.analysis.records import Sensitivity, SensitivityRow
from statedfigures.display.format import computed, digits
from statedfigures.display.phrases import traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Provenance, Quantity, sentence

_SMALLEST_SHARE = 0.005


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
        Column("total", "Share with others", numeric=True),
        Column("break_even", "Message changes at", numeric=True),
        Column("id", "Id", file_only=True),
        Column("first_order", "First-order index", numeric=True, file_only=True),
        Column("first_order_error", "Its standard error", numeric=True, file_only=True),
        Column("total_index", "Total index", numeric=True, file_only=True),
        Column("total_error", "Its standard error", numeric=True, file_only=True),
    )
    inputs, series = sensitivity.inputs, sensitivity.series
    formula = "first-order index of the logarithm of the headline"
    together = "total index of the logarithm of the headline"
    shown = [one for one in sensitivity.rows if one.first_order >= _SMALLEST_SHARE]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Quantity(one.label, None, Provenance((f"assumption:{one.assumption}",))),
            computed(_percent(one.first_order), "percent", inputs, formula),
            computed(_percent(one.total), "percent", inputs, together),
            None
            if one.break_even is None
            else computed(one.break_even, "", inputs, "where the headline changes its message"),
            traced(one.assumption, f"assumption:{one.assumption}"),
            *(
                Quantity(digits(value, 6), value, Provenance(inputs, "Sobol index"))
                for value in (one.first_order, one.first_order_error, one.total, one.total_error)
            ),
        )
        for one in shown
    )
    left = _percent(1 - math.fsum(max(0.0, one.first_order) for one in sensitivity.rows))
    note = sentence(
        "The other {left} of the variance is the chance of later years, and what several "
        "assumptions do together: no single answer would remove it. The shares are estimates, with "
        "standard errors of up to {error}.",
        error=computed(
            _percent(max((max(_errors(one)) for one in shown), default=0.0)),
            "percentage_points",
            inputs,
            "the largest standard error of an index",
        ),
        left=computed(left, "percent", inputs, "the whole less all first-order indices"),
    )
    caption = f"{series.title}: what to ask for next"
    return TableView(f"ask-next-{series.id}", caption, columns, rows, note=note)


def _errors(row: SensitivityRow) -> tuple[float, float]:
    return row.first_order_error, row.total_error


def _percent(fraction: float) -> float:
    return 100 * max(0.0, fraction)
