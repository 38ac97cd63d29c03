import os
import stat
import threading

import pytest

from statedfigures.errors import InputError, PublishError
from statedfigures.site.publish import files


def publish(target, **contents):
    with files.folder_for(target) as new:
        for name, text in contents.items():
            (new / name).write_text(text)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_whole_and_takes_the_place_of_the_earlier(tmp_path):
    publish(tmp_path / "site", a="1", b="2")
    publish(tmp_path / "site", a="3")
    assert files.contents_of(tmp_path / "site") == {"a": b"3"}
    assert names(tmp_path) == [".site.lock", "site"]


def test_a_block_that_fails_leaves_the_earlier_folder(tmp_path):
    publish(tmp_path / "site", a="1")

    def write_half():
        with files.folder_for(tmp_path / "site") as new:
            (new / "a").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert files.contents_of(tmp_path / "site") == {"a": b"1"}
    assert names(tmp_path) == [".site.lock", "site"]


def test_what_a_killed_run_left_is_cleared_up(tmp_path):
    (tmp_path / ".site.new-0123abcd").mkdir()
    (tmp_path / ".site.old-0123abcd").mkdir()
    (tmp_path / ".site.old-0123abcd" / "a").write_text("1")
    with pytest.raises(ZeroDivisionError), files.folder_for(tmp_path / "site"):
        raise ZeroDivisionError
    assert files.contents_of(tmp_path / "site") == {"a": b"1"}
    assert names(tmp_path) == [".site.lock", "site"]


def test_where_folders_cannot_be_exchanged_two_renames_do(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_exchange", lambda *_folders: False)
    publish(tmp_path / "site", a="1")
    publish(tmp_path / "site", a="2")
    assert files.contents_of(tmp_path / "site") == {"a": b"2"}
    assert names(tmp_path) == [".site.lock", "site"]


def test_two_runs_publish_one_after_the_other(tmp_path):
    inside, most = [], []

    def run(text):
        with files.folder_for(tmp_path / "site") as new:
            inside.append(text)
            most.append(len(inside))
            (new / "a").write_text(text)
            inside.remove(text)

    threads = [threading.Thread(target=run, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert (tmp_path / "site" / "a").read_text() in map(str, range(8))


def test_the_permissions_of_the_folder_stay(tmp_path):
    publish(tmp_path / "site", a="1")
    (tmp_path / "site").chmod(0o750)
    publish(tmp_path / "site", a="2")
    assert stat.S_IMODE((tmp_path / "site").stat().st_mode) == 0o750


def test_a_name_of_three_hundred_letters_is_refused_in_words(project):
    told = project.run("render", "--out", project.folder / ("x" * 300), status=2)
    assert "cannot be used" in told or "too long" in told


def test_the_whole_disk_is_no_place_for_an_edition(project):
    told = project.run("render", "--out", "/", status=2)
    assert "--out /: is the whole disk; name a new or an empty folder" in told


def test_a_file_above_the_folder_is_refused_in_words(project):
    os.mkfifo(project.folder / "pipe")
    told = project.run("render", "--out", "pipe", status=2)
    assert "pipe: is not a folder; name a new or an empty folder" in told
    (project.folder / "file").write_text("")
    told = project.run("render", "--out", project.folder / "file" / "in" / "it", status=2)
    assert "lies in file, which is no folder; name a new or an empty folder" in told


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "index.html"
    files.write_whole(path, b"old")
    with pytest.raises(TypeError):
        files.write_whole(path, None)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["index.html"]


def test_what_is_no_ordinary_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    for name in ("pipe", "link"):
        with pytest.raises(InputError, match=f"{name}: is not an ordinary file"):
            files.read_ordinary(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "ab"),
        ("\x1b]0;title\x07c", "c"),
        ("line\nnext\x00", "linenext"),
        ("café – “x”", "café – “x”"),
        ("‮txt", "txt"),
    ],
)
def test_foreign_text_cannot_steer_a_terminal(text, shown):
    assert files.printable(text) == shown


def test_a_refusal_of_the_system_is_told_in_plain_words(tmp_path):
    with (
        pytest.raises(PublishError, match=r"could not be written or read \(No space left"),
        files.plain_system_errors("nothing is published"),
    ):
        raise OSError(28, "No space left on device", str(tmp_path))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_the_scratch_folder_is_private_and_goes_with_the_process():
    code = (
        "from statedfigures.site.publish.files import scratch_folder as f; import os, stat;"
        "print(f(), oct(stat.S_IMODE(f().stat().st_mode)), os.environ['TMPDIR'] == str(f()))"
    )
    import subprocess
    import sys

    told = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert told[1:] == ["0o700", "True"]
    assert not os.path.lexists(told[0])
    assert not os.path.lexists(f"{told[0]}.lock")
