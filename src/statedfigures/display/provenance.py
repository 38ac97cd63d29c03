"""Where a shown number comes from: the number, the ledger of a page, the address of a row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from itertools import count
from typing import Any

import jinja2
from markupsafe import Markup

from statedfigures.release.periods import period_words

_PAGES = {"figure": "claims", "published": "sources", "release": "index", "parameter": "index"}
_TOPIC_KINDS = ("series", "finding")
_DIGITS = re.compile(r"(\d[\d.,]*%?)")
# A range, or a period such as 2012-13, stays on one line.
_RANGE = re.compile(r"[£€$−\d.,]*\d[–-][£€$]?\d[\d.,%×]*")
_NAME_COLUMNS = ("label", "title", "short_name", "source_title", "as_stated")


def _template_text(name: str) -> str:
    """Return a template without the breaks and indents that only its readers need."""
    path = files("statedfigures.display").joinpath("templates", name)
    return re.sub(r"\n\s*", "", path.read_text(encoding="utf-8"))


def term_html(text: str) -> Markup:
    """Escape a heading: digits in a term, such as those of a range, are no numbers."""
    parts = enumerate(_DIGITS.split(text))
    return Markup().join(Markup("<data>{}</data>").format(p) if n % 2 else p for n, p in parts)


TEMPLATES = jinja2.Environment(
    loader=jinja2.FunctionLoader(_template_text), autoescape=True, undefined=jinja2.StrictUndefined
)
TEMPLATES.filters["term"] = term_html


def references(*groups: str | Iterable[str]) -> tuple[str, ...]:
    """Return the references of texts and lists of texts, each once, in order.

    Examples
    --------
    >>> references("figure:b figure:a", ["figure:b"])
    ('figure:b', 'figure:a')
    """
    texts = (group.split() if isinstance(group, str) else group for group in groups)
    return tuple(dict.fromkeys(reference for text in texts for reference in text))


@dataclass(frozen=True, slots=True)
class Number:
    """The text of a number, its value and where it comes from.

    Attributes
    ----------
    text
        What a reader sees, such as ``1,235`` or ``about two thirds``.
    inputs
        References such as ``figure:places_2014``, given as a tuple or as one text
        separated by spaces; a number without any is shown as not traced.
    formula
        How it was computed from the inputs, in words; empty for the input itself.
    working
        The calculation in numbers, such as ``1,235 ÷ 736 = 1.68``.
    quiet
        ``time`` for a year or period, ``cite`` for a name or quotation: no number
        link by itself; empty for a number.
    """

    text: str
    inputs: Any = ()
    formula: str = ""
    working: str = ""
    quiet: str = ""

    def __post_init__(self) -> None:
        """Take inputs as one text too."""
        object.__setattr__(self, "inputs", references(self.inputs))

    def __str__(self) -> str:
        """Return the text alone."""
        return self.text

    def html(self, entry: Entry | None = None) -> str:
        """Return escaped HTML; in an entry marked and taken down.

        Examples
        --------
        >>> Number("2014", quiet="time").html(Ledger().entry())
        '<time>2014</time>'
        >>> Number("7").html()
        '<span class="untraced" title="not traced to the release">7</span>'
        """
        text = escape(self.text)
        if entry is not None:
            text = _RANGE.sub(r'<span class="whole">\g<0></span>', text)
        if entry is not None and self.quiet:
            entry.inputs = references(entry.inputs, self.inputs)
            return f"<{self.quiet}>{text}</{self.quiet}>" if re.search(r"\d", text) else text
        if not (self.inputs or self.quiet):
            if entry is not None:
                entry.ledger.untraced += 1
            return f'<span class="untraced" title="not traced to the release">{text}</span>'
        return text if entry is None else entry.marked(self, text)


def anchor(reference: str) -> str:
    """Return the id that the row of a reference has in its page.

    Examples
    --------
    >>> anchor("published:places/2014-01/2014-11")
    'published-places-2014-01-2014-11'
    """
    return re.sub(r"[^\w-]+", "-", reference)


def address_of(
    reference: str, pages: Collection[str] | None = None, release: Any = None, page: str = ""
) -> str:
    """Return the address of the row that a reference names.

    Parameters
    ----------
    reference
        Such as ``figure:places_2014``.
    pages
        Stems of the pages that the site has; None where it has them all.
    release
        The release, by which the topic of a series or finding is known.
    page
        Stem of the page that the link stands in.

    Returns
    -------
    str
        A relative address, or nothing where the site has no such page.

    Examples
    --------
    >>> address_of("figure:places_2014"), address_of("figure:a", page="claims")
    ('claims.html#figure-places_2014', '#figure-a')
    >>> address_of("measure:register", pages=["index", "claims"])
    ''
    """
    kind, _, row_id = reference.partition(":")
    target = row_id if kind == "topic" else _PAGES.get(kind, table_of(kind))
    if kind in _TOPIC_KINDS:
        topics = {} if release is None else getattr(release, target)["topic"]
        target = str(topics.get(row_id, ""))
    if not target or (pages is not None and target not in pages):
        return ""
    here = "" if target == page else f"{target}.html"
    if kind in ("topic", *_TOPIC_KINDS):
        return here or "#"
    return f"{here}#about" if target == "index" else f"{here}#{anchor(reference)}"


def table_of(kind: str) -> str:
    """Return the name of the table that references of a kind name rows of.

    Examples
    --------
    >>> table_of("figure"), table_of("series")
    ('figures', 'series')
    """
    return kind if kind in ("series", "published") else f"{kind}s"


def is_known(reference: str, release: Any) -> bool:
    """Whether a reference names a row of a release, a parameter, or the release itself."""
    kind, _, row_id = reference.partition(":")
    table = getattr(release, table_of(kind), None)
    return kind in ("release", "parameter") or (table is not None and row_id in table.index)


def name_of(reference: str, release: Any = None) -> tuple[str, str]:
    """Return the name of the row behind a reference, and the words it was stated in.

    Examples
    --------
    >>> name_of("parameter:horizon_year")
    ('parameter horizon year', '')
    """
    kind, _, row_id = reference.partition(":")
    plain = f"{kind} {row_id}".replace("_", " ").replace("/", ", ")
    if kind in ("release", "parameter") or not is_known(reference, release):
        return plain, ""
    row = getattr(release, table_of(kind)).loc[row_id]
    name = next((str(row[name]) for name in _NAME_COLUMNS if row.get(name, "")), plain)
    if kind == "published":
        name = ", ".join(filter(None, [str(row["publisher"]), name, period_words(row)]))
    return name, str(row.get("as_stated", ""))


@dataclass(slots=True)
class Entry:
    """The numbers of one sentence, row or chart.

    ``sources`` holds the marked numbers of each source: inputs, formula and working.
    """

    ledger: Ledger
    position: int
    about: str
    inputs: tuple[str, ...] = ()
    sources: dict[tuple[tuple[str, ...], str, str], list[Markup]] = field(default_factory=dict)

    def marked(self, number: Number, text: str) -> str:
        """Return the HTML of a number marked with its place on the page, and take it down."""
        place, source = next(self.ledger.places), (number.inputs, number.formula, number.working)
        marked = Markup(f'<b id="n-{place}">{text}</b>')  # noqa: S704 - escaped before
        self.sources.setdefault(source, []).append(marked)
        return f'<span data-n="{place}">{text}</span>'

    def link_html(self, words: str = "") -> Markup:
        """Return the one link of the entry, around HTML; nothing more where it holds nothing."""
        if not (self.sources or self.inputs):
            return Markup(words)  # noqa: S704 - was HTML
        count = sum(map(len, self.sources.values()))
        what = f"these {count} numbers come" if count > 1 else f"this {'number ' * count}comes"
        words = words or f"<span>Where {what} from</span>"
        return Markup(f'<a class="why" href="#why-{self.position}">{words}</a>')  # noqa: S704

    def told(self) -> tuple[str, ...]:
        """Return the references of its numbers, each once."""
        return references(*(inputs for inputs, _, _ in self.sources))


@dataclass(slots=True)
class Ledger:
    """Collects, in order, where the numbers of a page come from while its HTML is made.

    Attributes
    ----------
    release
        The release, for names and quotations of rows; None shows references.
    pages
        Stems of the pages that the site has; None where it has them all.
    page
        Stem of the page that is made.
    files
        Name of a table or chart to the address of its file, where it has one.
    entries
        One for each sentence, row and chart.
    untraced
        How many numbers lead nowhere.
    places
        Places of the numbers to come.
    """

    release: Any = None
    pages: Collection[str] | None = None
    page: str = ""
    files: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    untraced: int = 0
    places: Iterator[int] = field(default_factory=count)

    def entry(self, about: str = "", inputs: str | Iterable[str] = ()) -> Entry:
        """Begin the entry of a sentence, row or chart."""
        self.entries.append(Entry(self, len(self.entries), about, references(inputs)))
        return self.entries[-1]

    def used(self) -> tuple[str, ...]:
        """Return what all numbers of the page come from, each reference once."""
        return references(*(entry.told() + entry.inputs for entry in self.entries))

    def reference_html(self, reference: str) -> Markup:
        """Return the name of a row, as a link where the site has its page."""
        name, quote = name_of(reference, self.release)
        words = f"{name} (“{quote}”)" if quote and quote != name else name
        address = address_of(reference, self.pages, self.release, self.page)
        link = Markup('<a href="{}">{}</a>').format(address, words)
        return link if address else Markup("<cite>{}</cite>").format(words)

    def html(self) -> str:
        """Return every entry as a list, and below it the rows.

        The panel of the page shows a part of it; readers without scripts have the whole.
        """
        rows: dict[str, int] = {}  # to their places in the list below the entries

        def places(inputs: Iterable[str]) -> list[int]:
            return [rows.setdefault(reference, len(rows)) + 1 for reference in inputs]

        entries = []
        for entry in self.entries:
            told = entry.told()
            numbers = [
                (texts, working or formula, places(inputs if inputs != told else ()))
                for (inputs, formula, working), texts in sorted(entry.sources.items())
            ]
            if every := places(references(told, entry.inputs)):
                entries.append((entry, numbers, every))
        named = map(self.reference_html, rows)
        template = TEMPLATES.get_template("sources.html")
        return template.render(entries=entries, rows=named) if entries else ""
