"""How far a grid is: said now and then, kept on one line of a terminal, silent if asked."""

import io

from statedfigures.reports.grid_pool import Outcome
from statedfigures.reports.grid_progress import GridProgress


class Terminal(io.StringIO):
    """A stream that calls itself a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Give the time."""
        return self.seconds


def after(stream, seconds_each, outcomes, *, total=10, done=4, quiet=False):
    """Let sets be done, each after some seconds; give the progress."""
    clock = Clock()
    progress = GridProgress(total, done, quiet=quiet, stream=stream, clock=clock)
    with progress:
        for outcome in outcomes:
            clock.seconds += seconds_each
            progress(outcome)
    return progress


def test_rate_and_time_left_are_those_of_the_sets_rendered_now():
    """Two sets of 8 pages in 20 seconds; the four left of ten take 40 more."""
    progress = after(io.StringIO(), 10, [Outcome("a", pages=8), Outcome("b", pages=8)])

    assert progress.line() == "6 of 10 sets, 0.80 pages a second, 40 s left"


def test_a_failed_set_counts_as_ended_and_is_told_at_once():
    stream = io.StringIO()
    progress = after(stream, 1, [Outcome("a", pages=8), Outcome("b", "its reason")])

    assert progress.line() == "6 of 10 sets, 1 failed, 4.00 pages a second, 4 s left"
    assert "b: failed: its reason\n" in stream.getvalue()
    assert [one.name for one in progress.failed] == ["b"]


def test_lines_come_now_and_then_and_at_the_end():
    """Every second a set: a line at the beginning, one after ten seconds, one at the end."""
    stream = io.StringIO()
    after(stream, 1, [Outcome(str(n), pages=1) for n in range(15)], total=15, done=0)

    assert [line.split(",")[0] for line in stream.getvalue().splitlines()] == [
        "0 of 15 sets",
        "10 of 15 sets",
        "15 of 15 sets",
    ]


def test_a_terminal_has_one_line_that_is_written_over():
    stream = Terminal()
    after(stream, 1, [Outcome(str(n), pages=1) for n in range(3)], total=3, done=0)

    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().split("\r\x1b[K")[-1] == "3 of 3 sets, 1.00 pages a second, done\n"


def test_quiet_says_nothing():
    stream = io.StringIO()
    after(stream, 1, [Outcome("a", "its reason")], quiet=True)

    assert stream.getvalue() == ""
