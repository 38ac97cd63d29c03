"""The notebooks tell the story and hold no logic: rules read from their syntax trees."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BY_NAME = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

# One call with plain names: no arithmetic, comparison, loop, branch, index or literal.
ALLOWED = (
    ast.Module,
    ast.Expr,
    ast.Assign,
    ast.Call,
    ast.keyword,
    ast.Name,
    ast.Attribute,
    ast.Load,
    ast.Store,
    ast.Import,
    ast.ImportFrom,
    ast.alias,
)


def cells(path: Path, kind: str):
    """Give the cells of one kind."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def is_parameters(cell) -> bool:
    """Say whether papermill may override the cell."""
    return "parameters" in cell.metadata.get("tags", [])


def broken_rules(source: str) -> list[str]:
    """Name what a code cell holds that belongs in a tested function."""
    tree = ast.parse(source)
    broken = [type(node).__name__ for node in ast.walk(tree) if not isinstance(node, ALLOWED)]
    imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body)
    calls = sum(isinstance(node, ast.Call) for node in ast.walk(tree))
    if imports and calls:
        broken.append("a call beside imports")
    if not imports and len(tree.body) != 1:
        broken.append("more than one statement")
    if calls > 1:
        broken.append("more than one call")
    return broken


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("total = first + second", "BinOp"),
        ("for row in rows: show(row)", "For"),
        ("show(rows, limit=10)", "Constant"),
        ("show('offences')", "Constant"),
        ("show(rows[last])", "Subscript"),
        ("show(study)\nshow(tables)", "more than one statement"),
        ("show(read(release))", "more than one call"),
        ("[show(row) for row in rows]", "ListComp"),
        ("f'{total}'", "JoinedStr"),
        ("show(rows) if rows else None", "IfExp"),
    ],
)
def test_logic_in_a_cell_is_noticed(source, rule):
    assert rule in broken_rules(source)


def test_there_is_a_notebook_for_each_question():
    assert [path.stem.partition("-")[2] for path in NOTEBOOKS] == [
        "figures",
        "offences",
        "tor",
        "iwf",
        "protection",
        "measures",
        "assumptions",
        "outturn",
    ]


@BY_NAME
def test_a_cell_makes_one_call_and_holds_no_logic(path):
    broken = {
        cell.source: rules
        for cell in cells(path, "code")
        if not is_parameters(cell) and (rules := broken_rules(cell.source))
    }

    assert broken == {}


@BY_NAME
def test_no_digit_is_typed_into_prose(path):
    typed = [cell.source for cell in cells(path, "markdown") if re.search(r"\d", cell.source)]

    assert typed == []


@BY_NAME
def test_the_title_comes_first_and_the_answer_is_the_first_thing_shown(path):
    first = nbformat.read(path, as_version=4).cells[0]
    shown = [
        cell.source
        for cell in cells(path, "code")
        if isinstance(ast.parse(cell.source).body[-1], ast.Expr)
    ]

    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert shown[0].startswith("answer")


@BY_NAME
def test_every_parameter_is_typed_and_explained(path):
    parameters = papermill.inspect_notebook(str(path))

    assert {"release", "scenario", "horizon_year"} <= set(parameters)
    assert [
        name
        for name, parameter in parameters.items()
        if parameter["inferred_type_name"] == "None" or not parameter["help"]
    ] == []


@BY_NAME
def test_a_notebook_ends_with_its_assumptions_its_limits_and_its_sources(path):
    headings = [
        line
        for cell in cells(path, "markdown")
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]

    assert headings[-2:] == ["## What this is not", "## Sources"]


@BY_NAME
def test_a_notebook_names_no_special_kernel(path):
    assert nbformat.read(path, as_version=4).metadata["kernelspec"]["name"] == "python3"


@BY_NAME
def test_plain_papermill_and_plain_nbconvert_run_it(path, tmp_path):
    """Two ordinary commands, no code of ours around them."""
    executed = tmp_path / path.name
    for command in (
        ["papermill", str(path), str(executed), "-p", "scenario", "high", "--no-progress-bar"],
        ["nbconvert", "--to", "html", "--no-input", str(executed)],
    ):
        run = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr

    assert "<h1" in executed.with_suffix(".html").read_text(encoding="utf-8")
