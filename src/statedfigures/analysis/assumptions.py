"""Assumptions: which row applies, its value at a quantile, and the points that draw it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from statedfigures.analysis.qualifiers import triangular, uniform_between
from statedfigures.errors import AssumptionError

Array: TypeAlias = NDArray[np.float64]
Row: TypeAlias = "pd.Series[Any]"

# One dimension for each thing that is drawn, the most influential first, because
# the first dimensions of Sobol points are the most even. The order is the same for
# every series, so that one sequence serves all of them.
DIMENSIONS = (
    "chance",
    "growth_continues",
    "base",
    "damping",
    "volatility",
    "start",
    "base_step",
    "rest_of_year",
    "growth_years",
    "cutoff",
    "base_width",
    "start_width",
)
# Binary places that scipy gives a Sobol point.
PLACES = 30


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
    named = np.flatnonzero(assumptions["symbol"].to_numpy(dtype=object) == symbol)
    targets = assumptions["applies_to"].to_numpy(dtype=object)
    for wanted in (*ids, "all"):
        for position in named:
            if wanted in targets[position].split():
                return assumptions.iloc[int(position)]
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

    Raises
    ------
    AssumptionError
        If the distribution is unknown.

    Examples
    --------
    >>> row = pd.Series({"low": 2.0, "central": 3.0, "high": 6.0, "distribution": "uniform"})
    >>> value_at(row, np.array([0.25, 1.0])).tolist()
    [3.0, 6.0]
    """
    low, central, high = row["low"], row["central"], row["high"]
    match row["distribution"]:
        case "triangular":
            return triangular(uniform, low, central, high)
        case "uniform":
            return uniform_between(uniform, low, high)
        case "fixed":
            return np.full_like(uniform, central)
    raise AssumptionError(
        f"assumptions.csv: {row.name} has the distribution {row['distribution']!r}; "
        "use triangular, uniform or fixed"
    )


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
