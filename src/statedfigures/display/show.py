"""Answers, charts and tables as HTML, as plain text and as a notebook's output.

The HTML is complete without a stylesheet or a script: a number links to its
row in the register, or to the working that stands under the chart, table or
answer it belongs to.
"""

from __future__ import annotations

from html import escape
from typing import Any

from statedfigures.display.markup import LONG, ROWS_SHOWN, class_of, table_html, workings_html
from statedfigures.display.payload import Record, payload
from statedfigures.display.records import MIME_TYPE, Answer, Chart, Column, WhatIf
from statedfigures.display.what_if_html import what_if_html


def html(record: Record) -> str:
    """Give a record as a fragment of semantic HTML.

    Parameters
    ----------
    record
        An answer, a chart, a table, or a place to try values.

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
    if isinstance(record, WhatIf):
        return what_if_html(record)
    body = table_html(record, record.id) + workings_html(record)
    return f'<div class="table-block">{body}</div>'


def _answer_html(answer: Answer) -> str:
    paragraphs = "".join(
        f"<p{class_of('' if place else 'headline')}>{one.html(answer.id)}</p>"
        for place, one in enumerate(answer.sentences)
    )
    return f'<div class="answer" id="{escape(answer.id)}">{paragraphs}{workings_html(answer)}</div>'


def _chart_html(chart: Chart) -> str:
    identity = escape(chart.id)
    return (
        f'<figure class="chart" id="{identity}"><figcaption>'
        f'<p class="chart-title"><strong>{chart.title.html(chart.id)}</strong></p>'
        f'<p class="chart-subtitle">{chart.subtitle.html(chart.id)}</p></figcaption>'
        f"{chart.svg}"
        f'<details class="chart-data"><summary>This chart in words and numbers</summary>'
        f'<p class="chart-words" id="{identity}-words">{chart.alt_text.html(chart.id)}</p>'
        f"{table_html(chart.data, chart.id)}</details>"
        f"{workings_html(chart)}</figure>"
    )


def text(record: Record) -> str:
    """Give a record as plain text for a terminal."""
    if isinstance(record, Answer):
        return "\n".join(str(one) for one in record.sentences)
    if isinstance(record, Chart):
        return f"{record.title}\n{record.subtitle}\n{record.alt_text}"
    if isinstance(record, WhatIf):
        return "\n".join(str(one.heading) for one in record.followed)
    if len(record.rows) > ROWS_SHOWN:
        return f"{record.caption}\n{LONG}"
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
