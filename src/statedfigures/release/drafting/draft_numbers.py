"""What each number of a release is, in which unit, of which period, with which qualifier.

The words that are looked for stand in `draft_words.toml`.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from string import Template
from typing import Any

import pandas as pd

from statedfigures.errors import ParameterError
from statedfigures.release.csv_tables import TO_FILL
from statedfigures.release.numerals import Quantity, number_mentions, qualifier_around, quantities
from statedfigures.release.periods import read_period
from statedfigures.release.source_text import SourceParagraph

WORDS: Mapping[str, Any] = tomllib.loads(
    (files(__package__) / "draft_words.toml").read_text(encoding="utf-8")
)
SHARES_AND_MONEY = {"percent", "percentage_points", "fraction", "gbp", "usd", "eur", "aud", "cad"}
_NOT_COUNTED = {"", "multiple", "seconds", *SHARES_AND_MONEY}
# A unit that is no verb behind the number, and one of what is for a person.
_THING = re.compile(r"(?:s|children|people|men|women|staff|police)$|^per_")
_NEAR = 400  # letters to either side of a number that say what it is
_VAGUE = {"figures", "levels", "numbers", "rates", "totals"}

Days = tuple[str, str, str]  # kind of a period, first and last day
_NO_PERIOD: Days = ("", "", "")


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence of a paragraph: where it stands, and the quantities of the whole paragraph."""

    part: SourceParagraph
    low: int
    high: int
    inside: list[Found]

    def told(self, disposition: str) -> list[Found]:
        """Return its figures or its claims; an ordinal is no claim with a number of its own."""
        own = (item for item in self.inside if item.sentence is self and item.kind != "ordinal")
        return [item for item in own if item.disposition == disposition]

    def find(self, group: str, *names: str) -> list[re.Match[str]]:
        """Return where the words of a group stand in it."""
        return list(words_of(group, *names).finditer(self.part.text, self.low, self.high))


@dataclass(slots=True, eq=False)
class Found:
    """A quantity of a sentence, and what is made of it.

    ``kind`` is that of its first mention, ``before`` what stands before it in its sentence,
    ``after`` what stands behind it in the text. ``lead`` is where the change begins that it is, or
    that stands before it in its sentence; a change that is said twice, as a number and as a
    percentage, begins once.
    """

    part: SourceParagraph
    sentence: Sentence
    quantity: Quantity
    start: int
    end: int
    kind: str
    unit: str
    before: str
    after: str
    disposition: str = "figure"
    id: str = ""
    direction: str = ""
    role: str = ""
    lead: int = -1
    period: Days = _NO_PERIOD


