"""No constant of the method lives in code: it stands in the register."""

import ast
from pathlib import Path

import pytest

from statedfigures.analysis.quantiles import LEVELS

MODULES = sorted((Path(__file__).parents[2] / "src" / "statedfigures" / "analysis").glob("*.py"))
MATHEMATICAL = {0, 1, 2}
# What else a module may spell out, and why.
EXCEPTIONS = {
    "quantiles.py": set(LEVELS),  # the quantile levels
    "distributions.py": {0.95},  # a quantile level: what low and high mean
    "fingerprints.py": {3, 16},  # how a fingerprint is cut into its parts
    "intervals.py": {100},  # the definition of percent
    "periods.py": {3, 100},  # how years, months and quarters are written
    "recipes.py": {30},  # the binary places in which SciPy gives Sobol points
}


def literals(source: str) -> set[float]:
    """Give every number that a module's source spells out."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float | complex)
        and not isinstance(node.value, bool)
    }


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_spells_out_mathematical_numbers_only(module):
    allowed = MATHEMATICAL | EXCEPTIONS.get(module.name, set())

    assert literals(module.read_text(encoding="utf-8")) <= allowed


def test_a_number_of_the_method_is_noticed():
    assert literals("growth = 0.03 * rate[0]") == {0.03, 0}


def test_no_exception_outlives_its_reason():
    """An exception that its module no longer needs is to be removed."""
    for module in MODULES:
        spelled = literals(module.read_text(encoding="utf-8"))
        assert EXCEPTIONS.get(module.name, set()) <= spelled
