"""Base figures made whole, against cases worked by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from statedfigures.analysis.annualised import annualised_of


def annualised(tables):
    return annualised_of(tables, "ships", draws=64, seed=1)


def with_base(tables, **changes):
    base = replace(tables.figures["after"], **changes)
    return replace(tables, figures={**tables.figures, "after": base})


def test_a_whole_year_is_not_annualised(make_projectable):
    assert annualised(make_projectable()) is None


def test_a_count_to_date_keeps_its_number_and_grows_to_a_year(make_projectable):
    """90 in three quarters is 120 in the year."""
    result = annualised(with_base(make_projectable(100, 90), period_kind="part_year"))

    assert (result.to_date, result.implied, result.elapsed) == (90, False, 0.75)
    assert result.q50 == pytest.approx(120)


def test_a_projected_year_implies_its_count_to_date(make_projectable):
    """1,200 projected from three quarters implies 900 in them."""
    tables = with_base(
        make_projectable(annualisation_remaining_rate=0.2),
        qualifier="projected",
        value=Decimal(1200),
    )
    result = annualised(tables)

    assert (result.to_date, result.implied) == (900, True)
    assert result.q05 < 1200 < result.q95
