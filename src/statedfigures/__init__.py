"""Check and project the figures that a press release states.

Tables come in as DataFrames, results go out as DataFrames, charts are functions
from DataFrame to matplotlib Figure. `docs/from-pandas.md` shows them at work.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statedfigures.analysis.assumptions import check_arguments as check_arguments
    from statedfigures.analysis.claims import check_claims as check_claims
    from statedfigures.analysis.findings import tell_findings as tell_findings
    from statedfigures.analysis.headline import headlines as headlines
    from statedfigures.analysis.outturn import outturn as outturn
    from statedfigures.analysis.projection import draws as draws
    from statedfigures.analysis.projection import observed_growth as observed_growth
    from statedfigures.analysis.projection import project as project
    from statedfigures.analysis.sensitivity import sensitivity as sensitivity
    from statedfigures.display.charts import chart_series as chart_series
    from statedfigures.display.shown import chart as chart
    from statedfigures.display.shown import table as table
    from statedfigures.release.reading import Release as Release
    from statedfigures.release.reading import read_release as read_release

__version__ = "2.0.0"

_MODULES = {
    "Release": "release.reading",
    "read_release": "release.reading",
    "check_arguments": "analysis.assumptions",
    "check_claims": "analysis.claims",
    "tell_findings": "analysis.findings",
    "observed_growth": "analysis.projection",
    "project": "analysis.projection",
    "draws": "analysis.projection",
    "headlines": "analysis.headline",
    "sensitivity": "analysis.sensitivity",
    "outturn": "analysis.outturn",
    "chart_series": "display.charts",
    "table": "display.shown",
    "chart": "display.shown",
}
__all__ = sorted(_MODULES)


def __getattr__(name: str) -> object:
    """Import a name of the library when it is first used: pandas and scipy take a second."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    """Return the names of the library, for completion."""
    return [*__all__, "__version__"]
