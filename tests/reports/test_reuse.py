"""A page is run again exactly when something that it rests on has changed."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from statedfigures.reports.notebooks import discover_notebooks
from statedfigures.reports.reachable import modules_of_notebook
from statedfigures.sources.descriptor import TABLES
from statedfigures.sources.release import read_release
from statedfigures.sources.watching import READS_VARIABLE
from tests.conftest import RELEASES
from tests.reports.conftest import SMALL_NOTEBOOKS, run_render, write_notebook
from tests.reports.test_render import files_of

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
READS = {"figures": {"figures"}, "ships": set(), "seals": set()}
"""The tables that each small page shows rows of."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Give a project of its own, rendered once, and a way to render it again."""
    root = tmp_path_factory.mktemp("world")
    shutil.copytree(SMALL_NOTEBOOKS, root / "notebooks")
    shutil.copytree(RELEASES, root / "data")

    def render(*arguments, out="site", cache="cache"):
        finished = run_render(
            root / out,
            "--explain",
            "--data",
            str(root / "data"),
            *arguments,
            notebooks=root / "notebooks",
            environment={"STATEDFIGURES_CACHE": str(root / cache)},
        )
        assert finished.returncode == 0, finished.stderr
        said = [line.partition(": ") for line in finished.stdout.splitlines()]
        return {page: words for page, _, words in said if page in READS}

    render()
    render.root = root
    return render


@pytest.fixture
def changed(world):
    """Append to a file of the project for the time of one test."""
    before = {}

    def change(name, old, new):
        path = world.root / name
        content = before.setdefault(path, path.read_bytes())
        assert old in content
        path.write_bytes(content.replace(old, new, 1))

    yield change
    for path, content in before.items():
        path.write_bytes(content)


def ran(said):
    """Name the pages that were run."""
    return {page for page, words in said.items() if words.startswith("run, ")}


def test_nothing_is_run_twice_and_the_bytes_are_the_same(world):
    said = world(out="again")

    assert ran(said) == set()
    assert files_of(world.root / "again") == files_of(world.root / "site")


def test_a_render_with_nothing_to_do_says_so(world):
    finished = run_render(
        world.root / "site",
        "--data",
        str(world.root / "data"),
        notebooks=world.root / "notebooks",
    )

    assert finished.stdout.startswith("nothing to do, the report is as its inputs make it: ")
    assert finished.stderr == ""


def test_a_published_file_that_was_touched_is_made_again_without_a_kernel(world):
    out = world.root / "touched"
    world(out="touched")
    (out / "ships.html").write_text("spoilt")
    said = world(out="touched")

    assert ran(said) == set()
    assert files_of(out) == files_of(world.root / "site")


def test_without_cache_everything_is_run_and_gives_the_same_bytes(world):
    said = world("--no-cache", out="fresh")

    assert ran(said) == set(READS)
    assert files_of(world.root / "fresh") == files_of(world.root / "site")


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_change_of_one_table_runs_the_pages_that_read_it_and_no_other(world, changed, table):
    """The line ends change, so that the file differs and every value is as before."""
    changed(f"data/small-release/{table}.csv", b"\n", b"\r\n")
    said = world(out="table")

    assert ran(said) == {page for page, tables in READS.items() if table in tables}
    assert all(f"because of a change in {table}.csv" in said[page] for page in ran(said))
    fresh = world("--no-cache", out="table-fresh")
    assert ran(fresh) == set(READS)
    assert files_of(world.root / "table") == files_of(world.root / "table-fresh")


def test_a_change_of_a_notebook_runs_its_page(world, changed):
    changed("notebooks/2-ships.ipynb", b"heading", b"going")
    said = world(out="notebook")

    assert ran(said) == {"ships"}
    assert said["ships"] == "run, because of a change in notebook 2-ships.ipynb"


def test_a_change_of_a_module_beside_runs_the_pages_that_import_it(world, changed):
    importing = {
        notebook.page
        for notebook in discover_notebooks(SMALL_NOTEBOOKS)
        if "small_report" in notebook.path.read_text()
    }
    changed("notebooks/small_report.py", b"One cannot be sure.", b"Nobody can be sure.")
    said = world(out="module")

    assert ran(said) == importing
    assert importing


