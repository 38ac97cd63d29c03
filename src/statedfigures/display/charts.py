"""The chart of a series: what was stated, what was measured, and what is projected here."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from statedfigures.analysis.headline import printed_digits, printed_step
from statedfigures.display.chart_style import (
    MARK,
    TEXT,
    Room,
    Width,
    apart,
    house_style,
    ink,
    new_axes,
    text_width,
    ticks_to,
)
from statedfigures.display.formats import (
    RATES,
    computed_text,
    decimals_of,
    digits,
    noun,
    range_text,
    stated_text,
    with_unit,
)
from statedfigures.errors import ParameterError
from statedfigures.release.periods import Period, decimal_year, figure_period, read_period

_LOOKS = {"stated": ("blue", "o", 7.5), "measured": ("grey", "D", 5.5), "outturn": ("teal", "s", 7)}
_BOUNDS = dict.fromkeys(("more_than", "at_least", "just_over"), "^")
_BOUNDS |= dict.fromkeys(("less_than", "up_to", "just_under"), "v")
_SO_FAR = dict.fromkeys(("part_year", "year_to_date"), " so far")
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_DURATIONS = ((3600.0, "hours"), (60.0, "minutes"))
_MONEY = {"gbp": "pounds", "eur": "euros", "usd": "US dollars"}
_COLUMNS = ["kind", "x", "x_from", "x_to", "value", "words", "marker", "id", "inputs"]


def series_points(release: Any, series: str, outturn: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what the chart of a series marks with dots, in the order of time.

    Parameters
    ----------
    release
        The release.
    series
        Id of the series.
    outturn
        What came later, from ``outturn``; None for the published rows as they are.

    Returns
    -------
    DataFrame
        ``kind`` (stated; measured: published for a time before the release;
        outturn: for a time after it), ``x`` and the ends of its period
        ``x_from`` and ``x_to`` (a calendar year lies around its whole
        number), ``value``, ``words``, ``marker``, ``id`` and ``inputs``.
    """
    row, published = release.series.loc[series], release.published
    rows: list[tuple[Any, ...]] = []
    for figure in dict.fromkeys([*row["figures"].split(), row["growth_from"], row["base_figure"]]):
        if figure:
            stated = release.figures.loc[figure]
            marker = _BOUNDS.get(stated["qualifier"], "o")
            words = _words(stated) + _SO_FAR.get(stated["period_kind"], "")
            seen = (stated["value"], words, marker, figure, f"figure:{figure}")
            if period := figure_period(stated):
                rows.append(("stated", *_places(period), *seen))
    if outturn is not None:
        for later in outturn[outturn["series"] == series].itertuples():
            words = _words({"value": later.published, "unit": row["unit"], "qualifier": "exact"})
            places = (float(later.year), later.year - 0.5, later.year + 0.5)
            seen = (later.published, words, "s", f"{series}/{later.year}", later.inputs)
            rows.append(("outturn", *places, *seen))
    same_basis = (published["series"] == row["outturn_series"]) & (published["part"] != "part")
    for identity, level in published[same_basis].iterrows():
        period = read_period(level["period"])
        kind = "measured" if period.end <= release.about.published else "outturn"
        if kind == "measured" or outturn is None:
            marker = _BOUNDS.get(level["qualifier"], _LOOKS[kind][1])
            seen = (level["value"], _words(level), marker, identity, f"published:{identity}")
            rows.append((kind, *_places(period), *seen))
    points = pd.DataFrame(rows, columns=_COLUMNS).dropna(subset=["x", "value"])
    return points.sort_values("x", kind="stable").reset_index(drop=True)


def _words(row: Any) -> str:
    """Write a stated value as it is; a mean of counts without what is behind its point."""
    is_mean = row["unit"] not in (*RATES, *_MONEY) and row["value"] % 1
    return computed_text(row["value"], row["unit"]) if is_mean else stated_text(row)


