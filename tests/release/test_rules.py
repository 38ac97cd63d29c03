"""Each rule of the release is shown able to fail, and ordinary releases to pass."""

import shutil
from pathlib import Path

import pytest

from statedfigures.errors import DataError
from statedfigures.release.consistency import TABLE_RULES, needed_symbols
from statedfigures.release.numerals import quantities
from statedfigures.release.reading import read_release
from statedfigures.release.rules import ROW_RULES
from statedfigures.release.schema import symbols

ROOT = Path(__file__).parents[2]


def told(release, *, method=True):
    """Return the faults of a release, one line each; empty for a sound one."""
    if not method:
        shutil.rmtree(release.data / "method")
    (release.folder / "datapackage.json").unlink(missing_ok=True)
    try:
        read_release("small-release", release.data)
    except DataError as error:
        return [str(fault) for fault in error.faults]
    return []


def change(release, table, row_id, **cells):
    """Change cells of a row, found by its first cell or, for mentions, its token."""
    rows = release.rows(table)
    key = 1 if table == "mentions" else 0
    row = next(row for row in rows if row[key] == row_id)
    for column, value in cells.items():
        row[rows[0].index(column)] = value
    release.write(table, rows)


def add(release, table, like, **cells):
    """Add a row that is like another."""
    rows = release.rows(table)
    row = list(next(row for row in rows if row[0] == like))
    for column, value in cells.items():
        row[rows[0].index(column)] = value
    release.write(table, [*rows, row])


