"""Charts beside that of a series: claims, sensitivity, quality, outturn, grid, waterfall.

The label of each picture is its alternative text.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from statedfigures.display import sentences
from statedfigures.display.chart_style import (
    SIZES,
    TEXT,
    Room,
    Width,
    drawn,
    house_style,
    ink,
    text_width,
    ticks_to,
)
from statedfigures.display.charts import tick_names
from statedfigures.display.formats import computed_text, digits, range_text, value_text
from statedfigures.display.shown import Chart, chart, table
from statedfigures.display.words import lower_first
from statedfigures.release.periods import period_of

MOST_BARS, MOST_DOTS = 6, 8
CHANCE = "chance"
WIDEST_LINEAR = 100.0
"""Largest value over the smallest up to which an axis of later years stays linear."""
_VERDICTS = {"supported": "blue", "supported within rounding": "blue", "not supported": "plum"}
_NUMBER_KINDS = ("multiple", "percent_change", "difference", "percentage_points", "share")
_QUALITIES = {"weak": "plum", "moderate": "blue", "strong": "teal"}
_ENDS = [f"{kind}{end}" for kind in ("", "claimed_", "published_") for end in ("low", "high")]
_HALO: dict[str, Any] = {"mec": ink("paper"), "zorder": 4}


def _rows(
    width: Width, names: Sequence[str], *, right: float = 30.0, heads: Sequence[str] = ()
) -> tuple[Room, list[float]]:
    """Return a picture with a row for each name, and the heights of the rows, from above.

    On a desk names stand on the left, on a phone above their rows; `heads` has a heading for
    each row, which is written where it is another than before.
    """
    size, wide = TEXT[width], width == "wide"
    names = [textwrap.fill(name, 34 if wide else 42) for name in names]
    lines = (text_width(line, size) for name in names for line in name.split("\n"))
    left, above = max(lines, default=0.0) + 16 if wide else 30.0, ""
    texts: list[tuple[float, float, str, str, str]] = []
    heights, place = [], 0.0
    for name, head in zip(names, heads or [""] * len(names), strict=True):
        if head != above:
            texts.append((-left, place + 0.9 * size, head, "left", "bold"))
            place, above = place + 1.8 * size, head
        tall = 1.2 * size * (1 + name.count("\n"))
        first, at, ha = (place + 0.35 * size, -8.0, "right") if wide else (place, -left, "left")
        texts.append((at, first + tall / 2, name, ha, "normal"))
        heights.append(first + (tall / 2 if wide else tall + 0.9 * size))
        place = first + tall + 0.35 * size if wide else heights[-1] + size
    room = Room(width, (left, right, 3.6 * size, 3.8 * size), (SIZES[width][0], place + 7.4 * size))
    room.axes.set_ylim(place, 0)
    room.axes.set_yticks([])
    room.axes.grid(axis="x", visible=True, clip_on=False)
    room.axes.tick_params(length=0, bottom=False)  # lines of the grid are ticks enough
    for x, down, words, ha, weight in texts:
        room.write((x, place - down), words, ha, "row", fontweight=weight)
    return room, heights


def _beside(room: Room, x: float, down: float, words: str, ha: str = "left", **looks: Any) -> None:
    room.write((x, room.height - down), words, ha, "end", **looks)


def _value_axis(
    room: Room, low: float, high: float, unit: str, note: str = "", beside: float = 0.0
) -> None:
    """Tick the axis of values below; say above in what unit, and below how to read the rows.

    `beside` is the room, in values, that words beside the lowest and the highest need.
    """
    most = 6 if room.size > TEXT["narrow"] else 4
    lowest, high = max(low - beside, min(low, 0.0)), high + beside
    _, _, title, size = tick_names(high, 0.0, unit)
    ticks = ticks_to(high / size, 0.0 if 0 <= lowest < 0.35 * high else lowest / size, most)
    sign = {"percent": "%"}.get(unit, "")
    room.axes.set_xticks([tick * size for tick in ticks], [digits(tick) + sign for tick in ticks])
    room.axes.set_xlim(min(ticks[0] * size, low - beside), ticks[-1] * size)
    room.axes.spines["bottom"].set_bounds(ticks[0] * size, ticks[-1] * size)
    room.write((-room.left, room.height + 2.2 * room.size), title, mark="unit", color="muted")
    if note:
        room.write((-room.left, -2.9 * room.size), note, mark="note", color="muted")


def _each(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a frame."""
    return iter(frame.itertuples())


