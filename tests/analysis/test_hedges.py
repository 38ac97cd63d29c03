"""Stated figures as distributions, each rule against a case worked by hand."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.hedges import hedged_figure, hedged_figures, stated_bounds
from statedfigures.analysis.spreads import SPREADS, Stated


def outer(mode, half):
    """Give the 5% and 95% points of a symmetric triangle."""
    # F(x) = (x - low)^2 / (2 half^2) = 0.05, so x = low + half * sqrt(0.1).
    return mode - half * (1 - np.sqrt(0.1)), mode + half * (1 - np.sqrt(0.1))


@pytest.mark.parametrize(
    ("rule", "width", "half"),
    [
        ("hedge_revision", 1.0, 150.0),  # 1% of 15,000
        ("hedge_about", 0.5, 500.0),  # half of a step of 1,000
        ("hedge_may_exceed", 10.0, 1500.0),
        ("hedge_expected", 25.0, 3750.0),
    ],
)
def test_two_sided_hedges_are_symmetric_triangles(rule, width, half):
    stated = Stated(15_000.0, 1_000.0, 15_000.0, 16_000.0)
    values = SPREADS[rule](stated, width, np.array([0.0, 0.05, 0.5, 0.95, 1.0]))

    low, high = outer(15_000, half)
    assert values.tolist() == pytest.approx([15_000 - half, low, 15_000, high, 15_000 + half])


def test_a_rounded_percentage_is_even_over_half_its_last_digit():
    stated = Stated(0.18, 0.01, 0.18, 0.19)

    values = SPREADS["rounding"](stated, 0.0, np.array([0.0, 0.5, 1.0]))
    assert values.tolist() == pytest.approx([0.175, 0.18, 0.185])


def test_more_than_decays_and_ends_at_the_next_round_number(make_figure, make_tables):
    """Above 1,300 with a mean excess of 10% and a cap of 1,400."""
    # Median: 1300 - 130 ln(1 - (1 - exp(-100/130)) / 2); exp(-0.76923) = 0.46337,
    # ln(0.73168) = -0.31241, so 1340.6.
    figure = make_figure(value=1300, qualifier="more_than", rounded_to=Decimal(100))
    assert stated_bounds(make_tables(figures=(figure,)), figure)[:2] == (1300, 1400)
    stated = Stated(1300.0, 100.0, 1300.0, 1400.0)
    assert float(SPREADS["hedge_more_than"](stated, 10.0, 0.5)) == pytest.approx(1340.6, abs=0.05)


def test_two_stated_bounds_hold_together(make_figure, make_claim, make_tables, make_assumption):
    """More than 1,000 and more than five times 192, but not six times: 1,000 to 1,152."""
    figures = (
        make_figure("before", 192),
        make_figure("after", 1000, qualifier="more_than", rounded_to=Decimal(1000)),
    )
    claim = make_claim(
        kind="multiple", stated_value=Decimal(5), stated_unit="multiple", qualifier="more_than"
    )
    rows = (make_assumption("hedge_more_than", 5.0),)
    tables = make_tables(figures=figures, claims=(claim,), assumptions=rows)

    assert stated_bounds(tables, figures[1]) == (1000, 1152, ("claim:rise", "figure:before"))
    hedged = hedged_figure(tables, figures[1])
    assert 1000 < hedged.q05 < hedged.q50 < hedged.q95 < 1152
    assert set(hedged.inputs) == {
        "figure:after", "figure:before", "claim:rise", "assumption:hedge_more_than"
    }  # fmt: skip


def test_bounds_that_contradict_each_other_leave_the_round_number(
    make_figure, make_claim, make_tables
):
    """More than 1,000 cannot be five to six times 100."""
    figures = (
        make_figure("before", 100),
        make_figure("after", 1000, qualifier="more_than", rounded_to=Decimal(1000)),
    )
    claim = make_claim(kind="multiple", stated_value=Decimal(5), qualifier="more_than")

    assert stated_bounds(make_tables(figures=figures, claims=(claim,)), figures[1]) == (
        1000,
        2000,
        (),
    )


def test_almost_lies_below_the_stated_number():
    stated = Stated(1000.0, 100.0, 1000.0, 1100.0)

    values = SPREADS["claim_almost"](stated, 0.9, np.array([0.0, 0.25, 1.0]))
    # A triangle that rises from 900 to 1,000: a quarter lies below 900 + 100/2.
    assert values.tolist() == pytest.approx([900, 950, 1000])


def test_less_than_is_a_bound_and_reads_no_assumption(make_figure, make_tables):
    figure = make_figure(value=1, unit="percent", qualifier="less_than")
    hedged = hedged_figure(make_tables(figures=(figure,)), figure)

    assert (hedged.rule, hedged.assumption) == ("bound", "")
    assert hedged.q95 == pytest.approx(0.95)


def test_a_year_projected_from_a_part_is_annualised_anew(make_projectable):
    """With three quarters counted only the last quarter is uncertain."""
    tables = make_projectable(annualisation_cutoff=0.75, annualisation_remaining_rate=0.2)
    figure = replace(tables.figures["after"], value=Decimal(1200), qualifier="projected")
    hedged = hedged_figure(tables, figure)

    # 900 counted; 300 * exp(0.2 * 1.644854) = 416.9 in the rest at 95%.
    assert hedged.q50 == pytest.approx(1200)
    assert hedged.q95 == pytest.approx(900 + 416.9, abs=0.05)


def test_figures_of_a_topic_come_in_the_order_of_their_ids(make_projectable):
    tables = make_projectable()

    assert [one.figure.id for one in hedged_figures(tables, "ships")] == ["after", "before"]
    assert hedged_figures(tables, "boats") == ()


@given(
    rule=st.sampled_from(sorted(SPREADS)),
    width=st.floats(0.01, 0.9),
    uniforms=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_every_hedge_keeps_the_order_of_its_uniform_numbers(rule, width, uniforms):
    stated = Stated(1000.0, 100.0, 1000.0, 1100.0, 0.8)
    values = SPREADS[rule](stated, width, np.array(sorted(uniforms)))

    assert values[0] <= values[1] + 1e-9
