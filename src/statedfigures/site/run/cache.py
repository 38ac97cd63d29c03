"""Executed pages, kept so that nothing is run twice: one JSON file each, in ``outputs/.cache``.

The cache may be deleted at any time, in part or as a whole. A file of it is believed only if it
and its folder belong to the user, nobody else may write to them, and its own seal holds.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.site.publish.files import fingerprint, write_whole
from statedfigures.site.run.parameters import Page

LARGEST_BYTES = 512 * 2**20
_FORM = 1
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An executed page: its notebook, scrubbed, and what its kernel wrote to standard error."""

    notebook: Mapping[str, Any]
    messages: str


def page_parts(page: Page, inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return what a page rests on: a name in words to a fingerprint or value.

    Parameters
    ----------
    page
        The page.
    inputs
        Result of `manifest.input_fingerprints`.
    """
    name = page.notebook.path.name
    modules = {each: mark for each, mark in inputs["notebooks"].items() if each.endswith(".py")}
    return {
        f"notebook {name}": inputs["notebooks"][name],
        **{f"module {each}": mark for each, mark in modules.items()},
        **{f"parameter {each}": json.dumps(value) for each, value in page.parameters.items()},
        **inputs["tables"],
        "the package": inputs["package"],
        "the lock": inputs["lock"],
        "Python": f"{platform.python_version()} {sys.platform} {platform.machine()}",
    }


class PageCache:
    """Executed pages by what they rest on.

    Parameters
    ----------
    folder
        Where it lies; made when the first page is kept. None keeps nothing.
    largest
        Bytes that it may hold after `trim`.
    """

    def __init__(self, folder: Path | None, *, largest: int = LARGEST_BYTES) -> None:
        self._folder, self._largest = folder, largest
        self.doubt = ""
        """Why what is there is not believed; empty where it is."""
        if folder is not None and os.path.exists(folder) and not _is_private(folder):
            self.doubt = f"{folder} belongs to another user or others may write to it"
            self._folder = None

    def find(self, page: str, parts: Mapping[str, str]) -> KeptPage | None:
        """Return a page that rests on the same; None if there is none that can be believed."""
        if self._folder is None:
            return None
        path = self._folder / _name_of(page, parts)
        entry = _read(path)
        if entry is None or entry["parts"] != dict(parts):
            return None
        with suppress(OSError):
            os.utime(path)  # the pages used last are kept longest
        return KeptPage(entry["notebook"], entry["messages"])

    def keep(self, page: str, parts: Mapping[str, str], kept: KeptPage) -> None:
        """Keep a page; a full or closed disk costs only time later."""
        entry = {"parts": dict(parts), "notebook": kept.notebook, "messages": kept.messages}
        self._write(_name_of(page, parts), entry)

    def reason(self, page: str, parts: Mapping[str, str]) -> str:
        """Return why a page must be run again, in words."""
        if self._folder is None:
            return f"because {self.doubt}" if self.doubt else "because no page is kept"
        near: list[tuple[int, float, list[str]]] = []
        for path in self._folder.glob(f"{page}@*.json"):
            if (entry := _read(path)) is not None:
                was = entry["parts"]
                names = was.keys() | parts.keys()
                changed = sorted(name for name in names if was.get(name) != parts.get(name))
                near.append((len(changed), -path.stat().st_mtime, changed))
        if not near:
            return "because no earlier run of it is known"
        changed = min(near)[2]
        shown = [name.removeprefix("parameter ") for name in changed[:_SHOWN]]
        shown += [f"{len(changed) - _SHOWN} more"] if len(changed) > _SHOWN else []
        listed = " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
        return f"because of a change in {listed}"

    def note(self, name: str, value: Any) -> None:
        """Keep a value that saves work, such as what an edition was asked for."""
        self._write(f"{name}.note.json", value)

    def noted(self, name: str) -> Any:
        """Return a value that was kept with `note`; None if it is not there or not believed."""
        return _read(self._folder / f"{name}.note.json") if self._folder else None

    def _write(self, name: str, entry: Any) -> None:
        """Write a file that only the user can read, whatever the umask says."""
        if self._folder is None:
            return
        with suppress(OSError):
            if not self._folder.exists():
                self._folder.mkdir(parents=True)
                self._folder.chmod(0o700)
            sealed = {"form": _FORM, "sha256": _seal_of(entry), "entry": entry}
            write_whole(self._folder / name, json.dumps(sealed).encode(), mode=0o600)

    def trim(self) -> None:
        """Delete the pages that were not used for longest, if the cache is too large."""
        with suppress(OSError):  # another run may delete them too
            paths = self._folder.glob("*@*.json") if self._folder else ()
            found = sorted(
                ((path.lstat(), path) for path in paths), key=lambda each: -each[0].st_mtime
            )
            size = 0
            for status, path in found:
                size += status.st_size
                if size > self._largest:
                    path.unlink()


def _name_of(page: str, parts: Mapping[str, str]) -> str:
    return f"{page}@{fingerprint(json.dumps(dict(parts), sort_keys=True).encode())[:24]}.json"


def _seal_of(entry: Any) -> str:
    return fingerprint(json.dumps(entry, sort_keys=True).encode())


def _read(path: Path) -> Any:
    """Read a file of the cache; None if it is not believed."""
    try:
        if path.is_symlink() or not _is_private(path):
            return None
        sealed = json.loads(path.read_bytes())
        right = sealed["form"] == _FORM and sealed["sha256"] == _seal_of(sealed["entry"])
        return sealed["entry"] if right else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_private(path: Path) -> bool:
    """Whether nobody else could have written a file or into a folder."""
    try:
        status = path.stat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or (
        status.st_uid == os.getuid() and not status.st_mode & 0o022
    )
