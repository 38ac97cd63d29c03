"""All files of an edition, made from the executed notebooks: values in, values out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from statedfigures.analysis.reviews import assumptions_as_reviewed, disputed_assumptions
from statedfigures.display.payload import Record, record_of
from statedfigures.display.periods import day_of
from statedfigures.display.records import MIME_TYPE, Answer, WhatIf
from statedfigures.display.svg import stylesheet
from statedfigures.reports import offers
from statedfigures.reports.about import ABOUT_PAGES, about_pages, compared_scenarios
from statedfigures.reports.disputed import mark_disputed
from statedfigures.reports.downloads import PROJECTIONS_FILE, table_files
from statedfigures.reports.front import answer_card, front_panel
from statedfigures.reports.limits import Value
from statedfigures.reports.notebooks import Notebook
from statedfigures.reports.parameters import shared_parameters
from statedfigures.reports.register_words import panel_data, references_of
from statedfigures.reports.scrub import as_shown
from statedfigures.reports.where_used import places_of, with_places
from statedfigures.sources.records import ReleaseDescription, ReleaseTables

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page as the navigation names it."""

    page: str
    title: str

    @property
    def short_title(self) -> str:
        """The title up to its colon."""
        return self.title.partition(":")[0]

    @property
    def address(self) -> str:
        """Address of the page inside the site."""
        return f"{self.page}.html"


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share."""

    release: ReleaseDescription
    pages: tuple[PageEntry, ...]
    stylesheet: Markup
    script: Markup
    content_security_policy: str
    uses_tor_metrics: bool

    @property
    def about(self) -> tuple[PageEntry, ...]:
        """The pages about the report, as the foot of every page names them."""
        named = ((offers.PAGE, offers.TITLE), *ABOUT_PAGES)
        return tuple(PageEntry(page, title) for page, title in named)

    @property
    def name(self) -> str:
        """Name of the site: that of the release, short."""
        return self.release.short_title

    @property
    def published(self) -> str:
        """Date of the release in words."""
        return day_of(self.release.published)

    @property
    def edition(self) -> str:
        """Date of this edition in words."""
        return day_of(self.release.edition)


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """A parameter as the pages name it."""

    name: str
    value: str
    help: str

    @property
    def label(self) -> str:
        """The name in words."""
        words = self.name.replace("_", " ")
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Run:
    """A notebook, the parameters it ran with, and its executed and scrubbed copy."""

    notebook: Notebook
    parameters: Mapping[str, Value]
    executed: Any


def records_of(executed: Any) -> list[Record]:
    """Give the records that a notebook showed, in their order."""
    return [
        record_of(output.data[MIME_TYPE])
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if MIME_TYPE in output.get("data", {})
    ]


def site_files(
    runs: Sequence[Run], tables: ReleaseTables, archive: bytes, changelog: str = ""
) -> dict[str, bytes]:
    """Make every file of an edition except its manifest.

    Parameters
    ----------
    runs
        The executed notebooks, in the order of their pages.
    tables
        Tables of the release.
    archive
        The same as they lie in the folder, packed; see `carried_tables.archive_bytes`.
    changelog
        The changelog of the report in Markdown; empty where there is none.

    Returns
    -------
    dict
        Path inside the site to content: ``index.html``, a page for each
        notebook, the pages about the report, ``notebooks/``, ``data/`` and
        what describes them; see `offers.offered_files`.

    Raises
    ------
    NotebookError
        If two tables that differ have the same id, or an id is no file name.
    """
    import nbformat

    from statedfigures.reports import pages, scripts

    script = scripts.panel_script()
    site = Site(
        release=tables.description,
        uses_tor_metrics=bool(tables.tor_monthly_users),
        pages=tuple(PageEntry(run.notebook.page, run.notebook.title) for run in runs),
        stylesheet=page_stylesheet(scripts.TEMPLATE) + Markup(f"\n{stylesheet()}"),  # noqa: S704
        script=script,
        content_security_policy=scripts.content_security_policy(script),
    )
    shown = {run.notebook.page: records_of(run.executed) for run in runs}
    offered = offers.Offered(
        tables=tables,
        parameters=shared_parameters({run.notebook.page: run.parameters for run in runs}),
        files=table_files({run.notebook.path.name: shown[run.notebook.page] for run in runs}),
        pages=tuple(
            offers.PageShown(run.notebook.path.name, entry.address, entry.short_title)
            for run, entry in zip(runs, site.pages, strict=True)
        ),
        archive=archive,
    )
    files = offers.offered_files(offered)
    exporter = pages.PageExporter()
    disputed, places = disputed_assumptions(tables), places_of(shown, tables)
    as_reviewed = replace(tables, assumptions=assumptions_as_reviewed(tables))
    shared = _shared_entries(runs)
    meanings = {entry.name: (entry.value, entry.help) for entry in shared}
    for run in runs:
        page = run.notebook.page
        files[f"notebooks/{run.notebook.path.name}"] = nbformat.writes(run.executed).encode()  # type: ignore[no-untyped-call]
        description = next(
            (str(one.sentences[0]) for one in shown[page] if isinstance(one, Answer)),
            run.notebook.title,
        )
        tries = any(isinstance(one, WhatIf) for one in shown[page])
        own_script = scripts.what_if_script() if tries else Markup()
        described = {
            "name": page,
            "title": run.notebook.title,
            "description": description,
            "parameters": shared,
            "notebook_name": run.notebook.path.name,
            "panel": panel_data(as_reviewed, meanings, references_of(shown[page])),
            "script": own_script,
            "stylesheet": page_stylesheet(scripts.TEMPLATE, "what_if.css") if tries else Markup(),
            "content_security_policy": scripts.content_security_policy(
                *filter(None, (script, own_script))
            ),
        }
        notebook = as_shown(run.executed)
        html = with_places(exporter.page_html(notebook, described, site), places, tables)
        shown_page = mark_disputed(html, disputed)
        files[f"{page}.html"] = shown_page.encode()
    about = about_pages(
        exporter,
        site=site,
        parameters=shared,
        compared=compared_scenarios(shown),
        changelog=changelog,
        panel=panel_data(as_reviewed, meanings, ()),
    )
    files |= {path: html.encode() for path, html in about.items()}
    files[offers.FILE] = exporter.template_html(
        offers.TEMPLATE,
        site=site,
        page=offers.PAGE,
        title=offers.TITLE,
        description=offers.DESCRIPTION,
        parameters=shared,
        panel=panel_data(as_reviewed, meanings, ()),
        **offers.listing(offered, files),
    ).encode()
    cards = [answer_card(entry, shown[entry.page]) for entry in site.pages]
    files["index.html"] = exporter.template_html(
        "front.html.j2",
        site=site,
        page="index",
        title=site.name,
        description=f"The figures of “{tables.description.title}”, checked and projected",
        parameters=shared,
        answers=cards,
        projections=PROJECTIONS_FILE in files,
        panel=front_panel(as_reviewed, meanings, cards),
        dataset=offers.json_ld_of(offered),
    ).encode()
    return files


def page_stylesheet(template: Path, name: str = "style.css") -> Markup:
    """Give a stylesheet of the template without its comments."""
    own = (template / name).read_text(encoding="utf-8")
    kept = (line.strip() for line in _CSS_COMMENT.sub("", own).splitlines() if line.strip())
    return Markup("\n".join(kept))  # noqa: S704 - ours


def _entries(notebook: Notebook, parameters: Mapping[str, Value]) -> list[ParameterEntry]:
    return [
        ParameterEntry(name, str(value), notebook.parameters[name].help)
        for name, value in parameters.items()
    ]


def _shared_entries(runs: Sequence[Run]) -> list[ParameterEntry]:
    """Give the parameters that all pages share, in the order in which the first one has them."""
    shared = shared_parameters({run.notebook.page: run.parameters for run in runs})
    entries: dict[str, ParameterEntry] = {}
    for run in runs:
        for entry in _entries(run.notebook, run.parameters):
            if entry.name in shared:
                entries.setdefault(entry.name, entry)
    return list(entries.values())
