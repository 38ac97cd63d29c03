import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from statedfigures.errors import DataError, ParameterError, RunError
from statedfigures.release.reading import read_release
from statedfigures.release.signing import (
    SHEET,
    make_reviews,
    read_review_pack,
    record_reviews,
)

HEADER = "assumption,fingerprint,decision,by,on,comment"
ROW = f"volatility_ships,{'a' * 64},accept,head of profession,2021-03-11,Sound"
ROW_OF_TWO_LINES = ROW.replace("Sound", '"two\nlines"')
PRINTS = {"volatility_ships": "b" * 64, "growth_continues_ships": "c" * 64, "damping": "d" * 64}
NAMES = ["id", "label", "decision", "by", "comment", "fingerprint"]


def review(**changes):
    return {
        "assumption": "volatility_ships",
        "fingerprint": "b" * 64,
        "decision": "challenge",
        "by": "statistician",
        "on": "2021-03-12",
        "comment": 'Too "narrow", and why?',
    } | changes


def frame(*reviews):
    return pd.DataFrame(reviews)


@pytest.fixture
def signed(small_release):
    """Return the small release without its descriptor, and what reads it again."""
    (small_release.folder / "datapackage.json").unlink()
    return small_release, lambda: read_release("small-release", small_release.data)


@pytest.mark.parametrize(
    "before",
    [
        f"{HEADER}\n",
        HEADER,
        f"\ufeff{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\n{ROW}",
        f"{HEADER}\n{ROW} and\n{ROW}\n,,,,,\n\n",
        f"{HEADER}\n{ROW_OF_TWO_LINES}\n",
        None,
    ],
    ids=["empty", "no line end", "windows", "row without end", "empty rows", "two lines", "absent"],
)
def test_reviews_are_added_below_and_what_was_there_stays_byte_for_byte(signed, before):
    small_release, read = signed
    path = small_release.folder / "reviews.csv"
    path.unlink()
    if before is not None:
        path.write_bytes(before.encode())

    added_to = record_reviews(read(), frame(review(), review(on="2021-03-13")))
    assert added_to == {"volatility_ships": "small-release/reviews.csv"}

    after = path.read_bytes()
    assert after.startswith((before or HEADER).encode().rstrip(b",\r\n"))
    last = read().reviews.tail(2)
    assert list(last["on"].dt.date) == [date(2021, 3, 12), date(2021, 3, 13)]
    assert set(last["comment"]) == {'Too "narrow", and why?'}
    assert (b"\r\n" in after) == ("\r\n" in (before or ""))


def test_columns_in_another_order_stay_in_it(signed):
    small_release, read = signed
    path = small_release.folder / "reviews.csv"
    path.write_text("comment,on,by,decision,fingerprint,assumption\n")
    record_reviews(read(), frame(review(comment="Why?")))

    assert path.read_text().splitlines()[1] == (
        f"Why?,2021-03-12,statistician,challenge,{'b' * 64},volatility_ships"
    )


def test_a_review_of_a_shared_row_goes_to_the_shared_folder(signed):
    """And counts for every release; several rows are signed at once."""
    small_release, read = signed
    names = ["damping", "volatility_ships"]
    made = make_reviews(
        read(), PRINTS, names, decision="accept", by="head", comment="", on=date(2026, 11, 28)
    )
    files = ["method/reviews.csv", "small-release/reviews.csv"]
    assert record_reviews(read(), made) == dict(zip(names, files, strict=True))

    assert list(read().reviews["assumption"]) == names
    assert list(read().reviews["origin"]) == ["method", "release"]
    assert "damping" in (small_release.data / "method" / "reviews.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"decision": "maybe"}, "decision"),
        ({"by": ""}, "by"),
        ({"fingerprint": "abc"}, "fingerprint"),
        ({"comment": "x" * 2001}, "comment"),
        ({"decision": "reject", "comment": ""}, "comment"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_and_nothing_written(signed, changes, column):
    small_release, read = signed
    path = small_release.folder / "reviews.csv"
    before = path.read_bytes()
    with pytest.raises(DataError) as refused:
        record_reviews(read(), frame(review(), review(**changes)))

    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, column)]
    assert path.read_bytes() == before


