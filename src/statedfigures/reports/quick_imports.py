"""Imports that would take long: one made short, and others made while there is time."""

from __future__ import annotations

import importlib
import sys

_GRAMMAR = "rfc3987_syntax"
_USED_LATER = ("papermill.execute", "statedfigures.reports.pages", "gptables")


def import_notebook_formats() -> None:
    """Import nbformat in a tenth of its usual time.

    Its dependency jsonschema compiles a grammar for internationalised
    addresses as it is imported, which takes more than a second, and goes
    without where that library is missing. The format of notebooks has no such
    addresses, so the library is hidden for the moment of the import.
    """
    if "jsonschema" not in sys.modules and _GRAMMAR not in sys.modules:
        sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
        try:
            importlib.import_module("jsonschema")
        finally:
            del sys.modules[_GRAMMAR]
    importlib.import_module("nbformat")


def import_ahead() -> None:
    """Import what pages and workbook are made with, while other processes are waited for."""
    for name in _USED_LATER:
        importlib.import_module(name)
