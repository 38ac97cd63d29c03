"""Outturn: projections made from the release alone against what was published later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pandas as pd

from statedfigures.analysis import projection as formula
from statedfigures.analysis.assumptions import DRAWS, SEED, Array, Number
from statedfigures.analysis.headline import LEVELS
from statedfigures.analysis.projection import QUANTILES
from statedfigures.analysis.qualifiers import QUALIFIERS, interval_of, join_inputs
from statedfigures.release.periods import SEASONS, Period, as_academic, period_of, season_problem
from statedfigures.release.schema import Release, cells_of

BREAK = "break_of_measure"
# Years that begin within three weeks of each other are of one kind.
LARGEST_SHIFT = 0.06
YEAR_DAYS = range(360, 372)
MEDIAN, ENDS = QUANTILES.index(0.5), [QUANTILES.index(level) for level in LEVELS]
_LATER = "year published qualifier least most miss_reason inputs"
RANGES = ("low90", "low50", "middle", "high50", "high90")
SCORES = ("score", "score_no_change", "score_undamped")
COLUMNS = (
    *("series", "year", "published", "qualifier", *RANGES, "within_horizon", "break_of_measure"),
    *("inside50", "inside90", "no_change", "undamped", *SCORES, "miss_reason", "unit", "inputs"),
)


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
        A row a series and year: the published value with its qualifier; the
        projection's middle and ranges; within_horizon, whether the year is
        within the default horizon; whether the measure broke in between;
        inside50 and inside90, true, false or missing where a bound or the
        rounding of what was published leaves it open; the middles of two
        benchmarks, no change (c = 0) and the trend undamped (c = φ = 1); the
        scores of the three, missing for a bound and after a break, which is no
        miss; the reason of a miss; unit; inputs.

    Notes
    -----
    The score is the weighted interval score on the scale T: about the relative
    error. All values of a series are points of one path.
    """
    frames = []
    for drawn in formula.draw_series(release, series, scenario, 0, draws, seed):
        model, later = drawn.model, later_values(release, drawn.model)
        if later.empty:
            continue
        goes_on, damping = model.row_id("growth_continues"), model.row_id("damping")
        undamped = drawn.holding({goes_on: 1.0, damping: 1.0})
        years, value = later["year"] - model.base_year, later["published"].to_numpy()
        tables = [
            np.quantile(formula.levels_after(model, symbols, years), QUANTILES, axis=1)
            for symbols in (drawn.symbols, drawn.holding({goes_on: 0.0}), undamped)
        ]
        *scaled, came = (formula.transform(table, model.maximum) for table in (*tables, value))
        scores = [weighted_interval_score(table, QUANTILES, came) for table in scaled]
        later = later.assign(
            series=model.id,
            **dict(zip(RANGES, tables[0][ENDS], strict=True)),
            no_change=tables[1][MEDIAN],
            undamped=tables[2][MEDIAN],
            **dict(zip(SCORES, scores, strict=True)),
            unit=model.unit,
            inputs=f"{formula.inputs_of(model)} " + later["inputs"],
        )
        frames.append(later)
    if not frames:
        return pd.DataFrame(columns=[*COLUMNS]).astype({f"inside{n}": "boolean" for n in (50, 90)})
    frame = pd.concat(frames, ignore_index=True)
    broke = (frame["miss_reason"] == BREAK).groupby(frame["series"]).cummax()
    is_bound = frame["qualifier"].map(lambda word: QUALIFIERS[word].is_bound)
    frame.loc[broke | is_bound, list(SCORES)] = np.nan
    frame["within_horizon"] = frame["year"] <= release.about.default_horizon
    frame["break_of_measure"] = broke
    for percent in (50, 90):
        low, high = frame[f"low{percent}"], frame[f"high{percent}"]
        within = frame["least"].ge(low) & frame["most"].le(high)
        outside = frame["least"].gt(high) | frame["most"].lt(low)
        # Where what was published allows values on both sides, it is missing.
        frame[f"inside{percent}"] = within.astype("boolean").mask(~(within | outside))
    reason = frame["miss_reason"].where(frame["inside90"].eq(False).fillna(False), "")
    frame["miss_reason"] = reason.mask(broke, BREAK)
    return frame[list(COLUMNS)]


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
        beyond the horizon) with the number of years that are scored, the mean
        score of the projection and of the two benchmarks, and inputs.
    """
    within = results["within_horizon"].astype(bool)
    goes_on = ~within.groupby(results["series"]).transform("all")
    spans = [results[within].assign(span="horizon"), results[goes_on].assign(span="all")]
    years = pd.concat(spans).sort_index(kind="stable").groupby(["series", "span"], sort=False)
    means = {name: (name, "mean") for name in SCORES}
    inputs = ("inputs", lambda inputs: join_inputs(*inputs))
    return years.agg(years=("score", "count"), **means, inputs=inputs).reset_index()


def later_values(release: Release, model: formula.Model) -> pd.DataFrame:
    """Return what was published about years after the base that ended after the release.

    Parameters
    ----------
    release
        The release; ``outturn_series`` of the series names rows of published.csv.
    model
        The rows of the series.

    Returns
    -------
    DataFrame
        A row a year, from the row whose period is like the base's; else from
        the months of a year, their mean weighted by the days behind each, a
        bound where one of them is; least and most are the ends of all values
        that it may stand for.
    """
    series, wanted = release.row(f"series:{model.id}"), period_of(model.base).whole
    rows = cells_of(release.published[release.published["series"] == series["outturn_series"]])
    when = {row.name: as_academic(period_of(row), wanted) for row in rows}
    years, found = defaultdict(list), []
    for row in rows:
        if when[row.name].end > release.about.published:
            years[int(when[row.name].middle)].append(row)
    for year, given in sorted(years.items()):
        like = [row for row in given if _is_like(when[row.name], wanted)][:1]
        months = [row for row in given if when[row.name].kind == "month"]
        used = like or ([] if wanted.kind in SEASONS else months)
        if year <= model.base_year or not used:
            continue
        days = [when[row.name].days if pd.isna(row["days"]) else row["days"] for row in used]
        values = [interval_of(row, release.assumptions) for row in used]
        levels = [
            (row["value"], float(v.low), float(v.high)) for row, v in zip(used, values, strict=True)
        ]
        value, *ends = np.average(levels, axis=0, weights=[1.0] if like else days)
        words = [row["qualifier"] for row in used]
        bound = (word for word in words if QUALIFIERS[word].is_bound)
        stated = (value, next(bound, words[0] if like else "exact"), *ends)
        reason = next(filter(None, (row["miss_reason"] for row in used)), series["miss_reason"])
        inputs = " ".join(f"published:{row.name}" for row in used)
        found.append((year, *stated, reason, inputs))
    return pd.DataFrame(found, columns=_LATER.split())


def weighted_interval_score(
    quantiles: Array, levels: tuple[float, ...], outturn: Number
) -> float | Array:
    """Score one projection, given as quantiles, against its outturn.

    Parameters
    ----------
    quantiles
        In the order of `levels`, on the scale on which the score is meant; a
        column an outturn where there are several.
    levels
        The median, and pairs of levels around it that add up to 1, in order.
    outturn
        What came, on the same scale.

    Returns
    -------
    float or ndarray
        0 for certainty that was right; lower is better.

    Notes
    -----
    Twice the mean pinball loss, which is ``(|y - m| / 2 + sum of a/2 * IS_a) / (K + 1/2)``
    with K pairs and ``IS_a = u - l + 2/a (l - y)+ + 2/a (y - u)+`` for the central
    interval that leaves a share a outside. Source:
    Bracher, Ray, Gneiting and Reich, PLoS Computational Biology 17(2), 2021,
    e1008618, equations 1 and 2; on the scale T after Bosse and others, PLoS
    Computational Biology 19(8), 2023, e1011393.

    Examples
    --------
    >>> float(weighted_interval_score(np.array([8.0, 10.0, 12.0]), (0.25, 0.5, 0.75), 10.0))
    0.6666666666666666
    """
    missed = (outturn - quantiles).T
    return 2 * np.maximum(missed * levels, missed * np.subtract(levels, 1)).mean(axis=-1)


def _is_like(period: Period, wanted: Period) -> bool:
    """Whether a period is of the kind of the base's, and at the same time of its year."""
    if period.kind in SEASONS or wanted.kind in SEASONS:
        return period.kind == wanted.kind and not season_problem(wanted, period)
    if "point" in {period.kind, wanted.kind}:
        return period.kind == wanted.kind
    apart = (period.middle - wanted.middle + 0.5) % 1 - 0.5
    return abs(apart) < LARGEST_SHIFT and period.days in YEAR_DAYS
