"""The cells of an executed notebook as HTML: markdown, what the library shows, anything else."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import bleach  # type: ignore[import-untyped]
import mistune
from markupsafe import Markup

from statedfigures.display import shown
from statedfigures.display.provenance import Ledger
from statedfigures.site.pages.coverage import NUMERAL
from statedfigures.site.pages.downloads import shown_path, table_of

INJECTED = "injected-parameters"
LONG_HEADING = 60  # characters of a heading from which on it is set smaller
REMEDY = (
    "show it with sf.table(frame, inputs=…, formula=…), or keep the column inputs of the frames "
    "it was made from"
)
ALT_REMEDY = "show it with sf.chart(figure, data=frame, title=…, alt=…), which asks for one"
_OBJECT = re.compile(r"\s*[\[(]?<[^<>]*>.*", re.DOTALL)
_MEMORY_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_STYLE = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"(<[^>]*>)")
_KEPT_TAG, _KEPT_END = (re.compile(f"<{end}(code|pre|time|cite)\\b") for end in ("", "/"))
_DATE = (
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)(?: \d{4})?\b|\b(?:1[5-9]|20)\d\d(?:[-–/]\d{2,4})*s?\b(?![.,:]?\d)"
)
_TYPED = re.compile(rf"(?P<date>{_DATE})|(?<![\w&#-]){NUMERAL.pattern}(?![A-Za-z])")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TEXT_TAGS = {"a", "b", "br", "code", "em", "i", "li", "ol", "p", "pre", "span", "strong", "ul"}
_TABLE_TAGS = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_ATTRIBUTES = {"a": ["href"], "th": ["colspan", "rowspan"], "td": ["colspan", "rowspan"]}
# What a kernel says about itself and is the same for every version of Python.
_LANGUAGE = {
    "name": "python",
    "mimetype": "text/x-python",
    "file_extension": ".py",
    "pygments_lexer": "ipython3",
    "codemirror_mode": {"name": "ipython", "version": 3},
    "nbconvert_exporter": "python",
}
_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(slots=True)
class PageBody:
    """The main part of a page that a notebook makes.

    Attributes
    ----------
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

    title: str = ""
    parts: list[Markup] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def html(self) -> Markup:
        """The parts, one a line; a chart before the first section heads a section itself."""
        before, found, after = "\n".join(self.parts).partition("<h2")
        before = before.replace("<h3>", '<h2 class="minor">').replace("</h3>", "</h2>")
        return Markup(f"{before}{found}{after}")  # noqa: S704 - was HTML


def page_body(notebook: Any, ledger: Ledger, page: str) -> PageBody:
    """Return the main part of a page.

    Parameters
    ----------
    notebook
        The executed notebook: a title cell in Markdown, then Markdown and code.
    ledger
        Takes down where the numbers come from.
    page
        Stem of the page, for messages.

    Returns
    -------
    PageBody
        With the title once, as the only heading of the first level: that of
        the first answer where a cell shows one, else that of the title cell.
    """
    body, markdown = PageBody(), Prose()
    path = str(notebook.metadata.get("papermill", {}).get("input_path", "")).replace("\\", "/")
    name = path.rpartition("/")[2] or f"{page}.ipynb"
    for number, cell in enumerate(notebook.cells, 1):
        place = f"{name} cell {number}"
        if cell.cell_type == "markdown":
            source = cell.source
            if not body.title and (found := re.match(r"\s*#\s+(.+)\n*", source)):
                body.title, source = found[1].strip(), source[found.end() :]
            if source.strip():
                html, count = marked_untraced(markdown.html(source))
                body.parts.append(html)
                if count:
                    body.refused.append(
                        f"{place}: a number is typed into the text; let a cell compute the sentence"
                    )
        elif cell.cell_type == "code" and INJECTED not in cell.metadata.get("tags", []):
            for output in cell.outputs:
                _add_output(body, output, ledger, place)
    title = body.title or page.replace("-", " ").capitalize()
    places = [place for place, part in enumerate(body.parts) if "<h1" in part]
    headed = (
        body.parts.pop(places[0]) if places else Markup("<h1><cite>{}</cite></h1>").format(title)
    )
    words = re.search(r"<h1>(.*?)</h1>", headed, re.DOTALL)
    if words and len(Markup(words[1]).striptags()) > LONG_HEADING:  # noqa: S704 - only measured
        headed = Markup(str(headed).replace("<h1>", '<h1 class="long">', 1))  # noqa: S704 - was HTML
    body.parts.insert(0, headed)
    return body


