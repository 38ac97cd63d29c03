"""How much each of several changes contributed to a difference: Shapley values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb


def shapley_values(
    changes: Sequence[str], value: Callable[[frozenset[str]], Sequence[float]]
) -> dict[str, tuple[float, ...]]:
    """Share a difference out over the changes that made it.

    Parameters
    ----------
    changes
        Names of the changes, each once. The work doubles with each.
    value
        Gives the results when only some of the changes are made, always the
        same number of them.

    Returns
    -------
    dict
        Name of each change to its contribution to each result, in the order
        of names. The contributions to a result add up to its difference
        between all changes and none; they do not depend on the order of
        `changes`, and a change that never matters contributes 0.

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

    >>> def area(made):
    ...     return [2.0 ** len(made)]
    >>> shapley_values(["width", "length"], area)
    {'length': (1.5,), 'width': (1.5,)}
    """
    names = sorted(changes)
    results = {
        frozenset(made): [Fraction(one) for one in value(frozenset(made))]
        for size in range(len(names) + 1)
        for made in combinations(names, size)
    }
    shares: dict[str, tuple[float, ...]] = {}
    for name in names:
        totals = [Fraction(0)] * len(results[frozenset()])
        for made, before in results.items():
            if name in made:
                continue
            weight = Fraction(1, len(names) * comb(len(names) - 1, len(made)))
            after = results[made | {name}]
            totals = [
                total + weight * (new - old)
                for total, new, old in zip(totals, after, before, strict=True)
            ]
        shares[name] = tuple(float(total) for total in totals)
    return shares
