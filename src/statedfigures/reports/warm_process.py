"""The process that kernels are forked from: it has imported what their notebooks need.

It listens on nothing. Its owner holds the other end of a pair of sockets and asks
over it, one line of JSON for each request and each answer:

``fork`` makes a kernel, ``poll`` tells whether one has ended, ``signal`` sends it a
signal. When the owner is gone, in whatever way, all kernels are ended.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    del sys.path[0]  # the folder of this file is no place to import from

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import time
from collections.abc import Iterable
from typing import Any

Request = dict[str, Any]
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def import_all(modules: Iterable[str]) -> None:
    """Import modules; one that cannot be imported will say so in the kernel that needs it."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


class Nursery:
    """Forks kernels and answers for them.

    Parameters
    ----------
    channel
        Our end of the pair of sockets.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._children: dict[int, int | None] = {}

    def serve(self) -> Request | None:
        """Answer requests until the owner is gone.

        Returns
        -------
        dict or None
            In a kernel, newly forked: the request that it was forked for. In
            this process None, at the end.
        """
        # However the channel breaks, and whichever way, the owner is gone.
        with contextlib.suppress(ConnectionError):
            for line in self._channel.makefile("rb"):
                request = json.loads(line)
                if request["do"] == "fork":
                    number = os.fork()
                    if number == 0:
                        os.close(self._channel.fileno())
                        self._channel.detach()
                        return dict(request)
                    self._children[number] = None
                    self._answer(number)
                elif request["do"] == "signal":
                    self._signal(request["process"], request["number"])
                    self._answer(None)
                else:
                    self._answer(self._status(request["process"]))
        return None

    def end_all(self) -> None:
        """Kill every kernel that still runs."""
        for child in self._children:
            self._signal(child, signal.SIGKILL)
        for child in [one for one, status in self._children.items() if status is None]:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)

    def _answer(self, value: int | None) -> None:
        self._channel.sendall(json.dumps(value).encode() + b"\n")

    def _status(self, child: int) -> int | None:
        if self._children[child] is None:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                self._children[child] = os.waitstatus_to_exitcode(status)
        return self._children[child]

    def _signal(self, child: int, number: int) -> None:
        # A child that was waited for may have given its number to a stranger.
        if self._status(child) is None:
            try:
                os.killpg(child, number)  # with the processes that its notebook started
            except ProcessLookupError:  # not yet the head of its group
                os.kill(child, number)


def become_kernel(request: Request, parent: int) -> None:
    """Turn this process, newly forked, into a kernel like one that was started.

    Parameters
    ----------
    request
        ``environment`` (all of it), ``folder`` to run in and ``arguments`` of
        the command line.
    parent
        The process that it was forked from.
    """
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    sys.argv = ["kernel_process.py", *request["arguments"]]
    # Python seeds its own generator anew in a forked process; NumPy does not.
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed()
    gc.unfreeze()


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def main() -> Request | None:
    """Import what is asked for, then fork kernels; see `Nursery.serve`."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGTERM, _end)
    nursery = Nursery(channel)
    mine = os.getpid()
    try:
        modules = json.loads(channel.makefile("rb", buffering=0).readline())
        gc.disable()  # next to nothing of what an import makes is garbage
        import_all(modules)
        gc.collect()
        gc.freeze()  # what is there already need never be written to
        gc.enable()
        request = nursery.serve()
        if request is not None:
            become_kernel(request, mine)
        return request
    finally:
        if os.getpid() == mine:
            nursery.end_all()


if __name__ == "__main__":
    asked = main()
    if asked is not None:
        from statedfigures.reports.kernel_process import run_kernel

        run_kernel(asked["arguments"])
