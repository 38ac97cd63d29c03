"""Rules on ``as_stated``: the fragment of the release that holds a number and its hedge."""

# The docstring of a rule is the rule, as a sentence.
# ruff: noqa: D401

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from statedfigures.sources.cells import quoted
from statedfigures.sources.numbers import NumberMention, number_mentions
from statedfigures.sources.records import Claim, Figure
from statedfigures.sources.wording import normalise

MOST_WORDS = 14  # about twelve: the sentences of the publisher stay with the publisher

# The words of each hedge, tried in this order where one holds another. They
# stand at most two words before their number.
HEDGES: Mapping[str, str] = {
    "may_exceed": r"(?:may|might|could) (?:be|have been|reach|exceed)(?: over| more than| above)?",
    "almost": r"almost|nearly|close to|just under|approaching",
    "less_than": r"(?:less|fewer|no more|not more) than|under|below|at most|up to",
    "more_than": r"more than|over|above|at least|in excess of|exceed(?:ing|s|ed)?|upwards of",
    "about": r"around|about|approximately|roughly|some|circa|an estimated",
}
# Hedges that speak of the whole fragment, wherever they stand in it.
OUTLOOKS: Mapping[str, str] = {
    "projected": r"\bproject(?:ed|ion|s)\b",
    "expected": r"\bexpect(?:s|ed|ation|ing)?\b",
}
_FALLS = re.compile(r"\b(?:reduc\w+|fall\w*|fell|decreas\w+|drop\w*|declin\w+|cut|lower)\b", re.I)


def fragment_is_short(record: Figure | Claim) -> Iterator[tuple[str, str, str]]:
    """A fragment holds the number and its hedge, and not the publisher's sentence."""
    words = len(record.as_stated.split())
    if words > MOST_WORDS:
        yield "as_stated", f"the fragment has {words} words", f"keep at most {MOST_WORDS}"


def fragment_holds_stated_value(record: Figure | Claim) -> Iterator[tuple[str, str, str]]:
    """The fragment states the value that the row gives."""
    value = record.value if isinstance(record, Figure) else record.stated_value
    if value is None or _stated(record, value):
        return
    values = [mention.value for mention in number_mentions(record.as_stated)]
    held = ", ".join(_plain(number) for number in values if number is not None) or "no number"
    column = "value" if isinstance(record, Figure) else "stated_value"
    found = f"{value} is not what {quoted(record.as_stated)} states ({held})"
    yield column, found, "correct the value or the fragment"


def qualifier_fits_fragment(record: Figure | Claim) -> Iterator[tuple[str, str, str]]:
    """The qualifier is the one that the words before the number say."""
    value = record.value if isinstance(record, Figure) else record.stated_value
    if value is None or not (mention := _stated(record, value)):
        return
    words = normalise(record.as_stated).lower()
    allowed = {_hedge_before(words, mention) or "exact"}
    if "exact" in allowed and _is_in_words(mention):
        allowed.add("about")
    allowed |= {name for name, pattern in OUTLOOKS.items() if re.search(pattern, words)}
    if record.qualifier not in allowed:
        found = f"{quoted(record.qualifier)} is not what {quoted(record.as_stated)} says"
        yield "qualifier", found, f"write {' or '.join(sorted(allowed))}, or mend the fragment"


def _stated(record: Figure | Claim, value: Decimal) -> NumberMention | None:
    """Find the number of the fragment that the row's value is.

    A fraction in words is compared within the rounding of the row, because
    two thirds has no end as a decimal. A fall by a factor is a multiple below
    one. A unit may carry the scale: 50 in gbp_million for £50 million.
    """
    unit = record.unit if isinstance(record, Figure) else record.stated_unit
    allowance = (record.rounded_to or Decimal(0)) / 2
    for mention in number_mentions(record.as_stated):
        if mention.value is None:
            continue
        if mention.value == value or _scaled(mention.value, unit) == value:
            return mention
        readings = [mention.value] if mention.value < 1 else []
        if unit == "multiple" and mention.value > 1 and _FALLS.search(record.as_stated):
            readings.append(1 / mention.value)
        if unit == "percent" and mention.value < 1 and _is_in_words(mention):
            readings.append(mention.value * 100)
        if _is_in_words(mention) and any(abs(number - value) <= allowance for number in readings):
            return mention
    return None


def _scaled(value: Decimal, unit: str) -> Decimal:
    """Take the scale that a unit carries out of a value."""
    scales = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
    for word, scale in scales.items():
        if unit.endswith(word):
            return value / scale
    return value


def _hedge_before(words: str, mention: NumberMention) -> str | None:
    """Name the hedge that stands just before a number, if there is one."""
    start = _place(words, mention)
    before = words[:start]
    earlier = [
        _place(words, other) + len(other.token)
        for other in number_mentions(words)
        if _place(words, other) < start
    ]
    clause = before[max(earlier, default=0) :]
    for name, pattern in HEDGES.items():
        if re.search(rf"\b(?:{pattern})\b(?: [a-z'-]+){{0,2}}[ £$€]*$", clause):
            return name
    return None


def _place(words: str, mention: NumberMention) -> int:
    """Find where the nth occurrence of a token begins."""
    place = -1
    for match in list(re.finditer(rf"(?<!\w){re.escape(mention.token.lower())}", words))[
        : mention.nth
    ]:
        place = match.start()
    return place


def _is_in_words(mention: NumberMention) -> bool:
    return not any(character.isdigit() for character in mention.token)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"[:14]
