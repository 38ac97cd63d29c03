"""The chart of stated figures beside figures published elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.records import CrossCheck, Interval
from statedfigures.display.charts_rows import Row, draw_rows, symmetric_scale
from statedfigures.display.conflicts import gap
from statedfigures.display.format import (
    capitalised,
    computed,
    counted,
    published,
    stated,
)
from statedfigures.display.periods import published_period_text
from statedfigures.display.phrases import joined, references
from statedfigures.display.ranges import between
from statedfigures.display.records import Cell, Chart, Column, TableView
from statedfigures.display.tables_release import topic_of
from statedfigures.display.words import Provenance, Quantity, sentence

_WHOLE = 100


def chart_cross_checks(checks: Iterable[CrossCheck]) -> Chart:
    """Draw how far published totals lie from the stated figures, in percent of these.

    Raises
    ------
    ValueError
        If no check has a difference in percent.
    """
    listed = [one for one in checks if one.difference_percent is not None]
    if not listed:
        raise ValueError("none of these checks has a difference to draw")
    rows: list[Row] = []
    cells: list[tuple[Cell, ...]] = []
    formula = "the published total over the stated figure, less one"
    for check in listed:
        difference = check.difference_percent
        assert difference is not None  # noqa: S101 - kept only where there is one
        # A fall by the whole is how a stated figure without an upper end shows.
        kept = [
            None if end is None or end <= -_WHOLE else end
            for end in (difference.low, difference.high)
        ]
        ends = [None if end is None else float(end) for end in kept]
        low, high = ends
        words = _check_words(check)
        rows.append(Row(_check_label(check), low, high, words, firm=check.agrees))
        first = check.published[0]
        total = (
            published(first)
            if len(check.published) == 1
            else computed(
                float(check.published_total.low or 0),
                first.unit,
                check.inputs,
                "sum of the published parts",
                figures=7,
            )
        )
        cells.append(
            (
                _check_label(check),
                stated(check.figure),
                total,
                *(
                    None
                    if end is None
                    else between(Interval(end, end), "percent", check.inputs, formula)
                    for end in kept
                ),
                "yes" if check.agrees else "no",
            )
        )
    every = references(*(one.inputs for one in listed))
    conflicts = sum(not one.agrees for one in listed)
    alt = sentence(
        "Dots on a line, one row for each check. {rows}.",
        rows=joined(
            (
                sentence("{label}: {words}", label=_check_label(one), words=_check_words(one))
                for one in listed
            ),
            last="; ",
        ),
    )
    chart_id = f"cross-checks-chart-{topic_of(one.figure.topic for one in listed)}"
    columns = (
        Column("figure", "Figure"),
        Column("stated", "Stated"),
        Column("published", "Published elsewhere"),
        Column("difference_low", "Difference: from", "percent", numeric=True),
        Column("difference_high", "Difference: to", "percent", numeric=True),
        Column("agrees", "Do they agree?"),
    )
    return Chart(
        id=chart_id,
        title=sentence(
            "{conflicts} of {count} checks {verb} with what was published elsewhere",
            verb="conflicts" if conflicts == 1 else "conflict",
            conflicts=capitalised(counted(conflicts, every, "count of the checks that disagree")),
            count=counted(len(listed), every, "count of the cross-checks"),
        ),
        subtitle=sentence(
            "Published elsewhere against stated, in percent of the stated figure. Open marks "
            "conflict; filled ones agree."
        ),
        svg=draw_rows(chart_id, rows, symmetric_scale(rows, 0.0, "as stated"), alt),
        alt_text=alt,
        data=TableView(f"{chart_id}-data", "Stated and published", columns, tuple(cells)),
    )


def _check_label(check: CrossCheck) -> Quantity:
    row = check.published[0]
    return Quantity(
        f"{check.figure.label} ({row.publisher}, {published_period_text(row.period)})",
        None,
        Provenance((f"figure:{check.figure.id}", f"published:{row.id}")),
    )


def _check_words(check: CrossCheck) -> Quantity:
    words = gap(check)
    assert words is not None  # noqa: S101 - kept only where there is a difference
    return Quantity(str(words), None, words.quantities[0].provenance)
