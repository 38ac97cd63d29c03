"""Projections: what would follow from the stated figures if the assumptions held.

One formula, on a scale T that is the logarithm, or for a series with a maximum
the logit of the share of it:

    T(y_k) = T(base × step) + c · g · (φ + φ² + … + φ^k) + σ · √k · z

Each symbol is a function of a few lines below, and `future` puts them together.
Years k are counted between the middles of periods: a projected period is of the
same kind as the base's, k whole years later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, product
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from statedfigures.analysis import assumptions
from statedfigures.analysis.assumptions import DIMENSIONS, Array, applying, required, row_of
from statedfigures.analysis.qualifiers import draw_claim, draw_value, falls, width_symbol
from statedfigures.errors import AssumptionError, ParameterError
from statedfigures.release.periods import decimal_year, period_of, years_between
from statedfigures.release.rules import covers_a_part
from statedfigures.release.schema import Release, Row

QUANTILES = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
# What makes percentages of the levels of a share.
PERCENT: Mapping[str, int] = {"percent": 1, "fraction": 100}
# Judgements that the scenarios low and high hold at the quartiles of their ranges.
JUDGEMENTS = ("growth_continues", "damping", "base_step")
QUARTILES = np.array([0.25, 0.75])
LARGEST_CLIPPED_SHARE = 0.01
# What only the years after the base read.
FUTURE = ("growth_continues", "damping", "volatility", "base_step")
COLUMNS = ["series", "scenario", "year", "quantile", "value", "unit", "inputs"]
GROWTH = ["series", "start_period", "base_period", "years", "growth", "low", "high", *COLUMNS[-2:]]

Symbols = Mapping[str, Array]


# The symbols, each on its own, so that a change to one voids the sign-off of its rows alone.


def continuing_growth(growth: Array, share: Array) -> Array:
    """Return c · g, the growth a year that goes on after the base.

    Examples
    --------
    >>> continuing_growth(np.array([0.2]), np.array([0.25])).tolist()
    [0.05]
    """
    return share * growth


def damped_years(damping: Array, years: Array) -> Array:
    """Return φ + φ² + … + φ^k, the years of growth that are left after damping.

    Parameters
    ----------
    damping
        Share of a year's growth left the year after, shape (draws,), 0 to 1.
    years
        Whole years after the base, shape (years,), 0 or more.

    Returns
    -------
    ndarray
        Shape (years, draws), in years.

    Notes
    -----
    Gardner and McKenzie, Management Science 31(10), 1985, equation 4.

    Examples
    --------
    >>> damped_years(np.array([0.5, 1.0]), np.array([0, 3])).tolist()
    [[0.0, 0.0], [0.875, 3.0]]
    """
    powers = accumulate([damping] * int(years.max()), np.multiply)
    sums = [np.zeros(len(damping)), *accumulate(powers, np.add)]
    return np.array([sums[year] for year in years.astype(int)])


def chance(volatility: Array, years: Array, normal: Array) -> Array:
    """Return σ · √k · z, what chance adds over k independent years, shape (years, draws).

    Examples
    --------
    >>> chance(np.array([0.1]), np.array([4.0]), np.array([1.0])).tolist()
    [[0.2]]
    """
    return np.sqrt(years)[:, np.newaxis] * (volatility * normal)


def stepped_base(base: Array, step: Array) -> Array:
    """Return base × step, what a whole year holds under a change of method during the base year.

    Examples
    --------
    >>> stepped_base(np.array([200.0]), np.array([1.25])).tolist()
    [250.0]
    """
    return base * step


def whole_year(to_date: Array, elapsed: Array, rate: Array) -> Array:
    """Return a whole year from its counted part: to date × (1 + remaining / elapsed × r).

    Parameters
    ----------
    to_date
        Count in the part of the year that has passed.
    elapsed
        That part, as a fraction of the year, above 0.
    rate
        Rate in the rest of the year over the rate so far.

    Examples
    --------
    Nine hundred in three quarters of a year are twelve hundred in all of it.

    >>> float(whole_year(np.array(900.0), np.array(0.75), np.array(1.0)))
    1200.0
    """
    return to_date * (1 + (1 - elapsed) / elapsed * rate)


def counted_to_date(projected_year: Array, elapsed: Array) -> Array:
    """Return the count to date behind a year that its publisher projected at an even rate.

    Examples
    --------
    >>> float(counted_to_date(np.array(1200.0), np.array(0.75)))
    900.0
    """
    return projected_year * elapsed


def counted_part(last_day: Array, days: int) -> Array:
    """Return the part of a year that is counted, from the last day counted: 304 is 31 October.

    Examples
    --------
    >>> counted_part(np.array([73.0]), 365).tolist()
    [0.2]
    """
    return last_day / days


def yearly_growth(rise: Array, years: Array) -> Array:
    """Return g, the rise on the scale T over the years that it took.

    Examples
    --------
    >>> yearly_growth(np.array([0.5]), np.array([2.0])).tolist()
    [0.25]
    """
    return rise / years


# The scale, and times.


def transform(level: Array, maximum: float) -> Array:
    """Return T: the logarithm of a level, or the logit of its share of the maximum.

    Examples
    --------
    >>> transform(np.array([1.0]), np.inf).tolist(), transform(np.array([30.0]), 60.0).tolist()
    ([0.0], [0.0])
    """
    return np.log(level) if np.isinf(maximum) else np.log(level / (maximum - level))


def transform_back(value: Array, maximum: float) -> Array:
    """Return the level at a value of T; it never passes the maximum.

    Examples
    --------
    >>> transform_back(np.array([0.0]), 60.0).tolist()
    [30.0]
    """
    # Far beyond what a projection reaches, the ends of an allowed range may overflow.
    with np.errstate(over="ignore"):
        return np.exp(value) if np.isinf(maximum) else maximum / (1 + np.exp(-value))


def clipped(level: Array, stated: float, maximum: float) -> Array:
    """Return levels below the maximum: one at or above it becomes halfway from stated to it.

    Examples
    --------
    >>> clipped(np.array([97.0, 104.0]), 96.0, 100.0).tolist()
    [97.0, 98.0]
    """
    return np.where(level < maximum, level, (stated + maximum) / 2)


def is_part_of_year(figure: Row) -> bool:
    """Whether a figure counts part of a year, or was projected from one; no share does."""
    return bool(covers_a_part(figure) or figure["qualifier"] == "projected")


def elapsed_part(figure: Row) -> float:
    """Return the part of a year that the period of a figure covers, its last day included.

    Examples
    --------
    >>> first, last = pd.Timestamp("2014-01-01"), pd.Timestamp("2014-09-30")
    >>> kind = {"period_kind": "part_year"}
    >>> elapsed_part(pd.Series({"period_start": first, "period_end": last} | kind))
    0.75
    """
    period = period_of(figure)
    return 2 * (period.middle - decimal_year(period.start))


# A series, its draws, and the formula.


@dataclass(frozen=True, slots=True)
class Model:
    """The rows from which a series is projected.

    ``start`` is a figure, or the claim of a rise without its base; ``rows``
    has the assumption of each dimension; ``years`` are those of the growth,
    NaN where they are an assumption; ``base_year``, from which years are
    counted, has the middle of the base's period; ``references`` lead to what
    was stated.
    """

    id: str
    unit: str
    base: Row
    start: Row
    stands_before: bool
    rows: Mapping[str, Row]
    maximum: float
    years: float
    base_year: int
    references: tuple[str, ...]

    @property
    def stated(self) -> float:
        """Return the stated value of the base."""
        return float(self.base["value"])

    @property
    def from_claim(self) -> bool:
        """Whether the growth is a claim's, without a figure at its start."""
        return "kind" in self.start

    def row_id(self, dimension: str) -> str:
        """Return the id of the assumption of a dimension, empty for none."""
        return str(self.rows[dimension].name) if dimension in self.rows else ""

    def ids(self) -> tuple[str, ...]:
        """Return the assumptions in the order of the dimensions, each once."""
        return tuple(dict.fromkeys(str(row.name) for row in self.rows.values()))


