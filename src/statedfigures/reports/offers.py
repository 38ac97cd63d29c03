"""Everything beside the pages that a site offers: files, and the page that lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from markupsafe import Markup

from statedfigures.reports import citation, licences, metadata
from statedfigures.reports.carried_tables import archive_path
from statedfigures.reports.downloads import PROJECTIONS_FILE, TableFile
from statedfigures.reports.limits import Value
from statedfigures.reports.workbook import sheet_tables, workbook_bytes, workbook_path
from statedfigures.sources.records import ReleaseTables

PAGE = "downloads"
FILE = f"{PAGE}.html"
TITLE = "Downloads"
DESCRIPTION = "Every table and chart of the report as data, how to cite it, and its licences"
TEMPLATE = "downloads.html.j2"
_KIB = 1024


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page of the site and the notebook that made it."""

    notebook: str
    address: str
    title: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What the offers of an edition are made from.

    Attributes
    ----------
    tables
        Tables of the release.
    parameters
        The parameters that all pages share.
    files
        The CSV files; see `downloads.table_files`.
    pages
        The pages, in their order.
    archive
        The tables that the report was made from, packed; see
        `carried_tables.archive_bytes`.
    """

    tables: ReleaseTables
    parameters: Mapping[str, Value]
    files: tuple[TableFile, ...]
    pages: tuple[PageShown, ...]
    archive: bytes

    @property
    def workbook(self) -> str:
        """Path of the workbook; empty where there is no table for it."""
        if not sheet_tables(self.files):
            return ""
        return workbook_path(self.tables.description.id, self.parameters.get("scenario", ""))


@dataclass(frozen=True, slots=True)
class Offer:
    """A file as the page of downloads lists it."""

    path: str
    words: str
    size: str
    rows: str = ""

    @property
    def name(self) -> str:
        """Name of the file without its folder."""
        return self.path.rpartition("/")[2]


def size_words(count: int) -> str:
    """Write a size for readers.

    Examples
    --------
    >>> size_words(120), size_words(2048), size_words(1_572_864)
    ('120 bytes', '2 KB', '1.5 MB')
    """
    if count < _KIB:
        return f"{count} bytes"
    if count < _KIB * _KIB:
        return f"{round(count / _KIB)} KB"
    return f"{count / _KIB / _KIB:.1f} MB"


def offered_files(offered: Offered) -> dict[str, bytes]:
    """Make the files beside the pages, except the executed notebooks.

    Returns
    -------
    dict
        Path inside the site to content: the CSV files, the workbook where
        there is a table for it, the tables of the release, data package and
        CSV on the Web metadata, citation and licences.
    """
    tables, parameters, files = offered.tables, offered.parameters, offered.files
    release = tables.description
    made = {one.path: one.content for one in files}
    if offered.workbook:
        made[offered.workbook] = workbook_bytes(
            files,
            {page.notebook: page.title for page in offered.pages},
            title=citation.title_of(release),
            about=[
                metadata.describe(tables),
                f"This is the {citation.edition_words(release, parameters)}.",
                "Tables too long for a sheet, and those whose rows all stand in another one, "
                "are given as CSV files only.",
                *(
                    f"{one.covers}: {one.title}. {one.address}"
                    for one in licences.licences_of(tables)
                    if one is not licences.CODE
                ),
                f"Cite as: {citation.citation_words(release, parameters)}",
            ],
            author=licences.AUTHORS,
            edition=datetime.combine(release.edition, time()),
        )
    made[archive_path(release.id)] = offered.archive
    made[metadata.PACKAGE_FILE] = metadata.package_bytes(files, tables, parameters)
    made[metadata.CSVW_FILE] = metadata.csvw_bytes(files, tables)
    made[citation.BIBTEX_FILE] = citation.bibtex_bytes(release, parameters)
    made[citation.CFF_FILE] = citation.cff_bytes(release, parameters)
    made[licences.FILE] = licences.licence_bytes(tables)
    return made


def json_ld_of(offered: Offered) -> Markup:
    """Give the schema.org description of an edition's data; see `metadata.dataset_json_ld`."""
    return metadata.dataset_json_ld(
        offered.tables, offered.parameters, offered.files, offered.workbook
    )


def listing(offered: Offered, made: Mapping[str, bytes]) -> dict[str, Any]:
    """Give what the page of downloads shows.

    Parameters
    ----------
    offered
        What the offers are made from.
    made
        Every file of the site so far, for its size.

    Returns
    -------
    dict
        ``whole`` (offers for the whole report), ``groups`` (title, address and
        offers of each page), ``citation``, ``bibtex``, ``licences`` and
        ``elsewhere`` for the template.
    """
    release = offered.tables.description
    rows = {one.path: f"{one.row_count:,}" for one in offered.files}

    first = {one.content: one for one in reversed(offered.files)}

    def words_of(one: TableFile) -> str:
        twin = first[one.content]
        return one.title if twin is one else f"{one.title} (the same as {twin.name}.csv)"

    def offer(path: str, words: str) -> Offer:
        return Offer(path, words, size_words(len(made[path])), rows.get(path, ""))

    whole = (
        (offered.workbook, "Every table, one on a sheet, as a workbook"),
        (PROJECTIONS_FILE, "Every projected quantile of every series in long form"),
        (
            archive_path(release.id),
            "The tables of the release that this edition was made from, as a zipped data package",
        ),
        (metadata.PACKAGE_FILE, "Data package: fields, types and units of every CSV file"),
        (metadata.CSVW_FILE, "The same as CSV on the Web metadata"),
        (citation.BIBTEX_FILE, "How to cite this edition, for BibTeX"),
        (citation.CFF_FILE, "How to cite this edition, as a citation file"),
        (licences.FILE, "Which licence is for what"),
    )
    return {
        "whole": [offer(path, words) for path, words in whole if path in made],
        "groups": [
            {
                "title": page.title,
                "address": page.address,
                "offers": [
                    offer(f"notebooks/{page.notebook}", "The notebook as it was run"),
                    *(
                        offer(one.path, words_of(one))
                        for one in offered.files
                        if page.notebook in one.notebooks
                    ),
                ],
            }
            for page in offered.pages
        ],
        "citation": citation.citation_words(release, offered.parameters),
        "bibtex": made[citation.BIBTEX_FILE].decode(),
        "licences": licences.licences_of(offered.tables),
        "elsewhere": licences.ELSEWHERE,
    }
