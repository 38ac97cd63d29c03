"""The faults: each breaks renders a number of times and returns an `Outcome`."""

from __future__ import annotations

import itertools
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from statedfigures.site.publish.files import contents_of
from statedfigures.site.publish.manifest import FILE, differences
from tests.faults.bench import LIMIT, SCENARIOS, Bench, Outcome, descendants, ended, wait_for_end

END_SECONDS = 15.0
# What the interpreter itself says if it is interrupted before it comes to the program.
_BEFORE_US = "Fatal Python error: init_"


def killed_renders(bench: Bench, runs: int, number: signal.Signals, seed: int = 5) -> Outcome:
    """End renders at random moments; their kernels must end by themselves."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    outcome = Outcome(f"render ended by {number.name}")
    bench.prepare()
    for place in itertools.count():
        if outcome.runs == runs:
            break
        old, new = SCENARIOS[place % 2], SCENARIOS[1 - place % 2]
        bench.render(old) if bench.state() != old else None
        run = bench.start(new)
        time.sleep(chance.random() * bench.seconds)
        if run.poll() is not None:  # it was quicker: nothing was broken
            run.communicate()
            continue
        started = descendants(run.pid)
        run.send_signal(number)
        _, told = run.communicate(timeout=LIMIT)
        kept = {old: "old", new: "new"}.get(bench.state(), "neither")
        outcome.note(f"{ended(run.returncode)}, {kept} kept")
        if alive := wait_for_end(started, END_SECONDS):
            outcome.broken.append(f"run {place + 1}: still running: {alive}")
        if "Traceback" in told and not told.startswith(_BEFORE_US):
            outcome.broken.append(f"run {place + 1}: {told}")
        bench.check(outcome, (old, new), then=new)
    if set(outcome.ends) == {"done, new kept"}:
        outcome.broken.append("no render was ended: the signal did not reach them")
    return outcome


def fork_servers_of(number: int) -> list[psutil.Process]:
    """Return the process that the kernels of a render are forked from."""
    found = []
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(number).children():
            with suppress(psutil.Error):
                if "forkserver" in " ".join(process.cmdline()):
                    found.append(process)
    return found


def kernels_of(number: int) -> list[psutil.Process]:
    """Return the kernels of a render."""
    with suppress(psutil.NoSuchProcess):
        return [kernel for server in fork_servers_of(number) for kernel in server.children()]
    return []


def killed_kernels(bench: Bench, runs: int, seed: int = 5) -> Outcome:
    """Kill a kernel at a random moment of its life: the run stops and says so."""
    outcome = Outcome("kernel ended by SIGKILL")
    return _killed(bench, outcome, runs, kernels_of, random.Random(seed))  # noqa: S311 - moments


def killed_fork_servers(bench: Bench, runs: int, seed: int = 5) -> Outcome:
    """Kill the process that kernels are forked from, at a random moment of its life."""
    outcome = Outcome("fork server ended by SIGKILL")
    return _killed(bench, outcome, runs, fork_servers_of, random.Random(seed))  # noqa: S311


def _killed(
    bench: Bench,
    outcome: Outcome,
    runs: int,
    victims_of: Callable[[int], list[psutil.Process]],
    chance: random.Random,
) -> Outcome:
    bench.prepare()
    life = 0.0
    for place in itertools.count():
        if outcome.runs == runs:
            break
        old, new = SCENARIOS[place % 2], SCENARIOS[1 - place % 2]
        bench.render(old) if bench.state() != old else None
        run = bench.start(new)
        victims: list[psutil.Process] = []
        while run.poll() is None and not (victims := victims_of(run.pid)):
            time.sleep(0.005)
        began = time.monotonic()
        if place:
            psutil.wait_procs(victims, timeout=chance.random() * life)
        killed = [victim for victim in victims if victim.is_running()] if place else []
        for victim in killed:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        if not place:  # the first is left in peace, to learn how long it lives
            psutil.wait_procs(victims, timeout=LIMIT)
            life = time.monotonic() - began
        _, told = run.communicate(timeout=LIMIT)
        if not killed:  # they had ended by themselves: nothing was broken
            continue
        outcome.note(ended(run.returncode))
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
    bench.prepare()
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
