"""Sensitivity of a headline, on models small enough to know the answer."""

import numpy as np
import pytest

from statedfigures.analysis.projections import project_series
from statedfigures.analysis.sensitivity import sensitivity_of

COMPOUND = {
    "form_weight_no_change": 0.0,
    "form_weight_linear": 0.0,
    "form_weight_damped": 0.0,
    "form_weight_saturating": 0.0,
}
CHOICES = {"horizon_year": 2025, "draws": 1024, "seed": 1}


def sensitivity(tables, **changes):
    return sensitivity_of(tables, "ships", **{**CHOICES, **changes})


def row_of(result, assumption):
    return next(row for row in result.rows if row.assumption == assumption)


def test_the_only_uncertain_assumption_has_all_the_variance(make_projectable):
    result = sensitivity(make_projectable(growth_change=(-0.1, 0.0, 0.1), **COMPOUND))
    first = result.rows[0]

    assert first.assumption == "growth_change"
    assert first.first_order == pytest.approx(1, abs=0.02)
    assert first.total == pytest.approx(1, abs=0.02)
    assert all(row.total == 0 for row in result.rows[1:])


def test_two_additive_assumptions_share_the_variance_by_their_variances(make_projectable):
    """On the log scale 5 c and 5 * 0.2 s / 2 add up, so their variances do."""
    # Triangles of half-width h have variance h^2 / 6. Growth observed over the two
    # years from 100 is g = 0.1 a year; (1 - s) g + c with h(c) = 0.03 and h(s) = 0.4
    # gives 0.03 against 0.04, so shares 9/25 and 16/25.
    base = repr(100 * float(np.exp(0.2)))
    result = sensitivity(
        make_projectable(
            100,
            base,
            growth_change=(-0.03, 0.0, 0.03),
            level_shift_share=(0.1, 0.5, 0.9),
            **COMPOUND,
        ),
        draws=4096,
    )

    assert row_of(result, "growth_change").first_order == pytest.approx(9 / 25, abs=0.02)
    assert row_of(result, "level_shift_share").first_order == pytest.approx(16 / 25, abs=0.02)


def test_the_tornado_ends_by_hand(make_projectable):
    """100 growing by e^(5 c): at c = -0.1 it is 60.65, at 0.1 it is 164.87."""
    result = sensitivity(make_projectable(100, 100, growth_change=(-0.1, 0.0, 0.1), **COMPOUND))
    row = row_of(result, "growth_change")

    assert row.headline_at_low == pytest.approx(100 * np.exp(-0.5))
    assert row.headline_at_high == pytest.approx(100 * np.exp(0.5))


def test_break_even_by_hand(make_projectable):
    """Little change turns into a rise where e^(5 c) passes 1.05: c = ln(1.05) / 5."""
    # A fall begins at ln(0.95) / 5 = -0.01026, further from zero than 0.00976.
    tables = make_projectable(100, 100, growth_change=(-0.1, 0.0, 0.1), **COMPOUND)
    row = row_of(sensitivity(tables), "growth_change")

    # The search stops within the allowed range over the number of draws: 0.2 / 1024.
    assert row.break_even == pytest.approx(np.log(1.05) / 5, abs=0.2 / 1024)


def test_an_assumption_that_changes_no_message_has_no_break_even(make_projectable):
    tables = make_projectable(100, 100, growth_change=(-0.1, 0.0, 0.1), **COMPOUND)

    assert row_of(sensitivity(tables), "overdispersion").break_even is None


def test_the_headline_is_the_pooled_median_of_the_projection(make_projectable):
    tables = make_projectable(growth_change=(-0.1, 0.0, 0.1), growth_volatility=0.1)
    rows = project_series(tables, "ships", **CHOICES).rows
    chosen = rows[
        (rows["scenario"] == "pooled")
        & (rows["model"] == "pool")
        & (rows["target_year"] == 2025)
        & (rows["output_type_id"] == 0.5)
    ]

    assert sensitivity(tables).headline == pytest.approx(chosen["value"].item(), rel=1e-12)


def test_rows_are_sorted_by_what_knowing_them_would_remove(make_projectable):
    tables = make_projectable(growth_change=(-0.1, 0.0, 0.1), growth_volatility=0.1)
    first_orders = [row.first_order for row in sensitivity(tables).rows]

    assert first_orders == sorted(first_orders, reverse=True)
