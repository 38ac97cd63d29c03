"""An analyst's own copy of the release: plain text or the HTML of a web page, read in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from statedfigures.errors import SourceTextError
from statedfigures.sources.wording import fingerprint, normalise

if TYPE_CHECKING:
    from bs4.element import Tag

LARGEST_COPY_BYTES = 10_000_000
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
LEFT_OUT = ("script", "style", "nav", "footer", "noscript", "template", "svg", "head")
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol", "p",
    "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
})  # fmt: skip
_BULLET_LINE = re.compile(r"^\s*[•‣◦·●▪■*-]\s")
_LOOKS_LIKE_HTML = re.compile(r"^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.I)


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A paragraph of an analyst's copy of the release.

    Attributes
    ----------
    text
        The normalised text.
    sha256
        The fingerprint of the text.
    place
        Where it stands in the copy: ``line 12`` or ``block 7``.
    on_web_page
        Whether the copy is a web page, which has other things on it too.
    """

    text: str
    sha256: str
    place: str
    on_web_page: bool


def read_source_text(path: Path) -> tuple[SourceParagraph, ...]:
    """Read a copy of the release into its paragraphs.

    Parameters
    ----------
    path
        A text file in UTF-8, or the HTML of the web page. In plain text an
        empty line ends a paragraph and a bullet begins one. On a web page the
        paragraphs are the block elements of its main part.

    Returns
    -------
    tuple of SourceParagraph
        In the order of the copy; at least one.

    Raises
    ------
    SourceTextError
        If the file is missing, a folder, unreadable, too large, not text or
        empty. The message names the file and says what to do.
    """
    text = _decode(_read_bytes(path), path)
    on_web_page = path.suffix.lower() in HTML_SUFFIXES or bool(_LOOKS_LIKE_HTML.match(text))
    found = paragraphs_of_page(text) if on_web_page else paragraphs_of_text(text)
    if not found:
        raise SourceTextError(f"{path} holds no text; give the full text of the release")
    return found


def paragraphs_of_text(text: str) -> tuple[SourceParagraph, ...]:
    r"""Split plain text into paragraphs.

    Parameters
    ----------
    text
        The whole text of the release.

    Returns
    -------
    tuple of SourceParagraph
        One for each run of lines without an empty line or a new bullet.

    Examples
    --------
    >>> [part.text for part in paragraphs_of_text("Ships\n\n • One\n   more\n • Two")]
    ['Ships', 'One more', 'Two']
    """
    groups: list[tuple[int, list[str]]] = []
    gap = True
    for number, line in enumerate(text.splitlines(), start=1):
        if not normalise(line):
            gap = True
            continue
        if gap or _BULLET_LINE.match(line):
            groups.append((number, []))
        groups[-1][1].append(line)
        gap = False
    return tuple(
        _paragraph(" ".join(lines), f"line {number}", on_web_page=False) for number, lines in groups
    )


def paragraphs_of_page(html: str) -> tuple[SourceParagraph, ...]:
    """Split the main part of a web page into paragraphs.

    Parameters
    ----------
    html
        The HTML of the page. ``main`` is taken where there is one, else the
        only ``article``, else the body; scripts, styles, navigation and
        footers are left out.

    Returns
    -------
    tuple of SourceParagraph
        One for each run of text within a block element.

    Examples
    --------
    >>> [part.text for part in paragraphs_of_page("<p>In <b>2013</b></p><ul><li>Ships</ul>")]
    ['In 2013', 'Ships']
    """
    # Imported here: most commands read no web page.
    from bs4 import BeautifulSoup

    page = BeautifulSoup(html, "html.parser")
    for part in page.find_all(LEFT_OUT):
        part.decompose()
    articles = page.find_all("article")
    main = page.find("main") or page.find(role="main")
    root = main or (articles[0] if len(articles) == 1 else page.body or page)
    texts = [text for text in _block_texts(root) if normalise(text)]
    return tuple(
        _paragraph(text, f"block {number}", on_web_page=True)
        for number, text in enumerate(texts, start=1)
    )


def _block_texts(root: Tag) -> Iterator[str]:
    """Give the runs of text between the borders of block elements.

    Walks with a list of its own, because a page may be nested more deeply
    than Python calls may be.
    """
    from bs4.element import NavigableString, PreformattedString, Tag

    run: list[str] = []
    waiting: list[object] = [root]
    while waiting:
        part = waiting.pop()
        if part is None:  # a border of a block
            yield "".join(run)
            run.clear()
        elif isinstance(part, Tag):
            border = [None] if part.name in BLOCKS else []
            inside = [" "] if part.name == "br" else list(part.children)
            waiting.extend([*border, *reversed(inside), *border])
        elif isinstance(part, NavigableString):
            if not isinstance(part, PreformattedString):  # comments and the like
                run.append(str(part))
        else:
            run.append(str(part))
    yield "".join(run)


def _paragraph(text: str, place: str, *, on_web_page: bool) -> SourceParagraph:
    return SourceParagraph(normalise(text), fingerprint(text), place, on_web_page)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SourceTextError(f"{path} is a folder; name the file that holds the release")
        if not path.is_file():
            raise SourceTextError(f"{path} is not a file; check the name of your copy")
        if path.stat().st_size > LARGEST_COPY_BYTES:
            raise SourceTextError(
                f"{path} is larger than {LARGEST_COPY_BYTES:,} bytes; "
                "give the text or the saved page of the release alone"
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceTextError(f"{path} cannot be read ({reason}); check the file") from error


def _decode(content: bytes, path: Path) -> str:
    advice = "save the release as plain text in UTF-8, or as an HTML page"
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceTextError(
            f"{path} is not text in UTF-8 (byte {error.start + 1}); {advice}"
        ) from error
    if "\x00" in text or text.startswith("%PDF"):
        raise SourceTextError(f"{path} is not a text file; {advice}")
    return text
