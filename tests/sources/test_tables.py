import json

import pytest

from statedfigures.errors import DataError
from statedfigures.sources.descriptor import TABLES, read_descriptor, record_columns
from statedfigures.sources.release import read_release

# What a spreadsheet or a slip of the hand does to one cell of the small
# release: table, row, column, new value, and the words that the fault must say.
SPOILT_CELLS = [
    ("figures", 3, "value", "1,000", 'row 3, column value: "1,000" has a thousands separator'),
    ("figures", 3, "value", "£480", '"£480" has a currency sign; write 480 and name the currency'),
    ("figures", 3, "value", "NaN", '"NaN" is not a number'),
    ("figures", 3, "value", "sNaN", '"sNaN" is not a number'),
    ("figures", 3, "value", "inf", '"inf" is not a number'),
    ("figures", 3, "value", "-480", '"-480" is below the smallest value allowed, 0'),
    ("figures", 3, "value", "", "row 3, column value: the cell is empty; fill it in"),
    ("figures", 3, "value", "4.8E+02", "is in scientific notation; write 480 in plain digits"),
    (
        "figures",
        3,
        "period_start",
        "Jan-20",
        "a spreadsheet has rewritten; write it like 2020-01-31",
    ),
    ("figures", 3, "period_start", "01/01/2020", '"01/01/2020" is not an ISO date'),
    ("figures", 3, "period_start", "2020-02-30", '"2020-02-30" is no day of the calendar'),
    ("figures", 3, "qualifier", "exakt", '"exakt" is not known here; did you mean "exact"?'),
    ("figures", 3, "unit", "vessels", '"vessels" is not known here'),
    ("figures", 3, "topic", "ship", 'did you mean "ships"?'),
    ("figures", 3, "id", "fund", '"fund" repeats the id of row 2; give each row its own'),
    ("figures", 3, "id", "Ships 2020", '"Ships 2020" is not in the form expected'),
    ("figures", 3, "id", "", "row 3, column id: the cell is empty"),
    ("figures", 3, "label", "", "row 3, column label: the cell is empty"),
    ("figures", 3, "locator", "ships/1", '"ships/1" is not in paragraphs.csv'),
    ("mentions", 2, "nth", "1.5", '"1.5" is not a whole number'),
    ("mentions", 2, "nth", "0", '"0" is below the smallest value allowed, 1'),
    ("claims", 2, "from_figure", "ships_2017", '"ships_2017" is not in figures.csv'),
    ("claims", 2, "from_figure", "ships_2017", 'did you mean "ships_2018"?'),
    ("measures", 2, "effect_figure_given", "no", '"no" is neither true nor false'),
    ("measures", 2, "figures", "fnud", '"fnud" is not in figures.csv'),
    ("series", 2, "growth_claim", "rise", '"rise" is not in claims.csv'),
    ("assumptions", 2, "low", "1,5", '"1,5" has a decimal comma; write 1.5'),
    ("assumptions", 2, "distribution", "normal", 'did you mean "lognormal"?'),
    ("assumptions", 2, "depends_on", "nothing_here", '"nothing_here" is not in assumptions.csv'),
    ("assumptions", 2, "review_by", "", "row 2, column review_by: the cell is empty"),
    ("published", 2, "value", "402 ships", '"402 ships" is not a number'),
    ("published", 3, "period", "2018", '"ships_counted, 2018" repeats the series and period'),
    ("published", 2, "url", "example.org", '"example.org" is not in the form expected'),
    ("paragraphs", 2, "sha256", "52d6", '"52d6" is not in the form expected'),
]


def message_of(small_release):
    """Give the message with which the spoilt release is refused."""
    with pytest.raises(DataError) as caught:
        read_release("small-release", data=small_release.data)
    return str(caught.value)


@pytest.mark.parametrize(("table", "row", "column", "value", "told"), SPOILT_CELLS)
def test_a_spoilt_cell_is_named_with_what_to_do(small_release, table, row, column, value, told):
    small_release.set_cell(table, row, column, value)

    message = message_of(small_release)

    assert told in message
    assert f"{table}.csv, row {row}, column" in message


def test_a_cell_has_one_fault_only(small_release):
    """What is no number is not also below a minimum or missing."""
    small_release.set_cell("figures", 3, "value", "NaN")

    assert message_of(small_release).count("\n") == 0


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_column_is_named(small_release, table):
    rows = small_release.rows(table)
    lost = rows[0][-1]
    small_release.write(table, [row[:-1] for row in rows])

    assert f"{table}.csv, row 1, column {lost}: the column is missing" in message_of(small_release)


def test_an_unknown_column_is_named_with_the_one_it_stands_for(small_release):
    rows = small_release.rows("figures")
    rows[0][rows[0].index("qualifier")] = "Qualifer"
    small_release.write("figures", rows)

    message = message_of(small_release)

    assert 'the column "Qualifer" is unknown' in message
    assert 'did you mean "qualifier"?' in message


def test_a_column_that_is_there_twice_is_named(small_release):
    rows = small_release.rows("figures")
    small_release.write("figures", [[*row, row[3]] for row in rows])

    assert "figures.csv, row 1, column value: the column is there twice" in message_of(
        small_release
    )


def test_a_column_without_a_name_is_named_by_its_place(small_release):
    rows = small_release.rows("figures")
    small_release.write("figures", [[*row, ""] for row in rows])

    assert "column 16 of the header has no name" in message_of(small_release)


