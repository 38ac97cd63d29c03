import math
from dataclasses import replace
from datetime import date

import pytest

from statedfigures.analysis.contributions import (
    QUANTITIES,
    TOGETHER,
    Choices,
    Side,
    grouped,
    headline_values,
    headlines_of,
)
from statedfigures.analysis.differences import mixed_tables, table_changes

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


def test_many_changes_are_taken_together_by_rule_and_then_by_kind(tables):
    new = tables
    for name in ("growth_change", "damping", "overdispersion"):
        new = with_row(new, name, basis="Another reason.")
    new = replace(new, figures={**new.figures, "after": replace(new.figures["after"], note="!")})
    references = [one.reference for one in table_changes(tables, new)]
    sides = Side(tables, CHOICES), Side(new, CHOICES)

    assert set(grouped(references, *sides, 4)) == set(references)
    assert set(grouped(references, *sides, 2)) == {"assumptions", "figures"}
    assert sorted(grouped(references, *sides, 2)["assumptions"]) == [
        "assumption:damping",
        "assumption:growth_change",
        "assumption:overdispersion",
    ]


def test_changes_that_make_sense_only_together_are_told_together(tables, make_figure):
    """A series that starts from a new figure cannot be projected without that figure."""
    later = make_figure("later", 133)
    series = replace(tables.series["ships"], base_figure="later", growth_to="later",
                     figures=("before", "later"))  # fmt: skip
    new = replace(tables, figures={**tables.figures, "later": later}, series={"ships": series})
    (middle, *_) = compared(tables, new)

    assert middle.contributions == ((TOGETHER, middle.new - middle.old),)


def test_rows_that_only_document_are_not_told_apart(tables):
    references = ["paragraph:notes/1", "review:x", "figure:after"]

    assert set(grouped(references, Side(tables, CHOICES), Side(tables, CHOICES), MOST)) == {
        "figure:after"
    }
