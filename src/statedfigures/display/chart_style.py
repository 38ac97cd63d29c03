"""The style of every chart: inks, text sizes, room for labels, and pictures as SVG for a page.

A chart is an ordinary matplotlib Figure. It is drawn twice, for a desk and for
a phone, so that its text is never scaled.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, Literal
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from statedfigures.errors import RunError

Width = Literal["wide", "narrow"]
SIZES = {"wide": (720.0, 400.0), "narrow": (335.0, 300.0)}
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
_MARK = "mark:"
_PROPERTIES = {light: f"var(--chart-{name},{light})" for name, (light, _) in INKS.items()}
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_DECIMAL = re.compile(r"-?\d+\.\d+")
_ASSUMED = {
    ("stroke-linejoin", "round"),
    ("stroke-linecap", "butt"),
    ("stroke-dashoffset", "0"),
    ("text-anchor", "start"),
    ("stroke-linejoin", "miter"),
}
_HALO = {"stroke": _PROPERTIES["#ffffff"], "stroke-width": "4", "paint-order": "stroke"}
# Where a label may stand beside its point: how far, at which side, pushed aside by how much.
_TAKEN = 400.0
_REACH = (9.0, 18.0, 36.0, 60.0, 90.0)
_SIDES = ((0, 1), (-1, 1), (1, 1), (-1, 0), (0, -1), (1, 0), (-1, -1), (1, -1))
_ASIDE = (0.0, 20.0, -20.0, 45.0, -45.0, 75.0, -75.0)
_ALONG = np.linspace(0.2, 0.9, 8)[:, None]
_PLACES = [place for place in product(_REACH, _SIDES, _ASIDE) if not (place[1][0] and place[2])]


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
    rules = {name: rule for name, rule in rules.items() if name not in ("backend", "interactive")}
    axis = {"color": ink("baseline"), "labelcolor": ink("text")}
    return rules | {
        # Comes with matplotlib: the same layout on every machine. The page puts its own in.
        "font.family": ["DejaVu Sans"],
        "text.parse_math": False,
        "text.color": ink("text"),
        "axes.edgecolor": ink("baseline"),
        "axes.axisbelow": "line",
        "grid.color": ink("grid"),
        **{f"{side}tick.{name}": color for side in "xy" for name, color in axis.items()},
        "ytick.major.size": 0.0,
        "lines.solid_capstyle": "butt",
        "path.simplify": False,
        **_AS_TEXT,
    }


_AS_TEXT: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "statedfigures"}


@contextmanager
def house_style(width: Width = "wide") -> Iterator[float]:
    """Draw in the style of the report, and leave matplotlib as it was; yields the text size."""
    size = TEXT[width]
    sizes: dict[Any, Any] = dict.fromkeys(("font.size", "xtick.labelsize", "ytick.labelsize"), size)
    with mpl.rc_context({**_rules(), **sizes}):
        yield size


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
    order, steps = np.argsort(positions, kind="stable"), gap * np.arange(len(positions))
    free = np.asarray(positions)[order] - steps
    upward, downward = np.maximum.accumulate(free), np.minimum.accumulate(free[::-1])[::-1]
    found = np.empty(len(positions))
    found[order] = np.clip((upward + downward) / 2, low, max(low, high - steps[-1])) + steps
    return [float(place) for place in found]


def ticks_to(high: float, low: float = 0.0, most: int = 6) -> list[float]:
    """Return evenly spaced ticks from zero (or below) to the first at or above a value.

    Examples
    --------
    >>> ticks_to(3250.0), ticks_to(1.9, most=4)
    ([0.0, 1000.0, 2000.0, 3000.0, 4000.0], [0.0, 1.0, 2.0])
    """
    found = MaxNLocator(most - 1, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2).tick_values(low, high)
    return [float(f"{tick:.10g}") for tick in found]


class Room:
    """A picture that is being drawn, with one axes, and where its labels already stand.

    Lines, bands and labels have a name, `mark`, by which tests and the script
    of a page find them; places in points count from the lower left corner.
    """

    def __init__(
        self,
        width: Width,
        margins: tuple[float, float, float, float],
        size: tuple[float, float] | None = None,
    ) -> None:
        """Make the axes, with margins in points (left, right, top, bottom) and a size of its own.

        Without one, it has the size of its width.
        """
        wide, high = size or SIZES[width]
        left, right, top, bottom = margins
        self.size = TEXT[width]
        self.figure = Figure(figsize=(wide / 72, high / 72), dpi=72)
        self.figure.patch.set_visible(False)
        self.axes: Axes = self.figure.add_axes(
            (left / wide, bottom / high, 1 - (left + right) / wide, 1 - (top + bottom) / high)
        )
        self.axes.patch.set_visible(False)
        self.width, self.height = (float(size) for size in self.axes.bbox.size)
        self.left = left
        self._whole = Bbox([[1, bottom - 4], [wide - 1, high - 1]])
        self._boxes = list[Bbox]()
        self._lines = list[tuple[float, float]]()

    def line(self, x: Any, y: Any, mark: str, color: str, *style: Any, **looks: Any) -> None:
        """Draw a line or dots in an ink."""
        looks.setdefault("clip_on", False)
        self.axes.plot(x, y, *style, color=ink(color), gid=_MARK + mark, **looks)

    def band(self, x: Any, low: Any, high: Any, name: str) -> None:
        """Fill what lies between two lines; the name is also that of the ink."""
        looks: dict[str, Any] = {"lw": 0, "zorder": 1, "clip_on": False, "gid": _MARK + name}
        self.axes.fill_between(x, low, high, color=ink(name), **looks)

    def keep_off(self, x: Sequence[float], y: Sequence[float]) -> None:
        """Take note of a line, so that labels lie beside it where they can."""
        steps = np.linspace(0, len(x) - 1, 20 * len(x))
        dense = np.interp(steps, range(len(x)), x), np.interp(steps, range(len(y)), y)
        self._lines.extend(self.axes.transData.transform(np.column_stack(dense)).tolist())

    def block(self, place: tuple[float, float], large: float) -> None:
        """Take note of a dot, so that no label lies on it."""
        x, y = self.axes.transData.transform(place)
        self._boxes.append(Bbox([[x - large / 2, y - large / 2], [x + large / 2, y + large / 2]]))

    def note(self, place: tuple[float, float], words: str, ha: str) -> None:
        """Take note of words that stand at a place of the axes, in points."""
        self._boxes.append(self._box(np.add(self.axes.bbox.min, place), words, ha, "center"))

    def write(
        self, place: tuple[float, float], words: str, ha: str = "left", mark: str = "", **looks: Any
    ) -> None:
        """Write a line at a place of the axes, in points, and take note of it."""
        self.note(place, words, ha)
        self._write(place, words, (0, 0), ha, mark, xycoords="axes points", **looks)

    def put(
        self,
        place: tuple[float, float],
        words: str,
        *,
        most: float = math.inf,
        needed: bool = True,
        **looks: Any,
    ) -> None:
        """Write words near a point, where they lie on nothing else; leave out what has no room.

        They end before `most` on the x axis; needed words only where that is possible.
        """
        x, y = self.axes.transData.transform(place)
        edge = self.axes.transData.transform((most, 0.0))[0] if math.isfinite(most) else math.inf
        lines = np.array(self._lines).reshape(-1, 2)
        taken = np.array([box.get_points() for box in self._boxes]).reshape(-1, 2, 2)
        written = taken[np.ptp(taken[:, :, 1], axis=1) > self.size]  # words are taller than dots
        found = []
        for rank, (far, (across, up), aside) in enumerate(_PLACES):
            ha, va = ("left", "center", "right")[1 - across], ("bottom", "center", "top")[1 - up]
            shift = (across * far + aside, 0.7 * up * far)
            box = self._box((x + shift[0], y + shift[1]), words, ha, va)
            cost = self._cost(box, lines, taken) + rank / 20 + abs(aside) / 10
            cost += (_TAKEN / 2 if needed else _TAKEN) * (box.x1 > edge)
            if far > _REACH[1]:
                leader = (x, y) + _ALONG * shift
                crossed = (leader > written[:, None, 0]) & (leader < written[:, None, 1])
                cost += _TAKEN * crossed.all(axis=2).any(axis=1).sum()
            found.append((cost, rank, box, shift, ha, far))
        cost, _, box, shift, ha, far = min(found)
        if cost >= _TAKEN and not needed:
            return
        self._boxes.append(box)
        if far > _REACH[1]:
            end = self.axes.transData.inverted().transform((x + shift[0], y + shift[1]))
            ends = [place[0], end[0]], [place[1], end[1]]
            self.line(*ends, "leader", "muted", lw=0.8)
            self.keep_off(*ends)
        middle = box.y0 + box.height / 2 - y
        rows = words.split("\n")
        for step, line in enumerate(rows):
            up = middle + 1.2 * self.size * ((len(rows) - 1) / 2 - step)
            self._write(place, line, (shift[0], up), ha, "", xycoords="data", **looks)

    def _write(
        self, place: Any, words: str, shift: tuple[float, float], ha: str, mark: str, **looks: Any
    ) -> None:
        name = "label" + f"-{mark}" * bool(mark)
        if not words.strip():
            raise RunError(f"an empty text was to stand in a chart, at {name}")
        looks |= {"color": ink(looks.get("color", "text")), "gid": _MARK + name, "ha": ha}
        looks |= {"va": "center_baseline", "annotation_clip": False, "parse_math": False}
        self.axes.annotate(words, place, xytext=shift, textcoords="offset points", **looks)

    def _box(self, anchor: Any, words: str, ha: str, va: str) -> Bbox:
        """Return the room that words take, anchored at a place of the picture."""
        lines = words.split("\n")
        wide = max(text_width(line, self.size) for line in lines)
        high = 1.2 * self.size * len(lines)
        left = anchor[0] - {"left": 0.0, "center": 0.5, "right": 1.0}[ha] * wide
        low = anchor[1] - {"bottom": 0.0, "center": 0.5, "top": 1.0}[va] * high
        return Bbox([[left, low], [left + wide, low + high]])

    def _cost(self, box: Bbox, lines: Any, taken: Any) -> float:
        """Weigh a place: outside the picture or on a label is worst, on a line is bad."""
        (low, high), (least, most) = box.get_points(), self._whole.get_points()
        outside = (low < least).any() or (high > most).any()
        on_labels = ((taken[:, 0] < high + 2) & (taken[:, 1] > low - 2)).all(axis=1).sum()
        on_lines = ((lines > low - 1) & (lines < high + 1)).all(axis=1).sum()
        return float(_TAKEN * (3 * outside + on_labels) + min(3 * on_lines, 200))


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
    with mpl.rc_context(_AS_TEXT):
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
    drawn = ElementTree.fromstring(buffer.getvalue())  # noqa: S314 - matplotlib wrote it just now
    used = dict.fromkeys(re.findall(r'(?:href="|url\()#([^")]+)', buffer.getvalue()))
    names = {old: f"{name}-{place}" for place, old in enumerate(used)}
    wide, high = (f"{float(part):.10g}" for part in drawn.attrib["viewBox"].split()[2:])
    frame: dict[str, tuple[float, ...]] = {}
    if len(figure.axes) == 1 and figure.dpi == 72:
        axes = figure.axes[0]
        left, bottom, across, tall = axes.bbox.bounds
        frame["data-plot"] = (left, float(high) - bottom - tall, across, tall)
        frame |= {"data-x": axes.get_xlim(), "data-y": axes.get_ylim()}
    fixed = {"xmlns": _SVG.strip("{}"), "class": "picture", "viewBox": f"0 0 {wide} {high}"}
    words = {"role": "img", "aria-label": alt, "font-family": FONTS, "stroke-linejoin": "round"}
    # What matplotlib leaves out because it is black is the ink of text, on a dark page too.
    words["fill"] = _PROPERTIES[ink("text")]
    ends = {key: " ".join(f"{value:.10g}" for value in values) for key, values in frame.items()}
    root = ElementTree.Element("svg", fixed | {"width": wide, "height": high} | words | ends)
    _copy(drawn, root, names)
    _say_once(root)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _say_once(root: ElementTree.Element) -> None:
    """Leave out what an element would have anyway: from the root, or from what it repeats."""
    texts = list(root.iter("text"))
    sizes = Counter(text.get("font-size", "") for text in texts)
    root.set("font-size", max(sizes, key=sizes.__getitem__, default="14"))
    for text in texts:
        for key in ("font-size", "fill"):
            if text.get(key) == root.get(key):
                del text.attrib[key]
    repeated = {f"#{path.get('id')}": path for path in root.iter("path") if path.get("id")}
    for use in root.iter("use"):
        own = repeated.get(use.get("href", ""), use)
        for key in ("stroke", "stroke-width") if own is not use else ():
            if use.get(key) == own.get(key):
                use.attrib.pop(key, None)


def _copy(old: ElementTree.Element, new: ElementTree.Element, names: dict[str, str]) -> None:
    """Copy what is drawn, without styles, unused ids and empty groups."""
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
        elif tag == "g" and len(new) and (new[-1].tag, new[-1].attrib) == (tag, made.attrib):
            new[-1].extend(made)
        else:
            new.append(made)


def _attributes(element: ElementTree.Element, names: dict[str, str]) -> dict[str, str]:
    given = dict(element.attrib)
    style, identity = given.pop("style", ""), given.pop("id", "")
    written = {"id": names[identity]} if identity in names else {}
    if identity.startswith(_MARK):
        written["data-mark"] = identity.removeprefix(_MARK)
        written |= _HALO if written["data-mark"].startswith("label") else {}
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
    """Round the numbers of a path to tenths of a point: finer is not seen."""
    return _DECIMAL.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
