from dataclasses import replace
from datetime import date

import pytest

from statedfigures.analysis.fingerprints import fingerprint_of
from statedfigures.analysis.reviews import State, review_states
from statedfigures.sources.records import Review


@pytest.fixture(scope="module")
def tables(make_tables, make_assumption):
    """Two assumptions besides those that every release of these tests has."""
    rows = (make_assumption("damping", 0.8), make_assumption("overdispersion", 5.0))
    return make_tables(assumptions=rows)


def review(tables, name, decision="accept", on=date(2020, 6, 1), **changes):
    """Give a review of an assumption as it is in some tables."""
    given = Review(name, fingerprint_of(tables.assumptions[name]), decision, "reviewer", on, "")
    return replace(given, **changes)


def with_reviews(tables, *reviews):
    return replace(tables, reviews=tuple(replace(one, row=n) for n, one in enumerate(reviews, 2)))


def with_row(tables, name, **changes):
    rows = {**tables.assumptions, name: replace(tables.assumptions[name], **changes)}
    return replace(tables, assumptions=rows)


def states(tables):
    return {name: one.state for name, one in review_states(tables).items()}


def test_without_reviews_every_assumption_is_never_reviewed(tables):
    assert set(states(tables).values()) == {State.NEVER}


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        ("accept", State.REVIEWED),
        ("challenge", State.CHALLENGED),
        ("reject", State.REJECTED),
    ],
)
def test_a_decision_holds_for_its_assumption_alone(tables, decision, state):
    reviewed = with_reviews(tables, review(tables, "damping", decision))

    found = states(reviewed)
    assert found.pop("damping") is state
    assert set(found.values()) == {State.NEVER}


def test_a_change_makes_exactly_the_changed_row_stale_and_says_what_changed(tables):
    reviewed = with_reviews(
        tables, review(tables, "damping"), review(tables, "overdispersion", "reject")
    )
    after = review_states(with_row(reviewed, "damping", high=0.9, basis="Another reason."))

    assert after["damping"].state is State.STALE
    assert after["damping"].changed == ("basis", "range")
    assert after["overdispersion"].state is State.REJECTED


def test_a_challenge_is_stale_too_once_the_row_was_changed(tables):
    challenged = with_reviews(tables, review(tables, "damping", "challenge"))

    assert states(with_row(challenged, "damping", central=0.7))["damping"] is State.STALE


def test_changing_a_row_back_restores_its_review(tables):
    reviewed = with_reviews(tables, review(tables, "damping"))
    there_and_back = with_row(with_row(reviewed, "damping", central=0.7), "damping", central=0.8)

    assert states(there_and_back)["damping"] is State.REVIEWED


def test_the_review_of_the_latest_day_counts_and_on_one_day_the_last_row(tables):
    later = review(tables, "damping", "reject", on=date(2020, 7, 1))
    first = review(tables, "damping", "challenge")
    second = review(tables, "damping", "accept")

    assert states(with_reviews(tables, later, first))["damping"] is State.REJECTED
    assert states(with_reviews(tables, first, second))["damping"] is State.REVIEWED


def test_a_review_due_before_the_edition_is_overdue(tables):
    """The edition of these tables is of 1 January 2021."""
    late = with_row(tables, "damping", review_by=date(2020, 12, 31))
    on_the_day = with_row(tables, "damping", review_by=date(2021, 1, 1))

    assert review_states(late)["damping"].overdue
    assert not review_states(on_the_day)["damping"].overdue


def test_an_unknown_rule_has_a_fingerprint_all_the_same(tables):
    assert len(fingerprint_of(replace(tables.assumptions["damping"], rule="none_such"))) == 64
