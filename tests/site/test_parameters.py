import os

import pytest

from statedfigures.analysis.assumptions import DRAWS, SEED
from statedfigures.errors import InputError, ParameterError
from statedfigures.release.reading import read_release
from statedfigures.site.run.parameters import (
    EDITION,
    Notebook,
    complete_parameters,
    left_out_notebooks,
    notebook_paths,
    plan_pages,
    read_notebooks,
    read_value,
    read_values,
)

ARGUMENTS = {
    "release": "",
    "scenario": "central",
    "horizon_year": 0,
    "draws": 64,
    "seed": 1,
}


def notebook(tmp_path, name, **more):
    return Notebook(tmp_path / f"1-{name}.ipynb", name, {**ARGUMENTS, **more})


@pytest.mark.parametrize("text", ["12.0", "1_000", "٣", "soon", "", "1e3", "9" * 40])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(ParameterError, match="is not a whole number; the default is 64"):
        read_value("draws", 64, text)


@pytest.mark.parametrize("text", ["nan", "inf", "much", "1_0", " 1", "٣", "1e999"])
def test_what_is_no_finite_number_is_refused(text):
    with pytest.raises(ParameterError, match=r"is not a number; the default is 0\.5"):
        read_value("share", 0.5, text)


def test_stray_bytes_are_no_text():
    with pytest.raises(ParameterError, match="is not a text; the default is quay"):
        read_value("word", "quay", "\udcff")


def test_truth_is_true_or_false():
    assert read_value("wide", True, "False") is False
    with pytest.raises(ParameterError, match="'yes' is not true or false"):
        read_value("wide", True, "yes")


def test_everything_wrong_is_told_at_once(tmp_path):
    with pytest.raises(ParameterError) as error:
        read_values([notebook(tmp_path, "a")], {"drawz": "1", "seed": "x", "topic": "ships"})
    told = str(error.value).splitlines()
    assert told[0].startswith("parameter 'drawz' is unknown; did you mean 'draws'? The parameters")
    assert told[1] == "parameter seed: 'x' is not a whole number; the default is 1"
    assert told[2].startswith("parameter topic: is set for each page by the run; choose a page")


def test_what_every_edition_has_may_be_set_though_no_notebook_declares_it(harbour, tmp_path):
    """The front page and the projections that are published follow it."""
    plain = [Notebook(tmp_path / "1-a.ipynb", "a", {"release": ""})]

    values = read_values(plain, {"horizon_year": "2025", "draws": "128"})

    complete = complete_parameters(harbour, plain, values)
    given = {"release": "small-release", "horizon_year": 2025, "draws": 128}
    assert complete == {**ARGUMENTS, **given}
    (planned,) = plan_pages(harbour, plain, complete)
    assert planned.parameters == {"release": "small-release"}


def test_the_defaults_are_those_of_the_library():
    assert (EDITION["draws"], EDITION["seed"]) == (DRAWS, SEED)


def test_two_notebooks_declare_a_parameter_alike(tmp_path):
    pages = [notebook(tmp_path, "a"), notebook(tmp_path, "b", draws=8)]
    with pytest.raises(ParameterError, match=r"draws: 1-b\.ipynb declares another type or"):
        read_values(pages, {})


def test_values_are_held_against_the_tables(harbour, tmp_path):
    with pytest.raises(ParameterError) as error:
        complete_parameters(
            harbour,
            [notebook(tmp_path, "a", series="")],
            {"scenario": "hgih", "series": "nope", "draws": 100, "seed": -1},
        )
    told = str(error.value)
    assert "parameter scenario: 'hgih' is not one of low, central, high" in told
    assert "did you mean 'high'?" in told
    assert "parameter series: 'nope' is not one of ships" in told
    assert "parameter draws: 100 is not a power of two" in told
    assert "parameter seed: -1 is out of range" in told


def test_an_empty_scenario_runs_nothing(harbour, tmp_path):
    with pytest.raises(ParameterError, match="scenario: '' is not one of low, central, high"):
        complete_parameters(harbour, [notebook(tmp_path, "a")], {"scenario": ""})


def test_a_horizon_of_zero_is_the_default_of_the_release(harbour, tmp_path):
    found = complete_parameters(harbour, [notebook(tmp_path, "a")], {})
    assert found == {**ARGUMENTS, "release": "small-release", "horizon_year": 2026}