def test_a_change_of_a_parameter_is_named(world):
    said = world("--scenario", "high", out="high")

    assert "parameter scenario" in said["ships"]
    assert ran(world("--scenario", "high", out="high-again")) == set()


def test_the_cache_may_be_deleted(world):
    shutil.rmtree(world.root / "cache")
    said = world(out="deleted")

    assert said["ships"] == "run, because no earlier run of it is known"
    assert files_of(world.root / "deleted") == files_of(world.root / "site")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("open('left-behind.txt', 'w').close()", "writes "),
        ("import subprocess\nsubprocess.run(['true'], check=True)", "calls subprocess.Popen"),
    ],
)
def test_a_page_that_leaves_something_behind_is_never_kept(tmp_path, code, why):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    write_notebook(notebooks / "1-acts.ipynb", code)
    run_render(tmp_path / "a", notebooks=notebooks, environment=cache_in(tmp_path))
    again = run_render(
        tmp_path / "b", "--explain", notebooks=notebooks, environment=cache_in(tmp_path)
    )

    assert f"acts: run, because it is never kept: its notebook {why}" in again.stdout


def test_a_file_that_a_notebook_opens_counts(tmp_path):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (notebooks / "more.txt").write_text("one")
    os.utime(notebooks / "more.txt", (1, 1))
    write_notebook(notebooks / "1-opens.ipynb", "open('more.txt').read()")
    for expected, content in [("no earlier run", "one"), ("nothing", "one"), ("more.txt", "two")]:
        (notebooks / "more.txt").write_text(content)
        os.utime(notebooks / "more.txt", (1, 1))
        finished = run_render(
            tmp_path / expected.replace(" ", "-"),
            "--explain",
            notebooks=notebooks,
            environment=cache_in(tmp_path),
        )
        assert expected in finished.stdout.splitlines()[0]


def cache_in(folder):
    """Give the setting for a cache in a folder."""
    return {"STATEDFIGURES_CACHE": str(folder / "cache")}


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_code_a_page_rests_on_covers_everything_that_it_imports(notebook):
    """Read from the syntax beforehand; here really imported, in a process of its own."""
    value = json.loads(notebook.read_text())
    code = "\n".join(
        "".join(cell["source"])
        for cell in value["cells"]
        if cell["cell_type"] == "code" and "import" in "".join(cell["source"])
    )
    listed = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {name for name in listed.stdout.split() if name.startswith("statedfigures")}

    assert imported <= set(modules_of_notebook(value, notebook.parent)[0])


class Closed:
    """A table that may not be looked at."""

    def _refuse(self, *_):
        raise LookupError

    __getitem__ = __iter__ = __len__ = __contains__ = __bool__ = __eq__ = _refuse
    __getattr__ = _refuse
    __hash__ = None


def run_cells(notebook: Path, tables) -> None:
    """Run the code of a notebook in this process, with these tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("statedfigures.sources.release.read_release", lambda _: tables)
        patch.setattr("statedfigures.display.notebook.display", lambda _: None)
        space: dict[str, object] = {}
        for cell in json.loads(notebook.read_text())["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), space)  # noqa: S102 - our own notebooks


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_page_reads_the_tables_that_it_notes_and_none_else(notebook, tmp_path, monkeypatch):
    """Each table is closed in turn: a page fails without one that it noted, and only then."""
    data = NOTEBOOKS.parent / "data"
    plain = read_release("weprotect-2014", data=data)
    monkeypatch.setenv(READS_VARIABLE, str(tmp_path / "reads"))
    run_cells(notebook, read_release("weprotect-2014", data=data))
    monkeypatch.delenv(READS_VARIABLE)
    noted = {Path(line).stem for line in (tmp_path / "reads").read_text().splitlines()}
    noted = {"description" if name == "release" else name for name in noted - {"datapackage"}}
    everything = {field.name for field in fields(plain)}

    run_cells(notebook, replace(plain, **dict.fromkeys(everything - noted, Closed())))
    for name in sorted(noted):
        with pytest.raises(LookupError):
            run_cells(notebook, replace(plain, **{name: Closed()}))
