"""The faults: each breaks renders a number of times and returns an `Outcome`."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from statedfigures.site.publish.files import contents_of
from statedfigures.site.publish.manifest import FILE, differences
from tests.faults.bench import LIMIT, SCENARIOS, Bench, Outcome, descendants, ended, wait_for_end

# What the interpreter itself says if it is interrupted before it comes to the program.
_BEFORE_US = "Fatal Python error: init_"


def killed_renders(bench: Bench, runs: int, number: signal.Signals, seed: int = 5) -> Outcome:
    """End renders, the first as soon as it runs a notebook, others at random moments.

    Their kernels must end by themselves.
    """
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    outcome = Outcome(f"render ended by {number.name}")
    while outcome.runs < runs:
        old, new = SCENARIOS[outcome.runs % 2], SCENARIOS[1 - outcome.runs % 2]
        bench.prepare(old)
        run = bench.start(new)
        if outcome.runs:
            time.sleep(chance.random() * bench.seconds)
        else:
            first_of(run, kernels_of)
        if run.poll() is not None:  # it was quicker: nothing was broken
            run.communicate()
            outcome.late += 1
            continue
        started = descendants(run.pid)
        run.send_signal(number)
        _, told = run.communicate(timeout=LIMIT)
        kept = {old: "old", new: "new"}.get(bench.state(), "neither")
        outcome.note(f"{ended(run.returncode)}, {kept} kept")
        if alive := wait_for_end(started, LIMIT):
            outcome.broken.append(f"run {outcome.runs}: still running: {alive}")
        if "Traceback" in told and not told.startswith(_BEFORE_US):
            outcome.broken.append(f"run {outcome.runs}: {told}")
        bench.check(outcome, (old, new), then=new, apart=True)
    if set(outcome.ends) == {"done, new kept"}:
        outcome.broken.append("no render was ended: the signal did not reach them")
    return outcome


def first_of(
    run: subprocess.Popen[str], victims_of: Callable[[int], list[psutil.Process]]
) -> list[psutil.Process]:
    """Wait until a render has started processes of a kind, and return them."""
    victims: list[psutil.Process] = []
    while run.poll() is None and not victims:
        time.sleep(0.005)
        victims = victims_of(run.pid)
    return victims


def fork_servers_of(number: int) -> list[psutil.Process]:
    """Return the process that the kernels of a render are forked from, which they look like."""
    found = []
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(number).children():
            with suppress(psutil.Error):
                if "forkserver" in " ".join(process.cmdline()):
                    found.append(process)
    return found


def kernels_of(number: int) -> list[psutil.Process]:
    """Return the kernels of a render."""
    servers = fork_servers_of(number)
    return [kernel for server in servers for kernel in fork_servers_of(server.pid)]


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
    """Kill the first as soon as they are there, others at random moments of their lives."""
    life = life_of(bench, victims_of)
    while outcome.runs < runs:
        old, new = SCENARIOS[outcome.runs % 2], SCENARIOS[1 - outcome.runs % 2]
        bench.prepare(old)
        run = bench.start(new)
        victims = first_of(run, victims_of)
        moment = chance.random() * life if outcome.runs else 0.0
        psutil.wait_procs(victims, timeout=moment)
        killed = [victim for victim in victims if victim.is_running()]
        for victim in killed:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        _, told = run.communicate(timeout=LIMIT)
        if not killed:  # they had ended by themselves: nothing was broken, and they live shorter
            outcome.late += 1
            life = moment or life
            continue
        outcome.note(ended(run.returncode))
        if "Traceback" in told or run.returncode not in (0, 1):
            outcome.broken.append(f"run {outcome.runs}: status {run.returncode}: {told}")
        allowed = (old,) if run.returncode else (new,)
        bench.check(outcome, allowed, then=new)
    return outcome


def life_of(bench: Bench, victims_of: Callable[[int], list[psutil.Process]]) -> float:
    """Return for how many seconds the first of a kind live in a render that nothing breaks."""
    run = bench.start(SCENARIOS[0])
    victims, began = first_of(run, victims_of), time.monotonic()
    psutil.wait_procs(victims, timeout=LIMIT)
    seconds = time.monotonic() - began
    _, told = run.communicate(timeout=LIMIT)
    assert run.returncode == 0, told
    assert victims, "none was seen"
    return seconds


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
    bench.prepare("low")
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
        found = sorted(bench.cache.rglob("*"))
        damaged = [path for path in found if path.is_file() and path.stat().st_size]
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
