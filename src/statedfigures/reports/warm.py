"""Our side of the process that kernels are forked from."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from statedfigures.reports.companion import Companion

_PROCESS = Path(__file__).with_name("warm_process.py")
_POLL_SECONDS = 0.02
# What a kernel itself needs, besides the modules of its notebook.
KERNEL_MODULES = (
    "statedfigures.reports.kernel_process",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "IPython.core.completer",
)
# Imported before any kernel asks; other libraries are left to the notebooks, since
# some start threads or open files when they are imported, which a fork would break.
_LIBRARIES = frozenset({"afcharts", "frictionless", "matplotlib", "numpy", "pandas", "scipy"})


def can_fork() -> bool:
    """Say whether kernels can be forked here: macOS libraries do not bear it, Windows cannot."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def modules_to_import(of_package: Iterable[str], others: Iterable[str]) -> list[str]:
    """Choose what is imported before kernels are forked.

    Parameters
    ----------
    of_package
        Names of the modules that notebooks can reach, see `reachable`.
    others
        Names of everything else that they import.
    """
    ours = [name for name in of_package if name.startswith("statedfigures.")]
    stages = ("statedfigures.reports", "statedfigures.cli")
    libraries = [name for name in others if name.partition(".")[0] in _LIBRARIES]
    first = sorted(name for name in libraries if "." not in name)
    return [
        *KERNEL_MODULES,
        *first,
        *sorted(name for name in ours if not name.startswith(stages)),
        *sorted(set(libraries) - set(first)),
    ]


class WarmProcess(Companion):
    """A process that has imported libraries and forks kernels.

    When it is closed it ends every kernel that was forked from it.

    Parameters
    ----------
    environment
        Its environment; what is read when Python starts holds for all kernels.
    modules
        What it imports.
    """

    def __init__(self, environment: dict[str, str], modules: Iterable[str]) -> None:
        super().__init__(
            [str(_PROCESS)],
            # ipykernel looks for its parent when it is imported, and else takes itself
            # for a kernel that somebody started by hand.
            environment | {"JPY_PARENT_PID": str(os.getpid())},
            "the process that kernels are forked from",
        )
        self.send(list(modules))

    def fork(self, arguments: list[str], environment: dict[str, str], folder: str) -> ForkedProcess:
        """Fork a kernel.

        Raises
        ------
        RuntimeError
            If the process has ended.
        """
        number = self.ask(do="fork", arguments=arguments, environment=environment, folder=folder)
        return ForkedProcess(self, number)


class ForkedProcess:
    """A forked kernel, with the manners of `subprocess.Popen` that Jupyter relies on."""

    stdin = stdout = stderr = None

    def __init__(self, warm: WarmProcess, number: int) -> None:
        self._warm = warm
        self.pid = number
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Give the exit status, None while it runs."""
        if self.returncode is None:
            try:
                self.returncode = self._warm.ask(do="poll", process=self.pid)
            except RuntimeError:  # it has ended all kernels with it
                self.returncode = -int(signal.SIGKILL)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        until = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
            time.sleep(_POLL_SECONDS)
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal to it and to the processes that it started."""
        with contextlib.suppress(RuntimeError):
            self._warm.ask(do="signal", process=self.pid, number=int(number))

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
