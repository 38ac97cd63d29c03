"""Tor Metrics' users over published internet users, beside the shares that the release states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from statedfigures.analysis.intervals import ZERO, exact_fraction, interval, overlaps, point
from statedfigures.analysis.periods import published_period
from statedfigures.analysis.phrases import claim_reading
from statedfigures.analysis.published import bases_of, shares_without_whole
from statedfigures.analysis.ratios import percent_share
from statedfigures.analysis.readings import published_inputs, published_interval
from statedfigures.analysis.records import Interval
from statedfigures.analysis.register import Register
from statedfigures.sources.records import Claim, PublishedFigure, ReleaseTables, TorMonth


@dataclass(frozen=True, slots=True)
class TorShare:
    """Tor Metrics' users over a published number of internet users, for one year.

    ``mean_daily_users`` weights each month by its days. ``share_percent`` is
    that mean over the base; ``monthly_range_percent`` runs from the lowest
    month to the highest. ``agrees`` says whether that range meets ``stated``,
    the share that the release states. ``months`` are those of one regime.
    """

    claim: Claim
    year: int
    regime: str
    months: tuple[TorMonth, ...]
    mean_daily_users: Fraction
    published: PublishedFigure
    share_percent: Interval
    monthly_range_percent: Interval
    stated: Interval
    agrees: bool
    inputs: tuple[str, ...]


def tor_over_internet_users(tables: ReleaseTables) -> tuple[TorShare, ...]:
    """Divide Tor Metrics' daily users by published internet users, year by year.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    tuple of TorShare
        For each share whose whole the release does not give, and each year up
        to the release that has a base: the months of the regime that the year
        begins in, over the latest base published for that year or before. By
        the claim's locator, then year. Empty without Tor months.

    Raises
    ------
    AssumptionError
        If the register lacks the rule of a hedge.

    Notes
    -----
    Share = mean of the monthly means weighted by their days, over the base.
    Months after the structural break never enter a year that began before it.
    """
    register, last_year = Register.of(tables), tables.description.published.year
    return tuple(
        share
        for claim in shares_without_whole(tables)
        if claim.topic == "tor"
        for year, months in _years(tables.tor_monthly_users, last_year)
        for share in _tor_shares(claim, year, months, tables, register)
    )


def _years(
    months: Sequence[TorMonth], last_year: int
) -> Iterator[tuple[int, tuple[TorMonth, ...]]]:
    """Give each year with the months of the regime that it begins in."""
    ordered = sorted(months, key=lambda month: month.month)
    for year in sorted({month.month.year for month in ordered if month.month.year <= last_year}):
        here = [month for month in ordered if month.month.year == year]
        yield year, tuple(month for month in here if month.regime == here[0].regime)


def _tor_shares(
    claim: Claim,
    year: int,
    months: tuple[TorMonth, ...],
    tables: ReleaseTables,
    register: Register,
) -> Iterator[TorShare]:
    """Give the share of one year, if a base was published for it or earlier."""
    bases = [
        row for row in bases_of(claim, tables) if published_period(row.period).first_year <= year
    ]
    stated = claim_reading(claim, register)
    if not bases or stated is None:
        return
    base = published_interval(bases[-1], register)
    levels = [exact_fraction(month.mean_daily_users) for month in months]
    days = sum(month.days for month in months)
    mean = (
        sum((level * month.days for level, month in zip(levels, months, strict=True)), ZERO) / days
    )
    monthly = percent_share(interval(min(levels), max(levels)), base)
    yield TorShare(
        claim=claim,
        year=year,
        regime=months[0].regime,
        months=months,
        mean_daily_users=mean,
        published=bases[-1],
        share_percent=percent_share(point(mean), base),
        monthly_range_percent=monthly,
        stated=stated,
        agrees=overlaps(monthly, stated),
        inputs=(
            f"claim:{claim.id}",
            *published_inputs(bases[-1], register),
            *(f"month:{month.month:%Y_%m}" for month in months),
        ),
    )
