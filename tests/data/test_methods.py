"""The examples of docs/methods.md give what they say."""

import doctest
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_every_example_of_the_methods_gives_what_it_says() -> None:
    failed, tried = doctest.testfile(str(DOCS / "methods.md"), module_relative=False)

    assert tried > 10
    assert failed == 0
