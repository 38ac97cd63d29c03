"""Pages that need not be run again because the earlier edition holds them unchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from statedfigures.reports.limits import Value
from statedfigures.reports.manifest import fingerprint, is_sealed, read_manifest
from statedfigures.reports.notebooks import Notebook
from statedfigures.reports.parameters import shared_parameters


def carried_over(
    target: Path,
    notebooks: Sequence[Notebook],
    parameters: Mapping[str, Mapping[str, Value]],
    inputs: Mapping[str, Any],
) -> dict[str, tuple[Mapping[str, Value], Any]]:
    """Take from the earlier edition the pages that are not run, where they still hold.

    A page holds if the earlier edition was made from the very same inputs and
    shared parameters, so that running its notebook again would change nothing.

    Parameters
    ----------
    target
        Folder of the earlier edition, if there is one.
    notebooks
        All notebooks of the report.
    parameters
        Page to its complete parameters, for the pages that are run.
    inputs
        Fingerprints of what the new edition is made from.

    Returns
    -------
    dict
        Page to its parameters and its executed notebook. Empty when every
        page is run, and when the earlier edition differs.
    """
    import nbformat

    absent = [notebook for notebook in notebooks if notebook.page not in parameters]
    manifest = read_manifest(target) if absent else None
    if manifest is None or not is_sealed(manifest) or manifest["inputs"] != inputs:
        return {}
    shared = shared_parameters(parameters)
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
        try:
            content = (target / path).read_bytes()
        except OSError:
            continue
        if fingerprint(content) == manifest["outputs"].get(path):
            executed = nbformat.reads(  # type: ignore[no-untyped-call]
                content.decode(), as_version=nbformat.NO_CONVERT
            )
            held = {name: earlier["parameters"][name] for name in notebook.parameters}
            carried[notebook.page] = (held, executed)
    return carried
