"""Which modules the code of a notebook can reach: of the package, and beside the notebook.

Imports are read from the syntax and nothing is imported, so that this is quick
and gives the same answer in every process. Imports inside functions count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def modules_of_notebook(
    notebook: Mapping[str, object], folder: Path
) -> tuple[dict[str, Path], set[str]]:
    """Follow the imports of a notebook.

    Parameters
    ----------
    notebook
        The JSON value of the notebook.
    folder
        Where it lies: modules beside it can be imported.

    Returns
    -------
    modules
        Full name to file, for every module of the package and every module
        beside the notebook that its code can reach.
    others
        Full names of all other modules that this code imports.
    """
    names: set[str] = set()
    for source in _code_cells(notebook):
        names |= set(imported_names(_without_magics(source)))
    modules, others = reachable(frozenset(names), folder)
    return dict(modules), set(others)


@cache
def reachable(names: frozenset[str], folder: Path) -> tuple[dict[str, Path], set[str]]:
    """Follow imports from some names, once for each set; see `modules_of_notebook`."""
    found: dict[str, Path] = {}
    others: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name in others:
            continue
        path = _file_of(name, folder)
        if path is None:
            others.add(name)
            continue
        found[name] = path
        parent = name.rpartition(".")[0]
        waiting += [parent] if parent else []
        waiting += _imports_of_file(path, name)
    return found, others


def imported_names(source: str, module: str = "", *, is_package: bool = False) -> Iterator[str]:
    r"""Give every name that code imports, and every name inside it that may be a module.

    Parameters
    ----------
    source
        Python code. Code that cannot be parsed imports nothing: it cannot run either.
    module
        Full name of its module, for relative imports.
    is_package
        Whether it is the ``__init__`` of a package.

    Examples
    --------
    >>> sorted(imported_names("import os.path\nfrom statedfigures.display import svg"))
    ['os.path', 'statedfigures.display', 'statedfigures.display.svg']
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".") if module else []
                kept = parts[: len(parts) - node.level + is_package]
                base = ".".join([*kept, *([base] if base else [])])
            if base:
                yield base
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)


@cache
def _imports_of_file(path: Path, module: str) -> frozenset[str]:
    source = path.read_text(encoding="utf-8", errors="replace")
    return frozenset(imported_names(source, module, is_package=path.name == "__init__.py"))


@cache
def _file_of(name: str, folder: Path) -> Path | None:
    """Find the file of a module of the package or beside the notebook."""
    first, *rest = name.split(".")
    base = PACKAGE.parent if first == PACKAGE.name else folder
    place = base.joinpath(first, *rest)
    for path in (place / "__init__.py", place.with_name(f"{place.name}.py")):
        if path.is_file():
            return path
    return None


def _code_cells(notebook: Mapping[str, object]) -> Iterator[str]:
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else []:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            yield "".join(source) if isinstance(source, list) else str(source)


def _without_magics(source: str) -> str:
    """Leave out the lines that only IPython understands."""
    lines = source.splitlines()
    return "\n".join("" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines)
