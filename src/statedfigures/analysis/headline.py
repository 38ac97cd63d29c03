"""Headlines: the middle and ranges at the horizon, and the one rule for their message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.optimize import bisect

from statedfigures.analysis import projection as formula
from statedfigures.analysis.assumptions import DRAWS, SEED, Array, required
from statedfigures.release.schema import Release

RISE, FALL, LITTLE, OPEN = "likely rise", "likely fall", "little change", "cannot tell"
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
# Points between the central value and an end at which a message is looked at.
LOOKS = 4
# A range of allowed values is cut into so many parts, and a break-even is one of their ends.
PARTS = 2**14
COLUMNS = (
    *("series", "scenario", "base_year", "horizon_year", "base", "middle", "low50", "high50"),
    *("low90", "high90", "p_higher", "p_lower", "p_little", "threshold", "threshold_unit"),
    *("message", "step", "clipped_share", "significant", "rounded_to", "unit", "inputs"),
)


def change_in_percent(level: Array, base: Array) -> Array:
    """Return the change of each draw against its own base, in percent.

    Examples
    --------
    >>> change_in_percent(np.array([120.0]), np.array([100.0])).tolist()
    [20.0]
    """
    return 100 * (level - base) / base


def change_in_points(level: Array, base: Array) -> Array:
    """Return the change of each draw of a share against its own base, in percentage points.

    Examples
    --------
    >>> change_in_points(np.array([43.0]), np.array([40.0])).tolist()
    [3.0]
    """
    return level - base


def message(higher: float, lower: float, likely: float, draws: int) -> str:
    """Return the message of a headline: which change is likely.

    Parameters
    ----------
    higher, lower
        Shares of the draws that rise, or fall, by more than what counts as little.
    likely
        Share from which a change is called likely.
    draws
        Number of draws: a share has to be beyond `likely` by twice the error
        of a share of so many independent draws.

    Examples
    --------
    At 10,000 draws twice the error of 0.66 is a little under 0.01.

    >>> message(0.669, 0.1, 0.66, 10_000), message(0.67, 0.1, 0.66, 10_000)
    ('cannot tell', 'likely rise')
    """
    needed = likely + 2 * float(np.sqrt(likely * (1 - likely) / draws))
    shares = {RISE: higher, FALL: lower, LITTLE: 1 - higher - lower}
    return next((words for words, share in shares.items() if share >= needed), OPEN)


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as little change of a series, and as likely."""

    threshold: float
    unit: str
    likely: float
    inputs: str


def rule_of(release: Release, model: formula.Model) -> Rule:
    """Return the rule of a series; a share's change is counted in percentage points."""
    unit = "percentage_points" if model.unit in formula.PERCENT else "percent"
    symbol = "little_change_points" if model.unit in formula.PERCENT else "little_change"
    little, likely = (required(release.assumptions, name, model.id) for name in (symbol, "likely"))
    inputs = f"assumption:{little.name} assumption:{likely.name}"
    return Rule(float(little["central"]), unit, float(likely["central"]), inputs)


def outlook(
    model: formula.Model, symbols: formula.Symbols, years: int, rule: Rule
) -> tuple[str, float, float]:
    """Return the message some years after the base, with the shares of draws higher and lower.

    Parameters
    ----------
    model, symbols
        See `statedfigures.analysis.projection.draw_symbols`.
    years
        Years after the base.
    rule
        See `rule_of`.
    """
    scale = formula.PERCENT.get(model.unit, 1)
    base, level = formula.levels_after(model, symbols, (0, years)) * scale
    is_share = rule.unit == "percentage_points"
    change = change_in_points(level, base) if is_share else change_in_percent(level, base)
    higher, lower = (float(np.mean(sign * change > rule.threshold)) for sign in (1, -1))
    return message(higher, lower, rule.likely, level.size), higher, lower


