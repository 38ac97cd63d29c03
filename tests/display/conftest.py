"""Records worked out by hand, so that the display is tested without the analysis."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from statedfigures.analysis.records import (
    Bounds,
    ClaimResult,
    ComparabilityWarning,
    CrossCheck,
    HedgedFigure,
    ImpliedDenominator,
    Interval,
    Outturn,
    OutturnScore,
    OutturnYear,
    Projection,
    Sensitivity,
    SensitivityRow,
    TopicStudy,
    Verdict,
)
from statedfigures.sources.records import (
    Assumption,
    Claim,
    Figure,
    Measure,
    PublishedFigure,
    ReleaseDescription,
    ReleaseTables,
    Series,
    TorMonth,
)

LEVELS = {0.05: 0.7, 0.25: 0.9, 0.5: 1.0, 0.75: 1.1, 0.95: 1.4}


def a_figure(name="ships_2020", **changes):
    """Make a stated figure: 480 ships in 2020, unless told otherwise."""
    values = {
        "id": name,
        "topic": "ships",
        "label": "Ships that called in 2020",
        "value": Decimal(480),
        "unit": "ships",
        "qualifier": "exact",
        "rounded_to": Decimal(1),
        "period_start": date(2020, 1, 1),
        "period_end": date(2020, 12, 31),
        "period_kind": "calendar_year",
        "geography": "Merrow",
        "population": "calls of ships",
        "as_stated": "480 ships",
        "locator": "ships/1",
        "note": "",
    }
    return Figure(**values | changes)


def a_claim(name="ships_rise", **changes):
    """Make a claim: ships up 20% from 400 to 480."""
    values = {
        "id": name,
        "topic": "ships",
        "label": "Ships up",
        "kind": "percent_change",
        "from_figure": "ships_2018",
        "to_figure": "ships_2020",
        "stated_value": Decimal(20),
        "stated_unit": "percent",
        "qualifier": "exact",
        "rounded_to": Decimal(1),
        "published_series": "",
        "as_stated": "up 20%",
        "locator": "ships/1",
        "note": "",
    }
    return Claim(**values | changes)


def a_result(claim=None, verdict=Verdict.SUPPORTED, **changes):
    """Judge the claim: exactly 20%, stated as 19.5 to 20.5."""
    claim = claim or a_claim()
    values = {
        "claim": claim,
        "recomputed": Interval(Fraction(20), Fraction(20)),
        "stated": Interval(Fraction(39, 2), Fraction(41, 2)),
        "unit": "percent",
        "verdict": verdict,
        "warnings": (),
        "reason": "Every value lies within what the release says.",
        "inputs": (f"claim:{claim.id}", "figure:ships_2018", "figure:ships_2020"),
    }
    return ClaimResult(**values | changes)


def a_published(period="2020", **changes):
    """Make a published figure: 500 ships, counted by the port office."""
    values = {
        "series": "port_ships",
        "period": period,
        "value": Decimal(500),
        "qualifier": "exact",
        "unit": "ships",
        "geography": "Merrow",
        "definition": "ships counted",
        "publisher": "Port Office",
        "source_title": "Port statistics",
        "url": "https://example.org/ports",
        "source_kind": "primary",
        "compares_with": "ships_2020",
        "part": "whole",
        "miss_reason": "",
        "note": "",
    }
    return PublishedFigure(**values | changes)


def a_check(agrees=False, low=Fraction(25, 6), high=Fraction(25, 6)):
    """Check 480 stated against 500 published: 20/480 is 25/6 percent more."""
    return CrossCheck(
        figure=a_figure(),
        published=(a_published(),),
        published_total=Interval(Fraction(500), Fraction(500)),
        difference_percent=Interval(low, high),
        agrees=agrees,
        reason="What was published lies above what the release says.",
        inputs=("figure:ships_2020", "published:port_ships_2020"),
    )


def a_denominator(agrees=False):
    """Let 0.5% stand for 60 divers: 60 / 0.005 is 12,000 people; 8,000 were published."""
    return ImpliedDenominator(
        claim=a_claim("divers_share", kind="share", as_stated="represent 0.5%"),
        numerator=a_figure("divers", value=Decimal(60), unit="divers"),
        implied=Interval(Fraction(12000), Fraction(12000)),
        published=a_published(value=Decimal(8000), unit="people", series="residents"),
        implied_numerator=Interval(Fraction(40), Fraction(40)),
        agrees=agrees,
        inputs=("claim:divers_share", "figure:divers", "published:residents_2020"),
    )


def an_assumption(name="damping", **changes):
    """Make an assumption with a rule of its own name."""
    values = {
        "id": name,
        "label": "Damping",
        "rule": name,
        "applies_to": ("all",),
        "description": "How much of growth is left after a year.",
        "basis": "Chosen for the tests.",
        "source": "The tests.",
        "low": 0.7,
        "central": 0.85,
        "high": 0.95,
        "distribution": "triangular",
        "unit": "fraction per year",
        "allowed_min": 0.0,
        "allowed_max": 1.0,
        "effect": "raises",
        "depends_on": (),
        "quality": "weak",
        "decided_on": date(2021, 3, 1),
        "decided_by": "test author",
        "review_by": date(2022, 3, 1),
    }
    return Assumption(**values | changes)


def a_series(name="ships", **changes):
    """Make a series of ships a year that may be projected."""
    values = {
        "id": name,
        "topic": "ships",
        "title": "Ships a year",
        "unit": "ships",
        "geography": "Merrow",
        "body": "Harbour authority",
        "coverage": "calls",
        "projectable": "yes",
        "reason": "Two whole years are given.",
        "base_figure": "ships_2020",
        "growth_from": "ships_2018",
        "growth_to": "ships_2020",
        "growth_claim": "",
        "figures": ("ships_2018", "ships_2020"),
        "outturn_series": "port_ships",
        "outturn_note": "",
        "miss_reason": "unexpected_growth",
    }
    return Series(**values | changes)


def a_projection(growth=1.1, first=2020, last=2022, marked_from=None, spread=1.0):
    """Project 480 ships by a factor a year; quantiles are fixed shares of the middle.

    With growth 1.1 the middle of 2022 is 480 × 1.21 = 580.8; `spread` raises
    the shares to a power. The low scenario is at nine tenths of it, the high
    one at twelve tenths.
    """
    shifts = {"low": 0.9, "central": 1.0, "high": 1.2, "pooled": 1.0}
    rows = [
        {
            "series": "ships",
            "scenario": scenario,
            "model": "pool",
            "target_year": year,
            "output_type": "quantile",
            "output_type_id": level,
            "value": 480.0 * growth ** (year - first) * shift * share**spread,
            "unit": "ships",
        }
        for scenario, shift in shifts.items()
        for year in range(first + 1, last + 1)
        for level, share in LEVELS.items()
    ]
    return Projection(
        series=a_series(),
        base_year=first,
        horizon_year=last,
        marked_from=marked_from,
        rows=pd.DataFrame(rows),
        base_quantiles={0.05: 475.0, 0.25: 478.0, 0.5: 480.0, 0.75: 482.0, 0.95: 485.0},
        observed_annual_growth_fraction=growth - 1,
        weights={"compound": 0.6, "no_change": 0.4},
        inputs=("figure:ships_2018", "figure:ships_2020", "assumption:damping"),
    )


def a_hedge(figure=None):
    """Hedge a figure by a tenth either way."""
    figure = figure or a_figure()
    value = float(figure.value)
    return HedgedFigure(
        figure=figure,
        rule="hedge_about",
        assumption="damping",
        q05=0.9 * value,
        q50=value,
        q95=1.1 * value,
        alternative="a lower bound",
        inputs=(f"figure:{figure.id}", "assumption:damping"),
    )


def a_sensitivity():
    """Move a headline of 580: one assumption by 100 each way, one by 10 upwards."""
    row = {"first_order_error": 0.01, "total_error": 0.02}
    return Sensitivity(
        series=a_series(),
        target_year=2022,
        headline=580.0,
        rows=(
            SensitivityRow(
                "damping", "Damping", 480.0, 680.0, 0.7, total=0.8, break_even=0.5, **row
            ),
            SensitivityRow(
                "shift", "Level shift", 580.0, 590.0, 0.1, total=0.2, break_even=None, **row
            ),
        ),
        inputs=("figure:ships_2020", "assumption:damping", "assumption:shift"),
    )


def an_outturn(values=(520.0, 900.0)):
    """Hold 2021 and 2022 against a middle of 528 with ends at 0.7 and 1.4 of it."""
    projected = {level: 528.0 * share for level, share in LEVELS.items()}
    years = tuple(
        OutturnYear(
            series=a_series(),
            year=2021 + place,
            outturn=value,
            published=f"port_ships_{2021 + place}",
            projected=projected,
            inside_50=projected[0.25] <= value <= projected[0.75],
            inside_90=projected[0.05] <= value <= projected[0.95],
            miss_reason="" if value <= projected[0.95] else "unexpected_growth",
        )
        for place, value in enumerate(values)
    )
    score = OutturnScore(a_series(), "pool", len(years), 0.2, 0.25, 0.5, 0.5)
    return Outturn(a_series(), years, (score,), "", ("figure:ships_2020", "assumption:damping"))


def no_outturn():
    """Have no outturn, with a reason."""
    return Outturn(a_series(), (), (), "No count was published.", ("figure:ships_2020",))


def some_tables(**changes):
    """Join two figures, a claim, a measure, assumptions and months of Tor users."""
    figures = (
        a_figure("ships_2018", value=Decimal(400), period_start=date(2018, 1, 1),
                 period_end=date(2018, 12, 31), label="Ships that called in 2018"),
        a_figure(),
    )  # fmt: skip
    measures = (
        Measure("desk", "One desk", "Harbour", "reports at one place", "reporting",
                ("ships_2020",), "waiting time", False, "ships/2", ""),
        Measure("fund", "Engine fund", "Harbour", "money", "funding", (), "noise", True,
                "ships/3", ""),
    )  # fmt: skip
    assumptions = (
        an_assumption(),
        an_assumption("message_little_change", low=5.0, central=5.0, high=5.0, allowed_max=50.0,
                      unit="percent"),
        an_assumption("message_likely", low=0.66, central=0.66, high=0.66),
    )  # fmt: skip
    values = {
        "description": ReleaseDescription(
            id="small", title="Harbour news of 2021", short_title="Harbour news",
            publisher="Harbour authority", published=date(2021, 3, 3),
            address="https://example.org/news", licence="OGL",
            licence_address="https://example.org/ogl", edition=date(2021, 4, 1),
            geography="Merrow",
        ),
        "paragraphs": {},
        "figures": {one.id: one for one in figures},
        "mentions": (),
        "claims": {"ships_rise": a_claim()},
        "measures": {one.id: one for one in measures},
        "series": {"ships": a_series()},
        "assumptions": {one.id: one for one in assumptions},
        "reviews": (),
        "published": {"port_ships_2020": a_published()},
        "tor_monthly_users": some_months(),
    }  # fmt: skip
    return ReleaseTables(**values | changes)


def some_months():
    """Give four months: two before a break, one astride it, two after."""
    regimes = ("before", "before", "straddles", "after", "after")
    means = (20.0, 22.0, 50.0, 90.0, 80.0)
    return tuple(
        TorMonth(date(2013, 6 + place, 1), 1000 * mean, 30, regime)
        for place, (mean, regime) in enumerate(zip(means, regimes, strict=True))
    )


def a_study(**changes):
    """Study the ships: one claim, one conflict, one projection."""
    tables = changes.pop("tables", some_tables())
    values = {
        "tables": tables,
        "topic": "ships",
        "scenario": "central",
        "horizon_year": 2022,
        "figures": tuple(tables.figures.values()),
        "claims": (a_result(),),
        "cross_checks": (a_check(),),
        "denominators": (),
        "hedges": tuple(a_hedge(one) for one in tables.figures.values()),
        "projections": (a_projection(),),
        "bounds": (),
    }
    return TopicStudy(**values | changes)


def some_bounds():
    """Give one series as bounds: more than 30 pilots."""
    figure = a_figure("pilots", value=Decimal(30), qualifier="more_than", unit="pilots")
    series = a_series("pilots", title="Pilots on duty", projectable="bounds_only",
                      reason="One bound for one day.")  # fmt: skip
    return Bounds(series, ((figure, Interval(Fraction(30), None, True)),), ("figure:pilots",))


def a_warning():
    """Warn of part of a year against a whole one."""
    return ComparabilityWarning("part_year_against_whole_year", "2018", "January to May 2020")


@pytest.fixture
def make():
    """Give every maker of this module by its name."""
    from types import SimpleNamespace

    return SimpleNamespace(
        **{
            name: value
            for name, value in globals().items()
            if name.split("_")[0] in {"a", "an", "no", "some"} and callable(value)
        }
    )
