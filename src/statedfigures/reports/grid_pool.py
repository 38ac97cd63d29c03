"""Sets rendered by processes on this machine, each one set at a time."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from statedfigures.errors import RunError
from statedfigures.reports.companion import Companion

_WORKER = ("-P", "-m", "statedfigures.reports.grid_worker")
TRIES = 2
SETS_EACH = 50
"""Sets that a process renders before a new one takes its place, so that no memory adds up."""
GONE = (
    "the process that rendered it ended twice, such as for want of memory; run fewer at "
    "once with --jobs"
)
Task = tuple[str, dict[str, Any]]
"""Name of a set, and what a process is told about it; see `grid_plan.task_of`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a set: its name, and the reason if it failed.

    ``pages`` were made, ``reused`` of them taken as they were kept.
    """

    name: str
    error: str = ""
    pages: int = 0
    reused: int = 0


class RenderProcess(Companion):
    """A process that renders sets; see `grid_worker`.

    Parameters
    ----------
    beginning
        What it is told first; see `grid_worker.SetRenderer`.
    """

    def __init__(self, beginning: Mapping[str, Any]) -> None:
        super().__init__(_WORKER, dict(os.environ), "the process that renders sets")
        self._beginning = dict(beginning)
        self._began = False
        self._asked = 0

    @property
    def is_worn(self) -> bool:
        """Whether a new process should take its place."""
        return self._asked >= SETS_EACH

    def render(self, task: Mapping[str, Any]) -> dict[str, Any]:
        """Render a set.

        Returns
        -------
        dict
            What came of it: ``pages`` and ``reused``, or ``error``.

        Raises
        ------
        RuntimeError
            If the process has ended.
        RunError
            If it cannot begin, or has other inputs than those that are meant.
        """
        if not self._began:
            begun = self.ask(**self._beginning)
            if error := begun.get("error"):
                raise RunError(str(error))
            if differs := begun["differs"]:
                raise RunError(
                    f"these inputs are not what they were when the grid began: "
                    f"{', '.join(differs)}; run the same command again"
                )
            self._began = True
        self._asked += 1
        return dict(self.ask(**task))


def local_outcomes(
    tasks: Iterable[Task], beginning: Mapping[str, Any], jobs: int
) -> Generator[Outcome]:
    """Render sets on this machine.

    A process that ends is replaced and its set tried once more. However the
    caller ends, every process is ended with it.

    Parameters
    ----------
    tasks
        The sets. No more are taken than are being rendered.
    beginning
        What each process is told first.
    jobs
        How many are rendered at once.

    Yields
    ------
    Outcome
        One for each set, as they are done.

    Raises
    ------
    RunError
        If no set can be rendered at all.
    """
    pool = _Pool(tasks, beginning)
    threads = [threading.Thread(target=pool.tend, daemon=True) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    try:
        ended = 0
        while ended < jobs:
            news = pool.news.get()
            if isinstance(news, BaseException):
                raise news
            if news is None:
                ended += 1
            else:
                yield news
    finally:
        pool.close()
        for thread in threads:
            thread.join()


class _Pool:
    """What the threads share, each of which tends one process."""

    def __init__(self, tasks: Iterable[Task], beginning: Mapping[str, Any]) -> None:
        self.news: queue.SimpleQueue[Outcome | BaseException | None] = queue.SimpleQueue()
        self._tasks = iter(tasks)
        self._beginning = beginning
        self._lock = threading.Lock()
        self._processes: list[RenderProcess] = []
        self._closed = False

    def tend(self) -> None:
        """Let a process render one set after another."""
        process: RenderProcess | None = None
        try:
            while (task := self._next()) is not None:
                outcome = Outcome(task[0], GONE)
                for _ in range(TRIES):
                    try:
                        process = process or self._start()
                        outcome = Outcome(task[0], **process.render(task[1]))
                        break
                    except RuntimeError:
                        if process is not None:
                            self._end(process)
                        process = None
                self.news.put(outcome)
                if process is not None and process.is_worn:
                    self._end(process)
                    process = None
        except BaseException as error:
            self.news.put(error)
        finally:
            if process is not None:
                self._end(process)
            self.news.put(None)

    def close(self) -> None:
        """Start nothing more and end every process."""
        with self._lock:
            self._closed = True
            processes, self._processes = self._processes, []
        for process in processes:
            process.close()

    def _next(self) -> Task | None:
        with self._lock:
            return None if self._closed else next(self._tasks, None)

    def _start(self) -> RenderProcess:
        with self._lock:
            if self._closed:
                raise RuntimeError("the grid was ended")
            self._processes.append(RenderProcess(self._beginning))
            return self._processes[-1]

    def _end(self, process: RenderProcess) -> None:
        with self._lock:
            if process not in self._processes:
                return  # it is being ended
            self._processes.remove(process)
        process.close()
