"""The pages about a report: methods and quality, sources, scenarios, downloads, changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from statedfigures.analysis.assumptions import scenario_names
from statedfigures.analysis.headline import headlines
from statedfigures.analysis.published_checks import check_published
from statedfigures.analysis.review_state import review_states
from statedfigures.display import shown
from statedfigures.display.columns import Column, Specification
from statedfigures.display.formats import counted, date_text, noun, stated_text, value_text
from statedfigures.display.provenance import Ledger, anchor
from statedfigures.display.tables import TableView
from statedfigures.display.words import Sentence, free_words, sentence
from statedfigures.release.reading import Release
from statedfigures.site.pages import citation, downloads
from statedfigures.site.pages.cells import Prose
from statedfigures.site.pages.metadata import PACKAGE_FILE, DataFile
from statedfigures.site.pages.template import PageLink, Site, render_body, render_page, site_link

REFERENCE_PAGES = (
    PageLink("methods", "Methods and quality", "Methods and quality"),
    PageLink("sources", "Sources", "Sources"),
    PageLink("scenarios", "Scenarios", "Scenarios"),
    PageLink("downloads", "Downloads", "Downloads"),
    PageLink("changes", "Changes and corrections", "Changes, corrections and revisions"),
    PageLink("accessibility", "Accessibility", "Accessibility"),
)
SCORES = """\
import numpy as np, pandas as pd
hub = pd.read_csv("data/projections.csv").query("scenario == 'central'")
both = hub.merge(pd.read_csv("data/outturns.csv"), on=["series", "target_year"])
scale = lambda value: np.log(value) - np.log1p(-value / both["maximum"].fillna(np.inf))
miss = scale(both["value_y"]) - scale(both["value_x"])
loss = 2 * np.maximum(both["output_type_id"] * miss, (both["output_type_id"] - 1) * miss)
scores = loss.groupby([both["series"], both["target_year"]]).mean()
"""
"""The weighted interval score of each outturn from the downloads: twice the mean pinball loss
on the scale of the projection, the logarithm, or the logit below a maximum."""
_SECTION = re.compile(r"^## +(.+)$", re.MULTILINE)
_CORRECTIONS = re.compile(r"^### Corrections\n(?P<text>.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
_COMPARED = Specification(
    (
        Column("title", "Series", priority=1),
        Column("scenario", "Scenario", priority=1),
        Column("middle", "Middle", "number", formula="middle of the draws", priority=1),
        Column(
            "half",
            "Half of the draws",
            "range",
            formula="quarter points of the draws",
            of=("low50", "high50"),
        ),
    ),
    "rows",
)
_REVISED = Specification(
    (
        Column("label", "Stated figure", priority=1),
        Column("stated", "Stated", "stated", priority=1, of=("value", "unit", "qualifier")),
        Column("elsewhere", "Published", "exact", priority=1),
        Column("period", "Period", "period", priority=2),
        Column("publisher", "Publisher", priority=3),
        Column("definition", "What was counted", priority=4),
    ),
    "figures",
)


@dataclass(frozen=True, slots=True)
class Project:
    """The texts of a project that stand beside its notebooks; empty where there are none."""

    methods: str = ""
    changelog: str = ""

    @classmethod
    def found(cls, folder: Path | None, release: Release) -> Project:
        """Return the texts of a folder, by default that in which the releases' folder lies."""
        folder = folder or release.folder.parent.parent
        paths = (folder / "docs" / "methods.md", folder / "CHANGELOG.md")
        return cls(*(path.read_text(encoding="utf-8") if path.is_file() else "" for path in paths))


def reference_pages(
    release: Release,
    site: Site,
    project: Project,
    files: Sequence[DataFile],
    beside: Mapping[str, bytes],
) -> dict[str, str]:
    """Return the HTML of each page about the report, by its stem.

    Parameters
    ----------
    release
        The release.
    site
        What all pages share.
    project
        The texts of methods and changes.
    files
        The CSV files of the site.
    beside
        Every file beside the pages, by its path.
    """
    makers: dict[str, tuple[str, Any]] = {
        "methods": ("methods.html", _methods(release, project)),
        "sources": ("sources.html", _sources(release)),
        "scenarios": ("scenarios.html", _scenarios(release, site)),
        "downloads": ("downloads.html", _downloads(release, site, files, beside)),
        "changes": ("changes.html", _changes(release, project)),
        "accessibility": ("accessibility.html", {}),
    }
    pages = {}
    for link in REFERENCE_PAGES:
        template, values = makers[link.page]
        ledger = Ledger(release, site.stems, link.page)
        shown_values = {
            name: _html(value, ledger) if isinstance(value, Sentence | shown.Shown) else value
            for name, value in values.items()
        }
        body = render_body(template, link=site_link, **shown_values)
        pages[link.page] = render_page(link.title, body, site=site, page=link.page, ledger=ledger)
    return pages


