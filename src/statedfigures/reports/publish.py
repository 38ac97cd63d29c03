"""Publish an edition in one step: readers see the old one or the new one, whole."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from statedfigures.errors import ParameterError, PublishError
from statedfigures.reports.manifest import FILE, read_manifest

try:
    import fcntl
except ImportError:  # no locks there; two runs at once are then the user's to avoid
    fcntl = None  # type: ignore[assignment]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def require_ours(target: Path) -> None:
    """Refuse to publish over anything that is not an earlier edition.

    Parameters
    ----------
    target
        Where the site is to be. It may be absent, empty, or an edition.

    Raises
    ------
    ParameterError
        If it is a file, or a folder with content but without our manifest.
    """
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ParameterError(f"--out {target}: is not a folder; name a new or an empty one")
    if not target.is_dir() or not any(target.iterdir()):
        return
    remedy = "name a new or an empty folder, so that nothing of yours is replaced"
    manifest = read_manifest(target)
    if manifest is None:
        raise ParameterError(
            f"--out {target}: holds files but no manifest of an earlier edition; {remedy}"
        )
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    if foreign := sorted(found - {FILE, *manifest["outputs"]}):
        raise ParameterError(
            f"--out {target}: holds {foreign[0]}, which is not of the earlier edition; "
            f"move it away, or {remedy}"
        )


def publish(files: Mapping[str, bytes], target: Path) -> None:
    """Write all files of a site and put them in place by one rename.

    Parameters
    ----------
    files
        Path inside the site, with forward slashes, to content.
    target
        The site folder. An earlier edition there is replaced whole.

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
            require_ours(target)
            new = target.parent / f".{target.name}.new-{secrets.token_hex(4)}"
            try:
                _write_all(files, new)
                _put_in_place(new, target)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise PublishError(
            f"{target}: could not be written ({error.strerror}); "
            "the earlier edition, if there was one, is untouched"
        ) from None


def _write_all(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files and wait until they are on the disk."""
    folder.mkdir()
    folders = {folder}
    for path, content in sorted(files.items()):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        folders.add(place.parent)
        with place.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    for one in folders:
        _sync_folder(one)


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
    old = sorted(target.parent.glob(f".{_literal(target.name)}.old-*"))
    if old and not target.exists():
        old.pop().rename(target)
    for leftover in (*old, *target.parent.glob(f".{_literal(target.name)}.new-*")):
        shutil.rmtree(leftover, ignore_errors=True)


def _literal(name: str) -> str:
    """Take the meaning out of the characters that glob gives one to."""
    return "".join(f"[{character}]" if character in "[*?" else character for character in name)


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
