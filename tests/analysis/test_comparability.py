"""Promises of saying what stands in the way of a comparison."""

import pytest

from statedfigures.analysis.comparability import (
    comparability_warnings,
    find_period,
    is_same_period,
    starts_within,
    warning_text,
)
from statedfigures.analysis.qualifiers import wording

YEAR = {"period_start": "2013-01-01", "period_end": "2013-12-31"}
NEXT = {"period_start": "2014-01-01", "period_end": "2014-12-31"}
MONTH = {"period_kind": "month"}


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
        (YEAR, NEXT | {"unit": "boats"}, ["units_differ"]),
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
        assert list(comparability_warnings(*pair)) == expected


def test_a_part_is_not_warned_about_its_whole(make_row):
    whole, part = make_row(**YEAR), make_row(**NEXT, population="ferries", unit="boats")

    assert comparability_warnings(whole, part, "share") == ()
    assert comparability_warnings(whole, part, "cause") == ("units_differ",)
    assert len(comparability_warnings(whole, part, "difference")) == 2


def test_an_extreme_is_about_several_periods(make_row):
    since = make_row(**YEAR | {"period_kind": "since"})

    assert comparability_warnings(since, make_row(**NEXT), "extreme") == ()
    assert comparability_warnings(since, make_row(**NEXT), "direction") == (
        "several_years_against_one",
    )


def test_a_published_row_is_not_held_against_the_words_of_the_release(make_row):
    published = make_row("published", period="2013", definition="vessels of any kind")

    assert comparability_warnings(published, make_row(**YEAR)) == ()


def test_each_difference_is_said_once_and_in_order(make_row):
    rows = make_row(**YEAR), make_row(**NEXT, geography="Wales", population="ferries")

    warnings = comparability_warnings(*rows)

    assert warning_text(warnings + warnings) == (
        f"{wording('warnings')['geography_differs']}; {wording('warnings')['population_differs']}"
    )


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
        ({"period_start": "2014-01-01", "period_end": "2014-11-30", "period_kind": "part_year"},
         "2014", False),
        ({}, "2013", False),
    ],
)  # fmt: skip
def test_periods_are_the_same_by_their_days(make_row, figure, period, same):
    assert is_same_period(make_row(**figure), make_row("published", period=period)) is same


def test_a_figure_without_a_period_holds_any(make_row):
    month = find_period(make_row("published", period="2013-05"))

    assert starts_within(find_period(make_row()), month)
    assert starts_within(find_period(make_row(**YEAR)), month)
    assert not starts_within(find_period(make_row(**NEXT)), month)
