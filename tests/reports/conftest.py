"""The small release and the small notebooks, and one edition rendered from them."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from statedfigures import cli

TESTS = Path(__file__).parents[1]
SMALL_NOTEBOOKS = TESTS / "notebooks-small"
RELEASES = TESTS / "releases"
PARAMETERS = """\
release: str = "small-release"  # folder under data/
scenario: str = "central"  # low, central or high
horizon_year: int = 2026  # last year projected"""


def render_arguments(out: Path, *arguments: str, notebooks: Path = SMALL_NOTEBOOKS) -> list[str]:
    """Give the command that renders the small report."""
    folders = ["--notebooks", str(notebooks), "--data", str(RELEASES), "--out", str(out)]
    return [sys.executable, "-m", "statedfigures", "render", *folders, *arguments]


def run_render(
    out: Path, *arguments: str, notebooks: Path = SMALL_NOTEBOOKS, **keywords
) -> subprocess.CompletedProcess[str]:
    """Render the small report in a process of its own, with a cache of its own."""
    cache = {"STATEDFIGURES_CACHE": str(out.parent / f"{out.name}-cache")}
    environment = os.environ | cache | keywords.pop("environment", {})
    return subprocess.run(
        render_arguments(out, *arguments, notebooks=notebooks),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=environment,
        **keywords,
    )


def write_notebook(path: Path, *code: str, parameters: str = PARAMETERS) -> None:
    """Write a notebook with a title, a parameters cell and further code cells."""
    cells = [
        nbformat.v4.new_markdown_cell("# A page for a test"),
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(source) for source in code),
    ]
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


@pytest.fixture(scope="session")
def edition(tmp_path_factory):
    """Render the small report once; give the published folder."""
    out = tmp_path_factory.mktemp("edition") / "site"
    finished = run_render(out)
    assert finished.returncode == 0, finished.stderr
    return out


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """Render the whole report once, for all processes that run tests; give its folder."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    out = shared / "report" / "site"
    with (shared / "report.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not out.exists():
            command = [sys.executable, "-m", "statedfigures", "render", "--out", str(out)]
            finished = subprocess.run(
                command, cwd=TESTS.parent, capture_output=True, text=True, check=False
            )
            assert finished.returncode == 0, finished.stderr
            (shared / "report" / "said").write_text(finished.stdout)
    return out


@pytest.fixture
def small_notebooks(tmp_path):
    """Copy the small notebooks, so that a test may change them."""
    return Path(shutil.copytree(SMALL_NOTEBOOKS, tmp_path / "notebooks"))


@pytest.fixture
def review(capsys, small_release, monkeypatch):
    """Run ``review`` on a copy of the small release; give status, output and errors."""
    # The width of the terminal that the tests run in is none of theirs.
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments):
        options = ("--release", "small-release", "--data", str(small_release.data))
        with pytest.raises(SystemExit) as ended:
            cli.main(["review", *options, *map(str, arguments)])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call
