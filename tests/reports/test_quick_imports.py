"""Imports are made short or early, and nothing else comes of it."""

import os
import subprocess
import sys

import pytest

from tests.reports.conftest import RELEASES, SMALL_NOTEBOOKS
from tests.reports.test_render import files_of

RENDER = """\
import sys
from statedfigures.cli import main
try:
    main(["render", *sys.argv[1:]])
except SystemExit as end:
    assert not end.code, end
"""


def run(code, *arguments, folder):
    """Run code in a process of its own; give what it printed."""
    environment = os.environ | {"STATEDFIGURES_CACHE": str(folder / "cache")}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.split()


def small_render(folder):
    """Give the arguments that render one page of the small report."""
    places = ["--notebooks", SMALL_NOTEBOOKS, "--data", RELEASES, "--out", folder / "site"]
    return [*places, "--only", "ships", "--no-cache", "--quiet"]


def test_notebook_formats_are_imported_without_the_slow_grammar(tmp_path):
    """And it stays free for whoever needs it later."""
    code = (
        "import sys\n"
        "from statedfigures.reports.quick_imports import import_notebook_formats\n"
        "import_notebook_formats()\n"
        "print('nbformat' in sys.modules, 'rfc3987_syntax' in sys.modules)\n"
        "import rfc3987_syntax\n"
        "print(rfc3987_syntax.__name__)"
    )

    assert run(code, folder=tmp_path) == ["True", "False", "rfc3987_syntax"]


@pytest.mark.parametrize("spoil", ["notebook.cells[0].pop('source')", "notebook.metadata = 4"])
def test_a_notebook_against_the_format_is_refused_all_the_same(tmp_path, spoil):
    code = (
        "from statedfigures.reports.quick_imports import import_notebook_formats\n"
        "import_notebook_formats()\n"
        "import nbformat\n"
        "notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell('# Ships')])\n"
        "nbformat.validate(notebook)\n"
        f"{spoil}\n"
        "try:\n"
        "    nbformat.validate(notebook)\n"
        "except nbformat.ValidationError:\n"
        "    print('refused')"
    )

    assert run(code, folder=tmp_path) == ["refused"]


def test_what_is_imported_already_is_left_alone(tmp_path):
    code = (
        "import sys, jsonschema, rfc3987_syntax\n"
        "from statedfigures.reports.quick_imports import import_notebook_formats\n"
        "import_notebook_formats()\n"
        "print(sys.modules['rfc3987_syntax'] is rfc3987_syntax)"
    )

    assert run(code, folder=tmp_path) == ["True"]


def test_a_page_is_the_same_with_the_grammar_and_without(tmp_path):
    """Imported before, the grammar cannot be left out."""
    quick, slow = tmp_path / "quick", tmp_path / "slow"
    for folder, before in ((quick, ""), (slow, "import jsonschema, rfc3987_syntax\n")):
        folder.mkdir()
        told = "print('rfc3987_syntax' in sys.modules)"
        had = run(before + RENDER + told, *small_render(folder), folder=folder)
        assert had == [str(bool(before))]

    assert files_of(quick / "site") == files_of(slow / "site")


def test_what_is_imported_ahead_is_used_later(tmp_path):
    """A name that nothing imports by itself would be time lost, or a page that changed."""
    code = (
        "from statedfigures.reports import quick_imports, working\n"
        "working.import_ahead = lambda: None\n"
        f"{RENDER}"
        "print(*(name for name in quick_imports._USED_LATER if name not in sys.modules))"
    )

    assert run(code, *small_render(tmp_path), folder=tmp_path) == []
