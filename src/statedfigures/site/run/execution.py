"""Run the notebooks of pages with papermill, each in a kernel of its own, several at once."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, suppress
from enum import StrEnum
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore, Semaphore
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop

from statedfigures.errors import RunError
from statedfigures.site.publish.files import printable, scratch_folder, short
from statedfigures.site.run.cache import KeptPage
from statedfigures.site.run.kernels import LAUNCHER, PROVISIONER, SETTLED, start_fork_server
from statedfigures.site.run.parameters import Page

KERNEL_NAME = "python3"
START_SECONDS = 120
INJECTED = "injected-parameters"
_LONGEST_ERROR = 400
_KILLED = (
    "its kernel was killed (signal 9), most likely for want of memory: look for “Out of memory” "
    "in the system's log (dmesg or journalctl -k), and run with --jobs 1 or fewer draws"
)
_ENDED = (
    "its kernel ended by itself ({}): look for what ends Python in this cell, such "
    "as os._exit or a library that crashes"
)
_MOST_PRINTED = 100_000
_TOO_MUCH = (
    f"it prints {{:,}} characters, and a page may show {_MOST_PRINTED:,} of one cell: print less, "
    "or write it to a file"
)
logging.getLogger("papermill").addHandler(logging.NullHandler())


class State(StrEnum):
    """Where a page stands."""

    STARTING = "starting"
    RUNNING = "running"
    EXECUTED = "executed"
    REUSED = "reused"
    FAILED = "failed"


Report = Callable[[str, State, int, int], None]
"""Is told the page, its state, and how many of its cells are done, of how many."""


def count_warnings(messages: str) -> int:
    r"""Count the warnings in what a kernel wrote to standard error; any other message is one.

    Examples
    --------
    >>> count_warnings("/a.py:1: UserWarning: x\n  f()\n/b.py:3: FutureWarning: y\n")
    2
    """
    found = len(re.findall(r"^.*Warning: ", messages, re.MULTILINE))
    return found or int(bool(messages.strip()))


def execute_pages(
    pages: Sequence[Page],
    *,
    settings: Mapping[str, str],
    failed: Path,
    jobs: int,
    report: Report,
    keep: Callable[[Page, KeptPage], None],
) -> tuple[dict[str, KeptPage], dict[str, str]]:
    """Run pages; one that fails costs only itself.

    Parameters
    ----------
    pages
        What to run.
    settings
        Environment variables for the kernels.
    failed
        Folder that keeps the executed copy of a notebook that failed.
    jobs
        How many run at once; the kernel of one more starts meanwhile.
    report
        Is told of every change of state, from several threads.
    keep
        Is given every page as soon as it has run.

    Returns
    -------
    pages, failures
        Those that ran, and why the others did not. However the run ends, no kernel is left.
    """
    if not pages:
        return {}, {}
    start_fork_server()
    from papermill.iorw import local_file_io_cwd

    AsyncKernelManager()  # traitlets finds classes at first use, which is not safe in threads
    kernels, turns = Kernels(settings), BoundedSemaphore(jobs)

    def execute(page: Page) -> KeptPage | str:
        cells = _Cells(page.name, report, turns)
        try:
            # Left open, a loop may be collected after its sockets, and complains at any time.
            with closing(ensure_event_loop()):
                made = _execute(page, kernels, failed, report, cells)
        finally:
            cells.end()
        if isinstance(made, KeptPage):
            keep(page, made)
        return made

    # papermill notes for all threads in which folder it reads and writes: what is noted in the
    # end would be that of the next run of this process too.
    with (
        local_file_io_cwd(),
        ThreadPoolExecutor(max_workers=jobs + 1, thread_name_prefix="page") as pool,
    ):
        try:
            futures = {page.name: pool.submit(execute, page) for page in pages}
            wait(futures.values())
        finally:
            # After Ctrl-C, end the kernels before the threads that wait for them are joined.
            kernels.close()
            pool.shutdown(wait=False, cancel_futures=True)
    made = {name: future.result() for name, future in futures.items()}
    ran = {name: page for name, page in made.items() if isinstance(page, KeptPage)}
    return ran, {name: why for name, why in made.items() if isinstance(why, str)}


class Kernels:
    """The kernels of one run, given further environment variables; closing ends all of them."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = {**os.environ, **SETTLED, **settings}
        self._managers: dict[Path, Any] = {}
        self.closed = False

    def manager_class(self, folder: Path) -> type[AsyncKernelManager]:
        """Return the class of kernel manager that papermill is to use for one notebook.

        The folder is private: connection file, sockets, settings and temporary files lie there.
        """
        kernels = self
        own = {"IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "jupyter", "TMPDIR": "tmp"}
        environment = self._settings | {name: str(folder / part) for name, part in own.items()}
        (folder / "tmp").mkdir(parents=True, mode=0o700, exist_ok=True)
        file = str(folder / "kernel.json")

        class PrivateKernelManager(AsyncKernelManager):
            """Starts the kernel of this environment on sockets that only the user can reach."""

            def __init__(self, **traits: Any) -> None:
                own = {"connection_file": file, "kernel_spec_manager": _OwnKernelSpecManager()}
                super().__init__(**traits, **own, transport="ipc")

            async def start_kernel(self, **keywords: Any) -> None:  # type: ignore[override]
                if kernels.closed:
                    raise RuntimeError("the run has been stopped")
                kernels._managers[folder] = self
                await super().start_kernel(env=environment, **keywords)
                if kernels.closed:
                    kernels.close()

        return PrivateKernelManager

    def exit_status(self, folder: Path) -> int | None:
        """Return how the kernel of a folder ended: minus the number of the signal, or a status."""
        return getattr(getattr(self._managers.get(folder), "provisioner", None), "ended", None)

    def close(self) -> None:
        """Kill every kernel that still runs."""
        self.closed = True
        for manager in list(self._managers.values()):
            process = getattr(manager.provisioner, "process", None)
            if process is not None and process.poll() is None:
                process.kill()


class _OwnKernelSpecManager(KernelSpecManager):
    """Knows one kernel, whatever the user has installed: that of the Python which runs this."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        del kernel_name
        command = [sys.executable, "-m", LAUNCHER, "-f", "{connection_file}"]
        provisioner = {"kernel_provisioner": {"provisioner_name": PROVISIONER}}
        metadata = provisioner if _is_installed() else {}
        return KernelSpec(
            argv=command, display_name="Python 3", language="python", metadata=metadata
        )


@cache
def _is_installed() -> bool:
    """Whether Jupyter can find the provisioner: not in a copy of the package that is not."""
    return bool(entry_points(group="jupyter_client.kernel_provisioners", name=PROVISIONER))


def _execute(
    page: Page, kernels: Kernels, failed: Path, report: Report, cells: _Cells
) -> KeptPage | str:
    """Run a page; return it, or why it failed: the notebook, the cell and the error."""
    import nbformat
    from nbclient.exceptions import DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    from statedfigures.site.pages.cells import scrubbed

    report(page.name, State.STARTING, 0, 0)
    with TemporaryDirectory(dir=scratch_folder(), prefix="", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        copy = folder / page.notebook.path.name
        try:
            executed = execute_notebook(
                _as_it_stands(page.notebook.path),
                _as_it_stands(copy),
                parameters=dict(page.parameters),
                kernel_name=KERNEL_NAME,  # whatever the notebook names, or where it names none
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                start_timeout=START_SECONDS,
                kernel_manager_class=kernels.manager_class(folder),
                resources={"metadata": {"path": str(page.notebook.path.parent.resolve())}},
                ipython_hist_file=":memory:",
                shutdown_kernel="immediate",
                on_notebook_start=cells.begin,
                on_cell_start=cells.cell_begins,
                on_cell_executed=cells.cell_ran,
            )
        except PapermillExecutionError as error:
            what = f"{error.ename}: {error.evalue}"
        except DeadKernelError:
            what = _death(kernels.exit_status(folder))
        except RunError as error:
            what = str(error)
        except RuntimeError as error:
            what = f"its kernel did not start: {error}"
        else:
            report(page.name, State.EXECUTED, 0, 0)
            return KeptPage(scrubbed(nbformat.from_dict(executed), page.name), _messages(executed))
        report(page.name, State.FAILED, 0, 0)
        words = printable(" ".join(what.split()))
        words = words if len(words) <= _LONGEST_ERROR else f"{words[:_LONGEST_ERROR]}…"
        name = page.notebook.path.name
        whose = name if page.notebook.name == page.name else f"{name} for {page.name}"
        where = f"cell {cells.number}" if cells.number else "before the first cell"
        with suppress(OSError):
            failed.mkdir(parents=True, exist_ok=True)
            kept = failed / f"failed-{page.name}.ipynb"
            shutil.copyfile(copy, kept)
            words += f"; for a look: {short(kept)}"
        return f"{whose}, {where}: {words}"


def _as_it_stands(path: Path) -> str:
    """Return a path for papermill, which fills in parameters where there are braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


class _Cells:
    """Follows nbclient from cell to cell, counting as the author does; the first waits its turn."""

    def __init__(self, page: str, report: Report, turns: Semaphore) -> None:
        self._page, self._report, self._turns = page, report, turns
        self._numbers: list[int] = []
        self._has_turn = False
        self.number = 0

    def begin(self, notebook: Any) -> None:
        number = 0
        for cell in notebook.cells:
            number += INJECTED not in cell.metadata.get("tags", [])
            self._numbers.append(number)

    def cell_begins(self, cell: Any, cell_index: int) -> None:
        del cell
        self._has_turn = self._has_turn or self._turns.acquire()
        self.number = self._numbers[cell_index]
        self._report(self._page, State.RUNNING, self.number, self._numbers[-1])

    def cell_ran(self, cell: Any, **_: Any) -> None:
        """Join what was printed in pieces, and refuse a flood of it, or an end by `sys.exit`.

        To join the pieces of one long line, nbclient would take hours.
        """
        outputs, pieces = [], dict[str, list[str]]()
        errors = [output.ename for output in cell.outputs if output.output_type == "error"]
        if "SystemExit" in errors:  # papermill would take it for a good end
            raise RunError("it ends the notebook before its last cell; take sys.exit out")
        for output in cell.outputs:
            if output.get("name") not in pieces:
                outputs.append(output)
            if output.output_type == "stream":
                pieces.setdefault(output.name, []).append(output.text)
        cell.outputs = outputs
        for output in outputs:
            if output.output_type == "stream":
                lines = "".join(pieces[output.name]).split("\n")
                # Of what wrote over itself, such as a bar of progress, the last is kept.
                output.text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
                is_flood = output.name == "stdout" and len(output.text) > _MOST_PRINTED
                if is_flood and not errors:
                    raise RunError(_TOO_MUCH.format(len(output.text)))

    def end(self) -> None:
        if self._has_turn:
            self._turns.release()


def _death(status: int | None) -> str:
    if status == -9:
        return _KILLED
    if status is None:
        return _ENDED.format("how is not known")
    return _ENDED.format(f"{'signal' if status < 0 else 'exit status'} {abs(status)}")


def _messages(executed: Any) -> str:
    return "".join(
        output.text
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.get("name") == "stderr"
    )
