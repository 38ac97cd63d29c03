from datetime import date

import pytest

from statedfigures.errors import DataError, RunError
from statedfigures.sources.records import Review
from statedfigures.sources.release import read_release
from statedfigures.sources.reviews import append_reviews, formula_in

HEADER = "assumption,fingerprint,decision,by,on,comment"
ROW = f"damping,{'a' * 64},accept,head of profession,2021-03-11,Sound"
ROW_OF_TWO_LINES = ROW.replace("Sound", '"two\nlines"')


def given(**changes):
    values = {
        "assumption": "damping",
        "fingerprint": "b" * 64,
        "decision": "challenge",
        "by": "statistician",
        "on": date(2021, 3, 12),
        "comment": 'Too "narrow", and why?',
    }
    return Review(**{**values, **changes})


@pytest.mark.parametrize(
    "before",
    [
        f"{HEADER}\n",
        HEADER,
        f"\ufeff{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\n{ROW}",
        f"{HEADER}\n{ROW} and\n{ROW}\n,,,,,\n\n",
        f"{HEADER}\n{ROW_OF_TWO_LINES}\n",
    ],
    ids=["empty", "no line end", "windows", "row without end", "empty rows", "two lines"],
)
def test_a_review_is_added_below_and_what_was_there_stays_byte_for_byte(small_release, before):
    path = small_release.folder / "reviews.csv"
    path.write_bytes(before.encode())

    append_reviews(small_release.folder, [given(), given(on=date(2021, 3, 13))])

    after = path.read_bytes()
    assert after.startswith(before.encode().rstrip(b",\r\n"))
    found = read_release("small-release", data=small_release.data).reviews
    assert found[-2:] == (given(), given(on=date(2021, 3, 13)))
    assert (b"\r\n" in after) == ("\r\n" in before)


def test_columns_in_another_order_stay_in_it(small_release):
    path = small_release.folder / "reviews.csv"
    path.write_text("comment,on,by,decision,fingerprint,assumption\n")

    append_reviews(small_release.folder, [given(comment="Why?")])

    assert path.read_text().splitlines()[1] == (
        f"Why?,2021-03-12,statistician,challenge,{'b' * 64},damping"
    )


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"decision": "maybe"}, "decision"),
        ({"by": ""}, "by"),
        ({"fingerprint": "abc"}, "fingerprint"),
        ({"comment": "x" * 2001}, "comment"),
    ],
)
def test_a_row_that_breaks_the_schema_is_refused_and_nothing_written(
    small_release, changes, column
):
    path = small_release.folder / "reviews.csv"
    before = path.read_bytes()

    with pytest.raises(DataError) as refused:
        append_reviews(small_release.folder, [given(), given(**changes)])

    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, column)]
    assert path.read_bytes() == before
    assert sorted(one.name for one in small_release.folder.glob(".*")) == []


def test_a_folder_that_may_not_be_written_is_told_and_the_table_is_as_it_was(
    small_release, monkeypatch
):
    path = small_release.folder / "reviews.csv"
    before = path.read_bytes()

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", refuse)

    with pytest.raises(RunError, match=r"reviews\.csv: could not be written .* as it was"):
        append_reviews(small_release.folder, [given()])

    assert path.read_bytes() == before
    assert sorted(one.name for one in small_release.folder.glob(".*")) == []


@pytest.mark.parametrize("text", ["=1+1", " =HYPERLINK(1)", "+44", "-2", "@SUM(A1)"])
def test_what_a_spreadsheet_would_run_is_a_formula(text):
    assert formula_in(text)
