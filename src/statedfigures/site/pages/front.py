"""The front page: the finding, the verdicts, a row for each topic, how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from statedfigures.analysis.claims import check_claims
from statedfigures.analysis.findings import finding_numbers, tell_findings
from statedfigures.analysis.headline import headlines
from statedfigures.analysis.outturn import outturn
from statedfigures.analysis.projection import project
from statedfigures.analysis.published_checks import check_published
from statedfigures.analysis.review_state import review_states
from statedfigures.display import sentences
from statedfigures.display.chart_style import chart_svg
from statedfigures.display.charts import bands_of, series_points
from statedfigures.display.charts_other import sparkline
from statedfigures.display.formats import counted, date_text
from statedfigures.display.provenance import Ledger, references
from statedfigures.display.shown import verdict_class
from statedfigures.display.tables import verdict_text
from statedfigures.display.words import Sentence, name, period, quote, sentence
from statedfigures.release.reading import Release
from statedfigures.site.pages import metadata
from statedfigures.site.pages.downloads import PROJECTIONS_FILE, workbook_path
from statedfigures.site.pages.metadata import DataFile
from statedfigures.site.pages.template import (
    PageLink,
    Site,
    dispute_notices,
    render_body,
    render_page,
    site_link,
)

FRONT = PageLink("index", "Summary", "Summary")
GROUPS = (
    ("holds", "holds", "hold"),
    ("fails", "does not", "do not"),
    ("open", "cannot be decided", "cannot be decided"),
)
_TESTED = {
    "consistent": (
        "agrees with figures published elsewhere",
        "agree with figures published elsewhere",
    ),
    "not consistent": ("does not", "do not"),
    "not comparable": ("has no like figure beside it", "have no like figure beside them"),
}
_PARAMETERS = (
    ("scenario", "Scenario", "which values of the judgements the headlines speak of"),
    ("horizon_year", "Horizon", "last year projected"),
    ("draws", "Draws", "points that each projection is worked out from"),
    ("seed", "Seed", "where their scrambling begins"),
)


def front_page(release: Release, site: Site, files: Sequence[DataFile]) -> str:
    """Return the front page, which a reader takes in within thirty seconds.

    Parameters
    ----------
    release
        The release.
    site
        What all pages share.
    files
        The CSV files of the site.
    """
    ledger = Ledger(release, site.stems, "index")
    about, claims, states = release.about, check_claims(release), review_states(release)
    findings, numbers = tell_findings(release), finding_numbers(release)
    settings = {name: site.parameters[name] for name in ("horizon_year", "draws", "seed")}
    ahead = headlines(release, scenario=site.scenario, **settings)
    del settings["horizon_year"]
    later = outturn(release, scenario=site.scenario, **settings)
    behind = assumptions_behind(states, claims, numbers, check_published(release), ahead, later)

    def html(words: Sentence | None) -> Markup | str:
        return Markup(words.html(ledger)) if words else ""  # noqa: S704 - escaped there

    finding = sentences.tally(claims.assign(verdict_with_published=""))
    heading, link = finding.words_and_link(ledger)
    body = render_body(
        "front.html",
        site=site,
        about=about,
        link=site_link,
        finding=Markup(heading.rstrip(".")),  # noqa: S704 - escaped before
        why=Markup(link),  # noqa: S704 - escaped before
        published_on=date_text(about.published),
        groups=_marks(claims, site),
        elsewhere=html(_elsewhere(claims)),
        trust=html(sentences.trust_sentence(behind, "behind these numbers")),
        topics=list(_topics(release, site, claims, ahead, ledger)),
        findings=[
            html(sentences.finding_sentence(release, name, findings, numbers))
            for name in sentences.largest_findings(findings, numbers)
        ],
        later=html(sentences.outturn_summary(later)),
        parameters=[
            (label, site.parameters[name], words)
            for name, label, words in _PARAMETERS
            if name in site.parameters
        ],
        edition_on=date_text(about.edition),
    )
    offered = [metadata.PACKAGE_FILE, workbook_path(release, site.parameters)]
    offered += [file.path for file in files if file.path == PROJECTIONS_FILE]
    described = [
        metadata.dataset_json_ld(about, release.series, site.parameters, offered),
        metadata.claim_reviews_json_ld(about, claims),
    ]
    return render_page(
        about.short_title,
        "\n".join([*dispute_notices(ledger, states), body]),
        site=site,
        page="index",
        description=finding.text,
        ledger=ledger,
        json_ld=described,
        kind="front",
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


def _marks(claims: pd.DataFrame, site: Site) -> list[dict[str, Any]]:
    """Return the verdicts in three groups, each mark with the address of its claim."""
    address = "claims.html#claim-{}" if "claims" in site.stems else ""
    groups = []
    for kind, *words in GROUPS:
        rows = claims[claims["verdict"].map(verdict_class) == kind]
        marks = [
            (verdict_text(verdict)[0], label, address.format(name))
            for name, label, verdict in zip(rows.index, rows["label"], rows["verdict"], strict=True)
        ]
        if marks:
            groups.append({"kind": kind, "words": words[len(marks) > 1], "marks": marks})
    return groups


def _elsewhere(claims: pd.DataFrame) -> Sentence | None:
    """Return how the undecided comparisons stand with published figures; None where unknown."""
    tested = claims["verdict_with_published"].where(claims["verdict"].map(verdict_class) == "open")
    parts = [
        sentence("{count} {words}", count=counted(len(rows), rows), words=words[len(rows) > 1])
        for verdict, words in _TESTED.items()
        if (rows := [f"claim:{name}" for name in claims.index[tested == verdict]])
    ]
    if not parts:
        return None
    return sentence("Of those that cannot be decided, {parts}.", parts=sentences.joined(parts))


def _topics(
    release: Release, site: Site, claims: pd.DataFrame, found: pd.DataFrame, ledger: Ledger
) -> Iterator[dict[str, Any]]:
    """Return the row of each topic: a verdict with its words, a thumbnail, a number."""
    settings = {name: site.parameters[name] for name in ("horizon_year", "draws", "seed")}
    projection = project(release, scenario=site.scenario, **settings)
    for topic, row in release.topics.iterrows():
        cards = sentences.verdict_cards(release, claims, str(topic)).cards
        # The number is that of the series whose verdict is quoted, where there is one.
        claim = cards[0].words.inputs[0].removeprefix("claim:") if cards else ""
        quoted = sentences.series_of_claim(release, claim) if claim else ""
        own = release.series.index[release.series["topic"] == topic]
        series = sorted(own, key=lambda name: name != quoted)
        ahead = [name for name in series if name in found.index]
        number = None
        if ahead:
            number = _number(release, ahead[0], found.loc[ahead[0]])
        elif len(series):
            title = sentences.title_of(release, str(series[0]))
            number = sentence("{title}: not projected", title=title)
        yield {
            "name": row["short_name"] or row["title"],
            "address": f"{topic}.html" if topic in site.stems else "",
            "kind": verdict_class(cards[0].verdict) if cards else "",
            "tag": verdict_text(cards[0].verdict) if cards else "",
            "quote": Markup(_claim(release, claim).html(ledger)) if claim else "",  # noqa: S704
            "number": Markup(number.html(ledger)) if number else "",  # noqa: S704
            "spark": _spark(release, site, projection, ahead[0]) if ahead else "",
        }


def _claim(release: Release, claim: str) -> Sentence:
    """Return the label of a claim, and the words that it quotes."""
    row, own = release.claims.loc[claim], f"claim:{claim}"
    label, quoted = name(str(row["label"]), own), quote(str(row["as_stated"]), own)
    return sentence("{label}: {quoted}", label=label, quoted=quoted)


def _number(release: Release, series: str, row: pd.Series[Any]) -> Sentence:
    """Return the middle of a series at its horizon, with the range of half of the draws."""
    return sentence(
        "{title}: {middle} in {year}, half of the draws {half}",
        title=sentences.title_of(release, series),
        middle=sentences.projected(row, row["middle"], "middle of the draws"),
        year=period(str(int(row["horizon_year"])), "parameter:horizon_year"),
        half=sentences.projected_range(row, "low50", "high50", "quarter points of the draws"),
    )


def _spark(release: Release, site: Site, projection: pd.DataFrame, series: str) -> Markup:
    """Return a thumbnail of a projected series."""
    _, quantiles, _ = bands_of(projection, series, site.scenario)
    figure = sparkline(series_points(release, series), quantiles)
    alt = "Stated figures and what is projected, in small"
    return Markup(chart_svg(figure, f"spark-{series}", alt))  # noqa: S704 - escaped there
