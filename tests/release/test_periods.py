from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.errors import ParameterError
from statedfigures.release.periods import (
    Period,
    decimal_year,
    figure_period,
    kind_problem,
    period_words,
    read_period,
    season_problem,
    years_between,
)
from statedfigures.release.schema import tables

KINDS = next(c for c in tables()["figures"].columns if c.name == "period_kind").one_of
DAYS = st.dates(date(1850, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "words"),
    [
        ("2014", "calendar_year", "2014-01-01", "2014-12-31", "2014"),
        ("1659", "calendar_year", "1659-01-01", "1659-12-31", "1659"),
        ("2010s", "several_years", "2010-01-01", "2019-12-31", "2010 to 2019"),
        ("2012-13", "financial_year", "2012-04-01", "2013-03-31", "2012-13"),
        ("1999-00", "financial_year", "1999-04-01", "2000-03-31", "1999-00"),
        ("2014-10", "month", "2014-10-01", "2014-10-31", "October 2014"),
        # The second part is not that of the next year: a month.
        ("2010-09", "month", "2010-09-01", "2010-09-30", "September 2010"),
        ("2014-Q1", "quarter", "2014-01-01", "2014-03-31", "first quarter of 2014"),
        ("2014-W05", "week", "2014-01-27", "2014-02-02", "week to 2 February 2014"),
        ("2014-12-11", "point", "2014-12-11", "2014-12-11", "11 December 2014"),
        ("2014-01/2014-11", "part_year", "2014-01-01", "2014-11-30", "January to November 2014"),
        ("2013-10/2014-09", "rolling_12_months", "2013-10-01", "2014-09-30", "year to September"),
        ("2014-01/2014-12", "calendar_year", "2014-01-01", "2014-12-31", "2014"),
        ("2013-10/2014-03", "part_year", "2013-10-01", "2014-03-31", "October 2013 to March 2014"),
        (
            "2013-04/2016-03",
            "several_years",
            "2013-04-01",
            "2016-03-31",
            "April 2013 to March 2016",
        ),
    ],
)
def test_a_published_period_is_read_with_its_days_and_words(text, kind, start, end, words):
    period = read_period(text)

    assert (period.kind, str(period.start), str(period.end)) == (kind, start, end)
    assert period.words.startswith(words)


@pytest.mark.parametrize(
    "text",
    ["", "14", "2014-13", "2014-W54", "2014-Q5", "2014-9", "Jan-13", "2014/2", "2914", "0214"],
)
def test_what_is_no_period_is_told_with_the_forms_there_are(text):
    with pytest.raises(ParameterError, match=r"is no period; write a year \(2014\), a decade"):
        read_period(text)


def test_a_span_that_ends_before_it_starts_is_told():
    with pytest.raises(ParameterError, match="ends before it starts; swap its ends"):
        read_period("2014-05/2014-01")


@pytest.mark.parametrize(
    ("kind", "start", "end", "words"),
    [
        ("month", "2024-08-01", "2024-08-31", "August 2024"),
        ("calendar_year", "2014-01-01", "2014-12-31", "2014"),
        ("academic_year", "2023-09-01", "2024-08-31", "2023-24"),
        ("rolling_12_months", "2013-12-12", "2014-12-11", "year to 11 December 2014"),
        ("part_year", "2014-01-01", "2014-12-11", "1 January to 11 December 2014"),
        ("year_to_date", "2014-01-01", "2014-10-31", "January to October 2014"),
        ("point", "2014-12-11", "2014-12-11", "11 December 2014"),
        ("since", "2010-01-01", "2014-12-11", "since 2010"),
        ("since", "2014-04-01", None, "since 1 April 2014"),
        ("point", None, None, ""),
    ],
)
def test_the_period_of_a_figure_is_said_as_a_reader_says_it(kind, start, end, words):
    """A month is one month: not August to August."""
    row = {
        "period_kind": kind,
        "period_start": pd.Timestamp(start),
        "period_end": pd.Timestamp(end),
    }

    assert period_words(pd.Series(row)) == words
    assert (figure_period(row) is None) is (words == "")


