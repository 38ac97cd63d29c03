"""A challenged or rejected assumption is shown as such wherever an edition uses it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHALLENGED = "Change of growth in image offences after 2014 (challenged)"
REJECTED = "Share of growth left after each year in the damped form (rejected)"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Render two pages of a release of which two assumptions are disputed."""
    folder = tmp_path_factory.mktemp("disputed")
    shutil.copytree(ROOT / "data", folder / "data")
    release = ("--release", "weprotect-2014", "--data", str(folder / "data"))
    for name, decision in (("image_growth_change", "challenge"), ("damping", "reject")):
        run("review", "sign", name, "--by", "reviewer", "--decision", decision,
            "--comment", "Not yet.", *release)  # fmt: skip
    only = ("--only", "offences", "--only", "assumptions", "-p", "draws", "256")
    run("render", *release, *only, "--out", str(folder / "site"))
    return folder / "site"


def run(*arguments):
    """Run a command of the project, which must succeed."""
    command = [sys.executable, "-m", "statedfigures", *arguments]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


@pytest.fixture(scope="module")
def offences(site):
    """Read the page about offences."""
    return (site / "offences.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def register(site):
    """Read the page of the register."""
    return (site / "assumptions.html").read_text(encoding="utf-8")


def parts(html, pattern):
    """Give every part of a page that a pattern finds; there is one at least."""
    found = re.findall(pattern, html, flags=re.DOTALL)
    assert found
    return found


def test_the_page_begins_with_a_notice_of_what_is_disputed(offences):
    assert offences.index("are challenged" if "are challenged" in offences else "is challenged") < (
        offences.index("<svg")
    )
    assert "(“Not yet”)" in offences


def test_the_pictures_write_it_beside_the_name(offences):
    (tornado,) = parts(offences, r'<figure[^>]*id="tornado-image_offences".*?</figure>')
    (svg,) = parts(tornado, r"<svg.*?</svg>")
    drawn = " ".join(parts(svg, r"<text[^>]*>([^<]*)</text>"))

    assert CHALLENGED in drawn
    assert "(rejected)" in drawn


@pytest.mark.parametrize("table", ["ask-next-image_offences", "assumptions-used-offences"])
def test_the_tables_write_it_beside_the_name_alone(offences, table):
    (shown,) = parts(offences, rf'<table id="{table}".*?</table>')

    assert f">{CHALLENGED}</a>" in shown
    assert shown.count("(challenged)") == shown.count(CHALLENGED)


def test_every_working_says_it_beside_the_id(offences):
    for working in parts(offences, r'<details class="workings">.*?</details>'):
        named = re.findall(r">damping</a>( <strong[^>]*>\(rejected\)</strong>)?", working)
        assert all(named)
    assert '>damping</a> <strong class="disputed">(rejected)</strong>' in offences


def test_the_sliders_and_the_panel_say_it(offences):
    (slider,) = parts(offences, r'<li data-from="assumption:damping".*?</li>')
    (held,) = parts(offences, r'id="provenance">(.*?)</script>')

    assert slider.count(REJECTED) == 2  # its label, and the button that puts it back
    assert json.loads(held)["rows"]["assumption:damping"][0] == REJECTED


def test_the_register_says_it_in_the_name_and_in_no_other_cell(register):
    (row,) = parts(register, r'<tr id="assumption-damping">.*?</tr>')

    assert f">{REJECTED}</a></th>" in row
    assert row.count("(rejected)") == 1
    assert "rejected by reviewer on" in row


def test_what_nobody_disputed_is_not_marked(offences, register):
    (row,) = parts(register, r'<tr id="assumption-growth_persistence">.*?</tr>')

    assert "(challenged)" not in row
    assert "(rejected)" not in row
    assert "growth_persistence</a> <strong" not in offences
