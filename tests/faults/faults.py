"""The faults: each breaks renders a number of times and gives an `Outcome`."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from statedfigures.reports.byte_differences import contents_of
from statedfigures.reports.manifest import FILE, differences
from tests.faults.bench import LIMIT, SCENARIOS, Bench, Outcome, descendants, wait_for_end

Told = Callable[[str], None]
END_SECONDS = 15.0


def ended(status: int) -> str:
    """Say how a run ended."""
    return {0: "done", 1: "stopped", 2: "refused"}.get(status, f"ended by signal {-status}")


def killed_renders(bench: Bench, runs: int, number: signal.Signals, seed: int = 5) -> Outcome:
    """End renders at random moments; their kernels must end by themselves."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    outcome = Outcome(f"render ended by {number.name}")
    seconds = bench.duration()
    for place in range(runs):
        old, new = SCENARIOS[place % 2], SCENARIOS[1 - place % 2]
        bench.render(old) if bench.state() != old else None
        run = bench.start(new)
        time.sleep(chance.random() * seconds * 1.05)
        started = descendants(run.pid)
        run.send_signal(number)
        _, told = run.communicate(timeout=LIMIT)
        outcome.note(f"{ended(run.returncode)}, {bench.state()[:4]} kept".replace(new, "new"))
        if alive := wait_for_end(started, END_SECONDS):
            outcome.broken.append(f"run {place + 1}: still running: {alive}")
        if "Traceback" in told:
            outcome.broken.append(f"run {place + 1}: {told}")
        bench.check(outcome, (old, new), then=new)
    return outcome


def killed_kernels(bench: Bench, runs: int, seed: int = 5) -> Outcome:
    """Kill a kernel at a random moment of its life."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    outcome = Outcome("kernel ended by SIGKILL")
    seconds = bench.duration()
    for place in range(runs):
        old, new = SCENARIOS[place % 2], SCENARIOS[1 - place % 2]
        bench.render(old) if bench.state() != old else None
        run = bench.start(new)
        while run.poll() is None and not descendants(run.pid):
            time.sleep(0.01)
        time.sleep(chance.random() * seconds * 0.4)
        kernels = descendants(run.pid)
        for kernel in kernels:
            try:
                kernel.kill()
            except psutil.NoSuchProcess:
                continue
        _, told = run.communicate(timeout=LIMIT)
        when = "its kernel killed" if kernels else "its kernel gone before"
        outcome.note(f"{ended(run.returncode)}, {when}")
        if "Traceback" in told or run.returncode not in (0, 1):
            outcome.broken.append(f"run {place + 1}: status {run.returncode}: {told}")
        bench.check(outcome, (old,) if run.returncode else (new,), then=new)
    return outcome


def concurrent_runs(bench: Bench, runs: int) -> Outcome:
    """Render two editions into one folder at the same time."""
    outcome = Outcome("two runs for one folder at once")
    for _ in range(runs):
        pair = [bench.start(scenario) for scenario in SCENARIOS]
        told = [run.communicate(timeout=LIMIT)[1] for run in pair]
        outcome.note(" and ".join(ended(run.returncode) for run in pair))
        if any(run.returncode for run in pair):
            outcome.broken.append(f"run {outcome.runs}: {told}")
        bench.check(outcome, SCENARIOS, then="low")
    return outcome


def damaged_manifests(bench: Bench, runs: int, seed: int = 5) -> Outcome:
    """Cut the manifest short or flip one of its bits; the damage shows and a rerun mends it."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    outcome = Outcome("manifest cut short or a bit flipped")
    bench.duration()
    for place in range(runs):
        path = bench.site / FILE
        content = bytearray(path.read_bytes())
        if place % 2:
            content = content[: chance.randrange(len(content))]
        else:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        if not differences(bench.site):
            outcome.broken.append(f"run {place + 1}: the damage does not show")
        outcome.note("cut short" if place % 2 else "bit flipped")
        status, told = bench.render("low")
        if status:
            outcome.broken.append(f"run {place + 1}: the rerun ended with {status}: {told}")
        bench.check(outcome, ("low",), then="low")
    return outcome


def damaged_caches(bench: Bench, runs: int, seed: int = 5) -> Outcome:
    """Cut the files of the cache short or flip their bits; the edition is the same."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    outcome = Outcome("cache cut short or a bit flipped")
    bench.render("low", cached=True)
    clean = contents_of(bench.site)
    for place in range(runs):
        bench.render("high", cached=True)
        damaged = [path for path in sorted(bench.cache.rglob("*")) if path.is_file()]
        for path in damaged:
            content = bytearray(path.read_bytes())
            if place % 2:
                content = content[: chance.randrange(len(content))]
            else:
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            path.write_bytes(content)
        status, told = bench.render("low", cached=True)
        outcome.note("cut short" if place % 2 else "bit flipped")
        if status or contents_of(bench.site) != clean or not damaged:
            outcome.broken.append(f"run {place + 1}: ended with {status}: {told}")
        bench.check(outcome, ("low",), then="low")
    return outcome


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Callable[[str], None]]:
    """Mount a file system of a size; give what changes its options. Root only.

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
    bench.duration()
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
    bench.duration()
    bench.render("low")
    place = bench.folder / "td"
    for number in range(runs):
        with small_disk(place, 4096 * (1 + number * 2)):
            status, told = bench.render("high", environment={"TMPDIR": str(place)})
        outcome.note(ended(status))
        if "Traceback" in told or status not in (0, 1):
            outcome.broken.append(f"run {number + 1}: status {status}: {told}")
        bench.check(outcome, ("high",) if status == 0 else ("low",), then="low")
    return outcome


def size_limits(bench: Bench, runs: int) -> Outcome:
    """Limit the size of files where no disk can be filled: writes fail in the same way."""
    outcome = Outcome("files limited in size")
    bench.duration()
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
    bench.duration()
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
