"""The publisher's page or a plain text of the release, read into its paragraphs.

Paragraphs are kept apart from what lies around them on a page: menus, sharing
links, footers. What was left out is listed, so that nothing goes unseen.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from statedfigures.errors import SourceTextError

if TYPE_CHECKING:
    from bs4.element import Tag

LARGEST_COPY_BYTES = 10_000_000
HEAD = "head"  # the section of what stands above the text: title, publisher, date
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_WORDS = tomllib.loads((files(__package__) / "page_words.toml").read_text(encoding="utf-8"))
_BLOCKS = frozenset(_WORDS["blocks"].split())
_HEADINGS = frozenset(_WORDS["headings"])
_NAMES, _PARTS, _LINES = (
    "".join(_WORDS[name].splitlines()) for name in ("around_names", "around_parts", "lines")
)
# A class or id that ends with such a word; social-care is no social.
_AROUND_NAME = re.compile(rf"(?:.*[-_])?({_NAMES})(?:[-_](?:{_PARTS}))*", re.I)
_AROUND_LINE = re.compile(rf"(?:{_LINES})\W*", re.I)
_LOOKS_LIKE_HTML = re.compile(r"^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.I)
_SAME_CHARACTER = str.maketrans(
    {sign: same for same, signs in _WORDS["same"].items() for sign in signs}
)
# Soft hyphen, zero-width spaces and joiners, byte-order mark.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# A space that does not break, between the thousands of one number.
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})[\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")
_SPACES = re.compile(r"\s+")
_BULLET = re.compile(r"^(?:[•‣◦·●▪■*-] )+")
_BULLET_LINE = re.compile(r"^\s*[•‣◦·●▪■*-]\s")
# A line longer than this is not one that an editor has wrapped.
_LONGEST_WRAPPED = 120
_LONGEST_HEADING = 90
_FEWEST_WORDS = 12  # of a paragraph of prose; titles, dates and names have fewer


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A paragraph of a copy of the release.

    Attributes
    ----------
    text
        The normalised text.
    sha256
        The fingerprint of the text.
    place
        Where it stands in the copy: ``line 12`` or ``block 7``.
    kind
        ``heading``, ``bullet`` or ``text``.
    locator
        Section and number that it would have in ``paragraphs.csv``.
    """

    text: str
    sha256: str
    place: str
    kind: str = "text"
    locator: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What lies around the release in a copy, and why it was left out."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """A copy of a release.

    Attributes
    ----------
    paragraphs
        In the order of the copy; at least one.
    left_out
        What was read and is no part of the release.
    on_web_page
        Whether the copy is a web page.
    title
        Title that a web page gives itself.
    metas
        What else a web page says of itself: its ``meta`` elements by their
        names, and ``canonical``, its address.
    """

    paragraphs: tuple[SourceParagraph, ...]
    left_out: tuple[LeftOut, ...] = ()
    on_web_page: bool = False
    title: str = ""
    metas: Mapping[str, str] = field(default_factory=dict)


# ---------------------------------------------------------------- one spelling


def normalise(text: str) -> str:
    """Return a text with one form of space, bullet, quotation mark and dash.

    Parameters
    ----------
    text
        A paragraph or a fragment of it.

    Returns
    -------
    str
        The text in Unicode form C, straight quotation marks, plain hyphens,
        single spaces, commas between thousands that a space without a break sets apart,
        and without the bullet it opens with. Letters, digits
        and all other signs are kept. Normalising twice changes nothing more.

    Examples
    --------
    >>> normalise("  • the ‘old pier’ –  in 2012–13 ")
    "the 'old pier' - in 2012-13"
    """
    visible = _THOUSANDS.sub(r"\1,", text.translate(_INVISIBLE))
    same = unicodedata.normalize("NFC", visible).translate(_SAME_CHARACTER)
    return _BULLET.sub("", _SPACES.sub(" ", same).strip())


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a normalised text, in 64 hexadecimal digits.

    Examples
    --------
    >>> fingerprint("• Ships  arrived") == fingerprint("Ships arrived")
    True
    """
    return hashlib.sha256(normalise(text).encode("utf-8", "surrogatepass")).hexdigest()


