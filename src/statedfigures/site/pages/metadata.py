"""What machines read about an edition: its data, and its verdicts.

The data as a Frictionless data package and in the words of schema.org that
search engines for data look for; verdicts as ClaimReview, for claims that
have one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from statedfigures.site.pages.citation import AUTHORS, OWN_LICENCE, edition_words, licences_of
from statedfigures.site.pages.citation import title_of as report_title

if TYPE_CHECKING:
    import pandas as pd

PACKAGE_FILE = "datapackage.json"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# From the worst to the best; a claim that cannot be decided has no rating.
_RATINGS = {"not supported": 1, "supported within rounding": 2, "supported": 3}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A CSV file of the site.

    Attributes
    ----------
    path
        Path inside the site.
    title
        What it holds.
    fields
        Name, type (string, number, integer, year, boolean) and description of each column.
    rows
        Rows without the header.
    content
        The file.
    page
        Stem of the page that shows it; empty for a file about the whole report.
    """

    path: str
    title: str
    fields: tuple[tuple[str, str, str], ...]
    rows: int
    content: bytes
    page: str = ""

    @property
    def name(self) -> str:
        """Name of the file without folder and ending."""
        return self.path.removeprefix("data/").removesuffix(".csv")


def describe(about: Any) -> str:
    """Return in a sentence or two what the data of a report are."""
    return (
        f"The figures that “{about.title}” ({about.publisher}, {about.published.isoformat()}) "
        "states, its comparisons recomputed within their rounding, figures published elsewhere, "
        "the assumptions, and what would follow if the assumptions held. "
        "A projection is not a prediction."
    )


def data_package(files: Iterable[DataFile], about: Any, parameters: Mapping[str, Any]) -> bytes:
    """Return the Frictionless data package of a site.

    Parameters
    ----------
    files
        The CSV files.
    about
        The release, as `release.toml` describes it.
    parameters
        The parameters of the edition.

    Returns
    -------
    bytes
        JSON: one resource for each file, with its size, its SHA-256 and a
        Table Schema.
    """
    package = {
        "profile": "tabular-data-package",
        "name": about.id,
        "title": f"{report_title(about)}, {edition_words(about, parameters)}",
        "description": describe(about),
        "version": about.edition.isoformat(),
        "licenses": [
            {"title": f"{licence.title}: {licence.covers}", "path": licence.address}
            for licence in licences_of(about)
            if licence.address
        ],
        "sources": [{"title": f"{about.title}, {about.publisher}", "path": about.address}],
        "contributors": [{"title": AUTHORS, "role": "author"}],
        "resources": [_resource(file) for file in files],
    }
    return f"{json.dumps(package, ensure_ascii=False, indent=1)}\n".encode()


def _resource(file: DataFile) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": file.name,
        "title": file.title,
        "path": file.path,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(file.content),
        "hash": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "schema": {
            "fields": [
                {"name": name, "type": kind, **({"description": words} if words else {})}
                for name, kind, words in file.fields
            ],
            "missingValues": [""],
        },
    }


def dataset_json_ld(
    about: Any, series: pd.DataFrame, parameters: Mapping[str, Any], offered: Sequence[str]
) -> Markup:
    """Return the schema.org description of the data.

    Parameters
    ----------
    about
        The release.
    series
        The series that the report is about, with a column ``title``.
    parameters
        The parameters of the edition.
    offered
        Paths of the files to name; their kind follows from their ending.
        Addresses are relative: a site does not know where it will lie.
    """
    kinds = {"xlsx": _WORKBOOK_TYPE, "csv": "text/csv", "json": "application/json"}
    return script_json(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": f"{report_title(about)}, {edition_words(about, parameters)}",
            "description": describe(about),
            "version": about.edition.isoformat(),
            "datePublished": about.edition.isoformat(),
            "license": OWN_LICENCE.address,
            "creator": {"@type": "Organization", "name": AUTHORS},
            "spatialCoverage": about.geography,
            "isBasedOn": _release(about),
            "variableMeasured": list(series["title"]),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "contentUrl": path,
                    "encodingFormat": kinds[path.rpartition(".")[2]],
                }
                for path in offered
            ],
        }
    )


def claim_reviews_json_ld(about: Any, claims: pd.DataFrame) -> Markup:
    """Return the schema.org review of each claim that has a verdict.

    Parameters
    ----------
    about
        The release.
    claims
        What `check_claims` returns.

    Returns
    -------
    Markup
        A list; empty where no claim has a verdict from the release.
    """
    decided = claims[claims["verdict"].isin(_RATINGS)]
    return script_json(
        [
            {
                "@context": "https://schema.org",
                "@type": "ClaimReview",
                "url": f"claims.html#claim-{name}",
                "claimReviewed": claim["as_stated"],
                "datePublished": about.edition.isoformat(),
                "author": {"@type": "Organization", "name": AUTHORS},
                "itemReviewed": {
                    "@type": "Claim",
                    "name": claim["label"],
                    "author": {"@type": "Organization", "name": about.publisher},
                    "datePublished": about.published.isoformat(),
                    "appearance": {"@type": "CreativeWork", "url": about.address},
                },
                "reviewRating": {
                    "@type": "Rating",
                    "ratingValue": _RATINGS[claim["verdict"]],
                    "worstRating": min(_RATINGS.values()),
                    "bestRating": max(_RATINGS.values()),
                    "alternateName": claim["verdict"].capitalize(),
                },
            }
            for name, claim in decided.iterrows()
        ]
    )


def _release(about: Any) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        "name": about.title,
        "datePublished": about.published.isoformat(),
        "url": about.address,
        **({"license": about.licence_address} if about.licence_address else {}),
    }


def script_json(value: Any) -> Markup:
    r"""Return JSON that no HTML parser can read as the end of a script or as a comment.

    Examples
    --------
    >>> print(script_json({"a": "</script>"}))
    {"a": "\u003c/script\u003e"}
    """
    written = json.dumps(value, ensure_ascii=False, sort_keys=True)
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return Markup(written)  # noqa: S704 - escaped for where it stands
