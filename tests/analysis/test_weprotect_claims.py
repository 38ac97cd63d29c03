"""The verdicts on the release of 11 December 2014, worked out by hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statedfigures.analysis.claims import judge_claims
from statedfigures.analysis.published import cross_check, implied_denominators
from statedfigures.analysis.restatements import restated_like_for_like
from statedfigures.analysis.tor_shares import tor_over_internet_users
from statedfigures.sources.release import read_release

DATA = Path(__file__).parents[2] / "data"
VERDICTS = {
    # 70541/51168 = 1.3786 and 27850/13330 = 2.0893: 38% and 109% when rounded.
    "iwf_reports_rise": "supported",
    "iwf_addresses_rise": "supported",
    # 1235/736 = 1.678, below nine tenths of 2.
    "distribution_almost_double": "not supported",
    # 1000/192 = 5.208, above 5.
    "arrests_more_than_five_times": "supported",
    # 1300 is more than 569, 141 more than 122, 20,000 more than around 15,000.
    "children_huge_increase": "supported",
    "posts_increase": "supported",
    "images_above_2006": "supported",
    # More than 20,000 may be more than any estimate.
    "images_highest_level": "cannot tell",
    # No base, no rivals, no years.
    "tor_users_two_thirds": "cannot tell",
    "tor_share_of_users": "cannot tell",
    "tor_share_of_daily_users": "cannot tell",
    "tor_most_popular": "cannot tell",
    "searches_fivefold_reduction": "cannot tell",
    "images_consistently_above": "cannot tell",
    "distribution_biggest_increase": "cannot tell",
    "uk_hosting_below_one_percent": "cannot tell",
    "uk_among_most_hostile": "cannot tell",
}


@pytest.fixture(scope="module")
def tables():
    """Give the tables of the release."""
    return read_release("weprotect-2014", data=DATA)


def test_every_claim_has_the_verdict_worked_out_by_hand(tables):
    verdicts = {result.claim.id: result.verdict.value for result in judge_claims(tables)}

    assert verdicts == VERDICTS


def test_the_conflicts_are_those_that_a_reader_finds(tables):
    """IWF 51,168 against 51,186 and 13,330 against 13,182; children 569 against 790.

    The charges 19,484, 18,543 and 19,839 all lie below 20,000.
    """
    conflicts = [
        (check.figure.id, check.published[0].period)
        for check in cross_check(tables)
        if not check.agrees
    ]

    assert sorted(conflicts) == [
        ("children_2012_13", "2012-13"),
        ("images_since_2010", "2011-12"),
        ("images_since_2010", "2012-13"),
        ("images_since_2010", "2013-14"),
        ("iwf_addresses_2013", "2013"),
        ("iwf_reports_2013", "2013"),
    ]


def test_twenty_thousand_users_are_not_the_stated_shares(tables):
    """0.175% of 43 million adults is 75,250 already, far from 20,000."""
    denominators = implied_denominators(tables)

    assert len(denominators) == 4
    assert not any(each.agrees for each in denominators)
    assert min(each.implied_numerator.low for each in denominators) > 75_000


def test_the_stated_shares_fit_the_count_after_the_break_better(tables):
    """2013 before the break: 24 thousand over 36 million is 0.07%. 2014: 95 over 38 is 0.25%."""
    daily = {
        share.year: share.agrees
        for share in tor_over_internet_users(tables)
        if share.claim.id == "tor_share_of_daily_users"
    }

    assert daily == {2013: False, 2014: True}


def test_like_for_like_rises_are_larger_than_stated(tables):
    """70541 × 365/345 = 74,630, and 74630/51168 = 1.4585: 46% and not 38%."""
    rises = {rise.claim.id: rise for rise in restated_like_for_like(tables)}

    reports = rises["iwf_reports_rise"]
    assert set(rises) == {"iwf_reports_rise", "iwf_addresses_rise"}
    assert float(reports.central_change_percent) == pytest.approx(45.85, abs=0.02)
    assert reports.change_percent.low > reports.stated.high


@settings(max_examples=10)
@given(data=st.data())
def test_the_order_of_rows_in_any_table_changes_nothing(tables, data):
    shuffled = replace(
        tables,
        **{
            name: dict(data.draw(st.permutations(list(getattr(tables, name).items()))))
            for name in ("figures", "claims", "published", "assumptions")
        },
    )

    assert judge_claims(shuffled) == judge_claims(tables)
    assert cross_check(shuffled) == cross_check(tables)
    assert implied_denominators(shuffled) == implied_denominators(tables)
    assert restated_like_for_like(shuffled) == restated_like_for_like(tables)
    assert tor_over_internet_users(shuffled) == tor_over_internet_users(tables)
