"""Two editions compared: what differs, which headline it moved, which sentences it changed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from statedfigures.analysis.contributions import QUANTITIES, Choices, Headline, headlines_of
from statedfigures.analysis.differences import RowChange, table_changes
from statedfigures.analysis.quantiles import MEDIAN, NINETY_PERCENT
from statedfigures.analysis.topics import study_release, study_topic
from statedfigures.display.sentences import answer, answer_claims
from statedfigures.reports.compare_sides import Edition, published_headline

# Every further change that is told apart doubles the work; these take seconds.
MOST_CHANGES = 8
CODE = "code"
DIGITS_OF_FILES = 1e-9


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """Sentences of a page's answer that stand on one side only."""

    page: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two editions.

    ``parameters`` are name, old and new value of those that differ.
    """

    old: Edition
    new: Edition
    parameters: tuple[tuple[str, object, object], ...]
    rows: tuple[RowChange, ...]
    code_differs: bool
    headlines: tuple[Headline, ...]
    sentences: tuple[SentenceChange, ...]


def compare(old: Edition, new: Edition) -> Comparison:
    """Compare two editions.

    Parameters
    ----------
    old, new
        The two: see `read_edition`.

    Returns
    -------
    Comparison
        Headlines and sentences are computed by the code of today. Where an
        edition was made by other code, its published headlines stand, and
        what today's code makes of its tables differs from them by the
        contribution of the code.

    Raises
    ------
    InputError
        If one of the two cannot be projected.
    """
    rows = table_changes(old.side.tables, new.side.tables)
    parameters = tuple(
        (name, getattr(old.side.choices, name), getattr(new.side.choices, name))
        for name in Choices.__slots__
        if getattr(old.side.choices, name) != getattr(new.side.choices, name)
    )
    headlines = headlines_of(old.side, new.side, rows, MOST_CHANGES)
    return Comparison(
        old=old,
        new=new,
        parameters=parameters,
        rows=rows,
        code_differs=old.package != new.package,
        headlines=tuple(_with_code(one, old, new) for one in headlines),
        sentences=tuple(_sentence_changes(old, new)),
    )


def _with_code(headline: Headline, old: Edition, new: Edition) -> Headline:
    """Put the published values in place of the computed ones, the code making the rest."""
    place = QUANTITIES.index(headline.quantity)
    before, after = headline.old, headline.new
    levels = (MEDIAN, *NINETY_PERCENT)
    if (stated := published_headline(old, headline.series.id, levels)) is not None:
        before = _as_computed(stated[place], before)
    if (stated := published_headline(new, headline.series.id, levels)) is not None:
        after = _as_computed(stated[place], after)
    extra = (headline.old - before) + (after - headline.new)
    if old.package == new.package:
        return headline
    parts = sorted(
        (*headline.contributions, (CODE, extra)), key=lambda part: (-abs(part[1]), part[0])
    )
    return replace(headline, old=before, new=after, contributions=tuple(parts))


def _as_computed(stated: float, computed: float) -> float:
    """Take the computed value where the published one differs by the digits of its file alone."""
    return computed if math.isclose(stated, computed, rel_tol=DIGITS_OF_FILES) else stated


def _sentence_changes(old: Edition, new: Edition) -> Iterator[SentenceChange]:
    before, after = _sentences(old), _sentences(new)
    for page in sorted({*before, *after}):
        left, right = before.get(page, []), after.get(page, [])
        matcher = SequenceMatcher(a=left, b=right, autojunk=False)
        for code, start, end, first, last in matcher.get_opcodes():
            if code != "equal":
                yield SentenceChange(page, tuple(left[start:end]), tuple(right[first:last]))


def _sentences(edition: Edition) -> dict[str, list[str]]:
    """Give the sentences of the answers that rest on figures and projections, by page."""
    tables, choices = edition.side.tables, edition.side.choices
    study = study_release(tables)
    said = {"figures": [str(one) for one in
                        answer_claims(study.claims, study.cross_checks).sentences]}  # fmt: skip
    for topic in sorted({series.topic for series in tables.series.values()}):
        if not any(figure.topic == topic for figure in tables.figures.values()):
            continue
        found = study_topic(
            tables,
            topic,
            scenario=choices.scenario,
            horizon_year=choices.horizon_year,
            draws=choices.draws,
            seed=choices.seed,
        )
        said[topic] = [str(one) for one in answer(found).sentences]
    return said
