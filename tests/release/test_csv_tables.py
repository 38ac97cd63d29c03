"""The matrix of bad input: every kind of fault, in every column that can have it.

The columns, their types and their words are read off the schema, so that a column that is
added is tested too.
"""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.errors import DataError
from statedfigures.release import csv_tables as reader
from statedfigures.release.csv_tables import (
    LARGEST_FILE_BYTES,
    MOST_ROWS,
    decode_text,
    explain_form,
    frame_of,
    nearest_of,
    plain,
    quoted,
    read_bytes,
    read_table,
    split_rows,
)
from statedfigures.release.schema import Column, tables

SMALL = Path(__file__).parents[1] / "releases" / "small-release"
FILE = "figures.csv"
REVIEW = ["damping", "a" * 64, "accept", "statistician", "2021-03-11", "Sound."]
COLUMNS = [
    pytest.param(table, column, id=f"{table.name}-{column.name}")
    for table in tables().values()
    for column in table.columns
]
NOT_NUMBERS = {
    "1,000": "has a thousands separator; write 1000",
    "1 000 000": "has a thousands separator; write 1000000",
    "1'000.5": "has a thousands separator; write 1000.5",
    "1,5": "has a decimal comma; write 1.5",
    "£480": "has a currency sign; write 480 and name the currency in the unit column",
    "50 €": "has a currency sign; write 50",
    "12%": "has a percent sign; write 12 where the unit is percent, 0.12 where it is a share",
    "NaN": "is not a number; write the number, or leave the cell empty",
    "-Infinity": "is not a number; write the number, or leave the cell empty",
    "4.8E+02": "is in scientific notation; write 480 in plain digits",
    "1e400": "is in scientific notation; write it in plain digits",
    "+5": "has a plus sign; write 5",
    "−5": "has a dash for its minus sign; write -5",
    "many": "is not a number; write it in digits only",
    "1_000": "is not a number; write it in digits only",
    "Jan-13": "is a date and not a number",
    "٣": "is not a number",
    ".5": "is not written as plain digits; write it with at most 15 digits",
    "12\u00a0500": "has a thousands separator; write 12500",
    "(1,250)": "stands in brackets, as accounts write what is below zero; write -1250",
    "£2.5m": "has its scale behind it; write it in full, such as 2500000",
    "40–50": "is a range; write its lower end, and the upper one in value_to",
}
NOT_DATES = {
    # January has 31 days; a year of two digits is of this century up to 69.
    "Jan-13": "is a date that a spreadsheet has rewritten; write it like 2013-01-31",
    "Feb-2012": "is a date that a spreadsheet has rewritten; write it like 2012-02-29",
    "1-Dec-85": "is a date that a spreadsheet has rewritten; write it like 1985-12-01",
    "01/02/2014": "is not an ISO date; write year-month-day",
    "2014-02-30": "is no day of the calendar",
    "0214-12-11": "is not in the years 1800 to 2199; correct the year",
    "41640": "is the day number of a spreadsheet",
    "2014": "names no day; write the first or last day of the period",
    "NaN": "is not a date",
    "soon": "is not a date",
}


def rows_of(name):
    """Return header and rows of a table of the small release; reviews.csv gets a row."""
    rows = split_rows((SMALL / f"{name}.csv").read_bytes(), f"{name}.csv")
    return rows + ([REVIEW] if name == "reviews" else [])


def read(name, rows):
    """Return the frame and the faults, one line each."""
    read, faults = read_table(tables()[name], rows)
    return frame_of(tables()[name], read), [str(fault) for fault in faults]


def spoilt_cells(column):
    """Yield what must be refused in a cell of a column, with the words that are told."""
    kind = column.data_type
    if column.required:
        yield "", "the cell is empty; fill it in"
    if kind in ("number", "integer"):
        yield from NOT_NUMBERS.items()
    if kind == "integer":
        yield "1.5", "is not a whole number"
    if kind == "date":
        yield from NOT_DATES.items()
    if kind == "boolean":
        yield from dict.fromkeys(("maybe", "2", "Yes"), "is neither true nor false").items()
    if column.least is not None:
        yield plain(column.least - 1), f"is below the smallest value allowed, {column.least:g}"
    if column.one_of:
        yield "no_such_word", f"is not known here; use one of: {', '.join(column.one_of)}"
        yield column.one_of[0].upper(), f"is not known here; write {column.one_of[0]}"
    elif kind == "string":
        yield "x" * (column.longest + 1), f"is too long, {column.longest + 1:,} characters; the"
    if kind == "string" and "form" in column.about_type and not column.one_of:
        yield "No such Form!", ""
        yield "Jan-13", "is a date that a spreadsheet has rewritten; "
    if column.type == "ids":
        yield "ships boats ships", '"ships" stands there twice; name it once'
    if kind == "string":
        yield "#REF!", "is the error sign of a spreadsheet; write what was meant"
    yield " padded", "has a space at its beginning or end; delete the space"
    yield "TO FILL: ask the press office", "is still to be filled in; ask the press office"


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_spoilt_cell_of_every_column_is_told_with_what_to_do(table, column):
    rows = rows_of(table.name)
    place, number = rows[0].index(column.name), len(rows)
    for value, told in spoilt_cells(column):
        spoilt = [*rows[:-1], [*rows[-1][:place], value, *rows[-1][place + 1 :]]]
        _, faults = read(table.name, spoilt)

        start = f"{table.file}, row {number}, column {column.name}: "
        assert [fault.startswith(start) for fault in faults] == [True], (value, faults)
        assert told in faults[0], value
        found, _, remedy = faults[0].removeprefix(start).partition("; ")
        assert found
        assert remedy