def break_even(drawn: formula.Drawn, assumption: str, rule: Rule) -> tuple[float, str]:
    """Find the value of an assumption nearest to its central one where the message is another.

    Parameters
    ----------
    drawn
        A series as the headline has it.
    assumption
        Id of the assumption that is held; the others are as in the headline.
    rule
        See `rule_of`.

    Returns
    -------
    tuple
        The value, in the unit of the assumption, and the message there, which
        is not that of the headline. The central value itself where holding it
        is enough; NaN and an empty text where no value looked at, from its low
        to its high, has another message.

    Notes
    -----
    ``scipy.optimize.bisect`` on the rule that is printed, in the first stretch
    from the central value outwards in which the message turns.
    """
    printed = outlook(drawn.model, drawn.symbols, drawn.years, rule)[0]
    row = next(row for row in drawn.model.rows.values() if row.name == assumption)
    low, central, high = (float(row[end]) for end in ("low", "central", "high"))
    smallest = (row["allowed_max"] - row["allowed_min"]) / PARTS

    @cache  # the ends of a stretch are looked at again
    def said(value: float) -> str:
        return outlook(drawn.model, drawn.holding({assumption: value}), drawn.years, rule)[0]

    def same(value: float) -> int:
        return 1 if said(value) == printed else -1

    if same(central) < 0:
        return central, said(central)
    found = []
    for end in (low, high):
        for inside, place in pairwise(np.linspace(central, end, LOOKS + 1).tolist()):
            if place != inside and same(place) < 0:
                value = float(bisect(same, inside, place, xtol=smallest))
                # The end of the last interval on the side where the message is another.
                steps = np.clip(value + np.copysign([0, smallest], place - inside), low, high)
                found.append(next(float(step) for step in (*steps, place) if same(step) < 0))
                break
    if not found:
        return np.nan, ""
    nearest = min(found, key=lambda value: abs(value - central))
    return nearest, said(nearest)


def printed_digits(middle: float, low50: float, high50: float, sampling_error: float) -> int:
    """Return the number of significant figures of a projection in print.

    Parameters
    ----------
    middle, low50, high50
        Middle and ends of the 50% range at the horizon.
    sampling_error
        Of the middle.

    Returns
    -------
    int
        2, or 3 where the 50% range is narrower than a fifth of the middle;
        fewer where the last figure would be finer than twice the error.

    Examples
    --------
    >>> printed_digits(1500, 1200, 1900, 1), printed_digits(1500, 1400, 1600, 1)
    (2, 3)
    >>> printed_digits(1500, 1400, 1600, 8)
    2
    """
    significant = 3 if high50 - low50 < middle / 5 else 2
    while significant > 1 and printed_step(middle, significant) < 2 * sampling_error:
        significant -= 1
    return significant


def printed_step(middle: float, significant: int) -> float:
    """Return the step to which a number of so many significant figures is rounded.

    Examples
    --------
    >>> printed_step(1520.0, 2), printed_step(0.52, 3)
    (100.0, 0.001)
    """
    return float(10.0 ** (np.floor(np.log10(middle)) - significant + 1))


def sampling_error(values: Array) -> float:
    """Return the standard error of the middle of independent draws; Sobol points stay below it."""
    share = 0.5 / np.sqrt(values.size)
    below, above = np.quantile(values, [0.5 - share, 0.5 + share])
    return float((above - below) / 2)


def headlines(
    release: Release,
    series: str | Iterable[str] | None = None,
    *,
    horizon_year: int = 0,
    scenario: str = "central",
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return what a projection says about its horizon, for each series.

    Parameters
    ----------
    release, series, horizon_year, draws, seed
        As for `statedfigures.project`.
    scenario
        The scenario from which middle, ranges and probabilities come.

    Returns
    -------
    DataFrame
        Indexed by series: scenario, base_year, horizon_year; base (the middle
        of base × step), middle, low50 to high50 and low90 to high90 in the
        unit of the series; p_higher and p_lower, the shares of draws that are
        beyond the threshold above or below their own base, and p_little;
        threshold with threshold_unit; message; step (the middle of base_step, 1
        where there is none); clipped_share; significant figures in print and
        the step rounded_to of the last one; unit; inputs.
    """
    rows = []
    for drawn in formula.draw_series(release, series, scenario, horizon_year, draws, seed):
        model, symbols, rule = drawn.model, drawn.symbols, rule_of(release, drawn.model)
        base, level = drawn.levels((0, drawn.years))
        low90, low50, middle, high50, high90 = np.quantile(level, LEVELS).tolist()
        said, higher, lower = outlook(model, symbols, drawn.years, rule)
        significant = printed_digits(middle, low50, high50, sampling_error(level))
        row = (
            *(model.id, scenario, model.base_year, model.base_year + drawn.years),
            *(float(np.median(base)), middle, low50, high50, low90, high90),
            *(higher, lower, 1 - higher - lower, rule.threshold, rule.unit, said),
            *(float(np.median(symbols["base_step"])), formula.clipped_share(model, symbols)),
            *(significant, printed_step(middle, significant), model.unit),
            f"{formula.inputs_of(model)} {rule.inputs}",
        )
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS)).set_index("series")
