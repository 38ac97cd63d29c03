"""The path of a new engineer in CONTRIBUTING.md leads along files and names that are there."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import statedfigures
from statedfigures.analysis import headline, projection
from statedfigures.display import sentences

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEPS = TEXT.partition("## From the README")[2].partition("\n## ")[0]


def test_every_file_named_is_there():
    named = re.findall(r"`([\w.-]+(?:/[\w.*-]+)+)`", TEXT)
    places = [ROOT, ROOT / "src" / "statedfigures"]

    assert len(named) > 12
    assert [name for name in named if not any(any(place.glob(name)) for place in places)] == []


def test_every_function_of_the_path_is_where_the_path_says():
    assert import_module(statedfigures.project.__module__) is projection
    for name in re.findall(r"`([a-z]+_[a-z_]+|project|future|chance|message)`", STEPS):
        assert any(hasattr(each, name) for each in (projection, headline, sentences)), name


def test_the_line_that_makes_the_middle_is_the_one_that_is_named():
    (line,) = re.findall(r"`(np\.quantile\([^`]+\))`", STEPS)

    assert line in inspect.getsource(statedfigures.project)
    assert 0.5 in projection.QUANTILES
    for called, where in (
        ("draw_series", statedfigures.project),
        ("draw_symbols", projection.draw_series),
        ("levels_after", projection.Drawn.levels),
        ("future", projection.levels_after),
        ("continuing_growth", projection.future),
        ("damped_years", projection.future),
    ):
        assert f"{called}(" in inspect.getsource(where)


def test_the_notebooks_of_the_path_call_what_it_says():
    topic, worked = (
        (ROOT / "notebooks" / name).read_text(encoding="utf-8")
        for name in ("2-topic.ipynb", "6-worked-example.ipynb")
    )

    assert "sf.project(" in topic
    assert "sf.headlines(" in topic
    assert "sf.project(" in worked
    assert "assert_frame_equal(" in worked
