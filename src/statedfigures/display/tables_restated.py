"""Tables of what the release states, restated: like for like, and by another source."""

from __future__ import annotations

from collections.abc import Iterable

from statedfigures.analysis.restatements import LikeForLike
from statedfigures.analysis.tor_shares import TorShare
from statedfigures.display.format import computed, published, stated, year
from statedfigures.display.phrases import quoted
from statedfigures.display.ranges import between
from statedfigures.display.records import Cell, Column, TableView
from statedfigures.display.tables_release import topic_of

_REGIMES = {"before": "before the break", "straddles": "across it", "after": "after the break"}


def table_like_for_like(restated: Iterable[LikeForLike]) -> TableView:
    """Set each rise from a whole year to part of one beside the rise between whole years.

    Returns
    -------
    TableView
        One row for each claim, in the order given.
    """
    listed = list(restated)
    columns = (
        Column("claim", "The release says"),
        Column("before", "Whole year before"),
        Column("to_date", "Part of the year"),
        Column("annualised", "Whole year it may come to"),
        Column("central_change", "Rise, central", "percent", numeric=True),
        Column("change", "Rise, range", "percent"),
        Column("agrees", "Does the range hold the stated rise?"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in listed:
        whole = "the count so far, grown to the whole year"
        rows.append(
            (
                quoted(one.claim.as_stated, f"claim:{one.claim.id}"),
                stated(one.from_figure),
                stated(one.to_figure),
                between(one.annualised, one.to_figure.unit, one.inputs, whole),
                computed(
                    one.central_change_percent,
                    "percent",
                    one.inputs,
                    "the whole year at the central cut-off over the year before",
                ),
                between(
                    one.change_percent, "percent", one.inputs, "the whole year over the year before"
                ),
                "yes" if one.agrees else "no",
            )
        )
    return TableView(
        id=f"like-for-like-{topic_of(one.claim.topic for one in listed)}",
        caption="Stated rises restated for two whole years",
        columns=columns,
        rows=tuple(rows),
    )


def table_tor_shares(shares: Iterable[TorShare]) -> TableView:
    """Set each stated share beside the one that Tor Metrics and published users give.

    Returns
    -------
    TableView
        One row for each stated share and year, in the order given.
    """
    columns = (
        Column("claim", "The release says"),
        Column("year", "Year"),
        Column("regime", "Side of the break"),
        Column("users", "Mean daily users, Tor Metrics", "users", numeric=True),
        Column("base", "Internet users published"),
        Column("share", "Share, mean of the year"),
        Column("monthly_range", "Share, lowest to highest month"),
        Column("agrees", "Does the range hold the stated share?"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in shares:
        months = [item for item in one.inputs if item.startswith("month:")]
        rows.append(
            (
                quoted(one.claim.as_stated, f"claim:{one.claim.id}"),
                year(one.year, *months, formula="the year of these months"),
                _REGIMES[one.regime],
                computed(one.mean_daily_users, "users", months, "mean weighted by days"),
                published(one.published),
                between(one.share_percent, "percent", one.inputs, "users over internet users"),
                between(
                    one.monthly_range_percent,
                    "percent",
                    one.inputs,
                    "lowest and highest month over internet users",
                ),
                "yes" if one.agrees else "no",
            )
        )
    return TableView(
        id="tor-shares",
        caption="Tor users as a share of internet users, by measurement",
        columns=columns,
        rows=tuple(rows),
    )
