"""The chart of monthly Tor users, with its structural break marked and not drawn across."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from statedfigures.display.bands import quantity_of, set_frame, value_of
from statedfigures.display.format import stated
from statedfigures.display.periods import figure_position, month_of, period, year_position
from statedfigures.display.phrases import joined, traced
from statedfigures.display.records import Cell, Chart, TableView
from statedfigures.display.style import SMALL, WIDTH, Canvas, canvas, plain_axes
from statedfigures.display.svg import colour
from statedfigures.display.tables_tor import month_reference, table_tor_monthly
from statedfigures.display.words import Quantity, Words, sentence
from statedfigures.sources.records import Figure, ReleaseTables, TorMonth

_HEIGHT = 240.0
_SIDES = ("before", "after")
_HALF = 0.5


def chart_tor_monthly(tables: ReleaseTables) -> Chart:
    """Draw the monthly means of daily Tor users beside what the release states.

    Parameters
    ----------
    tables
        The tables of the release; stated numbers of users of the topic are
        drawn where their year lies inside the months.

    Returns
    -------
    Chart
        One line on each side of the break, months that straddle it as open
        dots, nothing joined across.

    Raises
    ------
    ValueError
        If there are no months.
    """
    months = sorted(tables.tor_monthly_users, key=lambda one: one.month)
    if not months:
        raise ValueError("tor_monthly_users.csv holds no month to draw")
    table = table_tor_monthly(months)
    means = {one.month: quantity_of(row[1]) for one, row in zip(months, table.rows, strict=True)}
    figures = _stated_users(tables, months)
    extremes = {side: [means[one.month] for one in months if one.regime == side] for side in _SIDES}
    words: dict[str, Words] = {}
    for side, found in extremes.items():
        lowest, highest = min(found, key=value_of), max(found, key=value_of)
        words |= {f"{side}_low": lowest, f"{side}_high": highest}
    first, last = months[0], months[-1]
    words |= {
        "first": traced(month_of(first.month), month_reference(first)),
        "last": traced(month_of(last.month), month_reference(last)),
        "stated": joined(
            sentence("{value} for {year}", value=stated(one), year=period(one)) for one in figures
        ),
    }
    alt = sentence(
        "Line chart by month, {first} to {last}, broken in two. Monthly means lie between "
        "{before_low} and {before_high} before the break and between {after_low} and {after_high} "
        "after it." + (" The release states {stated}." if figures else ""),
        **words,
    )
    with canvas("tor-monthly-chart", _HEIGHT) as picture:
        axes = picture.axes(16, 28, WIDTH - 32, _HEIGHT - 48)
        plain_axes(axes)
        top = max(value_of(one) for one in means.values())
        begin, end = int(year_position(first.month)), int(year_position(last.month)) + 1
        set_frame(axes, begin, end, top)
        for side in _SIDES:
            run = [one for one in months if one.regime == side]
            places = [_place(one) for one in run]
            values = [value_of(means[one.month]) for one in run]
            axes.plot(places, values, color=colour("blue"), linewidth=2.5, clip_on=False)
            peak = max(range(len(run)), key=values.__getitem__)
            # Each on its own side, clear of the break.
            ha, shift = ("right", (4, 12)) if side == _SIDES[0] else ("left", (6, 2))
            picture.write(
                axes, (places[peak], values[peak]), means[run[peak].month], shift=shift,
                ha=ha, bold=True, size=SMALL,
            )  # fmt: skip
        straddling = [one for one in months if one.regime not in _SIDES]
        for one in straddling:
            axes.plot(
                [_place(one)], [value_of(means[one.month])], "o", color=colour("blue"),
                markerfacecolor=colour("paper"), clip_on=False,
            )  # fmt: skip
        if straddling:
            middle = _place(straddling[len(straddling) // 2])
            axes.plot(
                [middle] * 2, [0, top * 1.08], color=colour("muted"), linewidth=1,
                linestyle=(0, (4, 3)),
            )  # fmt: skip
            picture.write(
                axes, (middle, top * 1.08), "structural break", shift=(-5, -4), ha="right",
                ink="muted", size=SMALL,
            )  # fmt: skip
        for figure in figures:
            _draw_stated(picture, axes, figure)
        svg = picture.svg(alt)
    return Chart(
        id="tor-monthly-chart",
        title=sentence(
            "Measured users: at most {before_high} before the break, {after_low} to {after_high} "
            "after it",
            **words,
        ),
        subtitle=sentence(
            "Mean daily users connecting directly from the UK, by month, {first} to {last}. Users "
            "of the whole network rose at once at the break, so nothing is drawn or projected "
            "across it.",
            **words,
        ),
        svg=svg,
        alt_text=alt,
        data=_data(table, figures),
    )


def _place(month: TorMonth) -> float:
    """Place a month at its middle."""
    return year_position(month.month) + _HALF / 12


def _stated_users(tables: ReleaseTables, months: Sequence[TorMonth]) -> list[Figure]:
    """List stated numbers of users whose year the months cover."""
    years = {one.month.year for one in months}
    found = [
        figure
        for figure in tables.figures.values()
        if figure.topic == "tor"
        and figure.unit == "users"
        and (place := figure_position(figure)) is not None
        and round(place) in years
    ]
    return sorted(found, key=lambda one: one.id)


def _draw_stated(picture: Canvas, axes: Axes, figure: Figure) -> None:
    position = figure_position(figure)
    assert position is not None  # noqa: S101 - kept only where it has one
    value = float(figure.value)
    ends = [round(position), round(position) + 1]
    axes.plot(ends, [value, value], color=colour("pink"), linewidth=4, clip_on=False)
    label: Quantity = stated(figure)
    picture.write(axes, (ends[1], value), label, shift=(6, 0), ink="pink", bold=True, size=SMALL)
    picture.write(axes, (ends[1], value), "in the release", shift=(6, -14), ink="pink", size=SMALL)


def _data(table: TableView, figures: Sequence[Figure]) -> TableView:
    extra: list[tuple[Cell, ...]] = [
        (period(figure), stated(figure), None, "stated in the release") for figure in figures
    ]
    # The months keep their ids here: numbers worked out from them link to these rows.
    return TableView(
        "tor-monthly-chart-data",
        table.caption,
        table.columns,
        (*table.rows, *extra),
        (*table.row_ids, *("" for _ in extra)),
    )
