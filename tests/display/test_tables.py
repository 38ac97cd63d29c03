import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.display.delimited import csv_rows, neutralised, number_field
from statedfigures.display.periods import period_text, published_period_text
from statedfigures.display.records import Column, TableView
from statedfigures.display.tables import (
    ask_next,
    table_assumptions,
    table_assumptions_used,
    table_bounds,
    table_claims,
    table_cross_checks,
    table_denominators,
    table_figures,
    table_hedges,
    table_long,
    table_measures,
    table_outturn_years,
    table_projection,
    table_published,
    table_scores,
    table_sources,
    table_tor_monthly,
    table_weights,
)


@pytest.fixture
def views(make):
    """Build every table once."""
    tables = make.some_tables()
    return [
        table_figures(tables.figures.values()),
        table_published(tables.published.values()),
        table_measures(tables),
        table_sources(tables),
        table_tor_monthly(tables.tor_monthly_users),
        table_claims([make.a_result(warnings=(make.a_warning(),))]),
        table_hedges([make.a_hedge()], tables),
        table_cross_checks([make.a_check()]),
        table_denominators([make.a_denominator()]),
        table_bounds([make.some_bounds()]),
        table_projection(make.a_projection()),
        table_long([make.a_projection()]),
        table_weights([make.a_projection()]),
        ask_next(make.a_sensitivity()),
        table_outturn_years(make.an_outturn()),
        table_scores([make.an_outturn()]),
        table_assumptions(tables),
        table_assumptions_used(["assumption:damping", "figure:ships_2020"], tables),
    ]


def column(view, name):
    """Give the texts of one column."""
    place = [one.name for one in view.columns].index(name)
    return ["" if row[place] is None else str(row[place]) for row in view.rows]


def test_every_digit_of_a_page_table_stands_in_a_quantity(views):
    """A plain text cell with a digit would be a number that leads nowhere."""
    loose = [
        (view.id, cell)
        for view in views
        for row in view.rows
        for cell, one in zip(row, view.columns, strict=True)
        if isinstance(cell, str) and re.search(r"\d", cell)
    ]

    assert loose == []


def test_no_heading_or_caption_holds_a_digit(views):
    words = [view.caption for view in views] + [
        one.heading for view in views for one in view.columns
    ]

    assert [one for one in words if re.search(r"\d", one)] == []


def test_every_row_has_a_cell_for_each_column_and_ids_are_slugs(views):
    for view in views:
        assert {len(row) for row in view.rows} == {len(view.columns)}
        assert re.fullmatch(r"[a-z0-9_-]+", view.id)


def test_rows_are_found_where_numbers_link_to(make):
    tables = make.some_tables()

    assert table_figures(tables.figures.values()).row_ids == (
        "figure-ships_2018",
        "figure-ships_2020",
    )
    assert table_claims([make.a_result()]).row_ids == ("claim-ships_rise",)
    assert table_published(tables.published.values()).row_ids == ("published-port_ships_2020",)
    assert "assumption-damping" in table_assumptions(tables).row_ids
    assert table_tor_monthly(tables.tor_monthly_users).row_ids[0] == "month-2013_06"


def test_the_order_of_the_rows_of_a_table_carries_no_meaning(make):
    tables = make.some_tables()
    backwards = dict(reversed(tables.figures.items()))

    assert table_figures(backwards.values()) == table_figures(tables.figures.values())


def test_projected_values_are_those_of_the_rows(make):
    view = table_projection(make.a_projection())

    # 480 × 1.1 and 480 × 1.21, nine tenths of them and twelve tenths
    assert column(view, "year") == ["2020", "2021", "2022"]
    assert column(view, "central_q50") == ["480", "528", "581"]
    assert column(view, "low_q50") == ["480", "475", "523"]
    assert column(view, "high_q50") == ["480", "634", "697"]
    assert column(view, "q95") == ["485", "739", "813"]


def test_years_beyond_the_default_horizon_are_remarked_on(make):
    view = table_projection(make.a_projection(marked_from=2022))

    assert column(view, "remark") == ["base", "", "beyond the default horizon"]


