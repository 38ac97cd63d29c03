"""A process of our own that answers requests: one line of JSON for each, and one for the answer.

It listens on nothing: we hold the other end of a pair of sockets. When we are
gone, in whatever way, its end of the pair says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

END_SECONDS = 5.0


class Companion:
    """Our side of such a process.

    Parameters
    ----------
    command
        What Python is to run; the number of the socket comes after it.
    environment
        Its environment.
    what
        What it is, for the message when it has ended.
    """

    def __init__(self, command: Sequence[str], environment: dict[str, str], what: str) -> None:
        ours, theirs = socket.socketpair()
        self._channel = ours
        self._lines = ours.makefile("rb")
        self._lock = threading.Lock()
        self._what = what
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own code
                [sys.executable, *command, str(theirs.fileno())],
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for us; we end it
            )

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def is_running(self) -> bool:
        """Say whether the process still lives."""
        return self._process.poll() is None

    def send(self, value: Any) -> None:
        """Send a line; that the process has ended shows in the next answer."""
        with contextlib.suppress(OSError, ValueError):
            self._channel.sendall(json.dumps(value).encode() + b"\n")

    def ask(self, **request: Any) -> Any:
        """Send a request and wait for the answer.

        Raises
        ------
        RuntimeError
            If the process has ended.
        """
        with self._lock:
            self.send(request)
            try:
                line = self._lines.readline()
            except (OSError, ValueError):
                line = b""
        if not line:
            raise RuntimeError(f"{self._what} has ended")
        return json.loads(line)

    def close(self) -> None:
        """Ask the process to end, and end it where it does not."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
        # Only now, since another thread may be waiting for an answer.
        self._lines.close()
        self._channel.close()
