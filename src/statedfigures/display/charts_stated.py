"""The chart of what the release states about a topic, series by series, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from statedfigures.analysis.records import HedgedFigure, TopicStudy
from statedfigures.display.bands import set_frame
from statedfigures.display.format import computed, noun, stated
from statedfigures.display.periods import figure_position, period
from statedfigures.display.phrases import joined, references, traced
from statedfigures.display.records import Cell, Chart, Column, TableView
from statedfigures.display.style import (
    SMALL,
    WIDTH,
    Canvas,
    canvas,
    line_height,
    lines_of,
    plain_axes,
)
from statedfigures.display.svg import colour
from statedfigures.display.words import Quantity, Sentence, Words, sentence
from statedfigures.sources.records import Figure, Series

_PANEL = 128.0
_TITLE_SPACE = 34.0
_SIDE = 16.0
_BOTTOM = 26.0
_ROOM = 1.25


@dataclass(frozen=True, slots=True)
class Point:
    """A stated figure on the axes: its place, its value and what it may stand for."""

    figure: Figure
    place: float
    low: Quantity | None
    high: Quantity | None

    @property
    def value(self) -> float:
        """The number stated, in its unit."""
        return float(self.figure.value)


def _points(series: Series, study: TopicStudy) -> list[Point]:
    """Place the figures of a series in time; those in another unit are left out."""
    hedges = {one.figure.id: one for one in study.hedges}
    points = []
    for name in series.figures:
        figure = study.tables.figures.get(name)
        if figure is None or figure.unit != series.unit:
            continue
        place = figure_position(figure)
        if figure.period_kind == "since" and figure.period_start is not None:
            place = float(figure.period_start.year)
        if place is not None:
            points.append(Point(figure, place, *_ends(hedges.get(name))))
    return sorted(points, key=lambda one: (one.place, one.figure.id))


def _ends(hedge: HedgedFigure | None) -> tuple[Quantity | None, Quantity | None]:
    if hedge is None:
        return None, None
    low, high = (
        computed(value, hedge.figure.unit, hedge.inputs, "a quantile under the rule", figures=4)
        for value in (hedge.q05, hedge.q95)
    )
    return low, high


def chart_stated_figures(study: TopicStudy) -> Chart:
    """Draw the stated figures of each series of a topic over time, with what they may stand for.

    Parameters
    ----------
    study
        The topic; its series share one axis of years and have a scale each.

    Returns
    -------
    Chart
        A panel for each series: dots with the stated words, whiskers for nine
        values in ten, and an arrow where a figure holds for all later years.

    Raises
    ------
    ValueError
        If no series of the topic has a stated figure with a period.
    """
    series = sorted(
        (one for one in study.tables.series.values() if one.topic == study.topic),
        key=lambda one: one.id,
    )
    panels = [(one, points) for one in series if (points := _points(one, study))]
    if not panels:
        raise ValueError(f"no figure of the topic {study.topic} can be placed in time")
    alt = sentence(
        "Dots over time, one panel for each series. {panels}.",
        panels=joined((_panel_words(one, points) for one, points in panels), last="; "),
    )
    chart_id = f"stated-{study.topic}"
    places = [point.place for _, points in panels for point in points]
    # What is said of all years since one reaches to the year of the release.
    last = max(round(max(places)), study.tables.description.published.year)
    first = round(min(places))
    with canvas(chart_id, _PANEL * len(panels)) as picture:
        for place, (one, points) in enumerate(panels):
            bottom = _PANEL * (len(panels) - 1 - place) + _BOTTOM
            height = _PANEL - _BOTTOM - _TITLE_SPACE
            axes = picture.axes(_SIDE, bottom, WIDTH - 2 * _SIDE, height)
            _draw_panel(picture, axes, one, points, first, last)
        svg = picture.svg(alt)
    return Chart(
        id=chart_id,
        title=_finding(*panels[0]),
        subtitle=sentence(
            "Stated figures by year, each series on its own scale from nought. Lines show what a "
            "hedged figure may stand for, nine times in ten."
        ),
        svg=svg,
        alt_text=alt,
        data=_data(panels, f"{chart_id}-data"),
    )


def _finding(series: Series, points: Sequence[Point]) -> Sentence:
    title = traced(series.title, *(f"figure:{one.figure.id}" for one in points))
    if len(points) == 1:
        return sentence("{title}: {value} stated", title=title, value=stated(points[0].figure))
    return sentence(
        "{title}: from {first} ({start}) to {last} ({end})",
        title=title,
        first=stated(points[0].figure),
        start=period(points[0].figure),
        last=stated(points[-1].figure),
        end=period(points[-1].figure),
    )


def _panel_words(series: Series, points: Sequence[Point]) -> Sentence:
    values: list[Words] = [
        sentence("{value} ({period})", value=stated(one.figure), period=period(one.figure))
        for one in points
    ]
    title = traced(series.title, *references(f"figure:{one.figure.id}" for one in points))
    return sentence("{title}: {values}", title=title, values=joined(values))


def _draw_panel(
    picture: Canvas, axes: Axes, series: Series, points: Sequence[Point], first: int, last: int
) -> None:
    plain_axes(axes)
    ends = [one.high.value for one in points if one.high and one.high.value is not None]
    top = max([*ends, *(one.value for one in points)]) * _ROOM
    set_frame(axes, first, max(last, first + 1), top)
    # A day late in the last year lies beyond the middle of that year.
    axes.set_xlim(first, max(last, first + 1, *(one.place for one in points)))
    title = lines_of(series.title, WIDTH - 2 * _SIDE)[0]
    reference = points[0].figure.id
    picture.write(
        axes, (0, 1), traced(title, f"figure:{reference}"),
        shift=(0, _TITLE_SPACE - line_height()), within="axes fraction", bold=True, size=SMALL,
    )  # fmt: skip
    for one in points:
        _draw_point(picture, axes, one, first, last)


def _draw_point(picture: Canvas, axes: Axes, point: Point, first: int, last: int) -> None:
    ink = colour("blue")
    if point.figure.period_kind == "since":
        # It ends short of the last year, where another figure may stand.
        end = last - (last - first) * 0.04
        axes.plot([point.place, end], [point.value] * 2, color=ink, linewidth=2, clip_on=False)
        axes.plot([end], [point.value], ">", color=ink, markersize=7, clip_on=False)
    elif point.low is not None and point.high is not None:
        low, high = point.low.value or point.value, point.high.value or point.value
        axes.plot([point.place] * 2, [low, high], color=ink, linewidth=3, alpha=0.5, clip_on=False)
    axes.plot([point.place], [point.value], "o", color=ink, markersize=7, clip_on=False)
    share = (point.place - first) / (axes.get_xlim()[1] - first)
    side = "left" if share < 0.25 else "right" if share > 0.75 else "center"
    picture.write(
        axes, (point.place, point.value), stated(point.figure),
        shift=({"left": -3, "right": 3}.get(side, 0), 14), ha=side, size=SMALL,
    )  # fmt: skip


def _data(panels: Sequence[tuple[Series, Sequence[Point]]], identity: str) -> TableView:
    columns = (
        Column("series", "Series"),
        Column("period", "Period"),
        Column("value", "Stated", numeric=True),
        Column("low", "Nine in ten: from", numeric=True),
        Column("high", "Nine in ten: to", numeric=True),
        Column("unit", "Unit"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            traced(series.title, f"figure:{one.figure.id}"),
            period(one.figure),
            stated(one.figure),
            one.low,
            one.high,
            traced(noun(one.figure.unit), f"figure:{one.figure.id}"),
        )
        for series, points in panels
        for one in points
    ]
    return TableView(identity, "Stated figures over time", columns, tuple(rows))
