"""What an edition says about itself: how it is cited, its licences, what machines read.

The data as a Frictionless data package and in the words of schema.org that
search engines for data look for; verdicts as ClaimReview, for claims that
have one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from statedfigures.site.pages.template import WORDS, render_text

AUTHORS = "The Stated Figures authors"
LICENCE_FILE = "LICENCE.txt"
BIBTEX_FILE, CITATION_FILE = "citation.bib", "CITATION.cff"
_US = {"@type": "Organization", "name": AUTHORS}
_FILE_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}
# From the worst to the best; a claim that cannot be decided has no rating.
_RATINGS = {"not supported": 1, "supported within rounding": 2, "supported": 3}
_TEX_NAMES = {"\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum"}
_TEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "{}#$%&_"}
    | {sign: f"\\{name}{{}}" for sign, name in _TEX_NAMES.items()}
)


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file that the site offers.

    Attributes
    ----------
    path
        Path inside the site.
    title
        What it holds.
    content
        The file.
    page
        Stem of the page that it belongs to; empty for a file about the whole report.
    fields
        Of a CSV file: the Table Schema of each column, its name, type and description.
    """

    path: str
    title: str
    content: bytes
    page: str = ""
    fields: tuple[dict[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Name of the file without its folder."""
        return self.path.rpartition("/")[2]

    @property
    def size(self) -> str:
        """How large it is, in words.

        Examples
        --------
        >>> [SiteFile("a", "A", bytes(size)).size for size in (800, 20_480, 3_500_000)]
        ['800 bytes', '20 KB', '3.3 MB']
        """
        size = len(self.content)
        if size < 1024:
            return f"{size} bytes"
        return f"{size / 1024:.0f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


def licences_of(about: Any) -> list[dict[str, str]]:
    """Return the licences of a report: that of the release first, that of the code last.

    Each has a title and an address, the part of the report that it ``covers``, and the words to
    repeat where that is reused: ``attribution``.
    """
    words = "Contains public sector information" if "Government" in about.licence else "Facts"
    facts = {
        "title": about.licence,
        "address": about.licence_address,
        "covers": f"Facts of the release “{about.title}”, {about.publisher}",
        "attribution": f"{words} licensed under the {about.licence}.",
    }
    if not about.licence:
        facts["attribution"] = "Name the publisher."
    return [facts, *WORDS["licences"]]


def licence_text(about: Any) -> str:
    """Return the licences as plain text, one paragraph for each part of the report."""
    licences = licences_of(about)
    return render_text(LICENCE_FILE, title=title_of(about), about=about, licences=licences)


def title_of(about: Any) -> str:
    """Return the name of the report on a release."""
    return f"{about.short_title}: stated figures, checked and projected"


def edition_words(about: Any, parameters: Mapping[str, Any]) -> str:
    """Return the name of an edition: its date and its scenario."""
    return f"edition of {about.edition}, {parameters['scenario']} scenario"


def full_title(about: Any, parameters: Mapping[str, Any]) -> str:
    """Return the name of the report with that of its edition."""
    return f"{title_of(about)}, {edition_words(about, parameters)}"


def describe(about: Any) -> str:
    """Return in a sentence or two what the data of a report are."""
    return (
        f"The figures that “{about.title}” ({about.publisher}, {about.published}) "
        "states, its comparisons recomputed within their rounding, figures published elsewhere, "
        "the assumptions, and what would follow if the assumptions held. "
        "A projection is not a prediction."
    )


def citation_words(about: Any, parameters: Mapping[str, Any]) -> str:
    """Return the citation as a sentence of a list of sources."""
    return (
        f"{AUTHORS} ({about.edition.year}). {full_title(about, parameters)} [data set]. "
        f"On: {about.publisher}, “{about.title}”, {about.published}, {about.address}"
    )


def citation_file(about: Any, parameters: Mapping[str, Any]) -> str:
    """Return the citation in the Citation File Format 1.2."""
    title = full_title(about, parameters)
    return render_text(CITATION_FILE, title=title, about=about, author=AUTHORS)


def bibtex(about: Any, parameters: Mapping[str, Any]) -> str:
    r"""Return the citation as a BibTeX entry, with the characters of TeX made harmless."""
    note = f"Data set, {edition_words(about, parameters)}; on {about.publisher}, "
    note += f"{about.title}, {about.published}, {about.address}"
    texts = {"author": AUTHORS, "title": title_of(about), "year": about.edition.year, "note": note}
    fields = {name: " ".join(str(text).split()).translate(_TEX) for name, text in texts.items()}
    # Inner braces keep the capitals of a title, and an organisation from having a first name.
    fields |= {name: f"{{{fields[name]}}}" for name in ("author", "title")}
    key = re.sub(r"[^A-Za-z0-9-]+", "-", f"statedfigures-{about.id}-{about.edition.year}")
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}}}\n"


def data_package(
    files: Iterable[SiteFile],
    about: Any,
    parameters: Mapping[str, Any],
    pages: Mapping[str, str],
) -> bytes:
    """Return the Frictionless data package of a site.

    Parameters
    ----------
    files
        The CSV files.
    about
        The release, as `release.toml` describes it.
    parameters
        The parameters of the edition.
    pages
        Stem of each page to its name.

    Returns
    -------
    bytes
        JSON: one resource for each file, with its size, its SHA-256 and a
        Table Schema.
    """
    package = {
        "profile": "tabular-data-package",
        "name": about.id,
        "title": full_title(about, parameters),
        "description": describe(about),
        "version": str(about.edition),
        "licenses": [
            {"title": f"{licence['title']}: {licence['covers']}", "path": licence["address"]}
            for licence in licences_of(about)
            if licence["address"]
        ],
        "sources": [{"title": f"{about.title}, {about.publisher}", "path": about.address}],
        "contributors": [{"title": AUTHORS, "role": "author"}],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": file.name.removesuffix(".csv"),
                "title": f"{pages[file.page]}: {file.title}" if file.page else file.title,
                "path": file.path,
                "scheme": "file",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(file.content),
                "hash": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
                "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
                "schema": {"fields": file.fields, "missingValues": [""]},
            }
            for file in files
        ],
    }
    return f"{json.dumps(package, ensure_ascii=False, indent=1)}\n".encode()


def dataset_json_ld(
    about: Any, series: pd.DataFrame, parameters: Mapping[str, Any], offered: Sequence[str]
) -> dict[str, Any]:
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
    release = {
        "@type": "CreativeWork",
        "name": about.title,
        "datePublished": str(about.published),
        "url": about.address,
    }
    if about.licence_address:
        release["license"] = about.licence_address
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": full_title(about, parameters),
        "description": describe(about),
        "version": str(about.edition),
        "datePublished": str(about.edition),
        "license": WORDS["licences"][0]["address"],
        "creator": _US,
        "spatialCoverage": about.geography,
        "isBasedOn": release,
        "variableMeasured": list(series["title"]),
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": path,
                "encodingFormat": _FILE_TYPES[path.rpartition(".")[2]],
            }
            for path in offered
        ],
    }


def claim_reviews_json_ld(about: Any, claims: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the schema.org review of each claim that has a verdict.

    Parameters
    ----------
    about
        The release.
    claims
        What `check_claims` returns.

    Returns
    -------
    list of dict
        Empty where no claim has a verdict from the release.
    """
    return [
        {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "url": f"claims.html#claim-{name}",
            "claimReviewed": claim["as_stated"],
            "datePublished": str(about.edition),
            "author": _US,
            "itemReviewed": {
                "@type": "Claim",
                "name": claim["label"],
                "author": {"@type": "Organization", "name": about.publisher},
                "datePublished": str(about.published),
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
        for name, claim in claims[claims["verdict"].isin(_RATINGS)].iterrows()
    ]
