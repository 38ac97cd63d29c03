"""Which paragraph of a copy is which recorded paragraph, by their fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from statedfigures.sources.records import Paragraph
from statedfigures.sources.text import SourceParagraph

HEAD_SECTION = "head"


@dataclass(frozen=True, slots=True)
class Alignment:
    """The paragraphs of a copy beside the recorded ones.

    Attributes
    ----------
    matched
        Pairs with the same fingerprint, in the order of the copy.
    differing
        Pairs that stand in the same place but have different fingerprints.
    missing
        Recorded paragraphs that the copy lacks.
    extra
        Paragraphs of the copy that are not recorded.
    set_elsewhere
        Recorded paragraphs of the section ``head`` that a web page lacks: a
        page sets its title, date and publisher in its own way.
    furniture
        Paragraphs of a web page around the release: menus, links, notices.
    """

    matched: tuple[tuple[Paragraph, SourceParagraph], ...]
    differing: tuple[tuple[Paragraph, SourceParagraph], ...]
    missing: tuple[Paragraph, ...]
    extra: tuple[SourceParagraph, ...]
    set_elsewhere: tuple[Paragraph, ...]
    furniture: tuple[SourceParagraph, ...]


def align_paragraphs(recorded: Iterable[Paragraph], source: Sequence[SourceParagraph]) -> Alignment:
    """Set the paragraphs of a copy beside the recorded ones.

    Parameters
    ----------
    recorded
        The rows of ``paragraphs.csv``, in any order.
    source
        The paragraphs of the copy, in its order.

    Returns
    -------
    Alignment
        Every paragraph of both sides, once.

    Notes
    -----
    The longest common runs of fingerprints are matched, as by `difflib`. What
    stands between two runs is paired in order and differs, is missing or is
    extra. On a web page what stands before the first recorded paragraph after
    the head, or behind the last one, is furniture.
    """
    rows = in_order_of_copy(recorded, source)
    matcher = SequenceMatcher(
        None, [row.sha256 for row in rows], [part.sha256 for part in source], autojunk=False
    )
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    matched = [
        (rows[block.a + step], source[block.b + step])
        for block in blocks
        for step in range(block.size)
    ]
    on_page = bool(source) and source[0].on_web_page
    body = [part.place for row, part in matched if not (on_page and _is_head(row))]
    first_body, last_body = (body[0], body[-1]) if body else ("", "")
    places = {part.place: number for number, part in enumerate(source)}
    differing: list[tuple[Paragraph, SourceParagraph]] = []
    missing: list[Paragraph] = []
    extra: list[SourceParagraph] = []
    elsewhere: list[Paragraph] = []
    furniture: list[SourceParagraph] = []
    for a_low, a_high, b_low, b_high in _gaps(blocks, len(rows), len(source)):
        left, right = list(rows[a_low:a_high]), list(source[b_low:b_high])
        if on_page:
            elsewhere += [row for row in left if _is_head(row)]
            left = [row for row in left if not _is_head(row)]
        before = on_page and (not body or b_high <= places[first_body])
        behind = on_page and (not body or b_low > places[last_body])
        # Before the text the furniture comes first, so that pairs are made from the end.
        pairs = min(len(left), len(right))
        cut = len(right) - pairs if before else 0
        row_cut = len(left) - pairs if before else 0
        differing += zip(left[row_cut : row_cut + pairs], right[cut : cut + pairs], strict=True)
        missing += left[:row_cut] + left[row_cut + pairs :]
        (furniture if before or behind else extra).extend(right[:cut] + right[cut + pairs :])
    return Alignment(
        tuple(matched),
        tuple(differing),
        tuple(missing),
        tuple(extra),
        tuple(elsewhere),
        tuple(furniture),
    )


def in_order_of_copy(
    recorded: Iterable[Paragraph], source: Sequence[SourceParagraph]
) -> tuple[Paragraph, ...]:
    """Put recorded paragraphs into the order of the copy, section by section.

    Parameters
    ----------
    recorded
        The rows of ``paragraphs.csv``: their order carries no meaning.
    source
        The paragraphs of the copy.

    Returns
    -------
    tuple of Paragraph
        Sections by the middle of the places where their paragraphs are found,
        each in the order of its numbers; sections not found come last.
    """
    places: dict[str, list[int]] = {}
    for place, part in enumerate(source):
        places.setdefault(part.sha256, []).append(place)
    found: dict[str, list[int]] = {}
    rows = list(recorded)
    for row in rows:
        found.setdefault(_section(row), []).extend(places.get(row.sha256, []))
    middle = {
        section: sorted(here)[len(here) // 2] if here else len(source)
        for section, here in found.items()
    }
    return tuple(sorted(rows, key=lambda row: (middle[_section(row)], _section(row), _number(row))))


def _gaps(
    blocks: Sequence[tuple[int, int, int]], rows: int, parts: int
) -> Iterable[tuple[int, int, int, int]]:
    a_low = b_low = 0
    for a, b, size in [*blocks, (rows, parts, 0)]:
        if a_low < a or b_low < b:
            yield a_low, a, b_low, b
        a_low, b_low = a + size, b + size


def _section(row: Paragraph) -> str:
    return row.locator.rpartition("/")[0]


def _number(row: Paragraph) -> int:
    return int(row.locator.rpartition("/")[2])


def _is_head(row: Paragraph) -> bool:
    return _section(row) == HEAD_SECTION
