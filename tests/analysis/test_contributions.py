import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statedfigures.analysis.contributions import (
    OTHERS,
    QUANTITIES,
    TOGETHER,
    Choices,
    Side,
    changes_that_may_move,
    headline_values,
    headlines_of,
    mixed_side,
)
from statedfigures.analysis.differences import RowChange, mixed_tables, table_changes
from statedfigures.sources.release import read_release

CHOICES = Choices("central", 2025, 64, 1)
MOST = 8


@pytest.fixture(scope="module")
def tables(make_projectable):
    """Go from 100 in 2018 to 121 in 2020: 10% growth a year, all judgements quiet."""
    return make_projectable(growth_volatility=(0.01, 0.1, 0.2), growth_change=(-0.1, 0.0, 0.1))


def with_row(tables, name, **changes):
    row = replace(tables.assumptions[name], **changes)
    return replace(tables, assumptions={**tables.assumptions, name: row})


def compared(old, new, most=MOST, old_choices=CHOICES, new_choices=CHOICES):
    return headlines_of(
        Side(old, old_choices), Side(new, new_choices), table_changes(old, new), most
    )


def test_the_same_tables_differ_in_nothing(tables):
    assert table_changes(tables, replace(tables)) == ()
    assert all(one.old == one.new and not one.contributions for one in compared(tables, tables))


def test_changes_name_the_cells_and_rows_that_differ(tables, make_figure):
    figures = {
        "after": replace(tables.figures["after"], note="Seen again."),
        "new": make_figure("new", 5),
    }
    changes = table_changes(tables, replace(tables, figures=figures))

    assert [(one.reference, one.kind) for one in changes] == [
        ("figure:after", "changed"),
        ("figure:before", "removed"),
        ("figure:new", "added"),
    ]
    (cell,) = changes[0].fields
    assert (cell.name, cell.old, cell.new) == ("note", "", "Seen again.")


def test_the_place_of_a_row_in_its_file_is_no_difference(tables):
    moved = dict(reversed(tables.figures.items()))

    assert table_changes(tables, replace(tables, figures=moved)) == ()


def test_making_all_changes_gives_the_new_tables(tables, make_figure):
    new = with_row(tables, "damping", central=0.9, high=0.9, allowed_max=0.9)
    new = replace(new, figures={**new.figures, "more": make_figure("more", 7)})
    new = replace(new, description=replace(new.description, edition=date(2022, 1, 1)))
    every = [one.reference for one in table_changes(tables, new)]

    assert table_changes(mixed_tables(tables, new, every), new) == ()
    assert table_changes(tables, mixed_tables(tables, new, [])) == ()
    assert len(every) == 3


def test_contributions_add_up_and_a_change_without_effect_gets_zero(tables):
    new = with_row(tables, "growth_change", central=0.03)
    new = with_row(new, "level_shift_share", central=0.2, high=0.2, allowed_max=0.2)
    new = with_row(new, "damping", basis="Another reason.")
    found = compared(tables, new)

    assert [one.quantity for one in found] == list(QUANTITIES)
    for headline in found:
        total = math.fsum(value for _, value in headline.contributions)
        assert math.isclose(total, headline.new - headline.old, rel_tol=0, abs_tol=1e-9)
        assert dict(headline.contributions)["assumption:damping"] == 0.0
    assert found[0].new != found[0].old


def test_a_single_change_makes_the_whole_difference(tables):
    (middle, *_) = compared(tables, with_row(tables, "growth_change", central=0.03))

    assert middle.contributions == (("assumption:growth_change", middle.new - middle.old),)
    assert middle.new > middle.old


def test_parameters_are_changes_too(tables):
    longer = replace(CHOICES, horizon_year=2027, scenario="high")
    (middle, *_) = compared(tables, tables, new_choices=longer)

    names = {name for name, _ in middle.contributions}
    assert names == {"parameter:horizon_year", "parameter:scenario"}
    total = math.fsum(value for _, value in middle.contributions)
    assert math.isclose(total, middle.new - middle.old, abs_tol=1e-9)


def test_old_and_new_values_are_those_of_the_projections(tables):
    new = with_row(tables, "growth_change", central=0.03)
    found = compared(tables, new)

    assert tuple(one.old for one in found) == headline_values("ships", Side(tables, CHOICES))
    assert tuple(one.new for one in found) == headline_values("ships", Side(new, CHOICES))


def test_swapping_the_sides_turns_every_contribution_round(tables):
    new = with_row(
        with_row(tables, "growth_change", central=0.03),
        "damping",
        low=0.7,
        central=0.7,
        allowed_min=0.7,
    )
    there, back = compared(tables, new), compared(new, tables)

    for one, other in zip(there, back, strict=True):
        turned = {name: -value for name, value in other.contributions}
        assert dict(one.contributions) == pytest.approx(turned, abs=1e-9)


def test_of_many_changes_those_that_move_a_headline_least_are_taken_together(tables):
    """Two may be told apart: the largest, and the rest in one. A reason moves nothing at all."""
    new = with_row(tables, "growth_change", central=0.03)
    new = with_row(new, "damping", central=0.86, high=0.86, allowed_max=0.86)
    new = with_row(new, "level_shift_share", central=0.01, high=0.01, allowed_max=0.01)
    new = with_row(new, "overdispersion", basis="Another reason.")
    every, (middle, *_) = compared(tables, new)[0], compared(tables, new, most=2)

    ranked = [name for name, _ in every.contributions]
    assert every.together == ()
    assert ranked[0] == "assumption:growth_change"
    assert {name for name, _ in middle.contributions} == {ranked[0], OTHERS}
    assert set(middle.together) == set(ranked[1:])
    total = math.fsum(value for _, value in middle.contributions)
    assert math.isclose(total, middle.new - middle.old, rel_tol=0, abs_tol=1e-9)


