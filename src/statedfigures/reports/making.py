"""Make all files of an edition: run its notebooks, build its site, write its manifest."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from statedfigures.errors import RunError
from statedfigures.reports.carried import carried_over
from statedfigures.reports.carried_tables import archive_bytes
from statedfigures.reports.coverage import Coverage, require_coverage
from statedfigures.reports.edition import Plan
from statedfigures.reports.manifest import (
    FILE,
    input_fingerprints,
    manifest_bytes,
    read_changelog,
)
from statedfigures.reports.page_cache import PageCache
from statedfigures.reports.parameters import shared_parameters
from statedfigures.reports.quick_imports import import_notebook_formats
from statedfigures.reports.reuse import Keeper, standings

if TYPE_CHECKING:
    from statedfigures.reports.site import Run
    from statedfigures.reports.warm import WarmProcess


@dataclass(frozen=True, slots=True)
class Made:
    """What was made for a plan.

    Attributes
    ----------
    files
        Path inside the site to content, for every file of it.
    coverage
        How many numbers on the pages lead back.
    messages
        What the kernels wrote to standard error.
    reused
        How many pages were taken as they were kept.
    """

    files: Mapping[str, bytes]
    coverage: Coverage
    messages: str
    reused: int


def make_edition(
    plan: Plan,
    *,
    jobs: int,
    report: Callable[..., None],
    kept_pages: PageCache,
    explain: Callable[[str], None] = lambda _: None,
    lent: WarmProcess | None = None,
) -> Made:
    """Run the notebooks of a plan that must be run, and make the files of its site.

    Parameters
    ----------
    plan, jobs, report, kept_pages, explain
        As for `edition.render_edition`.
    lent
        A process to fork kernels from that outlives this edition.

    Returns
    -------
    Made
        Nothing is published yet.

    Raises
    ------
    RunError
        If a notebook failed, a number leads nowhere, or the tables were
        changed on the way.
    """
    import_notebook_formats()
    from statedfigures.reports.execution import PageProgress, State
    from statedfigures.reports.site import Run, site_files
    from statedfigures.reports.working import keep_pages, work_pages

    began = time.time()
    data = plan.release_folder.parent.resolve()
    wanted = [notebook for notebook in plan.notebooks if notebook.page in plan.parameters]
    standing = standings(wanted, plan.parameters, data, kept_pages)
    for one in standing:
        explain(str(one))
    worked = work_pages(
        standing,
        plan.parameters,
        data,
        failed=plan.run_folder,
        jobs=jobs,
        report=report,
        lent=lent,
    )
    runs = []
    carried = carried_over(plan.target, plan.notebooks, plan.parameters, plan.inputs)
    for notebook in plan.notebooks:
        page = notebook.page
        if page in worked:
            runs.append(Run(notebook, plan.parameters[page], worked[page].executed))
        elif page in carried:
            runs.append(Run(notebook, *carried[page]))
            report(PageProgress(page, State.REUSED))
    archive = archive_bytes(plan.release_folder, plan.inputs["tables"])
    files = site_files(runs, plan.tables, archive, read_changelog(plan.notebooks[0].path.parent))
    files[FILE] = edition_manifest(plan, runs, files)
    coverage = require_coverage(files, {one.page for one in plan.notebooks})
    require_unchanged(plan)
    keep_pages(standing, plan.parameters, worked, files, Keeper(kept_pages, data, began))
    said = [(one.notebook.path.name, worked[one.page].messages) for one in standing]
    messages = "".join(f"{name}:\n{words}" for name, words in said if words)
    return Made(files, coverage, messages, sum(one.kept is not None for one in standing))


def edition_manifest(plan: Plan, runs: Sequence[Run], files: Mapping[str, bytes]) -> bytes:
    """Write the manifest of an edition from its plan, its runs and its files."""
    parameters = {run.notebook.page: dict(run.parameters) for run in runs}
    return manifest_bytes(
        release=plan.tables.description.id,
        edition=plan.tables.description.edition.isoformat(),
        parameters=shared_parameters(parameters),
        pages={
            run.notebook.page: {
                "notebook": run.notebook.path.name,
                "parameters": parameters[run.notebook.page],
            }
            for run in runs
        },
        inputs=plan.inputs,
        outputs=files,
    )


def require_unchanged(plan: Plan) -> None:
    """Refuse to publish what was made from tables that changed on the way.

    The manifest names the tables as they were when the run began; a kernel
    reads them when its notebook comes to them.
    """
    now = input_fingerprints(plan.release_folder, [one.path for one in plan.notebooks])
    for kind in ("tables", "notebooks"):
        if now[kind] != plan.inputs[kind]:
            raise RunError(
                f"the {kind} were changed while the report was made; nothing is published: "
                "run the command again"
            )
