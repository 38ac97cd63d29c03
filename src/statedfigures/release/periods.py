"""Periods of stated and published figures: their days, their words, and which go together."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from statedfigures.errors import Explanation, ParameterError, quoted
from statedfigures.release.schema import Cells, Row, cells_of, described

# Kinds whose period is as long as a year, so that seasons do not matter.
WHOLE_YEARS = frozenset({"calendar_year", "financial_year", "academic_year", "rolling_12_months"})
# Kinds that are meant as a part of a year, and may be filled up to all of it.
PARTS_OF_A_YEAR = frozenset({"part_year", "year_to_date"})
# Kinds that stay what they are: a month is not blown up to a year.
SEASONS = frozenset({"week", "month", "quarter"})
_NO_PERIOD = described()["types"]["period"]
_YEAR_DAYS = (365, 366)
_SEASON_DAYS = 10  # Easter apart, the same week or month of another year begins this close
_QUARTERS = ("first", "second", "third", "fourth")
ONE_DAY = timedelta(days=1)
_FORM = re.compile(
    r"(?P<year>(?:1\d|2[01])\d\d)(?:(?P<decade>(?<=0)s)|-Q(?P<quarter>[1-4])|-W(?P<week>\d\d)"
    r"|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?",
    re.ASCII,
)
# How many months a kind has, and the month or months with which it may begin.
_MONTHS = {
    "calendar_year": (12, 1),
    "financial_year": (12, 4),
    "academic_year": (12, 9, 8),
    "quarter": (3, 1, 2, 3),
    "month": (1, 1),
}
# The fewest and the most days of the other kinds that have limits.
_DAYS = {
    "point": (1, 1, "one"),
    "week": (7, 7, "a week"),
    "rolling_12_months": (*_YEAR_DAYS, "12 months"),
    **dict.fromkeys(PARTS_OF_A_YEAR, (1, _YEAR_DAYS[0] - 1, "a part of a year")),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A period by its kind, first and last day.

    Examples
    --------
    >>> read_period("2012-13").middle, read_period("2014-10").words
    (2012.75, 'October 2014')
    """

    kind: str
    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of its days."""
        return (self.end - self.start).days + 1

    @property
    def middle(self) -> float:
        """Middle of the period in years: that of the calendar year 2014 is 2014.5."""
        return (decimal_year(self.start) + decimal_year(self.end + ONE_DAY)) / 2

    @property
    def whole(self) -> Period:
        """The year that a part of a year belongs to; any other period itself."""
        if self.kind not in PARTS_OF_A_YEAR:
            return self
        if self.start.year == self.end.year:
            return Period("calendar_year", *_months(date(self.start.year, 1, 1), 12))
        last = _month_on(self.start, 12) + (self.start.day - 2) * ONE_DAY
        return Period("rolling_12_months", self.start, last)

    @property
    def words(self) -> str:
        """The period as a reader says it, such as ``August 2024`` or ``2012-13``."""
        start, end, one_year = self.start, self.end, self.start.year == self.end.year
        ends_a_month = (end + ONE_DAY).day == 1
        last = f"{end:%B %Y}" if ends_a_month else day_words(end)
        if self.kind == "since":
            return f"since {start.year if (start.month, start.day) == (1, 1) else day_words(start)}"
        if self.kind == "point" or start == end:
            return day_words(end)
        if self.kind == "week":
            return f"week to {day_words(end)}"
        if self.kind in {"financial_year", "academic_year"}:
            return f"{start.year}-{end.year % 100:02d}"
        if self.kind == "rolling_12_months":
            return f"year to {last}"
        if self.kind == "quarter" and start.month % 3 == 1:
            return f"{_QUARTERS[start.month // 3]} quarter of {start.year}"
        if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
            return str(end.year) if one_year else f"{start.year} to {end.year}"
        whole_months = start.day == 1 and ends_a_month
        if whole_months and one_year and start.month == end.month:
            return last
        # A year is said once.
        first = f"{start:%B %Y}" if whole_months else day_words(start)
        return f"{first.removesuffix(f' {end.year}')} to {last if whole_months else day_words(end)}"

    def in_year(self, year: int) -> str:
        """Return the words of the like period in the middle of which a year is counted.

        Examples
        --------
        >>> read_period("2012-13").in_year(2028), read_period("2022-05").in_year(2027)
        ('2028-29', 'May 2027')
        """
        first = self.start.year + year - int(self.middle)
        if self.kind in {"financial_year", "academic_year"}:
            return f"{first}-{(first + 1) % 100:02d}"
        if self.kind in {"month", "quarter"}:
            quarter = f"Q{(self.start.month + 2) // 3}"
            return f"{quarter if self.kind == 'quarter' else f'{self.start:%B}'} {first}"
        return str(year)


def day_words(day: date) -> str:
    """Return a day in words, such as ``11 December 2014``."""
    return f"{day.day} {day:%B %Y}"


def decimal_year(day: date) -> float:
    """Return a day as a year: its first moment, each month a twelfth of the year.

    So the same days of two years are whole years apart, leap years or not.

    Examples
    --------
    >>> decimal_year(date(2014, 4, 1)), decimal_year(date(2016, 4, 1))
    (2014.25, 2016.25)
    """
    in_month = (day.day - 1) / calendar.monthrange(day.year, day.month)[1]
    return day.year + (day.month - 1 + in_month) / 12


def read_period(text: str) -> Period:
    """Read the period of a published figure.

    Parameters
    ----------
    text
        A year, a decade, a financial year, a quarter, a month, a week, a day,
        or two months or days with a slash between them.

    Returns
    -------
    Period
        A span of twelve months is a year of its own kind; a shorter span
        within a calendar year is a part of it.

    Raises
    ------
    ParameterError
        If the text is none of these.

    Notes
    -----
    A year and two digits are a financial year, April to March, where the
    digits are those of the next year, else a month: 2009-10 is a financial
    year.

    Examples
    --------
    >>> read_period("2009-10").kind, read_period("2010-09").kind
    ('financial_year', 'month')
    >>> read_period("2014-01/2014-07").words
    'January to July 2014'
    """
    found = _read_any(text)
    if isinstance(found, Period):
        return found
    raise ParameterError(f"period: {'; '.join(found)}")


def period_problem(text: str) -> Explanation | None:
    """Return why a text is no period and what to do, or None."""
    found = _read_any(text)
    return None if isinstance(found, Period) else found


@cache
def _read_any(text: str) -> Period | Explanation:
    ends = text.split("/", 1)
    try:
        spans = [_span(end, of_months=len(ends) > 1) for end in ends]
    except ValueError:
        return f"{quoted(text)} {_NO_PERIOD['found']}", _NO_PERIOD["remedy"]
    (kind, start, _), (_, _, end) = spans[0], spans[-1]
    if end < start:
        return f"{quoted(text)} ends before it starts", "swap its ends"
    if len(ends) > 1:
        days = (end - start + ONE_DAY).days
        kind = "part_year" if days < min(_YEAR_DAYS) else "several_years"
        if days in _YEAR_DAYS:
            kind = "calendar_year" if start.month == start.day == 1 else "rolling_12_months"
    return Period(kind, start, end)


def _span(text: str, *, of_months: bool) -> tuple[str, date, date]:
    """Return kind, first and last day of one period, or of a month or day that ends a span."""
    found = _FORM.fullmatch(text)
    if not found or (of_months and not found["month"]):
        raise ValueError(text)
    year, quarter, week, month, day = (
        int(found[name] or 0) for name in ("year", "quarter", "week", "month", "day")
    )
    if found["week"]:
        start = date.fromisocalendar(year, week, 1)
        return "week", start, start + 6 * ONE_DAY
    if found["day"]:
        return "point", date(year, month, day), date(year, month, day)
    if found["decade"]:
        return "several_years", *_months(date(year, 1, 1), 120)
    if quarter:
        return "quarter", *_months(date(year, 3 * quarter - 2, 1), 3)
    if not found["month"]:
        return "calendar_year", *_months(date(year, 1, 1), 12)
    if month == (year + 1) % 100 and not of_months:
        return "financial_year", *_months(date(year, 4, 1), 12)
    return "month", *_months(date(year, month, 1), 1)


def _months(start: date, count: int) -> tuple[date, date]:
    """Return the first and the last day of some months."""
    return start, _month_on(start, count) - ONE_DAY


def _month_on(day: date, count: int) -> date:
    """Return the first day of the month that comes so many after the one of a day."""
    years, month = divmod(day.month - 1 + count, 12)
    return date(day.year + years, month + 1, 1)


def figure_period(figure: Mapping[str, Any] | pd.Series) -> Period | None:
    """Return the period of a stated or published figure, or None where the release gives none.

    Parameters
    ----------
    figure
        A row of ``figures`` or ``published``.

    Returns
    -------
    Period or None
        A period with one end only starts and ends there.
    """
    if "period" in figure:
        return read_period(str(figure["period"]))
    start, end = figure["period_start"], figure["period_end"]
    if pd.isna(start) and pd.isna(end):
        return None
    first, last = (end if pd.isna(start) else start), (start if pd.isna(end) else end)
    days = (pd.Timestamp(first).date(), pd.Timestamp(last).date())
    return Period(str(figure["period_kind"]), *days)


def period_of(figure: Row) -> Period:
    """Return the period of a stated or published figure, or say that it has none."""
    period = figure_period(figure)
    if period is None:
        raise ParameterError(
            f"figures.csv: {figure.name} has no period; give its first and last day"
        )
    return period


def period_words(row: Mapping[str, Any] | pd.Series) -> str:
    """Return the period of a stated or published figure in words; empty where it has none.

    Examples
    --------
    >>> period_words({"period": "2012-13"})
    '2012-13'
    """
    period = figure_period(row)
    return "" if period is None else period.words


def years_between(earlier: Period, later: Period) -> float:
    """Return the years from the middle of a period to that of another.

    A part of a year stands for the year it belongs to.

    Examples
    --------
    >>> years_between(read_period("2010"), read_period("2014-01/2014-10"))
    4.0
    """
    return later.whole.middle - earlier.whole.middle


def in_order(published: pd.DataFrame) -> list[Cells]:
    """Return the rows of published figures in the order of their periods."""
    return sorted(cells_of(published), key=lambda row: (period_of(row).start, str(row.name)))


def plain_kind(period: Period | None) -> str:
    """Return the kind of a period, an expectation being for the year that it names."""
    kind = "" if period is None else period.kind
    return {"expectation": "calendar_year", "year_to_date": "part_year"}.get(kind, kind)


def is_same_period(left: Row, right: Row) -> bool:
    """Whether two figures are for the same days, or a state on a day of the other's period."""
    first, second = period_pair(left, right)
    if first is None or second is None or "point" in {first.kind, second.kind}:
        return meets(first, second)
    same_end = first.end == second.end or plain_kind(first) == plain_kind(second)
    return first.start == second.start and same_end


