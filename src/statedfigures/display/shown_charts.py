"""A series as a page shows it: its chart in two widths, with the words and sliders beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from statedfigures.display import charts_other, sentences
from statedfigures.display.charts import chart_series
from statedfigures.display.columns import yearly_frame
from statedfigures.display.shown import Chart, Notes, chart, table
from statedfigures.display.what_if import what_if
from statedfigures.display.words import lower_first

if TYPE_CHECKING:
    from statedfigures.release.reading import Release


def _drawn(draw: Callable[..., Figure], *arguments: Any, **settings: Any) -> dict[str, Any]:
    """Draw a chart for a desk and for a phone, as `chart` takes them."""
    wide, narrow = (draw(*arguments, **settings, width=width) for width in ("wide", "narrow"))
    return {"figure": wide, "narrow": narrow}


def series_chart(
    release: Release,
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
            **_drawn(chart_series, release, None, series),
            data=table(stated, specification="figures", release=release),
            title=title,
            subtitle=words,
            alt=f"{title}. {words.text}",
            inputs=f"series:{series}",
            name=f"series-{series}",
        )
    row: Any = headlines.loc[series]
    later = outturn[outturn["series"] == series]
    looks = {"scenario": settings["scenario"], "rounded_to": float(row["rounded_to"])}
    years = yearly_frame(projection, series, looks["scenario"], looks["rounded_to"])
    return chart(
        **_drawn(chart_series, release, projection, series, outturn=later, **looks),
        data=table(years, specification="projection"),
        title=sentences.chart_title(release, series, row),
        subtitle=sentences.chart_subtitle(release, series, row),
        alt=sentences.chart_alt(release, series, row),
        name=f"series-{series}",
        what_if=what_if(release, series, sensitivity, **settings),
    )


def series_notes(
    release: Release,
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
    behind = (
        sentences.growth_sentence(release, series, growth.loc[series]),
        sentences.step_sentence(release, series, row),
        sentences.clipped_sentence(row),
        sentences.sensitivity_sentence(release, sensitivity[sensitivity["series"] == series]),
        sentences.outturn_sentence(release, series, outturn),
    )
    message = [sentences.message_sentence(release, series, row)]
    later = outturn[(outturn["series"] == series) & ~outturn["break_of_measure"].astype(bool)]
    if later.empty and (note := str(release.series.loc[series, "outturn_note"])):
        message.append(sentences.free_words(note, f"series:{series}"))
    return (
        Notes(tuple(message)),
        Notes(tuple(filter(None, behind)), as_list=True, fold="What stands behind this projection"),
    )


def sensitivity_chart(release: Release, sensitivity: pd.DataFrame, series: str) -> Chart:
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
        **_drawn(charts_other.chart_sensitivity, release, own),
        data=table(own, specification="sensitivity", release=release),
        title=sentences.sensitivity_title(own),
        subtitle=sentences.sentence("{title}: where the middle moves", title=title),
        alt=charts_other.sensitivity_alt(release, own),
        name=f"moves-{series}",
        fold=f"What moves {lower_first(str(title))}",
    )


def claims_chart(claims: pd.DataFrame) -> Chart | None:
    """Return the chart of all claims with a number to compare; None where there is none."""
    compared = charts_other.claims_compared(claims)
    if compared.empty:
        return None
    by_release = compared["by_release"]
    data = compared[["label", "verdict", "low", "high"]].assign(
        values_from=by_release.map({True: "the release", False: "figures published elsewhere"}),
        inputs=compared["inputs"].where(by_release, compared["published_inputs"]),
        unit="multiple",
    )
    return chart(
        **_drawn(charts_other.chart_claims, claims),
        data=table(data.reset_index(drop=True)),
        title="What was recomputed, in multiples of what was claimed",
        subtitle=sentences.sentence(sentences.TEMPLATES["claims"]["chart"]),
        alt=charts_other.claims_alt(claims),
        name="claims-compared",
    )


def quality_chart(release: Release, sensitivity: pd.DataFrame) -> Chart | None:
    """Return the chart of what the assumptions move and rest on; None without a projection."""
    changes = charts_other.quality_changes(sensitivity)
    if changes.empty:
        return None
    labels = release.assumptions.loc[changes.index, "label"]
    data = pd.DataFrame({"assumption": labels.to_list(), "value": changes.to_list()})
    data = data.assign(unit="percent", inputs=[f"assumption:{row}" for row in changes.index])
    return chart(
        **_drawn(charts_other.chart_quality, release, sensitivity),
        data=table(data, formula="larger of the changes of middle and of the width of the range"),
        title="What moves the answers most, and how good its evidence is",
        alt=charts_other.quality_alt(release, sensitivity),
        name="quality",
    )


def outturn_chart(release: Release, outturn: pd.DataFrame, series: str) -> Chart:
    """Return the chart of what came later against the ranges projected for it."""
    own = outturn[outturn["series"] == series]
    title = sentences.title_of(release, series)
    return chart(
        **_drawn(charts_other.chart_outturn, release, own),
        data=table(own, specification="outturn", release=release),
        title=sentences.sentence("{title}: projected and published", title=title),
        alt=charts_other.outturn_alt(release, own),
        name=f"outturn-{series}",
    )