def holds_fragment(text: str, fragment: str) -> bool:
    """Whether a fragment stands in a text as whole words and whole numbers.

    Examples
    --------
    >>> holds_fragment("from 736 in 2010", "736 in 2010")
    True
    >>> holds_fragment("from 1,736 in 2010", "736 in 2010")
    False
    """
    words = re.escape(normalise(fragment))
    if not words:
        return False
    pattern = rf"(?<!\w)(?<!\d[.,]){words}(?!\w)(?![.,]\d)"
    return re.search(pattern, normalise(text)) is not None


# ---------------------------------------------------------------- reading a copy


def read_source_text(path: Path) -> SourceText:
    """Read a copy of the release into its paragraphs.

    Parameters
    ----------
    path
        A text file in UTF-8, or the HTML of the publisher's page.

    Returns
    -------
    SourceText
        Its paragraphs, with locators and fingerprints, and what was left out.

    Raises
    ------
    SourceTextError
        If the file is missing, a folder, unreadable, too large, not text or
        empty. The message names the file and says what to do.
    """
    text = _read_copy(path)
    is_page = path.suffix.lower() in _HTML_SUFFIXES or bool(_LOOKS_LIKE_HTML.match(text))
    found = read_page(text) if is_page else read_plain_text(text)
    if not found.paragraphs:
        raise SourceTextError(f"{path} holds no text; give the full text of the release")
    return found


def read_plain_text(text: str) -> SourceText:
    r"""Split plain text into paragraphs.

    Parameters
    ----------
    text
        The whole text. An empty line ends a paragraph and a bullet begins one.
        Where lines are too long to have been wrapped by an editor, or no
        empty line stands between any of them, each line is a paragraph.

    Returns
    -------
    SourceText
        Only what copies of a page carry along is left out, such as
        ``Share this article``; everything else counts.

    Examples
    --------
    >>> [part.text for part in read_plain_text("Ships\n\n • One\n   more\n • Two").paragraphs]
    ['Ships', 'One more', 'Two']
    """
    lines = pd.Series(text.splitlines(), dtype="str")
    filled = lines.map(normalise).astype("str") != ""
    bullets = lines.str.contains(_BULLET_LINE)
    begins = bullets | ~filled.shift(fill_value=False) | _has_a_paragraph_a_line([*lines])
    parts = []
    for _, group in lines[filled].groupby(begins[filled].cumsum()):
        first = int(group.index[0])
        kind = "bullet" if bullets[first] else "text"
        parts.append(_paragraph(" ".join(group), f"line {first + 1}", kind))
    return _without_notices(parts)


def _has_a_paragraph_a_line(lines: Sequence[str]) -> bool:
    """Whether each line is a paragraph of its own, and not wrapped by an editor."""
    filled = [line.rstrip() for line in lines]
    pairs = [(above, below) for above, below in pairwise(filled) if above and below]
    if any(max(map(len, pair)) > _LONGEST_WRAPPED for pair in pairs):
        return True
    if "" in filled[1:-1] or not pairs:
        return False
    # Without an empty line: wrapped, if the first word of a line did not fit on the one above.
    width = max(map(len, filled))
    return any(
        len(above) + 1 + len(below.split()[0]) <= width and not below.startswith((" ", "\t"))
        for above, below in pairs
        if not _BULLET_LINE.match(below)
    )


