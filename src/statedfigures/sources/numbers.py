"""Every number in a text: numerals and number words, from one closed vocabulary.

The vocabulary is the data at the top; the pattern below is built from it. Each
run of digits and each number word of a text falls into exactly one mention.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from statedfigures.sources.wording import normalise

UNITS_AND_TEENS: Mapping[str, int] = {
    "zero": 0, "nil": 0, "nought": 0,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS: Mapping[str, int] = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES: Mapping[str, int] = {
    "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}  # fmt: skip
SCALE_LETTERS: Mapping[str, int] = {
    "k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "tn": 1_000_000_000_000,
}  # fmt: skip
GROUPS: Mapping[str, int] = {
    "single": 1, "couple": 2, "pair": 2, "both": 2, "tens": 10,
    "dozen": 12, "dozens": 12, "score": 20, "scores": 20,
}  # fmt: skip
MULTIPLES: Mapping[str, int] = {
    "once": 1, "twice": 2, "thrice": 3, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2,
    "treble": 3, "trebled": 3, "trebling": 3, "triple": 3, "tripled": 3, "tripling": 3,
    "quadruple": 4, "quadrupled": 4, "quadrupling": 4,
}  # fmt: skip
ORDINALS: Mapping[str, int] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "hundredth": 100, "thousandth": 1_000,
    "firstly": 1, "secondly": 2, "thirdly": 3,
}  # fmt: skip
PARTS: Mapping[str, int] = {
    "half": 2, "halves": 2, "halve": 2, "halved": 2, "halving": 2, "quarter": 4, "quarters": 4,
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "twelfth": 12, "hundredth": 100, "thousandth": 1_000,
    "thirds": 3, "fourths": 4, "fifths": 5, "sixths": 6, "sevenths": 7, "eighths": 8,
    "ninths": 9, "tenths": 10, "twelfths": 12, "hundredths": 100, "thousandths": 1_000,
}  # fmt: skip
VULGAR_FRACTIONS: Mapping[str, tuple[int, int]] = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
    "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8),
    "⅞": (7, 8),
}  # fmt: skip


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
        ``38%``, 5 for ``fivefold``. None for the span of years ``2012-13``.
    """

    token: str
    nth: int
    value: Decimal | None


def _any_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


_SMALL = rf"(?:{_any_of(TENS)}(?:[ -]{_any_of(UNITS_AND_TEENS)})?|{_any_of(UNITS_AND_TEENS)})"
_UNDER_THOUSAND = rf"(?:(?:{_SMALL}[ -])?hundreds?(?:(?:[ ]and)?[ ]{_SMALL})?|{_SMALL})"
_LARGE = rf"(?:{_any_of(set(SCALES) - {'hundred'})}s?)"
_COUNT = (
    rf"(?:(?:{_UNDER_THOUSAND}[ -])?{_LARGE}(?:(?:[ ]and)?[ -]{_UNDER_THOUSAND}(?:[ -]{_LARGE})?)*"
    rf"|{_UNDER_THOUSAND})"
)
# Words are matched in ASCII (?a:…): otherwise a long s counts as an s and has no value here.
_WORDS = rf"""
    (?P<part_count>{_SMALL}|a)[ -](?P<part>{_any_of(PARTS)})
  | (?P<part_alone>{_any_of(set(PARTS) - set(ORDINALS))})
  | (?P<word_fold>{_COUNT})[ -]?fold
  | (?P<word_times>{_COUNT})\ times
  | (?P<word_percent>{_COUNT})\ (?:per\ cent|percent)
  | (?P<group>{_any_of(GROUPS)})
  | (?P<multiple>{_any_of(MULTIPLES)})
  | (?P<tens_of_ordinal>{_any_of(TENS)}-)?(?P<ordinal_word>{_any_of(ORDINALS)})
  | (?P<count>{_COUNT})
"""
_PATTERN = re.compile(
    rf"""
      (?P<years>(?<!\d)(?:1[89]|20)\d\d[-/](?:(?:1[89]|20)\d\d|\d\d)(?!\d))
    | (?P<money>[£$€]\ ?)?
      (?P<digits>(?<!\d)\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+) (?P<decimals>\.\d+)?
      (?a: \ ?%|\ per\ cent\b|\ percent\b
        | [ -]times\b | [ -]?fold\b
        | [ -]?(?P<scale>{_any_of(SCALES)})\b | (?P<letters>{_any_of(SCALE_LETTERS)})\b
        | (?:st|nd|rd|th)\b )?
    | (?P<vulgar>{_any_of(VULGAR_FRACTIONS)})
    | \b(?a:{_WORDS})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def number_mentions(text: str) -> tuple[NumberMention, ...]:
    """Find every numeral and every number word of a text.

    Parameters
    ----------
    text
        Any text; it is normalised first.

    Returns
    -------
    tuple of NumberMention
        In the order of the text. A number with its sign of money, percent
        sign or scale is one mention, as is a fraction in words.

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
        mentions.append(NumberMention(token, seen[token], _value(match)))
    return tuple(mentions)


def number_values(text: str) -> tuple[Decimal, ...]:
    """Give the values of the numbers that stand in a text.

    Parameters
    ----------
    text
        Any text, such as the ``as_stated`` fragment of a figure.

    Returns
    -------
    tuple of Decimal
        In the order of the text; spans of years are left out. Percentages
        stay in percent and multiples in multiples; fractions in words are
        fractions, rounded to 28 digits.

    Examples
    --------
    >>> number_values("£50 million")
    (Decimal('50000000'),)
    """
    values = (mention.value for mention in number_mentions(text))
    return tuple(value for value in values if value is not None)


def _value(match: re.Match[str]) -> Decimal | None:
    found = {name: word.lower() for name, word in match.groupdict().items() if word}
    if "digits" in found:
        return _numeral_value(found)
    if "vulgar" in found:
        above, below = VULGAR_FRACTIONS[found["vulgar"]]
        return Decimal(above) / below
    if "part" in found:
        return _count_value(found.get("part_count", "one")) / PARTS[found["part"]]
    if "part_alone" in found:
        return Decimal(1) / PARTS[found["part_alone"]]
    for name in ("word_fold", "word_times", "word_percent", "count"):
        if name in found:
            return _count_value(found[name])
    if "group" in found:
        return Decimal(GROUPS[found["group"]])
    if "multiple" in found:
        return Decimal(MULTIPLES[found["multiple"]])
    if "ordinal_word" in found:
        tens = TENS[found["tens_of_ordinal"].rstrip("-")] if "tens_of_ordinal" in found else 0
        return Decimal(tens + ORDINALS[found["ordinal_word"]])
    return None


def _numeral_value(found: Mapping[str, str]) -> Decimal:
    value = Decimal(found["digits"].replace(",", "") + found.get("decimals", ""))
    if "scale" in found:
        return value * SCALES[found["scale"]]
    if "letters" in found:
        return value * SCALE_LETTERS[found["letters"]]
    return value


def _count_value(words: str) -> Decimal:
    total = current = 0
    for word in re.split(r"[ -]", words.removeprefix("a ").strip()):
        if word in ("and", "", "a"):
            current = current or int(word == "a")
        elif (scale := SCALES.get(word) or SCALES.get(word.removesuffix("s"))) is None:
            current += UNITS_AND_TEENS.get(word, TENS.get(word, 0))
        elif scale == SCALES["hundred"]:
            current = (current or 1) * scale
        else:
            total, current = total + (current or 1) * scale, 0
    return Decimal(total + current)
