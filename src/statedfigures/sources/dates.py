"""Domain rules on dates: what a Table Schema cannot say of a period."""

# The docstring of a rule is the rule, as a sentence.
# ruff: noqa: D401

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from statedfigures.sources.cells import quoted
from statedfigures.sources.records import Assumption, Figure, PublishedFigure, TorMonth

Problem = tuple[str, str, str]

# The kinds whose period has both its dates.
WHOLE_KINDS = {"calendar_year", "financial_year", "rolling_12_months", "part_year"}
_WHOLE_YEAR_DAYS = range(365, 367)


def period_is_ordered(figure: Figure) -> Iterator[Problem]:
    """A period does not end before it starts."""
    start, end = figure.period_start, figure.period_end
    if start and end and end < start:
        yield "period_end", f"the period ends on {end}, before it starts on {start}", "swap them"


def period_fits_its_kind(figure: Figure) -> Iterator[Problem]:
    """A period has the dates that its kind says."""
    start, end, kind = figure.period_start, figure.period_end, figure.period_kind
    if kind == "since" and start is None:
        yield "period_start", "a figure since a date gives no date", "fill it in"
    if kind in WHOLE_KINDS and (start is None or end is None):
        column = "period_start" if start is None else "period_end"
        yield column, f"the kind {kind} needs both dates of the period", "fill it in"
    if start is None or end is None or end < start:
        return
    if kind == "point" and start != end:
        yield "period_kind", f"a point lasts from {start} to {end}", "give one day or another kind"
    expected = {"calendar_year": _calendar_year(end), "financial_year": _financial_year(end)}
    if kind in expected and (start, end) != expected[kind]:
        first, last = expected[kind]
        found = f"{start} to {end} is no {kind.replace('_', ' ')}"
        yield "period_kind", found, f"give {first} to {last}, or another kind"
    days = (end - start).days + 1
    if kind == "rolling_12_months" and days not in _WHOLE_YEAR_DAYS:
        yield "period_kind", f"{start} to {end} is {days} days and not 12 months", "mend the dates"
    if kind == "part_year" and days >= min(_WHOLE_YEAR_DAYS):
        yield "period_kind", f"{start} to {end} is no part of a year", "give a shorter period"


def review_follows_decision(assumption: Assumption) -> Iterator[Problem]:
    """An assumption is reviewed after it was decided on."""
    if assumption.review_by < assumption.decided_on:
        found = f"the review is due on {assumption.review_by}, before the decision"
        yield "review_by", f"{found} of {assumption.decided_on}", "mend one of the dates"


def published_period_exists(published: PublishedFigure) -> Iterator[Problem]:
    """A period is a year, a financial year, a quarter, a month, or a span of months in order."""
    period = published.period
    if not re.fullmatch(r"\d{4}(?:-Q[1-4]|-\d{2}(?:/\d{4}-\d{2})?)?", period):
        remedy = "write 2013, 2012-13, 2013-Q2, 2013-04 or 2013-01/2013-07"
        yield "period", f"{quoted(period)} is no period", remedy
        return
    months = re.findall(r"(\d{4})-(\d{2})(?!\d)", period)
    if len(months) == 1 and int(months[0][1]) == (int(months[0][0]) + 1) % 100:
        return  # the financial year that begins in the first year
    if any(not 1 <= int(month) <= 12 for _, month in months):
        remedy = "write a month like 2013-04 or a financial year like 2012-13"
        yield "period", f"{quoted(period)} names no month", remedy
    elif months != sorted(months):
        yield "period", f"{quoted(period)} ends before it starts", "swap its ends"


def month_is_a_first_day(month: TorMonth) -> Iterator[Problem]:
    """A month is its first day, and has no more days than the calendar gives it."""
    if month.month.day != 1:
        remedy = f"write {month.month.replace(day=1)}"
        yield "month", f"{month.month} is not the first of the month", remedy
    length = monthrange(month.month.year, month.month.month)[1]
    if not 1 <= month.days <= length:
        yield "days", f"{month.days} days stand behind a month of {length}", "count them again"


def _calendar_year(end: date) -> tuple[date, date]:
    return date(end.year, 1, 1), date(end.year, 12, 31)


def _financial_year(end: date) -> tuple[date, date]:
    """Give the British financial year, April to March, in which a day lies."""
    first_year = end.year if end >= date(end.year, 4, 1) else max(end.year - 1, 1)
    return date(first_year, 4, 1), date(first_year + 1, 4, 1) - timedelta(days=1)
