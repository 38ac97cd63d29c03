"""The CSV files that a site offers: every table, and all projections in one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from statedfigures.display.delimited import csv_rows
from statedfigures.display.records import Answer, Chart, TableView
from statedfigures.errors import NotebookError

PROJECTION_COLUMNS = (
    "series",
    "scenario",
    "model",
    "target_year",
    "output_type",
    "output_type_id",
    "value",
    "unit",
)
PROJECTIONS_FILE = "data/projections.csv"
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def data_files(
    shown: Mapping[str, Iterable[Answer | Chart | TableView]],
) -> dict[str, bytes]:
    """Give the CSV file of every table and chart, and all projections in one.

    Parameters
    ----------
    shown
        Name of a notebook to the records that it showed.

    Returns
    -------
    dict
        ``data/<id of the table>.csv`` to content, and ``data/projections.csv``
        where a table has the columns `PROJECTION_COLUMNS`.
    """
    files: dict[str, bytes] = {}
    owners: dict[str, str] = {}
    projections: dict[tuple[str, ...], None] = {}
    for notebook, records in shown.items():
        for record in records:
            if isinstance(record, Answer):
                continue
            table = record.data if isinstance(record, Chart) else record
            path = f"data/{table.id}.csv"
            if not _FILE_NAME.fullmatch(table.id) or path == PROJECTIONS_FILE:
                raise NotebookError(
                    f"{notebook}: the table id {table.id!r} cannot name a file; "
                    "use letters, digits, hyphens and underscores, and not projections"
                )
            rows = csv_rows(table)
            content = csv_bytes(rows)
            if files.setdefault(path, content) != content:
                raise NotebookError(
                    f"{notebook}: the table id {table.id!r} already names another table in "
                    f"{owners[path]}; give each table its own id"
                )
            owners.setdefault(path, notebook)
            if tuple(rows[0]) == PROJECTION_COLUMNS:
                projections |= dict.fromkeys(tuple(row) for row in rows[1:])
    if projections:
        files[PROJECTIONS_FILE] = csv_bytes([PROJECTION_COLUMNS, *projections])
    return files


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Write a CSV file as RFC 4180 has it: UTF-8, comma, carriage return and line feed."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
