"""What a render is asked for, settled from the notebooks and the command line alone.

No table is read for it, so that a render with nothing to do ends here, soon.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.errors import ParameterError
from statedfigures.reports.limits import Value
from statedfigures.reports.manifest import differences, input_fingerprints, read_manifest
from statedfigures.reports.notebooks import Notebook, discover_notebooks, find_notebooks_folder
from statedfigures.reports.parameters import merge_parameters, shared_parameters
from statedfigures.sources.finding import find_release


@dataclass(frozen=True, slots=True)
class Settled:
    """What a render is asked for.

    Attributes
    ----------
    notebooks
        All notebooks of the report, in the order of their pages.
    given, only
        The parameters that the user set as text, and the pages to run.
    parameters
        Page to complete parameters, for the pages that are to be run; their
        types are right, their values not yet held against the tables.
    release_folder
        Where the tables lie.
    inputs
        Fingerprints of everything the edition is made from.
    target
        Where the site is to be published.
    """

    notebooks: tuple[Notebook, ...]
    given: Mapping[str, str]
    only: tuple[str, ...]
    parameters: Mapping[str, Mapping[str, Value]]
    release_folder: Path
    inputs: Mapping[str, Any]
    target: Path

    @property
    def declared(self) -> dict[str, Mapping[str, Any]]:
        """Page to the parameters that its notebook declares, for all pages."""
        return {notebook.page: notebook.parameters for notebook in self.notebooks}


def settle(
    given: Mapping[str, str],
    *,
    only: Sequence[str] = (),
    out: Path | None = None,
    data: Path | None = None,
    notebooks_folder: Path | None = None,
) -> Settled:
    """Settle what is asked for.

    Parameters
    ----------
    given, only, out, data, notebooks_folder
        As for `edition.plan_edition`.

    Returns
    -------
    Settled
        What the user asked for.

    Raises
    ------
    InputError
        If a notebook, a page, or the name or type of a parameter is wrong.
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
    target = out or folder.parent / "outputs" / release / str(shared["scenario"])
    return Settled(
        notebooks=notebooks,
        given=given,
        only=tuple(only),
        parameters=merged,
        release_folder=release_folder,
        inputs=input_fingerprints(release_folder, [notebook.path for notebook in notebooks]),
        target=Path(os.path.abspath(target)),
    )


def is_published(settled: Settled) -> bool:
    """Say whether the very edition that is asked for lies published and whole.

    Parameters
    ----------
    settled
        What is asked for.

    Returns
    -------
    bool
        True if the manifest there names the same inputs, pages and parameters,
        and every file is as the manifest says.
    """
    manifest = read_manifest(settled.target)
    if manifest is None or manifest["inputs"] != settled.inputs:
        return False
    asked = {page: dict(parameters) for page, parameters in settled.parameters.items()}
    found = {page: held["parameters"] for page, held in manifest["pages"].items()}
    return not settled.only and found == asked and not differences(settled.target)
