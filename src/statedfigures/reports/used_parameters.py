"""Which of its parameters a notebook looks at: the result can depend on no other.

Every page of a report declares the same parameters, so that one command sets
them for all. A page that never names one shows the same whatever its value is,
and need not be run again when it changes: only the cell that papermill added
says another value.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from statedfigures.reports.limits import Value
from statedfigures.reports.reachable import PACKAGE
from statedfigures.reports.scrub import INJECTED

# With one of these, code can reach a variable without naming it.
_REACHES_ALL = re.compile(
    r"\b(globals|locals|vars|dir|eval|exec|compile|get_ipython|inspect|gc|sys|builtins"
    r"|ctypes|importlib|__\w+__)\b|^\s*[%!?]|\?\s*$",
    re.MULTILINE,
)
_TAG = "parameters"


def used_parameters(
    notebook: Mapping[str, Any], names: Iterable[str], modules: Mapping[str, Path]
) -> frozenset[str]:
    """Find the parameters that the code of a notebook may look at.

    Parameters
    ----------
    notebook
        The JSON value of the notebook.
    names
        Its parameters.
    modules
        Full name to file of the modules that it can reach; see
        `reachable.modules_of_notebook`. Those beside the notebook count too,
        since they could look at the variables of their caller.

    Returns
    -------
    frozenset of str
        Each name that stands anywhere in its code, in a string or a comment
        too, except where it is declared. All of them where the code could
        reach a variable without naming it.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "show(release)", "metadata": {}}
    >>> sorted(used_parameters({"cells": [cell]}, ["release", "scenario"], {}))
    ['release']
    """
    names = frozenset(names)
    beside = [path for path in modules.values() if not path.is_relative_to(PACKAGE)]
    if any(_REACHES_ALL.search(_text_of(path)) for path in beside):
        return names
    code = []
    for source, declares in _code_cells(notebook):
        if _REACHES_ALL.search(source):
            return names
        code.append(_beside_declarations(source) if declares else source)
    written = "\n".join(code)
    return frozenset(name for name in names if re.search(rf"\b{re.escape(name)}\b", written))


def state_parameters(executed: Any, parameters: Mapping[str, Value]) -> None:
    """Let the cell that papermill added say these parameters, as if it had been run with them.

    Parameters
    ----------
    executed
        Executed and scrubbed notebook; changed in place.
    parameters
        The complete parameters of the page.
    """
    from papermill.translators import PythonTranslator

    for cell in executed.cells:
        if INJECTED in cell.metadata.get("tags", []):
            cell["source"] = PythonTranslator.codify(  # type: ignore[no-untyped-call]
                dict(parameters), "Parameters"
            )


def _code_cells(notebook: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Give the source of each code cell, and whether it declares the parameters."""
    for cell in notebook["cells"]:
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            tags = cell.get("metadata", {}).get("tags", [])
            yield "".join(source) if isinstance(source, list) else str(source), _TAG in tags


def _beside_declarations(source: str) -> str:
    """Leave of the cell of declarations what is no plain ``name: type = value``."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return source
    return "\n".join(
        ast.unparse(one)
        for one in statements
        if not (isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(one.value, ast.Constant))
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "sys"
