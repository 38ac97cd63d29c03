"""Outturn: projections made from the release alone against what was published later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from statedfigures.analysis import projection as formula
from statedfigures.analysis.assumptions import DRAWS, SEED, Array, check_arguments
from statedfigures.analysis.comparability import period_of
from statedfigures.analysis.headline import LEVELS
from statedfigures.analysis.intervals import ends
from statedfigures.analysis.projection import QUANTILES
from statedfigures.analysis.qualifiers import interval_of, qualifier_named
from statedfigures.errors import ParameterError
from statedfigures.release.periods import SEASONS, Period, season_problem

if TYPE_CHECKING:
    from statedfigures.release.reading import Release

BREAK = "break_of_measure"
# Years that begin within three weeks of each other are of one kind.
LARGEST_SHIFT = 0.06
YEAR_DAYS = range(360, 372)
MEDIAN, ENDS = QUANTILES.index(0.5), [QUANTILES.index(level) for level in LEVELS]
COLUMNS = (
    *("series", "year", "published", "qualifier", "published_low", "published_high", "low90"),
    *("low50", "middle", "high50", "high90", "within_horizon", "break_of_measure", "inside50"),
    *("inside90", "no_change", "undamped", "score", "score_no_change", "score_undamped"),
    *("miss_reason", "unit", "inputs"),
)
SCORES = ("score", "score_no_change", "score_undamped")


@dataclass(frozen=True, slots=True)
class Later:
    """What was published about a year after the base: a value, what it may stand for, its rows."""

    year: int
    value: float
    qualifier: str
    low: float
    high: float
    miss_reason: str
    inputs: str


def outturn(
    release: Release,
    series: str | Iterable[str] | None = None,
    *,
    scenario: str = "central",
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Hold projections against what was published later.

    Parameters
    ----------
    release, series, scenario, draws, seed
        As for `statedfigures.headlines`.

    Returns
    -------
    DataFrame
        A row a series and year: the published value with its qualifier and the
        values that it may stand for; the projection's middle and ranges;
        within_horizon, whether the year is within the default horizon; whether
        the measure broke in between; inside50 and inside90, true, false or
        missing where a bound leaves it open; the middles of two benchmarks, no
        change (c = 0) and the trend undamped (c = φ = 1); the scores of the
        three, missing for a bound and after a break, which is no miss; the
        reason of a miss; unit; inputs.

    Notes
    -----
    The score is the weighted interval score on the scale T: about the relative
    error. All values of a series are points of one path.
    """
    arguments = check_arguments(release, series=series, scenario=scenario, draws=draws, seed=seed)
    rows: list[tuple[Any, ...]] = []
    for drawn in formula.draw_series(release, arguments):
        model, broke, later = drawn.model, False, later_values(release, drawn.model)
        if not later:
            continue
        goes_on, damping = model.row_id("growth_continues"), model.row_id("damping")
        undamped = drawn.holding({goes_on: 1.0, damping: 1.0})
        years = [value.year - model.base_year for value in later]
        tables = [
            np.quantile(formula.levels_after(model, symbols, years), QUANTILES, axis=1)
            for symbols in (drawn.symbols, drawn.holding({goes_on: 0.0}), undamped)
        ]
        for place, value in enumerate(later):
            projected = [table[:, place] for table in tables]
            broke = broke or value.miss_reason == BREAK
            is_scored = not broke and not qualifier_named(value.qualifier).is_bound
            scores = [
                _score(model, values, value.value) if is_scored else np.nan for values in projected
            ]
            low90, low50, middle, high50, high90 = projected[0][ENDS].tolist()
            inside50, inside90 = _inside(value, low50, high50), _inside(value, low90, high90)
            rows.append(
                (
                    *(model.id, value.year, value.value, value.qualifier, value.low, value.high),
                    *(low90, low50, middle, high50, high90),
                    *(value.year <= release.about.default_horizon, broke),
                    *(inside50, inside90, projected[1][MEDIAN], projected[2][MEDIAN], *scores),
                    BREAK if broke else value.miss_reason if inside90 is False else "",
                    *(model.unit, f"{formula.inputs_of(model)} {value.inputs}"),
                )
            )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"inside50": "boolean", "inside90": "boolean"})


def outturn_scores(results: pd.DataFrame) -> pd.DataFrame:
    """Return the mean scores of each series, within the default horizon and over all years.

    Parameters
    ----------
    results
        What `outturn` returns.

    Returns
    -------
    DataFrame
        A row a series and span (``horizon`` or ``all``, where there are years
        beyond the horizon) with the number of years that are scored and that
        are not, how many of the decided ones lie inside the 50% and the 90%
        range, the mean score of the projection and of the two benchmarks, and
        inputs.
    """
    rows = []
    for series_id, group in results.groupby("series", sort=False):
        for span, part in (("horizon", group[group["within_horizon"]]), ("all", group)):
            if part.empty or (span == "all" and part["within_horizon"].all()):
                continue
            scored, decided = part[part["score"].notna()], part[~part["break_of_measure"]]
            inside = [int(decided[name].fillna(False).sum()) for name in ("inside50", "inside90")]
            counts = (len(scored), len(part) - len(scored), *inside)
            inputs = " ".join(dict.fromkeys(" ".join(part["inputs"]).split()))
            rows.append(
                (
                    *(series_id, span, *counts, int(decided["inside90"].notna().sum())),
                    *(scored[name].mean() for name in SCORES),
                    inputs,
                )
            )
    columns = ("series", "span", "years", "years_not_scored", "inside50", "inside90", "decided")
    return pd.DataFrame(rows, columns=[*columns, *SCORES, "inputs"])


