"""The rules of the register: what implements each, and where each is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from statedfigures.errors import AssumptionError
from statedfigures.sources.records import Figure, ReleaseTables, Series

FILE = "assumptions.csv"
EVERY = "all"
SCENARIOS = ("low", "central", "high")
POOLED = "pooled"
# Spreads that follow from the digits or the words and read no assumption.
ROUNDING = "rounding"
BOUND = "bound"
FORM_RULES: Mapping[str, str] = {
    "no_change": "form_weight_no_change",
    "linear": "form_weight_linear",
    "compound": "form_weight_compound",
    "damped": "form_weight_damped",
    "saturating": "form_weight_saturating",
}
# Which rule turns a hedge into a distribution. A count projected to a full
# year is rebuilt from its part of the year by the annualisation rules.
HEDGE_RULES: Mapping[str, str] = {
    "exact": "hedge_revision",
    "about": "hedge_about",
    "more_than": "hedge_more_than",
    "less_than": BOUND,
    "almost": "claim_almost",
    "may_exceed": "hedge_may_exceed",
    "expected": "hedge_expected",
    "projected": "annualisation_remaining_rate",
}
SHARE_UNITS = frozenset({"percent", "fraction", "multiple", "percentage_points"})
ANNUALISATION_RULES = ("annualisation_cutoff", "annualisation_remaining_rate")
GROWTH_RULES = (
    "level_shift_share",
    "growth_change",
    "growth_volatility",
    "growth_persistence",
    "overdispersion",
    "damping",
    "saturation_ceiling",
)
REPORT_RULES = (
    "horizon_default_years",
    "horizon_last_year",
    "message_little_change",
    "message_likely",
    "quality_contradiction",
)
# The function behind each rule, by module and name: resolved when asked for,
# so that checking the register imports none of the statistics.
RULES: Mapping[str, str] = {
    "hedge_revision": "spreads:revised",
    "hedge_about": "spreads:about",
    "hedge_more_than": "spreads:more_than",
    "hedge_may_exceed": "spreads:may_exceed",
    "hedge_expected": "spreads:expected",
    "claim_almost": "spreads:almost",
    "claim_about": "spreads:about_multiple",
    "annualisation_cutoff": "annualisation:full_year",
    "annualisation_remaining_rate": "annualisation:full_year",
    "growth_period_years": "growth:observed_growth",
    "level_shift_share": "growth:future_growth",
    "growth_change": "growth:future_growth",
    "growth_volatility": "growth:shocks",
    "growth_persistence": "growth:shocks",
    "overdispersion": "growth:count_noise",
    "damping": "forms:damped",
    "saturation_ceiling": "forms:saturating",
    **dict.fromkeys(FORM_RULES.values(), "forms:chosen_form"),
    "horizon_default_years": "horizon:default_horizon_year",
    "horizon_last_year": "horizon:last_horizon_year",
    "message_little_change": "messages:message_code",
    "message_likely": "messages:message_code",
    "quality_contradiction": "scores:quality_findings",
}


def implementation(rule: str) -> Callable[..., Any]:
    """Give the function that implements a rule of the register.

    Parameters
    ----------
    rule
        A key of `RULES`.

    Returns
    -------
    Callable
        The function of `statedfigures.analysis` behind the rule.

    Raises
    ------
    AssumptionError
        If nothing implements the rule.

    Examples
    --------
    >>> implementation("damping").__name__
    'damped'
    """
    if rule not in RULES:
        raise AssumptionError(f"{FILE}: no rule is called {rule!r}; {nearest_name(rule, RULES)}")
    module, _, name = RULES[rule].partition(":")
    function: Callable[..., Any] = getattr(import_module(f"statedfigures.analysis.{module}"), name)
    return function


def hedge_rule(figure: Figure) -> str:
    """Give the rule that turns a stated figure into a distribution.

    Parameters
    ----------
    figure
        The stated figure.

    Returns
    -------
    str
        A key of `RULES`; or ``rounding`` for an exact number that was rounded
        and ``bound`` for a "less than", which read no assumption.
    """
    if figure.qualifier == "exact" and (figure.unit in SHARE_UNITS or figure.rounded_to != 1):
        return ROUNDING
    return HEDGE_RULES.get(figure.qualifier, "hedge_revision")


def needs_annualising(figure: Figure) -> bool:
    """Say whether a figure stands for a year of which only a part was counted."""
    return figure.period_kind == "part_year" or figure.qualifier == "projected"


def register_reads(tables: ReleaseTables) -> frozenset[tuple[str, str]]:
    """List every pair of rule and target that the analysis of a release reads.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    frozenset of (rule, target)
        The target is a figure for hedges and annualisation, a claim for the
        hedges of claims, a series for growth and forms, else ``all``.
    """
    return frozenset(_reads(tables))


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant, as the remedy of a fault.

    Parameters
    ----------
    name
        The name that is not known.
    known
        The names that are.

    Returns
    -------
    str
        ``use`` and the nearest name, or every known one if none is near.

    Examples
    --------
    >>> nearest_name("dampin", ["damping", "overdispersion"])
    'use damping'
    """
    names = sorted(known)
    return f"use {(get_close_matches(name, names, 1) or [', '.join(names)])[0]}"


def _reads(tables: ReleaseTables) -> Iterator[tuple[str, str]]:
    projected = [series for series in tables.series.values() if series.projectable == "yes"]
    bases = {series.base_figure for series in projected}
    for figure in tables.figures.values():
        if (rule := hedge_rule(figure)) in RULES:
            yield rule, figure.id
        if needs_annualising(figure) and (figure.id in bases or figure.qualifier == "projected"):
            yield from ((rule, figure.id) for rule in ANNUALISATION_RULES)
    for claim in tables.claims.values():
        if claim.qualifier in ("almost", "about"):
            yield f"claim_{claim.qualifier}", claim.id
    for series in projected:
        yield from ((rule, series.id) for rule in _series_rules(series))
    if projected:
        yield from ((rule, EVERY) for rule in REPORT_RULES)


def _series_rules(series: Series) -> Iterator[str]:
    yield from GROWTH_RULES
    yield from FORM_RULES.values()
    if series.growth_claim:
        yield "growth_period_years"
