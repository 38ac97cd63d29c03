"""The tables held against a copy of the release: every paragraph, figure and number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

import pandas as pd

from statedfigures.errors import Fault
from statedfigures.release.csv_tables import rows_of
from statedfigures.release.numerals import number_mentions
from statedfigures.release.schema import Release
from statedfigures.release.source_text import (
    HEAD,
    LeftOut,
    SourceParagraph,
    SourceText,
    holds_fragment,
)

_SHORT = 12
_SHOWN_OF_PARAGRAPH = 60
_VERBS = {"paragraphs": "unchanged", "mentions": "accounted for"}


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What came of holding the tables against a copy of the release.

    Attributes
    ----------
    coverage
        Indexed by paragraphs, figures, claims, measures, mentions: how many
        were reached, of how many in total, and the percent, rounded down so
        that 100 means every one.
    unaccounted
        Numbers that stand on one side only: side (``copy`` where mentions.csv
        lacks it, ``table`` where the copy does), locator, place, token, nth.
    left_out
        What lies around the release in the copy: place, text, reason.
    set_elsewhere
        Locators of the release's head that a web page lacks.
    faults
        What is wrong. The trace is complete when there are none.
    """

    coverage: pd.DataFrame
    unaccounted: pd.DataFrame
    left_out: pd.DataFrame
    set_elsewhere: tuple[str, ...]
    faults: tuple[Fault, ...]

    def lines(self) -> Iterator[str]:
        """Yield the listing: one line for each kind, and one for each thing left out."""
        for row in self.coverage.itertuples():
            verb = _VERBS.get(str(row.Index), "traced")
            yield f"{row.percent}% of {row.Index} {verb} ({row.reached} of {row.total})"
        if self.set_elsewhere:
            places = ", ".join(self.set_elsewhere)
            yield f"not on a web page in this form, and left out: {places}"
        for row in self.left_out.itertuples():
            shown = str(row.text)[:_SHOWN_OF_PARAGRAPH]
            yield f"left out ({row.reason}): “{shown}” ({row.place} of the copy)"


class AlignedParagraphs(NamedTuple):
    """The recorded paragraphs and those of the copy: each stands in one of these."""

    matched: list[tuple[Any, SourceParagraph]]
    differing: list[tuple[Any, SourceParagraph]]
    missing: list[Any]
    extra: list[SourceParagraph]
    elsewhere: list[Any]
    around: list[SourceParagraph]


def trace(release: Release, text: SourceText) -> Trace:
    """Hold the tables of a release against a copy of it.

    Parameters
    ----------
    release
        The tables.
    text
        The copy, from `read_source_text`.

    Returns
    -------
    Trace
        Coverage, leftovers and faults; it does not depend on the order of the
        rows of any table.

    Notes
    -----
    The longest common runs of fingerprints are matched, as by `difflib`; what
    stands between two runs is paired in order and differs, is missing or is
    extra. On a web page what stands before the first recorded paragraph after
    the head, or behind the last, lies around the release. A figure is traced
    when its fragment stands in the paragraph at its locator as whole words
    and numbers. Numbers are compared by locator, token and occurrence.
    """
    aligned = align_paragraphs(release.paragraphs, text)
    located = {row.locator: part for row, part in (*aligned.matched, *aligned.differing)}
    elsewhere = {row.locator for row in aligned.elsewhere}
    faults = list(_paragraph_faults(aligned))
    totals = {"paragraphs": (len(aligned.matched), len(release.paragraphs) - len(elsewhere))}
    for kind in ("figures", "claims", "measures"):
        rows = getattr(release, kind)
        untraced = list(_untraced(f"{kind}.csv", rows, located))
        totals[kind] = (len(rows) - len(untraced), len(rows))
        faults += untraced
    # A paragraph that is not recorded has no locator; its place serves instead.
    parts = {**located, **{part.place: part for part in aligned.extra}}
    mentions = [
        (locator, mention.token, mention.nth, part.place)
        for locator, part in parts.items()
        for mention in number_mentions(part.text)
    ]
    key = ["locator", "token", "nth"]
    recorded = release.mentions.loc[~release.mentions["locator"].isin(elsewhere)]
    found = pd.DataFrame(mentions, columns=[*key, "place"]).astype(recorded[key].dtypes)
    both = found.merge(recorded[[*key, "file_row"]], on=key, how="outer", indicator="side")
    both["side"] = both["side"].map({"left_only": "copy", "right_only": "table"}).astype("str")
    leftover = both[both["side"].notna()].fillna({"place": "", "file_row": 0})
    leftover.loc[leftover["locator"] == leftover["place"], "locator"] = ""
    columns = ["side", "locator", "place", "token", "nth"]
    leftover = leftover.sort_values(columns, ignore_index=True)
    faults += [_mention_fault(row) for row in rows_of(leftover)]
    totals["mentions"] = (len(both) - len(leftover), len(both))
    around = [LeftOut(part.place, part.text, "around the release") for part in aligned.around]
    coverage = pd.DataFrame.from_dict(totals, orient="index", columns=["reached", "total"])
    percent = 100 * coverage["reached"] // coverage["total"].clip(lower=1)
    percent = percent.where(coverage["total"] > 0, 100)
    return Trace(
        coverage=coverage.assign(percent=percent).rename_axis("kind"),
        unaccounted=leftover[columns],
        left_out=pd.DataFrame([*text.left_out, *around], columns=["place", "text", "reason"]),
        set_elsewhere=tuple(sorted(elsewhere)),
        faults=tuple(sorted(faults)),
    )


