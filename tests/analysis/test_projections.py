"""Projections of a series: laws, and quantiles in closed form."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statedfigures.analysis.distributions import standard_normal
from statedfigures.analysis.projections import bounds_of, growth_observed, project_series
from statedfigures.analysis.quantiles import LEVELS
from statedfigures.errors import (
    AssumptionError,
    ComparabilityError,
    DataError,
    ParameterError,
)

# Ranges under which everything is uncertain at once.
RESTLESS = {
    "hedge_revision": (0.0, 1.0, 3.0),
    "level_shift_share": (0.1, 0.4, 0.8),
    "growth_change": (-0.05, 0.0, 0.05),
    "growth_volatility": (0.02, 0.05, 0.1),
    "growth_persistence": (0.0, 0.3, 0.9),
    "overdispersion": (2.0, 5.0, 10.0),
    "damping": (0.7, 0.85, 0.95),
    "saturation_ceiling": (1.5, 2.0, 4.0),
}
# Every form but one gets no weight.
COMPOUND = {
    "form_weight_no_change": 0.0,
    "form_weight_linear": 0.0,
    "form_weight_damped": 0.0,
    "form_weight_saturating": 0.0,
}


def project(tables, **changes):
    """Project the ships with few draws."""
    return project_series(
        tables, "ships", **{"horizon_year": 2025, "draws": 256, "seed": 1, **changes}
    )


def values(projection, **where):
    """Give the values of the rows that match."""
    rows = projection.rows
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows["value"].to_numpy()


def test_a_projection_has_a_row_for_each_scenario_model_year_and_level(make_projectable):
    projection = project(make_projectable(**RESTLESS))

    assert len(projection.rows) == 4 * 6 * 5 * 9
    assert list(projection.rows.columns) == [
        "series", "scenario", "model", "target_year",
        "output_type", "output_type_id", "value", "unit",
    ]  # fmt: skip
    assert set(projection.rows["scenario"]) == {"low", "central", "high", "pooled"}
    assert projection.rows["output_type_id"].iloc[:9].tolist() == list(LEVELS)
    assert sum(projection.weights.values()) == pytest.approx(1)


def test_ten_percent_a_year_by_hand(make_projectable):
    """From 100 in 2018 to 121 in 2020 is 10% a year: 133.1, then 146.41."""
    projection = project(make_projectable(100, 121))

    for scenario in ("low", "central", "high", "pooled"):
        compound = values(projection, scenario=scenario, model="compound", output_type_id=0.5)
        assert compound[:2].tolist() == pytest.approx([133.1, 146.41])
    assert projection.observed_annual_growth_fraction == pytest.approx(0.1)


@settings(max_examples=25, deadline=None)
@given(level=st.integers(1, 10**6))
def test_zero_growth_changes_nothing(make_projectable, level):
    projection = project(make_projectable(level, level), draws=16)

    assert projection.rows["value"].to_numpy() == pytest.approx(level)


@settings(max_examples=25, deadline=None)
@given(start=st.integers(1, 10**5), growth=st.floats(-0.3, 1.0), years=st.integers(1, 9))
def test_growth_put_in_is_growth_got_back(make_projectable, start, growth, years):
    base = Decimal(repr(start * (1 + growth) ** years))

    tables = make_projectable(start, base, start_year=2020 - years)
    assert growth_observed(tables, "ships") == pytest.approx(growth, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(start=st.integers(50, 1000), base=st.integers(50, 1000))
def test_doubling_the_base_doubles_everything(make_projectable, start, base):
    """Without the chance of counting, which is smaller for larger counts."""
    restless = {**RESTLESS, "overdispersion": 0.0}
    once = project(make_projectable(start, base, **restless), draws=64)
    twice = project(make_projectable(2 * start, 2 * base, **restless), draws=64)

    assert twice.rows["value"].to_numpy() == pytest.approx(2 * once.rows["value"].to_numpy())


@settings(max_examples=10, deadline=None)
@given(change=st.floats(-0.2, 0.2), more=st.floats(0, 0.2))
def test_higher_growth_never_lowers_a_value(make_projectable, change, more):
    lower = project(make_projectable(**{**RESTLESS, "growth_change": change}), draws=64)
    higher = project(make_projectable(**{**RESTLESS, "growth_change": change + more}), draws=64)

    # Only the pooled rows draw assumptions; the draws are the same for both.
    assert (higher.rows["value"] >= lower.rows["value"] * (1 - 1e-12)).all()


@settings(max_examples=10, deadline=None)
@given(
    start=st.integers(50, 1000),
    base=st.integers(50, 1000),
    damping=st.floats(0.05, 1.0),
)
def test_the_damped_projection_lies_between_no_change_and_the_undamped_one(
    make_projectable, start, base, damping
):
    projection = project(make_projectable(start, base, damping=damping), draws=16)
    still, damped, undamped = (
        values(projection, model=model) for model in ("no_change", "damped", "compound")
    )

    assert (np.minimum(still, undamped) <= damped * (1 + 1e-9)).all()
    assert (damped <= np.maximum(still, undamped) * (1 + 1e-9)).all()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), start=st.integers(50, 500), base=st.integers(50, 500))
def test_quantiles_are_ordered(make_projectable, seed, start, base):
    projection = project(make_projectable(start, base, **RESTLESS), draws=64, seed=seed)

    table = projection.rows["value"].to_numpy().reshape(-1, len(LEVELS))
    assert (np.diff(table, axis=1) >= 0).all()
    assert list(projection.base_quantiles) == list(LEVELS)


@settings(max_examples=10, deadline=None)
@given(rise=st.floats(0, 1.0))
def test_low_is_below_central_is_below_high(make_projectable, rise):
    """The assumptions are ordered by their effect where what was observed is a rise."""
    # Chance in the two counts could make a rise a fall, so they are taken as they stand;
    # and a change of growth that is never below zero keeps every scenario rising.
    ordered = {
        **RESTLESS,
        "hedge_revision": 0.0,
        "overdispersion": 0.0,
        "growth_change": (0.0, 0.02, 0.05),
    }
    tables = make_projectable(100, Decimal(repr(100 * (1 + rise))), **ordered)
    projection = project(tables, draws=64)
    low, central, high = (values(projection, scenario=name) for name in ("low", "central", "high"))

    assert (low <= central * (1 + 1e-12)).all()
    assert (central <= high * (1 + 1e-12)).all()


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_permuting_the_rows_of_any_table_changes_nothing(make_projectable, data):
    tables = make_projectable(**RESTLESS)
    shuffled = {
        name: dict(data.draw(st.permutations(list(getattr(tables, name).items()))))
        for name in ("figures", "claims", "series", "assumptions", "published")
    }
    once, again = project(tables, draws=16), project(replace(tables, **shuffled), draws=16)

    assert once.rows.equals(again.rows)
    assert once.inputs == again.inputs


@pytest.mark.parametrize("persistence", [0.0, 0.4, 1.0])
def test_quantiles_against_the_closed_form(make_projectable, persistence):
    """Compound growth with normal yearly growth is log-normal, and its quantiles are known."""
    # After k years ln X = ln B + k g + s sqrt(p k^2 + (1 - p) k) z.
    tables = make_projectable(
        100, 121, growth_volatility=0.1, growth_persistence=persistence, **COMPOUND
    )
    projection = project(tables, draws=4096)
    for k in (1, 5):
        spread = 0.1 * np.sqrt(persistence * k**2 + (1 - persistence) * k)
        found = values(projection, scenario="pooled", model="pool", target_year=2020 + k)

        # One source of chance and one point in each 4,096th of it: a quantile between
        # two points lies at most two of these parts from its level.
        lower, upper = (
            121 * 1.1**k * np.exp(spread * standard_normal(np.array(LEVELS) + parts / 4096))
            for parts in (-2, 2)
        )
        assert (lower < found).all()
        assert (found < upper).all()


def test_a_part_of_a_year_is_annualised_before_it_grows(make_projectable):
    """90 in three quarters of 2020 is 120 in the year, 20% up on 100 in 2019."""
    tables = make_projectable(100, 90, start_year=2019)
    part = replace(tables.figures["after"], period_kind="part_year", period_end=date(2020, 9, 30))
    tables = replace(tables, figures={**tables.figures, "after": part})
    projection = project(tables)

    assert projection.base_quantiles[0.5] == pytest.approx(120)
    assert projection.observed_annual_growth_fraction == pytest.approx(0.2)
    compound = values(projection, scenario="central", model="compound", output_type_id=0.5)
    assert compound[0] == pytest.approx(144)


def test_a_rise_without_its_base_grows_over_the_assumed_years(make_projectable, make_claim):
    """Up by a half over two years is the square root of 1.5 a year."""
    tables = make_projectable(
        changes={"growth_from": "", "growth_to": "", "growth_claim": "rise"},
        growth_period_years=2.0,
    )
    claim = make_claim(stated_value=Decimal("0.5"), stated_unit="fraction", qualifier="about")
    tables = replace(tables, claims={"rise": claim})

    assert growth_observed(tables, "ships") == pytest.approx(1.5**0.5 - 1)
    assert "claim:rise" in project(tables).inputs


def test_a_longer_horizon_leaves_the_earlier_years_as_they_were(make_projectable):
    tables = make_projectable(**RESTLESS)
    short, long = project(tables, horizon_year=2022), project(tables, horizon_year=2030)

    early = long.rows[long.rows["target_year"] <= 2022].reset_index(drop=True)
    assert short.rows.equals(early)


def test_years_beyond_the_default_horizon_are_marked(make_projectable):
    """The release is of 2020 and the default is five years."""
    assert project(make_projectable(), horizon_year=2025).marked_from is None
    assert project(make_projectable(), horizon_year=2026).marked_from == 2026


def test_everything_that_was_read_is_named(make_projectable):
    inputs = project(make_projectable()).inputs

    assert {"figure:before", "figure:after", "parameter:horizon_year"} <= set(inputs)
    assert "assumption:damping" in inputs
    assert "assumption:growth_period_years" not in inputs


@pytest.mark.parametrize("horizon_year", [2020, 2041])
def test_a_horizon_outside_the_range_is_refused(make_projectable, horizon_year):
    with pytest.raises(ParameterError, match=f"{horizon_year} is outside 2021 to 2040"):
        project(make_projectable(), horizon_year=horizon_year)


def test_an_unknown_series_is_refused_with_the_known_ones(make_projectable):
    with pytest.raises(ParameterError, match="no series is called 'boats'; use one of ships"):
        project_series(make_projectable(), "boats", horizon_year=2025, draws=16, seed=1)


def test_a_series_of_bounds_is_not_projected(make_projectable):
    tables = make_projectable(changes={"projectable": "bounds_only", "reason": "One bound."})

    with pytest.raises(ParameterError, match=r"ships is not projected \(bounds_only\): One bound."):
        project(tables)
    assert [figure.id for figure, _ in bounds_of(tables, "ships").rows] == ["before", "after"]


def test_growth_across_two_units_is_refused_and_both_are_named(make_projectable):
    tables = make_projectable()
    boats = replace(tables.figures["before"], unit="boats")
    tables = replace(tables, figures={**tables.figures, "before": boats})

    with pytest.raises(
        ComparabilityError, match="before and after cannot be chained: boats against ships"
    ):
        project(tables)


def test_a_bound_is_never_the_base_of_a_trend(make_projectable):
    tables = make_projectable()
    bound = replace(tables.figures["before"], qualifier="less_than")
    tables = replace(tables, figures={**tables.figures, "before": bound})

    with pytest.raises(DataError, match="before is a bound, never the base of a trend"):
        project(tables)


def test_an_assumption_outside_its_range_stops_the_projection(make_projectable):
    tables = make_projectable()
    row = replace(tables.assumptions["damping"], allowed_max=0.5, row=3)
    tables = replace(tables, assumptions={**tables.assumptions, "damping": row})

    with pytest.raises(AssumptionError, match="row 3: damping has low"):
        project(tables)
