"""The process of a kernel: ipykernel as it is, without the port that it opens by itself.

An IPython kernel on IPC sockets still listens on one TCP port, through which
processes that a notebook forks send what they print. A report prints nothing
from such processes, and a render opens no port.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # The folder of this file is no place to import from; ipykernel puts the
    # notebook's folder here once its own imports are done.
    del sys.path[0]

from typing import Any

from ipykernel import iostream, kernelapp


class PortlessIOPubThread(iostream.IOPubThread):
    """Sends the outputs of the kernel; listens for none of its child processes."""

    def __init__(self, socket: Any, pipe: bool = False, **keywords: Any) -> None:
        del pipe
        super().__init__(socket, pipe=False, **keywords)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    kernelapp.IOPubThread = PortlessIOPubThread  # type: ignore[attr-defined, assignment]
    kernelapp.launch_new_instance()
