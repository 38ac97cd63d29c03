"""How a command ends when it is stopped from outside, or when the system refuses."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from statedfigures.errors import RunError


def end_as_with_ctrl_c() -> None:
    """Let a request to end (SIGTERM) do what Ctrl-C does: end the kernels, clear up, say so."""
    signal.signal(signal.SIGTERM, _interrupt)


@contextmanager
def plain_system_errors(consequence: str) -> Iterator[None]:
    """Tell a refusal of the system, such as a full disk, in plain words.

    Parameters
    ----------
    consequence
        What follows from it, such as ``nothing is published``.

    Raises
    ------
    RunError
        In place of the `OSError`.
    """
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise RunError(
            f"{where}could not be written or read ({error.strerror or error}); {consequence}"
        ) from None


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
