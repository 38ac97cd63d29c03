"""What differs between two sets of tables, row by row, and tables between the two."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from statedfigures.sources.records import ReleaseTables

# Kind of row to its table; rows without an id get one from what makes them unique.
TABLES: Mapping[str, str] = {
    "figure": "figures",
    "claim": "claims",
    "series": "series",
    "assumption": "assumptions",
    "measure": "measures",
    "published": "published",
    "paragraph": "paragraphs",
    "mention": "mentions",
    "month": "tor_monthly_users",
    "review": "reviews",
}
_KEYS: Mapping[str, Callable[[Any], str]] = {
    "mention": lambda row: f"{row.locator} {row.token} {row.nth}",
    "month": lambda row: row.month.isoformat(),
    "review": lambda row: f"{row.assumption}, row {row.row}",
}
RELEASE = "release"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A cell that differs; None where the row is missing on that side."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs: ``reference`` is its kind, a colon and its id.

    ``kind`` is ``changed``, ``added`` or ``removed``; for the last two
    ``fields`` holds every cell.
    """

    reference: str
    kind: str
    fields: tuple[FieldChange, ...]


def table_changes(old: ReleaseTables, new: ReleaseTables) -> tuple[RowChange, ...]:
    """List the rows that differ between two sets of tables.

    Parameters
    ----------
    old, new
        Tables of one release, or of two.

    Returns
    -------
    tuple of RowChange
        In the order of tables and ids. Where a row stands in its file is no
        difference.
    """
    found = []
    for kind, table in TABLES.items():
        before, after = _rows(old, kind, table), _rows(new, kind, table)
        for row_id in sorted({*before, *after}):
            change = _row_change(f"{kind}:{row_id}", before.get(row_id), after.get(row_id))
            if change is not None:
                found.append(change)
    change = _row_change(f"{RELEASE}:{new.description.id}", old.description, new.description)
    return (*found, *([change] if change else ()))


def mixed_tables(old: ReleaseTables, new: ReleaseTables, made: Collection[str]) -> ReleaseTables:
    """Give the old tables with some of the changes made.

    Parameters
    ----------
    old, new
        The tables.
    made
        References of the changes to be made: see `table_changes`.

    Returns
    -------
    ReleaseTables
        With the new row for each reference, or without it where the new
        tables have none.
    """
    tables = old
    for kind, table in TABLES.items():
        chosen = {one.partition(":")[2] for one in made if one.startswith(f"{kind}:")}
        if not chosen:
            continue
        after = _rows(new, kind, table)
        rows = {name: row for name, row in _rows(old, kind, table).items() if name not in chosen}
        rows |= {name: row for name, row in after.items() if name in chosen}
        has_ids = isinstance(getattr(old, table), Mapping)
        changed: dict[str, Any] = {table: rows if has_ids else tuple(rows.values())}
        tables = replace(tables, **changed)
    if any(one.startswith(f"{RELEASE}:") for one in made):
        tables = replace(tables, description=new.description)
    return tables


def _rows(tables: ReleaseTables, kind: str, table: str) -> dict[str, Any]:
    rows = getattr(tables, table)
    if isinstance(rows, Mapping):
        return dict(rows)
    return {_KEYS[kind](row): row for row in rows}


def _row_change(reference: str, old: Any, new: Any) -> RowChange | None:
    if old == new:
        return None
    kind = "changed"
    if old is None or new is None:
        kind = "added" if old is None else "removed"
    changed = []
    for field in fields(new if old is None else old):
        if not field.compare:
            continue
        before, after = getattr(old, field.name, None), getattr(new, field.name, None)
        if before != after:
            changed.append(FieldChange(field.name, before, after))
    return RowChange(reference, kind, tuple(changed))
