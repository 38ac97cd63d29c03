"""The parameters of a notebook are read as papermill reads them, or better where that is said."""

import ast
import json
from pathlib import Path

import papermill
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papermill.translators import PythonTranslator

from statedfigures.errors import ParameterError
from statedfigures.reports.notebooks import discover_notebooks, read_notebook
from tests.reports.conftest import SMALL_NOTEBOOKS

SHIPPED = Path(__file__).parents[2] / "notebooks"
ALL = [*discover_notebooks(SHIPPED), *discover_notebooks(SMALL_NOTEBOOKS)]


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Give what reads the parameters of a cell, as name, type, default and help."""
    path = tmp_path_factory.mktemp("cells") / "1-page.ipynb"

    def declared(source):
        title = {"cell_type": "markdown", "metadata": {}, "source": "# A page"}
        tagged = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}
        path.write_text(json.dumps({"cells": [title, tagged]}), encoding="utf-8")
        found = read_notebook(path, "page").parameters.values()
        return [(one.name, one.type, one.default, one.help) for one in found]

    return declared


def by_papermill(source):
    """Give what papermill finds in a cell; a default as a value, as our reader gives it."""
    return [
        (one.name, one.inferred_type_name, ast.literal_eval(one.default), one.help)
        for one in PythonTranslator.inspect({"source": source})
    ]


@pytest.mark.parametrize("notebook", ALL, ids=lambda one: one.path.stem)
def test_a_notebook_declares_what_papermill_finds_in_it(notebook):
    theirs = papermill.inspect_notebook(notebook.path)

    assert list(notebook.parameters) == list(theirs)
    assert theirs
    for name, one in notebook.parameters.items():
        assert one.type == theirs[name]["inferred_type_name"]
        assert one.default == ast.literal_eval(theirs[name]["default"])
        assert one.help == theirs[name]["help"]


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True).map(lambda name: f"p_{name}")
# Without the signs that papermill takes for the end of a default or for another parameter.
WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="#=")
    | st.just(" "),
    max_size=20,
).map(lambda words: " ".join(words.split()))
DEFAULTS = (
    st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | WORDS
)
BETWEEN = st.lists(st.sampled_from(["", "# A remark on what follows"]), max_size=2)


@st.composite
def cells(draw):
    """Draw a cell of declarations, with remarks and empty lines between them."""
    lines = []
    for name in draw(st.lists(NAMES, max_size=5, unique=True)):
        default, remark = draw(DEFAULTS), draw(WORDS.filter(lambda one: "type:" not in one))
        lines += draw(BETWEEN)
        declared = f"{name}: {type(default).__name__} = {default!r}"
        lines.append(f"{declared}  # {remark}" if remark else declared)
    return "\n".join(lines)


@given(cells())
@settings(deadline=None)
def test_a_plain_cell_is_read_as_papermill_reads_it(read, source):
    assert read(source) == by_papermill(source)


@pytest.mark.parametrize(
    ("source", "ours", "theirs"),
    [
        # Papermill ends a default at the first number sign, and passes over a
        # line with a second equals sign. Both may stand in a text.
        ('name: str = "a # b"  # help', ("name", "str", "a # b", "help"), SyntaxError),
        ('name: str = "a=b"', ("name", "str", "a=b", ""), None),
        ("name: int = 1  # as in n = 1", ("name", "int", 1, "as in n = 1"), None),
        # Two on a line are two.
        ("name: int = 1; other = 2", ("name", "int", 1, ""), None),
        # A type that is not declared is that of the default; papermill gives none.
        ("name = 1.5", ("name", "float", 1.5, ""), ("name", "None", 1.5, "")),
        # A whole number where a fraction is declared is a fraction.
        ("name: float = 1", ("name", "float", 1.0, ""), ("name", "float", 1, "")),
        # A remark is a remark, whatever it begins with.
        ("name = 1  # type: int", ("name", "int", 1, "type: int"), ("name", "int", 1, "")),
    ],
)
def test_where_papermill_guesses_the_syntax_is_read(read, source, ours, theirs):
    if theirs is SyntaxError:
        with pytest.raises(SyntaxError):
            by_papermill(source)
    else:
        assert by_papermill(source) == ([theirs] if theirs else [])
    assert read(source)[0] == ours


@pytest.mark.parametrize("source", ["name: list = [1]", "name: int = 1.5", 'name: "int" = 1'])
def test_what_papermill_would_take_unchecked_is_refused(read, source):
    assert by_papermill(source)
    with pytest.raises(ParameterError, match=r"1-page\.ipynb: parameter name: its default"):
        read(source)


def test_a_cell_that_is_not_python_is_refused(read):
    with pytest.raises(ParameterError, match="the cell tagged parameters is not Python; mend it"):
        read("name: int = = 1")
