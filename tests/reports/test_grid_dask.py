"""Grids on a real Dask cluster: two worker processes, the same bytes, one of them killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

import statedfigures
from statedfigures.errors import RunError
from statedfigures.reports.grid_dask import dask_outcomes, differences_in_words
from tests.reports.conftest import SMALL_NOTEBOOKS, write_notebook
from tests.reports.test_grid import (
    NAMES,
    cache_of,
    grid_arguments,
    require_whole,
    run_grid,
    slow_notebooks,
)
from tests.reports.test_render import files_of, is_running, wait_until

pytest.importorskip("distributed")
DASK = [sys.executable, "-m", "dask"]


@contextmanager
def cluster(folder, *, workers=2, environment=None):
    """Start a scheduler and workers of one thread; give the address and the workers' process."""
    file = folder / "scheduler.json"
    log = (folder / "cluster.log").open("w")
    said = {"stdout": log, "stderr": log}
    local = [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    started = [subprocess.Popen([*local, "--scheduler-file", str(file)], **said)]
    try:
        assert wait_until(file.exists, 60)
        if workers:
            own = {"STATEDFIGURES_CACHE": str(folder / "worker-cache"), **(environment or {})}
            command = [*DASK, "worker", "--scheduler-file", str(file), "--nthreads", "1"]
            command += ["--nworkers", str(workers), "--no-dashboard"]
            command += ["--local-directory", str(folder)]
            started.append(subprocess.Popen(command, env=os.environ | own, **said))
        yield json.loads(file.read_text())["address"], started[-1]
    finally:
        for one in reversed(started):
            one.send_signal(signal.SIGTERM)
        for one in started:
            one.wait(60)
        log.close()


def runs(process, module):
    """Say whether a process runs a module; one that has just ended runs none."""
    with suppress(psutil.NoSuchProcess):
        return any(module in word for word in process.cmdline())
    return False


def rendering(workers):
    """Give the numbers of the processes that render sets on the workers."""
    found = psutil.Process(workers.pid).children(recursive=True)
    return [one.pid for one in found if runs(one, "statedfigures.reports.grid_worker")]


def nannied(workers):
    """Give the worker processes, each under its nanny."""
    return [one for one in psutil.Process(workers.pid).children() if one.children()]


def runs_a_kernel(worker):
    """Say whether a kernel runs under a worker: a child of the process that it is forked from."""
    below = worker.children(recursive=True)
    warm = [one for one in below if runs(one, "warm_process")]
    return any(kernel.is_running() for one in warm for kernel in children_of(one))


def children_of(process):
    """Give the processes under one, none where it has just ended."""
    with suppress(psutil.NoSuchProcess):
        return process.children()
    return []


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """Render the small grid on this machine; give its files."""
    folder = tmp_path_factory.mktemp("here")
    finished = run_grid(folder, "--jobs", "1")
    assert finished.returncode == 0, finished.stderr
    return files_of(folder / "grid")


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    """Start one cluster for the tests that leave it whole."""
    with cluster(tmp_path_factory.mktemp("cluster")) as (address, workers):
        yield address, workers


def test_two_workers_make_the_bytes_of_a_grid_on_this_machine(here, two_workers, tmp_path):
    address, workers = two_workers
    finished = run_grid(tmp_path, "--dask", address)

    assert finished.returncode == 0, finished.stderr
    assert "4 sets: 4 rendered, 0 were there, 0 failed" in finished.stdout
    assert files_of(tmp_path / "grid") == here
    assert wait_until(lambda: not rendering(workers), 20)  # nothing idles on the cluster


def test_a_failed_set_on_a_worker_is_told_and_stops_no_other(two_workers, tmp_path):
    notebooks = Path(shutil.copytree(SMALL_NOTEBOOKS, tmp_path / "notebooks"))
    write_notebook(
        notebooks / "3-frail.ipynb", "assert (scenario, horizon_year) != ('low', 2026), 'no'"
    )
    finished = run_grid(tmp_path, "--dask", two_workers[0], notebooks=notebooks)

    assert finished.returncode == 1
    assert "4 sets: 3 rendered, 0 were there, 1 failed" in finished.stdout
    assert f"{NAMES[1]}: failed: 3-frail.ipynb, cell 3: AssertionError: no\n" in finished.stderr


def test_a_grid_begun_here_goes_on_on_a_cluster(here, two_workers, tmp_path):
    assert run_grid(tmp_path, "--jobs", "1").returncode == 0
    for name in NAMES[2:]:
        shutil.rmtree(tmp_path / "grid" / name)
    finished = run_grid(tmp_path, "--dask", two_workers[0])

    assert "4 sets: 2 rendered, 2 were there, 0 failed" in finished.stdout
    assert files_of(tmp_path / "grid") == here


def test_ending_a_grid_leaves_nothing_at_work_on_the_cluster(two_workers, tmp_path):
    address, workers = two_workers
    notebooks, marks = slow_notebooks(tmp_path)
    command = grid_arguments(tmp_path, "--dask", address, notebooks=notebooks)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=cache_of(tmp_path)
    ) as run:
        assert wait_until(lambda: len(list(marks.iterdir())) == 2, 90), run.poll()
        at_work = rendering(workers)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=60)

    assert run.returncode == 1
    assert told.splitlines()[-1] == "stopped before the end"
    assert len(at_work) == 2
    assert wait_until(lambda: not any(map(is_running, at_work)), 30)


