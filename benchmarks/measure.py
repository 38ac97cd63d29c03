"""Measure the report beside plain papermill and nbconvert, in one run, and print a table.

Each measurement is a command of its own, so that what it imports and what it leaves
behind count. Memory is that of all its processes together, added up while it runs;
pages shared between them count once (proportional set size).
"""

from __future__ import annotations

import argparse
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

import pandas as pd
import psutil

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("README.md")
MARK = "<!-- results -->"


@dataclass(frozen=True)
class Measured:
    """Wall-clock and processor seconds; peak memory in MB, None where it was not watched."""

    seconds: float
    processor: float
    memory: float | None = None


Row = tuple[str, Measured, float, str]


def measure(command: Sequence[str], environment: dict[str, str], folder: Path = ROOT) -> Measured:
    """Run a command to its end; refuse one that fails."""
    before = os.times()
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - commands of this file
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
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
            for process in (root, *root.children(recursive=True)):
                with_shares = process.memory_full_info()
                found.append(getattr(with_shares, "pss", with_shares.rss))
        except psutil.Error:
            pass
        return found


def plain(folder: Path, environment: dict[str, str]) -> tuple[int, Measured]:
    """Run papermill and then nbconvert for each page, one after another; return how many."""
    commands: list[list[str]] = []
    topics = pd.read_csv(ROOT / "data" / "weprotect-2014" / "topics.csv")["id"]
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for topic in topics if notebook.stem == "2-topic" else ("",):
            executed = str(folder / f"{notebook.stem}-{topic}.ipynb")
            given = ["-p", "topic", topic] if topic else []
            commands.append(["papermill", str(notebook), executed, "--no-progress-bar", *given])
            commands.append(["nbconvert", "--to", "html", executed])
    done = [measure([sys.executable, "-m", *words], environment) for words in commands]
    return len(commands) // 2, Measured(
        sum(run.seconds for run in done),
        sum(run.processor for run in done),
        max(run.memory or 0.0 for run in done),
    )


def best(
    count: int, command: Sequence[str], environment: dict[str, str], folder: Path = ROOT
) -> Measured:
    """Run a short command several times and return the quickest."""
    runs = (measure(command, environment, folder) for _ in range(count))
    return min(runs, key=lambda found: found.seconds)


def all_rows(folder: Path) -> list[Row]:
    """Measure everything; return what it is, the result, its ratio and the target."""
    project = folder / "project"
    for name in ("notebooks", "data", "docs", "requirements"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "CHANGELOG.md", project)
    environment = dict(os.environ)
    pages, base = plain(folder, environment)
    rows = [(f"papermill and nbconvert, {pages} pages one after another", base, 1.0, "")]

    def add(what: str, command: Sequence[str], target: str, count: int = 1) -> None:
        found = best(count, command, environment, project)
        rows.append((what, found, found.seconds / base.seconds, target))

    render = [sys.executable, "-m", "statedfigures", "render", "--quiet", "--jobs", "2"]
    uncached = "≤ 0.15 (0.20 accepted)"
    add("the default report, nothing cached", [*render, "--no-cache", "--out", "first"], uncached)
    measure(render, environment, project)  # fills the cache
    add("the same, nothing changed", render, "≤ 0.01, ≤ 0.5 s", 3)
    add("the same to another folder, all pages reused", [*render, "--out", "other"], "")
    add("all pages but one kept", [*render, "--only", "claims", "--no-cache"], "")
    nothing = best(5, [sys.executable, "-c", "pass"], environment, project)
    rows.append(("python -c pass", nothing, 1.0, ""))
    command = [sys.executable, "-m", "statedfigures", "--help"]
    found = best(5, command, environment, project)
    rows.append(
        ("statedfigures --help", found, found.seconds / nothing.seconds, "≤ 6 × the line above")
    )
    return rows


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
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
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
    result = f"{about}\n\n{table_of(rows)}\n"
    sys.stdout.write(result)
    if keep:
        head, _, _ = RESULTS.read_text(encoding="utf-8").partition(MARK)
        RESULTS.write_text(f"{head}{MARK}\n\n{result}", encoding="utf-8")


if __name__ == "__main__":
    main()
