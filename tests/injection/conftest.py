"""A small release with an injection in every free-text cell, rendered."""

import csv
import itertools
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.injection.corpus import CODE, FORMULAS, PAGE
from tests.reports.conftest import RELEASES, SMALL_NOTEBOOKS, write_notebook

PARAMETERS = """\
release: str = "small-release"  # folder under data/
scenario: str = "central"  # low, central or high
horizon_year: int = 2026  # last year projected
remark: str = "none"  # <b>a remark</b>"""
SHOW = """\
from statedfigures.display.records import Answer, Chart, Column, TableView
from statedfigures.display.words import sentence
from statedfigures.sources.release import read_release
import dataclasses
tables = read_release(release)"""
TABLES = """\
def plain(text):  # a number in a cell would have to lead somewhere
    return "".join(one for one in str(text) if not one.isdigit())
def shown(name, records):
    texts = [f.name for f in dataclasses.fields(records[0]) if f.type == "str"]
    return TableView(
        id="all-" + name.replace("_", "-"),
        caption="All of " + name.replace("_", " "),
        columns=tuple(Column(one, one.replace("_", " ")) for one in texts),
        rows=tuple(tuple(plain(getattr(r, one)) for one in texts) for r in records),
    )
def rows(name):
    found = getattr(tables, name)
    return list(found.values()) if hasattr(found, "values") else list(found)"""
REMARK = """\
words = sentence("It was remarked: {remark}", remark=remark)
Answer("remark-answer", (words,))"""
CHART = """\
Chart(
    id="remark-chart",
    title=sentence("Chart of {remark}", remark=remark),
    subtitle=sentence("Below {remark}", remark=remark),
    svg='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img"></svg>',
    alt_text=sentence("Picture of {remark}", remark=remark),
    data=TableView(id="remark-data", caption=remark, columns=(Column("a", remark),),
                   rows=((remark,),)),
)"""


@dataclass(frozen=True)
class Injected:
    """A site made from injected tables, and the texts that were put in."""

    site: Path
    texts: tuple[str, ...]


def inject(folder: Path) -> list[str]:
    """Put an injection into every free-text cell; give all cells made so."""
    corpus = itertools.cycle([*PAGE, *FORMULAS])
    made = []
    resources = json.loads((folder / "datapackage.json").read_text())["resources"]
    for resource in resources:
        free = {
            field["name"]: field.get("constraints", {}).get("maxLength", 1000)
            for field in resource["schema"]["fields"]
            if field["type"] == "string"
            and not {"enum", "pattern"} & set(field.get("constraints", {}))
        }
        path = folder / resource["path"]
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        for row in rows:
            for place, column in enumerate(header):
                if column in free and column not in {"as_stated", "token"}:
                    row[place] = next(one for one in corpus if len(one) <= free[column])
                elif column == "as_stated":  # it must hold the number as well
                    row[place] = f"{row[place]} {next(corpus)}".replace(" /C ", "")
                else:
                    continue
                made.append(row[place])
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
    description = folder / "release.toml"
    lines = []
    for line in description.read_text().splitlines():
        key = line.partition(" = ")[0]
        text = next(corpus) if key in {"title", "short_title", "publisher", "licence"} else None
        lines.append(f"{key} = {json.dumps(text)}" if text else line)
    description.write_text("\n".join(lines) + "\n")
    return made


@pytest.fixture(scope="session")
def injected(tmp_path_factory):
    """Render the injected release once."""
    base = tmp_path_factory.mktemp("injected")
    folder = base / "data" / "small-release"
    shutil.copytree(RELEASES / "small-release", folder)
    texts = inject(folder)
    notebooks = base / "notebooks"
    notebooks.mkdir()
    for module in SMALL_NOTEBOOKS.glob("*.py"):
        shutil.copy(module, notebooks)
    names = [
        name
        for name in ("figures", "claims", "measures", "series", "assumptions", "published")
        if (folder / f"{name}.csv").exists()
    ]
    write_notebook(
        notebooks / "1-tables.ipynb",
        SHOW,
        TABLES,
        'Answer("tables-answer", (sentence("All tables."),))',
        *(f'shown("{name}", rows("{name}"))' for name in names),
        parameters=PARAMETERS,
    )
    remarks = {"page": " ".join(PAGE), "formula": "\n".join(FORMULAS), "code": " ".join(CODE)}
    for number, (name, remark) in enumerate(remarks.items(), start=2):
        write_notebook(
            notebooks / f"{number}-{name}.ipynb",
            SHOW,
            REMARK.replace('"remark-', f'"{name}-'),
            CHART.replace('"remark-', f'"{name}-'),
            parameters=PARAMETERS.replace('"none"', json.dumps(remark, ensure_ascii=False)),
        )
    command = [sys.executable, "-m", "statedfigures", "render", "--no-cache", "--quiet"]
    command += ["--notebooks", str(notebooks), "--data", str(base / "data")]
    finished = subprocess.run(
        [*command, "--out", str(base / "site")], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert not (notebooks / "ran").exists()
    plain = ["".join(one for one in text if not one.isdigit()) for text in texts]
    return Injected(base / "site", tuple(plain))
