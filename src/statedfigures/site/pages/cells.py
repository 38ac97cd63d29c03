"""The cells of an executed notebook as HTML: markdown, what the library shows, anything else."""

from __future__ import annotations

import base64
import calendar
import copy
import hashlib
import re
from dataclasses import dataclass, field
from html import unescape
from itertools import chain, count
from typing import Any

import bleach  # type: ignore[import-untyped]
import mistune
from markupsafe import Markup

from statedfigures.display import shown
from statedfigures.display.provenance import Ledger, Number, is_known
from statedfigures.site.pages.coverage import NUMERAL, PageReading
from statedfigures.site.pages.downloads import shown_path, table_of
from statedfigures.site.pages.template import WORDS

INJECTED = "injected-parameters"
LONG_HEADING = 60  # characters of a heading from which on it is set smaller
REMEDY = (
    "show it with sf.table(frame, inputs=…, formula=…), or keep the column inputs of the frames "
    "it was made from"
)
ALT_REMEDY = "show it with sf.chart(figure, data=frame, title=…, alt=…), which asks for one"
_TYPED_NUMBER = "a number is typed into the text; let a cell compute the sentence"
_LOST = "a picture is on the page only where it is part of the notebook and has alternative text"
_NEEDS_SCRIPT = "what it shows needs a script or a frame, and a page here runs none"
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_OBJECT = re.compile(r"\A(None|\s*[\[(]?<[^<>]*>.*)\Z", re.DOTALL)
_MEMORY_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ACTIVE = re.compile(r"<(script|iframe|img|svg|canvas|video|audio|object|embed)\b", re.IGNORECASE)
_STYLE = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_MONTHS = "|".join(calendar.month_name[1:])
_EMPTY_SECTION = re.compile(r"<h2\b[^>]*>[^<]*</h2>\s*(?=<h2\b|\Z)")
_DAY = rf"\b\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?\b"
_YEARS = r"\b(?:1[5-9]|20)\d\d(?:[-–/]\d{2,4})*s?\b(?![.,:]?\d)"
_NAME = r"(?<![£$€])\b(?:[^\W\d]\w*?\d|\d+[A-Z])\w*"
_TYPED = re.compile(rf"(?P<time>{_DAY}|{_YEARS})|(?P<cite>{_NAME})|{NUMERAL.pattern}")
_TEXT_TAGS = {"a", "b", "br", "code", "em", "i", "li", "ol", "p", "pre", "span", "strong", "ul"}
_TABLE_TAGS = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_ATTRIBUTES = {"a": ["href"], "th": ["colspan", "rowspan"], "td": ["colspan", "rowspan"]}


@dataclass(slots=True)
class PageBody:
    """The main part of a page that a notebook makes.

    Attributes
    ----------
    ledger
        Where its numbers come from.
    title
        Text of the title cell.
    parts
        HTML of each cell and output, in order.
    records
        What the library showed, in order.
    refused
        What a strict run does not accept, each with the cell and the remedy.
    faults
        What no run accepts.
    """

    ledger: Ledger
    title: str = ""
    parts: list[Markup] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def html(self) -> Markup:
        """The parts, one a line, without headings that nothing follows.

        A chart before the first section heads a section itself.
        """
        whole = _EMPTY_SECTION.sub("", "\n".join(filter(None, self.parts)))
        before, found, after = whole.partition("<h2")
        before = before.replace("<h3>", '<h2 class="minor">').replace("</h3>", "</h2>")
        return Markup(f"{before}{found}{after}")  # noqa: S704 - was HTML

    @property
    def answer(self) -> shown.Answer | None:
        """The first answer that a cell shows."""
        return next((each for each in self.records if isinstance(each, shown.Answer)), None)


