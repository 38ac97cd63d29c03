import ast
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from statedfigures.analysis.fingerprints import PARTS, changed_parts, fingerprint_of, rule_code
from statedfigures.analysis.reviews import State, review_states
from statedfigures.analysis.rules import REPORT_RULES, RULES
from statedfigures.sources.code import module_source
from statedfigures.sources.records import Assumption, Review
from statedfigures.sources.release import read_release

DATA = Path(__file__).parents[2] / "data"
TABLES = read_release("weprotect-2014", data=DATA)
BEFORE = {name: fingerprint_of(row) for name, row in TABLES.assumptions.items()}
COLUMNS = [field.name for field in fields(Assumption) if field.name not in ("id", "row")]
IMPLEMENTATIONS = sorted(set(RULES.values()))


def other_value(row, column):
    """Give a cell another value of its type."""
    value = getattr(row, column)
    if isinstance(value, float):
        return value + 1e-9 * max(1.0, abs(value))
    if isinstance(value, date):
        return value + timedelta(days=1)
    return (*value, "more") if isinstance(value, tuple) else f"{value}."


def edited(source, name, statement):
    """Give the source of a module laid out anew, with one definition changed.

    A function or a class gets a statement put first into its body, a constant another value.
    """
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            start = 1 if ast.get_docstring(node) else 0
            node.body[start:start] = ast.parse(statement).body
            return ast.unparse(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            node.value = ast.parse("'another value'").body[0].value
            return ast.unparse(tree)
    raise AssertionError(f"nothing is called {name}")


def reading(implementation, statement):
    """Read modules as they are, save one in which a function or a constant is another."""
    module, _, function = implementation.partition(":")
    name = f"statedfigures.analysis.{module}"
    other = edited(module_source(name), function, statement)

    def read(asked):
        return other if asked == name else module_source(asked)

    return read


@pytest.mark.parametrize("name", sorted(TABLES.assumptions))
def test_changing_any_cell_of_a_row_changes_its_fingerprint_and_names_the_part(name):
    row = TABLES.assumptions[name]
    for column in COLUMNS:
        after = fingerprint_of(replace(row, **{column: other_value(row, column)}))

        part = next(part for part, columns in PARTS.items() if column in columns)
        expected = {part} | ({"code of the rule"} if column == "rule" else set())
        assert set(changed_parts(BEFORE[name], after)) == expected


@pytest.fixture(scope="module")
def signed():
    """Every assumption accepted as it is."""
    return replace(
        TABLES,
        reviews=tuple(
            Review(name, BEFORE[name], "accept", "reviewer", date(2026, 1, 1), "", row=row)
            for row, name in enumerate(sorted(BEFORE), start=2)
        ),
    )


@pytest.mark.parametrize("name", sorted(TABLES.assumptions))
def test_changing_any_cell_turns_exactly_its_own_assumption_stale(name, signed):
    """Every row and every column: the other assumptions stay reviewed."""
    row = TABLES.assumptions[name]
    for column in COLUMNS:
        other = replace(row, **{column: other_value(row, column)})
        states = review_states(replace(signed, assumptions={**TABLES.assumptions, name: other}))

        stale = {one for one, found in states.items() if found.state is State.STALE}
        assert stale == {name}, column
        assert {found.state for one, found in states.items() if one != name} == {State.REVIEWED}


def test_every_column_but_the_id_belongs_to_one_part():
    named = [column for columns in PARTS.values() for column in columns]

    assert sorted(named) == sorted(COLUMNS)


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
def test_changing_the_body_of_a_function_changes_exactly_the_rows_of_its_rules(implementation):
    """Every rule is implemented by one of these functions; nothing else becomes stale."""
    read = reading(implementation, "pass")
    changed = {
        name
        for name, row in TABLES.assumptions.items()
        if changed_parts(BEFORE[name], fingerprint_of(row, read)) == ("code of the rule",)
    }

    rules = {rule for rule, function in RULES.items() if function == implementation}
    assert changed == {row.id for row in TABLES.assumptions.values() if row.rule in rules}
    assert all(
        fingerprint_of(row, read) == BEFORE[row.id]
        for row in TABLES.assumptions.values()
        if row.id not in changed
    )


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_code_that_can_be_reviewed(rule):
    assert rule_code(rule).startswith("FunctionDef(")


# What rules share, read off the code by hand: each helper, class and constant, and who reaches it.
TRIANGLES = {
    "hedge_revision", "hedge_about", "hedge_may_exceed", "hedge_expected", "claim_almost",
    "claim_about",
}  # fmt: skip
PERCENTS = {"hedge_revision", "hedge_may_exceed", "hedge_expected", "hedge_more_than"}
FORM_WEIGHTS = {rule for rule in RULES if rule.startswith("form_weight_")}
ANNUALISING = {"annualisation_cutoff", "annualisation_remaining_rate"}
MESSAGES = {"message_little_change", "message_likely"}
REACHED_BY = {
    "spreads:_triangular_around": TRIANGLES - {"claim_almost"},
    "spreads:HUNDRED": PERCENTS,
    "intervals:PER_HUNDRED": PERCENTS | MESSAGES,
    "distributions:triangular": TRIANGLES,
    "distributions:truncated_exponential": {"hedge_more_than"},
    "distributions:standard_normal": ANNUALISING,
    "distributions:TINY": ANNUALISING
    | FORM_WEIGHTS
    | {"damping", "saturation_ceiling", "hedge_more_than"},
    "forms:normalised_weights": FORM_WEIGHTS,
    "messages:message_margins": MESSAGES,
    "messages:LITTLE_CHANGE": MESSAGES,
    "messages:MessageRule": MESSAGES,
    "scores:STRONG": {"quality_contradiction"},
    "spreads:Stated": (TRIANGLES | PERCENTS) - {"claim_about"},
    "forms:Shape": {"damping", "saturation_ceiling"},
    "register:Register": set(REPORT_RULES),
}


@pytest.mark.parametrize("helper", sorted(REACHED_BY))
def test_changing_a_helper_a_class_or_a_constant_changes_exactly_the_rules_that_reach_it(helper):
    """In the module of the rule and in others alike."""
    read = reading(helper, "pass")

    changed = {rule for rule in RULES if rule_code(rule, read) != rule_code(rule)}
    assert changed == REACHED_BY[helper]


def test_what_no_rule_reaches_is_no_rules_code():
    for other in ("distributions:uniform_between", "distributions:OUTER_LEVEL", "forms:linear"):
        read = reading(other, "pass")
        assert all(rule_code(rule, read) == rule_code(rule) for rule in RULES), other


def test_layout_comments_and_docstrings_are_no_change():
    @cache
    def read(name):
        return "# A comment.\n" + ast.unparse(ast.parse(module_source(name)))

    @cache
    def without_words(name):
        tree = ast.parse(module_source(name))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
                node.body[0] = ast.parse('"Other words."').body[0]
        return ast.unparse(tree)

    for rule in RULES:
        assert rule_code(rule, read) == rule_code(rule, without_words) == rule_code(rule)


def test_a_docstring_alone_is_not_the_same_as_a_statement():
    assert rule_code("damping", reading("forms:damped", "growth = 2 * growth")) != rule_code(
        "damping"
    )


def test_the_row_of_the_file_and_the_order_of_targets_are_no_change():
    row = next(row for row in TABLES.assumptions.values() if len(row.applies_to) > 1)
    moved = replace(row, row=999, applies_to=tuple(reversed(row.applies_to)))

    assert fingerprint_of(moved) == BEFORE[row.id]


def test_fingerprints_of_all_rows_differ():
    assert len(set(BEFORE.values())) == len(BEFORE)
    assert {len(one) for one in BEFORE.values()} == {64}