def model_of(release: Release, series_id: str) -> Model:
    """Return the rows from which a series is projected.

    Raises
    ------
    AssumptionError
        If the register lacks a row that the series needs.
    """
    series, register = row_of(release, f"series:{series_id}"), release.assumptions
    base, limit = row_of(release, f"figure:{series['base_figure']}"), str(series["maximum"])
    needed = ("growth_continues", "damping", "volatility")
    rows: dict[str, Row | None] = {name: required(register, name, series_id) for name in needed}
    rows["base_step"] = applying(register, "base_step", series_id)
    figures, stands_before = [base], bool(series["base_stands"] == "before")
    base_year, years, growth_from = int(period_of(base).whole.middle), np.nan, series["growth_from"]
    reference = f"figure:{growth_from}" if growth_from else f"claim:{series['growth_claim']}"
    start = row_of(release, reference)
    if growth_from:
        figures.append(start)
        years = years_between(period_of(start), period_of(base))
    else:
        rows["growth_years"] = growth_years = required(register, "growth_years", series_id)
        if stands_before:
            # The level after the rise is projected, from the year in which it was reached.
            base_year += max(round(float(growth_years["central"])), 1)
    for name, stated in (("base", base), ("start", start)):
        if width := width_symbol(stated):
            rows[f"{name}_width"] = required(register, width, str(stated.name), series_id)
    for figure, name in product(filter(is_part_of_year, figures), ("rest_of_year", "cutoff")):
        is_needed = name == "rest_of_year" or figure["qualifier"] == "projected"
        find = required if is_needed else applying
        row, other = find(register, name, str(figure.name), series_id), rows.get(name)
        if other is not None and (row is None or row.name != other.name):
            raise AssumptionError(
                f"assumptions.csv: start and base of {series_id} are both made whole years; "
                f"give one row with the symbol {name} that applies to {series_id}"
            )
        rows[name] = row
    references = [f"series:{series_id}", reference, f"figure:{base.name}"]
    references += [limit] if ":" in limit else []
    return Model(
        id=series_id,
        unit=str(series["unit"]),
        base=base,
        start=start,
        stands_before=stands_before,
        rows={name: found for name in DIMENSIONS if (found := rows.get(name)) is not None},
        maximum=float(release.row(limit)["value"] if ":" in limit else limit or np.inf),
        years=years,
        base_year=base_year,
        references=tuple(references),
    )


