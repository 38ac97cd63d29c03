"""Promises of holding a release against figures published elsewhere."""

import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.intervals import point
from statedfigures.analysis.published_checks import (
    check_published,
    comparability_warnings,
    digits_swapped,
    implied_denominators,
    restate_like_for_like,
    whole_year_range,
)
from statedfigures.analysis.qualifiers import wording
from statedfigures.errors import ParameterError
from statedfigures.release.periods import figure_period, is_same_period, starts_within

YEAR = {"period_start": "2013-01-01", "period_end": "2013-12-31"}
NEXT = {"period_start": "2014-01-01", "period_end": "2014-12-31"}
# The first 146 of 365 days: two fifths.
PART = {"period_start": "2014-01-01", "period_end": "2014-05-26", "period_kind": "part_year"}
SINCE = {"period_start": "2011-01-01", "period_end": "2014-12-11", "period_kind": "since"}
WITH = {"compares_with": "ships"}
MONTH = {"period_kind": "month"}
WEEK = {"period_kind": "week"}


@pytest.mark.parametrize(
    ("figure", "published", "agrees", "kind", "reason"),
    [
        (YEAR | {"value": 100}, {"value": 100}, True, "", "within"),
        (YEAR | {"value": 100, "rounded_to": 10}, {"value": 104}, True, "", "within"),
        (YEAR | {"value": 569}, {"value": 790}, False, "size", "above"),
        (YEAR | {"value": 790}, {"value": 569}, False, "size", "below"),
        (YEAR | {"value": 51_168}, {"value": 51_186}, False, "digits", "above"),
        # One in five, to the hundredth, is 19.5% to 20.5%.
        (YEAR | {"value": 0.2, "unit": "fraction", "rounded_to": 0.01},
         {"value": 20.1, "unit": "percent"}, True, "", "within"),
        (YEAR | {"value": 569}, {"value": 790, "geography": "Wales"}, False, "basis", "above"),
        # 8 minutes 3 seconds are no slip of 14 minutes 3 seconds, whose seconds are 483 and 843.
        (YEAR | {"value": 483, "unit": "seconds"}, {"value": 843, "unit": "seconds"}, False,
         "size", "above"),
        # A rate of part of the year may be above that of the whole, which is another basis.
        (PART | {"value": 5.2, "rounded_to": 0.1, "unit": "percent"},
         {"value": 4.9, "period": "2014", "unit": "percent"}, False, "basis", "below"),
        # A part of the year cannot be more than the whole.
        (PART | {"value": 100}, {"value": 300, "period": "2014"}, True, "", "to_date_fits"),
        (PART | {"value": 100}, {"value": 90, "period": "2014"}, False, "size",
         "to_date_exceeds"),
        (NEXT | {"value": 100}, {"value": 40, "period": "2014-03"}, True, "", "part_fits"),
        (NEXT | {"value": 100}, {"value": 140, "period": "2014-03"}, False, "size",
         "part_exceeds"),
        (SINCE | {"value": 100, "qualifier": "more_than"}, {"value": 90, "period": "2012"},
         False, "size", "every_year_below"),
        (SINCE | {"value": 100, "qualifier": "less_than"}, {"value": 110, "period": "2012"},
         False, "size", "every_year_above"),
    ],
)  # fmt: skip
def test_a_pair_agrees_or_is_a_conflict_of_one_kind(
    make_small, figure, published, agrees, kind, reason
):
    small = make_small({"ships": figure}, published=[WITH | {"period": "2013"} | published])

    [pair] = check_published(small).to_dict("records")

    assert (pair["agrees"], pair["conflict_kind"]) == (agrees, kind)
    assert pair["reason"].startswith(wording("pairs")[reason])
    # From a bound that it agrees with nothing differs by a number.
    none = agrees and figure.get("qualifier") in ("more_than", "at_least", "less_than", "up_to")
    scale = 100 if figure.get("unit") == "fraction" else 1
    percent = math.nan if none else (published["value"] / scale / figure["value"] - 1) * 100
    assert pair["difference_percent"] == pytest.approx(percent, nan_ok=True)


@pytest.mark.parametrize(
    ("published", "percent"), [(45, math.nan), (40, math.nan), (30, -25), (60, 20)]
)
def test_a_difference_from_a_range_is_measured_from_its_nearer_end(make_small, published, percent):
    """Of 40 to 50: 30 is 30/40 - 1 below, 60 is 60/50 - 1 above, and 45 lies within."""
    ranged = YEAR | {"value": 40, "value_to": 50}
    small = make_small({"ships": ranged}, None, [WITH | {"period": "2013", "value": published}])

    [pair] = check_published(small).to_dict("records")

    assert pair["difference_percent"] == pytest.approx(percent, nan_ok=True)


