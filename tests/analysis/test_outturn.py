"""Outturns: which values count, and how projections are scored against them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from statedfigures.analysis.outturn import later_values, outturn_of
from statedfigures.sources.records import TorMonth

COUNTED = {"outturn_series": "ships_counted", "miss_reason": "unexpected_growth"}
STEADY = {"start": 100, "base": 100}


def outturn(tables):
    return outturn_of(tables, "ships", draws=64, seed=1)


def test_only_whole_calendar_years_after_the_release_count(make_projectable, make_published):
    rows = [make_published(1, period=period) for period in ("2019", "2020", "2021", "2021-Q2")]
    tables = make_projectable(changes=COUNTED, published=rows)

    later = later_values(tables, tables.series["ships"], 2020)
    assert [one.year for one in later] == [2021]


def test_a_miss_stays_and_carries_its_reason(make_projectable, make_published):
    rows = [make_published(100, period="2021"), make_published(150, period="2022")]
    result = outturn(
        make_projectable(**STEADY, changes=COUNTED, published=rows, growth_volatility=0.05)
    )

    assert [(one.year, one.inside_90, one.miss_reason) for one in result.years] == [
        (2021, True, ""),
        (2022, False, "unexpected_growth"),
    ]


def test_scores_by_hand_where_nothing_is_uncertain(make_projectable, make_published):
    """Ten percent a year from 121: exact for compound, ln 1.1 and 2 ln 1.1 for no change."""
    rows = [make_published(133.1, period="2021"), make_published(146.41, period="2022")]
    result = outturn(make_projectable(100, 121, changes=COUNTED, published=rows))
    scores = {one.model: one for one in result.scores}

    assert scores["no_change"].weighted_interval_score == pytest.approx(1.5 * np.log(1.1))
    assert scores["no_change"].skill == 0
    assert scores["compound"].weighted_interval_score == pytest.approx(0, abs=1e-12)
    assert scores["compound"].skill == pytest.approx(1)
    assert scores["no_change"].coverage_90 == 0
    assert set(scores) == {
        "no_change", "linear", "compound", "damped", "saturating", "pool"
    }  # fmt: skip


def test_where_no_change_is_exact_nothing_has_skill(make_projectable, make_published):
    rows = [make_published(100, period="2021")]
    result = outturn(make_projectable(**STEADY, changes=COUNTED, published=rows))

    assert all(one.skill == 0 for one in result.scores)


def test_a_series_without_outturn_says_why(make_projectable):
    result = outturn(make_projectable(changes={"outturn_note": "Nobody counted later."}))

    assert (result.years, result.scores) == ((), ())
    assert result.reason == "Nobody counted later."


def test_months_are_weighted_by_their_days(make_projectable):
    """10 over 10 days and 40 over 20 days: (100 + 800) / 30 = 30; December 2020 is too early."""
    months = (
        TorMonth(date(2020, 12, 1), 999.0, 31, "after"),
        TorMonth(date(2021, 1, 1), 10.0, 10, "after"),
        TorMonth(date(2021, 2, 1), 40.0, 20, "after"),
    )
    tables = make_projectable(changes={"outturn_series": "tor_monthly_users"})
    tables = replace(tables, tor_monthly_users=months)

    later = later_values(tables, tables.series["ships"], 2020)
    assert [(one.year, one.value, one.published) for one in later] == [
        (2021, 30.0, "tor_monthly_users")
    ]
