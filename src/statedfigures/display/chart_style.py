"""The style of every chart: inks, text sizes, room for labels, and pictures as SVG for a page.

A chart is an ordinary matplotlib Figure. It is drawn twice, for a desk and for
a phone, so that its text is never scaled.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, Literal, cast
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Bbox

from statedfigures.errors import RunError

Width = Literal["wide", "narrow"]
SIZES: dict[str, tuple[float, float]] = {"wide": (720.0, 400.0), "narrow": (335.0, 300.0)}
"""Width and height of a chart in points, which are pixels of the page."""
TEXT = {"wide": 14.0, "narrow": 13.0}
FONTS = "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
INKS = {
    "paper": ("#ffffff", "#17191a"),
    "text": ("#16191d", "#e9edf0"),
    "muted": ("#4a535c", "#b3bcc5"),
    "grid": ("#d9d9d9", "#3a4147"),
    "baseline": ("#b3b3b3", "#6b747b"),
    "blue": ("#12436d", "#c3dcf5"),
    "band50": ("#7f95ae", "#47698c"),
    "band90": ("#d5dde6", "#253544"),
    "edge90": ("#687d94", "#7f9ab5"),
    "plum": ("#801650", "#f0b3d6"),
    "teal": ("#17716a", "#5fd3c6"),
    "orange": ("#b84a0e", "#ff9a63"),
    "grey": ("#6f777b", "#a5adb3"),
}
"""Inks of the Analysis Function's palette on a light page, each with its partner on a dark one."""
MARK = "mark:"
_PROPERTIES = {light: f"var(--chart-{name},{light})" for name, (light, _) in INKS.items()}
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_DECIMAL = re.compile(r"-?\d+\.\d+")
_ASSUMED = {("stroke-linejoin", "round"), ("stroke-linecap", "butt"), ("stroke-dashoffset", "0")}


def ink(name: str) -> str:
    """Return an ink as it is on a light page."""
    return INKS[name][0]


def stylesheet() -> str:
    """Return the custom properties that colour every chart, for light and dark pages.

    Examples
    --------
    >>> stylesheet().startswith(":root{--chart-paper:#ffffff;")
    True
    """
    light, dark = (
        ";".join(f"--chart-{name}:{pair[scheme]}" for name, pair in INKS.items())
        for scheme in (0, 1)
    )
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


@cache
def _rules() -> dict[Any, Any]:
    """Read the style over matplotlib's own defaults, so that no one's settings change a chart."""
    style = files("afcharts").joinpath("afcharts.mplstyle")
    rules: dict[Any, Any] = dict(mpl.rc_params_from_file(str(style), use_default_template=True))
    for left_alone in ("backend", "interactive"):
        rules.pop(left_alone, None)
    return rules | {
        # Comes with matplotlib: the same layout on every machine. The page puts its own in.
        "font.family": ["DejaVu Sans"],
        "text.parse_math": False,
        "text.color": ink("text"),
        "axes.edgecolor": ink("baseline"),
        "axes.axisbelow": "line",
        "axes.labelcolor": ink("muted"),
        "grid.color": ink("grid"),
        "xtick.color": ink("baseline"),
        "xtick.labelcolor": ink("muted"),
        "ytick.color": ink("baseline"),
        "ytick.labelcolor": ink("muted"),
        "ytick.major.size": 0.0,
        "svg.fonttype": "none",
        "svg.hashsalt": "statedfigures",
        "path.simplify": False,
    }


@contextmanager
def house_style(width: Width = "wide") -> Iterator[float]:
    """Draw in the style of the report, and leave matplotlib as it was; yields the text size."""
    size = TEXT[width]
    sizes = dict.fromkeys(("font.size", "xtick.labelsize", "ytick.labelsize"), size)
    with mpl.rc_context({**_rules(), **sizes}):
        yield size


