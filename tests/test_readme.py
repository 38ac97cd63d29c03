"""The README is a promise: its commands and its program are run."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import run_program

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = re.findall(r"^```sh\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
PYTHON = re.findall(r"^```python\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in SHELL for line in block.splitlines() if line.strip()]
MAKE = [line for line in COMMANDS if line.startswith("make ")]
OURS = [line for line in COMMANDS if line not in (*MAKE, ". .venv/bin/activate")]
# What would take a minute is run with few draws and one page: the command stays the same.
SMALL = {
    "statedfigures render": " -p draws 64 --only measures",
    "statedfigures grid": " --notebooks notebooks-small",
    "papermill notebooks/2-topic": " -p draws 64 --no-progress-bar",
}


def small(command: str) -> str:
    """Return a command with few draws and one page, where it names neither itself."""
    added = next((words for start, words in SMALL.items() if command.startswith(start)), "")
    if "-p draws 1024" in command:
        return command.replace("offences", "measures").replace("1024", "64")
    return command + added


@pytest.fixture
def checkout(tmp_path):
    """Return a copy of what an analyst works in, so that the commands write there."""
    folder = tmp_path / "checkout"
    for name in ("data", "grids", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "notebooks-small").mkdir()
    shutil.copy(ROOT / "tests" / "notebooks-small" / "3-measures.ipynb", folder / "notebooks-small")
    (folder / "outputs").mkdir()
    return folder


def test_the_readme_has_commands_of_each_kind():
    assert {"make report", "make test", "make lab"} <= set(MAKE)
    assert {command.split()[0] for command in OURS} == {"statedfigures", "papermill", "jupyter"}


def test_every_command_of_the_program_is_in_the_readme():
    from statedfigures.cli import statedfigures

    named = set(re.findall(r"^statedfigures (\w+)", README, flags=re.MULTILINE))

    assert set(statedfigures.commands) == named


@pytest.mark.parametrize("command", [*MAKE, "make report RELEASE=broadband-2022"])
def test_a_make_command_of_the_readme_exists(command):
    """The commands themselves run in continuous integration, from a clean clone."""
    run = subprocess.run(
        [*shlex.split(command), "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "MAKEFLAGS": ""},
    )

    assert command in README
    assert run.returncode == 0, run.stderr


def test_the_commands_of_the_readme_run_in_their_order(checkout):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in map(small, OURS):
        program, *words = shlex.split(command)
        if program == "statedfigures":
            status, *told = run_program(*words, folder=checkout)
        else:
            run = subprocess.run(
                [program, *words],
                cwd=checkout,
                capture_output=True,
                text=True,
                env={**os.environ, "PATH": path},
            )
            status, *told = run.returncode, run.stdout, run.stderr

        assert status == 0, f"{command}\n{told}"

    outputs = checkout / "outputs"
    assert list((outputs / "weprotect-2014").glob("high-draws-64-only-measures/measures.html"))
    assert list((outputs / "weprotect-2014").glob("low-2022-draws-64-only-measures/measures.html"))
    assert (outputs / "trial" / "measures.html").is_file()
    assert (outputs / "offences.html").is_file()
    assert (outputs / "grids" / "horizons" / "index.html").is_file()
    assert len(list((outputs / "grids" / "horizons").glob("*/manifest.json"))) == 4


def test_the_program_of_the_readme_runs_and_is_short(monkeypatch):
    import matplotlib.pyplot as plt

    from statedfigures.display.shown import Chart

    (program,) = PYTHON
    plt.switch_backend("agg")
    monkeypatch.chdir(ROOT)
    tree, names = ast.parse(program), {}
    exec(compile(program, "README.md", "exec"), names)  # noqa: S102 - our own page
    last = eval(compile(ast.Expression(tree.body[-1].value), "README.md", "eval"), names)  # noqa: S307
    plt.close(names["figure"])

    assert isinstance(last, Chart)
    assert len(program.splitlines()) < 20


def test_every_path_that_the_readme_names_is_there():
    named = re.findall(r"`((?:docs|data|notebooks|src|tests|grids)/[\w./-]*)`", README)

    assert named
    assert [
        name for name in named if not (ROOT / name).exists() and name != "notebooks/7-mine.ipynb"
    ] == []


def test_the_pictures_of_the_readme_are_there_and_no_others():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)

    assert len(pictures) == 3
    assert {ROOT / name for name in pictures} == set((ROOT / "docs" / "pictures").iterdir())
