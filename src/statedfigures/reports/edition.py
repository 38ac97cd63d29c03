"""Render an edition: parameters settled, notebooks run, site built and published."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from statedfigures.errors import RunError
from statedfigures.reports.carried import carried_over
from statedfigures.reports.carried_tables import archive_bytes
from statedfigures.reports.limits import Value, allowed_values
from statedfigures.reports.manifest import (
    FILE,
    input_fingerprints,
    manifest_bytes,
    read_changelog,
)
from statedfigures.reports.notebooks import Notebook
from statedfigures.reports.ownership import (
    LOG,
    LOG_BEGINS,
    claim_run_folder,
    require_ours,
    run_folder,
)
from statedfigures.reports.page_cache import PageCache
from statedfigures.reports.parameters import merge_parameters, shared_parameters
from statedfigures.reports.publish import publish
from statedfigures.reports.quick_imports import import_notebook_formats
from statedfigures.reports.reuse import Keeper, standings
from statedfigures.reports.settled import Settled, settle
from statedfigures.sources.records import ReleaseTables

if TYPE_CHECKING:
    from statedfigures.reports.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is settled before a kernel starts.

    Attributes
    ----------
    tables
        Tables of the release, validated.
    release_folder
        Where they lie.
    notebooks
        All notebooks of the report, in the order of their pages.
    parameters
        Page to complete parameters, for the pages that are to be run.
    inputs
        Fingerprints of everything the edition is made from.
    target
        Where the site is to be published.
    """

    tables: ReleaseTables
    release_folder: Path
    notebooks: tuple[Notebook, ...]
    parameters: Mapping[str, Mapping[str, Value]]
    inputs: Mapping[str, Any]
    target: Path

    @property
    def run_folder(self) -> Path:
        """Folder beside the site, never published: the log, and what failed for a look."""
        return run_folder(self.target)


def plan_edition(
    given: Mapping[str, str],
    *,
    only: Sequence[str] = (),
    out: Path | None = None,
    data: Path | None = None,
    notebooks_folder: Path | None = None,
) -> Plan:
    """Settle what will be run, and refuse whatever is wrong, before a kernel starts.

    Parameters
    ----------
    given
        The parameters that the user set: name to text.
    only
        Pages to run; all by default.
    out
        Where to publish; ``outputs/<release>/<scenario>`` beside the folder
        of the notebooks by default.
    data
        Folder that holds the releases; see `find_release`.
    notebooks_folder
        Where the notebooks are; the nearest folder ``notebooks`` by default.

    Returns
    -------
    Plan
        Ready to be run.

    Raises
    ------
    InputError
        If a notebook, a parameter, a table or the folder to publish is wrong.
    """
    settled = settle(given, only=only, out=out, data=data, notebooks_folder=notebooks_folder)
    return plan_settled(settled)


def plan_settled(settled: Settled) -> Plan:
    """Read the tables for what was settled, and hold the parameters against them.

    Parameters
    ----------
    settled
        What is asked for.

    Returns
    -------
    Plan
        Ready to be run.

    Raises
    ------
    InputError
        If a parameter, a table or the folder to publish is wrong.
    """
    from statedfigures.sources.release import read_release

    folder = settled.release_folder
    tables = read_release(folder.name, data=folder.parent)
    allowed = allowed_values(tables)
    merged = merge_parameters(settled.declared, settled.given, allowed, only=settled.only)
    require_ours(settled.target)
    return Plan(tables, folder, settled.notebooks, merged, settled.inputs, settled.target)


def render_edition(
    plan: Plan,
    *,
    jobs: int,
    report: Callable[..., None],
    kept_pages: PageCache,
    explain: Callable[[str], None] = lambda _: None,
) -> tuple[int, Coverage]:
    """Run the notebooks of a plan that must be run, and publish their site.

    Parameters
    ----------
    plan
        What `plan_edition` settled.
    jobs
        How many pages are run at once.
    report
        Is told of every change of a page's state.
    kept_pages
        The cache, from which pages are taken and in which they are kept.
    explain
        Is told in words what is done about each page, and why.

    Returns
    -------
    tuple of int and Coverage
        Number of files published, and how many numbers on the pages lead back.

    Raises
    ------
    RunError
        If a notebook failed, a number leads nowhere or the site cannot be written.
    """
    from statedfigures.reports.coverage import require_coverage

    import_notebook_formats()
    from statedfigures.reports.execution import PageProgress, State
    from statedfigures.reports.site import Run, site_files
    from statedfigures.reports.working import keep_pages, work_pages

    began = time.time()
    claim_run_folder(plan.target)
    data = plan.release_folder.parent.resolve()
    wanted = [notebook for notebook in plan.notebooks if notebook.page in plan.parameters]
    standing = standings(wanted, plan.parameters, data, kept_pages)
    for one in standing:
        explain(str(one))
    worked = work_pages(
        standing, plan.parameters, data, failed=plan.run_folder, jobs=jobs, report=report
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
    publish(files, plan.target)
    keep_pages(standing, plan.parameters, worked, files, Keeper(kept_pages, data, began))
    said = [(one.notebook.path.name, worked[one.page].messages) for one in standing]
    messages = "".join(f"{name}:\n{words}" for name, words in said if words)
    keep_log(plan, f"{LOG_BEGINS.decode()}{time.time() - began:.1f} s\n{messages}")
    return len(files), coverage


def edition_manifest(plan: Plan, runs: Sequence[Any], files: Mapping[str, bytes]) -> bytes:
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


def keep_log(plan: Plan, text: str) -> None:
    """Write the log of a run, and remove the copies of notebooks that failed in an earlier one."""
    with suppress(OSError):  # the edition is published; a full disk may cost the log
        for notebook in plan.notebooks:
            (plan.run_folder / notebook.path.name).unlink(missing_ok=True)
        (plan.run_folder / LOG).write_text(text, encoding="utf-8")
