"""The style of every chart: inks, text sizes, room for labels, and pictures as SVG for a page.

A chart is an ordinary matplotlib Figure. It is drawn twice, for a desk and for
a phone, so that its text is never scaled.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

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
_FAR, _CROSS, _UP, _ASIDE = np.array(
    [
        (far, across, up, aside)
        for far in (9, 18, 36, 60, 90)
        for across, up in ((0, 1), (-1, 1), (1, 1), (-1, 0), (0, -1), (1, 0), (-1, -1), (1, -1))
        for aside in ((0,) if across else (0, 20, -20, 45, -45, 75, -75))
    ]
).T
_SIDES = np.column_stack([_CROSS, _UP])
_SHIFTS = np.column_stack([_CROSS * _FAR + _ASIDE, 0.7 * _UP * _FAR])
_UNLIKED = np.arange(len(_FAR)) / 20 + abs(_ASIDE) / 10
_IS_FAR = _FAR > 18
_ALONG = np.linspace(0.2, 0.9, 8)[:, None]


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


_STYLE = files("afcharts").joinpath("afcharts.mplstyle")
_TICKS = {"color": ink("baseline"), "labelcolor": ink("text")}
_AS_TEXT: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "statedfigures"}
_RULES: dict[Any, Any] = dict(mpl.rc_params_from_file(str(_STYLE), use_default_template=True)) | {
    # Comes with matplotlib: the same layout on every machine. The page puts its own in.
    "font.family": ["DejaVu Sans"],
    "text.parse_math": False,
    "text.color": ink("text"),
    "axes.edgecolor": ink("baseline"),
    "axes.axisbelow": "line",
    "grid.color": ink("grid"),
    **{f"{side}tick.{name}": color for side in "xy" for name, color in _TICKS.items()},
    "ytick.left": False,
    "ytick.major.size": 0.0,
    "lines.solid_capstyle": "butt",
    "path.simplify": False,
    **_AS_TEXT,
}
"""The style over matplotlib's own defaults, so that no one's settings change a chart."""
del _RULES["backend"], _RULES["interactive"]


@contextmanager
def house_style(width: Width = "wide") -> Iterator[float]:
    """Draw in the style of the report, and leave matplotlib as it was; yields the text size."""
    with mpl.rc_context(_RULES | {"font.size": TEXT[width]}):
        yield TEXT[width]


def text_width(words: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text in points."""
    return size * _unit_width(words, weight)


@cache
def _unit_width(words: str, weight: str) -> float:
    font = FontProperties(family="DejaVu Sans", size=1, weight=weight)
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