def _html(value: Sentence | shown.Shown, ledger: Ledger) -> Markup:
    return Markup(value.html(ledger))  # noqa: S704 - escaped where it was made


def _methods(release: Release, project: Project) -> dict[str, Any]:
    states = review_states(release)["state"]
    rows = [f"assumption:{name}" for name in states.index]
    reviewed = [f"assumption:{name}" for name in states.index[states != "never"]]
    status = (
        sentence(
            "Not official statistics. {count} assumptions, {reviewed} of them reviewed.",
            count=counted(len(rows), rows),
            reviewed=counted(len(reviewed), reviewed or rows),
        )
        if reviewed
        else sentence(
            "Not official statistics. {count} assumptions, and nobody has reviewed any of them.",
            count=counted(len(rows), rows),
        )
    )
    kinds = {"figures": "figure", "claims": "claim", "published": "published"}
    counts = {
        name: counted(
            len(table := getattr(release, name)), [f"{kind}:{row}" for row in table.index]
        )
        for name, kind in kinds.items()
    }
    coverage = sentence(
        "All {figures} figures that the release states, with {claims} comparisons, held against "
        "{published} figures published elsewhere. Every numeral and number word of the release "
        "is accounted for.",
        **counts,
    )
    title, _, rest = project.methods.partition("\n")
    text = rest if title.startswith("# ") else project.methods
    return {
        "status": status,
        "coverage": coverage,
        "responsible": release.about.responsible,
        "contact": free_words(release.about.contact, "release:contact"),
        "methods": Prose("method").html(text) if text.strip() else "",
    }


def _sources(release: Release) -> dict[str, Any]:
    table = release.published.reset_index(names="reference")
    keys = ["publisher", "source_title", "url", "source_kind"]
    ordered = table.sort_values([*keys, "series", "period"], kind="stable")
    rows: list[dict[str, Any]] = ordered.to_dict("records")  # type: ignore[assignment]
    publishers = []
    for publisher, listed in groupby(rows, lambda row: row["publisher"]):
        sources = [
            {
                "title": title or url,
                "url": url,
                "kind": kind,
                "rows": [_source_row(row) for row in found],
            }
            for (title, url, kind), found in groupby(
                listed, lambda row: tuple(row[key] for key in keys[1:])
            )
        ]
        count = sum(len(source["rows"]) for source in sources)
        publishers.append({"name": publisher, "sources": sources, "rows": count})
    published_on = date_text(pd.Timestamp(release.about.published))
    return {"publishers": publishers, "about": release.about, "published_on": published_on}


