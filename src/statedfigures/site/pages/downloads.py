"""The files that a site offers beside its pages: data, workbook, tables, notebooks, licences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import lru_cache
from typing import Any

import nbformat
import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype

from statedfigures.analysis.assumptions import scenario_names
from statedfigures.analysis.headline import headlines
from statedfigures.analysis.outturn import outturn
from statedfigures.analysis.projection import model_of, project
from statedfigures.analysis.published_checks import check_published
from statedfigures.display import shown
from statedfigures.display.tables import neutralised, table_csv
from statedfigures.display.workbook import stored_zip, workbook_bytes
from statedfigures.errors import NotebookError
from statedfigures.release.reading import Release, present_tables
from statedfigures.release.schema import PACKAGE_FILE, package_text
from statedfigures.site.pages import metadata
from statedfigures.site.pages.metadata import SiteFile
from statedfigures.site.pages.template import WORDS, Site
from statedfigures.site.publish.manifest import table_files

PROJECTIONS_FILE, OUTTURNS_FILE = "data/projections.csv", "data/outturns.csv"
# What several pages of an edition ask for, in one order of arguments; none changes what it gets.
headlines_once, outturn_once = lru_cache(maxsize=8)(headlines), lru_cache(maxsize=8)(outturn)
checks_once = lru_cache(maxsize=8)(check_published)
_YEARS = frozenset({"year", "target_year"})
_NUMBERS = ("integer", "floating", "mixed-integer-float")
_TYPES = {"boolean": "boolean", **dict.fromkeys(_NUMBERS, "number")}


def shown_path(page: str, name: str) -> str:
    """Return the path of the file of a table or chart inside the site.

    Examples
    --------
    >>> shown_path("claims", "all-comparisons")
    'data/claims-all-comparisons.csv'
    """
    return f"data/{page}-{name}.csv"


def csv_file(path: str, title: str, frame: pd.DataFrame, columns: Mapping[str, str]) -> SiteFile:
    r"""Write columns of a frame, each with its description, as CSV: UTF-8, comma, line feed.

    Numbers have at most six significant digits, whole ones all of theirs. A
    text that a spreadsheet would run as a formula begins with an apostrophe.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [1 / 3, 1234567.0, None]})
    >>> csv_file("data/a.csv", "A", frame, {"a": "A number"}).content
    b'a\n0.333333\n1234567\n""\n'
    """
    content = frame[list(columns)].map(_cell).to_csv(index=False, lineterminator="\n")
    fields = tuple(_field(name, frame[name], words) for name, words in columns.items())
    return SiteFile(path, title, content.encode(), fields=fields)


def _field(name: str, cells: Any, words: str) -> dict[str, str]:
    """Return how the Table Schema describes a column."""
    kind = "year" if name in _YEARS else _TYPES.get(infer_dtype(cells), "string")
    return {"name": name, "type": kind, "description": words}


def _cell(value: Any) -> str:
    """Return a cell as text."""
    if isinstance(value, str):
        return neutralised(value)
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.6g}"


def projections_file(release: Release, parameters: Mapping[str, Any]) -> SiteFile | None:
    """Return every projected quantile, to the last year of an outturn; None without any.

    Parameters
    ----------
    release
        The release.
    parameters
        The parameters of the edition. Years beyond its horizon are there so
        that every score can be recomputed.
    """
    years = outturn_years(release)
    found = project(
        release,
        horizon_year=max([parameters["horizon_year"], *years[years <= release.about.last_horizon]]),
        scenario=scenario_names(release),
        draws=parameters["draws"],
        seed=parameters["seed"],
    )
    if found.empty:
        return None
    base = found.groupby("series")["year"].transform("min")
    names = {"year": "target_year", "quantile": "output_type_id"}
    found = found[found["year"] > base].rename(columns=names).assign(output_type="quantile")
    title = "Every projected quantile of every series and scenario"
    return csv_file(PROJECTIONS_FILE, title, found, WORDS["projections"])


def outturn_years(release: Release) -> pd.Series[int]:
    """Return the whole years for which an outturn of a series was published."""
    series = release.series["outturn_series"].str.split().explode()
    years = release.published.loc[release.published["series"].isin(series), "period"].str[:4]
    return years[years.str.isdigit()].astype(int)


def outturns_file(release: Release, parameters: Mapping[str, Any]) -> SiteFile | None:
    """Return what was published later for each series and year, with its scores."""
    settings = {"scenario": "central", **{name: parameters[name] for name in ("draws", "seed")}}
    found = outturn_once(release, **settings)
    if found.empty:
        return None
    found = found.rename(columns={"year": "target_year", "published": "value"})
    limits = {name: model_of(release, name).maximum for name in found["series"].unique()}
    found["maximum"] = found["series"].map(limits).replace(float("inf"), float("nan"))
    title = "What was published later, with the scores of the projections"
    return csv_file(OUTTURNS_FILE, title, found, WORDS["outturns"])


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
    paths = table_files(release.folder)
    found = {f"{path.parent.name}/{path.name}": path.read_bytes() for path in paths}
    described = package_text(release.about, present_tables(release.folder))
    found[f"{release.folder.name}/{PACKAGE_FILE}"] = described.encode()
    return stored_zip(dict(sorted(found.items())))


def tables_shown(
    records: Mapping[str, Sequence[Any]],
) -> Iterator[tuple[str, shown.Table | shown.Chart, shown.Table]]:
    """Yield the page, what stands on it, and its table, of what the library showed with rows."""
    for page, listed in records.items():
        for record in listed:
            if (table := table_of(record)) is not None:
                yield page, record, table


def table_of(record: Any) -> shown.Table | None:
    """Return the table that a record is, or that is behind its chart; None without rows."""
    table = record.data if isinstance(record, shown.Chart) else record
    held = isinstance(table, shown.Table) and not table.frame.empty
    return table if held else None


def shown_files(records: Mapping[str, Sequence[Any]]) -> list[SiteFile]:
    """Return the data of every table and chart of the pages, one file each.

    Parameters
    ----------
    records
        Stem of a page to what the library showed on it.

    Raises
    ------
    NotebookError
        If two that differ would have the same file.
    """
    files: dict[str, SiteFile] = {}
    for page, record, table in tables_shown(records):
        rows, about = table.cells
        columns = zip(about.items(), zip(*rows, strict=True), strict=True)
        fields = tuple(
            _field(name, cells, f"{heading}, in {unit}" if unit else heading)
            for (name, (heading, unit)), cells in columns
        )
        words = record.title if isinstance(record, shown.Chart) else table.caption
        title = words.text or table.fold or record.name
        content, path = table_csv(table).encode(), shown_path(page, record.name)
        known = files.setdefault(path, SiteFile(path, title, content, page, fields))
        if known.content != content:
            raise NotebookError(
                f"{page}.html: two tables that differ have the name {record.name!r}; "
                "give each its own with name="
            )
    return list(files.values())


def site_files(
    release: Release, site: Site, notebooks: Mapping[str, Any], records: Mapping[str, Sequence[Any]]
) -> list[SiteFile]:
    """Return everything beside the pages, in the order of the page of downloads.

    Parameters
    ----------
    release
        The release.
    site
        What all pages share.
    notebooks
        Stem of each page to its executed notebook.
    records
        Stem of a page to what the library showed on it.

    Raises
    ------
    NotebookError
        If two tables that differ would have the same file.
    """
    about, parameters, on_pages = release.about, site.parameters, shown_files(records)
    made = (make(release, parameters) for make in (projections_file, outturns_file))
    results = [file for file in made if file is not None]
    names = {link.page: link.name for link in site.pages}
    package = metadata.data_package([*on_pages, *results], about, parameters, names)
    words = metadata.edition_words(about, parameters)
    workbook = workbook_bytes(
        {f"{names[page]} {held.name}": table for page, held, table in tables_shown(records)},
        title=metadata.title_of(about),
        about=[
            metadata.describe(about),
            f"E{words[1:]}",
            metadata.citation_words(about, parameters),
        ],
        author=metadata.AUTHORS,
        edition=datetime.combine(about.edition, time()),
    )
    archive = tables_archive(release)
    bibtex = metadata.bibtex(about, parameters).encode()
    cited = metadata.citation_file(about, parameters).encode()
    licences = metadata.licence_text(about).encode()
    return [
        SiteFile(workbook_path(release, parameters), "Every table as a workbook", workbook),
        *results,
        SiteFile(
            archive_path(release.id), "The tables that this report was made from, packed", archive
        ),
        SiteFile(PACKAGE_FILE, "The CSV files as a Frictionless data package", package),
        SiteFile(metadata.BIBTEX_FILE, "How to cite this edition, for BibTeX", bibtex),
        SiteFile(metadata.CITATION_FILE, "How to cite this edition, as a citation file", cited),
        SiteFile(metadata.LICENCE_FILE, "Which licence is for what", licences),
        *on_pages,
        *(
            SiteFile(f"notebooks/{page}.ipynb", "The notebook as it was run", written, page)
            for page, notebook in notebooks.items()
            if (written := nbformat.writes(notebook).encode())
        ),
    ]


def workbook_path(release: Release, parameters: Mapping[str, Any]) -> str:
    """Return the path of the workbook inside a site."""
    return f"data/{release.id}-{parameters['scenario']}.xlsx"
