"""Charts of projections: the pooled fan and the scenarios."""

from __future__ import annotations

from collections.abc import Mapping

from statedfigures.analysis.records import Projection
from statedfigures.display.bands import (
    Fan,
    draw_bands,
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
    SCENARIO,
    base_value,
    projected,
    projected_value,
    quantiles_of,
    share_of_draws,
)
from statedfigures.display.phrases import traced
from statedfigures.display.records import Chart, Column, TableView
from statedfigures.display.style import SMALL, canvas, plain_axes
from statedfigures.display.svg import colour
from statedfigures.display.tables_projection import (
    RANGE_COLUMNS,
    SCENARIOS,
    table_projection,
    years_of,
)
from statedfigures.display.words import Provenance, Quantity, Sentence, Words, sentence

_HEIGHT = 240.0
_LEFT, _RIGHT, _BOTTOM, _TOP = 12.0, 72.0, 28.0, 14.0
_WIDTH = 384.0


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


def _subject(projection: Projection) -> Words:
    return traced(projection.series.title, *projection.inputs)


def _subtitle(projection: Projection, words: str) -> Sentence:
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
    series, last = projection.series, projection.horizon_year
    fan = fan_of(projection, POOLED)
    end = fan[last]
    values: dict[str, Words] = {
        "title": _subject(projection),
        "year": year(last, HORIZON),
        "base_year": year(projection.base_year, f"figure:{series.base_figure}"),
        "base": base_value(projection),
        "middle": end[MEDIAN],
        "half": share_of_draws(projection, LOW_50, HIGH_50),
        "low_half": end[LOW_50],
        "high_half": end[HIGH_50],
        "most": share_of_draws(projection, LOW_90, HIGH_90),
        "low_most": end[LOW_90],
        "high_most": end[HIGH_90],
    }
    alt = sentence(
        "Fan chart. {title}: about {base} in {base_year}; in {year} the middle is {middle}, the "
        "{half} range {low_half} to {high_half} and the {most} range {low_most} to {high_most}.",
        **values,
    )
    chart_id = f"fan-{series.id}"
    with canvas(chart_id, _HEIGHT) as picture:
        height = _HEIGHT - _BOTTOM - _TOP
        axes = picture.axes(_LEFT + 14, _BOTTOM, _WIDTH - _LEFT - 14 - _RIGHT, height)
        plain_axes(axes)
        set_frame(axes, projection.base_year, last, tallest(fan))
        draw_bands(axes, fan)
        if projection.marked_from is not None:
            mark_beyond(picture, axes, projection.marked_from - 1, "beyond the default horizon")
        start = value_of(values["base"])  # type: ignore[arg-type]
        axes.plot([projection.base_year], [start], "o", color=colour("blue"), clip_on=False)
        picture.write(
            axes, (projection.base_year, start), base_value(projection), shift=(-4, 12), bold=True
        )
        label_ends(picture, axes, last, fan, height)
        label_bands(
            picture,
            axes,
            fan,
            [
                (_range(values["half"]), [(MEDIAN, HIGH_50), (LOW_50, MEDIAN)]),
                (_range(values["most"]), [(HIGH_50, HIGH_90), (LOW_90, LOW_50)]),
            ],
            (_WIDTH - _LEFT - 14 - _RIGHT, height),
        )
        svg = picture.svg(alt)
    return Chart(
        id=chart_id,
        title=sentence(
            "{title}: as likely as not between {low_half} and {high_half} in {year}", **values
        ),
        subtitle=_subtitle(
            projection, "All assumptions drawn from their ranges and all forms pooled by weight."
        ),
        svg=svg,
        alt_text=alt,
        data=renamed(table_projection(projection), f"{chart_id}-data"),
    )


def _range(level: Words) -> Quantity:
    """Name a band by its level: ``50% range``."""
    assert isinstance(level, Quantity)  # noqa: S101 - only levels are passed
    return Quantity(f"{level.text} range", level.value, level.provenance)


def renamed(view: TableView, identity: str) -> TableView:
    """Give a table as the data of a chart: another id, and no rows to link to."""
    return TableView(identity, view.caption, view.columns, view.rows, (), view.note)


def chart_scenarios(projection: Projection) -> Chart:
    """Draw the low, central and high scenario side by side on one scale.

    Returns
    -------
    Chart
        Three small fans, each with its middle at the horizon labelled.
    """
    series, last = projection.series, projection.horizon_year
    fans = {name: fan_of(projection, name) for name, _ in SCENARIOS}
    ends = {name: projected(projection, name, last, MEDIAN) for name, _ in SCENARIOS}
    values: dict[str, Words] = {
        "title": _subject(projection),
        "year": year(last, HORIZON),
        "base_year": year(projection.base_year, f"figure:{series.base_figure}"),
        "base": base_value(projection),
        **ends,
    }
    alt = sentence(
        "Three small charts on one scale. {title}: from about {base} in {base_year} to {low} in "
        "{year} in the low scenario, {central} in the central one and {high} in the high one.",
        **values,
    )
    chart_id = f"scenarios-{series.id}"
    gap, top_space = 30.0, 34.0
    width = (_WIDTH - _LEFT * 2 - gap * 2) / 3
    height = 210.0 - _BOTTOM - top_space
    with canvas(chart_id, 210.0) as picture:
        top = max(tallest(fan) for fan in fans.values())
        for place, (name, heading) in enumerate(SCENARIOS):
            axes = picture.axes(_LEFT + place * (width + gap), _BOTTOM, width, height)
            plain_axes(axes)
            set_frame(axes, projection.base_year, last, top, most=2)
            draw_bands(axes, fans[name])
            reference = Quantity(heading, None, Provenance((SCENARIO,)))
            picture.write(axes, (0, 1), reference, shift=(0, 20), bold=True, within="axes fraction")
            end = value_of(ends[name])
            axes.plot([last], [end], "o", color=colour("blue"), clip_on=False)
            picture.write(
                axes, (last, end), ends[name], shift=(4, 13), ha="right", bold=True, size=SMALL
            )
        svg = picture.svg(alt)
    return Chart(
        id=chart_id,
        title=sentence(
            "{title}: {low} in {year} in the low scenario, {high} in the high one", **values
        ),
        subtitle=_subtitle(
            projection, "Every judgement at its low, central or high; bands as in the fan."
        ),
        svg=svg,
        alt_text=alt,
        data=_scenario_table(projection, fans, f"{chart_id}-data"),
    )


def _scenario_table(projection: Projection, fans: Mapping[str, Fan], identity: str) -> TableView:
    unit = noun(projection.series.unit)
    columns = (
        Column("scenario", "Scenario"),
        Column("year", "Year", numeric=True),
        *(Column(name, heading, unit, numeric=True) for name, heading, _ in RANGE_COLUMNS),
    )
    rows = tuple(
        (
            name,
            year(one, HORIZON),
            *(fan[one].get(level) for _, _, level in RANGE_COLUMNS),
        )
        for name, fan in fans.items()
        for one in sorted(fan)
    )
    return TableView(identity, "Projected values in each scenario", columns, rows)
