"""The executed notebooks of a report: those that were kept, and the others by running them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.reports.execution import PageProgress, State, execute_notebooks, reads_file
from statedfigures.reports.kernels import KernelHouse
from statedfigures.reports.limits import Value
from statedfigures.reports.notebooks import Notebook
from statedfigures.reports.quick_imports import import_ahead
from statedfigures.reports.reachable import modules_of_notebook
from statedfigures.reports.reuse import Keeper, Standing, noted_reads
from statedfigures.reports.scratch import scratch_folder
from statedfigures.reports.scrub import scrub_notebook
from statedfigures.reports.used_parameters import state_parameters
from statedfigures.reports.warm import WarmProcess, modules_to_import
from statedfigures.sources.finding import DATA_VARIABLE


@dataclass(frozen=True, slots=True)
class Worked:
    """An executed and scrubbed notebook, and what its kernel said besides.

    ``noted`` is what the kernel read (see `reuse.noted_reads`), None where the
    page was taken as it was kept.
    """

    executed: Any
    messages: str
    noted: tuple[list[str], str] | None


def work_pages(
    standing: Sequence[Standing],
    parameters: Mapping[str, Mapping[str, Value]],
    data: Path,
    *,
    failed: Path,
    jobs: int,
    report: Callable[..., None],
    warm: bool = True,
    lent: WarmProcess | None = None,
) -> dict[str, Worked]:
    """Give the executed notebook of every page.

    Parameters
    ----------
    standing
        What is to be done about each page.
    parameters
        Page to its complete parameters.
    data
        Folder that holds the releases.
    failed
        Folder that keeps the executed copy of a notebook that failed.
    jobs
        How many are run at once.
    report
        Is told of every change of a page's state.
    warm
        Whether kernels are forked from one process where that is possible.
    lent
        That process, where one lives already; see `KernelHouse`.

    Returns
    -------
    dict
        Page to what came of it.

    Raises
    ------
    NotebookError
        If a notebook fails.
    """
    import nbformat

    worked: dict[str, Worked] = {}
    for one in standing:
        if one.kept is not None:
            executed = nbformat.reads(  # type: ignore[no-untyped-call]
                one.kept.notebook.decode(), as_version=nbformat.NO_CONVERT
            )
            if one.kept.parameters != parameters[one.page]:
                state_parameters(executed, parameters[one.page])
            worked[one.page] = Worked(executed, one.kept.messages, None)
            report(PageProgress(one.page, State.REUSED))
    wanted = [one.notebook for one in standing if one.kept is None]
    if not wanted:
        return worked
    house = KernelHouse(
        {DATA_VARIABLE: str(data)}, modules_of_all(wanted) if warm and not lent else (), lent
    )
    with scratch_folder() as scratch, house:
        import_ahead()
        results = execute_notebooks(
            wanted, parameters, house, scratch=scratch, failed=failed, jobs=jobs, report=report
        )
        for page, executed in results.items():
            noted = noted_reads(reads_file(scratch, page))
            worked[page] = Worked(*scrub_notebook(executed, page), noted)
    return worked


def modules_of_all(notebooks: Iterable[Notebook]) -> list[str]:
    """Name what the notebooks import, so that it is imported once for all of them."""
    ours: set[str] = set()
    others: set[str] = set()
    for notebook in notebooks:
        value = json.loads(notebook.path.read_bytes())
        modules, libraries = modules_of_notebook(value, notebook.path.parent)
        ours |= modules.keys()
        others |= libraries
    return modules_to_import(ours, others)


def keep_pages(
    standing: Sequence[Standing],
    parameters: Mapping[str, Mapping[str, Value]],
    worked: Mapping[str, Worked],
    files: Mapping[str, bytes],
    keeper: Keeper,
) -> None:
    """Keep the pages that were run, as they are among the files of the site, for next time."""
    for one in standing:
        result = worked[one.page]
        if result.noted is not None:
            content = files[f"notebooks/{one.notebook.path.name}"]
            keeper.keep(one, parameters[one.page], content, result.messages, result.noted)
    keeper.kept_pages.trim()
