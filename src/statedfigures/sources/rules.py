"""Domain rules (first version)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from statedfigures.errors import Fault
from statedfigures.sources.records import ReleaseTables


def row_faults(records: Mapping[str, tuple[Any, ...]]) -> Iterator[Fault]:
    """Hold every row against the rules for rows."""
    yield from ()


def table_faults(tables: ReleaseTables) -> Iterator[Fault]:
    """Hold the tables against each other."""
    yield from ()
