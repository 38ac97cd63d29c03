"""The register that is shipped: nothing in it is idle, and its projections are in order."""

from pathlib import Path

import numpy as np
import pytest

from statedfigures.analysis.claims import judge_claims
from statedfigures.analysis.hedges import hedged_figures
from statedfigures.analysis.projections import project_series
from statedfigures.analysis.quantiles import LEVELS
from statedfigures.analysis.register import register_faults
from statedfigures.analysis.rules import REPORT_RULES
from statedfigures.sources.release import read_release

DATA = Path(__file__).parents[2] / "data"
CHOICES = {"horizon_year": 2024, "draws": 256, "seed": 1}


@pytest.fixture(scope="module")
def tables():
    return read_release("weprotect-2014", data=DATA)


@pytest.fixture(scope="module")
def projections(tables):
    names = [series.id for series in tables.series.values() if series.projectable == "yes"]
    return {name: project_series(tables, name, **CHOICES) for name in names}


def test_every_row_is_read_and_none_is_missing(tables):
    assert register_faults(tables) == ()


def test_every_row_shows_up_as_an_input_of_some_result(tables, projections):
    """What the register declares to be read is what the results say they read."""
    topics = {figure.topic for figure in tables.figures.values()}
    inputs = {name for one in projections.values() for name in one.inputs}
    inputs |= {name for t in topics for one in hedged_figures(tables, t) for name in one.inputs}
    inputs |= {name for one in judge_claims(tables) for name in one.inputs}
    read = {name.removeprefix("assumption:") for name in inputs if name.startswith("assumption:")}

    rows = tables.assumptions.values()
    assert read == {row.id for row in rows if row.rule not in REPORT_RULES}


def test_every_series_that_may_be_projected_is(projections):
    assert set(projections) == {
        "image_offences",
        "distribution_offences",
        "tor_daily_users",
        "iwf_reports",
        "iwf_addresses",
    }


def test_scenarios_are_in_order_in_every_year(projections):
    """The medians; in the tails chance can turn a rise into a fall."""
    for projection in projections.values():
        rows = projection.rows[projection.rows["output_type_id"] == 0.5]
        table = rows.pivot_table(index=["model", "target_year"], columns="scenario", values="value")
        assert (table["low"] <= table["central"] * (1 + 1e-9)).all()
        assert (table["central"] <= table["high"] * (1 + 1e-9)).all()


def test_every_quantile_is_a_positive_number_in_order(projections):
    for projection in projections.values():
        values = projection.rows["value"].to_numpy().reshape(-1, len(LEVELS))
        assert np.isfinite(values).all()
        assert (values > 0).all()
        assert (np.diff(values, axis=1) >= 0).all()


def test_a_role_decided_every_row_and_a_review_is_due(tables):
    for row in tables.assumptions.values():
        assert row.decided_by == "analyst"
        assert row.decided_on < row.review_by


def test_the_register_owns_up_to_outturns_that_were_known(tables):
    """Rows of the series that have an outturn say that it was known."""
    scored = {series.id for series in tables.series.values() if series.outturn_series}
    growth = [
        row
        for row in tables.assumptions.values()
        if row.rule == "growth_change" and scored & set(row.applies_to)
    ]

    assert growth
    assert all("known" in row.basis for row in growth)
