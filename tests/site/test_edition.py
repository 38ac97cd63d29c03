import json
import shutil

import pytest

from statedfigures.site.publish import files, manifest


def pages(folder):
    return sorted(json.loads((folder / "manifest.json").read_text())["pages"])


def test_nothing_to_do_is_told_and_nothing_run(rendered):
    rendered.run("render", "--quiet")  # the copy lies elsewhere than what was rendered
    told = rendered.run("render")
    assert told == (
        "nothing to do, the report is as its inputs make it: "
        "outputs/small-release/central/index.html\n"
    )


@pytest.mark.parametrize("what", ["index.html", "manifest.json", "data"])
def test_damage_to_the_edition_is_noticed_and_mended(rendered, what):
    rendered.run("render", "--quiet")
    before = files.contents_of(rendered.site)
    path = rendered.site / what
    shutil.rmtree(path) if path.is_dir() else path.write_text("{}")
    rendered.run("render", "--quiet")
    assert files.contents_of(rendered.site) == before


def test_one_page_alone_leaves_the_others_of_the_edition(whole):
    before = files.contents_of(whole.site)
    told = whole.run("render", "--only", "ships", "--no-cache")
    assert "5 of 6 pages reused" in told
    assert files.contents_of(whole.site) == before


def test_one_page_whose_others_are_not_at_hand_goes_to_a_folder_of_its_own(whole):
    before = files.contents_of(whole.site)
    path = whole.release / "topics.csv"
    path.write_text(path.read_text().replace("how many seals", "how often seals"))
    whole.run("render", "--only", "claims", "--quiet")
    assert files.contents_of(whole.site) == before
    alone = whole.site.with_name("central-only-claims")
    assert pages(alone) == ["claims"]
    told = whole.run("render", "--only", "claims", "--out", whole.site, status=2)
    assert "and what they rest on has changed; render without --only" in told


def test_other_parameters_go_to_a_folder_of_their_own(rendered):
    before = files.contents_of(rendered.site)
    rendered.run("render", "--scenario", "high", "--horizon-year", "2030", "--quiet")
    rendered.run("render", "-p", "seed", "2", "-p", "draws", "128", "--quiet")
    found = sorted(path.name for path in rendered.site.parent.iterdir() if path.is_dir())
    assert found == ["central", "central-draws-128-seed-2", "high-2030"]
    assert files.contents_of(rendered.site) == before
    index = (rendered.folder / "outputs" / "index.html").read_text()
    for name in found:
        assert f'href="small-release/{name}/index.html"' in index
    assert "draws 128, seed 2" in index


def test_another_edition_is_replaced_only_when_that_is_asked_for(rendered):
    before = files.contents_of(rendered.site)
    out = ("--scenario", "high", "--out", rendered.site)
    told = rendered.run("render", *out, status=2)
    assert "holds the edition of release small-release" in told
    assert "add --replace" in told
    assert files.contents_of(rendered.site) == before
    rendered.run("render", *out, "--replace", "--quiet")
    assert manifest.read_manifest(rendered.site)["parameters"]["scenario"] == "high"
    told = rendered.run("render", status=2)  # the default edition is not there any more
    assert "scenario high" in told


def test_an_edition_of_the_first_edition_is_not_replaced_silently(rendered):
    path = rendered.site / "manifest.json"
    told = json.loads(path.read_text())
    del told["form"]
    path.write_text(json.dumps(told))
    words = rendered.run("render", status=2)
    assert "holds an edition that the first version of Stated Figures made" in words


def test_a_file_of_the_users_is_never_deleted(rendered):
    (rendered.site / "notes.txt").write_text("mine")
    for more in ((), ("--replace",)):
        told = rendered.run("render", "--no-cache", *more, status=2)
        assert "holds notes.txt, which is not of the earlier edition; move it away" in told
    assert (rendered.site / "notes.txt").read_text() == "mine"


def test_a_folder_that_is_no_edition_is_refused(project):
    (project.folder / "mine").mkdir()
    (project.folder / "mine" / "letter.txt").write_text("mine")
    told = project.run("render", "--out", "mine", "--replace", status=2)
    assert "holds files but no manifest of an earlier edition" in told
    (project.folder / "link").symlink_to("mine")
    assert "is not a folder" in project.run("render", "--out", "link", status=2)


def test_a_stray_file_in_the_folder_of_the_release_does_not_count(rendered):
    rendered.run("render", "--quiet")
    for name in ("._figures.csv", "notes.json", "copy of figures.csv"):
        (rendered.release / name).write_text("stray")
    assert "nothing to do" in rendered.run("render")
    tables = manifest.read_manifest(rendered.site)["inputs"]["tables"]
    assert "figures.csv" in tables
    assert "method/assumptions.csv" in tables


def test_the_manifest_names_every_file_and_is_sealed(whole):
    assert manifest.differences(whole.site) == []
    told = manifest.read_manifest(whole.site)
    assert told["outputs"].keys() == files.files_in(whole.site) - {"manifest.json"}
    assert told["pages"]["nature"] == {
        "notebook": "2-topic.ipynb",
        "parameters": {
            "release": "small-release",
            "scenario": "central",
            "horizon_year": 2026,
            "draws": 64,
            "seed": 1,
            "topic": "nature",
        },
    }
    path = whole.site / "manifest.json"
    path.write_text(path.read_text().replace('"seed": 1', '"seed": 2'))
    assert "manifest.json: was changed" in manifest.differences(whole.site)


def test_a_page_that_is_none_is_refused_with_what_was_meant(project):
    told = project.run("render", "--only", "shops", status=2)
    assert "page 'shops' is unknown; did you mean 'ships'? The pages are claims, ships" in told


def test_a_finding_that_cannot_be_told_is_refused_before_a_notebook_runs(project):
    path = project.release / "findings.csv"
    path.write_text(path.read_text().replace("claim:tankers_almost_double", "figure:ships_2020"))
    for command in ("check", "render"):
        told = project.run(command, status=2)
        assert "findings.csv, row 2, column inputs: the inputs are figure; a finding of" in told
        assert ".ipynb" not in told


def test_a_parameter_given_twice_is_refused(project):
    told = project.run("render", "--scenario", "low", "-p", "scenario", "high", status=2)
    assert "parameter scenario: is given both as 'low' and as 'high'; give it once" in told


def test_tables_changed_on_the_way_are_not_published(project):
    project.only()
    project.write("9-own.ipynb", "from pathlib import Path",
                  "path = Path('../data/small-release/topics.csv')",
                  "path.write_text(path.read_text() + '\\r\\n')")  # fmt: skip
    told = project.run("render", "--quiet", status=1)
    assert "the tables were changed while the report was made; nothing is published" in told
    assert not project.site.exists()


def test_own_notebooks_are_pages_and_what_is_not_traced_is_refused_only_when_strict(project):
    project.only("1-claims.ipynb")
    project.write("5-own.ipynb", "import pandas as pd", "pd.DataFrame({'a': [1, 2]})")
    told = project.run("render", "--quiet")
    assert (project.site / "own.html").is_file()
    told = project.run("render", "--strict", status=1)
    assert "5-own.ipynb" in told or "own" in told


def test_a_folder_inside_an_edition_is_refused(rendered):
    before = files.contents_of(rendered.site)
    told = rendered.run("render", "--out", rendered.site / "sub", status=2)

    assert f"lies in {rendered.site.name}, which is an edition; " in told
    assert files.contents_of(rendered.site) == before