def test_a_merged_title_row_above_the_header_is_noticed(small_release):
    rows = small_release.rows("figures")
    title = ["Figures of the release", *[""] * (len(rows[0]) - 1)]
    small_release.write("figures", [title, *rows])

    assert "row 1: the first row does not hold the names of the columns" in message_of(
        small_release
    )


def test_columns_may_stand_in_any_order(small_release):
    before = read_release("small-release", data=small_release.data)
    small_release.write("figures", [row[::-1] for row in small_release.rows("figures")])

    assert read_release("small-release", data=small_release.data) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda row: row[:-1], "the row has 14 cells and the header has 15; add the cells"),
        (
            lambda row: [*row, "x"],
            "the row has 16 cells and the header has 15; put a cell that holds a comma between",
        ),
    ],
)
def test_a_row_of_another_length_is_named(small_release, change, told):
    rows = small_release.rows("figures")
    rows[2] = change(rows[2])
    small_release.write("figures", rows)

    message = message_of(small_release)

    assert f"figures.csv, row 3: {told}" in message
    # What refers to the row that could not be read is no fault of its own.
    assert "\n" not in message


def test_an_empty_row_between_others_is_named(small_release):
    rows = small_release.rows("figures")
    rows.insert(4, [])
    small_release.write("figures", rows)

    assert message_of(small_release) == "figures.csv, row 5: the row is empty; delete it"


def test_rows_are_counted_as_a_spreadsheet_counts_them(small_release):
    """A cell with line ends in it takes one row, as it does on the screen."""
    small_release.set_cell("figures", 2, "note", "first line\nsecond line")
    small_release.set_cell("figures", 3, "value", "many")

    assert message_of(small_release).startswith("figures.csv, row 3, column value")


def test_faults_of_all_tables_are_told_at_once(small_release):
    small_release.set_cell("figures", 3, "value", "many")
    small_release.set_cell("claims", 2, "kind", "trend")
    (small_release.folder / "series.csv").unlink()

    message = message_of(small_release)

    assert "claims.csv, row 2, column kind" in message
    assert "figures.csv, row 3, column value" in message
    assert "series.csv: is missing" in message


def test_only_the_first_twenty_faults_are_shown_and_the_rest_counted(small_release):
    rows = small_release.rows("mentions")
    small_release.write("mentions", [rows[0], *([*row[:2], "x", *row[3:]] for row in rows[1:])])

    message = message_of(small_release)

    # The table has 32 rows, each with one fault.
    assert len(message.splitlines()) == 21
    assert message.endswith("and 12 more faults; mend these first")


@pytest.fixture
def descriptor(small_release):
    """Give the descriptor of the small release, and a way to read it again."""
    return json.loads((small_release.folder / "datapackage.json").read_text(encoding="utf-8"))


def resource(descriptor, name):
    """Give one resource of a descriptor."""
    return next(item for item in descriptor["resources"] if item["name"] == name)


def test_every_table_is_described(descriptor):
    tables = read_descriptor(json.dumps(descriptor))

    assert list(tables) == list(TABLES)
    assert tables["figures"].columns == tuple(record_columns(TABLES["figures"]))


def spoil_path(descriptor):
    resource(descriptor, "figures")["path"] = "../../elsewhere/figures.csv"


def spoil_field(descriptor):
    resource(descriptor, "figures")["schema"]["fields"].pop(0)


def spoil_type(descriptor):
    resource(descriptor, "figures")["schema"]["fields"][3]["type"] = "string"


def spoil_name(descriptor):
    resource(descriptor, "figures")["name"] = "figurs"


def spoil_key(descriptor):
    resource(descriptor, "claims")["schema"]["foreignKeys"][0]["reference"]["fields"] = ["name"]


def spoil_constraint(descriptor):
    resource(descriptor, "figures")["schema"]["fields"][0]["constraints"]["pattern"] = "["


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_path, 'gives figures another path; write "path": "figures.csv"'),
        (spoil_field, "figures has no field id; add it to the schema"),
        (spoil_type, "figures gives value the type string; the type must be integer or number"),
        (spoil_name, "does not describe the table figures"),
        (spoil_name, 'describes a table "figurs" that is unknown; did you mean "figures"?'),
        (spoil_key, "names the columns ['name'] that figures has not"),
        (spoil_constraint, "the schema of figures cannot be used"),
    ],
)
def test_a_descriptor_that_does_not_fit_the_tables_is_refused(descriptor, spoil, told):
    spoil(descriptor)

    with pytest.raises(DataError) as caught:
        read_descriptor(json.dumps(descriptor))

    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"resources": [}', "datapackage.json, row 1: is not JSON"),
        ("[]", "has no list of resources"),
        ('{"resources": 3}', "has no list of resources"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_descriptor_that_is_none_is_refused(text, told):
    with pytest.raises(DataError) as caught:
        read_descriptor(text)

    assert told in str(caught.value)


def test_frictionless_by_itself_finds_the_same_cells_wrong(small_release):
    """Our short way through frictionless and its own validation agree on every cell."""
    from frictionless import Package

    for table, row, column, value in (
        ("figures", 3, "value", "many"),
        ("figures", 4, "qualifier", "exakt"),
        ("figures", 5, "label", ""),
        ("claims", 2, "from_figure", "ships_2017"),
        ("assumptions", 3, "id", "hedge_revision"),
    ):
        small_release.set_cell(table, row, column, value)
    with pytest.raises(DataError) as caught:
        read_release("small-release", data=small_release.data)
    report = Package(str(small_release.folder / "datapackage.json")).validate()
    errors = {
        (f"{task.name}.csv", error.row_number) for task in report.tasks for error in task.errors
    }

    assert {(fault.file, fault.row) for fault in caught.value.faults} == errors
