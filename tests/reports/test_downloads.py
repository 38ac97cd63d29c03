"""CSV files of tables and charts."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.display.delimited import neutralised
from statedfigures.display.records import Chart, Column, TableView
from statedfigures.display.words import Provenance, Quantity, Sentence, sentence
from statedfigures.errors import NotebookError
from statedfigures.reports.downloads import PROJECTION_COLUMNS, csv_bytes, table_files

HALF = Quantity("1,200.5", 1200.5, Provenance(("figure:ships_2020",)))


def data_files(shown):
    """Give the path and content of every CSV file."""
    return {one.path: one.content for one in table_files(shown)}


def table(identity="ships", label="Ships, tall", value=HALF):
    columns = (Column("label", "Label"), Column("value", "Value", numeric=True))
    return TableView(identity, "Ships", columns, ((label, value),))


def projections(identity, value):
    columns = tuple(
        Column(name, name, numeric=name in {"target_year", "value"}) for name in PROJECTION_COLUMNS
    )
    year = Quantity("2026", 2026.0, HALF.provenance)
    row = ("ships", "low", "linear", year, "quantile", "0.5", value, "ships")
    return TableView(identity, "Projections", columns, (row,))


def test_a_table_becomes_a_csv_file_with_plain_numbers():
    assert data_files({"1-a.ipynb": [table()]}) == {
        "data/ships.csv": b'label,value\r\n"Ships, tall",1200.5\r\n'
    }


def test_a_chart_gives_its_data():
    words = Sentence(("words",))
    chart = Chart("chart", words, words, "<svg/>", words, table("chart-data"))

    assert list(data_files({"1-a.ipynb": [chart]})) == ["data/chart-data.csv"]


def test_all_projections_stand_in_one_long_table_each_row_once():
    files = data_files(
        {
            "1-a.ipynb": [projections("a", HALF), projections("b", HALF)],
            "2-b.ipynb": [projections("c", Quantity("7", 7.0, HALF.provenance))],
        }
    )
    rows = list(csv.reader(io.StringIO(files["data/projections.csv"].decode(), newline="")))

    assert rows == [
        list(PROJECTION_COLUMNS),
        ["ships", "low", "linear", "2026", "quantile", "0.5", "1200.5", "ships"],
        ["ships", "low", "linear", "2026", "quantile", "0.5", "7", "ships"],
    ]


def test_the_same_table_may_stand_on_two_pages():
    assert len(data_files({"1-a.ipynb": [table()], "2-b.ipynb": [table()]})) == 1


def test_two_tables_of_one_name_are_refused():
    with pytest.raises(NotebookError) as caught:
        data_files({"1-a.ipynb": [table()], "2-b.ipynb": [table(label="Boats")]})

    assert str(caught.value) == (
        "2-b.ipynb: the table id 'ships' already names another table in 1-a.ipynb; "
        "give each table its own id"
    )


@pytest.mark.parametrize("identity", ["../evil", "a/b", "", "projections", ".hidden", "a b"])
def test_an_id_that_could_leave_the_folder_is_refused(identity):
    with pytest.raises(NotebookError, match="cannot name a file"):
        data_files({"1-a.ipynb": [table(identity)]})


def test_line_breaks_and_quotation_marks_survive():
    rows = [["a", "b"], ['say "ho"', "two\nlines"]]

    assert list(csv.reader(io.StringIO(csv_bytes(rows).decode(), newline=""))) == rows


def test_a_table_knows_the_notebooks_that_showed_it_and_its_chart():
    words = sentence("Ships lead")
    chart = Chart("chart", words, words, "<svg/>", words, table("chart-data"))
    first, second = table_files({"1-a.ipynb": [table(), chart], "2-b.ipynb": [table()]})

    assert first.notebooks == ("1-a.ipynb", "2-b.ipynb")
    assert (first.title, first.row_count, first.name) == ("Ships", 1, "ships")
    assert (second.title, second.chart_title) == ("Ships: Ships lead", "Ships lead")


def test_the_long_table_of_all_projections_knows_its_columns_and_its_rows():
    *_, together = table_files(
        {
            "1-a.ipynb": [
                projections("a", HALF),
                projections("b", Quantity("7", 7.0, HALF.provenance)),
            ]
        }
    )

    assert together.path == "data/projections.csv"
    assert together.row_count == 2
    assert tuple(column.name for column in together.view.columns) == PROJECTION_COLUMNS


def read_back(content):
    """Read a CSV file as any library for it does."""
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


# A lone surrogate is no text; a NUL ends a line for some readers and is refused in tables.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
VALUES = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**12), 10**12)


@given(rows=st.lists(st.tuples(TEXTS, VALUES), max_size=8))
def test_every_csv_file_reads_back_to_the_values_of_its_table(rows):
    """Texts letter by letter, numbers to ten significant digits."""
    columns = (Column("label", "Label"), Column("value", "Value", numeric=True))
    cells = tuple(
        (label, Quantity("shown otherwise", float(value), HALF.provenance)) for label, value in rows
    )
    (one,) = table_files({"1-a.ipynb": [TableView("t", "T", columns, cells)]})
    header, *found = read_back(one.content)

    assert header == ["label", "value"]
    assert [label for label, _ in found] == [neutralised(label) for label, _ in rows]
    assert [float(value) for _, value in found] == pytest.approx(
        [float(value) for _, value in rows], rel=1e-9, abs=0
    )


@given(start=st.sampled_from("=+-@\t\r\n"), rest=TEXTS, spaces=st.integers(0, 2))
def test_a_text_that_begins_like_a_formula_is_neutralised_and_nothing_is_lost(start, rest, spaces):
    text = " " * spaces + start + rest
    columns = (Column("label", "Label"),)
    (one,) = table_files({"1-a.ipynb": [TableView("t", "T", columns, ((text,),))]})

    assert read_back(one.content)[1] == [f"'{text}"]


@given(value=st.floats(max_value=0, exclude_max=True, allow_infinity=False))
def test_a_negative_number_stays_a_number(value):
    columns = (Column("value", "Value", numeric=True),)
    cell = Quantity("less", value, HALF.provenance)
    (one,) = table_files({"1-a.ipynb": [TableView("t", "T", columns, ((cell,),))]})
    field = read_back(one.content)[1][0]

    assert field.startswith("-")
    assert float(field) == pytest.approx(value, rel=1e-9, abs=0)
