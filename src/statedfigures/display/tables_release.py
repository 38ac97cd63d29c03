"""Tables of what the release and other publications state."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.claims import locator_key
from statedfigures.display.format import digits, noun, published, stated
from statedfigures.display.periods import day_of, period
from statedfigures.display.phrases import joined, quoted, traced
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.words import Provenance, Quantity
from statedfigures.sources.records import (
    Figure,
    PublishedFigure,
    ReleaseTables,
)

FIGURE_COLUMNS = (
    Column("label", "Figure"),
    Column("stated", "As stated, in numbers"),
    Column("value", "Value", numeric=True, description="in the unit given", file_only=True),
    Column("qualifier", "Qualifier", file_only=True),
    Column("unit", "Unit"),
    Column("period", "Period"),
    Column("geography", "Geography", file_only=True),
    Column("population", "What is counted"),
    Column("as_stated", "Words of the release"),
    Column("locator", "Place in the release"),
    Column("note", "Note", file_only=True),
)


def topic_of(topics: Iterable[str]) -> str:
    """Name the one topic of some rows, or ``all``: it makes ids of tables distinct."""
    found = sorted(set(topics))
    return found[0] if len(found) == 1 else "all"


def table_figures(figures: Iterable[Figure]) -> TableView:
    """List stated figures with their words, units, periods and places.

    Parameters
    ----------
    figures
        Figures of one topic, or all of a release.

    Returns
    -------
    TableView
        One row for each figure, by place in the release; row ids
        ``figure-<id>``, to which every stated number links.
    """
    rows = sorted(figures, key=lambda one: (locator_key(one.locator), one.id))
    topic = topic_of(one.topic for one in rows)
    return TableView(
        id=f"figures-{topic}",
        caption="Stated figures",
        columns=FIGURE_COLUMNS,
        rows=tuple(_figure_row(one) for one in rows),
        row_ids=tuple(f"figure-{one.id}" for one in rows),
    )


def _figure_row(figure: Figure) -> tuple[Cell, ...]:
    reference = f"figure:{figure.id}"
    value = Quantity(digits(figure.value), float(figure.value), Provenance((reference,)))
    return (
        traced(figure.label, reference),
        stated(figure),
        value,
        figure.qualifier,
        traced(noun(figure.unit), reference),
        period(figure),
        traced(figure.geography, reference),
        traced(figure.population, reference),
        quoted(figure.as_stated, reference),
        traced(figure.locator, reference),
        traced(figure.note, reference),
    )


def table_published(rows: Iterable[PublishedFigure]) -> TableView:
    """List figures published elsewhere, with how strong each source is.

    Returns
    -------
    TableView
        One row for each figure, by series and period; row ids ``published-<id>``.
    """
    listed = sorted(rows, key=lambda one: (one.series, one.period))
    columns = (
        Column("series", "Series"),
        Column("period", "Period"),
        Column("published", "As published"),
        Column("value", "Value", numeric=True, file_only=True),
        Column("unit", "Unit"),
        Column("geography", "Geography", file_only=True),
        Column("definition", "What is counted"),
        Column("publisher", "Publisher"),
        Column("source_title", "Source"),
        Column("url", "Address", file_only=True),
        Column("source_kind", "Kind of source"),
        Column("note", "Note"),
    )
    return TableView(
        id="published",
        caption="Figures published elsewhere",
        columns=columns,
        rows=tuple(_published_row(one) for one in listed),
        row_ids=tuple(f"published-{one.id}" for one in listed),
    )


def _published_row(row: PublishedFigure) -> tuple[Cell, ...]:
    reference = f"published:{row.id}"
    value = Quantity(digits(row.value), float(row.value), Provenance((reference,)))
    return (
        traced(row.series.replace("_", " "), reference),
        traced(row.period, reference),
        published(row),
        value,
        traced(noun(row.unit), reference),
        traced(row.geography, reference),
        traced(row.definition, reference),
        traced(row.publisher, reference),
        traced(row.source_title, reference),
        traced(row.url, reference),
        row.source_kind,
        traced(row.note, reference),
    )


def table_measures(tables: ReleaseTables) -> TableView:
    """List the announced measures with what would show their effect.

    Returns
    -------
    TableView
        One row for each measure, by place in the release; row ids ``measure-<id>``.
    """
    listed = sorted(tables.measures.values(), key=lambda one: (locator_key(one.locator), one.id))
    columns = (
        Column("measure", "Measure"),
        Column("who", "Who"),
        Column("what", "What"),
        Column("type", "Type"),
        Column("figures", "Figures of the release about it"),
        Column("would_show_effect", "What would show its effect"),
        Column("effect_figure_given", "Does the release give that?"),
        Column("locator", "Place in the release"),
        Column("note", "Note", file_only=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in listed:
        reference = f"measure:{one.id}"
        figures = [tables.figures[name] for name in one.figures if name in tables.figures]
        rows.append(
            (
                traced(one.label, reference),
                traced(one.who, reference),
                traced(one.what, reference),
                one.type,
                joined(stated(figure) for figure in figures) if figures else None,
                traced(one.would_show_effect, reference),
                "yes" if one.effect_figure_given else "no",
                traced(one.locator, reference),
                traced(one.note, reference),
            )
        )
    return TableView(
        id="measures",
        caption="Announced measures and what would show their effect",
        columns=columns,
        rows=tuple(rows),
        row_ids=tuple(f"measure-{one.id}" for one in listed),
    )


def table_sources(tables: ReleaseTables) -> TableView:
    """List the release and every publication that figures were taken from.

    Returns
    -------
    TableView
        The release first, then one row for each source title, by publisher.
    """
    release = tables.description
    reference = "parameter:release"
    first: tuple[Cell, ...] = (
        traced(release.publisher, reference),
        traced(release.title, reference),
        traced(day_of(release.published), reference),
        "the release itself",
        traced(release.address, reference),
    )
    seen: dict[tuple[str, str], PublishedFigure] = {}
    for one in sorted(tables.published.values(), key=lambda one: (one.publisher, one.source_title)):
        seen.setdefault((one.publisher, one.source_title), one)
    others: list[tuple[Cell, ...]] = [
        (
            traced(one.publisher, f"published:{one.id}"),
            traced(one.source_title, f"published:{one.id}"),
            None,
            one.source_kind,
            traced(one.url, f"published:{one.id}"),
        )
        for one in seen.values()
    ]
    columns = (
        Column("publisher", "Publisher"),
        Column("title", "Title"),
        Column("published", "Published"),
        Column("source_kind", "Kind of source"),
        Column("address", "Address"),
    )
    return TableView("sources", "Sources", columns, (first, *others))
