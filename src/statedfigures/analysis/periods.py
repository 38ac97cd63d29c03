"""Which kind of period a published figure covers, read from its period text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from statedfigures.errors import ParameterError
from statedfigures.sources.records import Figure, PublishedFigure

_CALENDAR_YEAR = re.compile(r"\d{4}")
_QUARTER = re.compile(r"\d{4}-Q[1-4]")
_YEAR_AND_TWO_DIGITS = re.compile(r"(\d{2})(\d{2})-(\d{2})")
_SPAN = re.compile(r"\d{4}-\d{2}/\d{4}-\d{2}")
_CENTURY = 100
WHOLE_YEARS = frozenset({"calendar_year", "financial_year", "rolling_12_months"})
PARTS_OF_YEARS = frozenset({"part_year", "month", "quarter"})


@dataclass(frozen=True, slots=True)
class PublishedPeriod:
    """Kind of a published figure's period and the year it starts in."""

    kind: str
    first_year: int


def published_period(period: str) -> PublishedPeriod:
    """Read the period of a figure published elsewhere.

    Parameters
    ----------
    period
        A calendar year, a financial year such as 2012-13, a quarter such as
        2013-Q2, a month such as 2020-04, or a span of months with a slash.

    Returns
    -------
    PublishedPeriod
        Kind ``calendar_year``, ``financial_year``, ``quarter``, ``month`` or
        ``part_year``, and the first year.

    Raises
    ------
    ParameterError
        If the text is none of these.

    Notes
    -----
    Year and two digits are a financial year where the digits are those of the
    next year, else a month: 2009-10 is a financial year.

    Examples
    --------
    >>> published_period("2012-13")
    PublishedPeriod(kind='financial_year', first_year=2012)
    >>> published_period("2020-04").kind
    'month'
    """
    first_year = period.partition("-")[0]
    if _CALENDAR_YEAR.fullmatch(period):
        return PublishedPeriod("calendar_year", int(period))
    if _QUARTER.fullmatch(period):
        return PublishedPeriod("quarter", int(first_year))
    if found := _YEAR_AND_TWO_DIGITS.fullmatch(period):
        follows = (int(found[2]) + 1) % _CENTURY == int(found[3])
        return PublishedPeriod("financial_year" if follows else "month", int(first_year))
    if _SPAN.fullmatch(period):
        return PublishedPeriod("part_year", int(first_year))
    raise ParameterError(
        f"published.csv: the period {period!r} is not known; "
        "write a year, a financial year, a quarter, a month or a span of months"
    )


def covers_period(figure: Figure, published: PublishedFigure, release_year: int) -> bool:
    """Say whether a published figure falls into the period of a stated figure.

    Parameters
    ----------
    figure
        The stated figure. Without a period it takes any.
    published
        The figure published elsewhere.
    release_year
        Year of the release: what a ``since`` figure says ends there.

    Returns
    -------
    bool
        For periods of the same kind, whether they start in the same year; for
        different kinds, whether the published one starts within the years of
        the stated one.
    """
    if figure.period_start is None:
        return True
    period = published_period(published.period)
    first = figure.period_start.year
    if figure.period_kind == "since":
        return first <= period.first_year <= release_year
    if figure.period_kind == period.kind:
        return first == period.first_year
    last = first if figure.period_end is None else figure.period_end.year
    return first <= period.first_year <= last