def _add_output(body: PageBody, output: Any, ledger: Ledger, place: str) -> None:
    """Add what an output shows: a record of the library, or marked as not traced."""
    data = output.get("data", {})
    if shown.MIME_TYPE in data:
        record = shown.from_record(data[shown.MIME_TYPE])
        before = ledger.untraced
        if table_of(record) is not None:
            ledger.files[record.name] = shown_path(ledger.page, record.name)
        body.records.append(record)
        body.parts.append(Markup(record.html(ledger)))  # noqa: S704 - escaped where it was made
        if ledger.untraced > before:
            body.refused.append(f"{place}: a number is not traced to the release; {REMEDY}")
        return
    html = _foreign_html(output, body, place)
    if not html:
        return
    note = Markup('<p class="untraced-note">Not traced to the release</p>')
    body.parts.append(Markup('<div class="untraced untraced-block">{}{}</div>').format(note, html))
    body.refused.append(f"{place}: what it shows is not traced to the release; {REMEDY}")


def _foreign_html(output: Any, body: PageBody, place: str) -> Markup:
    """Return an output that the library did not make, cleaned; empty where nothing is shown."""
    if output.output_type == "error":
        body.faults.append(f"{place}: {output.get('ename')}: {output.get('evalue')}")
        return Markup()
    if output.output_type == "stream":
        text = output.text.strip() if output.name == "stdout" else ""
        return Markup("<pre>{}</pre>").format(text) if text else Markup()
    data = output.get("data", {})
    for kind in ("image/png", "image/jpeg", "image/svg+xml"):
        if kind in data:
            told = output.get("metadata", {})
            alt = told.get(kind, {}).get("alt") or told.get("alt", "")
            if not alt:
                body.faults.append(f"{place}: a picture has no alternative text; {ALT_REMEDY}")
                return Markup()
            if kind == "image/svg+xml":
                break
            picture = "".join(data[kind].split())
            return Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, picture, alt)
    if "text/html" in data:
        return cleaned(data["text/html"])
    if "text/markdown" in data:
        return Prose().html(data["text/markdown"])
    text = _MEMORY_ADDRESS.sub("", data.get("text/plain", ""))
    # What a method of pandas or matplotlib happens to return is no result to be read.
    if not text or text == "None" or _OBJECT.fullmatch(text):
        return Markup()
    return Markup("<pre>{}</pre>").format(text)


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


class Prose:
    """Markdown of a page: raw HTML is shown as text, headings get ids, the title is the page's."""

    def __init__(self, prefix: str = "section") -> None:
        self._ids: set[str] = set()
        self._prefix = prefix
        renderer = _Headings(self._heading)
        self._convert = mistune.create_markdown(renderer=renderer, plugins=["table"])

    def html(self, source: str) -> Markup:
        """Return the HTML of a text."""
        html = str(self._convert(source))
        return Markup(html.replace("<table>", '<table class="plain">').strip())  # noqa: S704

    def _heading(self, html: str, level: int) -> str:
        text = Markup(html).striptags()  # noqa: S704 - only to take its tags off
        identity = next(slug for slug in _slugs(text, self._prefix) if slug not in self._ids)
        self._ids.add(identity)
        level = max(level, 2)
        return f'<h{level} id="{identity}">{html}</h{level}>\n'


def _slugs(text: str, prefix: str) -> Iterator[str]:
    """Return ids for a heading, the plain one first."""
    slug = f"{prefix}-" + (_NOT_SLUG.sub("-", text.lower()).strip("-") or "untitled")
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


class _Headings(mistune.HTMLRenderer):
    """Hands headings to the page."""

    def __init__(self, heading: Any) -> None:
        super().__init__(escape=True)
        self._heading = partial(heading)

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        """Return a heading with an id."""
        del attributes
        return str(self._heading(text, level))


def marked_untraced(html: Markup) -> tuple[Markup, int]:
    """Return prose whose typed numbers are visibly marked, and how many there are.

    Years and dates become times; code and names such as 5G stay as they are.

    Examples
    --------
    >>> marked_untraced(Markup("<p>48 <code>f(5)</code></p>"))[1]
    1
    >>> print(*marked_untraced(Markup("<p>5G in 2014</p>")))
    <p>5G in <time>2014</time></p> 0
    """
    count = inside = 0

    def marked(match: re.Match[str]) -> str:
        nonlocal count
        if match["date"]:
            return f"<time>{match[0]}</time>"
        count += 1
        return f'<span class="n untraced" title="not traced to the release">{match[0]}</span>'

    parts = _TAG.split(str(html))  # text at even places, tags at odd ones
    for place, part in enumerate(parts):
        if place % 2:
            inside += bool(_KEPT_TAG.match(part)) - bool(_KEPT_END.match(part))
        elif not inside:
            parts[place] = _TYPED.sub(marked, part)
    return Markup("".join(parts)), count  # noqa: S704 - was HTML


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
    notebook["metadata"] = {"kernelspec": dict(_KERNEL), "language_info": dict(_LANGUAGE)}
    return notebook
