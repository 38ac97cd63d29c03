"""What the edition of a set says of each series, read from its published data."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from statedfigures.analysis.quantiles import FIFTY_PERCENT, MEDIAN, NINETY_PERCENT
from statedfigures.display.heading import POOL, POOLED
from statedfigures.errors import RunError
from statedfigures.reports.downloads import PROJECTION_COLUMNS, PROJECTIONS_FILE
from statedfigures.reports.limits import Value

Range = tuple[float, float]
RENDERED, FAILED = "rendered", "failed"


@dataclass(frozen=True, slots=True)
class SetHeadline:
    """Where a series is heading in one set.

    Attributes
    ----------
    series, unit
        Id and unit of the series.
    year
        Last year projected.
    middle
        The middle of the scenario of the set.
    half, most
        The ranges that hold 50% and 90% of all draws, whatever the scenario;
        None where the edition gives none.
    page
        Address of the page with its chart, inside the edition.
    """

    series: str
    unit: str
    year: int
    middle: float
    half: Range | None
    most: Range | None
    page: str


@dataclass(frozen=True, slots=True)
class SetEntry:
    """A set as the index shows it.

    ``parameters`` are those that all its pages share, ``reason`` says why it
    failed, and is empty where it did not.
    """

    name: str
    parameters: Mapping[str, Value]
    reason: str
    headlines: Mapping[str, SetHeadline]

    @property
    def state(self) -> str:
        """Whether it was rendered or failed."""
        return FAILED if self.reason else RENDERED


def headlines_of_set(edition: Path, scenario: str) -> dict[str, SetHeadline]:
    """Read the headlines of an edition.

    Parameters
    ----------
    edition
        Its folder.
    scenario
        The scenario that it is told in.

    Returns
    -------
    dict
        Series to its headline, in the order of the published table; empty
        where the edition projects nothing.

    Raises
    ------
    RunError
        If its data are not as they were published.
    """
    path = edition / PROJECTIONS_FILE
    if not path.is_file():
        return {}
    found: dict[str, dict[tuple[str, str, int, float], float]] = {}
    units: dict[str, str] = {}
    try:
        rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        if tuple(next(rows)) != PROJECTION_COLUMNS:
            raise ValueError(path)
        for series, told_in, model, year, _, level, value, unit in rows:
            found.setdefault(series, {})[told_in, model, int(year), float(level)] = float(value)
            units[series] = unit
    except (ValueError, StopIteration, OSError):
        raise RunError(
            f"{path}: is not as it was published; delete the folder of this set and run again"
        ) from None
    headlines = {}
    for series, values in found.items():
        last = max(key[2] for key in values)
        models = sorted({key[1] for key in values})
        model = POOL if POOL in models else models[0]
        middle = values.get((scenario, model, last, MEDIAN))
        if middle is not None:
            headlines[series] = SetHeadline(
                series=series,
                unit=units[series],
                year=last,
                middle=middle,
                half=_range(values, model, last, FIFTY_PERCENT),
                most=_range(values, model, last, NINETY_PERCENT),
                page="index.html",
            )
    return headlines


def _range(
    values: Mapping[tuple[str, str, int, float], float],
    model: str,
    year: int,
    levels: Sequence[float],
) -> Range | None:
    low, high = (values.get((POOLED, model, year, level)) for level in levels)
    return None if low is None or high is None else (low, high)


def page_of_series(edition: Path, series: str, likely: str, pages: Sequence[str]) -> str:
    """Give the address inside an edition at which the chart of a series stands.

    Parameters
    ----------
    edition
        Its folder.
    series
        Id of the series.
    likely
        The page on which an edition before had it; looked at first.
    pages
        All pages of the report.

    Returns
    -------
    str
        ``offences.html#fan-image_offences``, or ``index.html`` where no page
        has such a chart.
    """
    anchor = f"fan-{series}"
    mark = f'id="{anchor}"'.encode()
    for page in dict.fromkeys((likely, *pages)):
        path = edition / f"{page}.html"
        if page and path.is_file() and mark in path.read_bytes():
            return f"{page}.html#{anchor}"
    return "index.html"
