"""Executed pages that were kept, so that nothing is run twice.

The cache is a folder outside every site. It may be deleted at any time, by
anyone, in part or as a whole; several runs may use it at once. A file in it is
written under another name first and then renamed, and is believed only if its
own fingerprint holds.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.reports.limits import Value
from statedfigures.reports.manifest import fingerprint

CACHE_VARIABLE = "STATEDFIGURES_CACHE"
LARGEST_BYTES = 512 * 2**20
_KEPT_SHARE = 0.8
_FORM = "v2"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An executed and scrubbed notebook as it was kept.

    ``reads`` says what it read and the fingerprints of that, ``messages`` what
    its kernel wrote to standard error, ``parameters`` what it was run with.
    """

    reads: Mapping[str, str]
    messages: str
    notebook: bytes
    parameters: Mapping[str, Value]


def cache_folder() -> Path | None:
    """Give the folder of the cache: ``STATEDFIGURES_CACHE``, or the platform's own place.

    Returns
    -------
    pathlib.Path or None
        None where the user has no home.
    """
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(os.path.abspath(named))
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "statedfigures"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home) / "statedfigures" / "cache"
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if os.path.isabs(named) else home / ".cache") / "statedfigures"


class PageCache:
    """Executed pages by key.

    Parameters
    ----------
    folder
        Where it lies; made when the first page is kept. None keeps nothing.
    largest
        Bytes that it may hold after `trim`.
    """

    def __init__(self, folder: Path | None, *, largest: int = LARGEST_BYTES) -> None:
        self._folder = folder / _FORM if folder is not None and _is_private(folder) else None
        self._largest = largest

    def find(self, key: str, current: Callable[[str], str]) -> KeptPage | None:
        """Find a page whose reads are all the same now.

        Parameters
        ----------
        key
            Fingerprint of its basis.
        current
            Gives the present fingerprint of a read.

        Returns
        -------
        KeptPage or None
            None if there is none, or it is damaged.
        """
        if self._folder is None:
            return None
        with suppress(OSError):
            for path in sorted((self._folder / "pages" / key).glob("*.page")):
                with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                    if (found := _read(path, current)) is not None:
                        os.utime(path)  # the pages used last are kept longest
                        return found
        return None

    def keep(self, key: str, page: KeptPage) -> None:
        """Keep a page; a full or closed disk costs only time later."""
        head = {
            "reads": dict(page.reads),
            "messages": page.messages,
            "parameters": dict(page.parameters),
        }
        name = fingerprint(json.dumps(head["reads"], sort_keys=True).encode())
        content = json.dumps(head, sort_keys=True).encode() + b"\n" + page.notebook
        self._write(f"pages/{key}/{name}.page", fingerprint(content).encode() + b"\n" + content)

    def last_run(self, page: str) -> dict[str, str]:
        """Give what a page rested on when it was last run; empty if that is not known."""
        if self._folder is not None:
            with suppress(OSError, ValueError):
                found = json.loads((self._folder / "last" / f"{page}.json").read_text("utf-8"))
                if isinstance(found, dict):
                    return found
        return {}

    def note_run(self, page: str, rested_on: Mapping[str, str]) -> None:
        """Note what a page rested on, to say next time why it must be run again."""
        self._write(f"last/{page}.json", json.dumps(rested_on, sort_keys=True).encode())

    def trim(self) -> None:
        """Delete the pages that were not used for longest, if the cache is too large."""
        if self._folder is None:
            return
        found: list[tuple[float, int, Path]] = []
        # os.walk passes over folders that another run has deleted meanwhile.
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with suppress(OSError):
                    path = Path(folder, name)
                    status = path.lstat()
                    found.append((status.st_mtime, status.st_size, path))
        size = sum(one[1] for one in found)
        if size <= self._largest:
            return
        for _, bytes_, path in sorted(found):
            if size <= self._largest * _KEPT_SHARE:
                break
            with suppress(OSError):
                path.unlink()
                size -= bytes_
                path.parent.rmdir()  # fails, as it should, while others are in it

    def _write(self, name: str, content: bytes) -> None:
        if self._folder is None:
            return
        path = self._folder / name
        half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                half.write_bytes(content)
                half.replace(path)
            finally:
                half.unlink(missing_ok=True)


def _read(path: Path, current: Callable[[str], str]) -> KeptPage | None:
    with path.open("rb") as file:
        whole = file.readline().strip().decode()
        line = file.readline()
        head: dict[str, Any] = json.loads(line)
        if any(current(read) != was for read, was in head["reads"].items()):
            return None
        notebook = file.read()
    if fingerprint(line + notebook) != whole:
        path.unlink(missing_ok=True)
        return None
    return KeptPage(head["reads"], str(head["messages"]), notebook, head["parameters"])


def _is_private(folder: Path) -> bool:
    """Say whether nobody else could have put pages into the folder."""
    if not hasattr(os, "getuid"):
        return True
    try:
        status = folder.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return status.st_uid == os.getuid() and not status.st_mode & 0o022