# Rule, table, row, what is changed in it, and what the fault must say.
BROKEN = [
    ("topic_is_a_page_of_its_own", "topics", "plans", {"id": "sources"}, "name of another page"),
    (
        "range_is_ordered",
        "figures",
        "ships_2020",
        {"value_to": "450"},
        "column value_to: 450 is not above the value 480",
    ),
    (
        "range_is_ordered",
        "figures",
        "pilots",
        {"value_to": "40", "as_stated": "between 30 and 40 pilots"},
        "a range with two ends is also said to be more_than; write exact or about",
    ),
    (
        "value_is_whole_steps",
        "figures",
        "ships_2020",
        {"rounded_to": "50"},
        "column rounded_to: 480 is no multiple of the step 50",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_end": "2019-12-31"},
        "the period ends on 2019-12-31, before it starts on 2020-01-01; swap them",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_end": ""},
        "column period_end: the kind calendar_year needs both dates of the period",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_start": "", "period_kind": "since"},
        "column period_start: a figure since a date gives no date",
    ),
    (
        "period_fits_its_kind",
        "figures",
        "ships_2020",
        {"period_kind": "month"},
        "2020-01-01 to 2020-12-31 is no month; give 2020-01-01 to 2020-01-31, or another kind",
    ),
    (
        "fragment_is_short",
        "figures",
        "ships_2020",
        {"as_stated": "480 ships" + " and more words" * 5},
        "the fragment has 17 words; keep at most 14",
    ),
    (
        "fragment_states_the_value",
        "figures",
        "ships_2020",
        {"value": "481"},
        '481 is not what "480 ships" states (480); correct the value or the fragment',
    ),
    (
        "fragment_states_the_value",
        "figures",
        "tankers_2020",
        {"qualifier": "exact"},
        '"exact" is not what "Around 150 tankers" says; write about, or mend the fragment',
    ),
    (
        "fragment_states_the_value",
        "figures",
        "pilots",
        {"qualifier": "exact", "as_stated": "between 30 and 40 pilots"},
        'column value_to: "between 30 and 40 pilots" states a range, up to 40; write 40',
    ),
    (
        "fragment_states_the_value",
        "figures",
        "pilots",
        {"qualifier": "exact", "value_to": "50", "as_stated": "between 30 and 40 pilots"},
        "50 is not the upper end that",
    ),
    ("mention_says_what_it_is", "mentions", "480", {"refers_to": ""}, "is a figure names none"),
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
        {"stated_value": ""},
        "a claim of the kind percent_change states no number",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_rise",
        {"stated_unit": ""},
        "20 has no unit; write percent, fraction",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_rise",
        {"rounded_to": ""},
        "20 has no rounding step",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_rise",
        {"stated_unit": "multiple"},
        "a claim of the kind percent_change is stated in multiple; write percent or fraction",
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
        {"stated_unit": "fraction", "stated_value": "5", "as_stated": "5 of the people"},
        "a share of 5 is more than the whole",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_highest_number",
        {"to_figure": ""},
        "a claim of the kind extreme names a base alone",
    ),
    (
        "claim_has_what_its_kind_needs",
        "claims",
        "ships_rise",
        {"stated_value": "-20", "as_stated": "down 20%"},
        "a rise is stated as -20; write fall, or the number without its sign",
    ),
    (
        "claim_has_a_direction_of_its_kind",
        "claims",
        "ships_rise",
        {"direction": "highest"},
        '"highest" is no direction of the kind percent_change; write rise or fall',
    ),
    (
        "claim_has_a_direction_of_its_kind",
        "claims",
        "seals_another_increase",
        {"direction": ""},
        "a claim of the kind direction has no direction; write rise or fall or no_change",
    ),
    (
        "claim_has_a_direction_of_its_kind",
        "claims",
        "ships_rise",
        {"since": "2010"},
        "since 2010 stands beside the kind percent_change",
    ),
    (
        "claim_has_a_direction_of_its_kind",
        "claims",
        "ships_highest_number",
        {"since": "2010-02-30"},
        '"2010-02-30" is no day of the calendar',
    ),
    (
        "claim_compares_two_figures",
        "claims",
        "ships_rise",
        {"from_figure": "ships_2020"},
        '"ships_2020" is compared with itself',
    ),
    (
        "claim_compares_two_figures",
        "claims",
        "ships_rise",
        {"from_figure": "ships_2018 tankers_2015"},
        "a claim of the kind percent_change has 2 bases",
    ),
    (
        "series_has_what_its_projection_needs",
        "series",
        "ships",
        {"base_figure": ""},
        "a projected series has no base",
    ),
    (
        "series_has_what_its_projection_needs",
        "series",
        "ships",
        {"growth_from": ""},
        "a projected series has no observed growth; name growth_from, or growth_claim",
    ),
    (
        "series_has_what_its_projection_needs",
        "series",
        "ships",
        {"growth_from": "ships_2020"},
        '"ships_2020" is also the base; name an earlier figure',
    ),
    (
        "series_has_what_its_projection_needs",
        "series",
        "ships",
        {"growth_claim": "ships_rise"},
        "growth is given twice",
    ),
    (
        "series_has_what_its_projection_needs",
        "series",
        "ships",
        {"base_stands": "after"},
        "base_stands after stands without growth_claim",
    ),
    (
        "series_has_what_its_projection_needs",
        "series",
        "ships",
        {"growth_from": "", "growth_claim": "ships_rise"},
        "nothing says whether the base stands before or after ships_rise",
    ),
    (
        "assumption_values_are_in_order",
        "assumptions",
        "growth_continues_ships",
        {"low": "0.9"},
        "low 0.9 is above central 0.5; put the three in order",
    ),
    (
        "assumption_values_are_in_order",
        "assumptions",
        "growth_continues_ships",
        {"high": "0.2"},
        "high 0.2 is below central 0.5",
    ),
    (
        "assumption_values_are_in_order",
        "assumptions",
        "growth_continues_ships",
        {"allowed_max": "0.8"},
        "1 is outside the allowed range -0.5 to 0.8",
    ),
    (
        "assumption_values_are_in_order",
        "assumptions",
        "growth_continues_ships",
        {"allowed_min": "2"},
        "allowed_min 2 is above allowed_max 1.5; swap them",
    ),
    (
        "assumption_values_are_in_order",
        "assumptions",
        "growth_continues_ships",
        {"high": "2", "allowed_max": "3"},
        "2 is no growth_continues; write a value from -0.5 to 1.5",
    ),
    (
        "assumption_values_are_in_order",
        "assumptions",
        "growth_continues_ships",
        {"unit": "percent"},
        'growth_continues is given in "percent"; write share, and the values in it',
    ),
    (
        "review_follows_decision",
        "assumptions",
        "volatility_ships",
        {"review_by": "2020-01-01"},
        "the review is due on 2020-01-01, before the decision of 2021-03-10",
    ),
    (
        "published_period_exists",
        "published",
        "town_residents",
        {"period": "2018-13"},
        '"2018-13" is no period',
    ),
    (
        "published_period_exists",
        "published",
        "town_residents",
        {"period": "2018-07/2018-01"},
        '"2018-07/2018-01" ends before it starts; swap its ends',
    ),
    (
        "published_period_exists",
        "published",
        "town_residents",
        {"period": "2013-02", "days": "29"},
        "29 days stand behind a period of 28",
    ),
    (
        "scenario_has_a_name_of_its_own",
        "scenarios",
        "quiet_harbour",
        {"scenario": "high"},
        '"high" is the name of a scenario that is there',
    ),
    (
        "mention_refers_to_its_row",
        "mentions",
        "480",
        {"refers_to": "ships_rise"},
        '"ships_rise" is not in figures.csv',
    ),
    (
        "mention_refers_to_its_row",
        "mentions",
        "480",
        {"disposition": "claim"},
        '"ships_2020" is not in claims.csv',
    ),
    (
        "published_series_exists",
        "claims",
        "divers_share_of_people",
        {"published_series": "town_resident"},
        '"town_resident" is not in published.csv',
    ),
    (
        "published_series_exists",
        "series",
        "ships",
        {"outturn_series": "ships_seen"},
        '"ships_seen" is not in published.csv',
    ),
    (
        "claim_compares_one_unit",
        "claims",
        "ships_rise",
        {"from_figure": "passengers_2010"},
        "two units are compared: passengers_2010 in passengers, ships_2020 in ships",
    ),
    (
        "claim_compares_one_unit",
        "claims",
        "ships_rise",
        {"kind": "difference"},
        "the difference is in percent and the figures in ships; write ships",
    ),
    (
        "claim_compares_one_unit",
        "claims",
        "ships_rise",
        {"kind": "percentage_points", "stated_unit": "percentage_points"},
        "percentage points are the difference of figures in ships; write difference",
    ),
    (
        "series_holds_its_own_figures",
        "series",
        "ships",
        {"figures": "ships_2020"},
        '"ships_2018" is not one of the figures of the series',
    ),
    (
        "series_holds_its_own_figures",
        "series",
        "ships",
        {"figures": "ships_2018 ships_2020 divers"},
        "divers is in divers and the series in ships; series of different units",
    ),
    (
        "maximum_is_above_every_figure",
        "series",
        "ships",
        {"maximum": "480"},
        "ships_2020 is 480, not below the maximum 480",
    ),
    (
        "maximum_is_above_every_figure",
        "series",
        "ships",
        {"maximum": "published:ships_counted/1999"},
        '"ships_counted/1999" is not in published.csv',
    ),
    (
        "maximum_is_above_every_figure",
        "series",
        "ships",
        {"maximum": "many"},
        '"many" is no reference',
    ),
    (
        "series_can_be_projected",
        "series",
        "ships",
        {"title": "Annual growth of ships"},
        "a rate of change is not projected; write bounds_only or no, with the reason",
    ),
    (
        "measure_gives_its_effect",
        "measures",
        "engine_fund",
        {"effect_figure_given": "true", "figures": ""},
        "the effect is said to be given in figures, and none is named",
    ),
    (
        "inputs_of_a_finding_exist",
        "findings",
        "tankers_not_doubled",
        {"inputs": "claim:tanker"},
        '"tanker" is not in claims.csv',
    ),
    (
        "inputs_of_a_finding_exist",
        "findings",
        "tankers_not_doubled",
        {"inputs": "claims:tankers_almost_double"},
        '"claims:tankers_almost_double" is no reference; begin it with one of: figure:…, claim:…',
    ),
    (
        "assumption_applies_to_something",
        "assumptions",
        "volatility_ships",
        {"applies_to": "ship"},
        '"ship" is not in series.csv',
    ),
    (
        "assumption_applies_to_something",
        "assumptions",
        "volatility_ships",
        {"applies_to": "ships pilots"},
        "pilots is not projected: nothing reads volatility_ships for it",
    ),
    (
        "scenario_keeps_within_allowed",
        "scenarios",
        "quiet_harbour",
        {"value": "2"},
        "2 is outside the allowed range -0.5 to 1.5 of growth_continues_ships",
    ),
]
# Rules that need more than a changed cell; each has a test of its own below.
SHOWN_BELOW = {"reviewer_gives_a_reason", "review_stands_beside_its_row"}


