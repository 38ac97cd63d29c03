import json
import math
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from statedfigures import cli
from statedfigures.display.payload import payload
from statedfigures.display.records import MIME_TYPE, Answer
from statedfigures.display.words import sentence
from statedfigures.reports.carried_tables import archive_bytes, archive_path
from statedfigures.reports.manifest import (
    fingerprint,
    json_bytes,
    package_fingerprint,
    table_fingerprints,
)

RELEASES = Path(__file__).parents[1] / "releases"
SMALL = RELEASES / "small-release"


@pytest.fixture
def run(capsys):
    """Run ``compare`` about the small release; give status, output and errors."""

    def call(*arguments):
        options = ("--release", "small-release", "--data", str(RELEASES))
        with pytest.raises(SystemExit) as ended:
            cli.main(["compare", *options, *map(str, arguments)])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call


@pytest.fixture
def changed(small_release):
    """Change an assumption that matters, the reason of another, and a figure."""
    row = small_release.row_of("assumptions", "growth_change_ships")
    header = small_release.rows("assumptions")[0]
    before = dict(zip(header, small_release.rows("assumptions")[row - 1], strict=True))
    middle = (float(before["central"]) + float(before["high"])) / 2
    small_release.set_cell("assumptions", row, "central", f"{middle:g}")
    row = small_release.row_of("assumptions", "claim_almost")
    small_release.set_cell("assumptions", row, "basis", "Another reason.")
    return small_release


def edition(
    folder, package, *, tables=SMALL, published=None, answers=None, carried=True, **parameters
):
    """Write the parts of a published edition that a comparison reads."""
    outputs = {}
    stated = table_fingerprints(tables)
    if carried:
        outputs[archive_path("small-release")] = archive_bytes(tables, stated)
    if published is not None:
        header = "series,scenario,model,target_year,output_type,output_type_id,value,unit"
        rows = [f"ships,{s},pool,{y},quantile,{q},{v},ships" for (s, y, q), v in published.items()]
        outputs["data/projections.csv"] = "\n".join([header, *rows, ""]).encode()
    for page, said in (answers or {}).items():
        shown = payload(Answer(f"answer-{page}", tuple(sentence(one) for one in said)))
        cells = [{"cell_type": "code", "outputs": [{"data": {MIME_TYPE: shown}}]}]
        outputs[f"notebooks/{page}.ipynb"] = json.dumps({"cells": cells}).encode()
    manifest = {
        "statedfigures": "0",
        "release": "small-release",
        "edition": "2021-04-01",
        "pages": {
            page: {"notebook": f"{page}.ipynb", "parameters": {"topic": page}}
            for page in answers or {}
        },
        "parameters": {"scenario": "central", "draws": 64, "seed": 1, **parameters},
        "inputs": {"tables": stated, "package": package},
        "outputs": {path: fingerprint(content) for path, content in outputs.items()},
    }
    for path, content in {**outputs, "manifest.json": json_bytes(manifest)}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def middle_of(found):
    return next(one for one in found["headlines"] if one["quantity"] == "middle")


def test_a_release_compared_with_itself_differs_in_nothing(run):
    status, out, _ = run(SMALL, SMALL)

    assert status == 0
    assert "What differs\n  nothing" in out
    assert "3 of 3 are the same" in out
    assert out.endswith("Sentences\n  all the same\n")


def test_changed_tables_are_told_with_what_each_change_moved(run, changed):
    status, out, _ = run(SMALL, changed.folder, "--json")
    found = json.loads(out)

    assert status == 0
    assert {one["id"]: sorted(one["fields"]) for one in found["assumptions"]} == {
        "claim_almost": ["basis"],
        "growth_change_ships": ["central"],
    }
    assert found["parameters"] == found["figures"] == found["other_rows"] == []
    assert found["code"]["differs"] is False
    for headline in found["headlines"]:
        parts = {one["input"]: one["value"] for one in headline["contributions"]}
        assert math.isclose(sum(parts.values()), headline["new"] - headline["old"], abs_tol=1e-9)
        assert parts["assumption:claim_almost"] == 0
    assert middle_of(found)["difference"] > 0
    (sentences,) = found["sentences"]
    assert sentences["page"] == "ships"
    assert len(sentences["old"]) == len(sentences["new"]) >= 1


def test_a_changed_figure_is_a_figure_that_differs(run, small_release):
    row = small_release.row_of("figures", "ships_2020")
    small_release.set_cell("figures", row, "note", "Looked at again.")
    found = json.loads(run(SMALL, small_release.folder, "--json")[1])

    assert found["figures"] == [
        {
            "id": "ships_2020",
            "change": "changed",
            "fields": {"note": {"old": "", "new": "Looked at again."}},
        }
    ]
    assert all(one["difference"] == 0 for one in found["headlines"])


