"""Every number in a text: numerals and number words, from one closed vocabulary.

The vocabulary is the data at the top; the pattern below is built from it. Each
run of digits and each number word of a text falls into exactly one mention.
Mentions that make one quantity together (``8 minutes 3 seconds``, ``one in
five``, ``between 40 and 50``) are joined by `quantities`.
"""

from __future__ import annotations

import calendar
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import chain

from statedfigures.release.source_text import normalise

_VOCABULARY = tomllib.loads((files(__package__) / "number_words.toml").read_text(encoding="utf-8"))
_TABLES = "units tens scales letters groups multiples ordinals parts seconds money"
UNITS, TENS, SCALES, SCALE_LETTERS, GROUPS, MULTIPLES, ORDINALS, PARTS, SECONDS, MONEY = (
    _VOCABULARY[name] for name in _TABLES.split()
)
# What a word multiplies by: 3 million, millions, £2.5m; also within a unit, gbp_million.
_SCALE_OF = SCALES | {f"{word}s": scale for word, scale in SCALES.items()} | SCALE_LETTERS
_SMALL_NUMBERS = UNITS | TENS | {"a": 1, "and": 0}
_VULGAR_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_END_OF_NAME = "|".join(_VOCABULARY["end_of_name"].split())
_FALL_WORDS = "".join(_VOCABULARY["falls"].splitlines())
# What is counted: up to the first plural among the next words, or the next word alone.
_NAME_WORD = rf"[ -](?!(?i:{_END_OF_NAME})(?![A-Za-z'-]))[A-Za-z][A-Za-z'-]*(?![A-Za-z'-])"
_NAME = re.compile(rf"(?:{_NAME_WORD}){{0,5}}?{_NAME_WORD}(?<=[^isu]s)|{_NAME_WORD}")
# Before a number below zero; a margin of plus or minus 3 is none.
_MINUS = re.compile(r"(?:(?<![^\s(])-|(?<!\bor )\b(?:minus|negative) )$", re.I)
_FALLS = re.compile(rf"\b(?:{_FALL_WORDS})\b|-\s?[£$€]?\d", re.I)


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number that stands in a text.

    Attributes
    ----------
    token
        The number as printed, after `normalise`: ``1,235`` or ``two thirds``.
    nth
        Which occurrence of this token it is, counted from 1.
    value
        What the token amounts to: 50000000 for ``£50 million``, 38 for
        ``38%``, 5 for ``fivefold``, 0 for the span of years ``2012-13``.
    kind
        ``years``, ``numeral``, ``money``, ``percent``, ``multiple``,
        ``fraction``, ``ordinal``, ``group`` or ``word``.
    start, end
        Where it stands in the normalised text.
    """

    token: str
    nth: int
    value: Fraction
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A stated quantity: one mention, or several that make it together.

    Attributes
    ----------
    value, value_to
        The number in its unit, and the upper end of a range or None.
    unit
        ``percent``, ``percentage_points``, ``fraction``, ``multiple``,
        ``gbp``, ``seconds``, or the noun that is counted, with underscores;
        empty where no noun follows.
    step
        What the stated digits are rounded to.
    text
        The words, from the first to the last mention and its unit.
    mentions
        The mentions that it is made of.
    start
        Where the words begin in the normalised text.
    """

    value: Fraction
    value_to: Fraction | None
    unit: str
    step: Fraction
    text: str
    mentions: tuple[NumberMention, ...]
    start: int


def _any_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


