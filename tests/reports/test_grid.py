"""Grids on this machine: the bytes of single renders, resumed, and no set stops another."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from statedfigures.reports import grid_pool
from statedfigures.reports.grid_plan import plan_grid, task_of
from statedfigures.reports.grid_run import beginning_of
from statedfigures.reports.grid_spec import read_spec
from tests.reports.conftest import RELEASES, SMALL_NOTEBOOKS, run_render, write_notebook
from tests.reports.test_render import files_of, is_running, wait_until

SPEC = """\
release = "small-release"

[product]
scenario = ["low", "high"]
horizon_year = [2025, 2026]
"""
NAMES = (
    "scenario-low_horizon-year-2025",
    "scenario-low_horizon-year-2026",
    "scenario-high_horizon-year-2025",
    "scenario-high_horizon-year-2026",
)
SLOW = """\
import time
from pathlib import Path
mark = Path({marks!r}, f"began-{{scenario}}-{{horizon_year}}")
first = not mark.exists()
mark.touch()
time.sleep({seconds} if first else 0)
"""


def grid_arguments(folder, *arguments, notebooks=SMALL_NOTEBOOKS, spec=SPEC, out="grid"):
    """Write a file and give the command that renders its grid."""
    path = folder / "trial.toml"
    path.write_text(spec)
    folders = ["--notebooks", str(notebooks), "--data", str(RELEASES), "--out", str(folder / out)]
    return [sys.executable, "-m", "statedfigures", "grid", str(path), *folders, *arguments]


def cache_of(folder):
    """Give an environment with a cache of its own."""
    return os.environ | {"STATEDFIGURES_CACHE": str(folder / "cache")}


def require_whole(folder, said, notebooks):
    """Hold a grid in which something died against one in which nothing did."""
    assert "4 sets: 4 rendered, 0 were there, 0 failed" in said
    other = folder / "other"
    other.mkdir()
    assert run_grid(other, notebooks=notebooks).returncode == 0
    assert files_of(folder / "grid") == files_of(other / "grid")


def run_grid(folder, *arguments, **keywords):
    """Render a grid in a process of its own, by default one set at a time."""
    here = () if {"--jobs", "--dask"} & {*arguments} else ("--jobs", "1")
    return subprocess.run(
        grid_arguments(folder, *here, *arguments, **keywords),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env=cache_of(folder),
    )


def slow_notebooks(folder, seconds=60):
    """Make a report of one page that takes its time when a set of it is run first."""
    marks = folder / "marks"
    marks.mkdir()
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    write_notebook(notebooks / "1-slow.ipynb", SLOW.format(marks=str(marks), seconds=seconds))
    return notebooks, marks


def rendered(folder):
    """Name the sets that lie in a grid's folder."""
    return sorted(path.parent.name for path in folder.glob("*/manifest.json"))


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """Render the small grid with two jobs; give the folder that holds it, and what was said."""
    folder = tmp_path_factory.mktemp("grid")
    finished = run_grid(folder, "--jobs", "2")
    assert finished.returncode == 0, finished.stderr
    return folder, finished


def test_each_set_has_the_bytes_of_a_single_render(grid, tmp_path):
    folder, _ = grid
    for scenario, year in (("low", "2025"), ("high", "2026")):
        single = tmp_path / scenario
        given = ("--release", "small-release", "--scenario", scenario, "--horizon-year", year)
        finished = run_render(single, *given, "--no-cache")
        assert finished.returncode == 0, finished.stderr

        of_grid = files_of(folder / "grid" / f"scenario-{scenario}_horizon-year-{year}")
        assert of_grid == files_of(single)


def test_the_bytes_do_not_depend_on_the_jobs_or_the_cache(grid, tmp_path):
    folder, _ = grid
    finished = run_grid(tmp_path, "--jobs", "1", "--no-cache", "--quiet")

    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    assert files_of(tmp_path / "grid") == files_of(folder / "grid")


def test_a_page_that_no_parameter_changes_is_run_once(grid):
    """Three pages a set; only figures looks at none of the two parameters that differ."""
    _, finished = grid

    assert "4 sets: 4 rendered, 0 were there, 0 failed" in finished.stdout
    reused = re.search(r"12 pages, (\d) of them as they were kept", finished.stdout)
    assert reused
    # Two processes begin at once, and may both run a page that neither has kept yet.
    assert int(reused[1]) in {2, 3}


def test_progress_says_how_much_is_done_and_left(grid):
    _, finished = grid
    lines = finished.stderr.splitlines()

    assert lines[0] == "0 of 4 sets"
    assert re.fullmatch(r"4 of 4 sets, \d+\.\d\d pages a second, done", lines[-1])


