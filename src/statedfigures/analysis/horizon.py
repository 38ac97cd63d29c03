"""How far projections may go, and from where on they are marked."""

from __future__ import annotations

from statedfigures.analysis.register import Register
from statedfigures.errors import ParameterError
from statedfigures.sources.records import ReleaseTables


def default_horizon_year(tables: ReleaseTables) -> int:
    """Give the last year projected by default.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    int
        The year of the release and the years of ``horizon_default_years``.

    Raises
    ------
    AssumptionError
        If the register has no such row.
    """
    years = Register.of(tables).get("horizon_default_years").central
    return tables.description.published.year + int(years)


def last_horizon_year(tables: ReleaseTables) -> int:
    """Give the last year that may be asked for: ``horizon_last_year``."""
    return int(Register.of(tables).get("horizon_last_year").central)


def require_horizon(tables: ReleaseTables, base_year: int, horizon_year: int) -> None:
    """Refuse a horizon that no projection covers.

    Parameters
    ----------
    tables
        The tables of the release.
    base_year
        Year of the base.
    horizon_year
        Last year asked for.

    Raises
    ------
    ParameterError
        If the horizon is not after the base, or after the last year allowed.
    """
    last = last_horizon_year(tables)
    if not base_year < horizon_year <= last:
        raise ParameterError(
            f"parameter horizon_year: {horizon_year} is outside {base_year + 1} to {last}; "
            "choose a year in this range"
        )
