"""Render an edition: parameters settled, notebooks run, site built and published."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.errors import ParameterError
from statedfigures.reports.limits import Value, allowed_values
from statedfigures.reports.manifest import (
    FILE,
    fingerprint,
    input_fingerprints,
    manifest_bytes,
    read_manifest,
)
from statedfigures.reports.notebooks import Notebook, discover_notebooks, find_notebooks_folder
from statedfigures.reports.parameters import merge_parameters, shared_parameters
from statedfigures.reports.publish import publish, require_ours
from statedfigures.sources.records import ReleaseTables
from statedfigures.sources.release import DATA_VARIABLE, find_release, read_release

LOG_FILE = "run.log"


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
        return self.target.parent / f"{self.target.name}-run"


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
    wanted = [notebook for notebook in plan.notebooks if notebook.page in plan.parameters]
    settings = {DATA_VARIABLE: str(plan.release_folder.parent.resolve())}
    with (
        tempfile.TemporaryDirectory(prefix="statedfigures-") as scratch,
        KernelHouse(settings) as house,
    ):
        executed = execute_notebooks(
            wanted,
            plan.parameters,
            house,
            scratch=Path(scratch),
            failed=plan.run_folder,
            jobs=jobs,
            report=report,
        )
    runs, messages = [], []
    carried = carried_over(plan)
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
    publish(files, plan.target)
    seconds = time.monotonic() - began
    keep_log(plan, f"rendered in {seconds:.1f} s\n{''.join(messages)}")
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


def carried_over(plan: Plan) -> dict[str, tuple[Mapping[str, Value], Any]]:
    """Take from the earlier edition the pages that are not run, where they still hold.

    A page holds if the earlier edition was made from the very same inputs and
    shared parameters, so that running its notebook again would change nothing.

    Returns
    -------
    dict
        Page to its parameters and its executed notebook. Empty when every
        page is run, and when the earlier edition differs.
    """
    import nbformat

    absent = [notebook for notebook in plan.notebooks if notebook.page not in plan.parameters]
    manifest = read_manifest(plan.target) if absent else None
    if manifest is None or manifest["inputs"] != plan.inputs:
        return {}
    shared = shared_parameters(plan.parameters)
    carried: dict[str, tuple[Mapping[str, Value], Any]] = {}
    for notebook in absent:
        earlier = manifest["pages"].get(notebook.page)
        path = f"notebooks/{notebook.path.name}"
        if earlier is None or any(
            shared.get(name, value) != value
            for name, value in earlier["parameters"].items()
            if name in manifest["parameters"]
        ):
            continue
        content = (plan.target / path).read_bytes()
        if fingerprint(content) == manifest["outputs"].get(path):
            executed = nbformat.reads(  # type: ignore[no-untyped-call]
                content.decode(), as_version=nbformat.NO_CONVERT
            )
            parameters = {name: earlier["parameters"][name] for name in notebook.parameters}
            carried[notebook.page] = (parameters, executed)
    return carried


def keep_log(plan: Plan, text: str) -> None:
    """Write the log of a run, and remove the copies of notebooks that failed in an earlier one."""
    plan.run_folder.mkdir(exist_ok=True)
    for notebook in plan.notebooks:
        (plan.run_folder / notebook.path.name).unlink(missing_ok=True)
    (plan.run_folder / LOG_FILE).write_text(text, encoding="utf-8")
