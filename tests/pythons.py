"""Render with other Pythons and compare every byte: ``make pythons``.

Each Python gets an environment of its own from requirements/report.lock, in a
temporary folder. Files that differ are named with their first difference; the
manifest always differs, in the one line that names the version of Python.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from statedfigures.site.publish.files import contents_of
from statedfigures.site.publish.manifest import FILE, differences, read_manifest
from statedfigures.site.publish.reproduce import file_differences

ROOT = Path(__file__).parents[1]
_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def runs(python: str) -> bool:
    """Whether a Python is there; a version manager's stand-in for one that is not is not."""
    with suppress(OSError):
        return (
            subprocess.run([python, "-c", ""], check=False, stderr=subprocess.DEVNULL).returncode
            == 0
        )
    return False


def environment(python: str, folder: Path) -> Path:
    """Make an environment from the lock; return its Python."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    own = folder / "bin" / "python"
    lock = str(ROOT / "requirements" / "report.lock")
    subprocess.run([own, *_PIP, "--require-hashes", "-r", lock], check=True)
    subprocess.run([own, *_PIP, "--no-deps", "--no-build-isolation", str(ROOT)], check=True)
    return own


def render(python: Path, out: Path) -> None:
    """Render the default report, every page of it."""
    command = [str(python), "-m", "statedfigures", "render", "--no-cache", "--quiet"]
    subprocess.run([*command, "--out", str(out)], check=True, cwd=ROOT)


def main(pythons: list[str]) -> int:
    """Render with this Python and each of the others; return the exit status."""
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        render(Path(sys.executable), base / "this" / "site")
        this = contents_of(base / "this" / "site")
        for python in pythons:
            if not runs(python):
                print(f"{python}: is not installed")  # noqa: T201
                continue
            site = base / python.replace("/", "-") / "site"
            render(environment(python, base / f"env-{site.parent.name}"), site)
            found = file_differences(this, contents_of(site), ("this Python", python))
            explained = FILE in found and _only_python_differs(base / "this" / "site", site)
            if explained:
                del found[FILE]
            same = len(this) - len(found) - explained
            print(f"{python}: identical: {same} of {len(this)} files")  # noqa: T201
            if explained:
                print(f"{FILE}: names another version of Python, and nothing else")  # noqa: T201
            for path, what in found.items():
                print(f"{path}: {what}")  # noqa: T201
                status = 1
    return status


def _only_python_differs(first: Path, second: Path) -> bool:
    """Whether two whole editions differ in the version of Python that their manifests name only."""
    manifests = [read_manifest(folder) for folder in (first, second)]
    if not all(manifests) or any(differences(folder) for folder in (first, second)):
        return False
    bare = [
        {key: value for key, value in (manifest or {}).items() if not key.startswith("sha256")}
        for manifest in manifests
    ]
    for manifest in bare:
        manifest["inputs"] = manifest["inputs"] | {"python": ""}
    return bare[0] == bare[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