_SMALL = rf"(?:{_any_of(TENS)}(?:[ -]{_any_of(UNITS)})?|{_any_of(UNITS)})"
_UNDER_THOUSAND = rf"(?:(?:{_SMALL}[ -])?hundreds?(?:(?:[ ]and)?[ ]{_SMALL})?|{_SMALL})"
_LARGE = rf"(?:{_any_of(set(SCALES) - {'hundred'})}s?)"
_DIGITS = _any_of(word for word, value in UNITS.items() if value < 10)
# One and a half; a third is an ordinal as well.
_AND_PART = rf"[ -]and[ -](?:a|three)[ -](?:half|quarters?)(?:[ -]{_LARGE})?"
_COUNT = (
    rf"(?:{_SMALL}[ ]point(?:[ ]{_DIGITS})+(?:[ ]{_LARGE})?"
    rf"|(?:{_UNDER_THOUSAND}[ -])?{_LARGE}(?:(?:[ ]and)?[ -]{_UNDER_THOUSAND}(?:[ -]{_LARGE})?)*"
    rf"|{_UNDER_THOUSAND})"
)
# Words are matched in ASCII (?a:…): otherwise a long s counts as an s and has no value here.
_WORDS = rf"""
    (?P<part_count>{_SMALL}|a)[ -](?P<part>{_any_of(PARTS)})
  | (?P<part_alone>{_any_of(set(PARTS) - set(ORDINALS))})
  | (?P<group>{_any_of(GROUPS)})
  | (?P<multiple>{_any_of(MULTIPLES)})
  | (?P<tens_of_ordinal>{_any_of(TENS)}-)?(?P<ordinal_word>{_any_of(ORDINALS)})
  | (?P<count>{_COUNT}) (?P<and_part>{_AND_PART})?
    (?:(?P<word_percent>\ per\ cent|\ percent)|(?P<word_times>\ times|[ -]?fold))?
"""
_PATTERN = re.compile(
    rf"""
      (?P<years>(?<!\d)(?:1[89]|20)\d\d[-/](?:(?:1[89]|20)\d\d|\d\d)(?!\d))
    | (?P<money>[£$€]\ ?)?
      (?P<digits>(?<!\d)\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+) (?P<decimals>\.\d+)?
      (?P<and_vulgar>[{_VULGAR_FRACTIONS}])?
      (?a: (?P<percent>\ ?%|\ per\ cent\b|\ percent\b)
        | (?P<times>[ -]times\b | [ -]?fold\b | x\b)
        | [ -]?(?P<scale>{_any_of(SCALES)})\b
        | (?P<letters>(?:\ (?=[bmt]n\b))?{_any_of(SCALE_LETTERS)})\b
        | (?P<ordinal>(?:st|nd|rd|th)\b) )?
    | (?P<vulgar>[{_VULGAR_FRACTIONS}])
    | \b(?a:{_WORDS})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KINDS: Mapping[str, str] = _VOCABULARY["kinds"]
_LENGTH = re.compile(rf"(?:[ -]|(?<=half) an |(?<=quarter) of an )({_any_of(SECONDS)})s?\b")
# A part of a whole: 1 in 5, one-in-five, seven out of every ten, three adults in every ten.
_PART_OF = re.compile(r"[ -](?:in|out of)[ -](?:every )?| of every | [a-z]+ in every ")
_TURN = re.compile(rf"\b(?:{_FALL_WORDS}|{_VOCABULARY['turns']})\b[^.;]*$", re.I)
_NO_RANGE = re.compile(rf" (?:{'|'.join(calendar.month_name[1:])})\b|[ -]years?[ -]old")


def _patterns(group: str, form: str) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(form % words, re.I) for name, words in _VOCABULARY[group].items()}


# They stand at most two words before their number.
_QUALIFIERS = _patterns("qualifiers", r"(?<!\w)(?:%s)(?!\w)(?: [a-z'-]+){0,2}[ £$€]*$")
_BEHIND = _patterns("qualifiers_behind", r"(?: [a-z'-]+)?(?:%s)(?!\w)")
_OUTLOOKS = _patterns("outlooks", r"\b(?:%s)\b")


@cache
def number_mentions(text: str) -> tuple[NumberMention, ...]:
    """Return every numeral and every number word of a text, in its order.

    Parameters
    ----------
    text
        Any text; it is normalised first.

    Returns
    -------
    tuple of NumberMention
        A number with its sign of money, percent sign or scale is one mention,
        as is a fraction in words.

    Notes
    -----
    A day, a month's name and a year are two mentions, because they are two
    numerals. Words that hold a number word (``someone``) are none.

    Examples
    --------
    >>> [mention.token for mention in number_mentions("up two thirds to £3.4 million in 2012-13")]
    ['two thirds', '£3.4 million', '2012-13']
    """
    seen: Counter[str] = Counter()
    mentions = []
    for match in _PATTERN.finditer(normalise(text)):
        token = match.group()
        seen[token] += 1
        found = {name: word.lower() for name, word in match.groupdict().items() if word}
        kind = next((kind for name, kind in _KINDS.items() if name in found), "word")
        mentions.append(
            NumberMention(token, seen[token], _value(found), kind, match.start(), match.end())
        )
    return tuple(mentions)


def _value(found: Mapping[str, str]) -> Fraction:
    vulgar = found.get("vulgar") or found.get("and_vulgar")
    number = Fraction(unicodedata.numeric(vulgar) if vulgar else 0).limit_denominator(10)
    if "digits" in found:
        number += Fraction(found["digits"].replace(",", "") + found.get("decimals", ""))
        return number * _SCALE_OF.get(found.get("scale") or found.get("letters", "").strip(), 1)
    if vulgar:
        return number
    if part := found.get("part") or found.get("part_alone"):
        return _count_value(found.get("part_count", "one")) / PARTS[part]
    if "count" in found:
        number = _count_value(found["count"])
        if words := re.split("[ -]", found.get("and_part", ""))[2:]:  # , and, a, half, million
            number += _count_value(words[0]) / PARTS[words[1]]
        return number * _SCALE_OF.get(words[-1] if words else "", 1)
    tens = TENS.get(found.get("tens_of_ordinal", "").rstrip("-"), 0)
    word = found.get("group") or found.get("multiple") or found.get("ordinal_word")
    return Fraction(tens + (GROUPS | MULTIPLES | ORDINALS)[word] if word else 0)


def _count_value(words: str) -> Fraction:
    whole, _, decimals = words.partition(" point ")
    total = current = 0
    for word in re.split(r"[ -]", whole):
        if (scale := _SCALE_OF.get(word)) is None:
            current += _SMALL_NUMBERS[word]
        elif scale == SCALES["hundred"]:
            current = (current or 1) * scale
        else:
            total, current = total + (current or 1) * scale, 0
    digits = "".join(str(UNITS[word]) for word in decimals.split() if word in UNITS)
    scale = _SCALE_OF.get(decimals.rpartition(" ")[2], 1)
    return Fraction(f"{total + current}.{digits}") * scale


# ---------------------------------------------------------------- quantities


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities that a text states, in its order.

    Parameters
    ----------
    text
        Any text; it is normalised first.

    Returns
    -------
    tuple of Quantity
        Every mention but spans of years stands in exactly one of them.
        Whether a number is a figure, a date or a name is for a reader.

    Examples
    --------
    >>> [(float(found.value), found.unit) for found in quantities("£13.65 billion in all")]
    [(13650000000.0, 'gbp')]
    >>> [(float(found.value), found.unit) for found in quantities("in 8 minutes 3 seconds")]
    [(483.0, 'seconds')]
    >>> [(str(found.value), found.unit) for found in quantities("one in five ships")]
    [('1/5', 'fraction')]
    >>> found = quantities("between 40 and 50 ferries")[0]
    >>> (int(found.value), int(found.value_to), found.unit)
    (40, 50, 'ferries')
    """
    line = normalise(text)
    waiting = [mention for mention in number_mentions(line) if mention.kind != "years"]
    found: list[Quantity] = []
    while waiting:
        joined = _duration(line, waiting) or _pair(line, waiting[:2])
        found.append(joined or _single(line, waiting[0]))
        del waiting[: len(found[-1].mentions)]
    return tuple(found)


def _single(line: str, mention: NumberMention) -> Quantity:
    unit, end = _unit(line, mention)
    step, start, value = stated_step(mention), mention.start, mention.value
    if minus := _MINUS.search(line[:start]):
        start, value = minus.start(), -value
    return Quantity(value, None, unit, step, line[start:end], (mention,), start)


def _unit(line: str, mention: NumberMention) -> tuple[str, int]:
    """Return the unit of a mention, and where its words end."""
    after = line[mention.end :]
    if found := re.match(r"(?: (?:of )?an?)?[ -](?:percentage[ -])?points?\b", after):
        return "percentage_points", mention.end + found.end()
    if mention.kind in {"percent", "multiple", "fraction"}:
        return mention.kind, mention.end
    if mention.kind == "money":
        return MONEY[mention.token[0]], mention.end
    if not (named := _NAME.match(after)):
        return "", mention.end
    last = named.group().lstrip(" -").rpartition(" ")[2].lower()
    unit = MONEY.get(last, re.sub(r"[^a-z]+", "_", last).strip("_"))
    return unit, mention.end + named.end()


def _duration(line: str, waiting: Sequence[NumberMention]) -> Quantity | None:
    """Join ``8 minutes 3 seconds``."""
    total, step, end = Fraction(0), Fraction(10**9), 0
    used: list[NumberMention] = []
    for mention in waiting:
        found = _LENGTH.match(line, mention.end)
        goes_on = not used or re.fullmatch(r",?(?: and)? ", line[end : mention.start])
        length = SECONDS[found[1]] if found else 0
        if not found or not goes_on or length >= step:
            break
        total, step = total + mention.value * length, Fraction(length)
        end = found.end()
        used.append(mention)
    if not used:
        return None
    step *= stated_step(used[-1]) if len(used) == 1 or "." in used[-1].token else 1
    start = used[0].start
    return Quantity(total, None, "seconds", step, line[start:end], tuple(used), start)


def _pair(line: str, mentions: Sequence[NumberMention]) -> Quantity | None:
    """Join ``25 per 100,000``, ``one in five``, ``between 40 and 50`` or ``40-50``."""
    if len(mentions) < 2:
        return None
    low, high = mentions
    between, both = line[low.end : high.start], (low, high)
    text, start, value = line[low.start : high.end], low.start, low.value
    if re.fullmatch(r"[a-z ]{0,40} per ", between) and high.value and low.kind != "money":
        unit = f"per_{high.value.numerator}"
        return Quantity(value, None, unit, stated_step(low), text, both, start)
    if _is_year(high):
        return None
    if low.kind == "fraction" and re.fullmatch("(?: of)? a ", between) and high.token in SCALES:
        value, (unit, end) = value * high.value, _unit(line, high)  # half a million people
        return Quantity(value, None, unit, high.value / 10, line[start:end], both, start)
    counts = {low.kind, high.kind} <= {"numeral", "word"}  # 0.1% in a quarter is no part of it
    if counts and _PART_OF.fullmatch(between) and 0 < value < high.value:
        part = value / high.value
        step = Fraction(1, 10_000 if 100 % part.denominator else 100)  # 1 in 12 is no whole percent
        return Quantity(part, None, "fraction", step, text, both, start)
    scales = [_SCALE_OF.get(re.findall("[a-z]*$", each.token.lower())[0], 1) for each in both]
    scale = 1 if scales[0] > 1 else scales[1]
    if between == " to " and line[:start].endswith("from "):
        if scale == 1 or value * scale > 10 * high.value:
            return None
        step, text = stated_step(low) * scale, low.token  # from 85.2 to 87.6 thousand
        return Quantity(value * scale, None, _unit(line, low)[0], step, text, (low,), start)
    first, last = _single(line, low), _duration(line, [high]) or _single(line, high)
    opened = re.search(r"\bbetween (?:around |about )?$", line[: first.start], re.I)
    between = line[low.end : last.start]
    # In "£3 to 4 million" the money is said once.
    is_one_unit = not last.unit if low.kind == "money" != high.kind else last.unit or scales[1] > 1
    is_range = is_one_unit and _is_range(line, *both)
    joined = {"-": True, " and ": opened, " to ": is_range, " or ": is_range and scale > 1}
    if _is_year(low) or _NO_RANGE.match(line, high.end) or not joined.get(between):
        return None
    length = _LENGTH.match(line, high.end)
    # Between 2 and 3 million, 8 to 10 minutes.
    factor = SECONDS[length[1]] if length else scale if first.value * scale < last.value else 1
    if (value := first.value * factor) >= last.value:
        return None
    step = min(first.step * factor, last.step)
    unit = first.unit if low.kind == "money" else last.unit
    start = opened.start() if opened else first.start
    text = line[start : last.start] + last.text
    return Quantity(value, last.value, unit, step, text, both, start)


def _is_range(line: str, low: NumberMention, high: NumberMention) -> bool:
    """Whether what stands as "40 to 50" is a range, and neither a change nor a date."""
    if low.kind not in {"numeral", "word", "money", high.kind}:
        return False
    before = line[: low.start]
    by = high.kind == "percent" != low.kind and re.search(r"\b(?:by|of) $", before)  # by 3 to 4%
    return bool(by) or not _TURN.search(before)


def _is_year(mention: NumberMention) -> bool:
    return bool(re.fullmatch(r"(?:1[89]|20)\d\d", mention.token))


def stated_step(mention: NumberMention) -> Fraction:
    """Return the step to which a number is rounded: the place of its last digit that counts.

    Examples
    --------
    >>> [str(stated_step(number_mentions(text)[0])) for text in ("1,235", "4,000", "£3.4 million")]
    ['1', '1000', '100000']
    """
    if mention.kind == "fraction":
        return Fraction(1, 10_000)
    if not mention.value:
        return Fraction(1)
    digits = re.search(rf"\d[\d,.]*(?![\d,.{_VULGAR_FRACTIONS}])", mention.token)
    plain = digits.group() if digits else f"{float(mention.value):f}".rstrip("0")
    whole, _, decimals = plain.replace(",", "").partition(".")
    scale = mention.value / Fraction(f"{whole}.{decimals}") if digits else Fraction(1)
    zeros = len(whole) - len(whole.rstrip("0"))
    # A percentage, a number below a hundred, or four digits that count are stated to the last.
    exact = mention.kind == "percent" or len(whole) < 3 or len(whole) - zeros > 3
    if decimals:
        return scale / 10 ** len(decimals)
    return scale if scale == 1 and exact and digits else scale * 10**zeros


# ---------------------------------------------------------------- a number and its words


@cache
def find_stated(text: str, value: float, unit: str, step: float) -> Quantity | None:
    """Return the quantity of a text that a value is, or None if the text does not state it.

    Parameters
    ----------
    text
        A fragment of the release.
    value, unit, step
        The number in its unit, and what it is rounded to; for a number in
        words only, half a step is allowed, because two thirds has no end as a
        decimal.

    Returns
    -------
    Quantity or None
        A fall may be negative, or a multiple below one; a unit may carry the
        scale, as 50 in ``gbp_million`` for £50 million.

    Examples
    --------
    >>> find_stated("contracted by 0.4%", -0.4, "percent", 0.1).text
    '0.4%'
    """
    line = normalise(text)
    wanted = exact_fraction(value)
    joined = quantities(line)
    alone = (_single(line, mention) for found in joined for mention in found.mentions)
    falls = _FALLS.search(line) is not None
    for found in chain(joined, alone):
        for reading, in_words in _readings(found, unit, falls):
            allowance = exact_fraction(step) / 2 if in_words else 0
            if abs(reading - wanted) <= allowance:
                return found
    return None


def _readings(found: Quantity, unit: str, falls: bool) -> Iterable[tuple[Fraction, bool]]:
    """Yield what a quantity may amount to in a unit, and whether it is rounded from words."""
    value = found.value
    in_words = not any(sign.isdigit() for sign in found.text)
    for sign in (1, -1) if falls else (1,):
        yield sign * value, in_words and abs(value) < 1
        if scale := _SCALE_OF.get(unit.rpartition("_")[2]):
            yield sign * value / scale, False
        if found.unit == "fraction":
            yield sign * (value * 100 if unit == "percent" else value), True
    if unit in {"multiple", "fraction"} and value > 1 and falls:
        yield 1 / value, True
    if unit in {"percent", "fraction"} and found.unit == "multiple" and in_words and value > 1:
        # Doubled is a rise of one hundred percent.
        yield (value - 1) * (100 if unit == "percent" else 1), False


def stated_qualifiers(text: str, found: Quantity) -> set[str]:
    """Return the qualifiers that fit the words of a text around a quantity.

    Examples
    --------
    >>> fragment = "topped 50,000 for the first time"
    >>> stated_qualifiers(fragment, quantities(fragment)[0])
    {'more_than'}
    """
    line = normalise(text).lower()
    start = found.mentions[0].start
    earlier = [mention.end for mention in number_mentions(line) if mention.end <= start]
    around = line[max(earlier, default=0) : start], line[found.mentions[-1].end :]
    fitting = {qualifier_around(*around)[0] or "exact"}
    if "exact" in fitting and not any(sign.isdigit() for sign in found.text):
        fitting.add("about")
    return fitting | {name for name, words in _OUTLOOKS.items() if words.search(line)}


def qualifier_around(before: str, behind: str = "") -> tuple[str, int, int]:
    """Return the qualifier of a number: its words stand at the end of what is before it, or behind.

    Parameters
    ----------
    before, behind
        The clause up to the number, and the one from it on.

    Returns
    -------
    tuple
        The qualifier, empty without one; where its words begin in the clause before, and where
        they end in the one behind.

    Examples
    --------
    >>> qualifier_around("ships were just under "), qualifier_around("", " ships or more in 2020")
    (('just_under', 11, 0), ('at_least', 0, 14))
    """
    for name, words in _QUALIFIERS.items():
        if found := words.search(before):
            return name, found.start(), 0
    for name, words in _BEHIND.items():
        if found := words.match(behind):
            return name, len(before), found.end()
    return "", len(before), 0


def exact_fraction(value: float | Fraction) -> Fraction:
    """Return a number as the fraction that its shortest decimal text stands for.

    Parameters
    ----------
    value
        A finite number, in any unit.

    Returns
    -------
    fractions.Fraction
        The same number; 0.1 becomes one tenth, not the binary number near it.

    Examples
    --------
    >>> exact_fraction(0.1)
    Fraction(1, 10)
    """
    return value if isinstance(value, Fraction) else Fraction(repr(float(value)))
