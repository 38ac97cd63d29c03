import json
import os
import signal
import time

import pandas as pd
import psutil
import pytest

from statedfigures.errors import ParameterError
from statedfigures.site.publish import files, manifest
from statedfigures.site.run.grid_file import name_of, read_grid

PAIR = """
release = "small-release"
[parameters]
draws = 64
[product]
scenario = ["low", "high"]
"""


def grid_file(project, text=PAIR):
    path = project.folder / "pair.toml"
    path.write_text(text)
    return path


def folder_of(project):
    return project.folder / "outputs" / "grids" / "pair"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("relase = 'x'", "pair.toml, relase: is not a key of a grid file; did you mean release?"),
        ("", "product, sets: neither is there; give a table [product] of lists or a table [[sets"),
        ("[product]\na=[1]\n[[sets]]\na=1", "product, sets: both are there"),
        ("[product]\n", "product: holds no list"),
        (
            "\ufeff[product]\nseed = 1",
            "product.seed: is not a list with values; write seed = [value, va",
        ),
        ("[product]\nseed = [1, 1]", "product.seed: “1” is listed twice; list each value once"),
        ("[product]\nseed = [[1]]", "product.seed, entry 1: is a list; give a text, a number, tr"),
        ("[product]\nrelease = ['a']", "product.release: a grid is about one release"),
        ("[parameters]\nseed=1\n[product]\nseed=[1]", "parameters.seed: stands in [product] too"),
        ("[[sets]]\nname='../x'", "sets, entry 1, name: “../x” cannot name a folder"),
        ("[[sets]]\nname='con'", "sets, entry 1, name: “con” cannot name a folder"),
        ("[[sets]]\nseed=1\n[[sets]]\nseed=1", "sets, entry 2: has the name “seed-1” of sets, en"),
        ("[product]\na=[" + ",".join(map(str, range(20_001))) + "]", "makes 20,001 sets, more"),
        ("[product", "is not TOML ("),
        ("a = " + "9" * 5000, "holds a value too large to be read; shorten it"),
    ],
)
def test_a_faulty_file_is_refused_with_key_and_remedy(tmp_path, text, told):
    path = tmp_path / "pair.toml"
    path.write_text(text)
    with pytest.raises(ParameterError) as error:
        read_grid(path)
    assert told in str(error.value)
    assert str(error.value).startswith("pair.toml")


def test_a_file_that_is_not_there_or_a_pipe_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"cannot be read \(No such file"):
        read_grid(tmp_path / "pair.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ParameterError, match="is not an ordinary file"):
        read_grid(tmp_path / "pipe.toml")


def test_names_of_sets_are_safe_and_stay_apart():
    assert name_of({"scenario": "low"}) == "scenario-low"
    first, second = (name_of({"x": value}) for value in ("A/../b", "a b"))
    assert first != second
    assert all(
        set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-") for name in (first, second)
    )


def test_a_wrong_value_is_refused_before_anything_runs(project):
    path = grid_file(project, PAIR.replace('"high"', '"hihg"').replace("64", "100"))
    told = project.run("grid", path, status=2)
    assert "pair.toml, product, set 1: parameter draws: 100 is not a power of two" in told
    assert not folder_of(project).exists()


def test_two_sets_that_mean_the_same_are_refused(project):
    path = grid_file(project, "[[sets]]\nname='a'\n[[sets]]\nname='b'\nseed=1")
    told = project.run("grid", path, status=2)
    assert "sets, entry 2: means the same as sets, entry 1" in told


def test_a_set_is_byte_for_byte_what_render_makes_and_a_second_run_makes_nothing(rendered):
    told = rendered.run("grid", grid_file(rendered), "--jobs", 2)
    assert "2 sets: 2 rendered, 0 were there, 0 failed" in told
    folder = folder_of(rendered)
    rendered.run("render", "--scenario", "high", "--out", "alone", "--no-cache", "--quiet")
    assert files.contents_of(folder / "scenario-high") == files.contents_of(
        rendered.folder / "alone"
    )
    before = files.contents_of(folder)
    told = rendered.run("grid", grid_file(rendered), "--quiet")
    assert files.contents_of(folder) == before
    page = (folder / "index.html").read_text()
    assert 'href="scenario-low/index.html"' in page
    compared = pd.read_csv(folder / "sets.csv")
    assert compared["scenario"].tolist() == ["low", "high"]
    years = compared.filter(regex="_year$").to_numpy()
    assert years.size  # each series stands at the horizon of the sets
    assert (years == 2026).all()
    for place in (folder / "inner", folder / "scenario-low" / "inner"):
        told = rendered.run("grid", grid_file(rendered), "--out", place, status=2)
        assert "which is an edition or a grid itself" in told
    (folder / "notes.txt").write_text("mine")
    told = rendered.run("grid", grid_file(rendered), status=2)
    assert "holds notes.txt, which is no part of a grid" in told


def test_a_set_that_fails_stops_no_other_and_is_tried_again(rendered):
    rendered.write("9-own.ipynb", "1 / (scenario != 'high')")
    told = rendered.run("grid", grid_file(rendered), "--quiet", status=1)
    assert "scenario-high: failed: 9-own.ipynb, cell 3: ZeroDivisionError" in told
    folder = folder_of(rendered)
    assert manifest.differences(folder / "scenario-low") == []
    assert not (folder / "scenario-high").exists()
    assert json.loads((folder / "grid.json").read_text())["sets"]["scenario-high"]["failed"]
    rendered.write("9-own.ipynb", "1 / 1")
    told = rendered.run("grid", grid_file(rendered))
    assert "0 failed" in told


def test_a_killed_process_costs_only_the_set_that_kills_it(project):
    project.only()
    project.write(
        "9-own.ipynb",
        "import os, signal, psutil",
        "kernel = psutil.Process(os.getpid())",
        "worker = kernel.parent().parent()",
        "worker.send_signal(signal.SIGKILL if scenario == 'high' else 0)",
    )
    told = project.run("grid", grid_file(project), "--quiet", "--jobs", 2, status=1)
    assert "scenario-high: failed: the process that rendered it was killed, most likely" in told
    assert manifest.differences(folder_of(project) / "scenario-low") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_ended_grid_leaves_no_process_and_goes_on(project, number):
    project.only("3-measures.ipynb")
    process = project.start("grid", grid_file(project), "--jobs", 2)
    started = []
    while process.poll() is None and len(started) < 4:
        time.sleep(0.05)
        started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    _, told = process.communicate()
    assert "Traceback" not in told
    _, alive = psutil.wait_procs(started, timeout=600)
    assert alive == []
    assert "0 failed" in project.run("grid", grid_file(project))


def test_two_runs_of_a_grid_at_once_are_refused(project):
    from filelock import FileLock

    folder_of(project).mkdir(parents=True)
    with FileLock(folder_of(project) / ".grid.lock"):
        told = project.run("grid", grid_file(project), "--quiet", status=1)
    assert "another run is at work on this grid; wait for its end" in told
