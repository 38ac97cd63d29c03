"""Where each assumption is used: links from its row to every answer, chart and table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from statedfigures.display.payload import Record, provenances_of
from statedfigures.display.phrases import lower_first
from statedfigures.display.records import Answer, Chart, TableView
from statedfigures.sources.records import ReleaseTables

REGISTER = "assumptions"
# What repeats the register, or stands beside the chart of the same numbers.
_REPEATS = re.compile(r"assumptions-used-|notice-|projections?-|outturn-(?!chart-)|ask-next-")
# What a reader calls a record whose id begins so.
NAMES: Mapping[str, str] = {
    "answer-": "answer",
    "stated-": "stated figures",
    "hedges-": "wording",
    "claims-chart-": "claims as a chart",
    "claims-": "claims",
    "annualised-": "whole years",
    "scenarios-": "scenarios",
    "fan-": "range",
    "tornado-": "what moves it",
    "outturn-chart-": "what came later",
}
SUMMARY = "Answers and charts"
_ROW = re.compile(r'<tr id="assumption-([a-z0-9_]+)">(?:(?!</tr>).)*', re.DOTALL)
_CELL = re.compile(r'(<td><a href="[a-z0-9-]+\.html">(?:(?!</td>).)*)</td>', re.DOTALL)


def places_of(
    shown: Mapping[str, Iterable[Record]], tables: ReleaseTables
) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """List the records whose numbers rest on each assumption.

    Parameters
    ----------
    shown
        Page to the records that its notebook showed, in their order.
    tables
        Tables of the release.

    Returns
    -------
    Mapping
        Id of each assumption to pages and ids of records. The page of the
        register, and what only repeats other numbers, are left out.
    """
    found: dict[str, dict[tuple[str, str], None]] = {}
    for page, records in shown.items():
        listed = list(records)
        if any(one.id == REGISTER for one in listed):
            continue
        for record in listed:
            counts = isinstance(record, Answer | Chart | TableView)
            if not counts or _REPEATS.match(record.id):
                continue
            inputs = {name for one in provenances_of(record) for name in one.inputs}
            for name in inputs:
                kind, _, row = name.partition(":")
                if kind == "assumption" and row in tables.assumptions:
                    found.setdefault(row, {})[page, record.id] = None
    return {name: tuple(places) for name, places in sorted(found.items())}


def with_places(
    html: str, places: Mapping[str, tuple[tuple[str, str], ...]], tables: ReleaseTables
) -> str:
    """Give the page of the register with every place in which an assumption is used.

    Parameters
    ----------
    html
        A page; one that holds no row of the register is left as it is.
    places
        See `places_of`.
    tables
        Tables of the release.

    Returns
    -------
    str
        The page. The cell that names pages holds, to be unfolded, their
        answers, charts and tables, those about a series under its title.
    """

    def row(found: re.Match[str]) -> str:
        if found[1] not in places:
            return found[0]
        here = places[found[1]]
        return _CELL.sub(
            lambda cell: f"{cell[1]}{_listed(here, tables, cell[1])}</td>", found[0], 1
        )

    return _ROW.sub(row, html)


def _listed(places: Iterable[tuple[str, str]], tables: ReleaseTables, above: str) -> str:
    by_page: dict[str, dict[str, list[str]]] = {}
    for page, record in places:
        series = next((name for name in tables.series if record.endswith(f"-{name}")), "")
        link = f'<a href="{escape(page)}.html#{escape(record)}">{escape(_name_of(record))}</a>'
        by_page.setdefault(page, {}).setdefault(series, []).append(link)
    inside = []
    for page, groups in by_page.items():
        name, address = escape(page.replace("-", " ")), f'<a href="{escape(page)}.html">'
        if address not in above:
            name = f"{address}{name}</a>"
        words = []
        for series, links in groups.items():
            title = f"{escape(lower_first(tables.series[series].title))}: " if series else ""
            words.append(f"{title}{', '.join(links)}")
        inside.append(f"{name}: {'; '.join(words)}")
    return f"<details><summary>{SUMMARY}</summary>{'<br>'.join(inside)}</details>"


def _name_of(record: str) -> str:
    known = next((name for begins, name in NAMES.items() if record.startswith(begins)), "")
    return known or record.rpartition("-")[0].replace("-", " ") or record
