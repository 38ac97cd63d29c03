"""The worked examples of the methods page are run, and every rule is explained there."""

import doctest
import re
from pathlib import Path

import pytest

from statedfigures.analysis.rules import RULES

PAGE = Path(__file__).parents[1] / "docs" / "methods.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
# Rules that the page explains under a name for readers.
EXPLAINED_AS = {
    "annualisation_cutoff": "cut-off",
    "growth_period_years": "number of years from the register",
    "level_shift_share": "level shift",
    "growth_change": "δ is added",
    "growth_volatility": "standard deviation of one year's log growth",
    "growth_persistence": "one lasting draw",
    "overdispersion": "the variance of a count is not its mean",
    "damping": "damped",
    "saturation_ceiling": "ceiling",
    "horizon_default_years": "default horizon",
    "horizon_last_year": "horizon year",
    "message_little_change": "little change",
    **{rule: "in proportion to the weights" for rule in RULES if rule.startswith("form_weight")},
}


def test_every_worked_example_gives_what_the_page_says():
    """One name space for the page, so that an example may build on the one before."""
    examples = doctest.DocTestParser().get_doctest("\n".join(BLOCKS), {}, "methods", str(PAGE), 0)
    report: list[str] = []

    results = doctest.DocTestRunner(verbose=False).run(examples, out=report.append)
    assert results.attempted > 20
    assert results.failed == 0, "".join(report)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_of_the_register_is_explained(rule):
    assert rule in TEXT or EXPLAINED_AS.get(rule, rule) in TEXT


@pytest.mark.parametrize("section", re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:])
def test_every_section_with_an_example_names_its_source(section):
    if "```python" in section and not section.startswith("Growth"):
        assert re.search(r"^Sources?: ", section, flags=re.MULTILINE)
