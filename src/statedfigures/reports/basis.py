"""What the result of a page rests on, as names and fingerprints.

Two parts make up the key of a page in the cache. Its *basis* is known before it
runs: the notebook, the parameters, the code that its imports reach, the lock,
the installed packages and Python. Its *reads* are noted while it runs: the
tables whose rows it looked at, and other files that it opened.
"""

from __future__ import annotations

import json
import platform
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from statedfigures.reports.limits import Value
from statedfigures.reports.manifest import fingerprint, lock_fingerprint
from statedfigures.reports.notebooks import Notebook
from statedfigures.reports.reachable import PACKAGE, modules_of_notebook
from statedfigures.reports.used_parameters import used_parameters
from statedfigures.sources.watching import TABLE

# How a notebook is run and cleaned is part of every result.
MACHINERY = (
    "companion.py",
    "execution.py",
    "kernel_process.py",
    "kernel_reads.py",
    "kernels.py",
    "provisioner.py",
    "scrub.py",
    "used_parameters.py",
    "warm.py",
    "warm_process.py",
)

Basis = Mapping[str, str]
Reads = Mapping[str, str]
ABSENT = "absent"


def page_basis(notebook: Notebook, parameters: Mapping[str, Value]) -> dict[str, str]:
    """Give what a page rests on besides what it reads.

    Parameters
    ----------
    notebook
        The notebook of the page.
    parameters
        Its complete parameters.

    Returns
    -------
    dict
        What it is, in words, to a fingerprint or a value. A parameter that the
        notebook never looks at is no part of it.
    """
    content = notebook.path.read_bytes()
    folder = notebook.path.parent
    value = json.loads(content)
    modules, _ = modules_of_notebook(value, folder)
    used = used_parameters(value, parameters, modules)
    machinery = {f"reports/{name}": PACKAGE / "reports" / name for name in MACHINERY}
    code = {_short(path, folder): path for path in modules.values()} | machinery
    return {
        **surroundings(folder),
        f"notebook {notebook.path.name}": fingerprint(content),
        **{
            f"parameter {name}": json.dumps(parameters[name]) for name in parameters if name in used
        },
        **{f"module {name}": _of_file(path) for name, path in sorted(code.items())},
    }


def surroundings(folder: Path) -> dict[str, str]:
    """Give what all pages rest on: Python, the machine's kind, the lock, the packages."""
    packages = sorted(
        path.name
        for kind in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        for path in Path(kind).glob("*.dist-info")
    )
    return {
        "Python": f"{platform.python_version()} {sys.platform} {platform.machine()}",
        "the lock": lock_fingerprint(folder) or ABSENT,
        "the installed packages": fingerprint("\n".join(packages).encode()),
    }


def key_of(basis: Basis) -> str:
    """Give one fingerprint for a basis."""
    return fingerprint(json.dumps(basis, sort_keys=True).encode())


def current_read(read: str, data: Path) -> str:
    """Give the fingerprint of a thing that a page read, as it is now.

    Parameters
    ----------
    read
        Kind and name, as `watching.note_read` writes them.
    data
        Folder that holds the releases.
    """
    kind, _, name = read.partition(" ")
    return _of_file(data / name if kind == TABLE else Path(name))


def _of_file(path: Path) -> str:
    try:
        return fingerprint(path.read_bytes())
    except (OSError, ValueError):
        return ABSENT


def _short(path: Path, folder: Path) -> str:
    base = PACKAGE if path.is_relative_to(PACKAGE) else folder
    return path.relative_to(base).as_posix()
