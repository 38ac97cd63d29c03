"""Small releases made of a few rows, for tests of the analysis of claims."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

# A machine that many share is slow now and then; that is no failure of a law.
settings.register_profile("unhurried", deadline=None, max_examples=25)
settings.load_profile("unhurried")

FIGURE = {
    "topic": "harbour", "label": "Ships", "value": np.nan, "value_to": np.nan, "unit": "ships",
    "qualifier": "exact", "rounded_to": 1.0, "period_start": "", "period_end": "",
    "period_kind": "calendar_year", "geography": "UK", "population": "ships", "as_stated": "",
    "locator": "notes/1", "note": "",
}  # fmt: skip
CLAIM = {
    "topic": "harbour", "label": "Ships", "kind": "percent_change", "from_figure": "",
    "to_figure": "", "stated_value": np.nan, "stated_unit": "", "qualifier": "exact",
    "rounded_to": np.nan, "direction": "", "since": "", "published_series": "", "as_stated": "",
    "locator": "notes/1", "note": "",
}  # fmt: skip
PUBLISHED = {
    "series": "ships", "period": "2013", "value": np.nan, "qualifier": "exact",
    "rounded_to": np.nan, "unit": "ships", "geography": "UK", "definition": "ships",
    "publisher": "Harbour", "compares_with": "", "part": "whole", "days": np.nan, "note": "",
}  # fmt: skip
ASSUMPTION = {
    "label": "", "symbol": "", "applies_to": "all", "low": np.nan, "central": np.nan,
    "high": np.nan,
}  # fmt: skip
FINDING = {"topic": "harbour", "kind": "", "inputs": "", "rank": np.nan, "file_row": 2}
SERIES = {"base_figure": "", "figures": ""}
# Low, central and high of the method rows.
METHOD = {
    "qualifier_about": (0.5, 1, 2.5),
    "qualifier_more_than": (1, 5, 15),
    "qualifier_may_exceed": (2, 5, 10),
    "qualifier_expected": (10, 25, 50),
    "qualifier_almost": (0.8, 0.9, 0.95),
    "qualifier_just": (0.5, 2, 5),
    "fraction_words": (0.02, 0.05, 0.1),
    "little_change": (5, 10, 20),
    "little_change_points": (0.5, 1, 2),
}


def make_frame(rows, defaults):
    """Make a table from rows by id; what a row leaves out has its default."""
    filled = [{**defaults, **row} for row in rows.values()]
    frame = pd.DataFrame(filled, columns=list(defaults), index=pd.Index(list(rows), name="id"))
    for column in ("period_start", "period_end"):
        if column in frame:
            frame[column] = pd.to_datetime(frame[column].replace("", None))
    return frame


@pytest.fixture(scope="session")
def make_assumptions():
    """Make the method rows, and rows of a release that come before them."""

    def make(**extra):
        rows = {
            symbol: {"symbol": symbol, "low": low, "central": central, "high": high}
            for symbol, (low, central, high) in METHOD.items()
        }
        return make_frame({**extra, **rows}, ASSUMPTION)

    return make


@pytest.fixture(scope="session")
def make_row():
    """Make a row of a table, as its frame gives it."""

    def make(table="figure", name="ships", **changes):
        defaults = {"figure": FIGURE, "claim": CLAIM, "published": PUBLISHED}[table]
        return make_frame({name: changes}, defaults).iloc[0]

    return make


@pytest.fixture(scope="session")
def make_small(make_assumptions):
    """Make a release from rows by id."""

    def make(figures=None, claims=None, published=(), findings=None, series=None, **assumptions):
        rows = {
            f"{row.get('series', 'ships')}/{row.get('period', '2013')}": row for row in published
        }
        small = SimpleNamespace(
            about=SimpleNamespace(published=date(2014, 12, 11), edition=date(2026, 11, 1)),
            figures=make_frame(figures or {}, FIGURE),
            claims=make_frame(claims or {}, CLAIM),
            published=make_frame(rows, PUBLISHED),
            findings=make_frame(findings or {}, FINDING),
            series=make_frame(series or {}, SERIES),
            assumptions=make_assumptions(**assumptions),
        )
        small.row = lambda reference: getattr(
            small, {"published": "published"}.get(kind := reference.partition(":")[0], f"{kind}s")
        ).loc[reference.partition(":")[2]]
        return small

    return make
