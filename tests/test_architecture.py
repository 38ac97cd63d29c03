"""The house: which stage imports which, how large it may be, what no file may say."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "statedfigures"
STAGES = ("errors", "release", "analysis", "display", "site", "cli", "__main__")
MODULES = sorted(PACKAGE.rglob("*.py"))
# What it has come to; a change that needs more first makes something else smaller.
MOST_LINES, MOST_FILES, MOST_IN_A_FOLDER = 11_450, 69, 14
FIRST_RELEASE = ROOT / "data" / "weprotect-2014"
# Subjects, bodies and units of the first release, which no code may know.
SUBJECTS = re.compile(
    r"\b(tor|iwf|ceop|nca|magistrates|paedophil\w*|hotlines?|arrests?|abuse|onion"
    r"|weprotect|offences?|web_addresses|safeguard\w*)\b",
    re.IGNORECASE,
)


def stage_of(module: Path) -> str:
    """Return the stage of a module from its path."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(source: str) -> set[str]:
    """Return the dotted names within the package that a module's source imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name for name in names if name.startswith("statedfigures.")}


def later_stages(stage: str, source: str) -> set[str]:
    """Return the stages imported that come after the module's own."""
    stages = {name.split(".")[1] for name in imported_modules(source)}
    return (stages & set(STAGES)) - set(STAGES[: STAGES.index(stage) + 1])


def code_lines(source: str) -> int:
    """Count the lines that are neither blank, comment nor docstring."""
    tree, documented = ast.parse(source), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            documented |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and number not in documented
        for number, line in enumerate(source.splitlines(), start=1)
    )


def test_a_module_imports_from_its_own_stage_or_earlier_ones():
    against = {
        str(module.relative_to(PACKAGE)): later
        for module in MODULES
        if module != PACKAGE / "__init__.py"
        and (later := later_stages(stage_of(module), module.read_text(encoding="utf-8")))
    }

    assert against == {}


def test_an_import_against_the_flow_is_noticed():
    assert later_stages("analysis", "from statedfigures.display import words") == {"display"}
    assert later_stages("release", "import statedfigures.site.run.grid") == {"site"}


def test_no_modules_import_each_other_in_a_circle():
    """Kahn's method: take away what imports nothing that is left, until nothing is."""
    names = {
        ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts): module
        for module in MODULES
        if module.name != "__init__.py"
    }
    left = {
        name: imported_modules(module.read_text(encoding="utf-8")) & (set(names) - {name})
        for name, module in names.items()
    }
    while free := [name for name, needs in left.items() if not needs & set(left)]:
        for name in free:
            del left[name]

    assert left == {}


def test_the_house_stays_small():
    total = sum(code_lines(module.read_text(encoding="utf-8")) for module in MODULES)
    folders = {folder: len(list(folder.glob("*.py"))) for folder in {m.parent for m in MODULES}}

    assert total <= MOST_LINES
    assert len(MODULES) <= MOST_FILES
    assert max(folders.values()) <= MOST_IN_A_FOLDER


def test_a_line_of_code_is_told_from_words_about_it():
    source = (
        '"""What it is."""\n\nx = 1  # why\n# because\ndef f():\n    """Return."""\n    return x\n'
    )

    assert code_lines(source) == 3


def test_no_file_name_stands_twice():
    names = [module.name for module in MODULES if module.name != "__init__.py"]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("stage", ["analysis", "display"])
def test_analysis_and_display_touch_no_file(stage):
    forbidden = {"open", "pathlib", "os", "shutil", "tempfile", "subprocess", "socket"}
    touching = {}
    for module in (PACKAGE / stage).rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        used = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                used.add((node.module or "").split(".")[0])
        if used & forbidden:
            touching[module.name] = used & forbidden

    assert touching == {}


def test_code_notebooks_and_templates_know_no_release():
    """Whatever is particular to a release stands in its tables."""
    files = [
        *(path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html", ".js", ".css"}),
        *(ROOT / "notebooks").glob("*.ipynb"),
        ROOT / "Makefile",
    ]
    knowing = {
        f"{path.relative_to(ROOT)}:{number}": line.strip()
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if SUBJECTS.search(line)
    }

    assert knowing == {}


def test_a_subject_of_the_first_release_is_noticed():
    assert SUBJECTS.search("if topic == 'tor':")
    assert not SUBJECTS.search("the history of the factor")
