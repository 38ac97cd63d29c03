"""The tables of the first release: what a reader may rely on."""

import re
from pathlib import Path

import pandas as pd
import pytest

from statedfigures.release.reading import read_release

ROOT = Path(__file__).parents[2]
RELEASE = read_release("weprotect-2014", ROOT / "data")
SHARED = ROOT.parent / "shared"


def test_the_register_is_short() -> None:
    own = RELEASE.assumptions[RELEASE.assumptions["origin"] == "release"]

    assert len(RELEASE.assumptions) <= 34
    assert len(own) <= 18


def test_the_register_names_a_role_and_the_days_of_this_edition() -> None:
    decisions = RELEASE.assumptions[["decided_by", "decided_on", "review_by"]].drop_duplicates()

    assert decisions["decided_by"].tolist() == ["analyst"]
    assert decisions["decided_on"].tolist() == [pd.Timestamp(RELEASE.about.edition)]
    assert decisions["review_by"].tolist() == [pd.Timestamp("2027-11-27")]


def test_no_basis_uses_what_was_published_after_the_release() -> None:
    words = RELEASE.assumptions["basis"] + " " + RELEASE.assumptions["source"]
    years = words[RELEASE.assumptions["origin"] == "release"].str.findall(r"\b20\d\d\b").explode()

    assert years.dropna().astype(int).max() <= RELEASE.about.published.year
    assert not words.str.contains("later count", case=False).any()


def test_rows_that_all_releases_share_say_nothing_of_one_of_them() -> None:
    shared = RELEASE.assumptions[RELEASE.assumptions["origin"] == "method"]
    words = " ".join(shared[["label", "description", "basis"]].agg(" ".join, axis=1))

    assert not re.search(r"tor\b|court|hotline|offence|IWF|polic", words)


def test_every_published_figure_has_the_address_of_a_page() -> None:
    addresses = RELEASE.published["url"].drop_duplicates()

    assert (addresses.str.count("/") >= 3).all()
    assert addresses.str.match(r"https?://[^/\s]+/.*").all()


def test_what_is_held_against_a_figure_has_its_unit() -> None:
    rows = RELEASE.published[RELEASE.published["compares_with"] != ""]
    units = [
        (row["unit"], RELEASE.figures.loc[figure, "unit"])
        for _, row in rows.iterrows()
        for figure in row["compares_with"].split()
    ]

    assert units
    assert [pair for pair in units if pair[0] != pair[1]] == []


def test_a_claim_follows_the_rule_of_inclusion() -> None:
    claims = RELEASE.claims
    says_which_way = claims["direction"] != ""
    has_number = claims["stated_value"].notna()

    assert (says_which_way | has_number | (claims["kind"] == "cause")).all()


def test_only_the_search_measures_come_with_a_figure_of_their_effect() -> None:
    given = RELEASE.measures[RELEASE.measures["effect_figure_given"]]

    assert given.index.tolist() == ["search_changes"]
    assert set(RELEASE.measures["status"]) == {"new", "in_force"}


def test_years_of_tor_are_the_means_of_their_months() -> None:
    published = RELEASE.published
    months = published[published["series"].str.fullmatch("tor_metrics_users_(before|after)_break")]
    for year in ("2012", "2014", "2015"):
        of_year = months[months["period"].str.startswith(year)]
        mean = (of_year["value"] * of_year["days"]).sum() / of_year["days"].sum()
        row = published.loc[f"tor_metrics_users_by_year/{year}"]

        assert row["value"] == pytest.approx(mean, abs=0.1)
        assert row["days"] == of_year["days"].sum()


def test_tor_months_are_the_means_of_the_daily_estimates() -> None:
    file = SHARED / "reference" / "tor_daily_users_gb.csv"
    if not file.exists():
        pytest.skip("the daily estimates are not kept in the project")
    days = pd.read_csv(file, parse_dates=["date"])
    side = (days["date"] < "2013-08-19").map({True: "before", False: "after"})
    means = days.groupby([side, days["date"].dt.strftime("%Y-%m")])["users"].agg(["mean", "size"])

    for (when, month), (mean, size) in means.iterrows():
        row = RELEASE.published.loc[f"tor_metrics_users_{when}_break/{month}"]
        assert (row["value"], row["days"]) == (pytest.approx(mean, abs=0.051), size)


def test_the_facts_of_the_reference_are_carried_over_unchanged() -> None:
    file = SHARED / "reference" / "published.csv"
    if not file.exists():
        pytest.skip("the reference facts are not kept in the project")
    facts = pd.read_csv(file, dtype=str, keep_default_na=False)
    rows = RELEASE.published.loc[facts["series"] + "/" + facts["period"]]

    assert rows["value"].tolist() == facts["value"].astype(float).tolist()
    for column in ("qualifier", "publisher", "url", "source_kind"):
        assert rows[column].tolist() == facts[column].tolist()


def test_the_note_on_tor_says_what_the_rows_give() -> None:
    """20,000 of 99,681 is 0.2006, about a fifth; 19 August 2013 is 16 months before the release."""
    stated = RELEASE.figures.loc["tor_daily_users_2013", "value"]
    measured = RELEASE.published.loc["tor_metrics_30_days/2014-11-11/2014-12-10", "value"]
    months = (pd.Timestamp(RELEASE.about.published) - pd.Timestamp("2013-08-19")).days / 30.44
    note = RELEASE.series.loc["tor_daily_users", "outturn_note"]

    assert stated / measured == pytest.approx(1 / 5, abs=0.005)
    assert round(months) == 16
    assert "about a fifth" in note
    assert "sixteen months before the release" in note
