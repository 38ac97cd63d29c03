"""What a projection takes: arguments, assumptions, and the points that draw them.

Arguments are checked alike in a notebook and on the command line.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from statedfigures.errors import AssumptionError, ParameterError
from statedfigures.release.schema import Cells, Release, Row, require_release

Array: TypeAlias = NDArray[np.float64]
Number: TypeAlias = float | Array

FEWEST_DRAWS, MOST_DRAWS, DRAWS = 2**6, 2**16, 2**14
SEED, LARGEST_SEED = 1, 2**32 - 1

# One dimension for each thing that is drawn, the most influential first, because
# the first dimensions of Sobol points are the most even. The order is the same for
# every series, so that one sequence serves all of them.
DIMENSIONS = (
    *("chance", "growth_continues", "base", "damping", "volatility", "start", "base_step"),
    *("rest_of_year", "growth_years", "cutoff", "base_width", "start_width"),
)
# Binary places that scipy gives a Sobol point.
PLACES = 30


@dataclass(frozen=True, slots=True)
class Arguments:
    """What is projected: series, scenarios, last year, Sobol points and their seed."""

    series: tuple[str, ...]
    scenario: tuple[str, ...]
    horizon_year: int
    draws: int
    seed: int


def check_arguments(
    release: Release,
    series: str | Iterable[str] | None = None,
    scenario: str | Iterable[str] | None = None,
    horizon_year: int = 0,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Arguments:
    """Return the arguments of a projection with their defaults filled in.

    Parameters
    ----------
    release
        The release.
    series
        Ids of series that may be projected; all of them where left out.
    scenario
        ``low``, ``central``, ``high`` or a scenario of scenarios.csv; all of
        them where left out.
    horizon_year
        Last year projected; 0 is the default of release.toml.
    draws
        Number of Sobol points, a power of two from 64 to 65,536.
    seed
        Seed of their scrambling, 0 to 2^32 - 1.

    Returns
    -------
    Arguments
        Checked, with series and scenarios in the order of their tables.

    Raises
    ------
    ParameterError
        Naming every argument that is wrong, what is allowed, and what was
        probably meant.
    """
    require_release(release)
    about, scenarios = release.about, scenario_names(release)
    projectable = release.series.index[release.series["projectable"] == "yes"].tolist()
    chosen, held = _names(series, projectable), _names(scenario, scenarios)
    faults = [
        f"parameter series: {name!r} is not projected: {release.row(f'series:{name}')['reason']}"
        if name in release.series.index
        else _unknown("series", name, projectable)
        for name in chosen
        if name not in projectable
    ]
    faults += [_unknown("scenario", name, scenarios) for name in held if name not in scenarios]
    if not isinstance(horizon_year, bool) and horizon_year == 0:
        horizon_year = about.default_horizon
    because = " (from the year after the release to the limit in release.toml)"
    allowed: dict[str, tuple[int, int, int, int, str]] = {
        "horizon_year": (horizon_year, 0, about.published.year + 1, about.last_horizon, because),
        "draws": (draws, DRAWS, FEWEST_DRAWS, MOST_DRAWS, ""),
        "seed": (seed, SEED, 0, LARGEST_SEED, ""),
    }
    for name, (value, default, lowest, highest, why) in allowed.items():
        problem = ""
        if not isinstance(value, Integral) or isinstance(value, bool):
            problem = f"{value!r} is not a whole number; the default is {default}"
        elif not lowest <= value <= highest:
            problem = f"{value} is out of range; give a number from {lowest} to {highest}{why}"
        elif name == "draws" and int(value).bit_count() != 1:
            problem = (
                f"{value} is not a power of two, which scrambled Sobol points need; the nearest "
                f"one below is {1 << (int(value).bit_length() - 1)}"
            )
        faults += [f"parameter {name}: {problem}"] if problem else []
    if faults:
        raise ParameterError("\n".join(faults))
    projected = tuple(name for name in projectable if name in chosen)
    drawn = tuple(name for name in scenarios if name in held)
    return Arguments(projected, drawn, int(horizon_year), int(draws), int(seed))


def scenario_names(release: Release) -> tuple[str, ...]:
    """Return low, central and high, then the scenarios of scenarios.csv in their order."""
    return ("low", "central", "high", *release.scenarios["scenario"].unique().tolist())


def _names(given: str | Iterable[str] | None, every: Collection[str]) -> Collection[str]:
    if given is None:
        return every
    return (given,) if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)


def _unknown(parameter: str, name: str, choices: Collection[str]) -> str:
    near = difflib.get_close_matches(str(name), choices, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(choices) or "nothing, because no series may be projected"
    return f"parameter {parameter}: {name!r} is not one of {listed}{meant}"


def row_of(release: Release, reference: str) -> Row:
    """Return the row that a reference such as ``figure:ships_2020`` names, as plain values."""
    found = release.row(reference)
    return Cells(found.name, found.to_dict().items())


def applying(assumptions: pd.DataFrame, symbol: str, *ids: str) -> Row | None:
    """Return the row of a symbol that applies to an id: one that names it, else one for all.

    Parameters
    ----------
    assumptions
        The register, indexed by id.
    symbol
        Such as ``damping``.
    ids
        Series and figures, the one that decides first.

    Returns
    -------
    Series or None
        None where no row of the symbol applies.

    Examples
    --------
    >>> register = pd.DataFrame(
    ...     {"symbol": ["damping", "damping"], "applies_to": ["all", "trees shrubs"]},
    ...     index=["damping", "damping_trees"],
    ... )
    >>> applying(register, "damping", "trees").name, applying(register, "damping", "hens").name
    ('damping_trees', 'damping')
    """
    symbols, targets = (assumptions[name].tolist() for name in ("symbol", "applies_to"))
    for wanted in (*ids, "all"):
        for position, applies_to in enumerate(targets):
            if symbols[position] == symbol and wanted in applies_to.split():
                return assumptions.iloc[position]
    return None


def required(assumptions: pd.DataFrame, symbol: str, *ids: str) -> Row:
    """Return the row that applies, or raise an AssumptionError that says which is missing."""
    row = applying(assumptions, symbol, *ids)
    if row is None:
        needed = " or ".join(ids) or "all"
        raise AssumptionError(
            f"assumptions.csv: no row has the symbol {symbol} for {needed}; add one, "
            "with low, central and high and the basis for them"
        )
    return row


def triangular(uniform: Number, low: Number, mode: Number, high: Number) -> Array:
    """Return values of a triangular distribution at uniform numbers.

    Parameters
    ----------
    uniform
        Numbers from 0 to 1.
    low, mode, high
        Ends and most likely value, in order, in one unit.

    Returns
    -------
    ndarray
        Values between `low` and `high`, in the same unit.

    Notes
    -----
    With c = (mode - low) / (high - low): low + sqrt(u (high - low)(mode - low))
    for u <= c, else high - sqrt((1 - u)(high - low)(high - mode)). Source:
    Evans, Hastings and Peacock, Statistical Distributions, 3rd edition, 2000.

    Examples
    --------
    >>> float(triangular(0.5, 0.0, 1.0, 2.0))
    1.0
    """
    below, above = np.asarray(mode) - low, np.asarray(high) - mode
    width = below + above
    rising = low + np.sqrt(uniform * width * below)
    falling = high - np.sqrt((1 - np.asarray(uniform)) * width * above)
    return np.asarray(np.where(uniform * width <= below, rising, falling))


def value_at(row: Row, uniform: Array) -> Array:
    """Return the values of an assumption at quantiles of its distribution.

    Parameters
    ----------
    row
        A row of the register: ``low`` and ``high`` are the ends, ``central``
        is the peak of a triangular distribution and the value of a fixed one.
    uniform
        Quantiles, numbers from 0 to 1.

    Returns
    -------
    ndarray
        In the unit of the row, in the shape of `uniform`.

    Examples
    --------
    >>> row = pd.Series({"low": 2.0, "central": 3.0, "high": 6.0, "distribution": "uniform"})
    >>> value_at(row, np.array([0.25, 1.0])).tolist()
    [3.0, 6.0]
    """
    return distributed(row["distribution"], uniform, row["low"], row["central"], row["high"])


def distributed(shape: str, uniform: Number, low: Number, mode: Number, high: Number) -> Array:
    """Return values of a triangular or uniform distribution; those of a fixed one are its mode."""
    if shape == "triangular":
        return triangular(uniform, low, mode, high)
    if shape == "uniform":
        return np.asarray(low + uniform * (np.asarray(high) - low))
    return np.full_like(uniform, mode)


@lru_cache(maxsize=8)
def sobol_points(draws: int, seed: int, dimensions: int = len(DIMENSIONS)) -> Array:
    """Return scrambled Sobol points, the same for every series.

    Parameters
    ----------
    draws
        Number of points, a power of two.
    seed
        Seed of their scrambling.
    dimensions
        Number of dimensions; those of `DIMENSIONS` where left out.

    Returns
    -------
    ndarray
        Shape (dimensions, draws), numbers above 0 and below 1, read-only.

    Notes
    -----
    ``scipy.stats.qmc.Sobol``: direction numbers of Joe and Kuo, SIAM Journal on
    Scientific Computing 30(5), 2008, pages 2635-2654; scrambling by a random
    linear matrix and a digital shift after Matousek, Journal of Complexity
    14(4), 1998, pages 527-556.
    """
    points = qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(draws.bit_length() - 1)
    # A point may be 0, where a normal number would be infinite: the middle of its cell is not.
    columns = np.ascontiguousarray(points.T) + 2.0 ** -(PLACES + 1)
    columns.flags.writeable = False
    return columns


def direction_numbers(draws: int, seed: int) -> NDArray[np.int64]:
    """Return what the points are made from, so that a page can make them again.

    Parameters
    ----------
    draws, seed
        See `sobol_points`.

    Returns
    -------
    ndarray of int64
        Shape (dimensions, 1 + log2 of the draws), each below 2^30: the first
        point of a dimension, then its scrambled direction numbers.

    Notes
    -----
    In the order of the Gray code each point is the one before it, with one
    direction number added digit by digit in the binary system: that of the
    lowest digit by which their positions differ (Antonov and Saleev, USSR
    Computational Mathematics and Mathematical Physics 19(1), 1979, pages
    252-256). A point is the whole number plus one half, over 2^30.

    Examples
    --------
    >>> numbers = direction_numbers(64, 1)
    >>> second = (numbers[:, 0] ^ numbers[:, 1]) + 0.5
    >>> bool((second / 2**30 == sobol_points(64, 1)[:, 1]).all())
    True
    """
    whole = (sobol_points(draws, seed) * 2**PLACES).astype(np.int64)
    starts = [2**power for power in range(draws.bit_length() - 1)]
    steps = [whole[:, start] ^ whole[:, start - 1] for start in starts]
    return np.stack([whole[:, 0], *steps], axis=1)
