"""A command imports what it uses: what is asked for often must answer at once."""

import json
import subprocess
import sys

import click
import pytest

from statedfigures.cli import LATER, statedfigures
from tests.reports.conftest import RELEASES, SMALL_NOTEBOOKS, run_render

HEAVY = {
    "IPython",
    "dask",
    "gptables",
    "ipykernel",
    "jinja2",
    "jupyter_client",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "nbformat",
    "pandas",
    "papermill",
    "playwright",
    "requests",
    "rich",
    "scipy",
    "zmq",
}
FORBIDDEN = {
    "--help": HEAVY | {"frictionless", "numpy", "tomllib", "asyncio"},
    "render --help": HEAVY | {"frictionless", "numpy", "asyncio"},
    "check --release small-release": HEAVY - {"rich"},  # it prints with it
    "render": HEAVY | {"frictionless", "numpy", "asyncio"},
}
RUN = """\
import json, sys
from statedfigures.cli import main
try:
    main(json.loads(sys.argv[1]))
except SystemExit as end:
    assert not end.code, end
print("imported:", *sys.modules)
"""


def imported_by(*words: str) -> set[str]:
    """Run a command in a process of its own; name what it has imported at its end."""
    finished = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(words)], capture_output=True, text=True, check=True
    )
    modules = finished.stdout.rpartition("imported:")[2].split()
    return {*modules, *(name.partition(".")[0] for name in modules)}


@pytest.mark.parametrize("command", ["--help", "render --help"])
def test_help_imports_next_to_nothing(command):
    assert imported_by(*command.split()) & FORBIDDEN[command] == set()


def test_a_check_imports_nothing_that_draws_or_runs():
    command = "check --release small-release"

    assert imported_by(*command.split(), "--data", str(RELEASES)) & FORBIDDEN[command] == set()


def test_a_render_with_nothing_to_do_imports_nothing_that_draws_or_runs(tmp_path):
    finished = run_render(tmp_path / "site")
    assert finished.returncode == 0, finished.stderr
    folders = ["--notebooks", SMALL_NOTEBOOKS, "--data", RELEASES, "--out", tmp_path / "site"]

    assert imported_by("render", *map(str, folders)) & FORBIDDEN["render"] == set()


def test_the_list_of_heavy_modules_names_modules_that_a_render_uses():
    """A module that was renamed would else never be missed."""
    listed = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlib.util import find_spec\n"
            f"print(*[name for name in {sorted(HEAVY)} if find_spec(name) is None])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert listed.stdout.split() == []


def test_the_help_of_the_program_says_of_each_command_what_the_command_says_itself():
    """It is not imported for that."""
    modules = {f"statedfigures.reports.{module}" for module, _ in LATER.values()}
    assert imported_by("--help") & modules == set()
    context = click.Context(statedfigures)
    for name, (_, line) in LATER.items():
        assert statedfigures.get_command(context, name).get_short_help_str(limit=200) == line
    assert set(statedfigures.list_commands(context)) == {*LATER, *statedfigures.commands}
