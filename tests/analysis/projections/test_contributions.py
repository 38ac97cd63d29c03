"""Contributions: they add up, and belong to what changed."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import statedfigures as sf
from statedfigures.analysis.contributions import CHANGES, contributions, shapley_values

NAMES = ["a", "b", "c", "d"]
WORTHS = st.lists(
    st.floats(-1e6, 1e6, allow_nan=False), min_size=2 ** len(NAMES), max_size=2 ** len(NAMES)
)


def game(worths):
    """Return a game in which each set of names has a worth of its own, by its bits."""
    return lambda made: [worths[sum(2 ** NAMES.index(name) for name in made)]]


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


def test_what_did_not_change_contributes_nothing(made_up, ships):
    changed = made_up.with_value(ships, "assumptions", "damping", "low", 0.5)
    table = contributions(ships, changed).set_index("quantity")

    assert table.loc["middle", "assumptions"] == pytest.approx(
        table.loc["middle", "new"] - table.loc["middle", "old"], abs=1e-9
    )
    others = ["figures", "other_tables", "parameters", "together"]
    assert (table[others] == 0).all(axis=None)


def test_all_four_kinds_of_change_add_up(made_up):
    old = made_up.ships(scenarios=[{"scenario": "calm", "assumption": "damping", "value": 0.8}])
    new = made_up.ships(
        made_up.assumption("volatility", 0.1, 0.2, 0.3),
        base=1100,
        scenarios=[{"scenario": "calm", "assumption": "damping", "value": 0.9}],
    )
    table = contributions(
        old,
        new,
        {"scenario": "calm", "draws": 256},
        {"scenario": "calm", "draws": 1024, "horizon_year": 2027},
    )

    assert table["quantity"].tolist() == ["middle", "low90", "high90"]
    difference = table["new"] - table["old"]
    assert table[list(CHANGES)].sum(axis=1).tolist() == pytest.approx(difference.tolist(), abs=1e-9)
    assert (table[["figures", "other_tables", "assumptions", "parameters"]] != 0).all(axis=None)
    headline = sf.headlines(new, scenario="calm", draws=1024, horizon_year=2027).loc["ships"]
    assert table["new"].tolist() == headline[["middle", "low90", "high90"]].tolist()


def test_changes_that_make_sense_only_together_are_one(made_up):
    """The new series starts from a figure that the old tables lack."""
    old = made_up.ships()
    new = made_up.release(
        figures=[made_up.year("boats_2015", 700, 2015), made_up.year("boats_2019", 1000, 2019)],
        series=[{"id": "ships", "base_figure": "boats_2019", "growth_from": "boats_2015"}],
    )
    table = contributions(old, new)

    assert table["together"].to_numpy() == pytest.approx((table["new"] - table["old"]).to_numpy())
    assert (table[["figures", "other_tables", "assumptions", "parameters"]] == 0).all(axis=None)


def test_a_series_that_one_side_lacks_is_left_out(made_up, ships):
    none = made_up.with_value(ships, "series", "ships", "projectable", "no")

    assert contributions(none, ships).empty
    assert contributions(ships, none).empty


def test_the_default_horizon_of_another_edition_is_a_parameter(ships):
    later = replace(ships, about=replace(ships.about, default_horizon=2028))
    table = contributions(ships, later).set_index("quantity")

    assert table.loc["high90", "parameters"] == pytest.approx(
        table.loc["high90", "new"] - table.loc["high90", "old"]
    )
