"""A review pack that was opened, filled in and saved by a real spreadsheet program."""

import io
import re
import shutil
import subprocess
import zipfile

import pytest

from statedfigures.reports.review_pack import COLUMNS, SHEET
from statedfigures.reports.spreadsheet import read_sheets
from statedfigures.sources.release import read_release

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
NAMES = [name for name, _ in COLUMNS]

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice (soffice) is installed")


@pytest.fixture(scope="module")
def saved_by_libreoffice(tmp_path_factory):
    """Give what opens a workbook in LibreOffice and saves it in one format after another."""
    profile = tmp_path_factory.mktemp("profile")

    def saved(path, *kinds):
        for number, kind in enumerate(kinds):
            folder = path.parent / f"saved-{number}-{kind}"
            command = [SOFFICE, "--headless", f"-env:UserInstallation={profile.as_uri()}"]
            command += ["--convert-to", kind, "--outdir", str(folder), str(path)]
            subprocess.run(command, check=True, capture_output=True, timeout=180)
            path = folder / f"{path.stem}.{kind}"
        return path

    return saved


@pytest.fixture
def pack(review, tmp_path):
    """Write a review pack."""
    path = tmp_path / "pack.xlsx"
    assert review("--out", path)[0] == 0
    return path


def filled_in(path, cells):
    """Type texts into the open cells of a pack, the rest of the file as it is."""
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "xl/worksheets/sheet2.xml":
                for place, inside in cells.items():
                    text, count = re.subn(
                        rf'<c r="{place}"( s="\d+")/>', rf'<c r="{place}"\1{inside}</c>', text
                    )
                    assert count == 1, place
            new.writestr(name, text)
    path.write_bytes(content.getvalue())


def typed(text):
    return f' t="inlineStr"><is><t>{text}</t></is>'


def places(path, name):
    """Give the row of an assumption and the letters of the cells to fill in."""
    cells = read_sheets(path)[SHEET]
    row = next(cell.row for cell in cells if cell.column == "A" and cell.text == name)
    return row, [chr(ord("A") + NAMES.index(one)) for one in ("decision", "by", "comment")]


def fill(path, name, decision, comment):
    row, (first, second, third) = places(path, name)
    values = {first: decision, second: "statistician", third: comment}
    filled_in(path, {f"{column}{row}": typed(text) for column, text in values.items()})


@pytest.mark.parametrize("kinds", [("xlsx",), ("ods", "xlsx")], ids=" then ".join)
def test_a_pack_saved_by_libreoffice_signs_what_was_filled_in(
    review, pack, saved_by_libreoffice, small_release, kinds
):
    fill(pack, "damping", "challenge", "Too narrow, – “I think”.")
    fill(pack, "saturation_ceiling", "accept", "Sound.")

    status, out, err = review("--import", saved_by_libreoffice(pack, *kinds))

    assert (status, err) == (0, "")
    assert "2 reviews added" in out
    reviews = read_release("small-release", data=small_release.data).reviews
    assert [(one.assumption, one.decision, one.by, one.comment) for one in reviews] == [
        ("damping", "challenge", "statistician", "Too narrow, – “I think”."),
        ("saturation_ceiling", "accept", "statistician", "Sound."),
    ]


def test_a_pack_that_libreoffice_only_opened_and_saved_signs_nothing(
    review, pack, saved_by_libreoffice
):
    status, out, err = review("--import", saved_by_libreoffice(pack, "xlsx"))

    assert (status, err) == (0, "")
    assert out == "0 reviews added to reviews.csv of small-release\n"


def test_a_formula_that_libreoffice_saved_is_refused_and_nothing_is_written(
    review, pack, saved_by_libreoffice, small_release
):
    fill(pack, "saturation_ceiling", "accept", "Sound.")
    row, (_, _, comment) = places(pack, "damping")
    filled_in(pack, {f"{comment}{row}": "><f>1+1</f><v>2</v>"})
    before = (small_release.folder / "reviews.csv").read_bytes()

    status, _, err = review("--import", saved_by_libreoffice(pack, "xlsx"))

    assert status == 2
    assert f"pack.xlsx, row {row}, column {comment}: the sheet Review holds a formula" in err
    assert (small_release.folder / "reviews.csv").read_bytes() == before