def test_the_middle_of_a_period_is_counted_in_years():
    # Each month is a twelfth: 1 April is at 0.25, and the middle of its year at 0.75.
    assert read_period("2014").middle == 2014.5
    assert read_period("2012-13").middle == 2012.75


def test_a_part_of_a_year_stands_for_its_year():
    """Ten months of 2014 are four years after 2010, and not three and a half."""
    assert years_between(read_period("2010"), read_period("2014-01/2014-10")) == 4
    # Half a year across two calendar years stands for the twelve months from its start.
    across = read_period("2013-10/2014-03").whole
    assert (str(across.start), str(across.end)) == ("2013-10-01", "2014-09-30")


@pytest.mark.parametrize(
    ("earlier", "later", "problem"),
    [
        ("2013", "2014", ""),
        ("2012-13", "2014", ""),
        ("2023-08", "2024-08", ""),
        ("2013-Q1", "2014-Q1", ""),
        ("2013-W05", "2014-W06", ""),
        ("2013-12-11", "2014-05-31", ""),
        ("2013-01/2013-10", "2014-01/2014-10", ""),
        ("2013-02", "2014-08", "of different seasons"),
        ("2013-Q1", "2014-Q3", "of different seasons"),
        ("2013-12", "2014", "of different lengths"),
        ("2010s", "2014", "one of them is no single period"),
    ],
)
def test_two_periods_go_together_or_it_is_said_why_not(earlier, later, problem):
    found = season_problem(read_period(earlier), read_period(later))

    assert problem in found
    assert bool(found) is bool(problem)


@pytest.mark.parametrize(
    ("kind", "start", "end", "fits"),
    [
        ("point", "2014-12-11", "2014-12-11", True),
        ("point", "2014-12-11", "2014-12-12", False),
        ("week", "2014-01-27", "2014-02-02", True),
        ("week", "2014-01-27", "2014-02-03", False),
        ("month", "2014-02-01", "2014-02-28", True),
        ("month", "2014-02-01", "2014-03-01", False),
        ("quarter", "2014-11-01", "2015-01-31", True),
        ("quarter", "2014-10-01", "2014-12-31", True),
        ("quarter", "2014-10-01", "2014-11-30", False),
        ("calendar_year", "2014-01-01", "2014-12-31", True),
        ("calendar_year", "2013-04-01", "2014-03-31", False),
        ("financial_year", "2013-04-01", "2014-03-31", True),
        ("financial_year", "2013-04-06", "2014-04-05", True),
        ("financial_year", "2013-01-01", "2013-12-31", False),
        ("academic_year", "2013-09-01", "2014-08-31", True),
        ("academic_year", "2013-08-01", "2014-07-31", True),
        ("academic_year", "2013-04-01", "2014-03-31", False),
        ("rolling_12_months", "2013-12-12", "2014-12-11", True),
        ("rolling_12_months", "2013-12-12", "2014-11-11", False),
        ("part_year", "2014-01-01", "2014-12-11", True),
        ("part_year", "2014-01-01", "2014-12-31", False),
        ("since", "2004-01-01", "2014-12-11", True),
    ],
)
def test_a_period_has_the_days_of_its_kind(kind, start, end, fits):
    problem = kind_problem(Period(kind, date.fromisoformat(start), date.fromisoformat(end)))

    assert (problem is None) is fits


@given(DAYS, DAYS, st.sampled_from(KINDS))
def test_any_period_has_words_a_middle_and_a_remedy(start, end, kind):
    start, end = min(start, end), max(start, end)
    period = Period(kind, start, end)

    assert period.words
    assert decimal_year(start) <= period.middle <= decimal_year(end + timedelta(days=1))
    assert season_problem(period, period) == "" or kind == "since"
    problem = kind_problem(period)
    assert problem is None or all(problem)


@given(st.integers(1850, 2150), st.integers(1, 12))
def test_months_follow_each_other_without_a_gap(year, month):
    this = read_period(f"{year}-{month:02d}/{year}-{month:02d}")
    later = this.end + timedelta(days=1)

    assert later.day == 1
    assert this.days in (28, 29, 30, 31)
