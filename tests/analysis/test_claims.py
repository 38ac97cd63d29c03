"""Promises of judging the comparisons that a release makes."""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.claims import VERDICTS, check_claims, verdict_on
from statedfigures.analysis.intervals import Interval, interval, point, recompute
from statedfigures.analysis.qualifiers import wording

SUPPORTED, ROUNDED, REFUTED, OPEN = VERDICTS
ENDS = st.integers(1, 50)
NUMBERS = st.integers(1, 500)


def in_year(year, value, **changes):
    """Return a figure for a calendar year."""
    days = {"period_start": f"{year}-01-01", "period_end": f"{year}-12-31"}
    return {"value": value, **days, **changes}


@pytest.fixture(scope="session")
def check(make_small):
    """Check one claim between figures given as numbers or rows: the bases, then the figure."""

    def checked(befores, after, published=(), release=None, **claim):
        rivals = befores if isinstance(befores, list) else [befores]
        figures = {f"before_{n}": row for n, row in enumerate(rivals) if row is not None}
        claim["from_figure"] = " ".join(figures)
        if after is not None:
            figures["after"] = after
            claim["to_figure"] = "after"
        figures = {
            name: row if isinstance(row, dict) else {"value": row} for name, row in figures.items()
        }
        series = dict.fromkeys(row.get("series", "ships") for row in published)
        claim.setdefault("published_series", " ".join(series))
        small = make_small(figures, {"claim": claim}, published, **(release or {}))
        return check_claims(small).loc["claim"]

    return checked


def bounds(row, name="", digits=2):
    """Return both ends of a result, rounded; None where there is none."""
    both = (row[f"{name}low"], row[f"{name}high"])
    return tuple(None if math.isnan(end) else round(end, digits) for end in both)


FALL = {"kind": "percent_change", "stated_value": 28, "stated_unit": "percent", "rounded_to": 1}
PERCENT = {"unit": "percent"}
SECONDS = {"unit": "seconds"}
MILLIONS = {"rounded_to": 10_000}