def page_body(notebook: Any, ledger: Ledger) -> PageBody:
    """Return the main part of a page.

    Parameters
    ----------
    notebook
        The executed notebook as `scrubbed` returns it: a title cell in Markdown, then Markdown
        and code.
    ledger
        Takes down where the numbers of the page come from.

    Returns
    -------
    PageBody
        With the title once, as the only heading of the first level: that of
        the first answer where a cell shows one, else that of the title cell.
    """
    body, prose, head = PageBody(ledger), Prose(is_marked=True), Prose(is_marked=True)
    titled, number = Markup(), 0
    for cell in notebook.cells:
        is_injected = INJECTED in cell.metadata.get("tags", [])
        number += not is_injected  # as its author counts
        place = f"{ledger.page}.ipynb cell {number}"
        if cell.cell_type == "markdown":
            source, typed, lost = cell.source, prose.untraced, prose.lost
            for name, forms in cell.get("attachments", {}).items():
                for kind, packed in forms.items():
                    source = source.replace(f"attachment:{name}", f"data:{kind};base64,{packed}")
            if not body.title and (found := re.match(r"\s*#\s+(.+)\n*", source)):
                titled, source = head.title(found[1].strip()), source[found.end() :]
                body.title = str(titled.striptags())
            if source.strip():
                body.parts.append(prose.html(source))
            if prose.untraced > typed:
                body.refused.append(f"{place}: {_TYPED_NUMBER}")
            if prose.lost > lost:
                body.faults.append(f"{place}: {_LOST}; {ALT_REMEDY}")
        elif cell.cell_type == "code" and not is_injected:
            for output in cell.outputs:
                _add_output(body, output, place)
    for reference in ledger.used():
        if not is_known(reference, ledger.release):
            told = f"{ledger.page}.ipynb: {reference} is no row of the release"
            body.faults.append(f"{told}; mend the inputs that a cell names")
    body.title = body.title or ledger.page.replace("-", " ").capitalize()
    headline = body.title
    if body.answer is None:
        body.parts.insert(0, Markup("<h1>{}</h1>").format(titled or headline))
        if head.untraced:
            body.refused.append(f"{ledger.page}.ipynb, its title: {_TYPED_NUMBER}")
    else:
        headline = body.answer.headline.text.rstrip(".")
    if len(headline) > LONG_HEADING:
        body.parts[0] = body.parts[0].replace("<h1>", Markup('<h1 class="long">'))
    return body


def _add_output(body: PageBody, output: Any, place: str) -> None:
    """Add what an output shows: a record of the library, or marked as not traced."""
    ledger = body.ledger
    if shown.MIME_TYPE in output.get("data", {}):
        record = shown.from_record(output.data[shown.MIME_TYPE])
        before = ledger.untraced
        if table_of(record) is not None:
            ledger.files[record.name] = shown_path(ledger.page, record.name)
        is_head = isinstance(record, shown.Answer) and body.answer is None
        body.records.append(record)
        html = Markup(record.html(ledger))  # noqa: S704 - escaped where it was made
        is_marked = ledger.untraced > before
        # Ticks, names of rows and words of a picture cannot be marked one by one.
        is_open = isinstance(record, shown.Chart | shown.Table) and (
            is_marked or 'class="why"' not in html
        )
        if is_open and PageReading(f"<main>{html}</main>").uncovered:
            html, is_marked = _marked(html), True
        body.parts.insert(0 if is_head else len(body.parts), html)
        if is_marked:
            body.refused.append(f"{place}: a number is not traced to the release; {REMEDY}")
    elif html := _foreign_html(output, body, place):
        body.parts.append(_marked(html))
        body.refused.append(f"{place}: what it shows is not traced to the release; {REMEDY}")


def _marked(html: Markup) -> Markup:
    """Return an output visibly marked as a whole."""
    note = Markup('<p class="untraced-note">Not traced to the release</p>')
    return Markup('<div class="untraced untraced-block">{}{}</div>').format(note, html)


def _foreign_html(output: Any, body: PageBody, place: str) -> Markup:
    """Return an output that the library did not make, cleaned; empty where nothing is shown."""
    data, text = output.get("data", {}), ""
    if output.output_type == "error":
        body.faults.append(f"{place}: {output.get('ename')}: {output.get('evalue')}")
    elif output.output_type == "stream":
        text = output.text.strip()
    elif kind := next((kind for kind in _PICTURES if kind in data), ""):
        told = output.get("metadata", {})
        if alt := told.get(kind, {}).get("alt") or told.get("alt", ""):
            is_text = kind == "image/svg+xml"
            packed = base64.b64encode(data[kind].encode()).decode() if is_text else data[kind]
            picture = "".join(packed.split())
            return Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, picture, alt)
        body.faults.append(f"{place}: a picture has no alternative text; {ALT_REMEDY}")
    elif "text/html" in data or "application/javascript" in data:
        html = cleaned(data.get("text/html", ""))
        if html.striptags().strip():
            return html
        if "text/html" not in data or _ACTIVE.search(data["text/html"]):
            body.faults.append(f"{place}: {_NEEDS_SCRIPT}; {ALT_REMEDY}")
    elif "text/markdown" in data:
        return Prose().html(data["text/markdown"])
    elif "text/latex" in data:
        text = data["text/latex"]
    else:
        # What a method of pandas or matplotlib happens to return is no result to be read.
        text = _OBJECT.sub("", data.get("text/plain", ""))
    text = _CONTROL.sub("", text)
    return Markup("<pre>{}</pre>").format(text) if text else Markup()


def cleaned(html: str) -> Markup:
    """Return the plain text elements and tables of a fragment, and nothing that acts.

    Examples
    --------
    >>> print(cleaned('<p onclick="f()">4</p><script>f()</script>'))
    <p>4</p>
    """
    kept = bleach.clean(
        _STYLE.sub("", html),
        tags=_TEXT_TAGS | _TABLE_TAGS,
        attributes=_ATTRIBUTES,
        protocols={"http", "https"},
        strip=True,
    )
    # A header without words heads nothing.
    return Markup(kept.replace("<th></th>", "<td></td>"))  # noqa: S704 - cleaned just now