def later_values(release: Release, model: formula.Model) -> list[Later]:
    """Return what was published about years after the base that ended after the release.

    Parameters
    ----------
    release
        The release; ``outturn_series`` of the series names rows of published.csv.
    model
        The rows of the series.

    Returns
    -------
    list of Later
        A year each: from a row whose period is like the base's; else from the months of a
        year, their mean weighted by the days behind each.
    """
    series, wanted = release.row(f"series:{model.id}"), period_of(model.base).whole
    rows = release.published[release.published["series"] == series["outturn_series"]]
    found, rows = [], rows.assign(when=[period_of(row) for _, row in rows.iterrows()])
    when = rows["when"]
    rows = rows[when.map(lambda period: period.end > release.about.published).astype(bool)]
    for year, group in rows.groupby(rows["when"].map(lambda period: int(period.middle))):
        like = group[group["when"].map(lambda period: _is_like(period, wanted))][:1]
        months = group[group["when"].map(lambda period: period.kind == "month")]
        if year <= model.base_year or (like.empty and (months.empty or wanted.kind in SEASONS)):
            continue
        if like.empty:
            days = months["days"].fillna(months["when"].map(lambda period: period.days))
            value = float(np.average(months["value"], weights=days))
            low, high, qualifier = value, value, "exact"
        else:
            low, high = ends(interval_of(like.iloc[0], release.assumptions)).values()
            value, qualifier = float(like["value"].iloc[0]), str(like["qualifier"].iloc[0])
        used = months if like.empty else like
        reason = next(filter(None, used["miss_reason"]), str(series["miss_reason"]))
        references = " ".join(f"published:{name}" for name in used.index)
        found.append(Later(int(year), value, qualifier, low, high, reason, references))
    return found


def weighted_interval_score(quantiles: Array, levels: tuple[float, ...], outturn: float) -> float:
    """Score one projection, given as quantiles, against its outturn.

    Parameters
    ----------
    quantiles
        In the order of `levels`, on the scale on which the score is meant.
    levels
        The median, and pairs of levels around it that add up to 1, in order.
    outturn
        What came, on the same scale.

    Returns
    -------
    float
        0 for certainty that was right; lower is better.

    Raises
    ------
    ParameterError
        If the median or the partner of a level is missing.

    Notes
    -----
    With K pairs: ``(|y - m| / 2 + sum of a/2 * IS_a) / (K + 1/2)``, where
    ``IS_a = u - l + 2/a (l - y)+ + 2/a (y - u)+`` for the central interval that
    leaves a share a outside. It equals twice the mean pinball loss. Source:
    Bracher, Ray, Gneiting and Reich, PLoS Computational Biology 17(2), 2021,
    e1008618, equations 1 and 2; on the scale T after Bosse and others, PLoS
    Computational Biology 19(8), 2023, e1011393.

    Examples
    --------
    >>> weighted_interval_score(np.array([8.0, 10.0, 12.0]), (0.25, 0.5, 0.75), 10.0)
    0.6666666666666666
    """
    pairs = len(levels) // 2
    if len(levels) % 2 == 0 or not np.allclose(np.add(levels, levels[::-1]), 1):
        raise ParameterError(
            f"the levels {', '.join(map(str, levels))} are not the median and pairs around it; "
            "give levels that add up to one in pairs"
        )
    lower, upper, outside = quantiles[:pairs], quantiles[:pairs:-1], 2 * np.array(levels[:pairs])
    missed = np.maximum(lower - outturn, 0) + np.maximum(outturn - upper, 0)
    total = abs(outturn - quantiles[pairs]) / 2 + np.sum(outside / 2 * (upper - lower) + missed)
    return float(total / (pairs + 0.5))


def _score(model: formula.Model, quantiles: Array, value: float) -> float:
    scaled = formula.transform(quantiles, model.maximum)
    came = float(formula.transform(np.array(value), model.maximum))
    return weighted_interval_score(scaled, QUANTILES, came)


def _is_like(period: Period, wanted: Period) -> bool:
    """Whether a period is of the kind of the base's, and at the same time of its year."""
    if period.kind in SEASONS or wanted.kind in SEASONS:
        return period.kind == wanted.kind and not season_problem(wanted, period)
    if "point" in {period.kind, wanted.kind}:
        return period.kind == wanted.kind
    apart = (period.middle - wanted.middle + 0.5) % 1 - 0.5
    return abs(apart) < LARGEST_SHIFT and period.days in YEAR_DAYS


def _inside(value: Later, low: float, high: float) -> bool | None:
    """Whether a value lies in a range; None where it may or may not."""
    if not qualifier_named(value.qualifier).is_bound:
        return low <= value.value <= high
    at_least = -np.inf if np.isnan(value.low) else value.low
    at_most = np.inf if np.isnan(value.high) else value.high
    if at_least > high or at_most < low:
        return False
    return True if low <= at_least and at_most <= high else None