@pytest.mark.parametrize(
    ("figure", "period"), [(YEAR, "2014"), (YEAR, "2013-14"), (SINCE, "2010"), (SINCE, "2015")]
)
def test_another_period_is_not_compared(make_small, figure, period):
    published = [WITH | {"period": period, "value": 9}]
    small = make_small({"ships": figure | {"value": 5}}, published=published)

    pairs = check_published(small)

    # A financial year from April 2013 starts within the calendar year, and is told with care.
    assert len(pairs) == (1 if period == "2013-14" else 0)
    assert all("a calendar year against" in reason for reason in pairs["reason"])


def test_parts_are_added_up_and_are_another_basis(make_small):
    """15 and 4 are 19, below 20, in both years; a year with one part is a lower bound only."""
    parts = [
        WITH | {"series": series, "period": period, "value": value, "part": "part"}
        for period in ("2011", "2012")
        for series, value in (("large", 15), ("small", 4))
    ]
    parts.append(WITH | {"series": "large", "period": "2013", "value": 15, "part": "part"})
    small = make_small({"ships": SINCE | {"value": 20, "qualifier": "more_than"}}, None, parts)

    pairs = check_published(small)

    assert pairs["published_low"].tolist() == [19, 19, 15]
    assert pairs["conflict_kind"].tolist() == ["basis", "basis", ""]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (51_168, 51_186, True),
        (790, 970, True),
        (51_168, 86_511, False),
        (13_330, 13_182, False),
        (12, 12, False),
        (1.2, 2.1, False),
        (120, 12, False),
    ],
)
def test_a_slip_swaps_two_neighbouring_digits(first, second, expected):
    assert digits_swapped(first, second) is expected
    assert digits_swapped(second, first) is expected


SHARE = {
    "kind": "share", "to_figure": "ships", "stated_value": 0.18, "stated_unit": "percent",
    "rounded_to": 0.01,
}  # fmt: skip
EXPECTED = {"value": 20_000, "rounded_to": 1000, "qualifier": "expected"}


def test_a_share_implies_its_whole_in_both_readings(make_small):
    """20,000 ± a quarter, and ± 500, over 0.175% to 0.185%; and 0.175% of 43.5 million."""
    small = make_small(
        {"ships": EXPECTED},
        {"share": SHARE | {"published_series": "people"}},
        [{"series": "people", "value": 43_600_000, "qualifier": "about", "unit": "people"}],
    )

    [row] = implied_denominators(small).to_dict("records")

    assert (row["implied_low"], row["implied_high"]) == pytest.approx((8_108_108.1, 14_285_714.3))
    both = (row["implied_low_rounding"], row["implied_high_rounding"])
    assert both == pytest.approx((10_540_540.54, 11_714_285.71))
    assert (row["implied_part_low"], row["implied_part_high"]) == pytest.approx((76_125, 80_845))
    assert not row["agrees"]
    assert row["inputs"] == (
        "claim:share figure:ships assumption:qualifier_expected published:people/2013 "
        "assumption:qualifier_about"
    )


def test_a_share_of_a_share_implies_nothing(make_small):
    small = make_small(
        {"ships": {"value": 0.18, "unit": "percent"}},
        {"share": SHARE | {"published_series": "people"}},
        [{"series": "people", "value": 100}],
    )

    assert implied_denominators(small).empty


RISE = {"from_figure": "before", "to_figure": "after", "stated_value": -10,
        "stated_unit": "percent", "rounded_to": 1}  # fmt: skip


@pytest.fixture
def restate(make_small):
    """Restate 1,000 in a year and 900 in part of the next, stated as a fall of a tenth."""

    def restated(after=PART, **assumptions):
        figures = {"before": YEAR | {"value": 1000}, "after": after | {"value": 900}}
        series = {"ships": {"base_figure": "after", "figures": "before after"}}
        small = make_small(figures, {"rise": RISE}, series=series, **assumptions)
        return restate_like_for_like(small), small

    return restated


def test_a_part_of_a_year_is_restated_for_the_whole_by_its_days(restate):
    """900 in two fifths of the days is 2,250 in the whole: up 125%."""
    [row] = restate()[0].to_dict("records")

    assert row["days_counted"] == 146
    assert (row["whole_year_low"], row["whole_year_high"]) == pytest.approx((2250, 2250))
    assert (row["change_low"], row["change_high"]) == pytest.approx((125, 125))
    assert (row["stated_low"], row["stated_high"]) == (-10.5, -9.5)
    assert not row["agrees"]


