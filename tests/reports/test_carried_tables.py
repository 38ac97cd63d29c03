"""An edition carries the tables that it was made from."""

import io
import os
import zipfile
from pathlib import Path

import frictionless
import pytest

from statedfigures.errors import ParameterError, RunError
from statedfigures.reports.carried_tables import archive_bytes, archive_path, carried_tables
from statedfigures.reports.manifest import fingerprint, read_manifest, table_fingerprints
from statedfigures.sources.release import read_release
from tests.reports.conftest import RELEASES
from tests.reports.test_reproduce import FOLDERS, run_reproduce

SMALL = RELEASES / "small-release"
STATED = table_fingerprints(SMALL)
NAME = archive_path("small-release")


def packed(folder):
    with zipfile.ZipFile(io.BytesIO(folder)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def carried(folder, content, stated=None):
    """Give the manifest of an edition that carries these bytes as its tables."""
    path = folder / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {"release": "small-release", "inputs": {"tables": stated or STATED}}


def archive_of(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def test_every_table_is_carried_byte_for_byte_and_nothing_else(small_release):
    (small_release.folder / "my-own-notes.csv").write_text("not,for,readers")
    held = packed(archive_bytes(small_release.folder, table_fingerprints(small_release.folder)))

    assert held == {path.name: path.read_bytes() for path in SMALL.iterdir() if path.name in STATED}


def test_the_same_tables_give_the_same_bytes_whatever_their_times_and_rights(small_release):
    for path in small_release.folder.iterdir():
        os.utime(path, (0, 2_000_000_000))
        path.chmod(0o600)

    assert archive_bytes(small_release.folder, STATED) == archive_bytes(SMALL, STATED)


def test_tables_that_changed_on_the_way_are_not_carried(small_release):
    small_release.set_cell("figures", 2, "note", "Another.")
    with pytest.raises(RunError, match="the tables were changed while the report was made"):
        archive_bytes(small_release.folder, STATED)


def test_what_is_carried_reads_as_the_release_and_is_gone_afterwards(tmp_path):
    manifest = carried(tmp_path, archive_bytes(SMALL, STATED))
    with carried_tables(tmp_path, manifest) as data:
        assert read_release("small-release", data=data) == read_release(
            "small-release", data=RELEASES
        )

    assert not data.exists()


def test_an_edition_that_carries_nothing_gives_nothing(tmp_path):
    with carried_tables(tmp_path, {"release": "small-release", "inputs": {}}) as data:
        assert data is None


@pytest.mark.parametrize(
    "content",
    [
        archive_of(**{"figures.csv": "id,other"}),
        archive_of(**{"../figures.csv": (SMALL / "figures.csv").read_bytes()}),
        archive_of(**{"private.csv": "a,b"}),
        archive_bytes(SMALL, STATED)[:-40],
        b"no archive",
    ],
    ids=["changed", "outside", "unknown", "cut off", "text"],
)
def test_an_archive_that_is_not_the_one_of_the_manifest_is_refused(tmp_path, content):
    stated = {**STATED, "../figures.csv": STATED["figures.csv"]}
    manifest = carried(tmp_path / "site", content, stated)
    with (
        pytest.raises(ParameterError, match="does not hold the tables that the manifest"),
        carried_tables(tmp_path / "site", manifest),
    ):
        pass


@pytest.mark.parametrize("release", ["../small-release", "/etc", ""])
def test_the_id_of_a_release_cannot_lead_out_of_the_edition(tmp_path, release):
    carried(tmp_path / "site" / "data", archive_bytes(SMALL, STATED))
    with carried_tables(tmp_path / "site", {"release": release, "inputs": {}}) as data:
        assert data is None


def test_an_edition_names_and_carries_its_tables(edition):
    manifest = read_manifest(edition)

    assert manifest["outputs"][NAME] == fingerprint((edition / NAME).read_bytes())
    assert {
        name: fingerprint(content)
        for name, content in packed((edition / NAME).read_bytes()).items()
    } == manifest["inputs"]["tables"]


def test_an_edition_is_made_again_from_its_own_tables(edition, small_release):
    """Those under --data were changed since; the edition does not need them."""
    small_release.set_cell("figures", 2, "note", "Another.")
    alone = {"STATEDFIGURES_DATA": str(small_release.data)}
    notebooks = FOLDERS[:2]
    changed = run_reproduce(edition, *notebooks, **alone)
    finished = run_reproduce(edition, *notebooks, "--own-tables", **alone)

    assert changed.returncode == 1
    assert "input that differs: table figures.csv" in changed.stdout
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout.startswith("identical: ")


@pytest.mark.parametrize("option", [("--data", RELEASES), ("--against", SMALL)])
def test_own_tables_go_without_other_tables(edition, option):
    finished = run_reproduce(edition, "--own-tables", *option)

    assert finished.returncode == 2
    assert "--own-tables: goes without --data and --against" in finished.stderr


def test_what_the_report_carries_is_a_data_package(report, tmp_path):
    (path,) = Path(report).glob("data/*-tables.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)

    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