def claims_compared(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that state a number with one to compare, in multiples of what was claimed.

    Parameters
    ----------
    claims
        Result of ``check_claims``.

    Returns
    -------
    DataFrame
        The rows by verdict, with low and high, claimed_low and claimed_high,
        published_low and published_high over the claimed value; NaN for no end.
        Where the release gives no value, ``by_release`` is False, and low and
        high are those of published figures.

    Examples
    --------
    >>> claims = pd.DataFrame({"kind": ["multiple"], "label": ["twice"],
    ...     "verdict": ["not supported"], "low": [1.5], "high": [1.6], "claimed_low": [1.9],
    ...     "claimed_high": [2.1], "published_low": [2.0], "published_high": [2.0],
    ...     "verdict_with_published": ["consistent"]})
    >>> claims_compared(claims)[["low", "claimed_high", "published_low"]].iloc[0].tolist()
    [0.75, 1.05, 1.0]
    """
    claimed = claims[["claimed_low", "claimed_high"]].mean(axis=1)
    by_release = claims[["low", "high"]].notna().any(axis=1)
    is_compared = claims["verdict_with_published"].isin(["consistent", "not consistent"])
    is_compared &= claims[["published_low", "published_high"]].notna().any(axis=1)
    known = claims["kind"].isin(_NUMBER_KINDS) & claimed.notna() & (claimed != 0)
    known &= by_release | is_compared
    found, claimed = claims.assign(by_release=by_release)[known], claimed[known]
    found[_ENDS] = found[_ENDS].div(claimed, axis=0)
    found.loc[~is_compared[known], _ENDS[4:]] = np.nan
    found.loc[~found["by_release"], _ENDS[:2]] = found[_ENDS[4:]].to_numpy()[~found["by_release"]]
    for low, high in zip(_ENDS[::2], _ENDS[1::2], strict=True):
        found.loc[claimed < 0, [low, high]] = found.loc[claimed < 0, [high, low]].to_numpy()
    order = {verdict: -place for place, verdict in enumerate(_VERDICTS)}
    return found.sort_values("verdict", key=lambda verdicts: verdicts.map(order), kind="stable")


def chart_claims(rows: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw what was recomputed against what was claimed: rows by verdict, in multiples.

    Parameters
    ----------
    rows
        Claims with a number to compare, from `claims_compared`.
    width
        ``wide`` or ``narrow``.

    Returns
    -------
    Figure
        For each claim what its words allow as a pale bar, the recomputed value
        as a dot or a bar, what published figures give as a square or two.
    """
    heads, said = rows["verdict"].str.capitalize().tolist(), list[str]()
    with house_style(width) as size:
        room, heights = _rows(width, rows["label"].tolist(), heads=heads)
        drawn = rows[_ENDS]
        low, high = np.nanmin([0.8, *drawn.min()]), np.nanmax([1.2, *drawn.max()])
        ticks = ticks_to(high - 1, low - 1, 7 if width == "wide" else 5)
        room.axes.set_xticks([1 + tick for tick in ticks], [f"{digits(1 + t)}×" for t in ticks])
        edges = [1 + ticks[0], 1 + ticks[-1]]  # where what has no end ends
        room.axes.set_xlim(*edges)
        room.axes.tick_params(labeltop=True)
        note = "1× is exactly what was claimed"
        room.write((-room.left, -2.9 * size), note, mark="note", color="muted")
        room.line([1, 1], [0, room.height], "claimed", "muted", lw=1)
        words = rows["claimed_low"].fillna(edges[0]), rows["claimed_high"].fillna(edges[1])
        room.bars(heights, *words, "edge", ink("edge90"), lw=14.5, zorder=1.9)
        room.bars(heights, *words, "words", ink("band90"), lw=13)
        for place, row in zip(heights, _each(rows), strict=True):
            color, mark = _VERDICTS.get(row.verdict, "grey"), f"recomputed-{row.Index}"
            if row.by_release:
                bar = np.where(np.isnan([row.low, row.high]), edges, [row.low, row.high])
                # Ends that meet are a dot.
                room.line(bar, [place] * 2, mark, color, "o", ls="-", lw=7, ms=7, mew=0, zorder=3)
            mark, published = f"published-{row.Index}", [row.published_low, row.published_high]
            if not np.isnan(published).all():
                span = np.where(np.isnan(published), edges, published)
                # An open end has no square.
                looks = {"markevery": np.flatnonzero(~np.isnan(published)).tolist(), **_HALO}
                room.line(span, [place] * 2, mark, "teal", "s", ls="-", lw=3, ms=8, **looks)
            said.append(f"{row.label}: {range_text(row.low, row.high, 'multiple')}, {row.verdict}")
        return room.described("What was recomputed, in multiples of what was claimed.", said)


def claims_chart(claims: pd.DataFrame) -> Chart | None:
    """Return the chart of all claims with a number to compare; None where there is none."""
    compared = claims_compared(claims)
    if compared.empty:
        return None
    by_release = compared["by_release"]
    data = compared[["label", "verdict", "low", "high"]].assign(
        values_from=by_release.map({True: "the release", False: "figures published elsewhere"}),
        inputs=compared["inputs"].where(by_release, compared["published_inputs"]),
        unit="multiple",
    )
    return chart(
        **drawn(chart_claims, compared),
        data=table(data.reset_index(drop=True)),
        title="What was recomputed, in multiples of what was claimed",
        subtitle=sentences.sentence(sentences.SENTENCES["claims"]["chart"]),
        name="claims-compared",
    )


def bars_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what `chart_sensitivity` draws of the rows of a series, with the ends of their bars.

    Those of chance part what it adds to the width of the 90% range in two.

    Examples
    --------
    >>> moved = pd.DataFrame({"series": "a", "assumption": ["b", "chance"], "rank": [1, 2],
    ...     "middle": 100.0, "middle_at_low": [90.0, 101.0], "middle_at_high": [120.0, 100.0],
    ...     "width_at_low": [50.0, 40.0], "width_at_high": 60.0})
    >>> bars_of(moved)[["at_low", "at_high"]].to_numpy().tolist()
    [[90.0, 120.0], [90.0, 110.0]]
    """
    # What is fixed moves nothing.
    ends = [rows[f"{kind}_at_low"] != rows[f"{kind}_at_high"] for kind in ("middle", "width")]
    rows = rows[ends[0] | ends[1] | (rows["assumption"] == CHANCE)]
    is_chance = rows["assumption"] == CHANCE
    rows = pd.concat([rows[~is_chance].nsmallest(MOST_BARS, "rank"), rows[is_chance]])
    added = rows["middle"].where(rows["assumption"] == CHANCE)
    half = (rows["width_at_high"] - rows["width_at_low"]) / 2
    return rows.assign(
        at_low=(added - half).fillna(rows["middle_at_low"]),
        at_high=(added + half).fillna(rows["middle_at_high"]),
    )


def _names(release: Any, ids: Iterable[Any]) -> list[str]:
    labels = release.assumptions["label"]
    return [str(labels.get(name, "What chance adds to the 90% range")) for name in ids]


def chart_sensitivity(release: Any, rows: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw how far each assumption moves the middle, at its low and at its high.

    Parameters
    ----------
    release
        The release, for the names of its assumptions.
    rows
        What is drawn of one series, from `bars_of`.
    width
        ``wide`` or ``narrow``.

    Returns
    -------
    Figure
        A bar for each of the six that move most, dark where the assumption is
        low and light where it is high, with the middles at its ends; and one
        for chance.
    """
    unit, middle = str(rows["series_unit"].iloc[0]), float(rows["middle"].iloc[0])
    names, said = _names(release, rows["assumption"]), list[str]()
    with house_style(width) as size:
        room, heights = _rows(width, names)
        ends = rows[["at_low", "at_high"]].to_numpy()
        least, most = float(ends.min()), float(ends.max())
        beside = (most - least or abs(middle)) * (0.16 if width == "wide" else 0.3)
        _value_axis(room, least, most, unit, "Dark: at its low. Light: at its high.", beside)
        room.line([middle] * 2, [0, room.height], "middle", "muted", lw=1, zorder=3)
        left, right = room.axes.get_xlim()
        is_chance = rows["assumption"] == CHANCE
        for end, color in (("at_low", "blue"), ("at_high", "band50")):
            inks = np.where(is_chance, ink("grey"), ink(color))
            room.bars(heights, middle, rows[end], end, inks, lw=1.2 * size)
        rows = rows[~is_chance]
        for name, place, *pair in zip(
            names, heights, rows["at_low"], rows["at_high"], strict=False
        ):
            said.append(f"{name}, " + " and ".join(computed_text(end, unit) for end in pair))
            # Two ends on one side have the label of the farther alone.
            by_distance = sorted(pair, key=lambda end: abs(end - middle))
            sides = {end > middle or end == middle == max(pair): end for end in by_distance}
            for ahead, end in sides.items():
                x = (end - left) / (right - left) * room.width + (4 if ahead else -4)
                _beside(room, x, place, computed_text(end, unit), "left" if ahead else "right")
        lead = f"The middle is {computed_text(middle, unit)}. With one assumption at its low and at"
        return room.described(f"{lead} its high:", said)


def sensitivity_chart(release: Any, sensitivity: pd.DataFrame, series: str) -> Chart:
    """Return the folded chart of what moves a projected series.

    Parameters
    ----------
    release
        The release.
    sensitivity
        Result of ``sensitivity``.
    series
        Id of a series that it has rows of.
    """
    own = sensitivity[sensitivity["series"] == series]
    title = sentences.title_of(release, series)
    return chart(
        **drawn(chart_sensitivity, release, bars_of(own)),
        data=table(own, specification="sensitivity", release=release),
        title=sentences.sensitivity_title(own),
        subtitle=sentences.sentence("{title}: where the middle moves", title=title),
        name=f"moves-{series}",
        fold=f"What moves {lower_first(str(title))}",
    )


def quality_changes(sensitivity: pd.DataFrame) -> pd.Series[float]:
    """Return the eight largest changes in percent of middle or range, by assumption.

    Examples
    --------
    >>> moved = pd.DataFrame({"assumption": ["a", "b", "a", "chance"],
    ...                       "change": [0.1, 0.3, 0.2, 0.9]})
    >>> quality_changes(moved).to_dict()
    {'b': 30.0, 'a': 20.0}
    """
    rows = sensitivity[(sensitivity["assumption"] != CHANCE) & (sensitivity["change"] > 0)]
    return (100 * rows.groupby("assumption")["change"].max()).nlargest(MOST_DOTS)


def chart_quality(release: Any, changes: pd.Series, *, width: Width = "wide") -> Figure:
    """Draw how much assumptions move, with the quality of their evidence as ink and word.

    Parameters
    ----------
    release
        The release, for names and qualities.
    changes
        The largest change of each assumption, from `quality_changes`.
    width
        ``wide`` or ``narrow``.

    Returns
    -------
    Figure
        A dot for each of the eight that move most.
    """
    names, said = _names(release, changes.index), list[str]()
    with house_style(width):
        room, heights = _rows(width, names, right=92.0)
        note = "Largest change of a middle or a range"
        _value_axis(room, 0.0, float(changes.max()), "percent", note)
        room.bars(heights, 0, changes, "stem", ink("baseline"), lw=1)
        for label, place, (name, change) in zip(names, heights, changes.items(), strict=True):
            quality = str(release.assumptions.loc[name, "quality"])
            color = _QUALITIES[quality]
            room.line([change], [place], str(name), color, "o", ms=9, zorder=3)
            _beside(room, room.width + 10, place, quality, color=color)
            said.append(f"{label}: {computed_text(change, 'percent')}, {quality}")
        return room.described(
            "Largest change of a middle or range, and quality of the evidence.", said
        )


def quality_chart(release: Any, sensitivity: pd.DataFrame) -> Chart | None:
    """Return the chart of what the assumptions move and rest on; None without a projection."""
    changes = quality_changes(sensitivity)
    if changes.empty:
        return None
    labels = release.assumptions.loc[changes.index, "label"]
    data = pd.DataFrame({"assumption": labels.to_list(), "value": changes.to_list()})
    data = data.assign(unit="percent", inputs=[f"assumption:{row}" for row in changes.index])
    return chart(
        **drawn(chart_quality, release, changes),
        data=table(data, formula="larger of the changes of middle and of the width of the range"),
        title="What moves the answers most, and how good its evidence is",
        name="quality",
    )


def sparkline(points: pd.DataFrame, quantiles: pd.DataFrame | None = None) -> Figure:
    """Draw a series as a thumbnail of 300 by 160 points: what was stated, and the ranges.

    Without a projection, bars.

    Parameters
    ----------
    points
        See `charts.series_points`.
    quantiles
        Years by quantiles, see `charts.bands_of`; None without a projection.
    """
    stated = points[points["kind"] == "stated"]
    levels = stated[stated["marker"] == "o"]
    with house_style("narrow"):
        room = Room("narrow", (6, 6, 8, 8), (300, 160))
        room.axes.set_axis_off()
        if quantiles is not None:
            # Years of the series lie as far from calendar years as its base does.
            years = quantiles.index.to_numpy(dtype=float)
            years += math.remainder(levels["x"].iloc[-1] if len(levels) else 0.0, 1.0)
            room.band(years, quantiles[0.05], quantiles[0.95], "band90")
            room.band(years, quantiles[0.25], quantiles[0.75], "band50")
            room.line(years, quantiles[0.5], "middle", "blue", lw=2.5)
            room.line(levels["x"], levels["value"], "observed", "blue", ls=":", lw=1.5)
            room.line(stated["x"], stated["value"], "stated", "blue", "o", ms=7)
        else:
            bars = range(len(stated))
            room.axes.bar(bars, stated["value"], 0.5, color=ink("band50"))
            room.axes.set_xlim(-0.8, len(stated) - 0.2)
        room.axes.set_ylim(bottom=min([0.0, *stated["value"]]))
        room.line(room.axes.get_xlim(), [0, 0], "zero", "baseline", lw=1)
        room.axes.autoscale_view()  # leaves a margin beside that line too
        return room.figure


def chart_outturn(release: Any, outturn: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw what came later against the ranges projected for it.

    Parameters
    ----------
    release
        The release, for the unit.
    outturn
        Rows of one series from ``outturn``.
    width
        ``wide`` or ``narrow``.

    Returns
    -------
    Figure
        For each year both ranges, the middle, and what was published, hollow
        where it was measured on another basis. The axis is
        logarithmic, with labelled decades, only where its values lie far apart.
    """
    unit, years = release.series.loc[outturn["series"].iloc[0], "unit"], outturn["year"].to_numpy()
    base = release.series.loc[outturn["series"].iloc[0], "base_figure"]
    called = {year: period_of(release.figures.loc[base]).in_year(year) for year in years}
    levels, said = outturn[["low90", "high90", "published"]].to_numpy(dtype=float), list[str]()
    low, high = np.nanmin(levels), np.nanmax(levels)
    is_log = low > 0 and high > WIDEST_LINEAR * low
    with house_style(width) as size:
        ticks, names, title, _ = tick_names(high, 0.0, unit)
        if is_log:
            powers = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
            ticks = (10.0**powers).tolist()
            names = [value_text(tick, unit) for tick in ticks]
            title += ", each line ten times the one below"
        left = max(text_width(name, size) for name in names) + 9
        room = Room(width, (left, 24, 2.6 * size, 2.2 * size))
        if is_log:
            room.axes.set_yscale("log")
            room.axes.minorticks_off()
        room.axes.set_yticks(ticks, names)
        room.axes.set_ylim(ticks[0], ticks[-1])
        room.write((-left, room.height + 1.6 * size), title, mark="unit", color="muted")
        room.axes.set_xlim(years.min() - 0.6, years.max() + 0.6)
        a_name = max(text_width(name, size) for name in called.values()) + 8
        every = int(np.ceil((np.ptp(years) + 1.2) * a_name / room.width))
        shown = [called[year] if (years.max() - year) % every == 0 else "" for year in years]
        room.axes.set_xticks(years, shown)
        thick = min(26.0, 0.6 * room.width / (np.ptp(years) + 1.2))
        for name, wide in (("edge90", thick + 1.5), ("band90", thick), ("band50", thick)):
            ends = outturn[f"low{name[-2:]}"], outturn[f"high{name[-2:]}"]
            room.bars(years, *ends, name, ink(name), upright=True, lw=wide, zorder=1.2)
        for row in _each(outturn):
            published = f"{computed_text(row.published, unit)} published"
            basis = " on another basis" * row.break_of_measure
            projected = f"{range_text(row.low90, row.high90, unit)} projected"
            said.append(f"{called[row.year]}: {published}{basis}, {projected}")
        room.line(years, outturn["middle"], "middle", "blue", "_", ms=thick, mew=2.5)
        hollow = {"mec": ink("teal"), "mfc": ink("paper")}
        for is_broken, mark, looks in ((False, "published", _HALO), (True, "broken", hollow)):
            part = outturn[outturn["break_of_measure"].astype(bool) == is_broken]
            room.line(part["year"], part["published"], mark, "teal", "s", ms=8, **looks)
        return room.described(
            "What came later against the range projected in nine of ten draws.", said
        )


def outturn_chart(release: Any, outturn: pd.DataFrame, series: str) -> Chart:
    """Return the chart of what came later against the ranges projected for it."""
    own = outturn[outturn["series"] == series]
    title = sentences.title_of(release, series)
    return chart(
        **drawn(chart_outturn, release, own),
        data=table(own, specification="outturn", release=release),
        title=sentences.sentence("{title}: projected and published", title=title),
        name=f"outturn-{series}",
    )


def chart_grid(rows: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw middles with their ranges, a row for each run of a grid.

    Parameters
    ----------
    rows
        ``label``, ``middle``, ``low50``, ``high50``, ``low90``, ``high90`` and ``unit``.
    width
        ``wide`` or ``narrow``.
    """
    unit, said = rows["unit"].iloc[0], list[str]()
    with house_style(width):
        room, heights = _rows(width, rows["label"].tolist(), right=40.0)
        _value_axis(room, 0.0, float(rows["high90"].max()), unit)
        room.bars(heights, rows["low90"], rows["high90"], "band90", ink("band90"), lw=9)
        room.bars(heights, rows["low50"], rows["high50"], "band50", ink("band50"), lw=9)
        for place, row in zip(heights, _each(rows), strict=True):
            room.line([row.middle], [place], f"middle-{row.Index}", "blue", "o", ms=8, **_HALO)
            texts = computed_text(row.middle, unit), range_text(row.low90, row.high90, unit)
            said.append(f"{row.label}: {', '.join(texts)}")
        return room.described("Middles, with the range of nine in ten draws.", said)


def chart_waterfall(rows: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw how changes add up from one value to another.

    Parameters
    ----------
    rows
        ``label``, ``value`` and ``unit``: the first row is the value before,
        the last the value after, those between are what each change adds.
    width
        ``wide`` or ``narrow``.
    """
    values, unit = rows["value"].to_numpy(dtype=float), rows["unit"].iloc[0]
    texts = [computed_text(float(value), unit) for value in values]
    said = [f"{label} {text}" for label, text in zip(rows["label"], texts, strict=True)]
    starts = np.concatenate([[0.0], np.cumsum(values[:-2]), [0.0]])
    ends = np.concatenate([np.cumsum(values[:-1]), values[-1:]])
    with house_style(width) as size:
        room, heights = _rows(width, rows["label"].tolist(), right=90.0)
        _value_axis(room, min(0.0, ends.min()), max(starts.max(), ends.max()), unit)
        rises = [None, *(ends > starts).tolist()[1:-1], None]
        inks = [ink({True: "teal", False: "plum"}.get(rise, "blue")) for rise in rises]
        room.bars(heights, starts, ends, "steps", inks, lw=1.2 * size)
        for place, text, rise in zip(heights, texts, rises, strict=True):
            _beside(room, room.width + 6, place, "+" * bool(rise) + text)
        return room.described(f"From {said[0]} to {said[-1]}:", said[1:-1] or ["no change"])
