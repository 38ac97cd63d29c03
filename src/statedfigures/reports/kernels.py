"""Kernels of this very environment, on local sockets, each with a private folder.

A render must not depend on the kernels, the settings or the start-up files
that a user happens to have, and must not open a port: the kernelspec is made
here, its connection file lies in a folder that only the user can read, and it
talks over IPC sockets.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from statedfigures.reports.provisioner import NAME
from statedfigures.reports.scratch import scratch_folder
from statedfigures.reports.warm import WarmProcess, can_fork
from statedfigures.sources.watching import READS_VARIABLE

KERNEL_NAME = "python3"
_PROCESS = Path(__file__).with_name("kernel_process.py")
# The path of a Unix socket may have 107 bytes; some 50 come after the base.
_LONGEST_BASE = 55
# What could change the bytes of a result, set to one value for every kernel.
_SETTLED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "COLUMNS": "100",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # One thread for each kernel: pages run side by side, and the order of
    # floating-point sums does not hang on the number of cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_DROPPED = ("PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONINSPECT", "MATPLOTLIBRC", "JPY_SESSION_NAME")


def settled_environment(private: Path, settings: dict[str, str]) -> dict[str, str]:
    """Give the environment of a kernel: the user's, with everything settled that matters.

    Parameters
    ----------
    private
        Folder for the settings and history that IPython wants to keep.
    settings
        Further variables, such as the folder of the data.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    folders = {
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_CONFIG_DIR": str(private / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
    }
    return environment | _SETTLED | folders | settings


class KernelHouse:
    """Where the kernels of one render live; ends all of them when it is closed.

    Use it as a context manager: leaving it, in whatever way, kills what still
    runs and deletes the private folder.

    Parameters
    ----------
    settings
        Environment variables that every kernel is given.
    warm_modules
        What is imported once, before the first kernel; each kernel is then
        forked from there. Without them, and where processes cannot be forked,
        each kernel is started on its own.
    lent
        A process that has imported them already and outlives this house; none
        is then made.
    """

    def __init__(
        self,
        settings: dict[str, str] | None = None,
        warm_modules: Iterable[str] = (),
        lent: WarmProcess | None = None,
    ) -> None:
        self._settings = dict(settings or {})
        self._warm_modules = [] if lent else list(warm_modules)
        self._lent = lent
        self.warm_process = lent
        self._managers: list[AsyncKernelManager] = []
        self._lock = threading.Lock()
        self._held = ExitStack()
        self.closed = False

    def __enter__(self) -> KernelHouse:
        """Make the private folder, and begin to import."""
        self._folder = self._held.enter_context(scratch_folder(_short_folder()))
        if self._warm_modules and can_fork():
            room = self._folder / "warm"
            self.warm_process = start_warm(room, self._settings, self._warm_modules)
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs."""
        self.close()

    def manager_class(self, reads: Path) -> type[AsyncKernelManager]:
        """Give the class of kernel manager that papermill is to use for a notebook.

        Parameters
        ----------
        reads
            File in which the kernel notes what the notebook reads.
        """
        house = self

        class LocalKernelManager(AsyncKernelManager):
            """Starts the kernel of this environment in a room of the house."""

            warm_process = house.warm_process

            def __init__(self, **traits: Any) -> None:
                room = house.take_room(self)
                super().__init__(
                    **traits,
                    transport="ipc",
                    connection_file=str(room / "kernel.json"),
                    kernel_spec_manager=_OwnKernelSpecManager(),
                )
                settings = house._settings | {READS_VARIABLE: str(reads)}
                self._environment = settled_environment(room, settings)

            async def start_kernel(self, **keywords: Any) -> None:  # type: ignore[override]
                await super().start_kernel(env=self._environment, **keywords)
                if house.closed:
                    end_kernel(self)

        return LocalKernelManager

    def take_room(self, manager: AsyncKernelManager) -> Path:
        """Note a manager and give it a private folder of its own."""
        with self._lock:
            if self.closed:
                raise RuntimeError("the kernels of this render have been ended")
            room = self._folder / f"k{len(self._managers)}"
            room.mkdir(mode=0o700)
            self._managers.append(manager)
        return room

    def close(self) -> None:
        """Kill every kernel that still runs and delete the private folder."""
        with self._lock:
            self.closed = True
            if self.warm_process is not None and self._lent is None:
                self.warm_process.close()
            for manager in self._managers:
                end_kernel(manager)
        self._held.close()


def start_warm(room: Path, settings: dict[str, str], modules: Iterable[str]) -> WarmProcess:
    """Start a process that kernels are forked from, in a private folder made for it."""
    room.mkdir(mode=0o700)
    return WarmProcess(settled_environment(room, settings), modules)


def end_kernel(manager: AsyncKernelManager) -> None:
    """Kill the process of a kernel, if there is one, and wait for its end."""
    process = getattr(manager.provisioner, "process", None)
    if process is not None and process.poll() is None:
        process.kill()
        process.wait()


def _short_folder() -> str | None:
    """Give a base for the private folder if the usual one makes socket paths too long."""
    return None if len(tempfile.gettempdir()) <= _LONGEST_BASE else "/tmp"  # noqa: S108


class _OwnKernelSpecManager(KernelSpecManager):
    """Knows one kernel: the Python that runs this program."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give the kernelspec of this environment, whatever the user has installed."""
        del kernel_name
        return KernelSpec(
            argv=[sys.executable, str(_PROCESS), "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": NAME}} if _is_known() else {},
        )


@cache
def _is_known() -> bool:
    """Say whether Jupyter knows our provisioner; a copy that was not installed has none."""
    return any(True for _ in entry_points(group="jupyter_client.kernel_provisioners", name=NAME))
