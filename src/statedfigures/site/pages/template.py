"""The template that every page of the house shares: navigation, policy, scripts, styles."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from statedfigures.display import chart_style
from statedfigures.display.formats import date_text
from statedfigures.display.provenance import Ledger
from statedfigures.site.pages.metadata import script_json

_HERE = Path(__file__).parent
DISPUTED = ("challenged", "rejected")
"""States of a review that every page using the assumption tells."""
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page as the navigation names it."""

    page: str
    name: str
    title: str = ""

    @property
    def address(self) -> str:
        """Address of the page inside the site."""
        return f"{self.page}.html"


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of an edition share.

    Attributes
    ----------
    about
        The release, as `release.toml` describes it.
    parameters
        The parameters of the edition.
    pages, reference
        Pages of the navigation, and those that the foot of a page names.
    banners
        Notices that stand on every page, such as that of an overdue review.
    """

    about: Any
    parameters: Mapping[str, Any] = field(default_factory=dict)
    pages: tuple[PageLink, ...] = ()
    reference: tuple[PageLink, ...] = ()
    banners: tuple[Markup, ...] = ()

    @property
    def scenario(self) -> str:
        """The scenario of the edition."""
        return str(self.parameters.get("scenario", "central"))

    @property
    def stems(self) -> tuple[str, ...]:
        """Stems of all pages."""
        return tuple(link.page for link in (*self.pages, *self.reference))


def render_page(
    title: str,
    body: str,
    *,
    site: Site,
    page: str = "",
    description: str = "",
    chrome: bool = True,
    ledger: Ledger | None = None,
    scripts: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
    json_ld: Sequence[str] = (),
    kind: str = "page",
) -> str:
    """Return a whole document that needs no other file to be shown.

    Parameters
    ----------
    title
        Title of the page, as a browser names it.
    body
        HTML of its main part, made safe before.
    site
        What all pages share.
    page
        Stem of its file name.
    description
        A sentence for search engines; the title where there is none.
    chrome
        Whether it has the navigation and the foot of an edition. A page about
        several editions, such as a comparison or a grid, has neither.
    ledger
        Where its numbers come from, collected while the body was made.
    scripts
        Scripts beside that of every page.
    data
        JSON for those scripts: id of the element to its content.
    json_ld
        Descriptions in the words of schema.org.
    kind
        Class of the main part, by which the style sheet knows it.

    Returns
    -------
    str
        HTML with a policy under which its own scripts run and nothing else,
        and under which it asks no host for anything.
    """
    blocks = {name: script_json(content) for name, content in (data or {}).items()}
    sources: Markup | str = ""
    if ledger is not None and (listed := ledger.html()):
        sources = Markup(listed)  # noqa: S704 - escaped where it was made
    run = [script_text("page.js"), *(_compact(script) for script in scripts)]
    html = (
        environment()
        .get_template("page.html")
        .render(
            title=title,
            site=site,
            page=page,
            body=Markup(body),  # noqa: S704 - escaped where it was made
            description=description or title,
            chrome=chrome,
            sources=sources,
            blocks=blocks,
            json_ld=[Markup(text) for text in json_ld],  # noqa: S704 - made by script_json
            kind=kind,
            stylesheet=stylesheet(),
            scripts=[Markup(text) for text in run],  # noqa: S704 - ours
            policy=content_security_policy(*run),
            link=site_link,
            day=lambda day: date_text(pd.Timestamp(day)),
        )
    )
    return with_own_links(tidy_lines(html), page)


def render_body(template: str, **values: Any) -> Markup:
    """Return the main part of a page that no notebook makes."""
    return Markup(environment().get_template(template).render(**values))  # noqa: S704 - escaped


@cache
def environment() -> jinja2.Environment:
    """Return the templates of the pages; what they are filled with is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def dispute_notices(ledger: Ledger, states: pd.DataFrame) -> Iterator[Markup]:
    """Return a notice for each challenged or rejected assumption behind a page's numbers."""
    used = ledger.used()
    disputed = states[states["state"].isin(DISPUTED)]
    for name, assumption in disputed.iterrows():
        reference = f"assumption:{name}"
        if reference not in used:
            continue
        label = Markup(ledger.reference_html(reference))  # noqa: S704 - escaped there
        words = "This page uses an assumption that a reviewer has {}: {} (<cite>{}</cite>)."
        if comment := str(assumption["comment"]):
            words += " <cite>{}</cite>"
        said = Markup(words).format(  # noqa: S704 - a fixed text, filled with escaping
            assumption["state"], Markup("<cite>{}</cite>").format(label), assumption["by"], comment
        )
        yield Markup('<p class="banner">{}</p>').format(said)


def site_link(words: str, address: str) -> Markup:
    """Return a link, or the words alone where an address is none that a browser may follow."""
    if not re.match(r"(https?://|mailto:|tel:|[\w./-]*\.\w+(#[\w-]+)?$|#)", address):
        return Markup("{}").format(words)
    return Markup('<a href="{}">{}</a>').format(address, words)


@cache
def stylesheet() -> Markup:
    """Return the style sheet of every page and chart, without its comments."""
    text = _CSS_COMMENT.sub("", (_HERE / "static" / "style.css").read_text(encoding="utf-8"))
    lines = " ".join(f"{text}\n{chart_style.stylesheet()}".split())
    return Markup(re.sub(r" ?([{};]) ?|(?<=[:,]) ", r"\1", lines))  # noqa: S704 - ours


@cache
def script_text(name: str) -> str:
    """Return a script of the house without what only those who change it read."""
    return _compact((_HERE / "static" / name).read_text(encoding="utf-8"))


def _compact(script: str) -> str:
    """Return a script without comment lines, indentation and empty lines."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def content_security_policy(*scripts: str) -> str:
    """Return a policy that lets a page run these very scripts and ask for nothing.

    Examples
    --------
    >>> content_security_policy("f()")[:39]
    "default-src 'none'; script-src 'sha256-"
    """
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()) for text in scripts)
    known = " ".join(f"'sha256-{digest.decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {known or chr(39) + 'none' + chr(39)}; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def with_own_links(html: str, page: str) -> str:
    """Return a page whose links to places on itself stay there under any address."""
    return html.replace(f'href="{page}.html#', 'href="#') if page else html


def tidy_lines(html: str) -> str:
    """Return a page without the empty lines that a template leaves between elements."""
    return re.sub(r">\n{2,}(?=<)", ">\n", html).strip() + "\n"
