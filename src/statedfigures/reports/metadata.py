"""What machines read about the files of a report.

Three standards say the same of the same files: a Frictionless data package,
CSV on the Web, and the schema.org words that search engines for data look for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from statedfigures.display.records import Column
from statedfigures.reports.citation import edition_words, title_of
from statedfigures.reports.downloads import PROJECTIONS_FILE, TableFile
from statedfigures.reports.licences import AUTHORS, OWN, licences_of
from statedfigures.reports.limits import Value
from statedfigures.reports.manifest import json_bytes
from statedfigures.sources.records import ReleaseTables

PACKAGE_FILE = "datapackage.json"
CSVW_FILE = "data/csv-metadata.json"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_YEARS = frozenset({"year", "target_year"})


def describe(tables: ReleaseTables) -> str:
    """Say in a sentence or two what the data of a report are."""
    release = tables.description
    return (
        f"The figures that “{release.title}” ({release.publisher}, "
        f"{release.published.isoformat()}) states, its comparisons recomputed within their "
        "rounding, figures published elsewhere, the assumptions, and what would follow if the "
        "assumptions held. A projection is not a prediction."
    )


def field_type(column: Column) -> str:
    """Name the type of a column in the words of Table Schema: string, number or year."""
    if not column.numeric:
        return "string"
    return "year" if column.name in _YEARS else "number"


def field_description(column: Column) -> str:
    """Say what a column holds: its heading, its unit, and what else is known."""
    unit = f", in {'percent' if column.unit == '%' else column.unit}" if column.unit else ""
    more = f": {column.description}" if column.description else ""
    return f"{column.heading}{unit}{more}"


def package_bytes(
    files: Iterable[TableFile], tables: ReleaseTables, parameters: Mapping[str, Value]
) -> bytes:
    """Write the Frictionless data package of a site.

    Parameters
    ----------
    files
        The CSV files.
    tables
        Tables of the release.
    parameters
        The parameters that all pages share.

    Returns
    -------
    bytes
        JSON: one resource for each file, with its size, its SHA-256 and a
        Table Schema in which a field has a type, a description and its unit.
    """
    release = tables.description
    return json_bytes(
        {
            "profile": "tabular-data-package",
            "name": release.id,
            "title": f"{title_of(release)}, {edition_words(release, parameters)}",
            "description": describe(tables),
            "version": release.edition.isoformat(),
            "licenses": [
                {"title": f"{one.title}: {one.covers}", "path": one.address}
                for one in licences_of(tables)
                if one.address
            ],
            "sources": [
                {"title": f"{release.title}, {release.publisher}", "path": release.address}
            ],
            "contributors": [{"title": AUTHORS, "role": "author"}],
            "resources": [_resource(one) for one in files],
        }
    )


def _resource(one: TableFile) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": one.name.lower(),
        "title": one.title,
        "path": one.path,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(one.content),
        "hash": f"sha256:{hashlib.sha256(one.content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "title": column.heading,
                    "type": field_type(column),
                    "description": field_description(column),
                    **({"unit": column.unit} if column.unit else {}),
                }
                for column in one.view.columns
            ],
            "missingValues": [""],
        },
    }


_CSVW_TYPES = {"string": "string", "number": "number", "year": "gYear"}


def csvw_bytes(files: Iterable[TableFile], tables: ReleaseTables) -> bytes:
    """Write the CSV on the Web metadata of all files, which lies beside them.

    Returns
    -------
    bytes
        JSON: a table group. The titles of a column are its header in the file
        and its heading on the page.
    """
    release = tables.description
    return json_bytes(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
            "dc:title": title_of(release),
            "dc:description": describe(tables),
            "dc:creator": AUTHORS,
            "dc:date": release.edition.isoformat(),
            "dc:license": {"@id": OWN.address},
            "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
            "tables": [
                {
                    "url": one.path.removeprefix("data/"),
                    "dc:title": one.title,
                    "tableSchema": {"columns": [_csvw_column(each) for each in one.view.columns]},
                }
                for one in files
            ],
        }
    )


def _csvw_column(column: Column) -> dict[str, Any]:
    titles = list(dict.fromkeys((column.name, column.heading)))
    return {
        "name": column.name,
        "titles": titles,
        "datatype": _CSVW_TYPES[field_type(column)],
        "dc:description": field_description(column),
        **({"schema:unitText": column.unit} if column.unit else {}),
    }


def dataset_json_ld(
    tables: ReleaseTables,
    parameters: Mapping[str, Value],
    files: Sequence[TableFile],
    workbook: str,
) -> Markup:
    """Write the schema.org description of the data for the first page.

    Parameters
    ----------
    tables
        Tables of the release.
    parameters
        The parameters that all pages share.
    files
        The CSV files; the one with all projections is offered by name.
    workbook
        Path of the workbook inside the site; empty where there is none.

    Returns
    -------
    Markup
        JSON in which no character ends the script element that it stands in.
        Addresses are relative: a site does not know where it will lie.
    """
    release = tables.description
    offered = [(workbook, WORKBOOK_TYPE)] * bool(workbook)
    offered += [(one.path, "text/csv") for one in files if one.path == PROJECTIONS_FILE]
    offered.append((PACKAGE_FILE, "application/json"))
    described = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{title_of(release)}, {edition_words(release, parameters)}",
        "description": describe(tables),
        "version": release.edition.isoformat(),
        "datePublished": release.edition.isoformat(),
        "license": OWN.address,
        "creator": {"@type": "Organization", "name": AUTHORS},
        "spatialCoverage": release.geography,
        "isBasedOn": {
            "@type": "CreativeWork",
            "name": release.title,
            "datePublished": release.published.isoformat(),
            "url": release.address,
            "license": release.licence_address,
        },
        "variableMeasured": [one.title for one in tables.series.values()],
        "distribution": [
            {"@type": "DataDownload", "contentUrl": path, "encodingFormat": kind}
            for path, kind in offered
        ],
    }
    return Markup(_inside_script(described))  # noqa: S704 - escaped for where it stands


def _inside_script(value: Any) -> str:
    """Write JSON that no HTML parser can read as the end of a script or as a comment."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True)
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written
