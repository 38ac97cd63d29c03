"""Measure the projection engine beside a plain simulation, in a process of its own.

Both use the one formula of the project, `engine.paths`, for every series that
is projected, ten years and nine quantiles. The engine draws 4,096 scrambled
Sobol points; the simulation draws 100,000 ordinary random numbers with NumPy,
once for all series and all at once, and takes ``numpy.quantile``.

The first call comes after every import, in a process that has projected
nothing; SciPy reads its table of direction numbers in it. Later calls with
another seed make all points anew; with the same seed they are kept.

The errors are those of a case whose quantiles are known. With a base B, a
start S taken T years before it, growth carried on in full and compounded, a
normal change of growth with mean c and standard deviation s, no chance of
counting, yearly shocks with standard deviation v and a share p of their
variance that is one draw for all years, the logarithm after k years is ::

    ln B + k (ln(B / S) / T + c + s z) + v (sqrt(p) k z0 + sqrt(1 - p) (z1 + ... + zk))

with all z independent and standard normal; the formula draws what stands after
v as one number. So it is normal with mean
ln B + k (ln(B / S) / T + c) and variance k^2 (s^2 + v^2 p) + k v^2 (1 - p), and
a quantile of the level is exp(mean + standard deviation * normal quantile).
The error is that of a quantile relative to the true one, its mean taken over
years, levels and seeds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from statedfigures.analysis.distributions import Array, standard_normal
from statedfigures.analysis.draws import NORMAL_SLOTS, SLOTS, Draws, sobol_draws
from statedfigures.analysis.engine import POOL, paths
from statedfigures.analysis.model import Level, Model, model_of
from statedfigures.analysis.quantiles import LEVELS, MEDIAN, quantiles
from statedfigures.analysis.rules import POOLED, ROUNDING
from statedfigures.analysis.scenarios import projected_quantiles
from statedfigures.analysis.spreads import Stated
from statedfigures.analysis.values import assumption_values
from statedfigures.sources.records import ReleaseTables
from statedfigures.sources.release import read_release

RELEASE = "weprotect-2014"
POINTS, SIMULATED = 4096, 100_000
YEARS = 10
STEPS = tuple(range(1, YEARS + 1))
SEEDS = range(100, 164)
TIMES = 5
# The known case; shocks about as the register has them.
BASE, START, SPAN = 22_500.0, 15_000.0, 2
VALUES = {
    "overdispersion": 0.0,
    "level_shift_share": 0.0,
    "damping": 0.8,
    "saturation_ceiling": 3.0,
    "growth_volatility": 0.15,
    "growth_persistence": 0.2,
}
CHANGE, CHANGE_SPREAD = -0.1, 0.05


def all_models(tables: ReleaseTables) -> list[Model]:
    """Give the model of every series that is projected."""
    projected = sorted(one.id for one in tables.series.values() if one.projectable == "yes")
    return [model_of(tables, name) for name in projected]


def engine(tables: ReleaseTables, seed: int) -> list[Array]:
    """Project every series as the report does."""
    return [
        projected_quantiles(model, POOLED, sobol_draws(POINTS, seed), STEPS)
        for model in all_models(tables)
    ]


def simulated_draws(seed: int) -> Draws:
    """Draw ordinary random numbers, as many as the formula reads."""
    generator = np.random.default_rng(seed)
    uniforms = np.full((len(SLOTS), SIMULATED), MEDIAN)
    for number, slot in enumerate(SLOTS):
        if slot not in NORMAL_SLOTS:  # those are drawn as normal numbers at once
            generator.random(out=uniforms[number])
    return Draws(uniforms, *generator.standard_normal((len(NORMAL_SLOTS), SIMULATED)))


def simulation(tables: ReleaseTables, seed: int) -> list[Array]:
    """Project every series with ordinary random numbers."""
    draws = simulated_draws(seed)
    return [
        np.quantile(
            paths(model, assumption_values(model, draws), draws, STEPS, POOL), LEVELS, axis=1
        ).T
        for model in all_models(tables)
    ]


def known_case(model: Model) -> Model:
    """Give a model like another, with base and start that are exactly known."""
    ends = ((BASE, model.base.year), (START, model.base.year - SPAN))
    base, start = (
        Level(Stated(value, rounded_to=0.0, floor=value, cap=value), ROUNDING, year)
        for value, year in ends
    )
    return replace(model, base=base, start=start)


def known_paths(model: Model, draws: Draws) -> Array:
    """Project the case whose quantiles are known."""
    change = CHANGE + CHANGE_SPREAD * standard_normal(draws.of("growth_change"))
    return paths(model, {**VALUES, "growth_change": change}, draws, STEPS, "compound")


def true_quantiles() -> Array:
    """Give the quantiles of that case, shape (years, levels): see the top of this file."""
    year = np.array(STEPS, dtype=float)[:, np.newaxis]
    volatility, persistence = VALUES["growth_volatility"], VALUES["growth_persistence"]
    mean = np.log(BASE) + year * (np.log(BASE / START) / SPAN + CHANGE)
    variance = year**2 * (CHANGE_SPREAD**2 + volatility**2 * persistence)
    variance += year * volatility**2 * (1 - persistence)
    return np.exp(mean + np.sqrt(variance) * standard_normal(np.array(LEVELS)))


def mean_errors(tables: ReleaseTables) -> tuple[float, float]:
    """Give the mean error of engine and simulation, each a fraction of the true quantile."""
    model, truth = known_case(all_models(tables)[0]), true_quantiles()
    found: tuple[list[float], list[float]] = ([], [])
    for seed in SEEDS:
        ours = quantiles(known_paths(model, sobol_draws(POINTS, seed)))
        theirs = np.quantile(known_paths(model, simulated_draws(seed)), LEVELS, axis=1).T
        for errors, result in zip(found, (ours, theirs), strict=True):
            errors.append(float(np.mean(np.abs(result / truth - 1))))
    return float(np.mean(found[0])), float(np.mean(found[1]))


def timed(call: Callable[[int], object], seed: int) -> tuple[float, float]:
    """Give the wall-clock and the processor seconds that a call takes."""
    began, used = time.perf_counter(), time.process_time()
    call(seed)
    return time.perf_counter() - began, time.process_time() - used


def main() -> None:
    """Print what was measured as one JSON object: pairs of seconds, and errors as fractions."""
    # Part of the import: the engine itself puts it off until something is projected.
    from scipy.stats import qmc  # noqa: F401

    tables = read_release(RELEASE)
    ours, theirs = partial(engine, tables), partial(simulation, tables)
    found: dict[str, object] = {
        "first": timed(ours, 0),
        "anew": min(timed(ours, seed) for seed in range(1, TIMES)),
        "kept": min(timed(ours, TIMES - 1) for _ in range(TIMES)),
        "simulation": min(timed(theirs, seed) for seed in range(TIMES)),
    }
    found["error"], found["simulation_error"] = mean_errors(tables)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
