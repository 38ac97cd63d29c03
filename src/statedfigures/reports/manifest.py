"""The manifest of an edition: what it was made from, and the fingerprint of every file.

It holds no clock time, no path and no name of a machine: the same inputs give
the same manifest.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from statedfigures import __version__

FILE = "manifest.json"
CHANGELOG = "CHANGELOG.md"
MARK = "statedfigures"
SEAL = "sha256_of_the_rest"
_SHAPE = {
    "release": str,
    "edition": str,
    "parameters": dict,
    "pages": dict,
    "inputs": dict,
    "outputs": dict,
}


def fingerprint(content: bytes) -> str:
    """Give the SHA-256 of a file's content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def combined_fingerprint(files: Mapping[str, bytes]) -> str:
    """Give one SHA-256 for many files: names and contents, in the order of the names."""
    lines = "".join(f"{fingerprint(files[name])}  {name}\n" for name in sorted(files))
    return fingerprint(lines.encode())


def package_fingerprint() -> str:
    """Give the SHA-256 of the package's source: its modules, its template, all its files."""
    package = Path(__file__).parents[1]
    return combined_fingerprint(
        {
            path.relative_to(package).as_posix(): path.read_bytes()
            for path in package.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        }
    )


def table_fingerprints(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file of a release folder, by name."""
    return {
        path.name: fingerprint(path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.suffix in {".csv", ".toml", ".json"}
    }


def lock_fingerprint(start: Path) -> str | None:
    """Give the SHA-256 of the nearest ``requirements.lock`` in a folder or above it."""
    for folder in (start, *start.parents):
        if (lock := folder / "requirements.lock").is_file():
            return fingerprint(lock.read_bytes())
    return None


def read_changelog(notebooks_folder: Path) -> str:
    """Read the changelog of the project that some notebooks belong to; empty without one."""
    path = notebooks_folder.resolve().parent / CHANGELOG
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def input_fingerprints(release_folder: Path, notebooks: Iterable[Path]) -> dict[str, Any]:
    """Give the fingerprint of everything that an edition is made from.

    Returns
    -------
    dict
        ``tables`` and ``notebooks`` (name to SHA-256; modules that lie beside
        the notebooks count with them), ``package``, ``lock`` and ``changelog``
        (SHA-256, or None where there is none), ``python`` (version).
    """
    paths = list(notebooks)
    paths += sorted(paths[0].parent.glob("*.py"))
    changelog = read_changelog(paths[0].parent).encode()
    return {
        "tables": table_fingerprints(release_folder),
        "notebooks": {path.name: fingerprint(path.read_bytes()) for path in paths},
        "package": package_fingerprint(),
        "lock": lock_fingerprint(paths[0].resolve().parent),
        "changelog": fingerprint(changelog) if changelog else None,
        "python": platform.python_version(),
    }


def manifest_bytes(
    *,
    release: str,
    edition: str,
    parameters: Mapping[str, Any],
    pages: Mapping[str, Any],
    inputs: Mapping[str, Any],
    outputs: Mapping[str, bytes],
) -> bytes:
    """Write the manifest of an edition.

    Parameters
    ----------
    release, edition
        Id of the release and the date of this edition of its report.
    parameters
        The parameters that all pages share.
    pages
        Page to its notebook and its complete parameters.
    inputs
        What `input_fingerprints` gave.
    outputs
        Path of every other file of the site to its content.

    Returns
    -------
    bytes
        JSON with sorted keys, and a seal that shows if it was changed later.
    """
    manifest = {
        MARK: __version__,
        "release": release,
        "edition": edition,
        "parameters": parameters,
        "pages": pages,
        "inputs": inputs,
        "outputs": {path: fingerprint(outputs[path]) for path in sorted(outputs)},
    }
    return json_bytes(manifest | {SEAL: seal_of(manifest)})


def seal_of(manifest: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a manifest without its seal."""
    return fingerprint(json_bytes({key: manifest[key] for key in manifest if key != SEAL}))


def json_bytes(value: Any) -> bytes:
    """Write a JSON file: sorted, indented, UTF-8, ending in a line feed."""
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a folder; None if it has none of ours that can be read.

    It may have been changed since it was written: see `is_sealed`.
    """
    try:
        manifest = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(manifest, dict) or MARK not in manifest:
        return None
    shaped = all(isinstance(manifest.get(key), kind) for key, kind in _SHAPE.items())
    pages_shaped = shaped and all(
        isinstance(page, dict)
        and isinstance(page.get("notebook"), str)
        and isinstance(page.get("parameters"), dict)
        for page in manifest["pages"].values()
    )
    return manifest if pages_shaped else None


def is_sealed(manifest: Mapping[str, Any]) -> bool:
    """Say whether a manifest is as it was written."""
    return bool(manifest.get(SEAL) == seal_of(manifest))


def differences(folder: Path) -> list[str]:
    """Hold a published folder against its own manifest.

    Parameters
    ----------
    folder
        The folder of an edition.

    Returns
    -------
    list of str
        Paths inside the folder that are missing, changed or not of the
        edition, each with what is wrong; empty when it is whole.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        return [f"{FILE}: is missing or is not ours"]
    stated = manifest["outputs"]
    found = {path: folder / path for path in files_in(folder) if path != FILE}
    wrong = [] if is_sealed(manifest) else [f"{FILE}: was changed"]
    wrong += [f"{path}: is missing" for path in stated.keys() - found.keys()]
    wrong += [f"{path}: is not of this edition" for path in found.keys() - stated.keys()]
    wrong += [
        f"{path}: was changed"
        for path in stated.keys() & found.keys()
        if found[path].is_symlink() or fingerprint(found[path].read_bytes()) != stated[path]
    ]
    return sorted(wrong)


def files_in(folder: Path) -> set[str]:
    """Give the path inside a folder of everything in it that is not a folder itself.

    Links count, wherever they lead: they are not followed.
    """
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
