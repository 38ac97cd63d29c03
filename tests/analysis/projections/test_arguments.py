"""Arguments of a projection: every fault at once, in words that say what to do."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import statedfigures as sf
from statedfigures.analysis.assumptions import check_arguments
from statedfigures.analysis.claims import check_claims
from statedfigures.analysis.findings import tell_findings
from statedfigures.errors import ParameterError


def test_what_is_left_out_has_its_default(ships):
    arguments = check_arguments(ships)

    assert arguments.series == ("ships",)
    assert arguments.scenario == ("low", "central", "high")
    assert (arguments.horizon_year, arguments.draws, arguments.seed) == (2025, 16384, 1)


def test_scenarios_of_the_analyst_come_after_the_three(made_up):
    rows = [{"scenario": "calm", "assumption": "volatility", "value": 0.05}]
    release = made_up.ships(scenarios=rows)

    assert check_arguments(release).scenario == ("low", "central", "high", "calm")
    assert check_arguments(release, scenario="calm").scenario == ("calm",)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"scenario": "hgih"},
            "parameter scenario: 'hgih' is not one of low, central, high; did you mean 'high'?",
        ),
        ({"series": "boats"}, "parameter series: 'boats' is not one of ships"),
        ({"series": ["shps"]}, "'shps' is not one of ships; did you mean 'ships'?"),
        (
            {"horizon_year": 2050},
            "parameter horizon_year: 2050 is out of range; give a number from 2021 to 2030 "
            "(from the year after the release to the limit in release.toml)",
        ),
        ({"horizon_year": 2020}, "give a number from 2021 to 2030"),
        (
            {"horizon_year": "soon"},
            "parameter horizon_year: 'soon' is not a whole number; the default is 0",
        ),
        ({"draws": True}, "parameter draws: True is not a whole number; the default is 16384"),
        (
            {"draws": 1000},
            "parameter draws: 1000 is not a power of two, which scrambled Sobol points need; "
            "the nearest one below is 512",
        ),
        ({"draws": 32}, "parameter draws: 32 is out of range; give a number from 64 to 65536"),
        ({"seed": -1}, "parameter seed: -1 is out of range; give a number from 0 to 4294967295"),
    ],
)
def test_a_wrong_argument_is_refused_with_the_remedy(ships, arguments, message):
    with pytest.raises(ParameterError, match=re.escape(message)):
        check_arguments(ships, **arguments)


def test_all_faults_are_told_at_once(ships):
    with pytest.raises(ParameterError) as caught:
        check_arguments(ships, series="boats", scenario="calm", draws=100, seed=-1)

    names = [line.split(":")[0] for line in str(caught.value).splitlines()]
    assert names == [f"parameter {name}" for name in ("series", "scenario", "draws", "seed")]


def test_a_series_that_is_not_projected_says_why(made_up, ships):
    bounds = made_up.with_value(ships, "series", "ships", "projectable", "bounds_only")
    bounds = made_up.with_value(bounds, "series", "ships", "reason", "One lower bound is stated.")

    with pytest.raises(ParameterError, match=r"'ships' is not projected: One lower bound is"):
        check_arguments(bounds, series="ships")


def test_the_limit_is_that_of_the_release(ships):
    later = replace(ships, about=replace(ships.about, last_horizon=2040))

    assert check_arguments(later, horizon_year=2040).horizon_year == 2040


def test_numbers_out_of_a_frame_are_numbers(ships):
    year, draws = pd.Series([2024, 256]).astype("int64")

    arguments = check_arguments(ships, horizon_year=year, draws=draws, seed=np.uint8(3))

    assert (arguments.horizon_year, arguments.draws, arguments.seed) == (2024, 256, 3)


@pytest.mark.parametrize("call", [check_arguments, check_claims, tell_findings, sf.project])
@pytest.mark.parametrize("given", ["ships-2020", pd.DataFrame(), None])
def test_what_is_no_release_is_refused_with_the_way_to_one(call, given):
    with pytest.raises(ParameterError, match=r"is of type \w+; read one first: .*read_release\("):
        call(given)


def test_one_name_that_is_no_text_is_unknown(ships):
    with pytest.raises(ParameterError, match="parameter series: 5 is not one of ships"):
        check_arguments(ships, series=5)
