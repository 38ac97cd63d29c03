"""Render an edition: parameters settled, notebooks run, site built and published."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.errors import ParameterError, RunError
from statedfigures.reports.carried import carried_over
from statedfigures.reports.limits import Value, allowed_values
from statedfigures.reports.manifest import (
    FILE,
    input_fingerprints,
    manifest_bytes,
)
from statedfigures.reports.notebooks import Notebook, discover_notebooks, find_notebooks_folder
from statedfigures.reports.ownership import (
    LOG,
    LOG_BEGINS,
    claim_run_folder,
    require_ours,
    run_folder,
)
from statedfigures.reports.parameters import merge_parameters, shared_parameters
from statedfigures.reports.publish import publish
from statedfigures.reports.scratch import scratch_folder
from statedfigures.sources.records import ReleaseTables
from statedfigures.sources.release import DATA_VARIABLE, find_release, read_release


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
    folder = (notebooks_folder or find_notebooks_folder(Path.cwd())).resolve()
    notebooks = discover_notebooks(folder)
    declared = {notebook.page: notebook.parameters for notebook in notebooks}
    merged = merge_parameters(declared, given, {}, only=only)
    shared = shared_parameters(merged)
    for name in ("release", "scenario"):
        if not isinstance(shared.get(name), str):
            raise ParameterError(
                f"parameter {name}: every notebook must declare it with the same default"
            )
    release = str(shared["release"])
    release_folder = find_release(release, data)
    tables = read_release(release, data=release_folder.parent)
    merged = merge_parameters(declared, given, allowed_values(tables), only=only)
    target = out or folder.parent / "outputs" / release / str(shared["scenario"])
    target = Path(os.path.abspath(target))
    require_ours(target)
    inputs = input_fingerprints(release_folder, [notebook.path for notebook in notebooks])
    return Plan(tables, release_folder, notebooks, merged, inputs, target)


def render_edition(plan: Plan, *, jobs: int, report: Callable[..., None]) -> int:
    """Run the notebooks of a plan and publish their site.

    Parameters
    ----------
    plan
        What `plan_edition` settled.
    jobs
        How many pages are run at once.
    report
        Is told of every change of a page's state.

    Returns
    -------
    int
        Number of files published.

    Raises
    ------
    RunError
        If a notebook failed or the site could not be written; nothing is
        published then.
    """
    from statedfigures.reports.execution import (
        PageProgress,
        State,
        execute_notebooks,
    )
    from statedfigures.reports.kernels import KernelHouse
    from statedfigures.reports.scrub import scrub_notebook
    from statedfigures.reports.site import Run, site_files

    began = time.monotonic()
    claim_run_folder(plan.target)
    wanted = [notebook for notebook in plan.notebooks if notebook.page in plan.parameters]
    settings = {DATA_VARIABLE: str(plan.release_folder.parent.resolve())}
    with (
        scratch_folder() as scratch,
        KernelHouse(settings) as house,
    ):
        executed = execute_notebooks(
            wanted,
            plan.parameters,
            house,
            scratch=scratch,
            failed=plan.run_folder,
            jobs=jobs,
            report=report,
        )
    runs, messages = [], []
    carried = carried_over(plan.target, plan.notebooks, plan.parameters, plan.inputs)
    for notebook in plan.notebooks:
        page = notebook.page
        if page in executed:
            scrubbed, said = scrub_notebook(executed[page], page)
            runs.append(Run(notebook, plan.parameters[page], scrubbed))
            messages.append(f"{notebook.path.name}:\n{said}" if said else "")
        elif page in carried:
            runs.append(Run(notebook, *carried[page]))
            report(PageProgress(page, State.REUSED))
    files = site_files(runs, plan.tables)
    files[FILE] = edition_manifest(plan, runs, files)
    require_unchanged(plan)
    publish(files, plan.target)
    seconds = time.monotonic() - began
    keep_log(plan, f"{LOG_BEGINS.decode()}{seconds:.1f} s\n{''.join(messages)}")
    return len(files)


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
