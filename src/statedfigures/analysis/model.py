"""What a projection reads: figures, spans and rows of the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from statedfigures.analysis.comparability import comparability_warnings
from statedfigures.analysis.hedges import stated_bounds
from statedfigures.analysis.register import Register
from statedfigures.analysis.rules import (
    ANNUALISATION_RULES,
    FORM_RULES,
    GROWTH_RULES,
    RULES,
    hedge_rule,
    needs_annualising,
)
from statedfigures.analysis.spreads import Stated
from statedfigures.errors import ComparabilityError, DataError, Fault, ParameterError
from statedfigures.sources.records import Assumption, Figure, ReleaseTables, Series

# What may not differ between the two figures that a growth is taken from. The
# row of the series vouches for one body and one coverage; part-year counts and
# expectations are annualised and spread, a change of method is a level shift.
NEVER_CHAINED = frozenset({"units_differ", "offences_against_people", "geography_differs"})


@dataclass(frozen=True, slots=True)
class Level:
    """A stated figure that a model starts from, and the hedge that spreads it."""

    stated: Stated
    rule: str
    year: int
    annualised: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that the projection of one series reads.

    ``start`` is the level that growth is observed from; where it is None,
    ``rise`` is the stated rise as a fraction and the register says over how
    many years it happened. ``rows`` gives each slot of the draws its row of
    the register, and ``references`` names everything that was read.
    """

    series: Series
    base: Level
    start: Level | None
    rise: float
    rows: Mapping[str, Assumption]
    references: tuple[str, ...]

    @property
    def assumptions(self) -> Mapping[str, Assumption]:
        """Rows of the register by id, in the order of the slots."""
        return {row.id: row for row in self.rows.values()}

    @property
    def weights(self) -> tuple[float, ...]:
        """Central weight of each form, as the register gives it."""
        return tuple(self.rows[rule].central for rule in FORM_RULES.values())


def model_of(tables: ReleaseTables, series_id: str) -> Model:
    """Gather what the projection of a series reads.

    Parameters
    ----------
    tables
        The tables of the release.
    series_id
        A series of ``series.csv`` that may be projected.

    Returns
    -------
    Model
        The model, with every row of the register inside its allowed range.

    Raises
    ------
    ParameterError
        If no series has the id, or it is given as bounds only.
    DataError
        If the series lacks a base or a growth.
    ComparabilityError
        If growth would be taken across units or areas.
    AssumptionError
        If the register lacks a row, or a row is outside its own range.
    """
    series = projectable_series(tables, series_id)
    register = Register.of(tables)
    figure = _figure(tables, series, "base_figure", series.base_figure)
    rows: dict[str, Assumption] = {
        rule: register.get(rule, series.id) for rule in (*GROWTH_RULES, *FORM_RULES.values())
    }
    base, references = _level(tables, register, figure, "base", rows)
    start, rise = None, 0.0
    if series.growth_claim:
        claim = tables.claims.get(series.growth_claim)
        if claim is None or claim.stated_value is None or claim.stated_unit != "fraction":
            raise _fault(series, "growth_claim", "no claim with a value in fractions")
        rise = float(claim.stated_value)
        rows["growth_period_years"] = register.get("growth_period_years", series.id)
        if claim.qualifier == "about":
            rows["start_hedge"] = register.get("claim_about", claim.id)
        references += (f"claim:{claim.id}",)
    else:
        if series.growth_to != series.base_figure:
            raise _fault(series, "growth_to", f"{series.growth_to!r} is not the base figure")
        earlier = _figure(tables, series, "growth_from", series.growth_from)
        _require_one_kind(earlier, figure)
        start, read = _level(tables, register, earlier, "start", rows)
        references += read
        if start.year >= base.year:
            raise _fault(series, "growth_from", f"{earlier.id} is not before {figure.id}")
    used = tuple(sorted({f"assumption:{row.id}" for row in rows.values()}))
    return Model(series, base, start, rise, rows, tuple(dict.fromkeys(references)) + used)


def projectable_series(tables: ReleaseTables, series_id: str) -> Series:
    """Give a series that may be projected.

    Raises
    ------
    ParameterError
        If there is none of this id, or the table says that it is not to be
        projected; the message gives its reason.
    """
    if series_id not in tables.series:
        raise ParameterError(
            f"no series is called {series_id!r}; use one of {', '.join(sorted(tables.series))}"
        )
    series = tables.series[series_id]
    if series.projectable != "yes":
        raise ParameterError(
            f"{series_id} is not projected ({series.projectable}): {series.reason} "
            "Ask for its bounds instead"
        )
    return series


def _level(
    tables: ReleaseTables,
    register: Register,
    figure: Figure,
    slot: str,
    rows: dict[str, Assumption],
) -> tuple[Level, tuple[str, ...]]:
    """Give the level of a figure; add the rows that it reads to `rows`."""
    rule, elapsed = hedge_rule(figure), 1.0
    annualised = needs_annualising(figure)
    if annualised:
        rows |= {name: register.get(name, figure.id) for name in ANNUALISATION_RULES}
        elapsed = rows["annualisation_cutoff"].central
    if rule in RULES and rule not in ANNUALISATION_RULES:
        rows[f"{slot}_hedge"] = register.get(rule, figure.id)
    floor, cap, read = stated_bounds(tables, figure)
    stated = Stated(float(figure.value), float(figure.rounded_to), floor, cap, elapsed)
    assert figure.period_end is not None  # noqa: S101 - held by _figure
    level = Level(stated, rule, figure.period_end.year, annualised)
    return level, (f"figure:{figure.id}", *(read if rule == "hedge_more_than" else ()))


def _figure(tables: ReleaseTables, series: Series, column: str, figure_id: str) -> Figure:
    figure = tables.figures.get(figure_id)
    if figure is None or figure.period_end is None or figure.value <= 0:
        raise _fault(series, column, f"{figure_id!r} is no figure above zero with a period")
    if figure.qualifier == "less_than":
        raise _fault(series, column, f"{figure_id} is a bound, never the base of a trend")
    return figure


def _fault(series: Series, column: str, found: str) -> DataError:
    remedy = "name a figure or claim that fits, or set projectable to bounds_only with a reason"
    return DataError([Fault("series.csv", series.row, column, found, remedy)])


def _require_one_kind(earlier: Figure, later: Figure) -> None:
    for warning in comparability_warnings(earlier, later):
        if warning.code in NEVER_CHAINED:
            raise ComparabilityError(
                f"{earlier.id} and {later.id} cannot be chained: {warning.from_side} against "
                f"{warning.to_side}; show them side by side instead"
            )
