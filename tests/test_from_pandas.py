"""Every line of docs/from-pandas.md is run: the program, the page that it writes, the recipes."""

import ast
import doctest
import re
import shutil
from pathlib import Path

import matplotlib as mpl
import pytest

from statedfigures.display.shown import Chart
from tests.conftest import run_program

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "from-pandas.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)
PROGRAM, EXAMPLES = BLOCKS[0], BLOCKS[1:]
MOST_LINES = 20


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Work in a folder with the data and one notebook, as an analyst would."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mpl, "rcParams", mpl.rcParams.copy())
    mpl.use("agg")
    return tmp_path


def test_the_program_has_figures_claims_a_projection_a_chart_and_a_page_in_twenty_lines():
    """Statements as a formatter with a long line would set them; continuations belong to one."""
    statements = ast.parse(PROGRAM).body

    assert len(statements) < MOST_LINES
    assert len([line for line in PROGRAM.splitlines() if line.strip()]) <= MOST_LINES


def test_the_program_makes_a_chart_and_a_page_that_a_strict_run_publishes(project):
    names = {}
    exec(compile(PROGRAM, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    command = next(line for line in TEXT.splitlines() if line.startswith("statedfigures render"))

    words = [*command.split()[1:], "--quiet", "--out", "own"]
    status, _, told = run_program(*words, folder=project)

    assert isinstance(names["chart"], Chart)
    assert names["chart"].data.all_inputs()[1] == "figure:distribution_2010"
    assert status == 0, told
    html = (project / "own" / "departures.html").read_text(encoding="utf-8")
    assert "<h1" in html
    assert "What departs most" in html
    assert 'class="untraced"' not in html


@pytest.mark.usefixtures("project")
def test_every_example_gives_what_the_page_says():
    """One name space for the page, so that an example may build on the one before."""
    examples = doctest.DocTestParser().get_doctest("\n".join(EXAMPLES), {}, "pandas", str(PAGE), 0)
    told: list[str] = []

    results = doctest.DocTestRunner(verbose=False).run(examples, out=told.append)

    assert results.attempted > 20
    assert results.failed == 0, "".join(told)


def test_every_name_of_the_library_is_in_the_table():
    import statedfigures

    named = set(re.findall(r"`sf\.(\w+)\(|, `sf\.(\w+)\(", TEXT))
    told = {name for pair in named for name in pair if name}

    assert set(statedfigures.__all__) - {"Release"} == told
