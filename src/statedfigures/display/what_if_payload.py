"""A place to try other values as a JSON value, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from statedfigures.display.records import Cell, Control, Followed, TableView, WhatIf

_WORDS = ("title", "subtitle", "heading")
_TABLES = ("compared", "yearly")
_VALUES = ("low", "central", "high")


class Writer(Protocol):
    """Turns cells and tables into JSON."""

    def cell(self, cell: Cell) -> Any:
        """Give a cell."""

    def table(self, view: TableView) -> dict[str, Any]:
        """Give a table."""


class Reader(Protocol):
    """Turns JSON back into cells and tables."""

    def cell(self, value: Any) -> Any:
        """Give a cell."""

    def table(self, one: Mapping[str, Any]) -> TableView:
        """Give a table."""


def what_if_parts(record: WhatIf, writer: Writer) -> dict[str, Any]:
    """Give the parts of a place to try values: ``controls``, ``followed``, ``note``, ``engine``."""
    return {
        "kind": "what_if",
        "id": record.id,
        "title": "Try other values",
        "text": " ".join(str(one.heading) for one in record.followed),
        "controls": [
            {
                "assumption": one.assumption,
                "label": one.label,
                "unit": one.unit,
                "series": list(one.series),
                "step": one.step,
                "varies": one.varies,
                **{name: writer.cell(getattr(one, name)) for name in _VALUES},
            }
            for one in record.controls
        ],
        "followed": [
            {
                "series": one.series,
                "name": one.name,
                **{name: writer.cell(getattr(one, name)) for name in _WORDS},
                **{name: writer.table(getattr(one, name)) for name in _TABLES},
            }
            for one in record.followed
        ],
        "note": writer.cell(record.note),
        "engine": record.engine,
    }


def what_if_of(values: Mapping[str, Any], reader: Reader) -> WhatIf:
    """Build the record again that `what_if_parts` was made from."""
    controls = (
        one | {"series": tuple(one["series"])} | {name: reader.cell(one[name]) for name in _VALUES}
        for one in values["controls"]
    )
    followed = (
        one
        | {name: reader.cell(one[name]) for name in _WORDS}
        | {name: reader.table(one[name]) for name in _TABLES}
        for one in values["followed"]
    )
    return WhatIf(
        id=values["id"],
        controls=tuple(Control(**one) for one in controls),
        followed=tuple(Followed(**one) for one in followed),
        note=reader.cell(values["note"]),
        engine=values["engine"],
    )