def test_two_sets_of_parameters_are_compared(run):
    status, out, _ = run("scenario=low,draws=64", "scenario=high,draws=64,horizon_year=2024")

    assert status == 0
    assert "parameter:scenario: low → high" in out
    assert re.search(r"\+\d+  parameter:scenario", out)


def test_an_edition_stands_for_its_tables_and_parameters(run, tmp_path):
    folder = edition(tmp_path / "old", package_fingerprint(), scenario="high")
    found = json.loads(run(folder, "draws=64,seed=1", "--json")[1])

    assert found["parameters"] == [{"name": "scenario", "old": "high", "new": "central"}]
    assert found["code"]["differs"] is False


def test_what_other_code_published_is_held_against_the_code_of_today(run, tmp_path):
    """The old edition stated 1000, 500 and 2000; tables and parameters are the same today."""
    stated = {
        ("central", 2025, 0.5): 1000.0,
        ("pooled", 2025, 0.05): 500.0,
        ("pooled", 2025, 0.95): 2000.0,
    }
    folder = edition(tmp_path / "old", "0" * 64, published=stated, horizon_year=2025)
    found = json.loads(run(folder, "draws=64,seed=1,horizon_year=2025", "--json")[1])

    assert found["code"]["differs"] is True
    assert [one["old"] for one in found["headlines"]] == [1000.0, 500.0, 2000.0]
    for one in found["headlines"]:
        (part,) = one["contributions"]
        assert part["input"] == "code"
        assert part["value"] == pytest.approx(one["new"] - one["old"], abs=1e-9)


def test_two_editions_are_compared_by_the_tables_that_they_carry(run, tmp_path, changed):
    """Neither of the folders that they were made from is there any more."""
    before = edition(tmp_path / "old", package_fingerprint())
    after = edition(tmp_path / "new", package_fingerprint(), tables=changed.folder)
    by_folders = json.loads(run("draws=64,seed=1", changed.folder, "--json")[1])
    shutil.rmtree(changed.folder)

    status, out, _ = run(before, after, "--json", "--data", tmp_path)
    found = json.loads(out)

    assert status == 0
    assert found["assumptions"] == by_folders["assumptions"]
    assert {one["id"] for one in found["assumptions"]} == {"claim_almost", "growth_change_ships"}
    assert middle_of(found)["difference"] != 0


def test_an_edition_without_tables_of_its_own_takes_those_that_it_was_made_from(run, tmp_path):
    folder = edition(tmp_path / "old", package_fingerprint(), carried=False)

    assert run(folder, "draws=64,seed=1")[1].count("nothing") == 1


def test_an_edition_whose_tables_are_nowhere_is_refused(run, tmp_path, changed):
    folder = edition(tmp_path / "old", package_fingerprint(), tables=changed.folder, carried=False)
    status, _, err = run(folder, SMALL)

    assert status == 2
    assert "was made from other tables than those of small-release here (assumptions.csv" in err


@pytest.mark.parametrize(
    "path", [archive_path("small-release"), "data/projections.csv", "notebooks/ships.ipynb"]
)
def test_an_edition_that_was_changed_after_it_was_published_is_refused(run, tmp_path, path):
    published = {("central", 2025, 0.5): 1000.0}
    folder = edition(tmp_path / "old", "0" * 64, published=published, answers={"ships": ["A."]})
    content = (folder / path).read_bytes()
    (folder / path).write_bytes(content.replace(b"s", b"z", 1) + b" ")
    status, out, err = run(folder, SMALL)

    assert (status, out) == (2, "")
    assert path in err
    assert "render the edition again" in err


def test_the_sentences_of_editions_are_those_that_they_published(run, tmp_path):
    """The second was made by other code, which words things otherwise, and has another page."""
    before = edition(
        tmp_path / "old", package_fingerprint(), answers={"ships": ["Ships rose.", "So it is."]}
    )
    after = edition(
        tmp_path / "new", "0" * 64, answers={"seals": ["Seals fell."], "ships": ["So it is."]}
    )
    found = json.loads(run(before, after, "--json")[1])

    assert found["sentences"] == [
        {"page": "seals", "old": [], "new": ["Seals fell."]},
        {"page": "ships", "old": ["Ships rose."], "new": []},
    ]
    assert {one["name"] for one in found["parameters"]} == {"topic of seals"}


def test_the_contribution_of_code_says_which_change_of_code_it_is(run, tmp_path):
    """The code of an edition cannot be run, so the order is fixed, and said."""
    stated = {
        ("central", 2025, 0.5): 1000.0,
        ("pooled", 2025, 0.05): 500.0,
        ("pooled", 2025, 0.95): 2000.0,
    }
    today = "draws=64,seed=1,horizon_year=2025"
    other = edition(tmp_path / "one", "0" * 64, published=stated, horizon_year=2025)
    third = edition(tmp_path / "two", "1" * 64, published=stated, horizon_year=2025)

    assert "The change of code is counted first, at the inputs of A" in run(other, today)[1]
    assert "The change of code is counted last, at the inputs of B" in run(today, other)[1]
    counted = json.loads(run(other, third, "--json")[1])["code"]["counted"]
    assert counted.startswith("The change of code is counted in two steps")
    assert json.loads(run(today, today, "--json")[1])["code"]["counted"] == ""


