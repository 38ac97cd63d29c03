"""A projection with assumptions held: what the pages repeat for a reader."""

import pytest

from statedfigures.analysis.draws import sobol_draws
from statedfigures.analysis.held import project_held
from statedfigures.analysis.model import model_of
from statedfigures.analysis.projections import project_series
from statedfigures.analysis.scenarios import scenario_overrides
from statedfigures.errors import AssumptionError
from statedfigures.sources.release import read_release

SERIES = ("distribution_offences", "image_offences", "iwf_addresses", "iwf_reports")


@pytest.fixture(scope="module")
def tables():
    """Read the release that the report is about."""
    return read_release("weprotect-2014")


def held(tables, name, values, scenario="central", horizon_year=2019):
    """Project a series with 256 draws."""
    model = model_of(tables, name)
    return project_held(
        model, sobol_draws(256, 7), values, scenario=scenario, horizon_year=horizon_year
    )


@pytest.mark.parametrize("scenario", ["low", "central", "high"])
@pytest.mark.parametrize("name", [*SERIES, "tor_daily_users"])
def test_with_nothing_held_it_is_the_published_projection(tables, name, scenario):
    published = project_series(tables, name, horizon_year=2021, draws=256, seed=7)
    columns = ["scenario", "model", "target_year", "output_type_id", "value"]
    rows = {tuple(row[:4]): row[4] for row in published.rows[columns].itertuples(index=False)}

    again = held(tables, name, {}, scenario, 2021)

    assert again.base == published.base_quantiles
    assert again.middle == rows[scenario, "pool", 2021, 0.5]
    assert {
        ("pooled", "pool", year, level): value
        for year, row in again.fan.items()
        for level, value in row.items()
    } == {key: value for key, value in rows.items() if key[:2] == ("pooled", "pool")}


def test_what_the_scenario_holds_gives_way_to_what_the_reader_holds(tables):
    model = model_of(tables, "image_offences")
    high = scenario_overrides(model, "high")

    moved = held(tables, "image_offences", {"image_growth_change": -0.06}, "high")
    by_hand = held(tables, "image_offences", {**high, "image_growth_change": -0.06}, "low")

    assert moved.middle == by_hand.middle
    assert moved.middle < held(tables, "image_offences", {}, "high").middle


def test_holding_what_matters_narrows_the_fan(tables):
    def width(values):
        last = held(tables, "image_offences", values).fan[2019]
        return last[0.95] / last[0.05]

    assert width({"image_volatility": 0.03}) < width({}) < width({"image_volatility": 0.12})


def test_an_assumption_that_the_series_does_not_read_is_refused(tables):
    with pytest.raises(AssumptionError, match="reads no assumption called tor_volatility"):
        held(tables, "image_offences", {"tor_volatility": 0.2})
