"""The report for many sets of parameters: one function renders a set, on any Executor.

Here the executor is a `ProcessPoolExecutor`, on a cluster that of a Dask client. No file system
is shared: the tables and notebooks go out packed with each set, and its files come back packed.
Dask sends Python objects that can run code where they are read: the scheduler and the workers
must be as trusted as this machine.
"""

from __future__ import annotations

import gc
import io
import json
import logging
import multiprocessing
import os
import platform
import shutil
import signal
import sys
import threading
import time
import warnings
import zipfile
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from statedfigures.errors import ParameterError, RunError, StatedFiguresError
from statedfigures.site.publish import files, manifest
from statedfigures.site.publish.edition import Asked, Edition
from statedfigures.site.run.cache import PageCache
from statedfigures.site.run.grid_file import RESERVED, GridFile, fault
from statedfigures.site.run.grid_page import Grid, index_files
from statedfigures.site.run.kernels import can_fork, start_fork_server
from statedfigures.site.run.parameters import complete_parameters, plan_pages, read_values

STATE = "grid.json"
SETS_EACH = 50
"""Sets that a process renders before a new one takes its place, so that no memory adds up."""
ANSWER_SECONDS, WORKER_SECONDS, _LOOK_SECONDS = 15, 120, 2.0
LIBRARIES = """
    contourpy ipykernel ipython jinja2 markupsafe matplotlib matplotlib-inline mistune nbclient
    nbformat numpy pandas papermill scipy xlsxwriter
"""
"""What shapes the bytes of a page; the package itself goes by its source."""
_BESIDE = ("CHANGELOG.md", "docs/methods.md", "requirements/report.lock")
_GONE = (
    "the process that rendered it was killed, most likely for want of memory; run fewer at "
    "once with --jobs"
)
_NO_ANSWER = "its scheduler does not answer"
_DAEMON = (
    "a Dask nanny started this worker as a daemon, which may have no children, and a kernel is "
    "one; set distributed.worker.daemon: false in its configuration"
)


class WorkerRefusedError(RunError):
    """A worker cannot render, or would make other bytes than this machine."""


@dataclass(frozen=True, slots=True)
class Task:
    """A set as a worker is told about it.

    ``packed`` holds tables and notebooks, ``inputs`` and ``surroundings`` what they and the
    worker must be, ``kept`` the folder of kept pages where the worker can reach it.
    """

    name: str
    given: Mapping[str, str]
    packed: bytes
    inputs: Mapping[str, Any]
    surroundings: Mapping[str, str]
    cached: bool
    kept: str = ""


@dataclass(frozen=True, slots=True)
class GridResult:
    """What came of a grid: sets in all, there before, rendered; reasons of those that failed."""

    total: int
    before: int
    failed: Mapping[str, str]
    left: tuple[str, ...]
    index: Path

    def lines(self) -> Iterator[str]:
        """Return it in lines."""
        done = self.total - self.before - len(self.failed)
        yield (
            f"{self.total} sets: {done} rendered, {self.before} were there, "
            f"{len(self.failed)} failed"
        )
        if self.left:
            yield "sets of an earlier run are still there, and not in the index: " + ", ".join(
                self.left[:20]
            )
        yield f"the sets compared: {files.short(self.index)}"


def plan_grid(asked: GridFile, where: Asked) -> Grid:
    """Settle a grid, and refuse whatever is wrong, before anything runs.

    Parameters
    ----------
    asked
        What its file asks for.
    where
        Folders of the grid, the releases and the notebooks, where others are meant.

    Raises
    ------
    InputError
        If a notebook, a table or a parameter of any set is wrong.
    """
    release = {"release": asked.release} if asked.release else {}
    base = Edition.plan(replace(where, given=release, out=files.scratch_folder() / "none"))
    folder = where.out or base.project / "outputs" / "grids" / asked.name
    folder = Path(os.path.abspath(folder))
    sets: dict[str, Edition] = {}
    found: dict[str, str] = {}
    for each in asked.sets:
        given = {**release, **each.given}
        try:
            values = read_values(base.notebooks, given)
            parameters = complete_parameters(base.release, base.notebooks, values)
        except ParameterError as error:
            lines = str(error).splitlines()
            told = "\n".join(f"{asked.path.name}, {each.where}: {line}" for line in lines)
            raise ParameterError(told) from None
        earlier = found.setdefault(json.dumps(parameters, sort_keys=True), each.where)
        if earlier != each.where:
            same = f"means the same as {earlier}: the parameters have the same values"
            raise fault(asked.path, each.where, f"{same}; leave one of them out")
        sets[each.name] = replace(
            base,
            asked=replace(where, given=given, out=folder / each.name),
            parameters=parameters,
            all_pages=tuple(plan_pages(base.release, base.notebooks, parameters)),
            target=folder / each.name,
        )
    return Grid(asked.name, folder, base, sets)


