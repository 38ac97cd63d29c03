"""Charts beside that of a series: claims, sensitivity, quality, outturn, grid, waterfall."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from statedfigures.display.chart_style import (
    MARK,
    TEXT,
    Room,
    Width,
    house_style,
    ink,
    new_axes,
    text_width,
)
from statedfigures.display.charts import tick_names
from statedfigures.display.formats import computed_text, digits, range_text, with_unit

_VERDICTS = {"supported": "blue", "supported within rounding": "blue", "not supported": "plum"}
_QUALITIES = {"weak": "plum", "moderate": "blue", "strong": "teal"}
MOST_BARS, MOST_DOTS = 6, 8
CHANCE = "chance"


def _rows(
    width: Width, names: Sequence[str], *, right: float, heads: Sequence[str] = ()
) -> tuple[Room, list[float]]:
    """Return axes with a row for each name, and the heights of the rows in points from above.

    On a desk names stand on the left, on a phone above their rows; `heads` has a heading for
    each row, which is written where it is another than before.
    """
    size, wide = TEXT[width], width == "wide"
    lines = [textwrap.wrap(name, 34 if wide else 44) for name in names]
    longest = max((text_width(line, size) for row in lines for line in row), default=0.0)
    left = longest + 16 if wide else 30.0
    texts: list[tuple[float, float, str, str]] = []
    heights, place, head = [], 0.0, ""
    for name, above in zip(lines, heads or [""] * len(lines), strict=True):
        if above != head:
            texts.append((-left, place + 0.9 * size, above, "left"))
            place, head = place + 1.8 * size, above
        tall = 1.2 * size * len(name)
        middle = place + (max(tall, 1.2 * size) / 2 + 0.35 * size if wide else tall + 0.9 * size)
        first = middle - tall / 2 if wide else place
        at, ha = (-8.0, "right") if wide else (-left, "left")
        for step, line in enumerate(name):
            texts.append((at, first + 1.2 * size * (step + 0.5), line, ha))
        heights.append(middle)
        place = 2 * middle - place if wide else middle + size
    looks = {"left": left, "right": right, "top": 3.6 * size, "bottom": 3.8 * size}
    room = Room(new_axes(width, height=place + 7.4 * size, **looks), size)
    room.axes.set_ylim(place, 0)
    room.axes.set_yticks([])
    room.axes.grid(axis="x", visible=True)
    room.axes.grid(axis="y", visible=False)
    for x, down, words, ha in texts:
        weight = "bold" if words in heads else "normal"
        room.write((x, place - down), words, ha=ha, fontweight=weight, mark="label-row")
    return room, heights


def _beside(room: Room, x: float, down: float, words: str, ha: str = "left", **looks: Any) -> None:
    room.write((x, room.axes.get_ylim()[0] - down), words, ha=ha, mark="label-end", **looks)


def _value_axis(room: Room, low: float, high: float, unit: str, note: str = "") -> None:
    """Tick the axis of values below, from zero where the values reach near it."""
    axes = room.axes
    most = 6 if room.size > TEXT["narrow"] else 4
    size = tick_names(high, 0.0, unit)[3]
    step = 10.0 ** np.floor(np.log10(high - low))
    low = 0.0 if 0 <= low < 0.35 * high else low
    step = next(
        s for k in (0.1, 1, 10) for s in step * k * np.array([1, 2, 5]) if (high - low) / s < most
    )
    ticks = step * np.arange(np.floor(low / step), np.ceil(high / step) + 1)
    *_, title, _ = tick_names(high, 0.0, unit)
    signed = unit if unit in ("percent", "gbp", "eur", "usd") else ""
    names = [with_unit(digits(float(f"{tick / size:.6g}")), signed) for tick in ticks]
    axes.set_xticks(ticks, names)
    axes.set_xlim(ticks[0], ticks[-1])
    place = (-axes.bbox.x0, axes.bbox.height + 2.2 * room.size)
    room.write(place, title, ha="left", color=ink("muted"), mark="label-unit")
    if note:
        room.write((-axes.bbox.x0, -2.9 * room.size), note, ha="left", color=ink("muted"))


def claims_compared(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the claims with something to compare, in multiples of what was claimed.

    Parameters
    ----------
    claims
        Result of ``check_claims``.

    Returns
    -------
    DataFrame
        Indexed by claim: label, verdict, low and high of the recomputed value,
        claimed_low and claimed_high of the words, published_low and
        published_high, each over the claimed value; NaN where there is no end.

    Examples
    --------
    >>> claims = pd.DataFrame({"label": ["twice"], "verdict": ["not supported"], "low": [1.5],
    ...     "high": [1.6], "claimed_low": [1.9], "claimed_high": [2.1], "published_low": [2.0],
    ...     "published_high": [2.0], "verdict_with_published": ["consistent"]})
    >>> claims_compared(claims)[["low", "claimed_high", "published_low"]].iloc[0].tolist()
    [0.75, 1.05, 1.0]
    """
    ends = ["low", "high", "claimed_low", "claimed_high", "published_low", "published_high"]
    known = claims[["low", "high"]].notna().all(axis=1)
    claimed = claims[["claimed_low", "claimed_high"]].mean(axis=1)
    found = claims[known & claimed.notna() & (claimed != 0)].copy()
    found[ends] = found[ends].div(claimed[found.index], axis=0)
    is_compared = found["verdict_with_published"].isin(["consistent", "not consistent"])
    found.loc[~is_compared, ends[4:]] = np.nan
    falls = claimed[found.index] < 0
    for low, high in zip(ends[::2], ends[1::2], strict=True):
        found.loc[falls, [low, high]] = found.loc[falls, [high, low]].to_numpy()
    order = {verdict: place for place, verdict in enumerate(reversed(_VERDICTS))}
    return found.sort_values("verdict", key=lambda words: words.map(order), kind="stable")


