"""Pictures as SVG for a page: small, the same every time, with text as text.

Matplotlib writes a stand-alone file. Inside a page its styles would reach
other elements and its ids would meet those of other charts, so the picture is
written anew: presentation attributes instead of styles, custom properties
instead of fixed colours, ids only where something refers to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from xml.etree import ElementTree

PALETTE = {
    "text": ("#0b0c0c", "#f3f2f1"),
    "muted": ("#505a5f", "#b8bec2"),
    "grid": ("#cecece", "#53585b"),
    "blue": ("#12436d", "#86b9e8"),
    "teal": ("#28a197", "#4fc7bc"),
    "pink": ("#801650", "#e79bc5"),
    "orange": ("#f46a25", "#ff9a63"),
    "grey": ("#3d3d3d", "#c9c9c9"),
    "purple": ("#a285d1", "#bfa9e6"),
    "paper": ("#fefefe", "#17191a"),
}
"""Colours of the Analysis Function, each with its partner for a dark page."""

_CUSTOM = {light: f"var(--chart-{name},{light})" for name, (light, _) in PALETTE.items()}
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_STILL = re.compile(r"rotate\(-?0(?:\.0)? [^)]*\)")
# What a browser assumes anyway, or what the root says for all.
_DEFAULTS = {
    ("stroke-dashoffset", "0"),
    ("text-anchor", "start"),
    ("stroke-linejoin", "round"),
    ("stroke-linecap", "butt"),
    ("fill", _CUSTOM["#0b0c0c"]),
}
_DROPPED = {"font-family", "font"}
_AXIS = "matplotlib.axis"


def colour(name: str) -> str:
    """Give a colour of the palette as it is on a light page."""
    return PALETTE[name][0]


def stylesheet() -> str:
    """Give the custom properties that colour every chart, for light and dark pages.

    Returns
    -------
    str
        CSS for the page's stylesheet; without it charts keep the light colours.
    """
    light = "".join(f"--chart-{name}:{pair[0]};" for name, pair in PALETTE.items())
    dark = "".join(f"--chart-{name}:{pair[1]};" for name, pair in PALETTE.items())
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def page_svg(drawn: str, chart_id: str, label: str, marks: Mapping[str, Mapping[str, str]]) -> str:
    """Turn what Matplotlib drew into a picture for a page.

    Parameters
    ----------
    drawn
        The SVG file of Matplotlib, with text as text.
    chart_id
        Id of the chart: ids inside the picture begin with it, and so do those
        of its words and of the table of its data in the page.
    label
        Alternative text for those who cannot see the picture.
    marks
        Attributes for texts, by the id that the text was given when drawn.

    Returns
    -------
    str
        One ``svg`` element without size: it fills the width it is given.
    """
    root = ElementTree.fromstring(drawn)  # noqa: S314 - see above
    names = {name: f"{chart_id}-{place}" for place, name in enumerate(_referred(root))}
    size = " ".join(_short(part) for part in root.attrib["viewBox"].split())
    # A mark of the scale leads back to the table of what is drawn on it.
    scale = {"class": "axis", "data-from": f"table:{chart_id}-data"}
    marks = {name: scale if "axis" in mark.values() else mark for name, mark in marks.items()}
    body = "".join(_children(root, names, {**marks, _AXIS: scale}))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="{size}" role="img"'
        f' aria-label="{escape(label)}" data-words="{escape(chart_id)}-words"'
        ' font-family="Arial, Helvetica, sans-serif"'
        f' fill="{_CUSTOM[colour("text")]}" stroke-linejoin="round">{body}</svg>'
    )


def _referred(root: ElementTree.Element) -> dict[str, None]:
    """List the ids that something in the picture refers to, in order."""
    found: dict[str, None] = {}
    for element in root.iter():
        if link := element.attrib.get(_LINK):
            found[link[1:]] = None
        for name, value in element.attrib.items():
            if name == "clip-path" and (match := _REFERENCE.search(value)):
                found[match[1]] = None
    return found


def _children(
    parent: ElementTree.Element,
    names: Mapping[str, str],
    marks: Mapping[str, Mapping[str, str]],
    inherited: Mapping[str, str] | None = None,
) -> Iterator[str]:
    for element in parent:
        tag = element.tag.removeprefix(_SVG)
        if tag in ("metadata", "style"):
            continue
        given = element.attrib.get("id", "")
        mark = marks.get(given, inherited or {})
        if given.startswith(_AXIS):
            mark = marks[_AXIS]
        attributes = _attributes(element, names)
        inner = escape(element.text) if tag == "text" and element.text else ""
        inner += "".join(_children(element, names, marks, mark))
        if tag in ("g", "defs") and not inner:
            continue
        if tag == "g" and not attributes:
            yield inner
            continue
        if tag == "text":
            attributes |= mark
        written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        yield f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def _attributes(element: ElementTree.Element, names: Mapping[str, str]) -> dict[str, str]:
    attributes = dict(element.attrib)
    declared = attributes.pop("style", "")
    identity = attributes.pop("id", "")
    written = {"id": names[identity]} if identity in names else {}
    for name, value in attributes.items():
        if name == _LINK:
            written["href"] = f"#{names[value[1:]]}"
        elif name == "clip-path":
            written[name] = _REFERENCE.sub(lambda match: f"url(#{names[match[1]]})", value)
        elif name == "transform":
            if moved := _STILL.sub("", value).strip():
                written[name] = _short(moved)
        else:
            written[name] = _short(" ".join(value.split()))
    for declaration in filter(None, map(str.strip, declared.split(";"))):
        name, _, value = declaration.partition(":")
        value = _CUSTOM.get(value.strip(), value.strip())
        if name not in _DROPPED and (name, value) not in _DEFAULTS:
            written[name] = value.removesuffix("px")
    return written


def _short(value: str) -> str:
    """Round every number in a value to a tenth of a unit: finer is not seen."""
    return _NUMBER.sub(lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), value).replace(
        "-0 ", "0 "
    )