def test_the_sets_are_compared_in_a_table_for_machines(grid):
    """Low adds 0 a year to 1,000 ships of 2020, high adds 20: five years make 1,100."""
    folder, _ = grid
    with (folder / "grid" / "sets.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    state = json.loads((folder / "grid" / "grid.json").read_text())

    assert [row["set"] for row in rows] == list(NAMES)
    assert [row["ships_middle"] for row in rows] == ["1000", "1000", "1100", "1120"]
    assert [row["scenario"] for row in rows] == ["low", "low", "high", "high"]
    assert {row["state"] for row in rows} == {"rendered"}
    assert state["sets"][3]["headlines"]["ships"]["middle"] == 1120
    assert state["varied"] == ["scenario", "horizon_year"]


def test_every_link_of_the_page_leads_to_a_file_and_every_set_is_linked(grid):
    folder = grid[0] / "grid"
    page = (folder / "index.html").read_text()
    links = {one for one in re.findall(r'href="([^"#]+)', page) if not one.startswith("http")}

    assert {f"{name}/index.html" for name in NAMES} <= links
    assert [one for one in links if not (folder / one).is_file()] == []


def test_nothing_is_made_again_and_a_damaged_set_is(grid, tmp_path):
    folder = tmp_path / "again"
    shutil.copytree(grid[0], folder)
    before = files_of(folder / "grid")
    again = run_grid(folder)
    assert "4 sets: 0 rendered, 4 were there, 0 failed" in again.stdout

    (folder / "grid" / NAMES[1] / "ships.html").write_text("spoilt")
    mended = run_grid(folder)

    assert "4 sets: 1 rendered, 3 were there, 0 failed" in mended.stdout
    assert files_of(folder / "grid") == before


def test_a_set_that_fails_is_told_and_stops_no_other(tmp_path):
    notebooks = Path(shutil.copytree(SMALL_NOTEBOOKS, tmp_path / "notebooks"))
    write_notebook(
        notebooks / "3-frail.ipynb", "assert (scenario, horizon_year) != ('low', 2026), 'too <low>'"
    )
    finished = run_grid(tmp_path, notebooks=notebooks)
    page = (tmp_path / "grid" / "index.html").read_text()
    rows = (tmp_path / "grid" / "sets.csv").read_text()

    assert finished.returncode == 1
    assert "4 sets: 3 rendered, 0 were there, 1 failed" in finished.stdout
    told = finished.stderr.splitlines()[-1]
    reason = "3-frail.ipynb, cell 3: AssertionError: too <low>"
    assert told.startswith(f"{NAMES[1]}: failed: {reason}; for a look: {tmp_path}")
    assert Path(told.partition("; for a look: ")[2].partition(";")[0]).is_file()
    assert rendered(tmp_path / "grid") == sorted({*NAMES} - {NAMES[1]})
    assert f"<code>{NAMES[1]}</code>: {reason.replace('<', '&lt;').replace('>', '&gt;')}" in page
    assert f"{NAMES[1]},failed,low,2026," in rows
    assert str(tmp_path) not in page + rows + (tmp_path / "grid" / "grid.json").read_text()

    (notebooks / "3-frail.ipynb").unlink()
    mended = run_grid(tmp_path, notebooks=notebooks)
    assert mended.returncode == 0
    assert "Sets that failed" not in (tmp_path / "grid" / "index.html").read_text()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 1), (signal.SIGKILL, -9)])
def test_ending_a_grid_ends_every_process_and_the_next_run_goes_on(tmp_path, number, status):
    notebooks, marks = slow_notebooks(tmp_path)
    (marks / "began-low-2025").touch()  # this set is quick
    command = grid_arguments(tmp_path, "--jobs", "2", notebooks=notebooks)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=cache_of(tmp_path)
    ) as run:
        assert wait_until(lambda: (tmp_path / "grid" / NAMES[0]).is_dir(), 60), run.poll()
        assert wait_until(lambda: len(list(marks.iterdir())) == 3, 60), run.poll()
        started = [one.pid for one in psutil.Process(run.pid).children(recursive=True)]
        run.send_signal(number)
        _, told = run.communicate(timeout=30)

    assert run.returncode == status
    assert "Traceback" not in told
    assert len(started) >= 4  # two that render, and two that kernels are forked from
    assert wait_until(lambda: not any(map(is_running, started)), 20)
    assert rendered(tmp_path / "grid") == [NAMES[0]]
    for name in ("low-2026", "high-2025", "high-2026"):
        (marks / f"began-{name}").touch()  # from now on all are quick
    again = run_grid(tmp_path, notebooks=notebooks)
    assert "4 sets: 3 rendered, 1 were there, 0 failed" in again.stdout, again.stderr


def test_a_process_that_dies_is_replaced_and_its_set_made_again(tmp_path):
    """The bytes are those of a grid in which nothing died."""
    notebooks, marks = slow_notebooks(tmp_path, seconds=600)
    for name in ("low-2025", "low-2026", "high-2026"):
        (marks / f"began-{name}").touch()
    command = grid_arguments(tmp_path, "--jobs", "1", notebooks=notebooks)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=cache_of(tmp_path)
    ) as run:
        assert wait_until((marks / "began-high-2025").exists, 90), run.poll()
        (worker,) = psutil.Process(run.pid).children()
        worker.kill()
        said, told = run.communicate(timeout=90)
    assert run.returncode == 0, told
    require_whole(tmp_path, said, notebooks)


