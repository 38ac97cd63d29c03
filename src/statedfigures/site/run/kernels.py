"""Kernels: real ipykernels, forked from one process that has imported everything already.

The process is the fork server of the standard library. Jupyter finds `ForkedProvisioner` by its
entry point; where processes cannot be forked it starts a kernel as Jupyter itself does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import entry_points
from multiprocessing import forkserver
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

PROVISIONER = "statedfigures-forked"
_LAUNCHER = "ipykernel_launcher"
PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completer",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    "pandas",
    "scipy.stats",
    "statedfigures.cli",
    __name__,
    *(
        f"statedfigures.{stage}.{module.name}"
        for stage in ("release", "analysis", "display")
        for module in iter_modules([str(Path(__file__).parents[2] / stage)])
    ),
)
# What could change the bytes of a result, set to one value for every kernel. One thread each:
# pages run side by side, and the order of sums must not hang on the number of cores.
SETTLED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "COLUMNS": "100",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_DROPPED = ("PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONINSPECT", "MATPLOTLIBRC", "JPY_SESSION_NAME")


def can_fork() -> bool:
    """Whether kernels can be forked here."""
    return "forkserver" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def start_fork_server() -> None:
    """Begin to import what kernels need, in the process that they are forked from.

    Sets `SETTLED` in the environment of this program: the fork server, and one that takes the
    place of a server that died, inherit it.
    """
    for name in _DROPPED:
        os.environ.pop(name, None)
    os.environ.update(SETTLED)
    if can_fork():
        multiprocessing.get_context("forkserver").set_forkserver_preload(list(PRELOADED))
        forkserver.ensure_running()


class Kernels:
    """The kernels of one run; ends all of them when it is closed.

    Parameters
    ----------
    settings
        Environment variables that every kernel is given, such as the folder of the data.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = {**os.environ, **SETTLED, **settings}
        self._managers: list[Any] = []
        self.closed = False

    def manager_class(self, folder: Path) -> type[AsyncKernelManager]:
        """Return the class of kernel manager that papermill is to use for one notebook.

        Parameters
        ----------
        folder
            Private folder of the kernel: connection file, sockets, settings, temporary files.
        """
        kernels = self
        own = {"IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "jupyter", "TMPDIR": "tmp"}
        environment = self._settings | {name: str(folder / part) for name, part in own.items()}
        (folder / "tmp").mkdir(parents=True, mode=0o700, exist_ok=True)

        class PrivateKernelManager(AsyncKernelManager):
            """Starts the kernel of this environment on sockets that only the user can reach."""

            def __init__(self, **traits: Any) -> None:
                spec = _OwnKernelSpecManager()
                file = str(folder / "kernel.json")
                super().__init__(
                    **traits, transport="ipc", connection_file=file, kernel_spec_manager=spec
                )

            async def start_kernel(self, **keywords: Any) -> None:  # type: ignore[override]
                if kernels.closed:
                    raise RuntimeError("the run has been stopped")
                kernels._managers.append(self)
                await super().start_kernel(env=environment, **keywords)
                if kernels.closed:
                    kernels.close()

        return PrivateKernelManager

    def exit_status(self, folder: Path) -> int | None:
        """Return how the kernel of a folder ended: minus the number of the signal, or a status."""
        whose = [each for each in self._managers if Path(each.connection_file).parent == folder]
        return getattr(whose[-1].provisioner, "ended", None) if whose else None

    def close(self) -> None:
        """Kill every kernel that still runs."""
        self.closed = True
        for manager in self._managers:
            process = getattr(manager.provisioner, "process", None)
            if process is not None and process.poll() is None:
                process.kill()


class ForkedProvisioner(LocalProvisioner):
    """Forks a kernel from the fork server, and starts a plain one where there is no fork."""

    ended: int | None = None

    async def launch_kernel(self, cmd: list[str], **keywords: Any) -> KernelConnectionInfo:
        """Start the process of a kernel whose command is ``python -m ipykernel_launcher …``."""
        if _LAUNCHER not in cmd or Path(cmd[0]).resolve() != Path(sys.executable).resolve():
            raise RuntimeError(
                f"the provisioner {PROVISIONER} starts the ipykernel of {sys.executable} alone; "
                f"let the kernelspec say {sys.executable} -m {_LAUNCHER} -f {{connection_file}}"
            )
        if multiprocessing.current_process().daemon:
            raise RuntimeError("this process is a daemon, which may start no kernel")
        arguments = cmd[cmd.index(_LAUNCHER) + 1 :]
        self.process = None
        if can_fork():
            with suppress(OSError, EOFError):  # the server died just now: a plain kernel will do
                self.process = _fork(arguments, keywords)  # type: ignore[assignment]
        if self.process is None:
            return await super().launch_kernel(cmd, **keywords)
        self.pid = self.pgid = self.process.pid
        return self.connection_info

    async def poll(self) -> int | None:
        """Return the exit code, and remember it: of a dead kernel nothing else tells why."""
        status = await super().poll()
        self.ended = status if self.process is not None else self.ended
        return status


class ForkedKernel:
    """What jupyter_client asks of a `subprocess.Popen`, for a process of the fork server."""

    stdin = stdout = stderr = None

    def __init__(self, process: multiprocessing.process.BaseProcess) -> None:
        self._process = process
        self.pid = int(process.pid or 0)

    def poll(self) -> int | None:
        """Return the exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end and return the exit code."""
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it and what it started at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.send_signal(signal.SIGKILL)


def _fork(arguments: Sequence[str], keywords: Mapping[str, Any]) -> ForkedKernel:
    context = multiprocessing.get_context("forkserver")
    given = (tuple(arguments), dict(keywords["env"]), str(keywords.get("cwd") or os.getcwd()))
    process = context.Process(target=_run_kernel, args=given)
    process.start()
    return ForkedKernel(process)


def _run_kernel(arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
    os.setsid()  # Ctrl-C at the terminal is for the program alone
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=list(arguments))


def _end_with_the_run() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        os.killpg(os.getpid(), signal.SIGKILL)


class _OwnKernelSpecManager(KernelSpecManager):
    """Knows one kernel, whatever the user has installed: that of the Python which runs this."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        del kernel_name
        return KernelSpec(
            argv=[sys.executable, "-m", _LAUNCHER, "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER}} if _known() else {},
        )


@cache
def _known() -> bool:
    """Whether Jupyter knows the provisioner; a copy that was not installed has no entry point."""
    return any(
        True for _ in entry_points(group="jupyter_client.kernel_provisioners", name=PROVISIONER)
    )
