"""Every middle and range against a simulation from the formula, the register and random numbers.

Nothing of the package computes here: only its tables are read, and its answers compared. The
formula is T(y_k) = T(base × step) + c g (φ + φ² + … + φ^k) + σ √k z, T the logarithm, or for
a series with a maximum the logit of the share of it.
"""

import itertools

import numpy as np
import pytest
from scipy import stats

import statedfigures as sf

SIZE = 600_000
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


class Simulation:
    """One series, drawn with ordinary random numbers."""

    def __init__(self, release, series_id, seed):
        self.release, self.random = release, np.random.default_rng(seed)
        self.series = release.series.loc[series_id]
        self.series_id, self.values = series_id, {}
        limit = self.series["maximum"]
        if limit.startswith("published:"):
            limit = release.published.loc[limit.removeprefix("published:"), "value"]
        self.limit = float(limit) if limit != "" else None
        base = release.figures.loc[self.series["base_figure"]]
        self.stated = base["value"]
        now = self.level(base)
        if self.series["growth_from"]:
            earlier = release.figures.loc[self.series["growth_from"]]
            then, years = self.level(earlier), self.middle(base) - self.middle(earlier)
            self.now = now
        else:
            years = self.assumed("growth_years")
            then, self.now = self.around_rise(now)
        self.first = int(self.middle(base))
        if self.series["base_stands"] == "before":
            self.first += round(self.row("growth_years")["central"])
        self.growth = (self.scale(self.now) - self.scale(then)) / years
        self.chance = self.random.standard_normal(SIZE)

    def row(self, symbol, *names):
        """Find the assumption that names one of the ids, the series, or all."""
        rows = self.release.assumptions
        rows = rows[rows["symbol"] == symbol]
        for name in (*names, self.series_id, "all"):
            for _, row in rows.iterrows():
                if name in row["applies_to"].split():
                    return row
        return None

    def assumed(self, symbol, *names, otherwise=None):
        """Draw an assumption, once for all that read it."""
        row = self.row(symbol, *names)
        if row is None:
            assert otherwise is not None, symbol
            return otherwise
        if row.name not in self.values:
            low, central, high = row["low"], row["central"], row["high"]
            self.values[row.name] = {
                "triangular": lambda: self.random.triangular(low, central, high, SIZE),
                "uniform": lambda: self.random.uniform(low, high, SIZE),
                "fixed": lambda: np.full(SIZE, central),
            }[row["distribution"]]()
        return self.values[row.name]

    def level(self, figure):
        """Draw a stated figure as its words allow, and a part of a year as a whole one."""
        n, step, word = figure["value"], figure["rounded_to"], figure["qualifier"]
        flat = self.random.uniform(-1, 1, SIZE)
        peaked = self.random.triangular(-1, 0, 1, SIZE)
        if word in {"exact", "projected"}:
            is_count = word == "exact" and step == 1 and figure["unit"] != "percent"
            drawn = n + (0 if is_count else step / 2) * flat
        elif word == "about":
            drawn = n + step * self.assumed("qualifier_about", figure.name) * peaked
        elif word in {"may_exceed", "expected"}:
            share = self.assumed(f"qualifier_{word}", figure.name) / 100
            drawn = n + np.maximum(step / 2, n * share) * peaked
        else:
            raise NotImplementedError(word)
        start, end = figure["period_start"], figure["period_end"]
        is_part = figure["period_kind"] in {"part_year", "year_to_date"}
        if figure["unit"] == "percent" or not (is_part or word == "projected"):
            return drawn
        counted = (end.month if end.is_month_end else None) and end.month / 12
        cutoff = self.row("cutoff", figure.name)
        if cutoff is not None:
            counted = cutoff["central"] / (366 if start.is_leap_year else 365)
        to_date = drawn * counted if word == "projected" else drawn
        rate = self.assumed("rest_of_year", figure.name)
        return to_date * (1 + (1 - counted) / counted * rate)

    def around_rise(self, level):
        """Draw the levels before and after a rise of which only the size is stated."""
        claim = self.release.claims.loc[self.series["growth_claim"]]
        size = claim["stated_value"] / (100 if claim["stated_unit"] == "percent" else 1)
        if claim["qualifier"] == "about":
            width = self.assumed("fraction_words", claim.name)
            size = size * (1 + width * self.random.triangular(-1, 0, 1, SIZE))
        else:
            half = claim["rounded_to"] / 200
            size = size + half * self.random.uniform(-1, 1, SIZE)
        if claim["direction"] == "fall":
            size = -size
        if self.series["base_stands"] == "before":
            return level, level * (1 + size)
        return level / (1 + size), level

    @staticmethod
    def middle(figure):
        """Years of the middle of a period of whole months, that of the year for part of it."""
        start, end = figure["period_start"], figure["period_end"]
        if figure["period_kind"] in {"part_year", "year_to_date"}:
            return start.year + 0.5
        first = start.year + (start.month - 1) / 12
        return (first + end.year + end.month / 12) / 2

    def scale(self, level):
        """Take the logarithm, or the logit of the share of the maximum."""
        if self.limit is None:
            return np.log(level)
        kept = np.where(level < self.limit, level, (self.stated + self.limit) / 2)
        return np.log(kept / (self.limit - kept))

    def after(self, years, c, phi, step):
        """Work out the levels some years after the base by the formula."""
        scaled = self.scale(self.now * step)
        left = sum(phi**year for year in range(1, years + 1))
        scaled = scaled + c * self.growth * left
        scaled = scaled + self.assumed("volatility") * np.sqrt(years) * self.chance
        return np.exp(scaled) if self.limit is None else self.limit / (1 + np.exp(-scaled))

    def judged(self, scenario, years):
        """Growth that continues, damping and step: drawn, or the quartiles of one corner."""
        symbols = ("growth_continues", "damping", "base_step")
        drawn = [self.assumed(name, otherwise=np.float64(1)) for name in symbols]
        if scenario == "central":
            return drawn
        ends = []
        for name in symbols:
            row = self.row(name)
            if row is None or row["distribution"] == "fixed":
                ends.append([1.0 if row is None else row["central"]])
                continue
            low, width = row["low"], row["high"] - row["low"]
            peak = (row["central"] - low) / width
            shape = stats.triang(peak, low, width)
            if row["distribution"] == "uniform":
                shape = stats.uniform(low, width)
            ends.append([float(shape.ppf(0.25)), float(shape.ppf(0.75))])
        corners = sorted(
            itertools.product(*ends), key=lambda corner: np.median(self.after(years, *corner))
        )
        return corners[0] if scenario == "low" else corners[-1]


