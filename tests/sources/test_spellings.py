import pytest

from statedfigures.sources.spellings import misleading_cell


@pytest.mark.parametrize(
    ("cell", "found", "remedy"),
    [
        ("1,000", "has a thousands separator", "write 1000"),
        ("1 000 000", "has a thousands separator", "write 1000000"),
        ("1'000.5", "has a thousands separator", "write 1000.5"),
        ("1,5", "has a decimal comma", "write 1.5"),
        ("£50", "has a currency sign", "write 50 and name the currency in the unit column"),
        ("£1,000", "has a currency sign", "write 1000 and name the currency in the unit column"),
        ("50 €", "has a currency sign", "write 50 and name the currency in the unit column"),
        ("38%", "has a percent sign", "write 38 with the unit percent"),
        ("1.2E+05", "is in scientific notation", "write 120000 in plain digits"),
        ("1e400", "is in scientific notation", "write it in plain digits"),
        ("+5", "has a plus sign", "write 5"),
        ("NaN", "is not a number", "write the number, or leave the cell empty"),
        ("-inf", "is not a number", "write the number, or leave the cell empty"),
        ("Infinity", "is not a number", "write the number, or leave the cell empty"),
        ("#N/A", "is not a number", "write the number, or leave the cell empty"),
        ("Jan-13", "is a date and not a number", "write the number that was meant"),
        ("1_000", "is not a number", "write it in digits only, such as 1000 or 0.5"),
        ("٣", "is not a number", "write it in digits only, such as 1000 or 0.5"),
        (".5", "is not written as plain digits", "write it with at most 15 digits, like 0.5"),
        ("many", "is not a number", "write it in digits only, such as 1000 or 0.5"),
    ],
)
def test_a_number_that_is_not_plain_is_explained(cell, found, remedy):
    assert misleading_cell(cell, "number") == (f'"{cell}" {found}', remedy)


@pytest.mark.parametrize(
    ("cell", "found", "remedy"),
    [
        # January has 31 days; a year of two digits is of this century up to 69.
        ("Jan-13", "is a date that a spreadsheet has rewritten", "write it like 2013-01-31"),
        ("Feb-2012", "is a date that a spreadsheet has rewritten", "write it like 2012-02-29"),
        ("1-Dec-85", "is a date that a spreadsheet has rewritten", "write it like 1985-12-01"),
        ("31/12/2013", "is not an ISO date", "write year-month-day, like 2013-01-31"),
        ("2014-1-5", "is no day of the calendar", "write year-month-day, like 2013-01-31"),
        ("0214-12-11", "is not in the years 1800 to 2199", "correct the year"),
        ("41275", "is the day number of a spreadsheet", "write it like 2013-01-31"),
        (
            "2013",
            "names no day",
            "write the first or last day of the period, like 2013-01-31",
        ),
        ("soon", "is not a date", "write it like 2013-01-31"),
    ],
)
def test_a_date_that_is_not_plain_is_explained(cell, found, remedy):
    assert misleading_cell(cell, "date") == (f'"{cell}" {found}', remedy)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("0.26", "number"), ("-1", "integer"), ("2014-12-11", "date"), ("any words", "string")],
)
def test_a_plain_cell_passes(cell, kind):
    assert misleading_cell(cell, kind) is None


@pytest.mark.parametrize("cell", [" posts", "posts ", "posts\n"])
def test_a_space_at_either_end_is_named(cell):
    assert misleading_cell(cell, "string")[1] == "delete the space"


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!"])
def test_the_error_sign_of_a_spreadsheet_is_named(cell):
    assert "is the error sign of a spreadsheet" in misleading_cell(cell, "string")[0]
