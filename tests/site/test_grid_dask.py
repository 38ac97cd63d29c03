import re
import time
from contextlib import contextmanager

import pytest

from statedfigures.site.publish import files
from tests.conftest import end, start_watched

pytest.importorskip("distributed")
SETS = "release = 'small-release'\n[product]\nscenario = ['low', 'central', 'high']\n"
PATIENCE = 600
NO_DAEMON = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}


def dask(kind, *arguments, environment=None):
    """Start a part of a cluster."""
    return start_watched(f"distributed.cli.dask_{kind}", *arguments, environment=environment)


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
    project.only("3-measures.ipynb")
    path = project.folder / "three.toml"
    path.write_text(SETS)
    return path


def run_until_a_set_is_there(project, *arguments):
    """Start a grid, and return it when its first set is published."""
    run = project.start("grid", grid_file(project), *arguments)
    while run.poll() is None and not list(project.folder.glob("outputs/grids/three/scenario-*")):
        time.sleep(0.05)
    return run


def test_a_cluster_makes_the_same_bytes_and_a_killed_worker_costs_nothing(project):
    with cluster(NO_DAEMON, NO_DAEMON) as (address, processes):
        run = run_until_a_set_is_there(project, "--dask", address)
        end(processes[-1])
        out, err = run.communicate(timeout=PATIENCE)
    assert "3 sets: 3 rendered, 0 were there, 0 failed" in out, err
    project.run("grid", "three.toml", "--out", "here", "--quiet", "--no-cache", "--jobs", 1)
    made = files.contents_of(project.folder / "outputs" / "grids" / "three")
    assert made == files.contents_of(project.folder / "here")


def test_a_worker_that_is_a_daemon_is_refused_with_the_remedy(project):
    with cluster({}) as (address, _):
        asked = ("grid", grid_file(project), "--dask", address, "--quiet")
        told = project.run(*asked, status=1, environment={})
    assert "a Dask nanny started this worker as a daemon, which may have no children" in told
    assert "set distributed.worker.daemon: false" in told


def test_a_scheduler_that_is_stopped_is_told_in_one_sentence(project):
    with cluster(NO_DAEMON) as (address, processes):
        run = run_until_a_set_is_there(project, "--dask", address, "--quiet")
        processes[0].kill()
        out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 1
    assert (out, len(err.splitlines())) == ("", 1), err
    assert "the cluster is gone (its scheduler does not answer); the sets that are done" in err


def test_no_scheduler_is_told_in_words(project):
    asked = ("grid", grid_file(project), "--dask", "tcp://127.0.0.1:9")
    told = project.run(*asked, status=1, environment={})
    assert "--dask tcp://127.0.0.1:9: no scheduler answers there" in told
    told = project.run(*asked, "--jobs", 2, status=2)
    assert "--jobs and --dask: give one of them" in told
