"""A release folder in, all its tables out: validated, or every fault at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from statedfigures.errors import DataError, Fault
from statedfigures.sources.cells import quoted
from statedfigures.sources.description import read_description
from statedfigures.sources.descriptor import TABLES, TableDescription, read_descriptor
from statedfigures.sources.files import decode_text, read_bytes, split_rows
from statedfigures.sources.finding import DESCRIPTOR_FILE, find_release
from statedfigures.sources.keys import dangling_references, repeated_keys
from statedfigures.sources.records import ReleaseDescription, ReleaseTables
from statedfigures.sources.references import table_faults
from statedfigures.sources.rules import row_faults
from statedfigures.sources.tables import TableRows, match_columns, read_records
from statedfigures.sources.watching import unnoted, watched

DESCRIPTION_FILE = "release.toml"
_KEYS: Mapping[str, str] = {"paragraphs": "locator"}
_WITHOUT_KEY = ("mentions", "reviews", "tor_monthly_users")


def read_release(release: str, *, data: Path | None = None) -> ReleaseTables:
    """Read and validate all tables of a release.

    Parameters
    ----------
    release
        Id of the release.
    data
        Folder that holds the releases; see `find_release`.

    Returns
    -------
    ReleaseTables
        The tables. Types, constraints, keys and the domain rules hold.

    Raises
    ------
    ParameterError
        If there is no such release.
    DataError
        With the faults of all tables at once.

    Notes
    -----
    Rules that hold a table against others run when every table is sound by
    itself, because a row that is missing for its own fault would make its
    references look wrong too.
    """
    folder = find_release(release, data)
    with unnoted():
        tables = _read_all(folder, release)
    return watched(tables, DESCRIPTION_FILE, DESCRIPTOR_FILE)


def _read_all(folder: Path, release: str) -> ReleaseTables:
    """Read and validate all tables of the folder of a release."""
    faults: list[Fault] = []
    description: ReleaseDescription | None = None
    try:
        content = read_bytes(folder / DESCRIPTION_FILE)
        description = read_description(decode_text(content, DESCRIPTION_FILE), release)
    except DataError as error:
        faults.extend(error.faults)
    try:
        content = read_bytes(folder / DESCRIPTOR_FILE)
        described = read_descriptor(decode_text(content, DESCRIPTOR_FILE))
    except DataError as error:
        raise DataError([*faults, *error.faults]) from None
    rows: dict[str, TableRows] = {}
    for table in described.values():
        try:
            rows[table.name] = _read_rows(folder, table)
        except DataError as error:
            faults.extend(error.faults)
    records: dict[str, tuple[Any, ...]] = {}
    for name, table_rows in rows.items():
        records[name], found = read_records(table_rows)
        faults.extend((*table_rows.faults, *found, *repeated_keys(table_rows)))
    # A cell that is wrong by itself is told once: where it leads says nothing more.
    told = {(fault.file, fault.row, fault.column) for fault in faults}
    faults.extend(
        fault
        for fault in dangling_references(rows)
        if (fault.file, fault.row, fault.column) not in told
    )
    faults.extend(row_faults(records))
    if faults or description is None:
        raise DataError(faults)
    tables = _gather(description, records)
    if faults := list(table_faults(tables)):
        raise DataError(faults)
    return tables


def _read_rows(folder: Path, table: TableDescription) -> TableRows:
    """Read one table up to its rows in the order of the schema."""
    text = decode_text(read_bytes(folder / table.file), table.file)
    return match_columns(table, split_rows(text, table.file))


def _gather(
    description: ReleaseDescription, records: Mapping[str, tuple[Any, ...]]
) -> ReleaseTables:
    """Put the records of all tables together, by id where they have one."""
    keyed: dict[str, Any] = {}
    faults: list[Fault] = []
    for name in TABLES:
        if name in _WITHOUT_KEY:
            keyed[name] = records[name]
            continue
        key = _KEYS.get(name, "id")
        keyed[name] = {}
        for record in records[name]:
            if (row_id := getattr(record, key)) in keyed[name]:
                found = f"{quoted(row_id)} repeats row {keyed[name][row_id].row}"
                faults.append(Fault(f"{name}.csv", record.row, "", found, "give each row its own"))
            keyed[name][row_id] = record
    if faults:
        raise DataError(faults)
    return ReleaseTables(description=description, **keyed)
