"""Disks that are full, too small or read-only."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.bench import Bench, Outcome, ended


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
    outcome, bench = Outcome("disk full"), bench.on_disk()
    with small_disk(bench.site.parent, 50_000_000) as change:
        for place in range(runs):
            bench.render("low")
            size = sum(path.stat().st_size for path in bench.site.rglob("*") if path.is_file())
            room = 4096 + (size * 3 // 2) * place // runs
            used = sum(path.stat().st_blocks * 512 for path in bench.site.parent.rglob("*"))
            change(f"size={used + room}")
            status, told = bench.render("high")
            outcome.note(ended(status))
            if "Traceback" in told or status not in (0, 1):
                outcome.broken.append(f"run {place + 1}: status {status}: {told}")
            if status == 1 and "No space left on device" not in told:
                outcome.broken.append(f"run {place + 1}: told {told}")
            change("size=50m")
            bench.check(outcome, ("low",) if status else ("high",), then="high")
    return outcome


def full_temporary_disks(bench: Bench, runs: int) -> Outcome:
    """Run notebooks while the disk of the temporary files is full."""
    outcome = Outcome("disk of the temporary files full")
    place = bench.temporary / "d"
    for number in range(runs):
        bench.prepare("low")
        with small_disk(place, 4096 * (1 + number * 2)):
            status, told = bench.render_apart("high", environment={"TMPDIR": str(place)})
        place.rmdir()
        _note_limit(bench, outcome, status, told)
    return outcome


def size_limits(bench: Bench, runs: int) -> Outcome:
    """Limit the size of files where no disk can be filled: writes fail in the same way."""
    outcome = Outcome("files limited in size")
    for place in range(runs):
        bench.prepare("low")
        largest = max(path.stat().st_size for path in bench.site.rglob("*"))
        limit = 1000 + largest * place // runs

        def limited(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        _note_limit(bench, outcome, *bench.render_apart("high", preexec_fn=limited))
    return outcome


def _note_limit(bench: Bench, outcome: Outcome, status: int, told: str) -> None:
    outcome.note(ended(status))
    if "Traceback" in told or status not in (0, 1):
        outcome.broken.append(f"run {outcome.runs}: status {status}: {told}")
    bench.check(outcome, ("low",) if status else ("high",), then="low")


def read_only_folders(bench: Bench, runs: int) -> Outcome:
    """Publish where nothing may be written."""
    outcome, parent = Outcome("folder that is read-only"), bench.site.parent
    for _ in range(runs):
        if os.geteuid() == 0:
            there = bench.on_disk()
            with small_disk(there.site.parent, 50_000_000) as change:
                _publish_read_only(there, outcome, lambda: change("ro"), lambda: change("rw"))
        else:
            _publish_read_only(
                bench, outcome, lambda: parent.chmod(0o555), lambda: parent.chmod(0o755)
            )
    return outcome


def _publish_read_only(
    bench: Bench, outcome: Outcome, close: Callable[[], None], reopen: Callable[[], None]
) -> None:
    bench.render("low")
    close()
    status, told = bench.render("high")
    state = bench.state()
    reopen()
    outcome.note(ended(status))
    if status != 2 or "you may not write" not in told or state != "low":
        outcome.broken.append(f"run {outcome.runs}: {status}, {state}: {told}")
    bench.check(outcome, ("low",), then="high")
