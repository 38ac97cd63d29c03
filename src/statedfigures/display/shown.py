"""What a cell of a notebook shows, and the record of it from which the site shows it again."""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from importlib.resources import files
from numbers import Number as AnyNumber
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from statedfigures.display import formats
from statedfigures.display.chart_style import chart_svg
from statedfigures.display.columns import (
    SPECIFICATIONS,
    Column,
    Specification,
    flat_frame,
    prepared,
    specification_of,
)
from statedfigures.display.provenance import TEMPLATES, Ledger, references
from statedfigures.display.tables import (
    MARKS,
    TableView,
    blocks_html,
    cell,
    table_html,
    verdict_text,
)
from statedfigures.display.what_if import what_if_html
from statedfigures.display.words import Link, Number, Sentence, free_words
from statedfigures.errors import ParameterError

MIME_TYPE = "application/vnd.statedfigures+json"
LONGEST_TITLE = 15
OPTIONAL = frozenset({"value_to", "rounded_to", "as_stated", "working", "step"})
"""Columns that a specification uses where the frame has them."""


class Shown:
    """Shows itself in a notebook, on a terminal and, by its record, on the site."""

    template = ""
    """Its HTML, of itself as ``shown`` and of ``ledger``."""
    png = b""
    """A picture for forms that take no HTML, such as LaTeX."""

    def html(self, ledger: Ledger | None = None) -> str:
        """Return the HTML; with a ledger that of the site, without that of a notebook."""
        return TEMPLATES.get_template(self.template).render(shown=self, ledger=ledger)

    @property
    def text(self) -> str:
        """The words for a terminal, a block a line."""
        blocks = re.split("</(?:p|h1|h2|li|summary)>", self.html())
        return "\n".join(filter(None, (Markup(block).striptags() for block in blocks)))  # noqa: S704 - its text alone

    def __repr__(self) -> str:
        """Return the words, as a script prints them."""
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002 - Jupyter passes both
        """Return every form at once; Jupyter shows the richest that it can."""
        forms: dict[str, Any] = {"text/plain": self.text, "text/html": self.html()}
        if png := self.png:  # not the SVG, for which LaTeX would ask for Inkscape
            forms["image/png"] = png
        # A text, which Jupyter and papermill carry whole, and not a number at a time.
        return {**forms, MIME_TYPE: json.dumps(_packed(self), ensure_ascii=False)}


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Shown):
    """The finding that opens a page, the line about its edition, and sentences below."""

    headline: Sentence
    edition: Sentence
    lines: tuple[Sentence, ...] = ()

    template = "answer.html"


@dataclass(frozen=True, slots=True)
class Card:
    """A verdict, the words that it is about, and one sentence with the numbers."""

    verdict: str
    words: Sentence
    sentence: Sentence
    count: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Cards(Shown):
    """Verdict cards side by side."""

    cards: tuple[Card, ...]

    template = "cards.html"


def verdict_class(verdict: str) -> str:
    """Return the class of a verdict: what the page colours it by.

    Examples
    --------
    >>> verdict_class("supported within rounding"), verdict_class("no figure known")
    ('holds', 'open')
    """
    return {"✓": "holds", "✕": "fails"}.get(MARKS.get(verdict, "?"), "open")


@dataclass(frozen=True, slots=True, repr=False)
class Notes(Shown):
    """Sentences: a paragraph, or a list, perhaps folded under a title."""

    sentences: tuple[Sentence, ...]
    as_list: bool = False
    fold: str = ""

    template = "notes.html"


