"""Measure grids beside plain papermill and nbconvert, in one run, and print a table.

The grid has three scenarios, five horizons and four seeds, all pages of each.
Then the same on a Dask cluster of two workers on this machine (its processor
seconds are those of scheduler, workers and command, their start included), and
part of it with one worker killed in the middle. Memory is measured for 60 and for 600
sets of the small notebooks of the tests, since 600 whole reports take an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psutil
from measure import RESULTS, ROOT, Measured, machine, measure, plain

BEGIN, END = "<!-- grid results -->", "<!-- end of grid results -->"
PAGES = 8
SMALL_PAGES = 3
GRID = [sys.executable, "-m", "statedfigures", "grid", "--quiet"]
SPEC = """\
[product]
scenario = ["low", "central", "high"]
horizon_year = [2016, 2017, 2018, 2019, 2020]
seed = {seeds}
"""
SMALL_SPEC = """\
release = "small-release"
[product]
scenario = ["low", "central", "high"]
seed = {seeds}
"""


@dataclass(frozen=True)
class Line:
    """One line of the table: what, how many sets and pages, the result and the target."""

    what: str
    sets: int
    pages: int
    found: Measured
    target: str = ""
    remark: str = ""

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.found.seconds


def grid_of(folder: Path, name: str, text: str) -> list[str]:
    """Write the file of a grid; give the command that renders it into a folder of its name."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return [*GRID, str(path), "--out", str(folder / name)]


def with_cache(folder: Path, name: str) -> dict[str, str]:
    """Give an environment with an empty cache."""
    return os.environ | {"STATEDFIGURES_CACHE": str(folder / f"cache-{name}")}


