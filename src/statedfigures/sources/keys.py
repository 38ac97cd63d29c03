"""Keys: each row its own id, and each reference a row that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from statedfigures.errors import Fault
from statedfigures.sources.cells import nearest_of, quoted
from statedfigures.sources.tables import TableRows


def repeated_keys(rows: TableRows) -> Iterator[Fault]:
    """Find rows that repeat the primary key, or a unique cell, of a row above.

    Parameters
    ----------
    rows
        Rows of one table.

    Yields
    ------
    Fault
        One for each row that repeats another.
    """
    unique = [
        (name,) for name, limits in rows.table.constraints.items() if limits.get("unique") is True
    ]
    for columns in {tuple(rows.table.schema.primary_key), *unique}:
        seen: dict[tuple[str, ...], int] = {}
        for number, cells in _cells(rows, columns):
            if not any(cells):
                continue
            if cells in seen:
                found = f"{quoted(', '.join(cells))} repeats the {' and '.join(columns)}"
                place = f"{found} of row {seen[cells]}"
                yield Fault(rows.table.file, number, columns[0], place, "give each row its own")
            seen.setdefault(cells, number)


def dangling_references(tables: Mapping[str, TableRows]) -> Iterator[Fault]:
    """Find references to rows that are not there, by the foreign keys of the schemas.

    Parameters
    ----------
    tables
        Name of each table that could be read to its rows. References into a
        table that is missing here or incomplete are not judged: they may only
        seem to dangle.

    Yields
    ------
    Fault
        One for each reference, naming the id that is missing and the nearest
        one that exists. Empty references are no references.
    """
    for rows in tables.values():
        for key in rows.table.schema.foreign_keys:
            reference = key["reference"]
            target = tables.get(reference["resource"] or rows.table.name)
            if target is None or not target.complete:
                continue
            known = {cells for _, cells in _cells(target, reference["fields"])}
            for number, cells in _cells(rows, key["fields"]):
                if any(cells) and cells not in known:
                    value = ", ".join(cells)
                    nearest = nearest_of(value, (", ".join(names) for names in known))
                    yield Fault(
                        rows.table.file,
                        number,
                        ", ".join(key["fields"]),
                        f"{quoted(value)} is not in {target.table.file}",
                        f"add it there or correct it here: {nearest}",
                    )


def _cells(rows: TableRows, columns: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the number of every row and its cells of some columns."""
    indices = [rows.table.columns.index(column) for column in columns]
    for row in rows.rows:
        yield row.number, tuple(row.cells[index] for index in indices)