@cache
def pattern_of(words: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern of `draft_words.toml`, with what its $names stand for."""
    parts = WORDS["parts"] | WORDS["change"]
    while (full := Template(words).safe_substitute(parts)) != words:
        words = full
    return re.compile(full, flags)


@cache
def words_of(group: str, *names: str) -> re.Pattern[str]:
    """Return the pattern of some words."""
    return pattern_of(rf"\b(?:{'|'.join(WORDS[group][name] for name in names)})\b", re.I)


# ---------------------------------------------------------------- what each number is


def sentences_in(part: SourceParagraph) -> list[Sentence]:
    """Return the sentences of a paragraph, each quantity in one, with its unit and what it is."""
    text, inside = part.text, list[Found]()
    stops = [match.end() for match in pattern_of("$stop").finditer(text)]
    sentences = [Sentence(part, *ends, inside) for ends in pairwise([0, *stops, len(text)])]
    for quantity in quantities(text):
        sentence = next(each for each in sentences if each.low <= quantity.start < each.high)
        first, last = quantity.mentions[0], quantity.mentions[-1]
        letters = re.findall("[A-Z]*$", text[: quantity.start])[0]
        unit = WORDS["units"].get(letters + quantity.unit, quantity.unit)
        unit = unit if unit in _NOT_COUNTED or (_THING.search(unit) and unit not in _VAGUE) else ""
        start, end = quantity.start, max(last.end, quantity.start + len(quantity.text))
        bare = last.kind in {"numeral", "word"} and not unit.startswith("per_")
        for sign, named in WORDS["signs"].items() if bare else ():
            if measured := pattern_of(rf"[ -]?(?:{sign})(?![A-Za-z])").match(text, last.end):
                unit = named or measured[1].lower().replace("/", "_per_")
                end = measured.end()
                break
        unit = "multiple" if re.match("halv", first.token, re.I) else unit
        before, after = text[sentence.low : start], text[end:]
        found = Found(part, sentence, quantity, start, end, first.kind, unit, before, after)
        classify(found)
        if found.disposition == "figure":  # a score is no difference, and a count no multiple
            scored = re.fullmatch(r"\D*[\d.,]+[ -]points?", quantity.text)
            ratio = quantity.value.denominator > 1 or pattern_of("$income").match(text, end)
            counted = unit if ratio else unit.replace("multiple", "times")
            found.unit = "points" if scored else counted
        inside.append(found)
        found.lead = start if found in sentence.told("claim") else -1
    for item, other in pairwise(inside):
        between = text[item.end : other.start]
        again = pattern_of("$again").fullmatch(between) and not other.after.startswith(" of ")
        alike = other.unit in SHARES_AND_MONEY or " or" in between
        if again and item.disposition == "claim" and alike:
            other.disposition, other.direction, other.lead = "claim", item.direction, item.lead
        elif item.disposition == other.disposition == "figure":
            if between == " to " and other.unit != "seconds":
                item.unit = item.unit or other.unit  # from 2.0 to 4.1 per thousand
            if re.fullmatch(" (?:out )?of (?:the |all |its )?", between):
                item.unit, other.role = item.unit or other.unit, "whole"  # 100 of the 650 sites
        if other not in other.sentence.told("claim"):
            other.lead = item.lead if item.sentence is other.sentence else -1
    return sentences


def classify(found: Found) -> None:
    """Decide what a number is: date, name, ordinal, idiom, case, claim, or else a figure."""
    start, end = found.quantity.mentions[0].start, found.quantity.mentions[-1].end
    text, before = found.part.text, found.before
    low, high = max(0, start - _NEAR), end + _NEAR
    names = pattern_of(WORDS["name"]["whole"]).finditer(text, low, high)
    named = any(each.start() <= start < each.end() for each in names)
    marked = f"{text[low:start]}⟨{found.kind}:{text[start:end]}⟩{text[end:high]}"
    fitting = (row[:2] for row in WORDS["numbers"] if pattern_of(row[2]).search(marked))
    found.disposition, found.direction = ("name", "") if named else next(fitting, ("figure", ""))
    roles = (key for key, words in WORDS["roles"].items() if pattern_of(words, re.I).search(before))
    found.role = next(roles, "")


def take_units(found: Sequence[Found]) -> None:
    """Take the noun of a bare number from its sentence, or from the number before it."""
    last: Found | None = None
    for item in found:
        if item.disposition not in {"figure", "claim"}:
            continue
        if not item.unit:
            near = pattern_of("$counted").findall(item.before)[-1:]
            near += [last.unit] if last and last.sentence is item.sentence else []
            if not re.search(r"\bper\b(?! cent)", item.before):
                near += map(str.lower, pattern_of("$subject").findall(item.before)[-1:])
            # A list, or a paragraph about these, goes on about what the one before it counts.
            listed = last and item.part.kind == last.part.kind == "bullet"
            on = listed or pattern_of("$of_these").match(item.part.text)
            # A rate goes on about nothing, nor has a count of things decimals.
            apart = pattern_of("$rate").search(item.before) or item.quantity.value.denominator > 1
            near += [last.unit] if last and (on or item.part is last.part) and not apart else []
            item.unit = near[0] if near and near[0] not in _VAGUE else ""
        if item.unit not in _NOT_COUNTED and _THING.search(item.unit) and "_per_" not in item.unit:
            last = item


# ---------------------------------------------------------------- periods


def period_of_words(item: Found, published: date | None) -> Days:
    """Return kind, first and last day of the period that the words give; empty where none."""
    text, low, high = item.part.text, item.sentence.low, item.sentence.high
    phrases = list(_phrases(text, low, high, published))
    if pattern_of("$year_before").match(item.after):
        spans = [period for _, _, period in phrases if period[0] not in {"", "point"}]
        kind, *days = spans[0] if spans else _NO_PERIOD
        earlier = pd.to_datetime(days, errors="coerce") - pd.DateOffset(years=1)
        first, last = earlier.strftime("%Y-%m-%d")
        return _NO_PERIOD if earlier.hasnans else (kind, first, last)
    figures, claims = item.sentence.told("figure"), item.sentence.told("claim")
    behind = [each.start for each in (*figures, *claims) if each.start >= item.end]
    near: list[tuple[int, Days]] = []
    for begins, ends, period in phrases:
        other = period[0] != "point" and pattern_of("$other_period", re.I).search(text[low:begins])
        if ends <= item.start:
            told = any(pattern_of("$at").fullmatch(text, each.end, begins) for each in figures)
            # In 2022 (11.5 weeks), the 2012-13 figure of 192: what is compared with may be that.
            joined = pattern_of("$joined").fullmatch(text, ends, item.start)
            if joined or not (told or other or item.role == "base"):
                # A period behind a number goes first, and not to another one.
                apart = 12 + 50 * (", and " in text[ends : item.start])
                near.append((item.start - ends + apart, period))
        elif begins >= item.end and not (other or text.startswith(":", ends)):
            # One in five (20.1%) in 2023: what is in brackets is the same again.
            passed = any(start < begins and text[start - 1] != "(" for start in behind)
            planned = pattern_of("$planned").search(text, item.end, begins)
            near += [] if passed or planned else [(begins - item.end, period)]
    kind, first, last = min(near, key=lambda each: each[0])[1] if near else _NO_PERIOD
    outlook = re.search(r"\bexpect(?:s|ed)? to\b|\bforecast\b", item.before)
    return "expectation" if outlook and kind == "calendar_year" else kind, first, last


def _phrases(text: str, low: int, high: int, day: date | None) -> Iterator[tuple[int, int, Days]]:
    """Yield the phrases of a sentence that give a period, with its kind and days."""
    taken: list[tuple[int, int]] = []
    changed = words_of("change", "rise", "fall", "no_change", "times").search(text, low, high)
    for kind, months, words in WORDS["periods"]:
        for match in pattern_of(words, re.I).finditer(text, low, high):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            # The lowest since 2010, down 13% since then: the comparison is, and not the figure.
            top = words_of("extreme", "highest", "lowest")
            since = match[0][:5].lower() == "since"
            if since and (changed or top.search(text, low, match.start() + 6)):
                continue
            try:
                period = _days_of(kind, months, match.groupdict(), day)
            except (ValueError, ParameterError):  # 31 June 2020, May 2020 to March 2019
                period = _NO_PERIOD
            if period[0] == "financial_year":
                if pattern_of("$academic", re.I).search(text, low, high):
                    began, ended = period[1][:4], period[2][:4]
                    period = ("academic_year", f"{began}-09-01", f"{ended}-08-31")
                elif pattern_of("$learning", re.I).search(text, low, high):
                    period = _NO_PERIOD  # of either kind
            yield *match.span(), period


def _days_of(kind: str, months: int, said: Mapping[str, str], published: date | None) -> Days:
    """Return a period from the parts that its words say."""
    day, month, year = said.get("day") or said.get("american"), said.get("month"), said.get("year")
    if number := said.get("quarter"):
        quarter = int(number_mentions(number)[0].value)  # the third, 3
        if began := said["first_year"]:  # of a financial year, which begins in April
            year, quarter = str(int(began) + quarter // 4), quarter % 4 + 1
        month = calendar.month_name[3 * quarter]
    if not kind or not (year or published):
        return _NO_PERIOD  # nobody knows what "now" means
    if kind in {"financial_year", "part_year"}:
        form = f"{said['first_year']}-{str(year)[-2:]}"
        if kind == "part_year":
            began = f"{said['first'] or month} {said['first_year'] or year}"
            first = pd.Timestamp(f"{said.get('first_day') or 1} {began}")
            last, style = pd.Timestamp(f"{day or 1} {month} {year}"), "%Y-%m-%d" if day else "%Y-%m"
            first -= pd.DateOffset(years=int(first > last and not said["first_year"]))
            form = f"{first:{style}}/{last:{style}}"
        period = read_period(form)
        return period.kind, period.start.isoformat(), period.end.isoformat()
    if kind in {"since", "year_to_date"}:
        until = str(published or "") if kind == "since" else f"{TO_FILL}: last day counted"
        return kind, str(pd.Timestamp(f"1 {month or 'January'} {year}").date()), until
    named = pd.Timestamp(f"{day or 1} {month or 'December'} {year}" if year else str(published))
    end = named if day or not year else named + pd.offsets.MonthEnd()
    end -= pd.DateOffset(years=int(kind == "a_year_ago"))
    after = end + pd.Timedelta(days=1)
    start = after - pd.DateOffset(months=months) if months else end
    start -= pd.Timedelta(days=6 * (kind == "week"))
    if kind == "rolling_12_months" and year and (after.month, after.day) == (4, 1):
        kind = "financial_year"
    return kind.replace("a_year_ago", "point"), str(start.date()), str(end.date())


def date_in(line: str) -> date | None:
    """Return the day that stands in a short line, such as ``Published: 3 March 2021``."""
    days = (last for _, _, (kind, _, last) in _phrases(line, 0, len(line), None) if kind == "point")
    return next(map(date.fromisoformat, days), None)


def places_in(text: str) -> set[str]:
    """Return the areas that a text names."""
    return set(re.findall(rf"\b(?:{WORDS['name']['places']})\b", text))


# ---------------------------------------------------------------- fragments


def fragment_of(item: Found) -> tuple[str, str]:
    """Return at most twelve words around a number, and the qualifier they say."""
    text, high = item.part.text, item.sentence.high
    lead = re.findall(r"(?:(?:[^\s.;:]+|approx\.|ca?\.) ){0,5}$", item.before)[0]
    if pattern_of(r"$beyond$padding $").search(item.before):
        lead = ""  # 20% more than the 400 of 2018: a comparison with 400, and not more than 400
    lead = lead[max((mention.end for mention in number_mentions(lead)), default=0) :]
    qualifier, place, length = qualifier_around(lead, text[item.end : high])
    if item.kind == "fraction" and qualifier in {"", "about"}:  # a quarter is about a quarter
        qualifier, place = "about", len(lead)
    elif not qualifier and (expected := re.search(r"\bexpect(?:s|ed)? to\b", lead)):
        qualifier, place = "expected", expected.start()
    qualifier, end = qualifier or "exact", item.end + length
    begin = item.start - len(lead) + place
    shared = re.match(r" to [£$€]?[\d,.]+ ?(?!%)[a-z]+", item.after)
    if shared and item.quantity.value != item.quantity.mentions[0].value:
        return f"from {text[item.start : item.end + shared.end()]}", qualifier
    # Behind a number: when, or what a percentage is of, or that it is projected.
    tail = pattern_of("$tail").match(text, end, high)
    projected = re.match(r"[^.]{0,40}\bprojected\b", text[item.end : high])
    if qualifier == "exact" and projected:
        tail, qualifier = projected, "projected"
    return (text[begin:end] + (tail.group() if tail else "")).rstrip(" ,;:."), qualifier
