"""The chart of what was projected from the release alone, with what came later on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

from matplotlib.axes import Axes

from statedfigures.analysis.records import Outturn
from statedfigures.display.bands import draw_bands, drawn_values, quantity_of, set_frame, value_of
from statedfigures.display.charts_fan import renamed
from statedfigures.display.format import computed, counted, digits, noun
from statedfigures.display.heading import HIGH_90, LOW_90, MEDIAN
from statedfigures.display.phrases import joined, references, traced
from statedfigures.display.records import Chart
from statedfigures.display.style import SMALL, WIDTH, Canvas, apart, canvas, plain_axes
from statedfigures.display.svg import colour
from statedfigures.display.tables_outturn import table_outturn_years
from statedfigures.display.words import Quantity, Words, sentence

_HEIGHT = 240.0
_LEFT, _RIGHT, _BOTTOM, _TOP = 74.0, 78.0, 28.0, 14.0
_PAD = 1.5


def chart_outturn(outturn: Outturn) -> Chart:
    """Draw what was projected from the release alone, with what came later on it.

    Parameters
    ----------
    outturn
        A series with at least one year of outturn.

    Raises
    ------
    ValueError
        If the series has no outturn: there is nothing to draw.
    """
    if not outturn.years:
        raise ValueError(f"{outturn.series.id} has no outturn to draw")
    formula = "a quantile of the draws made from the release alone"
    fan = {
        one.year: {
            level: computed(value, outturn.series.unit, outturn.inputs, formula)
            for level, value in one.projected.items()
        }
        for one in outturn.years
    }
    data = table_outturn_years(outturn)
    drawn = [row[1] for row in data.rows]
    first, last = outturn.years[0].year, outturn.years[-1].year
    years = {one.year: row[0] for one, row in zip(outturn.years, data.rows, strict=True)}
    inside = sum(one.inside_90 for one in outturn.years)
    every = references(outturn.inputs)
    values: dict[str, Words] = {
        "title": traced(outturn.series.title, *every),
        "inside": counted(inside, every, "count of the years inside the wider range"),
        "count": counted(len(outturn.years), every, "count of the years with an outturn"),
        "first": quantity_of(years[first]),
        "last": quantity_of(years[last]),
        "values": joined(quantity_of(one) for one in drawn),
        "low": fan[last][LOW_90],
        "high": fan[last][HIGH_90],
        "most": computed(
            100 * (HIGH_90 - LOW_90), "percent", every, "the share of the draws inside the range"
        ),
    }
    alt = sentence(
        "Fan chart with points. {title}, {first} to {last}: published later {values}; the {most} "
        "range projected for {last} was {low} to {high}.",
        **values,
    )
    chart_id = f"outturn-chart-{outturn.series.id}"
    with canvas(chart_id, _HEIGHT) as picture:
        axes = picture.axes(_LEFT, _BOTTOM, WIDTH - _LEFT - _RIGHT, _HEIGHT - _BOTTOM - _TOP)
        plain_axes(axes)
        points = [value_of(quantity_of(one)) for one in drawn]
        set_frame(axes, first, last, 1)
        _set_log_scale(picture, axes, [*points, *drawn_values(fan)])
        draw_bands(axes, fan)
        years_drawn = [one.year for one in outturn.years]
        axes.plot(years_drawn, points, "o", color=colour("pink"), markersize=7, clip_on=False)
        _label_ends(picture, axes, quantity_of(drawn[-1]), fan[last])
        svg = picture.svg(alt)
    return Chart(
        id=chart_id,
        title=sentence(
            "{title}: {inside} of {count} years published later lay inside the {most} range",
            **values,
        ),
        subtitle=sentence(
            "{unit}, {first} to {last}, on a logarithmic scale. Points: published later. "
            "Bands: projected from the release alone.",
            unit=traced(noun(outturn.series.unit).capitalize(), *every),
            first=values["first"],
            last=values["last"],
        ),
        svg=svg,
        alt_text=alt,
        data=renamed(data, f"{chart_id}-data"),
    )


def _set_log_scale(picture: Canvas, axes: Axes, values: Sequence[float]) -> None:
    """Use the scale that the scores use, with a line for each power of ten."""
    lowest, highest = min(values), max(values)
    axes.set_yscale("log")
    axes.set_ylim(lowest / _PAD, highest * _PAD)
    axes.minorticks_off()
    axes.set_yticks([])
    first, last = axes.get_xlim()
    for power in range(floor(log10(lowest)), ceil(log10(highest)) + 1):
        level = 10.0**power
        if lowest / _PAD <= level <= highest * _PAD:
            axes.plot([first, last], [level] * 2, color=colour("grid"), linewidth=0.6, zorder=0)
            picture.write(
                axes, (first, level), digits(level),
                shift=(-6, 0),
                ha="right", ink="muted", size=SMALL,
                is_axis=True,
            )  # fmt: skip


def _label_ends(
    picture: Canvas, axes: Axes, latest: Quantity, ends: Mapping[float, Quantity]
) -> None:
    """Write the last point and the middle and ends of the wider band beside the last year."""
    labels: list[tuple[float, Quantity | str, str, bool]] = [
        (value_of(latest), latest, "pink", True),
        *(
            (value_of(ends[level]), ends[level], "text", level == MEDIAN)
            for level in (LOW_90, MEDIAN, HIGH_90)
        ),
    ]
    labels.sort(key=lambda one: one[0])
    low, high = (log10(one) for one in axes.get_ylim())
    height = _HEIGHT - _BOTTOM - _TOP
    heights = [(log10(value) - low) / (high - low) * height for value, *_ in labels]
    places = apart(heights, SMALL + 2)
    for (_, words, ink, bold), place in zip(labels, places, strict=True):
        picture.write(
            axes, (1, place / height), words, shift=(8, 0), ink=ink, bold=bold, size=SMALL,
            within="axes fraction",
        )  # fmt: skip