def test_the_rest_of_the_year_has_the_range_of_its_assumption(restate):
    """900 + 1,350 × 0.8 = 1,980 and 900 + 1,350 × 1.2 = 2,520."""
    rest = {"symbol": "rest_of_year", "applies_to": "ships", "low": 0.8, "high": 1.2}

    [row] = restate(rest=rest)[0].to_dict("records")

    assert (row["whole_year_low"], row["whole_year_high"]) == pytest.approx((1980, 2520))
    assert row["inputs"] == "claim:rise figure:before figure:after assumption:rest"


def test_a_cut_off_takes_the_place_of_the_period(restate):
    """Counted to day 73 to 146: 900 × 365/146 = 2,250 to 900 × 365/73 = 4,500."""
    cutoff = {"symbol": "cutoff", "applies_to": "after", "low": 73, "high": 146}

    [row] = restate(cutoff=cutoff)[0].to_dict("records")

    assert (row["whole_year_low"], row["whole_year_high"]) == pytest.approx((2250, 4500))


@pytest.mark.parametrize("cells", [{"unit": "percent"}, {"period_kind": "calendar_year"}, MONTH])
def test_nothing_but_a_count_of_part_of_a_year_is_restated(restate, cells):
    """A share stays one, and 73,630 in August stay 73,630 a month."""
    assert restate(after=PART | cells)[0].empty


def test_a_part_of_a_year_needs_its_days(make_small, make_row):
    with pytest.raises(ParameterError, match="after has no period; give its first and last day"):
        whole_year_range(make_row(name="after", value=9, period_kind="part_year"), make_small())


@given(
    days=st.integers(1, 364),
    to_date=st.integers(1, 10**6),
    slow=st.floats(0.1, 1),
    fast=st.floats(1, 3),
)
def test_a_whole_year_is_no_less_than_its_part(make_small, make_row, days, to_date, slow, fast):
    """It holds the plain extrapolation, and less certainty never narrows it."""
    end = pd.Timestamp("2014-01-01") + pd.Timedelta(days=days - 1)
    row = make_row(
        name="after", value=to_date, period_kind="part_year", period_start="2014-01-01",
        period_end=f"{end:%Y-%m-%d}",
    )  # fmt: skip
    rest = {"symbol": "rest_of_year", "applies_to": "after"}

    narrow, _ = whole_year_range(row, make_small(rest=rest | {"low": slow, "high": fast}))
    wide, _ = whole_year_range(row, make_small(rest=rest | {"low": slow / 2, "high": fast * 2}))

    assert narrow.low >= to_date
    assert point(Fraction(to_date) * 365 / days).is_within(narrow)
    assert narrow.is_within(wide)


# Like against like.


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (YEAR, NEXT, []),
        (YEAR, NEXT | {"period_kind": "part_year"}, ["part_year_against_whole_year"]),
        (YEAR, NEXT | {"period_kind": "year_to_date"}, ["part_year_against_whole_year"]),
        (YEAR | {"period_kind": "financial_year"}, NEXT | {"period_kind": "rolling_12_months"},
         ["rolling_year_against_financial_year"]),
        (YEAR, NEXT | {"period_kind": "rolling_12_months"},
         ["rolling_year_against_calendar_year"]),
        (YEAR, NEXT | {"period_kind": "financial_year"},
         ["calendar_year_against_financial_year"]),
        (YEAR | {"period_kind": "since"}, NEXT, ["several_years_against_one"]),
        (YEAR | {"period_kind": "academic_year"}, NEXT, ["periods_differ"]),
        # A month is a month, and no part of a year: August against August, and against July.
        ({"period_start": "2013-08-01", "period_end": "2013-08-31"} | MONTH,
         {"period_start": "2014-08-01", "period_end": "2014-08-31"} | MONTH, []),
        ({"period_start": "2014-07-01", "period_end": "2014-07-31"} | MONTH,
         {"period_start": "2014-08-01", "period_end": "2014-08-31"} | MONTH, ["seasons_differ"]),
        # The same week of two years may begin in two months; weeks of spring and autumn differ.
        ({"period_start": "2023-05-01", "period_end": "2023-05-07"} | WEEK,
         {"period_start": "2024-04-29", "period_end": "2024-05-05"} | WEEK, []),
        ({"period_start": "2024-04-29", "period_end": "2024-05-05"} | WEEK,
         {"period_start": "2024-09-30", "period_end": "2024-10-06"} | WEEK, ["seasons_differ"]),
        (YEAR, NEXT | {"unit": "boats"}, ["units_differ"]),
        (YEAR | {"unit": "percent"}, NEXT | {"unit": "fraction"}, []),
        (YEAR, NEXT | {"geography": "Wales"}, ["geography_differs"]),
        (YEAR, NEXT | {"population": "ferries"}, ["population_differs"]),
        (YEAR, NEXT | {"population": ""}, ["definition_unknown"]),
        (YEAR, NEXT | {"qualifier": "projected"}, ["expectation_against_count"]),
        (YEAR, NEXT | {"period_kind": "expectation"}, ["expectation_against_count"]),
        (YEAR | {"qualifier": "expected"}, NEXT | {"qualifier": "may_exceed"}, []),
    ],
)  # fmt: skip
def test_each_difference_is_named_either_way_round(make_row, before, after, expected):
    rows = make_row(**before), make_row(**after)

    for pair in (rows, rows[::-1]):
        assert list(comparability_warnings([pair])) == expected


