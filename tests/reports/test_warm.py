"""Forked kernels: each as fresh as a started one, none left behind, the same results."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from statedfigures.reports import warm_process
from statedfigures.reports.kernels import KernelHouse, settled_environment
from statedfigures.reports.warm import KERNEL_MODULES, WarmProcess, can_fork, modules_to_import
from tests.reports.conftest import RELEASES, SMALL_NOTEBOOKS, write_notebook
from tests.reports.test_render import is_running, wait_until

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes cannot be forked here")

LIBRARIES = ["numpy", "pandas", "matplotlib.pyplot", "scipy.stats", "statedfigures.errors"]
# What a notebook could leave behind for the next one, were they to share a process.
SPOIL = """\
import builtins, decimal, locale, os, random, sys, tempfile, warnings
import numpy, matplotlib, matplotlib.pyplot
import statedfigures.errors
leaked = builtins.leaked = statedfigures.errors.leaked = 1
random.seed(1); numpy.random.seed(1)
matplotlib.rcParams["font.size"] = 77; matplotlib.pyplot.figure()
os.environ["LEAKED"] = "1"; os.environ["TZ"] = "Asia/Tokyo"
kept_open = open(os.devnull)
sys.path.append("leaked"); sys.modules["leaked"] = sys
decimal.getcontext().prec = 3; warnings.simplefilter("ignore"); os.umask(0o777)
os.chdir(tempfile.gettempdir())"""
LOOK = """\
import builtins, decimal, gc, json, os, random, signal, sys, threading, time, warnings
import matplotlib, matplotlib.pyplot, numpy, statedfigures.errors
def kind(number):
    to = os.readlink(f"/proc/self/fd/{number}")
    return to.partition(":")[0] if to.startswith(("socket", "pipe", "anon")) else to
found = {
    "globals": sorted(name for name in globals() if not name.startswith("_")),
    "leaked": [hasattr(one, "leaked") for one in (builtins, statedfigures.errors)],
    "font": matplotlib.rcParams["font.size"], "backend": matplotlib.get_backend(),
    "figures": matplotlib.pyplot.get_fignums(),
    "environment": {n: v for n, v in os.environ.items()
                    if n not in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR",
                                 "STATEDFIGURES_READS", "JPY_PARENT_PID")},
    "folder": os.getcwd(), "path": sys.path, "module": "leaked" in sys.modules,
    "precision": decimal.getcontext().prec, "zone": time.tzname,
    "filters": len(warnings.filters), "umask": os.umask(0o022),
    "files": sorted(kind(number) for number in os.listdir("/proc/self/fd")
                    if int(number) > 2 and os.path.lexists(f"/proc/self/fd/{number}")),
    "threads": sorted(type(one).__name__ for one in threading.enumerate()),
    "session": os.getsid(0) == os.getpid(), "hash": hash("leaked"),
    "arguments": len(sys.argv), "frozen": gc.get_freeze_count(),
    "signals": [str(signal.getsignal(n)) for n in (signal.SIGTERM, signal.SIGCHLD)],
    "main": sys.modules["__main__"].__name__,
}
print(json.dumps(found))"""
RANDOM = """\
import json, random, uuid, numpy
print(json.dumps([random.random(), numpy.random.random(), str(uuid.uuid4())]))"""

DEBUGGER = """\
import json, sys
before = "debugpy" in sys.modules
import debugpy.server
print(json.dumps([before, debugpy.server.__name__]))"""


# In a process of its own: papermill leaves its event loops to the end of the process.
RUN = """\
import json, sys
from pathlib import Path
import nbformat
from statedfigures.reports.notebooks import discover_notebooks
from statedfigures.reports.page_cache import PageCache
from statedfigures.reports.reuse import standings
from statedfigures.reports.warm import WarmProcess
from statedfigures.reports.working import work_pages

folder, data, out, warm, jobs, ended = sys.argv[1:]
if ended == "True":
    begin = WarmProcess.__init__
    def begin_and_end(self, *arguments):
        begin(self, *arguments)
        self._process.kill()
    WarmProcess.__init__ = begin_and_end
notebooks = discover_notebooks(Path(folder))
parameters = {
    one.page: {name: each.default for name, each in one.parameters.items()} for one in notebooks
}
standing = standings(notebooks, parameters, Path(data), PageCache(None))
worked = work_pages(
    standing, parameters, Path(data), failed=Path(out), jobs=int(jobs),
    report=lambda _: None, warm=warm == "True",
)
for page, one in worked.items():
    nbformat.write(one.executed, Path(out) / page)
