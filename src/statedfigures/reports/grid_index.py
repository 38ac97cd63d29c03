"""The sets of a grid compared: a page, a CSV file and a JSON file, made from their editions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from statedfigures.display.delimited import neutralised, number_field
from statedfigures.reports.downloads import csv_bytes
from statedfigures.reports.execution import FOR_A_LOOK
from statedfigures.reports.grid_folder import STATE
from statedfigures.reports.grid_headlines import (
    SetEntry,
    SetHeadline,
    headlines_of_set,
    page_of_series,
)
from statedfigures.reports.grid_page import grid_page
from statedfigures.reports.grid_plan import Grid
from statedfigures.reports.limits import Value
from statedfigures.reports.manifest import MARK, json_bytes

TABLE = "sets.csv"
INDEX = "index.html"
_RANGES = ("low_90", "low_50", "high_50", "high_90")


def index_files(grid: Grid, reasons: Mapping[str, str]) -> dict[str, bytes]:
    """Make the files that compare the sets of a grid.

    Parameters
    ----------
    grid
        The grid, whose sets lie published in its folder.
    reasons
        Name of each set that failed to the reason.

    Returns
    -------
    dict
        ``index.html``, ``sets.csv`` and ``grid.json``. They depend on the
        results of the sets alone, and not on how or in what order they were
        rendered.

    Raises
    ------
    RunError
        If the data of a set are not as they were published.
    """
    entries = tuple(_entries(grid, reasons))
    series = tuple(dict.fromkeys(name for one in entries for name in one.headlines))
    return {
        INDEX: grid_page(grid, entries, series).encode(),
        TABLE: csv_bytes(_table_rows(grid, entries, series)),
        STATE: json_bytes(_state(grid, entries)),
    }


def _entries(grid: Grid, reasons: Mapping[str, str]) -> Iterator[SetEntry]:
    pages = [notebook.page for notebook in grid.settled.notebooks]
    known: dict[str, str] = {}
    for one in grid.sets:
        if reason := reasons.get(one.name):
            # Where its notebook lies for a look is of no interest to a reader elsewhere.
            told = reason.partition(FOR_A_LOOK)[0].removesuffix("; nothing is published")
            yield SetEntry(one.name, one.shared, told, {})
            continue
        edition = grid.folder / one.name
        found = headlines_of_set(edition, str(one.shared["scenario"]))
        for series, headline in found.items():
            address = page_of_series(edition, series, known.get(series, ""), pages)
            known[series] = address.partition(".html")[0]
            found[series] = replace(headline, page=address)
        yield SetEntry(one.name, one.shared, "", found)


def _table_rows(
    grid: Grid, entries: Sequence[SetEntry], series: Sequence[str]
) -> Iterator[Sequence[str]]:
    columns = [f"{name}_{part}" for name in series for part in ("year", "middle", *_RANGES)]
    yield ("set", "state", *grid.varied, *columns, "reason")
    for one in entries:
        cells = [cell for name in series for cell in _cells(one.headlines.get(name))]
        varied = [_text(one.parameters.get(name, "")) for name in grid.varied]
        yield (one.name, one.state, *varied, *cells, neutralised(one.reason))


def _cells(headline: SetHeadline | None) -> list[str]:
    if headline is None:
        return [""] * (len(_RANGES) + 2)
    (low, high), (low_half, high_half) = headline.most or ("", ""), headline.half or ("", "")
    numbers = (headline.middle, low, low_half, high_half, high)
    return [
        str(headline.year),
        *("" if isinstance(one, str) else number_field(one) for one in numbers),
    ]


def _text(value: Value) -> str:
    if isinstance(value, str):
        return neutralised(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _state(grid: Grid, entries: Sequence[SetEntry]) -> dict[str, Any]:
    return {
        MARK: "the sets of a grid, compared",
        "grid": grid.name,
        "release": grid.tables.description.id,
        "edition": grid.tables.description.edition.isoformat(),
        "inputs": grid.settled.inputs,
        "varied": list(grid.varied),
        "sets": [
            {
                "name": one.name,
                "state": one.state,
                "parameters": dict(one.parameters),
                "headlines": {
                    name: {
                        "unit": found.unit,
                        "year": found.year,
                        "middle": found.middle,
                        "range_50": found.half,
                        "range_90": found.most,
                        "page": found.page,
                    }
                    for name, found in one.headlines.items()
                },
                **({"reason": one.reason} if one.reason else {}),
            }
            for one in entries
        ],
    }