def test_a_part_is_not_warned_about_its_whole(make_row):
    whole, part = make_row(**YEAR), make_row(**NEXT, population="ferries", unit="boats")

    assert not comparability_warnings([(whole, part)], "share")
    assert list(comparability_warnings([(whole, part)], "cause")) == ["units_differ"]
    assert len(comparability_warnings([(whole, part)], "difference")) == 2


def test_an_extreme_is_about_several_periods(make_row):
    since = make_row(**YEAR | {"period_kind": "since"})

    pair = since, make_row(**NEXT)
    assert not comparability_warnings([pair], "extreme")
    assert list(comparability_warnings([pair], "direction")) == ["several_years_against_one"]


def test_a_published_row_is_not_held_against_the_words_of_the_release(make_row):
    published = make_row("published", period="2013", definition="vessels of any kind")

    assert not comparability_warnings([(published, make_row(**YEAR))])


def test_a_published_year_of_two_is_academic_beside_an_academic_one(make_small):
    """500 stated for September 2022 to August 2023, 700 published for "2022-23": a conflict."""
    days = {"period_start": "2022-09-01", "period_end": "2023-08-31"}
    stated = {"value": 500, "period_kind": "academic_year", **days}
    for period in ("2022-23", "2022-09/2023-08"):
        published = {"period": period, "value": 700, "compares_with": "ships"}
        small = make_small({"ships": stated}, None, [published])

        [pair] = check_published(small).to_dict("records")

        assert (pair["agrees"], pair["conflict_kind"]) == (False, "size")
        assert "Read with care" not in pair["reason"]


def test_a_published_year_before_is_not_warned_about_beside_an_academic_one(make_row):
    days = {"period_start": "2013-09-01", "period_end": "2014-08-31"}
    stated = make_row(period_kind="academic_year", **days)

    assert not comparability_warnings([(make_row("published", period="2012-13"), stated)])


def test_each_difference_is_named_once_and_in_order(make_row):
    rows = make_row(**YEAR), make_row(**NEXT, geography="Wales", population="ferries")

    assert list(comparability_warnings([rows, rows])) == ["geography_differs", "population_differs"]


@pytest.mark.parametrize(
    ("figure", "period", "same"),
    [
        (YEAR, "2013", True),
        (YEAR, "2013-14", False),
        (YEAR, "2014", False),
        (YEAR | {"period_kind": "expectation"}, "2013", True),
        ({"period_start": "2013-09-01", "period_kind": "point"}, "2013", True),
        ({"period_start": "2013-09-01", "period_kind": "point"}, "2013-09", True),
        ({"period_start": "2013-09-01", "period_kind": "point"}, "2013-08", False),
        ({"period_start": "2014-01-01", "period_end": "2014-11-30", "period_kind": "part_year"},
         "2014-01/2014-11", True),
        (PART, "2014", False),
        ({}, "2013", False),
    ],
)  # fmt: skip
def test_periods_are_the_same_by_their_days(make_row, figure, period, same):
    assert is_same_period(make_row(**figure), make_row("published", period=period)) is same


def test_a_figure_without_a_period_holds_any(make_row):
    month = figure_period(make_row("published", period="2013-05"))

    assert starts_within(figure_period(make_row()), month)
    assert starts_within(figure_period(make_row(**YEAR)), month)
    assert not starts_within(figure_period(make_row(**NEXT)), month)