def run_grid(
    grid: Grid,
    *,
    jobs: int,
    dask: str | None = None,
    cached: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> GridResult:
    """Render the sets of a grid that are not there yet, and compare all of them.

    Parameters
    ----------
    grid
        Result of `plan_grid`.
    jobs
        How many sets are rendered at once on this machine.
    dask
        Address of the scheduler of a Dask cluster to render on instead.
    cached
        Whether pages are taken from the cache and kept in it.
    tell
        Is told in a line how far it is.

    Returns
    -------
    GridResult
        A set that failed is in it and stops no other.

    Raises
    ------
    ParameterError
        If the folder is not ours.
    RunError
        If no set can be rendered, or the cluster is gone; the sets that are done stay.
    """
    with _claimed(grid) as left:
        waiting = [name for name, edition in grid.sets.items() if not _is_done(edition)]
        before = len(grid.sets) - len(waiting)
        kept = "" if dask else str(grid.base.cache_folder)
        packed, inputs = _packed_inputs(grid.base), grid.base.inputs
        tasks = deque(
            Task(name, grid.sets[name].asked.given, packed, inputs, surroundings(), cached, kept)
            for name in waiting
        )
        failed: dict[str, str] = {}
        began = time.monotonic()
        with closing(_on_dask(tasks, dask) if dask else _on_this_machine(tasks, jobs)) as outcomes:
            for done, (name, made) in enumerate(outcomes, start=1):
                if reason := made if isinstance(made, str) else _publish(grid.sets[name], made):
                    failed[name] = reason
                    tell(f"{name}: failed: {reason}")
                seconds = (time.monotonic() - began) / done * (len(waiting) - done)
                tell(f"{before + done} of {len(grid.sets)} sets, about {seconds:.0f} s left")
        compared = index_files(grid, failed)
        for name in sorted(compared, key="index.html".__eq__):  # the last: its links are there
            files.write_whole(grid.folder / name, compared[name])
    return GridResult(len(grid.sets), before, failed, left, grid.folder / "index.html")


def _is_done(edition: Edition) -> bool:
    there = manifest.read_manifest(edition.target)
    return (
        there is not None
        and there["inputs"] == edition.inputs
        and there["parameters"] == dict(edition.parameters)
        and not manifest.differences(edition.target)
    )


@contextmanager
def _claimed(grid: Grid) -> Iterator[tuple[str, ...]]:
    """Make the folder of a grid ours for the time of a run; yield the sets of earlier runs."""
    folder = grid.folder
    remedy = "name a new or an empty folder with --out, so that nothing of yours is replaced"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ParameterError(f"{folder}: is not a folder; {remedy}")
    for above in folder.parents:
        if manifest.read_manifest(above) is not None or _sets_known(above):
            words = f"lies in {above.name}, which is an edition or a grid itself; {remedy}"
            raise ParameterError(f"{folder}: {words}")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".grid.lock", timeout=0):
            known = _sets_known(folder)
            ours = {*known, *RESERVED} if known else set()
            for name in sorted(path.name for path in folder.iterdir()):
                is_half = any(name.startswith(f".{each}.") for each in (*known, *RESERVED))
                if not (is_half or name in ours or name == ".grid.lock"):
                    raise ParameterError(
                        f"{folder}: holds {files.printable(name)}, which is no part of a grid; "
                        f"{remedy}"
                    )
            names = sorted({*known, *grid.sets})
            state = {manifest.MARK: "the sets of a grid, being rendered", "sets": names}
            files.write_whole(folder / STATE, files.json_bytes(state))
            others = [name for name in known if name not in grid.sets]
            yield tuple(name for name in others if (folder / name).is_dir())
    except Timeout:
        raise RunError(f"{folder}: another run is at work on this grid; wait for its end") from None


def _sets_known(folder: Path) -> list[str]:
    """Return the sets that earlier runs of a grid put, or meant to put, into its folder."""
    with suppress(OSError, ValueError, RecursionError):
        told = json.loads((folder / STATE).read_text(encoding="utf-8"))
        if isinstance(told, dict) and manifest.MARK in told:
            return sorted(map(str, told.get("sets", ())))
    return []


