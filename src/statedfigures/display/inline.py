"""What stands in a cell besides words and numbers: a link, a small picture, what a reader moves."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from statedfigures.display.delimited import number_field
from statedfigures.display.svg import PALETTE
from statedfigures.display.words import Provenance, Quantity
from statedfigures.sources.records import Assumption

_WIDTH, _HEIGHT, _POINTS = 72.0, 20.0, 24
_OUTER = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class PageLink(Quantity):
    """Words that lead to a place of the report.

    ``address`` is the place, such as ``offences.html#fan-image_offences``. In
    a file or on a terminal only the words are left.
    """

    address: str = ""

    def html(self, scope: str = "") -> str:  # noqa: ARG002 - as every quantity is asked
        """Give the link."""
        return f'<a href="{escape(self.address)}">{escape(self.text)}</a>'


@dataclass(frozen=True, slots=True)
class Sketch(Quantity):
    """A word with a small picture above it.

    ``drawn`` holds the elements of the picture. In a file or on a terminal
    only the word is left.
    """

    drawn: str = ""

    def html(self, scope: str = "") -> str:  # noqa: ARG002 - as every quantity is asked
        """Give the picture, hidden from readers who hear the page, and the word."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" '
            f'width="{_WIDTH:g}" height="{_HEIGHT:g}" aria-hidden="true" focusable="false">'
            f"{self.drawn}</svg><br>{escape(self.text)}"
        )


@dataclass(frozen=True, slots=True)
class Field(Quantity):
    """A number, or words, that the script of a page writes anew for a reader's own values.

    ``field`` is the name by which it finds them; what stands there before is
    what is published.
    """

    field: str = ""

    def html(self, scope: str = "") -> str:
        """Give the words, or the link of the number with its value for machines."""
        name = f'data-field="{escape(self.field)}"'
        if self.value is None:
            return f"<span {name}>{escape(self.text)}</span>"
        number = f'<data {name} value="{number_field(self.value)}">{escape(self.text)}</data>'
        link, end = Quantity.html(self, scope).removesuffix("</a>"), "</a>"
        return f"{link.removesuffix(escape(self.text))}{number}{end}"


def sketch_of(assumption: Assumption) -> Sketch:
    """Draw the distribution of an assumption: its density, and its central value as a line.

    Parameters
    ----------
    assumption
        The row.

    Returns
    -------
    Sketch
        From the low to the high value; a log-normal one somewhat beyond both.
    """
    low, central, high = assumption.low, assumption.central, assumption.high
    shape: list[tuple[float, float]] = []
    if assumption.distribution == "fixed" or low >= high:
        first, last = central - 1, central + 1
    elif assumption.distribution == "lognormal":
        shape = _lognormal(low, central, high)
        first, last = shape[0][0], shape[-1][0]
    else:
        first, last = low, high
        flat = assumption.distribution == "uniform"
        shape = [(low, 1.0), (high, 1.0)] if flat else [(low, 0.0), (central, 1.0), (high, 0.0)]
    ink, line = (f"var(--chart-{name},{PALETTE[name][0]})" for name in ("blue", "text"))
    room = _WIDTH - 4

    def across(value: float) -> str:
        return f"{2 + room * (value - first) / (last - first):.1f}"

    drawn = ""
    if shape:
        top = max(height for _, height in shape)
        points = [(value, _HEIGHT - 1 - (_HEIGHT - 4) * height / top) for value, height in shape]
        path = " ".join(f"{across(value)},{height:.1f}" for value, height in points)
        base = f"{_HEIGHT - 1:g}"
        drawn = (
            f'<polygon fill="{ink}" fill-opacity="0.5" '
            f'points="{across(shape[0][0])},{base} {path} {across(shape[-1][0])},{base}"/>'
        )
    middle = across(central)
    drawn += (
        f'<line x1="{middle}" x2="{middle}" y1="1" y2="{_HEIGHT - 1:g}" stroke="{line}" '
        'stroke-width="1.5"/>'
    )
    words = assumption.distribution
    return Sketch(words, None, Provenance((f"assumption:{assumption.id}",)), drawn)


def _lognormal(low: float, central: float, high: float) -> list[tuple[float, float]]:
    """Give the density of the two-piece log-normal, on the scale of the values."""
    left, right = (max(np.log(b / a) / _OUTER, 1e-9) for a, b in ((low, central), (central, high)))
    points = []
    for place in np.linspace(-2.2, 2.2, _POINTS):
        spread = left if place < 0 else right
        value = central * float(np.exp(place * spread))
        points.append((value, float(np.exp(-(place**2) / 2) / (spread * value))))
    return points