def chart_claims(claims: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw what was recomputed against what was claimed: rows by verdict, in multiples.

    Parameters
    ----------
    claims
        Result of ``check_claims``; claims with nothing to compare are left out.
    width
        ``wide`` or ``narrow``.

    Returns
    -------
    Figure
        For each claim what its words allow as a pale bar, the recomputed value as a
        dot or a bar, and what published figures give as a square.
    """
    rows = claims_compared(claims)
    heads = [f"{verdict[:1].upper()}{verdict[1:]}" for verdict in rows["verdict"]]
    with house_style(width) as size:
        room, heights = _rows(width, rows["label"].tolist(), right=30.0, heads=heads)
        axes = room.axes
        drawn = rows[["low", "high", "claimed_low", "claimed_high", "published_high"]]
        low, high = min(drawn.min().min(), 0.8), max(drawn.max().max(), 1.2)
        edge = 0.08 * (high - low)
        step = next(step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 1e9) if (high - low) / step < 6)
        ticks = np.arange(np.ceil((low - edge) / step), (high + edge) / step) * step
        axes.set_xlim(low - edge, high + edge)
        axes.set_xticks(ticks, [f"{digits(float(f'{tick:.6g}'))}×" for tick in ticks])
        axes.tick_params(top=True, labeltop=True)
        axes.axvline(1.0, color=ink("muted"), lw=1, gid=MARK + "claimed")
        note = "times what was claimed; square: with figures published elsewhere"
        place = (-axes.bbox.x0, -2.9 * size)
        room.write(place, note if width == "wide" else note[:22], ha="left", color=ink("muted"))
        for place, (claim, row) in zip(heights, rows.iterrows(), strict=True):
            words = row[["claimed_low", "claimed_high"]].fillna(
                {"claimed_low": low - edge, "claimed_high": high + edge}
            )
            looks = {"solid_capstyle": "butt", "gid": f"{MARK}words-{claim}"}
            axes.plot(words, [place] * 2, color=ink("band90"), lw=13, **looks)
            color = ink(_VERDICTS.get(str(row["verdict"]), "grey"))
            looks = {"solid_capstyle": "round", "gid": f"{MARK}recomputed-{claim}", "zorder": 3}
            axes.plot(row[["low", "high"]], [place] * 2, color=color, lw=7, **looks)
            if pd.notna(row["published_low"]):
                middle = (row["published_low"] + row["published_high"]) / 2
                looks = {"mec": ink("paper"), "zorder": 4, "gid": f"{MARK}published-{claim}"}
                axes.plot([middle], [place], "s", ms=8, color=ink("teal"), **looks)
        return room.figure


def claims_alt(claims: pd.DataFrame) -> str:
    """Return the alternative text of `chart_claims`."""
    parts = [
        f"{row['label']}: {range_text(row['low'], row['high'], 'multiple')} what was claimed, "
        f"{row['verdict']}"
        for _, row in claims_compared(claims).iterrows()
    ]
    return f"What was recomputed, in multiples of what was claimed. {'; '.join(parts)}."


def bars_of(sensitivity: pd.DataFrame, series: str = "") -> pd.DataFrame:
    """Return the rows of a series that `chart_sensitivity` draws: six at most, and chance."""
    rows = sensitivity[sensitivity["series"] == (series or sensitivity["series"].iloc[0])]
    is_chance = rows["assumption"] == CHANCE
    return pd.concat([rows[~is_chance].nsmallest(MOST_BARS, "rank"), rows[is_chance]])


def chart_sensitivity(
    release: Any, sensitivity: pd.DataFrame, series: str = "", *, width: Width = "wide"
) -> Figure:
    """Draw how far each assumption moves the middle, at its low and at its high.

    Parameters
    ----------
    release
        The release, for the names of its assumptions.
    sensitivity
        Result of ``sensitivity``.
    series
        Id of the series; may be left out where there is only one.
    width
        ``wide`` or ``narrow``.

    Returns
    -------
    Figure
        A bar a row, dark where the assumption is low and light where it is
        high, with the middles at its ends; for chance, how much wider it makes
        the 90% range, around the middle.
    """
    rows = bars_of(sensitivity, series)
    unit, middle = rows["series_unit"].iloc[0], float(rows["middle"].iloc[0])
    with house_style(width) as size:
        room, heights = _rows(width, _names(release, rows["assumption"]), right=30.0)
        axes, ends = room.axes, _ends(rows)
        low, high = float(ends.min().min()), float(ends.max().max())
        edge = (high - low or abs(middle)) * (0.16 if width == "wide" else 0.3)
        note = "Dark: at its low. Light: at its high."
        _value_axis(room, low - edge, high + edge, unit, note)
        axes.axvline(middle, color=ink("muted"), lw=1, zorder=3, gid=MARK + "middle")
        a_unit = axes.bbox.width / np.ptp(axes.get_xlim())
        for place, (_, row), pair in zip(heights, rows.iterrows(), ends.to_numpy(), strict=True):
            name, is_chance = row["assumption"], row["assumption"] == CHANCE
            inks = ("grey", "grey") if is_chance else ("blue", "band50")
            for end, color, side in zip(pair, inks, ("low", "high"), strict=True):
                looks = {"color": ink(color), "gid": f"{MARK}{name}-{side}"}
                axes.barh([place], [end - middle], left=middle, height=1.2 * size, **looks)
            for end in sorted(set(pair)) if not is_chance else []:
                ahead = 1 if end > middle or (end == middle and end == max(pair)) else -1
                x = (end - axes.get_xlim()[0]) * a_unit + 4 * ahead
                words = computed_text(float(end), unit)
                _beside(room, x, place, words, "left" if ahead > 0 else "right")
        return room.figure


def sensitivity_alt(release: Any, sensitivity: pd.DataFrame, series: str = "") -> str:
    """Return the alternative text of `chart_sensitivity`."""
    rows = bars_of(sensitivity, series)
    unit = rows["series_unit"].iloc[0]
    parts = [
        f"{name}: {computed_text(low, unit)} at its low, {computed_text(high, unit)} at its high"
        for name, low, high, assumption in zip(
            _names(release, rows["assumption"]),
            rows["middle_at_low"],
            rows["middle_at_high"],
            rows["assumption"],
            strict=True,
        )
        if assumption != CHANCE
    ]
    middle = computed_text(float(rows["middle"].iloc[0]), unit)
    return f"The middle is {middle}. With one assumption held: {'; '.join(parts)}."


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the ends of the bars; those of chance part what it adds to the width in two."""
    ends = rows[["middle_at_low", "middle_at_high"]].copy()
    chance = rows["assumption"] == CHANCE
    half = (rows["width_at_high"] - rows["width_at_low"]) / 2
    ends.loc[chance] = np.column_stack([rows["middle"] - half, rows["middle"] + half])[chance]
    return ends


def _names(release: Any, ids: Sequence[str]) -> list[str]:
    labels = release.assumptions["label"]
    return [labels.get(name, "What chance adds to the 90% range") for name in ids]


def chart_quality(release: Any, sensitivity: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw how much the assumptions move, with the quality of their evidence as ink and word.

    Parameters
    ----------
    release
        The release, for names and qualities.
    sensitivity
        Result of ``sensitivity``; of several series the largest change counts.
    width
        ``wide`` or ``narrow``.

    Returns
    -------
    Figure
        A dot for each of the eight that move most.
    """
    changes = quality_changes(sensitivity)
    with house_style(width):
        room, heights = _rows(width, _names(release, changes.index), right=92.0)
        _value_axis(room, 0.0, float(changes.max()), "percent")
        for place, (name, change) in zip(heights, changes.items(), strict=True):
            quality = release.assumptions["quality"].get(name, "moderate")
            looks = {"color": ink(_QUALITIES[quality]), "zorder": 3, "clip_on": False}
            room.axes.plot([0, change], [place] * 2, lw=1, color=ink("baseline"))
            room.axes.plot([change], [place], "o", ms=9, gid=f"{MARK}{name}", **looks)
            _beside(room, room.axes.bbox.width + 10, place, quality, color=looks["color"])
        return room.figure


def quality_changes(sensitivity: pd.DataFrame) -> pd.Series:
    """Return the eight largest changes in percent of middle or range, by assumption.

    Examples
    --------
    >>> moved = pd.DataFrame({"assumption": ["a", "b", "a", "chance"],
    ...                       "change": [0.1, 0.3, 0.2, 0.9]})
    >>> quality_changes(moved).to_dict()
    {'b': 30.0, 'a': 20.0}
    """
    rows = sensitivity[sensitivity["assumption"] != CHANCE]
    return (100 * rows.groupby("assumption")["change"].max()).nlargest(MOST_DOTS)


def quality_alt(release: Any, sensitivity: pd.DataFrame) -> str:
    """Return the alternative text of `chart_quality`."""
    changes = quality_changes(sensitivity)
    named = zip(_names(release, changes.index), changes, changes.index, strict=True)
    parts = [
        f"{name}: {computed_text(change, 'percent')}, {release.assumptions['quality'].get(row)}"
        for name, change, row in named
    ]
    return f"Largest change of a middle or range, and quality of evidence. {'; '.join(parts)}."


def sparkline(points: pd.DataFrame, quantiles: pd.DataFrame | None) -> Figure:
    """Draw a series as a thumbnail of 300 by 160 points: what was stated, and the ranges.

    Parameters
    ----------
    points
        See `charts.series_points`.
    quantiles
        Years by quantiles, see `charts.bands_of`; None without a projection.
    """
    stated = points[points["kind"] == "stated"]
    with house_style("narrow"):
        axes = new_axes("narrow", left=6, right=6, top=8, bottom=8, height=160, across=300)
        axes.set_axis_off()
        if quantiles is not None:
            years = quantiles.index.to_numpy(dtype=float)
            for band, low, high in (("band90", 0.05, 0.95), ("band50", 0.25, 0.75)):
                looks = {"color": ink(band), "lw": 0, "gid": MARK + band}
                axes.fill_between(years, quantiles[low], quantiles[high], **looks)
            axes.plot(years, quantiles[0.5], color=ink("blue"), lw=2.5, gid=MARK + "middle")
        looks = {"color": ink("blue"), "clip_on": False, "gid": MARK + "stated"}
        axes.plot(stated["x"], stated["value"], "o:", ms=7, lw=1.5, **looks)
        axes.set_ylim(bottom=min(0.0, float(stated["value"].min())))
        axes.axhline(0, color=ink("baseline"), lw=1)
        return Room(axes, TEXT["narrow"]).figure


def chart_outturn(
    release: Any, outturn: pd.DataFrame, series: str = "", *, width: Width = "wide"
) -> Figure:
    """Draw what came later against the ranges projected for it.

    Parameters
    ----------
    release
        The release, for the unit.
    outturn
        Result of ``outturn``.
    series
        Id of the series; may be left out where there is only one.
    width
        ``wide`` or ``narrow``.

    Returns
    -------
    Figure
        For each year both ranges as bars, the middle, and what was published. The
        axis is logarithmic, with labelled decades, only where the largest
        value is more than thirty times the smallest.
    """
    rows = outturn[outturn["series"] == (series or outturn["series"].iloc[0])]
    unit, years = release.series.loc[rows["series"].iloc[0], "unit"], rows["year"]
    drawn = rows[["low90", "high90", "published"]]
    low, high = float(drawn.min().min()), float(drawn.max().max())
    is_log = low > 0 and high > 30 * low
    with house_style(width) as size:
        ticks, names, title, _ = tick_names(high, 0.0, unit)
        if is_log:
            powers = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
            ticks = (10.0**powers).tolist()
            names = [computed_text(tick, unit, min(tick, 1.0)) for tick in ticks]
            title += ", each line ten times the one below"
        left = max(text_width(name, size) for name in names) + 9
        axes = new_axes(width, left=left, right=14, top=2.6 * size, bottom=2.2 * size)
        if is_log:
            axes.set_yscale("log")
            axes.minorticks_off()
        axes.set_yticks(ticks, names)
        axes.set_ylim(ticks[0], ticks[-1])
        room = Room(axes, size)
        room.write((-left, axes.bbox.height + 1.6 * size), title, ha="left", color=ink("muted"))
        axes.set_xlim(years.min() - 0.6, years.max() + 0.6)
        every = int(np.ceil((years.max() - years.min() + 1) * 44 / axes.bbox.width))
        axes.set_xticks(years, [str(y) if (years.max() - y) % every == 0 else "" for y in years])
        for mark, low_end, high_end, across in (
            ("band90", "low90", "high90", 0.5),
            ("band50", "low50", "high50", 0.5),
        ):
            looks = {"width": across, "color": ink(mark), "gid": MARK + mark, "zorder": 1}
            axes.bar(years, rows[high_end] - rows[low_end], bottom=rows[low_end], **looks)
        looks = {"ms": 16, "mew": 2.5, "color": ink("blue"), "gid": MARK + "middle"}
        axes.plot(years, rows["middle"], "_", **looks)
        looks = {"ms": 8, "color": ink("teal"), "mec": ink("paper"), "gid": MARK + "published"}
        axes.plot(years, rows["published"], "s", zorder=3, **looks)
        return room.figure


def outturn_alt(release: Any, outturn: pd.DataFrame, series: str = "") -> str:
    """Return the alternative text of `chart_outturn`."""
    rows = outturn[outturn["series"] == (series or outturn["series"].iloc[0])]
    unit = release.series.loc[rows["series"].iloc[0], "unit"]
    parts = [
        f"{row.year}: {computed_text(row.published, unit)} published, "
        f"{range_text(row.low90, row.high90, unit)} projected"
        for row in rows.itertuples()
    ]
    return f"What came later against the range projected in nine of ten draws. {'; '.join(parts)}."


def chart_grid(rows: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw middles with their ranges, a row for each run of a grid.

    Parameters
    ----------
    rows
        ``label``, ``middle``, ``low50``, ``high50``, ``low90``, ``high90`` and ``unit``.
    width
        ``wide`` or ``narrow``.
    """
    with house_style(width):
        room, heights = _rows(width, rows["label"].tolist(), right=30.0)
        _value_axis(room, 0.0, float(rows["high90"].max()), rows["unit"].iloc[0])
        for place, row in zip(heights, rows.itertuples(), strict=True):
            looks = {"solid_capstyle": "butt", "zorder": 2}
            for band, low, high, thick in (
                ("band90", row.low90, row.high90, 9),
                ("band50", row.low50, row.high50, 9),
            ):
                color, mark = ink(band), f"{MARK}{band}-{row.Index}"
                room.axes.plot([low, high], [place] * 2, lw=thick, color=color, gid=mark, **looks)
            looks = {"ms": 8, "color": ink("blue"), "mec": ink("paper"), "zorder": 3}
            room.axes.plot([row.middle], [place], "o", gid=f"{MARK}middle-{row.Index}", **looks)
        return room.figure


def grid_alt(rows: pd.DataFrame) -> str:
    """Return the alternative text of `chart_grid`."""
    parts = [
        f"{row.label}: {computed_text(row.middle, row.unit)}, "
        f"{range_text(row.low90, row.high90, row.unit)} in nine of ten draws"
        for row in rows.itertuples()
    ]
    return f"Middles and ranges. {'; '.join(parts)}."


def chart_waterfall(rows: pd.DataFrame, *, width: Width = "wide") -> Figure:
    """Draw how changes add up from one value to another.

    Parameters
    ----------
    rows
        ``label``, ``value`` and ``unit``: the first row is the value before, the last the
        value after, those between are what each change adds.
    width
        ``wide`` or ``narrow``.
    """
    values = rows["value"].to_numpy(dtype=float)
    starts = np.concatenate([[0.0], np.cumsum(values[:-2]), [0.0]])
    ends = np.concatenate([np.cumsum(values[:-1]), values[-1:]])
    with house_style(width) as size:
        room, heights = _rows(width, rows["label"].tolist(), right=90.0)
        axes, unit = room.axes, rows["unit"].iloc[0]
        low, high = min(0.0, ends.min()), max(starts.max(), ends.max())
        _value_axis(room, low, high, unit)
        for step, (place, start, end) in enumerate(zip(heights, starts, ends, strict=True)):
            inner = 0 < step < len(values) - 1
            color = ("teal" if end > start else "plum") if inner else "blue"
            looks = {"color": ink(color), "gid": f"{MARK}step-{step}", "zorder": 2}
            axes.barh([place], [end - start], left=start, height=1.2 * size, **looks)
            signed = "+" if inner and end > start else ""
            _beside(
                room, axes.bbox.width + 6, place, signed + computed_text(float(values[step]), unit)
            )
        return room.figure


def waterfall_alt(rows: pd.DataFrame) -> str:
    """Return the alternative text of `chart_waterfall`."""
    parts = [f"{row.label} {computed_text(row.value, row.unit)}" for row in rows.itertuples()]
    return f"From {parts[0]} to {parts[-1]}: {'; '.join(parts[1:-1]) or 'no change'}."
