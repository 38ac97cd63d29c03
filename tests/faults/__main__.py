"""All faults at full scale: ``make faults`` prints a table and fails if anything broke."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults import disks, faults
from tests.faults.bench import SHOWN, Bench, Outcome


def main() -> int:
    """Run all faults, print the table, return the exit status."""
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("--scale", type=float, default=1.0, help="1 is full scale")
    options.add_argument("--only", default="", help="one of them by its name")
    chosen = options.parse_args()
    scale = chosen.scale
    SHOWN.append(True)
    # A shell lets what it runs in the background ignore Ctrl-C, and renders would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def runs(number: int) -> int:
        return max(1, round(number * scale))

    kinds: dict[str, Callable[[Bench], Outcome]] = {
        "kill": lambda bench: faults.killed_renders(bench, runs(110), signal.SIGKILL),
        "interrupt": lambda bench: faults.killed_renders(bench, runs(40), signal.SIGINT, seed=6),
        "kernel": lambda bench: faults.killed_kernels(bench, runs(50)),
        "server": lambda bench: faults.killed_fork_servers(bench, runs(20)),
        "concurrent": lambda bench: faults.concurrent_runs(bench, runs(20)),
        "manifest": lambda bench: faults.damaged_manifests(bench, runs(20)),
        "cache": lambda bench: faults.damaged_caches(bench, runs(20)),
        "disk": lambda bench: disks.full_disks(bench, runs(10)),
        "temporary": lambda bench: disks.full_temporary_disks(bench, runs(10)),
        "size": lambda bench: disks.size_limits(bench, runs(5)),
        "read-only": lambda bench: disks.read_only_folders(bench, runs(5)),
    }
    broken = 0
    print(f"{'fault':<38} {'runs':>5} {'broken':>7}  how the runs ended", flush=True)  # noqa: T201
    began = time.monotonic()
    for name, kind in kinds.items():
        if chosen.only not in name:
            continue
        with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
            bench = Bench(Path(folder))
            try:
                outcome = kind(bench)
            except PermissionError as error:
                print(f"left out: {error}", flush=True)  # noqa: T201
                continue
            finally:
                bench.close()
        print(outcome.row(), flush=True)  # noqa: T201
        for broke in outcome.broken:
            print(f"{outcome.fault}: {broke}", file=sys.stderr, flush=True)  # noqa: T201
        broken += len(outcome.broken)
    print(f"{time.monotonic() - began:.0f} seconds")  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
