"""Promises of restating part-year rises like for like."""

from decimal import Decimal
from fractions import Fraction
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.intervals import contains, interval, is_within, point
from statedfigures.analysis.restatements import annualised, restated_like_for_like
from statedfigures.errors import AssumptionError


@pytest.fixture
def rise_tables(make_tables, make_figure, make_claim):
    """Make 1,000 in a year and 900 in part of the next, stated as a fall of a tenth."""

    def make(*assumptions, kind="part_year"):
        return make_tables(
            figures=[make_figure("before", 1000), make_figure("after", 900, period_kind=kind)],
            claims=[make_claim(stated_value=Decimal(-10))],
            assumptions=assumptions,
        )

    return make


def test_a_part_of_a_year_is_restated_for_the_whole(rise_tables, make_assumption):
    """900 in three quarters, the rest at the same rate: 900 × (1 + 1/3) = 1,200, up 20%.

    With four fifths gone at the latest: 900 × (1 + 1/4) = 1,125, up 12.5%.
    """
    tables = rise_tables(
        make_assumption("annualisation_cutoff", 0.75, low=0.75, high=0.8, target="after"),
        make_assumption("annualisation_remaining_rate", 0.0),
    )

    [restated] = restated_like_for_like(tables)

    assert restated.annualised == interval(Fraction(1125), Fraction(1200))
    assert restated.change_percent == interval(Fraction(25, 2), Fraction(20))
    assert restated.central_change_percent == Fraction(20)
    assert restated.stated == interval(Fraction(-21, 2), Fraction(-19, 2))
    assert not restated.agrees
    assert restated.inputs == (
        "claim:rise",
        "figure:before",
        "figure:after",
        "assumption:annualisation_cutoff_after",
        "assumption:annualisation_remaining_rate",
    )


def test_the_rate_of_the_rest_widens_it_by_two_deviations(make_assumption):
    """Half a year gone and s = 0.1: from 1 + exp(-0.2) to 1 + exp(0.2) times the count."""
    whole_year = annualised(
        point(100),
        make_assumption("annualisation_cutoff", 0.5),
        make_assumption("annualisation_remaining_rate", 0.1),
    )

    assert float(whole_year.low) == pytest.approx(100 * (1 + exp(-0.2)), rel=1e-12)
    assert float(whole_year.high) == pytest.approx(100 * (1 + exp(0.2)), rel=1e-12)


def test_two_whole_years_need_no_restating(rise_tables):
    assert restated_like_for_like(rise_tables(kind="calendar_year")) == ()


def test_a_cut_off_that_nobody_assumed_is_asked_for(rise_tables):
    with pytest.raises(AssumptionError, match="no row has rule 'annualisation_cutoff'"):
        restated_like_for_like(rise_tables())


@given(
    to_date=st.integers(1, 10**6),
    elapsed=st.floats(0.1, 1),
    gap=st.floats(0, 0.05),
    spread=st.floats(0, 0.5),
)
def test_a_whole_year_is_no_less_than_its_part(make_assumption, to_date, elapsed, gap, spread):
    """It holds the plain extrapolation, and less certainty never narrows it."""
    low = max(elapsed - gap, 0.05)
    cutoff = make_assumption("annualisation_cutoff", elapsed, low=low)
    narrow = annualised(
        point(to_date), cutoff, make_assumption("annualisation_remaining_rate", spread)
    )
    wide = annualised(
        point(to_date), cutoff, make_assumption("annualisation_remaining_rate", spread * 2)
    )

    assert narrow.low >= to_date
    assert contains(narrow, to_date / Fraction(str(elapsed)))
    assert is_within(narrow, wide)