def draw_symbols(
    model: Model, points: Array, held: Mapping[str, float], drawn: Mapping[str, Array] | None = None
) -> dict[str, Array]:
    """Return the symbols of the formula, draw by draw.

    Parameters
    ----------
    model
        The rows of a series.
    points
        Sobol points, shape (dimensions, draws).
    held
        Id of an assumption to the value at which it is held.
    drawn
        The symbols with nothing held, of which only what is held is drawn anew.

    Returns
    -------
    dict
        Name of a dimension to its values, of ``start`` to the level from which
        growth is observed, of ``base`` to that at which it ends, of ``growth``
        to the growth a year on the scale T, of ``peak`` to the larger of the
        two before it is kept below the maximum. Shape (draws,); (1,) for what
        is held.
    """
    ids = {name: model.row_id(name) for name in model.rows}
    fixed = {name: np.array([held[row_id]]) for name, row_id in ids.items() if row_id in held}
    places = dict(zip(DIMENSIONS, points, strict=True))
    if drawn is None:
        # A row that serves two dimensions is one assumption and has one value.
        first = {row_id: name for name, row_id in reversed(ids.items())}
        rows = model.rows.items()
        drawn = {n: assumptions.value_at(row, places[first[ids[n]]]) for n, row in rows}
    elif set(fixed) <= set(FUTURE):
        return {**drawn, **fixed}
    symbols = {"base_step": np.ones(1), **drawn, **fixed}
    stated_level = _level(model.base, symbols, "base_width", places["base"])
    if model.from_claim:
        start = _level_beside(model, stated_level, symbols, places["start"])
    else:
        start = _level(model.start, symbols, "start_width", places["start"])
    # A base that stands before a rise is where the growth starts.
    start, base = (stated_level, start) if model.stands_before else (start, stated_level)
    if min(start.min(), base.min()) <= 0:
        raise AssumptionError(
            f"series {model.id}: draws of its base or start reach zero or below, where growth has "
            "no meaning; narrow the width of its qualifier, or make it bounds_only in series.csv"
        )
    peak = np.maximum(start, base)
    start, base = (clipped(level, model.stated, model.maximum) for level in (start, base))
    rise = transform(base, model.maximum) - transform(start, model.maximum)
    growth = yearly_growth(rise, symbols.get("growth_years", np.asarray(model.years)))
    levels = {"start": start, "base": base, "growth": growth, "peak": peak}
    return symbols | levels | {"chance": np.asarray(ndtri(places["chance"]))}


