"""The display of pages and their states."""

import io

from statedfigures.reports.execution import PageProgress, State
from statedfigures.reports.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def tell(stream, **keywords):
    """Tell of one page that runs two cells and of one that is reused."""
    with Progress(["ships", "seals"], stream=stream, **keywords) as progress:
        progress(PageProgress("ships", State.RUNNING, 0, 2))
        progress(PageProgress("ships", State.RUNNING, 1, 2))
        progress(PageProgress("seals", State.REUSED))
        progress(PageProgress("ships", State.EXECUTED))
    return stream.getvalue()


def test_without_a_terminal_each_change_of_state_is_one_line():
    assert tell(io.StringIO()) == "ships: running\nseals: reused\nships: executed\n"


def test_a_terminal_shows_every_page_with_its_state():
    shown = tell(Terminal())

    assert "ships" in shown
    assert "executed" in shown
    assert "reused" in shown


def test_quiet_shows_nothing():
    assert tell(io.StringIO(), quiet=True) == ""
    assert tell(Terminal(), quiet=True) == ""
