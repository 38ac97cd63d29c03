"""Parameters are settled, or refused in words, before anything runs."""

import pytest

from statedfigures.errors import ParameterError
from statedfigures.reports.limits import Allowed, require_allowed
from statedfigures.reports.parameters import (
    Parameter,
    declared_parameter,
    merge_parameters,
    read_value,
    shared_parameters,
)

SCENARIO = Parameter("scenario", "str", "central", "low, central or high")
YEAR = Parameter("horizon_year", "int", 2019, "last year projected")
SHARE = Parameter("share", "float", 0.5, "")
SHOWN = Parameter("shown", "bool", True, "")
DECLARED = {
    "offences": {
        "scenario": SCENARIO,
        "horizon_year": YEAR,
        "topic": Parameter("topic", "str", "offences", ""),
    },
    "tor": {
        "scenario": SCENARIO,
        "horizon_year": YEAR,
        "topic": Parameter("topic", "str", "tor", ""),
        "seed": Parameter("seed", "int", 1, ""),
    },
}
ALLOWED = {
    "scenario": Allowed(choices=("low", "central", "high")),
    "horizon_year": Allowed(minimum=2015, maximum=2034, because="the limit in assumptions.csv"),
}


def message_of(call, *arguments, **keywords):
    with pytest.raises(ParameterError) as caught:
        call(*arguments, **keywords)
    return str(caught.value)


def test_defaults_are_filled_in_so_that_stating_one_changes_nothing():
    unstated = merge_parameters(DECLARED, {}, ALLOWED)

    assert unstated["tor"] == {
        "scenario": "central",
        "horizon_year": 2019,
        "topic": "tor",
        "seed": 1,
    }
    assert merge_parameters(DECLARED, {"scenario": "central"}, ALLOWED) == unstated


def test_a_parameter_that_only_one_page_has_is_set_there():
    merged = merge_parameters(DECLARED, {"seed": "7"}, ALLOWED)

    assert merged["tor"]["seed"] == 7
    assert "seed" not in merged["offences"]


def test_a_misspelt_name_is_refused_with_the_nearest_valid_one():
    assert message_of(merge_parameters, DECLARED, {"scenaro": "high"}, ALLOWED) == (
        "parameter 'scenaro' is unknown; did you mean 'scenario'? "
        "The parameters are horizon_year, scenario, seed, topic"
    )


def test_a_name_unlike_any_other_is_refused_with_the_list():
    assert message_of(merge_parameters, DECLARED, {"zzz": "1"}, ALLOWED) == (
        "parameter 'zzz' is unknown; The parameters are horizon_year, scenario, seed, topic"
    )


def test_a_name_of_another_page_says_whose_it_is():
    assert message_of(merge_parameters, DECLARED, {"seed": "1"}, ALLOWED, only=["offences"]) == (
        "parameter seed: none of the pages offences has it; it belongs to tor"
    )


def test_a_parameter_that_means_something_else_on_each_page_needs_a_page():
    assert message_of(merge_parameters, DECLARED, {"topic": "tor"}, ALLOWED) == (
        "parameter topic: its meaning differs between the pages offences, tor; "
        "set it for one page with --only offences"
    )
    assert merge_parameters(DECLARED, {"topic": "iwf"}, ALLOWED, only=["tor"])["tor"]["topic"] == (
        "iwf"
    )


def test_an_unknown_page_is_refused_with_the_nearest_one():
    assert message_of(merge_parameters, DECLARED, {}, ALLOWED, only=["ofences"]) == (
        "page 'ofences' is unknown; did you mean 'offences'? The pages are offences, tor"
    )


@pytest.mark.parametrize(
    ("parameter", "text", "message"),
    [
        (YEAR, "soon", "parameter horizon_year: 'soon' is not a whole number; the default is 2019"),
        (YEAR, "2019.5", "'2019.5' is not a whole number"),
        (YEAR, "2_019", "'2_019' is not a whole number"),
        (YEAR, "２０１９", "'２０１９' is not a whole number"),
        (SHARE, "half", "parameter share: 'half' is not a number; the default is 0.5"),
        (SHARE, "nan", "parameter share: 'nan' is not a finite number; the default is 0.5"),
        (SHARE, "1e999", "'1e999' is not a finite number"),
        (SHOWN, "1", "parameter shown: '1' is not true or false; the default is True"),
    ],
)
def test_a_text_of_the_wrong_type_is_refused(parameter, text, message):
    assert message in message_of(read_value, parameter, text)


def test_a_text_is_read_as_its_annotation_says():
    assert read_value(YEAR, "2034") == 2034
    assert read_value(SHARE, "1") == 1.0
    assert read_value(SHOWN, "False") is False
    assert read_value(SCENARIO, "2034") == "2034"


def test_a_value_that_is_no_choice_is_refused_with_the_nearest():
    assert message_of(merge_parameters, DECLARED, {"scenario": "hihg"}, ALLOWED) == (
        "parameter scenario: 'hihg' is not one of low, central, high; did you mean 'high'?"
    )


@pytest.mark.parametrize("year", ["2014", "2035"])
def test_a_year_out_of_range_is_refused_with_the_range_and_what_sets_it(year):
    assert message_of(merge_parameters, DECLARED, {"horizon_year": year}, ALLOWED) == (
        f"parameter horizon_year: {year} is out of range; give a number from 2015 to 2034 "
        "(the limit in assumptions.csv)"
    )


@pytest.mark.parametrize("year", ["2015", "2034"])
def test_both_ends_of_a_range_are_allowed(year):
    assert merge_parameters(DECLARED, {"horizon_year": year}, ALLOWED)["tor"][
        "horizon_year"
    ] == int(year)


def test_draws_are_a_power_of_two():
    """Between 4096 and 8192 the one below 5000 is 4096."""
    allowed = Allowed(minimum=2, power_of_two=True)
    require_allowed("draws", 4096, allowed)

    assert message_of(require_allowed, "draws", 5000, allowed) == (
        "parameter draws: 5000 is not a power of two, which scrambled Sobol points need; "
        "the nearest one below is 4096"
    )
    assert message_of(require_allowed, "draws", -4, allowed) == (
        "parameter draws: -4 is out of range; give a number from 2"
    )


def test_a_declaration_without_annotation_takes_the_type_of_its_default():
    assert declared_parameter("seed", "None", "1", "") == Parameter("seed", "int", 1, "")


@pytest.mark.parametrize(
    ("annotation", "default"), [("int", "'x'"), ("str", "name()"), ("list", "[1]"), ("int", "1.5")]
)
def test_a_declaration_whose_default_is_not_of_its_type_is_refused(annotation, default):
    assert message_of(declared_parameter, "seed", annotation, default, "").startswith(
        f"parameter seed: its default {default} in the notebook is not a plain value of type"
    )


def test_shared_parameters_are_those_with_one_value():
    merged = merge_parameters(DECLARED, {}, ALLOWED)

    assert shared_parameters(merged) == {"horizon_year": 2019, "scenario": "central", "seed": 1}
