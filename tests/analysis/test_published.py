"""Promises of holding the release against figures published elsewhere."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.intervals import interval, point
from statedfigures.analysis.published import cross_check, implied_denominators
from statedfigures.analysis.reasons import CHECK_REASONS


def test_an_exact_count_conflicts_with_another(make_tables, make_figure, make_published):
    """51,186 published against 51,168 stated: 18 more, so 18/51168 × 100 percent."""
    [check] = cross_check(
        make_tables(figures=[make_figure(value=51168)], published=[make_published(51186)])
    )

    assert not check.agrees
    assert check.published_total == point(51186)
    assert check.difference_percent == point(Fraction(1800, 51168))
    assert check.reason == CHECK_REASONS["above"]
    assert check.inputs == ("figure:after", "published:ships_counted_2020")


@pytest.mark.parametrize(
    ("parts", "total"), [((15599, 3885), 19484), ((14694, 3849), 18543), ((15574, 4265), 19839)]
)
def test_parts_are_summed_and_held_against_every_year(
    make_tables, make_figure, make_published, parts, total
):
    """15,599 + 3,885 = 19,484 and so on: each below what is stated of every year."""
    figure = make_figure(
        value=20_000, qualifier="more_than", period_kind="since", period_start=date(2010, 1, 1)
    )
    rows = [
        make_published(count, series=name, period="2011-12", part="part")
        for name, count in zip(("making", "possessing"), parts, strict=True)
    ]

    [check] = cross_check(make_tables(figures=[figure], published=rows))

    assert check.published_total == point(total)
    assert [row.series for row in check.published] == ["making", "possessing"]
    assert not check.agrees
    assert check.reason.startswith(CHECK_REASONS["every_year_below"])
    assert "a calendar year is set against a financial year" in check.reason
    # At most the total over 20,000, which is itself left out; at least nothing at all.
    assert check.difference_percent == interval(
        Fraction(-100), Fraction(total - 20_000, 200), low_open=True, high_open=True
    )


def test_a_year_above_an_upper_bound_for_every_year_is_a_conflict(
    make_tables, make_figure, make_published
):
    figure = make_figure(value=1, unit="percent", qualifier="less_than", period_kind="since")
    row = make_published("1.5", unit="percent", period="2020")

    [check] = cross_check(make_tables(figures=[figure], published=[row]))

    assert not check.agrees
    assert check.reason == CHECK_REASONS["every_year_above"]
    assert check.difference_percent is None


def test_a_missing_part_leaves_a_lower_bound(make_tables, make_figure, make_published):
    """The second part is published for one period only, so the other sum is at least 15,000."""
    figure = make_figure(
        value=20_000, qualifier="more_than", period_kind="since", period_start=date(2018, 1, 1)
    )
    rows = [
        make_published(15_000, series="making", period="2019", part="part"),
        make_published(15_000, series="making", period="2020", part="part"),
        make_published(4_000, series="possessing", period="2020", part="part"),
    ]

    earlier, later = cross_check(make_tables(figures=[figure], published=rows))

    assert earlier.published_total == interval(Fraction(15_000), None)
    assert (earlier.agrees, later.agrees) == (True, False)


@pytest.mark.parametrize(
    ("to_date", "agrees", "reason"),
    [(70_541, True, "to_date_fits"), (74_120, False, "to_date_exceeds")],
)
def test_a_count_to_date_must_not_exceed_the_whole_year(
    make_tables, make_figure, make_published, to_date, agrees, reason
):
    """74,119 in the whole year: 70,541 fits into it, 74,120 does not."""
    figure = make_figure(value=to_date, period_kind="part_year")

    [check] = cross_check(make_tables(figures=[figure], published=[make_published(74_119)]))

    assert check.agrees is agrees
    assert check.reason.startswith(CHECK_REASONS[reason])
    assert check.reason.endswith("Read with care: part of a year is set against a whole year.")


@pytest.mark.parametrize(
    ("part", "agrees", "reason"), [(660, True, "part_fits"), (1001, False, "part_exceeds")]
)
def test_a_published_part_must_not_exceed_the_whole(
    make_tables, make_figure, make_published, part, agrees, reason
):
    row = make_published(part, period="2020-01/2020-07")

    [check] = cross_check(make_tables(figures=[make_figure(value=1000)], published=[row]))

    assert check.agrees is agrees
    assert check.reason.startswith(CHECK_REASONS[reason])


def test_rows_of_other_years_and_figures_take_no_part(make_tables, make_figure, make_published):
    rows = [make_published(period="2019"), make_published(period="2020", compares_with="")]

    assert cross_check(make_tables(figures=[make_figure()], published=rows)) == ()


def share(make_claim, **changes):
    """Make a share of half a percent whose whole is published elsewhere."""
    given_changes = {
        "kind": "share",
        "from_figure": "",
        "to_figure": "users",
        "stated_value": Decimal("0.18"),
        "rounded_to": Decimal("0.01"),
        "published_series": "online",
        **changes,
    }
    return make_claim("share", **given_changes)


def test_a_share_implies_its_base_and_its_part(
    make_tables, make_figure, make_claim, make_published
):
    """20,000 ± 5,000 over 0.175% to 0.185%: from 15,000/0.00185 to 25,000/0.00175.

    43.6 million ± 50,000 times the share: from 43.55 m × 0.00175 = 76,212.5
    to 43.65 m × 0.00185 = 80,752.5.
    """
    tables = make_tables(
        figures=[make_figure("users", 20_000, qualifier="expected", rounded_to=Decimal(1000))],
        claims=[share(make_claim)],
        published=[
            make_published(43_600_000, series="online", qualifier="about", period="2013-Q2")
        ],
    )

    [result] = implied_denominators(tables)

    assert result.implied == interval(Fraction(1_500_000_000, 185), Fraction(2_500_000_000, 175))
    assert result.implied_numerator == interval(Fraction("76212.5"), Fraction("80752.5"))
    assert not result.agrees
    assert result.inputs == (
        "claim:share",
        "figure:users",
        "assumption:hedge_expected",
        "published:online_2013_q2",
        "assumption:hedge_about",
    )


def test_a_base_that_fits_agrees(make_tables, make_figure, make_claim, make_published):
    """60 of 12,000 is half a percent; 0.45% to 0.55% imply 10,909 to 13,333."""
    tables = make_tables(
        figures=[make_figure("users", 60)],
        claims=[share(make_claim, stated_value=Decimal("0.5"), rounded_to=Decimal("0.1"))],
        published=[make_published(12_000, series="online", qualifier="about")],
    )

    [result] = implied_denominators(tables)

    assert result.agrees
    assert result.implied == interval(Fraction(120_000, 11), Fraction(40_000, 3))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "percent_change"},
        {"from_figure": "users"},
        {"published_series": ""},
        {"stated_value": None},
        {"stated_value": Decimal("0.004")},
    ],
    ids=["no share", "whole is given", "nothing published", "no number", "rounded to nothing"],
)
def test_other_claims_imply_no_base(make_tables, make_figure, make_claim, make_published, change):
    tables = make_tables(
        figures=[make_figure("users", 60)],
        claims=[share(make_claim, **change)],
        published=[make_published(12_000, series="online")],
    )

    assert implied_denominators(tables) == ()


@given(order=st.permutations(range(5)), data=st.data())
def test_the_order_of_rows_changes_nothing(
    make_tables, make_figure, make_claim, make_published, order, data
):
    figures = [
        make_figure("after", 200, locator="notes/2"),
        make_figure("users", 60, locator="notes/10"),
    ]
    rows = [
        make_published(100, series="east", part="part"),
        make_published(90, series="west", part="part"),
        make_published(60, series="all_users", compares_with="users"),
        make_published(12_000, series="online", period="2019", compares_with=""),
        make_published(13_000, series="online", period="2020", compares_with=""),
    ]
    plain = make_tables(figures=figures, claims=[share(make_claim)], published=rows)
    shuffled = make_tables(
        figures=data.draw(st.permutations(figures)),
        claims=[share(make_claim)],
        published=[rows[index] for index in order],
    )

    assert cross_check(shuffled) == cross_check(plain)
    assert [check.figure.id for check in cross_check(plain)] == ["after", "users"]
    assert implied_denominators(shuffled) == implied_denominators(plain)
    assert [each.published.period for each in implied_denominators(plain)] == ["2019", "2020"]
