import os

import pytest

from statedfigures.errors import DataError
from statedfigures.sources.files import (
    LARGEST_FILE_BYTES,
    MOST_ROWS,
    decode_text,
    read_bytes,
    split_rows,
)

FILE = "figures.csv"


def faults_of(call, *arguments):
    """Give the faults of a call as text, one line each."""
    with pytest.raises(DataError) as caught:
        call(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"  \r\n\n", "is empty"),
        (b"PK\x03\x04rest of a zip", "is a workbook and not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a workbook and not text"),
        (b"id,value\n\x00\x01\x02\x03 and a good deal of text after it\n", "is a binary file"),
        ("id,value\n".encode("utf-16"), "is encoded as UTF-16"),
        ("id,value\nposts,141\n".encode("utf-16-le"), "is encoded as UTF-16"),
        ("id,value\nposts,141\n".encode("utf-16-be"), "is encoded as UTF-16"),
    ],
)
def test_content_that_is_no_text_is_named(content, told):
    assert told in faults_of(decode_text, content, FILE)


def test_latin_1_is_named_with_its_line_and_the_character_it_would_be():
    content = "id,note\nfund,£50 million\n".encode("latin-1")

    message = faults_of(decode_text, content, FILE)

    assert message == (
        "figures.csv, row 2: is not UTF-8: the byte 0xA3 in this line would be “£” in Latin-1 "
        "(Windows-1252); save it as “CSV UTF-8 (comma delimited)”"
    )


def test_text_that_was_once_read_in_the_wrong_encoding_is_noticed():
    content = "id,note\nfund,£50 million\n".encode().decode("cp1252").encode()

    assert "row 2: “Â£” comes from reading UTF-8 as Latin-1" in faults_of(
        decode_text, content, FILE
    )


@pytest.mark.parametrize("character", ["\u200b", "\u00ad", "\u202e", "\x07", "\ufffd"])
def test_a_character_that_readers_cannot_see_is_named_with_its_row(character):
    content = f"id,note\nposts,one\nfund,five{character}\n".encode()

    message = faults_of(decode_text, content, FILE)

    assert f"row 3: holds U+{ord(character):04X}" in message


def test_what_spreadsheets_do_harmlessly_is_accepted():
    """A byte-order mark, Windows line ends and empty rows at the end change nothing."""
    plain = split_rows(decode_text(b"id,note\nposts,one\n", FILE), FILE)

    spreadsheet = b"\xef\xbb\xbfid,note\r\nposts,one\r\n,\r\n\r\n"

    assert split_rows(decode_text(spreadsheet, FILE), FILE) == plain


def test_a_cell_with_line_ends_counts_as_one_row():
    rows = split_rows('id,note\nposts,"one\ntwo"\nfund,three\n', FILE)

    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[2].cells == ("fund", "three")


@pytest.mark.parametrize(
    ("separator", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
def test_cells_that_no_comma_separates_are_noticed(separator, words):
    text = f"id{separator}note\nposts{separator}one\n"

    assert f"row 1: the cells are separated by {words}" in faults_of(split_rows, text, FILE)


@pytest.mark.parametrize("text", ['id,note\nposts,"one\n', 'id,note\nposts,"on"e\n'])
def test_quotation_marks_that_do_not_pair_are_noticed(text):
    assert "row 2: the quotation marks of a cell do not pair up" in faults_of(
        split_rows, text, FILE
    )


def test_a_table_of_too_many_rows_is_refused():
    """The limit keeps a wrong file from filling the screen with faults."""
    text = "id,note\n" + "a,b\n" * MOST_ROWS

    assert "holds more than the 10000 rows" in faults_of(split_rows, text, FILE)


def test_a_missing_file_is_named(tmp_path):
    assert "figures.csv: is missing; put it in the folder" in faults_of(read_bytes, tmp_path / FILE)


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path):
    (tmp_path / FILE).mkdir()

    assert "figures.csv: is a folder" in faults_of(read_bytes, tmp_path / FILE)


def test_a_file_that_would_wait_for_ever_is_refused(tmp_path):
    """A named pipe in the place of a table is not opened."""
    os.mkfifo(tmp_path / FILE)

    assert "figures.csv: is not an ordinary file" in faults_of(read_bytes, tmp_path / FILE)


def test_a_file_of_50_mb_is_refused_without_reading_it(tmp_path):
    with (tmp_path / FILE).open("wb") as file:
        file.truncate(50_000_000)

    assert "holds 50 MB, more than the 1 MB" in faults_of(read_bytes, tmp_path / FILE)
    assert LARGEST_FILE_BYTES < 50_000_000


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_named(tmp_path):
    (tmp_path / FILE).write_text("id\n")
    (tmp_path / FILE).chmod(0)

    assert "figures.csv: may not be read; give yourself permission" in faults_of(
        read_bytes, tmp_path / FILE
    )


def test_a_refused_read_is_told_in_plain_words(tmp_path, monkeypatch):
    """The same as above where root runs the tests: the system's refusal is stood in for."""

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    (tmp_path / FILE).write_text("id\n")
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)

    assert "figures.csv: may not be read" in faults_of(read_bytes, tmp_path / FILE)
