"""The one rule of the message: probabilities, sentence and break-even hold together."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import statedfigures as sf
from statedfigures.analysis.headline import (
    FALL,
    LITTLE,
    OPEN,
    PARTS,
    RISE,
    break_even,
    message,
    outlook,
    printed_digits,
    rule_of,
)
from statedfigures.analysis.projection import draw_series

DRAWS = 512


@pytest.mark.parametrize(
    ("higher", "lower", "expected"),
    # Twice the error of 0.66 at 2,500 draws: 2 · √(0.66 · 0.34 / 2,500) = 0.0189.
    [
        (0.68, 0.1, RISE),
        (0.678, 0.1, OPEN),
        (0.1, 0.68, FALL),
        (0.1, 0.2, LITTLE),
        (0.2, 0.13, OPEN),
    ],
)
def test_a_share_has_to_be_beyond_likely_by_twice_its_error(higher, lower, expected):
    assert message(higher, lower, 0.66, 2500) == expected


def test_probabilities_are_shares_of_the_draws_against_their_own_base(made_up):
    """A step of 1.5 for all draws is no change: each is held against base × step."""
    release = made_up.ships(made_up.assumption("base_step", 1, 1.2, 1.5))
    headline = sf.headlines(release).loc["ships"]
    drawn = sf.draws(release, "ships")
    change = 100 * (drawn[2025] / drawn[2019] - 1)

    assert headline["p_higher"] == (change > 10).mean()
    assert headline["p_lower"] == (change < -10).mean()
    assert headline["p_little"] == pytest.approx((change.abs() <= 10).mean())
    assert headline["base"] == drawn[2019].median()
    assert headline["step"] == drawn["base_step"].median()
    ends = drawn[2025].quantile([0.05, 0.25, 0.5, 0.75, 0.95]).tolist()
    assert headline[["low90", "low50", "middle", "high50", "high90"]].tolist() == pytest.approx(
        ends
    )


def test_a_share_changes_in_percentage_points(made_up):
    """From 2% to 2.2% is a tenth more and a fifth of a point: little change."""
    release = made_up.share((2015, 2.0), (2019, 2.2), step=0.0)

    headline = sf.headlines(release).loc["s"]
    assert headline["message"] == LITTLE
    assert (headline["threshold"], headline["threshold_unit"]) == (1, "percentage_points")
    assert "assumption:little_change_points" in headline["inputs"].split()


def test_point_range_and_probability_come_from_one_scenario(ships):
    table = {name: sf.headlines(ships, scenario=name).loc["ships"] for name in ("low", "high")}

    for name, headline in table.items():
        projection = sf.project(ships, scenario=name, horizon_year=2025)
        last = projection[projection["year"] == 2025].set_index("quantile")["value"]
        assert headline["middle"] == last[0.5]
        assert headline["low90"] == last[0.05]
    assert table["low"]["p_higher"] < table["high"]["p_higher"]


ASSUMPTIONS = st.fixed_dictionaries(
    {
        "growth_continues": st.tuples(st.floats(-0.5, 1), st.floats(0.05, 0.5)),
        "damping": st.tuples(st.floats(0.3, 0.8), st.floats(0.05, 0.2)),
        "volatility": st.tuples(st.floats(0.01, 0.3), st.floats(0.01, 0.2)),
        "base_step": st.tuples(st.floats(0.8, 1.2), st.floats(0.01, 0.3)),
        "likely": st.tuples(st.floats(0.55, 0.8), st.just(0.0)),
        "little_change": st.tuples(st.floats(2, 20), st.just(0.0)),
    }
)
ALLOWED = {
    "growth_continues": (-0.5, 1.5),
    "damping": (0, 1),
    "volatility": (0, 1),
    "base_step": (0.5, 3),
}


# The message turns within a hair of the high of the growth that goes on.
AT_ITS_END = {"growth_continues": (0.01, 1 / 3), "damping": (0.6359764170711911, 0.16),
              "volatility": (0.01, 0.09699256551389421), "base_step": (1.0, 0.25),
              "likely": (0.75, 0.0), "little_change": (2.0, 0.0)}  # fmt: skip


@given(values=ASSUMPTIONS, base=st.integers(500, 2000), horizon=st.integers(2021, 2030))
@example(values=AT_ITS_END, base=1612, horizon=2021)
@settings(deadline=None, max_examples=15)
def test_break_even_message_and_probabilities_hold_together(made_up, values, base, horizon):
    """Held at its break-even an assumption turns the printed message; a hair nearer it does not."""
    rows = [
        made_up.assumption(
            name,
            low,
            low + width / 3,
            low + width,
            **dict(zip(("allowed_min", "allowed_max"), ALLOWED.get(name, (0, 50)), strict=True)),
        )
        for name, (low, width) in values.items()
    ]
    release = made_up.ships(*rows, base=base)
    headline = sf.headlines(release, horizon_year=horizon, draws=DRAWS).loc["ships"]
    shares = {RISE: headline["p_higher"], FALL: headline["p_lower"], LITTLE: headline["p_little"]}
    likely = values["likely"][0]
    needed = likely + 2 * np.sqrt(likely * (1 - likely) / DRAWS)
    said = [words for words, share in shares.items() if share >= needed]

    assert sum(shares.values()) == pytest.approx(1)
    assert headline["message"] == (said[0] if said else OPEN)

    [drawn] = draw_series(release, scenario="central", horizon_year=horizon, draws=DRAWS)
    rule = rule_of(release, drawn.model)

    def held_at(name, value):
        return outlook(drawn.model, drawn.holding({name: value}), drawn.years, rule)[0]

    for name in drawn.model.ids():
        value, beyond = break_even(drawn, name, rule)
        row = release.assumptions.loc[name]
        if np.isnan(value):
            ends = ("central", "low", "high")
            assert {held_at(name, row[end]) for end in ends} == {headline["message"]}
        else:
            assert row["low"] <= value <= row["high"]
            assert held_at(name, value) == beyond != headline["message"]
            if value != row["central"]:
                part = (row["allowed_max"] - row["allowed_min"]) / PARTS
                nearer = [value + np.sign(row["central"] - value) * part * n for n in (1, 2, 3)]
                assert headline["message"] in {held_at(name, near) for near in nearer}


@pytest.mark.parametrize(
    ("middle", "low50", "high50", "error", "figures"),
    [
        (1500, 1200, 1900, 0, 2),  # 700 is wider than 300
        (1500, 1400, 1699, 0, 3),  # 299 is narrower than 300
        (1500, 1400, 1699, 5.1, 2),  # steps of 10 are finer than 10.2
        (1010, 950, 1100, 0.4, 3),  # steps of 10
        (1010, 950, 1100, 60, 1),  # steps of 100 are finer than 120
    ],
)
def test_figures_in_print_follow_the_range_and_the_error(middle, low50, high50, error, figures):
    assert printed_digits(middle, low50, high50, error) == figures


def test_the_step_in_print_is_fixed_at_the_horizon(ships):
    """A middle of about 1,110 with a wide range: two figures, hundreds."""
    headline = sf.headlines(ships).loc["ships"]

    assert (headline["significant"], headline["rounded_to"]) == (2, 100)


def test_a_share_in_fractions_has_the_message_of_one_in_percent(made_up):
    percent = fraction = made_up.share((2018, 50), (2019, 52))
    for name, value in {"share_2018": 0.5, "share_2019": 0.52}.items():
        fraction = made_up.with_value(fraction, "figures", name, "value", value)
        fraction = made_up.with_value(fraction, "figures", name, "unit", "fraction")
    for column, value in {"unit": "fraction", "maximum": "1"}.items():
        fraction = made_up.with_value(fraction, "series", "s", column, value)

    told = ["p_higher", "p_lower", "threshold", "threshold_unit", "message"]
    both = [sf.headlines(release)[told].to_dict("records") for release in (percent, fraction)]
    assert both[0] == both[1]
    growth = [sf.observed_growth(release).loc["s", "growth"] for release in (percent, fraction)]
    assert growth == [pytest.approx(2), pytest.approx(2)]
