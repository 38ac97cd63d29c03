"""The cache believes only what is whole and current, stays small and can be deleted."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from statedfigures.reports.page_cache import KeptPage, PageCache, cache_folder

PAGE = KeptPage({"table r/figures.csv": "one"}, "said", b'{"cells": []}', {"seed": 1})


def kept(folder):
    """Give the files of kept pages."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_page_comes_back_as_it_was_kept(tmp_path):
    PageCache(tmp_path / "c").keep("key", PAGE)

    assert PageCache(tmp_path / "c").find("key", lambda _: "one") == PAGE
    assert PageCache(tmp_path / "c").find("other", lambda _: "one") is None


def test_a_page_whose_reads_have_changed_is_not_found(tmp_path):
    cache = PageCache(tmp_path)
    cache.keep("key", PAGE)

    assert cache.find("key", lambda _: "two") is None


def test_pages_with_the_same_key_and_other_reads_stand_side_by_side(tmp_path):
    """Going back to an earlier table finds the earlier page."""
    cache = PageCache(tmp_path)
    cache.keep("key", PAGE)
    cache.keep("key", KeptPage({"table r/figures.csv": "two"}, "", b"other", {}))

    assert cache.find("key", lambda _: "one") == PAGE
    assert cache.find("key", lambda _: "two").notebook == b"other"


@pytest.mark.parametrize("cut", [0, 1, 70, 100, -1])
def test_a_damaged_page_is_not_believed(tmp_path, cut):
    cache = PageCache(tmp_path)
    cache.keep("key", PAGE)
    (path,) = kept(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])

    assert cache.find("key", lambda _: "one") is None


def test_a_changed_byte_is_noticed_and_the_page_dropped(tmp_path):
    cache = PageCache(tmp_path)
    cache.keep("key", PAGE)
    (path,) = kept(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"cells", b"calls"))

    assert cache.find("key", lambda _: "one") is None
    assert kept(tmp_path) == []


def test_the_pages_unused_for_longest_go_first(tmp_path):
    """Ten pages of 1,000 bytes and a head; 5,000 bytes leave at most four fifths of that."""
    cache = PageCache(tmp_path, largest=5000)
    for number in range(10):
        cache.keep(f"key{number}", KeptPage({}, "", bytes(1000), {}))
        (path,) = tmp_path.rglob(f"key{number}/*.page")
        os.utime(path, (number, number))
    cache.find("key0", lambda _: "")
    cache.trim()

    assert sum(path.stat().st_size for path in kept(tmp_path)) <= 4000
    assert cache.find("key0", lambda _: "") is not None
    assert cache.find("key1", lambda _: "") is None
    assert cache.find("key9", lambda _: "") is not None


def test_many_at_once_keep_and_find_whole_pages_while_it_is_deleted(tmp_path):
    """Whatever is found is whole; whatever is gone is only not found."""
    cache = PageCache(tmp_path / "c", largest=20000)
    page = KeptPage({}, "", bytes(5000), {})

    def use(number):
        key = f"key{number % 7}"
        cache.keep(key, page)
        if number % 11 == 0:
            shutil.rmtree(tmp_path / "c", ignore_errors=True)
        if number % 5 == 0:
            cache.trim()
        return cache.find(key, lambda _: "")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(use, range(300)))

    assert [one for one in found if one is not None and one != page] == []
    assert page in found
    assert not [path for path in (tmp_path / "c").rglob(".*") if path.is_file()]


def test_a_folder_that_others_may_write_to_is_not_trusted(tmp_path):
    PageCache(tmp_path).keep("key", PAGE)
    tmp_path.chmod(0o777)

    assert PageCache(tmp_path).find("key", lambda _: "one") is None


def test_a_place_that_cannot_be_written_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("")
    cache = PageCache(tmp_path / "file" / "c")
    cache.keep("key", PAGE)
    cache.trim()

    assert cache.find("key", lambda _: "one") is None


def test_the_folder_is_the_users_own_choice_or_the_platforms(monkeypatch, tmp_path):
    monkeypatch.setenv("STATEDFIGURES_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path

    monkeypatch.delenv("STATEDFIGURES_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "statedfigures"
