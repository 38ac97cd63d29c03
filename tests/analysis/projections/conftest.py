"""Releases that a test makes up, as frames, without a folder."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from statedfigures.release.csv_tables import TableRow, read_cell
from statedfigures.release.csv_tables import frame_of as read_frame
from statedfigures.release.reading import About, Release, read_release
from statedfigures.release.schema import tables

ABOUT = About(
    id="made-up",
    title="Ships in the harbour",
    short_title="Ships",
    publisher="Harbour office",
    published=date(2020, 6, 1),
    address="https://example.org/ships",
    licence="",
    licence_address="",
    edition=date(2026, 11, 27),
    geography="the harbour",
    responsible="nobody",
    contact="none",
    default_horizon=2025,
    last_horizon=2030,
)


@cache
def _frame_without_rows(table):
    return frame_of(table, [])


def frame_of(table, rows):
    """Return rows as the reader of tables would, what is left out being empty."""
    schema = tables()[table]
    empty = {column.name: read_cell(column, "") for column in schema.columns}
    empty |= {"file_row": 0, "origin": "release"}
    assert all(set(row) <= set(empty) for row in rows)
    filled = [empty | row for row in rows]
    ids = ("/".join(row[name] for name in schema.key) for row in filled)
    return read_frame(
        schema, [TableRow(**{"id": key} | row) for key, row in zip(ids, filled, strict=True)]
    )


class MadeUp:
    """What makes up figures, assumptions and whole releases."""

    about = ABOUT

    @staticmethod
    def figure(name, value, start, end, kind="calendar_year", **cells):
        """Return a row of figures.csv: an exact count of ships unless said."""
        plain = {"unit": "ships", "qualifier": "exact", "rounded_to": 1.0}
        days = {"period_start": pd.Timestamp(start), "period_end": pd.Timestamp(end)}
        return {"id": name, "value": value, "period_kind": kind, **days, **plain, **cells}

    @staticmethod
    def year(name, value, year, **cells):
        """Return a row of figures.csv for a calendar year."""
        return MadeUp.figure(name, value, f"{year}-01-01", f"{year}-12-31", **cells)

    @staticmethod
    def assumption(symbol, low, central, high, **cells):
        """Return a row of assumptions.csv for all series, triangular where it has a range."""
        shape = {"distribution": "triangular" if low < high else "fixed", "applies_to": "all"}
        ends = {"allowed_min": low, "allowed_max": high, "unit": "share", "label": symbol}
        days = {"decided_on": pd.Timestamp("2026-11-01"), "review_by": pd.Timestamp("2027-11-01")}
        values = {"id": symbol, "symbol": symbol, "low": low, "central": central, "high": high}
        return {**values, **shape, **ends, **days, **cells}

    @staticmethod
    def register():
        """Return the rows that every made-up release has."""
        row, fixed = MadeUp.assumption, {"distribution": "fixed"}
        return [
            row("growth_continues", 0, 0.5, 1, allowed_min=-0.5, allowed_max=1.5),
            row("damping", 0.7, 0.9, 1, allowed_min=0),
            row("volatility", 0.05, 0.1, 0.2, allowed_min=0, allowed_max=1),
            row("little_change", 5, 10, 20, **fixed),
            row("little_change_points", 0.5, 1, 2, **fixed),
            row("likely", 0.55, 0.66, 0.75, **fixed),
            row("qualifier_about", 0.5, 1, 2.5, allowed_min=0, allowed_max=5),
        ]

    @staticmethod
    def release(*, figures, series, assumptions=(), about=ABOUT, **frames):
        """Return a release of the rows given; an assumption replaces one of the same id."""
        rows = {row["id"]: row for row in [*MadeUp.register(), *assumptions]}
        whole = {"projectable": "yes", "unit": "ships"}
        given = {
            "figures": figures,
            "series": [{**whole, **row} for row in series],
            "assumptions": list(rows.values()),
            **frames,
        }
        made = {name: _frame_without_rows(name) for name in tables()}
        made |= {name: frame_of(name, rows) for name, rows in given.items()}
        return Release(about.id, about, Path("made-up"), **made)

    @staticmethod
    def ships(*assumptions, start=800, base=1000, **frames):
        """Return a release of one series: 800 ships in 2015 and 1,000 in 2019 unless said."""
        return MadeUp.release(
            figures=[MadeUp.year("ships_2015", start, 2015), MadeUp.year("ships_2019", base, 2019)],
            series=[{"id": "ships", "base_figure": "ships_2019", "growth_from": "ships_2015"}],
            assumptions=assumptions,
            **frames,
        )

    @staticmethod
    def share(first, last, *assumptions, step=0.0):
        """Return a release of a share that is at most all, from a year and percent to another."""
        cells = {"unit": "percent", "rounded_to": step}
        figures = [
            MadeUp.year(f"share_{year}", value, year, **cells) for year, value in (first, last)
        ]
        names = {"base_figure": f"share_{last[0]}", "growth_from": f"share_{first[0]}"}
        series = {"id": "s", "unit": "percent", "maximum": "100", **names}
        return MadeUp.release(figures=figures, series=[series], assumptions=assumptions)

    @staticmethod
    def with_value(release, table, row, column, value):
        """Return a release with one cell changed."""
        frame = getattr(release, table).copy()
        frame.loc[row, column] = value
        return replace(release, **{table: frame})


@pytest.fixture(scope="session")
def made_up():
    """Return what makes up figures, assumptions and whole releases."""
    return MadeUp


@pytest.fixture(scope="session")
def ships():
    """Return a release that states 800 ships in 2015 and 1,000 in 2019."""
    return MadeUp.ships()


@pytest.fixture(scope="session")
def first_release():
    """Return the release that the project is about, with its whole register."""
    return read_release("weprotect-2014", Path(__file__).parents[3] / "data")