def test_changes_that_make_sense_only_together_are_told_together(tables, make_figure):
    """A series that starts from a new figure cannot be projected without that figure."""
    later = make_figure("later", 133)
    series = replace(tables.series["ships"], base_figure="later", growth_to="later",
                     figures=("before", "later"))  # fmt: skip
    new = replace(tables, figures={**tables.figures, "later": later}, series={"ships": series})
    (middle, *_) = compared(tables, new)

    assert middle.contributions == ((TOGETHER, middle.new - middle.old),)
    assert set(middle.together) == {"figure:later", "series:ships"}


def test_rows_that_only_document_are_no_change_that_may_move_a_headline(tables):
    references = ["paragraph:notes/1", "review:x", "figure:after"]
    changes = [RowChange(one, "changed", ()) for one in references]
    side = Side(tables, CHOICES)

    assert changes_that_may_move("ships", side, side, changes) == (("figure:after",), ())


# Laws, on the shipped tables


SHIPPED = read_release("weprotect-2014", data=Path(__file__).parents[2] / "data")
PROJECTED = sorted(one.id for one in SHIPPED.series.values() if one.projectable == "yes")
# A series and judgements about it; the last one is about another series, and moves nothing.
SERIES = "image_offences"
JUDGEMENTS = (
    "image_growth_change", "image_level_shift", "image_volatility", "weight_no_change", "damping",
    "growth_persistence",
)  # fmt: skip
ELSEWHERE = "tor_growth_change"


@st.composite
def moved_rows(draw):
    """Move some judgements within their ranges, and one that the series does not read."""
    names = draw(st.lists(st.sampled_from(JUDGEMENTS), min_size=1, max_size=4, unique=True))
    rows = {}
    for name in (*names, ELSEWHERE):
        row = SHIPPED.assumptions[name]
        share = draw(st.floats(0, 1).filter(lambda one: one != 0.5))
        rows[name] = replace(row, central=row.low + share * (row.high - row.low))
    return rows


@st.composite
def moved_choices(draw):
    scenario = draw(st.sampled_from(["low", "central", "high"]))
    return replace(CHOICES, scenario=scenario, horizon_year=draw(st.integers(2019, 2024)))


@settings(max_examples=25, deadline=None)
@given(moved_rows(), moved_choices(), st.randoms(use_true_random=False))
def test_laws_of_contributions_on_the_shipped_model(rows, choices, chance):
    """They add up to 1e-9, do not depend on the order of inputs, and are 0 without effect."""
    one_series = replace(SHIPPED, series={SERIES: SHIPPED.series[SERIES]})
    old = Side(one_series, replace(CHOICES, horizon_year=2019))
    new = Side(replace(one_series, assumptions={**SHIPPED.assumptions, **rows}), choices)
    changes = list(table_changes(old.tables, new.tables))
    shuffled = chance.sample(changes, len(changes))

    found, other = (headlines_of(old, new, given, MOST) for given in (changes, shuffled))

    assert found == other
    assert [one.quantity for one in found] == list(QUANTITIES)
    for headline in found:
        parts = dict(headline.contributions)
        total = math.fsum(parts.values())
        assert math.isclose(total, headline.new - headline.old, rel_tol=0, abs_tol=1e-9)
        assert TOGETHER not in parts
        assert parts.get(f"assumption:{ELSEWHERE}", 0.0) == 0.0


@pytest.mark.parametrize("series", PROJECTED)
def test_no_assumption_that_is_left_out_could_have_moved_the_headline(series):
    """Those that the series does not read are moved to their ends, all at once: nothing moves."""
    old = Side(SHIPPED, replace(CHOICES, horizon_year=2019))
    rows = {
        name: replace(row, low=row.high, central=row.high)
        for name, row in SHIPPED.assumptions.items()
    }
    every = replace(SHIPPED, assumptions=rows)
    _, idle = changes_that_may_move(
        series, old, replace(old, tables=every), table_changes(SHIPPED, every)
    )
    moved = mixed_side(old, replace(old, tables=every), idle)

    assert len(idle) > 15
    assert headline_values(series, moved) == headline_values(series, old)


@pytest.mark.parametrize("series", PROJECTED)
def test_every_shipped_headline_is_shared_out_over_figures_assumptions_and_parameters(series):
    """A stated count, a judgement, a weight and the scenario at once."""
    tables = replace(SHIPPED, series={series: SHIPPED.series[series]})
    base = SHIPPED.series[series].base_figure
    figures = {**tables.figures, base: replace(tables.figures[base], value=figure_value(base) + 50)}
    rows = {**tables.assumptions}
    for name in ("damping", "weight_linear"):
        rows[name] = replace(rows[name], central=rows[name].high)
    old = Side(tables, replace(CHOICES, horizon_year=2019))
    new = Side(
        replace(tables, figures=figures, assumptions=rows), replace(old.choices, scenario="high")
    )

    for headline in headlines_of(old, new, table_changes(old.tables, new.tables), MOST):
        parts = dict(headline.contributions)
        assert set(parts) == {
            f"figure:{base}", "assumption:damping", "assumption:weight_linear",
            "parameter:scenario",
        }  # fmt: skip
        total = math.fsum(parts.values())
        assert math.isclose(total, headline.new - headline.old, rel_tol=0, abs_tol=1e-9)
        assert parts[f"figure:{base}"] > 0
        assert (parts["parameter:scenario"] > 0) == (headline.quantity == QUANTITIES[0])


def figure_value(name):
    return SHIPPED.figures[name].value
