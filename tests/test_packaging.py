"""One set of pins: the lock, the conda environment and the installed packages agree."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import statedfigures

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)(?: ; (.+))?$")


def lock_pins() -> set[tuple[str, str, str]]:
    """Read name, version and marker of every line of the lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = [line.removesuffix("\\").strip() for line in text.splitlines()]
    return {match.groups(default="") for line in lines if (match := PIN.match(line))}


def environment_pins() -> set[tuple[str, str, str]]:
    """Read the same of the pip part of the conda environment."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (pip_part,) = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]
    return {PIN.match(line).groups(default="") for line in pip_part if line != "-e ."}


def test_the_conda_environment_carries_the_pins_of_the_lock():
    assert environment_pins() == lock_pins()


def test_every_requirement_of_the_project_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    stated = [*project["dependencies"], *(one for extra in extras for one in extra)]
    names = {re.split(r"[<>=]", one)[0].replace("_", "-") for one in stated}

    assert names - {name for name, _, _ in lock_pins()} == {"statedfigures[dask]"}


def test_the_four_packages_that_users_asked_for_are_required():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert {"jupyter", "pandas", "matplotlib", "papermill"} <= set(project["dependencies"])


def test_every_pin_of_the_lock_has_a_hash():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())

    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", ["CITATION.cff", "CHANGELOG.md"])
def test_the_version_is_the_same_everywhere(name):
    assert statedfigures.__version__ in (ROOT / name).read_text(encoding="utf-8")


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
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = [*project["dependencies"], *project["optional-dependencies"]["dask"]]
    required = {re.split(r"[<>=]", one)[0].replace("-", "_").lower() for one in stated}
    provided = required | {"statedfigures", "bs4"} | set(sys.stdlib_module_names)

    assert {name.lower() for name in imported} - provided == set()
