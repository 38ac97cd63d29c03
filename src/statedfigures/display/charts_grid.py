"""The chart of a grid: the interval of one headline in each of many sets, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from statedfigures.display.format import digits
from statedfigures.display.scales import is_wide
from statedfigures.display.style import SMALL, WIDTH, Canvas, canvas, plain_axes
from statedfigures.display.svg import colour
from statedfigures.display.words import Sentence

_ROW = 15.0
_LETTER = 6.3
_LABEL_MOST = 150.0
_VALUE_MOST = 80.0
_PAD = 8.0
_AXIS = 24.0
_ROOM = 1.1
_MILLION = 10**6


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One row: its label, its middle, the ranges around it, and the middle in words.

    Values are in the unit of the series; a range is None where there is none.
    """

    label: str
    middle: float
    half: tuple[float, float] | None
    most: tuple[float, float] | None
    words: str


def chart_intervals(chart_id: str, rows: Sequence[IntervalRow], alt: str) -> str:
    """Draw intervals under one another on one scale.

    Parameters
    ----------
    chart_id
        Id of the chart.
    rows
        From top to bottom; at least one.
    alt
        Alternative text.

    Returns
    -------
    str
        The picture: a thin line for the wider range, a thick one for the
        narrower, a dot for the middle. The scale begins at nought, or is
        logarithmic where that would flatten the middles.
    """
    left = min(_LABEL_MOST, max(len(row.label) for row in rows) * _LETTER + _PAD)
    right = min(_VALUE_MOST, max(len(row.words) for row in rows) * _LETTER + 2 * _PAD)
    height = len(rows) * _ROW + _AXIS + _PAD
    with canvas(chart_id, height) as picture:
        axes = picture.axes(left, _AXIS, WIDTH - left - right, height - _AXIS - _PAD)
        plain_axes(axes, baseline=False)
        axes.set_xticks([])
        axes.set_ylim(0, len(rows))
        _set_scale(picture, axes, rows)
        for place, row in enumerate(rows):
            share = 1 - (place + 0.5) / len(rows)
            _draw_row(picture, axes, row, share, left)
        return picture.svg(Sentence((alt,)))


def _draw_row(picture: Canvas, axes: Axes, row: IntervalRow, share: float, left: float) -> None:
    ink, height = colour("blue"), share * axes.get_ylim()[1]
    for ends, width, strength in ((row.most, 1.5, 0.6), (row.half, 5.0, 0.5)):
        if ends is not None:
            axes.plot(
                ends, [height] * 2, color=ink, linewidth=width, alpha=strength, clip_on=False,
                solid_capstyle="butt",
            )  # fmt: skip
    axes.plot([row.middle], [height], "o", color=ink, markersize=6, clip_on=False)
    for words, place, shift in ((row.label, 0.0, -left), (row.words, 1.0, _PAD)):
        picture.write(
            axes, (place, share), words, shift=(shift, 0), size=SMALL, within="axes fraction"
        )


def is_logarithmic(rows: Sequence[IntervalRow]) -> bool:
    """Say whether the scale of some rows is logarithmic."""
    return is_wide(_drawn(rows), sorted(row.middle for row in rows)[len(rows) // 2])


def _drawn(rows: Sequence[IntervalRow]) -> list[float]:
    return [one for row in rows for one in (row.middle, *(row.half or ()), *(row.most or ()))]


def _set_scale(picture: Canvas, axes: Axes, rows: Sequence[IntervalRow]) -> None:
    """Set the horizontal scale and its lines, each with its number below."""
    values = _drawn(rows)
    if is_logarithmic(rows):
        lowest, highest = min(values) / _ROOM, max(values) * _ROOM
        axes.set_xscale("log")
        axes.set_xlim(lowest, highest)
        axes.minorticks_off()
        marks = [10.0**power for power in range(ceil(log10(lowest)), floor(log10(highest)) + 1)]
    else:
        lowest, highest = min(0.0, *values), max(values) * _ROOM or 1.0
        axes.set_xlim(lowest, highest)
        marks = [
            float(one) for one in MaxNLocator(3).tick_values(lowest, highest)
            if lowest <= one <= highest
        ]  # fmt: skip
    axes.set_xticks([])
    for mark in marks:
        axes.plot(
            [mark] * 2, axes.get_ylim(), color=colour("grid"), linewidth=0.6, zorder=0,
            clip_on=False,
        )  # fmt: skip
        words = f"{digits(mark / _MILLION)} million" if abs(mark) >= _MILLION else digits(mark)
        picture.write(
            axes,
            (mark, 0),
            words,
            shift=(0, -12),
            ha="center",
            ink="muted",
            size=SMALL,
            is_axis=True,
        )