@pytest.mark.parametrize(
    ("rule", "table", "row_id", "cells", "words"),
    BROKEN,
    ids=[f"{rule}-{number}" for number, (rule, *_) in enumerate(BROKEN)],
)
def test_a_row_that_breaks_a_rule_is_named(small_release, rule, table, row_id, cells, words):
    change(small_release, table, row_id, **cells)

    assert rule
    faults = told(small_release)
    assert any(words in fault for fault in faults), faults
    assert all(" row " in fault and "; " in fault for fault in faults)


def test_every_rule_has_a_sentence_and_is_shown_able_to_fail():
    rules = {rule for rules in (*ROW_RULES.values(), *TABLE_RULES.values()) for rule in rules}

    assert all(rule.__doc__.splitlines()[0].endswith(".") for rule in rules)
    assert {rule.__name__ for rule in rules} == {rule for rule, *_ in BROKEN} | SHOWN_BELOW


def test_the_releases_that_tests_and_project_hold_are_sound(small_release):
    assert told(small_release) == []
    assert len(read_release("weprotect-2014", ROOT / "data").figures)


def test_faults_of_the_register_come_in_one_wave(small_release):
    """A wrong value, a wrong target, a row that is there twice, a missing one: all at once."""
    rows = small_release.rows("assumptions")
    twin = ["volatility_again", *rows[2][1:]]
    wrong = ["step", *rows[2][1:]]
    wrong[rows[0].index("symbol")] = "base_step"
    wrong[rows[0].index("unit")] = "multiple"
    wrong[rows[0].index("applies_to")] = "boats"
    small_release.write("assumptions", [rows[0], rows[2], twin, wrong])
    small_release.write("scenarios", small_release.rows("scenarios")[:1])

    faults = told(small_release)
    assert any(
        "volatility_ships gives the symbol volatility for ships already" in f for f in faults
    )
    assert any('"boats" is not in series.csv' in fault for fault in faults)
    assert any("no row has the symbol growth_continues and applies to ships" in f for f in faults)


