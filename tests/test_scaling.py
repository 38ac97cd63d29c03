"""docs/scaling.md is a promise: its files are grids, and its commands have these options."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from statedfigures.reports.grid_page import ROWS_DRAWN, ROWS_LISTED
from statedfigures.reports.grid_plan import plan_grid
from statedfigures.reports.grid_spec import MOST_SETS, read_spec

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
FILES = re.findall(r"^```toml\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)
BLOCKS = re.findall(r"^```sh\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
OURS = [line for line in COMMANDS if line.startswith(("statedfigures ", "dask "))]


@pytest.mark.parametrize("text", FILES)
def test_every_file_shown_is_a_grid_of_the_report(text, tmp_path):
    path = tmp_path / "shown.toml"
    path.write_text(text)
    grid = plan_grid(
        read_spec(path),
        out=tmp_path / "out",
        data=ROOT / "data",
        notebooks_folder=ROOT / "notebooks",
    )

    assert len(grid.sets) in {2, 9}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "grids").glob("*.toml")), ids=lambda path: path.name
)
def test_every_grid_that_ships_is_one_of_the_report(path):
    assert plan_grid(read_spec(path), notebooks_folder=ROOT / "notebooks", data=ROOT / "data").sets


@pytest.mark.parametrize("command", OURS)
def test_every_option_shown_is_one_of_the_command(command):
    words = shlex.split(command)
    program = [sys.executable, "-m", words[0], words[1], "--help"]
    told = subprocess.run(program, capture_output=True, text=True, check=True).stdout

    options = [word for word in words if word.startswith("--")]
    assert options
    assert [one for one in options if not re.search(rf"{one}\b", told)] == []


def test_the_options_for_certificates_are_those_of_dask():
    program = [sys.executable, "-m", "dask", "worker", "--help"]
    told = subprocess.run(program, capture_output=True, text=True, check=True).stdout

    assert [one for one in re.findall(r"`(--tls[a-z-]*)`", TEXT) if one not in told] == []


def test_the_limits_are_those_of_the_code():
    """The first thousand sets, sixty rows, and 20,000 sets in one file."""
    assert (ROWS_LISTED, ROWS_DRAWN) == (1_000, 60)
    assert f"at most {MOST_SETS:,} sets" in TEXT
