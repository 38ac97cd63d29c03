"""An edition is made again from its manifest alone, and every byte is compared."""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from statedfigures.errors import InputError, ParameterError
from statedfigures.reports.byte_differences import first_difference, input_differences
from statedfigures.reports.manifest import FILE, read_manifest
from statedfigures.reports.reproduce import compare_editions, plan_again
from tests.reports.conftest import RELEASES, SMALL_NOTEBOOKS

NAMES = ("the first", "the second")


def run_reproduce(*arguments, **settings):
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "statedfigures", "reproduce", "--quiet", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=os.environ | settings,
    )


FOLDERS = ("--notebooks", SMALL_NOTEBOOKS, "--data", RELEASES)


def test_the_edition_made_again_is_the_same(edition):
    finished = run_reproduce(edition, *FOLDERS, TZ="Asia/Tokyo", PYTHONHASHSEED="9")
    count = len([path for path in edition.rglob("*") if path.is_file()])

    assert finished.stdout == f"identical: {count} of {count} files\n", finished.stderr
    assert finished.returncode == 0


def test_the_whole_report_made_again_elsewhere_is_the_same(report, tmp_path):
    """Another time zone, hash seed, home and width; from another folder."""
    root = Path(__file__).parents[2]
    elsewhere = {"TZ": "America/Lima", "PYTHONHASHSEED": "9", "COLUMNS": "30"}
    finished = run_reproduce(
        *(report, "--notebooks", root / "notebooks", "--data", root / "data", "--jobs", "3"),
        **elsewhere,
        HOME=str(tmp_path),
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_a_changed_file_is_named_with_the_place_and_both_readings(edition, tmp_path):
    changed = Path(shutil.copytree(edition, tmp_path / "site"))
    page = changed / "data" / "projections.csv"
    page.write_bytes(page.read_bytes().replace(b"1060", b"1061"))
    finished = run_reproduce(changed, *FOLDERS)
    lines = finished.stdout.splitlines()

    assert finished.returncode == 1
    assert lines[1].startswith("data/projections.csv: line 2, character ")
    assert "1061,ships” in the edition" in lines[1]
    assert "1060,ships” in the one made now" in lines[1]
    assert lines[2:] == ["differs from its own manifest: data/projections.csv: was changed"]


def test_an_input_that_differs_is_named(edition, small_release):
    """Another count of ships: the table is named, and so is what it changed."""
    row = small_release.row_of("figures", "ships_2018")
    small_release.set_cell("figures", row, "note", "counted at dusk")
    finished = run_reproduce(edition, "--notebooks", SMALL_NOTEBOOKS, "--data", small_release.data)

    assert finished.returncode == 1
    assert "input that differs: table figures.csv" in finished.stdout
    assert f"{FILE}: line" in finished.stdout


def test_two_editions_are_compared_without_rendering(edition, tmp_path):
    other = Path(shutil.copytree(edition, tmp_path / "site"))
    (other / "ships.html").unlink()
    (other / "more.html").write_text("")
    finished = run_reproduce(edition, "--against", other)

    assert finished.returncode == 1
    assert f"more.html: is only in {other}" in finished.stdout
    assert f"ships.html: is only in {edition}" in finished.stdout
    assert compare_editions(edition, edition).lines()[0].startswith("identical: ")


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    finished = run_reproduce(tmp_path)

    assert finished.returncode == 2
    assert "holds no manifest.json of an edition that can be read" in finished.stderr


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("horizon_year", "2026", ParameterError, "'2026' is not of type int"),
        ("horizon_year", 1999, ParameterError, "1999 is out of range"),
        ("scenario", "../../etc", ParameterError, "is not one of low, central, high"),
        ("colour", "red", ParameterError, "declares other parameters"),
    ],
)
def test_a_manifest_is_not_trusted(edition, tmp_path, name, value, error, message):
    manifest = read_manifest(edition)
    manifest["pages"]["ships"]["parameters"][name] = value
    with pytest.raises(error, match=message):
        plan_again(manifest, tmp_path / "out", data=RELEASES, notebooks_folder=SMALL_NOTEBOOKS)


@pytest.mark.parametrize("release", ["../small-release", "no-release"])
def test_the_release_of_a_manifest_cannot_lead_elsewhere(edition, tmp_path, release):
    manifest = read_manifest(edition) | {"release": release}
    with pytest.raises(InputError, match="release"):
        plan_again(manifest, tmp_path, data=RELEASES, notebooks_folder=SMALL_NOTEBOOKS)


@pytest.mark.parametrize(
    "content", ["[" * 100_000, "{}", '{"statedfigures": "0", "pages": {"a": 1}}', "\0", "null"]
)
def test_a_manifest_that_is_none_is_refused(tmp_path, content):
    (tmp_path / FILE).write_text(content)

    assert read_manifest(tmp_path) is None


def archive(**members):
    """Give a zip archive with these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, text in members.items():
            made.writestr(zipfile.ZipInfo(name), text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (b"abc", b"abcd", "line 1, character 4: “abc” in the first, “abcd” in the second"),
        (b"\xff\x00", b"\xff\x01", "byte 2: 00 in the first, 01 in the second"),
        (archive(a="1"), archive(a="2"), "in its part a, line 1, character 1: “1” in the first"),
        (archive(a="1"), archive(a="1", b=""), "its part b is only in the second"),
        ("é\nb".encode(), "é\nc".encode(), "line 2, character 1: “b” in the first, “c”"),
    ],
)
def test_the_first_difference_is_told_readably(one, other, said):
    assert said in first_difference(one, other, NAMES)


def test_every_kind_of_input_is_told_apart():
    one = {"tables": {"a.csv": "1"}, "notebooks": {}, "package": "1", "lock": None}
    other = {"tables": {}, "notebooks": {"1-a.ipynb": "2"}, "package": "2", "lock": "3"}

    assert input_differences(one | {"python": "3.11.1"}, other | {"python": "3.12.1"}, NAMES) == [
        "table a.csv (only for the first)",
        "notebook 1-a.ipynb (only for the second)",
        "the source of the package",
        "requirements.lock",
        "Python: 3.11.1 for the first, 3.12.1 for the second",
    ]


def test_the_manifest_is_json_that_names_every_other_file(edition):
    manifest = json.loads((edition / FILE).read_text())
    found = {path.relative_to(edition).as_posix() for path in edition.rglob("*") if path.is_file()}

    assert set(manifest["outputs"]) == found - {FILE}
