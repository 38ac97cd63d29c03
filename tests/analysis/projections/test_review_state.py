"""What a review stands for: any change to the row or to the code of its symbol voids it."""

import inspect
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from statedfigures.analysis.review_state import (
    FUNCTIONS,
    assumption_fingerprint,
    review_states,
    symbol_fingerprint,
)
from statedfigures.release.schema import symbols


def review(row, decision="accept", on="2026-11-10", **cells):
    """Return a review of an assumption as it is now."""
    day = pd.Timestamp(on)
    plain = {"by": "statistician", "on": day, "fingerprint": assumption_fingerprint(row)}
    return {"assumption": row.name, "decision": decision, **plain, **cells}


def reviewed(made_up, *decisions):
    """Return a release in which every row, or the row named, is reviewed."""
    release = made_up.ships()
    rows = [
        review(release.assumptions.loc[name], decision, on) for name, decision, on in decisions
    ] or [review(row) for _, row in release.assumptions.iterrows()]
    return made_up.ships(reviews=rows)


def test_a_row_that_nobody_reviewed_is_never(ships):
    table = review_states(ships)

    assert set(table["state"]) == {"never"}
    assert not table["overdue"].any()
    assert table["inputs"].loc["damping"] == "assumption:damping"


@pytest.mark.parametrize(
    ("decision", "state"),
    [("accept", "agreed"), ("challenge", "challenged"), ("reject", "rejected")],
)
def test_a_decision_makes_the_state(made_up, decision, state):
    table = review_states(reviewed(made_up, ("damping", decision, "2026-11-10")))

    assert table.loc["damping", "state"] == state
    assert table.loc["damping", "by"] == "statistician"
    assert table.loc["volatility", "state"] == "never"


def test_the_latest_review_counts_and_on_one_day_the_lowest(made_up):
    first = ("damping", "reject", "2026-11-12")
    release = reviewed(made_up, first, ("damping", "accept", "2026-11-10"))
    assert review_states(release).loc["damping", "state"] == "rejected"

    release = reviewed(made_up, first, ("damping", "accept", "2026-11-12"))
    assert review_states(release).loc["damping", "state"] == "agreed"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("label", "Another label"),
        ("low", 0.65),
        ("high", 0.99),
        ("applies_to", "ships"),
        ("basis", "Another basis"),
        ("quality", "weak"),
        ("review_by", pd.Timestamp("2028-01-01")),
    ],
)
def test_a_change_of_any_cell_voids_a_review_of_the_row(made_up, column, value):
    release = made_up.with_value(reviewed(made_up), "assumptions", "damping", column, value)
    table = review_states(release)

    assert table.index[table["state"] == "void"].tolist() == ["damping"]
    assert table.loc["damping", "changed"] == "row"


def test_where_a_row_stands_in_its_file_is_no_change(made_up):
    release = made_up.with_value(reviewed(made_up), "assumptions", "damping", "file_row", 99)

    assert set(review_states(release)["state"]) == {"agreed"}


def test_an_agreed_row_is_overdue_after_its_day(made_up):
    due = made_up.assumption("damping", 0.7, 0.9, 1, review_by=pd.Timestamp("2026-11-26"))
    damping = made_up.ships(due).assumptions.loc["damping"]
    release = made_up.ships(due, reviews=[review(damping)])

    assert release.about.edition == date(2026, 11, 27)
    table = review_states(release)
    assert table.loc["damping", "state"] == "overdue"
    assert table["overdue"].sum() == 1


# For each symbol something its function says, and something else.
CHANGES = {
    "growth_continues": ("projection", "return share * growth", "return share + growth"),
    "damping": ("projection", "accumulate([damping]", "accumulate([damping**2]"),
    "base_step": ("projection", "return base * step", "return base + step"),
    "rest_of_year": ("projection", "(1 + (1 - elapsed)", "(2 + (1 - elapsed)"),
    "cutoff": ("projection", "return last_day / days", "return (last_day - 1) / days"),
    "volatility": ("projection", "np.sqrt(years)[:,", "np.cbrt(years)[:,"),
    "growth_years": ("projection", "return rise / years", "return rise * years"),
    "little_change": ("headline", "100 * (level - base) / base", "100 * (level - base) / level"),
    "little_change_points": ("headline", "return level - base", "return base - level"),
    "likely": ("headline", "likely + 2 *", "likely + 3 *"),
    "fraction_words": ("qualifiers", "100 * w)", "99 * w)"),
    "qualifier_about": ("qualifiers", "(n - w * s, n + w * s)", "(n - w * s, n + 2 * w * s)"),
    "qualifier_more_than": ("qualifiers", "(n, None), excludes", "(n + 1, None), excludes"),
    "qualifier_almost": ("qualifiers", "(w * n, n)", "(w * n, n + 1)"),
    "qualifier_just": ("qualifiers", "n * (1 + w / 100)", "n * (1 + w / 99)"),
    "qualifier_may_exceed": (
        "qualifiers",
        '"may_exceed": Qualifier(_by_percent',
        '"may_exceed": Qualifier(_by_rounding',
    ),
    "qualifier_expected": (
        "qualifiers",
        '"expected": Qualifier(_by_percent',
        '"expected": Qualifier(_by_rounding',
    ),
}


def change_source(monkeypatch, module, old, new):
    """Let the source of a module say something else."""
    source_of = inspect.getsource

    def changed(asked):
        text = source_of(asked)
        if asked.__name__.endswith(f".{module}"):
            assert old in text, f"{module} no longer says {old!r}"
            return text.replace(old, new)
        return text

    monkeypatch.setattr(inspect, "getsource", changed)


@pytest.mark.parametrize("symbol", sorted({*FUNCTIONS, *symbols()}))
def test_a_change_of_a_symbols_function_voids_its_own_reviews_alone(
    monkeypatch, first_release, symbol
):
    before = {name: symbol_fingerprint(name) for name in CHANGES}
    rows = [review(row) for _, row in first_release.assumptions.iterrows()]
    release = replace(
        first_release, reviews=pd.DataFrame(rows).assign(comment="", origin="release")
    )
    assert set(review_states(release)["state"]) == {"agreed"}

    change_source(monkeypatch, *CHANGES[symbol])
    after = {name: symbol_fingerprint(name) for name in CHANGES}
    table = review_states(release)
    expected = release.assumptions.index[release.assumptions["symbol"] == symbol]
    assert [name for name in CHANGES if before[name] != after[name]] == [symbol]
    assert table.index[table["state"] == "void"].tolist() == expected.tolist()
    assert set(table.loc[expected, "changed"]) <= {"code of its symbol"}


def test_comments_docstrings_and_annotations_void_nothing(monkeypatch):
    before = symbol_fingerprint("damping")
    change_source(
        monkeypatch,
        "projection",
        "def damped_years(damping: Array, years: Array) -> Array:",
        "def damped_years(damping, years):  # the years that are left",
    )

    assert symbol_fingerprint("damping") == before
