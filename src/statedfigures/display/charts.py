"""Every chart of the report: one name for each, so that a notebook has one place to look."""

from statedfigures.display.charts_claims import chart_claims
from statedfigures.display.charts_cross_checks import chart_cross_checks
from statedfigures.display.charts_fan import chart_fan
from statedfigures.display.charts_outturn import chart_outturn
from statedfigures.display.charts_quality import chart_quality_impact
from statedfigures.display.charts_scenarios import chart_scenarios
from statedfigures.display.charts_stated import chart_stated_figures
from statedfigures.display.charts_tor import chart_tor_monthly
from statedfigures.display.charts_tornado import chart_tornado

__all__ = [
    "chart_claims",
    "chart_cross_checks",
    "chart_fan",
    "chart_outturn",
    "chart_quality_impact",
    "chart_scenarios",
    "chart_stated_figures",
    "chart_tor_monthly",
    "chart_tornado",
]
