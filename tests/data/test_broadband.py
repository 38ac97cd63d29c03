"""The second release: its tables held against its text, and its bases worked by hand."""

import math
from pathlib import Path
from statistics import stdev

import pytest

import statedfigures as sf
from statedfigures.release.source_text import read_source_text
from statedfigures.release.trace import trace

ROOT = Path(__file__).parents[2]
TEXT = ROOT.parent / "shared" / "release" / "broadband-2022.txt"


@pytest.fixture(scope="module")
def release():
    return sf.read_release("broadband-2022", ROOT / "data")


def logit(percent):
    return math.log(percent / (100 - percent))


@pytest.mark.skipif(not TEXT.is_file(), reason="the text of the release is not here")
def test_every_paragraph_figure_and_number_of_the_text_is_accounted_for(release):
    found = trace(release, read_source_text(TEXT))

    assert found.faults == ()
    assert (found.coverage["percent"] == 100).all()


def test_the_verdicts_are_those_worked_by_hand(release):
    claims = sf.check_claims(release)

    # Just under seven to eleven million: 10.5 ÷ 7 − 1 is half, and anything else is more.
    assert claims.loc["homes_jump", "verdict"] == "supported"
    # 24 ± 0.5 to 37 ± 0.5: a rise of 12 to 14 points.
    assert claims.loc["share_up", "verdict"] == "supported"
    assert claims.loc["share_up", ["low", "high"]].tolist() == [12, 14]
    # The release has no base; 134,000 was published, and 83 ÷ 134 − 1 is −38.06%.
    fall = claims.loc["no_decent_fall"]
    assert fall["verdict"] == "not determinable from the release"
    assert fall["verdict_with_published"] == "consistent"
    assert 83_000 / fall["implied_high_rounding"] == pytest.approx(1 - 0.385, rel=0.01)


def test_bases_of_full_fibre_hold(release):
    share = release.published.loc[
        lambda frame: frame["series"] == "ofcom_full_fibre_share"
    ].set_index("period")["value"]
    growth = logit(share["2022-05"]) - logit(share["2021-05"])
    to_2021 = logit(share["2021-09"]) - logit(share["2020-09"])
    to_2020 = logit(share["2020-09"]) - logit(share["2019-09"])

    assert [round(each, 2) for each in (growth, to_2021, to_2020)] == [0.62, 0.57, 0.68]
    assert (round(to_2021 / growth, 2), round(to_2020 / growth, 2)) == (0.92, 1.10)
    assert round(stdev([growth, to_2021, to_2020]), 2) == 0.05
    # 9.1 million are 28.9% of 31.5; of these 25 million are 79%. From May 2022 to the end of
    # 2026 damping by 0.9 leaves 0.9 + 0.81 + 0.729 + 0.6561 and 0.58 of 0.5905 years of growth.
    assert round(9.1 / 0.289, 1) == 31.5
    assert round(100 * 25 / 31.5) == 79
    needed = logit(79) - logit(37)
    years = sum(0.9**k for k in range(1, 5)) + 0.58 * 0.9**5
    assert round(needed, 2) == 1.86
    assert round(needed / (growth * years), 2) == 0.87


def test_bases_of_properties_without_decent_broadband_hold(release):
    fall, scheme = math.log(83 / 134), math.log(66 / 83)
    assert (round(-fall, 2), round(-scheme, 2), round(scheme / fall, 2)) == (0.48, 0.23, 0.48)
    changes = [math.log(190 / 155), math.log(123 / 190), fall]
    assert [round(change, 2) for change in changes] == [0.20, -0.43, -0.48]
    assert round(stdev(changes), 2) == 0.38

    published = release.published["value"]
    assert published["ofcom_no_decent_in_may/2021-05"] == 134_000
    assert published["ofcom_no_decent_other_months/2020-09"] == 190_000


def test_later_counts_stand_only_where_the_month_is_the_same(release):
    later = sf.outturn(release, draws=1024)

    assert later[["series", "year", "published"]].to_numpy().tolist() == [
        ["full_fibre_share", 2023, 52],
        ["full_fibre_homes", 2023, 15_400_000],
        ["no_decent_broadband", 2023, 62_000],
    ]


def test_nothing_projected_passes_its_maximum(release):
    projected = sf.project(release, horizon_year=2032, draws=1024)
    highest = projected.groupby("series")["value"].max()

    assert highest["full_fibre_share"] < 100
    assert highest["full_fibre_homes"] < 28_100_000
