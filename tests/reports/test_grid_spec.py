"""The file of a grid: every set named, every fault told before anything runs."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from statedfigures.errors import ParameterError
from statedfigures.reports.grid_plan import plan_grid
from statedfigures.reports.grid_spec import MOST_SETS, name_of, read_spec
from tests.reports.conftest import RELEASES, SMALL_NOTEBOOKS

SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*")


def spec_of(folder, text, name="trial.toml"):
    """Write a file and read it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_spec(path)


def plan_of(folder, text):
    """Write a file and settle its grid on the small report."""
    return plan_grid(
        spec_of(folder, text),
        out=folder / "out",
        data=RELEASES,
        notebooks_folder=SMALL_NOTEBOOKS,
    )


def test_a_product_makes_every_combination_and_the_last_parameter_turns_quickest(tmp_path):
    spec = spec_of(tmp_path, '[product]\nscenario = ["low", "high"]\nhorizon_year = [2025, 2026]\n')

    assert [one.name for one in spec.sets] == [
        "scenario-low_horizon-year-2025",
        "scenario-low_horizon-year-2026",
        "scenario-high_horizon-year-2025",
        "scenario-high_horizon-year-2026",
    ]
    assert spec.sets[2].given == {"scenario": "high", "horizon_year": "2025"}


def test_listed_sets_may_be_named_and_share_parameters(tmp_path):
    spec = spec_of(
        tmp_path,
        'release = "small-release"\n[parameters]\nhorizon_year = 2027\n'
        '[[sets]]\nname = "cautious"\nscenario = "low"\n[[sets]]\nscenario = "high"\n',
    )

    assert spec.release == "small-release"
    assert [(one.name, one.given) for one in spec.sets] == [
        ("cautious", {"horizon_year": "2027", "scenario": "low"}),
        ("scenario-high", {"horizon_year": "2027", "scenario": "high"}),
    ]


def test_values_are_taken_as_on_the_command_line(tmp_path):
    (one,) = spec_of(tmp_path, "[[sets]]\nflag = true\nshare = 0.5\nseed = 7\n").sets

    assert one.given == {"flag": "true", "share": "0.5", "seed": "7"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "trial.toml, product, sets: neither is there; give a table [product] of lists"),
        ("[product]\na = [1]\n[[sets]]\nb = 1", "trial.toml, product, sets: both are there; "),
        ("[product]", "trial.toml, product: holds no list; "),
        ("product = 3", "trial.toml, product: holds no list; "),
        ("[product]\na = []", "trial.toml, product.a: is not a list with values; "),
        ('[product]\na = "low"', "trial.toml, product.a: is not a list with values; "),
        ("[product]\na = [1, 1]", 'trial.toml, product.a: "1" is listed twice; '),
        ("[product]\na = [[1]]", "trial.toml, product.a: is a list; give a text, a number, "),
        ("[product]\na = [2020-01-01]", "trial.toml, product.a: is a date; give a text"),
        ("sets = []", "trial.toml, sets: is not a list of tables; write [[sets]]"),
        ("sets = [1]", "trial.toml, sets: is not a list of tables; write [[sets]]"),
        ("[[sets]]\n[[sets]]", 'trial.toml, sets, entry 2: has the name "as-declared" of sets,'),
        ('[[sets]]\nname = "../up"', 'trial.toml, sets, entry 1, name: "../up" cannot name'),
        ('[[sets]]\nname = "index.html"', '"index.html" cannot name a folder; '),
        ('[[sets]]\nname = "con"', '"con" cannot name a folder; '),
        ("[[sets]]\nname = 3", 'trial.toml, sets, entry 1, name: "3" cannot name'),
        ("prodct = 1", 'trial.toml, prodct: is no key of a grid; did you mean "product"?'),
        ("release = 1\n[[sets]]", "trial.toml, release: 1 is not a text; "),
        ("parameters = 1\n[[sets]]", "trial.toml, parameters: is not a table; "),
        ('[[sets]]\nrelease = "x"', "trial.toml, sets, entry 1.release: a grid is about one"),
        ("[parameters]\na = 1\n[product]\na = [2]", "parameters.a: stands in [product] too; "),
        ("[product", "trial.toml: is not TOML (Expected "),
        ("a = " + "9" * 5000, "trial.toml: holds a value too large to be read; shorten it"),
        ("a = " + "[" * 5000, "trial.toml: holds a value too large to be read; shorten it"),
    ],
)
def test_a_fault_names_the_file_the_key_what_was_found_and_what_to_do(tmp_path, text, message):
    with pytest.raises(ParameterError) as refused:
        spec_of(tmp_path, text)

    assert message in str(refused.value)
    assert "; " in str(refused.value)


