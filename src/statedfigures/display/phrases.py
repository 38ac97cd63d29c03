"""Ways of putting words and quantities together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from statedfigures.display.words import Provenance, Quantity, Sentence, Words

_DIGIT = re.compile(r"\d")


def traced(text: str, *inputs: str) -> str | Quantity:
    """Give words of a table a lead back to their row where they hold a digit.

    Examples
    --------
    >>> traced("arrests", "figure:arrests_2012_13")
    'arrests'
    >>> traced("Arrests in 2012-13", "figure:arrests_2012_13").provenance.inputs
    ('figure:arrests_2012_13',)
    """
    return Quantity(text, None, Provenance(inputs)) if _DIGIT.search(text) else text


def quoted(fragment: str, reference: str) -> Quantity:
    """Give a stated fragment in quotation marks, leading to the row that holds it."""
    return Quantity(f"“{fragment}”", None, Provenance((reference,)))


def joined(items: Iterable[Words], *, last: str = " and ") -> Sentence:
    """Join items as in a list: commas, and a word before the last one.

    Examples
    --------
    >>> str(joined(["arrests", "children", "posts"]))
    'arrests, children and posts'
    """
    listed = list(items)
    parts: list[str | Quantity] = []
    for position, item in enumerate(listed):
        if position:
            parts.append(last if position == len(listed) - 1 else ", ")
        parts.extend(item.parts if isinstance(item, Sentence) else (item,))
    return Sentence(tuple(parts))


def chain(sentences: Iterable[Sentence], separator: str = " ") -> Sentence:
    """Set sentences one after another."""
    parts: list[str | Quantity] = []
    for one in sentences:
        parts.extend((separator, *one.parts) if parts else one.parts)
    return Sentence(tuple(parts))


def references(*groups: Iterable[str]) -> tuple[str, ...]:
    """Unite references in a fixed order, each once.

    Examples
    --------
    >>> references(["figure:b"], ["figure:a", "figure:b"])
    ('figure:a', 'figure:b')
    """
    return tuple(sorted({reference for group in groups for reference in group}))


def lower_first(words: str) -> str:
    """Write a title inside a sentence: an abbreviation keeps its capitals.

    Examples
    --------
    >>> lower_first("Image offences"), lower_first("IWF reports")
    ('image offences', 'IWF reports')
    """
    if len(words) > 1 and words[1].isupper():
        return words
    return words[:1].lower() + words[1:]


def upper_first(words: Sentence) -> Sentence:
    """Begin a sentence with a capital letter where it begins with plain words."""
    first, *rest = words.parts
    capital = str(first)[:1].upper() + str(first)[1:]
    if isinstance(first, Quantity):
        return Sentence((replace(first, text=capital), *rest))
    return Sentence((capital, *rest))
