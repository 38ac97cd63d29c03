"""Scores of the register, and ratings that they contradict."""

from dataclasses import replace

import pytest

from statedfigures.analysis.records import Sensitivity, SensitivityRow
from statedfigures.analysis.scores import quality_findings, register_scores


@pytest.fixture
def tables(make_projectable):
    """Give tables in which damping is rated strong and growth change weak."""
    made = make_projectable()
    rows = dict(made.assumptions)
    rows["damping"] = replace(rows["damping"], quality="strong")
    return replace(made, assumptions=rows)


def sensitivity(tables, **totals):
    rows = tuple(
        SensitivityRow(name, name, 0.0, 0.0, 0.0, 0.0, total, 0.0, None)
        for name, total in totals.items()
    )
    return Sensitivity(tables.series["ships"], 2025, 100.0, rows, ())


def test_the_score_is_the_largest_total_index_over_the_headlines(tables):
    scores = register_scores(
        tables, [sensitivity(tables, damping=0.3), sensitivity(tables, damping=0.1)]
    )

    assert scores["damping"][0] == 0.3


def test_risk_grows_with_doubt(tables):
    """A strong rating leaves a third of the score, a weak one all of it."""
    scores = register_scores(tables, [sensitivity(tables, damping=0.3, growth_change=0.3)])

    assert scores["damping"] == pytest.approx((0.3, 0.1))
    assert scores["growth_change"] == pytest.approx((0.3, 0.3))


def test_an_index_below_zero_by_chance_scores_nothing(tables):
    assert register_scores(tables, [sensitivity(tables, damping=-0.01)])["damping"] == (0, 0)


def test_an_assumption_that_no_headline_reads_has_no_score(tables):
    assert "claim_almost" not in register_scores(tables, [sensitivity(tables, damping=0.3)])


def test_a_strong_rating_with_much_influence_is_a_finding(tables):
    """From a fifth of the variance on, as the register says."""
    found = quality_findings(tables, {"damping": (0.2, 0.1), "growth_change": (0.9, 0.9)})

    assert [(one.assumption.id, one.sensitivity_score) for one in found] == [("damping", 0.2)]
    assert quality_findings(tables, {"damping": (0.19, 0.1)}) == ()
