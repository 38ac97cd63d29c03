"""What the panel of a page says about the rows that its numbers lead back to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from statedfigures.display.delimited import number_field
from statedfigures.display.payload import Record, provenances_of
from statedfigures.display.periods import month_of
from statedfigures.display.words import REGISTER_PAGES, Provenance
from statedfigures.sources.records import Assumption, PublishedFigure, ReleaseTables

MOST_NAMED = 20
"""Inputs of a working on another page that are named; more are listed there alone."""

_FROM = re.compile(r'data-from="([^"]*)"|href="[^"#]*#([a-z]+)-([^"]+)"')
# What would end the script element that holds the words, or begin another thing inside it.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def panel_data(
    tables: ReleaseTables,
    parameters: Mapping[str, tuple[str, str]],
    references: Iterable[str],
    workings: Mapping[str, Provenance] | None = None,
) -> Markup:
    """Give the words of some rows, as JSON for a script element.

    Parameters
    ----------
    tables
        Tables of the release.
    parameters
        Name of each parameter to its value and its meaning.
    references
        The rows that the numbers of a page lead back to.
    workings
        Address of each working that stands on another page, to the working.

    Returns
    -------
    Markup
        An object with ``pages`` (kind of row to its page) and ``rows``
        (reference to label, words and place); for workings elsewhere also
        ``workings`` (address to formula and positions in ``rows``).
    """
    elsewhere = workings or {}
    used = {*references, *(f"parameter:{name}" for name in parameters)}
    rows = {one: words for one in sorted(used) if (words := _words(one, tables, parameters))}
    # What stands on another page in full is named only, and counts of many rows not even that.
    chains = {
        address: working.inputs if len(working.inputs) <= MOST_NAMED else ()
        for address, working in elsewhere.items()
    }
    named = {one for chain in chains.values() for one in chain} - {*rows}
    rows |= {one: _words(one, tables, parameters)[:1] for one in named}
    value: dict[str, Any] = {"pages": REGISTER_PAGES, "rows": rows}
    if elsewhere:
        places = {one: place for place, one in enumerate(sorted(rows))}
        value["workings"] = {
            address: [elsewhere[address].formula, *(places[one] for one in chain)]
            for address, chain in chains.items()
        }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for character, escaped in _ESCAPES.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - nothing in it can end the element


def references_of(records: Iterable[Record]) -> set[str]:
    """Give every row that the numbers of some records lead back to."""
    return {one for record in records for two in provenances_of(record) for one in two.inputs}


def references_in(html: str) -> set[str]:
    """Give every row that a fragment names as where a number comes from."""
    return {
        one
        for named, kind, row in _FROM.findall(html)
        for one in (named.split() or [f"{kind}:{row}"])
        if one.partition(":")[0] in REGISTER_PAGES
    }


def _words(
    reference: str, tables: ReleaseTables, parameters: Mapping[str, tuple[str, str]]
) -> list[str]:
    """Give label, words and place of a row; nothing where there is no such row."""
    kind, _, name = reference.partition(":")
    if kind == "parameter" and name in parameters:
        value, meaning = parameters[name]
        return [_sentence_case(name), value, meaning]
    if kind == "month":
        return next(
            (
                [month_of(one.month), f"{one.mean_daily_users:,.0f} users a day", "Tor Metrics"]
                for one in tables.tor_monthly_users
                if f"{one.month.year}_{one.month.month:02d}" == name
            ),
            [],
        )
    if kind == "assumption" and name in tables.assumptions:
        return _assumption_words(tables.assumptions[name])
    if kind == "published" and name in tables.published:
        return _published_words(tables.published[name])
    if kind == "measure" and name in tables.measures:
        measure = tables.measures[name]
        return [measure.label, measure.what, f"the release, {measure.locator}"]
    listed = {"figure": tables.figures, "claim": tables.claims}.get(kind, {})
    if name in listed:
        row: Any = listed[name]
        return [row.label, f"“{row.as_stated}”", f"the release, {row.locator}"]
    return []


def _assumption_words(row: Assumption) -> list[str]:
    ends = f"{number_field(row.low)} to {number_field(row.high)}"
    central = f"{number_field(row.central)} {row.unit.replace('_', ' ')}".strip()
    return [row.label, f"an assumption: {central}, from {ends}", row.basis]


def _published_words(row: PublishedFigure) -> list[str]:
    stated = f"{row.value:,f} {row.unit.replace('_', ' ')} in {row.period}: {row.definition}"
    return [_sentence_case(row.series), stated, f"{row.publisher}, {row.source_title}"]


def _sentence_case(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
