"""The manifest of an edition: what it was made from, and the fingerprint of every file.

It holds no clock time, no path and no name of a machine: the same inputs give the same manifest.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from statedfigures import __version__
from statedfigures.errors import InputError
from statedfigures.release.schema import METHOD, tables
from statedfigures.site.publish.files import files_in, fingerprint, json_bytes, printable
from statedfigures.site.publish.files import read_ordinary as read

FILE = "manifest.json"
MARK = "statedfigures"
SEAL = "sha256_of_the_rest"
FORM = 2
"""Form of the manifest; editions of the first version of this project have none."""
_SHAPE = {MARK: str, "release": str, "edition": str, "parameters": dict, "pages": dict}
_SHAPE |= {"inputs": dict, "outputs": dict}
_PAGE_SHAPE = {"notebook": str, "parameters": dict}
_INPUT_SHAPE = {"tables": dict, "notebooks": dict, "package": str, "lock": str, "project": str}
_INPUT_SHAPE |= {"python": str}
_PACKAGE = Path(__file__).parents[2]


def package_fingerprint() -> str:
    """Return one SHA-256 for the package's source: modules, templates, all its files.

    Without what a wheel brings for a new project: where it is used it is an input of its own.
    """
    brought = _PACKAGE / "project"
    marks = (
        f"{fingerprint(path.read_bytes())} {path.relative_to(_PACKAGE)}\n"
        for path in _PACKAGE.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__" and brought not in path.parents
    )
    return fingerprint("".join(sorted(marks)).encode())


def table_files(folder: Path) -> list[Path]:
    """Return the files of a release that count: its tables and release.toml.

    Also those that all releases share; whatever else lies in the folder does not count, and
    neither does the descriptor, which is made of them.
    """
    names = {"release.toml", *(table.file for table in tables().values())}
    shared = [folder.parent / METHOD / name for name in ("assumptions.csv", "reviews.csv")]
    own = [folder / name for name in sorted(names)]
    return [path for path in own + shared if path.is_file()]


def beside_notebooks(folder: Path, name: str) -> bytes:
    """Read a file of the project from the folder above the notebooks; empty if there is none."""
    path = folder.resolve().parent / name
    return path.read_bytes() if path.is_file() else b""


def input_fingerprints(release_folder: Path, notebooks: Iterable[Path]) -> dict[str, Any]:
    """Return the fingerprint of everything that an edition is made from.

    Returns
    -------
    dict
        ``tables`` and ``notebooks`` (name to SHA-256; modules beside the notebooks count with
        them), ``package``, ``lock``, ``project`` (changelog and methods) and ``python``.
    """
    paths = list(notebooks)
    folder = paths[0].parent
    modules = [path for path in sorted(folder.glob("*.py")) if path.is_file()]
    told = [beside_notebooks(folder, name) for name in ("CHANGELOG.md", "docs/methods.md")]
    marks = {path: fingerprint(path.read_bytes()) for path in table_files(release_folder)}
    return {
        "tables": {
            path.name if path.parent == release_folder else f"{METHOD}/{path.name}": mark
            for path, mark in marks.items()
        },
        "notebooks": {path.name: fingerprint(path.read_bytes()) for path in (*paths, *modules)},
        "package": package_fingerprint(),
        "lock": fingerprint(beside_notebooks(folder, "requirements/report.lock")),
        "project": fingerprint(b"\0".join(told)),
        "python": platform.python_version(),
    }


def manifest_bytes(folder: Path, told: Mapping[str, Any]) -> bytes:
    """Return the manifest of the edition whose files lie in a folder.

    Parameters
    ----------
    folder
        Where every other file of the edition lies.
    told
        ``release`` (its id), ``title``, ``edition`` (its date), ``parameters``, ``pages`` (each
        with its notebook and its parameters) and ``inputs``, those of `input_fingerprints`.

    Returns
    -------
    bytes
        JSON with a seal that shows if it was changed later.
    """
    names = sorted(files_in(folder) - {FILE})
    outputs = {name: fingerprint((folder / name).read_bytes()) for name in names}
    manifest = {MARK: __version__, "form": FORM, **told, "outputs": outputs}
    return json_bytes(manifest | {SEAL: _seal_of(manifest)})


def _seal_of(manifest: Mapping[str, Any]) -> str:
    return fingerprint(json_bytes({key: manifest[key] for key in manifest if key != SEAL}))


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a folder; None if it has none of ours that can be read."""
    try:
        manifest = json.loads(read(folder / FILE).decode())
    except (OSError, ValueError, RecursionError, InputError):
        return None
    if not _is_shaped(manifest, _SHAPE):
        return None
    pages, inputs = manifest["pages"].values(), manifest["inputs"]
    shaped = all(_is_shaped(page, _PAGE_SHAPE) for page in pages)
    ours = other_maker(manifest) or _is_shaped(inputs, _INPUT_SHAPE)
    return manifest if shaped and ours else None


def _is_shaped(value: Any, shape: Mapping[str, type]) -> bool:
    """Whether a value is an object that has these keys, with values of these types."""
    return isinstance(value, dict) and all(
        isinstance(value.get(key), kind) for key, kind in shape.items()
    )


def other_maker(manifest: Mapping[str, Any]) -> str:
    """Return who made an edition whose manifest has another form; empty for ours."""
    if (form := manifest.get("form")) == FORM:
        return ""
    return f"{'the first' if form is None else 'a later'} version of Stated Figures"


def require_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of an edition.

    Raises
    ------
    InputError
        If the folder holds none that can be read, or that of another version of this project.
    """
    name = printable(str(folder))
    manifest = read_manifest(folder)
    if manifest is None:
        raise InputError(
            f"{name}: holds no {FILE} of an edition that can be read; "
            "name the folder of a site that statedfigures render made"
        )
    if maker := other_maker(manifest):
        raise InputError(
            f"{name}: was made by {maker}, whose tables and rules are others; render it again "
            "from its release"
        )
    return manifest


def differences(folder: Path) -> list[str]:
    """Hold a published folder against its own manifest.

    Returns
    -------
    list of str
        Paths that are missing, changed or not of the edition, each with what is wrong; empty
        when it is whole.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        return [f"{FILE}: is missing or is not ours"]
    stated, found = manifest["outputs"], files_in(folder) - {FILE}
    wrong = [] if manifest.get(SEAL) == _seal_of(manifest) else [f"{FILE}: was changed"]
    wrong += [f"{path}: is missing" for path in stated.keys() - found]
    wrong += [f"{path}: is not of this edition" for path in found - stated.keys()]
    for path in stated.keys() & found:
        with suppress(InputError):
            if fingerprint(read(folder / path)) == stated[path]:
                continue
        wrong.append(f"{path}: was changed")
    return sorted(wrong)
