"""Figures that rest on part of a year."""

import math
from dataclasses import replace

import pytest

from statedfigures.analysis.annualised import annualised_figures
from statedfigures.sources.release import read_release


@pytest.fixture(scope="module")
def tables():
    return read_release("weprotect-2014")


def test_the_count_behind_a_projected_year_is_the_part_of_the_year_counted(tables):
    """1,235 for the year with 304 of 365 days counted is about 1,029 to the end of October."""
    [distribution] = annualised_figures(tables, "offences")

    assert distribution.count_is_implied
    assert distribution.to_date == pytest.approx(1235 * 304 / 365, rel=1e-3)
    assert distribution.whole_year_q50 == pytest.approx(1235)


def test_a_count_to_date_stays_and_grows_by_the_days_left(tables):
    """70,541 in 345 of 365 days is 70,541 × 365/345 if the rest of the year is alike."""
    _, reports = annualised_figures(tables, "iwf")

    assert reports.to_date == 70541
    assert not reports.count_is_implied
    assert reports.whole_year_q50 == pytest.approx(70541 * 365 / 345, rel=1e-3)


def test_the_range_is_log_normal_in_the_days_left_only(tables):
    """95% quantile: to date + to date × remaining/elapsed × exp(1.645 s)."""
    _, reports = annualised_figures(tables, "iwf")
    spread = tables.assumptions["rest_of_year_iwf_reports"].central
    elapsed = reports.elapsed_fraction
    rest = 70541 * (1 - elapsed) / elapsed

    assert reports.whole_year_q95 == pytest.approx(
        70541 + rest * math.exp(1.6448536 * spread), rel=1e-6
    )


def test_twice_the_count_is_twice_the_year(tables):
    before = tables.figures["iwf_reports_2014_to_date"]
    doubled = replace(
        tables,
        figures={**tables.figures, before.id: replace(before, value=before.value * 2)},
    )
    _, once = annualised_figures(tables, "iwf")
    _, twice = annualised_figures(doubled, "iwf")

    assert twice.whole_year_q95 == pytest.approx(2 * once.whole_year_q95)


def test_a_topic_without_part_years_has_none(tables):
    assert annualised_figures(tables, "tor") == ()