@pytest.mark.parametrize(
    ("befores", "after", "claim", "verdict", "recomputed"),
    [
        # 282,664/395,170 - 1 = -28.47%, inside -28.5 to -27.5; written either way.
        (395_170, 282_664, FALL | {"direction": "fall"}, SUPPORTED, (-28.47, -28.47)),
        (395_170, 282_664, FALL | {"stated_value": -28}, SUPPORTED, (-28.47, -28.47)),
        (395_170, 282_664, FALL | {"direction": "rise"}, REFUTED, (-28.47, -28.47)),
        (395_170, 282_664, {"kind": "direction", "direction": "fall"}, SUPPORTED, (-28.47,) * 2),
        # 525,633/523,881 - 1 = 1,752/523,881 = 0.33%.
        (523_881, 525_633, {"kind": "direction", "direction": "rise"}, SUPPORTED, (0.33, 0.33)),
        (525_633, 523_881, {"kind": "direction", "direction": "rise"}, REFUTED, (-0.33, -0.33)),
        # 27 min 25 s less 31 min 30 s is 1,645 - 1,890 = -245 s.
        (
            {"value": 1890} | SECONDS,
            {"value": 1645} | SECONDS,
            {"kind": "difference", "stated_value": 245, "stated_unit": "seconds",
             "direction": "fall", "rounded_to": 1},
            SUPPORTED,
            (-245, -245),
        ),
        # 36.5 to 37.5 less 23.5 to 24.5 is 12 to 14 points; 13 is 12.5 to 13.5.
        (
            {"value": 24} | PERCENT,
            {"value": 37} | PERCENT,
            {"kind": "percentage_points", "stated_value": 13, "rounded_to": 1,
             "stated_unit": "percentage_points"},
            ROUNDED,
            (12, 14),
        ),
        # 36.5/24.5 = 1.4898 and 37.5/23.5 = 1.5957: +49.0% to +59.6%, around a half.
        (
            {"value": 24} | PERCENT,
            {"value": 37} | PERCENT,
            {"kind": "percent_change", "stated_value": 0.5, "stated_unit": "fraction",
             "qualifier": "more_than"},
            ROUNDED,
            (48.98, 59.57),
        ),
        # 7,615,000 to 7,625,000 against 7,620,000: at most 5,000/7,620,000 = 0.07% either way.
        (7_620_000, {"value": 7_620_000} | MILLIONS,
         {"kind": "direction", "direction": "no_change"}, ROUNDED, (-0.07, 0.07)),
        (7_620_000, 7_620_000, {"kind": "direction", "direction": "no_change"}, SUPPORTED, (0, 0)),
        (7_620_000, {"value": 7_680_000} | MILLIONS,
         {"kind": "direction", "direction": "no_change"}, REFUTED, (0.72, 0.85)),
        # "Broadly unchanged" allows what counts as little, a tenth: 2,000/523,000 is 0.38%.
        (523_000, 525_000,
         {"kind": "direction", "direction": "no_change", "qualifier": "about"},
         SUPPORTED, (0.38, 0.38)),
        # A tenth of nought, or of a temperature below it, is nothing to hold against.
        (0, 5, {"kind": "direction", "direction": "no_change", "qualifier": "about"},
         OPEN, (None, None)),
        # Of percentages, a point: 76% to 78%, each to the whole percent, is 1 to 3 points more.
        ({"value": 76} | PERCENT, {"value": 78} | PERCENT,
         {"kind": "direction", "direction": "no_change", "qualifier": "about"}, ROUNDED, (1, 3)),
        ({"value": 76} | PERCENT, {"value": 79} | PERCENT,
         {"kind": "direction", "direction": "no_change", "qualifier": "about"}, REFUTED, (2, 4)),
        # 1,190/2,410 = 0.494; a half in words is 0.475 to 0.525.
        (2410, 1190, {"kind": "multiple", "stated_value": 0.5, "stated_unit": "multiple",
                      "qualifier": "about"}, SUPPORTED, (0.49, 0.49)),
        (2410, 1190, {"kind": "percent_change", "stated_value": 0.5, "stated_unit": "fraction",
                      "qualifier": "about", "direction": "fall"}, SUPPORTED, (-50.62, -50.62)),
        # 70/42 = 1.667 is no double, 1.9 to 2.1, though another number stands beside the word.
        (42, 70, {"kind": "multiple", "stated_value": 2, "stated_unit": "multiple",
                  "rounded_to": 1, "as_stated": "doubled from 42"}, REFUTED, (1.67, 1.67)),
        # From 1,000 to 200 is a fivefold fall: a fifth, 1/5.5 to 1/4.5.
        (1000, 200, {"kind": "multiple", "stated_value": 5, "stated_unit": "multiple",
                     "direction": "fall", "rounded_to": 1}, SUPPORTED, (0.2, 0.2)),
        # 104 of 100 wanted is 104%.
        (100, 104, {"kind": "share", "stated_value": 104, "stated_unit": "percent",
                    "rounded_to": 1}, SUPPORTED, (104, 104)),
        # 60 of 300: one in five.
        (300, 60, {"kind": "share", "stated_value": 0.2, "stated_unit": "fraction",
                   "rounded_to": 0.1}, SUPPORTED, (20, 20)),
        # A range of 40 to 50 over 20 is 2 to 2.5 times: more than twice in part only.
        (20, {"value": 40, "value_to": 50},
         {"kind": "multiple", "stated_value": 2, "stated_unit": "multiple",
          "qualifier": "more_than"}, OPEN, (2, 2.5)),
        # From a contraction of 0.4% to one of 0.1%: 0.2 to 0.4 points up.
        ({"value": -0.4, "rounded_to": 0.1} | PERCENT, {"value": -0.1, "rounded_to": 0.1} | PERCENT,
         {"kind": "percentage_points", "stated_value": 0.3, "stated_unit": "percentage_points",
          "rounded_to": 0.1}, ROUNDED, (0.2, 0.4)),
        ({"value": 0.4, "rounded_to": 0.1} | PERCENT, {"value": -0.4, "rounded_to": 0.1} | PERCENT,
         {"kind": "direction", "direction": "fall"}, SUPPORTED, (-0.9, -0.7)),
        # One in five, to the tenth, is 15% to 25%: 10 to 25 points below 35% to 40%.
        ({"value": 0.2, "rounded_to": 0.1, "unit": "fraction"}, {"value": 37.5, "rounded_to": 5}
         | PERCENT, {"kind": "direction", "direction": "rise"}, SUPPORTED, (10, 25)),
        # No ratio to a base that may be nought, but a rise all the same: 8 is above "under 5".
        ({"value": 5, "qualifier": "less_than"}, 8,
         {"kind": "direction", "direction": "rise"}, SUPPORTED, (3, 8)),
        ({"value": 5, "qualifier": "less_than"}, 8, FALL, OPEN, (None, None)),
        # 569 to more than 1,300, and to more than 500.
        (569, {"value": 1300, "qualifier": "more_than"},
         {"kind": "direction", "direction": "rise"}, SUPPORTED, (128.47, None)),
        (569, {"value": 500, "qualifier": "more_than"},
         {"kind": "direction", "direction": "rise"}, OPEN, (-12.13, None)),
        # 1,235/736 = 1.678, by rounding 1.677 to 1.679: below 1.8.
        (736, {"value": 1235, "qualifier": "projected"},
         {"kind": "multiple", "stated_value": 2, "stated_unit": "multiple",
          "qualifier": "almost", "rounded_to": 1}, REFUTED, (1.68, 1.68)),
        # 1,000/192 = 5.208 and more; 1,000/203 = 4.93 and more.
        (192, {"value": 1000, "qualifier": "more_than"},
         {"kind": "multiple", "stated_value": 5, "stated_unit": "multiple",
          "qualifier": "more_than"}, SUPPORTED, (5.21, None)),
        (203, {"value": 1000, "qualifier": "more_than"},
         {"kind": "multiple", "stated_value": 5, "stated_unit": "multiple",
          "qualifier": "more_than"}, OPEN, (4.93, None)),
    ],
)  # fmt: skip
def test_a_claim_with_both_figures_has_the_verdict_worked_out_by_hand(
    check, befores, after, claim, verdict, recomputed
):
    result = check(befores, after, **claim)

    assert result["verdict"] == verdict
    assert bounds(result) == recomputed
    assert result["verdict_with_published"] == "no figure known"


