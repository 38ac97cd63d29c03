"""Each rule of the release is shown able to fail, and ordinary releases to pass."""

import shutil
import tomllib
from pathlib import Path

import pytest

from statedfigures.analysis.review_state import review_states
from statedfigures.errors import DataError
from statedfigures.release import rules as rules_module
from statedfigures.release.csv_tables import TableRow, read_cell
from statedfigures.release.numerals import quantities
from statedfigures.release.reading import read_release, read_rows
from statedfigures.release.rules import RULES, Known
from statedfigures.release.schema import tables

ROOT = Path(__file__).parents[2]
CASES = tomllib.loads((Path(__file__).parent / "rows.toml").read_text("utf-8"))
BROKEN = CASES["broken"]
AUGUST = {"period_start": "2020-08-01", "period_end": "2020-08-31", "period_kind": "month"}
EARLIER = {"period_start": "2019-08-01", "period_end": "2019-08-31", "period_kind": "month"}


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


# Rules that need more than a changed cell have a test of their own below; release.toml's in
# test_reading.py.
SHOWN_ELSEWHERE = {
    *("reviewer_gives_a_reason", "review_is_no_formula", "review_stands_beside_its_row"),
    *("role_is_no_date", "review_follows_the_decision_it_is_about"),
    *(rule.name for scope in RULES.values() for rule in scope["release"]),
}


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


def test_every_rule_is_shown_able_to_fail():
    named = {
        rule.name for by_table in RULES.values() for here in by_table.values() for rule in here
    }

    assert named - SHOWN_ELSEWHERE <= {rule for rule, *_ in BROKEN}


def in_memory(rows, table, row_id, cells):
    """Return the rows of a release with cells of one changed, each read as its column is."""
    columns = {column.name: column for column in tables()[table].columns}
    first = "token" if table == "mentions" else tables()[table].names[0]
    at = next(n for n, row in enumerate(rows[table]) if getattr(row, first) == row_id)
    said = {name: read_cell(columns[name], text) for name, text in cells.items()}
    changed = TableRow(**vars(rows[table][at]) | said)
    return {**rows, table: [*rows[table][:at], changed, *rows[table][at + 1 :]]}


def test_every_condition_of_every_rule_is_broken_by_a_row(small_release):
    """A condition that is never true, or names what is not there, would pass unseen."""
    marks = review_states(read_release("small-release", small_release.data))["fingerprint"]
    mark = marks["volatility_ships"]
    review = ["volatility_ships", mark, "accept", "An analyst", "2021-04-01", ""]
    small_release.write("reviews", [*small_release.rows("reviews"), review])
    sound, faults = read_rows(small_release.folder)
    assert faults == []
    waiting = {
        (scope, table, number): rule
        for scope, by_table in RULES.items()
        for table, here in by_table.items()
        for number, rule in enumerate(here)
        if table != "release"
    }
    cases = [(rule, table, [(table, *case)]) for rule, table, *case, _ in BROKEN]
    for name, table, changes in (*cases, *CASES["further"]):
        release = sound
        for changed in changes:
            release = in_memory(release, *changed)
        names = {
            "row": rules_module.NAMES,
            "across": {**rules_module.NAMES, "release": Known(release)},
        }
        tried = {
            key: rule
            for key, rule in waiting.items()
            if (rule.name, key[1].removeprefix("projected_")) == (name, table)
        }
        for row in release[table] if tried else ():
            for key, rule in tried.items():
                if key[1] == "projected_series" and row.projectable != "yes":
                    continue
                if [*rules_module.broken_rules([rule], row, names[key[0]])]:
                    waiting.pop(key, None)

    assert [f"{table}: {rule.name}, {rule.words}" for (_, table, _), rule in waiting.items()] == []


def test_a_condition_reaches_no_builtins():
    code = compile("open('/etc/passwd')", "rule", "eval")
    rule = rules_module.Rule("opens", ("cell",), code, ())

    with pytest.raises(NameError):
        list(rules_module.broken_rules([rule], TableRow(cell="", file="", file_row=2), {}))


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


@pytest.mark.parametrize("period", ["2018", "2020", "2022"])
def test_the_one_published_row_in_another_unit_is_named(small_release, period):
    rows = small_release.rows("published")
    number = next(n for n, row in enumerate(rows, start=1) if row[:2] == ["ships_counted", period])
    small_release.set_cell("published", number, "unit", "boats")

    found = [fault for fault in told(small_release) if "published.csv" in fault]

    assert len(found) == 1
    assert f"row {number}" in found[0]
    assert "ships_counted is in boats here and in ships in 3 other rows; write ships" in found[0]


