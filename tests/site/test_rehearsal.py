"""`check --notebooks`: what a render would stumble over is found before any kernel starts."""

import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from statedfigures.cli import statedfigures

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Lay out a small project, and stand in it."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    shutil.copytree(ROOT / "data" / "method", tmp_path / "data" / "method")
    release = tmp_path / "data" / "lakeside-2024"
    shutil.copytree(ROOT / "tests" / "releases" / "lakeside-2024", release)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STATEDFIGURES_DATA", raising=False)
    return tmp_path


def check():
    found = CliRunner().invoke(statedfigures, ["check", "--notebooks"])
    return type(found.exception).__name__, str(found.exception), found.exit_code


@pytest.mark.usefixtures("project")
def test_sound_tables_and_notebooks_pass():
    assert check()[2] == 0


def test_a_cell_that_is_no_python_is_named(project):
    path = project / "notebooks" / "1-claims.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("tables.figures["))
    nbformat.write(notebook, path)

    kind, words, _ = check()
    assert kind == "InputError"
    assert words.startswith(f"1-claims.ipynb, cell {len(notebook.cells)}: is no Python")


def test_a_topic_without_anything_on_its_page_is_named(project):
    topics = project / "data" / "lakeside-2024" / "topics.csv"
    topics.write_text(topics.read_text("utf-8") + "empty,Empty,Empty,It says nothing.,,\n", "utf-8")

    assert "topics.csv: empty has no figure, comparison or series" in check()[1]


def test_two_pages_of_one_name_are_named(project):
    shutil.copy(
        project / "notebooks" / "1-claims.ipynb", project / "notebooks" / "7-journeys.ipynb"
    )

    assert "two pages would be called journeys" in check()[1]
