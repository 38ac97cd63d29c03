"""Executed notebooks to HTML pages, with the project's own nbconvert template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import jinja2
import mistune
from markupsafe import Markup, escape
from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets.config import Config

from statedfigures.display.records import MIME_TYPE
from statedfigures.reports.glossary import link_terms
from statedfigures.reports.scripts import TEMPLATE

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL | re.IGNORECASE)
_TEXT_TAGS = {"a", "b", "br", "code", "em", "i", "li", "ol", "p", "pre", "span", "strong", "ul"}
_TABLE_TAGS = {"caption", "div", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_ATTRIBUTES = {"a": ["href"], "th": ["colspan", "rowspan"], "td": ["colspan", "rowspan"]}


@dataclass(frozen=True, slots=True)
class Heading:
    """A second-level heading of a page and the id that leads to it."""

    id: str
    text: str


class PageExporter(TemplateExporter):
    """Makes a whole page of a notebook; knows no template but its own.

    Outputs that the display records made are taken as they are. Everything
    else is cleaned: a notebook may show a plain table or picture, but no
    script, style or address reaches the page through it.
    """

    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            config=Config(),  # the user's own nbconvert settings do not count
            template_name="statedfigures",
            template_paths=[str(TEMPLATE)],
            exclude_input=True,
        )

    def _create_environment(self) -> jinja2.Environment:
        environment: jinja2.Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.undefined = jinja2.StrictUndefined
        environment.trim_blocks = True
        environment.lstrip_blocks = True
        environment.filters["page_output"] = output_html
        return environment

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Leave the notebook as it is: it was scrubbed, and copying it takes long."""
        return nb, resources

    def page_html(self, notebook: Any, page: dict[str, Any], site: Any) -> str:
        """Give the HTML of a page.

        Parameters
        ----------
        notebook
            Scrubbed notebook without injected cell.
        page
            ``name``, ``title``, ``description``, ``parameters``,
            ``notebook_name``, ``panel``, ``script`` and ``stylesheet`` (of
            this page alone, or empty), and ``content_security_policy``.
        site
            What all pages share; see `site.Site`.

        Returns
        -------
        str
            A document that needs no other file to be shown.
        """
        markdown = _Markdown()
        linked: set[str] = set()
        # The title stands in the header of the page, so the first cell goes without it.
        words = [
            link_terms(
                markdown.html(cell.source if place else cell.source.partition("\n")[2]), linked
            )
            if cell.cell_type == "markdown"
            else Markup()
            for place, cell in enumerate(notebook.cells)
        ]
        first = next((place for place, html in enumerate(words) if "<h2 " in html), None)
        headings = [*markdown.headings, Heading("section-made", "How this page was made")]
        resources = {
            "page": page | {"headings": headings, "words": words, "contents_place": first},
            "site": site,
        }
        html, _ = self.from_notebook_node(notebook, resources)
        return with_own_links(tidy_lines(html), page["name"])

    def template_html(self, template: str, *, page: str, **values: Any) -> str:
        """Give the HTML of a page that no notebook makes."""
        html = self.environment.get_template(template).render(page=page, **values)
        return with_own_links(tidy_lines(html), page)

    @staticmethod
    def prose(markdown: str) -> Markup:
        """Give the HTML of some Markdown; raw HTML in it is shown as text."""
        return _Markdown().html(markdown)


def with_own_links(html: str, page: str) -> str:
    """Let a link to a place on the page itself stay there, whatever address it is read under."""
    return html.replace(f'href="{page}.html#', 'href="#')


def tidy_lines(html: str) -> str:
    """Drop the empty lines that a template leaves, outside code and pictures."""
    return re.sub(r">\n{2,}(?=<)", ">\n", html).strip() + "\n"


def output_html(output: Any) -> Markup:
    """Give the HTML of one output of a cell.

    Returns
    -------
    Markup
        As it is for a display record; cleaned for anything else; empty for an
        output with nothing to show.
    """
    if "text" in output:
        return Markup("<pre>{}</pre>").format(output.text)
    data = output.get("data", {})
    if MIME_TYPE in data:
        return Markup(data["text/html"])  # noqa: S704 - escaped where it was made
    if "text/html" in data:
        return _foreign(cleaned(data["text/html"]))
    if "image/png" in data:
        picture = escape("".join(data["image/png"].split()))
        return Markup(
            '<img src="data:image/png;base64,{}" alt="Picture without a description">'
        ).format(picture)
    if "text/markdown" in data:
        return _Markdown().html(data["text/markdown"])
    return Markup("<pre>{}</pre>").format(data["text/plain"]) if "text/plain" in data else Markup()


def cleaned(html: str) -> Markup:
    """Leave plain text elements and tables of a foreign fragment, and nothing that acts."""
    import bleach  # type: ignore[import-untyped]  # pages of our own never need it

    kept = bleach.clean(
        _STYLE.sub("", html),
        tags=_TEXT_TAGS | _TABLE_TAGS,
        attributes=_ATTRIBUTES,
        protocols={"http", "https"},
        strip=True,
    )
    # A header without words heads nothing.
    return Markup(kept.replace("<th></th>", "<td></td>"))  # noqa: S704 - cleaned just now


def _foreign(html: Markup) -> Markup:
    return Markup(
        '<div class="table-region" role="group" aria-label="Output" tabindex="0">{}</div>'
    ).format(html)


class _Markdown:
    """Markdown of one page: raw HTML is shown as text, headings get ids."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self._ids: set[str] = set()
        renderer = _PageRenderer(self.heading)
        self._convert = mistune.create_markdown(renderer=renderer, plugins=["table"])

    def html(self, source: str) -> Markup:
        """Give the HTML of a cell."""
        return Markup(self._convert(source))  # noqa: S704 - made with raw HTML escaped

    def heading(self, html: str, level: int) -> str:
        """Give a heading its own id; a second title becomes a section."""
        level = max(level, 2)
        text = Markup(html).striptags()  # noqa: S704 - only to take its tags off
        identity = next(name for name in _candidates(text) if name not in self._ids)
        self._ids.add(identity)
        if level == 2:
            self.headings.append(Heading(identity, text))
        return f'<h{level} id="{identity}">{html}</h{level}>\n'


def _candidates(text: str) -> Iterator[str]:
    """Give ids for a heading, the plain one first."""
    slug = "section-" + (_NOT_SLUG.sub("-", text.lower()).strip("-") or "untitled")
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1


class _PageRenderer(mistune.HTMLRenderer):
    """Hands headings to the page."""

    def __init__(self, heading: Any) -> None:
        super().__init__(escape=True)
        self._heading = partial(heading)

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        """Give a heading with an id."""
        del attributes
        return str(self._heading(text, level))