"""


def run(
    folder: Path, out: Path, *, warm: bool, jobs: int = 1, ended: bool = False
) -> dict[str, object]:
    """Run the notebooks of a folder; give each as it was executed."""
    out.mkdir()
    words = [str(folder), str(RELEASES), str(out), str(warm), str(jobs), str(ended)]
    finished = subprocess.run(
        [sys.executable, "-c", RUN, *words], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return {path.name: nbformat.read(path, as_version=4) for path in out.iterdir()}


def printed(executed) -> object:
    """Give what the last cell of a notebook printed, as a JSON value."""
    return json.loads(executed.cells[-1].outputs[0].text)


@pytest.fixture(scope="module")
def looks(tmp_path_factory):
    """Look around in a plain kernel, and in forked ones before and after a spoiling one."""
    folder = tmp_path_factory.mktemp("looks")
    write_notebook(folder / "1-before.ipynb", LOOK)
    write_notebook(folder / "2-spoils.ipynb", SPOIL)
    write_notebook(folder / "3-after.ipynb", LOOK)
    write_notebook(folder / "4-random.ipynb", RANDOM)
    write_notebook(folder / "5-again.ipynb", RANDOM)
    write_notebook(folder / "6-debugger.ipynb", DEBUGGER)
    return run(folder, folder / "plain", warm=False), run(folder, folder / "warm", warm=True)


def test_a_forked_kernel_finds_the_world_as_a_started_one(looks):
    """All that a notebook can tell: even the kinds of its open files and its threads."""
    plain, warm = looks

    assert printed(warm["before"]) == printed(plain["before"])


def test_nothing_leaks_from_one_notebook_into_the_next(looks):
    _, warm = looks

    assert printed(warm["after"]) == printed(warm["before"])


def test_chance_starts_anew_in_every_kernel(looks):
    """Two kernels that drew from one state would agree in every number."""
    _, warm = looks
    pairs = zip(printed(warm["random"]), printed(warm["again"]), strict=True)

    assert all(one != other for one, other in pairs)


def test_a_kernel_brings_no_debugger_and_keeps_nobody_from_importing_one(looks):
    for kernel in looks:
        assert printed(kernel["debugger"]) == [False, "debugpy.server"]


@pytest.mark.parametrize("jobs", [1, 3])
def test_forked_and_started_kernels_give_the_same_bytes(tmp_path, jobs):
    plain = run(SMALL_NOTEBOOKS, tmp_path / "plain", warm=False)
    warm = run(SMALL_NOTEBOOKS, tmp_path / "warm", warm=True, jobs=jobs)

    assert {page: nbformat.writes(one) for page, one in warm.items()} == {
        page: nbformat.writes(one) for page, one in plain.items()
    }


def test_without_fork_kernels_are_started(monkeypatch):
    monkeypatch.setattr("statedfigures.reports.kernels.can_fork", lambda: False)
    with KernelHouse({}, ["numpy"]) as house:
        assert house.warm_process is None


def test_if_the_process_ends_kernels_are_started(tmp_path):
    """It is ended at once; the notebook runs all the same."""
    write_notebook(tmp_path / "1-one.ipynb", "print(1)")

    assert printed(run(tmp_path, tmp_path / "out", warm=True, ended=True)["one"]) == 1


def test_the_warm_process_has_one_thread_and_one_channel(tmp_path):
    """A second thread might hold a lock in the moment of the fork, and the child would wait."""
    environment = settled_environment(tmp_path, {})
    warm = WarmProcess(environment, [*KERNEL_MODULES, *LIBRARIES])
    try:
        child = warm.fork([], environment, str(tmp_path))  # answers once all is imported
        process = Path(f"/proc/{warm._process.pid}")
        assert len(list((process / "task").iterdir())) == 1
        assert len([one for one in (process / "fd").iterdir() if int(one.name) > 2]) <= 1
        child.kill()
        assert child.wait(10) == -signal.SIGKILL
        child.kill()  # an ended one is not signalled again
    finally:
        warm.close()
    assert child.poll() == -signal.SIGKILL


def test_closing_ends_the_process_and_its_kernels(tmp_path):
    environment = settled_environment(tmp_path, {})
    warm = WarmProcess(environment, KERNEL_MODULES)
    child = warm.fork(["-f", str(tmp_path / "kernel.json"), "--transport=ipc"], environment, "/")
    assert is_running(child.pid)
    warm.close()

    assert not is_running(child.pid)
    assert not is_running(warm._process.pid)
    assert child.poll() is not None


OWNER = """\
import sys, time
from pathlib import Path
from statedfigures.reports import warm_process
from statedfigures.reports.kernels import settled_environment
from statedfigures.reports.warm import KERNEL_MODULES, WarmProcess
folder = Path(sys.argv[1])
environment = settled_environment(folder, {})
warm = WarmProcess(environment, KERNEL_MODULES)
child = warm.fork(["-f", str(folder / "kernel.json"), "--transport=ipc"], environment, "/")
print(warm._process.pid, child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("victim", ["owner", "warm process"])
def test_no_process_outlives_its_owner(tmp_path, victim):
    """Killed outright: the owner, and the process between it and the kernels."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as owner:
        numbers = [int(word) for word in owner.stdout.readline().split()]
        assert all(is_running(number) for number in numbers)
        os.kill(owner.pid if victim == "owner" else numbers[0], signal.SIGKILL)
        try:
            assert wait_until(lambda: not any(is_running(number) for number in numbers), 10)
        finally:
            owner.kill()


def test_it_ends_without_a_word_if_its_owner_ends_before_the_answer():
    ours, theirs = socket.socketpair()
    with theirs, ours:
        environment = os.environ | {"JPY_PARENT_PID": str(os.getpid())}
        process = subprocess.Popen(
            [sys.executable, warm_process.__file__, str(theirs.fileno())],
            env=environment,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        )
        request = {"do": "fork", "arguments": [], "environment": environment, "folder": "/"}
        ours.sendall(b"[]\n" + json.dumps(request).encode() + b"\n")
    _, told = process.communicate(timeout=30)
    assert told == b""
    assert process.returncode == 0


def test_what_is_imported_beforehand_is_ours_or_a_known_library():
    """Another library might start a thread as it is imported; a report module is no page's."""
    names = modules_to_import(
        ["statedfigures.display.svg", "statedfigures.reports.site", "small_report"],
        ["numpy", "scipy.stats", "tensorflow", "os"],
    )

    assert names == [*KERNEL_MODULES, "numpy", "statedfigures.display.svg", "scipy.stats"]


def test_a_module_that_fails_to_import_costs_nothing(tmp_path):
    environment = settled_environment(tmp_path, {})
    warm = WarmProcess(environment, ["no_such_module", *KERNEL_MODULES])
    began = time.monotonic()
    child = warm.fork(["-f", str(tmp_path / "kernel.json"), "--transport=ipc"], environment, "/")
    warm.close()

    assert child.poll() is not None
    assert time.monotonic() - began < 30
