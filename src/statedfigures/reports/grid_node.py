"""What runs on a worker of a Dask cluster: one set at a time, in a process kept for that.

A worker may be a daemon, have threads and be killed at any time. So the work is
done in processes of its own, one for each thread that renders, which end when
the worker does.
"""

from __future__ import annotations

import atexit
import io
import platform
import sys
import threading
import time
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from statedfigures.errors import RunError
from statedfigures.reports.grid_plan import Grid
from statedfigures.reports.grid_pool import TRIES, RenderProcess
from statedfigures.reports.manifest import CHANGELOG, fingerprint, package_fingerprint
from statedfigures.reports.scratch import scratch_folder

LOCK = "requirements.lock"
# What shapes the bytes of a page; the package itself goes by its source.
LIBRARIES = (
    "afcharts",
    "contourpy",
    "frictionless",
    "gptables",
    "ipykernel",
    "ipython",
    "jinja2",
    "markupsafe",
    "matplotlib",
    "matplotlib-inline",
    "mistune",
    "nbclient",
    "nbconvert",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "xlsxwriter",
)
_GONE = "the process that rendered it ended twice, such as for want of memory on its worker"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The tables and notebooks of a grid, packed, and how a process begins with them.

    ``name`` is a fingerprint of it all.
    """

    name: str
    files: bytes
    release: str
    inputs: Mapping[str, Any]
    cache: bool


@dataclass(frozen=True, slots=True)
class Packed:
    """An edition as a worker made it: its files packed, what it took, what it counted."""

    files: bytes
    pages: int
    reused: int
    seconds: float


def pack_inputs(grid: Grid, beginning: Mapping[str, Any]) -> Inputs:
    """Pack what a worker needs beside the package: tables, notebooks, lock and changelog."""
    folder = grid.settled.notebooks[0].path.parent
    release = grid.settled.release_folder
    found = {f"data/{release.name}/{path.name}": path for path in release.iterdir()}
    found |= {f"notebooks/{one.path.name}": one.path for one in grid.settled.notebooks}
    found |= {f"notebooks/{path.name}": path for path in folder.glob("*.py")}
    found[CHANGELOG] = folder.parent / CHANGELOG
    places = (folder, *folder.parents)
    found[LOCK] = next((one / LOCK for one in places if (one / LOCK).is_file()), folder / LOCK)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in sorted(found.items()):
            if path.is_file():
                packed.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    content = held.getvalue()
    return Inputs(
        name=fingerprint(content + package_fingerprint().encode())[:16],
        files=content,
        release=str(beginning["release"]),
        inputs=dict(beginning["inputs"]),
        cache=bool(beginning["cache"]),
    )


def surroundings_here() -> dict[str, str]:
    """Give what an edition made here rests on besides its inputs, by name."""
    return {
        "package statedfigures": package_fingerprint(),
        "Python": platform.python_version(),
        "system": f"{sys.platform} {platform.machine()}",
        **_libraries(),
    }


@cache
def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def render_packed(inputs: Inputs, given: dict[str, str], expected: dict[str, str]) -> Packed:
    """Render a set on the worker that calls this.

    Parameters
    ----------
    inputs
        What it is made from.
    given
        Name to text of its parameters.
    expected
        What `surroundings_here` gave where the grid was asked for.

    Returns
    -------
    Packed
        The edition.

    Raises
    ------
    RunError
        If the set cannot be rendered, or this worker would make other bytes.
    """
    if surroundings_here() != expected:
        raise RunError("a worker that joined later has another version; install the same there")
    began = time.monotonic()
    for _ in range(TRIES):
        process = _Processes.take(inputs)
        try:
            told, files = process.render(given)
        except RuntimeError:  # it died, or another command that used it has ended
            _Processes.drop(process)
            continue
        except BaseException:
            _Processes.drop(process)
            raise
        _Processes.give_back(process)
        break
    else:
        raise RunError(_GONE)
    if error := told.get("error"):
        raise RunError(str(error))
    return Packed(files, told["pages"], told["reused"], time.monotonic() - began)


class _NodeProcess:
    """A process that renders sets of one grid, with its inputs in a folder of its own."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs.name
        self._held = ExitStack()
        self._folder = self._held.enter_context(scratch_folder())
        with zipfile.ZipFile(io.BytesIO(inputs.files)) as packed:
            packed.extractall(self._folder)
        self._process = RenderProcess(
            {
                "do": "begin",
                "notebooks": str(self._folder / "notebooks"),
                "data": str(self._folder / "data"),
                "release": inputs.release,
                "inputs": inputs.inputs,
                "cache": inputs.cache,
            }
        )

    def render(self, given: Mapping[str, str]) -> tuple[dict[str, Any], bytes]:
        archive = self._folder / "edition.zip"
        site = self._folder / "site"
        told = self._process.render(
            {
                "do": "render",
                "given": dict(given),
                "target": str(site),
                "beside": str(self._folder / "site-run"),
                "archive": str(archive),
            }
        )
        content = archive.read_bytes() if "error" not in told else b""
        archive.unlink(missing_ok=True)
        return told, content

    @property
    def is_worn(self) -> bool:
        return self._process.is_worn

    def close(self) -> None:
        self._process.close()
        self._held.close()


class _Processes:
    """The processes of this worker that are free."""

    _lock = threading.Lock()
    _free: list[_NodeProcess] = []  # noqa: RUF012 - one list for the worker is meant
    _all: set[_NodeProcess] = set()  # noqa: RUF012
    _closings = 0

    @classmethod
    def take(cls, inputs: Inputs) -> _NodeProcess:
        """Give a free process for these inputs; end those that are there for others."""
        with cls._lock:
            closings = cls._closings
            same = [one for one in cls._free if one.inputs == inputs.name]
            others = [one for one in cls._free if one.inputs != inputs.name]
            cls._free = same[1:]
        for one in others:
            cls.drop(one)
        if same:
            return same[0]
        process = _NodeProcess(inputs)
        with cls._lock:
            if closings == cls._closings:
                cls._all.add(process)
        return process

    @classmethod
    def give_back(cls, process: _NodeProcess) -> None:
        """Take a process back; end it if it is worn, or all were to be ended meanwhile."""
        with cls._lock:
            kept = process in cls._all and not process.is_worn
            if kept:
                cls._free.append(process)
        if not kept:
            cls.drop(process)

    @classmethod
    def drop(cls, process: _NodeProcess) -> None:
        """End a process."""
        with cls._lock:
            cls._all.discard(process)
        process.close()

    @classmethod
    def close(cls) -> None:
        """End all: the worker ends."""
        with cls._lock:
            processes, cls._all = cls._all, set()
            cls._free = []
            cls._closings += 1
        for one in processes:
            one.close()


def end_processes() -> None:
    """End the processes of the worker that calls this."""
    _Processes.close()


atexit.register(end_processes)
