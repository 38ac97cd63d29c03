"""CSV rows to the records of a release, by the Table Schemas of its data package.

Frictionless decides about the types and constraints of cells; here its notes
become faults in plain words, and its values become frozen records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from statedfigures.errors import DataError, Fault
from statedfigures.sources.cells import Explanation, explain_constraint, nearest_of, quoted
from statedfigures.sources.descriptor import TableDescription
from statedfigures.sources.files import CsvRow
from statedfigures.sources.spellings import (
    PLAIN_NUMBER,
    SPREADSHEET_DATE,
    explain_date,
    explain_number,
    misleading_cell,
)

_CAST: Mapping[str, Callable[[Any], Any]] = {
    "str": lambda value: value or "",
    "tuple[str, ...]": lambda value: tuple((value or "").split()),
    "float": float,
}


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows of a table in the order of its schema, and the faults met so far.

    ``complete`` is False where a row could not be matched to the columns, so
    that other tables are not told of references that only seem to dangle.
    """

    table: TableDescription
    rows: tuple[CsvRow, ...]
    faults: tuple[Fault, ...]

    @property
    def complete(self) -> bool:
        """Whether every row of the file is here."""
        return not self.faults


def match_columns(table: TableDescription, rows: Sequence[CsvRow]) -> TableRows:
    """Put the cells of every row into the order of the schema.

    Parameters
    ----------
    table
        Description of the table; its columns may stand in any order in the file.
    rows
        Header and rows of the file.

    Returns
    -------
    TableRows
        The rows without their header; rows with too many or too few cells are
        left out and named in its faults.

    Raises
    ------
    DataError
        If a column is missing, unknown, unnamed or there twice.
    """
    header = [cell.strip() for cell in rows[0].cells] if rows else []
    if faults := _header_faults(table, header):
        raise DataError(faults)
    order = [header.index(column) for column in table.columns]
    kept, faults = [], []
    for row in rows[1:]:
        if len(row.cells) == len(header):
            kept.append(CsvRow(row.number, tuple(row.cells[index] for index in order)))
        elif not any(cell.strip() for cell in row.cells):
            faults.append(Fault(table.file, row.number, "", "the row is empty", "delete it"))
        else:
            found = f"the row has {len(row.cells)} cells and the header has {len(header)}"
            remedy = "put a cell that holds a comma between quotation marks"
            if len(row.cells) < len(header):
                remedy = "add the cells that are missing, empty or not"
            faults.append(Fault(table.file, row.number, "", found, remedy))
    return TableRows(table, tuple(kept), tuple(faults))


def read_records(rows: TableRows) -> tuple[tuple[Any, ...], tuple[Fault, ...]]:
    """Validate the cells of a table and cast its rows to records.

    Parameters
    ----------
    rows
        Rows in the order of the schema.

    Returns
    -------
    tuple
        The records in the order of the file, without the rows that have a
        fault; and the faults.
    """
    table = rows.table
    readers = {field.name: field.create_cell_reader() for field in table.schema.fields}
    types = {field.name: str(field.type) for field in table.schema.fields}
    made: list[Any] = []
    faults: list[Fault] = []
    for row in rows.rows:
        values: dict[str, Any] = {}
        found: list[Fault] = []
        for column, cell in zip(table.columns, row.cells, strict=True):
            explanation = misleading_cell(cell, types[column]) if cell else None
            if explanation is None:
                values[column], notes = readers[column](cell)
                explanation = _explain(table, column, types[column], cell, notes)
            if explanation is None and values[column] is None and column in table.never_empty:
                explanation = explain_constraint(cell, "required", True)
            if explanation:
                found.append(Fault(table.file, row.number, column, *explanation))
        if found:
            faults.extend(found)
        else:
            made.append(_record(table, row.number, values))
    return tuple(made), tuple(faults)


def _explain(
    table: TableDescription, column: str, kind: str, cell: str, notes: Mapping[str, str] | None
) -> Explanation | None:
    """Say what a note of frictionless means in the words of the table."""
    if not notes:
        return None
    name = next(iter(notes))
    if name == "pattern" and SPREADSHEET_DATE.fullmatch(cell):
        found = f"{quoted(cell)} is a date that a spreadsheet has rewritten"
        return found, f"make it match {table.constraints[column][name]}"
    if name != "type":
        return explain_constraint(cell, name, table.constraints[column].get(name))
    if kind == "integer" and PLAIN_NUMBER.fullmatch(cell):
        return f"{quoted(cell)} is not a whole number", "write a whole number"
    if kind in {"number", "integer"}:
        return explain_number(cell)
    if kind == "date":
        return explain_date(cell)
    return f"{quoted(cell)} is neither true nor false", "write true or false"


def _record(table: TableDescription, number: int, values: Mapping[str, Any]) -> Any:
    """Make the record of a row that has no fault."""
    cast = {
        item.name: _CAST.get(str(item.type), lambda value: value)(values[item.name])
        for item in fields(table.record)
        if item.name != "row"
    }
    return table.record(**cast, row=number)


def _header_faults(table: TableDescription, header: Sequence[str]) -> list[Fault]:
    """Find what keeps a header from naming every column once."""

    def fault(column: str, found: str, remedy: str) -> Fault:
        return Fault(table.file, 1, column, found, remedy)

    columns = table.columns
    if not set(header) & set(columns):
        found = (
            f"the first row does not hold the names of the columns but {quoted(', '.join(header))}"
        )
        return [fault("", found, f"make the first row {','.join(columns)}")]
    unknown = sorted({name for name in header if name and name not in columns})
    missing = [column for column in columns if column not in header]
    faults = [
        fault(name, "the column is there twice", "keep one of them")
        for name in columns
        if header.count(name) > 1
    ]
    faults += [
        fault(name, "the column is missing", "add it, empty where nothing is known")
        for name in missing
    ]
    faults += [
        fault(
            name,
            f"the column {quoted(name)} is unknown",
            f"delete it, or rename it: {nearest_of(name, missing or columns)}",
        )
        for name in unknown
    ]
    faults += [
        fault(
            "",
            f"column {number} of the header has no name",
            "name it, delete it, or split the cells that were merged",
        )
        for number, name in enumerate(header, start=1)
        if not name
    ]
    return faults
