"""The package's own code as text, so that a review can be tied to it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from statedfigures.errors import RunError


@cache
def module_source(name: str) -> str:
    """Give the source text of a module of the package, without importing it.

    Parameters
    ----------
    name
        Full name of the module, such as ``statedfigures.analysis.forms``.

    Returns
    -------
    str
        Its source.

    Raises
    ------
    RunError
        If the module is not there as source.

    Examples
    --------
    >>> "def damped(" in module_source("statedfigures.analysis.forms")
    True
    """
    spec = find_spec(name)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        raise RunError(f"the source of {name} is not here; install the package with its source")
    return Path(spec.origin).read_text(encoding="utf-8")
