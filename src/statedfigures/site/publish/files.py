"""Files: read with suspicion, written whole or not at all, locked, and swapped in one step."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from statedfigures import errors
from statedfigures.errors import InputError, ParameterError, PublishError
from statedfigures.release.csv_tables import write_whole as write_whole

_NAMED_WRONGLY = {errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EEXIST}
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_PREFIX = "stated-figures-"
# The path of a Unix socket may have 107 bytes; those of kernels come after the base.
_LONGEST_BASE = 32
_AFTER_ALL = -101  # multiprocessing removes its own folder, inside ours, at -100
_LOCKS: list[FileLock] = []


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def json_bytes(value: Any) -> bytes:
    """Return a JSON file: sorted, indented, UTF-8, ending in a line feed."""
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def printable(text: str) -> str:
    r"""Return a foreign text without what would steer a terminal.

    Examples
    --------
    >>> printable("red\x1b[31m file")
    'red file'
    """
    return errors.printable(text).replace("\n", "")


def short(path: Path) -> Path:
    """Return a path from the current folder where it lies below it."""
    current = Path.cwd()
    return path.relative_to(current) if path.is_relative_to(current) else path


def files_in(folder: Path) -> set[str]:
    """Return the path inside a folder of everything in it that is no folder; links count."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }


def read_ordinary(path: Path) -> bytes:
    """Read a file of a foreign folder.

    Raises
    ------
    InputError
        If it is a link, a named pipe or a device, which could lead or wait anywhere.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise InputError(f"{printable(str(path))}: is not an ordinary file; remove it")
    return path.read_bytes()


def contents_of(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder: path inside it to content."""
    return {path: read_ordinary(folder / path) for path in sorted(files_in(folder))}


@contextmanager
def plain_system_errors(consequence: str) -> Iterator[None]:
    """Turn a refusal of the system, such as a full disk, into an error in plain words."""
    try:
        yield
    except OSError as error:
        raise plain_system_error(error, consequence) from None


def plain_system_error(error: OSError, consequence: str) -> ParameterError | PublishError:
    """Return a refusal of the system in plain words: the user's to mend where a name is wrong."""
    where = f"{printable(str(error.filename))}: " if error.filename else ""
    words = f"{where}could not be written or read ({error.strerror or error})"
    if error.errno in _NAMED_WRONGLY:
        return ParameterError(f"{words}; name another place; {consequence}")
    return PublishError(f"{words}; {consequence}")


# ---------------------------------------------------------------- temporary files


@cache
def scratch_folder() -> Path:
    """Return a folder that only the user can read, deleted when this process ends.

    It becomes the place of all temporary files of this process and of those that it starts.
    The folders of runs that were killed are deleted now.
    """
    base = Path(tempfile.gettempdir())
    if len(os.fsencode(base)) > _LONGEST_BASE and Path("/tmp").is_dir():  # noqa: S108
        base = Path("/tmp")  # noqa: S108
    _delete_abandoned(base)
    folder = base / f"{_PREFIX}{secrets.token_hex(3)}"
    lock = FileLock(f"{folder}.lock", thread_local=False)
    lock.acquire()
    _LOCKS.append(lock)
    folder.mkdir(mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    Finalize(None, _delete, args=(folder, lock, os.getpid()), exitpriority=_AFTER_ALL)
    return folder


def new_folder() -> Path:
    """Return a new private folder inside the scratch folder."""
    return Path(tempfile.mkdtemp(prefix="", dir=scratch_folder()))


def _delete(folder: Path, lock: FileLock, process: int) -> None:
    if process == os.getpid():  # not in a process that was forked from it
        _delete_with_lock(folder)
        lock.release()


def _delete_with_lock(folder: Path) -> None:
    """Delete a scratch folder; while something of it stays, its lock tells a later run of it."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        Path(f"{folder}.lock").unlink(missing_ok=True)


def _delete_abandoned(base: Path) -> None:
    for path in base.glob(f"{_PREFIX}*.lock"):
        with suppress(OSError, Timeout):
            if hasattr(os, "getuid") and path.lstat().st_uid != os.getuid():
                continue
            with FileLock(path, timeout=0):
                _delete_with_lock(path.with_suffix(""))


# ---------------------------------------------------------------- publishing


@contextmanager
def folder_for(target: Path) -> Iterator[Path]:
    """Yield a new folder beside a target, which takes its place when the block ends well.

    One run at a time is inside, for one target. What killed runs left is cleared up. The
    files are on the disk before the folder appears; however the block ends, nothing stays but
    an empty lock file.

    Parameters
    ----------
    target
        The folder that readers look at; what is there is replaced whole.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / f".{target.name}.lock"):
        _recover(target)
        new = target.parent / f".{target.name}.new-{secrets.token_hex(4)}"
        try:
            new.mkdir(mode=0o700)
            yield new
            for path in (*new.rglob("*"), new):
                _on_disk(path)
            new.chmod(_mode_for(target))
            _put_in_place(new, target)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _on_disk(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mode_for(target: Path) -> int:
    """Return the permissions that the folder had, or those of any new folder of the user."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o777 & ~mask


def _put_in_place(new: Path, target: Path) -> None:
    """Exchange the folders in one step; ``new`` then holds what there was before."""
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        # Two renames, with a moment between them in which there is no edition; `_recover`
        # brings the old one back if the run ends in that moment.
        old = target.parent / f".{target.name}.old-{secrets.token_hex(4)}"
        target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    with suppress(OSError):  # readers have the new one; a power cut may bring the old one back
        _on_disk(target.parent)


def _exchange(first: Path, second: Path) -> bool:
    """Swap two folders atomically; False where the system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    names = os.fsencode(first), os.fsencode(second)
    if renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], ctypes.c_uint(_RENAME_EXCHANGE)) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}:
        return False
    raise OSError(number, os.strerror(number))


def _recover(target: Path) -> None:
    """Clear up after a run that was ended while it published."""
    ours = re.compile(re.escape(f".{target.name}.") + "(?P<kind>old|new)-[0-9a-f]{8}")
    left: dict[str, list[Path]] = {"old": [], "new": []}
    for path in sorted(target.parent.iterdir()):
        if (match := ours.fullmatch(path.name)) and path.is_dir() and not path.is_symlink():
            left[match["kind"]].append(path)
    if left["old"] and not target.exists():
        left["old"].pop().rename(target)
    for leftover in (*left["old"], *left["new"]):
        shutil.rmtree(leftover, ignore_errors=True)
