import math

from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.shapley import shapley_values

NAMES = ["a", "b", "c", "d"]
WORTHS = st.lists(
    st.floats(-1e6, 1e6, allow_nan=False), min_size=2 ** len(NAMES), max_size=2 ** len(NAMES)
)


def game(worths):
    """Give each set of names a worth of its own: the set is the number of its bits."""

    def value(made):
        return [worths[sum(2 ** NAMES.index(name) for name in made)]]

    return value


def test_two_changes_that_only_matter_together_share_alike():
    """Neither alone adds anything; both together add 10: 5 each."""
    shares = shapley_values(["a", "b"], lambda made: [10.0 if len(made) == 2 else 0.0])

    assert shares == {"a": (5.0,), "b": (5.0,)}


def test_three_changes_worked_by_hand():
    """A glove game: a left glove (a) and two right ones (b, c); a pair is worth 6.

    Over the six orders: a completes the pair in abc no, bac yes, bca yes, cab
    yes, cba yes, acb no: 4 of 6, so 4. b completes it in abc only: 1. c: 1.
    """

    def pairs(made):
        return [6.0 if "a" in made and made & {"b", "c"} else 0.0]

    assert shapley_values(["a", "b", "c"], pairs) == {"a": (4.0,), "b": (1.0,), "c": (1.0,)}


@given(WORTHS)
def test_contributions_add_up_to_the_difference(worths):
    shares = shapley_values(NAMES, game(worths))

    total = math.fsum(share for (share,) in shares.values())
    # A million has sixteen digits, so that sums of such numbers are exact to a billionth.
    assert math.isclose(total, worths[-1] - worths[0], rel_tol=0, abs_tol=1e-9)


@given(WORTHS, st.permutations(NAMES))
def test_the_order_of_the_changes_plays_no_part(worths, order):
    assert shapley_values(order, game(worths)) == shapley_values(NAMES, game(worths))


@given(WORTHS)
def test_a_change_without_effect_contributes_exactly_nothing(worths):
    """The last name is one bit: with it or without it the worth is the same."""
    half = len(worths) // 2
    shares = shapley_values(NAMES, game([*worths[:half], *worths[:half]]))

    assert shares["d"] == (0.0,)


@given(WORTHS)
def test_changes_that_do_the_same_contribute_the_same(worths):
    """Swapping two names changes no worth, so that it may change no share."""

    def symmetric(made):
        swapped = {"a" if name == "b" else "b" if name == "a" else name for name in made}
        return [game(worths)(made)[0] + game(worths)(swapped)[0]]

    shares = shapley_values(NAMES, symmetric)
    assert shares["a"] == shares["b"]


def test_no_change_makes_no_contribution():
    assert shapley_values([], lambda _: [1.0, 2.0]) == {}


def test_several_results_are_shared_out_each_for_itself():
    shares = shapley_values(["a", "b"], lambda made: [len(made), 1.0 if "a" in made else 0.0])

    assert shares == {"a": (1.0, 1.0), "b": (1.0, 0.0)}
