"""Tell the user how far each page is: live on a terminal, as plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from statedfigures.reports.execution import PageProgress, State

if TYPE_CHECKING:
    from rich.table import Table

_MARKS = {
    State.WAITING: ("·", "dim"),
    State.STARTING: ("○", "cyan"),
    State.RUNNING: ("◐", "cyan"),
    State.EXECUTED: ("●", "green"),
    State.REUSED: ("●", "blue"),
    State.FAILED: ("✗", "red"),
    State.STOPPED: ("○", "dim"),
}


class Progress:
    """Shows the state of every page; a context manager that can be called with news.

    Parameters
    ----------
    pages
        Names of the pages, in their order.
    quiet
        Show nothing.
    stream
        Where to; standard error by default, so that results can be piped.
    """

    def __init__(
        self, pages: Sequence[str], *, quiet: bool = False, stream: TextIO | None = None
    ) -> None:
        self._news = {page: PageProgress(page, State.WAITING) for page in pages}
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()
        self._live: Any = None

    def __enter__(self) -> Progress:
        """Begin the live display, on a terminal."""
        if not self._quiet and self._stream.isatty():
            from rich.console import Console
            from rich.live import Live

            console = Console(file=self._stream)
            self._live = Live(console=console, get_renderable=self._table, refresh_per_second=8)
            self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the live display; its last state stays."""
        if self._live is not None:
            self._live.__exit__(kind, error, traceback)

    def __call__(self, news: PageProgress) -> None:
        """Take note of news; safe to call from several threads."""
        with self._lock:
            changed = self._news[news.page].state != news.state
            self._news[news.page] = news
            if changed and not self._quiet and self._live is None:
                self._stream.write(f"{news.page}: {news.state}\n")
                self._stream.flush()

    def _table(self) -> Table:
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        with self._lock:
            for news in self._news.values():
                mark, style = _MARKS[news.state]
                cells = f"cell {news.cells_done + 1} of {news.cells}" if news.cells else ""
                running = news.state is State.RUNNING
                table.add_row(
                    f"[{style}]{mark}[/]", news.page, news.state, cells if running else ""
                )
        return table