def future(model: Model, symbols: Symbols, years: Array) -> Array:
    """Return T(y_k), the series on the scale T, some whole years after the base.

    Parameters
    ----------
    model
        The rows of the series.
    symbols
        See `draw_symbols`.
    years
        Years k after the base, shape (years,), 0 or more.

    Returns
    -------
    ndarray
        Shape (years, draws).
    """
    level = stepped_base(symbols["base"], symbols["base_step"])
    level = clipped(level, model.stated, model.maximum)
    growth = continuing_growth(symbols["growth"], symbols["growth_continues"])
    return (
        transform(level, model.maximum)
        + growth * damped_years(symbols["damping"], years)
        + chance(symbols["volatility"], years, symbols["chance"])
    )


def _level(figure: Row, symbols: Symbols, width: str, uniform: Array) -> Array:
    """Return draws of a figure, those for part of a year brought to a whole one."""
    value = draw_value(figure, symbols.get(width, np.zeros(1)), uniform)
    if not is_part_of_year(figure):
        return value
    elapsed = np.asarray(elapsed_part(figure))
    if "cutoff" in symbols:
        elapsed = counted_part(symbols["cutoff"], 365 + figure["period_start"].is_leap_year)
    to_date = counted_to_date(value, elapsed) if figure["qualifier"] == "projected" else value
    return whole_year(to_date, elapsed, symbols["rest_of_year"])


def _level_beside(model: Model, level: Array, symbols: Symbols, uniform: Array) -> Array:
    """Return draws of the level on the other side of the rise that a claim states."""
    claim, width = model.start, symbols.get("start_width", np.zeros(1))
    size, unit = abs(float(claim["stated_value"])), claim["stated_unit"]
    change = draw_claim(claim, width, uniform)
    if claim["kind"] == "multiple":
        factor = 1 / change if falls(claim) and size > 1 else change
    else:
        factor = 1 + change / (100 if unit == "percent" else 1) * (-1 if falls(claim) else 1)
    return level * factor if model.stands_before else level / factor


def held_in(
    release: Release, model: Model, symbols: Symbols, scenario: str, years: int
) -> dict[str, float]:
    """Return the assumptions that a scenario holds, with their values.

    Parameters
    ----------
    release
        The release; its own scenarios are read.
    model
        The rows of a series.
    symbols
        Its symbols with nothing held.
    scenario
        ``central`` holds none; ``low`` and ``high`` hold `JUDGEMENTS` at that
        corner of the quartiles of their ranges which has the lowest or highest
        middle at the horizon; any other is read in scenarios.csv.
    years
        Years from the base to the horizon.
    """
    if scenario not in {"low", "high"}:
        rows = release.scenarios[release.scenarios["scenario"] == scenario]
        return dict(zip(rows["assumption"], rows["value"].astype(float), strict=True))
    judged = [name for name in JUDGEMENTS if name in model.rows]
    ends = [assumptions.value_at(model.rows[name], QUARTILES).tolist() for name in judged]

    def middle(corner: tuple[float, ...]) -> float:
        held = {name: np.array([end]) for name, end in zip(judged, corner, strict=True)}
        return float(np.median(future(model, {**symbols, **held}, np.array([years]))))

    corners = sorted(product(*ends), key=middle)
    corner = corners[0] if scenario == "low" else corners[-1]
    return {model.row_id(name): end for name, end in zip(judged, corner, strict=True)}


