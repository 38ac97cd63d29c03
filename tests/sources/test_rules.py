"""Each domain rule holds for the small release, and is shown able to fail."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from statedfigures.sources.dates import WHOLE_KINDS
from statedfigures.sources.fragments import (
    HEDGES,
    OUTLOOKS,
    fragment_holds_stated_value,
    qualifier_fits_fragment,
)
from statedfigures.sources.records import TorMonth
from statedfigures.sources.references import TABLE_RULES, table_faults
from statedfigures.sources.release import read_release
from statedfigures.sources.rules import MAY_REFER_TO_ROW, NUMBER_KINDS, ROW_RULES, row_faults

RELEASES = Path(__file__).parents[1] / "releases"
TABLES = read_release("small-release", data=RELEASES)
MONTH = TorMonth(date(2013, 2, 1), 21_000.0, 28, "before")

# Rule, table, id of the row, what is changed in it, and what the fault must say.
BROKEN_ROWS = [
    ("id_is_plain", "figures", "fund", {"id": "a b"}, 'id: "a b" cannot be an id'),
    ("number_is_not_negative", "figures", "divers", {"value": Decimal(-60)}, "-60 is negative"),
    (
        "percent_is_at_most_100",
        "figures",
        "divers_share",
        {"value": Decimal("100.5")},
        "100.5 percent is more than the whole",
    ),
    (
        # 480 is 4.8 hundreds.
        "value_is_whole_steps",
        "figures",
        "ships_2020",
        {"rounded_to": Decimal(100)},
        "480 is no multiple of the step 100",
    ),
    (
        "value_is_whole_steps",
        "figures",
        "ships_2020",
        {"rounded_to": Decimal(-1)},
        "-1 is negative",
    ),
    (
        "period_is_ordered",
        "figures",
        "ships_2020",
        {"period_end": date(2019, 12, 31)},
        "the period ends on 2019-12-31, before it starts on 2020-01-01",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_end": date(2020, 12, 30)},
        "2020-01-01 to 2020-12-30 is no calendar year; give 2020-01-01 to 2020-12-31",
    ),
    (
        # The British financial year in which 31 December 2020 lies.
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_kind": "financial_year"},
        "is no financial year; give 2020-04-01 to 2021-03-31",
    ),
    (
        # 2020 has 366 days; from 1 January to 30 September are 274.
        "period_fits_its_kind",
        "figures",
        "passengers_2020_to_september",
        {"period_kind": "rolling_12_months"},
        "is 274 days and not 12 months",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_kind": "part_year"},
        "is no part of a year",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_kind": "point"},
        "a point lasts from 2020-01-01 to 2020-12-31",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_end": None},
        "column period_end: the kind calendar_year needs both dates",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_start": None, "period_kind": "since"},
        "column period_start: a figure since a date gives no date",
    ),
    (
        "fragment_is_short",
        "figures",
        "ships_2020",
        {"as_stated": "480 ships " + "and more words " * 5},
        "the fragment has 17 words; keep at most 14",
    ),
    (
        "fragment_holds_stated_value",
        "figures",
        "ships_2020",
        {"value": Decimal(481)},
        '481 is not what "480 ships" states (480)',
    ),
    (
        "qualifier_fits_fragment",
        "figures",
        "tankers_2020",
        {"qualifier": "exact"},
        '"exact" is not what "Around 150 tankers" says; write about',
    ),
    (
        "mention_says_what_it_is",
        "mentions",
        "480",
        {"refers_to": ""},
        "a mention that is a figure names none",
    ),
    (
        "mention_says_what_it_is",
        "mentions",
        "480",
        {"disposition": "ordinal"},
        '"ships_2020" stands beside the disposition ordinal',
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_rise",
        {"stated_value": None},
        "a claim of the kind percent_change states no number",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_rise",
        {"stated_unit": ""},
        "20 has no unit; write percent, fraction or multiple",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_rise",
        {"rounded_to": None},
        "20 has no rounding step",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_rise",
        {"stated_unit": "multiple"},
        "a claim of the kind percent_change is stated as a multiple",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "tankers_almost_double",
        {"stated_unit": "percent"},
        "a multiple is stated in percent",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_highest_number",
        {"to_figure": ""},
        "a claim of the kind extreme names no figure",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "divers_share_of_people",
        {"to_figure": ""},
        "a share names no figure that is the part",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "divers_share_of_people",
        {"stated_value": Decimal(101)},
        "a share of 101 is more than the whole",
    ),
    (
        "claim_compares_two_figures",
        "claims",
        "ships_rise",
        {"from_figure": "ships_2020"},
        '"ships_2020" is compared with itself',
    ),
    (
        "projectable_series_can_be_projected",
        "series",
        "ships",
        {"base_figure": ""},
        "a projected series has no base",
    ),
    (
        "projectable_series_can_be_projected",
        "series",
        "ships",
        {"growth_from": ""},
        "a projected series has no observed growth",
    ),
    (
        "projectable_series_can_be_projected",
        "series",
        "pilots",
        {"reason": ""},
        "no reason says why the series is not projected",
    ),
    (
        "assumption_range_is_ordered",
        "assumptions",
        "damping",
        {"low": 0.9},
        "low 0.9 is above central 0.85",
    ),
    (
        "assumption_range_is_ordered",
        "assumptions",
        "damping",
        {"high": 0.8},
        "high 0.8 is below central 0.85",
    ),
    (
        "assumption_keeps_within_allowed",
        "assumptions",
        "damping",
        {"high": 1.5},
        "1.5 is outside the allowed range 0.01 to 1",
    ),
    (
        "assumption_keeps_within_allowed",
        "assumptions",
        "damping",
        {"allowed_min": 2.0},
        "allowed_min 2 is above allowed_max 1",
    ),
    (
        "lognormal_is_positive",
        "assumptions",
        "level_shift_ships",
        {"distribution": "lognormal"},
        "low 0 of a lognormal assumption is not above zero",
    ),
    (
        "review_follows_decision",
        "assumptions",
        "damping",
        {"review_by": date(2020, 1, 1)},
        "the review is due on 2020-01-01, before the decision of 2021-03-10",
    ),
    (
        "published_period_exists",
        "published",
        "ships_counted_2018",
        {"period": "2018-13"},
        '"2018-13" names no month',
    ),
    (
        "published_period_exists",
        "published",
        "ships_counted_2018",
        {"period": "Jan-13"},
        '"Jan-13" is no period',
    ),
    (
        "published_period_exists",
        "published",
        "ships_counted_2018",
        {"period": "2018-07/2018-01"},
        '"2018-07/2018-01" ends before it starts',
    ),
    (
        "address_is_of_the_web",
        "published",
        "ships_counted_2018",
        {"url": "javascript:alert(1)"},
        '"javascript:alert(1)" is not a web address',
    ),
]


def record_of(table, row_id):
    """Give a record of the small release by its id, or a mention by its token."""
    if table == "mentions":
        return next(mention for mention in TABLES.mentions if mention.token == row_id)
    return getattr(TABLES, table)[row_id]


def test_no_row_of_the_small_release_breaks_a_rule():
    records = {
        table: tuple(rows.values() if hasattr(rows, "values") else rows)
        for table in ROW_RULES
        for rows in [getattr(TABLES, table)]
    }

    assert list(row_faults(records)) == []


@pytest.mark.parametrize(
    ("rule", "table", "row_id", "changes", "told"),
    BROKEN_ROWS,
    ids=[f"{rule}-{number}" for number, (rule, *_) in enumerate(BROKEN_ROWS)],
)
def test_a_row_that_breaks_a_rule_is_named(rule, table, row_id, changes, told):
    broken = replace(record_of(table, row_id), **changes)

    faults = [str(fault) for fault in row_faults({table: (broken,)})]

    assert any(told in fault for fault in faults), faults
    assert all(fault.startswith(f"{table}.csv, row {broken.row}") for fault in faults)
    alone = next(check for check in ROW_RULES[table] if check.__name__ == rule)
    assert list(alone(broken))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"month": date(2013, 2, 2)}, "2013-02-02 is not the first of the month; write 2013-02-01"),
        # February 2013 had 28 days.
        ({"days": 29}, "29 days stand behind a month of 28"),
    ],
)
def test_a_month_begins_on_its_first_day_and_has_the_days_of_the_calendar(changes, told):
    faults = [str(f) for f in row_faults({"tor_monthly_users": (replace(MONTH, **changes),)})]

    assert [fault for fault in faults if told in fault]
    assert list(row_faults({"tor_monthly_users": (MONTH,)})) == []


def test_every_rule_for_rows_is_shown_able_to_fail():
    shown = {rule for rule, *_ in BROKEN_ROWS} | {"month_is_a_first_day"}

    assert shown == {rule.__name__ for rules in ROW_RULES.values() for rule in rules}


# Table, id of the row, what is changed in it, and what the fault must say.
BROKEN_TABLES = [
    ("figures", "fund", {"locator": "summary/9"}, '"summary/9" is not in paragraphs.csv'),
    ("claims", "ships_rise", {"from_figure": "ship_2018"}, 'did you mean "ships_2018"?'),
    ("measures", "engine_fund", {"figures": ("find",)}, '"find" is not in figures.csv'),
    (
        "claims",
        "divers_share_of_people",
        {"published_series": "town_resident"},
        '"town_resident" is not in published.csv',
    ),
    ("series", "ships", {"outturn_series": "ships_seen"}, '"ships_seen" is not in published.csv'),
    ("series", "ships", {"figures": ("ships_2020",)}, '"ships_2018" is not one of the figures'),
    (
        "series",
        "ships",
        {"figures": ("ships_2018", "ships_2020", "divers")},
        "divers is in divers and the series in ships",
    ),
    (
        "measures",
        "engine_fund",
        {"effect_figure_given": True, "figures": ()},
        "the effect is said to be given in figures, and none is named",
    ),
    ("assumptions", "damping", {"applies_to": ("ship",)}, 'did you mean "ships"?'),
    ("assumptions", "damping", {"applies_to": ()}, "the assumption applies to nothing"),
    ("assumptions", "damping", {"depends_on": ("damping",)}, '"damping" depends on itself'),
    (
        "assumptions",
        "level_shift_ships",
        {"depends_on": ("growth_change_ships",)},
        '"growth_change_ships" depends on itself',
    ),
    (
        "assumptions",
        "saturation_ceiling",
        {"rule": "damping"},
        "damping gives the rule damping for all already",
    ),
    ("published", "ships_counted_2018", {"compares_with": "ship"}, '"ship" is not in figures.csv'),
]


@pytest.mark.parametrize(("table", "row_id", "changes", "told"), BROKEN_TABLES)
def test_a_row_that_does_not_fit_the_other_tables_is_named(table, row_id, changes, told):
    rows = getattr(TABLES, table)
    broken = replace(TABLES, **{table: {**rows, row_id: replace(rows[row_id], **changes)}})

    faults = [str(fault) for fault in table_faults(broken)]

    assert [fault for fault in faults if told in fault], faults


@pytest.mark.parametrize(
    ("disposition", "refers_to", "told"),
    [
        ("figure", "ships_rise", '"ships_rise" is not in figures.csv'),
        ("claim", "ships_2020", '"ships_2020" is not in claims.csv'),
    ],
)
def test_a_mention_names_a_row_of_the_table_it_says(disposition, refers_to, told):
    mention = replace(record_of("mentions", "480"), disposition=disposition, refers_to=refers_to)

    faults = [str(fault) for fault in table_faults(replace(TABLES, mentions=(mention,)))]

    assert [fault for fault in faults if told in fault], faults


def test_every_rule_across_tables_has_a_sentence():
    rules = [rule for rules in (*TABLE_RULES.values(), *ROW_RULES.values()) for rule in rules]

    assert all(rule.__doc__ and rule.__doc__.splitlines()[0].endswith(".") for rule in rules)


@pytest.mark.parametrize(
    ("fragment", "value", "unit"),
    [
        ("1,235 in 2014", "1235", "offences"),
        ("may be over 22,500 such offences", "22500", "offences"),
        ("3.4 million children", "3400000", "children"),
        ("new £50 million fund", "50000000", "gbp"),
        ("new £50 million fund", "50", "gbp_million"),
        ("Four statements", "4", "statements"),
        ("twenty-six companies", "26", "companies"),
        ("0.18% of users", "0.18", "percent"),
    ],
)
def test_numbers_are_recognised_in_the_ways_that_releases_write_them(fragment, value, unit):
    figure = replace(
        TABLES.figures["ships_2020"], as_stated=fragment, value=Decimal(value), unit=unit
    )

    assert list(fragment_holds_stated_value(figure)) == []


@pytest.mark.parametrize(
    ("fragment", "value", "unit", "rounded_to"),
    [
        ("increased by two thirds", "0.6667", "fraction", "0.0001"),
        # Two thirds are 66.666… percent, 67 when rounded to whole percent.
        ("increased by two thirds", "67", "percent", "1"),
        # Down to one part in five.
        ("fivefold reduction", "0.2", "multiple", "0.04"),
        ("almost double", "2", "multiple", "1"),
        ("fell by half", "0.5", "fraction", "0.1"),
    ],
)
def test_claims_in_words_are_recognised(fragment, value, unit, rounded_to):
    claim = replace(
        TABLES.claims["ships_rise"],
        as_stated=fragment,
        stated_value=Decimal(value),
        stated_unit=unit,
        rounded_to=Decimal(rounded_to),
    )

    assert list(fragment_holds_stated_value(claim)) == []


@pytest.mark.parametrize(
    ("fragment", "value", "unit", "rounded_to"),
    [
        ("increased by two thirds", "0.75", "fraction", "0.01"),
        ("fivefold increase", "0.2", "multiple", "0.04"),
        # A percentage is not a hundred times itself.
        ("0.18% of users", "18", "percent", "1"),
    ],
)
def test_a_claim_that_its_words_do_not_state_is_noticed(fragment, value, unit, rounded_to):
    claim = replace(
        TABLES.claims["ships_rise"],
        as_stated=fragment,
        stated_value=Decimal(value),
        stated_unit=unit,
        rounded_to=Decimal(rounded_to),
    )

    assert list(fragment_holds_stated_value(claim))


@pytest.mark.parametrize(
    ("fragment", "value", "qualifiers"),
    [
        ("480 ships", 480, {"exact"}),
        ("around 480 ships", 480, {"about"}),
        ("More than 480 ships", 480, {"more_than"}),
        ("in over 480 ports", 480, {"more_than"}),
        ("fewer than 480 ships", 480, {"less_than"}),
        ("Almost 480 ships", 480, {"almost"}),
        ("there may be over 480 ships", 480, {"may_exceed"}),
        ("480 ships (full year figure projected", 480, {"exact", "projected"}),
        ("expected to see 480 ships", 480, {"exact", "expected"}),
        # The hedge belongs to the number after it and not to the one before or behind.
        ("more than five times the 2012 figure of 480", 480, {"exact"}),
        ("480 ships, more than ever", 480, {"exact"}),
        # A fraction or a number in words is never sharp.
        ("up by a half", 0.5, {"exact", "about"}),
    ],
)
def test_the_qualifier_follows_from_the_words_before_the_number(fragment, value, qualifiers):
    row = replace(TABLES.figures["ships_2020"], as_stated=fragment, value=Decimal(str(value)))
    known = {"exact", "about", "more_than", "less_than", "almost", "may_exceed", "projected"}

    fitting = {
        name
        for name in known | {"expected"}
        if not list(qualifier_fits_fragment(replace(row, qualifier=name)))
    }

    assert fitting == qualifiers


def words_of(release, table, column):
    """Give the words that a column may hold, from the descriptor of a release."""
    text = (release / "datapackage.json").read_text(encoding="utf-8")
    resource = next(item for item in json.loads(text)["resources"] if item["name"] == table)
    field = next(item for item in resource["schema"]["fields"] if item["name"] == column)
    return set(field["constraints"]["enum"])


@pytest.mark.parametrize(
    "release",
    [RELEASES / "small-release", RELEASES.parents[1] / "data" / "weprotect-2014"],
    ids=lambda folder: folder.name,
)
def test_the_rules_know_the_words_of_the_descriptors(release):
    """A qualifier, kind of claim or disposition that no rule knows would pass unchecked."""
    assert words_of(release, "figures", "qualifier") == {"exact", *HEDGES, *OUTLOOKS}
    assert words_of(release, "claims", "qualifier") == {"exact", *HEDGES, *OUTLOOKS}
    assert words_of(release, "claims", "kind") == NUMBER_KINDS | {"extreme", "direction"}
    assert words_of(release, "mentions", "disposition") >= MAY_REFER_TO_ROW
    assert words_of(release, "figures", "period_kind") == WHOLE_KINDS | {
        "since",
        "point",
        "expectation",
    }
