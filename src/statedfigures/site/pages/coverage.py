"""Whether every number on the pages leads back, and every link inside the site leads somewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup
from bs4.element import Tag

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
    page, reading = BeautifulSoup(html, "html.parser"), PageReading()
    linked = {id(link.find_parent(_is_group)) for link in page.find_all(class_="why")}
    for element in page.find_all():
        identity, address = str(element.get("id", "")), str(element.get("href", ""))
        if identity:
            (reading.repeated if identity in reading.ids else reading.ids).add(identity)
        if "data-n" in element.attrs:
            reading.links.setdefault(f"#n-{element['data-n']}", element.name)
        if element.name == "a" and address and not _is_elsewhere(address):
            reading.links.setdefault(address, "a")
    for element, words in _texts(page.main) if page.main else ():
        around = [element, *element.parents] if (count := len(NUMERAL.findall(words))) else []
        if not around or any(each.name in _STRUCTURAL for each in around):
            continue
        reading.numerals += count
        if any("untraced" in each.get_attribute_list("class") for each in around):
            reading.untraced += count
        elif not any(map(_covers, around)):
            group = next(filter(_is_group, around), None)
            if group is None or id(group) not in linked:
                reading.uncovered.append(" ".join(words.split())[:80])
    return reading


def _texts(body: Tag) -> Iterator[tuple[Tag, str]]:
    """Yield each text of the body, shown or spoken, and the element that it stands in."""
    for part in body.descendants:
        if isinstance(part, Tag):
            yield from ((part, str(part[name])) for name in _SPOKEN if name in part.attrs)
        elif part.parent is not None:
            yield part.parent, str(part)


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


def _is_group(element: Tag) -> bool:
    """Whether one link in an element covers every number in it: a chart, a row, a block."""
    return element.name in ("figure", "tr") or "block" in element.get_attribute_list("class")


def _covers(element: Tag) -> bool:
    """Whether the numbers in an element lead back."""
    identity, address = str(element.get("id", "")), str(element.get("href", ""))
    return bool(
        not {"data-n", "data-file"}.isdisjoint(element.attrs)
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
