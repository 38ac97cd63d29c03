"""A full year from part of one, and back."""

from __future__ import annotations

import numpy as np

from statedfigures.analysis.distributions import Array, Number, standard_normal


def full_year(to_date: Number, elapsed: Number, log_spread: Number, uniform: Number) -> Array:
    """Annualise a count to date.

    Parameters
    ----------
    to_date
        Count in the part of the year that has passed.
    elapsed
        That part as a fraction of the year, above 0.
    log_spread
        Standard deviation of ln r, where r is the rate in the rest of the
        year over the rate so far.
    uniform
        Numbers from 0 to 1 that draw r; 0.5 gives r = 1.

    Returns
    -------
    ndarray
        Count for the whole year, in the unit of `to_date`.

    Notes
    -----
    ``to date * (1 + remaining / elapsed * r)``, r log-normal around 1.

    Examples
    --------
    Nine hundred in three quarters of a year are twelve hundred in the whole.

    >>> float(full_year(900.0, 0.75, 0.2, 0.5))
    1200.0
    """
    rate = np.exp(log_spread * standard_normal(uniform))
    return np.asarray(to_date * (1 + (1 - np.asarray(elapsed)) / elapsed * rate))


def count_to_date(projected_year: Number, elapsed: Number) -> Array:
    """Give the count to date that a projected full year implies.

    Parameters
    ----------
    projected_year
        A full-year figure that was projected with the rest of the year like
        the part that had passed (r = 1).
    elapsed
        That part as a fraction of the year.

    Returns
    -------
    ndarray
        Count in the part of the year.

    Examples
    --------
    >>> float(count_to_date(1200.0, 0.75))
    900.0
    """
    return np.asarray(projected_year * np.asarray(elapsed))
