import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statedfigures.errors import DataError, ParameterError
from statedfigures.sources.descriptor import TABLES
from statedfigures.sources.finding import DATA_VARIABLE, find_release
from statedfigures.sources.release import read_release

ROOT = Path(__file__).parents[2]
RELEASES = ROOT / "tests" / "releases"


def test_the_small_release_is_read_in_full():
    tables = read_release("small-release", data=RELEASES)

    ships = tables.figures["ships_2018"]
    assert (ships.value, ships.unit, ships.row) == (Decimal(400), "ships", 4)
    assert ships.period_start == date(2018, 1, 1)
    assert tables.series["ships"].figures == ("ships_2018", "ships_2020")
    assert tables.claims["divers_share_of_people"].from_figure == ""
    assert tables.claims["ships_highest_number"].stated_value is None
    assert tables.measures["engine_fund"].effect_figure_given is False
    assert tables.assumptions["damping"].central == 0.85
    assert tables.published["ships_counted_2018"].value == 402
    assert tables.description.published == date(2021, 3, 3)


def test_the_release_that_the_project_ships_is_sound():
    tables = read_release("weprotect-2014", data=ROOT / "data")

    assert tables.figures["distribution_2014"].value == 1235


def test_the_rows_of_a_table_may_stand_in_any_order(small_release):
    """Every record is the same; only the row it says it stands in differs, and that is no part."""
    before = read_release("small-release", data=small_release.data)
    for table in TABLES:
        header, *rows = small_release.rows(table)
        small_release.write(table, [header, *reversed(rows)])

    after = read_release("small-release", data=small_release.data)

    assert after.figures == before.figures
    assert after.assumptions == before.assumptions
    assert set(after.mentions) == set(before.mentions)


@pytest.mark.parametrize(
    "release",
    [
        "../small-release",
        "small-release/",
        "/etc",
        "..",
        "",
        "small release",
        "Small-Release",
        "small-release\n",
        "small--release",
        "small-release\0",
    ],
)
def test_an_id_that_could_lead_elsewhere_is_refused(release):
    with pytest.raises(ParameterError, match="is not the id of a release"):
        find_release(release, RELEASES)


def test_the_nearest_release_is_offered():
    with pytest.raises(ParameterError) as caught:
        find_release("smal-release", RELEASES)

    assert str(caught.value) == (
        'release: there is no release "smal-release" in releases/; did you mean "small-release"?'
    )


def test_without_any_release_the_folder_is_in_doubt(tmp_path):
    with pytest.raises(ParameterError, match="go to the folder that holds data/"):
        find_release("small-release", tmp_path)


def test_a_folder_of_releases_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ParameterError, match="data: there is no folder"):
        find_release("small-release", tmp_path / "nowhere")


def test_a_folder_that_may_not_be_read_is_told_in_plain_words(monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.exists", refuse)

    with pytest.raises(
        ParameterError, match=r"cannot be read \(Permission denied\); give yourself"
    ):
        find_release("small-release", RELEASES)


def test_a_release_is_found_from_a_folder_below(small_release, monkeypatch):
    below = small_release.data.parent / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.chdir(below)

    assert find_release("small-release").resolve() == small_release.folder.resolve()


def test_the_environment_may_name_the_folder_of_releases(small_release, monkeypatch, tmp_path):
    monkeypatch.setenv(DATA_VARIABLE, str(small_release.data))
    monkeypatch.chdir(tmp_path)

    assert find_release("small-release") == small_release.folder


def edit_description(small_release, old, new):
    """Change the text of release.toml."""
    path = small_release.folder / "release.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("published = 2021-03-03", "published = March", "release.toml, row 6: is not TOML"),
        (
            "published = 2021-03-03",
            'published = "2021-03-03"',
            'column published: "2021-03-03" is not a date; write it without quotation marks',
        ),
        ("published = 2021-03-03", "published = 2021-03-03T10:00:00", "is not a date"),
        ("publisher =", "publishr =", 'the key "publishr" is unknown; did you mean "publisher"?'),
        ("publisher =", "publishr =", "column publisher: the key is missing; add it"),
        ('geography = "Merrow"', 'geography = ""', "column geography: the value is empty"),
        ('geography = "Merrow"', "geography = 3", '"3" is not text'),
        ('id = "small-release"', 'id = "other"', 'write id = "small-release"'),
        ('address = "https:', 'address = "javascript:', "is not a web address"),
    ],
)
def test_a_description_that_is_wrong_is_named(small_release, old, new, told):
    edit_description(small_release, old, new)

    with pytest.raises(DataError) as caught:
        read_release("small-release", data=small_release.data)

    assert told in str(caught.value)


