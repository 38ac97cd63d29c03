"""Tables of how projections fared against what was published later."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.records import Outturn
from statedfigures.display.format import computed, digits, noun, year
from statedfigures.display.outturns import outturn_value, published_reference
from statedfigures.display.phrases import traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.tables_projection import RANGE_COLUMNS
from statedfigures.display.words import Provenance, Quantity


def table_outturn_years(outturn: Outturn) -> TableView:
    """Set each year of outturn beside the pooled projection made from the release alone."""
    unit = noun(outturn.series.unit)
    columns = (
        Column("year", "Year", numeric=True),
        Column("outturn", "Published later", unit, numeric=True),
        *(Column(name, heading, unit, numeric=True) for name, heading, _ in RANGE_COLUMNS),
        Column("inside_50", "Inside one in two?"),
        Column("inside_90", "Inside nine in ten?"),
        Column("miss_reason", "Why it missed"),
    )
    rows: list[tuple[Cell, ...]] = []
    formula = "a quantile of the draws made from the release alone"
    for one in outturn.years:
        reference = published_reference(one.published, one.year)
        ranges = [
            computed(one.projected[level], outturn.series.unit, outturn.inputs, formula)
            if level in one.projected
            else None
            for _, _, level in RANGE_COLUMNS
        ]
        rows.append(
            (
                year(one.year, reference),
                outturn_value(one),
                *ranges,
                "yes" if one.inside_50 else "no",
                "yes" if one.inside_90 else "no",
                traced(one.miss_reason.replace("_", " "), reference) if one.miss_reason else None,
            )
        )
    return TableView(
        id=f"outturn-{outturn.series.id}",
        caption=f"{outturn.series.title}: outturn beside what was projected",
        columns=columns,
        rows=tuple(rows),
    )


def table_scores(outturns: Iterable[Outturn]) -> TableView:
    """Give the scores of every model of every scored series."""
    columns = (
        Column("series", "Series"),
        Column("model", "Model"),
        Column("years", "Years scored", numeric=True),
        Column("weighted_interval_score", "Weighted interval score, log scale", numeric=True),
        Column("skill", "Skill against no change", numeric=True),
        Column("coverage_50", "Years inside one in two", numeric=True),
        Column("coverage_90", "Years inside nine in ten", numeric=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for outturn in outturns:
        for one in outturn.scores:
            source = Provenance(outturn.inputs, "mean weighted interval score over the years")
            score = Quantity(
                digits(one.weighted_interval_score, 2), one.weighted_interval_score, source
            )
            percents = [
                computed(100 * value, "percent", outturn.inputs, formula)
                for value, formula in (
                    (one.skill, "one less the model's mean score over that of no change"),
                    (one.coverage_50, "share of the years inside the range"),
                    (one.coverage_90, "share of the years inside the wider range"),
                )
            ]
            years = computed(one.years, "", outturn.inputs, "count of the years with an outturn")
            rows.append(
                (
                    traced(outturn.series.title, *outturn.inputs),
                    one.model.replace("_", " "),
                    years,
                    score,
                    *percents,
                )
            )
    return TableView("scores", "How each model scored", columns, tuple(rows))
