"""Executed notebooks, a release and its results in; a folder of pages out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from statedfigures.analysis.review_state import review_states
from statedfigures.display import shown
from statedfigures.display.provenance import Ledger
from statedfigures.errors import NotebookError
from statedfigures.release.reading import Release
from statedfigures.site.pages.cells import PageBody, page_body
from statedfigures.site.pages.coverage import require_coverage
from statedfigures.site.pages.downloads import site_files
from statedfigures.site.pages.front import FRONT, front_page
from statedfigures.site.pages.reference_pages import REFERENCE_PAGES, reference_pages
from statedfigures.site.pages.template import WORDS, PageLink, Site, render_page

_LONGEST_NAME = 24


def build_pages(
    release: Release,
    notebooks: Mapping[str, Any],
    parameters: Mapping[str, Any],
    folder: Path,
    *,
    strict: bool = False,
    planned: Sequence[str] = (),
    project: Path,
) -> list[str]:
    """Write the pages of an edition and everything beside them into a folder.

    Parameters
    ----------
    release
        The release.
    notebooks
        Stem of each page to its executed notebook as `scrubbed` returns it, in the order of the
        pages.
    parameters
        Parameters of the edition: scenario, horizon_year, draws, seed.
    folder
        Where to write; it need not exist.
    strict
        Whether to refuse what is not traced to the release.
    planned
        Stems of pages that are not made this time, to which links may lead.
    project
        Folder in which ``docs/methods.md`` and ``CHANGELOG.md`` stand, where there are such.

    Returns
    -------
    list of str
        What an analyst should know, each in a sentence. The same inputs give the same bytes.

    Raises
    ------
    NotebookError
        If a picture has no alternative text, two tables have one name, or,
        with ``strict``, something is not traced: all of it at once.
    RunError
        If a number leads nowhere unmarked, or a link is broken.
    """
    stems = ("index", *notebooks, *(link.page for link in REFERENCE_PAGES), *planned)
    bodies = {
        page: page_body(notebook, Ledger(release, stems, page))
        for page, notebook in notebooks.items()
    }
    refused = {page: body.refused for page, body in bodies.items() if body.refused}
    faults = [fault for body in bodies.values() for fault in body.faults]
    if faults := faults + [fault for told in refused.values() for fault in told if strict]:
        raise NotebookError("\n".join(faults))
    links = [_page_link(release, page, body.title) for page, body in bodies.items()]
    site = Site(release.about, parameters, (FRONT, *links), REFERENCE_PAGES, review_states(release))
    pages = {link.page: _rendered(site, link, bodies[link.page]) for link in links}
    records = {page: body.records for page, body in bodies.items()}
    files = site_files(release, site, notebooks, records)
    pages["index"] = front_page(release, site, files)
    pages |= reference_pages(release, site, project, files)
    written = {f"{page}.html": html.encode() for page, html in pages.items()}
    written |= {file.path: file.content for file in files}
    # The manifest is made when all else is: see the stage that publishes.
    require_coverage({**written, "manifest.json": b""}, planned)
    for path, content in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return [
        f"{page}.html shows {len(told)} {'output' if len(told) == 1 else 'outputs'} "
        "not traced to the release, marked as such; --strict refuses them"
        for page, told in refused.items()
    ]


def _page_link(release: Release, page: str, title: str) -> PageLink:
    """Return how the navigation names a page: by its topic, or by the title of its notebook."""
    if page in release.topics.index:
        row = release.topics.loc[page]
        return PageLink(page, str(row["short_name"] or row["title"]), str(row["title"]))
    name = WORDS["names"].get(page) or title.partition(":")[0]
    if len(name) > _LONGEST_NAME:
        name = page.replace("-", " ").replace("_", " ").capitalize()
    return PageLink(page, name, title)


def _rendered(site: Site, link: PageLink, body: PageBody) -> str:
    """Return the page of a notebook."""
    charts = [record for record in body.records if isinstance(record, shown.Chart)]
    moved = {chart.name: chart.what_if for chart in charts if chart.what_if}
    return render_page(
        "page.html",
        title=link.title,
        body=body.html,
        site=site,
        page=link.page,
        description=body.answer.headline.text if body.answer else link.title,
        ledger=body.ledger,
        data={"what-if": moved} if moved else None,
    )
