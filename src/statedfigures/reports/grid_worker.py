"""A process that renders sets of parameters one after another, everything imported once.

It is told what to do in lines of JSON over a pair of sockets, and ends when the
other end is gone. Each page still runs in a kernel of its own, forked from one
process that lives as long as this one.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from statedfigures.errors import StatedFiguresError
from statedfigures.reports.edition import Plan, plan_settled, publish_made
from statedfigures.reports.kernels import start_warm
from statedfigures.reports.limits import allowed_values
from statedfigures.reports.making import Made, make_edition
from statedfigures.reports.ownership import claim_run_folder, require_ours
from statedfigures.reports.page_cache import PageCache, cache_folder
from statedfigures.reports.parameters import merge_parameters
from statedfigures.reports.scratch import scratch_folder
from statedfigures.reports.settled import settle
from statedfigures.reports.warm import WarmProcess, can_fork
from statedfigures.reports.working import modules_of_all
from statedfigures.sources.finding import DATA_VARIABLE

_FASTEST = 1  # of zlib: the network is quicker than its better levels
Request = dict[str, Any]


def differing(theirs: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """Name the kinds of input that differ between who asks and this process."""
    return sorted(kind for kind in {*theirs, *ours} if theirs.get(kind) != ours.get(kind))


class SetRenderer:
    """Renders sets of one report.

    Parameters
    ----------
    request
        ``notebooks`` and ``data`` (folders), ``release`` (empty for that of
        the notebooks), ``inputs`` (fingerprints of what the grid is made
        from) and ``cache`` (whether pages are taken from the cache).
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._held = ExitStack()
        self._warm: WarmProcess | None = None
        self._rooms = 0

    def begin(self) -> list[str]:
        """Read the report and begin to import what its pages need.

        Returns
        -------
        list of str
            The kinds of input in which the report here differs from the one
            that was meant.

        Raises
        ------
        InputError
            If it cannot be read.
        """
        self._folder = self._held.enter_context(scratch_folder())
        request = self._request
        release = {"release": request["release"]} if request["release"] else {}
        settled = settle(
            release,
            out=self._folder / "none",
            data=Path(request["data"]),
            notebooks_folder=Path(request["notebooks"]),
        )
        self._settings = {DATA_VARIABLE: str(settled.release_folder.parent.resolve())}
        self._modules = modules_of_all(settled.notebooks)
        self._standing_warm()
        self._plan = plan_settled(settled)
        self._declared = settled.declared
        self._allowed = allowed_values(self._plan.tables)
        self._kept_pages = PageCache(cache_folder() if request["cache"] else None)
        return differing(request["inputs"], dict(settled.inputs))

    def close(self) -> None:
        """End the process that kernels are forked from, and delete what was kept for it."""
        if self._warm is not None:
            self._warm.close()
        self._held.close()

    def render(self, request: Request) -> dict[str, int]:
        """Render a set and publish it, or pack its files.

        Parameters
        ----------
        request
            ``given`` (name to text), ``target`` and ``beside`` (where to
            publish, and what lies beside), or ``archive`` (the file to pack
            everything into instead).

        Returns
        -------
        dict
            ``pages`` and how many of them were ``reused``.

        Raises
        ------
        StatedFiguresError
            If the set cannot be rendered.
        """
        began = time.time()
        plan = replace(
            self._plan,
            parameters=merge_parameters(self._declared, request["given"], self._allowed),
            target=Path(request["target"]),
            beside=Path(request["beside"]),
        )
        if not request.get("archive"):
            require_ours(plan.target, plan.beside)
            claim_run_folder(plan.target, plan.beside)
        made = make_edition(
            plan,
            jobs=1,
            report=lambda _: None,
            kept_pages=self._kept_pages,
            lent=self._standing_warm(),
        )
        self._deliver(plan, made, request.get("archive"), time.time() - began)
        return {"pages": len(plan.parameters), "reused": made.reused}

    @staticmethod
    def _deliver(plan: Plan, made: Made, archive: str | None, seconds: float) -> None:
        if not archive:
            publish_made(plan, made, seconds)
            return
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as packed:
            for path in sorted(made.files):
                packed.writestr(zipfile.ZipInfo(path), made.files[path], zipfile.ZIP_DEFLATED)

    def _standing_warm(self) -> WarmProcess | None:
        """Give the process that kernels are forked from; a new one where it has ended."""
        if self._warm is not None and not self._warm.is_running():
            self._warm.close()
            self._warm = None
        if self._warm is None and can_fork():
            self._rooms += 1
            room = self._folder / f"warm{self._rooms}"
            self._warm = start_warm(room, self._settings, self._modules)
        return self._warm


def answer_of(renderer: SetRenderer, request: Request) -> Request:
    """Render a set and say what came of it, in words that need no traceback."""
    try:
        return dict(renderer.render(request))
    except StatedFiguresError as error:
        return {"error": str(error)}
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return {"error": f"{where}could not be written or read ({error.strerror or error})"}
    except Exception as error:
        words = " ".join(str(error).split())[:300]
        return {"error": f"an unexpected error: {type(error).__name__}: {words}"}


def _requests(channel: socket.socket) -> Iterator[Request]:
    """Give the requests as they come; end this process once nobody asks any more."""
    waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()

    def listen() -> None:
        with suppress(OSError, ValueError):
            for line in channel.makefile("rb"):
                waiting.put(json.loads(line))
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield waiting.get()


def _end_once(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what is begun here is to be cleared up
    raise KeyboardInterrupt


def main() -> None:
    """Do what is asked for until nobody asks any more; the first request is how to begin."""
    signal.signal(signal.SIGTERM, _end_once)
    channel = socket.socket(fileno=int(sys.argv[1]))

    def tell(value: Request) -> None:
        channel.sendall(json.dumps(value).encode() + b"\n")

    with suppress(KeyboardInterrupt, BrokenPipeError):
        requests = _requests(channel)
        with closing(SetRenderer(next(requests))) as renderer:
            try:
                tell({"differs": renderer.begin()})
            except StatedFiguresError as error:
                tell({"error": str(error)})
                return
            for request in requests:
                tell(answer_of(renderer, request))


if __name__ == "__main__":
    main()