@dataclass(frozen=True, slots=True, repr=False)
class Table(TableView, Shown):
    """A frame as the report shows tables.

    ``fold`` is the title of the fold that it stands in, empty for none; ``name``
    that of its file; ``as_blocks`` sets rows one under another, as in a register,
    which is read and not compared.
    """

    fold: str = ""
    name: str = ""
    as_blocks: bool = False

    template = "shown_table.html"

    def rows_html(self, ledger: Ledger | None) -> str:
        """Return the table itself; in a notebook the title of its fold heads it."""
        if self.as_blocks:
            return blocks_html(self, ledger)
        is_headed = ledger is not None or self.caption.text
        headed = self if is_headed else replace(self, caption=free_words(self.fold))
        return table_html(headed, ledger, self.fold)

    @property
    def text(self) -> str:
        """The caption and the first rows, with the columns that a tablet shows."""
        columns = [column for column in self.specification.columns if column.priority < 3]
        lines = [[column.title for column in columns]]
        for _, row, told in self.rows[:5]:
            lines.append([str(cell(each, row, told)) for each in columns])
        wide = [max(map(len, words)) for words in zip(*lines, strict=True)]
        rows = [" ".join(map(str.rjust, line, wide)) for line in lines]
        return "\n".join([self.caption.text, *rows]).strip()


@dataclass(frozen=True, slots=True, repr=False)
class Chart(Shown):
    """A chart with its words and its data.

    Attributes
    ----------
    name
        Begins every id in the picture, and names its file.
    title, subtitle
        The finding, in at most 15 words; what is measured, in what unit.
    wide, narrow
        The picture as SVG for a desk and, where there is one, for a phone.
    alt
        What it shows, for those who cannot see it.
    data
        The table behind it.
    what_if
        What the script of the page redraws it from; None where nothing moves it.
    figure
        The picture as it was drawn; None where it comes from a record.
    fold
        Title of the fold that it stands in, empty for none.
    """

    name: str
    title: Sentence
    subtitle: Sentence
    wide: str
    narrow: str
    alt: str
    data: Table
    what_if: dict[str, Any] | None = None
    figure: Figure | None = None
    fold: str = ""
    template = "chart.html"

    @property
    def png(self) -> bytes:  # type: ignore[override]
        """The picture in 1,000 pixels for 720 points: sharp enough for paper, and soon drawn."""
        written = io.BytesIO()
        if self.figure is not None:
            soon: Any = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 1}}
            with _every_script(), plt.rc_context({"text.hinting": "none"}):
                self.figure.savefig(written, format="png", dpi=100, **soon)
        return written.getvalue()

    @property
    def text(self) -> str:
        """The title and the alternative text."""
        return f"{self.title.text}\n{self.alt}"


TEMPLATES.globals["what_if_html"] = what_if_html
TEMPLATES.filters |= {
    "noun": formats.noun,
    "verdict_class": verdict_class,
    "verdict_text": verdict_text,
}
for _template in files("statedfigures.display").joinpath("templates").iterdir():
    TEMPLATES.get_template(_template.name)  # here, before kernels are forked


def _packed(value: Any) -> Any:
    """Return a value as JSON can hold it; one that needs its class says which it is."""
    if isinstance(value, pd.DataFrame):
        return {
            "is": "frame",
            "names": [value.index.name, value.columns.name],
            "index": value.index.tolist(),
            "columns": value.columns.tolist(),
            "dtypes": list(map(str, value.dtypes)),
            "data": [_items(column) for _, column in value.items()],
        }
    if isinstance(value, dict):
        return {"is": "dict", "value": value}
    if isinstance(value, tuple):
        return [_packed(item) for item in value]
    if is_dataclass(value):
        kept = [field.name for field in fields(value) if field.name != "figure"]
        made = {name: _packed(getattr(value, name)) for name in kept}
        return {"is": type(value).__name__.lower(), **made}
    return value


def _items(column: pd.Series) -> list[Any]:
    """Return the items of a column as JSON can hold them."""
    plain = column.astype("str") if column.dtype.kind == "M" else column
    gone = column.isna().tolist()
    return [None if no else item for item, no in zip(plain.tolist(), gone, strict=True)]


def from_record(text: str) -> Any:
    """Return what a cell showed, from the record that the notebook carries.

    Examples
    --------
    >>> notes = Notes((free_words("As stated."),))
    >>> from_record(notes._repr_mimebundle_()[MIME_TYPE]) == notes
    True
    """
    return _unpacked(json.loads(text))


