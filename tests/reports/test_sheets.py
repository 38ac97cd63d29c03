"""Tables as sheets: cells, headings, notes."""

import math
import re

import pytest

from statedfigures.display.records import Column, TableView
from statedfigures.display.words import Provenance, Quantity, sentence
from statedfigures.reports.sheets import (
    column_width,
    number_format,
    plain,
    sheet_cell,
    sheet_headings,
    sheet_table,
    table_notes,
)

TEXT = Column("label", "Label")
NUMBER = Column("value", "Value", numeric=True)
SOURCE = Provenance(("figure:a",))


def number(value, text=None):
    """Give a number as tables hold it."""
    return Quantity(text or f"{value:,}", value, SOURCE)


@pytest.mark.parametrize(
    ("cell", "column", "written"),
    [
        (number(1235.0), NUMBER, 1235.0),
        (number(-2.5, "−2.5"), NUMBER, -2.5),
        # Ten significant digits, as in the CSV file.
        (number(2 / 3), NUMBER, 0.6666666667),
        (number(1235.0, "almost 1,235"), TEXT, "almost 1,235"),
        (None, NUMBER, "[z]"),
        ("", TEXT, "[z]"),
        ("   ", TEXT, "[z]"),
        ("%", TEXT, "percent"),
        ("£", TEXT, "pounds"),
        ("–", TEXT, "[z]"),
        ("??", TEXT, "text: ??"),
        ("=SUM(A1)", TEXT, "'=SUM(A1)"),
        ("-1+1", TEXT, "'-1+1"),
        ("$$range$$", TEXT, "$ $range$ $"),
        ("[a](b)", TEXT, "[a] (b)"),
    ],
)
def test_a_cell_is_a_number_or_a_text_and_never_empty_markup_or_formula(cell, column, written):
    assert sheet_cell(cell, column) == written


def test_a_number_without_limit_is_said_in_words():
    assert sheet_cell(number(math.inf, "no limit"), NUMBER) != math.inf


def test_headings_hold_the_unit_and_none_stands_twice():
    columns = (Column("a", "Share", "%"), Column("b", "Share", "%"), Column("c", " "))

    assert sheet_headings(columns) == ["Share\n(percent)", "Share\n(percent)\nb", "c"]


def test_a_table_keeps_its_rows_and_columns():
    frame = sheet_table(TableView("t", "T", (TEXT, NUMBER), (("a", number(1.0)), ("b", None))))

    assert frame.to_numpy().tolist() == [["a", 1.0], ["b", "[z]"]]


def test_ranges_projections_and_the_tables_own_note_are_explained_once():
    columns = (Column("q05", "From"), Column("q95", "To"), Column("low_q50", "Low"), TEXT)
    notes, marks = table_notes(TableView("t", "T", columns, (), (), sentence("Mind the gap.")))

    assert list(notes) == ["range", "projection", "table-t"]
    assert notes["table-t"] == "Mind the gap."
    assert marks == {0: "$$range$$", 1: "$$range$$", 2: "$$projection$$"}


@pytest.mark.parametrize(
    ("column", "cells", "shown"),
    [
        (NUMBER, [1200.5, 3.25], "#,##0"),
        (NUMBER, [1.0, "[z]"], "#,##0"),
        (NUMBER, [12.5], "0.0"),
        (NUMBER, [0.18], ""),
        (NUMBER, ["[z]"], ""),
        (Column("year", "Year", numeric=True), [2014.0], ""),
        (TEXT, [5.0], ""),
    ],
)
def test_numbers_are_shown_as_finely_as_readers_can_use(column, cells, shown):
    assert number_format(column, cells) == shown


def test_a_column_is_as_wide_as_its_longest_line_within_bounds():
    assert column_width(["a"]) == 10
    assert column_width(["x" * 20 + "\n" + "y" * 30]) == 32
    assert column_width(["x" * 500]) == 50


@pytest.mark.parametrize("text", ["$$$", "$$a$$ b", "x](y", "$$$$"])
def test_no_text_is_read_as_markup(text):
    assert not re.search(r"\$\$|\]\(", plain(text))
