import json
import os

import pytest

from statedfigures.site.publish.reproduce import file_differences, first_difference

NAMES = ("the first", "the second")


def test_an_edition_is_made_again_byte_for_byte(rendered):
    count = len(json.loads((rendered.site / "manifest.json").read_text())["outputs"]) + 1
    told = rendered.run("reproduce", rendered.site, "--quiet")
    assert told == f"identical: {count} of {count} files\n"


def test_language_zone_and_hash_seed_of_the_user_change_no_byte(rendered):
    own = {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "COLUMNS": "40"}
    told = rendered.run("reproduce", rendered.site, "--quiet", "--jobs", 1, environment=own)
    assert told.startswith("identical: ")
    assert len(told.splitlines()) == 1


def test_its_own_tables_are_taken_where_those_here_have_changed(rendered):
    path = rendered.release / "topics.csv"
    path.write_text(path.read_text().replace("how many seals", "how often seals"))
    told = rendered.run("reproduce", rendered.site, "--quiet", status=1)
    assert "input that differs: table topics.csv" in told
    told = rendered.run("reproduce", rendered.site, "--quiet", "--own-tables")
    assert len(told.splitlines()) == 1


def test_other_notebooks_are_named_with_the_remedy(rendered):
    path = rendered.notebooks / "1-claims.ipynb"
    path.write_text(path.read_text().replace("# Claims", "# All claims"))
    told = rendered.run("reproduce", rendered.site, "--quiet", status=1)
    assert "input that differs: notebook 1-claims.ipynb" in told
    assert "name their folder with --notebooks" in told


def test_a_changed_file_is_told_with_its_first_difference(rendered):
    path = rendered.site / "sources.html"
    path.write_text(path.read_text().replace("<h1", "<h1 class='x'", 1))
    told = rendered.run("reproduce", rendered.site, "--against", rendered.site)
    assert told.startswith("identical: ")
    told = rendered.run("reproduce", rendered.site, "--quiet", status=1)
    assert "sources.html: line " in told
    assert "differs from its own manifest: sources.html: was changed" in told


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_is_no_ordinary_file_is_refused_at_once(rendered, kind):
    path = rendered.site / "odd"
    os.mkfifo(path) if kind == "pipe" else path.symlink_to("/etc/hostname")
    told = rendered.run("reproduce", rendered.site, status=2)
    assert "odd: is not an ordinary file" in told


def test_a_manifest_that_is_a_pipe_is_refused(project):
    (project.folder / "odd").mkdir()
    os.mkfifo(project.folder / "odd" / "manifest.json")
    assert "holds no manifest.json" in project.run("reproduce", "odd", status=2)


def test_a_foreign_edition_cannot_steer_the_terminal(rendered):
    (rendered.site / "a\x1b[31mb.html").write_text("x\x1b[2Jy")
    (rendered.site / "index.html").write_text("\x1b]0;owned\x07")
    told = rendered.run("reproduce", rendered.site, "--quiet", status=1)
    assert "\x1b" not in told
    assert "ab.html: is only in the edition" in told
    path = rendered.site / "manifest.json"
    path.write_text(path.read_text().replace('"central"', '"a\\u001b[31mb"'))
    assert "\x1b" not in rendered.run("compare", rendered.site, "scenario=high", status=2)


@pytest.mark.parametrize(("form", "which"), [(None, "the first"), (7, "a later")])
def test_an_edition_of_another_form_is_refused_in_one_sentence(rendered, form, which):
    path = rendered.site / "manifest.json"
    told = json.loads(path.read_text())
    told["form"] = form
    path.write_text(json.dumps(told))
    words = rendered.run("reproduce", rendered.site, status=2)
    assert f"was made by {which} version of Stated Figures" in words
    assert len(words.splitlines()) == 1


def test_inputs_of_another_shape_are_no_manifest(rendered):
    path = rendered.site / "manifest.json"
    told = json.loads(path.read_text())
    told["inputs"]["tables"] = []
    path.write_text(json.dumps(told))
    assert "holds no manifest.json of an edition that" in rendered.run(
        "compare", rendered.site, "scenario=high", status=2
    )


def test_a_parameter_that_the_notebook_no_longer_has_is_told(rendered):
    path = rendered.notebooks / "3-measures.ipynb"
    path.write_text(
        path.read_text().replace("seed: int = 1  #", "seed: int = 1\\nberth: int = 3 #")
    )
    told = rendered.run("reproduce", rendered.site, status=2)
    assert "declares other parameters than the edition was made with" in told


def test_options_that_exclude_each_other_are_refused(rendered):
    told = rendered.run("reproduce", rendered.site, "--own-tables", "--data", "data", status=2)
    assert "--own-tables: goes without --data and --against" in told


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (b"a\nbc", b"a\nbd", "line 2, character 2: “bc” in the first, “bd” in the second"),
        (b"a", b"a\n", "line 1, character 2: “a” in the first, “a” in the second"),
        (b"\xff\x00", b"\xff\x01", "byte 2: 00 in the first, 01 in the second"),
        (b"ab", b"", "line 1, character 1: “ab” in the first, the end of the file in the second"),
    ],
)
def test_the_first_difference_is_named(first, second, told):
    assert first_difference(first, second, NAMES) == told


def test_files_of_one_side_are_named():
    assert file_differences({"a": b"1"}, {"b": b"1"}, NAMES) == {
        "a": "is only in the first",
        "b": "is only in the second",
    }
