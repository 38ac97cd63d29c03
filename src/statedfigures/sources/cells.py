"""How faults speak of a cell: its value, what it should have been, what it breaks."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_SHOWN = 60

Explanation = tuple[str, str]


def quoted(value: str) -> str:
    """Put a value between quotation marks, shortened if it is long.

    Parameters
    ----------
    value
        Text of a cell.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> quoted("1,000")
    '"1,000"'
    """
    line = " ".join(value.split()) if value.strip() else value.replace("\n", " ")
    shown = line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
    return f'"{shown}"'


def nearest_of(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, or list them.

    Parameters
    ----------
    word
        What was found.
    known
        The words that would be right.

    Returns
    -------
    str
        What to write.

    Examples
    --------
    >>> nearest_of("abuot", ["about", "exact"])
    'did you mean "about"?'
    >>> nearest_of("weekly", ["about", "exact"])
    'use one of: about, exact'
    """
    words = sorted({str(name) for name in known})
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    lower = {name.lower(): name for name in words}
    if folded := lower.get(word.strip().lower()):
        return f'did you mean "{folded}"?'
    if close:
        return f'did you mean "{close[0]}"?'
    if not words:
        return "nothing of this kind exists yet; leave the cell empty or add the row first"
    shown = ", ".join(words[:12])
    return f"use one of: {shown}{', …' if len(words) > 12 else ''}"


def explain_constraint(cell: str, name: str, limit: object) -> Explanation:
    """Explain a cell that breaks a constraint of the Table Schema.

    Parameters
    ----------
    cell
        Text of the cell.
    name
        Name of the constraint, such as ``minimum`` or ``enum``.
    limit
        What the schema says of it.

    Returns
    -------
    tuple of str
        What was found, and what to do.

    Examples
    --------
    >>> explain_constraint("-5", "minimum", 0)
    ('"-5" is below the smallest value allowed, 0', 'check the number')
    """
    shown = quoted(cell)
    if name == "required":
        return "the cell is empty", "fill it in"
    if name == "enum" and isinstance(limit, list):
        return f"{shown} is not known here", nearest_of(cell, map(str, limit))
    if name in {"minimum", "exclusiveMinimum"}:
        return f"{shown} is below the smallest value allowed, {limit}", "check the number"
    if name in {"maximum", "exclusiveMaximum"}:
        return f"{shown} is above the largest value allowed, {limit}", "check the number"
    if name == "pattern":
        return f"{shown} is not in the form expected", f"make it match {limit}"
    if name in {"minLength", "maxLength"}:
        return (
            f"{shown} is too {'short' if name == 'minLength' else 'long'}",
            f"the limit is {limit}",
        )
    return f"{shown} breaks the constraint {name}", f"it should be {limit}"
