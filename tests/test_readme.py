"""The README is a promise: every command in it is run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.strip()]
MAKE = [line for line in COMMANDS if line.startswith("make ")]
ACTIVATE = ". .venv/bin/activate"
OURS = [line for line in COMMANDS if line not in (*MAKE, ACTIVATE)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """Give a copy of what an analyst works in, so that the commands write there."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("data", "grids", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "requirements.lock", folder)
    (folder / "outputs").mkdir()
    return folder


def test_the_readme_has_commands_of_each_kind():
    assert {"make report", "make test"} <= set(MAKE)
    assert {line.split()[0] for line in OURS} == {"statedfigures", "papermill", "jupyter"}


@pytest.mark.parametrize("command", MAKE)
def test_a_make_command_of_the_readme_exists(command):
    """The commands themselves run in continuous integration, from a clean clone."""
    run = subprocess.run(
        [*shlex.split(command), "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MAKEFLAGS": ""},
    )

    assert run.returncode == 0, run.stderr


def test_the_commands_of_the_readme_run_in_their_order(checkout):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in OURS:
        run = subprocess.run(
            shlex.split(command),
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": path},
        )

        assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"

    outputs = checkout / "outputs"
    assert (outputs / "weprotect-2014" / "high" / "index.html").is_file()
    assert (outputs / "weprotect-2014" / "low" / "index.html").is_file()
    assert (outputs / "trial" / "offences.html").is_file()
    assert (outputs / "grids" / "horizons" / "index.html").is_file()
    assert len(list((outputs / "grids" / "horizons").glob("*/manifest.json"))) == 4


def test_every_path_that_the_readme_names_is_there():
    named = re.findall(r"`((?:docs|data|notebooks|src|tests|outputs)/[\w./-]*)`", README)
    generated = ("outputs/",)

    assert named
    assert [
        name for name in named if not name.startswith(generated) and not (ROOT / name).exists()
    ] == []


def test_the_pictures_of_the_readme_are_there():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)

    assert pictures
    assert [name for name in pictures if not (ROOT / name).is_file()] == []