def test_the_long_table_has_the_columns_of_the_hubverse(make):
    view = table_long([make.a_projection()])

    assert csv_rows(view)[0] == [
        "series", "scenario", "model", "target_year", "output_type", "output_type_id", "value",
        "unit",
    ]  # fmt: skip
    # four scenarios, two years, five levels
    assert len(view.rows) == 4 * 2 * 5
    assert ["ships", "pooled", "pool", "2022", "quantile", "0.5", "580.8", "ships"] in csv_rows(
        view
    )


def test_what_to_ask_for_next_is_a_share_of_variance(make):
    """With indices of 0.7 and 0.1, and of 0.8 and 0.2 with what they do together."""
    view = ask_next(make.a_sensitivity())

    assert column(view, "variance_share") == ["70%", "10%"]
    assert column(view, "total") == ["80%", "20%"]
    assert column(view, "id") == ["damping", "shift"]


def test_a_break_even_that_does_not_exist_is_empty(make):
    assert column(ask_next(make.a_sensitivity()), "break_even") == ["0.5", ""]


def test_pages_that_use_other_assumptions_write_other_files(make):
    tables = make.some_tables()
    one = table_assumptions_used(["assumption:damping"], tables)
    other = table_assumptions_used(["assumption:message_likely"], tables)

    assert one.id != other.id
    assert len(one.rows) == 1


def test_the_assumptions_of_a_page_are_named_after_its_topic(make):
    tables = make.some_tables()
    figure = next(iter(tables.figures.values()))
    shown = table_assumptions_used([f"figure:{figure.id}", "assumption:damping"], tables)

    assert shown.id == f"assumptions-used-{figure.topic}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("+44", "'+44"), ("-1", "'-1"), ("@a", "'@a"), ("\t=1", "'\t=1"),
     (" =1", "' =1"), ("a=1", "a=1"), ("", "")],
)  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_neutralised(text, safe):
    assert neutralised(text) == safe


def test_a_formula_in_a_label_is_neutralised_in_the_file(make):
    hostile = replace(make.a_figure(), label="=HYPERLINK(1)")

    assert csv_rows(table_figures([hostile]))[1][0] == "'=HYPERLINK(1)"


def test_a_negative_number_in_a_numeric_column_stays_a_number():
    from statedfigures.display.words import Provenance, Quantity

    cell = Quantity("−5%", -5.0, Provenance(("figure:a",)))
    view = TableView("t", "T", (Column("change", "Change", numeric=True),), ((cell,),))

    assert csv_rows(view) == [["change"], ["-5"]]


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_a_number_field_reads_back_to_ten_digits(value):
    assert float(number_field(value)) == pytest.approx(value, rel=1e-9, abs=1e-300)
    assert "," not in number_field(value)


@pytest.mark.parametrize(
    ("kind", "start", "end", "text"),
    [
        ("calendar_year", date(2014, 1, 1), date(2014, 12, 31), "2014"),
        ("financial_year", date(2012, 4, 1), date(2013, 3, 31), "2012-13"),
        ("rolling_12_months", date(2014, 1, 1), date(2014, 12, 31), "year to December 2014"),
        ("rolling_12_months", date(2013, 12, 12), date(2014, 12, 11), "year to 11 December 2014"),
        ("part_year", date(2014, 1, 1), date(2014, 10, 31), "January to October 2014"),
        ("part_year", date(2014, 1, 1), date(2014, 12, 11), "1 January to 11 December 2014"),
        ("since", date(2010, 1, 1), None, "since 2010"),
        ("point", date(2014, 12, 11), date(2014, 12, 11), "11 December 2014"),
        ("point", None, date(2014, 12, 11), "11 December 2014"),
        ("expectation", date(2013, 1, 1), date(2013, 12, 31), "2013"),
        ("calendar_year", None, None, ""),
    ],
)
def test_a_period_reads_as_people_say_it(make, kind, start, end, text):
    figure = make.a_figure(period_kind=kind, period_start=start, period_end=end)

    assert period_text(figure) == text


@pytest.mark.parametrize(
    ("period", "text"),
    [
        ("2012", "2012"),
        ("2012-13", "2012-13"),
        ("1999-00", "1999-00"),
        ("2014-07", "July 2014"),
        ("2013-Q2", "second quarter of 2013"),
        ("2014-01/2014-07", "January to July 2014"),
        ("2013-11/2014-02", "November 2013 to February 2014"),
    ],
)
def test_a_published_period_reads_as_people_say_it(period, text):
    assert published_period_text(period) == text
