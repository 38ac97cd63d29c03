"""Promises of judging the comparisons that a release makes."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.claims import judge_claim, judge_claims, locator_key, verdict_on
from statedfigures.analysis.intervals import interval, point
from statedfigures.analysis.reasons import CHECK_REASONS, REASONS
from statedfigures.analysis.records import Verdict
from statedfigures.analysis.register import Register
from statedfigures.errors import ParameterError

ENDS = st.integers(1, 50)


@pytest.fixture(scope="session")
def judge(make_tables, make_claim):
    """Judge one claim between two figures."""

    def result_of(before=None, after=None, **changes):
        sides = [figure for figure in (before, after) if figure is not None]
        claim = make_claim(
            from_figure="" if before is None else before.id,
            to_figure="" if after is None else after.id,
            **changes,
        )
        tables = make_tables(figures=sides, claims=[claim])
        return judge_claim(claim, tables, Register.of(tables))

    return result_of


MULTIPLE = {"kind": "multiple", "stated_unit": "multiple", "rounded_to": Decimal(1)}


def test_almost_double_is_not_supported_by_736_and_1235(judge, make_figure):
    """1235/736 = 1.678, with the projection's rounding 1234.5/736 to 1235.5/736; below 1.8."""
    result = judge(
        make_figure("before", 736),
        make_figure("after", 1235, qualifier="projected"),
        qualifier="almost",
        stated_value=Decimal(2),
        **MULTIPLE,
    )

    assert result.recomputed == interval(Fraction(2469, 1472), Fraction(2471, 1472))
    assert result.stated == interval(Fraction(9, 5), Fraction(2), high_open=True)
    assert (result.verdict, result.unit) == (Verdict.NOT_SUPPORTED, "multiple")
    assert result.reason == REASONS["below"]
    assert result.inputs == (
        "claim:rise",
        "figure:before",
        "figure:after",
        "assumption:claim_almost",
    )


def test_more_than_five_times_is_supported_by_more_than_1000_and_192(judge, make_figure):
    """1000/192 = 125/24 = 5.208…, and more than that; all of it lies above 5."""
    result = judge(
        make_figure("before", 192),
        make_figure("after", 1000, qualifier="more_than", rounded_to=Decimal(1000)),
        qualifier="more_than",
        stated_value=Decimal(5),
        **MULTIPLE,
    )

    assert result.recomputed == interval(Fraction(125, 24), None, low_open=True)
    assert result.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("low", "high", "hangs"),
    # 1.678 lies in 1.6 to 2 but not in 1.8 to 2, nor in 1.7 to 2.
    [(0.8, 0.95, True), (0.85, 0.95, False)],
)
def test_a_verdict_that_hangs_on_the_phrase_says_so(
    make_tables, make_figure, make_claim, make_assumption, low, high, hangs
):
    claim = make_claim(stated_value=Decimal(2), qualifier="almost", **MULTIPLE)
    tables = make_tables(
        figures=[make_figure("before", 736), make_figure("after", 1235)],
        claims=[claim],
        assumptions=[make_assumption("claim_almost", 0.9, low=low, high=high, target="rise")],
    )

    [result] = judge_claims(tables)

    assert result.verdict is Verdict.NOT_SUPPORTED
    assert result.reason.endswith(REASONS["loose"]) is hangs


@pytest.mark.parametrize(
    ("before", "after", "stated"),
    # 19373/51168 = 37.86%, and 14520/13330 = 108.93%.
    [(51168, 70541, 38), (13330, 27850, 109)],
)
def test_a_rounded_percent_change_is_supported(judge, make_figure, before, after, stated):
    result = judge(
        make_figure("before", before),
        make_figure("after", after),
        stated_value=Decimal(stated),
    )

    assert result.verdict is Verdict.SUPPORTED
    assert result.unit == "percent"
    assert result.recomputed == point(Fraction(after - before, before) * 100)


def test_an_overlap_by_rounding_is_supported_within_rounding(judge, make_figure):
    """1,000 to the nearest 100 against 800: 950/800 to 1050/800, a rise of 18.75 to 31.25%.

    The stated 20% means 19.5 to 20.5%, which is only a part of that.
    """
    result = judge(make_figure("before", 800), make_figure("after", 1000, rounded_to=Decimal(100)))

    assert result.recomputed == interval(Fraction(75, 4), Fraction(125, 4))
    assert result.verdict is Verdict.WITHIN_ROUNDING
    assert result.reason == REASONS["rounding"]


