"""The chart of the three scenarios, side by side on one scale."""

from __future__ import annotations

from collections.abc import Mapping

from statedfigures.analysis.records import Projection
from statedfigures.display.bands import Fan, draw_bands, drawn_values, set_frame, value_of
from statedfigures.display.charts_fan import fan_of, subject_of, subtitle_of
from statedfigures.display.format import noun, year
from statedfigures.display.heading import HORIZON, MEDIAN, SCENARIO, base_value, projected
from statedfigures.display.records import Chart, Column, TableView
from statedfigures.display.scales import LOGARITHMIC, is_wide, set_log_scale
from statedfigures.display.style import SMALL, WIDTH, canvas, plain_axes
from statedfigures.display.svg import colour
from statedfigures.display.tables_projection import RANGE_COLUMNS, SCENARIOS
from statedfigures.display.words import Provenance, Quantity, Words, sentence

_BOTTOM = 28.0
_SIDE = 12.0
_SMALL_HEIGHT = 210.0


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
        "title": subject_of(projection),
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
    width = (WIDTH - _SIDE * 2 - gap * 2) / 3
    height = _SMALL_HEIGHT - _BOTTOM - top_space
    with canvas(chart_id, _SMALL_HEIGHT) as picture:
        values_drawn = [value for fan in fans.values() for value in drawn_values(fan)]
        wide = is_wide(values_drawn, value_of(ends["central"]))
        for place, (name, heading) in enumerate(SCENARIOS):
            axes = picture.axes(_SIDE + place * (width + gap), _BOTTOM, width, height)
            plain_axes(axes)
            set_frame(axes, projection.base_year, last, max(values_drawn), most=2)
            if wide:
                set_log_scale(picture, axes, values_drawn, labelled=False)
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
        subtitle=subtitle_of(
            projection,
            "Every judgement at its low, central or high; bands as in the fan."
            + LOGARITHMIC * wide,
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
