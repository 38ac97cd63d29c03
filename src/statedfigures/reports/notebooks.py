"""The notebooks of a report: find them, read what they declare."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.errors import InputError, ParameterError
from statedfigures.reports.parameters import Parameter, declared_parameter

_NAME = re.compile(r"(?P<order>\d+)-(?P<page>[a-z][a-z0-9-]*)\.ipynb")
# The first page, and the pages about the report.
RESERVED_PAGES = frozenset(
    {"index", "scenarios", "glossary", "changes", "corrections", "accessibility", "downloads"}
)


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook of the report and the page that it becomes.

    ``page`` is the name without prefix: ``1-figures.ipynb`` becomes the page
    ``figures``. ``title`` is the text of its first heading.
    """

    path: Path
    page: str
    title: str
    parameters: Mapping[str, Parameter]


def find_notebooks_folder(start: Path) -> Path:
    """Find the folder ``notebooks`` in a folder or in those above it.

    Raises
    ------
    InputError
        If there is none.
    """
    for folder in (start, *start.parents):
        candidate = folder / "notebooks"
        if candidate.is_dir() and any(_NAME.fullmatch(path.name) for path in candidate.iterdir()):
            return candidate
    raise InputError(
        f"no folder notebooks with numbered notebooks in {start} or above it; "
        "change to the project's folder or name one with --notebooks"
    )


def discover_notebooks(folder: Path) -> tuple[Notebook, ...]:
    """Read the numbered notebooks of a folder, in the order of their numbers.

    Parameters
    ----------
    folder
        Folder with files such as ``1-figures.ipynb``; others are left alone.

    Returns
    -------
    tuple of Notebook
        One for each page.

    Raises
    ------
    InputError
        If there is none, two claim the same page, or one cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; name one that holds the notebooks")
    named = [(match, path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    named.sort(key=lambda pair: (int(pair[0]["order"]), pair[0]["page"]))
    if not named:
        raise InputError(f"{folder} holds no numbered notebook; name one such as 1-figures.ipynb")
    notebooks = [read_notebook(path, match["page"]) for match, path in named]
    pages = [notebook.page for notebook in notebooks]
    for page in pages:
        if page in RESERVED_PAGES or pages.count(page) > 1:
            raise InputError(f"{folder}: two pages would be called {page}; rename a notebook")
    return tuple(notebooks)


def read_notebook(path: Path, page: str) -> Notebook:
    """Read the title and the declared parameters of a notebook.

    Raises
    ------
    InputError
        If it is no notebook or does not begin with a title.
    ParameterError
        If a parameter is declared in a way that cannot be typed.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        first = "".join(cells[0]["source"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        raise InputError(f"{path.name}: is not a notebook; save it again from JupyterLab") from None
    heading = first.splitlines()[0] if first else ""
    if cells[0].get("cell_type") != "markdown" or not heading.startswith("# "):
        raise InputError(
            f"{path.name}: the first cell must be the title, in Markdown: # Title of the page"
        )
    return Notebook(path, page, heading.removeprefix("# ").strip(), _declared(path, cells))


def _declared(path: Path, cells: list[dict[str, Any]]) -> dict[str, Parameter]:
    """Read the parameters as papermill does, without importing it, which takes seconds."""
    tagged = (cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", []))
    source = "".join(next(tagged, {}).get("source", ""))
    try:
        statements = ast.parse(source).body
        comments = {
            token.start[0]: token.string.lstrip("# ").strip()
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.COMMENT
        }
    except (SyntaxError, tokenize.TokenError):
        raise ParameterError(
            f"{path.name}: the cell tagged parameters is not Python; mend it"
        ) from None
    found = {}
    for statement in statements:
        if isinstance(statement, ast.AnnAssign):
            target: ast.expr = statement.target
            annotation = ast.unparse(statement.annotation)
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, annotation = statement.targets[0], "None"
        else:
            continue
        if isinstance(target, ast.Name) and statement.value is not None:
            default = ast.get_source_segment(source, statement.value) or ""
            comment = comments.get(statement.end_lineno or 0, "")
            try:
                found[target.id] = declared_parameter(target.id, annotation, default, comment)
            except ParameterError as error:
                raise ParameterError(f"{path.name}: {error}") from None
    return found
