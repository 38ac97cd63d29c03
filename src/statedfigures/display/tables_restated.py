"""Tables of rises restated like for like and of measured Tor shares."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.restatements import LikeForLike
from statedfigures.analysis.tor_shares import TorShare
from statedfigures.display.conflicts import like_for_like_centre, like_for_like_change
from statedfigures.display.format import computed, noun, published, stated, year
from statedfigures.display.phrases import quoted, traced
from statedfigures.display.ranges import between
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.tables_release import topic_of


def table_like_for_like(restated: Iterable[LikeForLike]) -> TableView:
    """Restate rises from a whole year to part of one for two whole years.

    Returns
    -------
    TableView
        One row for each claim, kept in order.
    """
    listed = list(restated)
    columns = (
        Column("claim", "The release says"),
        Column("before", "Whole year before"),
        Column("to_date", "Part of the year"),
        Column("annualised", "Whole year this may grow into"),
        Column("unit", "Unit"),
        Column("change", "Change like for like"),
        Column("central_change", "Change if the rest ran alike", numeric=True),
        Column("agrees", "Does the claim fit?"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            quoted(one.claim.as_stated, f"claim:{one.claim.id}"),
            stated(one.from_figure),
            stated(one.to_figure),
            between(
                one.annualised,
                one.to_figure.unit,
                one.inputs,
                "the year to date grown to a whole year, over all cut-offs and rates",
            ),
            traced(noun(one.to_figure.unit), f"figure:{one.to_figure.id}"),
            like_for_like_change(one),
            like_for_like_centre(one),
            "yes" if one.agrees else "no",
        )
        for one in listed
    ]
    return TableView(
        f"like-for-like-{topic_of(one.claim.topic for one in listed)}",
        "Rises restated for two whole years",
        columns,
        tuple(rows),
    )


def table_tor_shares(shares: Iterable[TorShare]) -> TableView:
    """Set measured Tor users over published internet users beside the stated shares.

    Returns
    -------
    TableView
        One row for each stated share and year, kept in order.
    """
    columns = (
        Column("claim", "The release says"),
        Column("year", "Year", numeric=True),
        Column("regime", "Side of the break"),
        Column("mean_daily_users", "Measured mean daily users", numeric=True),
        Column("base", "Internet users published"),
        Column("share", "Measured share"),
        Column("monthly_range", "Lowest to highest month"),
        Column("agrees", "Does the stated share fit?"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in shares:
        months = [reference for reference in one.inputs if reference.startswith("month:")]
        mean = computed(
            one.mean_daily_users, "users", months, "mean of the months, weighted by their days"
        )
        formula = "measured users over published internet users"
        rows.append(
            (
                quoted(one.claim.as_stated, f"claim:{one.claim.id}"),
                year(one.year, *months),
                one.regime,
                mean,
                published(one.published),
                between(one.share_percent, "percent", one.inputs, formula),
                between(one.monthly_range_percent, "percent", one.inputs, formula),
                "yes" if one.agrees else "no",
            )
        )
    return TableView(
        "tor-shares", "Measured Tor users as a share of internet users", columns, tuple(rows)
    )
