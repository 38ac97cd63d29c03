"""Show several records from one cell of a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from IPython.display import display


def show_each(make: Callable[[Any], Any], results: Iterable[Any]) -> None:
    """Make a chart or a table of each result and show them one below the other.

    Parameters
    ----------
    make
        A function such as `chart_fan` that takes one result.
    results
        The results, shown in their order. Nothing is shown where there are none.
    """
    for result in results:
        display(make(result))  # type: ignore[no-untyped-call]
