"""Tables that write down which of them were looked at.

A page needs to be run again only when a table that it looked at has changed.
The kernel of a page is told by an environment variable where to write that
down. Elsewhere the tables are what they always are.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import cache, partial
from typing import Any, overload

from statedfigures.sources.records import ReleaseDescription, ReleaseTables

READS_VARIABLE = "STATEDFIGURES_READS"
"""Names the file to which every look at a table or a file is added as a line."""
TABLE = "table"
_state = threading.local()


@contextmanager
def unnoted() -> Iterator[None]:
    """Read files that count only once their content is looked at."""
    _state.unnoted = True
    try:
        yield
    finally:
        _state.unnoted = False


def is_unnoted() -> bool:
    """Say whether this thread reads such files just now."""
    return getattr(_state, "unnoted", False)


def note_read(kind: str, name: str) -> None:
    """Add a line to the file that `READS_VARIABLE` names, if it names one.

    Parameters
    ----------
    kind
        ``table`` for a file of a release folder, else what was done.
    name
        Release and file, or the path.
    """
    if path := os.environ.get(READS_VARIABLE):
        # One write of one line: lines of several processes do not mix.
        line = f"{kind} {name}\n".encode("utf-8", "surrogateescape")
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)


def watched(tables: ReleaseTables, description_file: str, descriptor_file: str) -> ReleaseTables:
    """Give tables that note every look at them, where that was asked for.

    Parameters
    ----------
    tables
        The tables of a release.
    description_file, descriptor_file
        Names of the files that describe the release and its tables. Every
        table was read by the second one, so it is noted at once.

    Returns
    -------
    ReleaseTables
        The same rows. Without `READS_VARIABLE` it is the very same value.
    """
    if not os.environ.get(READS_VARIABLE):
        return tables
    release = tables.description.id
    note = cache(partial(note_read, TABLE))
    note(f"{release}/{descriptor_file}")
    kept: dict[str, Any] = {}
    for field in fields(tables):
        value = getattr(tables, field.name)
        if isinstance(value, ReleaseDescription):
            kept[field.name] = _description(value, partial(note, f"{release}/{description_file}"))
            continue
        look = partial(note, f"{release}/{field.name}.csv")
        kept[field.name] = (
            _WatchedTable(value, look) if isinstance(value, Mapping) else _WatchedRows(value, look)
        )
    return ReleaseTables(**kept)


class _WatchedTable(Mapping[str, Any]):
    """The rows of a table by id; every look goes through one of three methods."""

    def __init__(self, rows: Mapping[str, Any], look: Callable[[], None]) -> None:
        self._rows = rows
        self._look = look

    def __getitem__(self, key: str) -> Any:
        self._look()
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        self._look()
        return iter(self._rows)

    def __len__(self) -> int:
        self._look()
        return len(self._rows)


class _WatchedRows(Sequence[Any]):
    """The rows of a table without ids.

    No tuple: the interpreter takes short cuts into a tuple that nothing here would see.
    """

    def __init__(self, rows: Sequence[Any], look: Callable[[], None]) -> None:
        self._rows = rows
        self._look = look

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        self._look()
        return self._rows[place]

    def __iter__(self) -> Iterator[Any]:
        self._look()
        return iter(self._rows)

    def __len__(self) -> int:
        self._look()
        return len(self._rows)


class _WatchedDescription(ReleaseDescription):
    """A description of a release that notes each look at one of its values."""

    __slots__ = ("_look",)
    _look: Callable[[], None]

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            object.__getattribute__(self, "_look")()
        return object.__getattribute__(self, name)


def _description(description: ReleaseDescription, look: Callable[[], None]) -> ReleaseDescription:
    copy = object.__new__(_WatchedDescription)
    object.__setattr__(copy, "_look", look)
    for field in fields(description):
        object.__setattr__(copy, field.name, getattr(description, field.name))
    return copy