def test_a_review_of_a_day_before_its_decision_is_refused_and_nothing_written(signed):
    """The volatility was decided on 10 March 2021; of that day it may be reviewed."""
    small_release, read = signed
    path = small_release.folder / "reviews.csv"
    before = path.read_bytes()
    with pytest.raises(ParameterError) as refused:
        record_reviews(read(), frame(review(), review(on="1999-01-01")))

    assert str(refused.value) == (
        "volatility_ships: the review is of 1999-01-01, and the row was decided on 2021-03-10; "
        "give the day of the review"
    )
    assert path.read_bytes() == before
    record_reviews(read(), frame(review(on="2021-03-10")))
    assert len(read().reviews) == 1


def test_a_folder_that_may_not_be_written_is_told_and_the_table_is_as_it_was(signed, monkeypatch):
    small_release, read = signed
    path = small_release.folder / "reviews.csv"
    before, release = path.read_bytes(), read()

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(RunError, match=r"reviews\.csv: could not be written .* as it was"):
        record_reviews(release, frame(review()))

    assert path.read_bytes() == before
    assert {path.name for path in small_release.folder.glob(".*")} <= {".reviews.csv.lock"}


def test_no_signature_is_lost_when_several_sign_at_once(signed):
    _, read = signed
    release = read()
    with ThreadPoolExecutor(4) as pool:
        jobs = (
            pool.submit(record_reviews, release, frame(review(by=f"role {n}"))) for n in range(12)
        )
        for job in list(jobs):
            job.result()

    assert sorted(read().reviews["by"]) == sorted(f"role {number}" for number in range(12))


@pytest.mark.parametrize(
    ("names", "changes", "told"),
    [
        (["dampin", "x"], {}, 'no assumption is called "dampin"; use one of: damping'),
        (
            ["damping"],
            {"decision": "maybe"},
            '--decision: "maybe" is not known here; use one of: accept',
        ),
        (["damping"], {"by": " "}, "--by: the cell is empty"),
        (["damping"], {"by": "2026-11-23"}, '--by: "2026-11-23" is no role; write the role'),
        (["damping"], {"comment": "=1+1"}, '--comment: "=1+1" begins like a formula'),
        (["damping"], {"by": "@SUM(A1)"}, '--by: "@SUM(A1)" begins like a formula'),
        (
            ["damping"],
            {"decision": "reject", "comment": " "},
            "--comment: a reject gives no reason",
        ),
    ],
)
def test_a_wrong_signature_is_refused_in_words(signed, names, changes, told):
    _, read = signed
    given = {"decision": "accept", "by": "statistician", "comment": "Sound."} | changes
    with pytest.raises(ParameterError) as refused:
        make_reviews(read(), {**PRINTS}, names, **given, on=date(2021, 3, 12))

    assert told in str(refused.value)
    assert str(refused.value).count("no assumption is called") == ("dampin" in names) * 2


# ---------------------------------------------------------------- a filled-in workbook


