"""Numbers and sentences that remember where they came from.

A `Quantity` is the text of a number with its provenance; a `Sentence` is text
with quantities in it. Both can be shown as plain text or as HTML, in which
every quantity links to the row that it leads back to, or to the working that
produced it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from html import escape
from string import Formatter

REGISTER_PAGES = {
    "figure": "figures.html",
    "claim": "figures.html",
    "published": "figures.html",
    "release": "figures.html",
    "measure": "measures.html",
    "assumption": "assumptions.html",
    "month": "tor.html",
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

    Raises
    ------
    ValueError
        If there is no input, or one of a kind that has no page.
    """

    inputs: tuple[str, ...]
    formula: str = ""

    def __post_init__(self) -> None:
        """Refuse a number that leads nowhere."""
        if not self.inputs:
            raise ValueError("a number must lead back to at least one row")
        for reference in self.inputs:
            if reference.partition(":")[0] not in REGISTER_PAGES:
                raise ValueError(f"{reference!r} is of no kind that has a page")

    def anchor(self, scope: str) -> str:
        """Give the id of this working under one chart, table or answer.

        It is short, because it stands in every cell, and differs between
        scopes, because the same working may be listed under several.
        """
        words = "|".join((scope, *self.inputs, self.formula))
        return f"w-{hashlib.sha256(words.encode()).hexdigest()[:8]}"

    @property
    def is_working(self) -> bool:
        """Whether the number was computed, so that its working must be shown."""
        return bool(self.formula) or len(self.inputs) > 1


def row_address(reference: str) -> str:
    """Give the address of the row that a reference names.

    Examples
    --------
    >>> row_address("figure:images_2014")
    'figures.html#figure-images_2014'
    """
    kind, _, row_id = reference.partition(":")
    return f"{REGISTER_PAGES[kind]}#{kind}-{row_id}"


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

    def html(self, scope: str = "") -> str:
        """Give a link to the row, or to the working below when there is one.

        Parameters
        ----------
        scope
            Id of the chart, table or answer that lists its workings. Without
            it a computed number links to the first of its inputs.
        """
        provenance = self.provenance
        if scope and provenance.is_working:
            address = f"#{provenance.anchor(scope)}"
            return f'<a class="quantity" href="{address}">{escape(self.text)}</a>'
        # Where the address names the one row there is, it need not be said twice.
        rest = f' data-from="{escape(" ".join(provenance.inputs))}"' * provenance.is_working
        if provenance.formula:
            rest += f' data-formula="{escape(provenance.formula)}"'
        return (
            f'<a class="quantity" href="{escape(row_address(provenance.inputs[0]))}"{rest}>'
            f"{escape(self.text)}</a>"
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text in which every number is a `Quantity`."""

    parts: tuple[str | Quantity, ...]

    def __str__(self) -> str:
        """Give the plain text."""
        return "".join(str(part) for part in self.parts)

    def html(self, scope: str = "") -> str:
        """Give escaped HTML with a link for each quantity."""
        return "".join(
            escape(part) if isinstance(part, str) else part.html(scope) for part in self.parts
        )

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, Quantity))


Words = str | Quantity | Sentence


def sentence(template: str, /, **values: Words) -> Sentence:
    """Fill a template whose own words hold no digit.

    Parameters
    ----------
    template
        Text with named fields: ``"up from {before} to {after}"``.
    **values
        One value for each field. A plain string must hold no digit either: a
        label or fragment that has one is passed through `phrases.traced`.

    Returns
    -------
    Sentence
        The parts in order.

    Raises
    ------
    ValueError
        If the template or a plain string holds a digit: a number typed into
        prose has no provenance.

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
            if isinstance(value, str) and _DIGIT.search(value):
                raise ValueError(f"{value!r} holds a number that leads nowhere")
            parts.extend(value.parts if isinstance(value, Sentence) else (value,))
    return Sentence(tuple(part for part in parts if part != ""))
