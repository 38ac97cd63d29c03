"""Take out of an executed notebook whatever would differ from run to run."""

from __future__ import annotations

import copy
import hashlib
import re
from typing import Any

from statedfigures.display.records import MIME_TYPE

INJECTED = "injected-parameters"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_KEPT_CELL_METADATA = ("tags",)
# What a kernel says about itself and is the same for every version of Python.
_LANGUAGE = {
    "name": "python",
    "mimetype": "text/x-python",
    "file_extension": ".py",
    "pygments_lexer": "ipython3",
    "codemirror_mode": {"name": "ipython", "version": 3},
    "nbconvert_exporter": "python",
}
_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def scrub_notebook(executed: Any, page: str) -> tuple[Any, str]:
    """Give the executed notebook in a form that is the same every time.

    Parameters
    ----------
    executed
        Notebook node as papermill gives it. It is left as it is.
    page
        Name of the page, from which the ids of the cells are made.

    Returns
    -------
    notebook
        With fixed cell ids, no times, paths or versions, and no message that
        a kernel wrote to standard error.
    messages
        Those messages, for the log of the run.
    """
    notebook = _copied(executed)
    messages: list[str] = []
    for position, cell in enumerate(notebook.cells):
        injected = INJECTED in cell.metadata.get("tags", [])
        cell["id"] = INJECTED if injected else _cell_id(page, position, cell)
        cell["metadata"] = {
            name: cell.metadata[name] for name in _KEPT_CELL_METADATA if name in cell.metadata
        }
        if cell.cell_type == "code":
            messages += _scrub_outputs(cell)
    notebook["metadata"] = {"kernelspec": dict(_KERNEL), "language_info": dict(_LANGUAGE)}
    return notebook, "".join(messages)


def as_shown(notebook: Any) -> Any:
    """Give the notebook as its page shows it.

    It goes without the cell that papermill added, and without the values
    behind what the display records show: nbconvert would copy them all.
    """
    shown = copy.copy(notebook)
    shown["cells"] = [
        _without_values(cell)
        for cell in notebook.cells
        if INJECTED not in cell.metadata.get("tags", [])
    ]
    return shown


def _without_values(cell: Any) -> Any:
    if cell.cell_type != "code":
        return cell
    cell = copy.copy(cell)
    cell["outputs"] = [copy.copy(output) for output in cell.outputs]
    for output in cell.outputs:
        if MIME_TYPE in output.get("data", {}):
            output["data"] = {**output.data, MIME_TYPE: {}}
    return cell


def _copied(executed: Any) -> Any:
    """Copy a notebook as far as it is changed here; its outputs hold millions of values."""
    notebook = copy.copy(executed)
    notebook["cells"] = [copy.copy(cell) for cell in executed.cells]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell["outputs"] = [copy.copy(output) for output in cell.outputs]
            for output in cell.outputs:
                if "data" in output:
                    output["data"] = copy.copy(output.data)
    return notebook


def _cell_id(page: str, position: int, cell: Any) -> str:
    """Make an id from the place and the source of a cell."""
    digest = hashlib.sha256(f"{page}\n{position}\n{cell.source}".encode()).hexdigest()
    return digest[:12]


def _scrub_outputs(cell: Any) -> list[str]:
    """Drop what the outputs of a cell say about this run; give what went to standard error."""
    messages = []
    kept = []
    for output in cell.outputs:
        if output.get("name") == "stderr":
            messages.append(output.text)
            continue
        if "data" in output and "text/plain" in output.data:
            output.data["text/plain"] = _ADDRESS.sub("", output.data["text/plain"])
        if "text" in output:
            output["text"] = _ADDRESS.sub("", output["text"])
        kept.append(output)
    cell["outputs"] = kept
    return messages
