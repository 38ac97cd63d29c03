"""Outturn: scores by hand, benchmarks, bounds, breaks and months."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import statedfigures as sf
from statedfigures.analysis.outturn import outturn_scores, weighted_interval_score
from statedfigures.analysis.projection import QUANTILES


def later(period, value, **cells):
    """Return a row of published.csv: an exact count of ships."""
    plain = {"series": "port_ships", "qualifier": "exact", "unit": "ships", "part": "whole"}
    return {"period": period, "value": value, **plain, **cells}


def release_with(made_up, *rows):
    """Return a release of one series with later values."""
    release = made_up.ships(published=rows)
    return made_up.with_value(release, "series", "ships", "outturn_series", "port_ships")


def test_an_outturn_outside_costs_its_distance_beside_the_width_of_the_interval():
    """Median 10, half of the draws from 8 to 12, outturn 14: 0.5 · 4, 0.25 · 4 and 2, over 1.5."""
    score = weighted_interval_score(np.array([8.0, 10.0, 12.0]), (0.25, 0.5, 0.75), 14.0)

    assert score == pytest.approx(10 / 3)


@given(values=st.lists(st.floats(-100, 100), min_size=9, max_size=9), came=st.floats(-200, 200))
def test_the_score_is_twice_the_mean_pinball_loss(values, came):
    values = np.sort(values)
    losses = [
        (came - value) * (level - (came < value))
        for level, value in zip(QUANTILES, values, strict=True)
    ]

    score = weighted_interval_score(values, QUANTILES, came)
    assert score == pytest.approx(2 * np.mean(losses), abs=1e-9)


def test_years_after_base_and_release_are_scored_on_the_log_scale(made_up):
    release = release_with(made_up, later("2018", 900), later("2020", 1030), later("2022", 1200))
    table = sf.outturn(release, draws=1024)
    projection = sf.project(release, scenario="central", draws=1024)

    assert table["year"].tolist() == [2020, 2022]
    values = projection[projection["year"] == 2022]["value"].to_numpy()
    expected = weighted_interval_score(np.log(values), QUANTILES, np.log(1200))
    assert table["score"].iloc[1] == pytest.approx(expected)
    assert table["middle"].iloc[1] == values[4]
    assert "published:port_ships/2022" in table["inputs"].iloc[1].split()


def test_the_benchmarks_are_no_change_and_the_trend_undamped(made_up):
    """No change stays at 1,000; the trend undamped is 1,000 · 1.25^(3/4) in 2022."""
    release = release_with(made_up, later("2022", 1100))
    row = sf.outturn(release).iloc[0]

    assert row["no_change"] == pytest.approx(1000, rel=0.003)
    assert row["undamped"] == pytest.approx(1000 * 1.25**0.75, rel=0.003)
    assert row["score_no_change"] > row["score"]


def test_the_horizon_parts_the_years(made_up):
    release = release_with(made_up, later("2024", 1100), later("2025", 1100), later("2026", 1100))
    table = sf.outturn(release, draws=256)
    scores = outturn_scores(table).set_index("span")

    assert table["within_horizon"].tolist() == [True, True, False]
    assert scores["years"].to_dict() == {"horizon": 2, "all": 3}
    assert scores.loc["horizon", "score"] == pytest.approx(table["score"].iloc[:2].mean())
    # Where all years lie within the horizon, the two would be the same row.
    assert outturn_scores(table[table["within_horizon"]])["span"].tolist() == ["horizon"]


def test_from_a_break_of_the_measure_on_nothing_is_a_miss(made_up):
    release = release_with(
        made_up,
        later("2021", 1050),
        later("2022", 9000, miss_reason="break_of_measure"),
        later("2023", 9100),
    )
    table = sf.outturn(release, draws=256)
    scores = outturn_scores(table).set_index("span").loc["horizon"]

    assert table["break_of_measure"].tolist() == [False, True, True]
    assert table["score"].isna().tolist() == [False, True, True]
    assert table["miss_reason"].tolist() == ["", "break_of_measure", "break_of_measure"]
    assert scores["years"] == 1


def test_another_reason_explains_a_miss_and_leaves_it_one(made_up):
    release = release_with(
        made_up,
        later("2021", 1050, miss_reason="change_of_method"),
        later("2022", 9000, miss_reason="change_of_method"),
    )
    table = sf.outturn(release, draws=256)

    assert table["inside90"].tolist() == [True, False]
    assert table["miss_reason"].tolist() == ["", "change_of_method"]
    assert table["score"].notna().all()


@pytest.mark.parametrize(
    ("qualifier", "value", "step", "inside"),
    [
        ("more_than", 10_000, 100.0, False),  # above any range
        ("more_than", 900, 100.0, None),  # may be inside or above
        ("less_than", 100, 100.0, False),
        ("less_than", 1100, 100.0, None),
        ("about", 1100, 100.0, True),  # 1,000 to 1,200, near enough
        ("about", 1000, 10_000.0, None),  # 0 to 11,000: it was rounded too far
    ],
)
def test_a_bound_or_rounding_decides_only_what_it_can(made_up, qualifier, value, step, inside):
    row = later("2022", value, qualifier=qualifier, rounded_to=step)
    table = sf.outturn(release_with(made_up, row), draws=256)

    found = table["inside90"].iloc[0]
    assert pd.isna(found) if inside is None else found == inside
    assert np.isnan(table["score"].iloc[0]) == (qualifier != "about")


def test_months_make_a_year_weighted_by_the_days_behind_them(made_up):
    """A mean of 1,000 over 10 days and of 1,300 over 20 is 1,200."""
    rows = [later("2021-01", 1000, days=10.0), later("2021-02", 1300, days=20.0)]
    table = sf.outturn(release_with(made_up, *rows), draws=256)

    assert table["published"].tolist() == [1200]
    assert table["qualifier"].tolist() == ["exact"]
    assert (
        table["inputs"]
        .iloc[0]
        .endswith("published:port_ships/2021-01 published:port_ships/2021-02")
    )


def test_a_year_of_which_a_month_is_a_bound_is_one(made_up):
    """At least 1,000 in one month and 1,300 in the other: 1,150 or more, and not scored."""
    rows = [later("2021-01", 1000, qualifier="at_least", days=10.0)]
    rows.append(later("2021-02", 1300, days=10.0))
    table = sf.outturn(release_with(made_up, *rows), draws=256)

    assert table[["published", "qualifier"]].to_numpy().tolist() == [[1150, "at_least"]]
    assert table["score"].isna().all()


def test_a_month_is_held_against_the_same_month_alone(made_up):
    release = made_up.release(
        figures=[
            made_up.figure("a", 100, "2018-08-01", "2018-08-31", "month"),
            made_up.figure("b", 110, "2019-08-01", "2019-08-31", "month"),
        ],
        series=[
            {"id": "s", "base_figure": "b", "growth_from": "a", "outturn_series": "port_ships"}
        ],
        published=[later("2021-08", 120), later("2021-09", 900), later("2022", 1400)],
    )

    table = sf.outturn(release, draws=256)
    assert table["published"].tolist() == [120]


def test_a_series_without_later_values_has_no_row(ships):
    assert sf.outturn(ships).empty
    assert outturn_scores(sf.outturn(ships)).empty


def test_an_academic_year_is_held_against_a_published_year_of_two(made_up):
    release = release_with(made_up, later("2021-22", 1100))
    days = {"period_start": pd.Timestamp("2018-09-01"), "period_end": pd.Timestamp("2019-08-31")}
    for column, value in {"period_kind": "academic_year", **days}.items():
        release = made_up.with_value(release, "figures", "ships_2019", column, value)

    assert sf.outturn(release, draws=256)["year"].tolist() == [2022]
