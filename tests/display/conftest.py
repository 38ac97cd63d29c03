"""Releases that a test makes up, as the tests of projections make them."""

import importlib.util
import re
from itertools import combinations
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


@pytest.fixture
def label_faults(new_tab):
    """Return what names the labels of pictures that lie on others or leave their picture."""
    tab = new_tab(viewport={"width": 800, "height": 900})

    def faults(pictures):
        found = []
        for name, svg in pictures.items():
            tab.set_content(f"<style>body{{margin:0}}</style>{svg}")
            boxes = tab.evaluate(
                "[...document.querySelectorAll('text')].map(text => {"
                " const {x, y, width, height} = text.getBoundingClientRect();"
                " return [text.textContent, x, y, x + width, y + height]; })"
            )
            wide, high = (float(part) for part in re.search(r'"0 0 (\S+) (\S+)"', svg).groups())
            found += [
                f"{name}: {text!r} leaves the picture"
                for text, x0, y0, x1, y1 in boxes
                if x0 < -1 or y0 < -1 or x1 > wide + 1 or y1 > high + 1
            ]
            # Boxes of letters are taller than what is drawn.
            found += [
                f"{name}: {one!r} lies on {other!r}"
                for (one, *a), (other, *b) in combinations(boxes, 2)
                if min(a[2], b[2]) - max(a[0], b[0]) > 1
                and min(a[3], b[3]) - max(a[1], b[1]) > 0.35 * min(a[3] - a[1], b[3] - b[1])
            ]
        return found

    return faults
