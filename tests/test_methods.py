"""docs/methods.md is true: its examples are run, it explains every rule, and it is a page."""

import doctest
import re
from pathlib import Path

import pytest

import statedfigures as sf
from statedfigures.analysis.claims import VERDICTS, VERDICTS_WITH_PUBLISHED
from statedfigures.release.schema import symbols, tables
from statedfigures.site.pages.reference_pages import REFERENCE_PAGES, reference_pages
from statedfigures.site.pages.template import Site

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "methods.md"
TEXT = PAGE.read_text(encoding="utf-8")
# Symbols and qualifiers that the page explains in words, and the words.
EXPLAINED_AS = {
    "rest_of_year": "the rate is an assumption",
    "cutoff": "Part of a year that is meant as part of it becomes a whole year first",
    "growth_years": "for a rise without its base they are an assumption",
    "fraction_words": "a fraction in words",
    "little_change": "little change",
    "little_change_points": "a share in percentage points",
    "likely": "called likely",
    "may_exceed": "may be over n",
    "expected": "expected to be n",
}


def is_explained(name: str) -> bool:
    """Whether the page names a rule, or has the words that stand for it."""
    plain = name.removeprefix("qualifier_")
    words = (f"`{name}`", plain.replace("_", " "), EXPLAINED_AS.get(plain, f"`{name}`"))
    return any(each in TEXT for each in words)


def test_every_example_gives_what_the_page_says():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)

    assert tried > 10
    assert failed == 0


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(list(symbols()), id="symbols"),
        pytest.param(tables()["findings"].columns[2].one_of, id="findings"),
        pytest.param(VERDICTS, id="verdicts"),
        pytest.param(VERDICTS_WITH_PUBLISHED, id="verdicts with published figures"),
    ],
)
def test_every_symbol_kind_and_verdict_is_explained(names):
    assert [name for name in names if not is_explained(name)] == []


def test_the_constants_of_the_first_register_are_in_no_method():
    """Values stand in the register: the page has the form of a rule and no release's number."""
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)

    assert not re.search(r"\d\.\d|\d%", prose)


def test_the_site_has_the_page_with_its_status_and_who_is_responsible():
    release = sf.read_release("weprotect-2014", ROOT / "data")
    parameters = {"scenario": "central", "horizon_year": 2019, "draws": 64, "seed": 1}
    site = Site(release.about, parameters, reference=REFERENCE_PAGES)
    html = reference_pages(release, site, ROOT, [])["methods"]

    for heading in re.findall(r"^## (.+)$", TEXT, flags=re.MULTILINE):
        assert re.search(rf"<h2[^>]*>{re.escape(heading)}</h2>", html), heading
    assert "Not official statistics" in html
    assert release.about.responsible in html
