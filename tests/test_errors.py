import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.errors import DataError, Fault, InputError, RunError, printable


def test_a_fault_is_one_line_with_its_place_and_remedy():
    fault = Fault("figures.csv", 3, "value", 'is\n"many"', "write it in digits")

    assert str(fault) == 'figures.csv, row 3, column value: is "many"; write it in digits'
    assert str(Fault("series.csv", 0, "", "is missing", "add it")) == (
        "series.csv: is missing; add it"
    )


def test_faults_are_told_once_in_the_order_of_files_and_rows():
    first, second = (Fault("a.csv", row, "", "is wrong", "mend it") for row in (2, 10))

    assert DataError([second, first, first]).faults == (first, second)
    assert (DataError([]).exit_status, InputError.exit_status, RunError.exit_status) == (2, 2, 1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("\x9b2Jgone", "gone"),
        ("bell\x07 and\ttab", "bell and tab"),
        ("two\u00a0words", "two words"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_nothing_in_a_message_moves_a_terminal(text, shown):
    assert printable(text) == shown
    assert str(RunError(text)) == shown
    assert str(Fault("a.csv", 1, "", text, "mend it")) == f"a.csv, row 1: {shown}; mend it".replace(
        "\n", " "
    )


@given(st.text())
def test_any_message_is_printable(text):
    assert all(line.isprintable() for line in printable(text).split("\n"))
