"""Kernels: real ipykernels, forked from one process that has imported everything already.

The process is the fork server of the standard library. Jupyter finds `ForkedProvisioner` by its
entry point; where processes cannot be forked it starts a kernel as Jupyter itself does.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

PROVISIONER, LAUNCHER = "statedfigures-forked", "ipykernel_launcher"
_STAGES = ("release", "analysis", "display")
_OWN = [
    f"statedfigures.{stage}.{module.name}"
    for stage in _STAGES
    for module in iter_modules([str(Path(__file__).parents[2] / stage)])
]
# Without the inline backend: it joins the shell of a kernel only where that imports it.
_LIBRARIES = """
    ipykernel.kernelapp ipykernel.ipkernel ipykernel.debugger IPython.core.completerlib
    IPython.core.debugger IPython.core.logger IPython.core.oinspect IPython.extensions.storemagic
    faulthandler sqlite3 tornado.platform.asyncio encodings.cp437 encodings.utf_8_sig
    matplotlib.pyplot matplotlib.backends.backend_agg matplotlib.backends.backend_svg afcharts
    PIL.BmpImagePlugin PIL.GifImagePlugin PIL.JpegImagePlugin PIL.PpmImagePlugin
    pandas pandas.core.methods.to_dict pandas.core.reshape.reshape pandas.io.formats.string
    scipy.stats statedfigures.cli
"""
PRELOADED = [*_LIBRARIES.split(), __name__, *_OWN]
# What could change the bytes of a result, set to one value for every kernel. One thread each:
# pages run side by side, and the order of sums must not hang on the number of cores.
SETTLED = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "COLUMNS": "100",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # ipykernel's debugger warns at every start without
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
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
        # Each kernel runs the head of the program that asks for it: on a cluster that is Dask's.
        heads = [name for name in ("dask.__main__",) if name in sys.modules]
        multiprocessing.get_context("forkserver").set_forkserver_preload([*PRELOADED, *heads])
        # Ctrl-C at the terminal is for the program alone, also while the server imports.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


class ForkedProvisioner(LocalProvisioner):
    """Forks a kernel from the fork server, and starts a plain one where there is no fork."""

    ended: int | None = None

    async def launch_kernel(self, cmd: list[str], **keywords: Any) -> KernelConnectionInfo:
        """Start the process of a kernel whose command is ``python -m ipykernel_launcher …``."""
        if LAUNCHER not in cmd or Path(cmd[0]).resolve() != Path(sys.executable).resolve():
            raise RuntimeError(
                f"the provisioner {PROVISIONER} starts the ipykernel of {sys.executable} alone; "
                f"let the kernelspec say {sys.executable} -m {LAUNCHER} -f {{connection_file}}"
            )
        if multiprocessing.current_process().daemon:
            raise RuntimeError("this process is a daemon, which may start no kernel")
        self.process: Any = None
        if can_fork():
            given = (cmd[cmd.index(LAUNCHER) + 1 :], dict(keywords["env"]), keywords.get("cwd"))
            with suppress(OSError, EOFError):  # the server died just now: a plain kernel will do
                self.process = ForkedKernel(given)
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

    def __init__(self, given: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=_run_kernel, args=given)
        self._process.start()
        self.pid = int(self._process.pid or 0)

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
        self._process.join(1)  # it is gone at once; who asks later asks ten times a second


def _run_kernel(arguments: Sequence[str], environment: Mapping[str, str], folder: Any) -> None:
    os.setsid()
    gc.freeze()  # what was imported is no garbage: as the documentation of gc says for a fork
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder or ".")
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=list(arguments))


def _end_with_the_run() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        os.killpg(os.getpid(), signal.SIGKILL)
