import ast
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from statedfigures.analysis.records import Interval, Verdict
from statedfigures.display.conflicts import cross_check_sentence, denominator_sentence
from statedfigures.display.findings import (
    bounds_sentence,
    claim_sentence,
    most_serious,
    tally,
    tally_sentence,
    warning_sentence,
)
from statedfigures.display.payload import quantities_of
from statedfigures.display.sentences import (
    answer,
    answer_assumptions,
    answer_claims,
    answer_measures,
    answer_outturn,
)
from statedfigures.display.show import text

DISPLAY = Path(__file__).parents[2] / "src" / "statedfigures" / "display"


def test_a_supported_claim_is_told_with_both_figures_and_the_change(make):
    said = claim_sentence(make.a_result(), make.some_tables().figures)

    assert str(said) == (
        "The release says “up 20%”. The stated figures go from 400 to 480: up a fifth (20%), "
        "which bears this out."
    )


def test_another_figure_gives_another_sentence(make):
    """400 to 800 is twice as much: 100 percent more."""
    tables = make.some_tables()
    figures = tables.figures | {"ships_2020": make.a_figure(value=Decimal(800))}
    doubled = make.a_result(
        recomputed=Interval(Fraction(100), Fraction(100)), verdict=Verdict.NOT_SUPPORTED
    )

    assert str(claim_sentence(doubled, figures)) == (
        "The release says “up 20%”. The stated figures go from 400 to 800: doubled (100%), which "
        "does not bear this out."
    )


def test_a_claim_that_cannot_be_recomputed_is_told_with_its_reason(make):
    lone = make.a_result(
        make.a_claim(from_figure=""),
        Verdict.CANNOT_TELL,
        recomputed=None,
        reason="The release gives no base.",
    )

    assert str(claim_sentence(lone, {})) == (
        "The release says “up 20%”. The release gives no base."
    )


def test_a_refuted_claim_comes_before_the_others(make):
    verdicts = [Verdict.SUPPORTED, Verdict.CANNOT_TELL, Verdict.NOT_SUPPORTED]
    results = [make.a_result(verdict=verdict) for verdict in verdicts]

    assert [one.verdict for one in most_serious(results)] == [
        Verdict.NOT_SUPPORTED,
        Verdict.CANNOT_TELL,
        Verdict.SUPPORTED,
    ]


def test_verdicts_are_counted_in_words(make):
    results = [
        make.a_result(make.a_claim(f"claim_{name}"), verdict)
        for name, verdict in zip(
            "abcd",
            [Verdict.SUPPORTED, Verdict.SUPPORTED, Verdict.NOT_SUPPORTED, Verdict.CANNOT_TELL],
            strict=True,
        )
    ]

    assert str(tally(results)) == "two hold, one does not hold and one cannot be checked"
    assert str(tally_sentence(results[:2], "here")) == (
        "All two comparisons that the release makes here hold."
    )


def test_a_comparison_of_unlike_things_is_told(make):
    warned = make.a_result(warnings=(make.a_warning(),))

    assert str(warning_sentence(warned)) == (
        "Take “up 20%” with care: part of a year is set against a whole year."
    )
    assert warning_sentence(make.a_result()) is None


def test_a_conflict_is_told_with_its_size(make):
    assert str(cross_check_sentence(make.a_check())) == (
        "Ships that called in 2020: the release states 480, but 500 ships were published for 2020 "
        "(Port Office), 4.17% more."
    )


def test_a_floor_above_what_was_published_is_told_as_at_least_so_much_less(make):
    """A stated "more than" has no upper end, so the fall is at least the nearer end."""
    check = make.a_check(low=Fraction(-100), high=Fraction(-5))

    assert str(cross_check_sentence(check)).endswith("at least 5% less.")


def test_agreement_is_told_as_agreement(make):
    assert str(cross_check_sentence(make.a_check(agrees=True))).endswith("which fits.")


def test_an_implied_base_is_told_beside_the_published_one(make):
    assert str(denominator_sentence(make.a_denominator())) == (
        "With 60, “represent 0.5%” implies a base of 12,000, but 8,000 people were published "
        "(Port Office); the share of that base would be 40."
    )


def test_bounds_are_told_with_their_reason(make):
    assert str(bounds_sentence([make.some_bounds()])) == (
        "Given as bounds and not projected: pilots on duty. One bound for one day."
    )


def test_the_answer_tells_claim_direction_ranges_and_caution(make):
    said = text(answer(make.a_study()))

    # 480 × 1.1² = 580.8; the ends of the ranges are 0.9, 1.1, 0.7 and 1.4 of it
    assert "Ships a year are likely to rise." in said
    assert "from about 480 in 2020 to about 581 in 2022" in said
    assert "the 50% range is 523 to 639 and the 90% range 407 to 813" in said
    assert "4.17% more" in said
    assert 3 <= len(answer(make.a_study()).sentences) <= 5


