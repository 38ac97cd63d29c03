"""Tables, cells and workings as HTML: what all records are shown with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from statedfigures.display.payload import Record, provenances_of
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Provenance, row_address

ROWS_SHOWN = 150
"""A longer table is given as a file only."""
PROSE_LENGTH = 150
"""A longer cell is prose, and its column is given room; in characters."""
LONG = "This table is long and is given as a file."


def class_of(name: str) -> str:
    """Give the attribute for a class; nothing for none."""
    return f' class="{name}"' if name else ""


def table_html(view: TableView, scope: str, *, offered: bool = True) -> str:
    """Give a table in a part of the page that scrolls by itself.

    Parameters
    ----------
    view
        The table.
    scope
        Id of the record that lists its workings.
    offered
        Whether its CSV file is offered below it.
    """
    identity = escape(view.id)
    download = (
        f'<p class="download"><a href="data/{identity}.csv">{escape(view.caption)} (CSV)</a></p>'
        if offered
        else ""
    )
    if len(view.rows) > ROWS_SHOWN:
        return f"<p>{LONG}</p>{download}"
    head = "".join(
        _heading_html(column, holds_prose=_holds_prose(view.rows, place))
        for place, column in enumerate(view.columns)
        if not column.file_only
    )
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


def _holds_prose(rows: Sequence[tuple[Cell, ...]], place: int) -> bool:
    """Say whether a column holds sentences, which make a row tall where they are set narrow."""
    return any(len(str(row[place] or "")) > PROSE_LENGTH for row in rows)


def _heading_html(column: Column, *, holds_prose: bool) -> str:
    unit = f' <span class="unit">({escape(column.unit)})</span>' if column.unit else ""
    kind = class_of("number" if column.numeric else "prose" if holds_prose else "")
    return f'<th scope="col"{kind}>{escape(column.heading)}{unit}</th>'


def _row_html(row: tuple[Cell, ...], columns: tuple[Column, ...], row_id: str, scope: str) -> str:
    identity = f' id="{escape(row_id)}"' if row_id else ""
    cells = []
    shown = [pair for pair in zip(row, columns, strict=True) if not pair[1].file_only]
    for place, (cell, column) in enumerate(shown):
        kind = class_of("number" if column.numeric else "")
        name, scoped = ("td", "") if place else ("th", ' scope="row"')
        cells.append(f"<{name}{scoped}{kind}>{cell_html(cell, scope)}</{name}>")
    return f"<tr{identity}>{''.join(cells)}</tr>"


def cell_html(cell: Cell, scope: str = "") -> str:
    """Give the HTML of one cell: escaped text, or links for its numbers."""
    if cell is None:
        return '<span class="empty">–</span>'
    return escape(cell) if isinstance(cell, str) else cell.html(scope)


def workings_html(record: Record) -> str:
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
