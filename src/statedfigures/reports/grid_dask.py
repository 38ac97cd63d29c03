"""Sets rendered on a Dask cluster that is there already.

No file system is shared: the tables and notebooks go to each worker once, and
the files of each edition come back packed. A worker that has other code, other
libraries or another Python would make other bytes, and is refused.

Dask sends Python objects that can run code where they are read: the scheduler
and the workers must be as trusted as this machine.
"""

from __future__ import annotations

import io
import logging
import secrets
import time
import warnings
import zipfile
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from statedfigures.errors import PublishError, RunError, StatedFiguresError
from statedfigures.reports.execution import FOR_A_LOOK
from statedfigures.reports.grid_node import (
    Packed,
    end_processes,
    pack_inputs,
    render_packed,
    surroundings_here,
)
from statedfigures.reports.grid_plan import Grid
from statedfigures.reports.grid_pool import Outcome, Task
from statedfigures.reports.ownership import LOG_BEGINS, claim_run_folder
from statedfigures.reports.publish import publish

ANSWER_SECONDS = 15
WORKER_SECONDS = 120
_LOOK_SECONDS = 2.0
_POLL_SECONDS = 0.05
_AHEAD = 2
_TRIES = 4


def dask_outcomes(
    tasks: Iterable[Task],
    beginning: Mapping[str, Any],
    grid: Grid,
    address: str,
    note: Callable[[str], None],
) -> Generator[Outcome]:
    """Render sets on a cluster and publish them here.

    Parameters
    ----------
    tasks
        The sets. No more are taken than the cluster is given at once: two for
        each thread of its workers.
    beginning
        As for `grid_pool.local_outcomes`.
    grid
        The grid.
    address
        Of the scheduler.
    note
        Is told what the user should know on the way.

    Yields
    ------
    Outcome
        One for each set, as they are done.

    Raises
    ------
    RunError
        If the cluster cannot be reached, has no workers, or a worker has
        other code or libraries than this machine.
    """
    try:
        from distributed import Client
    except ImportError:
        raise RunError(
            "--dask: Dask is not installed here; install what requirements.lock names, or "
            "statedfigures[dask]"
        ) from None
    # What becomes of its connections is told here, in words.
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        # It compares versions too, in a table; ours are compared below, in words.
        warnings.simplefilter("ignore")
        try:
            client = Client(  # type: ignore[no-untyped-call]
                address, timeout=ANSWER_SECONDS
            )
        except (OSError, ValueError, TypeError) as error:
            words = " ".join(str(error).split())[:200]
            raise RunError(
                f"--dask {address}: no scheduler answers there ({words}); start one with dask "
                "scheduler, or mend the address"
            ) from None
    with closing(client):
        yield from _Cluster(client, address, grid, note).outcomes(tasks, beginning)


