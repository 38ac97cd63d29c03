"""Scrambled Sobol points as a recipe of a few whole numbers, from which they are made again.

A page that repeats a projection needs the very points of the engine. All of
them would be too much to send; their recipe is a dozen numbers a dimension.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statedfigures.analysis.distributions import Array

Whole = NDArray[np.int64]
# The digits of a point: how many places ``scipy.stats.qmc.Sobol`` gives it after the binary point.
PLACES = 30


def recipe_of(points: Array) -> Whole:
    """Find what Sobol points were made from.

    Parameters
    ----------
    points
        Shape (dimensions, draws), the draws a power of two, from 0 to below
        1: see `draws.sobol_points`.

    Returns
    -------
    ndarray of int64
        Shape (dimensions, 1 + log2 of the draws), each number below 2^30: the
        shift of each dimension, which is its first point, then its direction
        numbers as they were scrambled.

    Notes
    -----
    In the order of the Gray code each point is the one before it, with one
    direction number added digit by digit in the binary system: that of the
    lowest digit by which their positions differ. Point 2^k therefore gives
    number k. Source: Antonov and Saleev, USSR Computational Mathematics and
    Mathematical Physics 19(1), 1979, pages 252-256.

    Examples
    --------
    >>> points = np.array([[0.5, 0.0, 0.25, 0.75]])
    >>> (recipe_of(points) / 2**30).tolist()
    [[0.5, 0.5, 0.25]]
    """
    whole = np.asarray(points * 2**PLACES, dtype=np.int64)
    starts = [2**power for power in range(whole.shape[1].bit_length() - 1)]
    directions = [whole[:, start] ^ whole[:, start - 1] for start in starts]
    return np.stack([whole[:, 0], *directions], axis=1)


def points_of(recipe: Whole) -> Array:
    """Make Sobol points from their recipe.

    Parameters
    ----------
    recipe
        See `recipe_of`.

    Returns
    -------
    ndarray
        The points, to the last digit.

    Examples
    --------
    >>> points_of(np.array([[2**29, 2**29, 2**28]])).tolist()
    [[0.5, 0.0, 0.25, 0.75]]
    """
    draws = 2 ** (recipe.shape[1] - 1)
    whole = np.empty((len(recipe), draws), dtype=np.int64)
    whole[:, 0] = recipe[:, 0]
    for place in range(1, draws):
        lowest = (place & -place).bit_length()
        whole[:, place] = whole[:, place - 1] ^ recipe[:, lowest]
    return np.asarray(whole / 2**PLACES)
