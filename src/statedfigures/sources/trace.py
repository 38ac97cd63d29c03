"""The tables held against a copy of the release: every paragraph, figure and number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from statedfigures.errors import Fault
from statedfigures.sources.alignment import align_paragraphs
from statedfigures.sources.discrepancies import (
    UnaccountedMention,
    mention_fault,
    missing_paragraph,
    paragraph_faults,
    untraced,
)
from statedfigures.sources.numbers import number_mentions
from statedfigures.sources.records import ReleaseTables
from statedfigures.sources.text import SourceParagraph


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a kind were reached, out of how many."""

    reached: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down so that 100 means every one."""
        return 100 * self.reached // self.total if self.total else 100


@dataclass(frozen=True, slots=True)
class Trace:
    """What came of holding the tables against a copy of the release.

    Attributes
    ----------
    paragraphs, figures, claims, measures, mentions
        Paragraphs whose fingerprint is the one recorded; figures and claims
        whose fragment stands in its paragraph; measures whose paragraph is
        there; numbers that stand on both sides, out of those on either.
    unaccounted
        The numbers that stand on one side only.
    set_elsewhere
        Locators of the release's head that a web page lacks.
    furniture
        Places of a web page that lie around the release.
    faults
        What is wrong, in the order of the files. The trace is complete when
        there are none.
    """

    paragraphs: Coverage
    figures: Coverage
    claims: Coverage
    measures: Coverage
    mentions: Coverage
    unaccounted: tuple[UnaccountedMention, ...]
    set_elsewhere: tuple[str, ...]
    furniture: tuple[str, ...]
    faults: tuple[Fault, ...]


def trace_release(tables: ReleaseTables, source: Sequence[SourceParagraph]) -> Trace:
    """Hold the tables of a release against a copy of it.

    Parameters
    ----------
    tables
        The tables.
    source
        The paragraphs of the copy, from `read_source_text`.

    Returns
    -------
    Trace
        Coverage, leftovers and faults; it does not depend on the order of the
        rows of any table.

    Notes
    -----
    Paragraphs are aligned by fingerprint; see `align_paragraphs`. A figure is
    traced when its fragment stands in the paragraph at its locator as whole
    words and numbers. Numbers are found by `number_mentions` and compared by
    locator, token and occurrence.
    """
    aligned = align_paragraphs(tables.paragraphs.values(), source)
    located = {row.locator: part for row, part in (*aligned.matched, *aligned.differing)}
    elsewhere = frozenset(row.locator for row in aligned.set_elsewhere)
    figure_faults = tuple(untraced("figures.csv", tables.figures.values(), located))
    claim_faults = tuple(untraced("claims.csv", tables.claims.values(), located))
    lost = tuple(
        missing_paragraph("measures.csv", measure)
        for measure in tables.measures.values()
        if measure.locator not in located
    )
    recorded = {
        (row.locator, row.token, row.nth): row
        for row in tables.mentions
        if row.locator not in elsewhere
    }
    found = dict(_mentions_of(located, aligned.extra))
    leftover = sorted(
        UnaccountedMention(
            "copy" if key in found else "table",
            "" if key[0] == found.get(key) else key[0],
            found.get(key, ""),
            *key[1:],
        )
        for key in found.keys() ^ recorded.keys()
    )
    faults = [
        *paragraph_faults(aligned),
        *figure_faults,
        *claim_faults,
        *lost,
        *(mention_fault(one, recorded) for one in leftover),
    ]
    return Trace(
        paragraphs=Coverage(len(aligned.matched), len(tables.paragraphs) - len(elsewhere)),
        figures=_reached(tables.figures, figure_faults),
        claims=_reached(tables.claims, claim_faults),
        measures=_reached(tables.measures, lost),
        mentions=Coverage(len(found.keys() & recorded.keys()), len(found.keys() | recorded.keys())),
        unaccounted=tuple(leftover),
        set_elsewhere=tuple(sorted(elsewhere)),
        furniture=tuple(part.place for part in aligned.furniture),
        faults=tuple(sorted(faults)),
    )


def trace_as_dict(trace: Trace) -> dict[str, Any]:
    """Give a trace as an object for JSON.

    Parameters
    ----------
    trace
        The trace.

    Returns
    -------
    dict
        Keys ``complete``; ``paragraphs``, ``figures``, ``claims``,
        ``measures`` and ``mentions``, each with ``reached``, ``total`` and
        ``percent``; ``unaccounted``, ``set_elsewhere``, ``furniture`` and
        ``faults``.
    """
    kinds = ("paragraphs", "figures", "claims", "measures", "mentions")
    return {
        "complete": not trace.faults,
        **{
            kind: {**asdict(getattr(trace, kind)), "percent": getattr(trace, kind).percent}
            for kind in kinds
        },
        "unaccounted": [asdict(one) for one in trace.unaccounted],
        "set_elsewhere": list(trace.set_elsewhere),
        "furniture": list(trace.furniture),
        "faults": [asdict(fault) for fault in trace.faults],
    }


def _reached(rows: Mapping[str, object], faults: Sequence[Fault]) -> Coverage:
    return Coverage(len(rows) - len(faults), len(rows))


def _mentions_of(
    located: Mapping[str, SourceParagraph], extra: Sequence[SourceParagraph]
) -> Iterator[tuple[tuple[str, str, int], str]]:
    """Give locator, token and occurrence of each number, with its place in the copy.

    A paragraph that is not recorded has no locator; its place serves instead.
    """
    for locator, part in (*located.items(), *((part.place, part) for part in extra)):
        for mention in number_mentions(part.text):
            yield (locator, mention.token, mention.nth), part.place
