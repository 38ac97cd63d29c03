"""Run the command line with ``python -m statedfigures``."""

from __future__ import annotations

import signal
from typing import NoReturn


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
        main()
    finally:
        if caught:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    program()
