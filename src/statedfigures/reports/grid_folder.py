"""The folder of a grid: which content of it is ours, and who is at work on it."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from statedfigures.errors import ParameterError, RunError
from statedfigures.reports.grid_spec import RESERVED
from statedfigures.reports.manifest import MARK, json_bytes

try:
    import fcntl
except ImportError:  # no locks there; two runs at once are then the user's to avoid
    fcntl = None  # type: ignore[assignment]

RECORD = "grid-sets.json"
STATE = "grid.json"
_HALF = re.compile(r"\.(?P<name>.+)\.((new|old)-)?[0-9a-f]{8}")
_REMEDY = "name a new or an empty folder with --out, so that nothing of yours is replaced"


@contextmanager
def claimed(folder: Path, beside: Path, names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Make the folder of a grid ours for the time of a run.

    Parameters
    ----------
    folder
        The folder of the grid. It may be absent, empty, or that of an earlier
        run.
    beside
        The folder beside it that is never published.
    names
        The sets.

    Yields
    ------
    tuple of str
        Sets of an earlier run that are there and not among these.

    Raises
    ------
    ParameterError
        If one of the folders holds something that is not ours.
    RunError
        If another run is at work there.
    OSError
        If they cannot be written.
    """
    names = frozenset(names)
    for one in (folder, beside):
        if one.is_symlink() or (one.exists() and not one.is_dir()):
            raise ParameterError(f"{one}: is not a folder; {_REMEDY}")
    recorded = _sets_in(beside / RECORD)
    stated = _sets_in(folder / STATE)
    if beside.is_dir() and recorded is None:
        _refuse_foreign(beside, (), "no grid was run there")
    known = (recorded or frozenset()) | (stated or frozenset())
    if folder.is_dir():
        _refuse_foreign(folder, {*known, *RESERVED}, "no part of the grid")
    folder.mkdir(parents=True, exist_ok=True)
    beside.mkdir(exist_ok=True)
    with _alone(beside):
        content = {MARK: "the sets of the grid in the folder beside"}
        replace_file(beside / RECORD, json_bytes({**content, "sets": sorted(known | names)}))
        yield tuple(one for one in sorted(known - names) if (folder / one).is_dir())


def _sets_in(path: Path) -> frozenset[str] | None:
    """Read the names of sets from a file of ours; None if it is none."""
    try:
        value: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    listed = value.get("sets") if isinstance(value, Mapping) and MARK in value else None
    if not isinstance(listed, list):
        return None
    named = [one.get("name") if isinstance(one, Mapping) else one for one in listed]
    return frozenset(one for one in named if isinstance(one, str))


def _refuse_foreign(folder: Path, known: Iterable[str], what: str) -> None:
    known = {*known, RECORD}
    for path in sorted(folder.iterdir()):
        half = _HALF.fullmatch(path.name)
        if path.name not in known and not (half and half["name"] in known):
            raise ParameterError(f"{folder}: holds {path.name}, and {what}; {_REMEDY}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one run at a time work on a grid."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunError(
                f"{folder}: another run is at work on this grid; wait for its end"
            ) from None
        yield
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step: readers see the old content or the new one, whole.

    Raises
    ------
    OSError
        If it cannot be written; the old content is untouched.
    """
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with half.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
