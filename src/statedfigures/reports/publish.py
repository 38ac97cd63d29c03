"""Publish an edition in one step: readers see the old one or the new one, whole."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from statedfigures.errors import PublishError
from statedfigures.reports.manifest import files_in
from statedfigures.reports.ownership import record_files, require_ours, run_folder

try:
    import fcntl
except ImportError:  # no locks there; two runs at once are then the user's to avoid
    fcntl = None  # type: ignore[assignment]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def publish(files: Mapping[str, bytes], target: Path, beside: Path | None = None) -> None:
    """Write all files of a site and put them in place by one rename.

    Parameters
    ----------
    files
        Path inside the site, with forward slashes, to content.
    target
        The site folder. An earlier edition there is replaced whole.
    beside
        Its run folder, where it is another than `run_folder` gives.

    Raises
    ------
    PublishError
        If the folder cannot be written; the earlier edition is untouched.
    ParameterError
        If the folder is not ours.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _only_one(target.parent):
            _recover(target)
            require_ours(target, beside)
            earlier = files_in(target) if target.is_dir() else set()
            record_files(beside or run_folder(target), earlier | files.keys())
            new = target.parent / f".{target.name}.new-{secrets.token_hex(4)}"
            try:
                _write_all(files, new)
                new.chmod(_mode_for(target))
                _put_in_place(new, target)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise PublishError(
            f"{target}: could not be written ({error.strerror}); "
            "the earlier edition, if there was one, is untouched"
        ) from None


def _write_all(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files where only we may look, and wait until they are on the disk."""
    folder.mkdir(mode=0o700)
    folders = {folder}
    for path, content in sorted(files.items()):
        place = folder / path
        if not place.resolve().is_relative_to(folder.resolve()):
            raise PublishError(f"{path}: leads out of the site; nothing is published")
        place.parent.mkdir(parents=True, exist_ok=True)
        folders.update(one for one in place.parents if one.is_relative_to(folder))
        with place.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    for one in folders:
        _sync_folder(one)


def _mode_for(target: Path) -> int:
    """Give the permissions that the site had, or those of any new folder of the user."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o777 & ~mask


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(new: Path, target: Path) -> None:
    """Exchange the folders in one step; ``new`` then holds what there was before."""
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        # Two renames, with a moment between them in which there is no edition;
        # `_recover` brings the old one back if the run ends in that moment.
        old = target.parent / f".{target.name}.old-{secrets.token_hex(4)}"
        target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    # From here on the new edition is the one that is read. Should the disk refuse
    # now, a power cut could still bring the old one back, whole.
    with suppress(OSError):
        _sync_folder(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically; False where the system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    result = renameat2(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)
    )
    if result == 0:
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


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Let one run at a time publish into a folder."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
