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
from statedfigures.reports.manifest import package_fingerprint
from statedfigures.reports.published_edition import Sentences

# Every further change that is told apart doubles the work; these take seconds.
MOST_CHANGES = 8
CODE = "code"
CODE_OF_TODAY = "code of today"
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
        What an edition published stands: its headlines and its sentences.
        What changes of tables and parameters moved is worked out by the code
        of today, because the code of an edition is not at hand. Where the
        two were made by different code, the rest of the difference is
        credited to the change of code; see `code_words`. Where both were
        made by one and the same code that is not today's, a rest shows that
        today's code sees the changes otherwise, and is called that.

    Raises
    ------
    InputError
        If one of the two cannot be projected.
    """
    rows = table_changes(old.side.tables, new.side.tables)
    before, after = _parameters(old, new), _parameters(new, old)
    parameters = tuple(
        (name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
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


def code_words(found: Comparison) -> str:
    """Say which change of code the contribution ``code`` stands for; empty where there is none.

    Parameters
    ----------
    found
        The comparison.
    """
    if not found.code_differs:
        return ""
    today = package_fingerprint()
    if found.new.package == today:
        where = "is counted first, at the inputs of A"
    elif found.old.package == today:
        where = "is counted last, at the inputs of B"
    else:
        where = (
            "is counted in two steps: from the code of A to today's at the inputs of A, "
            "and from today's to that of B at the inputs of B"
        )
    return (
        f"The change of code {where}, because old code cannot be run here; "
        "all other changes are worked out with the code of today."
    )


def _parameters(edition: Edition, other: Edition) -> dict[str, object]:
    """Give the parameters of an edition that the other has too."""
    choices = {name: getattr(edition.side.choices, name) for name in Choices.__slots__}
    known = edition.settings is not None and other.settings is not None
    return {**choices, **((edition.settings or {}) if known else {})}


def _with_code(headline: Headline, old: Edition, new: Edition) -> Headline:
    """Put the published values in place of the computed ones, the code making the rest."""
    place = QUANTITIES.index(headline.quantity)
    before, after = headline.old, headline.new
    levels = (MEDIAN, *NINETY_PERCENT)
    if (stated := published_headline(old, headline.series.id, levels)) is not None:
        before = _as_computed(stated[place], before)
    if (stated := published_headline(new, headline.series.id, levels)) is not None:
        after = _as_computed(stated[place], after)
    rest = (headline.old - before) + (after - headline.new)
    name = CODE_OF_TODAY if old.package == new.package else CODE
    if name == CODE_OF_TODAY and not rest:
        return replace(headline, old=before, new=after)
    parts = sorted(
        (*headline.contributions, (name, rest)), key=lambda part: (-abs(part[1]), part[0])
    )
    return replace(headline, old=before, new=after, contributions=tuple(parts))


def _as_computed(stated: float, computed: float) -> float:
    """Take the computed value where the published one differs by the digits of its file alone."""
    return computed if math.isclose(stated, computed, rel_tol=DIGITS_OF_FILES) else stated


def _sentence_changes(old: Edition, new: Edition) -> Iterator[SentenceChange]:
    before, after = _sentences(old), _sentences(new)
    both = before.keys() & after.keys()
    if old.sentences is not None and new.sentences is not None:
        both = before.keys() | after.keys()
    for page, name in [one for one in dict.fromkeys((*after, *before)) if one in both]:
        left, right = before.get((page, name), ()), after.get((page, name), ())
        matcher = SequenceMatcher(a=left, b=right, autojunk=False)
        for code, start, end, first, last in matcher.get_opcodes():
            if code != "equal":
                yield SentenceChange(page, left[start:end], right[first:last])


def _sentences(edition: Edition) -> Sentences:
    """Give the sentences that an edition published, or would: page and answer to sentences.

    What was not published is worked out for the answers that rest on figures
    and projections.
    """
    if edition.sentences is not None:
        return edition.sentences
    tables, choices = edition.side.tables, edition.side.choices
    study = study_release(tables)
    answers = {"figures": answer_claims(study.claims, study.cross_checks)}
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
        answers[topic] = answer(found)
    return {
        (page, one.id): tuple(str(said) for said in one.sentences) for page, one in answers.items()
    }
