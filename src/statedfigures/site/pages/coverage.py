"""Whether every number on the pages leads back, and every link inside the site leads somewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
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
# One link in a chart, a row or a block of a register covers every number in it.
_GROUPS, _BLOCK = frozenset({"figure", "tr"}), "block"
_VOID = frozenset({"base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SPOKEN = ("alt", "aria-label", "aria-description", "aria-valuetext", "title")


@dataclass(slots=True)
class PageReading:
    """What was found on a page: counts in its body, and what may be wrong with it.

    ``uncovered`` holds the words around numerals that lead nowhere, ``ids``
    the anchors, ``repeated`` those that occur twice, and ``links`` the
    addresses that must lead somewhere, each with the element it stands in.
    A marked number leads to its place in the list at the end of the page.
    """

    numerals: int = 0
    untraced: int = 0
    uncovered: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many numerals the pages show, and how many are marked as not traced."""

    numerals: int
    untraced: int

    def __str__(self) -> str:
        """Return the line that ``render`` prints."""
        traced = f"provenance: {self.numerals - self.untraced:,} of {self.numerals:,} numerals"
        return f"{traced}; {self.untraced:,} marked as not traced" if self.untraced else traced


def require_coverage(files: Mapping[str, bytes], planned: Collection[str] = ()) -> Coverage:
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
    Coverage
        The counts.

    Raises
    ------
    RunError
        Naming the pages and the words.

    Examples
    --------
    >>> page = b'<main><p><a href="claims.html#figure-ships">480</a></p></main>'
    >>> str(require_coverage({"index.html": page}, planned=["claims"]))
    'provenance: 1 of 1 numerals'
    """
    pages = {
        path: read_page(content.decode())
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
    return Coverage(
        sum(page.numerals for page in pages.values()), sum(page.untraced for page in pages.values())
    )


def read_page(html: str) -> PageReading:
    """Return the numerals, anchors and addresses of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.reading


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


@dataclass(slots=True)
class _Open:
    """An element that is open, and the numerals in it that nothing covers yet."""

    tag: str
    covers: bool
    untraced: bool
    is_group: bool
    pending: list[str] = field(default_factory=list)
    why: bool = False


class _Reader(HTMLParser):
    """Goes through a page once and keeps the elements that are open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.reading = PageReading()
        self._open: list[_Open] = []
        self._in_main = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note the ids and addresses of an element, and whether it covers what is in it."""
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if identity := given.get("id", ""):
            known = self.reading.ids
            (self.reading.repeated if identity in known else known).add(identity)
        address = given.get("href", "") if tag == "a" else ""
        if "data-n" in given:
            self.reading.links.setdefault(f"#n-{given['data-n']}", tag)
        if address and not _is_elsewhere(address):
            self.reading.links.setdefault(address, tag)
        if "why" in classes:
            for element in reversed(self._open):
                element.why = True
                if element.is_group:
                    break
        leads = address and not _is_elsewhere(address) and _is_source(urldefrag(address)[1])
        covers = bool(
            tag in _STRUCTURAL
            or address.startswith("tel:")
            or leads
            or "data-n" in given
            or "data-file" in given
            or _is_source(identity)
            or identity == "rows"  # the names of the rows behind a page's numbers
        )
        element = _Open(tag, covers, "untraced" in classes, tag in _GROUPS or _BLOCK in classes)
        self._open.append(element)
        if self._in_main:
            for name in _SPOKEN:
                self._count(given.get(name, ""))
        if tag in _VOID:
            self._close(self._open.pop())
        self._in_main += tag == "main"

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and those inside it that need no closing."""
        if not any(element.tag == tag for element in self._open):
            return
        while self._open:
            element = self._open.pop()
            self._close(element)
            if element.tag == tag:
                break
        self._in_main -= tag == "main"

    def handle_data(self, data: str) -> None:
        """Count the numerals of a text."""
        if self._in_main and not any(element.tag in _STRUCTURAL for element in self._open):
            self._count(data)

    def _count(self, text: str) -> None:
        words = " ".join(text.split())
        found = NUMERAL.findall(words)
        if not found:
            return
        self.reading.numerals += len(found)
        if any(element.untraced for element in self._open):
            self.reading.untraced += len(found)
        elif not any(element.covers for element in self._open):
            self._open[-1].pending.append(words[:80])

    def _close(self, element: _Open) -> None:
        """Hand what is not covered to the element around, which may have a link for all of it."""
        if element.is_group and element.why:
            return
        if element.is_group or not self._open:
            self.reading.uncovered += element.pending
        else:
            self._open[-1].pending += element.pending

    def close(self) -> None:
        """Close what a page leaves open."""
        super().close()
        while self._open:
            self._close(self._open.pop())


def _is_source(identity: str) -> bool:
    """Whether an id is that of a register's row, or of a working in the list of a page."""
    kind, hyphen, rest = identity.partition("-")
    return bool(hyphen and rest) and (kind in REGISTERS or kind in {"n", "why"})


def _is_elsewhere(address: str) -> bool:
    return bool(re.match(r"[a-z][a-z0-9+.-]*:", address)) or address.startswith("//")
