"""Temporary folders that only the user can read, and that no dead run leaves for ever.

A folder is locked by the run that made it for as long as the run lives: the
system gives the lock back however the run ends. Each new run deletes the
folders that nobody holds any more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # no locks there: every run deletes its own folders only
    fcntl = None  # type: ignore[assignment]

PREFIX = "statedfigures-"


@contextmanager
def scratch_folder(base: str | None = None) -> Iterator[Path]:
    """Give a private folder, deleted at the end.

    Parameters
    ----------
    base
        Folder to make it in; that of the system by default.

    Yields
    ------
    pathlib.Path
        The folder, which nobody else may look into.
    """
    place = Path(base or tempfile.gettempdir())
    _delete_abandoned(place)
    folder, lock = _locked_folder(place)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked_folder(place: Path) -> tuple[Path, int]:
    """Make a folder and lock it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # another run took it for an abandoned one
            continue
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, lock
        os.close(lock)


def _delete_abandoned(place: Path) -> None:
    """Delete the folders of runs that were killed."""
    if fcntl is None:
        return
    for folder in place.glob(f"{PREFIX}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # a run that lives holds it
            pass
        finally:
            os.close(lock)