def test_a_bound_that_falls_on_both_sides_cannot_tell(judge, make_figure):
    """More than 1,000 over 203 is more than 4.93: it may be below or above 5."""
    result = judge(
        make_figure("before", 203),
        make_figure("after", 1000, qualifier="more_than"),
        qualifier="more_than",
        stated_value=Decimal(5),
        **MULTIPLE,
    )

    assert result.verdict is Verdict.CANNOT_TELL
    assert result.reason == REASONS["open"]


def test_a_change_above_the_stated_one_is_not_supported(judge, make_figure):
    """100 to 130 is 30%, above the 20.5% that 20% may mean at most."""
    result = judge(make_figure("before", 100), make_figure("after", 130))

    assert result.verdict is Verdict.NOT_SUPPORTED
    assert result.reason == REASONS["above"]


def test_a_highest_level_against_an_open_bound_cannot_tell(judge, make_figure):
    """May be over 22,500 (20,250 to 24,750) against more than 20,000: it may have been more."""
    result = judge(
        make_figure("before", 20_000, qualifier="more_than", period_kind="since"),
        make_figure("after", 22_500, qualifier="may_exceed", rounded_to=Decimal(500)),
        kind="extreme",
        stated_value=None,
        stated_unit="",
    )

    assert result.recomputed == interval(Fraction(20_250), Fraction(24_750))
    assert result.stated is None
    assert result.verdict is Verdict.CANNOT_TELL
    assert result.reason == REASONS["comparator_open"]
    assert result.unit == "ships"


@pytest.mark.parametrize(
    ("before", "after", "verdict", "reason"),
    [
        (100, 101, Verdict.SUPPORTED, "highest"),
        (100, 100, Verdict.NOT_SUPPORTED, "not_highest"),
        (100, 99, Verdict.NOT_SUPPORTED, "not_highest"),
    ],
)
def test_a_highest_level_against_a_count(judge, make_figure, before, after, verdict, reason):
    result = judge(
        make_figure("before", before),
        make_figure("after", after),
        kind="extreme",
        stated_value=None,
        stated_unit="",
    )

    assert (result.verdict, result.reason) == (verdict, REASONS[reason])
    assert result.stated == interval(Fraction(before), None, low_open=True)


@pytest.mark.parametrize(
    ("before", "after", "qualifier", "verdict", "reason"),
    [
        (569, {"value": 1300, "qualifier": "more_than"}, "exact", Verdict.SUPPORTED, "higher"),
        (569, {"value": 569}, "exact", Verdict.NOT_SUPPORTED, "not_higher"),
        (569, {"value": 500, "qualifier": "more_than"}, "exact", Verdict.CANNOT_TELL, "open"),
        (569, {"value": 500}, "less_than", Verdict.SUPPORTED, "lower"),
        (569, {"value": 600}, "less_than", Verdict.NOT_SUPPORTED, "not_lower"),
    ],
)
def test_a_direction_is_the_sign_of_the_change(
    judge, make_figure, before, after, qualifier, verdict, reason
):
    """A rise, or with `less_than` a fall, must hold for all values of both figures."""
    result = judge(
        make_figure("before", before),
        make_figure("after", **after),
        kind="direction",
        stated_value=None,
        stated_unit="",
        qualifier=qualifier,
    )

    assert (result.verdict, result.reason) == (verdict, REASONS[reason])
    assert result.unit == "percent"


@pytest.mark.parametrize(
    ("has_before", "after", "changes", "reason"),
    [
        (False, {}, {"stated_value": Decimal(66)}, "no_base"),
        (False, None, {"kind": "multiple", "stated_unit": "multiple"}, "no_figures"),
        (True, None, {}, "no_result"),
        (False, {}, {"kind": "share", "published_series": "users"}, "no_whole"),
        (False, None, {"kind": "share"}, "no_counts"),
        (False, {"unit": "percent"}, {"kind": "share"}, "no_counts"),
        (False, {"period_kind": "since"}, {"kind": "direction"}, "no_years"),
        (False, {}, {"kind": "extreme", "stated_value": None, "stated_unit": ""}, "no_rivals"),
    ],
)
def test_a_missing_figure_cannot_tell_and_says_which(
    judge, make_figure, has_before, after, changes, reason
):
    result = judge(
        make_figure("before", 100) if has_before else None,
        None if after is None else make_figure("after", **after),
        **changes,
    )

    assert result.verdict is Verdict.CANNOT_TELL
    assert result.reason == REASONS[reason]
    assert result.recomputed is None
    assert result.warnings == ()


def test_a_base_that_may_be_zero_cannot_tell(judge, make_figure):
    result = judge(make_figure("before", 5, qualifier="less_than"), make_figure("after", 6))

    assert (result.verdict, result.reason) == (Verdict.CANNOT_TELL, REASONS["zero_base"])


