"""The front page: the finding, the verdicts, a row for each topic, how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from statedfigures.analysis.claims import check_claims
from statedfigures.analysis.projection import project
from statedfigures.analysis.qualifiers import figure_readings
from statedfigures.display import sentences
from statedfigures.display.chart_style import chart_svg
from statedfigures.display.charts import bands_of, series_points
from statedfigures.display.charts_other import sparkline
from statedfigures.display.formats import counted, noun
from statedfigures.display.provenance import Ledger, references
from statedfigures.display.shown import verdict_class
from statedfigures.display.words import Sentence, name, quote, sentence, upper_first
from statedfigures.release.reading import Release
from statedfigures.release.schema import PACKAGE_FILE
from statedfigures.site.pages import metadata
from statedfigures.site.pages.downloads import (
    PROJECTIONS_FILE,
    checks_once,
    headlines_once,
    outturn_once,
    workbook_path,
)
from statedfigures.site.pages.metadata import SiteFile
from statedfigures.site.pages.template import WORDS, PageLink, Site, render_page

FRONT = PageLink("index", "Summary", "Summary")


def front_page(release: Release, site: Site, files: Sequence[SiteFile]) -> str:
    """Return the front page, which a reader takes in within thirty seconds.

    Parameters
    ----------
    release
        The release.
    site
        What all pages share.
    files
        The files beside the pages.
    """
    ledger = Ledger(release, site.stems, "index")
    about, claims = release.about, check_claims(release)
    kinds = claims["verdict"].map(verdict_class)
    findings = sentences.finding_sentences(release)
    settings = {name: site.parameters[name] for name in ("scenario", "draws", "seed")}
    years = {"horizon_year": site.parameters["horizon_year"]}
    ahead, later = headlines_once(release, **settings, **years), outturn_once(release, **settings)
    checks, readings = checks_once(release), figure_readings(release)
    used = assumptions_behind(site.states, claims, findings, checks, readings, ahead, later)
    finding = sentences.tally(claims.assign(verdict_with_published=""))
    heading, link = finding.words_and_link(ledger)
    whole = (PACKAGE_FILE, workbook_path(release, site.parameters), PROJECTIONS_FILE)
    offered = [path for path in whole if path in {file.path for file in files}]
    return render_page(
        "front.html",
        title=about.short_title,
        site=site,
        page="index",
        kind="front",
        description=finding.text,
        ledger=ledger,
        json_ld=[
            metadata.dataset_json_ld(about, release.series, site.parameters, offered),
            metadata.claim_reviews_json_ld(about, claims),
        ],
        about=about,
        finding=Markup(heading.rstrip(".")),  # noqa: S704 - escaped before
        why=Markup(link),  # noqa: S704 - escaped before
        claims=claims.assign(kind=kinds).reset_index().to_dict("records"),
        elsewhere=_elsewhere(claims),
        trust=None if used.empty else sentences.trust_sentence(used, "behind these numbers"),
        projects=not ahead.empty,
        topics=list(_topics(release, site, claims, ahead, project(release, **settings, **years))),
        findings=list(sentences.largest_findings(findings)["sentence"]),
        later=None if later.empty else sentences.outturn_headline(later),
    )


def assumptions_behind(states: pd.DataFrame, *results: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the assumptions that the numbers of results rest on.

    Examples
    --------
    >>> states = pd.DataFrame({"state": ["never", "never"]}, index=["damping", "volatility"])
    >>> result = pd.DataFrame({"inputs": ["figure:ships_2020 assumption:damping"]})
    >>> list(assumptions_behind(states, result).index)
    ['damping']
    """
    columns = [frame[name] for frame in results for name in frame.filter(like="inputs")]
    used = references(*(text for texts in columns for text in texts))
    return states[("assumption:" + states.index).isin(used)]


def _elsewhere(claims: pd.DataFrame) -> Sentence | None:
    """Return how the undecided comparisons stand with published figures; None where unknown."""
    tested = claims["verdict_with_published"].where(claims["verdict"].map(verdict_class) == "open")
    parts = [
        sentence("{count} {words}", count=counted(len(rows), rows), words=words[len(rows) > 1])
        for verdict, words in WORDS["tested"].items()
        if (rows := [f"claim:{name}" for name in claims.index[tested == verdict]])
    ]
    if not parts:
        return None
    return sentence("Of those that cannot be decided, {parts}.", parts=sentences.joined(parts))


def _topics(
    release: Release,
    site: Site,
    claims: pd.DataFrame,
    found: pd.DataFrame,
    projection: pd.DataFrame,
) -> Iterator[dict[str, Any]]:
    """Return the row of each topic: a verdict with its words, a thumbnail, a number."""
    for topic, row in release.topics.iterrows():
        card = next(iter(sentences.verdict_cards(release, claims, str(topic)).cards), None)
        # The number is that of the series whose verdict is quoted, where there is one.
        claim = card.words.inputs[0].removeprefix("claim:") if card else ""
        quoted = sentences.series_of_claim(release, claim) if claim else ""
        own = release.series.index[release.series["topic"] == topic]
        series = sorted(own, key=lambda name: (name not in found.index, name != quoted))
        ahead = series[0] if series and series[0] in found.index else ""
        number = None
        if ahead:
            number = _number(release, ahead, found.loc[ahead])
        elif series:
            title = sentences.title_of(release, series[0])
            number = sentence("{title}: not projected", title=title)
        elif stated := int((release.figures["topic"] == topic).sum()):
            count, figures = counted(stated, f"topic:{topic}"), noun("figures", stated)
            words = "{count} stated {figures}, no trend to project"
            number = upper_first(sentence(words, count=count, figures=figures))
        yield {
            "name": row["short_name"] or row["title"],
            "address": f"{topic}.html" if topic in site.stems else "",
            "verdict": card.verdict if card else "",
            "quote": _claim(release, claim) if claim else None,
            "number": number,
            "spark": _spark(release, site, projection, series[0]) if series else "",
        }


def _claim(release: Release, claim: str) -> Sentence:
    """Return the label of a claim, and the words that it quotes."""
    row, own = release.claims.loc[claim], f"claim:{claim}"
    label, quoted = name(str(row["label"]), own), quote(str(row["as_stated"]), own)
    return sentence("{label}: {quoted}", label=label, quoted=quoted)


def _number(release: Release, series: str, row: Any) -> Sentence:
    """Return the middle of a series at its horizon, with the range of half of the draws."""
    return sentence(
        "{title}: {middle} in {year}, half of the draws {range50}",
        title=sentences.title_of(release, series),
        year=sentences.year_of(release, series, int(row["horizon_year"]), "parameter:horizon_year"),
        **sentences.headline_numbers(row),
    )


def _spark(release: Release, site: Site, projection: pd.DataFrame, series: str) -> Markup | str:
    """Return a thumbnail of a series; nothing for a single figure."""
    points, quantiles, alt = series_points(release, series), None, "Stated figures, in small"
    if (projection["series"] == series).any():
        _, quantiles, _ = bands_of(projection, series, site.parameters["scenario"])
        alt = "Stated figures and what is projected, in small"
    elif (points["kind"] == "stated").sum() < 2:
        return ""
    picture = chart_svg(sparkline(points, quantiles), f"spark-{series}", alt)
    return Markup(picture)  # noqa: S704 - escaped there
