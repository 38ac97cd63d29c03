"""Forms of a path: laws that hold for every growth and horizon."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.forms import FORMS, Shape, chosen_form, normalised_weights
from statedfigures.errors import AssumptionError

GROWTH = st.floats(-0.8, 0.8)
STEP = st.integers(1, 20)
SPAN = st.floats(0.5, 10)
DAMPING = st.floats(0.05, 1)
CEILING = st.floats(1.05, 20)
FORM = st.sampled_from(sorted(FORMS))


def path(form, growth, step, span=2.0, damping=0.8, ceiling=3.0):
    """Give the log of one path over its base."""
    shape = Shape(span, damping, ceiling)
    return float(FORMS[form](np.array([growth]), np.array([[float(step)]]), shape)[0, 0])


@given(form=FORM, step=STEP, span=SPAN, damping=DAMPING, ceiling=CEILING)
def test_zero_growth_changes_nothing(form, step, span, damping, ceiling):
    assert path(form, 0.0, step, span, damping, ceiling) == 0


@given(
    form=FORM, growth=GROWTH, more=st.floats(0, 0.5), step=STEP,
    span=SPAN, damping=DAMPING, ceiling=CEILING,
)  # fmt: skip
def test_higher_growth_never_lowers_a_value(form, growth, more, step, span, damping, ceiling):
    lower = path(form, growth, step, span, damping, ceiling)

    assert path(form, growth + more, step, span, damping, ceiling) >= lower - 1e-12


@given(form=FORM, growth=GROWTH, step=STEP, span=SPAN, damping=DAMPING, ceiling=CEILING)
def test_a_fall_is_the_mirror_of_a_rise(form, growth, step, span, damping, ceiling):
    up = path(form, growth, step, span, damping, ceiling)

    assert path(form, -growth, step, span, damping, ceiling) == pytest.approx(-up, abs=1e-12)


@given(growth=GROWTH, step=STEP, damping=DAMPING)
def test_a_damped_path_lies_between_no_change_and_its_undamped_one(growth, step, damping):
    ends = sorted((0.0, path("compound", growth, step)))

    assert ends[0] - 1e-9 <= path("damped", growth, step, damping=damping) <= ends[1] + 1e-9


@given(growth=GROWTH, step=STEP, ceiling=CEILING)
def test_a_saturating_path_stays_below_its_ceiling(growth, step, ceiling):
    assert abs(path("saturating", growth, step, ceiling=ceiling)) <= np.log(ceiling) + 1e-12


@given(growth=GROWTH, first=STEP, second=STEP)
def test_two_compound_steps_equal_one(growth, first, second):
    parts = path("compound", growth, first) + path("compound", growth, second)

    assert parts == pytest.approx(path("compound", growth, first + second), abs=1e-12)


@given(growth=GROWTH, first=STEP, second=STEP, damping=DAMPING)
def test_two_damped_steps_equal_one(growth, first, second, damping):
    """Stopping after k years leaves d^k of the growth to start again with."""
    left = growth * damping**first
    parts = path("damped", growth, first, damping=damping)
    parts += path("damped", left, second, damping=damping)

    assert parts == pytest.approx(path("damped", growth, first + second, damping=damping), abs=1e-9)


@given(growth=st.floats(0.01, 0.8), first=STEP, second=STEP, span=SPAN)
def test_two_linear_steps_equal_one(growth, first, second, span):
    """The line from the new base back to the old start has the same slope."""
    reached = path("linear", growth, first, span)
    new_span = span + first
    new_growth = (reached + growth * span) / new_span
    parts = reached + path("linear", new_growth, second, new_span)

    assert parts == pytest.approx(path("linear", growth, first + second, span), abs=1e-9)


@given(growth=st.floats(0.01, 0.8), first=STEP, second=STEP, ceiling=st.floats(1.5, 20))
def test_two_saturating_steps_equal_one(growth, first, second, ceiling):
    """The same ceiling is a smaller multiple of the new base; the rate stays."""
    reached = path("saturating", growth, first, ceiling=ceiling)
    rate = growth * ceiling / (ceiling - 1)
    new_ceiling = ceiling / np.exp(reached)
    if new_ceiling < 1 + 1e-6:
        return
    new_growth = rate * (new_ceiling - 1) / new_ceiling
    parts = reached + path("saturating", new_growth, second, ceiling=new_ceiling)

    whole = path("saturating", growth, first + second, ceiling=ceiling)
    assert parts == pytest.approx(whole, abs=1e-6)


def test_a_linear_path_goes_on_by_the_same_number():
    """From 100 in 2018 to 121 in 2020 is 10.5 a year: 131.5, then 142."""
    growth = np.log(1.21) / 2

    assert 121 * np.exp(path("linear", growth, 1)) == pytest.approx(131.5)
    assert 121 * np.exp(path("linear", growth, 2)) == pytest.approx(142.0)


def test_a_damped_path_by_hand():
    """Growth 0.1, damping 0.8: 0.08, then 0.08 + 0.064."""
    assert path("damped", 0.1, 1) == pytest.approx(0.08)
    assert path("damped", 0.1, 2) == pytest.approx(0.144)


def test_forms_are_chosen_in_proportion_to_their_weights():
    """Of 2^14 even points, the shares come within a hundredth of 1:3:6."""
    from scipy.stats import qmc

    points = qmc.Sobol(3, rng=1).random_base2(14).T
    chosen = chosen_form([0.1, 0.3, 0.6], points)

    assert (np.bincount(chosen) / 2**14).tolist() == pytest.approx([0.1, 0.3, 0.6], abs=0.01)


@pytest.mark.parametrize("weights", [[0.0, 0.0], [-0.1, 1.0]])
def test_weights_that_cannot_be_shares_are_refused(weights):
    with pytest.raises(AssumptionError, match="form weights must be zero or more"):
        normalised_weights(weights)
