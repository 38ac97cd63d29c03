"""Promises of warning about comparisons and of refusing chains."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.comparability import (
    WARNING_MEANINGS,
    chain_published,
    comparability_warnings,
    require_comparable,
)
from statedfigures.analysis.periods import covers_period, published_period
from statedfigures.errors import ComparabilityError, ParameterError


def codes(before, after):
    """List the codes of the warnings between two figures."""
    return [warning.code for warning in comparability_warnings(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ({}, {"period_kind": "part_year"}, "part_year_against_whole_year"),
        (
            {"period_kind": "financial_year"},
            {"period_kind": "rolling_12_months"},
            "rolling_year_against_financial_year",
        ),
        ({}, {"period_kind": "rolling_12_months"}, "rolling_year_against_calendar_year"),
        ({}, {"period_kind": "financial_year"}, "calendar_year_against_financial_year"),
        ({"period_kind": "since"}, {}, "several_years_against_one"),
        ({}, {"period_kind": "point"}, "periods_differ"),
        ({"unit": "offences"}, {"unit": "defendants"}, "offences_against_people"),
        ({"unit": "reports"}, {"unit": "web_addresses"}, "units_differ"),
        ({"geography": "England and Wales"}, {}, "geography_differs"),
        ({"population": "all posts"}, {}, "population_differs"),
        ({"population": ""}, {}, "definition_unknown"),
        ({}, {"qualifier": "may_exceed"}, "expectation_against_count"),
        ({}, {"qualifier": "projected"}, "expectation_against_count"),
        ({}, {"period_kind": "expectation"}, "expectation_against_count"),
    ],
)
def test_each_difference_has_its_warning(make_figure, before, after, code):
    """One difference gives one warning, the same one whichever side it is on."""
    left, right = make_figure(**before), make_figure(**after)

    assert codes(left, right) == [code]
    assert codes(right, left) == [code]


def test_figures_alike_give_no_warning(make_figure):
    assert codes(make_figure(value=1), make_figure(value=2)) == []


def test_a_warning_names_both_sides(make_figure):
    [warning] = comparability_warnings(
        make_figure(geography="England and Wales"), make_figure(geography="UK")
    )

    assert (warning.from_side, warning.to_side) == ("England and Wales", "UK")


def test_a_published_definition_is_not_held_against_a_population(make_figure, make_published):
    """Publishers word their definitions each in their own way; area and period still count."""
    published = make_published(geography="Great Britain", period="2013-Q4", unit="adults")

    assert codes(published, make_figure()) == [
        "part_year_against_whole_year",
        "units_differ",
        "geography_differs",
    ]


@pytest.mark.parametrize("meaning", WARNING_MEANINGS.values())
def test_meanings_are_words_without_digits(meaning):
    assert not re.search(r"\d", meaning)


@given(
    kinds=st.tuples(
        *[st.sampled_from(["calendar_year", "financial_year", "part_year", "since", "point"])] * 2
    ),
    units=st.tuples(*[st.sampled_from(["offences", "defendants", "reports"])] * 2),
    areas=st.tuples(*[st.sampled_from(["UK", "England and Wales", ""])] * 2),
)
def test_warnings_do_not_depend_on_the_side(make_figure, kinds, units, areas):
    left, right = (
        make_figure(period_kind=kind, unit=unit, geography=area)
        for kind, unit, area in zip(kinds, units, areas, strict=True)
    )

    assert codes(left, right) == codes(right, left)
    assert codes(left, left) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"unit": "defendants"}, "unit (ships against defendants)"),
        ({"body": "Ministry"}, "body (Harbour against Ministry)"),
        ({"coverage": "tankers"}, "coverage (calls of ships against tankers)"),
        ({"geography": ""}, "geography (UK against not stated)"),
    ],
)
def test_a_chain_across_a_difference_names_both_sides(make_series, change, named):
    message = f"ships and others cannot be chained: they differ in {named}; show them side by side"

    with pytest.raises(ComparabilityError, match=re.escape(message)):
        require_comparable(make_series(), make_series(id="others", **change))


def test_every_difference_of_a_chain_is_named(make_series):
    with pytest.raises(ComparabilityError, match=r"unit .* and body .* and coverage"):
        require_comparable(make_series(), make_series(unit="tons", body="Port", coverage="freight"))


def test_series_alike_may_be_chained(make_series):
    require_comparable(make_series(), make_series(id="more_ships", title="More ships"))


def test_charges_and_defendants_are_never_chained(make_published):
    """One body counts every charge, the other people by their principal offence."""
    charges = make_published(
        15599,
        series="charges",
        period="2011-12",
        unit="offences",
        publisher="Prosecutors",
        definition="offences charged",
    )
    defendants = make_published(
        937,
        series="defendants",
        period="2006",
        unit="defendants",
        publisher="Ministry",
        definition="defendants by principal offence",
    )

    with pytest.raises(
        ComparabilityError,
        match=r"defendants 2006 and charges 2011-12 .*unit \(defendants against offences\).*"
        r"body \(Ministry against Prosecutors\)",
    ):
        chain_published([charges, defendants])


def test_years_of_different_kinds_are_not_chained(make_published):
    with pytest.raises(
        ComparabilityError, match=r"period \(calendar year against financial year\)"
    ):
        chain_published([make_published(period="2012-13"), make_published(period="2011")])


@given(order=st.permutations(["2011-12", "2012-13", "2013-14"]))
def test_a_chain_is_in_the_order_of_time(make_published, order):
    chain = chain_published([make_published(period=period) for period in order])

    assert [row.period for row in chain] == ["2011-12", "2012-13", "2013-14"]


@pytest.mark.parametrize(
    ("text", "kind", "year"),
    [
        ("2013", "calendar_year", 2013),
        ("2012-13", "financial_year", 2012),
        ("1999-00", "financial_year", 1999),
        ("2013-Q2", "quarter", 2013),
        ("2020-04", "month", 2020),
        ("2014-01/2014-07", "part_year", 2014),
    ],
)
def test_a_period_is_read_by_its_form(text, kind, year):
    period = published_period(text)

    assert (period.kind, period.first_year) == (kind, year)


@pytest.mark.parametrize("text", ["", "Jan-13", "2013/14", "2013-Q5"])
def test_a_period_of_another_form_is_refused(text):
    with pytest.raises(ParameterError, match=f"the period '{re.escape(text)}' is not known"):
        published_period(text)


@pytest.mark.parametrize(
    ("kind", "years", "period", "covered"),
    [
        ("calendar_year", (2013, 2013), "2013", True),
        ("calendar_year", (2013, 2013), "2014", False),
        ("financial_year", (2012, 2013), "2012-13", True),
        # The next financial year starts within the years of this one, but is another.
        ("financial_year", (2012, 2013), "2013-14", False),
        ("part_year", (2014, 2014), "2014", True),
        ("rolling_12_months", (2013, 2014), "2014-01/2014-07", True),
        ("since", (2010, 2014), "2009-10", False),
        ("since", (2010, 2014), "2013-14", True),
        ("since", (2010, 2014), "2015", False),
    ],
)
def test_a_published_period_is_matched_to_the_stated_one(
    make_figure, make_published, kind, years, period, covered
):
    figure = make_figure(value=Decimal(1), period_kind=kind)
    figure = make_figure(
        period_kind=kind,
        period_start=figure.period_start.replace(year=years[0]),
        period_end=figure.period_end.replace(year=years[1]),
    )

    assert covers_period(figure, make_published(period=period), 2014) is covered


def test_a_figure_without_a_period_takes_any(make_figure, make_published):
    assert covers_period(make_figure(period_start=None), make_published(period="1997"), 2014)