@pytest.mark.parametrize("name", tables())
def test_every_column_has_the_type_that_its_schema_says(name):
    """Texts are never missing, numbers are floats, dates are dates; an empty table too."""
    types = {"string": "str", "number": "float64", "date": "datetime64[ns]", "boolean": "bool"}
    for frame in (read(name, rows_of(name))[0], frame_of(tables()[name], [])):
        frame = frame.reset_index(drop=name == "published") if frame.index.name else frame
        assert [column for column in frame if column != "origin"] == [
            *tables()[name].names,
            "file_row",
        ]
        for column in tables()[name].columns:
            integer = "int64" if column.required else "float64"
            assert str(frame[column.name].dtype) == types.get(column.data_type, integer)
            assert column.data_type != "string" or frame[column.name].notna().all()


@pytest.mark.parametrize("name", tables())
def test_every_table_says_when_a_row_is_there_twice(name):
    """By its key; reviews have none, because reviewers may change their minds."""
    rows = rows_of(name)
    _, faults = read(name, [*rows, rows[-1]])

    if name == "reviews":
        assert faults == []
    else:
        assert f"of row {len(rows)}; give each row its own" in faults[0]
        assert faults[0].startswith(f"{name}.csv, row {len(rows) + 1}, column ")


SPOILT_TABLES = {
    "a missing column": (
        lambda rows: [row[1:] for row in rows],
        ": the column is missing; add it, empty where nothing is known",
    ),
    "an extra column": (
        lambda rows: [[*rows[0], "remarks"], *([*row, "x"] for row in rows[1:])],
        ', row 1, column remarks: the column "remarks" is unknown; delete it, or rename it',
    ),
    "a column without a name": (
        lambda rows: [[*row, ""] for row in rows],
        "of the header has no name; name it",
    ),
    "a column there twice": (
        lambda rows: [[*row, row[0]] for row in rows],
        ": the column is there twice; keep one of them",
    ),
    "a merged row above the header": (
        lambda rows: [["A title", *[""] * (len(rows[0]) - 1)], *rows],
        ", row 1: the first row does not hold the names of the columns",
    ),
    "an empty row": (lambda rows: [rows[0], [], *rows[1:]], ", row 2: the row is empty; delete"),
    "a short row": (
        lambda rows: [rows[0], rows[1][:-1], *rows[2:]],
        "; add the cells that are missing, empty or not",
    ),
    "a long row": (
        lambda rows: [rows[0], [*rows[1], "more"], *rows[2:]],
        "; put a cell that holds a comma between quotation marks",
    ),
}


@pytest.mark.parametrize("kind", SPOILT_TABLES)
@pytest.mark.parametrize("name", tables())
def test_every_table_whose_rows_or_columns_are_spoilt_is_named(name, kind):
    spoil, told = SPOILT_TABLES[kind]
    _, faults = read(name, spoil(rows_of(name)))

    assert any(fault.startswith(f"{name}.csv") and told in fault for fault in faults), faults


def test_an_unknown_column_is_named_with_the_one_it_stands_for():
    rows = rows_of("figures")
    rows[0][rows[0].index("qualifier")] = "Qualifer"
    _, faults = read("figures", rows)

    assert any('the column "Qualifer" is unknown' in fault for fault in faults)
    assert any("use one of: qualifier" in fault for fault in faults)


# ---------------------------------------------------------------- files


def faults_of(call, *arguments):
    with pytest.raises(DataError) as caught:
        call(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"  \r\n\n", "is empty"),
        (b"PK\x03\x04rest of a zip", "is a workbook and not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a workbook and not text"),
        (b"id,value\n\x00\x01\x02\x03 and a good deal of text after it\n", "is a binary file"),
        ("id,value\n".encode("utf-16"), "is encoded as UTF-16"),
        ("id,value\nposts,141\n".encode("utf-16-le"), "is encoded as UTF-16"),
        ("id,value\nposts,141\n".encode("utf-16-be"), "is encoded as UTF-16"),
        (
            "id,note\nfund,£50 million\n".encode("latin-1"),
            "row 2: is not UTF-8: the byte 0xA3 in this line would be “£” in Latin-1 "
            "(Windows-1252); save it as “CSV UTF-8 (comma delimited)”",
        ),
        (
            "id,note\nfund,£50 million\n".encode().decode("cp1252").encode(),
            "row 2: “Â£” comes from reading UTF-8 as Latin-1",
        ),
        *(
            (f"id,note\na,b\nfund,5{sign}\n".encode(), f"row 3: holds U+{ord(sign):04X}")
            for sign in "\u200b\u00ad\u202e\x07\ufffd"
        ),
    ],
)
def test_content_that_is_no_plain_text_is_named(content, told):
    assert told in faults_of(decode_text, content, FILE)