def test_without_the_shared_rows_each_symbol_that_is_needed_is_named(small_release):
    faults = told(small_release, method=False)

    # 150 tankers and seals by two thirds: about; more than 30 pilots; 90 seals expected.
    needed = {
        ("damping", "ships"),
        ("likely", "ships"),
        ("little_change", "ships"),
        ("fraction_words", "seals_two_thirds"),
        ("qualifier_about", "tankers_2020"),
        ("qualifier_about", "seals_two_thirds"),
        ("qualifier_more_than", "pilots"),
        ("qualifier_expected", "seals_2020"),
        ("qualifier_almost", "tankers_almost_double"),
    }
    words = "no row has the symbol {} and applies to {}; add it to method/assumptions.csv"
    assert len(faults) == len(needed)
    for symbol, target in needed:
        assert any(words.format(symbol, target) in fault for fault in faults), (symbol, faults)


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


def test_a_review_among_the_shared_ones_is_of_a_shared_row(small_release):
    method = (small_release.data / "method" / "reviews.csv").open("a", encoding="utf-8")
    with method:
        method.write(f"volatility_ships,{'a' * 64},accept,statistician,2021-03-11,\n")
    (fault,) = told(small_release)

    assert fault == (
        'method/reviews.csv, row 2, column assumption: "volatility_ships" is a row of '
        "assumptions.csv; move the review to reviews.csv"
    )


def test_a_review_follows_the_decision_that_it_is_about(small_release):
    """One of an earlier decision stays in the table, and is void."""
    (small_release.folder / "datapackage.json").unlink()
    mark = review_states(read_release("small-release", small_release.data))["fingerprint"]
    early = ["volatility_ships", mark["volatility_ships"], "accept", "statistician", "1999-01-01"]
    small_release.write("reviews", [*small_release.rows("reviews"), [*early, ""]])
    (fault,) = told(small_release)
    assert fault == (
        "reviews.csv, row 2, column on: the review is of 1999-01-01, and what it is about was "
        "decided on 2021-03-10; write the day of the review"
    )

    change(small_release, "assumptions", "volatility_ships", decided_on="2021-03-11")
    states = review_states(read_release("small-release", small_release.data))
    assert states.loc["volatility_ships", "state"] == "void"


@pytest.mark.parametrize(
    "role", ["2026-11-23", "2026-11-23T10:00", "Nov-26", "23rd of November 2026", "7"]
)
def test_a_date_is_no_role(small_release, role):
    review = ["volatility_ships", "a" * 64, "accept", role, "2021-03-11", ""]
    small_release.write("reviews", [*small_release.rows("reviews"), review])
    (fault,) = told(small_release)
    assert fault == (
        f'reviews.csv, row 2, column by: "{role}" is no role; '
        "write the role of the reviewer, such as peer reviewer"
    )


@pytest.mark.parametrize(
    "role", ["Mayor", "reviewer 2", "March 4 reviewer", "T5", "octogenarian", "θεατής"]
)
def test_a_role_may_have_any_words(small_release, role):
    review = ["volatility_ships", "a" * 64, "accept", role, "2021-03-11", ""]
    small_release.write("reviews", [*small_release.rows("reviews"), review])
    assert told(small_release) == []


def test_faults_of_the_shared_rows_name_their_folder(small_release):
    small_release.change("../method/assumptions.csv", ",triangular,", ",pyramid,")

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
            AUGUST,
            "February 2019 and August 2020 are of different seasons",
        ),
        (EARLIER, {}, "August 2019 and 2020 are of different lengths"),
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
        (EARLIER, AUGUST),
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
    small_release.change("release.toml", "published = 2021", "published = 2015")
    small_release.change("release.toml", "default_horizon = 2026", "default_horizon = 2020")

    assert "ships_2020 is not before the default horizon 2020" in told(small_release)[0]


def share_of(release, **series):
    """Turn the ships into a share in percent."""
    for figure, value in (("ships_2018", "24"), ("ships_2020", "37")):
        cells = {"value": value, "unit": "percent", "as_stated": f"{value}% of ships"}
        change(release, "figures", figure, **cells)
    for table in ("claims", "findings", "published"):
        release.write(table, release.rows(table)[:1])
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
    topics = small_release.rows("topics")
    topics[1][:2] = ["figures", "Category 1 calls at ages 0 to 4"]
    small_release.write("topics", topics[:2])
    for table in ("figures", "claims"):
        rows = small_release.rows(table)
        small_release.write(table, [rows[0], *([row[0], "figures", *row[2:]] for row in rows[1:])])
    change(small_release, "claims", "divers_share_of_people", published_series="")
    small_release.change("release.toml", 'worked_example = "ships"', "")

    assert told(small_release) == []


# ---------------------------------------------------------------- the words of a fragment


def test_figures_are_read_as_people_write_them(small_release):
    defaults = {"rounded_to": "1", "population": ""}
    rows = small_release.rows("figures")
    like = next(row for row in rows if row[0] == "ships_2020")
    for number, (fragment, cells) in enumerate(CASES["written"]):
        given = {"id": f"new_{number}", "as_stated": fragment} | defaults | cells
        rows.append([given.get(name, cell) for name, cell in zip(rows[0], like, strict=True)])
    small_release.write("figures", rows)

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
@pytest.mark.parametrize("name", CASES["met"])
def test_comparisons_that_releases_make_are_ordinary_rows(small_release, name):
    before, after, words, cells = CASES["met"][name]
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
