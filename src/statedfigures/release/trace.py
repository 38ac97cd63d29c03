"""The tables held against a copy of the release: every paragraph, figure and number."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

import pandas as pd

from statedfigures.errors import Fault
from statedfigures.release.numerals import number_mentions
from statedfigures.release.rules import TRACE_FAULTS
from statedfigures.release.schema import Release
from statedfigures.release.source_text import HEAD, SourceText, holds_fragment

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
    absent_on_page
        Locators of the release's head that a web page lacks.
    faults
        What is wrong. The trace is complete when there are none.
    """

    coverage: pd.DataFrame
    unaccounted: pd.DataFrame
    left_out: pd.DataFrame
    absent_on_page: tuple[str, ...]
    faults: tuple[Fault, ...]

    def lines(self) -> Iterator[str]:
        """Yield the listing: one line for each kind, and one for each thing left out."""
        for row in self.coverage.itertuples():
            verb = _VERBS.get(str(row.Index), "traced")
            yield f"{row.percent}% of {row.Index} {verb} ({row.reached} of {row.total})"
        if self.absent_on_page:
            places = ", ".join(self.absent_on_page)
            yield f"not on a web page in this form, and left out: {places}"
        for row in self.left_out.itertuples():
            yield f"left out ({row.reason}): “{row.text:.60}” ({row.place} of the copy)"


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
    states = aligned["state"]
    elsewhere = aligned.loc[states == "elsewhere", "locator"]
    totals = {"paragraphs": (sum(states == "matched"), len(release.paragraphs) - len(elsewhere))}
    faults = _faults("paragraphs", aligned)
    # A paragraph that is not recorded has no locator; its place serves instead.
    aligned["locator"] = aligned["locator"].fillna(aligned["place"])
    here = states.isin(["matched", "differing", "extra"])
    located = aligned.loc[here, ["locator", "place", "text"]]
    for kind in ("figures", "claims", "measures"):
        rows = getattr(release, kind).reset_index().merge(located, on="locator", how="left")
        untraced = _faults(kind, rows.assign(state=[*map(_state, rows.to_dict("records"))]))
        totals[kind] = (len(rows) - len(untraced), len(rows))
        faults += untraced
    mentions = [
        (row.locator, mention.token, mention.nth, row.place)
        for row in located.itertuples()
        for mention in number_mentions(str(row.text))
    ]
    key = ["locator", "token", "nth"]
    recorded = release.mentions.loc[~release.mentions["locator"].isin(elsewhere)]
    found = pd.DataFrame(mentions, columns=[*key, "place"]).astype(recorded[key].dtypes)
    both = found.merge(recorded[[*key, "file_row"]], on=key, how="outer", indicator="state")
    both["state"] = both["state"].map({"left_only": "copy", "right_only": "table"}).astype("str")
    leftover = both[both["state"].notna()].fillna({"place": "", "file_row": 0})
    leftover.loc[leftover["locator"] == leftover["place"], "locator"] = ""
    where = leftover["locator"].replace("", "a paragraph that is not recorded")
    faults += _faults("mentions", leftover.assign(where=where))
    totals["mentions"] = (len(both) - len(leftover), len(both))
    columns = ["side", "locator", "place", "token", "nth"]
    unaccounted = leftover.rename(columns={"state": "side"})[columns]
    around = aligned[states == "around"].assign(reason="around the release")
    left_out = pd.DataFrame(text.left_out, columns=["place", "text", "reason"], dtype="str")
    coverage = pd.DataFrame.from_dict(totals, orient="index", columns=["reached", "total"])
    percent = 100 * coverage["reached"] // coverage["total"].clip(lower=1)
    percent = percent.where(coverage["total"] > 0, 100)
    return Trace(
        coverage=coverage.assign(percent=percent).rename_axis("kind"),
        unaccounted=unaccounted.sort_values(columns, ignore_index=True),
        left_out=pd.concat([left_out, around[[*left_out]]], ignore_index=True),
        absent_on_page=tuple(sorted(elsewhere)),
        faults=tuple(sorted(faults)),
    )


