"""How an edition is cited."""

import json
import re
from dataclasses import replace

import pytest
import yaml

from statedfigures.reports.citation import bibtex_bytes, cff_bytes, citation_words
from statedfigures.sources.release import read_release

PARAMETERS = {"scenario": "low", "horizon_year": 2019}


@pytest.fixture(scope="module")
def release():
    """Read what the release says of itself."""
    return read_release("weprotect-2014").description


def test_the_words_name_author_year_title_edition_scenario_and_release(release):
    words = citation_words(release, PARAMETERS)

    assert words.startswith("The Stated Figures authors (2026). #WeProtect announcement 2014")
    assert "edition of 2026-11-22, low scenario [data set]" in words
    assert release.title in words
    assert words.endswith(release.address)


def test_a_bibtex_entry_has_balanced_braces_and_no_bare_special_character(release):
    hostile = replace(release, short_title="50% of $1 & a_b #c {d} \\input{x} ~ ^")
    entry = bibtex_bytes(hostile, PARAMETERS).decode()
    bare = re.sub(r"\\text[a-z]+\{\}|\\[#$%&_{}]", "", entry)

    assert entry.startswith("@misc{statedfigures-weprotect-2014-2026,\n")
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"[#$%&~^\\]", bare)
    # An underscore is left in no field; the key and the names of fields have none.
    assert "_" not in bare


def test_the_citation_file_is_yaml_with_the_fields_of_the_format(release):
    hostile = replace(release, title='"quoted": yes\n- no')
    read = yaml.safe_load(cff_bytes(hostile, PARAMETERS))

    assert read["cff-version"] == "1.2.0"
    assert read["type"] == "dataset"
    assert read["authors"] == [{"name": "The Stated Figures authors"}]
    assert read["date-released"].isoformat() == "2026-11-22"
    assert read["references"][0]["title"] == hostile.title
    assert json.dumps(read["message"])