def _unpacked(record: Any) -> Any:
    if isinstance(record, list):
        return tuple(_unpacked(item) for item in record)
    if not isinstance(record, dict):
        return record
    if record["is"] == "dict":
        return record["value"]
    if record["is"] == "frame":
        dtypes = {name: pd.api.types.pandas_dtype(name) for name in {*record["dtypes"]}}
        columns = enumerate(map(pd.array, record["data"], map(dtypes.get, record["dtypes"])))
        frame = pd.DataFrame(dict(columns), record["index"]).set_axis(record["columns"], axis=1)
        return frame.rename_axis(index=record["names"][0], columns=record["names"][1])
    made = {name: _unpacked(item) for name, item in record.items() if name != "is"}
    return _CLASSES[record["is"]](**made)


_KEPT = (Answer, Card, Cards, Notes, Table, Chart, Specification, Column, Sentence, Number, Link)
_CLASSES: dict[str, type[Any]] = {made.__name__.lower(): made for made in _KEPT}


def table(
    frame: Any,
    caption: str | Sentence = "",
    *,
    specification: str = "",
    inputs: str | Iterable[str] = (),
    formula: str = "",
    fold: str = "",
    release: Any = None,
    anchored: bool = False,
    as_blocks: bool = False,
    name: str = "",
) -> Table:
    """Show a DataFrame, a Series or a number as the report shows tables.

    Parameters
    ----------
    frame
        What to show. A column ``inputs`` with references such as
        ``figure:places_2014``, separated by spaces, says where each row comes from.
    caption
        What it shows.
    specification
        Name of its columns in `columns.SPECIFICATIONS`; empty for the columns
        that the frame has.
    inputs
        References that all rows come from, where they have none of their own.
    formula
        How its numbers were computed, in words.
    fold
        Title of the fold that it stands in on the site; empty for none.
    release
        Release from which a specification takes names and other columns that
        the frame lacks.
    anchored
        Whether links of other pages lead to its rows.
    as_blocks
        Whether each row is a block, as in a register.
    name
        Name of its file; empty for one made of the caption.

    Returns
    -------
    Table
        Numbers without any source are shown as not traced.

    Raises
    ------
    ParameterError
        If it is none of these, two of its columns have one name, no specification has that
        name, or a column that it needs is missing.

    Examples
    --------
    >>> places = pd.DataFrame({"place": ["A", "B"], "people": [12.0, 30.0]})
    >>> table(places, "People by place", inputs="figure:people").all_inputs()
    ('figure:people',)
    """
    if specification and specification not in SPECIFICATIONS:
        known = ", ".join(sorted(SPECIFICATIONS))
        raise ParameterError(f"specification {specification!r} is unknown; known are {known}")
    if isinstance(frame, AnyNumber):
        frame = pd.Series([frame])
    if isinstance(frame, pd.Series):
        frame = frame.to_frame("value" if frame.name is None else frame.name)
    if not isinstance(frame, pd.DataFrame):
        raise ParameterError(
            "sf.table shows a DataFrame, a Series or a number; make one of this "
            f"{type(frame).__name__}"
        )
    if specification:
        columns = SPECIFICATIONS[specification]
        frame = frame if release is None else prepared(frame, columns, release)
        if missing := sorted({*columns.sources} - {*frame.columns, *OPTIONAL}):
            raise ParameterError(
                f"a table of {specification} needs the columns {', '.join(missing)}; "
                "add them, pass release=, or leave out the specification"
            )
    else:
        frame = flat_frame(frame)
        columns = specification_of(frame, formula)
    kept = {*columns.sources, *OPTIONAL, "inputs", "unit", "year_words"}
    frame = frame[[name for name in frame.columns if name in kept]]
    words = free_words(caption or "")
    name = name or slug(fold or words.text) or "table"
    return Table(frame, columns, words, anchored, references(inputs), fold, name, as_blocks)


