import ast
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from statedfigures.analysis.fingerprints import PARTS, changed_parts, fingerprint_of, rule_code
from statedfigures.analysis.rules import RULES
from statedfigures.sources.code import module_source
from statedfigures.sources.records import Assumption
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


def edited(source, function, statement):
    """Give the source of a module with a statement put first into a function, laid out anew."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            start = 1 if ast.get_docstring(node) else 0
            node.body[start:start] = ast.parse(statement).body
            return ast.unparse(tree)
    raise AssertionError(f"no function is called {function}")


def reading(implementation, statement):
    """Read modules as they are, save one whose function has another body."""
    module, _, function = implementation.partition(":")
    name = f"statedfigures.analysis.{module}"

    def read(asked):
        source = module_source(asked)
        return edited(source, function, statement) if asked == name else source

    return read


@pytest.mark.parametrize("name", sorted(TABLES.assumptions))
def test_changing_any_cell_of_a_row_changes_its_fingerprint_and_names_the_part(name):
    row = TABLES.assumptions[name]
    for column in COLUMNS:
        after = fingerprint_of(replace(row, **{column: other_value(row, column)}))

        part = next(part for part, columns in PARTS.items() if column in columns)
        expected = {part} | ({"code of the rule"} if column == "rule" else set())
        assert set(changed_parts(BEFORE[name], after)) == expected


def test_every_column_but_the_id_belongs_to_one_part():
    named = [column for columns in PARTS.values() for column in columns]

    assert sorted(named) == sorted(COLUMNS)


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
def test_changing_the_body_of_a_function_changes_exactly_the_rows_of_its_rules(implementation):
    """Every rule is implemented by one of these functions."""
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


def test_a_helper_that_a_rule_calls_belongs_to_what_was_reviewed():
    """Numbers hedged by about and by may exceed share the triangle around the number."""
    read = reading("spreads:_triangular_around", "pass")

    assert rule_code("hedge_about", read) != rule_code("hedge_about")
    assert rule_code("hedge_may_exceed", read) != rule_code("hedge_may_exceed")
    assert rule_code("hedge_more_than", read) == rule_code("hedge_more_than")


def test_layout_comments_and_docstrings_are_no_change():
    def read(name):
        return "# A comment.\n" + ast.unparse(ast.parse(module_source(name)))

    def without_words(name):
        tree = ast.parse(module_source(name))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
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
