"""A second, plain reading of the tables, to hold the program's own against."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from statedfigures.sources.descriptor import TABLES
from statedfigures.sources.records import ReleaseTables

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def cells_of(path: Path) -> dict[int, dict[str, str]]:
    """Read a table as RFC 4180 has it: row number to column to cell."""
    text = path.read_bytes().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    columns = [column.strip() for column in header]
    return {
        number: dict(zip(columns, row, strict=False))
        for number, row in enumerate(rows, start=2)
        if any(row)
    }


def means(value: object, cell: str) -> bool:
    """Say whether a value is what a cell says and nothing else."""
    if value is None:
        return cell == ""
    if isinstance(value, bool):
        return cell == str(value).lower()
    if isinstance(value, int | float | Decimal):
        if not _NUMBER.fullmatch(cell):
            return False
        return float(cell) == value if isinstance(value, float) else Decimal(cell) == value
    if isinstance(value, date):
        return cell == value.isoformat()
    if isinstance(value, tuple):
        return cell.split() == list(value)
    return cell == str(value)


def misread(tables: ReleaseTables, folder: Path) -> Iterator[str]:
    """Name every value that differs from its cell, and every row that is missing."""
    for table in TABLES:
        found = getattr(tables, table)
        records = list(found.values() if hasattr(found, "values") else found)
        cells = cells_of(folder / f"{table}.csv")
        if {record.row for record in records} != set(cells):
            yield f"{table}: other rows than the file holds"
            continue
        for record in records:
            for column, cell in cells[record.row].items():
                if not means(getattr(record, column, f"no {column}"), cell):
                    yield f"{table} row {record.row} {column}: {cell!r} was read as something else"
