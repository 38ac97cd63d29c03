"""Releases that a test makes up, as the tests of projections make them."""

import importlib.util
from pathlib import Path

import pytest

_PROJECTIONS = Path(__file__).parents[1] / "analysis" / "projections" / "conftest.py"


@pytest.fixture(scope="session")
def made_up():
    """Return what makes up figures, assumptions and whole releases."""
    spec = importlib.util.spec_from_file_location("made_up_releases", _PROJECTIONS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MadeUp
