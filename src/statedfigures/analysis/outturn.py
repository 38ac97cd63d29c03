"""Projections made from the release alone, held against what was published later."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from statedfigures.analysis.draws import sobol_draws
from statedfigures.analysis.engine import MODELS, POOL
from statedfigures.analysis.model import model_of
from statedfigures.analysis.periods import published_period
from statedfigures.analysis.quantiles import FIFTY_PERCENT, LEVELS, NINETY_PERCENT
from statedfigures.analysis.records import Outturn, OutturnScore, OutturnYear
from statedfigures.analysis.rules import POOLED
from statedfigures.analysis.scenarios import projected_quantiles
from statedfigures.analysis.scoring import log_score
from statedfigures.sources.records import ReleaseTables, Series

TOR_MONTHS = "tor_monthly_users"
NO_CHANGE = "no_change"
Quantiles = Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Later:
    """A value for a year after the release, and the rows that it came from."""

    year: int
    value: float
    published: str
    miss_reason: str
    references: tuple[str, ...]


def outturn_of(tables: ReleaseTables, series_id: str, *, draws: int, seed: int) -> Outturn:
    """Score the projections of a series against what was published later.

    Parameters
    ----------
    tables
        The tables of the release.
    series_id
        A series that may be projected.
    draws
        Number of Sobol points, a power of two.
    seed
        Seed of their scrambling, 0 or above.

    Returns
    -------
    Outturn
        Years in order, with the pooled projection; a score for each form and
        the pool, all with every assumption drawn. Both are empty where there
        is no outturn, and ``reason`` is then the reason of ``series.csv``.

    Raises
    ------
    ParameterError, AssumptionError, ComparabilityError, DataError
        As for `project_series`.

    Notes
    -----
    The projection reads nothing that was published later, but the ranges of
    the register were set by people who knew it: see ``docs/methods.md``.
    """
    model = model_of(tables, series_id)
    series = model.series
    later = later_values(tables, series, model.base.year)
    if not later:
        return Outturn(series, (), (), series.outturn_note, model.references)
    chance = sobol_draws(draws, seed)
    steps = tuple(one.year - model.base.year for one in later)
    projected = {
        form: [
            dict(zip(LEVELS, row, strict=True))
            for row in projected_quantiles(model, POOLED, chance, steps, form).tolist()
        ]
        for form in MODELS
    }
    losses = {
        form: [log_score(row, one.value) for row, one in zip(rows, later, strict=True)]
        for form, rows in projected.items()
    }
    return Outturn(
        series=series,
        years=tuple(
            _year(series, one, row) for one, row in zip(later, projected[POOL], strict=True)
        ),
        scores=tuple(
            _score(series, form, later, projected[form], losses[form], losses[NO_CHANGE])
            for form in MODELS
        ),
        reason=series.outturn_note,
        inputs=(
            *model.references,
            *(reference for one in later for reference in one.references),
            "parameter:draws",
            "parameter:seed",
        ),
    )


def later_values(tables: ReleaseTables, series: Series, base_year: int) -> tuple[Later, ...]:
    """Gather what was published for a series about years after its base and its release.

    Parameters
    ----------
    tables
        The tables of the release.
    series
        The series; ``outturn_series`` names rows of ``published.csv``, or
        ``tor_monthly_users`` for the yearly means of that table.
    base_year
        Year of the base.

    Returns
    -------
    tuple of Later
        By year. Only whole calendar years count, but a yearly mean of months
        may rest on the months that there are, each by its days.
    """
    published = tables.description.published
    if series.outturn_series == TOR_MONTHS:
        found = list(_yearly_means(tables, series))
    else:
        found = [
            Later(
                int(row.period),
                float(row.value),
                row.id,
                row.miss_reason or series.miss_reason,
                (f"published:{row.id}",),
            )
            for row in tables.published.values()
            if row.series == series.outturn_series
            and published_period(row.period).kind == "calendar_year"
        ]
    first = max(base_year, published.year)
    return tuple(sorted((one for one in found if one.year > first), key=lambda one: one.year))


def _yearly_means(tables: ReleaseTables, series: Series) -> Iterator[Later]:
    months = [
        month for month in tables.tor_monthly_users if month.month > tables.description.published
    ]
    for year in sorted({month.month.year for month in months}):
        within = sorted(
            (month for month in months if month.month.year == year), key=lambda one: one.month
        )
        users = math.fsum(month.mean_daily_users * month.days for month in within)
        days = sum(month.days for month in within)
        references = tuple(f"month:{month.month:%Y_%m}" for month in within)
        yield Later(year, users / days, TOR_MONTHS, series.miss_reason, references)


def _inside(value: float, row: Quantiles, ends: tuple[float, float]) -> bool:
    return row[ends[0]] <= value <= row[ends[1]]


def _year(series: Series, one: Later, row: Quantiles) -> OutturnYear:
    inside_90 = _inside(one.value, row, NINETY_PERCENT)
    return OutturnYear(
        series=series,
        year=one.year,
        outturn=one.value,
        published=one.published,
        projected=row,
        inside_50=_inside(one.value, row, FIFTY_PERCENT),
        inside_90=inside_90,
        miss_reason="" if inside_90 else one.miss_reason,
    )


def _score(
    series: Series,
    form: str,
    later: tuple[Later, ...],
    rows: list[dict[float, float]],
    losses: list[float],
    benchmark: list[float],
) -> OutturnScore:
    def coverage(ends: tuple[float, float]) -> float:
        inside = [_inside(one.value, row, ends) for one, row in zip(later, rows, strict=True)]
        return sum(inside) / len(inside)

    return OutturnScore(
        series=series,
        model=form,
        years=len(later),
        weighted_interval_score=math.fsum(losses) / len(losses),
        # Where no change was exactly right, nothing can have skill against it.
        skill=1 - math.fsum(losses) / math.fsum(benchmark) if math.fsum(benchmark) > 0 else 0.0,
        coverage_50=coverage(FIFTY_PERCENT),
        coverage_90=coverage(NINETY_PERCENT),
    )
