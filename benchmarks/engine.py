"""Measure the projections: how long they take, and how far their quantiles are from the truth.

Time: `statedfigures.project` of every series, scenarios low, central and high, to the default
horizon with 16,384 draws, after a first call; the least of several runs.

Error: the truth is the mean over the quantiles of many scrambles with four times the draws.
Over 20 other scrambles of 16,384 draws, the root mean square of the relative error of each
middle and of each end of the 90% range, for every series, scenario and year after the base;
what is printed is the largest and the mean of them.

    python benchmarks/engine.py        prints one JSON object
"""

from __future__ import annotations

import json
import time

import numpy as np
import pandas as pd

import statedfigures as sf

DRAWS, MORE_DRAWS = 2**14, 2**16
SCRAMBLES, TRUE_SCRAMBLES = range(100, 120), range(1000, 1016)
RUNS = 10
GROUPS = {"middle": [0.5], "ends_of_90": [0.05, 0.95], "ends_of_50": [0.25, 0.75]}
KEYS = ["series", "scenario", "year", "quantile"]


def milliseconds_warm(release: sf.Release) -> float:
    """Return the least time of a projection of everything, in milliseconds."""
    scenarios = ("low", "central", "high")
    sf.project(release, scenario=scenarios)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        sf.project(release, scenario=scenarios)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def quantiles(release: sf.Release, draws: int, seed: int) -> pd.Series:
    """Return every projected value of a scramble."""
    projection = sf.project(release, scenario=("low", "central", "high"), draws=draws, seed=seed)
    first = projection.groupby("series")["year"].transform("min")
    return projection[projection["year"] > first].set_index(KEYS)["value"]


def relative_errors(release: sf.Release) -> pd.Series:
    """Return the root mean square relative error of each value over the scrambles."""
    truth = sum(quantiles(release, MORE_DRAWS, seed) for seed in TRUE_SCRAMBLES)
    truth = truth / len(TRUE_SCRAMBLES)
    errors = [quantiles(release, DRAWS, seed) / truth - 1 for seed in SCRAMBLES]
    return np.sqrt(sum(error**2 for error in errors) / len(SCRAMBLES))


def measure() -> dict[str, float]:
    """Return what is measured, by name: milliseconds and percent."""
    release = sf.read_release("weprotect-2014")
    found = {"milliseconds_warm": round(milliseconds_warm(release), 1)}
    errors = relative_errors(release)
    level = errors.index.get_level_values("quantile")
    for name, levels in GROUPS.items():
        part = 100 * errors[level.isin(levels)]
        found[f"{name}_largest_percent"] = round(float(part.max()), 3)
        found[f"{name}_mean_percent"] = round(float(part.mean()), 3)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))  # noqa: T201