def read_page(html: str) -> SourceText:
    """Split the main part of a web page into paragraphs.

    Parameters
    ----------
    html
        The HTML of the page. ``main`` is taken where there is such an
        element, else the only ``article``, else the body.

    Returns
    -------
    SourceText
        One paragraph for each run of text within a block element. Navigation,
        sharing links, forms and footers are left out and listed.

    Examples
    --------
    >>> page = read_page("<nav>Menu</nav><p>In <b>2013</b></p><ul><li>Ships</ul>")
    >>> [part.text for part in page.paragraphs], page.left_out[0].reason
    (['In 2013', 'Ships'], 'navigation')
    """
    # Imported here: most commands read no web page.
    from bs4 import BeautifulSoup
    from bs4.element import PreformattedString

    page = BeautifulSoup(html, "html.parser")
    title = normalise(page.title.get_text(" ")) if page.title else ""
    # Of two that have one name, the first.
    metas = {str(tag.get("property") or tag.get("name") or "").lower():
             normalise(str(tag.get("content") or ""))
             for tag in reversed(page.find_all("meta"))}  # fmt: skip
    if link := page.find("link", rel="canonical"):
        metas["canonical"] = str(link.get("href") or "")
    for part in page.find_all(_WORDS["no_text"]):
        part.decompose()
    for text in page.find_all(string=True):
        if isinstance(text, PreformattedString):  # a comment or a declaration
            text.extract()
    articles = page.find_all("article")
    main = page.find("main") or page.find(role="main")
    root = main or (articles[0] if len(articles) == 1 else page.body or page)
    left_out = []
    if root is not page and root.name != "body":
        root.extract()
        words = filter(None, map(normalise, page.find_all(string=True)))
        left_out = [LeftOut("page", text, "outside the main part of the page") for text in words]
    left_out += _take_out_around(root)
    texts = ((text, kind) for text, kind in _block_texts(root) if normalise(text))
    parts = [_paragraph(text, f"block {n}", kind) for n, (text, kind) in enumerate(texts, start=1)]
    return _without_notices(parts, left_out, on_web_page=True, title=title, metas=metas)


def _take_out_around(root: Tag) -> list[LeftOut]:
    """Take navigation, sharing links, forms and footers out of the main part."""
    left_out = []
    for part in root.find_all(True):
        if part.decomposed:
            continue
        reason = _WORDS["around"].get(part.name, "")
        names = [*part.get_attribute_list("class"), part.get("id")]
        named = (_AROUND_NAME.fullmatch(name) for name in names if isinstance(name, str))
        if part.get("role") in _WORDS["around_roles"]:
            reason = str(part.get("role"))
        elif part.has_attr("hidden") or part.get("aria-hidden") == "true":
            reason = "hidden"
        elif (found := next(filter(None, named), None)) and _is_mostly_links(part):
            reason = f"marked as {found[1].lower()}"
        if reason:
            if words := normalise(part.get_text(" ")):
                left_out.append(LeftOut("page", words, reason))
            part.decompose()
    return left_out


def _is_mostly_links(part: Tag) -> bool:
    """Whether a part is links or a few words, and no paragraphs of prose."""
    text = normalise(part.get_text(" "))
    linked = sum(len(normalise(link.get_text(" "))) for link in part.find_all("a"))
    few = len(text.split()) <= _FEWEST_WORDS and not re.search(r"\d", text)
    return linked * 2 >= len(text) or few


def _without_notices(
    parts: Sequence[SourceParagraph], left_out: Sequence[LeftOut] = (), **page: Any
) -> SourceText:
    """Return the copy without the links and notices that publishers put around every text."""
    notices = [part for part in parts if _is_notice(part)]
    kept = [part for part in parts if not _is_notice(part)]
    if not page:
        kept = [replace(part, kind="heading") if _is_heading(part, after) else part
                for part, after in zip_longest(kept, kept[1:])]  # fmt: skip
    around = [LeftOut(part.place, part.text, "a link or notice of the site") for part in notices]
    return SourceText(_located(kept), (*left_out, *around), **page)


def _is_notice(part: SourceParagraph) -> bool:
    """Whether a paragraph is a link or notice of the site; what states a number is none."""
    number = re.search(r"\d", re.sub(r"https?://\S+|^©.*", "", part.text))
    return part.kind != "heading" and not number and bool(_AROUND_LINE.fullmatch(part.text))