class _Cluster:
    """A cluster at work on one grid."""

    def __init__(self, client: Any, address: str, grid: Grid, note: Callable[[str], None]) -> None:
        self._client = client
        self._address = address
        self._grid = grid
        self._note = note
        self._ours = surroundings_here()
        self._mark = secrets.token_hex(4)  # others may render the same sets on this cluster
        self._tries: dict[str, int] = {}
        self._again: list[Task] = []
        self._seen = time.monotonic()

    def outcomes(self, tasks: Iterable[Task], beginning: Mapping[str, Any]) -> Generator[Outcome]:
        self._require_same()
        self._inputs = pack_inputs(self._grid, beginning)
        self._send_inputs()
        waiting, running, more = iter(tasks), dict[Any, Task](), True
        try:
            while more or running or self._again:
                room = self._room()
                while (more or self._again) and len(running) < room:
                    task = self._again.pop() if self._again else next(waiting, None)
                    if task is None:
                        more = False
                    else:
                        running[self._submitted(task)] = task
                if not running:
                    time.sleep(_LOOK_SECONDS if more or self._again else 0)
                    continue
                look_again = time.monotonic() + _LOOK_SECONDS
                while not any(one.done() for one in running) and time.monotonic() < look_again:
                    time.sleep(_POLL_SECONDS)
                for future in [one for one in running if one.done()]:
                    task = running.pop(future)
                    if (outcome := self._outcome(task, future)) is not None:
                        yield outcome
                    future.release()
        finally:
            if self._client.status == "running":
                with suppress(Exception):  # the workers may be gone
                    self._client.cancel(list(running), force=True)
                    self._client.run(end_processes)

    def _send_inputs(self) -> None:
        try:
            self._sent = self._client.scatter(self._inputs, broadcast=True, hash=False)
        except Exception as error:  # no worker is there to take them
            raise self._gone(type(error).__name__) from None

    def _submitted(self, task: Task) -> Any:
        name, told = task
        self._tries[name] = self._tries.get(name, 0) + 1
        key = f"statedfigures-{self._mark}-{name}-{self._tries[name]}"
        return self._client.submit(
            render_packed, self._sent, told["given"], self._ours, key=key, pure=False
        )

    def _room(self) -> int:
        """Say how many sets the cluster may be given; complain when it has lost all workers."""
        try:
            workers = self._client.scheduler_info(n_workers=-1)["workers"]
        except Exception as error:
            raise self._gone(type(error).__name__) from None
        # Without a connection what is known of the workers is old.
        connected = self._client.status == "running"
        now = time.monotonic()
        if connected and workers:
            self._seen = now
        elif not connected and now - self._seen > ANSWER_SECONDS:
            raise self._gone("its scheduler does not answer")
        elif now - self._seen > WORKER_SECONDS:
            raise self._gone("it has no workers left")
        return _AHEAD * sum(int(one["nthreads"]) for one in workers.values()) if connected else 0

    def _gone(self, why: str) -> RunError:
        return RunError(
            f"--dask {self._address}: the cluster is gone ({why}); the sets that are done stay: "
            "mend it and run the same command again"
        )

    def _require_same(self) -> None:
        """Refuse workers that would make other bytes than this machine."""
        try:
            self._client.wait_for_workers(1, timeout=ANSWER_SECONDS)
        except TimeoutError:
            raise RunError(
                f"--dask {self._address}: the cluster has no workers; start some with dask worker"
            ) from None
        try:
            found = self._client.run(surroundings_here)
        except Exception as error:
            words = " ".join(str(error).split())[:200]
            raise RunError(
                f"--dask {self._address}: a worker cannot run statedfigures "
                f"({type(error).__name__}: {words}); install the same version and lock there"
            ) from None
        for worker, theirs in sorted(found.items()):
            if words := differences_in_words(theirs, self._ours):
                raise RunError(f"--dask: the worker {worker} {words}")

    def _outcome(self, task: Task, future: Any) -> Outcome | None:
        """Say what came of a set; None where it must be given to the cluster again."""
        name = task[0]
        if future.status in {"cancelled", "lost"}:
            # The last worker that had the inputs has ended, and the set with it.
            if self._tries[name] >= _TRIES:
                return Outcome(name, "the cluster dropped it again and again")
            self._note("the workers ended; their sets are given to those that join")
            self._send_inputs()
            self._again.append(task)
            return None
        if future.status == "error":
            error = future.exception()
            if isinstance(error, StatedFiguresError):
                return Outcome(name, str(error).partition(FOR_A_LOOK)[0])
            words = " ".join(str(error).split())[:300]
            return Outcome(name, f"its worker ended or failed: {type(error).__name__}: {words}")
        packed: Packed = future.result()
        try:
            self._publish(name, packed)
        except StatedFiguresError as refused:
            return Outcome(name, str(refused))
        return Outcome(name, "", packed.pages, packed.reused)

    def _publish(self, name: str, packed: Packed) -> None:
        """Put the files of an edition in its place, as a render here would."""
        target, beside = self._grid.folder / name, self._grid.beside / name
        with zipfile.ZipFile(io.BytesIO(packed.files)) as archive:
            files = {path: archive.read(path) for path in archive.namelist()}
        try:
            claim_run_folder(target, beside)
            publish(files, target, beside)
            log = f"{LOG_BEGINS.decode()}{packed.seconds:.1f} s on another machine\n"
            Path(beside, "run.log").write_text(log, encoding="utf-8")
        except OSError as error:
            raise PublishError(f"{target}: could not be written ({error.strerror})") from None


def differences_in_words(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """Say in what a worker differs from this machine; empty if in nothing.

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
