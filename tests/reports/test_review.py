import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from statedfigures.reports.review_pack import COLUMNS, SHEET
from statedfigures.reports.spreadsheet import read_sheets
from statedfigures.sources.release import read_release

SHIPPED = Path(__file__).parents[2] / "data"


@pytest.fixture
def state_of(review):
    """Give the state of an assumption as ``review --json`` tells it."""

    def state(name):
        rows = json.loads(review("--json")[1])["assumptions"]
        return {row["id"]: row for row in rows}[name]

    return state


def sign(review, name="damping", decision="accept", comment="Sound.", **options):
    given = [word for key, value in options.items() for word in (f"--{key}", value)]
    by = () if "by" in options else ("--by", "statistician")
    return review("sign", name, "--decision", decision, "--comment", comment, *by, *given)


def reviews_bytes(small_release):
    return (small_release.folder / "reviews.csv").read_bytes()


def test_nothing_that_is_shipped_was_signed_by_anybody():
    for folder in SHIPPED.iterdir():
        if folder.is_dir():
            assert read_release(folder.name, data=SHIPPED).reviews == ()


def test_a_release_nobody_reviewed_is_listed_with_the_state_never(review):
    status, out, _ = review("--json")
    rows = json.loads(out)["assumptions"]

    assert status == 0
    assert len(rows) == 23
    assert {row["state"] for row in rows} == {"never"}
    assert rows == sorted(
        rows, key=lambda row: (row["risk"] is None, -(row["risk"] or 0), row["id"])
    )


def test_the_table_names_every_assumption_and_counts_states(review):
    sign(review)
    status, out, _ = review()

    assert status == 0
    assert re.search(r"\| damping +\| reviewed \| moderate", out)
    assert "23 assumptions: 1 reviewed, 22 never." in out


@pytest.mark.parametrize(
    ("decision", "state"),
    [("accept", "reviewed"), ("challenge", "challenged"), ("reject", "rejected")],
)
def test_signing_adds_one_row_and_sets_the_state(review, state_of, small_release, decision, state):
    status, out, _ = sign(review, decision=decision, comment="Seen, and thought about.")

    assert status == 0
    assert f"damping: {state}" in out
    (row,) = read_release("small-release", data=small_release.data).reviews
    assert (row.assumption, row.decision, row.by, row.on, row.comment) == (
        "damping", decision, "statistician", date.today(), "Seen, and thought about.",
    )  # fmt: skip
    assert state_of("damping")["state"] == state
    assert state_of("damping")["last_review"]["by"] == "statistician"


def test_a_later_change_is_told_with_who_reviewed_and_what_changed(review, state_of, small_release):
    sign(review, on="2021-03-11")
    row = small_release.row_of("assumptions", "damping")
    small_release.set_cell("assumptions", row, "basis", "Another reason.")
    small_release.set_cell("assumptions", row, "review_by", "2023-01-01")

    found = state_of("damping")
    assert (found["state"], found["changed"]) == ("stale", ["basis", "date of review"])
    told = "damping: accepted by statistician on 2021-03-11; changed since: basis and date of"
    # Lines break where the terminal of the tests ends.
    assert told in " ".join(review()[1].split())


def test_one_may_change_ones_mind_on_the_same_day(review, state_of):
    for decision in ("accept", "challenge", "accept", "reject"):
        assert sign(review, decision=decision)[0] == 0

    assert state_of("damping")["state"] == "rejected"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"name": "dampin"}, 'no assumption is called "dampin"; did you mean "damping"?'),
        ({"decision": "maybe"}, "'maybe' is not one of 'accept', 'challenge', 'reject'"),
        ({"by": " "}, "--by: no role stands here"),
        ({"comment": "=1+1"}, '--comment: "=1+1" begins like a formula'),
        ({"decision": "reject", "comment": " "}, "--comment: a reject gives no reason"),
        ({"on": "2999-01-01"}, "--on: 2999-01-01 has not come yet"),
        ({"comment": "x" * 2001}, "reviews.csv, row 2, column comment"),
    ],
)
def test_a_wrong_signature_is_refused_in_words_and_nothing_is_written(
    review, small_release, arguments, told
):
    before = reviews_bytes(small_release)
    status, _, err = sign(review, **arguments)

    assert status == 2
    assert told in err
    assert reviews_bytes(small_release) == before


def test_options_that_exclude_each_other_are_refused(review, tmp_path):
    assert review("--json", "--out", tmp_path / "pack.xlsx")[0] == 2
    signature = ("damping", "--by", "a", "--decision", "accept", "--comment", "b")
    assert "goes without" in review("--json", "sign", *signature)[2]


def test_spoilt_tables_are_told_as_json(review, small_release):
    small_release.set_cell("assumptions", 2, "central", "one")
    status, out, _ = review("--json")

    assert status == 2
    assert json.loads(out)["assumptions"] == []
    assert json.loads(out)["faults"][0]["row"] == 2


def pack_rows(path):
    """Give the rows of a pack: name of each column to text."""
    cells = read_sheets(path)[SHEET]
    names = {cell.column: cell.text for cell in cells if cell.row == 1}
    rows = {}
    for cell in cells:
        rows.setdefault(cell.row, {})[names[cell.column]] = cell.text
    return [rows[number] for number in sorted(rows) if number > 1]


def fill(filled, rows):
    """Write a pack with some rows filled in, as a spreadsheet would save it."""
    book = xlsxwriter.Workbook(str(filled))
    sheet = book.add_worksheet(SHEET)
    names = [name for name, _ in COLUMNS]
    for number, row in enumerate([dict(zip(names, names, strict=True)), *rows]):
        for column, name in enumerate(names):
            sheet.write(number, column, row.get(name, ""))
    book.close()
    return filled


