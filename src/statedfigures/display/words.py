"""Sentences whose numbers remember where they come from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files
from string import Formatter

from markupsafe import Markup

from statedfigures.display.provenance import Entry, Ledger, references
from statedfigures.display.provenance import Number as Number

SENTENCES: dict[str, dict[str, str]] = tomllib.loads(
    (files("statedfigures.display") / "sentences.toml").read_text(encoding="utf-8")
)
_UNIT = re.compile(r"[a-z]+(?:[A-Z]|/)").match
_DIGIT = re.compile(r"\d")
_NUMERAL = re.compile(r"(£?\d[\d.,/–-]*\d%?|£?\d%?)")
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?:[-–]\d\d)?")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+|(?<![\w-])[\w-]+\.html(#[\w-]+)?|#[\w-]+")


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address; an address that is none leaves the words alone."""

    text: str
    address: str

    def __str__(self) -> str:
        """Return the words alone."""
        return self.text

    def html(self, entry: Entry | None = None) -> str:
        """Return the link; without an entry, as off the site, pages of the site are words."""
        is_web = self.address.startswith("http")
        if not _ADDRESS.fullmatch(self.address) or not (entry or is_web):
            return escape(self.text)
        return f'<a href="{escape(self.address)}">{escape(self.text)}</a>'


Part = str | Number | Link


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text in which every number is a `Number`."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        """Return the plain text."""
        return self.text

    @property
    def text(self) -> str:
        """The plain text."""
        return "".join(str(part) for part in self.parts)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The references of all its numbers, each once."""
        return references(*(part.inputs for part in self.parts if isinstance(part, Number)))

    def html(self, ledger: Ledger | None = None) -> str:
        """Return escaped HTML; with a ledger, numbers are marked and one link follows.

        Examples
        --------
        >>> Sentence(("a < b, ", Number("7", "figure:a"))).html(Ledger())[:58]
        'a &lt; b, <span data-n="0">7</span> <a class="why" href="#'
        """
        return "".join(self.words_and_link(ledger))

    def words_and_link(self, ledger: Ledger | None = None) -> tuple[str, str]:
        """Return escaped HTML, and the link that follows it; a heading has that below it."""
        entry = ledger.entry() if ledger is not None else None
        words = parts_html(self.parts, entry)
        link = entry.link_html() if entry is not None else ""
        return words, f" {link}" if link else ""


def parts_html(parts: Iterable[Part], entry: Entry | None = None) -> Markup:
    """Return parts of a sentence or cell as HTML, their numbers taken down in an entry."""
    htmls = (escape(part) if isinstance(part, str) else part.html(entry) for part in parts)
    return Markup("".join(htmls))  # noqa: S704 - escaped


Words = str | Number | Link | Sentence


def sentence(template: str, /, **fields: Words) -> Sentence:
    """Fill a template whose own words hold no digit.

    Parameters
    ----------
    template
        Text with named fields: ``"up from {before} to {after}"``.
    **fields
        A value for each field. A text with a digit is refused too: a name or
        quotation of a table that has one is passed through `name` or `quote`.

    Returns
    -------
    Sentence
        The parts in order.

    Raises
    ------
    ValueError
        If the template or a text holds a digit: a number typed into prose
        leads back to nothing.

    Examples
    --------
    >>> sentence("up from {before}", before=Number("736", "figure:places_2010")).text
    'up from 736'
    """
    parts: list[Part] = []
    for words, field, _, _ in Formatter().parse(template):
        if _DIGIT.search(words):
            raise ValueError(f"a number is typed into the sentence {template!r}")
        parts.append(words)
        if field is not None:
            value = fields[field]
            if isinstance(value, str) and _DIGIT.search(value):
                raise ValueError(f"{value!r} holds a number that leads nowhere")
            parts.extend(value.parts if isinstance(value, Sentence) else (value,))
    return Sentence(tuple(part for part in parts if part != ""))


def name(text: str, *inputs: str) -> Number:
    """Return a name, title or year of a table: its digits are no number of their own.

    Examples
    --------
    >>> name("Category 1 incidents", "series:category_1").quiet
    'cite'
    """
    return Number(text, references(*inputs), quiet="cite")


def period(text: str, *inputs: str) -> Number:
    """Return a year or another period: no number link by itself.

    Examples
    --------
    >>> period("2014", "figure:places_2014").quiet
    'time'
    """
    return Number(text, references(*inputs), quiet="time")


def free_words(text: str | Sentence, *inputs: str | Iterable[str]) -> Sentence:
    """Return a text that an analyst wrote: its years are periods, other numbers lead to inputs.

    Without inputs such a number is shown as not traced. A sentence stays as it is.

    Examples
    --------
    >>> [str(part) for part in free_words("Up 5% by 2019").parts]
    ['Up ', '5%', ' by ', '2019']
    """
    if isinstance(text, Sentence):
        return text
    parts: list[Part] = []
    for place, words in enumerate(_NUMERAL.split(text)):
        if place % 2 and _YEAR.fullmatch(words):
            parts.append(period(words, *references(*inputs)))
        elif words:
            parts.append(Number(words, references(*inputs)) if place % 2 else words)
    return Sentence(tuple(parts))


def quote(fragment: str, reference: str) -> Number:
    """Return a stated fragment in quotation marks."""
    return Number(f"“{fragment}”", reference, quiet="cite")


def joined(items: Iterable[Words], last: str = " and ", between: str = ", ") -> Sentence:
    """Join items as in a list: commas, and a word before the last.

    Examples
    --------
    >>> joined(["places", "children", "posts"]).text
    'places, children and posts'
    """
    listed = list(items)
    parts: list[Part] = []
    for position, item in enumerate(listed):
        if position:
            parts.append(last if position == len(listed) - 1 else between)
        parts.extend(item.parts if isinstance(item, Sentence) else (item,))
    return Sentence(tuple(parts))


def lower_first(text: str) -> str:
    """Write a title inside a sentence: an abbreviation keeps its capitals.

    Examples
    --------
    >>> lower_first("Empty houses"), lower_first("NHS calls")
    ('empty houses', 'NHS calls')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def upper_first(words: Sentence) -> Sentence:
    """Begin a sentence with a capital letter, but not one that begins with a unit such as kWh.

    Examples
    --------
    >>> upper_first(sentence("may falls")).text, upper_first(sentence("kWh a year")).text
    ('May falls', 'kWh a year')
    """
    return _begun(words, lambda text: text if _UNIT(text) else text[:1].upper() + text[1:])


def lower_start(words: Sentence) -> Sentence:
    """Continue a sentence with another: a small letter where no abbreviation begins it.

    Examples
    --------
    >>> lower_start(sentence("From {before} on", before=name("May"))).text
    'from May on'
    """
    return _begun(words, lower_first)


def _begun(words: Sentence, begin: Callable[[str], str]) -> Sentence:
    first, *rest = words.parts
    text = begin(str(first))
    return Sentence((text if isinstance(first, str) else replace(first, text=text), *rest))
