"""Fans and scenarios on axes: bands, middles, and their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from statedfigures.display.heading import HIGH_50, HIGH_90, LOW_50, LOW_90, MEDIAN
from statedfigures.display.style import SMALL, Canvas, apart, year_ticks
from statedfigures.display.svg import colour
from statedfigures.display.words import Quantity

Fan = Mapping[int, Mapping[float, Quantity]]
"""Year to quantile level to the quantity drawn."""

_ENDS = ((LOW_90, False), (LOW_50, False), (MEDIAN, True), (HIGH_50, False), (HIGH_90, False))
_HEADROOM = 1.12


def value_of(quantity: Quantity) -> float:
    """Give the number that is drawn for a quantity.

    Raises
    ------
    ValueError
        If it has words only.
    """
    if quantity.value is None:
        raise ValueError(f"{quantity.text!r} cannot be drawn: it has no value")
    return quantity.value


def draw_bands(axes: Axes, fan: Fan) -> None:
    """Draw the wider band, the narrower one upon it, and the middle."""
    for low, high, strength in ((LOW_90, HIGH_90, 0.2), (LOW_50, HIGH_50, 0.3)):
        years = [one for one in sorted(fan) if low in fan[one] and high in fan[one]]
        axes.fill_between(
            years,
            [value_of(fan[one][low]) for one in years],
            [value_of(fan[one][high]) for one in years],
            color=colour("blue"),
            alpha=strength,
            linewidth=0,
            clip_on=False,
        )
    years = [one for one in sorted(fan) if MEDIAN in fan[one]]
    axes.plot(
        years,
        [value_of(fan[one][MEDIAN]) for one in years],
        color=colour("blue"),
        linewidth=2.5,
        clip_on=False,
    )


def tallest(fan: Fan) -> float:
    """Give the largest value of a fan."""
    return max(value_of(one) for quantiles in fan.values() for one in quantiles.values())


def quantity_of(cell: object) -> Quantity:
    """Give a cell as the number it is, for columns that are drawn.

    Raises
    ------
    ValueError
        If the cell is no number.
    """
    if not isinstance(cell, Quantity):
        raise ValueError(f"{cell!r} cannot be drawn")
    return cell


def set_frame(axes: Axes, first: int, last: int, top: float, most: int = 5) -> None:
    """Set years below and a vertical axis from nought, which is what the labels stand on."""
    axes.set_xlim(first, last)
    axes.set_ylim(0, top * _HEADROOM)
    axes.set_xticks(
        year_ticks(first, last, most), [str(one) for one in year_ticks(first, last, most)]
    )


def label_ends(canvas: Canvas, axes: Axes, year: int, fan: Fan, height: float) -> None:
    """Write the values of the last year beside it, the middle in bold."""
    ends = [(fan[year][level], bold) for level, bold in _ENDS if level in fan[year]]
    top = axes.get_ylim()[1]
    places = apart([value_of(one) / top * height for one, _ in ends], SMALL + 2)
    for (quantity, bold), place in zip(ends, places, strict=True):
        canvas.write(
            axes, (year, place / height * top), quantity, shift=(6, 0), bold=bold, size=SMALL
        )


def label_bands(
    canvas: Canvas, axes: Axes, fan: Fan, names: Sequence[tuple[Quantity, float, float]]
) -> None:
    """Name the bands, with a line from each name into its band.

    Parameters
    ----------
    canvas, axes
        Where the fan was drawn.
    fan
        The fan.
    names
        For each band its level and the two quantile levels between which the
        line ends: for the wider band the stretch that the narrower leaves.
    """
    years = sorted(fan)
    top = axes.get_ylim()[1]
    tip = years[-1] - (years[-1] - years[0]) * 0.12
    # Names stand under the fan where there is room, else above its start.
    below = min(_at(fan, years, tip, LOW_90), _at(fan, years, years[0], MEDIAN)) > top * 0.42
    start = years[0] + (years[-1] - years[0]) * (0.2 if below else 0.03)
    rows = (0.2, 0.08) if below else (0.97, 0.85)
    for (level, low, high), row in zip(names, rows, strict=False):
        target = (_at(fan, years, tip, low) + _at(fan, years, tip, high)) / 2
        canvas.write(axes, (start, top * row), level, size=SMALL)
        reach = start + (years[-1] - years[0]) * 0.28
        axes.plot(
            [reach, tip], [top * row, target], color=colour("muted"), linewidth=0.8, clip_on=False
        )


def _at(fan: Fan, years: Sequence[int], place: float, level: float) -> float:
    """Read a quantile between two years."""
    known = [one for one in years if level in fan[one]]
    before = max((one for one in known if one <= place), default=known[0])
    after = min((one for one in known if one >= place), default=known[-1])
    start, end = value_of(fan[before][level]), value_of(fan[after][level])
    share = 0.0 if after == before else (place - before) / (after - before)
    return start + (end - start) * share


def mark_beyond(canvas: Canvas, axes: Axes, year: float, words: str) -> None:
    """Mark from where on the picture goes beyond what is usual."""
    top = axes.get_ylim()[1]
    axes.plot([year, year], [0, top], color=colour("muted"), linewidth=1, linestyle=(0, (4, 3)))
    canvas.write(axes, (year, top), words, shift=(4, -6), ink="muted", size=SMALL)
