"""Sensitivity: which assumption moves which answer, and how much of it is chance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import sobol_indices

from statedfigures.analysis import projection as formula
from statedfigures.analysis.assumptions import DIMENSIONS, DRAWS, SEED, Array, sobol_points
from statedfigures.analysis.headline import break_even, rule_of
from statedfigures.release.schema import Release

CHANCE = "chance"
# The distribution of a figure within its qualifier belongs to the row of its width.
WIDTHS = {"base": "base_width", "start": "start_width"}
COLUMNS = (
    *("series", "assumption", "low", "high", "middle_at_low", "middle_at_high"),
    *("width_at_low", "width_at_high", "middle", "width", "change", "variance_share"),
    *("variance_error", "rank", "break_even", "message_beyond", "unit", "series_unit", "inputs"),
)


def sensitivity(
    release: Release,
    series: str | Iterable[str] | None = None,
    *,
    horizon_year: int = 0,
    scenario: str = "central",
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return how much each assumption moves a projection at its horizon.

    Parameters
    ----------
    release, series, horizon_year, scenario, draws, seed
        As for `statedfigures.headlines`.

    Returns
    -------
    DataFrame
        For each series a row an assumption and one for the chance of a year,
        by rank. With the assumption held at its low and at its high, the rest
        drawn: the middle and the width of the 90% range; for chance, without
        it and with it. middle and width with everything drawn. change, the
        larger of the relative changes of the two, decides the rank.
        variance_share is the first-order Sobol index on the scale T, with its
        standard error; NaN where it is below the error. break_even, the value
        nearest to the central one at which the message is another, and that
        message. unit of the assumption, series_unit, inputs.
    """
    rows: list[tuple[Any, ...]] = []
    for drawn in formula.draw_series(release, series, scenario, horizon_year, draws, seed):
        model, rule, found = drawn.model, rule_of(release, drawn.model), []
        middle, width = _middle_and_width(drawn, drawn.symbols)
        shares = variance_shares(drawn, draws, seed)
        about = (model.unit, f"{formula.inputs_of(model)} {rule.inputs}")
        for name in (*model.ids(), CHANCE):
            low, high, unit, turns = np.nan, np.nan, "", (np.nan, "")
            cases: list[formula.Symbols] = [{**drawn.symbols, CHANCE: np.zeros(1)}, drawn.symbols]
            if name != CHANCE:
                row = release.row(f"assumption:{name}")
                low, high, unit = row["low"], row["high"], row["unit"]
                cases = [drawn.holding({name: end}) for end in (low, high)]
                # What is fixed turns nothing.
                turns = break_even(drawn, name, rule) if low < high else turns
            middles, widths = zip(*(_middle_and_width(drawn, case) for case in cases), strict=True)
            change = max(abs(middles[1] - middles[0]) / middle, abs(widths[1] - widths[0]) / width)
            moved = (model.id, name, low, high, *middles, *widths, middle, width, change)
            found.append((*moved, *shares.loc[name], 0, *turns, unit, *about))
        rows += sorted(found, key=lambda row: -float(row[COLUMNS.index("change")]))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    # A release without projections has no rows, and numbers all the same.
    frame = frame.astype(dict.fromkeys((*COLUMNS[2:13], "break_even"), "float64"))
    return frame.assign(rank=frame.groupby("series").cumcount() + 1)


def variance_shares(drawn: formula.Drawn, draws: int, seed: int) -> pd.DataFrame:
    """Return first-order Sobol indices on the scale T, with their standard errors.

    Parameters
    ----------
    drawn
        A series as a scenario draws it.
    draws, seed
        Number of points in each of two sets, and the seed of both.

    Returns
    -------
    DataFrame
        Indexed by the id of each assumption, and ``chance``: variance_share,
        NaN where it is below its error, and variance_error.

    Notes
    -----
    ``scipy.stats.sobol_indices``: with f centred, mean(f_B (f_AB - f_A)) / V.
    It is given the results and not the function, because an assumption may be
    drawn in several dimensions, such as the width and the place of a figure
    within it, which are exchanged together. Source: Saltelli and others,
    Computer Physics Communications 181(2), 2010, pages 259-270, table 2 (b).
    The errors take the draws as independent, which errs on the safe side.
    """
    model, both = drawn.model, sobol_points(draws, seed, 2 * len(DIMENSIONS))
    first, second = np.split(both, 2)

    def result(points: Array) -> Array:
        symbols = formula.draw_symbols(model, points, drawn.held)
        return formula.future(model, symbols, np.array([drawn.years]))[0]

    owners = [model.row_id(WIDTHS.get(name, name)) or name for name in DIMENSIONS]
    names = [*model.ids(), CHANCE]
    taken = [np.array([[owner == name] for owner in owners]) for name in names]
    a, b = result(first), result(second)
    ab = np.array([result(np.where(rows, second, first)) for rows in taken])
    centre, variance = (a.mean() + b.mean()) / 2, float(np.var([a, b]))
    if variance <= 0:
        return pd.DataFrame({"variance_share": np.nan, "variance_error": 0.0}, index=names)
    a, b, ab = a - centre, b - centre, ab - centre
    results = {"f_A": a[np.newaxis].copy(), "f_B": b[np.newaxis].copy(), "f_AB": ab[:, np.newaxis]}
    shares = np.ravel(sobol_indices(func=results, n=draws).first_order)
    parts = b * (ab - a) - shares[:, np.newaxis] * (a**2 + b**2) / 2
    errors = parts.std(axis=1) / (variance * np.sqrt(draws))
    given = np.where(shares > errors, shares, np.nan)
    return pd.DataFrame({"variance_share": given, "variance_error": errors}, index=names)


def _middle_and_width(drawn: formula.Drawn, symbols: formula.Symbols) -> tuple[float, float]:
    levels = formula.levels_after(drawn.model, symbols, [drawn.years])
    low, middle, high = np.quantile(levels, [0.05, 0.5, 0.95])
    return float(middle), float(high - low)
