"""What is wrong between the tables and a copy of the release, each in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from statedfigures.errors import Fault
from statedfigures.sources.alignment import Alignment
from statedfigures.sources.records import Claim, Figure, Measure, Mention
from statedfigures.sources.text import SourceParagraph
from statedfigures.sources.wording import holds_fragment

SHOWN_OF_FINGERPRINT = 12
SHOWN_OF_PARAGRAPH = 60


@dataclass(frozen=True, slots=True, order=True)
class UnaccountedMention:
    """A number that stands on one side only.

    ``side`` is ``copy`` where ``mentions.csv`` lacks it, and ``table`` where
    the copy lacks it. ``locator`` is empty for a paragraph that is not
    recorded, ``place`` for one that the copy lacks.
    """

    side: str
    locator: str
    place: str
    token: str
    nth: int


def untraced(
    file: str, rows: Iterable[Figure | Claim], located: Mapping[str, SourceParagraph]
) -> Iterator[Fault]:
    """Name figures or claims whose fragment does not stand in the copy.

    Parameters
    ----------
    file
        Name of their table.
    rows
        The figures or claims.
    located
        Locator to the paragraph of the copy.

    Yields
    ------
    Fault
        One for each row that cannot be traced.
    """
    for row in rows:
        part = located.get(row.locator)
        if part is None:
            yield missing_paragraph(file, row)
        elif not holds_fragment(part.text, row.as_stated):
            yield Fault(
                file,
                row.row,
                "as_stated",
                f"“{row.as_stated}” of {row.id} does not stand in {row.locator} "
                f"({part.place} of the copy)",
                "correct the fragment or the locator, or the copy",
            )


def missing_paragraph(file: str, row: Figure | Claim | Measure) -> Fault:
    """Say that the copy lacks the paragraph of a figure, claim or measure."""
    return Fault(
        file,
        row.row,
        "locator",
        f"{row.id} cannot be traced: the copy has no {row.locator}",
        "correct the locator, or give the full text of the release",
    )


def paragraph_faults(aligned: Alignment) -> Iterator[Fault]:
    """Name the paragraphs that differ, that the copy lacks, or that are not recorded."""
    file = "paragraphs.csv"
    for row, part in aligned.differing:
        yield Fault(
            file,
            row.row,
            "sha256",
            f"{row.locator} ({part.place} of the copy) differs from the paragraph recorded: "
            f"expected SHA-256 {_short(row.sha256)}, found {_short(part.sha256)}",
            "compare it with the release and correct the copy or the fingerprint",
        )
    for row in aligned.missing:
        yield Fault(
            file,
            row.row,
            "locator",
            f"{row.locator} is not in the copy: expected SHA-256 {_short(row.sha256)}",
            "give the full text of the release, or take the row out",
        )
    for part in aligned.extra:
        beginning = part.text[:SHOWN_OF_PARAGRAPH]
        yield Fault(
            file,
            0,
            "locator",
            f"{part.place} of the copy is not recorded: “{beginning}”, "
            f"found SHA-256 {_short(part.sha256)}",
            "add a row for it, or take it out of the copy",
        )


def mention_fault(
    one: UnaccountedMention, recorded: Mapping[tuple[str, str, int], Mention]
) -> Fault:
    """Name a number that stands on one side only, with the row where there is one."""
    file, column = "mentions.csv", "token"
    where = one.locator or "a paragraph that is not recorded"
    number = f"“{one.token}” (number {one.nth} of its kind) in {where}"
    if one.side == "copy":
        found = f"{number} is not accounted for ({one.place} of the copy)"
        return Fault(file, 0, column, found, "add a row that says what it is")
    row = recorded[one.locator, one.token, one.nth].row
    return Fault(file, row, column, f"{number} is not in the copy", "correct the row or the copy")


def _short(sha256: str) -> str:
    return f"{sha256[:SHOWN_OF_FINGERPRINT]}…"