def test_what_spreadsheets_do_harmlessly_is_accepted():
    """A byte-order mark, Windows line ends and empty rows at the end change nothing."""
    spreadsheet = b"\xef\xbb\xbfid,note\r\nposts,one\r\n,\r\n\r\n"

    assert split_rows(spreadsheet, FILE) == [["id", "note"], ["posts", "one"]]


def test_a_cell_with_line_ends_counts_as_one_row():
    assert len(split_rows(b'id,note\nposts,"one\ntwo"\nfund,three\n', FILE)) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id;note\nposts;one\n", "row 1: the cells are separated by semicolons"),
        ("id\tnote\nposts\tone\n", "row 1: the cells are separated by tabs"),
        ("id|note\nposts|one\n", "row 1: the cells are separated by vertical bars"),
        ('id,note\nposts,"one\n', "row 2: the quotation marks of a cell do not pair up"),
        ('id,note\nposts,"on"e\n', "row 2: the quotation marks of a cell do not pair up"),
        ("id,note\n" + "a,b\n" * MOST_ROWS, "holds more than the 10000 rows"),
    ],
)
def test_text_that_is_no_table_is_named(text, told):
    assert told in faults_of(split_rows, text.encode(), FILE)


def test_a_cell_is_too_long_also_where_the_csv_module_by_itself_would_not_read_it():
    """That takes 131,072 characters unless it is told otherwise."""
    text = ",".join(rows_of("topics")[0]) + "\n" + ",".join(["x" * 160_000] * 6)
    _, faults = read("topics", split_rows(text.encode(), "topics.csv"))

    assert "row 2, column id: " in faults[0]
    assert all("is too long, 160,000 characters; the limit is" in fault for fault in faults)


def test_what_is_no_file_is_named(tmp_path, monkeypatch):
    path = tmp_path / FILE
    assert "figures.csv: is missing; put it in the folder" in faults_of(read_bytes, path)
    path.mkdir()
    assert "figures.csv: is a folder" in faults_of(read_bytes, path)
    path.rmdir()
    os.mkfifo(path)
    assert "figures.csv: is not an ordinary file" in faults_of(read_bytes, path)
    path.unlink()
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert "holds 50 MB, more than the 1 MB" in faults_of(read_bytes, path)
    assert LARGEST_FILE_BYTES < 50_000_000

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    # The refusal of the system is stood in for, because root may read everything.
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    path.write_text("id\n")
    assert "figures.csv: may not be read; give yourself permission" in faults_of(read_bytes, path)


# ---------------------------------------------------------------- words


def test_allowed_words_are_listed_rather_than_one_guessed():
    """“year” is nearer to part_year than to calendar_year, which is meant."""
    kinds = next(c for c in tables()["figures"].columns if c.name == "period_kind")
    near, same = (reader.explain_cell(kinds, cell) for cell in ("year", "Calendar year"))

    assert near[1].startswith("use one of: point, week, month, quarter, cal")
    assert same[1] == "write calendar_year"


def test_the_nearest_id_is_offered_where_there_are_many():
    many = [f"ships_{year}" for year in range(1990, 2022)]

    assert nearest_of("ship_2020", many) == 'did you mean "ships_2020"?'
    assert nearest_of("SHIPS_2020", ["ships_2020"]) == 'did you mean "ships_2020"?'
    assert nearest_of("weekly", ["about", "exact"]) == "use one of: about, exact"
    assert "nothing of this kind exists yet" in nearest_of("weekly", [])


def test_a_long_cell_is_shortened_and_kept_on_one_line():
    shown = quoted("a\nlong " + "x" * 500)

    assert len(shown) < 70
    assert "\n" not in shown


@given(st.decimals(-(10**12), 10**12, places=6, allow_nan=False))
def test_a_number_is_shown_as_it_was_typed(number):
    """Zeros behind the last digit that counts aside."""
    typed = f"{number:f}".rstrip("0").rstrip(".")
    if len(typed.replace(".", "").lstrip("-0")) <= 15:
        assert plain(float(typed)) == ("0" if float(typed) == 0 else typed)


@given(st.text(max_size=20))
def test_anything_that_is_no_number_or_date_is_explained(cell):
    for kind in ("number", "date"):
        found, remedy = explain_form(Column("value", "", kind), cell)
        assert found
        assert remedy


def test_reading_leaves_the_limit_of_the_csv_module_as_it_was():
    before = csv.field_size_limit(10**9)
    try:
        long = b"id,note\na," + b"x" * 200_000
        assert len(reader.split_rows(long, "figures.csv")[1][1]) == 200_000
        assert csv.field_size_limit() == 10**9
    finally:
        csv.field_size_limit(before)
