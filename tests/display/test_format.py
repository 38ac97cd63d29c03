from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.records import Interval
from statedfigures.display.format import (
    as_written,
    assumed,
    computed,
    counted,
    digits,
    published,
    rounded_text,
    significant,
    stated,
)
from statedfigures.display.ranges import interval_text


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "text"),
    [
        ("1000", "arrests", "more_than", "more than 1,000"),
        ("15000", "offences", "about", "around 15,000"),
        ("50000000", "gbp", "exact", "£50 million"),
        ("50", "gbp_million", "exact", "£50 million"),
        ("0.18", "percent", "exact", "0.18%"),
        ("1", "percent", "less_than", "less than 1%"),
        ("22500", "offences", "may_exceed", "possibly over 22,500"),
        ("1235", "offences", "projected", "a projected 1,235"),
        ("20000", "users", "expected", "an expected 20,000"),
        ("1000", "disruptions", "almost", "almost 1,000"),
        ("3400000", "children", "exact", "3.4 million"),
    ],
)
def test_a_stated_figure_keeps_its_hedge_and_digits(make, value, unit, qualifier, text):
    figure = make.a_figure(value=Decimal(value), unit=unit, qualifier=qualifier)

    assert str(stated(figure)) == text
    assert stated(figure).value == float(value)
    assert stated(figure).provenance.inputs == ("figure:ships_2020",)


def test_a_million_with_more_digits_is_written_out():
    assert as_written(Decimal(3_412_345), "people") == "3,412,345"


def test_a_published_figure_leads_to_its_row(make):
    assert published(make.a_published()).provenance.inputs == ("published:port_ships_2020",)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (25647.3, "offences", "25,600"),
        (1235.0, "offences", "1,240"),  # three digits; halves go to the even neighbour
        (99.96, "offences", "100"),
        (4.567, "offences", "4.57"),
        (37.86, "percent", "38%"),
        (9.96, "percent", "10%"),
        (4.2, "percent", "4.2%"),
        (0.183, "percent", "0.18%"),
        (-12.4, "percent", "−12%"),
        (1.678, "multiple", "1.68 times"),
        (8_330_000.0, "people", "8.33 million"),
        (0.0, "offences", "0"),
        (float("inf"), "offences", "no limit"),
    ],
)
def test_a_computed_number_is_rounded_for_readers(value, unit, text):
    assert rounded_text(value, unit) == text


def test_a_computed_number_keeps_its_value_and_inputs():
    number = computed(25647.3, "offences", ["figure:a", "assumption:b"], "base times growth")

    assert number.value == 25647.3
    assert number.provenance.inputs == ("figure:a", "assumption:b")
    assert number.provenance.formula == "base times growth"


def test_counts_are_words_up_to_nine():
    assert [str(counted(one, ["claim:a"], "count")) for one in (0, 1, 9, 10)] == [
        "none",
        "one",
        "nine",
        "10",
    ]


def test_a_minus_is_a_minus_and_nothing_is_not_below_zero():
    assert digits(-1234.5) == "−1,234.5"
    assert digits(-0.04, 1) == "0.0"


def test_an_assumption_shows_the_sign_of_percent_only(make):
    percent = make.an_assumption(unit="percent", central=5.0)

    assert str(assumed(percent, percent.central)) == "5%"
    assert str(assumed(make.an_assumption(), 0.85)) == "0.85"
    assert str(assumed(make.an_assumption(unit="year"), 2034.0)) == "2034"


@pytest.mark.parametrize(
    ("interval", "unit", "text"),
    [
        (Interval(Fraction(20), Fraction(20)), "percent", "20%"),
        (Interval(Fraction(75, 2), Fraction(77, 2)), "percent", "37.5% to 38.5%"),
        (Interval(Fraction(217, 2), Fraction(219, 2)), "percent", "108.5% to 109.5%"),
        (Interval(Fraction(51, 200), Fraction(53, 200)), "percent", "0.255% to 0.265%"),
        (Interval(Fraction(1457, 200), None), "percent", "at least 7.29%"),
        (Interval(Fraction(347, 3), Fraction(347, 3)), "percent", "116%"),
        (Interval(Fraction(125, 24), None, True), "multiple", "more than 5.21 times"),
        (Interval(None, Fraction(1), high_open=True), "percent", "less than 1%"),
        (Interval(Fraction(3), None), "ships", "at least 3"),
        (Interval(None, Fraction(3)), "ships", "at most 3"),
        (Interval(Fraction(19484), Fraction(19484)), "offences", "19,484"),
        (Interval(Fraction(14500), Fraction(15500)), "offences", "14,500 to 15,500"),
        (Interval(Fraction(90525), Fraction(96725)), "users", "90,520 to 96,720"),
        (Interval(None, None), "ships", "any value"),
    ],
)
def test_an_interval_is_written_as_people_say_it(interval, unit, text):
    assert interval_text(interval, unit) == text


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_come_back_from_their_text(value):
    assert int(digits(Decimal(value)).replace(",", "").replace("−", "-")) == value


@given(st.decimals(-(10**6), 10**6, places=3))
def test_decimals_come_back_from_their_text(value):
    assert Decimal(digits(value).replace(",", "").replace("−", "-")) == value


@given(st.floats(0.001, 1e9))
def test_rounding_to_three_digits_moves_a_number_by_at_most_half_a_percent(value):
    """The worst case is 1.005 to 1.00 or 1.01: half a hundredth of the leading digit."""
    assert abs(significant(value) - value) <= 0.005 * value * (1 + 1e-9)


@given(st.floats(1, 1e8))
def test_a_rounded_count_reads_as_its_rounded_value(value):
    text = rounded_text(value, "ships").replace(",", "")
    number = float(text.removesuffix(" million")) * (10**6 if text.endswith("million") else 1)

    assert number == pytest.approx(significant(value), rel=1e-9)
