"""Sensitivity: ranks, ends and shares of variance that are known without drawing."""

import numpy as np
import pytest

import statedfigures as sf


def table_of(release, **arguments):
    """Return the sensitivity of the only series, by assumption."""
    return sf.sensitivity(release, **arguments).set_index("assumption")


def test_where_only_chance_varies_all_of_the_variance_is_chance(made_up):
    fixed = {"growth_continues": 0.5, "damping": 0.9, "volatility": 0.2}
    rows = [made_up.assumption(name, value, value, value) for name, value in fixed.items()]

    table = table_of(made_up.ships(*rows))
    assert table.loc["chance", "variance_share"] == pytest.approx(1, abs=0.02)
    assert table.loc["damping", "variance_share"] != table.loc["damping", "variance_share"]
    assert table.loc["chance", "rank"] == 1
    assert table.loc["chance", "width_at_low"] == pytest.approx(0)
    # Without chance: 0.5 · ln(1.25) / 4 · (0.9 + … + 0.9^6) on the log scale.
    level = 1000 * 1.25 ** (0.5 / 4 * 0.9 * (1 - 0.9**6) / 0.1)
    assert table.loc["chance", "middle_at_low"] == pytest.approx(level)


def test_what_is_fixed_turns_no_message(made_up):
    """Growth that does not go on at all leaves the rise unlikely; fixed, it cannot be chosen."""
    chance = made_up.assumption("volatility", 0.02, 0.02, 0.02)
    drawn = table_of(made_up.ships(made_up.assumption("growth_continues", 0, 0.9, 1), chance))
    fixed = table_of(made_up.ships(made_up.assumption("growth_continues", 0.9, 0.9, 0.9), chance))

    assert np.isfinite(drawn.loc["growth_continues", "break_even"])
    assert np.isnan(fixed.loc["growth_continues", "break_even"])
    assert fixed.loc["growth_continues", "message_beyond"] == ""


def test_shares_of_variance_are_those_of_a_sum(made_up):
    """T = ln b + c g k + σ √k z with c uniform: variances (g k)² w²/12 and σ² k.

    With g = ln(1.25) / 4, k = 6, c from 0 to 1 and σ = 0.1 they are 0.00934 and 0.06: 13.5%
    and 86.5%.
    """
    release = made_up.ships(
        made_up.assumption("growth_continues", 0, 0.5, 1, distribution="uniform"),
        made_up.assumption("damping", 1, 1, 1),
        made_up.assumption("volatility", 0.1, 0.1, 0.1),
    )
    growth = (np.log(1.25) / 4 * 6) ** 2 / 12
    share = growth / (growth + 0.06)

    table = table_of(release)
    assert table.loc["growth_continues", "variance_share"] == pytest.approx(share, abs=0.01)
    assert table.loc["chance", "variance_share"] == pytest.approx(1 - share, abs=0.01)


def test_the_ends_hold_one_assumption_and_draw_the_others(made_up):
    """With no chance and no damping the middle at c = 0 is the base, at c = 1 the trend."""
    release = made_up.ships(
        made_up.assumption("damping", 1, 1, 1), made_up.assumption("volatility", 0, 0, 0)
    )

    row = table_of(release, horizon_year=2023).loc["growth_continues"]
    assert row["middle_at_low"] == pytest.approx(1000)
    assert row["middle_at_high"] == pytest.approx(1250)
    assert row["width_at_low"] == pytest.approx(0)
    assert (row["low"], row["high"], row["unit"]) == (0, 1, "share")


def test_the_ranking_is_by_the_larger_change_of_middle_and_width(first_release):
    table = sf.sensitivity(first_release, draws=1024)

    middle = (table["middle_at_high"] - table["middle_at_low"]).abs() / table["middle"]
    width = (table["width_at_high"] - table["width_at_low"]).abs() / table["width"]
    assert table["change"].to_numpy() == pytest.approx(np.maximum(middle, width))
    for _, part in table.groupby("series"):
        assert part["rank"].tolist() == list(range(1, len(part) + 1))
        assert part["change"].is_monotonic_decreasing


def test_every_assumption_of_a_series_has_a_row_and_so_has_chance(first_release):
    table = sf.sensitivity(first_release, "distribution_offences", draws=1024)
    inputs = sf.project(first_release, "distribution_offences", draws=64)["inputs"].iloc[0]
    used = {name.removeprefix("assumption:") for name in inputs.split() if "assumption:" in name}

    assert set(table["assumption"]) == used | {"chance"}


def test_no_share_below_its_error_is_given(first_release):
    table = sf.sensitivity(first_release, draws=1024)
    given = table[table["variance_share"].notna()]

    assert (given["variance_share"] > given["variance_error"]).all()
    assert table["variance_share"].isna().any()


def test_the_width_of_a_word_owns_the_place_within_it(made_up):
    """All that is uncertain is an "about": its row owns the variance."""
    values = {"growth_continues": 0.5, "damping": 0.9, "volatility": 0.0}
    release = made_up.ships(
        *(made_up.assumption(name, value, value, value) for name, value in values.items())
    )
    release = made_up.with_value(release, "figures", "ships_2015", "qualifier", "about")
    release = made_up.with_value(release, "figures", "ships_2015", "rounded_to", 100.0)

    table = table_of(release)
    assert table.loc["qualifier_about", "variance_share"] == pytest.approx(1, abs=0.02)


def test_what_a_scenario_holds_has_no_variance_there(ships):
    table = table_of(ships, scenario="low", draws=1024)

    assert np.isnan(table.loc["growth_continues", "variance_share"])
    assert table.loc["growth_continues", "middle_at_high"] > table.loc["growth_continues", "middle"]
