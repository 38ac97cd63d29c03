"""The house: which stage may import which, how long a module may be, what no file may say."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "statedfigures"
STAGES = ("errors", "sources", "analysis", "display", "reports", "cli")
FILE_TOUCHING_STAGES = {"sources", "reports", "cli"}
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE = 280


def stage_of(module: Path) -> str:
    """Name the stage of a module from its path."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_stages(source: str) -> set[str]:
    """Name the stages that a module's source imports from."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "statedfigures" and len(part) > 1}


def later_stages(stage: str, source: str) -> set[str]:
    """Name the stages imported that come after the module's own."""
    allowed = set(STAGES[: STAGES.index(stage) + 1]) | {"__version__"}
    return imported_stages(source) - allowed


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_from_its_own_stage_or_earlier_ones(module):
    if module.name in {"__init__.py", "__main__.py"} and module.parent == PACKAGE:
        pytest.skip("the package's own entry points stand outside the stages")

    assert later_stages(stage_of(module), module.read_text(encoding="utf-8")) == set()


def test_an_import_against_the_flow_is_noticed():
    assert later_stages("analysis", "from statedfigures.display import words") == {"display"}
    assert later_stages("sources", "import statedfigures.reports.site") == {"reports"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_short_enough_to_read(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize(
    "module",
    [module for module in MODULES if stage_of(module) in {"analysis", "display"}],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_analysis_and_display_touch_no_file(module):
    """Pure stages import nothing that reads or writes, and do not call open."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    imports = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    calls = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert imports & {"os", "pathlib", "shutil", "tempfile", "subprocess", "requests"} == set()
    assert "open" not in calls


def tracked_text_files():
    """Give the path and text of every file in the repository that is text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path != Path(__file__):
            try:
                yield name, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_no_file_names_a_registry_or_a_path_of_a_machine():
    """A lock with download addresses or a developer's folder would tie the project to a machine."""
    unwanted = re.compile(
        r"https?://[^\s\"]+(?:/simple/?|/packages/[0-9a-f]{2}/|/-/[^\s\"]+\.tgz|/pool/main/)"
        r"|(?<![\w.])/(?:work|root|home/\w+)/"
    )

    found = {name: hit[0] for name, text in tracked_text_files() if (hit := unwanted.search(text))}

    assert found == {}
