"""The state of each assumption's review: a change to what was reviewed voids it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from statedfigures.analysis.fingerprints import ReadSource, changed_parts, fingerprint_of
from statedfigures.sources.code import module_source
from statedfigures.sources.records import Assumption, ReleaseTables, Review


class State(StrEnum):
    """What the last review of an assumption amounts to today."""

    REVIEWED = "reviewed"
    STALE = "stale"
    NEVER = "never"
    CHALLENGED = "challenged"
    REJECTED = "rejected"


DECISIONS: Mapping[str, State] = {
    "accept": State.REVIEWED,
    "challenge": State.CHALLENGED,
    "reject": State.REJECTED,
}
DISPUTED = frozenset({State.CHALLENGED, State.REJECTED})


@dataclass(frozen=True, slots=True)
class ReviewState:
    """An assumption, the state of its review and what made that state.

    ``fingerprint`` is that of the row and its code as they are now. ``last``
    is the review that counts, ``changed`` what differs from what it saw:
    keys of `fingerprints.PARTS`. ``overdue`` says whether the next review was
    due before the edition of the report.
    """

    assumption: Assumption
    state: State
    fingerprint: str
    last: Review | None
    changed: tuple[str, ...]
    overdue: bool


def review_states(
    tables: ReleaseTables, read_source: ReadSource = module_source
) -> Mapping[str, ReviewState]:
    """Work out the state of every assumption's review.

    Parameters
    ----------
    tables
        The tables of the release.
    read_source
        Gives the source text of a module of the package by its name.

    Returns
    -------
    Mapping
        Id of each assumption to its state, by id.

    Notes
    -----
    The last review counts: the one of the latest day, and on one day the one
    that stands lowest in the table. Its decision holds as long as its
    fingerprint is the assumption's; after any change the state is ``stale``,
    whatever was decided.
    """
    last: dict[str, Review] = {}
    for review in sorted(tables.reviews, key=lambda one: (one.on, one.row)):
        last[review.assumption] = review
    return {
        name: _state_of(tables, tables.assumptions[name], last.get(name), read_source)
        for name in sorted(tables.assumptions)
    }


def disputed_assumptions(tables: ReleaseTables) -> Mapping[str, str]:
    """Name the assumptions that were challenged or rejected, with the word for it.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    Mapping
        Id to ``challenged`` or ``rejected``; a review that a change voided
        is neither.
    """
    if not tables.reviews:
        return {}
    states = review_states(tables)
    return {name: str(one.state) for name, one in states.items() if one.state in DISPUTED}


def assumptions_as_reviewed(tables: ReleaseTables) -> Mapping[str, Assumption]:
    """Give the assumptions with labels that say which of them are disputed.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    Mapping
        Id to the row; its label ends in ``(challenged)`` or ``(rejected)``
        where that holds: see `disputed_assumptions`.
    """
    disputed = disputed_assumptions(tables)
    return {
        name: replace(row, label=f"{row.label} ({disputed[name]})") if name in disputed else row
        for name, row in tables.assumptions.items()
    }


def _state_of(
    tables: ReleaseTables, row: Assumption, last: Review | None, read_source: ReadSource
) -> ReviewState:
    now = fingerprint_of(row, read_source)
    changed = changed_parts(last.fingerprint, now) if last else ()
    state = State.STALE if changed else State.NEVER
    if last is not None and not changed:
        state = DECISIONS[last.decision]
    overdue = row.review_by < tables.description.edition
    return ReviewState(row, state, now, last, changed, overdue)
