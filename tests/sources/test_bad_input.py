"""The matrix of bad input: every kind of fault, in every table and every column that can have it.

Each ends in one fault that names file, row and column, says what was found and what to do.
The columns, their types and their constraints are read off the descriptor, so that a column
that is added is tested too.
"""

import json
import os
from pathlib import Path

import pytest

from statedfigures import cli
from statedfigures.errors import DataError
from statedfigures.sources.descriptor import TABLES
from statedfigures.sources.release import read_release

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "releases" / "small-release"
DESCRIPTOR = json.loads((SMALL / "datapackage.json").read_text("utf-8"))
RESOURCES = {one["name"]: one for one in DESCRIPTOR["resources"]}
FILES = [*(f"{table}.csv" for table in TABLES), "datapackage.json", "release.toml"]
FIELDS = [
    pytest.param(name, field, id=f"{name}-{field['name']}")
    for name, one in RESOURCES.items()
    for field in one["schema"]["fields"]
]
KEYS = [
    pytest.param(name, key, id=f"{name}-{key['fields'][0]}")
    for name, one in RESOURCES.items()
    for key in one["schema"].get("foreignKeys", ())
]
# Tables that ship empty get a row, so that its cells can be spoilt.
ROWS = {
    "reviews": ["damping", "a" * 64, "accept", "statistician", "2021-03-11", "Sound."],
    "tor_monthly_users": ["2020-01-01", "100.5", "31", "before"],
}
NOT_NUMBERS = {
    "1,000": "has a thousands separator; write 1000",
    "1 000": "has a thousands separator; write 1000",
    "1,5": "has a decimal comma; write 1.5",
    "£480": "has a currency sign; write 480",
    "12%": "has a percent sign; write 12",
    "NaN": "is not a number",
    "inf": "is not a number",
    "-Infinity": "is not a number",
    "4.8E+02": "is in scientific notation; write 480",
    "many": "is not a number; write it in digits only",
    "Jan-13": "is a date and not a number",
    "٣": "is not a number",
}
NOT_DATES = {
    "Jan-13": "is a date that a spreadsheet has rewritten; write it like 2013-01-31",
    "01/02/2014": "is not an ISO date; write year-month-day",
    "2014-02-30": "is no day of the calendar",
    "41640": "is the day number of a spreadsheet",
    "2014": "names no day",
    "NaN": "is not a date",
    "soon": "is not a date",
}


@pytest.fixture
def release(small_release):
    """Copy the small release, with a row in every table."""
    for table, row in ROWS.items():
        small_release.write(table, [small_release.rows(table)[0], row])
    read_release("small-release", data=small_release.data)
    return small_release


def faults_of(release):
    """Give the faults with which the release is refused: exit status 2."""
    with pytest.raises(DataError) as caught:
        read_release("small-release", data=release.data)
    assert caught.value.exit_status == 2
    return caught.value.faults


def spoilt_cells(field):
    """Give what must be refused in a cell of a column, with the words that are told."""
    constraints = field.get("constraints", {})
    kind = field["type"]
    if constraints.get("required"):
        yield "", "the cell is empty; fill it in"
    if kind in ("number", "integer"):
        yield from NOT_NUMBERS.items()
    if kind == "integer":
        yield "1.5", "is not a whole number"
    if kind == "date":
        yield from NOT_DATES.items()
    if kind == "boolean":
        yield from dict.fromkeys(("maybe", "2", "Yes"), "is neither true nor false").items()
    if "minimum" in constraints:
        yield "-480", "is below the smallest value allowed"
    if "maximum" in constraints:
        yield str(constraints["maximum"] + 1), "is above the largest value allowed"
    if "enum" in constraints:
        yield "no_such_word", "is not known here; use one of: "
        yield constraints["enum"][0].upper(), f'did you mean "{constraints["enum"][0]}"?'
    if "pattern" in constraints:
        yield "No such Form!", "is not in the form expected; make it match "
        yield "Jan-13", "is a date that a spreadsheet has rewritten; make it match "
    if "maxLength" in constraints and kind == "string" and "pattern" not in constraints:
        yield "x" * (constraints["maxLength"] + 1), "is too long; the limit is"
    if kind == "string":
        yield "#REF!", ""
        yield " padded", "has a space at its beginning or end; delete the space"