def test_one_worker_killed_in_the_middle_costs_nothing_but_time(tmp_path):
    """The bytes are those of a grid on this machine."""
    notebooks, marks = slow_notebooks(tmp_path, seconds=600)
    for name in ("low-2025", "low-2026", "high-2026"):
        (marks / f"began-{name}").touch()
    with cluster(tmp_path) as (address, workers):
        command = grid_arguments(tmp_path, "--dask", address, notebooks=notebooks)
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=cache_of(tmp_path),
        ) as run:  # fmt: skip
            assert wait_until((marks / "began-high-2025").exists, 120), run.poll()
            (worker,) = filter(runs_a_kernel, nannied(workers))
            worker.kill()
            said, told = run.communicate(timeout=180)
    assert run.returncode == 0, told
    require_whole(tmp_path, said, notebooks)


def test_a_grid_whose_scheduler_ends_says_so_and_goes_on_here(tmp_path):
    notebooks, marks = slow_notebooks(tmp_path, seconds=600)
    (marks / "began-low-2025").touch()
    with cluster(tmp_path, workers=1) as (address, workers):
        (scheduler,) = [
            one
            for one in psutil.Process().children()
            if runs(one, "scheduler") and runs(one, str(tmp_path)) and one.pid != workers.pid
        ]
        command = grid_arguments(tmp_path, "--dask", address, notebooks=notebooks)
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=cache_of(tmp_path),
        ) as run:  # fmt: skip
            assert wait_until((tmp_path / "grid" / NAMES[0]).is_dir, 120), run.poll()
            scheduler.kill()
            workers.kill()
            _, told = run.communicate(timeout=120)
    assert run.returncode == 1
    assert "the cluster is gone (" in told.splitlines()[-1]
    assert "run the same command again" in told.splitlines()[-1]
    assert "Traceback" not in told
    for name in ("low-2026", "high-2025", "high-2026"):
        (marks / f"began-{name}").touch()
    again = run_grid(tmp_path, notebooks=notebooks)
    assert "4 sets: 3 rendered, 1 were there, 0 failed" in again.stdout, again.stderr


def test_a_worker_with_other_code_is_refused_before_anything_runs(tmp_path):
    other = tmp_path / "other" / "statedfigures"
    shutil.copytree(Path(statedfigures.__file__).parent, other)
    (other / "errors.py").write_text((other / "errors.py").read_text() + "\n# changed\n")
    environment = {"PYTHONPATH": str(other.parent)}
    with cluster(tmp_path, workers=1, environment=environment) as (address, _):
        finished = run_grid(tmp_path, "--dask", address)

    assert finished.returncode == 1
    assert "has another package statedfigures (" in finished.stderr
    assert "install the same version and lock there" in finished.stderr
    assert not list((tmp_path / "grid").glob("*/index.html"))


def test_a_cluster_without_workers_and_an_address_without_a_cluster_are_told(tmp_path):
    with cluster(tmp_path, workers=0) as (address, _):
        empty = run_grid(tmp_path, "--dask", address)
    nobody = run_grid(tmp_path, "--dask", "tcp://127.0.0.1:9")
    nonsense = run_grid(tmp_path, "--dask", "nonsense://x")

    assert (empty.returncode, nobody.returncode, nonsense.returncode) == (1, 1, 1)
    assert "the cluster has no workers; start some with dask worker" in empty.stderr
    assert "--dask tcp://127.0.0.1:9: no scheduler answers there (" in nobody.stderr
    assert "--dask nonsense://x: no scheduler answers there (" in nonsense.stderr


def test_an_installation_without_dask_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(RunError, match=r"Dask is not installed here; install what"):
        next(dask_outcomes([], {}, None, "tcp://127.0.0.1:9", print))


def test_what_differs_on_a_worker_is_said_in_words():
    ours = {"Python": "3.12.1", "numpy": "2.4.0", "pandas": "3.0", "scipy": "1.17"}

    assert differences_in_words(ours, ours) == ""
    assert differences_in_words({**ours, "numpy": "2.3.0"}, ours) == (
        "has another numpy (2.3.0 there, 2.4.0 here); install the same version and lock there"
    )
    assert " and 1 more; " in differences_in_words({}, ours)