def drawn(draw: Callable[..., Figure], *arguments: Any, **settings: Any) -> dict[str, Any]:
    """Draw a chart for a desk and for a phone, as `shown.chart` takes them; with its words."""
    wide, narrow = (draw(*arguments, **settings, width=width) for width in ("wide", "narrow"))
    words = {"alt": wide.get_label()} if wide.get_label() else {}
    return {"figure": wide, "narrow": narrow, **words}


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
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_label_coords(0, 0)  # no axis has a label: none is to be set beside its ticks
        self.width, self.height = (float(size) for size in self.axes.bbox.size)
        self.left, self._corner = left, (left, bottom)
        self._whole = np.array([[1, bottom - 4], [wide - 1, high - 1]])
        self._taken, self._noted, self._lines = list[Any](), list[Any](), list[Any]()

    def described(self, lead: str, parts: Iterable[str]) -> Figure:
        """Return the picture; its label is its alternative text."""
        self.figure.set_label(f"{lead} {'; '.join(parts)}.")
        return self.figure

    def line(self, x: Any, y: Any, mark: str, color: str, dots: str = "", **looks: Any) -> None:
        """Draw a line in an ink, or dots with a marker of matplotlib; both where it has a style."""
        looks = {"clip_on": False, "marker": dots, "ls": "" if dots else "-", **looks}
        self.axes.add_line(Line2D(x, y, color=ink(color), gid=_MARK + mark, **looks))

    def bars(self, at: Any, low: Any, high: Any, mark: str, inks: Any, **looks: Any) -> None:
        """Draw a bar at each place, from left to right or `upright`."""
        draw = self.axes.vlines if looks.pop("upright", False) else self.axes.hlines
        draw(at, low, high, inks, gid=_MARK + mark, clip_on=False, **{"zorder": 2, **looks})

    def band(self, x: Any, low: Any, high: Any, name: str) -> None:
        """Fill what lies between two lines; the name is also that of the ink."""
        looks: dict[str, Any] = {"lw": 0, "zorder": 1, "clip_on": False, "gid": _MARK + name}
        self.axes.fill_between(x, low, high, color=ink(name), **looks)

    def keep_off(self, x: Sequence[float], y: Sequence[float]) -> None:
        """Take note of a line, so that labels lie beside it where they can."""
        steps = np.linspace(0, len(x) - 1, 20 * len(x))
        dense = np.interp(steps, range(len(x)), x), np.interp(steps, range(len(y)), y)
        self._lines.append(self.axes.transData.transform(np.column_stack(dense)))

    def block(self, place: tuple[float, float], large: float) -> None:
        """Take note of a dot, so that no label lies on it."""
        middle = self.axes.transData.transform(place)
        self._taken.append(np.stack([middle - large / 2, middle + large / 2]))

    def note(self, place: tuple[float, float], words: str, ha: str) -> None:
        """Take note of words that stand at a place of the axes, in points."""
        across = {"left": 1, "center": 0, "right": -1}[ha]
        self._noted.append((np.add(self.axes.bbox.min, place), words, (across, 0)))

    def write(
        self, place: tuple[float, float], words: str, ha: str = "left", mark: str = "", **looks: Any
    ) -> None:
        """Write words at a place of the axes, in points, and take note of them."""
        self.note(place, words, ha)
        name = "label" + f"-{mark}" * bool(mark)
        if not words.strip():
            raise RunError(f"an empty text was to stand in a chart, at {name}")
        looks |= {"color": ink(looks.get("color", "text")), "gid": _MARK + name, "ha": ha}
        looks |= {"va": "center_baseline", "parse_math": False}
        x, y = np.add(self._corner, place)
        lines = words.split("\n")
        for up, line in enumerate(reversed(lines)):
            at = (x / 72, (y + 1.2 * self.size * (up + 0.5 - len(lines) / 2)) / 72)
            self.axes.text(*at, line, transform=self.figure.dpi_scale_trans, **looks)

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
        point = self.axes.transData.transform(place)
        edge = self.axes.transData.transform((most, 0.0))[0] if math.isfinite(most) else math.inf
        self._taken += [self._box(*noted) for noted in self._noted]
        self._noted.clear()
        boxes = self._box(point + _SHIFTS, words, _SIDES)
        (low, high), taken = np.moveaxis(boxes, 1, 0), np.array(self._taken).reshape(-1, 2, 2)
        lines = np.concatenate([*self._lines, np.empty((0, 2))])
        written = taken[np.ptp(taken[:, :, 1], axis=1) > self.size]  # words are taller than dots
        # Outside the picture or on a label is worst, on a line is bad.
        outside = ((low < self._whole[0]) | (high > self._whole[1])).any(axis=1)
        on_labels = _inside(taken[:, 0] - 2, low, high, taken[:, 1] + 2).sum(axis=1)
        on_lines = _inside(lines, low - 1, high + 1, lines).sum(axis=1)
        leaders = (point + _ALONG * _SHIFTS[:, None]).reshape(-1, 2)
        crossed = _inside(leaders, written[:, 0], written[:, 1], leaders)
        on_words = _IS_FAR * crossed.reshape(-1, len(_FAR), len(_ALONG)).any(axis=2).sum(axis=0)
        cost = _TAKEN * (3 * outside + on_labels + on_words) + np.minimum(3 * on_lines, 200)
        cost += _UNLIKED + (_TAKEN / 2 if needed else _TAKEN) * (high[:, 0] > edge)
        best = int(np.argmin(cost))
        if cost[best] >= _TAKEN and not needed:
            return
        at = point + _SHIFTS[best]
        if _IS_FAR[best]:
            end = self.axes.transData.inverted().transform(at)
            ends = [place[0], end[0]], [place[1], end[1]]
            self.line(*ends, "leader", "muted", lw=0.8)
            self.keep_off(*ends)
        ha = ("center", "left", "right")[_SIDES[best, 0]]
        x, y = np.subtract((at[0], boxes[best, :, 1].mean()), self.axes.bbox.min)
        self.write((x, y), words, ha, **looks)

    def _box(self, anchors: Any, words: str, sides: Any) -> Any:
        """Return the lower left and upper right corners of words at sides of places."""
        lines = words.split("\n")
        size = max(text_width(line, self.size) for line in lines), 1.2 * self.size * len(lines)
        low = anchors - np.multiply(size, np.subtract(1, sides) / 2)
        return np.stack([low, low + size], axis=-2)


def _inside(lows: Any, least: Any, most: Any, highs: Any) -> Any:
    """Whether each box or point (columns) meets each place (rows)."""
    across, up = (
        (lows[:, axis] < most[:, axis, None]) & (highs[:, axis] > least[:, axis, None])
        for axis in (0, 1)
    )
    return across & up


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
    sizes = Counter(re.findall(r"font-size: ([\d.]+)px", buffer.getvalue()))
    root.set("font-size", sizes.most_common(1)[0][0] if sizes else "14")
    _copy(drawn, root, names, {key: root.attrib[key] for key in ("font-size", "fill")})
    marks = {f"#{path.get('id')}": path.attrib for path in root.iter("path")}
    for use in root.iter("use"):
        own = marks[use.attrib["href"]].items()
        use.attrib = {key: value for key, value in use.items() if (key, value) not in own}
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _copy(
    old: ElementTree.Element,
    new: ElementTree.Element,
    names: dict[str, str],
    usual: dict[str, str],
) -> None:
    """Copy what is drawn, without styles, unused ids, empty groups and what texts have anyway."""
    for element in old:
        tag = element.tag.removeprefix(_SVG)
        if tag in ("metadata", "style"):
            continue
        said = usual if tag == "text" else {}
        given = _attributes(element, names).items()
        made = ElementTree.Element(tag, {key: it for key, it in given if said.get(key) != it})
        made.text = element.text if tag == "text" else None
        _copy(element, made, names, usual)
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
