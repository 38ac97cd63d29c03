"""docs/scaling.md is a promise: its files are grids, its commands run, its ports stay at home."""

import re
import shlex
from pathlib import Path

import psutil
import pytest
import yaml

from statedfigures.site.publish.edition import Asked
from statedfigures.site.run.grid import plan_grid
from statedfigures.site.run.grid_file import MOST_SETS, read_grid
from statedfigures.site.run.grid_page import ROWS_DRAWN, ROWS_LISTED
from tests.conftest import end, family_of, start_watched

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
WHERE = Asked({}, data=ROOT / "data", notebooks=ROOT / "notebooks")


def blocks(kind):
    """Return the blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


COMMANDS = [
    line
    for block in blocks("sh")
    for line in block.splitlines()
    if line.startswith(("statedfigures ", "dask "))
]


@pytest.mark.parametrize("text", blocks("toml"))
def test_every_file_shown_is_a_grid_of_the_report(text, tmp_path):
    path = tmp_path / "shown.toml"
    path.write_text(text)

    assert len(plan_grid(read_grid(path), WHERE).sets) in {2, 9}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "grids").glob("*.toml")), ids=lambda path: path.name
)
def test_every_grid_that_ships_is_one_of_the_report(path):
    assert plan_grid(read_grid(path), WHERE).sets


def test_every_option_shown_is_one_of_the_command():
    from distributed.cli.dask_scheduler import main as scheduler
    from distributed.cli.dask_worker import main as worker

    from statedfigures.cli import grid

    programs = {"statedfigures grid": grid, "dask scheduler": scheduler, "dask worker": worker}
    for program, command in programs.items():
        words = " ".join(line for line in COMMANDS if line.startswith(program)).split()
        options = {word for word in words if word.startswith("--")}

        assert options
        assert options <= {name for option in command.params for name in option.opts}, program


def test_the_settings_shown_are_settings_of_dask():
    import dask
    import distributed  # noqa: F401 - brings its settings

    nodes, tls = (yaml.safe_load(text)["distributed"] for text in blocks("yaml"))

    assert nodes["worker"] == {"daemon": False, "profile": {"enabled": False}}
    assert "enabled" in dask.config.get("distributed.worker.profile")
    ((name, value),) = nodes["nanny"]["pre-spawn-environ"].items()
    assert value is None
    assert name in dask.config.get("distributed.nanny.pre-spawn-environ")
    assert set(tls["comm"]) == {"require-encryption", "tls"}
    assert set(tls["comm"]["tls"]) <= set(dask.config.get("distributed.comm.tls"))
    assert set(tls["comm"]["tls"]["client"]) <= set(dask.config.get("distributed.comm.tls.client"))


def test_everything_of_the_recipe_for_one_machine_listens_on_the_loopback():
    """Scheduler, nanny, worker and the ports of their dashboards; any free port will do."""
    commands = [line for line in COMMANDS if "127.0.0.1" in line and line.startswith("dask")][:2]
    scheduler, worker = (
        re.sub(r"(127\.0\.0\.1:|--port |--(?:worker|nanny)-port )\d+(:\d+)?", r"\g<1>0", line)
        for line in (command.replace("--nworkers 2", "--nworkers 1") for command in commands)
    )
    processes = [start_watched(*shlex.split(scheduler))]
    try:
        address = told(processes[0], r"tcp://127\.0\.0\.1:\d+")
        worker = worker.replace("tcp://127.0.0.1:0", address)
        processes.append(start_watched(*shlex.split(worker)))
        told(processes[1], "Registered to")
        family = [member for process in processes for member in family_of(process)]
        bound = {
            socket.laddr.ip
            for member in family
            for socket in member.net_connections("inet")
            if socket.status == psutil.CONN_LISTEN
        }
    finally:
        for process in reversed(processes):
            end(process)

    assert bound == {"127.0.0.1"}


def told(process, words):
    """Wait until a process says some words, and return them."""
    for line in process.stderr:
        if found := re.search(words, line):
            return found[0]
    raise AssertionError(f"{process.args} ended")


def test_the_limits_are_those_of_the_code():
    """The first thousand sets, forty rows of a picture, and 20,000 sets in one file."""
    assert (ROWS_LISTED, ROWS_DRAWN) == (1_000, 40)
    assert "first thousand sets and each picture shows forty" in TEXT
    assert f"at most {MOST_SETS:,} sets" in TEXT
