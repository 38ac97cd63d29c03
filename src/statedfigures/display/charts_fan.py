"""Charts of projections: the pooled fan."""

from __future__ import annotations

from statedfigures.analysis.records import Projection
from statedfigures.display.bands import (
    Fan,
    draw_bands,
    drawn_values,
    ends_of,
    label_bands,
    label_ends,
    mark_beyond,
    set_frame,
    tallest,
    value_of,
)
from statedfigures.display.format import noun, year
from statedfigures.display.heading import (
    HIGH_50,
    HIGH_90,
    HORIZON,
    LOW_50,
    LOW_90,
    MEDIAN,
    POOLED,
    base_value,
    projected_value,
    quantiles_of,
    share_of_draws,
)
from statedfigures.display.headlines import fan_title, fan_words
from statedfigures.display.phrases import traced
from statedfigures.display.records import Chart, TableView
from statedfigures.display.scales import LOGARITHMIC, is_wide, set_log_scale
from statedfigures.display.style import WIDTH, canvas, plain_axes
from statedfigures.display.svg import colour
from statedfigures.display.tables_projection import (
    RANGE_COLUMNS,
    table_projection,
    years_of,
)
from statedfigures.display.words import Quantity, Sentence, Words, sentence

_HEIGHT = 240.0
_LEFT, _RIGHT, _BOTTOM, _TOP = 24.0, 76.0, 28.0, 14.0
_LOG_LEFT = 76.0


def fan_of(projection: Projection, scenario: str) -> Fan:
    """Collect the quantities of a fan, from the base to the horizon."""
    levels = [level for _, _, level in RANGE_COLUMNS]
    base = {
        level: projected_value(projection, projection.base_quantiles[level])
        for level in levels
        if level in projection.base_quantiles
    }
    fan = {projection.base_year: base | {MEDIAN: base_value(projection)}}
    for one in years_of(projection):
        found = quantiles_of(projection, scenario, one)
        fan[one] = {
            level: projected_value(projection, found[level]) for level in levels if level in found
        }
    return fan


def subject_of(projection: Projection) -> Words:
    """Name the series in a title."""
    return traced(projection.series.title, *projection.inputs)


def subtitle_of(projection: Projection, words: str) -> Sentence:
    """Say what is measured, where and when, then how it was drawn."""
    return sentence(
        "{unit}, {geography}, {first} to {last}. " + words,
        unit=traced(noun(projection.series.unit).capitalize(), *projection.inputs),
        geography=traced(projection.series.geography, *projection.inputs),
        first=year(projection.base_year, f"figure:{projection.series.base_figure}"),
        last=year(projection.horizon_year, HORIZON),
    )


def chart_fan(projection: Projection) -> Chart:
    """Draw the pooled fan: all forms by weight, all assumptions from their ranges.

    Parameters
    ----------
    projection
        One projected series.

    Returns
    -------
    Chart
        Bands of 50% and 90% from the base to the horizon, with the ends
        labelled and a mark where the default horizon ends.
    """
    last = projection.horizon_year
    fan = fan_of(projection, POOLED)
    end = fan[last]
    base = base_value(projection)
    alt = fan_words(projection, subject_of(projection), base, end)
    chart_id = f"fan-{projection.series.id}"
    wide = is_wide(drawn_values(fan), value_of(end[MEDIAN]))
    left = _LOG_LEFT if wide else _LEFT
    with canvas(chart_id, _HEIGHT) as picture:
        width, height = WIDTH - left - _RIGHT, _HEIGHT - _BOTTOM - _TOP
        axes = picture.axes(left, _BOTTOM, width, height)
        plain_axes(axes)
        set_frame(axes, projection.base_year, last, tallest(fan))
        if wide:
            set_log_scale(picture, axes, drawn_values(fan))
        draw_bands(axes, fan)
        if projection.marked_from is not None:
            mark_beyond(picture, axes, projection.marked_from - 1, "beyond the default horizon")
        start = value_of(base)
        axes.plot([projection.base_year], [start], "o", color=colour("blue"), clip_on=False)
        picture.write(axes, (projection.base_year, start), base, shift=(-4, 12), bold=True)
        label_ends(picture, axes, ends_of(fan, last), height)
        label_bands(
            picture,
            axes,
            fan,
            [
                (
                    _range(share_of_draws(projection, LOW_50, HIGH_50)),
                    [(MEDIAN, HIGH_50), (LOW_50, MEDIAN)],
                ),
                (
                    _range(share_of_draws(projection, LOW_90, HIGH_90)),
                    [(HIGH_50, HIGH_90), (LOW_90, LOW_50)],
                ),
            ],
            (width, height),
        )
        svg = picture.svg(alt)
    return Chart(
        id=chart_id,
        title=fan_title(projection, subject_of(projection), end),
        subtitle=subtitle_of(
            projection,
            "All assumptions drawn from their ranges and all forms pooled by weight."
            + LOGARITHMIC * wide,
        ),
        svg=svg,
        alt_text=alt,
        data=renamed(table_projection(projection), f"{chart_id}-data"),
    )


def _range(level: Quantity) -> Quantity:
    """Name a band by its level: ``50% range``."""
    return Quantity(f"{level.text} range", level.value, level.provenance)


def renamed(view: TableView, identity: str) -> TableView:
    """Give a table as the data of a chart: another id, and no rows to link to."""
    return TableView(identity, view.caption, view.columns, view.rows, (), view.note)
