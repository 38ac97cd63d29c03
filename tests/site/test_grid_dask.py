import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import psutil
import pytest

from statedfigures.site.publish import files

pytest.importorskip("distributed")
SETS = "release = 'small-release'\n[product]\nscenario = ['low', 'high']\nseed = [1, 2]\n"
NO_DAEMON = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}


def dask(*arguments, environment=None):
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )


def end(process):
    """End a process and what it started."""
    family = []
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(process.pid)
        family = [*parent.children(recursive=True), parent]
    for each in family:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.wait()
    process.stderr.close()


@contextmanager
def cluster(*workers):
    """Start a scheduler on the loopback and workers; yield its address and all processes."""
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    processes = [scheduler]
    try:
        for line in scheduler.stderr:
            if found := re.search(r"tcp://127\.0\.0\.1:\d+", line):
                address = found[0]
                break
        own = ("worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard")
        processes += [dask(*own, environment=environment) for environment in workers]
        yield address, processes
    finally:
        for process in reversed(processes):
            end(process)


def grid_file(project):
    path = project.folder / "pair.toml"
    path.write_text(SETS)
    return path


def test_a_cluster_makes_the_same_bytes_and_a_killed_worker_costs_nothing(rendered):
    folder = rendered.folder / "outputs" / "grids" / "pair"
    with cluster(NO_DAEMON, NO_DAEMON) as (address, processes):
        run = rendered.start("grid", grid_file(rendered), "--dask", address)
        ends = time.monotonic() + 240
        while not list(folder.glob("scenario-*")) and time.monotonic() < ends:
            time.sleep(0.2)
        end(processes[-1])
        out, err = run.communicate(timeout=300)
    assert "4 sets: 4 rendered, 0 were there, 0 failed" in out, err
    rendered.run("grid", grid_file(rendered), "--out", "here", "--quiet", "--no-cache")
    assert files.contents_of(folder) == files.contents_of(rendered.folder / "here")


def test_a_worker_that_is_a_daemon_is_refused_with_the_remedy(rendered):
    with cluster({}) as (address, _):
        told = rendered.run("grid", grid_file(rendered), "--dask", address, "--quiet", status=1)
    assert "a Dask nanny started this worker as a daemon, which may have no children" in told
    assert "set distributed.worker.daemon: false" in told


def test_a_scheduler_that_is_stopped_is_told_in_one_sentence(rendered):
    with cluster(NO_DAEMON) as (address, processes):
        run = rendered.start("grid", grid_file(rendered), "--dask", address, "--quiet")
        ends = time.monotonic() + 240
        while not list(rendered.folder.glob("outputs/grids/pair/scenario-*")):
            time.sleep(0.2)
            assert time.monotonic() < ends
        processes[0].kill()
        out, err = run.communicate(timeout=300)
    assert run.returncode == 1
    assert (out, len(err.splitlines())) == ("", 1), err
    assert "the cluster is gone (its scheduler does not answer); the sets that are done" in err


def test_no_scheduler_is_told_in_words(project):
    told = project.run("grid", grid_file(project), "--dask", "tcp://127.0.0.1:9", status=1)
    assert "--dask tcp://127.0.0.1:9: no scheduler answers there" in told
    told = project.run("grid", grid_file(project), "--dask", "x", "--jobs", 2, status=2)
    assert "--jobs and --dask: give one of them" in told