def new_axes(
    width: Width,
    *,
    left: float,
    right: float,
    top: float,
    bottom: float,
    across: float = 0.0,
    height: float = 0.0,
) -> Axes:
    """Return the only axes of a new Figure, with margins in points and its usual size or another."""
    wide, high = across or SIZES[width][0], height or SIZES[width][1]
    figure = Figure(figsize=(wide / 72, high / 72), dpi=72)
    figure.patch.set_visible(False)
    place = (left / wide, bottom / high, (wide - left - right) / wide, (high - top - bottom) / high)
    axes = figure.add_axes(place)
    axes.patch.set_visible(False)
    return axes


def write(
    axes: Axes,
    place: tuple[float, float],
    words: str,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    within: Any = "data",
    mark: str = "label",
    va: str = "center",
    **looks: Any,
) -> None:
    """Write words at a place of some axes, moved by some points; an empty text is a fault."""
    lines = words.split("\n")
    # A line each, so that they stand well in whatever font the page has.
    line_height = 1.2 * looks.get("fontsize", mpl.rcParams["font.size"])
    upward = {"bottom": len(lines) - 0.5, "center": len(lines) / 2 - 0.5, "top": -0.5}[va]
    for row, line in enumerate(lines):
        if not line.strip():
            raise RunError(f"an empty text was to stand in a chart, at {mark}")
        axes.annotate(
            line,
            place,
            xytext=(shift[0], shift[1] + line_height * (upward - row)),
            xycoords=within,
            textcoords="offset points",
            annotation_clip=False,
            gid=MARK + mark,
            **{"va": "center_baseline", "parse_math": False, **looks},
        )


@cache
def text_width(words: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text in points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(words, font, ismath=False)[0])