def test_without_the_shared_rows_each_symbol_that_is_needed_is_named(small_release):
    faults = told(small_release, method=False)

    named = {word for fault in faults for word in fault.split() if word in symbols()}
    assert named == {
        "damping",
        "fraction_words",
        "likely",
        "little_change",
        *(f"qualifier_{word}" for word in ("about", "almost", "expected", "more_than")),
    }
    assert all("here or in method/assumptions.csv" in fault for fault in faults)


def test_a_part_of_a_year_needs_the_rate_of_the_rest(small_release):
    """As base and as start: the row is needed once for each, and no row is ordered away."""
    change(
        small_release,
        "figures",
        "ships_2020",
        period_kind="part_year",
        period_end="2020-09-30",
    )
    (fault,) = told(small_release)
    assert "no row has the symbol rest_of_year and applies to ships_2020 or ships" in fault

    change(
        small_release,
        "figures",
        "ships_2018",
        period_kind="part_year",
        period_end="2018-09-30",
    )
    rest = {"symbol": "rest_of_year", "unit": "multiple", "low": "0.8", "central": "1"}
    limits = {"high": "1.2", "allowed_min": "0.1", "allowed_max": "3"}
    add(small_release, "assumptions", "volatility_ships", id="rest", **rest, **limits)
    assert told(small_release) == []


