"""The process of a kernel: ipykernel as it is, but for a port and a debugger.

An IPython kernel on IPC sockets still listens on one TCP port, through which
processes that a notebook forks send what they print. A report prints nothing
from such processes, and a render opens no port.

It also imports a debugger, which takes longer than all else that it does to
begin, and goes without where there is none. Nobody can debug a render.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # The folder of this file is no place to import from; ipykernel puts the
    # notebook's folder here once its own imports are done.
    del sys.path[0]

import os
from typing import Any

from ipykernel import iostream, kernelapp

from statedfigures.reports.kernel_reads import watch_files

_DEBUGGER = "debugpy.server"


class PortlessIOPubThread(iostream.IOPubThread):
    """Sends the outputs of the kernel; listens for none of its child processes."""

    def __init__(self, socket: Any, pipe: bool = False, **keywords: Any) -> None:
        del pipe
        super().__init__(socket, pipe=False, **keywords)  # type: ignore[no-untyped-call]


def run_kernel(arguments: list[str]) -> None:
    """Be a kernel until it is told to end.

    Parameters
    ----------
    arguments
        Of the command line, beginning with ``-f`` and the connection file.
    """
    kernelapp.IOPubThread = PortlessIOPubThread  # type: ignore[attr-defined, assignment]
    application = kernelapp.IPKernelApp.instance()
    sys.modules.setdefault(_DEBUGGER, None)  # type: ignore[arg-type]
    try:
        application.initialize(arguments)  # type: ignore[no-untyped-call]
    except OSError as error:  # such as a full disk; whoever waits for the kernel says the rest
        raise SystemExit(f"a kernel could not start: {error.strerror or error}") from None
    finally:
        if sys.modules[_DEBUGGER] is None:  # a notebook may import it all the same
            del sys.modules[_DEBUGGER]
    # Only now, since what the kernel does to begin is no doing of the notebook.
    watch_files(os.path.dirname(arguments[1]))
    application.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    run_kernel(sys.argv[1:])