def test_editions_by_one_code_that_is_not_todays_keep_what_they_published(run, tmp_path, changed):
    """Both published 1000 for the middle, although today's code sees a difference between them."""
    stated = {
        ("central", 2025, 0.5): 1000.0,
        ("pooled", 2025, 0.05): 500.0,
        ("pooled", 2025, 0.95): 2000.0,
    }
    settings = {"published": stated, "horizon_year": 2025}
    before = edition(tmp_path / "old", "0" * 64, **settings)
    after = edition(tmp_path / "new", "0" * 64, tables=changed.folder, **settings)
    found = json.loads(run(before, after, "--json")[1])
    middle = middle_of(found)
    parts = {one["input"]: one["value"] for one in middle["contributions"]}

    assert found["code"]["differs"] is False
    assert (middle["old"], middle["new"]) == (1000.0, 1000.0)
    assert parts["code of today"] == pytest.approx(-parts["assumption:growth_change_ships"])
    assert parts["assumption:growth_change_ships"] > 0


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere", '"nowhere" is no folder of a release or of an edition, and no parameters'),
        ("scenaro=high", 'parameter "scenaro" is unknown; did you mean "scenario"?'),
        ("scenario=up", "parameter scenario: 'up' is not one of"),
        ("draws=1000", "parameter draws: 1000 is not a power of two"),
        ("horizon_year=2999", "parameter horizon_year: 2999 is out of range"),
        ("seed=one", "parameter seed: 'one' is not a whole number"),
        ("seed=1,seed=2", "parameter seed: is given twice"),
    ],
)
def test_a_wrong_side_is_refused_in_words(run, name, told):
    status, out, err = run(SMALL, name)

    assert (status, out) == (2, "")
    assert told in err


def test_the_page_holds_a_waterfall_for_each_headline_that_moved(run, changed, tmp_path):
    page = tmp_path / "page.html"
    status, out, _ = run(SMALL, changed.folder, "--out", page)
    text = page.read_text(encoding="utf-8")

    assert status == 0
    moved = out.count("offences (") + out.count("ships (")
    assert text.count('<figure id="waterfall-ships-') == moved >= 1
    assert "growth_change_ships" in text
    assert "<script" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    for svg in re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL):
        ElementTree.fromstring(svg)  # noqa: S314 - our own picture


def test_the_same_comparison_gives_the_same_page(run, changed, tmp_path):
    for name in ("one.html", "two.html"):
        run(SMALL, changed.folder, "--out", tmp_path / name)

    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_words_from_the_tables_cannot_become_markup(run, small_release, tmp_path):
    row = small_release.row_of("assumptions", "damping")
    small_release.set_cell("assumptions", row, "basis", "<script>alert(1)</script>")
    page = tmp_path / "page.html"
    run(SMALL, small_release.folder, "--out", page)

    assert "<script" not in page.read_text(encoding="utf-8")


def test_a_page_needs_the_name_of_a_page(run, tmp_path):
    assert "ends in .html" in run(SMALL, SMALL, "--out", tmp_path / "page.txt")[2]


def test_a_release_that_is_spoilt_is_told_by_its_faults(run, small_release):
    small_release.set_cell("figures", 3, "value", "1,000")
    status, _, err = run(SMALL, small_release.folder)

    assert status == 2
    assert "figures.csv, row 3, column value" in err


def test_the_digits_of_a_file_are_no_change_of_the_code(run, tmp_path):
    """An edition by other code that published what today's code computes, to ten digits."""
    choices = "draws=64,seed=1,horizon_year=2025"
    computed = json.loads(run(choices, choices, "--json")[1])["headlines"]
    keys = [("central", 2025, 0.5), ("pooled", 2025, 0.05), ("pooled", 2025, 0.95)]
    stated = {key: float(f"{one['new']:.10g}") for key, one in zip(keys, computed, strict=True)}
    folder = edition(tmp_path / "old", "0" * 64, published=stated, horizon_year=2025)
    found = json.loads(run(folder, choices, "--json")[1])

    assert found["code"]["differs"] is True
    assert {one["difference"] for one in found["headlines"]} == {0.0}


def test_the_report_says_and_projects_what_its_tables_give(report, capsys):
    """A published edition and the same parameters worked out anew differ in nothing."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["compare", str(report), "scenario=central", "--json"])
    found = json.loads(capsys.readouterr().out)

    assert ended.value.code == 0
    assert len(found["headlines"]) == 15
    assert {one["difference"] for one in found["headlines"]} == {0.0}
    assert found["sentences"] == found["parameters"] == found["assumptions"] == []
    assert found["code"]["differs"] is False
