"""Whether every number on the pages leads back, and every link inside the site leads somewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote, urldefrag

from statedfigures.errors import RunError

COMPLAINTS_SHOWN = 20
NUMERAL = re.compile(r"\d+(?:[.,:/\u2019]\d+)*")
# Kinds of rows with a place on the site: the element with such an id is the source itself.
REGISTERS = frozenset(
    {"figure", "claim", "series", "finding", "published", "assumption", "measure", "parameter"}
)
# A date, a count or parameter, code, a title or quotation, and what is no text.
_STRUCTURAL = frozenset({"time", "data", "pre", "code", "cite", "script", "style", "template"})
_SPOKEN = ("alt", "aria-label", "aria-description", "aria-valuetext", "title")
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})


def require_coverage(files: Mapping[str, bytes], planned: Collection[str] = ()) -> tuple[int, int]:
    """Refuse a site with a number that leads nowhere or a link that is broken.

    The body of a page is its ``main`` element: the masthead and the foot only
    name the site and its licences. Left out by rule is what is marked up as a
    date or year, a count or parameter, a title, name or quotation, or code,
    and a telephone number that can be called.

    Parameters
    ----------
    files
        Path inside the site to content, for every file of it.
    planned
        Pages of the report, made or not asked for this time: a link to a page
        that is not there will hold once it is made.

    Returns
    -------
    tuple of int
        How many numerals the pages show, and how many of them are marked as not traced.

    Raises
    ------
    RunError
        Naming the pages and the words.

    Examples
    --------
    >>> page = b'<main><p><a href="claims.html#figure-ships">480</a></p></main>'
    >>> require_coverage({"index.html": page}, planned=["claims"])
    (1, 0)
    """
    pages = {
        path: PageReading(content.decode())
        for path, content in files.items()
        if path.endswith(".html")
    }
    places = {*files, *(f"{page}.html" for page in planned)}
    complaints = [complaint for path in pages for complaint in _complaints(path, pages, places)]
    if complaints:
        shown = complaints[:COMPLAINTS_SHOWN]
        if hidden := len(complaints) - len(shown):
            shown.append(f"and {hidden} more")
        raise RunError("\n".join([*shown, "nothing is published"]))
    read = pages.values()
    return sum(page.numerals for page in read), sum(page.untraced for page in read)


class _Element(NamedTuple):
    """An open element, and what holds for all that stands in it."""

    tag: str
    is_body: bool = False
    is_left_out: bool = False
    is_marked: bool = False
    is_covered: bool = False
    group: tuple[int, int] | None = None
    """Place of the chart, row or block that it stands in: one link covers every number there."""


class PageReading(HTMLParser):
    """What stands on a page: counts in its body, and what may be wrong with it.

    Attributes
    ----------
    numerals, untraced
        How many numerals its body shows, and how many of them are marked as not traced.
    uncovered
        The words around numerals that lead nowhere.
    ids, repeated
        The anchors, and those that occur twice.
    links
        The addresses that must lead somewhere, each with the element it stands in. A marked
        number leads to its place in the list at the end of the page.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.numerals = self.untraced = 0
        self.ids: set[str] = set()
        self.repeated: set[str] = set()
        self.links: dict[str, str] = {}
        self._open = [_Element("")]
        self._waiting: list[tuple[str, tuple[int, int] | None]] = []
        self._linked: set[tuple[int, int]] = set()
        self.feed(html)
        self.close()
        self.uncovered = [words for words, group in self._waiting if group not in self._linked]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down an element, and read what it has spoken."""
        told, above = {name: value or "" for name, value in attrs}, self._open[-1]
        identity, address, classes = (told.get(name, "") for name in ("id", "href", "class"))
        if identity:
            (self.repeated if identity in self.ids else self.ids).add(identity)
        if "data-n" in told:
            self.links.setdefault(f"#n-{told['data-n']}", tag)
        if tag == "a" and address and not _is_elsewhere(address):
            self.links.setdefault(address, tag)
        if above.group and "why" in classes.split():
            self._linked.add(above.group)
        is_group = tag in ("figure", "tr") or "block" in classes.split()
        self._open.append(
            _Element(
                tag,
                above.is_body or tag == "main",
                above.is_left_out or tag in _STRUCTURAL,
                above.is_marked or "untraced" in classes.split(),
                above.is_covered or _covers(told),
                self.getpos() if is_group else above.group,
            )
        )
        for name in _SPOKEN:
            self.handle_data(told.get(name, ""))
        if tag in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it that were left open."""
        tags = [element.tag for element in self._open]
        if tag in tags:
            del self._open[-1 - tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """Count the numerals of a text, shown or spoken, and see whether they lead back."""
        here = self._open[-1]
        if not here.is_body or here.is_left_out or not (count := len(NUMERAL.findall(data))):
            return
        self.numerals += count
        if here.is_marked:
            self.untraced += count
        elif not here.is_covered:
            self._waiting.append((" ".join(data.split())[:80], here.group))


def _complaints(
    path: str, pages: Mapping[str, PageReading], places: Collection[str]
) -> Iterator[str]:
    page = pages[path]
    for words in page.uncovered:
        yield f"{path}: {words!r} holds a number that leads nowhere"
    for identity in sorted(page.repeated):
        yield f"{path}: the id {identity!r} stands there twice"
    for address, element in page.links.items():
        place, fragment = urldefrag(address)
        target = posixpath.normpath(unquote(place)) if place else path
        if target.startswith("../"):
            continue  # another edition: whether it lies there is not for this one to decide
        if target not in places or (
            fragment and target in pages and fragment not in pages[target].ids
        ):
            yield f"{path}: {element} leads to {address}, which is not there"


def _covers(told: Mapping[str, str]) -> bool:
    """Whether the numbers in an element with such attributes lead back."""
    identity, address = told.get("id", ""), told.get("href", "")
    return bool(
        "data-n" in told
        or "data-file" in told
        or address.startswith("tel:")
        or (not _is_elsewhere(address) and _is_source(urldefrag(address)[1]))
        or _is_source(identity)
        or identity == "rows"  # the names of the rows behind a page's numbers
    )


def _is_source(identity: str) -> bool:
    """Whether an id is that of a register's row, or of a working in the list of a page."""
    kind, hyphen, rest = identity.partition("-")
    return bool(hyphen and rest) and (kind in REGISTERS or kind in {"n", "why"})


def _is_elsewhere(address: str) -> bool:
    return bool(re.match(r"[a-z][a-z0-9+.-]*:", address)) or address.startswith("//")
