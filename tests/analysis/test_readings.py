"""Promises of reading figures, published figures and phrases as intervals."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.intervals import contains, interval, is_within, point
from statedfigures.analysis.phrases import claim_reading
from statedfigures.analysis.readings import (
    figure_inputs,
    figure_interval,
    hedged_interval,
    published_interval,
    step_of_digits,
)
from statedfigures.analysis.register import Register
from statedfigures.errors import AssumptionError, ParameterError


@pytest.fixture
def register(make_tables):
    """Give a register with the hedges worked with here."""
    return Register.of(make_tables())


def closed(low, high):
    """Make an interval of two numbers, both included."""
    return interval(Fraction(str(low)), Fraction(str(high)))


@pytest.mark.parametrize(
    ("qualifier", "value", "step", "unit", "expected"),
    [
        # A count of 736 is 736; only a rounded number has a width.
        ("exact", 736, 1, "offences", closed(736, 736)),
        # 3.4 million to a tenth of a million: half a step is 50,000.
        ("exact", 3_400_000, 100_000, "children", closed(3_350_000, 3_450_000)),
        # 0.18 percent to a hundredth: half a step is 0.005.
        ("exact", "0.18", "0.01", "percent", closed("0.175", "0.185")),
        # 38 percent is rounded although it is whole.
        ("exact", 38, 1, "percent", closed("37.5", "38.5")),
        # A projected count is rounded to whole offences.
        ("projected", 1235, 1, "offences", closed("1234.5", "1235.5")),
        # Half of the step of 1,000, as the register of these tests says.
        ("about", 15_000, 1000, "offences", closed(14_500, 15_500)),
        # Ten percent of 22,500 is 2,250, more than half of the step of 500.
        ("may_exceed", 22_500, 500, "offences", closed(20_250, 24_750)),
        # A quarter of 20,000 is 5,000, just what half a step of 10,000 is.
        ("expected", 20_000, 10_000, "users", closed(15_000, 25_000)),
        # Rounding wins where it is wider: half of 2,000 is more than a quarter of 400.
        ("expected", 400, 2000, "users", closed(0, 1400)),
    ],
)
def test_a_two_sided_hedge(make_figure, register, qualifier, value, step, unit, expected):
    figure = make_figure(value=value, qualifier=qualifier, rounded_to=Decimal(str(step)), unit=unit)

    assert figure_interval(figure, register) == expected


def test_bounds_are_open_at_the_stated_number(make_figure, register):
    """More than 1,000 leaves out 1,000; less than 1 leaves out 1; almost 1,000 is from 900."""
    more = figure_interval(make_figure(value=1000, qualifier="more_than"), register)
    less = figure_interval(make_figure(value=1, qualifier="less_than", unit="percent"), register)
    almost = figure_interval(make_figure(value=1000, qualifier="almost"), register)

    assert more == interval(Fraction(1000), None, low_open=True)
    assert less == interval(Fraction(0), Fraction(1), high_open=True)
    assert almost == interval(Fraction(900), Fraction(1000), high_open=True)


def test_a_row_for_one_figure_goes_before_the_row_for_all(
    make_figure, make_assumption, make_tables
):
    """A share of 2 of the step for this figure alone: 15,000 give or take 2,000."""
    tables = make_tables(assumptions=[make_assumption("hedge_about", 2.0, target="images")])
    figure = make_figure("images", 15_000, qualifier="about", rounded_to=Decimal(1000))
    register = Register.of(tables)

    assert figure_interval(figure, register) == closed(13_000, 17_000)
    assert figure_inputs(figure, register) == ("figure:images", "assumption:hedge_about_images")


def test_a_hedge_without_a_rule_names_the_row_to_add(make_figure):
    with pytest.raises(
        AssumptionError, match="no row has rule 'hedge_may_exceed' and applies to 'after'"
    ):
        figure_interval(make_figure(qualifier="may_exceed"), Register(()))


def test_an_exact_figure_needs_no_rule(make_figure):
    assert figure_interval(make_figure(), Register(())) == point(200)
    assert figure_inputs(make_figure(), Register(())) == ("figure:after",)


def test_an_unknown_qualifier_is_refused(make_figure, register):
    with pytest.raises(ParameterError, match="'roughly' into an interval; use one of exact"):
        figure_interval(make_figure(qualifier="roughly"), register)


@pytest.mark.parametrize(
    ("digits", "step"), [("43600000", "1E+5"), ("0.3", "0.1"), ("18", "1"), ("400", "1E+2")]
)
def test_digits_show_their_rounding(digits, step):
    assert step_of_digits(Decimal(digits)) == Decimal(step)


@pytest.mark.parametrize(
    ("value", "qualifier", "unit", "expected"),
    [
        ("51186", "exact", "reports", closed(51186, 51186)),
        # A trailing zero of an exact count is no rounding.
        ("51190", "exact", "reports", closed(51190, 51190)),
        ("0.3", "exact", "percent", closed("0.25", "0.35")),
        # Rounded to hundred thousands; half of that, as the register says.
        ("43600000", "about", "adults", closed(43_550_000, 43_650_000)),
    ],
)
def test_a_published_figure_is_read_by_its_digits(
    make_published, register, value, qualifier, unit, expected
):
    published = make_published(value, qualifier=qualifier, unit=unit)

    assert published_interval(published, register) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"stated_value": Decimal(38)}, closed("37.5", "38.5")),
        # Two thirds give or take a twentieth of it: 0.6667 ± 0.033335, in percent.
        (
            {
                "stated_value": Decimal("0.6667"),
                "stated_unit": "fraction",
                "qualifier": "about",
                "rounded_to": Decimal("0.0001"),
            },
            closed("63.3365", "70.0035"),
        ),
        # Almost double: from nine tenths of 2, and below 2.
        (
            {
                "kind": "multiple",
                "stated_value": Decimal(2),
                "stated_unit": "multiple",
                "qualifier": "almost",
            },
            interval(Fraction(9, 5), Fraction(2), high_open=True),
        ),
        (
            {
                "kind": "ratio",
                "stated_value": Decimal(5),
                "stated_unit": "multiple",
                "qualifier": "more_than",
            },
            interval(Fraction(5), None, low_open=True),
        ),
        # Exactly doubled (1.5 to 2.5 times) is a rise of 50 to 150 percent.
        ({"stated_value": Decimal(2), "stated_unit": "multiple"}, closed(50, 150)),
        # 150 percent of the base is one and a half times it.
        (
            {"kind": "multiple", "stated_value": Decimal(150), "rounded_to": Decimal(10)},
            closed("1.45", "1.55"),
        ),
        (
            {"kind": "share", "qualifier": "less_than", "stated_value": Decimal(1)},
            interval(None, Fraction(1), high_open=True),
        ),
    ],
)
def test_a_phrase_becomes_an_interval_in_the_unit_of_its_result(
    make_claim, register, changes, expected
):
    assert claim_reading(make_claim(**changes), register) == expected


def test_a_claim_without_a_number_has_no_reading(make_claim, register):
    assert claim_reading(make_claim(kind="direction", stated_value=None), register) is None


def test_a_phrase_that_nothing_reads_is_refused(make_claim, register):
    with pytest.raises(ParameterError, match="claim rise: the qualifier 'nearly' has no reading"):
        claim_reading(make_claim(qualifier="nearly"), register)


def test_a_share_stated_as_a_multiple_is_refused(make_claim, register):
    with pytest.raises(ParameterError, match="claim rise: a share cannot be stated in 'multiple'"):
        claim_reading(make_claim(kind="share", stated_unit="multiple"), register)


@given(
    value=st.integers(1, 10**6),
    step=st.sampled_from([1, 10, 100]),
    qualifier=st.sampled_from(["exact", "projected", "about", "may_exceed", "expected"]),
    width=st.fractions(Fraction(1, 100), Fraction(1, 2), max_denominator=100),
)
def test_a_wider_rule_never_narrows(value, step, qualifier, width):
    """The stated number lies in its interval, and widening the rule keeps every value."""
    stated = {"rounded_to": Fraction(step), "qualifier": qualifier, "unit": "ships"}

    narrow = hedged_interval(Fraction(value), width=width, **stated)
    wide = hedged_interval(Fraction(value), width=width * 2, **stated)

    assert contains(narrow, Fraction(value))
    assert is_within(narrow, wide)
