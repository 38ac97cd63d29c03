"""The register: rows found by rule and target, and rows that nothing reads."""

from dataclasses import replace

import pytest

from statedfigures.analysis.register import Register, register_faults, scenario_value
from statedfigures.analysis.rules import RULES, hedge_rule, implementation
from statedfigures.errors import AssumptionError


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_function_with_a_docstring(rule):
    assert implementation(rule).__doc__


def test_an_unknown_rule_is_told_the_nearest_name():
    with pytest.raises(AssumptionError, match="no rule is called 'dampin'; use damping"):
        implementation("dampin")


def test_a_row_for_the_target_goes_before_the_row_for_all(make_assumption):
    for_all = make_assumption("damping", 0.8)
    for_ships = make_assumption("damping", 0.6, target="ships")

    for rows in ((for_all, for_ships), (for_ships, for_all)):
        assert Register(rows).get("damping", "ships") is for_ships
        assert Register(rows).get("damping", "boats") is for_all


def test_a_missing_row_is_asked_for():
    with pytest.raises(AssumptionError, match="no row has rule 'damping' and applies to 'ships'"):
        Register(()).get("damping", "ships")


@pytest.mark.parametrize(
    "changes", [{"low": 0.9}, {"high": 0.7}, {"allowed_max": 0.79}, {"allowed_min": 0.81}]
)
def test_a_row_outside_its_own_range_is_refused(make_assumption, changes):
    row = replace(make_assumption("damping", 0.8), row=4, **changes)

    with pytest.raises(AssumptionError, match="row 4: damping has low"):
        Register((row,)).get("damping")


@pytest.mark.parametrize(
    ("effect", "values"),
    [("raises", [1, 2, 4]), ("lowers", [4, 2, 1]), ("widens", [2, 2, 2])],
)
def test_a_scenario_takes_the_end_that_moves_the_projection_its_way(
    make_assumption, effect, values
):
    row = replace(make_assumption("damping", 2.0, low=1.0, high=4.0), effect=effect)

    assert [scenario_value(row, name) for name in ("low", "central", "high")] == values


def test_complete_tables_have_no_fault_but_the_rows_that_nothing_reads(make_projectable):
    """No figure is hedged and nothing is annualised, so those rows are not read."""
    faults = register_faults(make_projectable())

    unread = {fault.found for fault in faults}
    assert unread == {
        "nothing reads annualisation_cutoff for all",
        "nothing reads annualisation_remaining_rate for all",
        "nothing reads claim_about for all",
        "nothing reads claim_almost for all",
        "nothing reads growth_period_years for all",
        "nothing reads hedge_about for all",
        "nothing reads hedge_expected for all",
        "nothing reads hedge_may_exceed for all",
    }


def test_a_missing_row_and_an_unknown_rule_are_faults(make_projectable):
    tables = make_projectable()
    rows = dict(tables.assumptions)
    rows["odd"] = replace(rows.pop("damping"), id="odd", rule="dampen", row=9)
    lines = [str(fault) for fault in register_faults(replace(tables, assumptions=rows))]

    assert (
        "assumptions.csv, column rule: no row has rule damping and applies to ships; "
        "add a row with rule damping and applies_to all"
    ) in lines
    assert "assumptions.csv, row 9, column rule: no rule is called 'dampen'; use damping" in lines


def test_a_row_that_is_overridden_everywhere_is_a_fault(make_projectable, make_assumption):
    """A row for the only series leaves the row for all with no reader."""
    tables = make_projectable()
    own = make_assumption("damping", 0.5, target="ships")
    tables = replace(tables, assumptions={**tables.assumptions, own.id: own})

    assert any(fault.found == "nothing reads damping for all" for fault in register_faults(tables))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, "hedge_revision"),
        ({"rounded_to": 100}, "rounding"),
        ({"unit": "percent"}, "rounding"),
        ({"qualifier": "less_than"}, "bound"),
        ({"qualifier": "projected"}, "annualisation_remaining_rate"),
    ],
)
def test_the_words_of_a_figure_choose_its_rule(make_figure, changes, rule):
    assert hedge_rule(make_figure(**changes)) == rule