def test_a_notebook_with_a_topic_runs_once_for_each(harbour, tmp_path):
    notebooks = [
        notebook(tmp_path, "claims"),
        notebook(tmp_path, "topic", topic=""),
    ]
    values = complete_parameters(harbour, notebooks, {})
    pages = plan_pages(harbour, notebooks, values)
    assert [page.name for page in pages] == ["claims", "ships", "nature", "plans"]
    assert [page.parameters.get("topic") for page in pages] == [None, "ships", "nature", "plans"]


def test_a_page_for_which_the_release_has_nothing_is_left_out(small_release, tmp_path):
    for table in ("measures", "mentions"):
        rows = small_release.rows(table)
        kept = [row for row in rows if table == "mentions" and not row[-1].startswith("measure")]
        small_release.write(table, kept or rows[:1])
    head, *rows = small_release.rows("published")
    earlier = [row for row in rows if row[head.index("period")][:4] < "2021"]  # than the release
    small_release.write("published", [head, *earlier])
    release = read_release("small-release", small_release.data)
    notebooks = [notebook(tmp_path, name) for name in ("claims", "measures", "outturn")]
    pages = plan_pages(release, notebooks, complete_parameters(release, notebooks, {}))
    assert [page.name for page in pages] == ["claims"]


def test_a_topic_may_not_take_the_page_of_a_notebook(harbour, tmp_path):
    topic = notebook(tmp_path, "topic", topic="")
    notebooks = [notebook(tmp_path, "ships"), topic]
    with pytest.raises(InputError, match="two pages would be called ships"):
        plan_pages(harbour, notebooks, complete_parameters(harbour, notebooks, {}))


def test_notebooks_come_in_the_order_of_their_numbers(project):
    project.write("10-late.ipynb")
    names = [path.name for path in notebook_paths(project.notebooks)]
    assert names[0] == "1-claims.ipynb"
    assert names[-1] == "10-late.ipynb"


@pytest.mark.parametrize("name", ["7-Mine.ipynb", "7 mine.ipynb", "7-2nd.ipynb", "7_mine.ipynb"])
def test_a_numbered_notebook_that_makes_no_page_is_named(project, name):
    project.write(name)
    project.write("scratch.ipynb")

    (told,) = left_out_notebooks(project.notebooks)

    assert told.startswith(f"{name} is no page: its name is to be a number, a hyphen, and small")


def test_a_folder_that_is_a_link_to_itself_is_refused_in_words(tmp_path):
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(InputError, match="cannot be read"):
        notebook_paths(tmp_path / "round")


def test_a_file_that_is_no_notebook_is_refused(project):
    half = project.write("7-broken.ipynb", "half").read_text().replace('"half"', r'"\ud800"')
    for text in ("{", half):
        (project.notebooks / "7-broken.ipynb").write_text(text)
        with pytest.raises(InputError, match=r"7-broken.ipynb: is not a notebook; save it again"):
            read_notebooks(notebook_paths(project.notebooks))
    (gone := project.notebooks / "7-broken.ipynb").unlink()
    with pytest.raises(InputError, match=r"7-broken.ipynb: cannot be read \(No such file"):
        read_notebooks([gone])
    os.mkfifo(gone)
    with pytest.raises(InputError, match=r"7-broken\.ipynb: is not an ordinary file"):
        notebook_paths(project.notebooks)


def test_a_notebook_that_names_no_kernel_is_one_of_python(project):
    path = project.write("7-plain.ipynb")
    path.write_text(path.read_text().replace('"kernelspec"', '"other"'))
    (found,) = read_notebooks([path])
    assert found.parameters["draws"] == 64


def test_a_notebook_in_another_language_is_refused_with_the_remedy(project):
    path = project.write("7-other.ipynb")
    path.write_text(path.read_text().replace('"language": "python"', '"language": "R"'))
    with pytest.raises(InputError, match=r"7-other.ipynb: is written in R; .* the kernel Python 3"):
        read_notebooks([path])


def test_a_default_that_is_not_plain_is_refused(project):
    path = project.write("7-odd.ipynb", parameters="years: list = [1, 2]")
    with pytest.raises(ParameterError, match=r"parameter years: its default \[1, 2\] in|years"):
        read_notebooks([path])


def test_wrong_parameters_start_no_kernel(project):
    told = project.run("render", "-p", "drawz", "9", "--horizon-year", "soon", status=2)
    assert "'drawz' is unknown; did you mean 'draws'?" in told
    assert "parameter horizon_year: 'soon' is not a whole number" in told
    assert not project.site.exists()


def test_a_topic_is_no_parameter_of_the_user(project):
    told = project.run("render", "-p", "topic", "nature", "--only", "ships", status=2)
    assert "choose a page with --only" in told