def test_a_process_that_dies_twice_over_a_set_fails_that_set_alone(tmp_path):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    code = """\
import os, signal
def parent_of(number):
    return int(open(f"/proc/{number}/stat").read().rsplit(")", 1)[1].split()[1])
if (scenario, horizon_year) == ("low", 2026):
    os.kill(parent_of(parent_of(os.getpid())), signal.SIGKILL)"""
    write_notebook(notebooks / "1-deadly.ipynb", code)
    finished = run_grid(tmp_path, "--jobs", "1", notebooks=notebooks)

    assert finished.returncode == 1
    assert "4 sets: 3 rendered, 0 were there, 1 failed" in finished.stdout
    assert "failed: the process that rendered it ended twice, such as for want of" in (
        finished.stderr
    )


def test_a_process_gives_way_to_a_new_one_after_some_sets(tmp_path, monkeypatch):
    """Two sets each: four sets take two processes, and both have ended at the end."""
    started = []

    class Noted(grid_pool.RenderProcess):
        def __init__(self, beginning):
            super().__init__(beginning)
            started.append(self)

    monkeypatch.setattr(grid_pool, "SETS_EACH", 2)
    monkeypatch.setattr(grid_pool, "RenderProcess", Noted)
    spec = tmp_path / "trial.toml"
    spec.write_text(SPEC)
    planned = plan_grid(
        read_spec(spec), out=tmp_path / "grid", data=RELEASES, notebooks_folder=SMALL_NOTEBOOKS
    )
    tasks = [(one.name, task_of(planned, one)) for one in planned.sets]
    outcomes = list(grid_pool.local_outcomes(tasks, beginning_of(planned, cached=True), 1))

    assert [(one.name, one.error, one.pages) for one in outcomes] == [(n, "", 3) for n in NAMES]
    assert len(started) == 2
    assert not any(one.is_running() for one in started)


def test_a_folder_with_anything_else_in_it_is_refused_and_left_alone(tmp_path):
    mine = tmp_path / "grid" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    finished = run_grid(tmp_path)

    assert finished.returncode == 2
    assert "grid: holds thesis.txt, and no part of the grid; name a new or an" in finished.stderr
    assert files_of(tmp_path / "grid") == {"thesis.txt": b"mine"}
    assert not (tmp_path / "grid-run").exists()


def test_a_run_folder_that_is_not_ours_is_refused(tmp_path):
    (tmp_path / "grid-run").mkdir()
    (tmp_path / "grid-run" / "notes.txt").write_text("mine")
    finished = run_grid(tmp_path)

    assert finished.returncode == 2
    assert "grid-run: holds notes.txt, and no grid was run there; " in finished.stderr
    assert not (tmp_path / "grid").exists()


def test_a_file_of_the_users_inside_a_set_fails_that_set_alone(grid, tmp_path):
    folder = tmp_path / "again"
    shutil.copytree(grid[0], folder)
    (folder / "grid" / NAMES[0] / "thesis.txt").write_text("mine")
    finished = run_grid(folder)

    assert finished.returncode == 1
    assert "holds thesis.txt, which is not of the earlier edition" in finished.stderr
    assert (folder / "grid" / NAMES[0] / "thesis.txt").read_text() == "mine"


def test_sets_that_are_asked_for_no_more_stay_and_are_named(grid, tmp_path):
    folder = tmp_path / "again"
    shutil.copytree(grid[0], folder)
    finished = run_grid(folder, spec=SPEC.replace("[2025, 2026]", "[2025]"))

    left = f"not in the index: {NAMES[3]}, {NAMES[1]}"
    assert "2 sets: 0 rendered, 2 were there, 0 failed" in finished.stdout
    assert left in finished.stdout
    assert (folder / "grid" / NAMES[3] / "index.html").is_file()
    assert NAMES[3] not in (folder / "grid" / "index.html").read_text()


def test_two_runs_at_once_on_one_grid_are_refused(tmp_path):
    notebooks, marks = slow_notebooks(tmp_path)
    command = grid_arguments(tmp_path, "--jobs", "1", notebooks=notebooks)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=cache_of(tmp_path)) as run:
        assert wait_until(lambda: any(marks.iterdir()), 60), run.poll()
        second = run_grid(tmp_path, notebooks=notebooks)
        run.send_signal(signal.SIGTERM)

    assert (run.returncode, second.returncode) == (1, 1)
    assert "another run is at work on this grid; wait for its end" in second.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--jobs", "2", "--dask", "x"], "--jobs and --dask: give one of them"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--data", "nowhere"], 'there is no folder "nowhere"'),
    ],
)
def test_wrong_options_are_refused_before_anything_is_made(tmp_path, arguments, message):
    finished = run_grid(tmp_path, *arguments)

    assert finished.returncode == 2
    assert message in finished.stderr
    assert not (tmp_path / "grid").exists()
