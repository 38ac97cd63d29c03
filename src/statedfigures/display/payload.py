"""Answers, charts, tables and what readers move as JSON values, and back again.

The page builder reads these from the executed notebooks. Provenances stand in
one list and are referred to by position, because most numbers of a chart share
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from statedfigures.display.delimited import number_field
from statedfigures.display.inline import Field
from statedfigures.display.records import (
    Answer,
    Cell,
    Chart,
    Column,
    TableView,
    WhatIf,
)
from statedfigures.display.what_if_payload import what_if_of, what_if_parts
from statedfigures.display.words import Provenance, Quantity, Sentence

Record = Answer | Chart | TableView | WhatIf


def _cells(record: Record) -> Iterator[Cell]:
    """Every piece of text of a record, in reading order."""
    if isinstance(record, Answer):
        yield from record.sentences
    elif isinstance(record, Chart):
        yield from (record.title, record.subtitle, record.alt_text)
        yield from _cells(record.data)
    elif isinstance(record, WhatIf):
        for control in record.controls:
            yield from (control.low, control.central, control.high)
        for one in record.followed:
            yield from (one.title, one.subtitle, one.heading)
            yield from (*_cells(one.compared), *_cells(one.yearly))
        yield record.note
    else:
        for row in record.rows:
            yield from row
        yield record.note


def quantities_of(record: Record) -> Iterator[Quantity]:
    """Give every quantity of a record, in reading order.

    Parameters
    ----------
    record
        An answer, a chart (with its data) or a table.

    Yields
    ------
    Quantity
        Each as often as it is shown.
    """
    for cell in _cells(record):
        if isinstance(cell, Quantity):
            yield cell
        elif isinstance(cell, Sentence):
            yield from cell.quantities


def provenances_of(record: Record) -> tuple[Provenance, ...]:
    """List what the numbers of a record lead back to, each once, in reading order."""
    return tuple(dict.fromkeys(quantity.provenance for quantity in quantities_of(record)))


def portable(value: float | None) -> float | None:
    """Round a number to twelve significant digits: those after them differ between processors.

    Examples
    --------
    >>> portable(2 / 3)
    0.666666666667
    """
    return None if value is None else float(f"{value:.12g}")


_PLAIN = {"value", "from"}


class _Writer:
    """Turns cells into JSON, with provenances by their position in the list."""

    def __init__(self, record: Record) -> None:
        self.provenances = provenances_of(record)
        self._positions = {one: place for place, one in enumerate(self.provenances)}

    def cell(self, cell: Cell) -> Any:
        if isinstance(cell, Quantity):
            number: dict[str, Any] = {
                "value": portable(cell.value),
                "from": self._positions[cell.provenance],
            }
            if cell.value is None or cell.text != number_field(cell.value):
                number["text"] = cell.text
            if isinstance(cell, Field):
                number["field"] = cell.field
            return number
        if isinstance(cell, Sentence):
            return [self.cell(part) for part in cell.parts]
        return cell

    def cells(self, cells: Sequence[Cell]) -> tuple[int | None, list[Any]]:
        """Write a column: where its plain numbers lead, and those that lead there as they are."""
        written = [self.cell(cell) for cell in cells]
        plain = [isinstance(one, dict) and one.keys() == _PLAIN for one in written]
        lead = next((one["from"] for one, it_is in zip(written, plain, strict=True) if it_is), None)
        return lead, [
            one["value"] if it_is and one["from"] == lead else one
            for one, it_is in zip(written, plain, strict=True)
        ]

    def table(self, view: TableView) -> dict[str, Any]:
        columns = [self.cells([row[n] for row in view.rows]) for n in range(len(view.columns))]
        return {
            "kind": "table",
            "id": view.id,
            "title": view.caption,
            "columns": [
                {
                    "name": column.name,
                    "heading": column.heading,
                    "unit": column.unit,
                    "numeric": column.numeric,
                    "description": column.description,
                    "file_only": column.file_only,
                }
                for column in view.columns
            ],
            "from": [lead for lead, _ in columns],
            "rows": [list(row) for row in zip(*(cells for _, cells in columns), strict=True)],
            "row_ids": list(view.row_ids),
            "note": self.cell(view.note),
        }


class _Reader:
    """Turns JSON back into cells and tables."""

    def __init__(self, provenances: Iterable[Mapping[str, Any]]) -> None:
        self._provenances = [
            Provenance(tuple(one["inputs"]), one["formula"]) for one in provenances
        ]

    def cell(self, value: Any, lead: int | None = None) -> Any:
        if isinstance(value, float) and lead is not None:
            return Quantity(number_field(value), value, self._provenances[lead])
        if isinstance(value, Mapping):
            written = value["text"] if "text" in value else number_field(value["value"])
            found = (written, value["value"], self._provenances[value["from"]])
            return Field(*found, value["field"]) if "field" in value else Quantity(*found)
        if isinstance(value, list):
            return Sentence(tuple(self.cell(part) for part in value))
        return value

    def table(self, one: Mapping[str, Any]) -> TableView:
        return TableView(
            id=one["id"],
            caption=one["title"],
            columns=tuple(Column(**column) for column in one["columns"]),
            rows=tuple(tuple(map(self.cell, row, one["from"])) for row in one["rows"]),
            row_ids=tuple(one["row_ids"]),
            note=self.cell(one["note"]),
        )


def payload(record: Record) -> dict[str, Any]:
    """Give a record as a JSON value.

    Parameters
    ----------
    record
        An answer, a chart, a table, or a place to try values.

    Returns
    -------
    dict
        ``kind`` (``answer``, ``chart``, ``table`` or ``what_if``), ``id``, ``title`` (plain
        text), ``text`` (plain text of the whole), ``provenance`` (list of
        ``inputs`` and ``formula``), and the parts of its kind: ``sentences``;
        ``headline``, ``subtitle``, ``alt_text``, ``svg`` and ``data``; or
        ``columns``, ``rows``, ``row_ids`` and ``note``; or what
        `what_if_payload.what_if_parts` gives. A number is a mapping of
        ``value``, ``from`` (a position in ``provenance``), ``text``, which is
        left out where it is the plain value, and ``field`` where the page may
        write it anew; a sentence is a list of texts and numbers. In a column,
        a number with nothing but its value is the value alone if it leads where
        ``from`` of the table says for its column: long tables are mostly such.
    """
    writer = _Writer(record)
    if isinstance(record, WhatIf):
        parts: dict[str, Any] = what_if_parts(record, writer)
    elif isinstance(record, Answer):
        parts = {
            "kind": "answer",
            "id": record.id,
            "title": str(record.sentences[0]) if record.sentences else "",
            "text": " ".join(str(one) for one in record.sentences),
            "sentences": [writer.cell(one) for one in record.sentences],
        }
    elif isinstance(record, Chart):
        parts = {
            "kind": "chart",
            "id": record.id,
            "title": str(record.title),
            "text": f"{record.title} {record.alt_text}",
            "headline": writer.cell(record.title),
            "subtitle": writer.cell(record.subtitle),
            "alt_text": writer.cell(record.alt_text),
            "svg": record.svg,
            "data": writer.table(record.data),
        }
    else:
        parts = writer.table(record) | {"text": record.caption}
    parts["provenance"] = [
        {"inputs": list(one.inputs), "formula": one.formula} for one in writer.provenances
    ]
    return parts


def record_of(values: Mapping[str, Any]) -> Record:
    """Build the record again that `payload` was made from.

    Parameters
    ----------
    values
        What `payload` returned, directly or after a passage through JSON.

    Returns
    -------
    Answer, Chart, TableView or WhatIf
        Equal to the original.
    """
    reader = _Reader(values["provenance"])
    if values["kind"] == "what_if":
        return what_if_of(values, reader)
    if values["kind"] == "answer":
        return Answer(values["id"], tuple(reader.cell(one) for one in values["sentences"]))
    if values["kind"] == "chart":
        return Chart(
            id=values["id"],
            title=reader.cell(values["headline"]),
            subtitle=reader.cell(values["subtitle"]),
            svg=values["svg"],
            alt_text=reader.cell(values["alt_text"]),
            data=reader.table(values["data"]),
        )
    return reader.table(values)
