"""One set of pins: the locks, the conda environment and the project agree; one version."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import statedfigures

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {
    name: (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    for name in ("report", "lab", "test")
}
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)(?: ; (.+))?$")
# Modules whose packages have another name.
MODULES = {"bs4": "beautifulsoup4", "IPython": "ipython"}


def pins(lines: list[str]) -> set[tuple[str, str, str]]:
    """Return name, version and marker of every line with a pin."""
    stripped = [line.strip().removesuffix("\\").strip() for line in lines]
    return {match.groups(default="") for line in stripped if (match := PIN.match(line))}


def names_of(*requirements: list[str]) -> set[str]:
    """Return the names of requirements, without versions and extras of our own."""
    names = {
        re.split(r"[<>=]", text)[0].replace("_", "-") for group in requirements for text in group
    }
    return {name for name in names if not name.startswith("statedfigures[")}


@pytest.mark.parametrize(("smaller", "larger"), [("report", "lab"), ("lab", "test")])
def test_a_smaller_lock_holds_nothing_that_the_larger_does_not(smaller, larger):
    """Only the conditions under which a pin counts may be wider."""
    versions = [{pin[:2] for pin in pins(LOCKS[name].splitlines())} for name in (smaller, larger)]

    assert versions[0] - versions[1] == set()


def test_the_conda_environment_carries_the_pins_of_the_lab():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (pip_part,) = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]

    assert pip_part[0] == "-e ."
    assert pins(pip_part) == pins(LOCKS["lab"].splitlines())


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash(name):
    entries = re.split(r"\n(?=[A-Za-z0-9])", LOCKS[name].strip())

    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_requirement_is_locked_where_it_is_needed():
    extras = PROJECT["optional-dependencies"]
    needed = {
        "report": names_of(PROJECT["dependencies"], extras["build"]),
        "lab": names_of(extras["lab"]),
        "test": names_of(extras["dask"], extras["dev"]),
    }
    missing = {
        lock: names - {name for name, _, _ in pins(LOCKS[lock].splitlines())}
        for lock, names in needed.items()
    }

    assert missing == {"report": set(), "lab": set(), "test": set()}


def test_the_four_packages_of_the_users_are_there():
    """Jupyter comes with the notebooks' lock; a report needs the other three."""
    locked = {name for name, _, _ in pins(LOCKS["lab"].splitlines())}

    assert {"pandas", "matplotlib", "papermill"} <= names_of(PROJECT["dependencies"])
    assert {"jupyter", "pandas", "matplotlib", "papermill"} <= locked


def test_what_a_report_needs_is_far_less_than_what_tests_need():
    """Neither JupyterLab nor Dask nor a browser is installed for a report."""
    locked = {name for name, _, _ in pins(LOCKS["report"].splitlines())}

    assert locked & {"jupyter", "jupyterlab", "distributed", "playwright", "pytest"} == set()


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = re.findall(
        r"^## (\S+) \((\S+)\)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )

    assert citation["version"] == statedfigures.__version__ == changes[0][0]
    assert str(citation["date-released"]) == changes[0][1]


def test_every_package_that_the_code_imports_is_required():
    """What comes with another package today may not come tomorrow."""
    imported = {
        name.split(".")[0]
        for module in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom) and node.module
            else []
        )
    }
    required = names_of(PROJECT["dependencies"], PROJECT["optional-dependencies"]["dask"])
    ours = {*sys.stdlib_module_names, "statedfigures"}

    assert {
        name
        for name in imported - ours
        if MODULES.get(name, name).replace("_", "-") not in required
    } == set()


def test_no_file_names_the_host_of_a_package_index():
    """Users have their own; a lock is for all of them."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a checkout")
    hosts = re.compile(r"(pypi|pythonhosted|anaconda)\.(org|com)|index-url|/simple/")
    naming = [
        name
        for name in listed.stdout.splitlines()
        if name not in ("Makefile", "tests/test_packaging.py")
        and (ROOT / name).is_file()
        and (ROOT / name).suffix not in {".png", ".csv"}
        and hosts.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]

    assert naming == []
    assert "--no-emit-index-url" in (ROOT / "Makefile").read_text(encoding="utf-8")
