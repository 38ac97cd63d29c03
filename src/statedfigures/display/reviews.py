"""The state of reviews in words: in tables, and above pages that rest on what is disputed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from statedfigures.analysis.reviews import ReviewState, State, review_states
from statedfigures.display.format import capitalised, counted
from statedfigures.display.periods import day_of
from statedfigures.display.phrases import joined, lower_first, traced, upper_first
from statedfigures.display.records import Answer
from statedfigures.display.words import Provenance, Quantity, Sentence, Words, sentence
from statedfigures.sources.records import ReleaseTables

_IN_STATE = {
    State.REVIEWED: "reviewed and accepted",
    State.REJECTED: "rejected",
    State.CHALLENGED: "challenged",
    State.STALE: "changed since the review",
    State.NEVER: "never reviewed",
}
_DECIDED = {"accept": "accepted", "challenge": "challenged", "reject": "rejected"}


def review_words(review: ReviewState) -> Words:
    """Say the state of a review, by whom and when, and what a stale one missed.

    Parameters
    ----------
    review
        The state of an assumption.
    """
    if review.last is None:
        return str(review.state)
    reference = f"assumption:{review.assumption.id}"
    values = {
        "by": traced(review.last.by, reference),
        "on": traced(day_of(review.last.on), reference),
    }
    if review.state is State.STALE:
        return sentence(
            "stale: {decided} by {by} on {on}, changed since: {changed}",
            decided=_DECIDED[review.last.decision],
            changed=joined(review.changed),
            **values,
        )
    said = sentence("{state} by {by} on {on}", state=str(review.state), **values)
    if review.last.comment and review.state is not State.REVIEWED:
        comment = traced(review.last.comment, reference)
        return sentence("{said}: {comment}", said=said, comment=comment)
    return said


def due_words(review: ReviewState) -> Words:
    """Give the day of the next review, and whether it has passed."""
    reference = f"assumption:{review.assumption.id}"
    day = traced(day_of(review.assumption.review_by), reference)
    return sentence("{day} (overdue)", day=day) if review.overdue else day


def reviews_sentence(tables: ReleaseTables) -> Sentence:
    """Say how many assumptions are in each state of review.

    Parameters
    ----------
    tables
        The tables of the release.
    """
    states = review_states(tables).values()
    if not any(one.last for one in states):
        return sentence("Nobody has reviewed any of them yet.")
    counts = []
    for state, words in _IN_STATE.items():
        named = [f"assumption:{one.assumption.id}" for one in states if one.state is state]
        if named:
            count = counted(len(named), named, "count of the assumptions in this state")
            counts.append(sentence("{count} {words}", count=count, words=words))
    return upper_first(sentence("{counts}.", counts=joined(counts)))


def review_notices(inputs: Iterable[str], tables: ReleaseTables) -> Answer | None:
    """Warn on a page that an assumption behind it is disputed, or its review overdue.

    Parameters
    ----------
    inputs
        References to all rows that the page rests on; those that are no
        assumptions are passed over.
    tables
        The tables of the release.

    Returns
    -------
    Answer or None
        One sentence for each kind of trouble, the gravest first; None where
        there is no trouble, so that nothing is shown.
    """
    states = review_states(tables)
    used = {one.removeprefix("assumption:") for one in inputs}
    rests_on = [state for name, state in states.items() if name in used]
    said: list[Sentence] = []
    for state in (State.REJECTED, State.CHALLENGED):
        named = [one for one in rests_on if one.state is state]
        if named:
            said.append(
                _notice(named, "{count} {noun} of this page {verb} " + str(state), _reasons(named))
            )
    late = [one for one in rests_on if one.overdue]
    if late:
        words = "{count} {noun} of this page {verb} past the date of review"
        said.append(_notice(late, words, [_label(one) for one in late]))
    return Answer("notice-reviews", tuple(said)) if said else None


def _notice(found: Sequence[ReviewState], words: str, named: Sequence[Words]) -> Sentence:
    references = [f"assumption:{one.assumption.id}" for one in found]
    count = counted(len(found), references, "count of the assumptions in this state")
    one_only = len(found) == 1
    return sentence(
        words + ": {named}.",
        count=capitalised(count),
        noun="assumption" if one_only else "assumptions",
        verb="is" if one_only else "are",
        named=joined(named, last="; and "),
    )


def _reasons(found: Sequence[ReviewState]) -> list[Words]:
    said: list[Words] = []
    for one in found:
        reason = one.last.comment.rstrip(".") if one.last else ""
        comment = traced(reason, f"assumption:{one.assumption.id}")
        said.append(sentence("{label} (“{comment}”)", label=_label(one), comment=comment))
    return said


def _label(one: ReviewState) -> Quantity:
    row = one.assumption
    return Quantity(lower_first(row.label), None, Provenance((f"assumption:{row.id}",)))
