"""Disks that are full, too small or read-only."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.bench import SCENARIOS, Bench, Outcome, ended


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Callable[[str], None]]:
    """Mount a file system of a size; yield what changes its options. Root only.

    Raises
    ------
    PermissionError
        If it may not be mounted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        raise PermissionError("a file system may not be mounted here")

    def change(options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)

    try:
        yield change
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def full_disks(bench: Bench, runs: int) -> Outcome:
    """Publish on a disk that is full, at another point of the writing each time."""
    outcome = Outcome("disk full")
    bench.prepare()
    size = sum(path.stat().st_size for path in bench.site.rglob("*") if path.is_file())
    bench.site = bench.folder / "disk" / "site"
    with small_disk(bench.site.parent, 50_000_000) as change:
        for place in range(runs):
            change("size=50m")
            bench.render("low")
            room = 4096 + (size * 3 // 2) * place // runs
            used = sum(path.stat().st_blocks * 512 for path in bench.site.parent.rglob("*"))
            change(f"size={used + room}")
            status, told = bench.render("high")
            outcome.note(ended(status))
            if "Traceback" in told or status not in (0, 1):
                outcome.broken.append(f"run {place + 1}: status {status}: {told}")
            if status == 1 and "No space left on device" not in told:
                outcome.broken.append(f"run {place + 1}: told {told}")
            state = bench.state()
            change("size=50m")
            if state != ("low" if status else "high"):
                outcome.broken.append(f"run {place + 1}: the site holds {state}")
            bench.check(outcome, SCENARIOS, then="high")
    return outcome


def full_temporary_disks(bench: Bench, runs: int) -> Outcome:
    """Run notebooks while the disk of the temporary files is full."""
    outcome = Outcome("disk of the temporary files full")
    bench.prepare()
    bench.render("low")
    place = bench.temporary / "d"
    for number in range(runs):
        with small_disk(place, 4096 * (1 + number * 2)):
            status, told = bench.render("high", environment={"TMPDIR": str(place)})
        outcome.note(ended(status))
        if "Traceback" in told or status not in (0, 1):
            outcome.broken.append(f"run {number + 1}: status {status}: {told}")
        place.rmdir()
        bench.check(outcome, ("high",) if status == 0 else ("low",), then="low")
    return outcome


def size_limits(bench: Bench, runs: int) -> Outcome:
    """Limit the size of files where no disk can be filled: writes fail in the same way."""
    outcome = Outcome("files limited in size")
    bench.prepare()
    bench.render("low")
    largest = max(path.stat().st_size for path in bench.site.rglob("*"))
    for place in range(runs):
        limit = 1000 + largest * place // max(runs, 1)

        def limited(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        status, told = bench.render("high", preexec_fn=limited)
        outcome.note(ended(status))
        if "Traceback" in told or status not in (0, 1):
            outcome.broken.append(f"run {place + 1}: status {status}: {told}")
        bench.check(outcome, ("high",) if status == 0 else ("low",), then="low")
    return outcome


def read_only_folders(bench: Bench, runs: int) -> Outcome:
    """Publish where nothing may be written."""
    outcome = Outcome("folder that is read-only")
    bench.prepare()
    as_root = os.geteuid() == 0
    if as_root:
        bench.site = bench.folder / "disk" / "site"
    for _ in range(runs):
        if as_root:
            with small_disk(bench.site.parent, 50_000_000) as change:
                bench.render("low")
                change("ro")
                status, told = bench.render("high")
                state = bench.state()
                change("rw")
                _note_read_only(outcome, status, told, state)
                bench.check(outcome, SCENARIOS, then="high")
        else:
            bench.render("low")
            bench.site.parent.chmod(0o555)
            status, told = bench.render("high")
            state = bench.state()
            bench.site.parent.chmod(0o755)
            _note_read_only(outcome, status, told, state)
            bench.check(outcome, SCENARIOS, then="high")
    return outcome


def _note_read_only(outcome: Outcome, status: int, told: str, state: str) -> None:
    outcome.note(ended(status))
    if status != 1 or "could not be written" not in told or state != "low":
        outcome.broken.append(f"run {outcome.runs}: {status}, {state}: {told}")
