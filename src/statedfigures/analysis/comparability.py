"""What stands in the way of a comparison: warnings beside claims, refusals for chains.

A claim that the release makes is judged and carries warnings. A chain is ours
to make, so that one across units, bodies or coverage is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from statedfigures.analysis.periods import PARTS_OF_YEARS, WHOLE_YEARS, published_period
from statedfigures.analysis.records import ComparabilityWarning
from statedfigures.errors import ComparabilityError
from statedfigures.sources.records import Figure, PublishedFigure, Series

WARNING_MEANINGS: Mapping[str, str] = {
    "part_year_against_whole_year": "part of a year is set against a whole year",
    "rolling_year_against_financial_year": "twelve months to date are set against a financial year",
    "rolling_year_against_calendar_year": "twelve months to date are set against a calendar year",
    "calendar_year_against_financial_year": "a calendar year is set against a financial year",
    "several_years_against_one": "a statement about several years is set against a single period",
    "periods_differ": "the two periods are of different kinds",
    "offences_against_people": "offences are set against people, who may each account for many",
    "units_differ": "the two figures count different things",
    "geography_differs": "the two figures cover different areas",
    "population_differs": "the two figures do not cover the same thing",
    "definition_unknown": "what one of the two figures covers is not stated",
    "expectation_against_count": "an expectation or a projection is set against a count",
}
PEOPLE = frozenset(
    {"adults", "arrests", "children", "defendants", "offenders", "people", "suspects", "users"}
)
EXPECTATIONS: Mapping[str, str] = {
    "may_exceed": "an expectation",
    "expected": "an expectation",
    "projected": "a projection from part of a year",
}
# A month or a quarter is part of a year; an expectation is for a calendar year.
_PERIOD_ALIASES: Mapping[str, str] = {
    **dict.fromkeys(PARTS_OF_YEARS, "part_year"),
    "expectation": "calendar_year",
}
_PERIOD_CODES: Mapping[frozenset[str], str] = {
    **{frozenset({"part_year", year}): "part_year_against_whole_year" for year in WHOLE_YEARS},
    frozenset({"rolling_12_months", "financial_year"}): "rolling_year_against_financial_year",
    frozenset({"rolling_12_months", "calendar_year"}): "rolling_year_against_calendar_year",
    frozenset({"calendar_year", "financial_year"}): "calendar_year_against_financial_year",
}


@dataclass(frozen=True, slots=True)
class _Side:
    """What a figure covers, whichever table it stands in."""

    unit: str
    period_kind: str
    geography: str
    population: str | None
    expectation: str


def comparability_warnings(
    from_figure: Figure | PublishedFigure, to_figure: Figure | PublishedFigure
) -> tuple[ComparabilityWarning, ...]:
    """List in what two figures differ besides their values.

    Parameters
    ----------
    from_figure, to_figure
        The figure compared with, and the figure compared. Either may be
        published elsewhere; its definition is then not held against the
        stated figure's population, because each publisher words its own.

    Returns
    -------
    tuple of ComparabilityWarning
        In the order of `WARNING_MEANINGS`, which gives each code in words.
    """
    order = list(WARNING_MEANINGS)
    warnings = _warnings(_side(from_figure), _side(to_figure))
    return tuple(sorted(warnings, key=lambda warning: order.index(warning.code)))


def _side(figure: Figure | PublishedFigure) -> _Side:
    if isinstance(figure, PublishedFigure):
        kind, population = published_period(figure.period).kind, None
    else:
        kind, population = figure.period_kind, figure.population
    expectation = EXPECTATIONS.get(figure.qualifier, "")
    if kind == "expectation":
        expectation = expectation or "an expectation"
    kind = _PERIOD_ALIASES.get(kind, kind)
    return _Side(figure.unit, kind, figure.geography, population, expectation)


def _warnings(before: _Side, after: _Side) -> Iterator[ComparabilityWarning]:
    kinds = frozenset({before.period_kind, after.period_kind})
    if before.period_kind != after.period_kind:
        other = "several_years_against_one" if "since" in kinds else "periods_differ"
        code = _PERIOD_CODES.get(kinds, other)
        yield ComparabilityWarning(
            code, before.period_kind.replace("_", " "), after.period_kind.replace("_", " ")
        )
    if before.unit != after.unit:
        units = {before.unit, after.unit}
        people = "offences" in units and units & PEOPLE
        code = "offences_against_people" if people else "units_differ"
        yield ComparabilityWarning(code, before.unit, after.unit)
    if before.geography != after.geography:
        yield ComparabilityWarning(
            "geography_differs", before.geography or "not stated", after.geography or "not stated"
        )
    if None not in (before.population, after.population) and before.population != after.population:
        known = before.population and after.population
        yield ComparabilityWarning(
            "population_differs" if known else "definition_unknown",
            before.population or "not stated",
            after.population or "not stated",
        )
    if bool(before.expectation) != bool(after.expectation):
        yield ComparabilityWarning(
            "expectation_against_count",
            before.expectation or "a count",
            after.expectation or "a count",
        )


def require_comparable(
    series_a: Series | PublishedFigure, series_b: Series | PublishedFigure
) -> None:
    """Refuse to join two series that count different things.

    Parameters
    ----------
    series_a, series_b
        Series of the release, or rows of series published elsewhere, whose
        body is their publisher and whose coverage is their definition.

    Raises
    ------
    ComparabilityError
        If unit, body, coverage or geography differ; names both sides.
    """
    left, right = _coverage(series_a), _coverage(series_b)
    different = [
        f"{what} ({left[what] or 'not stated'} against {right[what] or 'not stated'})"
        for what in left
        if left[what] != right[what]
    ]
    if different:
        raise ComparabilityError(
            f"{_name(series_a)} and {_name(series_b)} cannot be chained: they differ in "
            f"{' and '.join(different)}; show them side by side instead"
        )


def _name(series: Series | PublishedFigure) -> str:
    return series.id if isinstance(series, Series) else f"{series.series} {series.period}"


def _coverage(series: Series | PublishedFigure) -> dict[str, str]:
    if isinstance(series, Series):
        body, coverage = series.body, series.coverage
    else:
        body, coverage = series.publisher, series.definition
    return {"unit": series.unit, "body": body, "coverage": coverage, "geography": series.geography}


def chain_published(rows: Sequence[PublishedFigure]) -> tuple[PublishedFigure, ...]:
    """Join rows published elsewhere into one series over time.

    Parameters
    ----------
    rows
        Rows of one or more published series, in any order.

    Returns
    -------
    tuple of PublishedFigure
        The same rows by first year, then period.

    Raises
    ------
    ComparabilityError
        If any two of them differ in unit, body, coverage, geography or kind
        of period; names both sides.
    """
    ordered = sorted(
        rows, key=lambda row: (published_period(row.period).first_year, row.period, row.series)
    )
    for row in ordered[1:]:
        require_comparable(ordered[0], row)
        kinds = [published_period(side.period).kind for side in (ordered[0], row)]
        if kinds[0] != kinds[1]:
            raise ComparabilityError(
                f"{_name(ordered[0])} and {_name(row)} cannot be chained: they differ in period "
                f"({' against '.join(kind.replace('_', ' ') for kind in kinds)}); "
                "show them side by side instead"
            )
    return tuple(ordered)
