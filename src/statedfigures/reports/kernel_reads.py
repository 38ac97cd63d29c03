"""In the kernel of a page: write down the files that its notebook reads, and what else it does.

A page can be taken from the cache only if everything that it read is the same
now, and if running it left nothing behind. The tables of the release note
themselves; this notes all other files.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from typing import Any

from statedfigures.sources.watching import READS_VARIABLE, is_unnoted, note_read

READ = "file"
ACTED = "acted"
"""Kind of a line about something that a page taken from the cache would not do again."""
_ACTS = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.posix_spawn",
        "os.remove",
        "os.rename",
        "os.system",
        "socket.connect",
        "subprocess.Popen",
    }
)
# The system and the installed packages: the key of the cache knows their versions.
_SYSTEM = ("/dev/", "/etc/", "/proc/", "/sys/", "/usr/")


def watch_files(private: str) -> None:
    """Note from now on every file that is read, and every act, in this process.

    Parameters
    ----------
    private
        Folder of this kernel, whose files are of no account.
    """
    if not os.environ.get(READS_VARIABLE):
        return
    passed_over = tuple(_passed_over(private))
    seen: set[tuple[str, str]] = set()

    def note(kind: str, name: str) -> None:
        if (kind, name) not in seen:
            seen.add((kind, name))
            note_read(kind, name)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" and event not in _ACTS:
            return
        first = arguments[0] if arguments else None
        path = os.path.abspath(os.fsdecode(first)) if isinstance(first, bytes | str) else ""
        if path.startswith(passed_over):
            return
        if event != "open":
            note(ACTED, f"calls {event}")
        elif path and not path.endswith(".pyc") and not is_unnoted():
            writes = _writes(*arguments[1:3])
            note(ACTED if writes else READ, f"writes {path}" if writes else path)

    sys.addaudithook(hook)


def _writes(mode: str | None, flags: int) -> bool:
    if mode is not None:
        return any(letter in mode for letter in "wax+")
    return bool(flags & (os.O_WRONLY | os.O_RDWR))


def _passed_over(private: str) -> Iterable[str]:
    """Give the beginnings of the paths that need not be noted."""
    yield from _SYSTEM
    yield os.environ[READS_VARIABLE]
    yield os.path.join(tempfile.gettempdir(), "ipykernel_")  # made-up names of cells
    for folder in (private, *sysconfig.get_paths().values(), *site.getsitepackages()):
        yield os.path.join(os.path.abspath(folder), "")
