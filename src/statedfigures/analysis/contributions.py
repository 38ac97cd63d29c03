"""Which kind of change between two editions moved which headline, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from statedfigures.analysis.assumptions import check_arguments
from statedfigures.analysis.headline import headlines
from statedfigures.errors import InputError
from statedfigures.release.schema import Release

# Changes that are told apart, with the tables that each exchanges.
TABLES: Mapping[str, tuple[str, ...]] = {
    "figures": ("figures", "claims"),
    "other_tables": ("published", "series", "scenarios"),
    "assumptions": ("assumptions",),
    "parameters": ("about",),
}
QUANTITIES = ("middle", "low90", "high90")
TOGETHER = "together"
CHANGES = (*TABLES, TOGETHER)
COLUMNS = ("series", "quantity", "old", "new", *CHANGES, "unit", "inputs")

Parameters = Mapping[str, Any]


def contributions(
    old: Release,
    new: Release,
    old_parameters: Parameters | None = None,
    new_parameters: Parameters | None = None,
) -> pd.DataFrame:
    """Share the difference between two projections out over what changed.

    Parameters
    ----------
    old, new
        A release as two editions have it.
    old_parameters, new_parameters
        Arguments of `statedfigures.headlines` in each: scenario, horizon_year,
        draws, seed; what is left out has its default.

    Returns
    -------
    DataFrame
        For each series that both project, a row for the middle and each end of
        the 90% range: old, new, and what the changes of figures and claims, of
        other tables, of assumptions and of parameters contributed, which adds
        up to new - old. Where some changes make sense only together, all of the
        difference stands under ``together``. unit, inputs.

    Notes
    -----
    Shapley values: see `shapley_values`.
    """
    parameters = (dict(old_parameters or {}), dict(new_parameters or {}))
    rows, before_too = [], check_arguments(old).series
    for name in (name for name in check_arguments(new).series if name in before_too):

        def headline(made: Iterable[str], name: str = name) -> Mapping[Any, Any]:
            tables = [table for change in made for table in TABLES[change]]
            mixed = replace(old, **{table: getattr(new, table) for table in tables})
            given = parameters["parameters" in made]
            return headlines(mixed, name, **given).to_dict("records")[0]

        def value(made: frozenset[str], name: str = name) -> Sequence[float]:
            return [headline(made, name)[quantity] for quantity in QUANTITIES]

        before, after = headline(()), headline(TABLES)
        shares = dict.fromkeys(CHANGES, (0.0,) * len(QUANTITIES))
        try:
            shares |= shapley_values(tuple(TABLES), value)
        except (InputError, KeyError):
            shares[TOGETHER] = tuple(after[each] - before[each] for each in QUANTITIES)
        for place, quantity in enumerate(QUANTITIES):
            parts = (shares[change][place] for change in CHANGES)
            ends = (before[quantity], after[quantity])
            rows.append((name, quantity, *ends, *parts, after["unit"], after["inputs"]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def shapley_values(
    changes: Sequence[str], value: Callable[[frozenset[str]], Sequence[float]]
) -> dict[str, tuple[float, ...]]:
    """Share a difference out over the changes that made it.

    Parameters
    ----------
    changes
        Names of the changes, each once; a few, because every order of them is gone through.
    value
        Returns the results when only some of the changes are made, always the
        same number of them.

    Returns
    -------
    dict
        Name of each change to its contribution to each result. The
        contributions to a result add up to its difference between all changes
        and none; they do not depend on the order of `changes`, and a change
        that never matters contributes 0.

    Notes
    -----
    The mean over all orders of making the changes of what each adds when its
    turn comes: L. S. Shapley, A value for n-person games, Contributions to
    the Theory of Games II, 1953, pages 307-317. Summed in exact fractions and
    rounded once, so that the order of summing plays no part.

    Examples
    --------
    Doubling the length and the width of a square of one metre adds three
    square metres, half of it each.

    >>> shapley_values(["width", "length"], lambda made: [2.0 ** len(made)])
    {'length': (1.5,), 'width': (1.5,)}
    """

    @cache
    def results(made: frozenset[str]) -> NDArray[Any]:
        return np.array([Fraction(result) for result in value(made)])

    orders = list(permutations(sorted(changes)))
    added: dict[str, Any] = dict.fromkeys(orders[0], 0)
    for order in orders:
        for place, name in enumerate(order):
            made = frozenset(order[:place])
            added[name] = added[name] + results(made | {name}) - results(made)
    return {name: tuple(map(float, total / len(orders))) for name, total in added.items()}
