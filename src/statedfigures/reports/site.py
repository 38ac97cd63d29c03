"""All files of an edition, made from the executed notebooks: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from markupsafe import Markup

from statedfigures.display.payload import record_of
from statedfigures.display.records import MIME_TYPE, Answer, Chart, TableView
from statedfigures.display.svg import stylesheet
from statedfigures.reports.downloads import PROJECTIONS_FILE, data_files
from statedfigures.reports.limits import Value
from statedfigures.reports.notebooks import Notebook
from statedfigures.reports.parameters import shared_parameters
from statedfigures.reports.scrub import without_injected_parameters
from statedfigures.sources.records import ReleaseDescription, ReleaseTables

SENTENCES_AT_A_GLANCE = 3
# Charts whose id begins so show where a series is heading.
FAN = "fan-"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


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
    content_security_policy: str
    uses_tor_metrics: bool

    @property
    def name(self) -> str:
        """Name of the site: that of the release, short."""
        return self.release.short_title

    @property
    def published(self) -> str:
        """Date of the release in words."""
        return date_words(self.release.published)

    @property
    def edition(self) -> str:
        """Date of this edition in words."""
        return date_words(self.release.edition)


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


def date_words(day: date) -> str:
    """Write a date as British readers do, whatever the locale.

    Examples
    --------
    >>> date_words(date(2014, 12, 11))
    '11 December 2014'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def records_of(executed: Any) -> list[Answer | Chart | TableView]:
    """Give the answers, charts and tables that a notebook showed, in their order."""
    return [
        record_of(output.data[MIME_TYPE])
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if MIME_TYPE in output.get("data", {})
    ]


def site_files(runs: Sequence[Run], tables: ReleaseTables) -> dict[str, bytes]:
    """Make every file of an edition except its manifest.

    Parameters
    ----------
    runs
        The executed notebooks, in the order of their pages.
    tables
        Tables of the release.

    Returns
    -------
    dict
        Path inside the site to content: ``index.html``, a page for each
        notebook, ``notebooks/`` and ``data/``.

    Raises
    ------
    NotebookError
        If two tables that differ have the same id, or an id is no file name.
    """
    import nbformat

    from statedfigures.reports import pages

    site = Site(
        release=tables.description,
        uses_tor_metrics=bool(tables.tor_monthly_users),
        pages=tuple(PageEntry(run.notebook.page, run.notebook.title) for run in runs),
        stylesheet=page_stylesheet(pages.TEMPLATE),
        content_security_policy=pages.CONTENT_SECURITY_POLICY,
    )
    shown = {run.notebook.page: records_of(run.executed) for run in runs}
    files = data_files({run.notebook.path.name: shown[run.notebook.page] for run in runs})
    exporter = pages.PageExporter()
    shared = _shared_entries(runs)
    for run in runs:
        page = run.notebook.page
        files[f"notebooks/{run.notebook.path.name}"] = nbformat.writes(run.executed).encode()  # type: ignore[no-untyped-call]
        description = next(
            (str(one.sentences[0]) for one in shown[page] if isinstance(one, Answer)),
            run.notebook.title,
        )
        about = {
            "name": page,
            "title": run.notebook.title,
            "description": description,
            "parameters": shared,
            "notebook_name": run.notebook.path.name,
        }
        notebook = without_injected_parameters(run.executed)
        files[f"{page}.html"] = exporter.page_html(notebook, about, site).encode()
    files["index.html"] = exporter.front_html(
        site=site,
        page="index",
        title=site.name,
        description=f"The figures of “{tables.description.title}”, checked and projected",
        parameters=shared,
        answers=[answer_card(entry, shown[entry.page]) for entry in site.pages],
        projections=PROJECTIONS_FILE in files,
    ).encode()
    return files


def page_stylesheet(template: Path) -> Markup:
    """Give the stylesheet of every page: the template's own, and the colours of the charts."""
    own = (template / "style.css").read_text(encoding="utf-8").strip()
    return Markup(f"{own}\n{stylesheet()}")  # noqa: S704 - both are ours


def answer_card(entry: PageEntry, records: Iterable[Answer | Chart | TableView]) -> dict[str, Any]:
    """Give what the first page says about a page: its answer, and its fan or first chart."""
    found = list(records)
    answer = next((one for one in found if isinstance(one, Answer)), Answer("", ()))
    charts = [one for one in found if isinstance(one, Chart)]
    fans = [one for one in charts if one.id.startswith(FAN)]
    chart = next(iter(fans or charts), None)
    return {
        "page": entry.page,
        "address": entry.address,
        "title": entry.title,
        "sentences": [
            # A computed number leads to its working, which stands on the page itself.
            Markup(one.html(answer.id).replace('href="#', f'href="{entry.address}#'))  # noqa: S704
            for one in answer.sentences[:SENTENCES_AT_A_GLANCE]
        ],
        "chart": chart and {"svg": Markup(chart.svg), "title": str(chart.title)},  # noqa: S704
    }


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
