"""Tables of projections, their sensitivity and how they fared."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.records import Projection
from statedfigures.display.delimited import number_field
from statedfigures.display.format import computed, noun, significant, year
from statedfigures.display.heading import (
    HIGH_50,
    HIGH_90,
    HORIZON,
    LOW_50,
    LOW_90,
    MEDIAN,
    POOLED,
    base_value,
    projected,
    projected_value,
)
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.tables_release import topic_of
from statedfigures.display.words import Provenance, Quantity

RANGE_COLUMNS = (
    ("q05", "Nine in ten: from", LOW_90),
    ("q25", "One in two: from", LOW_50),
    ("q50", "Middle", MEDIAN),
    ("q75", "One in two: to", HIGH_50),
    ("q95", "Nine in ten: to", HIGH_90),
)
SCENARIOS = (("low", "Low"), ("central", "Central"), ("high", "High"))


def years_of(projection: Projection) -> range:
    """Give the projected years, the first after the base year."""
    return range(projection.base_year + 1, projection.horizon_year + 1)


def table_projection(projection: Projection) -> TableView:
    """Give the middle of each scenario and the pooled ranges, year by year.

    Parameters
    ----------
    projection
        One projected series.

    Returns
    -------
    TableView
        The base, then one row for each year. Columns: year, the middle under
        the low, central and high scenario, and the five pooled quantiles.
    """
    unit = noun(projection.series.unit)
    columns = (
        Column("year", "Year", numeric=True),
        *(
            Column(f"{name}_q50", f"{heading} scenario: middle", unit, numeric=True)
            for name, heading in SCENARIOS
        ),
        *(Column(name, heading, unit, numeric=True) for name, heading, _ in RANGE_COLUMNS),
        Column("remark", "Remark"),
    )
    return TableView(
        id=f"projection-{projection.series.id}",
        caption=f"{projection.series.title}: projected values, all forms pooled",
        columns=columns,
        rows=(_base_row(projection), *(_year_row(projection, one) for one in years_of(projection))),
    )


def _base_row(projection: Projection) -> tuple[Cell, ...]:
    base = base_value(projection)
    quantiles = projection.base_quantiles
    ranges = [
        projected_value(projection, quantiles[level]) if level in quantiles else None
        for _, _, level in RANGE_COLUMNS
    ]
    when = year(projection.base_year, f"figure:{projection.series.base_figure}")
    return (when, base, base, base, *ranges, "base")


def _year_row(projection: Projection, target_year: int) -> tuple[Cell, ...]:
    beyond = projection.marked_from is not None and target_year >= projection.marked_from
    return (
        year(target_year, HORIZON),
        *(projected(projection, name, target_year, MEDIAN) for name, _ in SCENARIOS),
        *(projected(projection, POOLED, target_year, level) for _, _, level in RANGE_COLUMNS),
        "beyond the default horizon" if beyond else None,
    )


def table_long(projections: Iterable[Projection]) -> TableView:
    """Give every projected quantile in the long form of the hubverse, for a file.

    Returns
    -------
    TableView
        Columns ``series, scenario, model, target_year, output_type,
        output_type_id, value, unit``; sorted by them. It is too long for a
        page, which links to the file instead.
    """
    listed = sorted(projections, key=lambda one: one.series.id)
    columns = (
        Column("series", "Series"),
        Column("scenario", "Scenario"),
        Column("model", "Model"),
        Column("target_year", "Year", numeric=True),
        Column("output_type", "Output type"),
        Column("output_type_id", "Quantile level", numeric=True),
        Column("value", "Value", numeric=True),
        Column("unit", "Unit"),
    )
    rows = tuple(row for one in listed for row in _long_rows(one))
    return TableView(
        id="projections-" + "-".join(one.series.topic for one in listed[:1]),
        caption="Every projected quantile in long form",
        columns=columns,
        rows=rows,
    )


def _long_rows(projection: Projection) -> Iterable[tuple[Cell, ...]]:
    source = Provenance(projection.inputs, "a quantile of the draws for the row's scenario")
    keys = ["scenario", "model", "target_year", "output_type", "output_type_id"]
    ordered = projection.rows.sort_values(keys, kind="stable")
    columns = [ordered[name].tolist() for name in [*keys, "value"]]
    for scenario, model, target_year, output_type, level, value in zip(*columns, strict=True):
        rounded = significant(value, 10)
        yield (
            projection.series.id,
            scenario,
            model,
            Quantity(str(target_year), float(target_year), Provenance((HORIZON,))),
            output_type,
            Quantity(number_field(level), level, source),
            Quantity(number_field(rounded), rounded, source),
            projection.series.unit,
        )


def table_weights(projections: Iterable[Projection]) -> TableView:
    """Give the weight of each form in the pool of each series; those of a series add up to a whole.

    Parameters
    ----------
    projections
        Of one topic, at least one.
    """
    listed = list(projections)
    columns = (
        Column("form", "Form"),
        *(Column(one.series.id, one.series.title, numeric=True) for one in listed),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (form.replace("_", " "), *(_weight(one, form) for one in listed))
        for form in listed[0].weights
    )
    return TableView(
        f"weights-{topic_of(one.series.topic for one in listed)}",
        "Weight of each form in the pool",
        columns,
        rows,
    )


def _weight(projection: Projection, form: str) -> Quantity:
    share = 100 * projection.weights[form]
    return computed(share, "percent", projection.inputs, "its weight over all weights")