def align_paragraphs(paragraphs: pd.DataFrame, text: SourceText) -> AlignedParagraphs:
    """Set the paragraphs of a copy beside the recorded ones."""
    source, on_page = text.paragraphs, text.on_web_page
    rows = list(rows_of(_in_order_of_copy(paragraphs, source)))
    ours, theirs = [row.sha256 for row in rows], [part.sha256 for part in source]
    runs = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    body = [
        place
        for kind, a, a_end, b, b_end in runs
        for row, place in zip(rows[a:a_end], range(b, b_end), strict=False)
        if kind == "equal" and not (on_page and row.section == HEAD)
    ]
    first, last = (body[0], body[-1]) if body else (len(source), -1)
    aligned = AlignedParagraphs([], [], [], [], [], [])
    for kind, a, a_end, b, b_end in runs:
        left, right = rows[a:a_end], list(source[b:b_end])
        if kind == "equal":
            aligned.matched.extend(zip(left, right, strict=True))
            continue
        if on_page:
            aligned.elsewhere.extend(row for row in left if row.section == HEAD)
            left = [row for row in left if row.section != HEAD]
        before, behind = on_page and b_end <= first, on_page and b > last
        pairs = list(zip_longest(left, right))
        if before:  # there stands what lies around the text, so that pairs are made from the end
            pairs = list(zip_longest(left[::-1], right[::-1]))[::-1]
        for row, part in pairs:
            if row and part:
                aligned.differing.append((row, part))
            elif row:
                aligned.missing.append(row)
            else:
                (aligned.around if before or behind else aligned.extra).append(part)
    return aligned


def _in_order_of_copy(paragraphs: pd.DataFrame, source: Sequence[SourceParagraph]) -> pd.DataFrame:
    """Put recorded paragraphs into the order of the copy, section by section.

    The order of rows carries no meaning: sections are sorted by the middle of
    the places where their paragraphs are found, each by its numbers.
    """
    frame = paragraphs.reset_index()
    frame = frame.join(frame["locator"].str.extract("(?P<section>.*)/(?P<number>.*)"))
    prints = pd.Index([part.sha256 for part in source], dtype="str")
    places = pd.Series(range(len(source)), prints, dtype="float64", name="place")
    found = frame.join(places, on="sha256").groupby("section")["place"]
    middle = found.quantile(0.5, interpolation="higher").fillna(len(source))
    frame = frame.assign(middle=frame["section"].map(middle), number=frame["number"].astype(int))
    return frame.sort_values(["middle", "section", "number"])


def _untraced(
    file: str, frame: pd.DataFrame, located: Mapping[str, SourceParagraph]
) -> Iterator[Fault]:
    """Name rows whose paragraph, or whose fragment in it, does not stand in the copy."""
    for row in rows_of(frame):
        part = located.get(row.locator)
        if part is None:
            found = f"{row.id} cannot be traced: the copy has no {row.locator}"
            remedy = "correct the locator, or give the full text of the release"
            yield Fault(file, row.file_row, "locator", found, remedy)
        elif hasattr(row, "as_stated") and not holds_fragment(part.text, row.as_stated):
            found = (
                f"“{row.as_stated}” of {row.id} does not stand in {row.locator} "
                f"({part.place} of the copy)"
            )
            remedy = "correct the fragment or the locator, or the copy"
            yield Fault(file, row.file_row, "as_stated", found, remedy)


def _paragraph_faults(aligned: AlignedParagraphs) -> Iterator[Fault]:
    """Name the paragraphs that differ, that the copy lacks, or that are not recorded."""
    file = "paragraphs.csv"
    for row, part in aligned.differing:
        found = (
            f"{row.locator} ({part.place} of the copy) differs from the paragraph recorded: "
            f"expected SHA-256 {row.sha256[:_SHORT]}…, found {part.sha256[:_SHORT]}…"
        )
        remedy = "compare it with the release and correct the copy or the fingerprint"
        yield Fault(file, row.file_row, "sha256", found, remedy)
    for row in aligned.missing:
        found = f"{row.locator} is not in the copy: expected SHA-256 {row.sha256[:_SHORT]}…"
        remedy = "give the full text of the release, or take the row out"
        yield Fault(file, row.file_row, "locator", found, remedy)
    for part in aligned.extra:
        found = (
            f"{part.place} of the copy is not recorded: “{part.text[:_SHOWN_OF_PARAGRAPH]}”, "
            f"found SHA-256 {part.sha256}"
        )
        yield Fault(file, 0, "locator", found, "add a row for it, or take it out of the copy")


def _mention_fault(row: Any) -> Fault:
    """Name a number that stands on one side only, with its row where there is one."""
    where = row.locator or "a paragraph that is not recorded"
    number = f"“{row.token}” (number {row.nth} of its kind) in {where}"
    if row.side == "copy":
        found = f"{number} is not accounted for ({row.place} of the copy)"
        return Fault("mentions.csv", 0, "token", found, "add a row that says what it is")
    found = f"{number} is not in the copy"
    return Fault("mentions.csv", int(row.file_row), "token", found, "correct the row or the copy")
