"""The changelog's new numbers are those of the report as it is.

Run as a program, this file writes them into the table.
"""

import math
import re
from pathlib import Path

import pytest

import statedfigures as sf

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "CHANGELOG.md"
ROW = re.compile(r"^\| (?P<name>[^|]+?) \| (?P<old>[^|]+?) \| (?P<new>[^|]+?) \|", re.MULTILINE)
RELEASE_ALONE = {
    "Supported by the release alone": "supported",
    "Not supported by the release alone": "not supported",
    "Not determinable from the release alone": "not determinable from the release",
}
PUBLISHED = {
    "Consistent with figures published elsewhere": "consistent",
    "Not consistent with figures published elsewhere": "not consistent",
}


def rows():
    """Return the first and third cell of each row of the table of the newest version."""
    newest = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    found = {match["name"]: match["new"] for match in ROW.finditer(newest)}
    return {name: new for name, new in found.items() if name not in ("number", "---")}


def numbers():
    """Return the number of each row as the report has it now."""
    release = sf.read_release("weprotect-2014", ROOT / "data")
    claims = sf.check_claims(release)
    found = {}
    for name, row in sf.headlines(release, horizon_year=2019).iterrows():
        step = row["rounded_to"]
        low, high = math.floor(row["low90"] / step), math.ceil(row["high90"] / step)
        values = (round(row["middle"] / step), low, high)
        middle, low, high = (f"{value * step:,.0f}" for value in values)
        found[release.series.loc[name, "title"]] = f"{middle} ({low} to {high})"
    found["Comparisons checked"] = str(len(claims))
    found |= {name: str((claims["verdict"] == v).sum()) for name, v in RELEASE_ALONE.items()}
    second = claims["verdict_with_published"]
    found |= {name: str((second == verdict).sum()) for name, verdict in PUBLISHED.items()}
    found["Findings told"] = str(len(sf.tell_findings(release)))
    found["Assumptions in the register"] = str(len(release.assumptions))
    return found


def test_the_new_numbers_of_the_table_are_those_of_the_report():
    assert rows() == numbers()


@pytest.mark.parametrize("old", ["24,800", "1,600", "39,500", "119,000", "52,800"])
def test_every_projection_of_the_first_edition_is_told_with_the_one_that_replaces_it(old):
    assert f"| {old} (" in PAGE.read_text(encoding="utf-8")


def rewrite():
    """Write the numbers into the third column."""
    text = PAGE.read_text(encoding="utf-8")
    for name, new in numbers().items():
        row = re.compile(rf"^(\| {re.escape(name)} \| [^|]+ \|) [^|]+ \|", re.MULTILINE)
        text = row.sub(rf"\1 {new} |", text)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    rewrite()