def _state(row: dict[Hashable, Any]) -> str:
    """Return how a figure, a claim or a measure stands in the copy."""
    if pd.isna(row["place"]):
        return "without its paragraph"
    holds = "as_stated" not in row or holds_fragment(row["text"], row["as_stated"])
    return "traced" if holds else "without its fragment"


def _faults(table: str, rows: pd.DataFrame) -> list[Fault]:
    """Return what is told of those rows whose state is a fault."""
    return [
        Fault(f"{table}.csv", int(row["file_row"]), column, found.format_map(row), remedy)
        for row in rows[rows["state"].isin(TRACE_FAULTS)].to_dict("records")
        for column, found, remedy in [TRACE_FAULTS[row["state"]]]
    ]


def align_paragraphs(paragraphs: pd.DataFrame, text: SourceText) -> pd.DataFrame:
    """Set the paragraphs of a copy beside the recorded ones.

    Parameters
    ----------
    paragraphs
        The recorded ones.
    text
        The copy.

    Returns
    -------
    pandas.DataFrame
        One row for each pair, and for each that has none: state (matched,
        differing, missing, extra; elsewhere, what stands in the head and not
        on a web page; around, what lies around the release), locator, sha256
        and file_row of what is recorded, place, text and found (the
        fingerprint) of the copy.
    """
    on_page, count = text.on_web_page, len(text.paragraphs)
    copy = pd.DataFrame(list(text.paragraphs)).drop(columns="locator")
    recorded = _in_order_of_copy(paragraphs, copy["sha256"])
    in_head = on_page & (recorded["section"] == HEAD)
    matcher = SequenceMatcher(None, [*recorded["sha256"]], [*copy["sha256"]], autojunk=False)
    runs = [
        (kind, range(a, a_end), range(b, b_end))
        for kind, a, a_end, b, b_end in matcher.get_opcodes()
    ]
    same = [pair for kind, *sides in runs if kind == "equal" for pair in zip(*sides, strict=True)]
    body = [part for row, part in same if not in_head[row]] or [count]
    pairs: list[tuple[str, int | None, int | None]] = []
    for kind, left, right in runs:
        if kind == "equal":
            pairs += [("matched", *pair) for pair in zip(left, right, strict=True)]
            continue
        pairs += [("elsewhere", row, None) for row in left if in_head[row]]
        rows, parts = [row for row in left if not in_head[row]], list(right)
        before, behind = on_page and right.stop <= body[0], on_page and right.start > body[-1]
        # Before the text stands what lies around it, so that pairs are made from the end.
        way = -1 if before else 1
        for row, part in [*zip_longest(rows[::way], parts[::way])][::way]:
            alone = "missing" if part is None else "around" if before or behind else "extra"
            pairs.append(("differing" if None not in (row, part) else alone, row, part))
    aligned = pd.DataFrame(pairs, columns=["state", "row", "part"])
    aligned = aligned.join(recorded[["locator", "sha256", "file_row"]], on="row")
    aligned = aligned.join(copy.rename(columns={"sha256": "found"}), on="part")
    return aligned.fillna({"file_row": 0})


def _in_order_of_copy(paragraphs: pd.DataFrame, prints: pd.Series) -> pd.DataFrame:
    """Put recorded paragraphs into the order of the copy, section by section.

    The order of rows carries no meaning: sections are sorted by the middle of
    the places where their paragraphs are found, each by its numbers.
    """
    frame = paragraphs.reset_index()
    frame = frame.join(frame["locator"].str.extract("(?P<section>.*)/(?P<number>.*)"))
    places = pd.Series(range(len(prints)), prints, dtype="float64", name="place")
    found = frame.join(places, on="sha256").groupby("section")["place"]
    middle = found.quantile(0.5, interpolation="higher").fillna(len(prints))
    frame = frame.assign(middle=frame["section"].map(middle), number=frame["number"].astype(float))
    return frame.sort_values(["middle", "section", "number"], ignore_index=True)
