"""Vertical scales of charts: from nought, or logarithmic where a fan is very wide."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

from matplotlib.axes import Axes

from statedfigures.display.format import digits
from statedfigures.display.style import SMALL, Canvas
from statedfigures.display.svg import colour

LOGARITHMIC = " On a logarithmic scale."
_WIDE = 8
_ROOM = 1.5


def is_wide(values: Sequence[float], middle: float) -> bool:
    """Say whether a scale from nought would flatten the middle into a line.

    Parameters
    ----------
    values
        All that is drawn.
    middle
        The value that must stay readable.
    """
    return min(values) > 0 and max(values) > _WIDE * middle


def set_log_scale(
    picture: Canvas, axes: Axes, values: Sequence[float], *, labelled: bool = True
) -> None:
    """Use a logarithmic scale, with a line for each power of ten.

    Parameters
    ----------
    picture, axes
        What is drawn on.
    values
        All that will be drawn; above zero.
    labelled
        Whether the lines get their number, at the left of the axes.
    """
    lowest, highest = min(values) / _ROOM, max(values) * _ROOM
    axes.set_yscale("log")
    axes.set_ylim(lowest, highest)
    axes.minorticks_off()
    axes.set_yticks([])
    first, last = axes.get_xlim()
    for power in range(ceil(log10(lowest)), floor(log10(highest)) + 1):
        level = 10.0**power
        axes.plot([first, last], [level] * 2, color=colour("grid"), linewidth=0.6, zorder=0)
        if labelled:
            picture.write(
                axes,
                (first, level),
                digits(level),
                shift=(-6, 0),
                ha="right",
                ink="muted",
                size=SMALL,
                is_axis=True,
            )


def height_share(axes: Axes, value: float) -> float:
    """Place a value between the bottom and the top of some axes: 0 to 1."""
    low, high = axes.get_ylim()
    if axes.get_yscale() == "log":
        return (log10(value) - log10(low)) / (log10(high) - log10(low))
    return (value - low) / (high - low)