def _packed_inputs(edition: Edition) -> bytes:
    """Pack what an edition is made from beside the package, laid out like the project."""
    folder, release = edition.notebooks[0].path.parent, edition.release.folder
    found = {f"data/{path.parent.name}/{path.name}": path for path in manifest.table_files(release)}
    notebooks = [notebook.path for notebook in edition.notebooks]
    found |= {f"notebooks/{path.name}": path for path in (*notebooks, *folder.glob("*.py"))}
    found |= {name: folder.parent / name for name in _BESIDE if (folder.parent / name).is_file()}
    return _packed(found)


def _packed(found: Mapping[str, Path]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", strict_timestamps=False) as archive:
        for name, path in sorted(found.items()):
            archive.write(path, name)
    return held.getvalue()


def _unpack(packed: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)
    return folder


def _publish(edition: Edition, packed: bytes) -> str:
    """Put the files of a set in their place; return the reason if it failed."""
    try:
        edition.require_target()
        with (
            files.plain_system_errors("this set is not published"),
            files.folder_for(edition.target) as new,
        ):
            _unpack(packed, new)
    except StatedFiguresError as error:
        return str(error)
    return ""


# ---------------------------------------------------------------- on a worker


def render_set(task: Task) -> bytes:
    """Render a set where this is called, and return the files of its edition, packed.

    Raises
    ------
    WorkerRefusedError
        If this process cannot start kernels, or would make other bytes than the machine that
        asks.
    StatedFiguresError
        If the set cannot be rendered.
    """
    if multiprocessing.current_process().daemon:
        raise WorkerRefusedError(_DAEMON)
    if told := differences_in_words(surroundings(), task.surroundings):
        raise WorkerRefusedError(f"a worker {told}")
    project, place = _project_of(task.packed), files.new_folder()
    try:
        with files.plain_system_errors("this set is not rendered"):
            edition = Edition.plan(
                Asked(task.given, (), place / "site", project / "data", project / "notebooks")
            )
            if edition.inputs != task.inputs:
                kinds = (kind for kind in task.inputs if edition.inputs[kind] != task.inputs[kind])
                raise RunError(
                    f"changed while the grid was rendered: {', '.join(kinds)}; "
                    "run the same command again"
                )
            kept = Path(task.kept) if task.kept else edition.cache_folder
            cache = PageCache(kept if task.cached else None)
            # One kernel works while the other starts or ends.
            _, pages, _ = edition.run(jobs=2, report=lambda *_: None, cache=cache)
            (place / "made").mkdir()
            edition.build(pages, place / "made")
            made = place / "made"
            return _packed({name: made / name for name in files.files_in(made)})
    finally:
        shutil.rmtree(place, ignore_errors=True)


@cache
def _project_of(packed: bytes) -> Path:
    """Return where the inputs of a grid lie on this worker, unpacked once."""
    gc.freeze()  # what was imported is no garbage, as in kernels
    return _unpack(packed, files.new_folder())


@cache
def surroundings() -> dict[str, str]:
    """Return what an edition made here rests on besides its inputs, by name."""
    return {
        "package statedfigures": manifest.package_fingerprint(),
        "Python": platform.python_version(),
        "system": f"{sys.platform} {platform.machine()}",
        **{name: version(name) for name in LIBRARIES.split()},
    }


def differences_in_words(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """Return in what a worker differs from this machine; empty if in nothing.

    Examples
    --------
    >>> differences_in_words({"numpy": "2.3"}, {"numpy": "2.4"})
    'has another numpy (2.3 there, 2.4 here); install the same version and lock there'
    """
    told = [
        f"{name} ({theirs.get(name, 'none')[:12]} there, {ours.get(name, 'none')[:12]} here)"
        for name in sorted({*theirs, *ours})
        if theirs.get(name) != ours.get(name)
    ]
    if not told:
        return ""
    more = f" and {len(told) - 3} more" if len(told) > 3 else ""
    return f"has another {', '.join(told[:3])}{more}; install the same version and lock there"


# ---------------------------------------------------------------- executors

Outcome = tuple[str, bytes | str]
"""Name of a set, and its packed files or the reason why it failed."""


def _outcomes(
    executor: Executor, tasks: deque[Task], room: Callable[[], int]
) -> Generator[Outcome]:
    """Yield what comes of each task as it is done; no more run at once than there is room.

    When it ends early, what was begun and is not done stands in front of `tasks` again.
    """
    running: dict[Future[bytes], Task] = {}
    try:
        while tasks or running:
            for _ in range(min(len(tasks), room() - len(running))):
                future = executor.submit(render_set, tasks[0])
                running[future] = tasks.popleft()
            done, _ = wait(running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = _outcome_of(running[future].name, future)
                del running[future]
                yield outcome
    finally:
        tasks.extendleft(running.values())
        for future in running:
            future.cancel()


def _outcome_of(name: str, future: Future[bytes]) -> Outcome:
    try:
        return name, future.result()
    except (WorkerRefusedError, BrokenProcessPool, CancelledError):
        raise
    except StatedFiguresError as error:
        return name, str(error).partition("; for a look")[0]
    except Exception as error:
        words = files.printable(" ".join(str(error).split()))[:300]
        return name, f"its worker ended or failed: {type(error).__name__}: {words}"


def _on_this_machine(waiting: deque[Task], jobs: int) -> Generator[Outcome]:
    """Render sets in processes of this machine.

    When one of them is killed, the sets that were being rendered are tried again, each alone,
    so that only the one that kills its process fails.
    """
    suspects = deque[Task]()
    if waiting:
        start_fork_server()
    while waiting or suspects:
        alone = bool(suspects)
        queue, count = (suspects, 1) if alone else (waiting, SETS_EACH * jobs)
        tasks = deque(queue.popleft() for _ in range(min(count, len(queue))))
        try:
            yield from _of_one_pool(tasks, 1 if alone else jobs)
        except BrokenProcessPool:
            if alone:
                yield tasks[0].name, _GONE
                continue
            suspects.extend(tasks.popleft() for _ in range(min(jobs + 1, len(tasks))))
            waiting.extendleft(reversed(tasks))


def _of_one_pool(tasks: deque[Task], jobs: int) -> Generator[Outcome]:
    context = multiprocessing.get_context("forkserver" if can_fork() else "spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin_worker)
    try:
        # One more is at hand, so that no process waits while a set is published.
        yield from _outcomes(pool, tasks, lambda: jobs + 1)
    except BaseException:  # Ctrl-C too: nobody waits for what runs
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_the_command, daemon=True).start()


def _end_with_the_command() -> None:
    command = multiprocessing.parent_process()
    if command is not None:
        command.join()
        os._exit(1)


def _on_dask(tasks: deque[Task], address: str) -> Generator[Outcome]:
    """Render sets on a Dask cluster.

    Raises
    ------
    RunError
        If the cluster cannot be reached, has no workers, or is gone.
    """
    try:
        from distributed import Client
    except ImportError:
        raise RunError(
            "--dask: Dask is not installed here; install what requirements/test.lock names, or "
            "statedfigures[dask]"
        ) from None
    # What becomes of its connections is told here, in words; its loggers have levels of their own.
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it compares versions too; ours are compared in words
        try:
            client = Client(address, timeout=ANSWER_SECONDS)
        except (OSError, ValueError, TypeError) as error:  # a TimeoutError is an OSError
            words = files.printable(" ".join(str(error).split()))[:200] or "it does not answer"
            raise RunError(
                f"--dask {address}: no scheduler answers there ({words}); start one with dask "
                "scheduler, or mend the address"
            ) from None
        try:
            client.wait_for_workers(1, timeout=ANSWER_SECONDS)
            yield from _outcomes(client.get_executor(), tasks, _Cluster(client, address).room)
        except TimeoutError:
            raise RunError(
                f"--dask {address}: the cluster has no workers; start some with dask worker"
            ) from None
        except CancelledError:
            raise _gone(address, _NO_ANSWER) from None
        finally:
            with suppress(Exception):
                client.close(timeout=2)


class _Cluster:
    """How many sets a cluster may be given; complains when it is gone."""

    def __init__(self, client: Any, address: str) -> None:
        self._client, self._address = client, address
        self._seen = time.monotonic()

    def room(self) -> int:
        workers: Mapping[str, Any] = {}
        connected = self._client.status == "running"
        if connected:
            with suppress(Exception):  # the connection may break just now
                workers = self._client.scheduler_info(n_workers=-1)["workers"]
        now = time.monotonic()
        if workers:
            self._seen = now
        elif now - self._seen > (WORKER_SECONDS if connected else ANSWER_SECONDS):
            raise _gone(self._address, "it has no workers left" if connected else _NO_ANSWER)
        return 2 * sum(int(worker["nthreads"]) for worker in workers.values())


def _gone(address: str, why: str) -> RunError:
    return RunError(
        f"--dask {address}: the cluster is gone ({why}); the sets that are done stay: "
        "mend it and run the same command again"
    )
