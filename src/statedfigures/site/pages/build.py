"""Executed notebooks, a release and its results in; a folder of pages out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from statedfigures.analysis.review_state import review_states
from statedfigures.display import shown
from statedfigures.display.provenance import Ledger
from statedfigures.errors import NotebookError
from statedfigures.release.reading import Release
from statedfigures.site.pages import downloads
from statedfigures.site.pages.cells import PageBody, page_body, scrubbed
from statedfigures.site.pages.coverage import Coverage, require_coverage
from statedfigures.site.pages.front import FRONT, front_page
from statedfigures.site.pages.reference_pages import REFERENCE_PAGES, Project, reference_pages
from statedfigures.site.pages.template import (
    PageLink,
    Site,
    dispute_notices,
    render_page,
    script_text,
)

_SHORT_NAMES = {"claims": "Claims", "measures": "Measures", "assumptions": "Assumptions"}
_SHORT_NAMES |= {"outturn": "Outturn", "worked-example": "Worked example"}
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made.

    Attributes
    ----------
    pages
        Stems of the pages, in the order of the navigation.
    untraced
        Outputs and paragraphs that are published and marked as not traced.
    warnings
        What an analyst should know, each in a sentence.
    coverage
        How many numerals the pages show, and how many lead back.
    """

    pages: tuple[str, ...]
    untraced: int
    warnings: tuple[str, ...]
    coverage: Coverage


def build_pages(
    release: Release,
    notebooks: Sequence[tuple[str, Any]],
    parameters: Mapping[str, Any],
    folder: Path,
    *,
    strict: bool = False,
    planned: Sequence[str] = (),
    project: Path | None = None,
) -> BuildReport:
    """Write the pages of an edition and everything beside them into a folder.

    Parameters
    ----------
    release
        The release.
    notebooks
        Stem of each page and its executed notebook, in the order of the pages.
    parameters
        Parameters of the edition: scenario, horizon_year, draws, seed.
    folder
        Where to write; it need not exist.
    strict
        Whether to refuse what is not traced to the release.
    planned
        Stems of pages that are not made this time, to which links may lead.
    project
        Folder with ``docs/methods.md`` and ``CHANGELOG.md``; by default the
        one in which the folder of the releases lies.

    Returns
    -------
    BuildReport
        The same inputs give the same bytes.

    Raises
    ------
    NotebookError
        If a picture has no alternative text, two tables have one name, or,
        with ``strict``, something is not traced: all of it at once.
    RunError
        If a number leads nowhere unmarked, or a link is broken.
    """
    parameters = _whole(release, parameters)
    notebooks = [(page, scrubbed(executed, page)) for page, executed in notebooks]
    site = Site(
        release.about,
        parameters,
        (FRONT, *(_page_link(release, page, notebook) for page, notebook in notebooks)),
        REFERENCE_PAGES,
        tuple(_banners(release, parameters)),
    )
    stems = (*site.stems, *planned)
    states = review_states(release)
    bodies: dict[str, PageBody] = {}
    pages: dict[str, str] = {}
    for link, (page, notebook) in zip(site.pages[1:], notebooks, strict=True):
        ledger = Ledger(release, stems, page)
        body = bodies[page] = page_body(notebook, ledger, page)
        pages[page] = _rendered(site, link, body, ledger, states)
    _require(bodies, strict=strict)
    records = {page: body.records for page, body in bodies.items()}
    names = {link.page: link.name for link in site.pages}
    made = (downloads.projections_file, downloads.outturns_file)
    whole = [file for make in made if (file := make(release, parameters)) is not None]
    files = [*downloads.shown_files(records, names), *whole]
    workbook = downloads.workbook_of(release, parameters, records, names)
    beside = downloads.download_files(release, notebooks, parameters, files, workbook)
    pages["index"] = front_page(release, site, files)
    source = Project.found(project, release)
    pages |= reference_pages(release, site, source, files, beside)
    written = {f"{page}.html": html.encode() for page, html in pages.items()} | beside
    # The manifest is made when all else is: see the stage that publishes.
    coverage = require_coverage({**written, "manifest.json": b""}, planned)
    downloads.written(folder, written)
    untraced = sum(len(body.refused) for body in bodies.values())
    return BuildReport(
        tuple(link.page for link in (*site.pages, *site.reference)),
        untraced,
        tuple(_warnings(bodies)),
        coverage,
    )


def _whole(release: Release, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters with what is left out or zero filled in."""
    defaults = {"release": release.id, "scenario": "central", "draws": 16384, "seed": 1}
    filled = defaults | {name: value for name, value in parameters.items() if value != ""}
    filled["horizon_year"] = filled.get("horizon_year") or release.about.default_horizon
    return filled


def _page_link(release: Release, page: str, notebook: Any) -> PageLink:
    """Return how the navigation names a page: by its topic, or by the title of its notebook."""
    if page in release.topics.index:
        row = release.topics.loc[page]
        return PageLink(page, str(row["short_name"] or row["title"]), str(row["title"]))
    first = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    found = re.match(r"\s*#\s+(.+)", first)
    title = found[1].strip() if found else page.replace("-", " ").capitalize()
    name = _SHORT_NAMES.get(page) or title.partition(":")[0]
    if len(name) > _LONGEST_NAME:
        name = page.replace("-", " ").replace("_", " ").capitalize()
    return PageLink(page, name, title)


def _rendered(
    site: Site,
    link: PageLink,
    body: PageBody,
    ledger: Ledger,
    states: pd.DataFrame,
) -> str:
    """Return the page of a notebook."""
    answer = next((record for record in body.records if isinstance(record, shown.Answer)), None)
    moved = {
        record.name: record.what_if
        for record in body.records
        if isinstance(record, shown.Chart) and record.what_if
    }
    return render_page(
        link.title,
        "\n".join([*dispute_notices(ledger, states), body.html]),
        site=site,
        page=link.page,
        description=answer.headline.text if answer else link.title,
        ledger=ledger,
        scripts=[script_text("what_if.js")] if moved else [],
        data={"what-if": moved} if moved else None,
    )


def _banners(release: Release, parameters: Mapping[str, Any]) -> Iterator[Markup]:
    """Return the notices that stand on every page."""
    states = review_states(release)
    overdue = states.index[states["state"] == "overdue"]
    if len(overdue):
        yield Markup(
            "The review of <data>{}</data> {} is overdue: see <a href='assumptions.html'>the "
            "register</a>."
        ).format(len(overdue), "assumption" if len(overdue) == 1 else "assumptions")
    if parameters["horizon_year"] > release.about.default_horizon:
        yield Markup(
            "This edition projects to <time>{}</time>. Years after <time>{}</time> lie beyond the "
            "usual horizon of this release: read them with more doubt."
        ).format(parameters["horizon_year"], release.about.default_horizon)


def _require(bodies: Mapping[str, PageBody], *, strict: bool) -> None:
    """Refuse what no run accepts, and what a strict run does not."""
    faults = [fault for body in bodies.values() for fault in body.faults]
    if strict:
        faults += [fault for body in bodies.values() for fault in body.refused]
    if faults:
        raise NotebookError("\n".join(faults))


def _warnings(bodies: Mapping[str, PageBody]) -> Iterator[str]:
    for page, body in bodies.items():
        if count := len(body.refused):
            yield (
                f"{page}.html shows {count} {'output' if count == 1 else 'outputs'} "
                "not traced to the release, marked as such; --strict refuses them"
            )
