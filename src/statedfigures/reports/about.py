"""The pages about the report: scenarios, glossary, changes, corrections, accessibility."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from statedfigures.display.records import Chart
from statedfigures.reports.glossary import TERMS
from statedfigures.reports.limits import SCENARIOS

if TYPE_CHECKING:
    from statedfigures.reports.pages import PageExporter

ABOUT_PAGES = (
    ("scenarios", "The three scenarios"),
    ("glossary", "Words used in this report"),
    ("changes", "What changed"),
    ("corrections", "Corrections"),
    ("accessibility", "Accessibility statement"),
)
"""Name and title of each, in the order of the foot of every page."""

COMPARED = "scenarios-"
"""Charts whose id begins so set the scenarios side by side."""

_DESCRIPTIONS = {
    "scenarios": "What the low, central and high scenario assume, and where each leads",
    "glossary": "The meaning of each technical word of the report",
    "changes": "What changed from edition to edition, and why",
    "corrections": "Mistakes that were found in published editions, and how to report one",
    "accessibility": "What was done and tested so that everybody can use the report",
}
_SECTION = re.compile(r"^## (?P<name>.+)$", re.MULTILINE)
_CORRECTIONS = re.compile(
    r"^### Corrections$\n(?P<text>.*?)(?=^###? |\Z)", re.MULTILINE | re.DOTALL
)


def about_pages(
    exporter: PageExporter,
    *,
    site: Any,
    parameters: Iterable[Any],
    compared: Iterable[tuple[str, Markup]],
    changelog: str,
    panel: Markup,
) -> dict[str, str]:
    """Make the pages about the report.

    Parameters
    ----------
    exporter
        Renders a template of ours.
    site
        What all pages share; see `site.Site`.
    parameters
        The shared parameters of the edition.
    compared
        Address and title of each chart that sets the scenarios side by side.
    changelog
        The changelog in Markdown; empty where there is none.
    panel
        What the panel says about the parameters.

    Returns
    -------
    dict
        File name to HTML.
    """
    shared: dict[str, Any] = {"site": site, "parameters": list(parameters), "panel": panel}
    particular: dict[str, dict[str, Any]] = {
        "scenarios": {
            "scenarios": SCENARIOS,
            "current": next(
                (one.value for one in shared["parameters"] if one.name == "scenario"), ""
            ),
            "compared": list(compared),
        },
        "glossary": {"terms": TERMS},
        "changes": {"changes": exporter.prose(_without_title(changelog))},
        "corrections": {
            "corrections": [
                (name, exporter.prose(text)) for name, text in corrections_of(changelog)
            ]
        },
        "accessibility": {},
    }
    return {
        f"{page}.html": exporter.template_html(
            f"{page}.html.j2",
            page=page,
            title=title,
            description=_DESCRIPTIONS[page],
            **shared,
            **particular[page],
        )
        for page, title in ABOUT_PAGES
    }


def compared_scenarios(shown: Mapping[str, Iterable[Any]]) -> list[tuple[str, Markup]]:
    """Give the address and the title of each chart that sets the scenarios side by side.

    Parameters
    ----------
    shown
        Page to the records that it shows.

    Returns
    -------
    list
        Address of the chart, and its title with its numbers leading to their workings.
    """
    return [
        (
            f"{page}.html#{record.id}",
            on_another_page(record.title.html(record.id), f"{page}.html"),
        )
        for page, records in shown.items()
        for record in records
        if isinstance(record, Chart) and record.id.startswith(COMPARED)
    ]


def on_another_page(html: str, address: str) -> Markup:
    """Let what leads to a place on its own page lead there from another one."""
    # A picture inside a page needs no namespace, and every byte of the first page counts.
    html = html.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    # Not every address: a picture refers to parts of itself.
    html = html.replace('class="quantity" href="#', f'class="quantity" href="{address}#')
    html = html.replace('data-working="w-', f'data-working="{address}#w-')
    return Markup(html.replace('data-words="', f'data-words="{address}#'))  # noqa: S704 - was HTML


def corrections_of(changelog: str) -> list[tuple[str, str]]:
    r"""Give the corrections that a changelog tells of.

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


def _without_title(changelog: str) -> str:
    """Give the sections alone: the page has its own title and lead."""
    first = _SECTION.search(changelog)
    return changelog[first.start() :] if first else ""
