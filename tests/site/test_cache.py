import json
import os
import stat

import pytest

from statedfigures.site.run.cache import KeptPage, PageCache

PARTS = {"notebook 1-a.ipynb": "1", "parameter seed": "1", "figures.csv": "2"}
PAGE = KeptPage({"cells": []}, "a word")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "outputs" / ".cache"


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077, 0o277])
def test_pages_are_kept_under_any_umask(folder, umask):
    folder.parent.mkdir()
    before = os.umask(umask)
    try:
        PageCache(folder).keep("a", PARTS, PAGE)
    finally:
        os.umask(before)
    assert PageCache(folder).find("a", PARTS) == PAGE
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_page_is_one_json_file(folder):
    PageCache(folder).keep("a", PARTS, PAGE)
    (path,) = folder.iterdir()
    assert json.loads(path.read_bytes())["entry"]["parts"] == PARTS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", PARTS)
def test_a_page_that_rests_on_something_else_is_not_found(folder, name):
    PageCache(folder).keep("a", PARTS, PAGE)
    assert PageCache(folder).find("a", {**PARTS, name: "other"}) is None


@pytest.mark.parametrize("mode", [0o602, 0o620, 0o666])
def test_a_file_that_others_may_write_is_not_believed(folder, mode):
    PageCache(folder).keep("a", PARTS, PAGE)
    next(folder.iterdir()).chmod(mode)
    assert PageCache(folder).find("a", PARTS) is None


def test_a_folder_that_others_may_write_to_is_not_believed(folder):
    PageCache(folder).keep("a", PARTS, PAGE)
    folder.chmod(0o777)
    cache = PageCache(folder)
    assert cache.find("a", PARTS) is None
    assert "others may write to it" in cache.doubt
    assert "others may write to it" in cache.reason("a", PARTS)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root")
def test_what_belongs_to_another_user_is_not_believed(folder):
    PageCache(folder).keep("a", PARTS, PAGE)
    os.chown(next(folder.iterdir()), 12345, 12345)
    assert PageCache(folder).find("a", PARTS) is None
    os.chown(folder, 12345, 12345)
    assert "belongs to another user" in PageCache(folder).doubt


def test_a_link_is_not_believed(folder, tmp_path):
    PageCache(folder).keep("a", PARTS, PAGE)
    path = next(folder.iterdir())
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert PageCache(folder).find("a", PARTS) is None


def test_any_damage_is_noticed(folder):
    PageCache(folder).keep("a", PARTS, PAGE)
    path = next(folder.iterdir())
    content = path.read_bytes()
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        found = PageCache(folder).find("a", PARTS)
        assert found in (None, PAGE), place
        path.write_bytes(content[:place])
        assert PageCache(folder).find("a", PARTS) is None
    path.write_text("[" * 100_000)
    assert PageCache(folder).find("a", PARTS) is None


def test_the_reason_names_what_changed_since_the_nearest_run(folder):
    cache = PageCache(folder)
    assert cache.reason("a", PARTS) == "because no earlier run of it is known"
    cache.keep("a", PARTS, PAGE)
    cache.keep("a", dict.fromkeys(PARTS, "9"), PAGE)
    changed = {**PARTS, "parameter seed": "2", "figures.csv": "3"}
    assert cache.reason("a", changed) == "because of a change in figures.csv and seed"


def test_a_full_disk_costs_only_time(folder, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("statedfigures.site.run.cache.write_whole", full)
    PageCache(folder).keep("a", PARTS, PAGE)
    assert PageCache(folder).find("a", PARTS) is None


def test_the_pages_used_last_are_kept_longest(folder):
    cache = PageCache(folder, largest=2_000)
    for number in range(5):
        cache.keep(f"p{number}", PARTS, KeptPage({"cells": ["x" * 500]}, ""))
        os.utime(next(folder.glob(f"p{number}@*")), (number, number))
    cache.find("p0", PARTS)
    cache.trim()
    left = {path.name.partition("@")[0] for path in folder.iterdir()}
    assert "p0" in left
    assert "p1" not in left
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 2_000


def test_a_changed_table_runs_the_pages_again_and_is_named(rendered):
    path = rendered.release / "topics.csv"
    path.write_text(path.read_text().replace("how many seals are seen", "how seals are seen"))
    told = rendered.run("render", "--explain")
    assert "claims: run, because of a change in topics.csv" in told


def test_a_folder_of_pages_with_open_permissions_is_told_and_not_used(rendered):
    rendered.cache.chmod(0o777)
    told = rendered.run("render", "--scenario", "high", "--only", "claims", "--explain")
    assert "no page is reused: " in told
    assert "others may write to it" in told