@pytest.mark.parametrize(
    ("after", "claim", "implied", "rounding"),
    [
        # 27:25 and 6 minutes, to the minute: 1,645 + 330 to 390 s is 1,975 to 2,035 s.
        ({"value": 1645} | SECONDS,
         {"kind": "difference", "stated_value": 360, "stated_unit": "seconds",
          "rounded_to": 60, "direction": "fall"}, (1975, 2035), (1975, 2035)),
        # 76.25 to 76.35 less 3.25 to 3.35 is 72.9 to 73.1.
        ({"value": 76.3, "rounded_to": 0.1} | PERCENT,
         {"kind": "percentage_points", "stated_value": 3.3, "rounded_to": 0.1,
          "stated_unit": "percentage_points", "direction": "rise"}, (72.9, 73.1), (72.9, 73.1)),
        # 6,776,150 - 240,776 = 6,535,374.
        (6_776_150, {"kind": "difference", "stated_value": 240_776, "stated_unit": "ships",
                     "rounded_to": 1}, (6_535_374, 6_535_374), (6_535_374, 6_535_374)),
        # 82,500/0.625 = 132,000 and 83,500/0.615 = 135,772.36.
        ({"value": 83_000, "rounded_to": 1000},
         {"kind": "percent_change", "stated_value": 38, "stated_unit": "percent",
          "rounded_to": 1, "direction": "fall"}, (132_000, 135_772.36), (132_000, 135_772.36)),
        # 20,000 give or take a quarter is 15,000 to 25,000; by rounding 19,500 to 20,500. Over
        # 0.175% to 0.185%: 8,108,108 to 14,285,714, and 10,540,541 to 11,714,286.
        ({"value": 20_000, "rounded_to": 1000, "qualifier": "expected"},
         {"kind": "share", "stated_value": 0.18, "stated_unit": "percent", "rounded_to": 0.01},
         (8_108_108.11, 14_285_714.29), (10_540_540.54, 11_714_285.71)),
        # More than 1,000 that is more than five times: below any end, nothing above 1/5 of it.
        ({"value": 1000},
         {"kind": "multiple", "stated_value": 5, "stated_unit": "multiple",
          "qualifier": "more_than"}, (0, 200), (181.82, 222.22)),
    ],
)  # fmt: skip
def test_a_claim_without_its_base_shows_the_base_that_it_implies(
    check, after, claim, implied, rounding
):
    result = check(None, after, **claim)

    assert result["verdict"] == OPEN
    assert bounds(result, "implied_") == implied
    both = (result["implied_low_rounding"], result["implied_high_rounding"])
    assert tuple(round(end, 2) for end in both) == rounding


THIRD = {"stated_value": 0.3333, "stated_unit": "fraction", "rounded_to": 0.0001}
TWO_THIRDS = THIRD | {"stated_value": 0.6667}


@pytest.mark.parametrize(
    ("whole", "part", "claim", "verdict"),
    [
        # 1,000 of 3,000 is a third, and neither more than a third nor nearly one.
        (3000, 1000, THIRD | {"qualifier": "more_than", "as_stated": "more than a third"}, REFUTED),
        (3000, 1001, THIRD | {"qualifier": "more_than", "as_stated": "more than a third"},
         SUPPORTED),
        (3000, 1000, THIRD | {"qualifier": "up_to", "as_stated": "up to a third"}, SUPPORTED),
        (3000, 1000, THIRD | {"qualifier": "just_over", "as_stated": "just over a third"}, REFUTED),
        # 20,001 of 30,000 is 66.67%, above two thirds and above 66.67.
        (30_000, 20_001, TWO_THIRDS | {"qualifier": "more_than",
                                       "as_stated": "more than two thirds"}, SUPPORTED),
        (3000, 2000, TWO_THIRDS | {"qualifier": "at_least", "as_stated": "at least two thirds"},
         SUPPORTED),
        (3000, 2000, TWO_THIRDS | {"qualifier": "less_than", "as_stated": "less than two thirds"},
         REFUTED),
        (3000, 2000, TWO_THIRDS | {"qualifier": "almost", "as_stated": "nearly two thirds"},
         REFUTED),
        # In words a third is 31.7% to 35%.
        (1000, 340, THIRD | {"as_stated": "a third of ships"}, SUPPORTED),
        (1000, 360, THIRD | {"as_stated": "a third of ships"}, REFUTED),
        (650, 240, THIRD | {"as_stated": "a third of the 650 ships"}, REFUTED),
        (3000, 1000, {"stated_value": 33.33, "stated_unit": "percent", "rounded_to": 0.01,
                      "qualifier": "more_than", "as_stated": "more than a third"}, REFUTED),
    ],
)  # fmt: skip
def test_a_fraction_in_words_is_that_fraction(check, whole, part, claim, verdict):
    assert check(whole, part, kind="share", **claim)["verdict"] == verdict
    if claim["stated_unit"] == "fraction":
        # From 100 up by the same fraction: the share is now a change.
        result = check(whole, whole + part, kind="percent_change", **claim)
        assert result["verdict"] == verdict


