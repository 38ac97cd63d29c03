"""Which change between two editions moved which headline, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from statedfigures.analysis.differences import RowChange, mixed_tables
from statedfigures.analysis.draws import sobol_draws
from statedfigures.analysis.horizon import require_horizon
from statedfigures.analysis.model import model_of
from statedfigures.analysis.quantiles import LEVELS, MEDIAN, NINETY_PERCENT
from statedfigures.analysis.rules import POOLED
from statedfigures.analysis.scenarios import projected_quantiles
from statedfigures.analysis.shapley import shapley_values
from statedfigures.errors import InputError
from statedfigures.sources.records import ReleaseTables, Series

MIDDLE, BOTTOM, TOP = "middle", "bottom of the 90% range", "top of the 90% range"
QUANTITIES = (MIDDLE, BOTTOM, TOP)
TOGETHER = "all changes together"
OTHERS = "other changes together"
# What only documents moves no headline.
MOVING = ("figure:", "claim:", "series:", "assumption:", "release:")


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
    ``contributions`` add up to ``new - old``, the largest first. ``together``
    names the changes that share one contribution, where some do.
    """

    series: Series
    quantity: str
    old: float
    new: float
    contributions: tuple[tuple[str, float], ...]
    together: tuple[str, ...] = ()


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
    chance = sobol_draws(choices.draws, choices.seed)
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
        Largest number of changes that are told apart for a series. Where more
        of them may move it, those that move it least are taken together.

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
    return tuple(one for name in both for one in _headlines(name, old, new, changes, most))


def changes_that_may_move(
    series_id: str, old: Side, new: Side, changes: Sequence[RowChange]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part the changes into those that may move a series and those that cannot.

    Parameters
    ----------
    series_id
        A series that both sides project.
    old, new
        The two sides.
    changes
        The rows that differ: see `table_changes`.

    Returns
    -------
    tuple of tuple of str
        References of both kinds, sorted; parameters are ``parameter:`` and
        their name. Rows that only document are in neither. Where rows were
        changed that rule which others are read, all may move the series.
    """
    parameters = [
        f"parameter:{name}"
        for name in Choices.__slots__
        if getattr(old.choices, name) != getattr(new.choices, name)
    ]
    rows = [one for one in changes if one.reference.startswith(MOVING)]
    values_only = all(
        one.kind == "changed"
        and one.reference.startswith("assumption:")
        and not {"rule", "applies_to"} & {field.name for field in one.fields}
        for one in rows
    )
    every = sorted((*parameters, *(one.reference for one in rows)))
    if not values_only:
        return tuple(every), ()
    read = {name for side in (old, new) for name in model_of(side.tables, series_id).assumptions}
    idle = {f"assumption:{name}" for name in old.tables.assumptions if name not in read}
    return (
        tuple(one for one in every if one not in idle),
        tuple(one for one in every if one in idle),
    )


def mixed_side(old: Side, new: Side, made: Collection[str]) -> Side:
    """Give the old side with some changes of rows and parameters made."""
    names = {one.partition(":")[2] for one in made if one.startswith("parameter:")}
    choices = replace(old.choices, **{name: getattr(new.choices, name) for name in names})
    return Side(mixed_tables(old.tables, new.tables, made), choices)


def _headlines(
    name: str, old: Side, new: Side, changes: Sequence[RowChange], most: int
) -> list[Headline]:
    before, after = headline_values(name, old), headline_values(name, new)
    moving, idle = changes_that_may_move(name, old, new, changes)

    def value(made: Collection[str]) -> tuple[float, ...]:
        if len(made) == len(moving):
            return after
        return headline_values(name, mixed_side(old, new, {*made, *idle})) if made else before

    def value_of_groups(made: frozenset[str]) -> tuple[float, ...]:
        return value([one for group in made for one in groups[group]])

    try:
        groups = _told_apart(moving, value, most)
        shares = shapley_values(list(groups), value_of_groups)
    except InputError:
        # Some changes make sense only together, such as a new figure and the series that uses it.
        groups = {TOGETHER: moving}
        shares = shapley_values([TOGETHER], partial(_together, before, after))
    shares |= {one: (0.0,) * len(QUANTITIES) for one in idle}
    found = []
    for place, quantity in enumerate(QUANTITIES):
        parts = [(one, values[place]) for one, values in shares.items()]
        parts.sort(key=lambda part: (-abs(part[1]), part[0]))
        found.append(
            Headline(
                series=new.tables.series[name],
                quantity=quantity,
                old=before[place],
                new=after[place],
                contributions=tuple(parts),
                together=groups.get(OTHERS, groups.get(TOGETHER, ())),
            )
        )
    return found


def _told_apart(
    moving: Sequence[str], value: Callable[[Collection[str]], Sequence[float]], most: int
) -> dict[str, tuple[str, ...]]:
    """Name the changes that are told apart, and what each name stands for.

    What a change moves is weighed by what it does alone, and by what is
    missing without it; of changes that weigh the same, the first by name.
    """
    if len(moving) <= most:
        return {one: (one,) for one in moving}
    none, every = value([]), value(moving)
    weights = {}
    for one in moving:
        alone, without = value([one]), value([other for other in moving if other != one])
        weights[one] = max(
            abs(part - whole)
            for ends in ((alone, none), (without, every))
            for part, whole in zip(*ends, strict=True)
        )
    ranked = sorted(moving, key=lambda one: (-weights[one], one))
    return {one: (one,) for one in ranked[: most - 1]} | {OTHERS: tuple(ranked[most - 1 :])}


def _together(
    before: Sequence[float], after: Sequence[float], made: Collection[str]
) -> Sequence[float]:
    return after if made else before
