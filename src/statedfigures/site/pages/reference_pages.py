"""The pages about a report: methods and quality, sources, scenarios, downloads, changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from statedfigures.display.sentences import trust_sentence
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
_SOURCE = ["publisher", "source_title", "url", "source_kind", "series", "period"]
_SOURCE += ["geography", "definition", "note"]
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
    trust = trust_sentence(review_states(release))
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
        "trust": trust,
        "coverage": coverage,
        "responsible": release.about.responsible,
        "contact": free_words(release.about.contact, "release:contact"),
        "methods": Prose("method").html(text) if text.strip() else "",
    }


def _sources(release: Release) -> dict[str, Any]:
    """Return each published figure with its source; the page groups them by publisher."""
    rows: list[dict[str, Any]] = [
        {
            **{name: row[name] for name in _SOURCE},
            "anchor": anchor(f"published:{reference}"),
            "source": (row["source_title"] or row["url"], row["url"], row["source_kind"]),
            "value": stated_text(dict(row)),
            "noun": _noun_beside(row),
        }
        for reference, row in release.published.sort_values(_SOURCE[:6], kind="stable").iterrows()
    ]
    published_on = date_text(pd.Timestamp(release.about.published))
    return {"rows": rows, "about": release.about, "published_on": published_on}


def _noun_beside(row: Any) -> str:
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
    changes = changes_of(changes, release.id)
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
    if pairs.empty:
        return None
    pairs = pairs.assign(published=pairs["published"].str.split()).explode("published")
    references = "figure:" + pairs["figure"] + " " + pairs["published"]
    rows = release.figures.loc[list(pairs["figure"]), ["label", "value", "unit", "qualifier"]]
    elsewhere = release.published.loc[list(pairs["published"].str.removeprefix("published:"))]
    for column in ("period", "publisher", "definition"):
        rows[column] = elsewhere[column].to_numpy()
    rows = rows.assign(elsewhere=elsewhere["value"].to_numpy(), inputs=references.to_numpy())
    said = sentence("Stated, and published otherwise")
    view = TableView(rows.reset_index(drop=True), _REVISED, said)
    return shown.Table(view, name="revisions")


def changes_of(changelog: str, release_id: str) -> str:
    r"""Return a changelog without the parts that are about other releases.

    Parameters
    ----------
    changelog
        Markdown; a heading such as ``### Numbers of places-2014`` begins a part
        about one release.
    release_id
        Id of the release whose parts stay.

    Returns
    -------
    str
        Markdown, with plain headings.

    Examples
    --------
    >>> changes_of("### Numbers of a-1\nOne.\n### Numbers of b-2\nTwo.\n### Software\nNew.", "b-2")
    '### Numbers\nTwo.\n### Software\nNew.'
    """
    parts = re.split(r"(?m)^(?=#{2,3} )", changelog)
    named = [re.match(r"### (\w+) of (\S+)\n", part) for part in parts]
    return "".join(
        part if about is None else part.replace(about[0], f"### {about[1]}\n", 1)
        for part, about in zip(parts, named, strict=True)
        if about is None or about[2] == release_id
    )


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
