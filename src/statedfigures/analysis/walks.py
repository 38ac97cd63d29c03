"""Random walks, drawn year by year with the far years first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from statedfigures.analysis.distributions import Array


@dataclass(frozen=True, slots=True)
class Bridge:
    """A year of a walk, and the years known before it that it is drawn between.

    ``after`` is None where no later year is known yet.
    """

    year: int
    before: int
    after: int | None


def years_in_order(years: int, first: int) -> tuple[int, ...]:
    """Give the order in which a walk is drawn: the far years first, then those between.

    Parameters
    ----------
    years
        Number of years, 1 or more.
    first
        Year that is drawn first, as directly as can be.

    Returns
    -------
    tuple of int
        Every year from 1 to `years` once: `first` and its doubles, the last
        year, then the middle of each gap.

    Examples
    --------
    >>> years_in_order(8, 3)
    (3, 6, 8, 1, 4, 7, 2, 5)
    """
    order = [min(first, years)]
    while order[-1] * 2 < years:
        order.append(order[-1] * 2)
    if order[-1] < years:
        order.append(years)
    while len(order) < years:
        known = [0, *sorted(order)]
        order += [(low + high) // 2 for low, high in pairwise(known) if high - low > 1]
    return tuple(order)


def bridges_of(years: int, first: int) -> tuple[Bridge, ...]:
    """Give each year of a walk with its neighbours, in the order in which they are drawn.

    Parameters
    ----------
    years, first
        See `years_in_order`.

    Examples
    --------
    >>> [(one.year, one.before, one.after) for one in bridges_of(3, 2)]
    [(2, 0, None), (3, 2, None), (1, 0, 2)]
    """
    known = [0]
    bridges = []
    for year in years_in_order(years, first):
        before = max(one for one in known if one < year)
        bridges.append(
            Bridge(year, before, min((one for one in known if one > year), default=None))
        )
        known.append(year)
    return tuple(bridges)


def walk_from(normal: Array, first: int) -> Array:
    """Build a random walk with unit steps, far years first.

    Parameters
    ----------
    normal
        Standard normal numbers, shape (years, draws).
    first
        See `years_in_order`.

    Returns
    -------
    ndarray
        The walk at each year, shape (years, draws): variance k after k years.

    Notes
    -----
    A Brownian bridge, so that the most even dimensions decide the years that
    headlines are about: Caflisch, Morokoff and Owen, Valuation of
    mortgage-backed securities using Brownian bridges to reduce effective
    dimension, Journal of Computational Finance 1(1), 1997, pages 27-46.
    """
    years = len(normal)
    walk = np.zeros((years + 1, normal.shape[1]))
    for one, drawn in zip(bridges_of(years, first), normal, strict=True):
        if one.after is None:
            walk[one.year] = walk[one.before] + np.sqrt(one.year - one.before) * drawn
        else:
            share = (one.year - one.before) / (one.after - one.before)
            middle = (1 - share) * walk[one.before] + share * walk[one.after]
            walk[one.year] = middle + np.sqrt(share * (one.after - one.year)) * drawn
    return walk[1:]