@pytest.mark.parametrize(
    ("growth", "words"),
    [
        (1.3, "are likely to rise"),
        (0.7, "are likely to fall"),
        (1.0, "the figures cannot tell which"),
    ],
)
def test_the_direction_changes_when_the_projection_does(make, growth, words):
    said = text(answer(make.a_study(projections=(make.a_projection(growth),))))

    assert words in said


def test_a_narrow_projection_without_growth_shows_little_change(make):
    """The ends are the twentieth roots of the shares: 0.7 becomes 0.98 and 1.4 becomes 1.02."""
    level = make.a_projection(1.0, spread=0.05)

    assert "likely to show little change" in text(answer(make.a_study(projections=(level,))))


def test_a_wider_range_is_told_as_less_sure(make):
    wide = make.a_projection(spread=3.0)

    assert "what might happen" in text(answer(make.a_study(projections=(wide,))))
    # 1.4 / 0.7 is 2: not below it
    assert "a rough size" in text(answer(make.a_study()))


def test_an_implied_base_that_cannot_be_is_the_first_caution(make):
    study = make.a_study(denominators=(make.a_denominator(),))

    assert "implies a base of 12,000" in text(answer(study))


def test_without_any_conflict_that_is_said(make):
    study = make.a_study(cross_checks=(make.a_check(agrees=True),))

    assert "No figure published elsewhere" in text(answer(study))


def test_a_topic_with_bounds_only_says_why(make):
    study = make.a_study(projections=(), bounds=(make.some_bounds(),))

    assert "Given as bounds and not projected" in text(answer(study))


def test_a_topic_without_claims_still_has_an_answer(make):
    study = make.a_study(claims=(), projections=(), cross_checks=())

    assert text(answer(study)) == (
        "The release states two figures on this and compares none of them."
    )


def test_claims_are_answered_with_counts_and_conflicts(make):
    said = text(answer_claims([make.a_result()], [make.a_check()]))

    assert "Of one comparisons" not in said
    assert "one conflicts with the release" in said


def test_measures_are_answered_by_what_would_show_their_effect(make):
    said = text(answer_measures(make.some_tables()))

    assert said.startswith(
        "The release announces two measures and gives a figure that would show the effect of one"
    )
    assert "Engine fund" in said


def test_assumptions_are_answered_by_quality_and_influence(make):
    said = text(answer_assumptions(make.some_tables(), [make.a_sensitivity()]))

    assert "The report rests on three assumptions: three rated weak." in said
    assert "What moves the projection of ships a year most: damping." in said
    assert "Nobody has reviewed any of them yet." in said


def test_an_assumption_past_its_review_is_told(make):
    from datetime import date

    tables = make.some_tables()
    later = replace(tables.description, edition=date(2023, 1, 1))

    assert "Three of them are past the date of review." in text(
        answer_assumptions(replace(tables, description=later))
    )


def test_outturns_are_answered_with_misses_and_skill(make):
    said = text(answer_outturn([make.an_outturn(), make.no_outturn()]))

    # 520 lies between 0.9 and 1.1 of 528; 900 lies above 1.4 of it, which is 739.2
    assert "of two years published later, one fell inside the narrower range and one inside" in said
    assert "every miss lay above the range" in said
    assert "scored better than no change (skill 25%)" in said
    assert "cannot be scored: no count was published." in said
    assert "were known when the ranges were set" in said


def test_a_miss_lies_above_the_range_though_a_still_wider_range_holds_it(make):
    """900 is above 739.2, the upper end of nine in ten, and below the 97.5% quantile set here."""
    outturn = make.an_outturn(values=(900.0,))
    [year] = outturn.years
    wider = replace(year, projected={**year.projected, 0.975: 1000.0})

    said = text(answer_outturn([replace(outturn, years=(wider,))]))

    assert "every miss lay above the range" in said


def test_every_digit_of_an_answer_stands_in_a_quantity(make):
    """What is left when the quantities are taken out holds no digit."""
    answers = [
        answer(make.a_study()),
        answer_claims([make.a_result()], [make.a_check()]),
        answer_measures(make.some_tables()),
        answer_assumptions(make.some_tables(), [make.a_sensitivity()]),
        answer_outturn([make.an_outturn(), make.no_outturn()]),
    ]
    for one in answers:
        words = "".join(
            part for said in one.sentences for part in said.parts if isinstance(part, str)
        )
        assert not re.search(r"\d", words)
        assert list(quantities_of(one))


@pytest.mark.parametrize("module", sorted(DISPLAY.glob("*.py")), ids=lambda path: path.name)
def test_no_template_holds_a_digit(module):
    """Every text passed to sentence() in the sources, not only those that a test reaches."""
    calls = [
        node
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "sentence"
    ]
    literals = [
        leaf.value
        for call in calls
        for argument in call.args
        for leaf in ast.walk(argument)
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    ]

    assert [literal for literal in literals if re.search(r"\d", literal)] == []
