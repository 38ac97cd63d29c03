"""The pages about a report: methods and quality, sources, scenarios, downloads, changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from statedfigures.analysis.assumptions import scenario_names
from statedfigures.display import shown
from statedfigures.display.columns import SPECIFICATIONS, Column, Specification, year_words
from statedfigures.display.formats import counted_noun, stated_text
from statedfigures.display.provenance import Ledger, anchor
from statedfigures.display.sentences import several, trust_sentence
from statedfigures.display.words import free_words, sentence
from statedfigures.release.periods import period_words
from statedfigures.release.reading import Release
from statedfigures.site.pages import metadata
from statedfigures.site.pages.cells import Prose
from statedfigures.site.pages.downloads import OUTTURNS_FILE, checks_once, headlines_once
from statedfigures.site.pages.metadata import SiteFile
from statedfigures.site.pages.template import WORDS, PageLink, Site, render_page

REFERENCE_PAGES = tuple(PageLink(**link) for link in WORDS["reference"])
_CORRECTIONS = re.compile(r"(?ms)^### Corrections\n(.*?)(?=^##|\Z)")
_SOURCE = ["publisher", "source_title", "url", "source_kind", "series", "period"]


def reference_pages(
    release: Release, site: Site, project: Path, files: Sequence[SiteFile]
) -> dict[str, str]:
    """Return the HTML of each page about the report, by its stem.

    Parameters
    ----------
    release
        The release.
    site
        What all pages share.
    project
        Folder in which ``docs/methods.md`` and ``CHANGELOG.md`` stand, where there are such.
    files
        Every file beside the pages.
    """
    values: dict[str, dict[str, Any]] = {
        "methods": _methods(release, site, _text(project / "docs" / "methods.md")),
        "sources": _sources(release),
        "scenarios": _scenarios(release, site),
        "downloads": _downloads(release, site, files),
        "changes": _changes(release, _text(project / "CHANGELOG.md")),
        "accessibility": {},
    }
    return {
        link.page: render_page(
            f"{link.page}.html",
            title=link.title,
            site=site,
            page=link.page,
            ledger=Ledger(release, site.stems, link.page),
            about=release.about,
            **values[link.page],
        )
        for link in REFERENCE_PAGES
    }


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _methods(release: Release, site: Site, methods: str) -> dict[str, Any]:
    kinds = {"figures": "figure", "claims": "claim", "published": "published"}
    units = {"figures": "figures", "claims": "comparisons", "published": "figures"}
    counts = {
        name: several(getattr(release, name), kind, units[name]) for name, kind in kinds.items()
    }
    coverage = sentence(
        "The release states {figures} and makes {claims}; they are held against {published} "
        "published elsewhere. Every numeral and number word of the release is accounted for.",
        **counts,
    )
    return {
        "trust": trust_sentence(site.states),
        "coverage": coverage,
        "contact": free_words(release.about.contact, "release:contact"),
        "methods": Prose("method").html(re.sub(r"\A# .*\n", "", methods)),
    }


def _sources(release: Release) -> dict[str, Any]:
    """Return each published figure with its source; the page groups them by publisher."""
    published = release.published.sort_values(_SOURCE, kind="stable").reset_index(names="id")
    rows: list[dict[str, Any]] = published.to_dict("records")  # type: ignore[assignment]
    for row in rows:
        row["anchor"] = anchor(f"published:{row['id']}")
        row["source"] = row["source_title"] or row["url"], row["url"], row["source_kind"]
        row["period"] = period_words(row)
        row["stated"], row["noun"] = stated_text(row), counted_noun(row["unit"], row["value"])
    return {"rows": rows}


def _scenarios(release: Release, site: Site) -> dict[str, Any]:
    """Return what each scenario holds, and where each leads."""
    names, held = scenario_names(release), release.scenarios
    labels = held["assumption"].replace(release.assumptions["label"])
    words = labels + held["value"].map(" {:g}".format)
    settings = {name: site.parameters[name] for name in ("draws", "seed", "horizon_year")}
    found = {name: headlines_once(release, scenario=name, **settings) for name in names}
    frame = found[site.parameters["scenario"]]
    frame = frame.loc[[name for name in release.series.index if name in frame.index]]
    titles = release.series["title"].reindex(frame.index)
    frame = frame.assign(title=titles, step=frame["rounded_to"])
    head, *of_each = SPECIFICATIONS["scenarios"].columns
    columns: tuple[Column, ...] = (head,)
    for name, other in found.items():
        frame = frame.join(other[["middle", "low50", "high50"]].add_suffix(f"_{name}"))
        columns += tuple(
            replace(
                column,
                heading=f"{name.capitalize()}{column.heading}",
                priority=max(column.priority, 1 + (name != site.parameters["scenario"])),
                of=" ".join(f"{source}_{name}" for source in column.sources),
            )
            for column in of_each
        )
    years = dict.fromkeys(
        str(year_words(release, series, settings["horizon_year"])) for series in frame.index
    )
    caption = sentence("Middle in {year} in each scenario", year=free_words(" and ".join(years)))
    compared = shown.Table(
        frame.reset_index(drop=True), Specification(columns, "series"), caption, name="scenarios"
    )
    return {
        "own": words.groupby(held["scenario"], sort=False).agg("; ".join),
        "names": names,
        "current": site.parameters["scenario"],
        "compared": len(frame) and compared,
    }


def _changes(release: Release, changelog: str) -> dict[str, Any]:
    first = re.search("^## ", changelog, re.MULTILINE)
    changes = changes_of(changelog[first.start() :] if first else "", release.id)
    mended = Prose("correction")
    return {
        "changes": Prose("change").html(_CORRECTIONS.sub("", changes)),
        "corrections": [(name, mended.html(text)) for name, text in corrections_of(changes)],
        "revisions": _revisions(release),
    }


def _revisions(release: Release) -> shown.Table | None:
    """Return the stated figures that were published as another number."""
    pairs = checks_once(release)
    pairs = pairs[~pairs["agrees"].astype(bool)]
    if pairs.empty:
        return None
    rows = release.figures.loc[list(pairs["figure"]), ["label", "value", "unit", "qualifier"]]
    parts = [
        release.published.loc[[name.removeprefix("published:") for name in names.split()]]
        for names in pairs["published"]
    ]
    parts = [own.assign(period=own.apply(period_words, axis=1)) for own in parts]
    for column in ("period", "publisher", "definition"):
        rows[column] = [" + ".join(dict.fromkeys(own[column])) for own in parts]
    for column in ("published_low", "published_high", "inputs"):
        rows[column] = pairs[column].to_numpy()
    return shown.table(
        rows.reset_index(drop=True),
        "Stated, and published otherwise",
        specification="revisions",
        name="revisions",
    )


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
    return re.sub(
        r"(?ms)^### (\w+) of (\S+)\n(.*?)(?=^##|\Z)",
        lambda part: f"### {part[1]}\n{part[3]}" if part[2] == release_id else "",
        changelog,
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
    _, *parts = re.split(r"(?m)^## +(.+)\n", changelog)
    return [
        (name.strip(), found[1].strip())
        for name, text in zip(parts[::2], parts[1::2], strict=True)
        if (found := _CORRECTIONS.search(text))
    ]


def _downloads(release: Release, site: Site, files: Sequence[SiteFile]) -> dict[str, Any]:
    about, parameters = release.about, site.parameters
    return {
        "whole": [file for file in files if not file.page],
        "pages": [
            (link.title or link.name, own)
            for link in site.pages
            if (own := [file for file in files if file.page == link.page])
        ],
        "is_scored": any(file.path == OUTTURNS_FILE for file in files),
        "citation": metadata.citation_words(about, parameters),
        "bibtex": metadata.bibtex(about, parameters),
        "licences": metadata.licences_of(about),
    }