@pytest.mark.parametrize(("unit", "verdict"), [("ships", REFUTED), ("per_1000", ROUNDED)])
def test_a_rate_was_rounded_where_a_count_was_not(check, unit, verdict):
    """9.5 to 10.5 up to 11.5 to 12.5 may be 15% more: 11.5/10.5 = 1.095; 12/10 is 20%."""
    rise = FALL | {"stated_value": 15, "direction": "rise"}

    assert (
        check({"value": 10, "unit": unit}, {"value": 12, "unit": unit}, **rise)["verdict"]
        == verdict
    )


LOWEST = {"kind": "extreme", "direction": "lowest"}
HIGHEST = {"kind": "extreme", "direction": "highest"}
LEVEL = in_year(2014, 282_664)


@pytest.mark.parametrize(
    ("rivals", "claim", "verdict", "reason"),
    [
        ([in_year(2010, 395_170)], LOWEST | {"since": "2010"}, OPEN, "beyond_one"),
        ([in_year(2010, 395_170)], LOWEST, OPEN, "beyond_one"),
        ([in_year(2011, 395_170), in_year(2013, 300_000)], LOWEST | {"since": "2011"},
         OPEN, "beyond_given"),
        ([in_year(y, 300_000 + y) for y in (2011, 2012, 2013)], LOWEST | {"since": "2011"},
         SUPPORTED, "extreme"),
        ([in_year(y, 300_000 + y) for y in (2011, 2012, 2013)], LOWEST, OPEN, "beyond_given"),
        ([in_year(2009, 224_205)], LOWEST, REFUTED, "not_extreme"),
        # What came before the span is no rival.
        ([in_year(2009, 224_205), in_year(2013, 300_000)], LOWEST | {"since": "2013"},
         SUPPORTED, "extreme"),
        ([in_year(2012, 224_205), in_year(2013, 300_000)], LOWEST | {"since": "2012"},
         OPEN, "since_itself"),
        ([in_year(2013, 224_205)], HIGHEST | {"since": "2013"}, SUPPORTED, "extreme"),
        ([in_year(2013, 282_664)], HIGHEST, REFUTED, "not_extreme"),
        ([in_year(2013, 200_000, qualifier="more_than")], HIGHEST, OPEN, "rival_open"),
        # 275,000 to 285,000 by rounding holds levels on both sides.
        ([in_year(2013, 280_000, rounded_to=10_000)], HIGHEST | {"since": "2013"},
         ROUNDED, "rounding"),
        ([None], HIGHEST, OPEN, "no_rivals"),
    ],
)  # fmt: skip
def test_an_extreme_is_refuted_by_any_rival_and_supported_by_all_of_its_span(
    check, rivals, claim, verdict, reason
):
    result = check(rivals, LEVEL, **claim)

    assert result["verdict"] == verdict
    assert result["reason"] == wording("verdicts")[reason]


def test_states_on_a_day_cover_the_years_between_them(check):
    """September of three years, then of the fourth: no year is missing."""
    days = [
        {"value": 90 - year, "period_start": f"{year}-09-01", "period_kind": "point"}
        for year in (2010, 2011, 2012, 2013)
    ]

    result = check(days[:-1], days[-1], **LOWEST, since="2010")

    assert result["verdict"] == SUPPORTED
    assert check([days[0], days[2]], days[-1], **LOWEST, since="2010")["verdict"] == OPEN


