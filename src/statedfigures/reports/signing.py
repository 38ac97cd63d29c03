"""Signing assumptions off: what a review must be before it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from statedfigures.analysis.fingerprints import fingerprint_of
from statedfigures.analysis.reviews import DECISIONS
from statedfigures.errors import ParameterError
from statedfigures.sources.cells import nearest_of, quoted
from statedfigures.sources.finding import find_release
from statedfigures.sources.records import ReleaseTables, Review
from statedfigures.sources.reviews import append_reviews, formula_in

FORMULA = "begins like a formula of a spreadsheet"
BEGIN_WITH_A_WORD = "begin it with a word"


def problem_of_review(review: Review) -> tuple[str, str, str] | None:
    """Find what keeps a review from being recorded, whatever it is about.

    Parameters
    ----------
    review
        The review as it was given.

    Returns
    -------
    tuple of str or None
        The column, what was found and what to do.
    """
    if review.decision not in DECISIONS:
        found = f"{quoted(review.decision)} is no decision"
        return "decision", found, f"write {', '.join(DECISIONS)}"
    if not review.by:
        return "by", "no role stands here", "write the role of the reviewer, never a name"
    for column in ("by", "comment"):
        if formula_in(getattr(review, column)):
            return column, f"{quoted(getattr(review, column))} {FORMULA}", BEGIN_WITH_A_WORD
    if review.decision != "accept" and not review.comment:
        return "comment", f"a {review.decision} gives no reason", "say what is wrong"
    return None


def sign(
    tables: ReleaseTables,
    assumption: str,
    *,
    decision: str,
    by: str,
    comment: str,
    on: date,
) -> Review:
    """Make the review of an assumption as it is now.

    Parameters
    ----------
    tables
        The tables of the release.
    assumption
        Id of the assumption.
    decision
        ``accept``, ``challenge`` or ``reject``.
    by
        Role of the reviewer; never a person's name.
    comment
        Reason for the decision.
    on
        Day of the review.

    Returns
    -------
    Review
        With the fingerprint of the row and of the code behind its rule.

    Raises
    ------
    ParameterError
        If there is no such assumption, or a part of the review is missing,
        unknown or would be run by a spreadsheet.
    """
    if assumption not in tables.assumptions:
        raise ParameterError(
            f"no assumption is called {quoted(assumption)}; "
            f"{nearest_of(assumption, tables.assumptions)}"
        )
    fingerprint = fingerprint_of(tables.assumptions[assumption])
    review = Review(assumption, fingerprint, decision, _line(by), on, _line(comment))
    if problem := problem_of_review(review):
        column, found, remedy = problem
        raise ParameterError(f"--{column}: {found}; {remedy}")
    return review


def record(release: str, reviews: Sequence[Review], *, data: Path | None) -> None:
    """Add reviews to the ``reviews.csv`` of a release: see `append_reviews`."""
    if reviews:
        append_reviews(find_release(release, data), reviews)


def _line(text: str) -> str:
    return " ".join(text.split())
