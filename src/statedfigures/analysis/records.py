"""What the analysis gives: frozen results that carry the ids of their inputs.

``inputs`` are references such as ``figure:images_2014``, ``claim:…``,
``published:…``, ``assumption:…`` or ``parameter:…``, so that everything shown
later can lead back to the rows that it was computed from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from statedfigures.sources.records import (
    Claim,
    Figure,
    PublishedFigure,
    ReleaseTables,
    Series,
)

if TYPE_CHECKING:  # judging claims needs no pandas, which takes half a second to import
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Interval:
    """All values that a stated number may stand for; None is unbounded."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False


class Verdict(StrEnum):
    """Whether the figures bear a claim out."""

    SUPPORTED = "supported"
    WITHIN_ROUNDING = "supported within rounding"
    NOT_SUPPORTED = "not supported"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class ComparabilityWarning:
    """Two figures of a claim differ in kind: ``code`` says in what, the sides say how."""

    code: str
    from_side: str
    to_side: str


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim, what it amounts to and whether the figures bear it out.

    ``recomputed`` and ``stated`` are in ``unit``: ``percent`` for changes and
    shares, ``multiple`` for multiples, the figures' own unit for extremes.
    """

    claim: Claim
    recomputed: Interval | None
    stated: Interval | None
    unit: str
    verdict: Verdict
    warnings: tuple[ComparabilityWarning, ...]
    reason: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """A stated figure beside what was published elsewhere for the same thing.

    ``published_total`` adds up ``published`` where these are parts of a whole.
    ``difference_percent`` is the published total over the stated value, less 1.
    """

    figure: Figure
    published: tuple[PublishedFigure, ...]
    published_total: Interval
    difference_percent: Interval | None
    agrees: bool
    reason: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImpliedDenominator:
    """The base that a stated share implies, beside one that was published.

    ``implied`` is ``numerator`` over the share; ``implied_numerator`` is the
    share of the published base: what the numerator would have to be.
    """

    claim: Claim
    numerator: Figure
    implied: Interval
    published: PublishedFigure
    implied_numerator: Interval
    agrees: bool
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """A series projected under the register, in the hubverse long form.

    Attributes
    ----------
    series
        The series.
    base_year
        Year of the base; the first year projected is the next one.
    horizon_year
        Last year projected.
    marked_from
        First year that lies beyond the default horizon, or None.
    rows
        One row for each scenario, model, year and quantile. Columns:
        ``series`` (str), ``scenario`` (str: low, central, high, pooled),
        ``model`` (str: no_change, linear, compound, damped, saturating,
        pool), ``target_year`` (int64), ``output_type`` (str: quantile),
        ``output_type_id`` (float64: the quantile level), ``value`` (float64)
        and ``unit`` (str).
    base_quantiles
        Quantile level to value of the base, in the unit of the series.
    observed_annual_growth_fraction
        Central annual growth that the stated figures imply.
    weights
        Weight of each model in the pool; they add up to 1.
    inputs
        References to every figure, assumption and parameter that was read.
    """

    series: Series
    base_year: int
    horizon_year: int
    marked_from: int | None
    rows: pd.DataFrame
    base_quantiles: Mapping[float, float]
    observed_annual_growth_fraction: float
    weights: Mapping[str, float]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A series that is given as bounds only, with the reason."""

    series: Series
    rows: tuple[tuple[Figure, Interval], ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HedgedFigure:
    """A stated figure as a distribution: quantiles in the figure's unit.

    ``alternative`` is the other way to read the phrase, in words without
    digits; ``rule`` is the rule of the register that was applied.
    """

    figure: Figure
    rule: str
    assumption: str
    q05: float
    q50: float
    q95: float
    alternative: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """How much one assumption moves a headline.

    ``headline_at_low`` and ``headline_at_high`` are the headline with this
    assumption alone at its low and its high. The Sobol indices are on the log
    scale, with standard errors. ``break_even`` is the value at which the
    headline changes its message, or None inside the allowed range. ``label``
    says so where the assumption was challenged or rejected.
    """

    assumption: str
    label: str
    headline_at_low: float
    headline_at_high: float
    first_order: float
    first_order_error: float
    total: float
    total_error: float
    break_even: float | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Sensitivity of one headline: the series at its horizon, pooled.

    ``rows`` are sorted by first-order index, largest first: that is the share
    of variance that would go if the assumption were known.
    """

    series: Series
    target_year: int
    headline: float
    rows: tuple[SensitivityRow, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutturnYear:
    """A year of outturn beside the pooled projection made from the release alone."""

    series: Series
    year: int
    outturn: float
    published: str
    projected: Mapping[float, float]
    inside_50: bool
    inside_90: bool
    miss_reason: str


@dataclass(frozen=True, slots=True)
class OutturnScore:
    """Score of one model against the outturns of a series, on the log scale.

    ``skill`` is 1 less the mean weighted interval score over that of no
    change; coverage is a fraction of years.
    """

    series: Series
    model: str
    years: int
    weighted_interval_score: float
    skill: float
    coverage_50: float
    coverage_90: float


@dataclass(frozen=True, slots=True)
class Outturn:
    """What was published later for one series, and how the projections did.

    Without outturns, ``years`` and ``scores`` are empty and ``reason`` says why.
    """

    series: Series
    years: tuple[OutturnYear, ...]
    scores: tuple[OutturnScore, ...]
    reason: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicStudy:
    """Everything the report says about one topic, for one set of parameters."""

    tables: ReleaseTables
    topic: str
    scenario: str
    horizon_year: int
    figures: tuple[Figure, ...]
    claims: tuple[ClaimResult, ...]
    cross_checks: tuple[CrossCheck, ...]
    denominators: tuple[ImpliedDenominator, ...]
    hedges: tuple[HedgedFigure, ...]
    projections: tuple[Projection, ...]
    bounds: tuple[Bounds, ...]