def _block_texts(root: Tag) -> Iterator[tuple[str, str]]:
    """Yield the runs of text between the borders of block elements, with their kind."""
    for part in root.find_all(True):
        if part.name == "br":
            part.replace_with(" ")
        elif part.name not in _BLOCKS:
            part.unwrap()
    root.smooth()  # strings that now stand beside each other become one
    for text in root.find_all(string=True):
        above = {part.name for part in text.parents}
        bullet_or_text = "bullet" if "li" in above else "text"
        yield str(text), "heading" if above & _HEADINGS else bullet_or_text


# ---------------------------------------------------------------- sections


def _is_heading(part: SourceParagraph, after: SourceParagraph | None) -> bool:
    """Whether a line of plain text is a heading: short, without a stop, above something longer."""
    short = len(part.text) <= _LONGEST_HEADING and not part.text.endswith((".", ",", ";", "!"))
    above = after is not None and (after.kind == "bullet" or len(after.text) > len(part.text))
    return part.kind == "text" and short and above and not _is_label(part.text)


def _located(parts: Sequence[SourceParagraph]) -> tuple[SourceParagraph, ...]:
    """Return the paragraphs with their locators: section and number, 0 for the heading."""
    sections: Counter[str] = Counter()
    located: list[SourceParagraph] = []
    section, number = HEAD, 0
    for part in parts:
        title = part.text.casefold() == parts[0].text.casefold()
        is_prose = part.kind == "bullet" or len(part.text.split()) >= _FEWEST_WORDS
        new = section_of(part.text) if part.kind == "heading" and not title else ""
        if section == HEAD and not new and not title and is_prose and not _is_label(part.text):
            new = "text"
        if new:
            sections[new] += 1
            section = new if sections[new] == 1 else f"{new}-{sections[new]}"
            number = -1 if part.kind == "heading" else 0
        number += 1
        located.append(replace(part, locator=f"{section}/{number}"))
    return tuple(located)


def _is_label(text: str) -> bool:
    """Whether a paragraph says who, when or where, and is no text: ``From: …``."""
    is_date = re.fullmatch(r"(?:[A-Z][a-z]+,? )?\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+,? \d{4}", text)
    return bool(re.match(r"[A-Z][\w ]{2,20}:\s", text) or is_date) or text.endswith(":")


def section_of(heading: str) -> str:
    """Return the name of a section in locators, from its heading.

    Examples
    --------
    >>> section_of("Ships & ferries: 5 years on")
    'ships-ferries-5-years-on'
    """
    plain = unicodedata.normalize("NFKD", heading.lower()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    name = "-".join(words[:6])[:60].strip("-")
    return name if name and name != HEAD else f"{name or 'section'}-text"


def _paragraph(text: str, place: str, kind: str) -> SourceParagraph:
    return SourceParagraph(normalise(text), fingerprint(text), place, kind)


# ---------------------------------------------------------------- the file


def _read_copy(path: Path) -> str:
    """Return the text of a copy; what is no text is refused in words."""
    advice = "save the release as plain text in UTF-8, or as an HTML page"
    try:
        if path.is_dir():
            problem = "is a folder; name the file that holds the release"
        elif not path.is_file():
            problem = "is not a file; check the name of your copy"
        elif path.stat().st_size > LARGEST_COPY_BYTES:
            problem = f"is larger than {LARGEST_COPY_BYTES:,} bytes; "
            problem += "give the text or the saved page of the release alone"
        else:
            content = path.read_bytes()
            wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
            text = content.decode("utf-16" if wide else "utf-8-sig")
            if "\x00" not in text and not text.startswith("%PDF"):
                return text
            problem = f"is not a text file; {advice}"
    except UnicodeDecodeError as error:
        problem = f"is not text in UTF-8 (byte {error.start + 1}); {advice}"
    except (OSError, ValueError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or error}); check the file"
    raise SourceTextError(f"{path} {problem}")
