"""The files that a site offers beside its pages: data, workbook, tables, notebooks, licences."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from statedfigures.analysis.assumptions import scenario_names
from statedfigures.analysis.outturn import outturn
from statedfigures.analysis.projection import model_of, project
from statedfigures.display import shown
from statedfigures.display.tables import neutralised, table_cells, table_csv
from statedfigures.display.workbook import workbook_bytes
from statedfigures.errors import NotebookError
from statedfigures.release.reading import Release, present_tables
from statedfigures.release.schema import DESCRIPTOR_FILE, METHOD, descriptor_text, tables
from statedfigures.site.pages import citation, metadata
from statedfigures.site.pages.metadata import DataFile

PROJECTIONS_FILE, OUTTURNS_FILE = "data/projections.csv", "data/outturns.csv"
# Columns of a hub for forecasts (hubverse), with the task columns first.
HUB_COLUMNS = {
    "series": "Series, as in series.csv of the tables",
    "scenario": "Scenario: low, central, high, or one of the analyst's own",
    "target_year": "Year that the value is for",
    "output_type": "quantile",
    "output_type_id": "Level of the quantile, from 0 to 1",
    "value": "Projected value",
    "unit": "Unit of the value",
}
OUTTURN_COLUMNS = {
    "series": "Series, as in series.csv of the tables",
    "target_year": "Year that the value is for",
    "value": "Value published later",
    "unit": "Unit of the value",
    "maximum": "What the series cannot pass, where there is such a value",
    "within_horizon": "Whether the year lies within the stated horizon",
    "break_of_measure": "Whether what is measured changed, so that the year is not scored",
    "score": "Weighted interval score of the logarithms, or logits for a share, central scenario",
    "score_no_change": "The same for no change",
    "score_undamped": "The same for the trend going on undamped",
}
_DAY = (1980, 1, 1, 0, 0, 0)
_YEARS = frozenset({"year", "target_year"})


def shown_path(page: str, name: str) -> str:
    """Return the path of the file of a table or chart inside the site.

    Examples
    --------
    >>> shown_path("claims", "all-comparisons")
    'data/claims-all-comparisons.csv'
    """
    return f"data/{page}-{name}.csv"


def csv_file(
    path: str,
    title: str,
    frame: pd.DataFrame,
    descriptions: Mapping[str, str] | None = None,
    page: str = "",
) -> DataFile:
    r"""Write a frame as CSV: UTF-8, comma, line feed.

    Numbers have at most six significant digits, whole ones all of theirs. A
    text that a spreadsheet would run as a formula begins with an apostrophe.

    Examples
    --------
    >>> csv_file("data/a.csv", "A", pd.DataFrame({"a": [1 / 3, 1234567.0, None]})).content
    b'a\n0.333333\n1234567\n""\n'
    """
    kinds = [_field_type(name, frame[name]) for name in frame.columns]
    cells = frame.map(_cell)
    content = cells.to_csv(index=False, lineterminator="\n", encoding="utf-8").encode()
    words = descriptions or {}
    fields = tuple(
        (str(name), kind, words.get(str(name), ""))
        for name, kind in zip(frame.columns, kinds, strict=True)
    )
    return DataFile(path, title, fields, len(frame), content, page)


def _field_type(name: Any, values: pd.Series[Any]) -> str:
    if name in _YEARS:
        return "year"
    if pd.api.types.is_bool_dtype(values):
        return "boolean"
    return "number" if pd.api.types.is_numeric_dtype(values) else "string"


def _cell(value: Any) -> str:
    """Return a cell as text."""
    if isinstance(value, str):
        return neutralised(value)
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return str(bool(value)).lower()
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.6g}"


def projections_file(release: Release, parameters: Mapping[str, Any]) -> DataFile | None:
    """Return every projected quantile, to the last year of an outturn; None without any.

    Parameters
    ----------
    release
        The release.
    parameters
        The parameters of the edition. Years beyond its horizon are there so
        that every score can be recomputed.
    """
    if not (release.series["projectable"] == "yes").any():
        return None
    years = outturn_years(release)
    horizon = int(parameters.get("horizon_year") or 0) or release.about.default_horizon
    horizon = max([horizon, *(year for year in years if year <= release.about.last_horizon)])
    found = project(
        release,
        horizon_year=horizon,
        scenario=scenario_names(release),
        draws=parameters["draws"],
        seed=parameters["seed"],
    )
    first = found.groupby("series")["year"].transform("min")
    found = found[found["year"] > first].rename(
        columns={"year": "target_year", "quantile": "output_type_id"}
    )
    found = found.assign(output_type="quantile")[list(HUB_COLUMNS)]
    return csv_file(PROJECTIONS_FILE, "Every projected quantile", found, HUB_COLUMNS)


def outturn_years(release: Release) -> list[int]:
    """Return the whole years for which an outturn of a series was published."""
    series = {name for names in release.series["outturn_series"] for name in names.split()}
    periods = release.published.loc[release.published["series"].isin(series), "period"]
    return sorted({int(period[:4]) for period in periods if period[:4].isdigit()})


def outturns_file(release: Release, parameters: Mapping[str, Any]) -> DataFile | None:
    """Return what was published later for each series and year, with its scores."""
    if not (release.series["projectable"] == "yes").any():
        return None
    found = outturn(release, draws=parameters["draws"], seed=parameters["seed"])
    if found.empty:
        return None
    found = found.rename(columns={"year": "target_year", "published": "value"})
    limits = {name: model_of(release, name).maximum for name in found["series"].unique()}
    found["maximum"] = found["series"].map(limits).replace(float("inf"), float("nan"))
    kept = found[list(OUTTURN_COLUMNS)]
    return csv_file(OUTTURNS_FILE, "What was published later, and scores", kept, OUTTURN_COLUMNS)


def archive_path(release_id: str) -> str:
    """Return the path of the packed tables inside a site.

    Examples
    --------
    >>> archive_path("ships-2020")
    'data/ships-2020-tables.zip'
    """
    return f"data/{release_id}-tables.zip"


def tables_archive(release: Release) -> bytes:
    """Return the tables of a release and of the method, packed byte for byte.

    Returns
    -------
    bytes
        A zip file laid out like the folder ``data``, not compressed and
        without times and owners: the same tables give the same bytes. It
        holds the tables, their full descriptor and `release.toml`, and nothing
        else that lies in the folder, such as a copy of the publisher's text.
    """
    names = [*(table.file for table in tables().values()), "release.toml", DESCRIPTOR_FILE]
    folders = {release.folder.name: release.folder, METHOD: release.folder.parent / METHOD}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for folder_name, folder in sorted(folders.items()):
            for name in sorted(names):
                path = folder / name
                content = path.read_bytes() if path.is_file() else b""
                if name == DESCRIPTOR_FILE and folder == release.folder:
                    content = descriptor_text(release.about, present_tables(folder)).encode()
                if not content:
                    continue
                entry = zipfile.ZipInfo(f"{folder_name}/{name}", _DAY)
                entry.create_system = 3
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content)
    return held.getvalue()


def shown_files(
    records: Mapping[str, Sequence[Any]], titles: Mapping[str, str]
) -> tuple[DataFile, ...]:
    """Return the data of every table and chart of the pages, one file each.

    Parameters
    ----------
    records
        Stem of a page to what the library showed on it.
    titles
        Stem of a page to its name in the navigation.

    Raises
    ------
    NotebookError
        If two that differ would have the same file.
    """
    files: dict[str, DataFile] = {}
    for page, listed in records.items():
        for record in listed:
            table = table_of(record)
            if table is None:
                continue
            file = _shown_file(record, table, page, titles.get(page, page))
            known = files.setdefault(file.path, file)
            if known.content != file.content:
                raise NotebookError(
                    f"{page}.html: two tables that differ have the name {record.name!r}; "
                    "give each its own with name="
                )
    return tuple(files.values())


def _shown_file(record: Any, table: shown.Table, page: str, page_name: str) -> DataFile:
    """Return the file of a table, or of the table behind a chart."""
    cells = table_cells(table.view)
    held = pd.DataFrame(cells.rows, columns=list(cells.names))
    fields = tuple(
        (name, _field_type(name, held[name]), f"{heading}, in {unit}" if unit else heading)
        for name, heading, unit in zip(cells.names, cells.headings, cells.units, strict=True)
    )
    words = record.title if isinstance(record, shown.Chart) else table.view.caption
    title = f"{page_name}: {words.text or table.fold or record.name}"
    content = table_csv(table.view).encode()
    return DataFile(shown_path(page, record.name), title, fields, len(cells.rows), content, page)


def download_files(
    release: Release,
    notebooks: Iterable[tuple[str, Any]],
    parameters: Mapping[str, Any],
    files: Sequence[DataFile],
    workbook: bytes,
) -> dict[str, bytes]:
    """Return everything beside the pages: path inside the site to content."""
    about = release.about
    found = {file.path: file.content for file in files}
    found[archive_path(release.id)] = tables_archive(release)
    found[workbook_path(release, parameters)] = workbook
    for page, notebook in notebooks:
        found[f"notebooks/{page}.ipynb"] = nbformat.writes(notebook).encode()
    found[metadata.PACKAGE_FILE] = metadata.data_package(files, about, parameters)
    found[citation.BIBTEX_FILE] = citation.bibtex(about, parameters).encode()
    found[citation.CITATION_FILE] = citation.citation_file(about, parameters).encode()
    found[citation.LICENCE_FILE] = citation.licence_text(about).encode()
    return found


def workbook_of(
    release: Release,
    parameters: Mapping[str, Any],
    records: Mapping[str, Sequence[Any]],
    titles: Mapping[str, str],
) -> bytes:
    """Return every table and chart of the pages as one workbook."""
    about = release.about
    views = {
        f"{titles.get(page, page)} {record.name}": table.view
        for page, listed in records.items()
        for record in listed
        if (table := table_of(record)) is not None
    }
    cover = [
        metadata.describe(about),
        f"E{citation.edition_words(about, parameters)[1:]}",
        citation.citation_words(about, parameters),
    ]
    return workbook_bytes(
        views,
        title=citation.title_of(about),
        about=cover,
        author=citation.AUTHORS,
        edition=datetime.combine(about.edition, time()),
    )


def table_of(record: Any) -> shown.Table | None:
    """Return the table that a record is, or that is behind its chart; None without rows."""
    table = record.data if isinstance(record, shown.Chart) else record
    held = isinstance(table, shown.Table) and not table.view.frame.empty
    return table if held else None


def workbook_path(release: Release, parameters: Mapping[str, Any]) -> str:
    """Return the path of the workbook inside a site."""
    return f"data/{release.id}-{parameters.get('scenario', 'central')}.xlsx"


def size_text(size: int) -> str:
    """Return the size of a file in words.

    Examples
    --------
    >>> size_text(800), size_text(20_480), size_text(3_500_000)
    ('800 bytes', '20 KB', '3.3 MB')
    """
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:.0f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


def written(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, in the order of their paths."""
    for path, content in sorted(files.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
