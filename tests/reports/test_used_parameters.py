"""A parameter that a notebook never looks at is no reason to run it again."""

import json
from pathlib import Path

import pytest

from statedfigures.reports.notebooks import discover_notebooks
from statedfigures.reports.reachable import modules_of_notebook
from statedfigures.reports.used_parameters import state_parameters, used_parameters
from tests.reports.conftest import PARAMETERS, run_render, write_notebook
from tests.reports.test_render import files_of

NAMES = ("release", "scenario", "horizon_year")
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def notebook(*code: str, declared: str = PARAMETERS) -> dict[str, object]:
    """Make the JSON value of a notebook with declared parameters and further cells."""
    cells = [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": declared}]
    cells += [{"cell_type": "code", "metadata": {}, "source": [one]} for one in code]
    return {"cells": [*cells, {"cell_type": "markdown", "source": "scenario"}]}


@pytest.mark.parametrize(
    ("code", "used"),
    [
        ("read(release)", {"release"}),
        ("read(the_release)", set()),
        ("f'{scenario:>9}'", {"scenario"}),
        ("frame.query('year > @horizon_year')", {"horizon_year"}),
        ("globals()['sce' + 'nario']", set(NAMES)),
        ("get_ipython().user_ns", set(NAMES)),
        ("%who", set(NAMES)),
        ("  %who", set(NAMES)),
        ("!echo {release}", set(NAMES)),
        ("release?", set(NAMES)),
        ("import sys\nsys._getframe().f_globals", set(NAMES)),
        ("__builtins__", set(NAMES)),
        ("one(\n", set()),
    ],
)
def test_a_parameter_is_used_where_code_could_look_at_it(code, used):
    assert used_parameters(notebook(code), NAMES, {}) == used


def test_what_else_stands_in_the_cell_of_declarations_counts():
    declared = f"{PARAMETERS}\nshown = scenario.upper()"

    assert used_parameters(notebook(declared=declared), NAMES, {}) == {"scenario"}


def test_a_module_beside_the_notebook_that_looks_around_uses_them_all(tmp_path):
    plain, curious = tmp_path / "plain.py", tmp_path / "curious.py"
    plain.write_text("def say(): return 'scenario'")
    curious.write_text("import inspect\ndef say(): return inspect.stack()[1].frame.f_globals")
    gone = tmp_path / "gone.py"

    assert used_parameters(notebook("say()"), NAMES, {"plain": plain}) == set()
    assert used_parameters(notebook("say()"), NAMES, {"curious": curious}) == set(NAMES)
    assert used_parameters(notebook("say()"), NAMES, {"gone": gone}) == set(NAMES)


def test_the_pages_on_figures_and_measures_look_at_the_release_alone():
    used = {}
    for one in discover_notebooks(NOTEBOOKS):
        value = json.loads(one.path.read_bytes())
        modules, _ = modules_of_notebook(value, NOTEBOOKS)
        used[one.page] = used_parameters(value, one.parameters, modules)

    assert used["figures"] == used["measures"] == {"release"}
    assert used["outturn"] == {"release", "draws", "seed"}
    assert used["offences"] == {"release", "scenario", "horizon_year", "draws", "seed", "topic"}


def test_the_added_cell_says_what_papermill_would_have_said(tmp_path):
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    path = tmp_path / "1-page.ipynb"
    write_notebook(path)
    values = {"scenario": 'a "b"\n\\', "horizon_year": -3, "share": 0.5, "flag": True}
    read = load_notebook_node(str(path))
    other = parameterize_notebook(read, {"scenario": "low"}, "", kernel_name="python3")
    state_parameters(other, values)
    wanted = parameterize_notebook(read, values, kernel_name="python3", language="python")

    assert [cell.source for cell in other.cells] == [cell.source for cell in wanted.cells]


def test_a_page_is_reused_when_only_what_it_ignores_has_changed(tmp_path):
    """The bytes are those of a run with the other parameter."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    write_notebook(folder / "1-ignores.ipynb", "print(release)")
    write_notebook(folder / "2-looks.ipynb", "print(release, scenario)")
    cache = {"STATEDFIGURES_CACHE": str(tmp_path / "cache")}
    out = tmp_path / "site"
    assert run_render(out, notebooks=folder, environment=cache).returncode == 0
    again = run_render(out, "--explain", "--scenario", "high", notebooks=folder, environment=cache)
    fresh = tmp_path / "fresh"
    assert run_render(fresh, "--no-cache", "--scenario", "high", notebooks=folder).returncode == 0

    assert "ignores: reused, because nothing that it rests on has changed" in again.stdout
    assert "looks: run, because of a change in parameter scenario" in again.stdout
    assert r"scenario = \"high\"" in (out / "notebooks" / "1-ignores.ipynb").read_text()
    assert files_of(out) == files_of(fresh)
