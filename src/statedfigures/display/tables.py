"""Every table of the report: one name for each, so that a notebook has one place to look."""

from statedfigures.display.tables_annualised import table_annualised
from statedfigures.display.tables_checks import (
    table_claims,
    table_cross_checks,
    table_denominators,
)
from statedfigures.display.tables_hedges import table_bounds, table_hedges
from statedfigures.display.tables_outturn import table_outturn_years, table_scores
from statedfigures.display.tables_projection import (
    table_long,
    table_projection,
    table_weights,
)
from statedfigures.display.tables_register import table_assumptions, table_assumptions_used
from statedfigures.display.tables_release import (
    table_figures,
    table_measures,
    table_published,
    table_sources,
)
from statedfigures.display.tables_restated import table_like_for_like, table_tor_shares
from statedfigures.display.tables_sensitivity import ask_next
from statedfigures.display.tables_tor import table_tor_monthly

__all__ = [
    "ask_next",
    "table_annualised",
    "table_assumptions",
    "table_assumptions_used",
    "table_bounds",
    "table_claims",
    "table_cross_checks",
    "table_denominators",
    "table_figures",
    "table_hedges",
    "table_like_for_like",
    "table_long",
    "table_measures",
    "table_outturn_years",
    "table_projection",
    "table_published",
    "table_scores",
    "table_sources",
    "table_tor_monthly",
    "table_tor_shares",
    "table_weights",
]
