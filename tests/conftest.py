"""What several test folders use: a release that a test may spoil, and a browser."""

import csv
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import psutil
import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
RELEASES = Path(__file__).parent / "releases"
SHARED = Path(__file__).parents[2] / "shared"
CHROMIUM = os.environ.get("STATEDFIGURES_CHROMIUM") or shutil.which("chromium")


# Those that take longest begin first, so that no worker is left with them at the end.
LONG = (
    "tests/site/test_pages_measured.py",
    "tests/faults/",
    "tests/site/test_grid_dask.py",
    "tests/site/test_grid.py",
    "tests/test_readme.py",
    "tests/test_notebooks.py",
    "tests/site/",
    "tests/test_",
    "tests/display/",
)


def pytest_configure() -> None:
    """Let Ctrl-C reach what the tests start, and let that keep what it compiles.

    A shell's background job ignores Ctrl-C; where no bytecode is kept, every program that a test
    starts compiles pandas and all the others anew.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first."""

    def place(item: pytest.Item) -> int:
        return next((n for n, path in enumerate(LONG) if item.nodeid.startswith(path)), len(LONG))

    items.sort(key=place)


def run_program(
    *arguments: object, folder: Path, environment: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Run the program in this process, as if in a folder; return its status and what it wrote.

    Kernels are real ones. All runs of a process fork them from one fork server, where a program
    of its own would first import everything anew. What a run sets for its process is put back.
    """
    from statedfigures.cli import main

    written, told = io.StringIO(), io.StringIO()
    ends_by = signal.getsignal(signal.SIGTERM)
    with (
        chdir(folder),
        mock.patch.dict(os.environ, environment or {}),
        redirect_stdout(written),
        redirect_stderr(told),
        pytest.raises(SystemExit) as ended,
    ):
        main([str(word) for word in arguments])
    signal.signal(signal.SIGTERM, ends_by)
    return ended.value.code, written.getvalue(), told.getvalue()


# A program that ends when its standard input is closed, as it is when the tests are killed.
WATCHED = """
import os, runpy, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True).start()
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def start_watched(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.Popen:
    """Start a module of Python, such as ``dask``, that ends with the tests at the latest."""
    return subprocess.Popen(
        [sys.executable, "-c", WATCHED, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )


def family_of(process: subprocess.Popen) -> list[psutil.Process]:
    """Return what a process started, then itself."""
    with suppress(psutil.NoSuchProcess):
        first = psutil.Process(process.pid)
        return [*first.children(recursive=True), first]
    return []


def end(process: subprocess.Popen) -> None:
    """End a process, and what it started."""
    for member in family_of(process):
        with suppress(psutil.NoSuchProcess):
            member.kill()
    process.wait()
    process.stdin.close()
    process.stderr.close()


@dataclass(frozen=True)
class ReleaseCopy:
    """A copy of the small release in a folder of its own."""

    folder: Path

    @property
    def data(self) -> Path:
        """Folder that holds the release."""
        return self.folder.parent

    def rows(self, table: str) -> list[list[str]]:
        """Return the header and rows of a table."""
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table: str, rows: list[list[str]]) -> None:
        """Write the header and rows of a table."""
        with (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

    def change(self, file: str, old: str, new: str) -> None:
        """Write other words for the first that stand so in a file of the release."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert old in text
        (self.folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    def set_cell(self, table: str, row: int, column: str, value: str) -> None:
        """Change one cell; rows are counted as in a spreadsheet, the header is row 1."""
        rows = self.rows(table)
        rows[row - 1][rows[0].index(column)] = value
        self.write(table, rows)

    def row_of(self, table: str, row_id: str) -> int:
        """Return the row in which an id stands in the first column."""
        return next(n for n, row in enumerate(self.rows(table), start=1) if row[0] == row_id)


@pytest.fixture
def small_release(tmp_path: Path) -> ReleaseCopy:
    """Copy the small release, and the method rows, into a folder that the test may write to."""
    data = tmp_path / "data"
    shutil.copytree(RELEASES / "small-release", data / "small-release")
    shutil.copytree(Path(__file__).parents[1] / "data" / "method", data / "method")
    return ReleaseCopy(data / "small-release")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of texts beside the checkout, which users do not have."""
    if not SHARED.is_dir():
        pytest.skip("the folder of release texts beside the checkout is absent")
    return SHARED


@pytest.fixture(scope="session")
def shipped_editions(tmp_path_factory) -> dict[str, Path]:
    """Render the shipped releases with few draws, once for all workers; name to folder."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    names = sorted(path.parent.name for path in (ROOT / "data").glob("*/release.toml"))
    editions = {name: base / "editions" / name for name in names}
    with FileLock(base / "editions.lock"):
        for name, folder in editions.items():
            if not folder.is_dir():
                settings = ("--release", name, "-p", "draws", 1024, "--no-cache", "--quiet")
                status, _, told = run_program("render", *settings, "--out", folder, folder=ROOT)
                assert status == 0, told
    return editions


@pytest.fixture(scope="module")
def browser():
    """Start Chromium once for all tests of a module."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: set STATEDFIGURES_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_tab(browser):
    """Return what opens a tab with the settings named, as a visitor who has been nowhere.

    The tab takes down every console message, error and request to a host in ``told``.
    """
    contexts = []

    def open_tab(**settings):
        context = browser.new_context(**settings)
        contexts.append(context)
        tab = context.new_page()
        tab.told = []
        tab.on("console", lambda message: tab.told.append(message.text))
        tab.on("pageerror", lambda error: tab.told.append(str(error)))
        tab.on(
            "request",
            lambda request: (
                None if request.url.startswith(("file:", "data:")) else tab.told.append(request.url)
            ),
        )
        return tab

    yield open_tab
    for context in contexts:
        context.close()
