"""Whether every number on the pages leads back, and every link inside the site leads somewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

from statedfigures.display.words import REGISTER_PAGES, row_address
from statedfigures.errors import RunError

SHOWN = 20
NUMERAL = re.compile(r"\d+(?:[.,:/\u2019]\d+)*")
# A date, code and what a programme printed, a work or a standard known by its title,
# and what is no text.
_STRUCTURAL = frozenset({"time", "pre", "code", "cite", "script", "style"})
_VOID = frozenset({"base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_TELLING = ("alt", "aria-label", "aria-description", "title")
_CHART_DATA, _FILE, _WORKING = "table", "file:", "w-"


@dataclass(slots=True)
class PageReading:
    """What was found on one page.

    ``numerals`` counts those in its body, ``uncovered`` holds the texts of
    those that lead nowhere, ``ids`` the anchors and ``links`` the addresses
    that must lead somewhere, each with the words that it stands in.
    """

    numerals: int = 0
    uncovered: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)
    labels: list[tuple[str, str]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many numerals the pages show, and how many of them lead back."""

    numerals: int
    covered: int

    def __str__(self) -> str:
        """Give the line that ``render`` prints."""
        return f"provenance: {self.covered:,} of {self.numerals:,} numerals"


def require_coverage(files: Mapping[str, bytes], planned: Collection[str] = ()) -> Coverage:
    """Refuse a site with a number that leads nowhere or a link that is broken.

    The body of a page is its ``main`` element: the masthead and the foot only
    name the site and its licences. Structural numerals are left out by rule:
    dates marked as such, telephone numbers that can be called, code, and
    titles of works and standards.

    Parameters
    ----------
    files
        Path inside the site to content, for every file of it.
    planned
        Pages of the report, made or not asked for this time: a link to one
        that is not there will hold once it is made.

    Returns
    -------
    Coverage
        The counts, which are equal.

    Raises
    ------
    RunError
        Naming the pages and the words.
    """
    pages = {
        path: read_page(content.decode())
        for path, content in files.items()
        if path.endswith(".html")
    }
    ids = {path: page.ids for path, page in pages.items()}
    complaints = [
        complaint
        for path, page in pages.items()
        for complaint in (
            *(f"{path}: {words!r} holds a number that leads nowhere" for words in page.uncovered),
            *_label_complaints(path, page, pages),
            *_link_complaints(path, page, ids, {*files, *(f"{one}.html" for one in planned)}),
        )
    ]
    numerals = sum(page.numerals for page in pages.values())
    if complaints:
        shown = complaints[:SHOWN]
        if hidden := len(complaints) - len(shown):
            shown.append(f"and {hidden} more")
        lines = "\n".join(shown)
        raise RunError(f"{lines}\nnothing is published")
    return Coverage(numerals, numerals)


def read_page(html: str) -> PageReading:
    """Read the numerals, anchors and addresses of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.reading


def _label_complaints(
    path: str, page: PageReading, pages: Mapping[str, PageReading]
) -> Iterator[str]:
    """Hold the text for those who cannot see a picture against the words that lead back."""
    for label, address in page.labels:
        place, _, fragment = address.rpartition("#")
        other = pages.get(place or path)
        if other is None or other.words.get(fragment) != " ".join(label.split()):
            yield f"{path}: the alternative text {label[:60]!r} holds a number that leads nowhere"


def _link_complaints(
    path: str, page: PageReading, ids: Mapping[str, set[str]], places: Collection[str]
) -> Iterator[str]:
    everywhere: set[str] = set().union(*ids.values())
    for address, words in page.links.items():
        kind, colon, row = address.partition(":")
        if kind == _CHART_DATA and colon:
            if row not in everywhere:
                yield f"{path}: {words!r} leads to the table {row}, which is nowhere"
            continue
        place, fragment = urldefrag(address)
        target = posixpath.normpath(unquote(place)) if place else path
        if target.startswith("../"):
            continue  # another edition: whether it lies there is not this one's to say
        if target not in places or (fragment and fragment not in ids.get(target, {fragment})):
            yield f"{path}: {words!r} leads to {address}, which is not there"


class _Reader(HTMLParser):
    """Goes through a page once and keeps the elements that are open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.reading = PageReading()
        self._open: list[tuple[str, bool, bool]] = []
        self._in_main = 0
        self._caught: list[tuple[int, str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note what an element says of itself, and whether it covers what is in it."""
        given = {name: value or "" for name, value in attrs}
        identity = given.get("id", "")
        if identity:
            self.reading.ids.add(identity)
        structural = tag in _STRUCTURAL or given.get("href", "").startswith("tel:")
        covers = structural
        for address in _addresses(tag, given):
            leads = _leads_back(address)
            covers = covers or leads
            if leads or not _is_elsewhere(address):
                self.reading.links.setdefault(address, tag)
        covers = (
            covers or (tag == "tr" and _is_row(identity)) or _FILE in given.get("data-from", "")
        )
        self._tell(tag, given, covers)
        if tag in _VOID:
            return
        self._open.append((tag, covers, structural))
        self._in_main += tag == "main"
        if "chart-words" in given.get("class", "").split():
            self._caught.append((len(self._open), identity, []))

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Take an element that closes itself, as those of a picture do."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and those inside it that need no closing."""
        if not any(name == tag for name, _, _ in self._open):
            return
        while self._open:
            name, _, _ = self._open.pop()
            while self._caught and self._caught[-1][0] > len(self._open):
                _, identity, parts = self._caught.pop()
                self.reading.words[identity] = " ".join("".join(parts).split())
            if name == tag:
                break
        self._in_main -= tag == "main"

    def handle_data(self, data: str) -> None:
        """Count the numerals of a text."""
        for _, _, parts in self._caught:
            parts.append(data)
        if not self._in_main or not (found := NUMERAL.findall(data)):
            return
        if any(structural for _, _, structural in self._open):
            return
        self.reading.numerals += len(found)
        if not any(covers for _, covers, _ in self._open):
            self.reading.uncovered.append(" ".join(data.split())[:80])

    def _tell(self, tag: str, given: Mapping[str, str], covers: bool) -> None:
        """Take down what is said to those who do not see the element."""
        if not self._in_main:
            return
        for name in _TELLING:
            label = given.get(name, "")
            if not (found := NUMERAL.findall(label)):
                continue
            self.reading.numerals += len(found)
            if "data-words" in given:
                self.reading.labels.append((label, given["data-words"]))
            elif not covers:
                self.reading.uncovered.append(f"{tag} {name}: {label[:60]}")


def _addresses(tag: str, given: Mapping[str, str]) -> Iterator[str]:
    """Give every address that an element leads to, those of its provenance included."""
    if tag == "a" and "href" in given:
        yield given["href"]
    for reference in given.get("data-from", "").split():
        kind = reference.partition(":")[0]
        if kind in REGISTER_PAGES:
            yield row_address(reference)
        elif kind == _CHART_DATA:
            yield reference
    if working := given.get("data-working"):
        yield working if "#" in working else f"#{working}"


def _leads_back(address: str) -> bool:
    """Say whether an address is a row of a register, a working, or the data of a chart."""
    if address.startswith(f"{_CHART_DATA}:"):
        return True
    place, fragment = urldefrag(address)
    return not _is_elsewhere(place) and (fragment.startswith(_WORKING) or _is_row(fragment))


def _is_row(identity: str) -> bool:
    return identity.partition("-")[0] in REGISTER_PAGES and "-" in identity


def _is_elsewhere(address: str) -> bool:
    return bool(re.match(r"[a-z][a-z0-9+.-]*:", address)) or address.startswith("//")
