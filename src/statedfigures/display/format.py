"""Numbers as text: stated, published, assumed and computed.

Stated numbers keep the digits and the hedge that they were stated with.
Computed numbers are rounded to what a reader can use: three significant
digits at most, percentages to whole numbers from ten upwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from statedfigures.display.words import Provenance, Quantity
from statedfigures.sources.records import Assumption, Figure, PublishedFigure

HEDGES = {
    "exact": "{}",
    "about": "around {}",
    "more_than": "more than {}",
    "less_than": "less than {}",
    "almost": "almost {}",
    "may_exceed": "possibly over {}",
    "projected": "a projected {}",
    "expected": "an expected {}",
}
_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MILLION = 10**6
_BILLION = 10**9
_SCALES = (
    ("_billion", " billion"),
    ("_million", " million"),
    ("_bn", " billion"),
    ("_m", " million"),
)


def digits(value: Decimal | Fraction | float, decimals: int | None = None) -> str:
    """Write a number with thousands separators and a true minus sign.

    Parameters
    ----------
    value
        The number. A Decimal keeps the digits it was written with.
    decimals
        Digits after the point; None keeps what the number has, up to ten
        significant digits.

    Examples
    --------
    >>> digits(Decimal("0.18")), digits(1235), digits(-2.5), digits(0.126, 1)
    ('0.18', '1,235', '−2.5', '0.1')
    """
    if isinstance(value, Fraction):
        value = float(value)
    if decimals is not None:
        text = f"{value:,.{decimals}f}"
    elif isinstance(value, Decimal):
        text = f"{value:,f}"
    else:
        text = f"{Decimal(f'{value:.10g}'):,f}"
    if text.startswith("-"):
        text = text[1:] if not text.strip("-0.,") else f"−{text[1:]}"
    return text


def significant(value: float, figures: int = 3) -> float:
    """Round to a number of significant digits.

    Examples
    --------
    >>> significant(25647.0), significant(0.12345, 2)
    (25600.0, 0.12)
    """
    return float(f"{value:.{figures - 1}e}")


def decimals_of(value: float, figures: int = 3) -> int:
    """Count the digits after the point that leave `figures` significant digits."""
    if value == 0 or not math.isfinite(value):
        return 0
    return max(0, figures - 1 - math.floor(math.log10(abs(significant(value, figures)))))


def with_unit(text: str, unit: str) -> str:
    """Set the sign of a unit beside its number; a counted noun stays in the sentence.

    Examples
    --------
    >>> with_unit("0.18", "percent"), with_unit("50", "gbp_million"), with_unit("5", "multiple")
    ('0.18%', '£50 million', '5 times')
    """
    if unit == "percent":
        return f"{text}%"
    if unit == "percentage_points":
        return f"{text} percentage points"
    if unit == "multiple":
        return f"{text} times"
    if unit.startswith("gbp"):
        scale = next((words for ending, words in _SCALES if unit.endswith(ending)), "")
        return f"£{text}{scale}".replace("£−", "−£")
    return text


def noun(unit: str) -> str:
    """Name a unit in a sentence: ``web_addresses`` is web addresses.

    Examples
    --------
    >>> noun("web_addresses"), noun("percent")
    ('web addresses', '%')
    """
    return {"percent": "%", "gbp": "£", "gbp_million": "£ million", "multiple": "times"}.get(
        unit, unit.replace("_", " ")
    )


def counted_noun(unit: str) -> str:
    """Give the noun that follows a count, with its space; nothing where a sign is written.

    Examples
    --------
    >>> counted_noun("web_addresses"), counted_noun("percent")
    (' web addresses', '')
    """
    signs = unit in ("percent", "percentage_points", "multiple") or unit.startswith("gbp")
    return "" if signs else f" {noun(unit)}"


def as_written(value: Decimal, unit: str) -> str:
    """Write a stated value: whole millions and tenths of them as people say them.

    Examples
    --------
    >>> as_written(Decimal(3_400_000), "children"), as_written(Decimal(50_000_000), "gbp")
    ('3.4 million', '£50 million')
    """
    for size, words in ((_BILLION, " billion"), (_MILLION, " million")):
        if abs(value) >= size and value % (size // 10) == 0:
            return with_unit(f"{digits(value / size, 0 if value % size == 0 else 1)}{words}", unit)
    return with_unit(digits(value), unit)


def hedged(value: Decimal, unit: str, qualifier: str) -> str:
    """Write a value with the hedge that it was stated with."""
    return HEDGES.get(qualifier, "{}").format(as_written(value, unit))


def stated(figure: Figure) -> Quantity:
    """Give a stated figure as the release hedges it.

    Returns
    -------
    Quantity
        Such as ``more than 1,000``, ``£50 million`` or ``0.18%``, leading to
        the figure's row.
    """
    return Quantity(
        hedged(figure.value, figure.unit, figure.qualifier),
        float(figure.value),
        Provenance((f"figure:{figure.id}",)),
    )


def published(row: PublishedFigure) -> Quantity:
    """Give a figure published elsewhere, leading to its row."""
    return Quantity(
        hedged(row.value, row.unit, row.qualifier),
        float(row.value),
        Provenance((f"published:{row.id}",)),
    )


def assumed(assumption: Assumption, value: float) -> Quantity:
    """Give a value of an assumption in the assumption's unit; a year has no thousands."""
    unit = assumption.unit if assumption.unit == "percent" else ""
    text = f"{value:.0f}" if assumption.unit == "year" else with_unit(digits(value), unit)
    return Quantity(text, value, Provenance((f"assumption:{assumption.id}",)))


