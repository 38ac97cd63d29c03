"""Promises of dividing Tor Metrics' users by published internet users."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.intervals import interval, point
from statedfigures.analysis.tor_shares import tor_over_internet_users
from statedfigures.sources.records import TorMonth

MONTHS = (
    TorMonth(date(2019, 1, 1), 20_000.0, 10, "before"),
    TorMonth(date(2019, 2, 1), 23_000.0, 20, "before"),
    TorMonth(date(2019, 3, 1), 60_000.0, 31, "straddles"),
    TorMonth(date(2019, 4, 1), 150_000.0, 30, "after"),
    TorMonth(date(2020, 1, 1), 90_000.0, 31, "after"),
    TorMonth(date(2020, 2, 1), 110_000.0, 31, "after"),
    TorMonth(date(2021, 1, 1), 500_000.0, 31, "after"),
)


@pytest.fixture(scope="session")
def tor_tables(make_tables, make_figure, make_claim, make_published):
    """Make a share of a quarter of a percent, two bases and the months given."""

    def make(months=MONTHS, periods=("2019",), topic="tor"):
        claim = make_claim(
            "share",
            topic=topic,
            kind="share",
            from_figure="",
            to_figure="users",
            stated_value=Decimal("0.25"),
            rounded_to=Decimal("0.01"),
            published_series="online",
        )
        return make_tables(
            figures=[make_figure("users", 20_000)],
            claims=[claim],
            published=[
                make_published(40_000_000, series="online", period=period) for period in periods
            ],
            tor_months=months,
        )

    return make


def test_a_year_keeps_to_the_regime_that_it_begins_in(tor_tables):
    """2019 before the break: (20,000 × 10 + 23,000 × 20)/30 = 22,000; over 40 million, 0.055%.

    2020: (90,000 + 110,000)/2 = 100,000; over 40 million, 0.25%. The months
    are 0.05% and 0.0575%, then 0.225% and 0.275%, so 2020 meets the stated
    0.245% to 0.255% and 2019 does not. 2021 lies after the release.
    """
    before, after = tor_over_internet_users(tor_tables())

    assert (before.year, before.regime, before.mean_daily_users) == (2019, "before", 22_000)
    assert before.share_percent == point(Fraction(55, 1000))
    assert before.monthly_range_percent == interval(Fraction(5, 100), Fraction(575, 10_000))
    assert not before.agrees
    assert (after.year, after.regime, after.mean_daily_users) == (2020, "after", 100_000)
    assert after.share_percent == point(Fraction(1, 4))
    assert after.monthly_range_percent == interval(Fraction(9, 40), Fraction(11, 40))
    assert after.agrees
    assert after.stated == interval(Fraction(49, 200), Fraction(51, 200))


def test_a_year_takes_the_latest_base_that_was_out(tor_tables):
    """No base of the year itself: the last one before it; never one from after it."""
    shares = tor_over_internet_users(tor_tables(periods=("2019-Q4", "2019-Q2", "2020")))

    assert [share.published.period for share in shares] == ["2019-Q4", "2020"]


def test_a_year_without_any_base_is_left_out(tor_tables):
    [share] = tor_over_internet_users(tor_tables(periods=("2020",)))

    assert share.year == 2020


def test_a_share_names_every_month_behind_it(tor_tables):
    before, _ = tor_over_internet_users(tor_tables())

    assert before.inputs == (
        "claim:share",
        "published:online_2019",
        "month:2019_01",
        "month:2019_02",
    )


@pytest.mark.parametrize("changes", [{"months": ()}, {"topic": "ships"}])
def test_without_months_or_outside_the_topic_there_is_none(tor_tables, changes):
    assert tor_over_internet_users(tor_tables(**changes)) == ()


@given(months=st.permutations(MONTHS))
def test_the_order_of_months_changes_nothing(tor_tables, months):
    assert tor_over_internet_users(tor_tables(months)) == tor_over_internet_users(tor_tables())