def slug(words: str) -> str:
    """Return words as they stand in a file name or id.

    Examples
    --------
    >>> slug("Places could rise, by 2019")
    'places-could-rise-by-2019'
    """
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].rstrip("-")


def chart(
    figure: Figure | Axes,
    *,
    data: pd.DataFrame | Table,
    title: str | Sentence,
    alt: str,
    subtitle: str | Sentence = "",
    narrow: Figure | None = None,
    inputs: str | Iterable[str] = (),
    formula: str = "",
    name: str = "",
    fold: str = "",
    what_if: dict[str, Any] | None = None,
) -> Chart:
    """Show a matplotlib Figure as the report shows charts.

    Parameters
    ----------
    figure
        Any Figure, or the Axes that ``plot`` of a DataFrame returns.
    data
        The frame that it is drawn from, or a table made by `table`.
    title
        What the chart says, in at most 15 words.
    alt
        What it shows, for those who cannot see it.
    subtitle
        What is measured, in what unit, where and when.
    narrow
        The same chart drawn for a phone; None where there is one only.
    inputs, formula
        Where the numbers of `data` come from, as for `table`.
    name
        Begins the ids in the picture; empty for one made of the title.
    fold
        Title of the fold that it stands in on the site; empty for none.
    what_if
        What the script of the page redraws the chart from.

    Returns
    -------
    Chart
        Dollar signs in its texts are dollar signs.

    Raises
    ------
    ParameterError
        If it is no Figure, its title, alternative text or a label is empty, or the title too long.

    Examples
    --------
    >>> places = pd.DataFrame({"year": [2014, 2015], "people": [12.0, 30.0]})
    >>> chart(Figure(), data=places, title="People more than doubled", alt=" ")
    Traceback (most recent call last):
    statedfigures.errors.ParameterError: a picture needs alternative text: alt="what it shows"
    """
    figure = figure.get_figure(root=True) or Figure() if isinstance(figure, Axes) else figure
    if not isinstance(figure, Figure):
        raise ParameterError(
            f"sf.chart shows a Figure of matplotlib, and this is of type {type(figure).__name__}"
        )
    title, subtitle = free_words(title or "", inputs), free_words(subtitle, inputs)
    if not title.text.strip():
        raise ParameterError('a chart needs a title: title="what it says"')
    if not (alt or "").strip():
        raise ParameterError('a picture needs alternative text: alt="what it shows"')
    if (length := len(title.text.split())) > LONGEST_TITLE:
        raise ParameterError(
            f"the title of a chart has at most {LONGEST_TITLE} words, this one has {length}: "
            f"{title.text!r}; put the rest into subtitle="
        )
    if not isinstance(data, Table):
        data = table(data, inputs=inputs, formula=formula)
    name = name or slug(title.text) or "chart"
    with _every_script():
        wide = _picture(figure, name, alt)
        small = _picture(narrow, f"{name}-narrow", alt) if narrow is not None else ""
    data = replace(data, name=name)
    return Chart(name, title, subtitle, wide, small, alt, data, what_if, figure, fold)


@contextmanager
def _every_script() -> Iterator[None]:
    """Draw words of any script: the page has fonts for all, those that measure here need not."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        yield


def _picture(figure: Figure, name: str, alt: str) -> str:
    """Return the SVG, no two dollar signs read as a formula; refuse a label without words."""
    written = [text for axes in figure.axes for text in axes.texts] + list(figure.texts)
    if any(not text.get_text().strip() for text in written):
        raise ParameterError("a label in the chart is empty; write its words or take it out")
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    with plt.rc_context({"text.parse_math": False}):  # for ticks that are made while it is drawn
        figure.canvas.draw()
    for text in figure.findobj(Text):
        # The powers of an axis are formulas that its formatter wrote.
        text.set_parse_math("\\mathdefault" in text.get_text())
    plt.close(figure)  # Jupyter would show it once more, without its words
    return chart_svg(figure, name, alt)