def test_a_claim_without_its_base_needs_the_years_of_its_rise(small_release):
    change(
        small_release,
        "series",
        "ships",
        growth_from="",
        growth_claim="ships_rise",
        base_stands="after",
    )
    (fault,) = told(small_release)

    assert "no row has the symbol growth_years and applies to ships" in fault


def test_an_override_takes_the_place_of_a_shared_row_and_needs_reviews_of_its_own(small_release):
    method = (small_release.data / "method" / "reviews.csv").open("a", encoding="utf-8")
    with method:
        method.write(f"damping,{'a' * 64},accept,statistician,2021-03-11,\n")
        method.write(f"likely,{'b' * 64},accept,statistician,2021-03-11,\n")
    cells = {"symbol": "damping", "unit": "share", "applies_to": "all", "allowed_max": "1"}
    add(small_release, "assumptions", "volatility_ships", id="damping", **cells)
    assert told(small_release) == []
    release = read_release("small-release", small_release.data)

    damping = release.assumptions.loc["damping"]
    assert (damping["origin"], damping["central"]) == ("release", 0.05)
    assert release.assumptions.loc["likely", "origin"] == "method"
    assert list(release.reviews["assumption"]) == ["likely"]


def test_reviews_have_reasons_and_stand_beside_their_rows(small_release):
    review = ["volatility_ships", "a" * 64, "reject", "statistician", "2021-03-11", ""]
    shared = ["damping", "a" * 64, "accept", "statistician", "2021-03-11", ""]
    rows = small_release.rows("reviews")
    small_release.write("reviews", [*rows, review])
    assert "a reject gives no reason; say what is wrong" in told(small_release)[0]

    small_release.write("reviews", [*rows, shared])
    assert "move the review to method/reviews.csv" in told(small_release)[0]


def test_faults_of_the_shared_rows_name_their_folder(small_release):
    path = small_release.data / "method" / "assumptions.csv"
    path.write_text(path.read_text("utf-8").replace(",triangular,", ",pyramid,", 1), "utf-8")

    (fault,) = told(small_release)
    assert fault.startswith("method/assumptions.csv, row 2, column distribution")


# ---------------------------------------------------------------- which series can be projected

REMEDY = "write bounds_only or no, with the reason"


@pytest.mark.parametrize(
    ("start", "base", "words"),
    [
        ({}, {"value": "-480", "as_stated": "fell to -480 ships"}, "ships_2020 is -480: the"),
        ({}, {"value": "0", "as_stated": "0 ships"}, "the series can be zero or below"),
        ({"qualifier": "more_than", "as_stated": "more than 400"}, {}, "is a bound (more_than)"),
        ({}, {"qualifier": "less_than", "as_stated": "below 480"}, "is a bound from above"),
        (
            {"period_start": "2020-01-01", "period_end": "2020-06-30", "period_kind": "part_year"},
            {},
            "2020 are 0 years apart; name a figure a year or more earlier",
        ),
        (
            {"period_start": "2019-02-01", "period_end": "2019-02-28", "period_kind": "month"},
            {"period_start": "2020-08-01", "period_end": "2020-08-31", "period_kind": "month"},
            "February 2019 and August 2020 are of different seasons",
        ),
        (
            {"period_start": "2019-08-01", "period_end": "2019-08-31", "period_kind": "month"},
            {},
            "August 2019 and 2020 are of different lengths",
        ),
        ({"period_start": "", "period_end": "", "period_kind": "point"}, {}, "has no period"),
    ],
)
def test_a_series_that_cannot_be_projected_is_not(small_release, start, base, words):
    change(small_release, "figures", "ships_2018", **start)
    change(small_release, "figures", "ships_2020", **base)

    assert any(words in fault for fault in told(small_release)), told(small_release)


