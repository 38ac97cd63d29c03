"""How to cite an edition, and what may be done with which part of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

AUTHORS = "The Stated Figures authors"
BIBTEX_FILE, CITATION_FILE, LICENCE_FILE = "citation.bib", "CITATION.cff", "LICENCE.txt"
ELSEWHERE = (
    "Figures published elsewhere are single facts. Each stands with its publisher and its "
    "source, and the publications are under their own terms."
)
_TEX_SIGNS = re.compile(r"[\\{}#$%&_~^]")
_TEX_NAMES = {"\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum"}
_NOT_KEY = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence, the part of the report under it, and the words to repeat where that is reused."""

    title: str
    address: str
    covers: str
    attribution: str


OWN_LICENCE = Licence(
    "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "https://creativecommons.org/licenses/by/4.0/",
    "What this report adds: recomputed comparisons, projections, charts, tables and words",
    f"{AUTHORS}; see how to cite this edition.",
)
CODE_LICENCE = Licence(
    "MIT License",
    "https://opensource.org/license/mit",
    "The code, with the notebooks",
    f"Copyright {AUTHORS}.",
)


def licences_of(about: Any) -> tuple[Licence, ...]:
    """Return the licences of a report: that of the release first, that of the code last."""
    words = "Contains public sector information" if "Government" in about.licence else "Facts"
    facts = Licence(
        about.licence,
        about.licence_address,
        f"Facts of the release “{about.title}”, {about.publisher}",
        f"{words} licensed under the {about.licence}." if about.licence else "Name the publisher.",
    )
    return (facts, OWN_LICENCE, CODE_LICENCE)


def title_of(about: Any) -> str:
    """Return the name of the report on a release."""
    return f"{about.short_title}: stated figures, checked and projected"


def edition_words(about: Any, parameters: Mapping[str, Any]) -> str:
    """Return the name of an edition: its date and its scenario."""
    scenario = parameters.get("scenario")
    dated = f"edition of {about.edition.isoformat()}"
    return f"{dated}, {scenario} scenario" if scenario else dated


def citation_words(about: Any, parameters: Mapping[str, Any]) -> str:
    """Return the citation as a sentence of a list of sources."""
    return (
        f"{AUTHORS} ({about.edition.year}). {title_of(about)}, "
        f"{edition_words(about, parameters)} [data set]. "
        f"On: {about.publisher}, “{about.title}”, {about.published.isoformat()}, {about.address}"
    )


def bibtex(about: Any, parameters: Mapping[str, Any]) -> str:
    r"""Return the citation as a BibTeX entry, with the characters of TeX made harmless."""
    fields = {
        "author": f"{{{_tex(AUTHORS)}}}",
        "title": f"{{{_tex(title_of(about))}}}",
        "year": str(about.edition.year),
        "note": _tex(
            f"Data set, {edition_words(about, parameters)}; on {about.publisher}, "
            f"{about.title}, {about.published.isoformat()}, {about.address}"
        ),
    }
    key = _NOT_KEY.sub("-", f"statedfigures-{about.id}-{about.edition.year}")
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}}}\n"


def _tex(text: str) -> str:
    """Return a text whose signs TeX prints instead of obeying."""

    def printed(match: re.Match[str]) -> str:
        name = _TEX_NAMES.get(match[0], "")
        return f"\\{name}{{}}" if name else f"\\{match[0]}"

    return _TEX_SIGNS.sub(printed, " ".join(text.split()))


def citation_file(about: Any, parameters: Mapping[str, Any]) -> str:
    """Return the citation in the Citation File Format 1.2."""

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    return f"""cff-version: 1.2.0
message: "If you use this report or its data, please cite it."
type: dataset
title: {quoted(f"{title_of(about)}, {edition_words(about, parameters)}")}
authors:
  - name: {quoted(AUTHORS)}
version: "{about.edition.isoformat()}"
date-released: {about.edition.isoformat()}
license-url: {quoted(OWN_LICENCE.address)}
references:
  - type: generic
    title: {quoted(about.title)}
    authors:
      - name: {quoted(about.publisher)}
    date-published: {about.published.isoformat()}
    url: {quoted(about.address)}
"""


def licence_text(about: Any) -> str:
    """Return the licences as plain text, one paragraph for each part of the report."""
    parts = (
        (f"{part.covers}:", part.title, part.address, f"Attribution: {part.attribution}")
        for part in licences_of(about)
    )
    paragraphs = [
        f"{title_of(about)}\nEdition of {about.edition.isoformat()}",
        "Which licence is for what",
        *("\n".join(filter(None, lines)) for lines in parts),
        ELSEWHERE,
        "This report is not by the publisher of the release, and nobody named here endorses it.",
    ]
    return "\n\n".join(paragraphs) + "\n"
