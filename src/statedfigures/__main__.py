"""Run the command line with ``python -m statedfigures``."""

from __future__ import annotations

import _thread
import signal
import sys
import time
from typing import NoReturn

_PAUSE = 0.01


def interrupt_again(dropped: sys.UnraisableHookArgs) -> None:
    """Interrupt once more where Python dropped an interruption, because a callback was running.

    Parameters
    ----------
    dropped
        What could not be raised; anything but an interruption is told as ever.
    """
    if dropped.exc_type is KeyboardInterrupt and hasattr(signal, "pthread_kill"):
        _thread.start_new_thread(_interrupt_soon, (_thread.get_ident(),))
    else:
        sys.__unraisablehook__(dropped)


def _interrupt_soon(thread: int) -> None:
    time.sleep(_PAUSE)  # by then the callback has ended
    signal.pthread_kill(thread, signal.SIGINT)


def program() -> NoReturn:
    """Run the program; Ctrl-C ends it in silence while it loads and while it leaves.

    In between, the command line catches it, ends what was started and says so.
    """
    caught = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if caught:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from statedfigures.cli import main

    try:
        if caught:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.unraisablehook = interrupt_again
        main()
    finally:
        if caught:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    program()
