import gc
import subprocess
import sys
import warnings
from itertools import pairwise

import pytest
from papermill.iorw import papermill_io

from statedfigures.site.run.execution import count_warnings

TRACED = "import statedfigures as sf\n\ntables = sf.read_release(release)"


def test_a_failed_page_costs_only_itself(project):
    project.only("1-claims.ipynb", "3-measures.ipynb")
    project.write("8-own.ipynb", "quays = 3", "quays / 0")
    told = project.run("render", "--quiet", status=1)
    assert "8-own.ipynb, cell 4: ZeroDivisionError: division by zero" in told
    assert "nothing is published; 2 other pages ran and are kept" in told
    assert not project.site.exists()
    assert (project.cache / "failed-own.ipynb").is_file()
    project.write("8-own.ipynb", "quays = 3")
    again = project.run("render", "--explain")
    assert again.count(": reused, because nothing that it rests on has changed") == 2
    assert "own: run, because no earlier run of it is known" in again
    assert "2 of 3 pages reused" in again


def test_the_failure_of_a_topic_names_its_page(project):
    project.only("1-claims.ipynb")
    project.write(
        "2-topic.ipynb", "1 / (topic != 'nature')", parameters='release: str = ""\ntopic: str = ""'
    )
    told = project.run("render", "--quiet", status=1)
    assert "2-topic.ipynb for nature, cell 3: ZeroDivisionError" in told


def test_a_killed_kernel_is_told_with_the_likely_reason_and_where_to_look(project):
    project.only()
    project.write("1-own.ipynb", "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")
    path = project.write("2-end.ipynb", "import os", "os._exit(3)")
    path.write_text(path.read_text().replace('"kernelspec"', '"other"'))  # it names no kernel
    project.write("3-crash.ipynb", "import os", "os.abort()")
    told = project.run("render", "--quiet", status=1)
    assert "1-own.ipynb, cell 4: its kernel was killed (signal 9), most likely for want of" in told
    assert "dmesg or journalctl -k" in told
    assert "2-end.ipynb, cell 4: its kernel ended by itself (exit status 3)" in told
    assert "3-crash.ipynb, cell 4: its kernel ended by itself (signal 6)" in told


def test_what_is_printed_is_joined_and_neither_a_flood_nor_an_early_end_is_published(project):
    project.only()
    project.write("1-own.ipynb", "print('10%\\r20%\\r30%', flush=True)", "'x' * 90_000")
    project.run("render", "--quiet")
    assert "<pre>30%</pre>" in (project.site / "own.html").read_text()
    project.write("1-own.ipynb", "print('x' * 3_000_000)")
    project.write("2-exit.ipynb", "import sys\nsys.exit()")
    told = project.run("render", "--quiet", status=1)
    assert "1-own.ipynb, cell 3: it prints 3,000,001 characters, and a page may show 100," in told
    assert "2-exit.ipynb, cell 3: it ends the notebook before its last cell" in told


def test_closed_standard_streams_are_of_no_matter(project):
    project.only("3-measures.ipynb")
    program = f"exec {sys.executable} -m statedfigures render <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", program], cwd=project.folder).returncode == 0


def test_an_error_cannot_steer_the_terminal(project):
    project.only()
    project.write("1-own.ipynb", r"raise ValueError('\x1b[2J' + 'x' * 5000)")
    told = project.run("render", "--quiet", status=1)
    assert "\x1b" not in told
    assert "xxx…" in told


def test_warnings_in_notebooks_are_counted_in_the_last_line(project):
    project.only("2-topic.ipynb")
    told = project.run("render")
    last = told.splitlines()[-1] if "warnings" in told.splitlines()[-1] else told
    assert "3 warnings in notebooks: outputs/.cache/messages.txt" in last
    said = (project.cache / "messages.txt").read_text()
    assert said.startswith("ships:\na word to standard error")


@pytest.mark.parametrize(
    ("messages", "count"),
    [
        ("", 0),
        ("a word\nanother\n", 1),
        ("x" * 10**6, 1),
        ("x.py:3: UserWarning: a\n  f()\ny: Warning: b\n", 2),
    ],
)
def test_a_message_is_one_warning_and_each_warning_is_one(messages, count):
    assert count_warnings(messages) == count


def test_a_run_leaves_neither_a_folder_nor_a_loop_to_the_next_of_the_process(project, tmp_path):
    """Each thread tells papermill a folder; braces in a path are no parameters to it."""
    moved = type(project)(project.folder.rename(tmp_path / "a {seed} and {x}"))
    moved.only("1-claims.ipynb", "3-measures.ipynb")
    moved.write("8-own.ipynb", "1 / 0")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        moved.run("render", "--quiet", status=1)
        gc.collect()
    assert papermill_io.get_handler("1-claims.ipynb").cwd(None) is None
    assert not [warning for warning in told if "event loop" in str(warning.message)]


def test_jobs_change_no_byte(rendered):
    rendered.run("render", "--no-cache", "--jobs", 1, "--out", "alone", "--quiet")
    told = rendered.run("reproduce", "alone", "--against", rendered.site)
    assert told.startswith("identical: ")


def test_no_more_pages_compute_at_once_than_jobs(project):
    project.only()
    begin, end = (
        "import time\nbegan = time.monotonic()",
        "print(began, time.monotonic(), file=told)",
    )
    told = project.folder / "told.txt"
    for number in (1, 2, 3):
        cells = (begin, "time.sleep(0.5)", f"told = open({str(told)!r}, 'a')\n{end}\ntold.close()")
        project.write(f"{number}-own{number}.ipynb", *cells)
    project.run("render", "--quiet", "--jobs", 1)
    spans = sorted(tuple(map(float, line.split())) for line in told.read_text().splitlines())
    assert len(spans) == 3
    assert all(ended <= began for (_, ended), (began, _) in pairwise(spans))


def test_a_notebook_reads_a_module_beside_it_and_the_tables_that_are_meant(project):
    project.only("1-claims.ipynb")
    (project.notebooks / "quay.py").write_text("LENGTH = 3\n")
    project.write("5-own.ipynb", "import quay", TRACED, "assert quay.LENGTH == len(tables.topics)")
    project.run("render", "--quiet", "--jobs", 1)
    (project.notebooks / "quay.py").write_text("LENGTH = 1 + 2\n")
    assert "own: run, because of a change in module quay.py" in project.run("render", "--explain")
