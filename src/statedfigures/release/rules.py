"""Rules for rows and across tables: what the schema of a single cell cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from statedfigures.errors import Fault

if TYPE_CHECKING:
    from statedfigures.release.reading import Release


def row_faults(table: str, frame: pd.DataFrame) -> Iterator[Fault]:
    """Hold every row of a table against the rules for it."""
    yield from ()


def release_faults(release: Release) -> Iterator[Fault]:
    """Hold the tables of a release against each other."""
    yield from ()
