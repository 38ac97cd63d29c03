"""Numbers and sentences that remember where they came from.

A `Quantity` is the text of a number with its provenance; a `Sentence` is text
with quantities in it. Both can be shown as plain text or as HTML, in which
every quantity links to the row that it leads back to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from string import Formatter

REGISTER_PAGES = {
    "figure": "figures.html",
    "claim": "figures.html",
    "published": "figures.html",
    "assumption": "assumptions.html",
    "parameter": "index.html",
}
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a shown number leads back to.

    Attributes
    ----------
    inputs
        References such as ``figure:images_2014`` or ``assumption:damping``:
        the kind of row, a colon, its id. A stated number has one.
    formula
        How the number was computed from the inputs, in words without digits;
        empty where the number is the input itself.
    """

    inputs: tuple[str, ...]
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """The text of a number, its value and its provenance.

    Attributes
    ----------
    text
        What the reader sees, such as ``1,235`` or ``about two thirds``.
    value
        The number itself in the unit shown; None for words.
    provenance
        Where it came from.
    """

    text: str
    value: float | None
    provenance: Provenance

    def __str__(self) -> str:
        """Give the text alone."""
        return self.text

    def html(self) -> str:
        """Give a link to the first input, carrying the whole provenance."""
        inputs = " ".join(self.provenance.inputs)
        kind, _, row_id = self.provenance.inputs[0].partition(":")
        address = f"{REGISTER_PAGES[kind]}#{kind}-{row_id}"
        formula = f' data-formula="{escape(self.provenance.formula)}"'
        return (
            f'<a class="quantity" href="{escape(address)}" data-from="{escape(inputs)}"'
            f"{formula if self.provenance.formula else ''}>{escape(self.text)}</a>"
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text in which every number is a `Quantity`."""

    parts: tuple[str | Quantity, ...]

    def __str__(self) -> str:
        """Give the plain text."""
        return "".join(str(part) for part in self.parts)

    def html(self) -> str:
        """Give escaped HTML with a link for each quantity."""
        return "".join(
            escape(part) if isinstance(part, str) else part.html() for part in self.parts
        )


def sentence(template: str, /, **values: Quantity | Sentence | str) -> Sentence:
    """Fill a template whose own words hold no digit.

    Parameters
    ----------
    template
        Text with named fields: ``"up from {before} to {after}"``.
    **values
        One value for each field. A plain string may hold digits only if it is
        a label or fragment from a table.

    Returns
    -------
    Sentence
        The parts in order.

    Raises
    ------
    ValueError
        If the template itself holds a digit: a number typed into prose has no
        provenance.

    Examples
    --------
    >>> before = Quantity("736", 736.0, Provenance(("figure:distribution_2010",)))
    >>> str(sentence("up from {before}", before=before))
    'up from 736'
    """
    parts: list[str | Quantity] = []
    for words, name, _, _ in Formatter().parse(template):
        if _DIGIT.search(words):
            raise ValueError(f"a number is typed into the sentence {template!r}")
        parts.append(words)
        if name is not None:
            value = values[name]
            parts.extend(value.parts if isinstance(value, Sentence) else (value,))
    return Sentence(tuple(part for part in parts if part != ""))
