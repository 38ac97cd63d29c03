"""Values of assumptions: drawn, held, and refused outside their range."""

from dataclasses import replace

import numpy as np
import pytest

from statedfigures.analysis.draws import sobol_draws
from statedfigures.analysis.engine import evaluate
from statedfigures.analysis.model import model_of
from statedfigures.analysis.scenarios import scenario_overrides
from statedfigures.analysis.values import assumption_values
from statedfigures.errors import AssumptionError, ParameterError


@pytest.fixture
def model(make_projectable):
    return model_of(make_projectable(growth_change=(-0.1, 0.0, 0.1)), "ships")


def test_an_assumption_can_be_held(model):
    draws = sobol_draws(16, 1)

    assert assumption_values(model, draws, {"growth_change": 0.05})["growth_change"] == 0.05
    assert np.ptp(assumption_values(model, draws)["growth_change"]) > 0.1


def test_a_value_outside_the_allowed_range_is_refused(model):
    row = replace(model.rows["growth_change"], allowed_max=0.1, row=6)
    model = replace(model, rows={**model.rows, "growth_change": row})

    with pytest.raises(AssumptionError, match="row 6: growth_change is read at"):
        evaluate(model, sobol_draws(16, 1), (1,), {"growth_change": 0.3})


def test_an_assumption_that_the_series_does_not_read_is_named(model):
    with pytest.raises(AssumptionError, match="ships reads no assumption called tides"):
        assumption_values(model, sobol_draws(16, 1), {"tides": 1.0})


def test_a_row_that_serves_two_figures_has_one_value_in_each_draw(make_projectable):
    model = model_of(make_projectable(hedge_revision=(0.0, 1.0, 3.0)), "ships")
    values = assumption_values(model, sobol_draws(16, 1))

    assert np.array_equal(values["base_hedge"], values["start_hedge"])


def test_an_unknown_scenario_is_refused(model):
    with pytest.raises(ParameterError, match="'hihg' is unknown; use one of low, central, high"):
        scenario_overrides(model, "hihg")
