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
MARK = "statedfigures"
_SOURCE_SUFFIXES = (".py", ".j2", ".css", ".json")


def fingerprint(content: bytes) -> str:
    """Give the SHA-256 of a file's content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def combined_fingerprint(files: Mapping[str, bytes]) -> str:
    """Give one SHA-256 for many files: names and contents, in the order of the names."""
    lines = "".join(f"{fingerprint(files[name])}  {name}\n" for name in sorted(files))
    return fingerprint(lines.encode())


def package_fingerprint() -> str:
    """Give the SHA-256 of the package's source: its modules and its template."""
    package = Path(__file__).parents[1]
    return combined_fingerprint(
        {
            path.relative_to(package).as_posix(): path.read_bytes()
            for path in package.rglob("*")
            if path.suffix in _SOURCE_SUFFIXES and "__pycache__" not in path.parts
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


def input_fingerprints(release_folder: Path, notebooks: Iterable[Path]) -> dict[str, Any]:
    """Give the fingerprint of everything that an edition is made from.

    Returns
    -------
    dict
        ``tables`` and ``notebooks`` (name to SHA-256), ``package`` and
        ``lock`` (SHA-256, or None without a lock), ``python`` (version).
    """
    paths = list(notebooks)
    return {
        "tables": table_fingerprints(release_folder),
        "notebooks": {path.name: fingerprint(path.read_bytes()) for path in paths},
        "package": package_fingerprint(),
        "lock": lock_fingerprint(paths[0].resolve().parent),
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
        JSON with sorted keys.
    """
    return json_bytes(
        {
            MARK: __version__,
            "release": release,
            "edition": edition,
            "parameters": parameters,
            "pages": pages,
            "inputs": inputs,
            "outputs": {path: fingerprint(outputs[path]) for path in sorted(outputs)},
        }
    )


def json_bytes(value: Any) -> bytes:
    """Write a JSON file: sorted, indented, UTF-8, ending in a line feed."""
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a folder; None if it has none of ours."""
    try:
        manifest = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(manifest, dict) and MARK in manifest
    return manifest if ours and isinstance(manifest.get("outputs"), dict) else None


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
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path != folder / FILE
    }
    wrong = [f"{path}: is missing" for path in stated.keys() - found.keys()]
    wrong += [f"{path}: is not of this edition" for path in found.keys() - stated.keys()]
    wrong += [
        f"{path}: was changed"
        for path in stated.keys() & found.keys()
        if fingerprint(found[path].read_bytes()) != stated[path]
    ]
    return sorted(wrong)
