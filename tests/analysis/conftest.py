"""Rows made for the tests: a figure, a claim, a published figure, an assumption, the tables.

Each maker gives a plain row and takes whatever the test is about by name.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import settings

from statedfigures.sources.records import (
    Assumption,
    Claim,
    Figure,
    PublishedFigure,
    ReleaseDescription,
    ReleaseTables,
    Series,
)

# A busy machine is no failure: no example is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

FIGURE = Figure(
    id="after",
    topic="ships",
    label="Ships in 2020",
    value=Decimal(200),
    unit="ships",
    qualifier="exact",
    rounded_to=Decimal(1),
    period_start=date(2020, 1, 1),
    period_end=date(2020, 12, 31),
    period_kind="calendar_year",
    geography="UK",
    population="ships that called",
    as_stated="200 ships",
    locator="notes/1",
    note="",
)
CLAIM = Claim(
    id="rise",
    topic="ships",
    label="Ships rose",
    kind="percent_change",
    from_figure="before",
    to_figure="after",
    stated_value=Decimal(20),
    stated_unit="percent",
    qualifier="exact",
    rounded_to=Decimal(1),
    published_series="",
    as_stated="up 20%",
    locator="notes/1",
    note="",
)
PUBLISHED = PublishedFigure(
    series="ships_counted",
    period="2020",
    value=Decimal(200),
    qualifier="exact",
    unit="ships",
    geography="UK",
    definition="calls of ships",
    publisher="Harbour",
    source_title="Numbers",
    url="https://example.org",
    source_kind="primary",
    compares_with="after",
    part="whole",
    miss_reason="",
    note="",
)
SERIES = Series(
    id="ships",
    topic="ships",
    title="Ships",
    unit="ships",
    geography="UK",
    body="Harbour",
    coverage="calls of ships",
    projectable="yes",
    reason="",
    base_figure="after",
    growth_from="before",
    growth_to="after",
    growth_claim="",
    figures=("before", "after"),
    outturn_series="",
    outturn_note="",
    miss_reason="",
)
ASSUMPTION = Assumption(
    id="an_assumption",
    label="An assumption",
    rule="hedge_about",
    applies_to=("all",),
    description="For the tests.",
    basis="For the tests.",
    source="For the tests.",
    low=0.5,
    central=0.5,
    high=0.5,
    distribution="fixed",
    unit="fraction",
    allowed_min=-1e9,
    allowed_max=1e9,
    effect="widens",
    depends_on=(),
    quality="weak",
    decided_on=date(2020, 1, 1),
    decided_by="test author",
    review_by=date(2030, 1, 1),
)
DESCRIPTION = ReleaseDescription(
    id="ships",
    title="Ships",
    short_title="Ships",
    publisher="Harbour",
    published=date(2020, 12, 11),
    address="https://example.org",
    licence="none",
    licence_address="https://example.org",
    edition=date(2021, 1, 1),
    geography="UK",
)
# Values that are easy to work with by hand.
RULE_VALUES = {
    "hedge_about": 0.5,
    "hedge_may_exceed": 10.0,
    "hedge_expected": 25.0,
    "claim_almost": 0.9,
    "claim_about": 0.05,
}


def fixed_row(rule, value, *, low=None, high=None, target="all"):
    """Make an assumption with one central value."""
    return replace(
        ASSUMPTION,
        id=rule if target == "all" else f"{rule}_{target}",
        rule=rule,
        applies_to=(target,),
        low=value if low is None else low,
        central=value,
        high=value if high is None else high,
    )


@pytest.fixture(scope="session")
def make_figure():
    """Make a figure: an exact count of 200 ships in 2020 unless told otherwise."""

    def make(figure_id="after", value=200, **changes):
        return replace(FIGURE, id=figure_id, value=Decimal(str(value)), **changes)

    return make


@pytest.fixture(scope="session")
def make_claim():
    """Make a claim: a rise of 20% from ``before`` to ``after`` unless told otherwise."""

    def make(claim_id="rise", **changes):
        return replace(CLAIM, id=claim_id, **changes)

    return make


@pytest.fixture(scope="session")
def make_published():
    """Make a published figure: 200 ships in 2020 unless told otherwise."""

    def make(value=200, **changes):
        return replace(PUBLISHED, value=Decimal(str(value)), **changes)

    return make


@pytest.fixture(scope="session")
def make_series():
    """Make a series of ships, changed as told."""

    def make(**changes):
        return replace(SERIES, **changes)

    return make


@pytest.fixture(scope="session")
def make_assumption():
    """Make an assumption with one value, or with a low and a high around it."""
    return fixed_row


@pytest.fixture(scope="session")
def make_tables():
    """Make the tables of a release out of rows, with the rules for hedges and phrases."""

    def make(*, figures=(), claims=(), published=(), series=(), assumptions=(), tor_months=()):
        rows = [fixed_row(rule, value) for rule, value in RULE_VALUES.items()]
        rows.extend(assumptions)
        return ReleaseTables(
            description=DESCRIPTION,
            paragraphs={},
            figures={row.id: row for row in figures},
            mentions=(),
            claims={row.id: row for row in claims},
            measures={},
            series={row.id: row for row in series},
            assumptions={row.id: row for row in rows},
            reviews=(),
            published={row.id: row for row in published},
            tor_monthly_users=tuple(tor_months),
        )

    return make


# Every rule that a projection reads, at values under which nothing happens.
QUIET = {
    "hedge_revision": 0.0,
    "annualisation_cutoff": 0.75,
    "annualisation_remaining_rate": 0.0,
    "growth_period_years": 1.0,
    "level_shift_share": 0.0,
    "growth_change": 0.0,
    "growth_volatility": 0.0,
    "growth_persistence": 0.5,
    "overdispersion": 0.0,
    "damping": 0.8,
    "saturation_ceiling": 3.0,
    "form_weight_no_change": 0.2,
    "form_weight_linear": 0.2,
    "form_weight_compound": 0.2,
    "form_weight_damped": 0.2,
    "form_weight_saturating": 0.2,
    "horizon_default_years": 5.0,
    "horizon_last_year": 2040.0,
    "message_little_change": 5.0,
    "message_likely": 0.66,
    "quality_contradiction": 0.2,
}


@pytest.fixture(scope="session")
def make_projectable(make_figure, make_series, make_tables):
    """Make tables with one series that goes from a start in 2018 to a base in 2020.

    Values by rule replace those of `QUIET`; a tuple of three is a low, a
    central and a high, drawn from a triangular distribution.
    """

    def make(start=100, base=121, *, start_year=2018, changes=None, published=(), **values):
        rows = []
        for rule, value in {**QUIET, **values}.items():
            low, central, high = value if isinstance(value, tuple) else (value, value, value)
            row = fixed_row(rule, central, low=low, high=high)
            row = replace(row, allowed_min=low, allowed_max=high)
            if rule == "level_shift_share":
                row = replace(row, effect="lowers")
            elif rule in {"growth_change", "damping", "saturation_ceiling"}:
                row = replace(row, effect="raises")
            rows.append(replace(row, distribution="triangular") if low < high else row)
        before = make_figure(
            "before",
            start,
            period_start=date(start_year, 1, 1),
            period_end=date(start_year, 12, 31),
        )
        return make_tables(
            figures=(before, make_figure("after", base)),
            series=(make_series(**(changes or {})),),
            assumptions=rows,
            published=published,
        )

    return make
