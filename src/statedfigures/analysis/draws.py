"""Scrambled Sobol points, and what each of their dimensions draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from statedfigures.analysis.distributions import Array, assumed_values, standard_normal
from statedfigures.analysis.quantiles import MEDIAN
from statedfigures.analysis.rules import FORM_RULES
from statedfigures.errors import ParameterError
from statedfigures.sources.records import Assumption

# One dimension for each source of uncertainty, the most influential first:
# the first dimensions of Sobol points are the most even.
SLOTS: tuple[str, ...] = (
    "later_growth",
    "growth_change",
    "level_shift_share",
    "base",
    "rest_of_year",
    "growth_volatility",
    "growth_persistence",
    *FORM_RULES.values(),
    "growth_period_years",
    "damping",
    "saturation_ceiling",
    "annualisation_cutoff",
    "annualisation_remaining_rate",
    "base_hedge",
    "start_hedge",
    "overdispersion",
    "start",
    "later_count",
    "base_count",
    "start_count",
)
SLOT_NUMBERS = {name: number for number, name in enumerate(SLOTS)}
# Those that stand for normal numbers, in the order of the fields of `Draws`.
NORMAL_SLOTS = ("later_growth", "later_count", "base_count", "start_count")


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Uniform numbers for every slot, and normal ones for what chance adds.

    ``uniforms`` has shape (slots, draws), the others have shape (draws,):
    the chance of the growth of later years, of counting in a later year, in
    the base year and in the start year.
    """

    uniforms: Array
    later_growth: Array
    later_count: Array
    base_count: Array
    start_count: Array
    _known: dict[tuple[Assumption, str], Array] = field(
        default_factory=dict, init=False, repr=False
    )

    @classmethod
    def at_the_middle(cls) -> Draws:
        """Give one draw in which every number is at its median, for central values."""
        return draws_from(np.full((len(SLOTS), 1), MEDIAN))

    def of(self, slot: str) -> Array:
        """Give the uniform numbers of a slot, shape (draws,)."""
        return np.asarray(self.uniforms[SLOT_NUMBERS[slot]])

    def values_of(self, row: Assumption, slot: str) -> Array:
        """Give the values of an assumption that a slot draws, shape (draws,); read-only.

        They are worked out once, because most rows are read for several series.
        """
        key = (row, slot)
        if key not in self._known:
            values = assumed_values(row, self.of(slot))
            values.flags.writeable = False
            self._known[key] = values
        return self._known[key]

    def with_slots_of(self, other: Draws, slots: tuple[str, ...]) -> Draws:
        """Take the numbers of some slots from other draws."""
        uniforms = self.uniforms.copy()
        numbers = [SLOT_NUMBERS[slot] for slot in slots]
        uniforms[numbers] = other.uniforms[numbers]
        return draws_from(uniforms)


def require_draws(draws: int, seed: int) -> None:
    """Refuse a number of draws that Sobol points do not come in.

    Raises
    ------
    ParameterError
        If `draws` is no power of two, or the seed is below zero.

    Examples
    --------
    >>> require_draws(1000, 1)
    Traceback (most recent call last):
    statedfigures.errors.ParameterError: parameter draws: 1000 is no power of two; use 512 or 1024
    """
    if draws < 2 or draws & (draws - 1):
        lower = 2 ** max(int(draws).bit_length() - 1, 1) if draws > 0 else 2
        raise ParameterError(
            f"parameter draws: {draws} is no power of two; use {lower} or {lower * 2}"
        )
    if seed < 0:
        raise ParameterError(f"parameter seed: {seed} is below zero; use zero or a number above")


@lru_cache(maxsize=2**2)
def sobol_points(dimensions: int, draws: int, seed: int) -> Array:
    """Give scrambled Sobol points.

    Parameters
    ----------
    dimensions
        Number of dimensions, 1 or more.
    draws
        Number of points, a power of two.
    seed
        Seed of the scrambling.

    Returns
    -------
    ndarray
        Shape (dimensions, draws), numbers from 0 to below 1; read-only.

    Raises
    ------
    ParameterError
        If `draws` is no power of two, or the seed is below zero.

    Notes
    -----
    ``scipy.stats.qmc.Sobol``: direction numbers of Joe and Kuo, SIAM Journal on
    Scientific Computing 30(5), 2008, pages 2635-2654; scrambling by a random
    linear matrix and a digital shift after Matousek, Journal of Complexity
    14(4), 1998, pages 527-556.
    """
    require_draws(draws, seed)
    # Imported here because it takes a second, and only a projection needs it.
    from scipy.stats import qmc

    points = qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(draws.bit_length() - 1)
    columns = np.ascontiguousarray(points.T)
    columns.flags.writeable = False
    return columns


def draws_from(points: Array) -> Draws:
    """Share out the dimensions of uniform points.

    Parameters
    ----------
    points
        Shape (slots, draws), from 0 to below 1, in the order of `SLOTS`.

    Returns
    -------
    Draws
        The points, and the normal numbers that some of them stand for.
    """
    return Draws(points, *(standard_normal(points[SLOT_NUMBERS[slot]]) for slot in NORMAL_SLOTS))


@lru_cache(maxsize=2**2)
def sobol_draws(draws: int, seed: int) -> Draws:
    """Give the draws that all projections share: see `sobol_points` and `draws_from`."""
    return draws_from(sobol_points(len(SLOTS), draws, seed))