@contextmanager
def cluster(folder: Path, name: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and two workers; give the address and the process of the workers."""
    file = folder / f"scheduler-{name}.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(  # noqa: S603
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", str(file)],
        **quiet,
    )  # fmt: skip
    while not file.exists():
        time.sleep(0.1)
    workers = subprocess.Popen(  # noqa: S603
        [*dask, "worker", "--scheduler-file", str(file), "--nworkers", "2", "--nthreads", "1",
         "--no-dashboard", "--local-directory", str(folder)],
        env=with_cache(folder, name),
        **quiet,
    )  # fmt: skip

    try:
        time.sleep(10)  # a cluster that exists is there before it is used
        yield json.loads(file.read_text())["address"], workers
    finally:
        for one in (workers, scheduler):
            one.terminate()
            one.wait()


def set_digests(folder: Path) -> dict[str, str]:
    """Give one fingerprint for the files of each set."""
    found = {}
    for edition in sorted(path.parent for path in folder.glob("*/manifest.json")):
        digest = sha256()
        for path in sorted(edition.rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(edition).as_posix().encode() + path.read_bytes())
        found[edition.name] = digest.hexdigest()
    return found


def killed_in_the_middle(folder: Path, text: str, sets: int) -> Measured:
    """Kill one worker once a third of the sets are there."""
    with cluster(folder, "killed") as (address, workers):
        command = [*grid_of(folder, "killed", text), "--dask", address]
        began = time.perf_counter()
        with subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=with_cache(folder, "client")
        ) as run:
            while len(list((folder / "killed").glob("*/manifest.json"))) < sets // 3:
                if run.poll() is not None:
                    raise SystemExit("the grid ended before a worker was killed")
                time.sleep(0.2)
            nannied = [one for one in psutil.Process(workers.pid).children() if one.children()]
            nannied[0].kill()
        if run.returncode:
            raise SystemExit("the grid did not complete after a worker was killed")
        return Measured(time.perf_counter() - began, 0.0)


def seeded_notebooks(folder: Path) -> Path:
    """Copy the small notebooks and let each look at a seed, so that every set runs them."""
    copied = Path(shutil.copytree(ROOT / "tests" / "notebooks-small", folder / "notebooks"))
    for path in copied.glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
        place = next(
            number
            for number, cell in enumerate(cells)
            if "parameters" in cell["metadata"].get("tags", [])
        )
        declared = "".join(cells[place]["source"])
        cells[place]["source"] = f"{declared}\nseed: int = 1"
        look = {"cell_type": "code", "execution_count": None, "id": "look", "metadata": {}}
        cells.insert(place + 1, {**look, "outputs": [], "source": "_ = seed"})
        path.write_text(json.dumps(notebook), encoding="utf-8")
    return copied


def spent() -> float:
    """Give the processor seconds of every process that was started here and has ended."""
    times = os.times()
    return times.children_user + times.children_system


def lines_of(folder: Path, seeds: Sequence[int], many: int) -> Iterator[Line]:
    """Measure everything."""
    environment = with_cache(folder, "plain")
    base = plain(folder, environment)
    yield Line("papermill and nbconvert, one after another", 1, PAGES, base)
    text, sets = SPEC.format(seeds=list(seeds)), 15 * len(seeds)
    found = measure([*grid_of(folder, "jobs", text), "--jobs", "2"], with_cache(folder, "jobs"))
    yield Line("grid, --jobs 2", sets, sets * PAGES, found, "≥ 15 × plain, ≤ 1,200 MB")
    before = spent()
    with cluster(folder, "dask") as (address, _):
        command = [*grid_of(folder, "dask", text), "--dask", address]
        found = measure(command, with_cache(folder, "client"))
    found = Measured(found.seconds, spent() - before)
    same = set_digests(folder / "dask") == set_digests(folder / "jobs")
    remark = "same bytes" if same else "OTHER BYTES"
    yield Line("grid, --dask, two workers", sets, sets * PAGES, found, "≥ 0.9 × --jobs 2", remark)
    part = SPEC.format(seeds=list(seeds)[:1])
    found = killed_in_the_middle(folder, part, 15)
    whole = set_digests(folder / "jobs")
    same = all(whole[name] == one for name, one in set_digests(folder / "killed").items())
    remark = "complete, same bytes" if same else "OTHER BYTES"
    yield Line("the same, one worker killed", 15, 15 * PAGES, found, "complete", remark)
    notebooks = seeded_notebooks(folder)
    for count in (many // 10, many):
        seeded = SMALL_SPEC.format(seeds=list(range(count // 3)))
        small = [
            *grid_of(folder, f"small-{count}", seeded),
            *("--notebooks", str(notebooks)),
            *("--data", str(ROOT / "tests" / "releases"), "--jobs", "2"),
        ]
        found = measure(small, with_cache(folder, f"small-{count}"))
        yield Line("grid of small notebooks, --jobs 2", count, count * SMALL_PAGES, found,
                   "no more memory for more sets")  # fmt: skip


def table_of(lines: Sequence[Line]) -> str:
    """Write the lines as a Markdown table."""
    rows = [
        "| what | sets | pages | seconds | processor seconds | pages a second | × plain "
        "| peak memory, MB | target | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for one in lines:
        times = "" if "small" in one.what else f"{one.rate / lines[0].rate:.1f}"
        processor = f"{one.found.processor:.1f}" if one.found.processor else ""
        memory = f"{one.found.memory:.0f}" if one.found.memory else ""
        rows.append(
            f"| {one.what} | {one.sets} | {one.pages} | {one.found.seconds:.1f} | {processor} "
            f"| {one.rate:.2f} | {times} | {memory} | {one.target} | {one.remark} |"
        )
    return "\n".join(rows)


def main() -> None:
    """Measure, print, and keep the results where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write the results to README.md")
    parser.add_argument("--seeds", type=int, default=4, help="seeds; 15 sets for each (default 4)")
    parser.add_argument("--many", type=int, default=600, help="sets for memory (default 600)")
    arguments = parser.parse_args()
    about = machine()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for line in lines_of(Path(folder), range(1, arguments.seeds + 1), arguments.many):
            lines.append(line)
            sys.stderr.write(f"{line.what}, {line.sets} sets: {line.found} {line.remark}\n")
    result = f"{about}\n\n{table_of(lines)}\n"
    sys.stdout.write(result)
    if arguments.keep:
        written = RESULTS.read_text(encoding="utf-8")
        head, _, rest = written.partition(BEGIN)
        _, _, tail = rest.partition(END)
        RESULTS.write_text(f"{head}{BEGIN}\n\n{result}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
