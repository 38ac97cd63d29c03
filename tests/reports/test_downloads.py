"""CSV files of tables and charts."""

import csv
import io

import pytest

from statedfigures.display.records import Chart, Column, TableView
from statedfigures.display.words import Provenance, Quantity, Sentence
from statedfigures.errors import NotebookError
from statedfigures.reports.downloads import PROJECTION_COLUMNS, csv_bytes, data_files

HALF = Quantity("1,200.5", 1200.5, Provenance(("figure:ships_2020",)))


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
