"""An executed notebook in a form that is the same every time."""

import copy

import nbformat

from statedfigures.display.records import MIME_TYPE
from statedfigures.reports.scrub import as_shown, scrub_notebook


def executed(seconds, address, identity):
    """Give a notebook as papermill leaves it after a run of its own."""
    stream = nbformat.v4.new_output("stream", name="stderr", text=f"took {seconds} s")
    shown = nbformat.v4.new_output(
        "execute_result",
        {"text/plain": f"<Thing at {address}>", "text/html": "<b>thing</b>"},
        execution_count=2,
    )
    times = {"papermill": {"duration": seconds, "start_time": seconds}, "tags": ["parameters"]}
    cells = [
        nbformat.v4.new_markdown_cell("# Title", id=identity),
        nbformat.v4.new_code_cell("a = 1", id=identity + "1", metadata=times),
        nbformat.v4.new_code_cell(
            "# Parameters\na = 2", id=identity + "2", metadata={"tags": ["injected-parameters"]}
        ),
        nbformat.v4.new_code_cell(
            "thing",
            id=identity + "3",
            outputs=[stream, shown],
            metadata={"execution": {"iopub.execute_input": str(seconds)}},
        ),
    ]
    about = {
        "papermill": {"input_path": f"/somewhere/{identity}", "duration": seconds},
        "language_info": {"name": "python", "version": f"3.{seconds}"},
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=about)


def test_two_runs_of_one_notebook_become_the_same():
    one, _ = scrub_notebook(executed(1, "0x7f01", "aaaa"), "page")
    other, _ = scrub_notebook(executed(2, "0x55e2", "bbbb"), "page")

    assert nbformat.writes(one) == nbformat.writes(other)


def test_what_the_author_wrote_and_what_was_shown_is_kept():
    notebook, _ = scrub_notebook(executed(1, "0x7f01", "aaaa"), "page")

    assert [cell.source for cell in notebook.cells] == [
        "# Title",
        "a = 1",
        "# Parameters\na = 2",
        "thing",
    ]
    assert notebook.cells[1].metadata == {"tags": ["parameters"]}
    assert notebook.cells[3].outputs[0].data == {
        "text/plain": "<Thing>",
        "text/html": "<b>thing</b>",
    }
    nbformat.validate(notebook)


def test_the_notebook_given_is_left_as_it_was():
    given = executed(1, "0x7f01", "aaaa")
    before = copy.deepcopy(given)
    scrub_notebook(given, "page")

    assert given == before


def test_messages_to_standard_error_go_to_the_log_and_not_to_the_reader():
    notebook, messages = scrub_notebook(executed(1, "0x7f01", "aaaa"), "page")

    assert messages == "took 1 s"
    assert "took" not in nbformat.writes(notebook)


def test_a_page_does_not_show_the_cell_that_papermill_added():
    notebook, _ = scrub_notebook(executed(1, "0x7f01", "aaaa"), "page")

    assert [cell.source for cell in as_shown(notebook).cells] == [
        "# Title",
        "a = 1",
        "thing",
    ]
    assert notebook.cells[2].id == "injected-parameters"


def test_a_page_is_made_without_the_values_and_the_notebook_keeps_them():
    data = {"text/html": "<b>one</b>", MIME_TYPE: {"rows": [1.0]}}
    given = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("one", outputs=[nbformat.v4.new_output("display_data", data)])
        ]
    )
    shown = as_shown(given)

    assert shown.cells[0].outputs[0].data == {"text/html": "<b>one</b>", MIME_TYPE: {}}
    assert given.cells[0].outputs[0].data == data