@pytest.mark.parametrize(("table", "field"), FIELDS)
def test_every_spoilt_cell_of_every_column_is_told_with_what_to_do(release, table, field):
    column = field["name"]
    row = len(release.rows(table))
    good = release.rows(table)
    cases = list(spoilt_cells(field))
    assert cases or field["type"] == "string"
    for value, told in cases:
        release.write(table, good)
        release.set_cell(table, row, column, value)
        here = [
            str(fault)
            for fault in faults_of(release)
            if (fault.file, fault.row, fault.column) == (f"{table}.csv", row, column)
        ]

        assert len(here) == 1, (value, here)
        assert told in here[0], value
        assert not value.strip() or value.split()[0][:40] in here[0]
        found, _, remedy = here[0].partition("; ")
        assert found
        assert remedy


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_every_reference_that_leads_nowhere_is_told_with_the_table_it_should_be_in(
    release, table, key
):
    """The keys that the descriptor declares."""
    (column,) = key["fields"]
    form = next(one for one in RESOURCES[table]["schema"]["fields"] if one["name"] == column)
    value = "no-such-text/99" if "/" in form["constraints"]["pattern"] else "no_such_row"
    row = len(release.rows(table))
    release.set_cell(table, row, column, value)

    target = key["reference"]["resource"] or table
    told = f'{table}.csv, row {row}, column {column}: "{value}" is not in {target}.csv; '
    assert any(str(fault).startswith(told) for fault in faults_of(release))


@pytest.mark.parametrize("table", TABLES)
def test_every_table_says_when_a_row_is_there_twice(release, table):
    """By its key; the reviews have none, because one may change one's mind."""
    rows = release.rows(table)
    release.write(table, [*rows, rows[-1]])
    if table == "reviews":
        assert len(read_release("small-release", data=release.data).reviews) == 2
        return

    told = [str(one) for one in faults_of(release) if one.row == len(rows) + 1]
    assert any(f"{table}.csv, row {len(rows) + 1}, column" in one for one in told)
    assert any(f"of row {len(rows)}; " in one for one in told), told


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_every_table_is_missed_when_it_is_gone(release, table):
    rows = release.rows(table)
    for place, column in enumerate(rows[0]):
        release.write(table, [[*row[:place], *row[place + 1 :]] for row in rows])
        if len(rows[0]) == 1:
            continue

        assert f"{table}.csv, row 1, column {column}: the column is missing; add it" in "\n".join(
            map(str, faults_of(release))
        )


# What spoils a table as a whole: its rows, and the words that the fault must say.
SPOILT_TABLES = {
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
    "an empty row": (
        lambda rows: [rows[0], [], *rows[1:]],
        ", row 2: the row is empty; delete it",
    ),
    "a short row": (
        lambda rows: [rows[0], rows[1][:-1], *rows[2:]],
        ", row 2: the row has",
    ),
    "a long row": (
        lambda rows: [rows[0], [*rows[1], "more"], *rows[2:]],
        ", row 2: the row has",
    ),
}


@pytest.mark.parametrize("kind", SPOILT_TABLES)
@pytest.mark.parametrize("table", TABLES)
def test_every_table_whose_rows_or_columns_are_spoilt_is_named(release, table, kind):
    spoil, told = SPOILT_TABLES[kind]
    release.write(table, spoil(release.rows(table)))

    faults = [str(fault) for fault in faults_of(release)]
    assert any(one.startswith(f"{table}.csv") and told in one for one in faults), faults


SPOILT_FILES = {
    "missing": (None, ": is missing; put it in the folder"),
    "empty": (lambda _: b"", ": is empty"),
    "utf-16": (lambda text: text.encode("utf-16"), ": is encoded as UTF-16"),
    "latin-1": (lambda text: text.encode() + b"\n# \xa3", "is not UTF-8: the byte 0xA3"),
    "binary": (lambda _: bytes(range(256)) * 4, ": is a binary file"),
    "workbook": (lambda _: b"PK\x03\x04" + bytes(99), ": is a workbook and not text"),
    "50 MB": (lambda _: b"x" * 50_000_000, ": holds 50 MB, more than the 1 MB"),
    "invisible": (lambda text: text.replace("e", "e\u200b", 1).encode(), "holds U+200B"),
}