def _source_row(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what the list of sources says of a published figure."""
    return {
        "anchor": anchor(f"published:{row['reference']}"),
        "value": stated_text(row),
        "noun": _noun_beside(row),
        **{name: row[name] for name in ("period", "geography", "definition", "note")},
    }


def _noun_beside(row: Mapping[str, Any]) -> str:
    """Return the noun of a unit whose value does not show it already."""
    unit = str(row["unit"])
    bare = not value_text(row["value"], unit)[-1].isdigit() or unit == "gbp"
    return "" if bare else noun(unit, row["value"])


def _scenarios(release: Release, site: Site) -> dict[str, Any]:
    names = scenario_names(release)
    labels = release.assumptions["label"]
    own = []
    for name, held in release.scenarios.groupby("scenario", sort=False):
        said = "; ".join(
            f"{labels.get(row.assumption, row.assumption)} {row.value:g}"
            for row in held.itertuples()
        )
        own.append((name, Markup("<cite>{}</cite>").format(said)))
    return {
        "own": own,
        "names": names,
        "current": site.scenario,
        "compared": _compared(release, site, names) or "",
    }


def _compared(release: Release, site: Site, names: Sequence[str]) -> shown.Table | None:
    """Return where each scenario leads; None where nothing is projected."""
    if not (release.series["projectable"] == "yes").any():
        return None
    settings = {name: site.parameters[name] for name in ("horizon_year", "draws", "seed")}
    frames = [headlines(release, scenario=name, **settings) for name in names]
    found = pd.concat(frames).reset_index(names="series")
    found = found.assign(
        title=found["series"].map(release.series["title"]),
        step=found["rounded_to"],
        place=found["series"].map({name: n for n, name in enumerate(release.series.index)}),
    ).sort_values("place", kind="stable")
    caption = sentence(
        "Middle in {year} in each scenario, and the range that holds half of its draws",
        year=free_words(str(site.parameters["horizon_year"])),
    )
    return shown.Table(TableView(found, _COMPARED, caption), name="scenarios")


def _changes(release: Release, project: Project) -> dict[str, Any]:
    first = _SECTION.search(project.changelog)
    changes = project.changelog[first.start() :] if first else ""
    told, mended = Prose("change"), Prose("correction")
    return {
        "changes": told.html(changes) if changes else "",
        "corrections": [(name, mended.html(text)) for name, text in corrections_of(changes)],
        "revisions": _revisions(release) or "",
    }


def _revisions(release: Release) -> shown.Table | None:
    """Return the stated figures that were published in another number."""
    pairs = check_published(release)
    pairs = pairs[~pairs["agrees"].astype(bool)] if len(pairs) else pairs
    rows = list(_revised_rows(release, pairs))
    if not rows:
        return None
    view = TableView(pd.DataFrame(rows), _REVISED, sentence("Stated, and published otherwise"))
    return shown.Table(view, name="revisions")


def _revised_rows(release: Release, pairs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for _, pair in pairs.iterrows():
        figure = release.figures.loc[pair["figure"]]
        for name in str(pair["published"]).split():
            row = release.published.loc[name.removeprefix("published:")]
            yield {
                **{column: figure[column] for column in ("label", "value", "unit", "qualifier")},
                "elsewhere": row["value"],
                **{column: row[column] for column in ("period", "publisher", "definition")},
                "inputs": f"figure:{pair['figure']} published:{row.name}",
            }


def corrections_of(changelog: str) -> list[tuple[str, str]]:
    r"""Return the corrections that a changelog tells of.

    Parameters
    ----------
    changelog
        Markdown with a section ``## <version> (<date>)`` for each edition,
        and under it, where something was corrected, ``### Corrections``.

    Returns
    -------
    list of tuple
        Name of the section and the Markdown under its corrections, newest first.

    Examples
    --------
    >>> corrections_of("## Second\n### Corrections\n- A year.\n## First\n- Begun.")
    [('Second', '- A year.')]
    """
    parts = _SECTION.split(changelog)
    return [
        (name.strip(), found["text"].strip())
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
        if (found := _CORRECTIONS.search(f"{text.strip()}\n")) is not None
    ]


def _downloads(
    release: Release, site: Site, files: Sequence[DataFile], beside: Mapping[str, bytes]
) -> dict[str, Any]:
    about, parameters = release.about, site.parameters
    known = {file.path: file for file in files}
    words = {
        downloads.workbook_path(release, parameters): "Every table as a workbook",
        downloads.PROJECTIONS_FILE: "Every projected quantile of every series and scenario",
        downloads.OUTTURNS_FILE: "What was published later, with the scores of the projections",
        downloads.archive_path(release.id): "The tables that this report was made from, packed",
        PACKAGE_FILE: "The CSV files as a Frictionless data package",
        citation.BIBTEX_FILE: "How to cite this edition, for BibTeX",
        citation.CITATION_FILE: "How to cite this edition, as a citation file",
        citation.LICENCE_FILE: "Which licence is for what",
    }
    whole = [_offer(path, text, beside[path]) for path, text in words.items() if path in beside]
    by_page = []
    for link in site.pages:
        offers = [
            _offer(path, known[path].title.partition(": ")[2], beside[path])
            for path in beside
            if path in known and known[path].page == link.page
        ]
        notebook = f"notebooks/{link.page}.ipynb"
        if notebook in beside:
            offers.append(_offer(notebook, "The notebook as it was run", beside[notebook]))
        if offers:
            by_page.append((link.title or link.name, offers))
    return {
        "whole": whole,
        "pages": by_page,
        "scores": SCORES.strip() if downloads.OUTTURNS_FILE in beside else "",
        "citation": citation.citation_words(about, parameters),
        "bibtex": citation.bibtex(about, parameters),
        "licences": citation.licences_of(about),
        "elsewhere": citation.ELSEWHERE,
    }


def _offer(path: str, words: str, content: bytes) -> dict[str, str]:
    name = path.rpartition("/")[2]
    size = downloads.size_text(len(content))
    return {"path": path, "name": name, "words": words, "size": size}
