"""Answers, charts and tables as HTML, as plain text and as a notebook's output.

The HTML is complete without a stylesheet or a script: a number links to its
row in the register, or to the working that stands under the chart, table or
answer it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from statedfigures.display.payload import Record, payload, provenances_of
from statedfigures.display.records import MIME_TYPE, Answer, Cell, Chart, Column, TableView
from statedfigures.display.words import Provenance, row_address

ROWS_SHOWN = 150
"""A longer table is given as a file only."""


def html(record: Record) -> str:
    """Give a record as a fragment of semantic HTML.

    Parameters
    ----------
    record
        An answer, a chart or a table.

    Returns
    -------
    str
        One element. Every id in it begins with the record's id, save those of
        rows and of workings (``w-`` and a fingerprint with the record's id).
    """
    if isinstance(record, Answer):
        return _answer_html(record)
    if isinstance(record, Chart):
        return _chart_html(record)
    body = _table_html(record, record.id) + _workings_html(record)
    return f'<div class="table-block">{body}</div>'


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _answer_html(answer: Answer) -> str:
    paragraphs = "".join(
        f"<p{_class('' if place else 'headline')}>{one.html(answer.id)}</p>"
        for place, one in enumerate(answer.sentences)
    )
    return (
        f'<div class="answer" id="{escape(answer.id)}">{paragraphs}{_workings_html(answer)}</div>'
    )


def _chart_html(chart: Chart) -> str:
    identity = escape(chart.id)
    return (
        f'<figure class="chart" id="{identity}"><figcaption>'
        f'<p class="chart-title"><strong>{chart.title.html(chart.id)}</strong></p>'
        f'<p class="chart-subtitle">{chart.subtitle.html(chart.id)}</p></figcaption>'
        f"{chart.svg}"
        f'<details class="chart-data"><summary>This chart in words and numbers</summary>'
        f'<p class="chart-words" id="{identity}-words">{chart.alt_text.html(chart.id)}</p>'
        f"{_table_html(chart.data, chart.id)}</details>"
        f"{_workings_html(chart)}</figure>"
    )


def _table_html(view: TableView, scope: str) -> str:
    identity = escape(view.id)
    download = (
        f'<p class="download"><a href="data/{identity}.csv">{escape(view.caption)} (CSV)</a></p>'
    )
    if len(view.rows) > ROWS_SHOWN:
        return f"<p>This table is long and is given as a file.</p>{download}"
    head = "".join(_heading_html(column) for column in view.columns if not column.file_only)
    body = "".join(
        _row_html(row, view.columns, row_id, scope)
        for row, row_id in zip(view.rows, view.row_ids or [""] * len(view.rows), strict=True)
    )
    note = f'<p class="note">{view.note.html(scope)}</p>' if view.note else ""
    return (
        f'<div class="table-region" role="group" aria-labelledby="{identity}-caption"'
        f' tabindex="0"><table id="{identity}">'
        f'<caption id="{identity}-caption">{escape(view.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}{download}"
    )


def _heading_html(column: Column) -> str:
    unit = f' <span class="unit">({escape(column.unit)})</span>' if column.unit else ""
    kind = _class("number" if column.numeric else "")
    return f'<th scope="col"{kind}>{escape(column.heading)}{unit}</th>'


def _row_html(row: tuple[Cell, ...], columns: tuple[Column, ...], row_id: str, scope: str) -> str:
    identity = f' id="{escape(row_id)}"' if row_id else ""
    cells = []
    shown = [pair for pair in zip(row, columns, strict=True) if not pair[1].file_only]
    for place, (cell, column) in enumerate(shown):
        kind = _class("number" if column.numeric else "")
        name, scoped = ("td", "") if place else ("th", ' scope="row"')
        cells.append(f"<{name}{scoped}{kind}>{cell_html(cell, scope)}</{name}>")
    return f"<tr{identity}>{''.join(cells)}</tr>"


def cell_html(cell: Cell, scope: str = "") -> str:
    """Give the HTML of one cell: escaped text, or links for its numbers."""
    if cell is None:
        return '<span class="empty">–</span>'
    return escape(cell) if isinstance(cell, str) else cell.html(scope)


def _workings_html(record: Record) -> str:
    """List each working once; workings with the same inputs share one entry."""
    groups: dict[tuple[str, ...], list[Provenance]] = {}
    for provenance in provenances_of(record):
        if provenance.is_working:
            groups.setdefault(provenance.inputs, []).append(provenance)
    if not groups:
        return ""
    entries = "".join(
        f"<li>{'; '.join(_formula_html(one, record.id) for one in sharing)}: {_inputs_html(inputs)}"
        "</li>"
        for inputs, sharing in groups.items()
    )
    return (
        '<details class="workings"><summary>How these numbers were worked out</summary>'
        f"<ul>{entries}</ul></details>"
    )


def _formula_html(provenance: Provenance, scope: str) -> str:
    words = provenance.formula or "taken together"
    return f'<span id="{provenance.anchor(scope)}">{escape(words)}</span>'


def _inputs_html(inputs: Iterable[str]) -> str:
    return ", ".join(
        f'<a href="{escape(row_address(one))}">{escape(one.partition(":")[2])}</a>'
        for one in inputs
    )


def text(record: Record) -> str:
    """Give a record as plain text for a terminal."""
    if isinstance(record, Answer):
        return "\n".join(str(one) for one in record.sentences)
    if isinstance(record, Chart):
        return f"{record.title}\n{record.subtitle}\n{record.alt_text}"
    shown = [place for place, column in enumerate(record.columns) if not column.file_only]
    columns = [record.columns[place] for place in shown]
    lines = [[_heading_text(column) for column in columns]]
    lines += [["" if row[n] is None else str(row[n]) for n in shown] for row in record.rows]
    widths = [max(map(len, fields)) for fields in zip(*lines, strict=True)]
    aligned = [
        "  ".join(
            field.rjust(width) if column.numeric else field.ljust(width)
            for field, width, column in zip(line, widths, columns, strict=True)
        ).rstrip()
        for line in lines
    ]
    return "\n".join([record.caption, *aligned, *([str(record.note)] if record.note else [])])


def _heading_text(column: Column) -> str:
    return f"{column.heading} ({column.unit})" if column.unit else column.heading


def mimebundle(record: Record) -> dict[str, Any]:
    """Give every form of a record that a notebook keeps.

    Returns
    -------
    dict
        ``text/plain``, ``text/html`` and, under `MIME_TYPE`, the JSON value
        that `payload.record_of` reads.
    """
    return {"text/plain": text(record), "text/html": html(record), MIME_TYPE: payload(record)}
