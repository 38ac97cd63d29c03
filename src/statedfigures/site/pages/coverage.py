"""Whether every number on the pages leads back, and every link inside the site leads somewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import unquote

from statedfigures.errors import RunError

COMPLAINTS_SHOWN = 20
NUMERAL = re.compile(r"\d+(?:[.,:/\u2019]\d+)*|[\u00bc-\u00be\u2150-\u215e]")
# Kinds of rows with a place on the site: the element with such an id is the source itself.
REGISTERS = frozenset(
    {"figure", "claim", "series", "finding", "published", "assumption", "measure", "parameter"}
)
# A date, a count or parameter, code, a title or quotation, and what is no text.
_STRUCTURAL = frozenset({"time", "data", "pre", "code", "cite", "script", "style", "template"})
_SPOKEN = frozenset({"alt", "aria-label", "aria-description", "aria-valuetext", "title"})
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
# What holds for the numerals in an element; of two, the later in this order.
_OPEN, _COVERED, _MARKED, _LEFT_OUT = range(4)


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
        path: _reading_of(content) for path, content in files.items() if path.endswith(".html")
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


class PageReading(HTMLParser):
    """What stands on a page of this house: counts in its body, and what may be wrong with it.

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
        # Of each open element its tag; what holds for the numerals in it, and the chart, row or
        # block that it stands in: one link covers every number there.
        self._tags, self._open = [""], [(_LEFT_OUT, 0)]
        self._groups = 0
        self._waiting: list[tuple[str, int]] = []
        self._linked: set[int] = set()
        self.feed(html)
        self.close()
        self.uncovered = [words for words, group in self._waiting if group not in self._linked]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down an element, and read what it has spoken."""
        told = {name: value or "" for name, value in attrs}
        holds, group = self._open[-1]
        identity, address = told.get("id", ""), told.get("href", "")
        classes = told.get("class", "").split()
        if identity:
            (self.repeated if identity in self.ids else self.ids).add(identity)
        if "data-n" in told:
            self.links.setdefault(f"#n-{told['data-n']}", tag)
        if tag == "a" and address and not _is_elsewhere(address):
            self.links.setdefault(address, tag)
        if group and "why" in classes:
            self._linked.add(group)
        if tag in ("figure", "tr") or "block" in classes:
            self._groups += 1
            group = self._groups
        if tag == "main":
            holds = _OPEN
        elif tag in _STRUCTURAL:
            holds = _LEFT_OUT
        elif "untraced" in classes:
            holds = max(holds, _MARKED)
        elif told and _covers(told):
            holds = max(holds, _COVERED)
        for name in _SPOKEN & told.keys():
            self._read(told[name], holds, group)
        if tag not in _VOID:
            self._tags.append(tag)
            self._open.append((holds, group))

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it that were left open."""
        if tag in self._tags:
            ended = 1 + self._tags[::-1].index(tag)
            del self._tags[-ended:], self._open[-ended:]

    def handle_data(self, data: str) -> None:
        """Read a text."""
        self._read(data, *self._open[-1])

    def _read(self, text: str, holds: int, group: int) -> None:
        """Count the numerals of a text, shown or spoken, and see whether they lead back."""
        if holds == _LEFT_OUT or not (count := len(NUMERAL.findall(text))):
            return
        self.numerals += count
        if holds == _MARKED:
            self.untraced += count
        elif holds == _OPEN:
            self._waiting.append((" ".join(text.split())[:80], group))


@lru_cache(maxsize=64)
def _reading_of(content: bytes) -> PageReading:
    """Read a page; those that the sets of a grid share are read once."""
    return PageReading(content.decode())


def _complaints(
    path: str, pages: Mapping[str, PageReading], places: Collection[str]
) -> Iterator[str]:
    page = pages[path]
    for words in page.uncovered:
        yield f"{path}: {words!r} holds a number that leads nowhere"
    for identity in sorted(page.repeated):
        yield f"{path}: the id {identity!r} stands there twice"
    for address, element in page.links.items():
        place, _, fragment = address.partition("#")
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
        or (_is_source(address.partition("#")[2]) and not _is_elsewhere(address))
        or _is_source(identity)
        or identity == "rows"  # the names of the rows behind a page's numbers
    )


def _is_source(identity: str) -> bool:
    """Whether an id is that of a register's row, or of a working in the list of a page."""
    kind, hyphen, rest = identity.partition("-")
    return bool(hyphen and rest) and (kind in REGISTERS or kind in {"n", "why"})


def _is_elsewhere(address: str) -> bool:
    return bool(re.match(r"[a-z][a-z0-9+.-]*:", address)) or address.startswith("//")