@pytest.mark.parametrize(
    ("before", "after", "claim", "reason"),
    [
        (None, 5, FALL, "no_base"),
        (None, None, {"kind": "multiple", "stated_value": 2, "stated_unit": "multiple"},
         "no_figures"),
        (5, None, FALL, "no_result"),
        (None, 5, {"kind": "share", "stated_value": 2, "stated_unit": "percent"}, "no_whole"),
        (None, None, {"kind": "share", "stated_value": 2, "stated_unit": "percent"}, "no_counts"),
        (None, {"value": 2} | PERCENT,
         {"kind": "share", "stated_value": 2, "stated_unit": "percent"}, "no_counts"),
        (None, {"value": 5, "period_kind": "since"}, {"kind": "extreme"}, "no_years"),
        (None, {"value": 5, "period_kind": "since"}, HIGHEST, "no_rivals"),
        (None, None, HIGHEST, "no_level"),
        (4, 5, {"kind": "cause"}, "cause"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(check, before, after, claim, reason):
    result = check(before, after, **claim)

    assert result["verdict"] == OPEN
    assert result["reason"].startswith(wording("verdicts")[reason])
    assert bounds(result) == (None, None)


def test_a_huge_increase_is_judged_by_its_direction_alone(check):
    result = check(
        569, {"value": 1300, "qualifier": "more_than"}, kind="direction", direction="rise"
    )

    assert result["reason"].endswith(wording("verdicts")["size"])
    assert bounds(result, "claimed_") == (None, None)


def test_a_percentage_of_percentages_is_said_to_be_no_points(check):
    result = check(
        {"value": 24} | PERCENT, {"value": 37} | PERCENT, stated_value=50, stated_unit="percent"
    )

    assert result["reason"].startswith(wording("verdicts")["of_percentages"])


@pytest.mark.parametrize(("low", "hangs"), [(0.8, True), (0.85, False)])
def test_a_verdict_that_hangs_on_the_phrase_says_so(check, low, hangs):
    """1.678 lies in 1.6 to 2, but neither in 1.8 to 2 nor in 1.7 to 2."""
    own = {"symbol": "qualifier_almost", "applies_to": "claim"}
    result = check(
        736, 1235, kind="multiple", stated_value=2, stated_unit="multiple", qualifier="almost",
        release={"own": own | {"low": low, "central": 0.9, "high": 0.95}},
    )  # fmt: skip

    assert result["verdict"] == REFUTED
    assert result["reason"].endswith(wording("verdicts")["loose"]) is hangs
    assert result["inputs"].split() == [
        "claim:claim", "assumption:own", "figure:before_0", "figure:after"
    ]  # fmt: skip


# With figures published elsewhere.

YEARS = [{"period": str(year), "value": value} for year, value in ((2012, 90), (2013, 100))]
AUGUST = {"value": 110, "period_start": "2014-08-01", "period_end": "2014-08-31",
          "period_kind": "month"}  # fmt: skip
SUMMER = [{"period": "2013-08", "value": 100}, {"period": "2014-07", "value": 90}]
RISE = FALL | {"stated_value": 10, "direction": "rise"}
MONTHS = [
    {"period": period, "value": value}
    for period, value in (
        ("2012-01", 100), ("2012-02", 100), ("2013-01", 150), ("2013-02", 180),
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("befores", "after", "claim", "published", "verdict", "held"),
    [
        # 83,000 against the year before, 134,000: 82,500/134,000 - 1 to 83,500/134,000 - 1.
        (None, {"value": 83_000, "rounded_to": 1000} | in_year(2014, 83_000, rounded_to=1000),
         {"stated_value": 38, "stated_unit": "percent", "rounded_to": 1, "direction": "fall"},
         [{"period": "2012", "value": 170_000}, {"period": "2013", "value": 134_000}],
         "consistent", (-38.43, -37.69)),
        # 120 from the year before, 100, is up 20%.
        (None, in_year(2014, 120), FALL | {"stated_value": 20}, YEARS, "consistent", (20, 20)),
        (None, in_year(2014, 120), FALL | {"stated_value": 33}, YEARS, "not consistent", (20, 20)),
        # In September, a half of the year before and a quarter of May: either may be meant.
        (None, {"value": 50, "period_start": "2014-09-08", "period_kind": "point"},
         FALL | {"stated_value": 50, "direction": "fall"},
         [{"period": "2013-09", "value": 100}, {"period": "2014-05", "value": 200}],
         "consistent", (-75, -50)),
        # 150/100 and 180/100: a rise of two thirds lies between, and depends on the months.
        (None, in_year(2013, 170, period_kind="expectation"),
         {"stated_value": 0.6667, "stated_unit": "fraction", "qualifier": "about",
          "rounded_to": 0.0001}, MONTHS, "consistent", (50, 80)),
        (None, in_year(2013, 170), FALL | {"stated_value": 20}, MONTHS,
         "not consistent", (50, 80)),
        # A share with both sides published: 99 of 38,000 is 0.2605%.
        (None, {"value": 20},
         {"kind": "share", "stated_value": 0.26, "stated_unit": "percent", "rounded_to": 0.01,
          "published_series": "people ships"},
         [{"series": "people", "period": "2014", "value": 38_000},
          {"series": "ships", "period": "2014-12-10", "value": 99}], "consistent", (0.26, 0.26)),
        # The published whole of the figure's own year: 20 of 36,000 is 0.0556%.
        (None, in_year(2013, 20),
         {"kind": "share", "stated_value": 0.26, "stated_unit": "percent", "rounded_to": 0.01},
         [{"period": "2013", "value": 36_000}, {"period": "2014", "value": 38_000}],
         "not consistent", (0.06, 0.06)),
        # Published for the base's own year: 140/100, not 140/110.
        (in_year(2013, 110), in_year(2014, 140), FALL | {"stated_value": 40}, YEARS,
         "consistent", (40, 40)),
        # A published change is no count.
        (None, None, {"kind": "multiple", "stated_value": 0.2, "stated_unit": "multiple"},
         [{"period": "2014", "value": 67, "unit": "percent"}], "not comparable", (None, None)),
        (None, in_year(2014, 120), FALL, [{"period": "2013", "value": 9, "unit": "boats"}],
         "not comparable", (None, None)),
        (None, in_year(2010, 120), FALL, YEARS, "no figure known", (None, None)),
        # The words say which of the two is meant: July of 90, or August a year before of 100.
        (None, AUGUST, RISE | {"as_stated": "up 10% on a year earlier"}, SUMMER, "consistent",
         (10, 10)),
        (None, AUGUST, RISE | {"as_stated": "up 10% on the month"}, SUMMER, "not consistent",
         (22.22, 22.22)),
        (None, AUGUST, RISE | {"as_stated": "up 10% in a year"}, SUMMER[1:], "no figure known",
         (None, None)),
        (None, AUGUST, RISE | {"as_stated": "up 10% on August 2013"}, SUMMER, "consistent",
         (10, 10)),
        # "Years" alone say nothing of the base: one of the two fits.
        (None, AUGUST, RISE | {"as_stated": "up 10%, most in five years"}, SUMMER,
         "consistent", (10, 22.22)),
        # A financial year of long ago is no base where the year before is published otherwise.
        (None, AUGUST | {"period_start": "2013-04-01", "period_end": "2014-03-31",
                         "period_kind": "financial_year"},
         RISE, [{"period": "2005-06", "value": 50}, {"period": "2012", "value": 100}],
         "consistent", (10, 10)),
        # A part of a year against the same part, not against the whole year before.
        (None, AUGUST | {"period_start": "2014-01-01", "period_kind": "year_to_date"}, RISE,
         [{"period": "2013-01/2013-08", "value": 100}, {"period": "2013", "value": 150}],
         "consistent", (10, 10)),
        # The same week of the year before began 52 weeks earlier.
        (None, AUGUST | {"period_start": "2014-08-04", "period_end": "2014-08-10",
                         "period_kind": "week"},
         RISE | {"as_stated": "up 10% on last year"},
         [{"period": "2013-W32", "value": 100}, {"period": "2014-W31", "value": 90}],
         "consistent", (10, 10)),
    ],
)  # fmt: skip
def test_a_published_figure_gives_what_the_release_leaves_out(
    check, befores, after, claim, published, verdict, held
):
    result = check(befores, after, published, **{"kind": "percent_change", **claim})

    assert result["verdict_with_published"] == verdict
    assert bounds(result, "published_") == held


def test_a_published_base_that_may_be_nought_gives_no_ratio_and_says_so(check):
    published = [{"period": "2013", "value": 70, "qualifier": "less_than"}]

    result = check(None, in_year(2014, 150), published, kind="multiple", stated_value=2,
                   stated_unit="multiple", qualifier="more_than")  # fmt: skip

    assert result["verdict_with_published"] == "not comparable"
    assert result["reason"].endswith(wording("verdicts")["zero_base"])


def test_a_month_whose_base_is_nought_agrees_with_nothing(check):
    """From 0 to 5 there is no ratio; from 100 to 110 is a tenth more, and no half."""
    months = (("2012-01", 0), ("2012-02", 100), ("2013-01", 5), ("2013-02", 110))
    published = [{"period": month, "value": value} for month, value in months]

    result = check(None, in_year(2013, 170), published, **FALL | {"stated_value": 50})

    assert result["verdict_with_published"] == "not consistent"
    assert bounds(result, "published_") == (10, 10)


def test_a_verdict_that_depends_on_the_months_says_so(check):
    result = check(
        None, in_year(2013, 170), MONTHS, kind="percent_change", stated_value=50,
        stated_unit="percent", rounded_to=1,
    )  # fmt: skip

    assert result["verdict_with_published"] == "consistent"
    assert wording("published")["depends"] in result["reason"]
    assert result["published_inputs"].split() == [
        "published:ships/2012-01", "published:ships/2013-01",
        "published:ships/2012-02", "published:ships/2013-02",
    ]  # fmt: skip


EVERY_YEAR = {"value": 20_000, "qualifier": "more_than", "period_kind": "since",
              "period_start": "2010-01-01", "period_end": "2014-12-11"}  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "verdict"), [((15_599, 3885), "not consistent"), ((16_200, 3885), "consistent")]
)
def test_a_bound_for_every_year_is_held_against_the_parts_of_each(check, parts, verdict):
    """15,599 and 3,885 are 19,484; 16,200 and 3,885 are 20,085."""
    published = [
        {"series": name, "period": "2011", "value": value, "part": "part"}
        for name, value in zip(("large", "small"), parts, strict=True)
    ]

    result = check(None, EVERY_YEAR, published, kind="extreme")

    assert (result["verdict"], result["verdict_with_published"]) == (OPEN, verdict)
    assert bounds(result, "published_") == (sum(parts), sum(parts))
    missing = wording("published")["periods_missing"]
    assert result["reason"].endswith(missing) is (verdict == "consistent")


@pytest.mark.parametrize(
    ("level", "verdict"), [(101, "consistent"), (100, "not consistent"), (95, "not consistent")]
)
def test_a_published_rival_refutes_an_extreme(check, level, verdict):
    """90 and 100 were published for the two years before."""
    result = check(None, in_year(2014, level), YEARS, **HIGHEST)

    assert result["verdict_with_published"] == verdict


@pytest.mark.parametrize(
    ("before", "after", "part_before", "part", "stated", "verdict", "held", "reasons"),
    [
        # 19,182 of a rise from 13,330 to 27,850: 19,182/14,520 = 132%; the rest fell to 8,668.
        (13_330, 27_850, None, 19_182, None, "consistent", 132.11, "largely rest_fall"),
        # 30 of a rise of 100 is 30%, and the rest rose by 70.
        (100, 200, 50, 80, None, "not consistent", 30, "not_largely rest_rise"),
        # A fall from 200 to 100 of which the part is 60.
        (200, 100, 80, 20, None, "consistent", 60, "largely rest_fall"),
        # "30% of the rise", and "a tenth": the words are those of the stated share.
        (100, 200, 50, 80, 30, "consistent", 30, "share_of_change rest_rise"),
        (100, 200, 50, 80, 10, "not consistent", 30, "not_share_of_change rest_rise"),
    ],
)
def test_a_cause_is_tested_by_the_part_and_the_rest(
    check, before, after, part_before, part, stated, verdict, held, reasons
):
    published = [{"period": "2014-04/2014-11", "value": part}]
    if part_before is not None:
        published.append({"period": "2013", "value": part_before})

    share = {"stated_value": stated, "stated_unit": "percent", "rounded_to": 1} if stated else {}

    years = in_year(2013, before), in_year(2014, after)
    result = check(*years, published, kind="cause", **share)

    assert (result["verdict"], result["verdict_with_published"]) == (OPEN, verdict)
    assert bounds(result, "published_") == (held, held)
    said = " ".join(wording("published")[reason] for reason in reasons.split())
    assert said in result["reason"]
    began = wording("published")["part_from_nothing"]
    assert (began in result["reason"]) is (part_before is None)


def test_a_cause_without_a_published_part_is_not_tested(check):
    assert check(1, 2, kind="cause")["verdict_with_published"] == "not tested"


@pytest.mark.parametrize("section", ["verdicts", "published", "pairs", "warnings", "alternatives"])
def test_words_beside_results_hold_no_digits(section):
    for text in wording(section).values():
        assert not re.search(r"\d", text)
        assert section in {"warnings", "alternatives"} or not text or text.endswith(".")


# Laws.


@st.composite
def spans(draw):
    """Draw a bounded or half-open interval."""
    low, high = sorted([draw(ENDS), draw(ENDS)])
    return interval(Fraction(low), draw(st.sampled_from([Fraction(high), None])))


@given(spans(), spans(), st.integers(0, 20), st.integers(0, 20), st.booleans())
def test_widening_never_decides_nor_reverses(recomputed, claimed, below, above, rounding_only):
    """A wider interval keeps a verdict or gives it up; it never finds a new firm one."""
    wider = Interval(
        recomputed.low - below, recomputed.high + above, high_open=recomputed.high_open
    )

    before = verdict_on(recomputed, claimed, rounding_only=rounding_only)
    after = verdict_on(wider, claimed, rounding_only=rounding_only)

    assert after == before or after not in {SUPPORTED, REFUTED}


@given(
    before=st.integers(50, 500),
    after=st.integers(50, 500),
    steps=st.tuples(st.sampled_from([1, 2, 5]), st.sampled_from([1, 2, 10])),
    kind=st.sampled_from(["percent_change", "multiple", "share", "direction", "extreme"]),
    direction=st.sampled_from(["rise", "fall"]),
)
def test_coarser_figures_never_decide_nor_reverse(check, before, after, steps, kind, direction):
    """What is firm with figures to the ten, say, was firm the same way with finer ones."""
    claim = {"kind": kind, "stated_value": 2, "direction": direction, "rounded_to": 1}
    claim["stated_unit"] = {"multiple": "multiple"}.get(kind, "percent")
    if kind in {"direction", "extreme"}:
        claim |= {"stated_value": math.nan, "stated_unit": ""}
    if kind == "extreme":
        claim |= {"direction": {"rise": "highest", "fall": "lowest"}[direction], "since": "2013"}

    def verdict(step):
        return check(
            in_year(2013, before, rounded_to=step), in_year(2014, after, rounded_to=step), **claim
        )["verdict"]

    fine, coarse = verdict(steps[0]), verdict(steps[0] * steps[1])

    assert coarse == fine or coarse not in {SUPPORTED, REFUTED}


def _is_said(words, size, stated, step):
    """Whether a size is what a word and a number say."""
    return {
        "exact": abs(size - stated) <= step / 2,
        "more_than": size > stated,
        "at_least": size >= stated,
        "less_than": 0 < size < stated,
        "up_to": 0 < size <= stated,
    }[words]


@given(
    base=st.integers(2, 20),
    later=st.integers(2, 20),
    step=st.sampled_from([5, 10]),
    words=st.sampled_from(["exact", "more_than", "at_least", "less_than", "up_to"]),
    kind=st.sampled_from(["percent_change", "difference", "multiple"]),
    direction=st.sampled_from(["rise", "fall"]),
    stated=st.integers(2, 90),
    places=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=20, max_size=20),
)
def test_a_firm_verdict_holds_for_every_pair_of_true_values(
    check, base, later, step, words, kind, direction, stated, places
):
    """An oracle that knows no intervals: true values within rounding, and plain arithmetic."""
    stated = stated % 4 + 2 if kind == "multiple" else stated
    unit = {"percent_change": "percent", "difference": "boxes", "multiple": "multiple"}[kind]
    figures = [{"value": n * step, "rounded_to": step, "unit": "boxes"} for n in (base, later)]
    result = check(
        *figures, kind=kind, stated_value=stated, stated_unit=unit, qualifier=words,
        rounded_to=0.5, direction=direction,
    )  # fmt: skip

    sign = 1 if direction == "rise" else -1
    for place in places:
        x, y = (
            step * (n - Fraction(1, 2) + Fraction(part, 20))
            for n, part in zip((base, later), place, strict=True)
        )
        if kind == "multiple":
            size = (y / x) ** sign
            # Less than threefold is more than once, either way.
            is_true = _is_said(words, size, stated, Fraction(1, 2))
            is_true &= size > 1 or words not in {"less_than", "up_to"}
        else:
            size = (y - x) * sign * (1 if kind == "difference" else 100 / x)
            is_true = _is_said(words, size, stated, Fraction(1, 2))
        assert result["verdict"] != (REFUTED if is_true else SUPPORTED)


@given(
    first=NUMBERS,
    second=NUMBERS,
    stated=st.integers(1, 100),
    step=st.sampled_from([1, 5, 10]),
    kind=st.sampled_from(["difference", "direction", "multiple"]),
    qualifier=st.sampled_from(["exact", "about", "more_than", "almost", "just_over"]),
)
def test_a_fall_is_the_rise_of_the_reversed_series(
    check, first, second, stated, step, kind, qualifier
):
    """From a to b a rise of d is from b to a a fall of d; twice becomes a half of it."""
    rows = [{"value": 20 + value, "rounded_to": step} for value in (first, second)]
    units = {"difference": "ships", "multiple": "multiple", "direction": ""}
    claim = {"kind": kind, "stated_unit": units[kind], "qualifier": qualifier, "rounded_to": step}
    claim["stated_value"] = math.nan if kind == "direction" else stated + step
    if kind == "multiple":
        claim["qualifier"] = "exact"

    rise = check(*rows, **claim, direction="rise")
    fall = check(*rows[::-1], **claim, direction="fall")

    assert rise["verdict"] == fall["verdict"]


@given(
    levels=st.lists(NUMBERS, min_size=2, max_size=4),
    qualifier=st.sampled_from(["exact", "about", "projected"]),
    step=st.sampled_from([1, 10]),
)
def test_the_lowest_is_the_highest_turned_upside_down(check, levels, qualifier, step):
    def verdict(sign, direction):
        rows = [
            in_year(2010 + n, sign * (level + 100), qualifier=qualifier, rounded_to=step)
            for n, level in enumerate(levels)
        ]
        return check(rows[:-1], rows[-1], kind="extreme", direction=direction, since="2010")[
            "verdict"
        ]

    assert verdict(1, "highest") == verdict(-1, "lowest")


@given(
    before=NUMBERS,
    after=NUMBERS,
    factor=st.sampled_from([2, 3, 10]),
    step=st.sampled_from([2, 5, 10]),
    qualifiers=st.tuples(
        *[st.sampled_from(["exact", "about", "more_than", "less_than", "almost", "may_exceed",
                           "at_least", "up_to", "just_under", "just_over"])] * 2
    ),
    kind=st.sampled_from(["percent_change", "multiple", "share", "direction", "extreme"]),
    direction=st.sampled_from(["rise", "fall"]),
)  # fmt: skip
def test_multiplying_both_figures_changes_no_verdict(
    check, before, after, factor, step, qualifiers, kind, direction
):
    """A comparison does not depend on the unit that both sides are counted in."""
    claim = {"kind": kind, "stated_value": 2, "direction": direction}
    claim["stated_unit"] = {"multiple": "multiple", "share": "percent"}.get(kind, "fraction")
    if kind in {"direction", "extreme"}:
        claim |= {"stated_value": math.nan, "stated_unit": ""}
    if kind == "extreme":
        claim["direction"] = {"rise": "highest", "fall": "lowest"}[direction]

    def verdict(times):
        sides = [
            {"value": value * times, "qualifier": qualifier, "rounded_to": step * times}
            for value, qualifier in zip((before, after), qualifiers, strict=True)
        ]
        return check(*sides, **claim)["verdict"]

    assert verdict(1) == verdict(factor)


@given(
    value=NUMBERS,
    size=st.integers(1, 50),
    kind=st.sampled_from(["percent_change", "difference", "multiple"]),
)
def test_the_base_that_a_claim_implies_bears_it_out(check, value, size, kind):
    """Put the lowest and the highest implied base back, and the claim holds at both."""
    unit = {"percent_change": "percent", "difference": "ships", "multiple": "multiple"}[kind]
    claim = {"kind": kind, "stated_value": size + 1, "stated_unit": unit, "rounded_to": 1}
    implied = check(None, value, **claim)

    for end in ("implied_low", "implied_high"):
        base = interval(*[Fraction(implied[end]).limit_denominator(10**9)] * 2)
        if base.low > 0:
            again = recompute(kind, base, point(value))
            half = Fraction(0 if kind == "difference" else 1, 2) + Fraction(1, 10**4)
            assert size + 1 - half <= again.low <= size + 1 + half


@given(order=st.permutations(range(6)))
def test_the_order_of_rows_changes_no_result(make_small, order):
    figures = {"before": in_year(2013, 100), "after": in_year(2014, 120)}
    claims = {
        f"claim_{n}": FALL | {"stated_value": n, "from_figure": "before", "to_figure": "after"}
        for n in range(6)
    }
    shuffled = {f"claim_{n}": claims[f"claim_{n}"] for n in order}

    results = check_claims(make_small(dict(reversed(figures.items())), shuffled))

    assert results.sort_index().equals(check_claims(make_small(figures, claims)))
