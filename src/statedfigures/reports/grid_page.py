"""The page that compares the sets of a grid: small multiples, and a table that can be sorted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from statedfigures.display.charts_grid import IntervalRow, chart_intervals, is_logarithmic
from statedfigures.display.format import noun, rounded_text
from statedfigures.display.periods import day_of
from statedfigures.display.scales import LOGARITHMIC
from statedfigures.display.svg import stylesheet
from statedfigures.reports import licences
from statedfigures.reports.grid_headlines import Range, SetEntry, SetHeadline
from statedfigures.reports.grid_plan import Grid
from statedfigures.reports.limits import Value
from statedfigures.reports.pages import PageExporter
from statedfigures.reports.scripts import TEMPLATE as TEMPLATES
from statedfigures.reports.scripts import content_security_policy
from statedfigures.reports.site import page_stylesheet

TEMPLATE = "grid.html.j2"
ROWS_DRAWN = 60
"""Sets that one picture shows; of more, those evenly apart by their middles."""
ROWS_LISTED = 1_000
"""Sets that the table on the page lists; `sets.csv` always has all of them."""
VALUES_COMPARED = 12
"""Values of one parameter that are compared; a parameter with more is left to the table."""


@dataclass(frozen=True, slots=True)
class Series:
    """A projected series as the page names it, and its headline in each set that has it."""

    id: str
    title: str
    unit: str
    geography: str
    found: tuple[tuple[SetEntry, SetHeadline], ...]

    @property
    def years(self) -> str:
        """The last years projected: one, or from the earliest to the latest."""
        years = sorted({headline.year for _, headline in self.found})
        return f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])

    def words(self, value: float) -> str:
        """Write a value rounded for readers."""
        return rounded_text(value, self.unit)

    def span(self, ends: Range | None) -> str:
        """Write a range."""
        return "" if ends is None else f"{self.words(ends[0])} to {self.words(ends[1])}"


def grid_page(grid: Grid, entries: Sequence[SetEntry], series: Sequence[str]) -> str:
    """Make the page.

    Parameters
    ----------
    grid
        The grid.
    entries
        Its sets, in their order.
    series
        Ids of the projected series, in their order.

    Returns
    -------
    str
        HTML that asks no other host for anything. Every value links to the
        page of the set that it comes from.
    """
    shown = [_series(grid, entries, one) for one in series]
    script = Markup((TEMPLATES / "grid.js").read_text(encoding="utf-8").strip())  # noqa: S704
    parts = (page_stylesheet(TEMPLATES), stylesheet(), page_stylesheet(TEMPLATES, "grid.css"))
    release = grid.tables.description
    return PageExporter().template_html(
        TEMPLATE,
        page="index",
        grid=grid,
        release=release,
        edition=day_of(release.edition),
        stylesheet=Markup("\n".join(parts)),  # noqa: S704 - ours
        script=script,
        content_security_policy=content_security_policy(script),
        uses_tor_metrics=bool(grid.tables.tor_monthly_users),
        authors=licences.AUTHORS,
        varied=[(name, _label(name), _values(entries, name)) for name in grid.varied],
        rendered=sum(not one.reason for one in entries),
        failed=[one for one in entries if one.reason],
        total=len(entries),
        multiples=[_multiple(grid, one) for one in shown],
        effects=list(_effects(grid, entries, shown)),
        columns=[(one, f"{one.title}, {one.years}") for one in shown],
        rows=[_row(grid, one, shown) for one in entries[:ROWS_LISTED]],
        rows_listed=ROWS_LISTED,
    )


def _series(grid: Grid, entries: Sequence[SetEntry], name: str) -> Series:
    row = grid.tables.series.get(name)
    found = tuple((one, one.headlines[name]) for one in entries if name in one.headlines)
    title = row.title if row else name.replace("_", " ").capitalize()
    return Series(name, title, found[0][1].unit, row.geography if row else "", found)


def _label(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(entries: Sequence[SetEntry], name: str) -> list[Value]:
    """Give the values of a parameter in the order in which the sets have them."""
    return list(dict.fromkeys(one.parameters[name] for one in entries if name in one.parameters))


def _short_name(grid: Grid, one: SetEntry) -> str:
    """Name a set in a picture by what tells it from the others."""
    return ", ".join(_text(one.parameters[name]) for name in grid.varied if name in one.parameters)


def evenly(count: int, most: int) -> list[int]:
    """Choose places evenly apart, the first and the last among them.

    Examples
    --------
    >>> evenly(3, 5), evenly(9, 3)
    ([0, 1, 2], [0, 4, 8])
    """
    if count <= most:
        return list(range(count))
    return [round(place * (count - 1) / (most - 1)) for place in range(most)]


def _multiple(grid: Grid, series: Series) -> dict[str, Any]:
    """Draw the headline of a series in each set, or in sets evenly apart by their middles."""
    ranked = sorted(series.found, key=lambda one: one[1].middle)
    lowest, highest = ranked[0], ranked[-1]
    drawn = list(series.found)
    if len(drawn) > ROWS_DRAWN:
        drawn = [ranked[place] for place in evenly(len(ranked), ROWS_DRAWN)]
    rows = [
        IntervalRow(
            label=_fitted(_short_name(grid, entry)),
            middle=headline.middle,
            half=headline.half,
            most=headline.most,
            words=series.words(headline.middle),
        )
        for entry, headline in drawn
    ]
    ends = [
        f"{series.words(one.middle)} in the set {entry.name}" for entry, one in (lowest, highest)
    ]
    alt = f"{series.title}, {series.years}: the lowest middle is {ends[0]}, the highest {ends[1]}."
    identity = f"grid-{series.id}"
    return {
        "id": identity,
        "title": f"{series.title}: {series.span((lowest[1].middle, highest[1].middle))}",
        "subtitle": ", ".join(filter(None, (noun(series.unit).capitalize(), series.geography)))
        + f", {series.years}."
        + LOGARITHMIC * is_logarithmic(rows),
        "svg": Markup(chart_intervals(identity, rows, alt)),  # noqa: S704 - escaped where made
        "alt": alt,
        "drawn": len(drawn),
        "of": len(series.found),
        "ends": [
            (word, series.words(headline.middle), entry.name, headline.page)
            for word, (entry, headline) in (("Lowest", lowest), ("Highest", highest))
        ],
    }


def _fitted(label: str, most: int = 24) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"


def _effects(
    grid: Grid, entries: Sequence[SetEntry], series: Sequence[Series]
) -> Iterator[tuple[str, list[tuple[str, int, list[str]]]]]:
    """Say for each value of each parameter how far the middles of its sets reach."""
    for name in grid.varied:
        values = _values(entries, name)
        if not 1 < len(values) <= VALUES_COMPARED:
            continue
        rows = []
        for value in values:
            cells = []
            for one in series:
                middles = [
                    headline.middle
                    for entry, headline in one.found
                    if entry.parameters.get(name) == value
                ]
                cells.append(_reach(one, middles))
            count = sum(one.parameters.get(name) == value for one in entries)
            rows.append((_text(value), count, cells))
        yield _label(name), rows


def _reach(series: Series, middles: Sequence[float]) -> str:
    if not middles:
        return ""
    low, high = series.words(min(middles)), series.words(max(middles))
    return low if low == high else f"{low} to {high}"


def _row(grid: Grid, one: SetEntry, series: Sequence[Series]) -> dict[str, Any]:
    return {
        "name": one.name,
        "state": one.state,
        "parameters": [_parameter_cell(one.parameters.get(name, "")) for name in grid.varied],
        "headlines": [_headline_cell(each, one.headlines.get(each.id)) for each in series],
    }


def _parameter_cell(value: Value) -> dict[str, Any]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"text": _text(value), "number": number}


def _headline_cell(series: Series, found: SetHeadline | None) -> Mapping[str, Any] | None:
    if found is None:
        return None
    spread = math.inf if found.most is None or not found.most[0] else found.most[1] / found.most[0]
    return {
        "page": found.page,
        "words": series.words(found.middle),
        "value": f"{found.middle:.10g}",
        "range": series.span(found.most),
        "spread": "" if math.isinf(spread) else f"{spread:.10g}",
        "spread_words": "–" if math.isinf(spread) else rounded_text(spread, "multiple"),
    }