@pytest.fixture
def pack(review, tmp_path):
    """Write a review pack, and give its path and rows."""
    path = tmp_path / "pack.xlsx"
    assert review("--out", path)[0] == 0
    return path, pack_rows(path)


def filled_row(rows, name="damping", **changes):
    row = next(row for row in rows if row["id"] == name)
    row.update({"decision": "accept", "by": "statistician", "comment": "Sound."} | changes)
    return row


def test_a_pack_holds_every_assumption_and_comes_back_without_reviews(review, pack, small_release):
    path, rows = pack
    before = reviews_bytes(small_release)
    status, out, _ = review("--import", path)

    assert len(rows) == 23
    assert {row["state"] for row in rows} == {"never"}
    assert (status, out.splitlines()[-1]) == (0, "0 reviews added to reviews.csv of small-release")
    assert reviews_bytes(small_release) == before


def test_a_pack_is_the_same_every_time(review, pack, tmp_path):
    again = tmp_path / "again.xlsx"
    review("--out", again)

    assert again.read_bytes() == pack[0].read_bytes()


def test_a_pack_is_not_written_over_another(review, pack):
    status, _, err = review("--out", pack[0])

    assert status == 2
    assert "is there already" in err


def test_a_pack_that_was_filled_in_signs_its_rows_and_no_others(review, pack, tmp_path, state_of):
    _, rows = pack
    filled_row(rows, decision="challenge", comment="Too narrow.")
    filled_row(rows, "saturation_ceiling")

    status, out, _ = review("--import", fill(tmp_path / "filled.xlsx", rows))

    assert status == 0
    assert "2 reviews added" in out
    assert state_of("damping")["state"] == "challenged"
    assert state_of("saturation_ceiling")["state"] == "reviewed"
    assert state_of("hedge_about")["state"] == "never"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "dampin"}, "column id: no assumption is called"),
        ({"id": "hedge_about"}, 'column id: "hedge_about" repeats row'),
        ({"fingerprint": "0" * 64}, "column fingerprint: damping was changed after this file"),
        ({"fingerprint": ""}, "column fingerprint: damping was changed after this file"),
        ({"decision": "maybe"}, 'column decision: "maybe" is no decision'),
        ({"decision": ""}, 'column decision: "" is no decision'),
        ({"by": ""}, "column by: no role stands here"),
        ({"comment": "=1+1"}, "the sheet Review holds a formula"),
        ({"label": "=1+1"}, "the sheet Review holds a formula"),
        ({"comment": "@SUM(A1)"}, 'column comment: "@SUM(A1)" begins like a formula'),
        ({"decision": "reject", "comment": ""}, "column comment: a reject gives no reason"),
    ],
)
def test_a_pack_with_a_wrong_row_is_refused_with_the_row_and_nothing_is_written(
    review, pack, tmp_path, small_release, changes, told
):
    _, rows = pack
    filled_row(rows, "saturation_ceiling")
    wrong = filled_row(rows, **changes)
    before = reviews_bytes(small_release)

    status, _, err = review("--import", fill(tmp_path / "filled.xlsx", rows))

    assert status == 2
    assert told in err
    # The header is row 1. A repeated id is told of whichever row comes second.
    if changes.get("id") != "hedge_about":
        assert f"filled.xlsx, row {rows.index(wrong) + 2}, column" in err
    assert reviews_bytes(small_release) == before


def test_every_wrong_row_of_a_pack_is_named_and_its_sound_rows_are_not_taken_either(
    review, pack, tmp_path, small_release
):
    _, rows = pack
    filled_row(rows, "saturation_ceiling")
    wrong = [
        filled_row(rows, id="dampin"),
        filled_row(rows, "hedge_about", fingerprint="f" * 64),
        filled_row(rows, "claim_almost", decision="approve"),
        filled_row(rows, "claim_about", comment="=HYPERLINK(A1)"),
    ]
    before = reviews_bytes(small_release)

    status, out, err = review("--import", fill(tmp_path / "filled.xlsx", rows))

    assert (status, out) == (2, "")
    for row in wrong:
        assert f"filled.xlsx, row {rows.index(row) + 2}, column" in err, row["id"]
    assert f"row {[row['id'] for row in rows].index('saturation_ceiling') + 2}," not in err
    assert reviews_bytes(small_release) == before


def test_a_change_between_writing_and_import_is_refused(review, pack, tmp_path, small_release):
    _, rows = pack
    filled_row(rows)
    filled = fill(tmp_path / "filled.xlsx", rows)
    row = small_release.row_of("assumptions", "damping")
    small_release.set_cell("assumptions", row, "source", "Another source.")

    status, _, err = review("--import", filled)

    assert status == 2
    assert "damping was changed after this file was made: source" in err


def doctored(path, part, change):
    """Give the bytes of a workbook with one part changed."""
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
            lambda path: doctored(
                path, "xl/workbook.xml", lambda text: text.replace('"Review"', '"Other"')
            ),
            'has no sheet "Review"',
        ),
        (
            lambda path: doctored(
                path, "xl/sharedStrings.xml", lambda text: text.replace("fingerprint", "print")
            ),
            "row 1, column fingerprint: the column fingerprint is missing",
        ),
    ],
    ids=["text", "cut off", "entities", "no sheet", "no column"],
)
def test_a_file_that_is_no_review_pack_is_refused(review, pack, make, told):
    path, _ = pack
    path.write_bytes(make(path))
    status, _, err = review("--import", path)

    assert status == 2
    assert told in err
    assert "Traceback" not in err


def test_a_missing_pack_is_told(review, tmp_path):
    assert "is missing" in review("--import", tmp_path / "none.xlsx")[2]
