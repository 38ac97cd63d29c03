"""Charts in rows: claims, cross-checks and what moves a headline.

Each row has its label above it, so that long labels fit a phone, and says at
its right what the picture shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes

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
from statedfigures.display.words import Quantity, Sentence

_LETTER = 6.1
_RIGHT_MOST = 112.0
_PAD = 8.0
_MARK = 24.0
_GAP = 10.0
_AXIS = 34.0
_WIDEST = 60.0
_MARGIN = 1.15


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label, its mark and what stands at its right.

    ``low`` and ``high`` are the ends of the mark; None is unbounded, and equal
    ends are a point. ``band`` is a range to hold the mark against. A mark that
    is not ``firm`` is hollow.
    """

    label: Quantity
    low: float | None
    high: float | None
    right: Quantity | str
    band: tuple[float | None, float | None] | None = None
    is_bar: bool = False
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Scale:
    """The horizontal axis: its ends, the line all rows share, and its words."""

    first: float
    last: float
    reference: float
    words: str | Quantity | Sentence


def draw_rows(chart_id: str, rows: Sequence[Row], scale: Scale, alt: Sentence) -> str:
    """Draw rows under one another on one horizontal scale.

    Parameters
    ----------
    chart_id
        Id of the chart.
    rows
        From top to bottom.
    scale
        What the marks are drawn on; a mark beyond its ends is cut there and
        gets an arrow.
    alt
        Alternative text.

    Returns
    -------
    str
        The picture.
    """
    labels = [lines_of(str(row.label), WIDTH - 2 * _PAD) for row in rows]
    longest = max(len(str(row.right)) for row in rows)
    right = min(_RIGHT_MOST, longest * _LETTER + 2 * _PAD)
    heights = [len(lines) * line_height() + _MARK + _GAP for lines in labels]
    total = math.fsum(heights) + _AXIS
    with canvas(chart_id, total) as picture:
        axes = picture.axes(_PAD, 0, WIDTH - 2 * _PAD - right, total)
        plain_axes(axes, baseline=False)
        axes.set_xticks([])
        axes.set_xlim(scale.first, scale.last)
        axes.set_ylim(0, total)
        # Aligned with its line where that leaves room on both sides, else from the left.
        share = (scale.reference - scale.first) / (scale.last - scale.first)
        centred = 0.35 < share < 0.9
        picture.write(
            axes,
            (scale.reference if centred else scale.first, _AXIS - _GAP),
            scale.words,
            shift=(0, -11),
            ha="center" if centred else "left",
            ink="muted",
            size=SMALL,
        )
        top = total
        for row, lines, height in zip(rows, labels, heights, strict=True):
            _draw_row(picture, axes, scale, row, lines, top, right)
            top -= height
        return picture.svg(alt)


def _draw_row(
    picture: Canvas,
    axes: Axes,
    scale: Scale,
    row: Row,
    lines: Sequence[str],
    top: float,
    right: float,
) -> None:
    for place, words in enumerate(lines):
        part = Quantity(words, None, row.label.provenance)
        picture.write(axes, (scale.first, top - (place + 0.5) * line_height()), part)
    middle = top - len(lines) * line_height() - _MARK / 2
    if row.band is not None:
        low, high = (
            scale.first if row.band[0] is None else max(scale.first, row.band[0]),
            scale.last if row.band[1] is None else min(scale.last, row.band[1]),
        )
        axes.fill_between(
            [low, high], [middle - 8] * 2, [middle + 8] * 2,
            color=colour("teal"), alpha=0.35, linewidth=0, clip_on=False,
        )  # fmt: skip
    if row.low is not None or row.high is not None:
        _draw_mark(axes, scale, row, middle)
    axes.plot(
        [scale.reference] * 2, [middle - _MARK / 2, middle + _MARK / 2], color=colour("muted"),
        linewidth=1, linestyle=(0, (3, 2)), clip_on=False,
    )  # fmt: skip
    beside = lines_of(str(row.right), right - _PAD, SMALL)
    for place, words in enumerate(beside):
        shift = (10, (len(beside) - 1) * line_height(SMALL) / 2 - place * line_height(SMALL))
        shown = words if isinstance(row.right, str) else replace(row.right, text=words)
        picture.write(axes, (scale.last, middle), shown, shift=shift, size=SMALL)


def _draw_mark(axes: Axes, scale: Scale, row: Row, middle: float) -> None:
    start = scale.first if row.low is None else min(max(row.low, scale.first), scale.last)
    end = scale.last if row.high is None else min(max(row.high, scale.first), scale.last)
    ink = colour("blue")
    if row.is_bar:
        axes.fill_between(
            [start, end], [middle - 7] * 2, [middle + 7] * 2, edgecolor=ink, clip_on=False,
            facecolor=ink if row.firm else colour("paper"), linewidth=0 if row.firm else 2,
        )  # fmt: skip
        return
    axes.plot([start, end], [middle, middle], color=ink, linewidth=3, clip_on=False)
    for value, place, arrow in ((row.low, start, "<"), (row.high, end, ">")):
        beyond = value is None or value != place
        axes.plot(
            [place], [middle], arrow if beyond else "o", color=ink, markersize=8, clip_on=False,
            markerfacecolor=ink if row.firm else colour("paper"), markeredgewidth=2,
        )  # fmt: skip


def symmetric_scale(rows: Sequence[Row], centre: float, words: str | Quantity | Sentence) -> Scale:
    """Make room for every mark, but for no outlier beyond a set distance from the centre."""
    ends = [
        abs(end - centre)
        for row in rows
        for end in (row.low, row.high, *(row.band or ()))
        if end is not None
    ]
    reach = min(_WIDEST, max([one for one in ends if one <= _WIDEST] or [_WIDEST]) * _MARGIN)
    return Scale(centre - reach, centre + reach, centre, words)