def period_pair(left: Row, right: Row) -> tuple[Period | None, Period | None]:
    """Return the periods of two figures, a published one as it is read beside a stated one."""
    first, second = figure_period(left), figure_period(right)
    if first is None or second is None or ("period" in left) == ("period" in right):
        return first, second
    return as_academic(first, second), as_academic(second, first)


def as_academic(period: Period, stated: Period) -> Period:
    """Return a period as it is read beside a stated one.

    A publisher's "2013-14" is a financial year, and an academic one beside one.
    """
    if (period.kind, stated.kind) != ("financial_year", "academic_year"):
        return period
    year = period.start.year
    return Period(stated.kind, stated.start.replace(year=year), stated.end.replace(year=year + 1))


def starts_within(period: Period | None, other: Period) -> bool:
    """Whether another period starts within this one; without a period, always."""
    return period is None or period.start <= other.start <= period.end


def meets(first: Period | None, second: Period | None) -> bool:
    """Whether two periods share a day."""
    if first is None or second is None:
        return False
    return second.start <= first.end and first.start <= second.end


def season_problem(earlier: Period, later: Period) -> str:
    """Return why two periods do not go together in one trend; empty where they do.

    Weeks, months and quarters go with the same time of another year only;
    years, parts of years and single days go with each other.

    Examples
    --------
    >>> season_problem(read_period("2023-08"), read_period("2024-08"))
    ''
    >>> season_problem(read_period("2023-02"), read_period("2024-08"))
    'February 2023 and August 2024 are of different seasons'
    """
    both = f"{earlier.words} and {later.words}"
    kinds = {earlier.kind, later.kind}
    if "since" in kinds or "several_years" in kinds:
        return f"{both}: one of them is no single period"
    if not kinds & SEASONS:
        return ""
    if len(kinds) > 1:
        return f"{both} are of different lengths"
    near = abs((earlier.start.replace(year=2000) - later.start.replace(year=2000)).days)
    if min(near, 366 - near) > _SEASON_DAYS:
        return f"{both} are of different seasons"
    return ""


def kind_problem(period: Period) -> Explanation | None:
    """Return how the days of a stated period differ from its kind, and what to do."""
    shown = f"{period.start} to {period.end}"
    count, *firsts = _MONTHS.get(period.kind, (1,))
    begun = [_month_on(period.start, -((period.start.month - first) % count)) for first in firsts]
    spans = [_months(start, count) for start in begun]
    if period.kind == "financial_year":
        spans += [(start + 5 * ONE_DAY, end + 5 * ONE_DAY) for start, end in spans]  # the tax year
    if spans and (period.start, period.end) not in spans:
        remedy = f"give {spans[0][0]} to {spans[0][1]}, or another kind"
        return f"{shown} is no {period.kind.replace('_', ' ')}", remedy
    least, most, words = _DAYS.get(period.kind, (0, period.days, ""))
    if not least <= period.days <= most:
        return f"{shown} is {period.days} days and not {words}", "mend the dates, or the kind"
    return None