def levels_after(model: Model, symbols: Symbols, years: Iterable[int]) -> Array:
    """Return the levels of a series some years after its base, draw by draw.

    Parameters
    ----------
    model, symbols
        See `draw_symbols`.
    years
        Whole years after the base.

    Returns
    -------
    ndarray
        In the unit of the series, shape (years, draws).

    Raises
    ------
    AssumptionError
        If more than one draw in a hundred of the base reaches the maximum.
    """
    share = clipped_share(model, symbols)
    if share > LARGEST_CLIPPED_SHARE:
        raise AssumptionError(
            f"series {model.id}: {share:.0%} of the draws of its base or start reach the maximum "
            f"{model.maximum:g}; correct the maximum in series.csv, or the range of base_step or "
            "of the qualifier in assumptions.csv"
        )
    return transform_back(future(model, symbols, np.array(list(years))), model.maximum)


def clipped_share(model: Model, symbols: Symbols) -> float:
    """Return the share of draws in which the start, the base or base × step is at the maximum."""
    if np.isinf(model.maximum):
        return 0.0
    stepped = stepped_base(symbols["base"], symbols["base_step"])
    return float(np.mean(np.maximum(symbols["peak"], stepped) >= model.maximum))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A series as a scenario draws it, up to its horizon.

    ``years`` lie between base and horizon; ``symbols`` are drawn with what the
    scenario holds.
    """

    model: Model
    scenario: str
    years: int
    points: Array
    held: Mapping[str, float]
    symbols: Symbols

    def holding(self, held: Mapping[str, float]) -> dict[str, Array]:
        """Return the symbols with more assumptions held, from id to value."""
        return draw_symbols(self.model, self.points, {**self.held, **held}, self.symbols)

    def levels(self, years: Iterable[int]) -> Array:
        """Return the levels some years after the base, draw by draw: see `levels_after`."""
        return levels_after(self.model, self.symbols, years)


def draw_series(
    release: Release,
    series: str | Iterable[str] | None = None,
    scenario: str | Iterable[str] | None = None,
    horizon_year: int = 0,
    draws: int = assumptions.DRAWS,
    seed: int = assumptions.SEED,
) -> Iterator[Drawn]:
    """Yield every series in every scenario; the parameters are those of `check_arguments`.

    Raises
    ------
    ParameterError
        If the horizon is not after the base of a series.
    """
    arguments = assumptions.check_arguments(release, series, scenario, horizon_year, draws, seed)
    points = assumptions.sobol_points(arguments.draws, arguments.seed)
    for series_id in arguments.series:
        model = model_of(release, series_id)
        if (years := arguments.horizon_year - model.base_year) < 1:
            raise ParameterError(
                f"parameter horizon_year: {arguments.horizon_year} is not after "
                f"{model.base_year}, the year of the base of {series_id}; give a later year"
            )
        free = draw_symbols(model, points, {})
        for scenario in arguments.scenario:
            held = held_in(release, model, free, scenario, years)
            symbols = draw_symbols(model, points, held, free)
            yield Drawn(model, scenario, years, points, held, symbols)


def inputs_of(model: Model, *, up_to_base: bool = False) -> str:
    """Return the references behind a projected number, or behind the growth up to the base."""
    dimensions = [name for name in model.rows if not (up_to_base and name in FUTURE)]
    parameters = ("draws", "seed") if up_to_base else ("scenario", "horizon_year", "draws", "seed")
    rows = dict.fromkeys(f"assumption:{model.row_id(name)}" for name in dimensions)
    return " ".join((*model.references, *rows, *(f"parameter:{name}" for name in parameters)))


def project(
    release: Release,
    series: str | Iterable[str] | None = None,
    *,
    horizon_year: int = 0,
    scenario: str | Iterable[str] | None = None,
    draws: int = assumptions.DRAWS,
    seed: int = assumptions.SEED,
) -> pd.DataFrame:
    """Project series from their base to a horizon.

    Parameters
    ----------
    release
        The release.
    series
        Ids of series; every series that may be projected where left out.
    horizon_year
        Last year; 0 is the default of release.toml.
    scenario
        ``low``, ``central``, ``high`` or a scenario of scenarios.csv; all of
        them where left out.
    draws
        Number of Sobol points, a power of two.
    seed
        Seed of their scrambling.

    Returns
    -------
    DataFrame
        A row for each series, scenario, year (from that of the base on) and
        quantile, with value, unit and inputs.

    Raises
    ------
    ParameterError
        If an argument is wrong.
    AssumptionError
        If the register lacks a row, or the base does not stay below the maximum.
    """
    rows: list[tuple[Any, ...]] = []
    for drawn in draw_series(release, series, scenario, horizon_year, draws, seed):
        model, years, inputs = drawn.model, range(drawn.years + 1), inputs_of(drawn.model)
        table = np.quantile(drawn.levels(years), QUANTILES, axis=1)
        places = product((model.base_year + year for year in years), QUANTILES)
        for place, value in zip(places, table.T.ravel().tolist(), strict=True):
            rows.append((model.id, drawn.scenario, *place, value, model.unit, inputs))
    return pd.DataFrame(rows, columns=COLUMNS)


def draws(
    release: Release,
    series: str | None = None,
    *,
    horizon_year: int = 0,
    scenario: str = "central",
    draws: int = assumptions.DRAWS,
    seed: int = assumptions.SEED,
) -> pd.DataFrame:
    """Return the draws behind a projection.

    Parameters
    ----------
    release
        The release.
    series
        Id of one series; may be left out where only one may be projected.
    horizon_year, scenario, draws, seed
        As for `project`, of one scenario.

    Returns
    -------
    DataFrame
        A row a draw: a column for each assumption, in its unit; ``start`` and
        ``base``, the levels between which growth is observed; ``growth`` a
        year on the scale T; ``chance``, the standard normal number z; and each
        year, from the base's on, in the unit of the series. The base's year
        holds base × step.

    Raises
    ------
    ParameterError
        If an argument is wrong, or the draws would be of several series.
    """
    found = draw_series(release, series, scenario, horizon_year, draws, seed)
    named = {drawn.model.id: drawn for drawn in found}
    if len(named) != 1:
        names = f"name one of {', '.join(named)}" if named else "none may be projected"
        raise ParameterError(f"parameter series: draws are of one series; {names}")
    [drawn] = named.values()
    model, symbols = drawn.model, drawn.symbols
    columns: dict[str | int, Array] = {str(row.name): symbols[n] for n, row in model.rows.items()}
    columns |= {name: symbols[name] for name in ("start", "base", "growth", "chance")}
    columns |= dict(enumerate(drawn.levels(range(drawn.years + 1)), start=model.base_year))
    return pd.DataFrame({name: np.broadcast_to(value, draws) for name, value in columns.items()})


def observed_growth(
    release: Release, *, draws: int = assumptions.DRAWS, seed: int = assumptions.SEED
) -> pd.DataFrame:
    """Return the growth a year that the release states, for each series to be projected.

    Parameters
    ----------
    release
        The release.
    draws, seed
        As for `project`.

    Returns
    -------
    DataFrame
        Indexed by series: start_period (empty for a rise without its base) and
        base_period, years between their middles, growth a year with its 90% range low to
        high, unit (percent; percentage_points for a series with a maximum that
        is itself a share), inputs. Years are the middle of their draws where
        they are an assumption.
    """
    rows = []
    for drawn in draw_series(release, scenario="central", draws=draws, seed=seed):
        model, symbols = drawn.model, drawn.symbols
        years = symbols.get("growth_years", np.array([model.years]))
        change, unit = 100 * np.expm1(np.log(symbols["base"] / symbols["start"]) / years), "percent"
        if scale := PERCENT.get(model.unit):
            change, unit = scale * (symbols["base"] - symbols["start"]) / years, "percentage_points"
        low, middle, high = np.quantile(change, [0.05, 0.5, 0.95]).tolist()
        start = "" if model.from_claim else period_of(model.start).words
        spans = (model.id, start, period_of(model.base).words, float(np.median(years)))
        rows.append((*spans, middle, low, high, unit, inputs_of(model, up_to_base=True)))
    return pd.DataFrame(rows, columns=GROWTH).set_index("series")