@pytest.mark.parametrize("kind", SPOILT_FILES)
@pytest.mark.parametrize("file", FILES)
def test_every_file_that_cannot_be_read_is_named(release, file, kind):
    make, told = SPOILT_FILES[kind]
    path = release.folder / file
    text = path.read_text(encoding="utf-8")
    path.unlink()
    if make is not None:
        path.write_bytes(make(text))
    if (file, kind) == ("datapackage.json", "missing"):
        assert run_check(release)[0] == 2
        return

    assert any(str(one).startswith(file) and told in str(one) for one in faults_of(release))


@pytest.mark.parametrize("file", FILES)
def test_a_folder_in_the_place_of_any_file_is_named(release, file):
    (release.folder / file).unlink()
    (release.folder / file).mkdir()

    assert any(str(one).startswith(f"{file}: is a folder") for one in faults_of(release))


@pytest.mark.parametrize("file", FILES)
def test_any_file_without_permission_is_named(release, file, monkeypatch):
    """The refusal of the system is stood in for, because root may read everything."""
    read = Path.read_bytes

    def refuse(path):
        if path.name == file:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)

    assert any(
        str(one).startswith(f"{file}: may not be read; give yourself permission")
        for one in faults_of(release)
    )


@pytest.mark.parametrize(
    ("separator", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
@pytest.mark.parametrize("table", TABLES)
def test_every_table_whose_cells_no_comma_separates_is_named(release, table, separator, words):
    rows = [[cell.replace(separator, "") for cell in row] for row in release.rows(table)]
    text = "\n".join(separator.join(row) for row in rows)
    (release.folder / f"{table}.csv").write_text(text, encoding="utf-8")

    told = f"{table}.csv, row 1: the cells are separated by {words}"
    assert any(str(one).startswith(told) for one in faults_of(release))


@pytest.mark.parametrize("file", FILES)
def test_what_spreadsheets_and_editors_do_harmlessly_is_accepted_in_every_file(release, file):
    """A byte-order mark and Windows line ends."""
    before = read_release("small-release", data=release.data)
    path = release.folder / file
    content = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + content)

    assert read_release("small-release", data=release.data) == before


# What only the sense of a row shows: table, column of the last row of its kind, value, words.
SPOILT_SENSE = [
    ("figures", "ships_2020", {"period_end": "2019-12-31"}, "period_end"),
    ("assumptions", "damping", {"low": "0.99"}, "low"),
    ("assumptions", "damping", {"central": "0.99"}, "high"),
    ("assumptions", "damping", {"allowed_max": "0.5"}, "high"),
    ("assumptions", "damping", {"review_by": "2021-03-09"}, "review_by"),
]


@pytest.mark.parametrize(("table", "name", "cells", "column"), SPOILT_SENSE)
def test_a_row_that_makes_no_sense_is_named(release, table, name, cells, column):
    row = release.row_of(table, name)
    for changed, value in cells.items():
        release.set_cell(table, row, changed, value)

    told = [str(one) for one in faults_of(release)]
    assert any(one.startswith(f"{table}.csv, row {row}, column {column}: ") for one in told), told


@pytest.mark.parametrize("table", ["figures", "published"])
def test_a_share_above_a_hundred_percent_is_named(release, table):
    rows = release.rows(table)
    unit = rows[0].index("unit")
    row = next((n for n, one in enumerate(rows, 1) if one[unit] == "percent"), len(rows))
    release.set_cell(table, row, "unit", "percent")
    release.set_cell(table, row, "value", "101")

    told = f"{table}.csv, row {row}, column value: "
    assert any(
        str(one).startswith(told) and "more than the whole" in str(one)
        for one in faults_of(release)
    )


def run_check(release, *arguments):
    """Run a command in this process; give its exit status."""
    command = arguments or ("check", "--release", "small-release")
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--data", str(release.data)])
    return ended.value.code, command


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--release", "small-release"),
        ("review", "--release", "small-release"),
        ("review", "sign", "damping", "--release", "small-release", "--by", "reviewer",
         "--decision", "accept", "--comment", "Sound."),
        ("compare", "draws=64", "draws=128", "--release", "small-release"),
        ("render", "-p", "release", "small-release", "--notebooks",
         str(ROOT / "tests" / "notebooks-small"), "--out", "site"),
    ],
    ids=lambda one: " ".join(one[:2]),
)  # fmt: skip
def test_every_command_tells_all_faults_up_to_twenty_and_writes_nothing(
    release, command, capsys, monkeypatch, tmp_path
):
    """Thirty-two mentions without a number, and one wrong cell in another table."""
    rows = release.rows("mentions")
    release.write("mentions", [rows[0], *([*row[:2], "x", *row[3:]] for row in rows[1:])])
    release.set_cell("figures", 3, "value", "1,000")
    before = contents(tmp_path)
    monkeypatch.chdir(tmp_path)

    status, _ = run_check(release, *command)
    said = capsys.readouterr()

    assert status == 2
    lines = [line for line in said.err.splitlines() if line]
    assert sum(line.startswith(("figures.csv, row", "mentions.csv, row")) for line in lines) == 20
    assert f"and {len(rows) - 1 + 1 - 20} more faults; mend these first" in said.err
    assert "Traceback" not in said.err
    assert contents(tmp_path) == before


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


