"""Periods as readers say them, from their dates and kind."""

from __future__ import annotations

import re
from datetime import date, timedelta

from statedfigures.display.phrases import traced
from statedfigures.display.words import Words
from statedfigures.sources.records import Figure

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_QUARTERS = ("first", "second", "third", "fourth")
_HALF_YEAR = 0.5
_DAYS = 365.25


def month_of(day: date) -> str:
    """Write a month: ``October 2014``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_of(day: date) -> str:
    """Write a day: ``11 December 2014``."""
    return f"{day.day} {month_of(day)}"


def period_text(figure: Figure) -> str:
    """Write the period of a figure in words; empty where it has none.

    Examples
    --------
    A calendar year is ``2014``, a financial year ``2012-13``, twelve months
    ``year to December 2014``, part of a year ``January to October 2014``.
    """
    start, end = figure.period_start, figure.period_end
    if figure.period_kind == "since" and start:
        return f"since {start.year}"
    if end is None:
        return month_of(start) if start else ""
    if start is None or figure.period_kind == "point":
        return day_of(end)
    if figure.period_kind == "financial_year":
        return f"{start.year}-{end.year % 100:02d}"
    whole_months = (end + timedelta(days=1)).day == 1
    until = month_of(end) if whole_months else day_of(end)
    if figure.period_kind == "rolling_12_months":
        return f"year to {until}"
    if figure.period_kind == "part_year":
        first = MONTHS[start.month - 1] if start.year == end.year else month_of(start)
        return f"{first if whole_months else f'{start.day} {first}'} to {until}"
    return str(end.year) if start.year == end.year else f"{start.year} to {end.year}"


def period(figure: Figure) -> Words:
    """Give the period of a figure, leading to its row."""
    return traced(period_text(figure), f"figure:{figure.id}")


def year_position(day: date) -> float:
    """Place a day on an axis of years: the middle of 2014 is 2014.5."""
    return day.year + (day - date(day.year, 1, 1)).days / _DAYS


def figure_position(figure: Figure) -> float | None:
    """Place a figure on an axis of years at the middle of its period.

    Returns
    -------
    float or None
        A calendar year lies on its own number, so that ``2014`` is above the
        tick of 2014; None where the period has no end.
    """
    start, end = figure.period_start, figure.period_end
    if end is None and start is None:
        return None
    first = year_position(start or end)  # type: ignore[arg-type]
    last = year_position(end or start)  # type: ignore[arg-type]
    return (first + last) / 2 - _HALF_YEAR


def published_period_text(period: str) -> str:
    """Write the period of a published figure; unknown forms stay as they are.

    Examples
    --------
    >>> published_period_text("2014-01/2014-07"), published_period_text("2013-Q2")
    ('January to July 2014', 'second quarter of 2013')
    >>> published_period_text("2012-13"), published_period_text("2012")
    ('2012-13', '2012')
    """
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", period):
        return f"{_QUARTERS[int(found[2]) - 1]} quarter of {found[1]}"
    if found := re.fullmatch(r"(\d{4})-(\d\d)/(\d{4})-(\d\d)", period):
        first = date(int(found[1]), int(found[2]), 1)
        last = date(int(found[3]), int(found[4]), 1)
        begin = MONTHS[first.month - 1] if first.year == last.year else month_of(first)
        return f"{begin} to {month_of(last)}"
    if found := re.fullmatch(r"(\d{4})-(\d\d)", period):
        follows = int(found[2]) == (int(found[1]) + 1) % 100
        return period if follows else month_of(date(int(found[1]), int(found[2]), 1))
    return period
