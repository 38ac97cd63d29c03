"""Projections: worked by hand where nothing is left to chance, and laws over many inputs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import statedfigures as sf
from statedfigures.errors import AssumptionError, ParameterError


def certain(made_up, **values):
    """Return assumptions without a range: no chance, and values by symbol."""
    values = {"volatility": 0.0, "growth_continues": 1.0, "damping": 1.0, **values}
    return [made_up.assumption(name, value, value, value) for name, value in values.items()]


def joined(made_up, first, last, assumptions=(), **cells):
    """Return a release of one series from its first figure to its last."""
    series = {"id": "s", "base_figure": last["id"], "growth_from": first["id"], **cells}
    return made_up.release(figures=[first, last], series=[series], assumptions=assumptions)


def middles(projection, scenario="central"):
    """Return year to middle."""
    part = projection[(projection["scenario"] == scenario) & (projection["quantile"] == 0.5)]
    return dict(zip(part["year"], part["value"], strict=True))


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        ({}, [1000, 1250, 1562.5]),
        # With g = ln 1.25, c = 0.5, φ = 0.5: after two years 0.5 · 0.75 · g.
        ({"growth_continues": 0.5, "damping": 0.5}, [1000, 1000 * 1.25**0.25, 1000 * 1.25**0.375]),
        # The step multiplies the base and not the growth.
        ({"base_step": 1.1}, [1100, 1375, 1718.75]),
    ],
)
def test_growth_goes_on_compounding_from_the_base(made_up, values, levels):
    """From 409.6 in 2015 to 1,000 in 2019 is a quarter a year."""
    release = made_up.ships(*certain(made_up, **values), start=409.6)

    found = middles(sf.project(release, horizon_year=2021))
    assert found == pytest.approx(dict(zip((2019, 2020, 2021), levels, strict=True)))


def test_a_share_grows_on_the_logit(made_up):
    """From 50% (odds 1) to 60% (odds 1.5) in a year: odds 2.25 and 9/13 of 100% the year after."""
    release = made_up.share((2018, 50), (2019, 60), *certain(made_up))

    found = middles(sf.project(release, horizon_year=2021))
    assert found == pytest.approx({2019: 60, 2020: 900 / 13, 2021: 100 * 3.375 / 4.375})


def test_the_maximum_can_be_a_published_row(made_up):
    published = [{"series": "berths", "period": "2019", "value": 1200.0, "qualifier": "exact"}]
    release = made_up.ships(published=published)
    release = made_up.with_value(release, "series", "ships", "maximum", "published:berths/2019")

    projection = sf.project(release, horizon_year=2030)
    assert projection["value"].max() < 1200
    assert "published:berths/2019" in projection["inputs"].iloc[0].split()


@pytest.mark.parametrize(
    ("unit", "level"), [("ships", 1050), ("gbp", 1050), ("seconds", 900), ("mbit_per_s", 900)]
)
def test_nine_months_become_a_year_where_they_add_up(made_up, unit, level):
    """900 to the end of September, the rest at half the rate: 900 · (1 + 1/3 · 0.5) = 1,050."""
    release = joined(
        made_up,
        made_up.year("a", 1050, 2018, unit=unit),
        made_up.figure("b", 900, "2019-01-01", "2019-09-30", "year_to_date", unit=unit),
        certain(made_up, rest_of_year=0.5, growth_continues=0.0),
        unit=unit,
    )

    found = middles(sf.project(release, horizon_year=2021))
    assert found == pytest.approx(dict.fromkeys((2019, 2020, 2021), level))


def test_a_cutoff_that_is_no_fact_is_a_day_of_the_year(made_up):
    """73 of 365 days are a fifth: 200 to date and the rest at the same rate make 1,000."""
    release = joined(
        made_up,
        made_up.year("a", 1000, 2018),
        made_up.figure("b", 200, "2019-01-01", "2019-03-31", "part_year"),
        certain(made_up, rest_of_year=1.0, cutoff=73.0),
    )

    assert middles(sf.project(release))[2019] == pytest.approx(1000)


def test_a_projected_year_is_taken_back_to_what_was_counted(made_up):
    """1,000 projected from a fifth is 200 counted; the rest at half the rate: 200 + 400."""
    release = joined(
        made_up,
        made_up.year("a", 600, 2018),
        made_up.year("b", 1000, 2019, qualifier="projected", rounded_to=0.0),
        certain(made_up, rest_of_year=0.5, cutoff=73.0),
    )

    assert middles(sf.project(release))[2019] == pytest.approx(600)


def test_a_month_stays_a_month(made_up):
    """From 100 in August 2018 to 110 in August 2019: 121 in August 2020."""
    release = joined(
        made_up,
        made_up.figure("a", 100, "2018-08-01", "2018-08-31", "month"),
        made_up.figure("b", 110, "2019-08-01", "2019-08-31", "month"),
        certain(made_up),
    )

    assert middles(sf.project(release, horizon_year=2021))[2020] == pytest.approx(121)


@pytest.mark.parametrize(
    ("stands", "first", "levels"),
    # A rise by a half over two years is a factor of the root of 1.5 a year.
    [("after", 2019, [900, 900 * 1.5**0.5]), ("before", 2021, [1350, 1350 * 1.5**0.5])],
)
def test_a_rise_without_its_base_starts_where_it_ended(made_up, stands, first, levels):
    claim = {"kind": "percent_change", "stated_value": 50.0, "stated_unit": "percent"}
    release = made_up.release(
        figures=[made_up.year("b", 900, 2019)],
        claims=[{**claim, "id": "r", "qualifier": "exact", "rounded_to": 0.0, "direction": "rise"}],
        series=[{"id": "s", "base_figure": "b", "growth_claim": "r", "base_stands": stands}],
        assumptions=certain(made_up, growth_years=2.0),
    )

    found = middles(sf.project(release))
    assert [found[first], found[first + 1]] == pytest.approx(levels)
    assert min(found) == first


@pytest.mark.parametrize(
    ("kind", "value", "unit", "direction", "before"),
    [
        ("multiple", 2.0, "multiple", "rise", 500),
        ("multiple", 5.0, "multiple", "fall", 5000),
        ("percent_change", -20.0, "percent", "", 1250),
        ("percent_change", 0.25, "fraction", "rise", 800),
    ],
)
def test_every_kind_of_change_gives_the_level_before(made_up, kind, value, unit, direction, before):
    claim = {"id": "r", "kind": kind, "stated_value": value, "stated_unit": unit}
    release = made_up.release(
        figures=[made_up.year("b", 1000, 2019)],
        claims=[{**claim, "direction": direction, "qualifier": "exact", "rounded_to": 0.0}],
        series=[{"id": "s", "base_figure": "b", "growth_claim": "r", "base_stands": "after"}],
        assumptions=certain(made_up, growth_years=1.0),
    )

    drawn = sf.draws(release, "s", draws=64)
    assert drawn["start"].to_numpy() == pytest.approx(before)


@given(
    factor=st.floats(0.5, 2),
    years=st.integers(1, 9),
    maximum=st.one_of(st.just(""), st.integers(20_000, 90_000).map(str)),
)
@settings(deadline=None, max_examples=15)
def test_a_growth_put_in_is_asked_for_back(made_up, factor, years, maximum):
    """Undamped and certain, the growth projected is the growth that made the two figures."""
    start = 1000.0
    limit = float(maximum or "inf")
    odds = start / (1 - start / limit) if maximum else start
    ended = odds * factor
    base = ended / (1 + ended / limit) if maximum else ended
    later = ended * factor ** (1 / years)
    expected = later / (1 + later / limit) if maximum else later
    exact = {"rounded_to": 0.0}
    release = made_up.release(
        figures=[
            made_up.year("a", start, 2019 - years, **exact),
            made_up.year("b", base, 2019, **exact),
        ],
        series=[{"id": "s", "base_figure": "b", "growth_from": "a", "maximum": maximum}],
        assumptions=certain(made_up),
    )

    assert middles(sf.project(release, draws=64))[2020] == pytest.approx(expected)
    if not maximum:
        growth = sf.observed_growth(release, draws=64).loc["s"]
        assert growth["growth"] == pytest.approx(100 * (factor ** (1 / years) - 1), abs=1e-9)
        assert growth["years"] == years


def test_growth_of_a_share_is_in_percentage_points(made_up):
    """From 40% to 46% in three years: two points a year, in 2016 to 2019."""
    release = made_up.share((2016, 40), (2019, 46), step=1.0)

    growth = sf.observed_growth(release).loc["s"]
    assert growth["growth"] == pytest.approx(2, abs=0.001)
    # Each end is uncertain by half a point: at most a third of a point a year in all.
    assert 2 - 1 / 3 < growth["low"] < 2 < growth["high"] < 2 + 1 / 3
    assert growth["unit"] == "percentage_points"
    assert (growth["start_period"], growth["base_period"]) == ("2016", "2019")


@given(
    step=st.tuples(st.floats(1, 1.3), st.floats(0, 0.2)),
    share=st.floats(60, 90),
    volatility=st.floats(0.01, 2),
)
@settings(deadline=None, max_examples=12)
def test_no_draw_passes_the_maximum(made_up, step, share, volatility):
    low, width = step
    assumptions = (
        made_up.assumption("base_step", low, low + width / 2, low + width),
        made_up.assumption("volatility", volatility, volatility, volatility),
    )
    release = made_up.share((2015, 50), (2019, share), *assumptions, step=1.0)

    try:
        drawn = sf.draws(release, "s", draws=256)
    except AssumptionError as error:
        assert "reach the maximum 100" in str(error)  # noqa: PT017 - either is right
    else:
        years = [name for name in drawn if isinstance(name, int)]
        assert drawn[years].to_numpy().max() <= 100


def test_a_few_draws_at_the_maximum_are_clipped_halfway_and_counted(made_up):
    # Peaked at 1: the share above 100/96 = 1.041667 is (1.0455 - 1.041667)² / 0.0455².
    step = made_up.assumption("base_step", 1, 1, 1.0455)
    release = made_up.share((2015, 90), (2019, 96), step)

    expected = (1.0455 - 100 / 96) ** 2 / 0.0455**2
    assert expected < 0.01
    assert sf.headlines(release)["clipped_share"].loc["s"] == pytest.approx(expected, abs=1e-4)
    # Halfway between the stated 96% and the maximum.
    assert sf.draws(release, "s")[2019].max() < 100
    assert (sf.draws(release, "s")[2019].round(9) == 98).sum() > 0


def test_many_draws_at_the_maximum_are_a_fault(made_up):
    release = made_up.share((2015, 90), (2019, 96), made_up.assumption("base_step", 1, 1.1, 1.2))

    # Below 100/96 = 1.0417 lies a share of 0.0417² / (0.2 · 0.1) = 0.087.
    message = r"series s: 91% of the draws of its base or start reach the maximum 100; correct"
    with pytest.raises(AssumptionError, match=message):
        sf.project(release, scenario="central")


def test_low_is_below_central_below_high_in_every_year(first_release):
    projection = sf.project(first_release)
    table = projection[projection["quantile"] == 0.5].pivot_table(
        index=["series", "year"], columns="scenario", values="value"
    )

    assert (table["low"] <= table["central"]).all()
    assert (table["central"] <= table["high"]).all()


@pytest.mark.parametrize(("start", "base"), [(800, 1000), (1000, 800)])
def test_which_end_lowers_is_computed(made_up, start, base):
    """After a fall, more of it going on lowers: low holds the upper quartiles."""
    release = made_up.ships(start=start, base=base)

    held = {
        name: sf.draws(release, "ships", scenario=name)["growth_continues"].unique()
        for name in ("low", "high")
    }
    assert all(len(values) == 1 for values in held.values())
    # The quartiles of a symmetric triangle from 0 to 1 are the roots of 1/8, and 1 less it.
    quartiles = [np.sqrt(1 / 8), 1 - np.sqrt(1 / 8)]
    expected = quartiles if base > start else quartiles[::-1]
    assert [held["low"][0], held["high"][0]] == pytest.approx(expected)


def test_the_draws_of_the_only_series_need_no_name(ships):
    assert sf.draws(ships, draws=64).equals(sf.draws(ships, "ships", draws=64))


def test_draws_of_several_series_ask_for_one(first_release):
    with pytest.raises(ParameterError, match="draws are of one series; name one of image_"):
        sf.draws(first_release, draws=64)


def test_low_and_high_draw_what_is_no_judgement(ships):
    drawn = sf.draws(ships, "ships", scenario="low")

    assert len(drawn["damping"].unique()) == 1
    assert len(drawn["volatility"].unique()) > 1000


def test_a_scenario_of_the_analyst_holds_its_values(made_up):
    rows = [
        {"scenario": "steady", "assumption": "growth_continues", "value": 1.0},
        {"scenario": "steady", "assumption": "damping", "value": 1.0},
        {"scenario": "steady", "assumption": "volatility", "value": 0.0},
    ]
    release = made_up.ships(scenarios=rows)

    projection = sf.project(release, scenario="steady", horizon_year=2023)
    # 800 to 1,000 in four years, and as much again in the next four.
    assert middles(projection, "steady")[2023] == pytest.approx(1250)
    assert "assumption:damping" in projection["inputs"].iloc[0].split()


def test_the_frame_is_tidy_and_every_row_has_its_inputs(ships):
    projection = sf.project(ships, horizon_year=2022)

    columns = ["series", "scenario", "year", "quantile", "value", "unit", "inputs"]
    assert projection.columns.tolist() == columns
    assert len(projection) == 3 * 4 * 9
    assert not projection.duplicated(["series", "scenario", "year", "quantile"]).any()
    inputs = projection["inputs"].iloc[0].split()
    assert inputs[:3] == ["series:ships", "figure:ships_2015", "figure:ships_2019"]
    assert {"assumption:growth_continues", "assumption:volatility", "parameter:seed"} < set(inputs)


def test_the_draws_are_those_behind_the_projection(ships):
    drawn = sf.draws(ships, "ships", scenario="high", draws=256, seed=5)
    projection = sf.project(ships, scenario="high", draws=256, seed=5)
    table = projection.pivot_table(index="year", columns="quantile", values="value")

    assert len(drawn) == 256
    expected = drawn[table.index.tolist()].quantile(table.columns.tolist()).to_numpy().T
    assert table.to_numpy() == pytest.approx(expected)


def test_each_series_has_the_points_that_it_has_alone(first_release):
    """One sequence serves all: a series projected alone has the numbers it has among all."""
    together = sf.project(first_release, draws=256)
    alone = sf.project(first_release, "distribution_offences", draws=256)

    part = together[together["series"] == "distribution_offences"].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, alone)


def test_a_base_that_reaches_zero_is_refused(made_up):
    release = made_up.ships(start=800)
    release = made_up.with_value(release, "figures", "ships_2015", "value", 0.0)

    with pytest.raises(AssumptionError, match="reach zero or below, where growth has no meaning"):
        sf.project(release)


def test_a_horizon_before_the_base_is_refused(made_up):
    release = joined(
        made_up,
        made_up.year("a", 800, 2018),
        made_up.figure("b", 900, "2023-01-01", "2023-12-31", "expectation"),
    )

    with pytest.raises(ParameterError, match="2022 is not after 2023, the year of the base of s"):
        sf.project(release, horizon_year=2022)


def test_two_parts_of_years_share_one_rate_for_the_rest(made_up):
    """Nine months of each year: one row for the series serves both, one for each is refused."""
    figures = [
        made_up.figure("a", 600, "2018-01-01", "2018-09-30", "year_to_date"),
        made_up.figure("b", 900, "2019-01-01", "2019-09-30", "year_to_date"),
    ]
    series = [{"id": "s", "base_figure": "b", "growth_from": "a"}]
    shared = certain(made_up, rest_of_year=0.5)
    release = made_up.release(figures=figures, series=series, assumptions=shared)
    drawn = sf.draws(release, "s", draws=64)

    # 600 · (1 + 1/3 · 0.5) and 900 · (1 + 1/3 · 0.5).
    assert drawn[["start", "base"]].iloc[0].tolist() == pytest.approx([700, 1050])

    rates = [
        made_up.assumption("rest_of_year", 0.5, 1, 2, id=f"rest_{name}", applies_to=name)
        for name in ("a", "b")
    ]
    release = made_up.release(figures=figures, series=series, assumptions=rates)
    with pytest.raises(AssumptionError, match="give one row with the symbol rest_of_year that"):
        sf.project(release)


def test_a_release_without_a_projection_has_an_empty_frame(made_up, ships):
    none = made_up.with_value(ships, "series", "ships", "projectable", "no")

    assert sf.project(none).empty
    assert sf.headlines(none).empty
    assert sf.observed_growth(none).empty
    assert sf.sensitivity(none).empty
    assert sf.outturn(none).empty
