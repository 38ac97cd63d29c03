"""Which folders are ours to replace: those that hold an edition and nothing else.

The names of the files of an edition stand in its manifest, and once more in the
run folder beside the site. So a manifest that was damaged does not turn our own
folder into a stranger's.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from statedfigures.errors import ParameterError
from statedfigures.reports.manifest import FILE, MARK, files_in, json_bytes, read_manifest

RECORD = "published-files.json"
LOG = "run.log"
LOG_BEGINS = b"rendered in "
_HALF_RECORD = re.compile(re.escape(f".{RECORD}.") + "[0-9a-f]{8}")
_REMEDY = "name a new or an empty folder, so that nothing of yours is replaced"


def run_folder(target: Path) -> Path:
    """Give the folder beside a site that is never published: the log, and failed notebooks."""
    return target.parent / f"{target.name}-run"


def require_ours(target: Path, beside: Path | None = None) -> None:
    """Refuse to publish over anything that is not an earlier edition.

    Parameters
    ----------
    target
        Where the site is to be. It may be absent, empty, or an edition, and
        so may its run folder.
    beside
        The run folder, where it is another than `run_folder` gives.

    Raises
    ------
    ParameterError
        If it is a file or a link, or a folder with content that is not ours.
    """
    beside = beside or run_folder(target)
    for folder in (target, beside):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise ParameterError(f"--out {target}: {folder} is not a folder; {_REMEDY}")
    recorded = recorded_files(beside)
    if recorded is None and not _may_be_claimed(beside):
        raise ParameterError(
            f"--out {target}: its log would go to {beside}, which holds other files; {_REMEDY}"
        )
    if not target.is_dir() or not any(target.iterdir()):
        return
    manifest = read_manifest(target)
    if manifest is None and recorded is None:
        raise ParameterError(
            f"--out {target}: holds files but no manifest of an earlier edition; {_REMEDY}"
        )
    known = {FILE, *(recorded or ()), *(manifest["outputs"] if manifest else ())}
    if foreign := sorted(files_in(target) - known):
        raise ParameterError(
            f"--out {target}: holds {foreign[0]}, which is not of the earlier edition; "
            f"move it away, or {_REMEDY}"
        )


def recorded_files(folder: Path) -> frozenset[str] | None:
    """Read from a run folder which files were published; None if it has no such record."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    files = record.get("files") if isinstance(record, dict) and MARK in record else None
    if not isinstance(files, list):
        return None
    return frozenset(name for name in files if isinstance(name, str))


def claim_run_folder(target: Path, beside: Path | None = None) -> None:
    """Mark the run folder of a site as ours, before anything else is written to it.

    Parameters
    ----------
    target, beside
        As for `require_ours`.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    beside = beside or run_folder(target)
    if recorded_files(beside) is None:
        record_files(beside, files_in(target) if target.is_dir() else ())


def _may_be_claimed(folder: Path) -> bool:
    """Say whether a run folder without a record holds nothing that is not ours.

    A run may have been ended while it wrote the record.
    """
    if not folder.is_dir():
        return True
    return all(
        _HALF_RECORD.fullmatch(path.name)
        or (path.name == LOG and path.read_bytes().startswith(LOG_BEGINS))
        for path in folder.iterdir()
    )


def record_files(folder: Path, files: Iterable[str]) -> None:
    """Write into a run folder which files are ours, in one step.

    It is also the mark that the run folder itself is ours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = json_bytes({MARK: "the files published in the folder beside", "files": sorted(files)})
    half = folder / f".{RECORD}.{secrets.token_hex(4)}"
    try:
        with half.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(folder / RECORD)
    finally:
        half.unlink(missing_ok=True)
