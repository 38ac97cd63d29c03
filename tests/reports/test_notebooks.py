"""The notebooks of a report are found in the order of their numbers."""

import pytest

from statedfigures.errors import InputError, ParameterError
from statedfigures.reports.notebooks import discover_notebooks, find_notebooks_folder, read_notebook
from tests.reports.conftest import SMALL_NOTEBOOKS, write_notebook


def test_pages_are_named_without_number_and_ordered_by_it():
    """1, 2, 10 as numbers; as text 10 would come before 2."""
    notebooks = discover_notebooks(SMALL_NOTEBOOKS)

    assert [notebook.page for notebook in notebooks] == ["figures", "ships", "seals"]
    assert notebooks[1].title == "Ships: where they are heading"


def test_parameters_carry_type_default_and_help():
    declared = discover_notebooks(SMALL_NOTEBOOKS)[0].parameters["horizon_year"]

    assert (declared.type, declared.default, declared.help) == ("int", 2026, "last year projected")


def test_a_folder_without_numbered_notebooks_is_refused(tmp_path):
    (tmp_path / "notes.ipynb").write_text("{}")
    with pytest.raises(InputError, match="holds no numbered notebook; name one such as"):
        discover_notebooks(tmp_path)


def test_two_notebooks_for_one_page_are_refused(tmp_path):
    for name in ("1-ships.ipynb", "2-ships.ipynb"):
        write_notebook(tmp_path / name)
    with pytest.raises(InputError, match="two pages would be called ships"):
        discover_notebooks(tmp_path)


def test_a_page_may_not_take_the_name_of_the_first_page(tmp_path):
    write_notebook(tmp_path / "1-index.ipynb")
    with pytest.raises(InputError, match="two pages would be called index"):
        discover_notebooks(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"cells": []}', '{"cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_named(tmp_path, content):
    (tmp_path / "1-ships.ipynb").write_text(content)
    with pytest.raises(InputError, match=r"1-ships\.ipynb: is not a notebook"):
        discover_notebooks(tmp_path)


def test_a_parameter_that_cannot_be_typed_names_its_notebook(tmp_path):
    write_notebook(tmp_path / "1-ships.ipynb", parameters="today: str = now()  # a call")
    with pytest.raises(ParameterError, match=r"1-ships\.ipynb: parameter today: its default now"):
        read_notebook(tmp_path / "1-ships.ipynb", "ships")


def test_the_folder_is_looked_for_upwards(tmp_path):
    (tmp_path / "notebooks").mkdir()
    write_notebook(tmp_path / "notebooks" / "1-ships.ipynb")
    (tmp_path / "a" / "b").mkdir(parents=True)

    assert find_notebooks_folder(tmp_path / "a" / "b") == tmp_path / "notebooks"
