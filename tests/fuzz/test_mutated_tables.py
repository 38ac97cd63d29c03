"""Whatever becomes of a table, it is read as it stands or refused with its place.

The suite mutates each table a few times; ``make fuzz`` thousands of times:
``STATEDFIGURES_FUZZ`` says how often.
"""

import csv
import io
import os

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statedfigures.errors import InputError
from statedfigures.release.reading import read_release
from statedfigures.release.schema import tables

TIMES = int(os.environ.get("STATEDFIGURES_FUZZ", "4"))
FUZZING = settings(
    max_examples=TIMES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FILES = [*(table.file for table in tables().values()), "release.toml", "datapackage.json"]
NASTY = [
    *("", " ", "0", "-1", "101", "1,000", "1.000,5", "£5", "5%", "NaN", "sNaN", "-inf", "1e3"),
    *("1e999999999", "9" * 40, "0.1" + "0" * 30, "１２", "1_000", "+7", "0x10", "Infinity"),
    *("Jan-13", "13/01/2013", "2014-02-30", "9999-12-31", "0001-01-01", "41275", "2014-1-1"),
    *("=1+1", "#REF!", "all", "true", "TRUE", "None", "null", "exact", "percent", "\n", "\t"),
    *("<script>", "{{ 7*7 }}", "../..", "é", "\u202e", "\u200b", "\ufeff", "‐5", "a b", '"', "'"),
    *("month", "2020-02-01", "2020-W53", "2020s", "since", "TO FILL", "yes", "no", "fall", "0.5"),
    *("published:ships_counted/2020", "figure:ships_2020", "ships_2018", "tankers_2020", "low"),
]
CELL = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))


def mutate_rows(data, rows):
    """Change cells, rows or columns of a table."""
    kinds = ["cells", "cells", "cells", "row", "column", "header", "swap"]
    kind = data.draw(st.sampled_from(kinds))
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    if kind == "cells" and len(rows) > 1:
        for _ in range(data.draw(st.integers(1, 3))):
            row = rows[data.draw(st.integers(1, len(rows) - 1))]
            row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELL)
    elif kind == "row":
        new = {
            "drop": [],
            "repeat": [rows[at], rows[at]],
            "short": [rows[at][:column]],
            "long": [[*rows[at], data.draw(CELL)]],
            "empty": [rows[at], [""] * len(rows[at])],
        }
        rows[at : at + 1] = new[data.draw(st.sampled_from(sorted(new)))]
    elif kind == "column":
        change = data.draw(st.sampled_from(["drop", "repeat", "move"]))
        for row in rows:
            cell = row.pop(column)
            row.extend([cell] * {"drop": 0, "move": 1, "repeat": 2}[change])
    elif kind == "header":
        rows[0][column] = data.draw(CELL)
    else:
        other = data.draw(st.integers(0, len(rows) - 1))
        rows[at], rows[other] = rows[other], rows[at]


def mutate_bytes(data, content):
    """Change, drop, repeat or insert bytes."""
    at = data.draw(st.integers(0, max(0, len(content) - 1)))
    length = data.draw(st.integers(0, 30))
    marks = [b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\r", b"\r\n", b"\xa3", b'"', b";", b"\x1b[31m"]
    new = data.draw(
        st.one_of(
            st.binary(max_size=20),
            st.just(content[at : at + length] * 2),
            st.sampled_from([*marks, *map(str.encode, ("”", "\u2028", "\u0085"))]),
        )
    )
    return content[:at] + new + content[at + length :]


def misread(name, frame, content):
    """Name the cells of a table that were read as something else than they say."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    cells = {
        number: dict(zip((cell.strip() for cell in header), row, strict=False))
        for number, row in enumerate(rows, start=2)
        if any(cell.strip() for cell in row)
    }
    frame = frame[frame["origin"] == "release"] if "origin" in frame else frame
    keyed = frame.reset_index() if frame.index.name in tables()[name].names else frame
    if set(keyed["file_row"]) != set(cells):
        yield f"{name}: other rows than the file holds"
    for row in keyed.to_dict("records"):
        for column in tables()[name].names:
            value, cell = row[column], cells[row["file_row"]][column]
            says = {
                bool: str(value).lower(),
                pd.Timestamp: str(value)[:10],
            }.get(type(value), cell if pd.isna(value) and not cell else str(value))
            same = float(cell) == value if isinstance(value, float) and cell else says == cell
            if not same:
                yield f"{name} row {row['file_row']} {column}: {cell!r} was read as {value!r}"


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("what", ["rows", "bytes"])
def test_a_mutated_file_is_read_as_it_stands_or_refused_with_its_place(small_release, file, what):
    path = small_release.folder / file
    original = path.read_bytes()
    if what == "rows" and not file.endswith(".csv"):
        return
    if file != "datapackage.json":
        (small_release.folder / "datapackage.json").unlink()

    @FUZZING
    @given(data=st.data())
    def holds(data):
        if what == "rows":
            rows = list(csv.reader(io.StringIO(original.decode(), newline="")))
            mutate_rows(data, rows)
            small_release.write(file.removesuffix(".csv"), rows)
        else:
            path.write_bytes(mutate_bytes(data, original))
        told = ""
        try:
            release = read_release("small-release", small_release.data)
        except InputError as error:
            told = str(error)
        if told:
            lines = told.splitlines()
            named = (*FILES, "release:", "and ")
            assert all(line.startswith(named) and "; " in line for line in lines), told
            assert all(line.isprintable() for line in lines)
            assert len(lines) <= 21
        elif file.endswith(".csv"):
            name = file.removesuffix(".csv")
            assert list(misread(name, getattr(release, name), path.read_bytes())) == []

    try:
        holds()
    finally:
        path.write_bytes(original)