def test_an_absurd_number_of_sets_is_refused_before_they_are_made(tmp_path):
    listed = "\n".join(f"p{number} = {list(range(100))}" for number in range(20))
    with pytest.raises(ParameterError, match=rf"makes 1(0+|,000)+ sets, more than {MOST_SETS:,}"):
        spec_of(tmp_path, f"[product]\n{listed}")


@pytest.mark.parametrize("name", ["UPPER.toml", "with space.toml", "-x.toml", ".toml"])
def test_a_file_whose_name_cannot_name_a_folder_is_refused(tmp_path, name):
    with pytest.raises(ParameterError, match="cannot name a folder; name the file in small"):
        spec_of(tmp_path, "[[sets]]", name)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"gone.toml: cannot be read \(No such file"):
        read_spec(tmp_path / "gone.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ParameterError, match=r"bytes\.toml: is not UTF-8; save it as UTF-8"):
        read_spec(tmp_path / "bytes.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[product]\nscenrio = ["low"]',
            "trial.toml, product.scenrio: parameter 'scenrio' is unknown; did you mean 'scenario'?",
        ),
        (
            '[product]\nscenario = ["low", "hgh"]',
            "trial.toml, product.scenario: parameter scenario: 'hgh' is not one of low, central",
        ),
        (
            "[product]\nhorizon_year = [2026, 1850]",
            "trial.toml, product.horizon_year: parameter horizon_year: 1850 is out of range; ",
        ),
        (
            "[parameters]\nhorizon_year = 20.5\n[[sets]]",
            "trial.toml, parameters.horizon_year: parameter horizon_year: '20.5' is not a whole",
        ),
        (
            '[[sets]]\n[[sets]]\nname = "again"\nscenario = "central"',
            "trial.toml, sets, entry 2: means the same as sets, entry 1: the parameters have",
        ),
    ],
)
def test_a_value_that_the_report_does_not_take_is_told_by_its_key(tmp_path, text, message):
    with pytest.raises(ParameterError) as refused:
        plan_of(tmp_path, f'release = "small-release"\n{text}')

    assert str(refused.value).startswith(message)
    assert not (tmp_path / "out").exists()


def test_the_parameters_that_vary_are_those_in_which_the_sets_differ(tmp_path):
    grid = plan_of(
        tmp_path,
        'release = "small-release"\n[parameters]\nhorizon_year = 2027\n'
        '[product]\nscenario = ["low", "high"]',
    )

    assert grid.varied == ("scenario",)
    assert [one.shared["horizon_year"] for one in grid.sets] == [2027, 2027]


TEXTS = some.text(max_size=30) | some.integers().map(str) | some.sampled_from(["..", "a/b", "A b"])
GIVEN = some.dictionaries(some.from_regex(r"[a-z_]{1,12}", fullmatch=True), TEXTS, max_size=5)


@given(GIVEN)
def test_a_name_is_a_plain_folder_name_whatever_the_values(given_values):
    name = name_of(given_values)

    assert SLUG.fullmatch(name)
    assert ".." not in name
    assert len(name) <= 120


@given(GIVEN, GIVEN)
@example({"a": "1_b-2", "b": "3"}, {"a": "1", "b": "2_b-3"})
def test_two_sets_of_the_same_parameters_have_two_names(one, other):
    """Those of a product: the same names of parameters, other values."""
    other = {name: other.get(name, "x") for name in one}

    assert (name_of(one) == name_of(other)) == (one == other)