class Prose(mistune.HTMLRenderer):
    """Markdown of a page: raw HTML is shown as text, headings get ids, the title is the page's.

    Parameters
    ----------
    prefix
        Begins the ids of headings.
    is_marked
        Whether typed numbers are visibly marked as not traced, and counted in ``untraced``. Years
        and dates become times, and words such as 5G names; code stays as it is. Pictures that
        are not part of the text, or have no words, are left out and counted in ``lost``.

    Examples
    --------
    >>> prose = Prose(is_marked=True)
    >>> print(prose.html("48 `f(5)`, 5G in 2014"), prose.untraced)
    <p><span class="untraced" title="not traced to the release">48</span> <code>f(5)</code>, \
<cite>5G</cite> in <time>2014</time></p> 1
    """

    def __init__(self, prefix: str = "section", *, is_marked: bool = False) -> None:
        super().__init__(escape=True)
        self.untraced, self.lost, self._prefix, self._is_marked = 0, 0, prefix, is_marked
        self._ids: set[str] = set()
        self._convert = mistune.create_markdown(renderer=self, plugins=["table"])

    def html(self, source: str) -> Markup:
        """Return the HTML of a text."""
        html = re.sub(r"\s+(?=</code></pre>)", "", str(self._convert(source)).strip())
        return Markup(html)  # noqa: S704 - raw HTML is escaped

    def title(self, words: str) -> Markup:
        """Return the words of a heading, without the heading."""
        tokens = self._convert.inline(words, {})
        return Markup(self.render_tokens(tokens, mistune.BlockState()))  # noqa: S704 - as above

    def inline_html(self, html: str) -> str:
        """Return raw HTML as text, without the remarks that a reader is not to see."""
        return self.text(_COMMENT.sub("", html))

    def block_html(self, html: str) -> str:
        """Return raw HTML as text, without the remarks that a reader is not to see."""
        return f"<p>{kept}</p>\n" if (kept := self.inline_html(html.strip())) else ""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture that is part of the text; of any other nothing."""
        if text.strip() and url.startswith("data:image/"):
            return super().image(text, url, title)
        self.lost += 1
        return ""

    def text(self, text: str) -> str:
        """Return a text between marks, its numbers marked where they are to be."""
        html = super().text(unescape(text))  # has no digits that the text has not
        return _TYPED.sub(self._marked, html) if self._is_marked else html

    def _marked(self, found: re.Match[str]) -> str:
        if tag := found.lastgroup:
            return f"<{tag}>{found[0]}</{tag}>"
        self.untraced += 1
        return Number(found[0]).html()

    def heading(self, text: str, level: int, **attrs: Any) -> str:  # noqa: ARG002 - mistune's
        """Return a heading with an id of its own."""
        words = Markup(text).striptags().lower()  # noqa: S704 - only to take its tags off
        slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-") or "untitled"
        numbered = (f"{slug}-{number}" for number in count(2))
        identity = next(each for each in chain([slug], numbered) if each not in self._ids)
        self._ids.add(identity)
        level = max(level, 2)
        return f'<h{level} id="{self._prefix}-{identity}">{text}</h{level}>\n'

    def table(self, text: str) -> str:
        """Return a table that has no columns to hide."""
        return f'<table class="plain">\n{text}</table>\n'


def scrubbed(executed: Any, page: str) -> Any:
    """Return a copy of an executed notebook without what differs from run to run.

    Parameters
    ----------
    executed
        The notebook as it was run. It is left as it is.
    page
        Stem of its page, from which the ids of the cells are made.

    Returns
    -------
    NotebookNode
        With fixed cell ids, and no times, paths, versions or messages that a
        kernel wrote to standard error.
    """
    notebook = copy.deepcopy(executed)
    for position, cell in enumerate(notebook.cells):
        injected = INJECTED in cell.metadata.get("tags", [])
        digest = hashlib.sha256(f"{page}\n{position}\n{cell.source}".encode()).hexdigest()
        cell["id"] = INJECTED if injected else digest[:12]
        cell["metadata"] = {key: cell.metadata[key] for key in ("tags",) if key in cell.metadata}
        if cell.cell_type != "code":
            continue
        cell["outputs"] = [output for output in cell.outputs if output.get("name") != "stderr"]
        for output in cell.outputs:
            data = output.get("data", {})
            if "text/plain" in data:
                data["text/plain"] = _MEMORY_ADDRESS.sub("", data["text/plain"])
            if "text" in output:
                output["text"] = _MEMORY_ADDRESS.sub("", output["text"])
    notebook["metadata"] = copy.deepcopy(WORDS["notebook"])
    return notebook
