"""A series as a page shows it: its chart, and the words and sliders beside it."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from statedfigures.analysis.headline import LEVELS, printed_digits, printed_step
from statedfigures.display import formats, sentences
from statedfigures.display.chart_style import (
    INKS,
    TEXT,
    Room,
    Width,
    apart,
    drawn,
    house_style,
    text_width,
    ticks_to,
)
from statedfigures.display.formats import RATES, SIGNS, computed_text
from statedfigures.display.shown import Chart, Notes, chart, table
from statedfigures.display.what_if import what_if
from statedfigures.errors import ParameterError
from statedfigures.release.periods import (
    Period,
    decimal_year,
    figure_period,
    period_of,
    read_period,
)

_LOOKS = {"stated": ("blue", "o", 7.5), "measured": ("grey", "D", 5.5), "outturn": ("teal", "s", 7)}
_BOUNDS = dict.fromkeys(("more_than", "at_least", "just_over"), "^")
_BOUNDS |= dict.fromkeys(("less_than", "up_to", "just_under"), "v")
_SO_FAR = dict.fromkeys(("part_year", "year_to_date"), " so far")
_AFTER = {"stated": "", "measured": "\nmeasured", "outturn": "\nmeasured later"}
_DURATIONS = ((3600.0, "hours"), (60.0, "minutes"))
_MONEY = {"gbp": "pounds", "eur": "euros", "usd": "US dollars"}
_SIGNED = (*SIGNS, "percent")
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
    found: list[tuple[Any, ...]] = []

    def add(kind: str, period: Period | None, level: Any, name: str, inputs: str) -> None:
        if period is not None:
            words = _words(level) + _SO_FAR.get(period.kind, "")
            marker = _BOUNDS.get(level["qualifier"], _LOOKS[kind][1])
            found.append((kind, *_places(period), level["value"], words, marker, name, inputs))

    for name in dict.fromkeys([*row["figures"].split(), row["growth_from"], row["base_figure"]]):
        if name:
            figure = release.figures.loc[name]
            add("stated", figure_period(figure), figure, name, f"figure:{name}")
    if outturn is not None:
        # A year of the series lies as far from a calendar year as the base does.
        based = [place[1] for place in found if place[7] == row["base_figure"]]
        aside = math.remainder(based[0], 1.0) if based else 0.0
        own = outturn[(outturn["series"] == series) & ~outturn["break_of_measure"]]
        for later in own.assign(value=own["published"]).to_dict("records"):
            x, name = later["year"] + aside, f"{series}/{later['year']}"
            seen = (later["value"], _words(later), "s", name, later["inputs"])
            found.append(("outturn", x, x - 0.5, x + 0.5, *seen))
    same_basis = (published["series"] == row["outturn_series"]) & (published["part"] != "part")
    same_basis &= published["miss_reason"] != "break_of_measure"
    for name, level in published[same_basis].iterrows():
        period = read_period(level["period"])
        kind = "measured" if period.end <= release.about.published else "outturn"
        if kind == "measured" or outturn is None:
            add(kind, period, level, str(name), f"published:{name}")
    points = pd.DataFrame(found, columns=_COLUMNS).dropna(subset=["value"])
    return points.sort_values("x", kind="stable").reset_index(drop=True)


def _places(period: Period) -> tuple[float, float, float]:
    """Return middle and ends on an axis where a calendar year lies around its whole number."""
    ends = decimal_year(period.start), decimal_year(period.end + timedelta(days=1))
    middle = period.whole.middle if period.kind != "point" else ends[0]
    return middle - 0.5, ends[0] - 0.5, ends[1] - 0.5


def _words(level: Any) -> str:
    """Write a stated value as it is; a mean of counts without what is behind its point."""
    is_mean = level["unit"] not in (*RATES, *SIGNS) and level["value"] % 1
    return computed_text(level["value"], level["unit"]) if is_mean else formats.stated_text(level)


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
    >>> series, float(quantiles.loc[2020, 0.5]), list(others)
    ('places', 100.0, ['low'])
    """
    needed = {"series", "scenario", "year", "quantile", "value"}
    if missing := sorted(needed - {*projection.columns}):
        raise ParameterError(
            f"the projection has no column {', '.join(missing)}; give it as sf.project returns it"
        )
    known = list(dict.fromkeys(projection["series"]))
    if not series and len(known) != 1:
        raise ParameterError(f"name the series to draw: one of {', '.join(known)}")
    series = series or known[0]
    rows = projection[projection["series"] == series]
    known = list(dict.fromkeys(rows["scenario"]))
    chosen = scenario or ("central" if "central" in known else known[0])
    if chosen not in known:
        raise ParameterError(
            f"the projection of {series} has no scenario {chosen}; it has {', '.join(known)}"
        )
    columns = ["scenario", "quantile"]
    levels: Any = rows.pivot(index="year", columns=columns, values="value")  # noqa: PD010 - faster
    beside = ["central"] * (chosen in ("low", "high")) + ["high", "low"]
    others = [name for name in beside if name in known and name != chosen]
    return series, levels[chosen], levels.xs(0.5, axis=1, level="quantile")[others]