def bands_of(
    projection: pd.DataFrame, series: str = "", scenario: str = ""
) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Return the series of a projection, its quantiles by year, and middles of other scenarios.

    Parameters
    ----------
    projection
        Tidy: series, scenario, year, quantile, value, unit, inputs.
    series
        Id of a series; may be left out where there is only one.
    scenario
        Scenario of the quantiles; empty for central, or the only one.

    Returns
    -------
    tuple
        Id of the series; years by quantiles; years by scenarios.

    Raises
    ------
    ParameterError
        If several series are there and none is named, or the scenario is not there.

    Examples
    --------
    >>> tidy = pd.DataFrame({"series": "places", "scenario": ["low", "central"], "year": 2020,
    ...                      "quantile": 0.5, "value": [90.0, 100.0]})
    >>> series, quantiles, others = bands_of(tidy)
    >>> series, quantiles.loc[2020, 0.5], list(others)
    ('places', 100.0, ['low'])
    """
    known = list(dict.fromkeys(projection["series"]))
    if not series and len(known) != 1:
        raise ParameterError(f"name the series to draw: one of {', '.join(known)}")
    series = series or known[0]
    rows = projection[projection["series"] == series]
    scenarios = list(dict.fromkeys(rows["scenario"]))
    chosen = scenario or ("central" if "central" in scenarios else scenarios[0])
    if chosen not in scenarios:
        raise ParameterError(
            f"the projection of {series} has no scenario {chosen}; it has {', '.join(scenarios)}"
        )
    held = rows[rows["scenario"] == chosen]
    beside = {"low", "high"} | ({"central"} if chosen in ("low", "high") else set())
    others = rows[(rows["quantile"] == 0.5) & rows["scenario"].isin(beside - {chosen})]
    return (
        series,
        held.pivot(index="year", columns="quantile", values="value"),
        others.pivot(index="year", columns="scenario", values="value"),
    )


def axis_top(points: pd.DataFrame, quantiles: pd.DataFrame | None) -> float:
    """Return what the y axis of a series has to reach: the 90% band and what was stated.

    What was published elsewhere stretches it by half at most; beyond, an arrow marks it.

    Examples
    --------
    >>> points = pd.DataFrame({"kind": ["stated", "outturn", "outturn"], "value": [90, 120, 200]})
    >>> axis_top(points, pd.DataFrame({0.95: [95.0, 100.0]}))
    120.0
    """
    top = points.loc[points["kind"] == "stated", "value"].max()
    if quantiles is not None:
        top = np.nanmax([top, quantiles[0.95].max()])
    elsewhere = points.loc[points["kind"] != "stated", "value"]
    top = float(np.nanmax([top, elsewhere[elsewhere <= 1.5 * top].max()]))
    # A bound needs room above it.
    return top * 1.05 if quantiles is None else top


def tick_names(
    top: float, low: float, unit: str, most: int = 6
) -> tuple[list[float], list[str], str, float]:
    """Return ticks, their labels, what is written above the axis, and the size of its unit.

    Examples
    --------
    >>> tick_names(3250.0, 0.0, "offences", 5)[1:]
    (['0', '1,000', '2,000', '3,000', '4,000'], 'Offences', 1.0)
    >>> tick_names(13_650_000_000, 0.0, "gbp", 5)[1:]
    (['£0', '£5', '£10', '£15'], 'Billion pounds', 1000000000.0)
    """
    scales = _DURATIONS if unit == "seconds" else _SCALES
    size, scale = next(((size, word) for size, word in scales if top >= 3 * size), (1.0, ""))
    ticks = ticks_to(top / size, low / size, most)
    decimals = max(decimals_of(tick) for tick in ticks)
    signed = unit if unit in (*_MONEY, "percent") else ""
    names = [with_unit(digits(tick, decimals), signed) for tick in ticks]
    counted = "percent" if unit == "percent" else _MONEY.get(unit, noun(unit))
    title = scale if scale and unit == "seconds" else f"{scale} {counted}".strip()
    return [tick * size for tick in ticks], names, title[:1].upper() + title[1:], size


def chart_series(
    release: Any,
    projection: pd.DataFrame | None = None,
    series: str = "",
    *,
    width: Width = "wide",
    scenario: str = "",
    outturn: pd.DataFrame | None = None,
    rounded_to: float = 0.0,
) -> Figure:
    """Draw a series: stated figures, what was measured, and what is projected.

    Parameters
    ----------
    release
        The release.
    projection
        Result of ``project``; None, or without rows of this series, for a
        chart of levels alone.
    series
        Id of the series; may be left out where the projection has only one.
    width
        ``wide`` for 720 by 400 points, ``narrow`` for 335 by 300.
    scenario
        Scenario of middle and bands; empty for central.
    outturn
        What came later, from ``outturn``; None for the published rows as they are.
    rounded_to
        Step of the printed numbers, from ``headlines``; 0 for that of the range's width.

    Returns
    -------
    Figure
        One axes. The y axis starts at zero and reaches the 90% band; a
        scenario that leaves it ends in an arrow.
    """
    quantiles = others = None
    if projection is not None and (not series or (projection["series"] == series).any()):
        series, quantiles, others = bands_of(projection, series, scenario)
    if series not in release.series.index:
        raise ParameterError(f"series must be one of {', '.join(release.series.index)}")
    row, points = release.series.loc[series], series_points(release, series, outturn)
    base, years = None, np.empty(0)
    if quantiles is not None and others is not None:
        stated_at = float(points.loc[points["id"] == row["base_figure"], "x"].iloc[0])
        # A base that stands before a stated rise is projected from the year of its end.
        base = stated_at + quantiles.index[0] - math.floor(stated_at + 0.5)
        years = base + np.asarray(quantiles.index - quantiles.index[0], dtype=float)
        quantiles, others = quantiles.set_axis(years), others.set_axis(years)
        first = min(points.loc[points["kind"] == "stated", "x"].min(), 2 * base - years[-1])
        points = points[points["x"].between(first, years[-1])]
    with house_style(width) as size:
        top, low = axis_top(points, quantiles), points["value"].min()
        ticks, names, title, scale = tick_names(top, low, row["unit"])
        labels = []
        if quantiles is not None and others is not None:
            labels = end_labels(quantiles, others, row["unit"], width, scale, rounded_to)
        axes = new_axes(
            width,
            left=max(text_width(name, size) for name in names) + 9,
            right=max([14.0, *(text_width(words, size, "bold") + 8 for _, words, _ in labels)]),
            top=3.7 * size,
            bottom=2.2 * size,
        )
        axes.set_yticks(ticks, names)
        axes.set_ylim(ticks[0], ticks[-1])
        room, tall = Room(axes, size), axes.bbox.height
        place = (-axes.bbox.x0, tall + 2.7 * size)
        room.write(place, title, ha="left", color=ink("muted"), mark="label-unit")
        for height, name in zip(np.linspace(0, tall, len(ticks)), names, strict=True):
            room.note((-3.5, height), name, "right")
        figure = release.figures.loc[row["base_figure"]] if len(years) else None
        _set_years(room, points, years, figure)
        if quantiles is not None and others is not None and base is not None:
            _draw_bands(axes, room, quantiles, others)
            _write_ends(room, labels)
            _draw_border(room, base)
        _draw_points(axes, room, points, row, base)
        return room.figure


def _places(period: Period) -> tuple[float, float, float]:
    """Return middle and ends on an axis where a calendar year lies around its whole number."""
    ends = (decimal_year(period.start), decimal_year(period.end + timedelta(days=1)))
    middle = period.whole.middle if period.kind != "point" else ends[0]
    return middle - 0.5, ends[0] - 0.5, ends[1] - 0.5


def end_labels(
    quantiles: pd.DataFrame,
    others: pd.DataFrame,
    unit: str,
    width: Width,
    size: float = 1.0,
    rounded_to: float = 0.0,
) -> list[tuple[float, str, str]]:
    """Return what is written beside the ends of lines and bands: value, words, ink.

    A phone has no room for units: there numbers are those of the axis, in units of `size`.
    """
    ends, wide = quantiles.iloc[-1], width == "wide"
    step = rounded_to or printed_step(ends[0.5], printed_digits(*ends[[0.5, 0.25, 0.75]], 0.0))
    if unit not in (*RATES, *_MONEY):
        step = max(step, 1.0)
    if unit == "seconds" or not wide:
        step = 10.0 ** math.floor(math.log10(step / size))
        unit = unit if unit in (*_MONEY, "percent") else ""
        ends, others = ends / size, others / size
    else:
        size = 1.0
    labels = [(ends[0.5], f"Middle {computed_text(ends[0.5], unit, step)}", "blue")]
    for level, low, high in ((90, 0.05, 0.95), (50, 0.25, 0.75)):
        if wide:
            both = range_text(ends[low], ends[high], unit, step)
            labels.append((ends[high], f"{level}% range: {both}", "muted"))
        else:
            for end, way in ((low, "down"), (high, "up")):
                text = computed_text(ends[end], unit, step, way)
                labels.append((ends[end], f"{level}% {text}", "muted"))
    for scenario, line in others.items():
        name = str(scenario).capitalize() + " scenario" * wide
        labels.append((line.iloc[-1], f"{name} {computed_text(line.iloc[-1], unit, step)}", "plum"))
    return [(float(value) * size, words, name) for value, words, name in labels]


def _draw_bands(axes: Axes, room: Room, quantiles: pd.DataFrame, others: pd.DataFrame) -> None:
    years = quantiles.index.to_numpy(dtype=float)
    for band, low, high in (("band90", 0.05, 0.95), ("band50", 0.25, 0.75)):
        looks = {"color": ink(band), "lw": 0, "zorder": 1, "gid": MARK + band}
        axes.fill_between(years, quantiles[low], quantiles[high], **looks)
    for level in (0.05, 0.95):
        looks = {"color": ink("edge90"), "lw": 1, "zorder": 1.6, "gid": f"{MARK}edge-{level}"}
        axes.plot(years, quantiles[level], **looks)
        room.keep_off(years, quantiles[level])
    for scenario, line in others.items():
        looks = {"color": ink("plum"), "lw": 1.6, "zorder": 2.2, "gid": f"{MARK}{scenario}"}
        axes.plot(years, line, ls=(0, (5, 3)), **looks)
        room.keep_off(years, line)
        if line.iloc[-1] > (top := axes.get_ylim()[1]):
            # Its value stands at the end of the line, beside the arrow where it leaves.
            crossing = np.interp(top, line, years) if line.is_monotonic_increasing else years[-1]
            looks |= {"ms": 8, "clip_on": False, "zorder": 4, "gid": f"{MARK}beyond-{scenario}"}
            axes.plot([crossing], [top], "^", **looks)
    looks = {"color": ink("blue"), "lw": 2.5, "zorder": 2.4, "gid": MARK + "middle"}
    axes.plot(years, quantiles[0.5], **looks)
    room.keep_off(years, quantiles[0.5])


def _write_ends(room: Room, labels: list[tuple[float, str, str]]) -> None:
    (low, high), (across, tall) = room.axes.get_ylim(), room.axes.bbox.size
    gap = 1.15 * room.size
    places = [(min(value, high) - low) / (high - low) * tall for value, _, _ in labels]
    for (_, words, name), up in zip(labels, apart(places, gap, 0.0, tall + gap), strict=True):
        weight = "bold" if name == "blue" else "normal"
        looks = {"color": ink(name), "fontweight": weight, "mark": "label-end"}
        room.write((across + 6, up), words, ha="left", **looks)


def _draw_border(room: Room, base: float) -> None:
    """Part what is stated from what is projected here."""
    axes, tall = room.axes, room.axes.bbox.height
    looks = {"color": ink("muted"), "lw": 1, "zorder": 1.7, "gid": MARK + "border"}
    axes.axvline(base, ymax=1 + 1.6 * room.size / tall, clip_on=False, **looks)
    room.keep_off([base] * 8, np.linspace(*axes.get_ylim(), 8))
    across = axes.transData.transform((base, 0))[0] - axes.bbox.x0
    here = "projected here" if room.size > TEXT["narrow"] else "projected"
    for words, aside, ha in (("stated", -5, "right"), (here, 5, "left")):
        place = (across + aside, tall + 1.1 * room.size)
        room.write(place, words, ha=ha, color=ink("muted"), mark="label-border")


def _set_years(room: Room, points: pd.DataFrame, years: Any, figure: pd.Series | None) -> None:
    """Tick every year; label the base, the last and the first, and others where there is room."""
    axes, places = room.axes, [*points["x"], *years]
    if figure is None:
        places += [*points["x_from"], *points["x_to"]]
    first, last = min(places), max(places)
    lines = _in_two(points["words"].iloc[0]).split("\n") if len(points) else [""]
    label = max(text_width(line, room.size) for line in lines)
    # Room on the left for the words of the first figure, beside it where it is the base.
    beside = label + 14 if figure is not None and first == years[0] else label / 2 + 4
    margin = (last - first or 1.0) * beside / (axes.bbox.width - beside)
    axes.set_xlim(first - margin, last + margin * (figure is None))
    base = round(last) if figure is None else years[0]
    steps = range(-int(base - first + 1e-9), int(last - base + 1e-9) + 1)
    ticks, names = [base + step for step in steps], [_year_name(base, k, figure) for k in steps]
    a_year = axes.bbox.width / np.ptp(axes.get_xlim())
    apart_by = (max(text_width(name, room.size) for name in names) + 8) / a_year
    every = next(count for count in (1, 2, 5, 10, 20, 50, 100) if count >= apart_by)
    shown: list[float] = []
    for tick in [base, ticks[-1], ticks[0], *(base + k for k in steps if k % every == 0)]:
        if all(abs(tick - other) >= apart_by for other in shown):
            shown.append(tick)
    named = dict(zip(ticks, names, strict=True))
    axes.set_xticks(ticks, [named[tick] if tick in shown else "" for tick in ticks])
    axes.grid(axis="x", visible=False)
    for tick in shown:
        room.note(((tick - axes.get_xlim()[0]) * a_year, -room.size), named[tick], "center")


def _year_name(base: float, step: int, figure: pd.Series | None) -> str:
    kind = "" if figure is None else figure["period_kind"]
    if figure is None or kind not in ("financial_year", "academic_year", "month", "quarter"):
        return str(int(round(base) + step))
    start = figure["period_start"]
    year = start.year + step
    if kind == "month":
        return f"{start.month_name()[:3]} {year}"
    return f"Q{start.quarter} {year}" if kind == "quarter" else f"{year}-{(year + 1) % 100:02}"


def _draw_points(
    axes: Axes, room: Room, points: pd.DataFrame, row: pd.Series, base: float | None
) -> None:
    ends = points[points["id"].isin([row["growth_from"], row["base_figure"]])]
    if len(ends) == 2:
        looks = {"color": ink("blue"), "lw": 1.2, "ls": ":", "gid": MARK + "observed"}
        axes.plot(ends["x"], ends["value"], **looks)
        room.keep_off(ends["x"].tolist(), ends["value"].tolist())
    top, last = axes.get_ylim()[1], axes.get_xlim()[1]
    for point in points.itertuples():
        name, _, large = _LOOKS[point.kind]
        marker, place = (point.marker, point.value) if point.value <= top else ("^", top)
        looks = {"color": ink(name), "clip_on": False, "zorder": 3, "gid": MARK + str(point.id)}
        if base is None or point.x_to - point.x_from > 1.01:
            span = [point.x_from, min(point.x_to, base or last)]
            axes.plot(span, [place, place], lw=2.5, **looks | {"gid": f"{MARK}span-{point.id}"})
            room.keep_off(span, [place, place])
        axes.plot([point.x], [place], marker, ms=large, mec=ink("paper"), **looks)
        room.block((point.x, place), large)
    for kind, group in points.groupby("kind", sort=False):
        shown = group if kind == "stated" else group.tail(1)
        after = {"measured": "\nmeasured", "outturn": "\nmeasured later"}.get(str(kind), "")
        for point in shown.itertuples():
            color = ink("text" if kind == "stated" else _LOOKS[str(kind)][0])
            place, words = (point.x, min(point.value, top)), _in_two(point.words)
            room.put(place, words + after, color=color, needed=kind == "stated")


def _in_two(words: str) -> str:
    """Break long words near their middle."""
    if len(words) < 15:
        return words
    spaces = [place for place, letter in enumerate(words) if letter == " "]
    if not spaces:
        return words
    middle = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:middle]}\n{words[middle + 1 :]}"