def test_a_share_is_the_part_over_the_whole(judge, make_figure):
    """60 of 12,000 is 1 in 200, so half a percent."""
    result = judge(
        make_figure("whole", 12_000),
        make_figure("part", 60),
        kind="share",
        stated_value=Decimal("0.5"),
        rounded_to=Decimal("0.1"),
    )

    assert result.recomputed == point(Fraction(1, 2))
    assert result.verdict is Verdict.SUPPORTED


def test_warnings_stand_beside_the_verdict(judge, make_figure):
    """A part of a year against a whole year does not change the arithmetic, but is said."""
    result = judge(make_figure("before", 100), make_figure("after", 120, period_kind="part_year"))

    assert result.verdict is Verdict.SUPPORTED
    assert [warning.code for warning in result.warnings] == ["part_year_against_whole_year"]


def test_a_kind_that_nothing_judges_is_refused(judge, make_figure):
    with pytest.raises(ParameterError, match="claim rise: a claim of kind 'odds'"):
        judge(make_figure("before", 100), make_figure("after", 120), kind="odds")


@pytest.mark.parametrize("text", [*REASONS.values(), *CHECK_REASONS.values()])
def test_reasons_are_sentences_without_digits(text):
    assert not re.search(r"\d", text)
    assert text.endswith(".")
    assert text[0].isupper()


def test_locators_sort_by_the_number_of_the_paragraph():
    assert sorted(["b/2", "a/10", "a/9"], key=locator_key) == ["a/9", "a/10", "b/2"]


@st.composite
def spans(draw):
    """Draw a bounded or half-open interval."""
    low, high = sorted([draw(ENDS), draw(ENDS)])
    return interval(Fraction(low), draw(st.sampled_from([Fraction(high), None])))


@given(spans(), spans(), st.integers(0, 20), st.integers(0, 20), st.booleans())
def test_widening_never_decides_nor_reverses(recomputed, stated, below, above, rounding_only):
    """A wider interval keeps a verdict or gives it up; it never finds a new firm one."""
    wider = replace(
        recomputed,
        low=recomputed.low - below,
        high=None if recomputed.high is None else recomputed.high + above,
    )
    firm = {Verdict.SUPPORTED, Verdict.NOT_SUPPORTED}

    before = verdict_on(recomputed, stated, rounding_only=rounding_only)
    after = verdict_on(wider, stated, rounding_only=rounding_only)

    assert after == before or after not in firm


@given(
    before=st.integers(1, 500),
    after=st.integers(1, 500),
    factor=st.sampled_from([2, 3, 10]),
    step=st.sampled_from([2, 5, 10]),
    qualifiers=st.tuples(
        *[st.sampled_from(["exact", "about", "more_than", "less_than", "almost", "may_exceed"])] * 2
    ),
    kind=st.sampled_from(["percent_change", "multiple", "share", "direction", "extreme"]),
)
def test_multiplying_both_figures_changes_no_verdict(
    judge, make_figure, before, after, factor, step, qualifiers, kind
):
    """A comparison does not depend on the size of the unit that both sides are counted in."""
    without_value = kind in {"direction", "extreme"}
    claim = {
        "kind": kind,
        "stated_value": None if without_value else Decimal(2),
        "stated_unit": {"multiple": "multiple"}.get(kind, "" if without_value else "fraction"),
    }
    if kind == "share":
        claim["stated_unit"] = "percent"

    def verdict(times):
        sides = [
            make_figure(name, value * times, qualifier=hedge, rounded_to=Decimal(step * times))
            for name, value, hedge in zip(
                ("before", "after"), (before, after), qualifiers, strict=True
            )
        ]
        return judge(*sides, **claim).verdict

    assert verdict(1) is verdict(factor)


@given(order=st.permutations(range(6)))
def test_the_order_of_rows_changes_nothing(make_tables, make_figure, make_claim, order):
    figures = [make_figure(name, value) for name, value in [("before", 100), ("after", 120)]]
    claims = [
        make_claim(f"claim_{number}", locator=f"notes/{12 - number // 2}") for number in range(6)
    ]
    shuffled = [claims[index] for index in order]

    results = judge_claims(make_tables(figures=figures[::-1], claims=shuffled))

    assert results == judge_claims(make_tables(figures=figures, claims=claims))
    assert [result.claim.id for result in results] == [
        "claim_4", "claim_5", "claim_2", "claim_3", "claim_0", "claim_1"
    ]  # fmt: skip