def yearly_frame(
    projection: pd.DataFrame, series: str, scenario: str = "central", step: float = 0.0
) -> pd.DataFrame:
    """Return the years of one series, a column for each quantile and scenario shown.

    Parameters
    ----------
    projection
        Result of `statedfigures.project`.
    series, scenario
        The series, and the scenario of the edition.
    step
        What its numbers are rounded to in print; 0 for what each calls for.

    Returns
    -------
    DataFrame
        Years after the base: series, year, middle, low50, high50, low90, high90,
        low and high (middles of these scenarios, where they are given), unit,
        step, inputs.
    """
    rows = projection[(projection["series"] == series) & (projection["scenario"] == scenario)]
    own = rows.drop_duplicates("year").set_index("year")[["series", "unit", "inputs"]]
    _, quantiles, others = bands_of(projection, series, scenario)
    names = {0.05: "low90", 0.25: "low50", 0.5: "middle", 0.75: "high50", 0.95: "high90"}
    ends = others.assign(**{scenario: quantiles[0.5]}).reindex(columns=["low", "high"])
    frame = pd.concat([quantiles[[*names]].rename(columns=names), ends, own], axis="columns")
    return frame.assign(step=step).iloc[1:].reset_index()


def axis_top(points: pd.DataFrame, quantiles: pd.DataFrame | None) -> float:
    """Return what the y axis of a series has to reach: the 90% band and what was stated.

    What was published elsewhere stretches it by half at most; beyond, an arrow marks it.

    Examples
    --------
    >>> points = pd.DataFrame({"kind": ["stated", "outturn", "outturn"], "value": [90, 120, 200]})
    >>> axis_top(points, pd.DataFrame({0.95: [95.0, 100.0]}))
    120.0
    """
    is_stated = points["kind"] == "stated"
    bands = [] if quantiles is None else quantiles[0.95].tolist()
    top = max([*points.loc[is_stated, "value"], *bands])
    top = max([top, *(value for value in points.loc[~is_stated, "value"] if value <= 1.5 * top)])
    # Without bands there may be bounds, which need room above.
    return float(top) if bands else 1.05 * float(top)


