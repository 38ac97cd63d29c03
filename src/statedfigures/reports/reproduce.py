"""Render an edition again from its manifest alone, and hold every byte against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.errors import InputError, ParameterError
from statedfigures.reports.byte_differences import (
    contents_of,
    file_differences,
    input_differences,
)
from statedfigures.reports.carried_tables import carried_tables
from statedfigures.reports.edition import Plan, render_edition
from statedfigures.reports.limits import Value, allowed_values, require_allowed
from statedfigures.reports.manifest import (
    FILE,
    differences,
    input_fingerprints,
    read_manifest,
)
from statedfigures.reports.notebooks import Notebook, discover_notebooks, find_notebooks_folder
from statedfigures.reports.page_cache import PageCache
from statedfigures.reports.scratch import scratch_folder
from statedfigures.sources.finding import find_release
from statedfigures.sources.release import read_release


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of holding two editions against each other.

    Attributes
    ----------
    files
        Number of files in either of them.
    differing
        Path to the first difference, for the files that differ.
    inputs
        Inputs in which the two differ, in words.
    changed
        Files of the first that differ from its own manifest, in words.
    """

    files: int
    differing: Mapping[str, str]
    inputs: tuple[str, ...]
    changed: tuple[str, ...]

    def lines(self) -> list[str]:
        """Give the answer, a line for each thing to be said."""
        same = self.files - len(self.differing)
        lines = [f"identical: {same} of {self.files} files"]
        lines += [f"{path}: {what}" for path, what in self.differing.items()]
        if not self.differing:
            return lines
        lines += [f"input that differs: {what}" for what in self.inputs]
        lines += [f"differs from its own manifest: {what}" for what in self.changed]
        if not (self.inputs or self.changed):
            lines.append("no input differs: the same inputs gave other bytes")
        return lines


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read the manifest of an edition.

    Raises
    ------
    InputError
        If the folder holds none that can be read.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise InputError(
            f"{folder}: holds no {FILE} of an edition that can be read; "
            "name the folder of a site that statedfigures render made"
        )
    return manifest


def plan_again(
    manifest: Mapping[str, Any],
    out: Path,
    *,
    data: Path | None = None,
    notebooks_folder: Path | None = None,
) -> Plan:
    """Settle from a manifest what is to be run.

    Parameters
    ----------
    manifest
        Manifest of the edition; its pages say what was run, and with what.
    out
        Where to publish.
    data, notebooks_folder
        As `statedfigures.reports.edition.plan_edition` takes them.

    Returns
    -------
    Plan
        With the pages of the edition and no others.

    Raises
    ------
    InputError
        If there is no such release or page here, or a parameter is wrong.
    """
    release_folder = find_release(manifest["release"], data)
    folder = (notebooks_folder or find_notebooks_folder(Path.cwd())).resolve()
    notebooks = discover_notebooks(folder)
    inputs = input_fingerprints(release_folder, [notebook.path for notebook in notebooks])
    tables = read_release(manifest["release"], data=release_folder.parent)
    known = {notebook.page for notebook in notebooks}
    for page in manifest["pages"]:
        if page not in known:
            raise InputError(f"page {page} of the edition has no notebook in {folder}")
    allowed = allowed_values(tables)
    parameters = {}
    for notebook in notebooks:
        if notebook.page in manifest["pages"]:
            stated = manifest["pages"][notebook.page]["parameters"]
            parameters[notebook.page] = _checked(notebook, stated)
            for name, value in stated.items():
                if name in allowed:
                    require_allowed(name, value, allowed[name])
    return Plan(tables, release_folder, notebooks, parameters, inputs, out)


def _checked(notebook: Notebook, stated: Mapping[str, Any]) -> dict[str, Value]:
    """Refuse parameters that the notebook does not declare, or of other types."""
    if set(stated) != set(notebook.parameters):
        raise ParameterError(
            f"{notebook.path.name}: declares other parameters than the edition was made with; "
            "take the notebook of that edition"
        )
    for name, parameter in notebook.parameters.items():
        if type(stated[name]).__name__ != parameter.type:
            raise ParameterError(
                f"{FILE}, parameter {name}: {stated[name]!r} is not of type {parameter.type}"
            )
    return {name: stated[name] for name in notebook.parameters}


def reproduce(
    folder: Path,
    *,
    data: Path | None = None,
    notebooks_folder: Path | None = None,
    own_tables: bool = False,
    jobs: int,
    watch: Callable[[Plan], Callable[..., None]],
) -> Comparison:
    """Render an edition again into a temporary folder and compare every byte.

    Parameters
    ----------
    folder
        The edition.
    data, notebooks_folder
        Where the releases and the notebooks are.
    own_tables
        Take the tables that the edition carries, whatever `data` holds.
    jobs
        How many pages are run at once.
    watch
        Gives for a plan what is told of every change of a page's state.

    Returns
    -------
    Comparison
        Of the edition and the one made now.
    """
    manifest = manifest_of(folder)
    with ExitStack() as held:
        if own_tables:
            data = held.enter_context(carried_tables(folder, manifest))
            if data is None:
                raise InputError(
                    f"{folder}: carries no tables; name the folder that holds them with --data"
                )
        scratch = held.enter_context(scratch_folder())
        # Not in the scratch folder itself: publishing locks the folder above a site,
        # and that one is locked already.
        again = scratch / "again" / "site"
        plan = plan_again(manifest, again, data=data, notebooks_folder=notebooks_folder)
        # Without the cache: every page is run.
        render_edition(plan, jobs=jobs, report=watch(plan), kept_pages=PageCache(None))
        return compare_editions(folder, again, ("the edition", "the one made now"))


def compare_editions(
    one: Path, other: Path, names: tuple[str, str] = ("the first", "the second")
) -> Comparison:
    """Hold two folders against each other without rendering.

    Raises
    ------
    InputError
        If one of them is no edition.
    """
    manifests = manifest_of(one), manifest_of(other)
    contents = contents_of(one), contents_of(other)
    return Comparison(
        files=len(contents[0].keys() | contents[1].keys()),
        differing=file_differences(*contents, names),
        inputs=tuple(input_differences(manifests[0]["inputs"], manifests[1]["inputs"], names)),
        changed=tuple(differences(one)),
    )