# Parameters


NOTEBOOKS = ROOT / "notebooks"
WRONG_NUMBERS = ["1,000", "£5", "NaN", "inf", "", "1e3", "1.5", "many", "٣", "1_000", "Jan-13"]
WRONG_PARAMETERS = [
    *(("horizon_year", one) for one in (*WRONG_NUMBERS, "-2019", "99999", "2013")),
    *(("draws", one) for one in (*WRONG_NUMBERS, "0", "-4", "1000", "1048576000")),
    *(("seed", one) for one in (*WRONG_NUMBERS, "-1")),
    *(("scenario", one) for one in ("", "middle", "High", "../high", "=1+1", "<b>high</b>")),
    *(("release", one) for one in ("", "..", "/etc", "no-such-release", "WeProtect")),
    ("scenaro", "high"),
    ("Draws", "1024"),
]


@pytest.mark.parametrize(("name", "value"), WRONG_PARAMETERS)
def test_every_wrong_parameter_is_named_with_what_is_right_and_nothing_is_written(
    name, value, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    places = ["--notebooks", str(NOTEBOOKS), "--data", str(ROOT / "data"), "--out", "site"]
    with pytest.raises(SystemExit) as ended:
        cli.main(["render", "-p", name, value, *places])
    said = capsys.readouterr().err

    assert ended.value.code == 2
    assert name in said
    assert "Traceback" not in said
    assert any(mark in said for mark in ("; ", "The parameters are", "is not one of "))
    assert not value or value[:20] in said or f"parameter '{name}' is unknown" in said
    assert os.listdir(tmp_path) == []


def test_the_wrong_topic_of_a_page_is_refused(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    places = ["--notebooks", str(NOTEBOOKS), "--data", str(ROOT / "data"), "--out", "site"]
    with pytest.raises(SystemExit) as ended:
        cli.main(["render", "--only", "tor", "-p", "topic", "tr", *places])

    assert ended.value.code == 2
    assert "topic" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []


def test_the_shipped_tables_have_the_columns_that_the_matrix_is_made_from():
    """The small release is described by the same columns as the one that ships."""
    shipped = json.loads((ROOT / "data/weprotect-2014/datapackage.json").read_text("utf-8"))

    assert {
        one["name"]: [(field["name"], field["type"]) for field in one["schema"]["fields"]]
        for one in shipped["resources"]
    } == {
        name: [(field["name"], field["type"]) for field in one["schema"]["fields"]]
        for name, one in RESOURCES.items()
    }