@pytest.mark.parametrize(
    ("start", "base"),
    [
        (
            {"period_start": "2019-08-01", "period_end": "2019-08-31", "period_kind": "month"},
            {"period_start": "2020-08-01", "period_end": "2020-08-31", "period_kind": "month"},
        ),
        (
            {"period_start": "2019-03-31", "period_end": "2019-03-31", "period_kind": "point"},
            {"period_start": "2020-05-31", "period_end": "2020-05-31", "period_kind": "point"},
        ),
        (
            {"period_start": "2018-04-01", "period_end": "2019-03-31"}
            | {"period_kind": "financial_year"},
            {"period_start": "2019-04-01", "period_end": "2020-03-31"}
            | {"period_kind": "financial_year"},
        ),
    ],
)
def test_the_same_season_a_year_apart_can_be_projected(small_release, start, base):
    change(small_release, "figures", "ships_2018", **start)
    change(small_release, "figures", "ships_2020", **base)

    assert told(small_release) == []


def test_a_horizon_lies_after_the_base(small_release):
    path = small_release.folder / "release.toml"
    text = path.read_text("utf-8").replace("published = 2021", "published = 2015")
    path.write_text(text.replace("default_horizon = 2026", "default_horizon = 2020"), "utf-8")

    assert "ships_2020 is not before the default horizon 2020" in told(small_release)[0]


def share_of(release, **series):
    """Turn the ships into a share in percent."""
    for figure, value in (("ships_2018", "24"), ("ships_2020", "37")):
        cells = {"value": value, "unit": "percent", "as_stated": f"{value}% of ships"}
        change(release, "figures", figure, **cells)
    release.write("claims", release.rows("claims")[:1])
    release.write("findings", release.rows("findings")[:1])
    claims = [row for row in release.rows("mentions") if row[3] != "claim"]
    release.write("mentions", claims)
    change(release, "series", "ships", unit="percent", outturn_series="", **series)


def test_a_share_is_projected_below_its_maximum_only(small_release):
    share_of(small_release)
    assert any("a share has no maximum; write 100 for percent" in f for f in told(small_release))

    share_of(small_release, maximum="100")
    assert told(small_release) == []


def test_an_ordinary_other_release_has_no_fault(small_release):
    """Nothing published, announced or projected, one topic, digits in its title, page names."""
    for table in ("published", "measures", "series", "findings", "scenarios", "assumptions"):
        (small_release.folder / f"{table}.csv").unlink()
    (small_release.folder / "reviews.csv").unlink()
    (small_release.folder / "notes.json").write_text("{")
    (small_release.folder / "._figures.csv").write_bytes(b"\0\1")
    topics = small_release.rows("topics")
    topics[1][:2] = ["figures", "Category 1 calls at ages 0 to 4"]
    small_release.write("topics", topics[:2])
    for table in ("figures", "claims"):
        rows = small_release.rows(table)
        small_release.write(table, [rows[0], *([row[0], "figures", *row[2:]] for row in rows[1:])])
    change(small_release, "claims", "divers_share_of_people", published_series="")
    path = small_release.folder / "release.toml"
    text = path.read_text("utf-8").replace('worked_example = "ships"', "")
    path.write_text(text, "utf-8")

    assert told(small_release) == []


def test_the_needs_of_a_release_follow_its_rows(small_release):
    release = read_release("small-release", small_release.data)

    # 150 tankers and seals by two thirds: about; more than 30 pilots; 90 seals expected.
    qualifiers = {(s, *t) for s, t in needed_symbols(release) if s.startswith("qualifier")}
    assert qualifiers == {
        ("qualifier_about", "tankers_2020"),
        ("qualifier_about", "seals_two_thirds"),
        ("qualifier_more_than", "pilots"),
        ("qualifier_expected", "seals_2020"),
        ("qualifier_almost", "tankers_almost_double"),
    }