def assert_same(release, series_id, scenario, seed=7):
    """Compare every year's five quantiles to a unit of the last digit printed."""
    projection = sf.project(release, series_id, scenario=scenario)
    step = float(sf.headlines(release, series_id, scenario=scenario)["rounded_to"].iloc[0])
    simulation = Simulation(release, series_id, seed)
    horizon = release.about.default_horizon - simulation.first
    judged = simulation.judged(scenario, horizon)
    table = projection.pivot(index="year", columns="quantile", values="value")

    assert table.index.tolist() == list(range(simulation.first, simulation.first + horizon + 1))
    for year in range(horizon + 1):
        expected = np.quantile(simulation.after(year, *judged), LEVELS)
        got = table.loc[simulation.first + year, list(LEVELS)].to_numpy()
        assert np.abs(got - expected) == pytest.approx(0, abs=step), (year, got, expected)
        # Errors of both together: see the benchmark for those of the Sobol points.
        assert got == pytest.approx(expected, rel=0.02)


SCENARIOS = ("low", "central", "high")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_series_of_the_first_release_agrees(first_release, scenario):
    series = first_release.series
    for name in series.index[series["projectable"] == "yes"]:
        assert_same(first_release, name, scenario)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_falling_series_agrees(made_up, scenario):
    """From 395,170 to 282,664 in a year of twelve months from April."""
    release = made_up.release(
        figures=[
            made_up.figure("a", 395170, "2018-04-01", "2019-03-31", "financial_year"),
            made_up.figure("b", 282664, "2019-04-01", "2020-03-31", "financial_year"),
        ],
        series=[{"id": "fires", "base_figure": "b", "growth_from": "a"}],
    )

    assert_same(release, "fires", scenario)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_share_under_its_maximum_agrees(made_up, scenario):
    """A share rises from 83.5% to 91.2%, and cannot pass 100%."""
    release = made_up.share((2017, 83.5), (2019, 91.2), step=0.1)

    assert_same(release, "s", scenario)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_part_year_base_with_a_step_agrees(made_up, scenario):
    """Nine months of a year whose method changed, against the whole year before."""
    release = made_up.release(
        figures=[
            made_up.year("a", 51000, 2018, qualifier="about", rounded_to=1000),
            made_up.figure("b", 48211, "2019-01-01", "2019-09-30", "part_year"),
        ],
        series=[{"id": "calls", "base_figure": "b", "growth_from": "a"}],
        assumptions=[
            made_up.assumption("rest_of_year", 0.7, 1, 1.5, applies_to="b"),
            made_up.assumption("base_step", 1, 1.1, 1.3, distribution="uniform"),
        ],
    )

    assert_same(release, "calls", scenario)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("stands", ["before", "after"])
@pytest.mark.parametrize("direction", ["rise", "fall"])
def test_a_change_without_its_base_agrees(made_up, scenario, stands, direction):
    """The level is 83,000; it changed by 38% over one to three years."""
    claim = {"id": "change", "kind": "percent_change", "stated_value": 38.0, "rounded_to": 1.0}
    release = made_up.release(
        figures=[made_up.year("b", 83000, 2019, rounded_to=1000)],
        claims=[{**claim, "stated_unit": "percent", "qualifier": "exact", "direction": direction}],
        series=[{"id": "s", "base_figure": "b", "growth_claim": "change", "base_stands": stands}],
        assumptions=[made_up.assumption("growth_years", 1, 1, 3, unit="years")],
    )

    assert_same(release, "s", scenario)
