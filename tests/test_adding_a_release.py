"""docs/adding-a-release.md is a promise: what it types makes a release, what it measured holds."""

import csv
import importlib
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import run_program

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "adding-a-release.md"
TEXT = DOC.read_text(encoding="utf-8")
STEPS = re.findall(r"^```(sh|csv)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
RELEASE = "lakeside-2024"


@pytest.fixture
def drafting(monkeypatch):
    """Import the script, which is no part of the package."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module("drafting")


def fill_in(folder, block):
    """Do what a person does: table, ids, column, value."""
    for table, ids, column, value in csv.reader(block.splitlines()):
        if table == "release":
            path = folder / "release.toml"
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(rf'(?m)^{column} = ".*"$', f'{column} = "{value}"', text))
            continue
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        chosen = [row for row in rows if ids == "*" or row["id"] in ids.split()]
        assert chosen, f"{table}: no row {ids}"
        for row in chosen:
            if value == "delete":
                rows.remove(row)
            else:
                row[column] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def test_what_the_page_types_makes_a_release_and_its_pages(tmp_path, monkeypatch):
    monkeypatch.delenv("STATEDFIGURES_DATA", raising=False)
    shutil.copy(ROOT / "tests" / "releases" / f"{RELEASE}.txt", tmp_path)
    told = {}
    for kind, block in STEPS:
        if kind == "csv":
            fill_in(tmp_path / "data" / RELEASE, block)
            continue
        for line in block.splitlines():
            status, *words = run_program(*shlex.split(line)[1:], folder=tmp_path)
            told[line] = (status, "".join(words))

    draft, fill, check, trace, render = told.values()
    assert draft[0] == 0
    assert "left out" in draft[1] or "drafted" in draft[1]
    assert fill[0] == 2
    assert all(": fill in " in line for line in fill[1].splitlines()[1:])
    assert (check[0], trace[0], render[0]) == (0, 0, 0), check[1] + trace[1] + render[1]
    assert all(line.startswith("100%") for line in trace[1].splitlines())
    site = tmp_path / "outputs" / RELEASE / "central"
    assert {"index.html", "punctuality.html"} <= {path.name for path in site.iterdir()}
    assert "TO FILL" not in (tmp_path / "data" / RELEASE / "datapackage.json").read_text("utf-8")
    status, *words = run_program("compare", site, f"data/{RELEASE}", folder=tmp_path)
    assert status == 0, "".join(words)


def test_the_drafting_table_is_what_the_script_measures(drafting):
    measured = {name: drafting.measure(name, *pair) for name, pair in drafting.sources().items()}
    if not {"weprotect-2014", "broadband-2022"} <= measured.keys():
        pytest.skip("the texts of the shipped releases are not here")

    shown = TEXT.partition("<!-- drafting -->\n")[2].partition("<!-- end -->")[0].strip()
    assert shown == drafting.table(measured), f"write into {DOC.name}:\n{drafting.table(measured)}"


def test_drafts_of_the_shipped_releases_reach_their_targets(drafting):
    sources = drafting.sources()
    for name in ("weprotect-2014", "broadband-2022"):
        if name not in sources:
            pytest.skip("the texts of the shipped releases are not here")
        found = drafting.measure(name, *sources[name])
        for column, target in drafting.TARGETS.items():
            assert found[column].percent >= target, (name, column)
