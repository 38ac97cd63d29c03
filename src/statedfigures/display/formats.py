"""Numbers as people write them: stated, assumed, published and computed.

A stated number keeps the digits and the qualifier that it was stated with. A
computed one is rounded to what a reader can use; the ends of a range are
rounded outward.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from statedfigures.display.words import SENTENCES, Number

QUALIFIERS: Mapping[str, str] = SENTENCES["qualifiers"]
NOT_STATED = "not stated"
RATES = ("percent", "percentage_points", "fraction", "multiple", "share")
_PERCENT = ("percent", "percentage_points")
SIGNS = {"gbp": "£", "eur": "€", "usd": "US$"}
_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_TIMES = (3600.0, 1800.0, 600.0, 300.0, 60.0, 30.0, 10.0, 5.0, 1.0)
_NEAR = 1.025
_PARTS = {float(Fraction(part)): words for part, words in SENTENCES["parts"].items()}
# By the ratio of the later to the earlier, the smallest change first.
_RISES = {1 + part: f"rose by {{}}{words}" for part, words in _PARTS.items()}
_RISES[2.0] = "{}doubled"
for _size, _word in enumerate((*_WORDS[3:], "ten"), start=3):
    _RISES[float(_size)] = f"rose to {{}}{_word} times"
_FALLS = {1 - part: f"fell by {{}}{words}" for part, words in _PARTS.items()}
_SINGULARS = {"children": "child", "people": "person", "men": "man", "women": "woman"}


def digits(value: float, decimals: int | None = None) -> str:
    """Write a number with thousands separators and a true minus sign.

    Parameters
    ----------
    value
        The number.
    decimals
        Digits after the point; None for those that the number has.

    Examples
    --------
    >>> digits(1235), digits(-2.5), digits(0.126, 1), digits(-0.04, 1)
    ('1,235', '−2.5', '0.1', '0.0')
    """
    text = f"{value:,.{decimals_of(value) if decimals is None else decimals}f}"
    return text.replace("-", "" if not text.strip("-0.,") else "−")


def decimals_of(step: float) -> int:
    """Return the digits after the point that a number, such as a step of rounding, needs.

    Examples
    --------
    >>> decimals_of(0.01), decimals_of(100.0), decimals_of(0.1 + 0.2)
    (2, 0, 1)
    """
    return len(np.format_float_positional(float(f"{step:.15g}"), trim="-").partition(".")[2])


def noun(unit: str, count: float = 2) -> str:
    """Return the noun that follows a count, in the singular for a count of 1.

    Examples
    --------
    >>> noun("email_addresses"), noun("email_addresses", 1), noun("calls_per_100000_people")
    ('email addresses', 'email address', 'calls per 100,000 people')
    >>> noun("countries", 1), noun("children", 1), noun("mbit_per_s", 1)
    ('country', 'child', 'Mbit/s')
    """
    words = SENTENCES["units"].get(unit, unit)
    words = re.sub(r"\d{4,}", lambda found: f"{int(found[0]):,}", words.replace("_", " "))
    if abs(count) != 1 or "/" in words:
        return words
    head, *rest = re.split(r"(?= (?:of|per|in) )", words, maxsplit=1)
    *before, last = head.split(" ")
    last = _SINGULARS.get(last) or re.sub(
        r"(ies|sses|xes|ches|shes|s)$",
        lambda found: "y" if found[0] == "ies" else found[0][: -1 if found[0] == "s" else -2],
        last,
    )
    return " ".join([*before, last]) + "".join(rest)


def counted_noun(unit: str, count: float = 2) -> str:
    """Return the noun with a space before it; nothing where a sign is written instead.

    Examples
    --------
    >>> counted_noun("houses"), counted_noun("percent"), counted_noun("gbp")
    (' houses', '', '')
    """
    return "" if _is_rate(unit) or unit == "seconds" else f" {noun(unit, count)}"


def _is_rate(unit: str) -> bool:
    """Whether numbers of a unit have parts and a sign, and no noun behind them."""
    return unit in RATES or unit in SIGNS or not unit


def with_unit(text: str, unit: str) -> str:
    """Set the sign of a unit beside its number; a counted noun stays in the sentence.

    Examples
    --------
    >>> with_unit("0.18", "percent"), with_unit("3.3", "percentage_points"), with_unit("5", "gbp")
    ('0.18%', '3.3 percentage points', '£5')
    """
    if unit in SIGNS:
        return f"{SIGNS[unit]}{text}".replace(f"{SIGNS[unit]}−", f"−{SIGNS[unit]}")
    is_one = text.strip("−") == "1"
    points = " percentage point" if is_one else " percentage points"
    times = ".0 times" if is_one else " times"
    return text + {"percent": "%", "percentage_points": points, "multiple": times}.get(unit, "")


def duration(seconds: float) -> str:
    """Write a duration in hours, minutes and seconds.

    Examples
    --------
    >>> duration(483), duration(3600), duration(-61), duration(977.7)
    ('8 minutes 3 seconds', '1 hour', '−1 minute 1 second', '16 minutes 17.7 seconds')
    """
    left = round(abs(seconds), 6)
    hours, left = divmod(left, 3600)
    minutes, left = divmod(left, 60)
    parts = [(hours, "hours"), (minutes, "minutes"), (round(left, 6), "seconds")]
    said = [f"{digits(size)} {noun(name, size)}" for size, name in parts if size]
    return ("−" if seconds < 0 else "") + (" ".join(said) or "0 seconds")


def fraction_words(value: float) -> str:
    """Write a fraction in words or as one in so many; others as they are.

    Examples
    --------
    >>> fraction_words(0.6667), fraction_words(0.125), fraction_words(0.37)
    ('two thirds', '1 in 8', '0.37')
    """
    for part, words in _PARTS.items():
        if abs(value - part) < 0.001:
            return words
    whole = round(1 / value) if value else 0
    is_part = whole > 1 and abs(value * whole - 1) < 0.001
    return f"1 in {digits(whole)}" if is_part else digits(value)


def value_text(value: float, unit: str, rounded_to: float = math.nan, as_stated: str = "") -> str:
    """Write a value with all its digits and its unit, never rounded again.

    Parameters
    ----------
    value, unit
        The value, and its unit as the tables name it.
    rounded_to
        What it was rounded to, which says how many zeros are written.
    as_stated
        The words of the source; where several ways of writing are right, the
        one that it uses is taken.

    Examples
    --------
    >>> value_text(13_650_000_000, "gbp", 10_000_000), value_text(7_600_000, "homes", 10_000)
    ('£13.65 billion', '7.60 million')
    >>> value_text(76.0, "percent", 0.1), value_text(6_776_150, "homes", 1)
    ('76.0%', '6,776,150')
    """
    if unit == "seconds":
        return duration(value)
    if unit == "fraction":
        return fraction_words(value)
    if abs(value) >= 10 and counted_noun(unit):
        value = round(value)  # a mean of counts has no use for its decimals
    ways = [digits(value, max(decimals_of(rounded_to), decimals_of(value)))]
    size, words = next((scale for scale in SCALES if abs(value) >= scale[0]), (1.0, ""))
    shown = decimals_of(value / size)
    if words and shown <= 2:
        written = (max(shown, decimals_of(rounded_to / size)), shown)
        ways = [f"{digits(value / size, places)} {words}" for places in written] + ways
    texts = [with_unit(text, unit) for text in ways]
    return next((text for text in texts if text in as_stated.replace("bn", " billion")), texts[0])


def stated_text(row: Mapping[str, Any], unit: str = "") -> str:
    """Write a stated or published value with its qualifier; a range with its two ends.

    Examples
    --------
    >>> stated_text({"value": 1000.0, "unit": "calls", "qualifier": "more_than"})
    'more than 1,000'
    >>> stated_text({"value": 40.0, "value_to": 50.0, "unit": "percent", "qualifier": "exact"})
    '40–50%'
    """
    value, unit = float(row["value"]), unit or str(row["unit"])
    if math.isnan(value):
        return NOT_STATED
    rounded_to, words = float(row.get("rounded_to", math.nan)), str(row.get("as_stated", ""))
    text = value_text(value, unit, rounded_to, words)
    upper = float(row.get("value_to", math.nan))
    if not math.isnan(upper):
        text = between(text, value_text(upper, unit, rounded_to, words))
    return QUALIFIERS.get(str(row.get("qualifier", "")), "{}").format(text)


def step_of(value: float, figures: int = 3) -> float:
    """Return the step to which a value is rounded for so many significant figures.

    Examples
    --------
    >>> step_of(1523.0, 2), step_of(0.184, 2), step_of(9.99, 2)
    (100.0, 0.01, 1.0)
    """
    if not value or not math.isfinite(value):
        return 1.0
    power = int(f"{value:.{figures - 1}e}".partition("e")[2])
    return float(f"1e{power - figures + 1}")


def _step(value: float, unit: str) -> float:
    """Percentages: whole from ten, tenths from one; counts are whole from ten."""
    if unit in _PERCENT:
        size = abs(value)
        if size >= 9.95:
            return 0.1 if 99.5 <= size < 100 else 1.0
        return 0.1 if size >= 0.95 else max(step_of(value, 2), 1e-4)
    return max(step_of(value, 3), 0.0 if _is_rate(unit) else 1.0 if abs(value) >= 10 else 0.1)


def to_step(value: float, step: float, way: str = "near") -> float:
    """Round to a multiple of a step: near, down or up.

    Examples
    --------
    >>> to_step(701.2, 100.0, "down"), to_step(3201.0, 100.0, "up"), to_step(0.3, 0.1, "down")
    (700.0, 3300.0, 0.3)
    """
    steps = float(f"{value / step:.9g}")  # hides the last bits of the arithmetic
    whole = {"down": math.floor, "up": math.ceil}.get(way, round)(steps)
    return float(f"{whole * step:.12g}")


def computed_text(value: float, unit: str, step: float = 0.0, way: str = "near") -> str:
    """Round a computed number for readers and write it with its unit.

    Parameters
    ----------
    value, unit
        The number and its unit.
    step
        What it is rounded to; 0 for what its size and unit call for.
    way
        ``near``, or ``down`` and ``up`` for the ends of a range.

    Examples
    --------
    >>> computed_text(25647.3, "houses"), computed_text(1.678, "multiple")
    ('25,600', '1.68 times')
    >>> computed_text(549.5, "children"), computed_text(7.29, "percent")
    ('550', '7.3%')
    """
    if not math.isfinite(value):
        return "no limit"
    if unit == "seconds":
        fine = step or _step(value, unit)
        return duration(to_step(value, next(time for time in _TIMES if time <= max(fine, 1)), way))
    step = step or _tidy(fine := _step(value, unit), to_step(value, fine, way))
    shown = to_step(value, step, way)
    for size, words in SCALES:
        if abs(shown) >= size:
            return with_unit(f"{digits(shown / size, decimals_of(step / size))} {words}", unit)
    return with_unit(digits(shown, decimals_of(step)), unit)


def range_text(
    low: float, high: float, unit: str, step: float = 0.0, *, is_stated: bool = False
) -> str:
    """Write a range with an en dash, its ends rounded outward; one end alone as a bound.

    Parameters
    ----------
    low, high
        The ends; NaN for none.
    unit
        Their unit.
    step
        What they are rounded to; 0 for what the width of the range bears.
    is_stated
        Whether it is what a stated or published number stands for, which is not
        rounded again: a bound or an end alone keeps its digits, and so does the
        number in the middle of a narrow range.

    Examples
    --------
    >>> range_text(1121.0, 2039.0, "houses", 10.0), range_text(37.5, 38.5, "percent")
    ('1,120–2,040', '37.5–38.5%')
    >>> range_text(5.2083, math.nan, "multiple"), range_text(-28.4702, -28.4698, "percent")
    ('at least 5.2 times', '−28.5%')
    >>> range_text(-1.2, 3.4, "percentage_points")
    '−1.2 to 3.4 percentage points'
    >>> range_text(1234.5, 1235.5, "houses", is_stated=True)
    '1,235'
    """
    if math.isnan(low) and math.isnan(high):
        return "any value"
    if math.isnan(low) or math.isnan(high):
        end, word, way = (low, "at least", "down") if math.isnan(high) else (high, "at most", "up")
        return f"{word} {_end_text(end, unit, step, way, is_stated)}"
    if low == high:
        return _end_text(low, unit, step, "near", is_stated)
    width = 10.0 ** math.floor(math.log10(high - low))
    chosen = step or max(_finest(max(abs(low), abs(high)), unit), width / 10)
    if not step:
        if high - low < chosen / 2:
            middle = (low + high) / 2
            exact = to_step(middle, min(chosen, width))
            if is_stated:
                return value_text(exact, unit)
            return computed_text(middle, unit, _tidy(chosen, to_step(middle, chosen)))
        # Three figures would make 108.5–109.5% twice as wide as it is.
        fine = 1.0 if unit in RATES else 10.0 if is_stated else math.inf
        while chosen >= fine and _outward(low, high, chosen) > 1.5 * (high - low):
            chosen /= 10
        chosen = _tidy(chosen, to_step(low, chosen, "down"), to_step(high, chosen, "up"))
    # What is left of zero, or of all, keeps one digit of its own: none left would be another claim.
    rest = 100 - high if unit == "percent" else 0.0
    small, large = (min(chosen, step_of(end, 1)) if end > 0 else chosen for end in (low, rest))
    return between(computed_text(low, unit, small, "down"), computed_text(high, unit, large, "up"))


def _outward(low: float, high: float, step: float) -> float:
    """Return how wide a range is once its ends are rounded outward."""
    return to_step(high, step, "up") - to_step(low, step, "down")


def _end_text(value: float, unit: str, step: float, way: str, is_stated: bool) -> str:
    if is_stated:
        return value_text(float(f"{value:.12g}"), unit)
    fine = step or _finest(value, unit)
    return computed_text(value, unit, _tidy(fine, to_step(value, fine, way)), way)


def _finest(value: float, unit: str) -> float:
    """Three figures, percentages in tenths from one; counts are whole from ten, or as they are."""
    if unit in RATES:
        return min(max(step_of(value, 3), 0.1 * (unit in _PERCENT and abs(value) >= 1)), 1.0)
    if _is_rate(unit):
        return step_of(value, 3)
    is_exact = value == round(value) and abs(value) < 1e6
    return 1.0 if is_exact else max(step_of(value, 3), 1.0 if abs(value) >= 10 else 0.1)


def _tidy(step: float, *shown: float) -> float:
    """Drop zeros after the point that no number shown needs."""
    while step < 1 and all(to_step(number, step * 10) == number for number in shown):
        step *= 10
    return step


def plain_text(value: float, unit: str) -> str:
    """Write a value of a table: whole numbers with all their digits, others with four.

    Fractions and shares are decimals here.

    Examples
    --------
    >>> plain_text(0.75, "fraction"), plain_text(1.2599999, "multiple"), plain_text(1234.56, "")
    ('0.75', '1.26 times', '1,234.6')
    """
    if value != round(value):
        value = float(f"{value:.4g}") if abs(value) < 1000 else round(value, 1)
    return value_text(value, "" if unit == "fraction" else unit)


ASSUMED_UNITS = {
    "share": (100.0, "%"),
    "fraction": (100.0, "%"),
    "percent": (1.0, "%"),
    "multiple": (1.0, "×"),
    "years": (1.0, " years"),
    "log growth a year": (100.0, "% a year"),
    # The logarithm of the odds: the share divided by the rest.
    "logit a year": (100.0, "% of the odds a year"),
    "share of the rounding step": (1.0, " of the rounding step"),
}
"""Unit of an assumption: by what it is multiplied for readers, and what follows the number."""


def assumed_text(value: float, unit: str) -> str:
    """Write the value of an assumption for readers.

    Examples
    --------
    >>> assumed_text(0.08, "log growth a year"), assumed_text(304, "day of the year")
    ('8% a year', '31 October')
    """
    if unit == "day of the year":
        day = pd.Timestamp(2001, 1, 1) + pd.Timedelta(days=value - 1)
        return f"{day.day} {day.month_name()}"
    if unit not in ASSUMED_UNITS:
        return plain_text(value, unit)
    factor, after = ASSUMED_UNITS[unit]
    return plain_text(value * factor, "") + (" year" if value == 1 and unit == "years" else after)


def between(low: str, high: str = "") -> str:
    """Join two ends, or leave one alone: the unit is written once.

    Examples
    --------
    >>> between("1×", "1.26×"), between("−2%", "3%"), between("1 year", "2 years")
    ('1–1.26×', '−2 to 3%', '1–2 years')
    >>> between("900,000", "1.2 million"), between("1.1 million", "1.2 million")
    ('900,000 to 1.2 million', '1.1–1.2 million')
    >>> between("£630", "£950"), between("£630 million", "£950 million")
    ('£630–£950', '£630 million to £950 million')
    """
    if not high or low == high:
        return low
    unit = re.sub(r"^\S*\d(?=\D*$)", "", high)  # all of a text such as 1 hour 5 minutes
    short = next((end.removesuffix(unit) for end in (low, f"{low}s") if end.endswith(unit)), "")
    if unit and low.strip("−").startswith(tuple(SIGNS.values())):
        short = ""  # £1 to £2 million would begin at one pound
    is_plain = short and "−" not in low + high and " " not in short
    return f"{short or low}{'–' if is_plain else ' to '}{high}"


def change_words(low: float, high: float) -> str:
    """Put the ratio of a later figure to an earlier one into words.

    Parameters
    ----------
    low, high
        The least and the most that it can be; NaN for no end.

    Returns
    -------
    str
        A named part with "about" where the whole range lies within a fortieth
        of it; with "more than" beyond the nearest smaller one; else a range in
        percent.

    Examples
    --------
    >>> change_words(1.6773, 1.6787), change_words(5.21, math.nan), change_words(0.5, 0.5)
    ('rose by about two thirds', 'rose to more than five times', 'fell by half')
    >>> change_words(1.1, 1.6), change_words(0.98, 1.02), change_words(0.9, 1.4)
    ('rose by 10–60%', 'changed little', 'fell by up to 10% or rose by up to 40%')
    """
    if low >= 1 / _NEAR and high <= _NEAR:
        return "changed little"
    for ratio, words in {**_RISES, **_FALLS}.items():
        if ratio / _NEAR <= low and high <= ratio * _NEAR:
            exact = math.isclose(low, ratio) and math.isclose(high, ratio)
            return words.format("" if exact else "about ")
    # Without an end, or narrow between two names: more than the nearer one.
    one_sided = math.isnan(low) or math.isnan(high) or high / low < 1.1
    for verb, names, near, far in (
        ("rose", _RISES, low - 1, high - 1),
        ("fell", _FALLS, 1 - high, 1 - low),
    ):
        if near >= 0 and one_sided:
            passed = [words for ratio, words in names.items() if abs(ratio - 1) <= near]
            return passed[-1].format("more than ") if passed else f"{verb} by less than a tenth"
        if near >= 0:
            return f"{verb} by {range_text(100 * near, 100 * far, 'percent', 1.0)}"
    if math.isnan(low) or math.isnan(high):
        return "rose or fell"
    down, up = (computed_text(100 * abs(end - 1), "percent", 1.0, "up") for end in (low, high))
    return f"fell by up to {down} or rose by up to {up}"


def as_change(low: float, high: float, unit: str) -> str:
    """Write a change as a rise or a fall; what may be either keeps its signs.

    Examples
    --------
    >>> as_change(-28.4702, -28.4698, "percent"), as_change(25.0, math.nan, "percent")
    ('a fall of 28.5%', 'a rise of at least 25%')
    >>> as_change(1.67, 1.69, "multiple"), as_change(-1.0, 2.0, "percentage_points")
    ('1.67–1.69 times', '−1 to 2 percentage points')
    >>> as_change(-37.86, -37.86, "percent"), as_change(20.0, 20.0, "percent")
    ('a fall of 37.9%', 'a rise of 20%')
    """
    direction, text = change_parts(low, high, unit)
    if low == high:  # with the digits that the table of comparisons has
        text = range_text(abs(low), abs(low), unit)
    return text if direction == "change" else f"a {direction} of {text}"


def change_parts(low: float, high: float, unit: str) -> tuple[str, str]:
    """Return whether a change is a rise, a fall or may be either (a change), and its size.

    Examples
    --------
    >>> change_parts(-28.4702, -28.4698, "percent"), change_parts(-1.0, 2.0, "percent")
    (('fall', '28.5%'), ('change', '−1 to 2%'))
    """
    if unit == "multiple" or not (low >= 0 or high <= 0 or (high > 0 and math.isnan(low))):
        return "change", range_text(low, high, unit)
    direction = "fall" if high <= 0 and not low >= 0 else "rise"
    ends = (-high, -low) if direction == "fall" else (low, high)
    return direction, computed_text(ends[0], unit) if low == high else range_text(*ends, unit)


def share_words(value: float) -> str:
    """Write a share in words where it has a name.

    Examples
    --------
    >>> share_words(0.5), share_words(0.0), share_words(1.0), share_words(0.65)
    ('half', 'none', 'all', '65%')
    """
    names = {0.0: "none", 1.0: "all", **_PARTS}
    return names.get(value) or f"{digits(float(f'{100 * value:.6g}'))}%"


def counted(number: int, inputs: Any = (), formula: str = "count of these rows") -> Number:
    """Return a count of rows, in words up to nine as prose has it.

    Examples
    --------
    >>> counted(3, "claim:a claim:b claim:c").text, counted(17).text
    ('three', '17')
    """
    text = _WORDS[number] if number < len(_WORDS) else digits(number)
    return Number(text, inputs, formula)


def in_hundred(probability: float) -> str:
    """Write a probability as so many in 100, never surer than the draws are.

    Examples
    --------
    >>> in_hundred(0.6), in_hundred(1.0), in_hundred(0.0)
    ('60 in 100', 'more than 99 in 100', 'fewer than 1 in 100')
    """
    if probability > 0.995:
        return "more than 99 in 100"
    return "fewer than 1 in 100" if probability < 0.005 else f"{round(100 * probability)} in 100"


def date_text(day: Any) -> str:
    """Write a day.

    Examples
    --------
    >>> date_text(pd.Timestamp(2014, 12, 11)), date_text(pd.NaT)
    ('11 December 2014', 'not stated')
    """
    if pd.isna(day):
        return NOT_STATED
    stamp = pd.Timestamp(day)
    return f"{stamp.day} {stamp.month_name(locale=None)} {stamp.year}"
