"""Run notebooks with papermill in real kernels, several at once."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from statedfigures.errors import NotebookError
from statedfigures.reports.kernels import KERNEL_NAME, KernelHouse
from statedfigures.reports.limits import Value
from statedfigures.reports.notebooks import Notebook

START_SECONDS = 120
FOR_A_LOOK = "; for a look: "
"""What comes before the path of a failed notebook in a message."""


class State(StrEnum):
    """Where a page stands."""

    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    EXECUTED = "executed"
    REUSED = "reused"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PageProgress:
    """News of one page: its state, and how many of its cells are done."""

    page: str
    state: State
    cells_done: int = 0
    cells: int = 0


# Their errors are told in our own words; nothing is to reach the terminal besides.
logging.getLogger("papermill").addHandler(logging.NullHandler())

Report = Callable[[PageProgress], None]


def execute_notebooks(
    notebooks: Sequence[Notebook],
    parameters: Mapping[str, Mapping[str, Value]],
    house: KernelHouse,
    *,
    scratch: Path,
    failed: Path,
    jobs: int,
    report: Report,
) -> dict[str, Any]:
    """Run notebooks, each in a kernel of its own.

    Parameters
    ----------
    notebooks
        What to run.
    parameters
        Page to the complete parameters of its notebook.
    house
        Where the kernels live.
    scratch
        Folder for the executed copies while they are made.
    failed
        Folder that keeps the executed copy of a notebook that failed.
    jobs
        How many run at once.
    report
        Is told of every change of state, from several threads.

    Returns
    -------
    dict
        Page to its executed notebook (an nbformat node).

    Raises
    ------
    NotebookError
        If one fails; the others are ended.
    """
    stop = threading.Event()

    def run(notebook: Notebook) -> Any:
        try:
            return None if stop.is_set() else runner.run(notebook, parameters[notebook.page])
        except NotebookError:
            if stop.is_set():
                return None
            stop.set()
            raise

    runner = _Runner(house, scratch, failed, report, stop)
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="page") as pool:
        try:
            futures = {notebook.page: pool.submit(run, notebook) for notebook in notebooks}
            done, _ = wait(futures.values(), return_when=FIRST_EXCEPTION)
            if errors := [error for future in done if (error := future.exception())]:
                raise errors[0]
        except BaseException:
            # A page failed, or Ctrl-C: end the other kernels before the threads
            # that wait for them are joined.
            stop.set()
            house.close()
            pool.shutdown(cancel_futures=True)
            raise
    return {page: future.result() for page, future in futures.items()}


def reads_file(scratch: Path, page: str) -> Path:
    """Give the file in which the kernel of a page notes what it reads."""
    return scratch / f"{page}.reads"


@dataclass(frozen=True, slots=True)
class _Runner:
    """Runs one notebook at a time; several threads share it."""

    house: KernelHouse
    scratch: Path
    failed: Path
    report: Report
    stop: threading.Event

    def run(self, notebook: Notebook, parameters: Mapping[str, Value]) -> Any:
        from nbclient.exceptions import DeadKernelError
        from papermill.exceptions import PapermillExecutionError
        from papermill.execute import raise_for_execution_errors

        progress = _CellProgress(notebook.page, self.report)
        self.report(PageProgress(notebook.page, State.STARTING))
        try:
            executed = self._executed(notebook, parameters, progress)
            copy = str(self.scratch / notebook.path.name)
            raise_for_execution_errors(executed, copy)  # type: ignore[no-untyped-call]
        except PapermillExecutionError as error:
            raise self._failure(notebook, progress, f"{error.ename}: {error.evalue}") from None
        except DeadKernelError:
            raise self._failure(notebook, progress, "DeadKernelError: its kernel ended") from None
        except RuntimeError as error:
            raise self._failure(notebook, progress, f"its kernel did not start: {error}") from None
        self.report(PageProgress(notebook.page, State.EXECUTED))
        return executed

    def _executed(
        self, notebook: Notebook, parameters: Mapping[str, Value], progress: _CellProgress
    ) -> Any:
        """Execute a notebook without papermill writing it at the end.

        That would take as long as running a short one, and the site writes it
        anyway, cleaned.
        """
        from papermill.engines import papermill_engines
        from papermill.execute import execute_notebook

        prepared = execute_notebook(  # type: ignore[no-untyped-call]
            notebook.path,
            None,
            parameters=dict(parameters),
            kernel_name=KERNEL_NAME,
            prepare_only=True,
        )
        return papermill_engines.execute_notebook_with_engine(  # type: ignore[no-untyped-call]
            None,
            prepared,
            kernel_name=KERNEL_NAME,
            progress_bar=False,
            autosave_cell_every=0,
            start_timeout=START_SECONDS,
            kernel_manager_class=self.house.manager_class(reads_file(self.scratch, notebook.page)),
            resources={"metadata": {"path": str(notebook.path.parent.resolve())}},
            coalesce_streams=True,
            ipython_hist_file=":memory:",
            shutdown_kernel="immediate",
            on_notebook_start=progress.begin,
            on_cell_start=progress.cell_begins,
        )

    def _failure(self, notebook: Notebook, progress: _CellProgress, what: str) -> NotebookError:
        """Keep the executed copy; name the notebook, the cell and the error."""
        if self.stop.is_set():  # ended because another page failed
            self.report(PageProgress(notebook.page, State.STOPPED))
            return NotebookError(f"{notebook.path.name}: was stopped")
        self.report(PageProgress(notebook.page, State.FAILED))
        copy = self.scratch / notebook.path.name
        look = ""
        if copy.is_file():
            self.failed.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(copy, self.failed / copy.name)
            look = f"{FOR_A_LOOK}{self.failed / copy.name}"
        where = f"cell {progress.number}" if progress.number else "before the first cell"
        words = " ".join(what.split())
        return NotebookError(f"{notebook.path.name}, {where}: {words}{look}; nothing is published")


class _CellProgress:
    """Follows nbclient from cell to cell and tells the display."""

    def __init__(self, page: str, report: Report) -> None:
        self._page = page
        self._report = report
        self._numbers: list[int] = []
        self.number = 0

    def begin(self, notebook: Any) -> None:
        """Count the cells as the author sees them: without the one that papermill adds."""
        number = 0
        for cell in notebook.cells:
            number += "injected-parameters" not in cell.metadata.get("tags", [])
            self._numbers.append(number)

    def cell_begins(self, cell: Any, cell_index: int) -> None:
        """Note the cell that is about to run."""
        del cell
        self.number = self._numbers[cell_index]
        done, cells = self.number - 1, self._numbers[-1]
        self._report(PageProgress(self._page, State.RUNNING, done, cells))
