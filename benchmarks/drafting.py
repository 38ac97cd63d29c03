"""Measure the draft of a release against its finished tables, and print a table.

A figure of the finished tables is right in the draft where the draft has a figure for the
same number of its paragraph with the same value, unit or qualifier. The kind of a
comparison is right where the draft has one of that kind in the same paragraph; no row of the
draft counts twice. Paragraphs go together by their fingerprints.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from statedfigures.release.drafting.draft_tables import draft_tables
from statedfigures.release.reading import Release, read_release
from statedfigures.release.source_text import read_source_text

ROOT = Path(__file__).parents[1]
TARGETS = {"numbers": 100, "value": 95, "unit": 80, "qualifier": 80, "kind": 70}
COLUMNS = {
    "numbers": "numbers found",
    "value": "value",
    "unit": "unit",
    "qualifier": "qualifier",
    "rounded_to": "rounding step",
    "period_kind": "period where the words give it",
    "disposition": "what a number is",
    "kind": "kind of comparison",
}


@dataclass(frozen=True)
class Score:
    """How many rows of the finished tables the draft has right, of how many."""

    right: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down."""
        return 100 * self.right // self.total if self.total else 100

    def __str__(self) -> str:
        """Return percent and counts."""
        return f"{self.percent}% ({self.right} of {self.total})"


def measure(release_id: str, source: Path, data: Path) -> dict[str, Score]:
    """Return what share of a finished release its draft has right.

    Parameters
    ----------
    release_id, data
        The finished tables.
    source
        The text that they were made from.

    Returns
    -------
    dict
        A score for each name of `COLUMNS`.
    """
    finished = read_finished(release_id, data)
    text = read_source_text(source)
    published: date = finished.about.published
    drafted = draft_tables(text.paragraphs, published, finished.about.title)
    shas = {part.locator: part.sha256 for part in text.paragraphs}
    mentions = drafted["mentions"]
    found = {
        (shas[row.locator], row.token, int(row.nth)): (row.disposition, row.refers_to)
        for row in mentions.itertuples()
    }
    known = finished.paragraphs["sha256"]
    wanted = {
        (known[row.locator], row.token, row.nth): (row.disposition, row.refers_to)
        for row in finished.mentions.itertuples()
    }
    draft_figures = drafted["figures"].set_index("id")
    scores: dict[str, Counter[str]] = {name: Counter() for name in COLUMNS}
    scores["numbers"]["total"] = len(wanted)
    scores["numbers"]["right"] = len(wanted.keys() & found.keys())
    scores["disposition"]["total"] = len(wanted)
    scores["disposition"]["right"] = sum(
        found.get(key, ("",))[0] == disposition for key, (disposition, _) in wanted.items()
    )
    for name, figure in finished.figures.iterrows():
        keys = [key for key, mark in wanted.items() if mark == ("figure", name)]
        # A number that is said again is looked for where the figure has its locator.
        keys.sort(key=lambda key: key[0] != known[figure["locator"]])
        rows = [found[key][1] for key in keys if found.get(key, ("",))[0] == "figure"]
        row = draft_figures.loc[rows[0]] if rows else None
        for column in ("value", "unit", "qualifier", "rounded_to", "period_kind"):
            told = row is not None and not str(row[column]).startswith("TO FILL")
            if column == "period_kind" and not told:
                continue  # a period that the words do not give is for a person
            scores[column]["total"] += 1
            scores[column]["right"] += told and _same(row[column], figure[column])
    claims = drafted["claims"]
    offered = Counter((shas[row.locator], row.kind) for row in claims.itertuples())
    for claim in finished.claims.itertuples():
        key = (known[claim.locator], claim.kind)
        scores["kind"]["total"] += 1
        scores["kind"]["right"] += offered[key] > 0
        offered[key] -= 1
    return {name: Score(count["right"], count["total"]) for name, count in scores.items()}


def read_finished(release_id: str, data: Path) -> Release:
    """Read finished tables; those of the tests lie without the method rows."""
    if (data / "method").is_dir():
        return read_release(release_id, data)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        shutil.copytree(data / release_id, home / release_id)
        shutil.copytree(ROOT / "data" / "method", home / "method")
        return read_release(release_id, home)


def _same(drafted: object, finished: object) -> bool:
    if isinstance(finished, float):
        return abs(float(str(drafted)) - finished) < 1e-9
    return drafted == finished


def sources() -> dict[str, tuple[Path, Path]]:
    """Return the texts that are here, by release: the text and the folder of its tables."""
    shared = ROOT.parent / "shared" / "release"
    texts = {
        release: (shared / f"{release}.txt", ROOT / "data")
        for release in ("weprotect-2014", "broadband-2022")
    }
    own = ROOT / "tests" / "releases"
    texts |= {name: (own / f"{name}.txt", own) for name in ("lakeside-2024", "marlow-2023")}
    return {name: pair for name, pair in texts.items() if pair[0].is_file()}


def table(results: dict[str, dict[str, Score]]) -> str:
    """Return the results as a table in Markdown."""
    names = list(results)
    lines = ["| | " + " | ".join(names) + " | target |", "|---" * (len(names) + 2) + "|"]
    for column, title in COLUMNS.items():
        cells = " | ".join(str(results[name][column]) for name in names)
        target = f"{TARGETS[column]}%" if column in TARGETS else "–"
        lines.append(f"| {title} | {cells} | {target} |")
    return "\n".join(lines)


def main() -> None:
    """Measure every text that is here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    results = {name: measure(name, *pair) for name, pair in sources().items()}
    if as_json:
        told = {
            name: {key: asdict(score) for key, score in found.items()}
            for name, found in results.items()
        }
        print(json.dumps(told, indent=2))  # noqa: T201
    else:
        print(table(results))  # noqa: T201


if __name__ == "__main__":
    main()
