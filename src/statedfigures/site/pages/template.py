"""The template that every page of the house shares: navigation, policy, scripts, styles."""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
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
from statedfigures.display.shown import Shown, verdict_class
from statedfigures.display.tables import verdict_text
from statedfigures.display.words import Sentence

_HERE = Path(__file__).parent
WORDS = tomllib.loads((_HERE / "pages.toml").read_text(encoding="utf-8"))
"""What pages.toml holds."""
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page as the navigation names it."""

    page: str
    name: str
    title: str = ""


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
        Pages of the navigation, and those that the foot of a page names. Without any it is a
        page about several editions, such as a comparison, and has neither.
    states
        The review state of every assumption: an overdue review is told on every page, a
        challenged or rejected assumption on those that use it.
    """

    about: Any
    parameters: Mapping[str, Any] = field(default_factory=dict)
    pages: tuple[PageLink, ...] = ()
    reference: tuple[PageLink, ...] = ()
    states: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"state": []}))

    @property
    def stems(self) -> tuple[str, ...]:
        """Stems of all pages."""
        return tuple(link.page for link in (*self.pages, *self.reference))

    @property
    def overdue(self) -> int:
        """How many assumptions should have been reviewed before this edition."""
        return int((self.states["state"] == "overdue").sum())

    def disputes(self, ledger: Ledger) -> Iterator[tuple[Markup, pd.Series]]:
        """Yield each challenged or rejected assumption behind a page's numbers: name, review."""
        contested = self.states[self.states["state"].isin(["challenged", "rejected"])]
        for name, review in contested.iterrows():
            if (reference := f"assumption:{name}") in ledger.used():
                yield Markup(ledger.reference_html(reference)), review  # noqa: S704 - escaped there


def render_page(
    template: str,
    *,
    title: str,
    site: Site,
    page: str = "",
    ledger: Ledger | None = None,
    data: Mapping[str, Any] | None = None,
    **values: Any,
) -> str:
    """Return a whole document that needs no other file to be shown.

    Parameters
    ----------
    template
        Name of the template of its main part; ``page.html`` for one that is made already.
    title
        Title of the page, as a browser names it.
    site
        What all pages share.
    page
        Stem of its file name.
    ledger
        Takes down where its numbers come from.
    data
        What the script beside that of every page reads as JSON: id of the element to its
        content.
    values
        What the template is filled with. For any page: ``body``, HTML made safe before;
        ``description``, a sentence for search engines; ``json_ld``, descriptions in the words of
        schema.org; ``kind``, the class by which the style sheet knows the main part.

    Returns
    -------
    str
        HTML with a policy under which its own scripts run and nothing else,
        and under which it asks no host for anything.
    """
    run = [script_text("page.js"), *([script_text("what_if.js")] if data else [])]
    values = {"body": "", "description": "", "json_ld": (), "kind": "page", **values}
    values |= {"ledger": ledger or Ledger(), "data": data or {}, "title": title, "site": site}
    values |= {"page": page, "scripts": run, "policy": content_security_policy(*run)}
    html = render_text(template, **values)
    # Links to places on the page itself stay there under any address.
    html = html.replace(f'href="{page}.html#', 'href="#') if page else html
    return re.sub(r">\n{2,}(?=<)", ">\n", html).strip() + "\n"


def render_text(template: str, **values: Any) -> str:
    """Return a file made of a template."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> jinja2.Environment:
    """Return the templates; what those of pages are filled with is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=jinja2.select_autoescape(["html"], default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_with_sources,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    environment.filters |= {"day": date_text, "verdict_text": verdict_text}
    environment.filters["verdict_class"] = verdict_class
    environment.globals |= {"link": site_link, "words": WORDS, "stylesheet": stylesheet}
    return environment


@jinja2.pass_context
def _with_sources(context: jinja2.runtime.Context, value: Any) -> Any:
    """Return what a template shows of a value: of a sentence or a table its HTML."""
    if isinstance(value, Sentence | Shown):
        return Markup(value.html(context["ledger"]))  # noqa: S704 - escaped where it is made
    return "" if value is None else value


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
    """Return a script of the house without comment lines, indentation and empty lines."""
    text = (_HERE / "static" / name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
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
        f"default-src 'none'; script-src {known}; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
