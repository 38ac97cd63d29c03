"""An edition is published whole or not at all."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from statedfigures.errors import ParameterError, PublishError
from statedfigures.reports import publish as publishing
from statedfigures.reports.manifest import FILE, differences, manifest_bytes
from statedfigures.reports.ownership import require_ours
from statedfigures.reports.publish import publish


def edition_of(name: str, count: int = 3) -> dict[str, bytes]:
    """Give the files of an edition that says its name in each of them."""
    files = {f"data/{number}.csv": f"{name} {number}\n".encode() for number in range(count)}
    manifest = manifest_bytes(
        release="harbour", edition=name, parameters={}, pages={}, inputs={}, outputs=files
    )
    return files | {FILE: manifest}


def names_in(folder):
    """Give the names in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def text_of(target):
    return (target / "data" / "0.csv").read_text()


def test_an_edition_is_put_in_a_new_folder(tmp_path):
    publish(edition_of("old"), tmp_path / "a" / "site")

    assert differences(tmp_path / "a" / "site") == []
    assert names_in(tmp_path / "a") == ["site", "site-run"]


@pytest.mark.parametrize("exchanges", [True, False])
def test_an_edition_replaces_the_earlier_one_whole(tmp_path, monkeypatch, exchanges):
    """Also where the system cannot exchange two folders in one step."""
    if not exchanges:
        monkeypatch.setattr(publishing, "_exchange", lambda *_: False)
    target = tmp_path / "site"
    publish(edition_of("old", count=5), target)
    publish(edition_of("new", count=2), target)

    assert text_of(target) == "new 0\n"
    assert differences(target) == []
    assert names_in(tmp_path) == ["site", "site-run"]


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("")
    with pytest.raises(ParameterError, match="holds files but no manifest"):
        require_ours(tmp_path)


def test_a_file_of_the_users_among_ours_is_not_lost(tmp_path):
    target = tmp_path / "site"
    publish(edition_of("old"), target)
    (target / "CNAME").write_text("figures.example")
    with pytest.raises(ParameterError, match="holds CNAME, which is not of the earlier edition"):
        publish(edition_of("new"), target)

    assert text_of(target) == "old 0\n"
    assert (target / "CNAME").exists()


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '{"statedfigures": "0"}'])
def test_a_manifest_that_is_not_ours_does_not_count(tmp_path, manifest):
    (tmp_path / FILE).write_text(manifest)
    with pytest.raises(ParameterError, match="no manifest of an earlier edition"):
        require_ours(tmp_path)


def test_a_file_or_a_link_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(ParameterError, match="is not a folder"):
            require_ours(tmp_path / name)


def test_a_disk_that_fails_leaves_the_earlier_edition(tmp_path, monkeypatch):
    target = tmp_path / "site"
    publish(edition_of("old"), target)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing.os, "fsync", full)
    with pytest.raises(PublishError, match=r"could not be written \(No space left on device\)"):
        publish(edition_of("new"), target)

    assert text_of(target) == "old 0\n"
    assert names_in(tmp_path) == ["site", "site-run"]


def test_a_run_that_ended_between_two_renames_is_put_right(tmp_path):
    """The old edition was moved away and the new one not yet put in its place."""
    target = tmp_path / "site"
    publish(edition_of("old"), target)
    target.rename(tmp_path / ".site.old-01234567")
    (tmp_path / ".site.new-01234567").mkdir()
    publishing._recover(target)

    assert text_of(target) == "old 0\n"
    assert names_in(tmp_path) == ["site", "site-run"]


PUBLISH_FOR_EVER = """
import itertools, sys
from pathlib import Path
from statedfigures.reports.publish import publish
from tests.reports.test_publish import edition_of
for name in itertools.cycle(["old", "new"]):
    publish(edition_of(name, count=12), Path(sys.argv[1]))
"""


def test_a_kill_at_any_moment_leaves_one_whole_edition(tmp_path):
    """Ten runs that publish again and again are killed at random moments."""
    target = tmp_path / "site"
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    for _ in range(10):
        with subprocess.Popen(
            [sys.executable, "-c", PUBLISH_FOR_EVER, str(target)],
            start_new_session=True,
        ) as run:
            until = time.monotonic() + 20
            while not target.exists() and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(0.15 + chance.random() / 5)
            os.killpg(run.pid, signal.SIGKILL)
        assert differences(target) == []

    publish(edition_of("last"), target)
    assert text_of(target) == "last 0\n"
    assert names_in(tmp_path) == ["site", "site-run"]


def test_two_runs_at_once_do_not_harm_each_other(tmp_path):
    target = tmp_path / "site"
    runs = [
        subprocess.Popen([sys.executable, "-c", PUBLISH_FOR_EVER, str(target)]) for _ in range(2)
    ]
    until = time.monotonic() + 60
    while not target.exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1.5)
    states = [run.poll() for run in runs]
    for run in runs:
        run.kill()
        run.wait()

    assert states == [None, None]
    assert differences(target) == []
