"""A place to break renders in: a small report, an earlier edition, a look at what is left."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from statedfigures.site.publish.manifest import differences, read_manifest
from tests.conftest import run_program

TESTS = Path(__file__).parents[1]
SCENARIOS = ("low", "high")
NOTEBOOKS = ("1-claims.ipynb", "3-measures.ipynb")
LIMIT = 600.0
SHOWN: list[bool] = []


@dataclass
class Outcome:
    """What came of one kind of fault: how often it was made, how it ended, what broke.

    ``late`` counts runs that had ended before the fault came: they are no runs of it.
    """

    fault: str
    runs: int = 0
    late: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def note(self, end: str) -> None:
        """Count a run and how it ended."""
        self.runs += 1
        self.ends[end] = self.ends.get(end, 0) + 1
        if SHOWN and self.runs % 10 == 0:
            print(f"{self.fault}: {self.runs} runs, {len(self.broken)} broken", file=sys.stderr)  # noqa: T201

    def row(self) -> str:
        """Return the outcome as a row of a table."""
        ends = ", ".join(f"{count} {end}" for end, count in sorted(self.ends.items()))
        late = f"; {self.late} more ended before it" if self.late else ""
        return f"{self.fault:<38} {self.runs:>5} {len(self.broken):>7}  {ends}{late}"


class Bench:
    """A folder with a small report that can be rendered again and again.

    Parameters
    ----------
    folder
        Where everything lies; the site is ``site`` inside it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Short: the paths of sockets that lie in it have a limit.
        self.temporary = Path(tempfile.mkdtemp(prefix="f", dir="/tmp"))
        self.cache = folder / "outputs" / ".cache"
        self.seconds = 0.0
        self.site = folder / "out" / "site"
        self.site.parent.mkdir()
        (folder / "notebooks").mkdir()
        for name in NOTEBOOKS:
            shutil.copy(TESTS / "notebooks-small" / name, folder / "notebooks")
        shutil.copytree(TESTS / "releases" / "small-release", folder / "data" / "small-release")
        shutil.copytree(TESTS.parent / "data" / "method", folder / "data" / "method")

    def close(self) -> None:
        """Delete the temporary folder."""
        shutil.rmtree(self.temporary, ignore_errors=True)

    def _arguments(self, scenario: str, cached: bool) -> list[str]:
        told = ["--out", str(self.site), "--replace", "--quiet", "--scenario", scenario]
        return ["render", *told, *([] if cached else ["--no-cache"])]

    def start(self, scenario: str, **keywords: Any) -> subprocess.Popen[str]:
        """Start a render that runs its pages, whatever the cache holds, to be broken."""
        own = os.environ | {"TMPDIR": str(self.temporary)} | keywords.pop("environment", {})
        return subprocess.Popen(
            [sys.executable, "-m", "statedfigures", *self._arguments(scenario, cached=False)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=own,
            cwd=self.folder,
            **keywords,
        )

    def render(self, scenario: str, cached: bool = False) -> tuple[int, str]:
        """Render in this process; return the exit status and what was told."""
        told = run_program(*self._arguments(scenario, cached), folder=self.folder)
        return told[0], told[2]

    def render_apart(self, scenario: str, **keywords: Any) -> tuple[int, str]:
        """Render in a process of its own, which takes `seconds`."""
        began = time.monotonic()
        run = self.start(scenario, **keywords)
        _, told = run.communicate(timeout=LIMIT)
        self.seconds = time.monotonic() - began
        return run.returncode, told

    def prepare(self, scenario: str) -> None:
        """Make sure of an edition; ``seconds`` then says how long one took by itself."""
        if not self.seconds or self.state() != scenario:
            render = self.render if self.seconds else self.render_apart
            status, told = render(scenario)
            assert status == 0, told

    def on_disk(self) -> Bench:
        """Return this bench with its site in another folder, for a disk of its own."""
        there = copy.copy(self)
        there.site = self.folder / "disk" / "site"
        return there

    def state(self) -> str:
        """Return what lies in the site: the scenario of the edition, or what is wrong with it."""
        wrong = differences(self.site)
        if wrong:
            return wrong[0]
        manifest = read_manifest(self.site)
        return str(manifest and manifest["parameters"]["scenario"])

    def check(
        self, outcome: Outcome, allowed: tuple[str, ...], then: str, apart: bool = False
    ) -> None:
        """Note what is broken after a fault, and whether a plain rerun puts all right.

        A run of its own also clears up what killed runs left.
        """
        if (state := self.state()) not in allowed:
            outcome.broken.append(f"run {outcome.runs}: the site holds {state}")
        status, told = self.render_apart(then) if apart else self.render(then)
        if status != 0 or self.state() != then:
            outcome.broken.append(f"run {outcome.runs}: the rerun ended with {status}: {told}")
        left = sorted(path.name for path in self.site.parent.iterdir())
        if [name for name in left if name != ".site.lock"] != ["site"]:
            outcome.broken.append(f"run {outcome.runs}: left behind: {left}")
        if left := sorted(path.name for path in self.temporary.iterdir()):
            outcome.broken.append(f"run {outcome.runs}: left in the temporary folder: {left}")


def ended(status: int) -> str:
    """Return how a run ended."""
    return {0: "done", 1: "stopped", 2: "refused"}.get(status, f"ended by signal {-status}")


def descendants(number: int) -> list[psutil.Process]:
    """Return the processes that a process started, and theirs."""
    try:
        return psutil.Process(number).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def wait_for_end(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait until processes have ended; return those that have not."""
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
