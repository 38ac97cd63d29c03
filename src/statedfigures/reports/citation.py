"""How to cite an edition: in words, for BibTeX and as a citation file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from statedfigures.reports.licences import AUTHORS, OWN
from statedfigures.reports.limits import Value
from statedfigures.sources.records import ReleaseDescription

BIBTEX_FILE = "citation.bib"
CFF_FILE = "CITATION.cff"
_SPECIAL = re.compile(r"[\\{}#$%&_~^]")
_NAMED = {"\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum"}
_NOT_KEY = re.compile(r"[^A-Za-z0-9-]+")


def title_of(release: ReleaseDescription) -> str:
    """Name the report."""
    return f"{release.short_title}: stated figures, checked and projected"


def edition_words(release: ReleaseDescription, parameters: Mapping[str, Value]) -> str:
    """Name an edition by its date and its scenario.

    Parameters
    ----------
    release
        The release, with the date of the edition.
    parameters
        The parameters that all pages share.
    """
    scenario = parameters.get("scenario")
    return f"edition of {release.edition.isoformat()}" + (
        f", {scenario} scenario" if scenario else ""
    )


def citation_words(release: ReleaseDescription, parameters: Mapping[str, Value]) -> str:
    """Write the citation as a sentence of a list of sources."""
    return (
        f"{AUTHORS} ({release.edition.year}). {title_of(release)}, "
        f"{edition_words(release, parameters)} [data set]. "
        f"On: {release.publisher}, “{release.title}”, {release.published.isoformat()}, "
        f"{release.address}"
    )


def bibtex_bytes(release: ReleaseDescription, parameters: Mapping[str, Value]) -> bytes:
    """Write the citation as a BibTeX entry, with the characters of TeX made harmless."""
    fields = {
        "author": f"{{{_tex(AUTHORS)}}}",
        "title": f"{{{_tex(title_of(release))}}}",
        "year": str(release.edition.year),
        "note": _tex(
            f"Data set, {edition_words(release, parameters)}; on {release.publisher}, "
            f"{release.title}, {release.published.isoformat()}, {release.address}"
        ),
    }
    key = _NOT_KEY.sub("-", f"statedfigures-{release.id}-{release.edition.year}")
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}}}\n".encode()


def _tex(text: str) -> str:
    """Write the characters that TeX reads as commands so that it prints them."""

    def printed(match: re.Match[str]) -> str:
        name = _NAMED.get(match[0])
        return f"\\{name}{{}}" if name else f"\\{match[0]}"

    return _SPECIAL.sub(printed, " ".join(text.split()))


def cff_bytes(release: ReleaseDescription, parameters: Mapping[str, Value]) -> bytes:
    """Write the citation as a file in the Citation File Format 1.2."""
    quoted = {
        name: json.dumps(text, ensure_ascii=False)
        for name, text in {
            "title": f"{title_of(release)}, {edition_words(release, parameters)}",
            "authors": AUTHORS,
            "release": release.title,
            "publisher": release.publisher,
            "address": release.address,
            "licence": OWN.address,
        }.items()
    }
    return "\n".join(
        (
            "cff-version: 1.2.0",
            'message: "If you use this report or its data, please cite it."',
            "type: dataset",
            f"title: {quoted['title']}",
            "authors:",
            f"  - name: {quoted['authors']}",
            f'version: "{release.edition.isoformat()}"',
            f"date-released: {release.edition.isoformat()}",
            f"license-url: {quoted['licence']}",
            "references:",
            "  - type: generic",
            f"    title: {quoted['release']}",
            "    authors:",
            f"      - name: {quoted['publisher']}",
            f"    date-published: {release.published.isoformat()}",
            f"    url: {quoted['address']}",
            "",
        )
    ).encode()
