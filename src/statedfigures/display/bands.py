"""Fans and scenarios on axes: bands, middles, and their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from statedfigures.display.heading import HIGH_50, HIGH_90, LOW_50, LOW_90, MEDIAN
from statedfigures.display.scales import height_share
from statedfigures.display.style import SMALL, Canvas, apart, year_ticks
from statedfigures.display.svg import colour
from statedfigures.display.words import Quantity

Fan = Mapping[int, Mapping[float, Quantity]]
"""Year to quantile level to the quantity drawn."""

BandNames = Sequence[tuple[Quantity, Sequence[tuple[float, float]]]]
Size = tuple[float, float]

_ENDS = ((LOW_90, False), (LOW_50, False), (MEDIAN, True), (HIGH_50, False), (HIGH_90, False))
_HEADROOM = 1.12
_LETTER = 0.6


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


def drawn_values(fan: Fan) -> list[float]:
    """List the values of a fan that are drawn: those of the bands and the middle."""
    levels = [level for level, _ in _ENDS]
    return [
        value_of(quantiles[level])
        for quantiles in fan.values()
        for level in levels
        if level in quantiles
    ]


def tallest(fan: Fan) -> float:
    """Give the largest value of a fan that is drawn."""
    return max(drawn_values(fan))


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
    ticks = year_ticks(first, last, most)
    axes.set_xticks(ticks, [str(one) for one in ticks])
    labels = axes.get_xticklabels()
    # The outer years stay inside the picture and clear of what stands beside it.
    labels[0].set_horizontalalignment("left")
    if len(labels) > 1:
        labels[-1].set_horizontalalignment("right")


def label_ends(
    canvas: Canvas, axes: Axes, ends: Sequence[tuple[Quantity, str, bool]], height: float
) -> None:
    """Write values beside the last year, none upon another.

    Parameters
    ----------
    canvas, axes
        Where they were drawn.
    ends
        Each value with its ink and whether it is bold.
    height
        Height of the axes in points.
    """
    ordered = sorted(ends, key=lambda one: value_of(one[0]))
    heights = [height_share(axes, value_of(one)) * height for one, _, _ in ordered]
    moved = apart(heights, SMALL + 2)
    lift = max(0.0, SMALL / 2 - moved[0])
    for (quantity, ink, bold), place in zip(ordered, moved, strict=True):
        canvas.write(
            axes,
            (1, (place + lift) / height),
            quantity,
            shift=(7, 0),
            ink=ink,
            bold=bold,
            size=SMALL,
            within="axes fraction",
        )


def ends_of(fan: Fan, year: int) -> list[tuple[Quantity, str, bool]]:
    """List the values of a year to be written beside it, the middle in bold."""
    return [(fan[year][level], "text", bold) for level, bold in _ENDS if level in fan[year]]


def label_bands(canvas: Canvas, axes: Axes, fan: Fan, names: BandNames, size: Size) -> None:
    """Name each band inside it where it is high enough, else at its top end.

    Parameters
    ----------
    canvas, axes
        Where the fan was drawn.
    fan
        The fan.
    names
        For each band its name and the stretches of it that no narrower band
        covers, the preferred one first.
    size
        Width and height of the axes in points.
    """
    years = sorted(fan)
    width, height = size

    def share(place: float, level: float) -> float:
        return height_share(axes, _at(fan, years, place, level))

    for name, stretches in names:
        # Measured where the name begins: a fan is lowest there.
        length = (len(name.text) * SMALL * _LETTER + 6) / width
        begin = years[-1] - (years[-1] - years[0]) * length
        near = years[-1] - (years[-1] - years[0]) * length / 2
        fitting = [
            (low, high)
            for low, high in stretches
            if (share(begin, high) - share(begin, low)) * height >= SMALL
        ]
        if fitting:
            low, high = fitting[0]
            middle, lift = (share(near, low) + share(near, high)) / 2, 0.0
        else:
            middle, lift = share(years[-1], stretches[0][1]), 8.0
        canvas.write(
            axes,
            (1, middle),
            name,
            shift=(-5, lift),
            ha="right",
            size=SMALL,
            within="axes fraction",
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
    low, top = axes.get_ylim()
    axes.plot([year, year], [low, top], color=colour("muted"), linewidth=1, linestyle=(0, (4, 3)))
    canvas.write(axes, (year, top), words, shift=(4, -6), ink="muted", size=SMALL)
