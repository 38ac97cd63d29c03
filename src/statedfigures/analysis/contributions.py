"""Which change between two editions moved which headline, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from statedfigures.analysis.differences import RowChange, mixed_tables
from statedfigures.analysis.horizon import require_horizon
from statedfigures.analysis.model import model_of
from statedfigures.analysis.quantiles import LEVELS, MEDIAN, NINETY_PERCENT
from statedfigures.analysis.rules import POOLED
from statedfigures.analysis.scenarios import draws_for, projected_quantiles
from statedfigures.analysis.shapley import shapley_values
from statedfigures.errors import InputError
from statedfigures.sources.records import ReleaseTables, Series

MIDDLE, BOTTOM, TOP = "middle", "bottom of the 90% range", "top of the 90% range"
QUANTITIES = (MIDDLE, BOTTOM, TOP)
TOGETHER = "all changes together"


@dataclass(frozen=True, slots=True)
class Choices:
    """The parameters that a headline depends on."""

    scenario: str
    horizon_year: int
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class Side:
    """One of two editions: its tables and its parameters."""

    tables: ReleaseTables
    choices: Choices


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline on both sides, and what each change contributed to the difference.

    ``quantity`` is one of `QUANTITIES`: the middle in the chosen scenario, or
    an end of the pooled 90% range. Values are in the unit of the series.
    ``contributions`` add up to ``new - old``, the largest first.
    """

    series: Series
    quantity: str
    old: float
    new: float
    contributions: tuple[tuple[str, float], ...]


def headline_values(series_id: str, side: Side) -> tuple[float, ...]:
    """Give the headline of a series: one value for each of `QUANTITIES`.

    Parameters
    ----------
    series_id
        A series that may be projected.
    side
        Tables and parameters.

    Returns
    -------
    tuple of float
        In the unit of the series, at the horizon.

    Raises
    ------
    ParameterError, AssumptionError, ComparabilityError, DataError
        As for `project_series`.
    """
    tables, choices = side.tables, side.choices
    model = model_of(tables, series_id)
    require_horizon(tables, model.base.year, choices.horizon_year)
    chance = draws_for(tables, model, choices.draws, choices.seed)
    steps = (choices.horizon_year - model.base.year,)
    middle = projected_quantiles(model, choices.scenario, chance, steps)[0]
    pooled = projected_quantiles(model, POOLED, chance, steps)[0]
    low, high = (float(pooled[LEVELS.index(level)]) for level in NINETY_PERCENT)
    return float(middle[LEVELS.index(MEDIAN)]), low, high


def headlines_of(
    old: Side, new: Side, changes: Sequence[RowChange], most: int
) -> tuple[Headline, ...]:
    """Share the difference of every headline out over the changes.

    Parameters
    ----------
    old, new
        The two sides.
    changes
        The rows that differ: see `table_changes`.
    most
        Largest number of changes that are told apart; where more differ, those
        of one kind and rule are taken together.

    Returns
    -------
    tuple of Headline
        For each series that both sides project, by id, one for each quantity.

    Raises
    ------
    InputError
        If one of the sides itself cannot be projected.
    """
    both = sorted(
        name
        for name, series in old.tables.series.items()
        if series.projectable == "yes"
        and name in new.tables.series
        and new.tables.series[name].projectable == "yes"
    )
    groups = grouped([one.reference for one in changes], old, new, most)
    return tuple(headline for name in both for headline in _headlines(name, old, new, groups))


def grouped(
    references: Sequence[str], old: Side, new: Side, most: int
) -> Mapping[str, tuple[str, ...]]:
    """Name the changes that are told apart, and what each holds.

    Parameters
    ----------
    references
        References of the rows that differ.
    old, new
        The two sides.
    most
        Largest number of names.

    Returns
    -------
    Mapping
        Name to references. A parameter is ``parameter:`` and its name.
    """
    parameters = [
        f"parameter:{name}"
        for name in Choices.__slots__
        if getattr(old.choices, name) != getattr(new.choices, name)
    ]
    # What only documents moves no headline, and need not be told apart.
    moving = ("figure:", "claim:", "series:", "assumption:", "release:")
    rows = [one for one in references if one.startswith(moving)]
    every = {one: (one,) for one in (*parameters, *rows)}
    if len(every) <= most:
        return every
    by_rule: dict[str, tuple[str, ...]] = {}
    by_kind: dict[str, tuple[str, ...]] = {}
    for one in every:
        kind, _, name = one.partition(":")
        row = new.tables.assumptions.get(name) or old.tables.assumptions.get(name)
        rule = f" with the rule {row.rule}" if kind == "assumption" and row else ""
        for groups, label in ((by_rule, f"{kind}s{rule}"), (by_kind, f"{kind}s")):
            groups[label] = (*groups.get(label, ()), one)
    return by_rule if len(by_rule) <= most else by_kind


def mixed_side(old: Side, new: Side, made: frozenset[str]) -> Side:
    """Give the old side with some changes of rows and parameters made."""
    names = {one.partition(":")[2] for one in made if one.startswith("parameter:")}
    choices = replace(old.choices, **{name: getattr(new.choices, name) for name in names})
    return Side(mixed_tables(old.tables, new.tables, made), choices)


def _headlines(
    name: str, old: Side, new: Side, groups: Mapping[str, tuple[str, ...]]
) -> list[Headline]:
    before, after = headline_values(name, old), headline_values(name, new)

    def value(made: frozenset[str]) -> tuple[float, ...]:
        references = frozenset(one for group in made for one in groups[group])
        if len(made) == len(groups):
            return after
        return headline_values(name, mixed_side(old, new, references)) if made else before

    try:
        shares = shapley_values(list(groups), value)
    except InputError:
        # Some changes make sense only together, such as a new figure and the series that uses it.
        both = partial(_together, before, after)
        shares = shapley_values([TOGETHER], both)
    found = []
    for place, quantity in enumerate(QUANTITIES):
        parts = [(one, values[place]) for one, values in shares.items()]
        parts.sort(key=lambda part: (-abs(part[1]), part[0]))
        series = new.tables.series[name]
        found.append(Headline(series, quantity, before[place], after[place], tuple(parts)))
    return found


def _together(
    before: Sequence[float], after: Sequence[float], made: frozenset[str]
) -> Sequence[float]:
    return after if made else before
