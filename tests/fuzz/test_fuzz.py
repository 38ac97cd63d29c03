"""Whatever becomes of a table, it is read as it stands or refused with its place.

The suite mutates each table a few times; ``make fuzz`` thousands of times:
``STATEDFIGURES_FUZZ`` says how often.
"""

import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statedfigures.cli import main
from statedfigures.sources.descriptor import TABLES
from statedfigures.sources.release import read_release
from tests.fuzz.readings import misread

TIMES = int(os.environ.get("STATEDFIGURES_FUZZ", "12"))
SECONDS = 10
FUZZING = settings(
    max_examples=TIMES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NASTY = [
    *("", " ", "0", "-1", "101", "1,000", "1.000,5", "£5", "5%", "NaN", "sNaN", "-inf", "1e3"),
    *("1e999999999", "9" * 40, "0.1" + "0" * 30, "１２", "1_000", "+7", "0x10", "Infinity"),
    *("Jan-13", "13/01/2013", "2014-02-30", "9999-12-31", "0001-01-01", "41275", "2014-1-1"),
    *("=1+1", "#REF!", "all", "true", "TRUE", "None", "null", "exact", "percent", "\n", "\t"),
    *("<script>", "{{ 7*7 }}", "../..", "é", "\u202e", "\u200b", "\ufeff", "‐5", "a b", '"', "'"),
]
CELL = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))


def mutate_rows(data, rows):
    """Change cells, rows or columns of a table; give the table."""
    kind = data.draw(
        st.sampled_from(["cells", "cells", "cells", "row", "column", "header", "swap"])
    )
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    if kind == "cells":
        for _ in range(data.draw(st.integers(1, 3))):
            row = data.draw(st.integers(1, max(1, len(rows) - 1)))
            if row < len(rows):
                rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(CELL)
    elif kind == "row":
        change = data.draw(st.sampled_from(["drop", "repeat", "short", "long", "empty"]))
        new = {
            "drop": [],
            "repeat": [rows[at], rows[at]],
            "short": [rows[at][:column]],
            "long": [[*rows[at], data.draw(CELL)]],
            "empty": [rows[at], [""] * len(rows[at])],
        }
        rows[at : at + 1] = new[change]
    elif kind == "column":
        change = data.draw(st.sampled_from(["drop", "repeat", "move"]))
        for row in rows:
            cell = row.pop(column)
            if change != "drop":
                row.append(cell)
            if change == "repeat":
                row.append(cell)
    elif kind == "header":
        rows[0][column] = data.draw(CELL)
    else:
        other = data.draw(st.integers(0, len(rows) - 1))
        rows[at], rows[other] = rows[other], rows[at]
    return rows


def mutate_bytes(data, content):
    """Change, drop, repeat or insert bytes; give the content."""
    at = data.draw(st.integers(0, max(0, len(content) - 1)))
    length = data.draw(st.integers(0, 30))
    new = data.draw(
        st.one_of(
            st.binary(max_size=20),
            st.just(b""),
            st.just(content[at : at + length] * 2),
            st.sampled_from([b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\r", b"\r\n", b"\xa3", b'"']),
            st.sampled_from([",", ";", "\t", "”", "\u2028", "\u0085"]).map(str.encode),
        )
    )
    return content[:at] + new + content[at + length :]


def check(release, capsys):
    """Run ``statedfigures check`` in this process; give its exit status and its errors."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["check", "--release", "small-release", "--data", str(release.data)])
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("what", ["rows", "bytes"])
def test_a_mutated_table_is_read_as_it_stands_or_refused(small_release, capsys, table, what):
    path = small_release.folder / f"{table}.csv"
    original = path.read_bytes()
    rows = small_release.rows(table)

    @FUZZING
    @given(data=st.data())
    def holds(data):
        if what == "rows":
            small_release.write(table, mutate_rows(data, [list(row) for row in rows]))
        else:
            path.write_bytes(mutate_bytes(data, original))
        began = time.monotonic()
        status, told = check(small_release, capsys)
        assert time.monotonic() - began < SECONDS
        if status == 0:
            tables = read_release("small-release", data=small_release.data)
            assert list(misread(tables, small_release.folder)) == []
            return
        assert status == 2, told
        lines = told.splitlines()
        named = tuple(f"{name}.csv" for name in TABLES)
        assert lines, "nothing was told"
        assert all(line.startswith((*named, "and ")) for line in lines), told
        assert len(lines) <= 21

    try:
        holds()
    finally:
        path.write_bytes(original)
