"""The chart of what was projected from the release alone, with what came later on it."""

from __future__ import annotations

from statedfigures.analysis.records import Outturn
from statedfigures.display.bands import draw_bands, quantity_of, set_frame, tallest, value_of
from statedfigures.display.charts_fan import renamed
from statedfigures.display.format import computed, counted, noun
from statedfigures.display.heading import HIGH_90, LOW_90, MEDIAN
from statedfigures.display.phrases import joined, references, traced
from statedfigures.display.records import Chart
from statedfigures.display.style import SMALL, WIDTH, canvas, plain_axes
from statedfigures.display.svg import colour
from statedfigures.display.tables_outturn import table_outturn_years
from statedfigures.display.words import Words, sentence

_HEIGHT = 240.0
_LEFT, _RIGHT, _BOTTOM, _TOP = 12.0, 72.0, 28.0, 14.0
_WIDTH = WIDTH


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
        height = _HEIGHT - _BOTTOM - _TOP
        axes = picture.axes(_LEFT + 14, _BOTTOM, _WIDTH - _LEFT - 14 - _RIGHT, height)
        plain_axes(axes)
        top = max(tallest(fan), *(value_of(quantity_of(one)) for one in drawn))
        set_frame(axes, first, last, top)
        draw_bands(axes, fan)
        points = [value_of(quantity_of(one)) for one in drawn]
        axes.plot(sorted(fan), points, "o", color=colour("pink"), markersize=7, clip_on=False)
        place = points[-1]
        picture.write(
            axes, (last, place), quantity_of(drawn[-1]), shift=(8, 0), ink="pink", bold=True
        )
        picture.write(
            axes,
            (last, place),
            "published",
            shift=(8, 14 if place > top / 2 else -14),
            ink="pink",
            size=SMALL,
        )
        middle = fan[last][MEDIAN]
        if abs(value_of(middle) - place) > top * 0.2:
            picture.write(axes, (last, value_of(middle)), middle, shift=(8, 0), bold=True)
            picture.write(axes, (last, value_of(middle)), "projected", shift=(8, -14), size=SMALL)
        svg = picture.svg(alt)
    return Chart(
        id=chart_id,
        title=sentence(
            "{title}: {inside} of {count} years published later lay inside the {most} range",
            **values,
        ),
        subtitle=sentence(
            "{unit} a year, {first} to {last}. Points: published later. Bands: projected from the "
            "release alone.",
            unit=noun(outturn.series.unit).capitalize(),
            first=values["first"],
            last=values["last"],
        ),
        svg=svg,
        alt_text=alt,
        data=renamed(data, f"{chart_id}-data"),
    )