def rounded_text(value: float, unit: str, figures: int = 3) -> str:
    """Round a computed number for readers and write it with its unit."""
    if not math.isfinite(value):
        return "no limit"
    if unit in ("percent", "percentage_points"):
        size = abs(value)
        places = 0 if size >= 9.95 else 1 if size >= 0.95 else decimals_of(value, 2)
        return with_unit(digits(value, min(places, 4)), unit)
    shown = significant(value, figures)
    if abs(shown) >= _MILLION:
        return with_unit(f"{digits(significant(shown / _MILLION, figures))} million", unit)
    text = digits(shown, min(decimals_of(value, figures), 6))
    return with_unit(text.rstrip("0").rstrip(".") if "." in text else text, unit)


def computed(
    value: float | Fraction,
    unit: str,
    inputs: Iterable[str],
    formula: str,
    *,
    figures: int = 3,
) -> Quantity:
    """Give a computed number, rounded, with its working.

    Parameters
    ----------
    value
        The number, in `unit`.
    unit
        Unit of the number: ``percent``, ``multiple``, ``gbp…`` or a counted noun.
    inputs
        References to the rows that it was computed from.
    formula
        How, in words without digits.
    figures
        Significant digits shown; percentages are whole from ten upwards.

    Examples
    --------
    >>> str(computed(25647.3, "offences", ["figure:images_2014"], "base times growth"))
    '25,600'
    """
    # Twelve digits are more than any input has and hide the last bits of the arithmetic.
    number = significant(float(value), 12)
    return Quantity(rounded_text(number, unit, figures), number, Provenance(tuple(inputs), formula))


def counted(number: int, inputs: Iterable[str], formula: str) -> Quantity:
    """Give a count of rows, in words up to nine as prose has it."""
    text = _WORDS[number] if number < len(_WORDS) else digits(number)
    return Quantity(text, float(number), Provenance(tuple(inputs), formula))


def year(number: int, *inputs: str, formula: str = "") -> Quantity:
    """Give a year, leading to the parameter or the figure that sets it."""
    return Quantity(str(number), float(number), Provenance(inputs, formula))


def capitalised(quantity: Quantity) -> Quantity:
    """Write a number word as it begins a sentence."""
    return Quantity(quantity.text.capitalize(), quantity.value, quantity.provenance)
