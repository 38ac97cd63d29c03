"""Measure grids: pages a second here and on a Dask cluster, and the memory of few and many sets."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client
from measure import MARK, RESULTS, ROOT, Measured, machine, measure, plain

GRID_MARK = "<!-- grid results -->"
SCALING = ROOT / "docs" / "scaling.md"
SMALL = ROOT / "tests" / "notebooks-small"


def grid_file(folder: Path, sets: int) -> Path:
    """Write a grid of so many sets: three scenarios by seeds."""
    path = folder / f"sets-{sets}.toml"
    seeds = list(range(1, sets // 3 + 1))
    scenarios = '["low", "central", "high"]'
    path.write_text(
        f"[parameters]\ndraws = 4096\n[product]\nscenario = {scenarios}\nseed = {seeds}\n"
    )
    return path


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a scheduler and two workers as docs/scaling.md says; yield the address in the end."""
    dask = str(Path(sys.executable).with_name("dask"))
    recipe = re.search("```yaml\n(.*?)```", SCALING.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "dask.yaml").write_text(recipe[1] if recipe else "", encoding="utf-8")
    own = {**os.environ, "DASK_CONFIG": str(folder / "dask.yaml")}
    begin = [dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(begin, stderr=subprocess.PIPE, text=True, env=own)  # noqa: S603
    lines = (re.search(r"tcp://127\.0\.0\.1:\d+", line) for line in scheduler.stderr or ())
    address = next(found[0] for found in lines if found)
    begin = [dask, "worker", address, "--nworkers", "2", "--nthreads", "1",
             "--host", "127.0.0.1", "--no-dashboard"]  # fmt: skip
    workers = subprocess.Popen(begin, stderr=subprocess.DEVNULL, env=own)  # noqa: S603
    try:
        with Client(address) as client:
            client.wait_for_workers(2)
        yield address
    finally:
        for process in (workers, scheduler):
            process.terminate()
            process.wait()


def pages_of(folder: Path, name: str) -> int:
    """Count the pages of a grid that notebooks made."""
    return len(list((folder / "outputs" / "grids" / name).glob("*/notebooks/*.ipynb")))


def row(what: str, found: Measured, pages: int, target: str = "") -> str:
    """Return a row of the table."""
    memory = "" if found.memory is None else f"{found.memory:.0f}"
    return (
        f"| {what} | {pages} | {found.seconds:.1f} | {pages / found.seconds:.2f} | {memory} "
        f"| {target} |"
    )


def main() -> None:
    """Measure, print, and keep the results where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write the results to README.md")
    parser.add_argument("--sets", type=int, default=60, help="size of the grid of whole reports")
    parser.add_argument("--dask", type=int, default=60, help="sets on a cluster; 0 for none")
    parser.add_argument("--small", type=int, nargs="*", default=[60, 600], help="of small ones")
    chosen = parser.parse_args()
    lines = [
        "| grid | pages | seconds | pages a second | peak memory, MB | target |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("notebooks", "data", "docs"):
            shutil.copytree(ROOT / name, folder / name)
        environment = dict(os.environ)

        def add(what: str, sets: int, target: str, *options: str) -> None:
            path = grid_file(folder, sets)
            out = folder / "outputs" / "grids" / path.stem
            command = [sys.executable, "-m", "statedfigures", "grid", str(path), "--out", str(out)]
            found = measure([*command, "--quiet", *options], environment, folder)
            lines.append(row(f"{sets} sets, {what}", found, pages_of(folder, path.stem), target))
            sys.stderr.write(f"{lines[-1]}\n")
            shutil.rmtree(folder / "outputs")

        (folder / "plain").mkdir()
        pages, found = plain(folder / "plain", environment)
        lines.append(row("papermill and nbconvert, one after another", found, pages))
        add("2 jobs", chosen.sets, "≥ 15 × plain pages a second", "--jobs", "2")
        if chosen.dask:
            if chosen.dask != chosen.sets:
                add("2 jobs", chosen.dask, "", "--jobs", "2")
            with cluster(folder) as address:
                add("Dask, 2 workers", chosen.dask, "≥ 0.9 × the line above", "--dask", address)
        for sets in chosen.small:
            options = ("--jobs", "2", "--notebooks", str(SMALL))
            add("2 jobs, small notebooks", sets, "memory flat", *options)
    result = "\n".join([machine(), "", *lines, ""])
    sys.stdout.write(result)
    if chosen.keep:
        head, _, rest = RESULTS.read_text(encoding="utf-8").partition(GRID_MARK)
        others = f"{MARK}{rest.partition(MARK)[2]}"
        RESULTS.write_text(f"{head}{GRID_MARK}\n\n{result}\n{others}", encoding="utf-8")


if __name__ == "__main__":
    main()
