"""Tell the user how far a grid is: one live line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

from statedfigures.reports.grid_pool import Outcome

_EVERY_SECONDS = 10.0
_CLEAR = "\r\x1b[K"


def duration(seconds: float) -> str:
    """Write a time to come for readers.

    Examples
    --------
    >>> duration(42.4), duration(600), duration(5400), duration(200_000)
    ('42 s', '10 min', '1 h 30 min', '2 d 7 h')
    """
    whole = max(0, round(seconds))
    if whole < 100:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min"
    return f"{hours // 24} d {hours % 24} h"


class GridProgress:
    """Counts what is done; a context manager that is called with each outcome.

    Parameters
    ----------
    total
        How many sets the grid has.
    done
        How many of them were there before.
    quiet
        Show nothing.
    stream
        Where to; standard error by default.
    clock
        Gives seconds that only rise.
    """

    def __init__(
        self,
        total: int,
        done: int,
        *,
        quiet: bool = False,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._before = done
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._clock = clock
        self._began = self._said = clock()
        self.rendered = self.pages = self.reused = 0
        self.failed: list[Outcome] = []

    def __enter__(self) -> GridProgress:
        """Say how much is to be done."""
        self._show(always=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the last line as it is."""
        if not self._quiet and self._is_live():
            self._stream.write("\n")
            self._stream.flush()

    def __call__(self, outcome: Outcome) -> None:
        """Take note of a set that is done, or has failed."""
        if outcome.error:
            self.failed.append(outcome)
            self.note(f"{outcome.name}: failed: {outcome.error}")
        else:
            self.rendered += 1
            self.pages += outcome.pages
            self.reused += outcome.reused
        self._show(always=bool(outcome.error))

    def note(self, words: str) -> None:
        """Say something besides."""
        if not self._quiet:
            self._stream.write(f"{_CLEAR if self._is_live() else ''}{words}\n")
            self._stream.flush()

    def line(self) -> str:
        """Give the state in one line."""
        ended = self.rendered + len(self.failed)
        parts = [f"{self._before + ended} of {self._total} sets"]
        if self.failed:
            parts.append(f"{len(self.failed)} failed")
        seconds = self._clock() - self._began
        if self.rendered and seconds > 0:
            parts.append(f"{self.pages / seconds:.2f} pages a second")
            left = self._total - self._before - ended
            parts.append(f"{duration(left * seconds / ended)} left" if left else "done")
        return ", ".join(parts)

    def _is_live(self) -> bool:
        return self._stream.isatty()

    def _show(self, *, always: bool) -> None:
        now = self._clock()
        ended = self._before + self.rendered + len(self.failed)
        if self._quiet:
            return
        if self._is_live():
            self._stream.write(f"{_CLEAR}{self.line()}")
        elif always or ended == self._total or now - self._said >= _EVERY_SECONDS:
            self._said = now
            self._stream.write(f"{self.line()}\n")
        self._stream.flush()
