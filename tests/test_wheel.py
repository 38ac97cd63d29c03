"""The wheel: what it carries is all that an empty folder needs to become a project."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Build a wheel and unpack it, which is all that an installer does with ours."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", place]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "site")
    return place / "site"


def test_the_wheel_carries_notebooks_method_rows_and_methods(unpacked):
    project = unpacked / "statedfigures" / "project"
    wanted = [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "data" / "method").glob("*.csv")]
    wanted.append(ROOT / "docs" / "methods.md")

    for path in wanted:
        assert (project / path.relative_to(ROOT)).read_bytes() == path.read_bytes()


def test_an_edition_made_with_the_wheel_names_the_same_package(unpacked):
    """The bytes of a report are the same whether it was made in a clone or from the wheel."""
    asked = "from statedfigures.site.publish import manifest; print(manifest.package_fingerprint())"

    of_wheel, of_clone = (
        subprocess.run(
            [sys.executable, "-c", asked],
            env={**os.environ, "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for folder in (unpacked, ROOT / "src")
    )

    assert of_wheel == of_clone


def test_an_editable_install_needs_nothing_beyond_the_lock(tmp_path):
    target = [sys.executable, "-m", "hatchling", "build", "--target", "wheel:editable"]
    subprocess.run([*target, "--directory", tmp_path], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("_statedfigures.pth").decode().strip() == str(ROOT / "src")


def test_an_empty_folder_becomes_a_project_that_checks(unpacked, tmp_path):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "statedfigures", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(unpacked)},
            capture_output=True,
            text=True,
        )

    text = ROOT / "tests" / "releases" / "lakeside-2024.txt"
    drafted = run("new", "lakeside-2024", "--source", str(text))
    checked = run("check")

    assert drafted.returncode == 0, drafted.stderr
    assert "laid out notebooks" in drafted.stdout
    assert (tmp_path / "notebooks" / "2-topic.ipynb").is_file()
    assert checked.returncode == 2
    assert "cells are to be filled in, in this order:" in checked.stderr
