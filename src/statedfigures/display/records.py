"""What the display makes: answers, charts and tables with their words.

Each record shows itself in a notebook (HTML), on a terminal (plain text) and
to the page builder (a JSON payload under `MIME_TYPE`, from which the index,
the CSV files and the workbook are made).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from statedfigures.display.words import Quantity, Sentence

MIME_TYPE = "application/vnd.statedfigures.v1+json"

Cell = str | Quantity | Sentence | None


class _Shown:
    """Shows itself in a notebook: HTML, plain text and the payload of the page builder."""

    __slots__ = ()

    def _repr_mimebundle_(
        self,
        include: Any = None,  # noqa: ARG002 - Jupyter passes both by name
        exclude: Any = None,  # noqa: ARG002
    ) -> Mapping[str, Any]:
        """Give every form at once; Jupyter chooses the richest it can show."""
        # Imported late: the forms are built from these records.
        from statedfigures.display.show import mimebundle

        bundle: Mapping[str, Any] = mimebundle(self)  # type: ignore[arg-type]
        return bundle


@dataclass(frozen=True, slots=True)
class Answer(_Shown):
    """The answer of a page: sentences, the first of which is the headline."""

    id: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: machine name, heading, unit and meaning.

    A column with ``file_only`` is left out of the page and stands in the CSV
    file alone. Headings hold no digits: they lead back to no row.
    """

    name: str
    heading: str
    unit: str = ""
    numeric: bool = False
    description: str = ""
    file_only: bool = False


@dataclass(frozen=True, slots=True)
class TableView(_Shown):
    """A table as it is shown, and as it is written to CSV.

    ``row_ids`` gives each row's HTML id, such as ``figure-images_2014``, where
    other pages link to it; it is empty where none do.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_ids: tuple[str, ...] = ()
    note: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Chart(_Shown):
    """A picture with its words and its data.

    ``title`` states the finding, ``subtitle`` what is measured, in what unit
    and when. Both stand in the page and not in the picture.
    """

    id: str
    title: Sentence
    subtitle: Sentence
    svg: str
    alt_text: Sentence
    data: TableView


@dataclass(frozen=True, slots=True)
class Control:
    """An assumption that a reader may move.

    ``series`` names the series that read it. The values are in its unit;
    ``step`` is the least move. An assumption that ``varies`` is drawn from its
    range where nobody holds it; one that does not has its central value.
    """

    assumption: str
    label: str
    unit: str
    series: tuple[str, ...]
    low: Quantity
    central: Quantity
    high: Quantity
    step: float
    varies: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """What follows a reader's values, for one series: fan, headline and sentence.

    The fields in its words and tables (`inline.Field`) hold what is published
    until the reader moves something.
    """

    series: str
    name: str
    title: Sentence
    subtitle: Sentence
    heading: Sentence
    compared: TableView
    yearly: TableView


@dataclass(frozen=True, slots=True)
class WhatIf(_Shown):
    """A place where a reader tries other values of the assumptions.

    ``note`` says how it is worked out, ``engine`` is what the script of the
    page works with, as JSON.
    """

    id: str
    controls: tuple[Control, ...]
    followed: tuple[Followed, ...]
    note: Sentence
    engine: str
