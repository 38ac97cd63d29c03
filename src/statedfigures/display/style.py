"""The style of every chart: that of the Analysis Function, drawn on one small canvas."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing

from statedfigures.display.svg import colour, page_svg
from statedfigures.display.words import Provenance, Quantity, Sentence

WIDTH = 360.0
"""Width in points: text of 13 is legible on a phone and not large on a desk."""
TEXT = 13.0
SMALL = 12.0
_LINE = 15.0
_POINTS = 72.0
_LETTER = 0.53


@cache
def _rules() -> dict[Any, Any]:
    """Read the style once; a font that comes with Matplotlib keeps the layout the same.

    It starts from Matplotlib's own defaults, so that the settings which a user
    keeps at home change no chart.
    """
    style = files("afcharts").joinpath("afcharts.mplstyle")
    rules: dict[Any, Any] = dict(mpl.rc_params_from_file(str(style), use_default_template=True))
    for left_alone in ("backend", "interactive"):
        rules.pop(left_alone, None)
    return rules | {
        "font.family": ["DejaVu Sans"],
        "font.size": TEXT,
        "text.color": colour("text"),
        "axes.labelcolor": colour("text"),
        "axes.edgecolor": colour("grid"),
        "axes.grid": False,
        "grid.color": colour("grid"),
        "xtick.color": colour("grid"),
        "ytick.color": colour("grid"),
        "xtick.labelcolor": colour("muted"),
        "ytick.labelcolor": colour("muted"),
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.major.size": 4.0,
        "ytick.major.size": 0.0,
        "svg.fonttype": "none",
        "path.simplify": False,
    }


class Canvas:
    """A picture being drawn, in points from its lower left corner.

    Every text with a number is written through `write`, which keeps its
    provenance for the page.
    """

    def __init__(self, chart_id: str, height: float) -> None:
        self.chart_id = chart_id
        self.height = height
        self._marks: dict[str, dict[str, str]] = {}
        self._drawing = Drawing(figsize=(WIDTH / _POINTS, height / _POINTS))
        self._drawing.patch.set_visible(False)

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Give axes that fill a rectangle."""
        place = (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height)
        axes = self._drawing.add_axes(place)
        axes.patch.set_visible(False)
        return axes

    def write(
        self,
        axes: Axes,
        place: tuple[float, float],
        content: str | Quantity | Sentence,
        *,
        shift: tuple[float, float] = (0.0, 0.0),
        ha: str = "left",
        va: str = "center",
        ink: str = "text",
        size: float = TEXT,
        bold: bool = False,
        within: str = "data",
        is_axis: bool = False,
    ) -> None:
        """Write a text at a place of some axes, moved by some points.

        Parameters
        ----------
        axes
            The axes.
        place
            In the unit of the axes, or in fractions of them where `within`
            is ``axes fraction``.
        content
            Words, or a number with its provenance.
        shift
            Points to the right and upwards.
        ha, va
            Which side of the text lies at the place.
        ink
            A colour of the palette.
        size, bold
            Of the letters.
        within
            Coordinates of `place`.
        is_axis
            Whether it is a mark of the scale and not a value shown.
        """
        name = f"text-{len(self._marks)}"
        self._marks[name] = {"class": "axis"} if is_axis else self._mark(content)
        axes.annotate(
            str(content),
            place,
            xytext=shift,
            xycoords=within,
            textcoords="offset points",
            ha=ha,
            va=va,
            color=colour(ink),
            fontsize=size,
            fontweight="bold" if bold else "normal",
            annotation_clip=False,
            gid=name,
        )

    def _mark(self, content: str | Quantity | Sentence) -> dict[str, str]:
        if isinstance(content, str):
            return {}
        if isinstance(content, Quantity):
            found = [content.provenance]
        else:
            found = [one.provenance for one in content.quantities]
        return self._provenance(found[0]) if found else {}

    def _provenance(self, provenance: Provenance) -> dict[str, str]:
        if provenance.is_working:
            return {"data-working": provenance.anchor(self.chart_id)}
        return {"data-from": provenance.inputs[0]}

    def svg(self, alt_text: Sentence) -> str:
        """Finish the picture."""
        buffer = io.StringIO()
        # No date: the same data must give the same bytes tomorrow.
        FigureCanvasSVG(self._drawing).print_svg(  # type: ignore[no-untyped-call]
            buffer, metadata={"Date": None}
        )
        return page_svg(buffer.getvalue(), self.chart_id, str(alt_text), self._marks)


@contextmanager
def canvas(chart_id: str, height: float) -> Iterator[Canvas]:
    """Draw in the style of the report, and leave Matplotlib as it was.

    Parameters
    ----------
    chart_id
        Id of the chart; it also salts the ids that Matplotlib makes up.
    height
        In points; the width is always `WIDTH`.
    """
    with mpl.rc_context({**_rules(), "svg.hashsalt": chart_id}):
        yield Canvas(chart_id, height)


def plain_axes(axes: Axes, *, baseline: bool = True) -> None:
    """Take everything off that directly labelled data do not need."""
    for name, spine in axes.spines.items():
        spine.set_visible(baseline and name == "bottom")
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0)


def apart(positions: Sequence[float], gap: float) -> list[float]:
    """Move labels up just enough that none lies on another.

    Parameters
    ----------
    positions
        Where each label would stand; rising.
    gap
        Least distance, in the same unit.

    Returns
    -------
    list of float
        Rising positions at least a gap apart, centred on the originals.

    Examples
    --------
    >>> apart([0.0, 1.0, 10.0], 4.0)
    [-1.5, 2.5, 10.0]
    """
    blocks: list[list[float]] = []
    for position in positions:
        blocks.append([position])
        while len(blocks) > 1 and _bottom(blocks[-1], gap) - _top(blocks[-2], gap) < gap:
            blocks[-2].extend(blocks.pop())
    return [_bottom(block, gap) + place * gap for block in blocks for place in range(len(block))]


def _bottom(block: Sequence[float], gap: float) -> float:
    return math.fsum(block) / len(block) - gap * (len(block) - 1) / 2


def _top(block: Sequence[float], gap: float) -> float:
    return _bottom(block, gap) + gap * (len(block) - 1)


def lines_of(text: str, width: float, size: float = TEXT) -> list[str]:
    """Break a label into lines that fit a width in points."""
    return textwrap.wrap(text, max(8, int(width / (size * _LETTER)))) or [""]


def line_height(size: float = TEXT) -> float:
    """Give the distance between two lines of a label, in points."""
    return _LINE * size / TEXT


def year_ticks(first: int, last: int, most: int = 5) -> list[int]:
    """Choose whole years for an axis: both ends, evenly between where it divides."""
    span = last - first
    for step in range(1, span + 1):
        if span % step == 0 and span // step < most:
            return list(range(first, last + 1, step))
    return [first] if span == 0 else [first, last]