def apart(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels just enough that none lies on another and all lie between two ends.

    Parameters
    ----------
    positions
        Where each label would stand, in any order.
    gap
        Least distance of two labels.
    low, high
        Ends that no label may pass while there is room.

    Returns
    -------
    list of float
        Positions in the order given.

    Examples
    --------
    >>> apart([1.0, 0.0, 10.0], 4.0, -5.0, 20.0)
    [2.5, -1.5, 10.0]
    >>> apart([1.0, 0.0], 4.0, 0.0, 20.0)
    [4.0, 0.0]
    """
    order = sorted(range(len(positions)), key=lambda place: positions[place])
    blocks: list[tuple[float, list[int]]] = []
    for place in order:
        members = [place]
        bottom = _bottom(members, positions, gap, low, high)
        while blocks and bottom < blocks[-1][0] + gap * len(blocks[-1][1]):
            members = blocks.pop()[1] + members
            bottom = _bottom(members, positions, gap, low, high)
        blocks.append((bottom, members))
    found = {
        place: bottom + gap * step
        for bottom, members in blocks
        for step, place in enumerate(members)
    }
    return [found[place] for place in range(len(positions))]


def _bottom(
    members: Sequence[int], positions: Sequence[float], gap: float, low: float, high: float
) -> float:
    reach = gap * (len(members) - 1)
    centred = math.fsum(positions[place] for place in members) / len(members) - reach / 2
    return max(low, min(centred, high - reach))


def ticks_to(high: float, low: float = 0.0, most: int = 6) -> list[float]:
    """Return evenly spaced ticks from zero (or below) to the first at or above a value.

    Examples
    --------
    >>> ticks_to(3250.0)
    [0.0, 1000.0, 2000.0, 3000.0, 4000.0]
    >>> ticks_to(1.9, most=4)
    [0.0, 1.0, 2.0]
    """
    span = max(high, 0.0) - min(low, 0.0) or 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    for digit in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0):
        step = digit * power
        first, last = math.floor(min(low, 0.0) / step), math.ceil(max(high, 0.0) / step - 1e-9)
        if last - first + 1 <= most:
            break
    return [float(f"{step * place:.10g}") for place in range(first, max(last, 1) + 1)]


class Room:
    """Where labels already stand in a picture, in points from its lower left corner."""

    def __init__(self, axes: Axes, size: float) -> None:
        self.axes, self.size, self.boxes = axes, size, list[Bbox]()
        self.points = list[tuple[float, float]]()
        self.figure = cast("Figure", axes.get_figure(root=True))
        whole = self.figure.get_size_inches() * 72
        self.whole = Bbox([[1, axes.bbox.y0 - 4], whole - 1])

    def keep_off(self, x: Sequence[float], y: Sequence[float]) -> None:
        """Take note of a line, so that labels lie beside it where they can."""
        steps = np.linspace(0, len(x) - 1, 20 * len(x))
        dense = np.interp(steps, range(len(x)), x), np.interp(steps, range(len(y)), y)
        self.points.extend(self.axes.transData.transform(np.column_stack(dense)).tolist())

    def block(self, place: tuple[float, float], large: float) -> None:
        """Take note of a dot, so that no label lies on it."""
        x, y = self.axes.transData.transform(place)
        self.boxes.append(Bbox([[x - large / 2, y - large / 2], [x + large / 2, y + large / 2]]))

    def note(self, place: tuple[float, float], words: str, ha: str) -> None:
        """Take note of words that stand at a place of the axes, in points."""
        x, y = self.axes.bbox.min + place
        self.boxes.append(self._box((x, y), words, ha, "center"))

    def write(self, place: tuple[float, float], words: str, *, ha: str, **looks: Any) -> None:
        """Write words at a place of the axes, in points, and take note of them."""
        self.note(place, words, ha)
        write(self.axes, place, words, within="axes points", ha=ha, **looks)

    def _box(self, anchor: tuple[float, float], words: str, ha: str, va: str) -> Bbox:
        """Return the room that words take, anchored at a place of the picture."""
        lines = words.split("\n")
        wide = max(text_width(line, self.size) for line in lines)
        high = 1.2 * self.size * len(lines)
        left = anchor[0] - {"left": 0.0, "center": 0.5, "right": 1.0}[ha] * wide
        low = anchor[1] - {"bottom": 0.0, "center": 0.5, "top": 1.0}[va] * high
        return Bbox([[left, low], [left + wide, low + high]])

    def put(
        self, place: tuple[float, float], words: str, *, needed: bool = True, **looks: Any
    ) -> None:
        """Write words near a point, where they lie on nothing else; leave out what has no room."""
        x, y = self.axes.transData.transform(place)
        best: tuple[float, Any] = (math.inf, None)
        for rank, (far, (across, up), aside) in enumerate(product(_REACH, _SIDES, _ASIDE)):
            if across and aside:
                continue
            ha = ("left", "center", "right")[1 - across]
            va = ("bottom", "center", "top")[1 - up]
            shift = (across * far + aside, 0.7 * up * far)
            box = self._box((x + shift[0], y + shift[1]), words, ha, va)
            cost = self._cost(box) + rank / 20 + abs(aside) / 10
            if cost < best[0]:
                best = (cost, (box, shift, ha, va, far))
        box, shift, ha, va, far = best[1]
        if best[0] >= _TAKEN and not needed:
            return
        self.boxes.append(box)
        if far > _REACH[1]:
            far_end = self.axes.transData.inverted().transform((x + shift[0], y + shift[1]))
            line = {"lw": 0.8, "color": ink("muted"), "clip_on": False, "gid": MARK + "leader"}
            self.axes.plot(*zip(place, far_end, strict=True), **line)
        write(self.axes, place, words, shift=shift, ha=ha, va=va, **looks)

    def _cost(self, box: Bbox) -> float:
        """Weigh a place: outside the picture or on a label is worst, on a line is bad."""
        (left, low), (right, high) = self.whole.get_points()
        outside = box.x0 < left or box.y0 < low or box.x1 > right or box.y1 > high
        on_labels = sum(bool(box.padded(2).overlaps(other)) for other in self.boxes)
        points = np.array(self.points).reshape(-1, 2)
        within = (points > box.min - 1) & (points < box.max + 1)
        return _TAKEN * (3.0 * outside + on_labels) + min(3.0 * within.all(axis=1).sum(), 200.0)


_TAKEN = 400.0
_REACH = (9.0, 18.0, 36.0, 60.0, 90.0)
_SIDES = ((0, 1), (-1, 1), (1, 1), (-1, 0), (0, -1), (1, 0), (-1, -1), (1, -1))
_ASIDE = (0.0, 20.0, -20.0, 45.0, -45.0, 75.0, -75.0)


def chart_svg(figure: Figure, name: str, alt: str) -> str:
    """Return a Figure as an SVG element for a page.

    Parameters
    ----------
    figure
        Any Figure; charts of the report keep the names of their marks.
    name
        Begins every id in the picture; no two pictures of a page share it.
    alt
        Alternative text for those who cannot see the picture.

    Returns
    -------
    str
        Text stays text, inks are custom properties, and there are neither
        style attributes nor dates: the same figure gives the same bytes.
        The root of a chart with one axes says where its values lie:
        ``data-plot`` left, top, width and height; ``data-x`` and ``data-y``
        their ends.

    Raises
    ------
    RunError
        If the alternative text is empty.
    """
    if not alt.strip():
        raise RunError(f"the chart {name} has no alternative text; write what it shows")
    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "statedfigures"}):
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})  # type: ignore[no-untyped-call]
    drawn = ElementTree.fromstring(buffer.getvalue())  # noqa: S314 - matplotlib wrote it just now
    used = {element.attrib[_LINK][1:] for element in drawn.iter() if _LINK in element.attrib}
    used |= {
        element.attrib["clip-path"][5:-1]
        for element in drawn.iter()
        if "clip-path" in element.attrib
    }
    names = {old: f"{name}-{place}" for place, old in enumerate(sorted(used))}
    size = drawn.attrib["viewBox"].split()
    wide, high = (f"{float(part):.10g}" for part in size[2:])
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "picture",
            "viewBox": f"0 0 {wide} {high}",
            "width": wide,
            "height": high,
            "role": "img",
            "aria-label": alt,
            "font-family": FONTS,
            "stroke-linejoin": "round",
            **_frame_of(figure, float(high)),
        },
    )
    _copy(drawn, root, names)
    return ElementTree.tostring(root, encoding="unicode")


def _frame_of(figure: Figure, high: float) -> dict[str, str]:
    if len(figure.axes) != 1 or figure.dpi != 72:
        return {}
    axes = figure.axes[0]
    plot = axes.get_window_extent()
    numbers = {
        "data-plot": (plot.x0, high - plot.y1, plot.width, plot.height),
        "data-x": axes.get_xlim(),
        "data-y": axes.get_ylim(),
    }
    return {key: " ".join(f"{value:.10g}" for value in values) for key, values in numbers.items()}


def _copy(old: ElementTree.Element, new: ElementTree.Element, names: dict[str, str]) -> None:
    """Copy what is drawn, without styles, without ids that nothing refers to, without empty groups."""
    for element in old:
        tag = element.tag.removeprefix(_SVG)
        if tag in ("metadata", "style"):
            continue
        made = ElementTree.Element(tag, _attributes(element, names))
        made.text = element.text if tag == "text" else None
        _copy(element, made, names)
        if tag in ("g", "defs") and not len(made):
            continue
        if tag == "a" or (tag == "g" and not made.attrib):
            new.extend(made)
        else:
            new.append(made)


def _attributes(element: ElementTree.Element, names: dict[str, str]) -> dict[str, str]:
    given = dict(element.attrib)
    style, identity = given.pop("style", ""), given.pop("id", "")
    written = {"id": names[identity]} if identity in names else {}
    if identity.startswith(MARK):
        written["data-mark"] = identity.removeprefix(MARK)
        if written["data-mark"].startswith("label"):
            paper = _PROPERTIES[ink("paper")]
            halo = {"stroke": paper, "stroke-width": "4", "paint-order": "stroke"}
            written |= halo
    for key, value in given.items():
        if key == _LINK:
            written["href"] = f"#{names[value[1:]]}" if value.startswith("#") else value
        elif key == "clip-path":
            written[key] = f"url(#{names[value[5:-1]]})"
        elif key == "transform" and value.startswith("rotate(-0 "):
            continue
        else:
            written[key] = _short(" ".join(value.split()))
    for declaration in filter(None, map(str.strip, style.split(";"))):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key != "font-family" and (key, value) not in _ASSUMED:
            written[key] = _PROPERTIES.get(value, value.removesuffix("px"))
    return written


def _short(value: str) -> str:
    """Round the numbers of a path to hundredths of a point: finer is not seen."""
    return _DECIMAL.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
