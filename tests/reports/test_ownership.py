"""Only folders that are ours are replaced, and a damaged manifest does not make ours a stranger."""

import os
import stat

import pytest

from statedfigures.errors import ParameterError, PublishError
from statedfigures.reports import publish as publishing
from statedfigures.reports.manifest import FILE, differences
from statedfigures.reports.ownership import (
    RECORD,
    claim_run_folder,
    recorded_files,
    require_ours,
    run_folder,
)
from statedfigures.reports.publish import publish
from statedfigures.reports.scratch import PREFIX, scratch_folder
from tests.reports.test_publish import edition_of, names_in, text_of


@pytest.fixture
def site(tmp_path):
    """Publish an edition."""
    publish(edition_of("old"), tmp_path / "site")
    return tmp_path / "site"


@pytest.mark.parametrize("manifest", ["", "{", '{"statedfigures": "0"}', None])
def test_our_folder_stays_ours_when_its_manifest_is_damaged(site, manifest):
    (site / FILE).unlink() if manifest is None else (site / FILE).write_text(manifest)
    publish(edition_of("new"), site)

    assert differences(site) == []
    assert text_of(site) == "new 0\n"


def test_a_damaged_manifest_does_not_hide_a_file_of_the_users(site):
    (site / FILE).write_text("")
    (site / "thesis.txt").write_text("years of work")
    with pytest.raises(ParameterError, match=r"holds thesis\.txt"):
        publish(edition_of("new"), site)


@pytest.mark.parametrize("target", ["/etc", "nowhere", "site"])
def test_a_link_of_the_users_among_ours_is_not_lost(site, target):
    """Also a link to a folder or to nothing."""
    (site / "link").symlink_to(target)
    with pytest.raises(ParameterError, match="holds link, which is not of the earlier edition"):
        require_ours(site)


def test_a_folder_that_only_looks_like_a_run_folder_is_refused(tmp_path):
    """The log of a site would go to NAME-run: a stranger's folder of that name is left alone."""
    beside = run_folder(tmp_path / "site")
    beside.mkdir()
    (beside / "1-figures.ipynb").write_text("mine")
    with pytest.raises(ParameterError, match="which holds other files"):
        require_ours(tmp_path / "site")


def test_a_run_folder_whose_record_was_cut_off_is_claimed_again(tmp_path):
    beside = run_folder(tmp_path / "site")
    beside.mkdir()
    (beside / f".{RECORD}.0123abcd").write_text('{"fil')
    require_ours(tmp_path / "site")
    claim_run_folder(tmp_path / "site")

    assert recorded_files(beside) == frozenset()


def test_folders_with_names_like_ours_are_left_alone(site):
    """Only the very names that publishing makes up are cleared away."""
    for name in (".site.new-mine", ".site.old-01234567x", ".sites.new-01234567"):
        (site.parent / name).mkdir()
    (site.parent / ".site.new-01234567").symlink_to("/etc")
    publish(edition_of("new"), site)

    assert {".site.new-mine", ".site.old-01234567x", ".sites.new-01234567"} < set(
        names_in(site.parent)
    )
    assert os.path.isdir("/etc")


def test_nobody_else_can_look_at_an_edition_while_it_is_written(site, monkeypatch):
    seen = []
    real = publishing._sync_folder

    def look(folder):
        if folder.name.startswith(".site.new-"):
            seen.append(stat.S_IMODE(folder.stat().st_mode))
        real(folder)

    site.chmod(0o750)
    monkeypatch.setattr(publishing, "_sync_folder", look)
    publish(edition_of("new"), site)

    assert seen == [0o700]
    assert stat.S_IMODE(site.stat().st_mode) == 0o750


@pytest.mark.parametrize("path", ["../out.txt", "/tmp/out.txt", "data/../../out.txt"])  # noqa: S108
def test_no_file_of_a_site_can_leave_it(site, path):
    with pytest.raises(PublishError, match="leads out of the site"):
        publish(edition_of("new") | {path: b""}, site)

    assert text_of(site) == "old 0\n"
    assert names_in(site.parent) == ["site", "site-run"]


def test_a_temporary_folder_is_private_and_goes_with_its_run(tmp_path):
    with scratch_folder(str(tmp_path)) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with scratch_folder(str(tmp_path)) as other:  # another run clears up meanwhile
            assert folder.is_dir()
            assert other != folder

    assert names_in(tmp_path) == []


def test_the_temporary_folder_of_a_killed_run_is_deleted_by_the_next(tmp_path):
    (tmp_path / f"{PREFIX}killed" / "k0").mkdir(parents=True)
    (tmp_path / "others").mkdir()
    with scratch_folder(str(tmp_path)) as folder:
        assert names_in(tmp_path) == sorted([folder.name, "others"])
