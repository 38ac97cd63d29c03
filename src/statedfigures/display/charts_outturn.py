"""The chart of what was projected from the release alone, with what came later on it."""

from __future__ import annotations

from statedfigures.analysis.records import Outturn
from statedfigures.display.bands import (
    draw_bands,
    drawn_values,
    label_ends,
    quantity_of,
    set_frame,
    value_of,
)
from statedfigures.display.charts_fan import renamed
from statedfigures.display.format import computed, counted, noun
from statedfigures.display.heading import HIGH_90, LOW_90, MEDIAN
from statedfigures.display.phrases import joined, references, traced
from statedfigures.display.records import Chart
from statedfigures.display.scales import set_log_scale
from statedfigures.display.style import WIDTH, canvas, plain_axes
from statedfigures.display.svg import colour
from statedfigures.display.tables_outturn import table_outturn_years
from statedfigures.display.words import Words, sentence

_HEIGHT = 240.0
_LEFT, _RIGHT, _BOTTOM, _TOP = 74.0, 78.0, 28.0, 14.0


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
        set_log_scale(picture, axes, [*points, *drawn_values(fan)])
        draw_bands(axes, fan)
        years_drawn = [one.year for one in outturn.years]
        axes.plot(years_drawn, points, "o", color=colour("pink"), markersize=7, clip_on=False)
        outer = [(fan[last][level], "text", level == MEDIAN) for level in (LOW_90, MEDIAN, HIGH_90)]
        latest = (quantity_of(drawn[-1]), "pink", True)
        label_ends(picture, axes, [latest, *outer], _HEIGHT - _BOTTOM - _TOP)
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