# ---------------------------------------------------------------- the words of a fragment


@pytest.mark.parametrize(
    ("fragment", "cells"),
    [
        ("£13.65 billion", {"value": "13650000000", "unit": "gbp", "rounded_to": "10000000"}),
        ("new £50 million fund", {"value": "50", "unit": "gbp_million"}),
        ("7.62 million people", {"value": "7620000", "unit": "people", "rounded_to": "10000"}),
        ("to 27 minutes 25 seconds", {"value": "1645", "unit": "seconds"}),
        ("fell by 6 minutes", {"value": "360", "unit": "seconds", "rounded_to": "60"}),
        ("one in five ships", {"value": "20", "unit": "percent"}),
        ("one in five ships", {"value": "0.2", "unit": "fraction", "rounded_to": "0.1"}),
        ("contracted by 0.4%", {"value": "-0.4", "unit": "percent", "rounded_to": "0.1"}),
        ("104% of the target", {"value": "104", "unit": "percent"}),
        ("between 40 and 50 ships", {"value": "40", "value_to": "50"}),
        ("25 per 100,000 people", {"value": "25", "unit": "per_100000"}),
        ("3.3 percentage points", {"value": "3.3", "unit": "percentage_points"}
         | {"rounded_to": "0.1"}),
        ("Four statements", {"value": "4"}),
        ("just under seven million", {"value": "7000000", "qualifier": "just_under"}),
        ("just short of 480 ships", {"qualifier": "just_under"}),
        ("just over 480 ships", {"qualifier": "just_over"}),
        ("topped 480 ships", {"qualifier": "more_than"}),
        ("up to 480 ships", {"qualifier": "up_to"}),
        ("at least 480 ships", {"qualifier": "at_least"}),
        ("no more than 480 ships", {"qualifier": "up_to"}),
        ("nearly 480 ships", {"qualifier": "almost"}),
        ("fewer than 480 ships", {"qualifier": "less_than"}),
        ("there may be over 480 ships", {"qualifier": "may_exceed"}),
        ("480 ships (full year figure projected", {"qualifier": "projected"}),
        ("expected to see 480 ships", {"qualifier": "expected"}),
        # The words belong to the number after them, not to the one before or behind.
        ("more than five times the 2012 figure of 480", {"qualifier": "exact"}),
        ("480 ships, more than ever", {"qualifier": "exact"}),
    ],
)  # fmt: skip
def test_figures_are_read_as_people_write_them(small_release, fragment, cells):
    defaults = {"rounded_to": "1", "population": ""}
    add(small_release, "figures", "ships_2020", id="new", as_stated=fragment, **defaults | cells)

    assert told(small_release) == []


@pytest.mark.parametrize(
    ("fragment", "kind", "value", "unit", "rounded_to", "direction", "fits"),
    [
        ("increased by two thirds", "percent_change", "0.6667", "fraction", "0.0001", "rise", True),
        # Two thirds are 66.666… percent, 67 when rounded to whole percent.
        ("increased by two thirds", "percent_change", "67", "percent", "1", "rise", True),
        ("increased by two thirds", "percent_change", "0.75", "fraction", "0.01", "rise", False),
        # Down to one part in five.
        ("fivefold reduction", "multiple", "0.2", "multiple", "0.04", "fall", True),
        ("fivefold increase", "multiple", "0.2", "multiple", "0.04", "", False),
        ("halved", "multiple", "0.5", "multiple", "0.1", "fall", True),
        ("fell by half", "percent_change", "0.5", "fraction", "0.1", "fall", True),
        ("down 28%", "percent_change", "28", "percent", "1", "fall", True),
        ("down 28%", "percent_change", "-28", "percent", "1", "", True),
        ("up 28%", "percent_change", "-28", "percent", "1", "", False),
        # A percentage is not a hundred times itself.
        ("0.18% of users", "percent_change", "18", "percent", "1", "", False),
    ],
)
def test_claims_are_read_as_people_write_them(
    small_release, fragment, kind, value, unit, rounded_to, direction, fits
):
    cells = {"kind": kind, "stated_value": value, "stated_unit": unit, "direction": direction}
    rest = {
        "rounded_to": rounded_to,
        "as_stated": fragment,
        "qualifier": "exact",
        "from_figure": "",
    }
    change(small_release, "claims", "ships_rise", **cells, **rest)

    assert (told(small_release) == []) is fits, told(small_release)


