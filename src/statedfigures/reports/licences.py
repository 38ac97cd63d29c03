"""What may be done with which part of a report, and whom to name."""

from __future__ import annotations

from dataclasses import dataclass

from statedfigures.sources.records import ReleaseTables

FILE = "LICENCE.txt"
AUTHORS = "The Stated Figures authors"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence and the part of the report that is under it.

    Attributes
    ----------
    title, address
        Name and page of the licence; the address may be empty.
    covers
        The part, as the subject of a sentence.
    attribution
        Words to repeat where the part is used again.
    """

    title: str
    address: str
    covers: str
    attribution: str


OWN = Licence(
    "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "https://creativecommons.org/licenses/by/4.0/",
    "What this report adds: recomputed comparisons, projections, charts, tables and words",
    f"{AUTHORS}; see how to cite this edition.",
)
CODE = Licence(
    "MIT License",
    "https://opensource.org/license/mit",
    "The code, with the notebooks",
    f"Copyright {AUTHORS}.",
)
_TOR = Licence(
    "Creative Commons Zero 1.0 (CC0)",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "Daily Tor users by month, derived from Tor Metrics",
    "None is asked for; please name Tor Metrics all the same.",
)
ELSEWHERE = (
    "Figures published elsewhere are single facts. Each stands with its publisher and its "
    "source, and the publications are under their own terms."
)


def licences_of(tables: ReleaseTables) -> tuple[Licence, ...]:
    """List the licences of a report: that of the release first, that of the code last.

    Parameters
    ----------
    tables
        Tables of the release. Tor Metrics are named only where they are used.
    """
    release = tables.description
    facts = Licence(
        release.licence,
        release.licence_address,
        f"Facts of the release “{release.title}”, {release.publisher}",
        f"Contains public sector information licensed under the {release.licence}.",
    )
    return (facts, *((_TOR,) if tables.tor_monthly_users else ()), OWN, CODE)


def licence_bytes(tables: ReleaseTables) -> bytes:
    """Write the licences as plain text, one paragraph for each part of the report."""
    release = tables.description
    paragraphs = [
        f"{release.short_title}: stated figures, checked and projected\n"
        f"Edition of {release.edition.isoformat()}",
        "Which licence is for what",
        *(
            "\n".join(
                filter(
                    None,
                    (f"{one.covers}:", one.title, one.address, f"Attribution: {one.attribution}"),
                )
            )
            for one in licences_of(tables)
        ),
        ELSEWHERE,
        "This report is not by the publisher of the release, and nobody named here endorses it.",
    ]
    return ("\n\n".join(paragraphs) + "\n").encode()
