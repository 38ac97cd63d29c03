"""The CSV files that a site offers: every table, and all projections in one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from statedfigures.display.delimited import csv_rows
from statedfigures.display.payload import Record
from statedfigures.display.records import Chart, Column, TableView
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


@dataclass(frozen=True, slots=True)
class TableFile:
    """A CSV file of the site and the table in it.

    Attributes
    ----------
    path
        Path inside the site.
    title
        Caption of the table; the headline comes after it for the data of a chart.
    view
        The table. That of all projections together has no rows here.
    row_count
        Rows of the file without its header.
    content
        The file.
    notebooks
        Notebooks that showed the table, in the order of their pages.
    chart_title
        Headline of the chart whose data these are; empty for a table of its own.
    """

    path: str
    title: str
    view: TableView
    row_count: int
    content: bytes
    notebooks: tuple[str, ...]
    chart_title: str = ""

    @property
    def name(self) -> str:
        """Name of the file without folder and ending."""
        return self.path.removeprefix("data/").removesuffix(".csv")


def table_files(
    shown: Mapping[str, Iterable[Record]],
) -> tuple[TableFile, ...]:
    """Write the CSV file of every table and chart, and all projections in one.

    Parameters
    ----------
    shown
        Name of a notebook to the records that it showed.

    Returns
    -------
    tuple of TableFile
        In the order of the pages. `PROJECTIONS_FILE` comes last, where a
        table has the columns `PROJECTION_COLUMNS`.

    Raises
    ------
    NotebookError
        If two tables that differ have the same id, or an id is no file name.
    """
    files: dict[str, TableFile] = {}
    projections: dict[tuple[str, ...], None] = {}
    columns: tuple[Column, ...] = ()
    for notebook, records in shown.items():
        for record in records:
            # An answer has no table, and that of a reader's values is not published.
            if not isinstance(record, Chart | TableView):
                continue
            one = _table_file(notebook, record)
            earlier = files.get(one.path)
            if earlier and earlier.content != one.content:
                raise NotebookError(
                    f"{notebook}: the table id {one.view.id!r} already names another table in "
                    f"{earlier.notebooks[0]}; give each table its own id"
                )
            if earlier is None:
                files[one.path] = one
            elif notebook not in earlier.notebooks:
                files[one.path] = replace(earlier, notebooks=(*earlier.notebooks, notebook))
            rows = csv_rows(one.view) if _is_long(one.view) else []
            if rows:
                columns = one.view.columns
                projections |= dict.fromkeys(tuple(row) for row in rows[1:])
    if not columns:
        return tuple(files.values())
    together = TableFile(
        path=PROJECTIONS_FILE,
        title="Every projected quantile of every series in long form",
        view=TableView("projections", "Every projected quantile", columns, ()),
        row_count=len(projections),
        content=csv_bytes([PROJECTION_COLUMNS, *projections]),
        notebooks=(),
    )
    return (*files.values(), together)


def _table_file(notebook: str, record: Chart | TableView) -> TableFile:
    view, headline = (record.data, str(record.title)) if isinstance(record, Chart) else (record, "")
    path = f"data/{view.id}.csv"
    if not _FILE_NAME.fullmatch(view.id) or path == PROJECTIONS_FILE:
        raise NotebookError(
            f"{notebook}: the table id {view.id!r} cannot name a file; "
            "use letters, digits, hyphens and underscores, and not projections"
        )
    return TableFile(
        path=path,
        title=f"{view.caption}: {headline}" if headline else view.caption,
        view=view,
        row_count=len(view.rows),
        content=csv_bytes(csv_rows(view)),
        notebooks=(notebook,),
        chart_title=headline,
    )


def _is_long(view: TableView) -> bool:
    return tuple(column.name for column in view.columns) == PROJECTION_COLUMNS


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Write a CSV file as RFC 4180 has it: UTF-8, comma, carriage return and line feed."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
