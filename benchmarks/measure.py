"""Measure the report beside plain papermill and nbconvert, in one run, and print a table.

Each measurement is a command of its own, so that what it imports and what it leaves
behind count. Memory is that of all its processes together, added up while it runs;
pages shared between them count once (proportional set size).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("README.md")
MARK = "<!-- results -->"
ENGINE = Path(__file__).with_name("engine.py")
ENGINE_RUNS = 3
TARGET = "≤ 0.025 s, ≤ 0.1"
RELEASE = "weprotect-2014"


@dataclass(frozen=True)
class Measured:
    """Wall-clock and processor seconds; peak memory in MB, None where it was not watched."""

    seconds: float
    processor: float
    memory: float | None = None


Row = tuple[str, Measured, float, str]


def measure(command: Sequence[str], environment: dict[str, str]) -> Measured:
    """Run a command to its end; refuse one that fails."""
    before = os.times()
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - commands of this file
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        peak = Peak(process.pid)
        peak.start()
        _, told = process.communicate()
        seconds = time.perf_counter() - began
        peak.stop()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {told.decode()}")
    after = os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return Measured(seconds, used, peak.memory)


class Peak(threading.Thread):
    """Watches the memory of a process and of all that it started."""

    def __init__(self, number: int) -> None:
        super().__init__(daemon=True)
        self._number = number
        self._ended = threading.Event()
        self.memory = 0.0

    def run(self) -> None:
        """Look again and again until told to stop."""
        while not self._ended.wait(0.2):
            self.memory = max(self.memory, sum(self._shares()) / 1e6)

    def stop(self) -> None:
        """End watching."""
        self._ended.set()
        self.join()

    def _shares(self) -> list[int]:
        found = []
        try:
            root = psutil.Process(self._number)
            for one in (root, *root.children(recursive=True)):
                with_shares = one.memory_full_info()
                found.append(getattr(with_shares, "pss", with_shares.rss))
        except psutil.Error:
            pass
        return found


def plain(folder: Path, environment: dict[str, str]) -> Measured:
    """Run papermill and then nbconvert on each notebook, one after another."""
    commands: list[list[str]] = []
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        executed = str(folder / notebook.name)
        commands.append(["papermill", str(notebook), executed, "--no-progress-bar"])
        commands.append(["nbconvert", "--to", "html", executed])
    done = [measure([sys.executable, "-m", *words], environment) for words in commands]
    return Measured(
        sum(one.seconds for one in done),
        sum(one.processor for one in done),
        max(one.memory or 0.0 for one in done),
    )


def best(count: int, command: Sequence[str], environment: dict[str, str]) -> Measured:
    """Run a short command several times and give the quickest."""
    return min((measure(command, environment) for _ in range(count)), key=lambda one: one.seconds)


def changed_table(folder: Path, table: str) -> Path:
    """Copy the releases and change the line ends of one table."""
    data = folder / f"data-{table}"
    shutil.copytree(ROOT / "data", data)
    path = data / RELEASE / f"{table}.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return data


def all_rows(folder: Path) -> list[Row]:
    """Measure everything; give what it is, the result, its ratio and the target."""
    environment = os.environ | {"STATEDFIGURES_CACHE": str(folder / "cache")}
    render = [sys.executable, "-m", "statedfigures", "render", "--quiet", "--jobs", "2"]
    site = ["--out", str(folder / "site")]
    base = plain(folder, environment)
    rows = [("papermill and nbconvert, one after another", base, 1.0, "")]

    def add(what: str, found: Measured, target: str, against: Measured = base) -> None:
        rows.append((what, found, found.seconds / against.seconds, target))

    add("the default report, nothing cached", measure([*render, *site], environment), "≤ 0.15")
    add("the same, nothing changed", best(3, [*render, *site], environment), "≤ 0.01, < 0.7 s")
    other = [*render, "--out", str(folder / "other")]
    add("the same to another folder, all pages reused", measure(other, environment), "")
    for table in ("mentions", "measures", "tor_monthly_users", "figures"):
        data = ["--data", str(changed_table(folder, table))]
        found = measure([*render, *site, *data], environment)
        add(f"after a change of {table}.csv", found, "")
    nothing = best(5, [sys.executable, "-c", "pass"], environment)
    rows.append(("python -c pass", nothing, 1.0, ""))
    command = [sys.executable, "-m", "statedfigures", "--help"]
    add("statedfigures --help", best(5, command, environment), "≤ 6 × the line above", nothing)
    return rows


def engine_rows(environment: dict[str, str]) -> tuple[list[Row], str]:
    """Measure the projection engine; give its rows, and its error in a sentence."""
    command = [sys.executable, str(ENGINE)]
    runs = [
        json.loads(subprocess.check_output(command, cwd=ROOT, env=environment))  # noqa: S603
        for _ in range(ENGINE_RUNS)
    ]
    found = {
        name: Measured(*min(run[name] for run in runs))
        for name in ("simulation", "first", "anew", "kept")
    }
    base = found["simulation"]
    named = (
        ("a plain simulation of every series with 100,000 draws, warm", "simulation", ""),
        ("the engine, 4,096 Sobol points: first call after import", "first", TARGET),
        ("the same with another seed, points made anew", "anew", TARGET),
        ("the same with the same seed, points kept", "kept", TARGET),
    )
    rows = [
        (what, found[name], found[name].seconds / base.seconds, goal) for what, name, goal in named
    ]
    return rows, (
        f"Mean error of a quantile where it is known: the engine {runs[0]['error']:.2%}, "
        f"the simulation {runs[0]['simulation_error']:.2%}; target: no larger."
    )


def table_of(rows: Sequence[Row]) -> str:
    """Write the rows as a Markdown table."""
    lines = [
        "| what | seconds | processor seconds | ratio | peak memory, MB | target |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    lines += [
        f"| {what} | {in_seconds(found.seconds)} | {in_seconds(found.processor)} | {ratio:.3f} "
        f"| {'' if found.memory is None else f'{found.memory:.0f}'} | {target} |"
        for what, found, ratio, target in rows
    ]
    return "\n".join(lines)


def in_seconds(value: float) -> str:
    """Write seconds with hundredths, and short times with thousandths."""
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def machine() -> str:
    """Describe the machine in one sentence."""
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}; load before the run: {load}."
    )


def main() -> None:
    """Measure, print, and keep the results where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write the results to README.md")
    keep = parser.parse_args().keep
    about = machine()
    with tempfile.TemporaryDirectory() as folder:
        rows = all_rows(Path(folder))
    added, errors = engine_rows(dict(os.environ))
    result = f"{about}\n\n{table_of([*rows, *added])}\n\n{errors}\n"
    sys.stdout.write(result)
    if keep:
        head, _, _ = RESULTS.read_text(encoding="utf-8").partition(MARK)
        RESULTS.write_text(f"{head}{MARK}\n\n{result}", encoding="utf-8")


if __name__ == "__main__":
    main()