def fill(path, *rows, names=NAMES, sheet=SHEET):
    """Write a pack as a spreadsheet would save it; each row a mapping."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    for number, row in enumerate([dict(zip(names, names, strict=True)), *rows]):
        for column, name in enumerate(names):
            page.write(number, column, row.get(name, ""))
    book.close()
    return path


def filled(name="damping", **changes):
    given = {"decision": "accept", "by": "statistician", "comment": "Sound."}
    return {"id": name, "label": name, "fingerprint": PRINTS.get(name, "")} | given | changes


def empty(name):
    return filled(name, decision="", by="", comment="")


def refused(path):
    with pytest.raises(DataError) as caught:
        read_review_pack(path, PRINTS, on=date(2021, 3, 12))
    return [str(fault) for fault in caught.value.faults]


def test_a_pack_that_was_filled_in_signs_its_rows_and_no_others(tmp_path):
    rows = [filled(decision="Challenge", comment="Too\nnarrow."), empty("volatility_ships")]
    path = fill(tmp_path / "pack.xlsx", *rows, filled("growth_continues_ships"))

    assert read_review_pack(path, PRINTS, on=date(2021, 3, 12)).to_dict("records") == [
        review(assumption="damping", fingerprint="d" * 64, comment="Too narrow."),
        review(
            assumption="growth_continues_ships",
            fingerprint="c" * 64,
            decision="accept",
            comment="Sound.",
        ),
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "dampin"}, "column id: no assumption is called"),
        ({"id": ""}, "column id: no id stands here; restore the id of the row"),
        ({"id": "volatility_ships"}, 'column id: "volatility_ships" repeats row 2'),
        ({"fingerprint": "0" * 64}, "column fingerprint: damping was changed after this file"),
        ({"fingerprint": ""}, "column fingerprint: damping was changed after this file"),
        ({"decision": "maybe"}, 'column decision: "maybe" is not known here'),
        ({"by": ""}, "column by: the cell is empty"),
        ({"by": "23 November 2026"}, 'column by: "23 November 2026" is no role; write the role'),
        ({"comment": "=1+1"}, "column comment: the cell holds a formula; write text"),
        ({"label": "=1+1"}, "column label: the cell holds a formula"),
        ({"comment": "@SUM(A1)"}, 'column comment: "@SUM(A1)" begins like a formula'),
        ({"decision": "reject", "comment": ""}, "column comment: a reject gives no reason"),
    ],
)
def test_a_pack_with_a_wrong_row_is_refused_with_the_row(tmp_path, changes, told):
    """And its sound rows are not taken either."""
    path = fill(tmp_path / "pack.xlsx", filled("volatility_ships"), filled(**changes))

    # The header is row 1.
    assert any(fault.startswith("pack.xlsx, row 3,") and told in fault for fault in refused(path))


def test_a_pack_with_an_error_of_the_spreadsheet_is_refused(tmp_path):
    path = fill(tmp_path / "pack.xlsx", filled())
    book = openpyxl.load_workbook(path)
    book[SHEET].cell(2, NAMES.index("decision") + 1).value = "#N/A"
    book.save(path)

    assert any('column decision: "#n/a" is not known here' in fault for fault in refused(path))


def doctored(path, part, change):
    """Return the bytes of a workbook with one part changed."""
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, change(text) if name == part else text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda _: b"id,fingerprint\n", "is not an xlsx workbook"),
        (lambda path: path.read_bytes()[:2000], "is not an xlsx workbook"),
        (
            lambda path: doctored(
                path,
                "xl/sharedStrings.xml",
                lambda text: text.replace("<sst", '<!DOCTYPE s [<!ENTITY a "b">]><sst', 1),
            ),
            "holds definitions that no spreadsheet writes",
        ),
        (
            lambda path: fill(path, filled(), sheet="Other").read_bytes(),
            'has no sheet "Review"; give the workbook that review --out wrote',
        ),
        (
            lambda path: fill(path, filled(), names=[*NAMES[:-1], "print"]).read_bytes(),
            "row 1, column fingerprint: the column fingerprint is missing",
        ),
        (
            lambda path: fill(path, filled(), names=[*NAMES, "by"]).read_bytes(),
            "row 1, column by: the column by is there twice",
        ),
    ],
    ids=["text", "cut off", "entities", "no sheet", "no column", "column twice"],
)
def test_a_file_that_is_no_review_pack_is_refused(tmp_path, make, told):
    path = fill(tmp_path / "pack.xlsx", filled())
    path.write_bytes(make(path))

    assert told in refused(path)[0]


def test_a_missing_pack_and_a_folder_are_told(tmp_path):
    assert "is missing; name the workbook to import" in refused(tmp_path / "none.xlsx")[0]
    assert "is not an ordinary file" in refused(tmp_path)[0]
