"""Run a grid: the sets that are not there yet, then the page that compares all of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.reports.grid_folder import claimed, replace_file
from statedfigures.reports.grid_plan import Grid, task_of
from statedfigures.reports.grid_pool import Outcome, local_outcomes
from statedfigures.reports.grid_progress import GridProgress

INDEX = "index.html"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class GridResult:
    """What came of a grid.

    Attributes
    ----------
    total, before, rendered
        How many sets it has, how many were there before, and how many were
        rendered now.
    pages, reused
        How many pages these have, and how many of them were taken as kept.
    failed
        The sets that failed, in their order.
    left
        Sets of an earlier run that still lie in the folder.
    index
        The page that compares the sets.
    """

    total: int
    before: int
    rendered: int
    pages: int
    reused: int
    failed: tuple[Outcome, ...]
    left: tuple[str, ...]
    index: Path

    def lines(self) -> Iterator[str]:
        """Tell it in lines."""
        yield (
            f"{self.total} sets: {self.rendered} rendered, {self.before} were there, "
            f"{len(self.failed)} failed"
        )
        if self.pages:
            yield f"{self.pages} pages, {self.reused} of them as they were kept"
        if self.left:
            named = ", ".join(self.left[:_SHOWN]) + ", …" * (len(self.left) > _SHOWN)
            yield f"sets of an earlier run are still there, and not in the index: {named}"
        yield f"the sets compared: {_short(self.index)}"

    def complaints(self) -> Iterator[str]:
        """Name the sets that failed, each with its reason."""
        for one in self.failed[:_SHOWN]:
            yield f"{one.name}: failed: {one.error}"
        if (more := len(self.failed) - _SHOWN) > 0:
            yield f"and {more} more failed; the index names them all"


def run_grid(grid: Grid, *, jobs: int, dask: str | None, cached: bool, quiet: bool) -> GridResult:
    """Render the sets of a grid that are not there yet, and compare all of them.

    Parameters
    ----------
    grid
        What `plan_grid` settled.
    jobs
        How many sets are rendered at once on this machine.
    dask
        Address of the scheduler of a Dask cluster to render on instead.
    cached
        Whether pages are taken from the cache and kept in it.
    quiet
        Show no progress.

    Returns
    -------
    GridResult
        What came of it; a set that failed is in it and stops no other.

    Raises
    ------
    ParameterError
        If the folder is not ours.
    RunError
        If no set can be rendered, or the cluster is gone.
    """
    with claimed(grid.folder, grid.beside, (one.name for one in grid.sets)) as left:
        waiting = [one for one in grid.sets if not grid.is_done(one)]
        beginning = beginning_of(grid, cached=cached)
        progress = GridProgress(len(grid.sets), len(grid.sets) - len(waiting), quiet=quiet)
        if waiting:
            tasks = ((one.name, task_of(grid, one)) for one in waiting)
            if dask is None:
                outcomes = local_outcomes(tasks, beginning, min(jobs, len(waiting)))
            else:
                from statedfigures.reports.grid_dask import dask_outcomes

                outcomes = dask_outcomes(tasks, beginning, grid, dask, progress.note)
            with progress, closing(outcomes):
                for outcome in outcomes:
                    progress(outcome)
        from statedfigures.reports.grid_index import index_files

        reasons = {one.name: one.error for one in progress.failed}
        files = index_files(grid, reasons)
        # The page last: what it links to is there when it appears.
        for name in sorted(files, key=lambda one: (one == INDEX, one)):
            replace_file(grid.folder / name, files[name])
    order = {one.name: place for place, one in enumerate(grid.sets)}
    return GridResult(
        total=len(grid.sets),
        before=len(grid.sets) - len(waiting),
        rendered=progress.rendered,
        pages=progress.pages,
        reused=progress.reused,
        failed=tuple(sorted(progress.failed, key=lambda one: order[one.name])),
        left=left,
        index=grid.folder / INDEX,
    )


def beginning_of(grid: Grid, *, cached: bool) -> dict[str, Any]:
    """Give what a process that renders sets is told first."""
    return {
        "do": "begin",
        "notebooks": os.fspath(grid.settled.notebooks[0].path.parent),
        "data": os.fspath(grid.settled.release_folder.parent.resolve()),
        "release": grid.settled.release_folder.name,
        "inputs": grid.settled.inputs,
        "cache": cached,
    }


def complain(result: GridResult) -> None:
    """Write the sets that failed to the error stream."""
    for line in result.complaints():
        sys.stderr.write(f"{line}\n")


def _short(path: Path) -> Path:
    """Give a path from the current folder where it lies below it."""
    current = Path.cwd()
    return path.relative_to(current) if path.is_relative_to(current) else path