# Figures and comparisons of releases that were met, as they are worded: each an ordinary row.
AUGUST = {"period_start": "2020-08-01", "period_end": "2020-08-31", "period_kind": "month"}
EARLIER = {"period_start": "2019-08-01", "period_end": "2019-08-31", "period_kind": "month"}
MET = {
    "a fall": ("395,170", "282,664", "down 28%", {"stated_value": "28", "direction": "fall"}),
    "a direction": (
        "395,170",
        "282,664",
        "has fallen",
        {"kind": "direction", "direction": "fall"} | dict.fromkeys(("stated_value",), ""),
    ),
    "a lowest since": (
        "395,170",
        "282,664",
        "the lowest since 2010",
        {"kind": "extreme", "direction": "lowest", "since": "2010", "stated_value": ""},
    ),
    "a lowest on record": (
        "224,205",
        "282,664",
        "the lowest on record",
        {"kind": "extreme", "direction": "lowest", "stated_value": ""},
    ),
    "a difference": (
        "",
        "6,776,150",
        "up 240,776",
        {"kind": "difference", "stated_value": "240776", "stated_unit": "ships"},
    ),
    "points": (
        "24%",
        "37%",
        "13 percentage points",
        {"kind": "percentage_points", "stated_value": "13", "stated_unit": "percentage_points"},
    ),
    "a percentage of percentages": (
        "24%",
        "37%",
        "more than half",
        {"stated_value": "50", "qualifier": "more_than"},
    ),
    "no change": (
        "7,620,000",
        "7.62 million",
        "remained at",
        {"kind": "direction", "direction": "no_change", "stated_value": ""},
    ),
    "halved": (
        "2,410",
        "1,190",
        "halved",
        {"kind": "multiple", "stated_value": "0.5", "stated_unit": "multiple", "rounded_to": "0.1"}
        | {"direction": "fall"},
    ),
    "a published base": (
        "",
        "83,000",
        "fallen by 38%",
        {"stated_value": "38", "direction": "fall", "published_series": "ships_counted"},
    ),
    "a duration": (
        "31 minutes 30 seconds",
        "27 minutes 25 seconds",
        "fell by 6 minutes",
        {"kind": "difference", "stated_value": "-360", "stated_unit": "seconds"}
        | {"rounded_to": "60"},
    ),
    "a cause": (
        "400",
        "480",
        "largely as a result of the new pier",
        {"kind": "cause", "stated_value": "", "published_series": "ships_counted"},
    ),
}


@pytest.mark.parametrize("name", MET)
def test_comparisons_that_releases_make_are_ordinary_rows(small_release, name):
    before, after, words, cells = MET[name]
    for row_id, text, period in (("before", before, EARLIER), ("after", after, AUGUST)):
        if text:
            found = quantities(text)[0]
            stated = {"value": f"{float(found.value):f}", "rounded_to": f"{float(found.step):f}"}
            unit = {"unit": found.unit or "ships", "as_stated": text, "id": row_id}
            add(small_release, "figures", "ships_2020", **unit, **stated, **period)
    blank = {"direction": "", "since": "", "published_series": "", "stated_unit": "percent"}
    if cells.get("stated_value") == "":
        blank |= {"stated_unit": "", "rounded_to": "", "qualifier": "exact"}
    ends = {"from_figure": "before" if before else "", "to_figure": "after", "as_stated": words}
    add(small_release, "claims", "ships_rise", id="met", **{**blank, **ends, **cells})

    assert told(small_release) == []