def tick_names(
    top: float, low: float, unit: str, most: int = 6
) -> tuple[list[float], list[str], str, float]:
    """Return ticks, their labels, what is written above the axis, and the size of its unit.

    Examples
    --------
    >>> tick_names(3250.0, 0.0, "ships")[1:]
    (['0', '1,000', '2,000', '3,000', '4,000'], 'Ships', 1.0)
    >>> tick_names(13_650_000_000, 0.0, "gbp")[1:]
    (['£0', '£5', '£10', '£15'], 'Billion pounds', 1000000000.0)
    """
    scales = _DURATIONS if unit == "seconds" else formats.SCALES
    size, scale = next(((size, word) for size, word in scales if top >= 3 * size), (1.0, ""))
    ticks = ticks_to(top / size, low / size, most)
    decimals = max(formats.decimals_of(tick) for tick in ticks)
    names = [
        formats.with_unit(formats.digits(tick, decimals), unit if unit in _SIGNED else "")
        for tick in ticks
    ]
    counted = "percent" if unit == "percent" else _MONEY.get(unit, formats.noun(unit))
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
        Step of the printed numbers, from ``headlines``; 0 for what the width
        of the range bears.

    Returns
    -------
    Figure
        One axes. The y axis starts at zero and reaches the 90% band; a
        scenario that leaves it ends in an arrow.

    Raises
    ------
    ParameterError
        If there is no such series or scenario, or several series and none is named.
    """
    shown = _shown(release, projection, series, scenario, outturn)
    return _draw_series(release, shown, rounded_to, width=width)


def _shown(
    release: Any, projection: pd.DataFrame | None, series: str, scenario: str, outturn: Any
) -> tuple[pd.Series, pd.DataFrame, pd.DataFrame | None, pd.DataFrame]:
    """Return the row of a series, its points, and quantiles and scenarios by place on the axis."""
    quantiles, others = None, pd.DataFrame()
    if projection is not None and (not series or (projection["series"] == series).any()):
        series, quantiles, others = bands_of(projection, series, scenario)
        if missing := [f"{level:g}" for level in LEVELS if level not in quantiles.columns]:
            raise ParameterError(
                f"the projection has no quantile {', '.join(missing)}; filter it by series or "
                "scenario, and keep its quantiles"
            )
    if series not in release.series.index:
        raise ParameterError(f"series must be one of {', '.join(release.series.index)}")
    row, points = release.series.loc[series], series_points(release, series, outturn)
    if quantiles is not None:
        stated_at = float(points.loc[points["id"] == row["base_figure"], "x"].iloc[0])
        # A base that stands before a stated rise is projected from the year of its end.
        base = stated_at + quantiles.index[0] - math.floor(stated_at + 0.5)
        years = base + np.asarray(quantiles.index - quantiles.index[0], dtype=float)
        quantiles, others = quantiles.set_axis(years), others.set_axis(years[: len(others)])
        first = min(points.loc[points["kind"] == "stated", "x"].min(), 2 * base - years[-1])
        points = points[points["x"].between(first, years[-1])]
    return row, points, quantiles, others


def _draw_series(release: Any, shown: Any, rounded_to: float = 0.0, *, width: Width) -> Figure:
    row, points, quantiles, others = shown
    with house_style(width) as size:
        low = min(0.0, points["value"].min())
        ticks, names, title, scale = tick_names(axis_top(points, quantiles), low, row["unit"])
        labels, years, figure = list[tuple[float, str, str]](), list[float](), None
        if quantiles is not None:
            labels = end_labels(quantiles, others, row["unit"], width, scale, rounded_to)
            years, figure = quantiles.index, release.figures.loc[row["base_figure"]]
        left = max(text_width(name, size) for name in names) + 9
        right = max([14.0, *(text_width(words, size, "bold") + 8 for _, words, _ in labels)])
        room = Room(width, (left, right, 3.7 * size, 2.2 * size))
        room.axes.grid(axis="y", clip_on=False)
        room.axes.set_yticks(ticks, names)
        room.axes.set_ylim(ticks[0], ticks[-1])
        room.write((-left, room.height + 2.7 * size), title, mark="unit", color="muted")
        for height, name in zip(np.linspace(0, room.height, len(ticks)), names, strict=True):
            room.note((-3.5, height), name, "right")
        _set_years(room, points, years, figure)
        if labels:
            _draw_bands(room, quantiles, others)
            _write_ends(room, labels)
            _draw_border(room, years[0])
        _draw_points(room, points, row, years[0] if labels else None)
        return room.figure


def series_chart(
    release: Any,
    series: str,
    projection: pd.DataFrame,
    headlines: pd.DataFrame,
    sensitivity: pd.DataFrame,
    outturn: pd.DataFrame,
    **settings: Any,
) -> Chart:
    """Return the chart of a series with its title, its words, its numbers and its sliders.

    Parameters
    ----------
    release, series
        The release, and the id of a series; one that is not projected is shown
        by its levels alone.
    projection, headlines, sensitivity, outturn
        Results of ``project``, ``headlines``, ``sensitivity`` and ``outturn``.
    settings
        scenario, horizon_year, draws and seed, as for ``project``.

    Returns
    -------
    Chart
        Drawn for a desk and for a phone.
    """
    if series not in headlines.index:
        stated = release.figures.loc[str(release.series.loc[series, "figures"]).split()]
        title = sentences.title_of(release, series).text
        words = sentences.bounds_sentence(release, series)
        return chart(
            **drawn(_draw_series, release, _shown(release, None, series, "", None)),
            data=table(stated, specification="figures", release=release),
            title=title,
            subtitle=words,
            alt=f"{title}. {words.text}",
            inputs=f"series:{series}",
            name=f"series-{series}",
        )
    row: Any = headlines.loc[series]
    said = sentences.projection_sentences(release, series, row)
    later = outturn[outturn["series"] == series]
    scenario, step = settings["scenario"], float(row["rounded_to"])
    shown = _shown(release, projection, series, scenario, later)
    years = yearly_frame(projection, series, scenario, step)
    return chart(
        **drawn(_draw_series, release, shown, step),
        data=table(years, specification="projection", release=release),
        title=said["title"],
        subtitle=said["subtitle"],
        alt=said["alt"],
        name=f"series-{series}",
        what_if=what_if(release, series, sensitivity, **settings),
    )


def series_notes(
    release: Any,
    series: str,
    headlines: pd.DataFrame,
    growth: pd.DataFrame,
    sensitivity: pd.DataFrame,
    outturn: pd.DataFrame,
) -> tuple[Notes, Notes]:
    """Return what is to be said of a projected series: how likely it is, and what stands behind it.

    Parameters
    ----------
    release, series
        The release, and the id of a projected series.
    headlines, growth, sensitivity, outturn
        Results of ``headlines``, ``observed_growth``, ``sensitivity`` and
        ``outturn``.

    Returns
    -------
    tuple
        Two of `display.shown.Notes`: the probabilities of its message, and
        why nothing that came later is held against it where nothing is; and,
        folded, growth, step, what moves it most and how it came out, without
        what does not apply.
    """
    row = headlines.loc[series]
    said = sentences.projection_sentences(release, series, row)
    behind = (
        sentences.growth_sentence(release, series, growth.loc[series], str(row["scenario"])),
        *said["behind"],
        sentences.sensitivity_sentence(release, sensitivity[sensitivity["series"] == series]),
        sentences.outturn_sentence(release, series, outturn),
    )
    message = [said["message"]]
    later = outturn[(outturn["series"] == series) & ~outturn["break_of_measure"].astype(bool)]
    if later.empty and (note := str(release.series.loc[series, "outturn_note"])):
        message.append(sentences.free_words(note, f"series:{series}"))
    return (
        Notes(tuple(message)),
        Notes(tuple(filter(None, behind)), as_list=True, fold="What stands behind this projection"),
    )


def end_labels(
    quantiles: pd.DataFrame,
    others: pd.DataFrame,
    unit: str,
    width: Width = "wide",
    size: float = 1.0,
    rounded_to: float = 0.0,
) -> list[tuple[float, str, str]]:
    """Return what is written beside the ends of lines and bands: value, words, ink.

    A phone has no room for units: there numbers are those of the axis, in units of `size`.
    """
    wide = width == "wide"
    low90, low50, middle, high50, high90 = quantiles.iloc[-1][[*LEVELS]]
    step = rounded_to or printed_step(middle, printed_digits(middle, low50, high50, 0.0))
    step = step if unit in (*RATES, *SIGNS) else max(step, 1.0)
    size = size if unit == "seconds" or not wide else 1.0
    if unit == "seconds" or not wide:
        step = 10.0 ** math.floor(math.log10(step / size) + 1e-9)
        unit = unit if unit in _SIGNED else ""

    def text(value: float, way: str = "near") -> str:
        return computed_text(float(value) / size, unit, step, way)

    labels = [(float(middle), f"Middle {text(middle)}", "blue")]
    for level, low, high in (("90%", low90, high90), ("50%", low50, high50)):
        if wide:
            both = formats.range_text(low / size, high / size, unit, step)
            labels.append((float(high), f"{level} range: {both}", "muted"))
        else:
            labels.append((float(low), f"{level} {text(low, 'down')}", "muted"))
            labels.append((float(high), f"{level} {text(high, 'up')}", "muted"))
    for scenario, line in others.items():
        name = str(scenario).capitalize() + " scenario" * wide
        labels.append((float(line.iloc[-1]), f"{name} {text(line.iloc[-1])}", "plum"))
    return labels


def _draw_bands(room: Room, quantiles: pd.DataFrame, others: pd.DataFrame) -> None:
    years, top = quantiles.index.to_numpy(dtype=float), room.axes.get_ylim()[1]
    room.band(years, quantiles[0.05], quantiles[0.95], "band90")
    room.band(years, quantiles[0.25], quantiles[0.75], "band50")
    for level in (0.05, 0.95):
        room.line(years, quantiles[level], f"edge-{level}", "edge90", lw=1, zorder=1.6)
    for scenario, line in others.items():
        room.line(
            years, line, str(scenario), "plum", lw=1.6, ls=(0, (5, 3)), zorder=2.2, clip_on=True
        )
        if line.iloc[-1] > top:
            # Its value stands at the end of the line, beside the arrow where it leaves.
            at = np.interp(top, line, years) if line.is_monotonic_increasing else years[-1]
            room.line([at], [top], f"beyond-{scenario}", "plum", "^", ms=8, zorder=4)
    room.line(years, quantiles[0.5], "middle", "blue", lw=2.5, zorder=2.4)
    for line in (quantiles[0.05], quantiles[0.5], quantiles[0.95], *dict(others).values()):
        room.keep_off(years.tolist(), line.tolist())


def _write_ends(room: Room, labels: list[tuple[float, str, str]]) -> None:
    (low, high), gap = room.axes.get_ylim(), 1.15 * room.size
    places = [(min(value, high) - low) / (high - low) * room.height for value, _, _ in labels]
    settled = apart(places, gap, 0.0, room.height + gap)
    for (_, words, color), up in zip(labels, settled, strict=True):
        weight = "bold" if color == "blue" else "normal"
        room.write((room.width + 6, up), words, mark="end", color=color, fontweight=weight)


def _draw_border(room: Room, base: float) -> None:
    """Part what is stated from what is projected here."""
    low, high = room.axes.get_ylim()
    top = high + (high - low) * 1.6 * room.size / room.height
    room.line([base, base], [low, top], "border", "muted", lw=1, zorder=1.7)
    room.keep_off([base] * 8, np.linspace(low, high, 8).tolist())
    across = room.axes.transData.transform((base, 0))[0] - room.left
    here = "projected here" if room.size > TEXT["narrow"] else "projected"
    for words, aside, ha in (("stated", -5, "right"), (here, 5, "left")):
        place = (across + aside, room.height + 1.1 * room.size)
        room.write(place, words, ha, mark="border", color="muted")


def _set_years(room: Room, points: pd.DataFrame, years: Any, figure: pd.Series | None) -> None:
    """Tick every year; label the base, the last and the first, and others where there is room."""
    places = [*points["x"], *years]
    if figure is None:
        places += [*points["x_from"], *points["x_to"]]
    first, last = min(places), max(places)
    lines = _in_two(points["words"].iloc[0]).split("\n")
    label = max(text_width(line, room.size) for line in lines)
    # Room on the left for the words of the first figure, beside it where it is the base.
    beside = label + 14 if len(years) and first == years[0] else label / 2 + 4
    margin = (last - first or 1.0) * beside / (room.width - beside)
    left, right = first - margin, last + margin * (figure is None)
    base = round(last) if figure is None else years[0]
    steps = range(-int(base - first + 1e-9), int(last - base + 1e-9) + 1)
    names = {base + step: _year_name(math.floor(base + 0.5) + step, figure) for step in steps}
    a_year = room.width / (right - left)
    least = (max(text_width(name, room.size) for name in names.values()) + 8) / a_year
    every = next(count for count in (1, 2, 5, 10, 20, 50, 100) if count >= least)
    shown: list[float] = []
    regular = (base + step for step in steps if step % every == 0)
    for tick in [base, base + steps[-1], base + steps[0], *regular]:
        if all(abs(tick - other) >= least for other in shown):
            shown.append(tick)
            room.note(((tick - left) * a_year, -room.size), names[tick], "center")
    texts = [name if tick in shown else "" for tick, name in names.items()]
    room.axes.set_xticks(list(names), texts)
    room.axes.set_xlim(left, right)


def _year_name(year: int, figure: pd.Series | None) -> str:
    month, _, name = ("" if figure is None else period_of(figure).in_year(year)).rpartition(" ")
    return f"{month[:3]} {name or year}".strip()


def _draw_points(room: Room, points: pd.DataFrame, row: pd.Series, base: float | None) -> None:
    observed = points[points["id"].isin([row["growth_from"], row["base_figure"]])]
    if len(observed) > 1:
        pair = observed["x"].tolist(), observed["value"].tolist()
        room.line(*pair, "observed", "blue", ls=":", lw=1.2)
        room.keep_off(*pair)
    top, last = room.axes.get_ylim()[1], room.axes.get_xlim()[1]
    rows: list[Any] = list(points.itertuples())
    for point in rows:
        is_stated = point.kind == "stated"
        color, _, large = _LOOKS[point.kind]
        marker, value = (point.marker, point.value) if point.value <= top else ("^", top)
        large = 7.5 if marker in "^v" else large
        if (base is None and is_stated) or point.x_to - point.x_from > 1.01:
            span = [point.x_from, min(point.x_to, base or last)]
            room.line(span, [value] * 2, f"span-{point.id}", color, lw=2.5, zorder=3)
            room.keep_off(span, [value] * 2)
        looks = {"ms": large, "mec": INKS["paper"][0], "zorder": 3.2 if is_stated else 3.0}
        room.line([point.x], [value], point.id, color, marker, **looks)
        room.block((point.x, value), large)
    # A measured value that is also stated for its period has the label of that.
    named = [point for point in rows if point.kind == "stated"]
    others = [
        point
        for point in rows
        if not any(p.x_from <= point.x <= p.x_to and p.value == point.value for p in named)
    ]
    last_of = {point.kind: point.id for point in others}
    named += [p for p in reversed(others) if p.id == last_of[p.kind] or p.value > top]
    for point in named:
        is_stated = point.kind == "stated"
        color = "text" if is_stated else _LOOKS[point.kind][0]
        words = _in_two(point.words) + _AFTER[point.kind]
        # What was known before the base is written before it, outside the bands.
        most = base if base is not None and point.x < base else last
        place = (point.x, min(point.value, top))
        room.put(place, words, most=most, needed=is_stated, color=color)


def _in_two(words: str) -> str:
    """Break long words near their middle."""
    spaces = [place for place, letter in enumerate(words) if letter == " "]
    if len(words) < 15 or not spaces:
        return words
    middle = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:middle]}\n{words[middle + 1 :]}"