@pytest.mark.parametrize("file", [f"{table}.csv" for table in TABLES] + ["release.toml"])
@pytest.mark.parametrize("kind", ["missing", "folder", "utf-16", "latin-1", "binary", "50 MB"])
def test_a_file_that_cannot_be_a_table_is_named(small_release, file, kind):
    path = small_release.folder / file
    text = path.read_text(encoding="utf-8")
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "utf-16":
        path.write_text(text, encoding="utf-16")
    elif kind == "latin-1":
        path.write_bytes(text.encode("utf-8") + b"\xa3")
    elif kind == "binary":
        path.write_bytes(bytes(range(256)) * 4)
    elif kind == "50 MB":
        with path.open("wb") as stream:
            stream.truncate(50_000_000)

    with pytest.raises(DataError) as caught:
        read_release("small-release", data=small_release.data)

    assert any(str(fault).startswith(file) for fault in caught.value.faults)


@pytest.mark.parametrize("table", TABLES)
def test_what_spreadsheets_do_harmlessly_changes_nothing(small_release, table):
    """A byte-order mark, Windows line ends and empty rows at the end are accepted."""
    before = read_release("small-release", data=small_release.data)
    path = small_release.folder / f"{table}.csv"
    content = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + content + b",,,\r\n\r\n")

    assert read_release("small-release", data=small_release.data) == before


def test_the_rules_hold_when_python_skips_assertions(small_release):
    """A fault is found by a condition and not by an assert, which ``python -O`` leaves out."""
    small_release.set_cell("figures", 3, "period_end", "2019-12-31")
    script = (
        "import sys; from pathlib import Path\n"
        "from statedfigures.sources.release import read_release\n"
        "read_release('small-release', data=Path(sys.argv[1]))"
    )

    ended = subprocess.run(
        [sys.executable, "-O", "-c", script, str(small_release.data)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "the period ends on 2019-12-31, before it starts on 2020-01-01" in ended.stderr


SPOILT_TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *(
                "",
                " ",
                "0",
                "-1",
                "1,000",
                "NaN",
                "sNaN",
                "1e999999999",
                "inf",
                "9" * 40,
                "é",
                "\n",
            ),
            *(
                "Jan-13",
                "9999-12-31",
                "0001-01-01",
                "2014-02-30",
                "=1+1",
                "all",
                "#REF!",
                "figures",
            ),
        ]
    ),
)

# The folder is put right after each example; other work on the machine may slow one down.
SPOILING = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def faults_in(small_release):
    """Give the faults of a release; anything but tables or a `DataError` is a failure."""
    try:
        read_release("small-release", data=small_release.data)
    except DataError as error:
        return error.faults
    return ()


@SPOILING
@given(data=st.data())
def test_any_change_of_cells_ends_in_tables_or_in_faults_that_name_a_file(small_release, data):
    """No other exception leaves the reader, whatever stands in the cells."""
    table = data.draw(st.sampled_from(sorted(TABLES)))
    original = (small_release.folder / f"{table}.csv").read_bytes()
    rows = small_release.rows(table)
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.integers(0, len(rows) - 1))
        column = data.draw(st.integers(0, len(rows[row]) - 1))
        rows[row][column] = data.draw(SPOILT_TEXT)
    try:
        small_release.write(table, rows)
        faults = faults_in(small_release)
    finally:
        (small_release.folder / f"{table}.csv").write_bytes(original)

    assert all(fault.file and fault.found and fault.remedy for fault in faults)


@SPOILING
@given(data=st.data())
def test_any_change_of_bytes_ends_in_tables_or_in_faults_that_name_a_file(small_release, data):
    """The same for bytes, of the descriptions too."""
    names = [f"{table}.csv" for table in TABLES] + ["release.toml", "datapackage.json"]
    path = small_release.folder / data.draw(st.sampled_from(names))
    original = path.read_bytes()
    at = data.draw(st.integers(0, len(original) - 1))
    length = data.draw(st.integers(0, 20))
    path.write_bytes(original[:at] + data.draw(st.binary(max_size=20)) + original[at + length :])
    try:
        faults = faults_in(small_release)
    finally:
        path.write_bytes(original)

    assert all(fault.file and fault.found and fault.remedy for fault in faults)
