"""A comparison on a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TextIO

from rich.text import Text

from statedfigures.analysis.contributions import OTHERS, TOGETHER, Headline
from statedfigures.display.format import noun, rounded_text
from statedfigures.reports.check_listing import console_for
from statedfigures.reports.comparison import Comparison, code_words

# So many contributions of nothing are listed each for itself.
FEW = 3
_APART = {"figure": "figures", "assumption": "assumptions"}


def as_object(found: Comparison) -> dict[str, Any]:
    """Give a comparison as one JSON object.

    Parameters
    ----------
    found
        The comparison.

    Returns
    -------
    dict
        ``a`` and ``b`` (what was compared), ``parameters``, ``figures``,
        ``assumptions`` and ``other_rows`` that differ, ``code`` (whether it
        differs, and how its change is counted), ``headlines`` (old, new,
        difference, contributions, and the changes that share one) and
        ``sentences``.
    """
    rows: dict[str, list[dict[str, Any]]] = {"figures": [], "assumptions": [], "other_rows": []}
    for change in found.rows:
        kind, _, name = change.reference.partition(":")
        rows[_APART.get(kind, "other_rows")].append(
            {
                "id": name if kind in _APART else change.reference,
                "change": change.kind,
                "fields": {
                    one.name: {"old": _plain(one.old), "new": _plain(one.new)}
                    for one in change.fields
                },
            }
        )
    return {
        "a": found.old.name,
        "b": found.new.name,
        "parameters": [
            {"name": name, "old": old, "new": new} for name, old, new in found.parameters
        ],
        **rows,
        "code": {
            "differs": found.code_differs,
            "old": found.old.package,
            "new": found.new.package,
            "counted": code_words(found),
        },
        "headlines": [_headline_object(one) for one in found.headlines],
        "sentences": [
            {"page": one.page, "old": list(one.old), "new": list(one.new)}
            for one in found.sentences
        ],
    }


def _headline_object(headline: Headline) -> dict[str, Any]:
    return {
        "series": headline.series.id,
        "title": headline.series.title,
        "quantity": headline.quantity,
        "unit": headline.series.unit,
        "old": headline.old,
        "new": headline.new,
        "difference": headline.new - headline.old,
        "contributions": [
            {"input": name, "value": value} for name, value in headline.contributions
        ],
        "together": list(headline.together),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, date | Decimal) else value


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Tell a comparison in lines: what differs, what it moved, what is said differently."""
    yield f"A: {found.old.name}"
    yield f"B: {found.new.name}"
    yield ""
    yield "What differs"
    nothing = not (found.parameters or found.rows or found.code_differs)
    if nothing:
        yield "  nothing"
    for name, old, new in found.parameters:
        yield f"  parameter:{name}: {old} → {new}"
    for change in found.rows:
        if change.kind != "changed":
            yield f"  {change.reference}: {change.kind}"
            continue
        cells = "; ".join(
            f"{one.name} {_words(one.old)} → {_words(one.new)}" for one in change.fields
        )
        yield f"  {change.reference}: {cells}"
    if found.code_differs:
        yield "  code: another version of the package"
    yield ""
    yield "Headlines"
    moved = [one for one in found.headlines if one.old != one.new]
    for headline in moved:
        yield from _headline_lines(headline)
    if moved and (words := code_words(found)):
        yield f"  {words}"
    if len(moved) < len(found.headlines):
        yield f"  {len(found.headlines) - len(moved)} of {len(found.headlines)} are the same"
    yield ""
    yield "Sentences"
    for change_of in found.sentences:
        yield f"  {change_of.page}"
        yield from (f"    − {one}" for one in change_of.old)
        yield from (f"    + {one}" for one in change_of.new)
    if not found.sentences:
        yield "  all the same"


def _headline_lines(headline: Headline) -> Iterator[str]:
    unit = headline.series.unit
    old, new = (rounded_text(one, unit) for one in (headline.old, headline.new))
    change = signed(headline.new - headline.old, unit)
    yield (f"  {headline.series.title}, {headline.quantity}: {old} → {new} {noun(unit)} ({change})")
    parts, idle = shown_parts(headline)
    for name, value in parts:
        yield f"    {signed(value, unit):>10}  {name}{together_words(name, headline)}"
    if idle:
        yield f"    {signed(0.0, unit):>10}  {len(idle)} changes that do not move it"


def shown_parts(headline: Headline) -> tuple[Sequence[tuple[str, float]], Sequence[str]]:
    """Part the contributions into those to be listed and the names of many that are nothing."""
    idle = [name for name, value in headline.contributions if not value]
    if len(idle) <= FEW:
        return headline.contributions, ()
    return [(name, value) for name, value in headline.contributions if value], idle


def together_words(name: str, headline: Headline) -> str:
    """Say which changes share a contribution; empty where it is that of one change."""
    if name not in (OTHERS, TOGETHER):
        return ""
    return f" ({', '.join(headline.together)})"


def signed(value: float, unit: str) -> str:
    """Write a difference with its sign.

    Examples
    --------
    >>> signed(120.4, "offences"), signed(-3.0, "offences"), signed(0.0, "offences")
    ('+120', '−3', '0')
    """
    text = rounded_text(value, unit)
    return f"+{text}" if value > 0 and text != "0" else text


def _words(value: Any) -> str:
    plain = _plain(value)
    text = " ".join(plain) if isinstance(plain, list) else str(plain)
    return f"“{text}”" if isinstance(value, str) else text


def print_comparison(found: Comparison, stream: TextIO) -> None:
    """Print a comparison.

    Parameters
    ----------
    found
        The comparison.
    stream
        Where to print.
    """
    console = console_for(stream)
    for line in comparison_lines(found):
        # A file or another program gets every line whole.
        console.print(Text(line), soft_wrap=not console.is_terminal)
