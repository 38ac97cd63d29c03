"""What each number of a release is, in which unit, of which period, with which qualifier.

The words that are looked for stand in `draft_words.toml`.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from string import Template
from typing import Any

import pandas as pd

from statedfigures.errors import ParameterError
from statedfigures.release.csv_tables import TO_FILL
from statedfigures.release.numerals import (
    ORDINALS,
    Quantity,
    number_mentions,
    qualifier_before,
    quantities,
)
from statedfigures.release.periods import read_period
from statedfigures.release.source_text import SourceParagraph

WORDS: Mapping[str, Any] = tomllib.loads(
    (files(__package__) / "draft_words.toml").read_text(encoding="utf-8")
)
_SIGNS = WORDS["signs"]
_NOT_COUNTED = {"", "percent", "percentage_points", "multiple", "fraction", "seconds",
                "gbp", "usd", "eur", *_SIGNS.values()}  # fmt: skip
# A unit that is no verb behind the number.
_THING = re.compile(r"(?:s|children|people|men|women|staff|police)$|_")
_NOUN = r"[A-Za-z]{3,}(?<![isu])s|[Pp]eople|[Cc]hildren|[Ww]omen|[Mm]en|[Ss]taff"
_VAGUE = {"figures", "levels", "numbers", "rates", "totals"}  # of what is for a person
_COUNTED = rf"\b(?:[Nn]umber of|total) (?:[\w'-]+ ){{0,2}}?({_NOUN})\b"
# What rises, falls or stays: Complaints about bins fell, calls up.
_SUBJECT = (
    rf"\b(?<!and )({_NOUN})(?: (?:of|to|in|for|on|at|by|about) (?:[a-z-]+ )?[a-z-]+)?"
    r"(?: ha[sd]| have| were)? (?:$rise|$fall|$no_change)\b"
)
_YEAR_BEFORE = r" (?:\w+ )?(?:(?:in |of )?the (?:year before|previous year)|a year earlier)\b"
_STOP = r"(?:(?<=[a-z0-9)%'\"][.!?])|(?<=[A-Z]{2}[.!?])) +(?=[A-Z\"'(£\d])"
_STOP += "|; +|, (?=(?:but|while|whereas|although) )"  # a clause has periods and bases of its own
_COMPARISONS = (("change", "rise", "fall", "no_change"), ("extreme", "highest", "lowest"))
_FIGURE_OR_CLAIM = {"figure", "claim"}

Days = tuple[str, str, str]  # kind of a period, first and last day
_NO_PERIOD: Days = ("", "", "")


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence of a paragraph: where it stands, and its quantities.

    ``inside`` are those of the whole paragraph.
    """

    part: SourceParagraph
    low: int
    high: int
    inside: list[Found]
    told: list[Found] = field(default_factory=list)

    @property
    def figures(self) -> list[Found]:
        """The figures that stand in it."""
        return [item for item in self.told if item.disposition == "figure"]

    @property
    def changes(self) -> list[Found]:
        """The numbers in it that are comparisons themselves."""
        return [item for item in self.told
                if item.disposition == "claim" and item.kind != "ordinal"]  # fmt: skip

    def find(self, group: str, *names: str, start: int = 0) -> list[re.Match[str]]:
        """Return where the words of a group stand in it."""
        first = max(self.low, start)
        return list(words_of(group, *names).finditer(self.part.text, first, self.high))


@dataclass(slots=True, eq=False)
class Found:
    """A quantity of a sentence, and what is made of it."""

    sentence: Sentence
    quantity: Quantity
    end: int
    unit: str
    disposition: str = "figure"
    id: str = ""
    direction: str = ""
    period: Days = _NO_PERIOD

    @property
    def part(self) -> SourceParagraph:
        """The paragraph that it stands in."""
        return self.sentence.part

    @property
    def start(self) -> int:
        """Where it begins in the text of its paragraph."""
        return self.quantity.start

    @property
    def kind(self) -> str:
        """Kind of its first mention, such as ordinal or multiple."""
        return self.quantity.mentions[0].kind

    @property
    def before(self) -> str:
        """What stands before it in its sentence."""
        return self.part.text[self.sentence.low : self.start]

    @property
    def after(self) -> str:
        """What stands behind it in the text."""
        return self.part.text[self.end :]


@cache
def pattern_of(words: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern of `draft_words.toml`, with what its $names stand for."""
    return re.compile(Template(words).safe_substitute(WORDS["parts"] | WORDS["change"]), flags)


@cache
def words_of(group: str, *names: str) -> re.Pattern[str]:
    """Return the pattern of some words."""
    return pattern_of(rf"\b(?:{'|'.join(WORDS[group][name] for name in names)})\b", re.I)


# ---------------------------------------------------------------- what each number is


def sentences_in(part: SourceParagraph) -> list[Sentence]:
    """Return the sentences of a paragraph, each quantity in one, with its unit and what it is."""
    text, inside = part.text, list[Found]()
    stops = [match.end() for match in re.finditer(_STOP, text)]
    sentences = [Sentence(part, *ends, inside) for ends in pairwise([0, *stops, len(text)])]
    for quantity in quantities(text):
        sentence = next(each for each in sentences if each.low <= quantity.start < each.high)
        last = quantity.mentions[-1].end
        end = max(last, quantity.start + len(quantity.text))
        found = Found(sentence, quantity, end, quantity.unit)
        bare = quantity.mentions[-1].kind in {"numeral", "word"}
        for sign, unit in _SIGNS.items() if bare else ():
            if measured := re.match(rf"[ -]?(?:{sign})(?![A-Za-z])", text[last:]):
                found.unit, found.end = unit or measured[1], last + measured.end()
                break
        if re.match("halv", text[found.start : last], re.I):
            found.unit = "multiple"
        classify(found)
        inside.append(found)
        sentence.told.append(found)
    for item, other in pairwise(inside):  # from 2.0 to 4.1 per thousand; but not: to 4.1 million
        written = text[item.start - 5 : other.quantity.mentions[0].end]
        if re.fullmatch(r"from [\d.,]+ to [\d.,]+(?: ?%)?", written) and other.unit != "seconds":
            item.unit = item.unit or other.unit
    return sentences


def classify(found: Found) -> None:
    """Decide what a number is: date, name, ordinal, idiom, case, claim, or else a figure."""
    start, end = found.quantity.mentions[0].start, found.quantity.mentions[-1].end
    text = found.part.text
    names = re.finditer(WORDS["name"]["whole"], text)
    if any(each.start() <= start < each.end() for each in names):
        found.disposition = "name"
        return
    marked = f"{text[:start]}⟨{found.kind}:{text[start:end]}⟩{text[end:]}"
    for disposition, direction, words in WORDS["numbers"]:
        if pattern_of(words).search(marked):
            found.disposition, found.direction = disposition, direction
            return


def take_units(found: Sequence[Found]) -> None:
    """Take the noun of a bare number from its sentence, or from the number before it."""
    last: Found | None = None
    for item in found:
        if item.disposition not in _FIGURE_OR_CLAIM:
            continue
        if item.unit in {"day", "week", "month", "year", "hour"}:
            item.unit += "s"
        if item.unit in _VAGUE or not (item.unit in _NOT_COUNTED or _THING.search(item.unit)):
            item.unit = ""
        if not item.unit:
            near = re.findall(rf"^ (?:more|fewer) (?!than)(?:[\w-]+ )??({_NOUN})\b", item.after)
            near += re.findall(_COUNTED, item.before)[-1:]
            subject = [noun.lower() for noun in pattern_of(_SUBJECT).findall(item.before)[-1:]]
            near += [last.unit] if last and last.sentence is item.sentence else subject
            near += [last.unit] if last and last.part is item.part else subject
            near += [last.unit] if last and _goes_on(item, last) else []
            item.unit = near[0] if near and near[0] not in _VAGUE else ""
        if item.unit not in _NOT_COUNTED:
            last = item


def _goes_on(item: Found, last: Found) -> bool:
    """Whether a paragraph goes on about what the one before it counts: a list, or of these."""
    in_list = item.part.kind == last.part.kind == "bullet"
    return in_list or re.match(r"(?:Of|Among) (?:these|them)\b", item.part.text) is not None


# ---------------------------------------------------------------- periods


def period_of_words(item: Found, published: date | None) -> Days:
    """Return kind, first and last day of the period that the words give; empty where none."""
    text, low = item.part.text, item.sentence.low
    phrases = list(_period_phrases(text[low : item.sentence.high], published))
    if re.match(_YEAR_BEFORE, item.after):
        spans = [period for _, _, period in phrases if period[0] not in {"", "point"}]
        return _a_year_earlier(spans[0]) if spans else _NO_PERIOD
    others = [other.start for other in item.sentence.inside
              if other.disposition in _FIGURE_OR_CLAIM and other.start >= item.end]  # fmt: skip
    near: list[tuple[int, Days]] = []
    for start, end, period in phrases:
        begins, ends = low + start, low + end
        between = text[item.end : begins]
        if ends <= item.start:
            told = any(re.fullmatch(" (?:in|of|at|for|during)(?: the)? ?", text[other.end : begins])
                       for other in item.sentence.figures if other.end <= begins)  # fmt: skip
            # A period behind a number goes first, and not to another one.
            near += [] if told else [(item.start - ends + 12, period)]
        elif begins >= item.end and not re.search(r"\b(?:will|due|planned|to open)\b", between):
            near += [] if any(other < begins for other in others) else [(len(between), period)]
    kind, *days = min(near, key=lambda each: each[0])[1] if near else _NO_PERIOD
    outlook = re.search(r"\bexpect(?:s|ed)? to\b|\bforecast\b", item.before)
    return ("expectation" if outlook and kind == "calendar_year" else kind), days[0], days[1]


def _a_year_earlier(period: Days) -> Days:
    ends = pd.to_datetime(list(period[1:]), errors="coerce") - pd.DateOffset(years=1)
    first, last = ends.strftime("%Y-%m-%d")
    return _NO_PERIOD if ends.hasnans else (period[0], first, last)


def _period_phrases(text: str, published: date | None) -> Iterator[tuple[int, int, Days]]:
    """Yield the phrases of a sentence that give a period, with its kind and days."""
    taken: list[tuple[int, int]] = []
    for kind, months, words in WORDS["periods"]:
        for match in pattern_of(words, re.I).finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            # The lowest since 2010, down 13% since then: the comparison is, and not the figure.
            said = text[: match.start() + len("since")]
            if said[-5:] == "since" and any(words_of(*each).search(said) for each in _COMPARISONS):
                continue
            try:
                period = _days_of(kind, months, match.groupdict(), published)
            except (ValueError, ParameterError):  # 31 June 2020, May 2020 to March 2019
                period = _NO_PERIOD
            if period[0] == "financial_year" and re.search(r"\b(?:academic|school)\b", text, re.I):
                year = int(period[1][:4])
                period = ("academic_year", f"{year}-09-01", f"{year + 1}-08-31")
            yield *match.span(), period


def _days_of(kind: str, months: int, said: Mapping[str, str], published: date | None) -> Days:
    """Return a period from the parts that its words say."""
    day, month, year = said.get("day"), said.get("month"), said.get("year")
    if not kind:
        return _NO_PERIOD
    if number := said.get("quarter"):
        quarter = ORDINALS.get(number.lower()) or int(number)
        if began := said["first_year"]:  # of a financial year, which begins in April
            year, quarter = str(int(began) + quarter // 4), quarter % 4 + 1
        month = calendar.month_name[3 * quarter]
    if kind in {"financial_year", "part_year"}:
        form = f"{said['first_year']}-{str(year)[-2:]}"
        if kind == "part_year":
            unit = "D" if day else "M"
            last = pd.Period(f"{day or 1} {month} {year}", unit)
            begun = f"{said.get('first_day') or 1} {said['first']}"
            first = pd.Period(f"{begun} {said['first_year'] or year}", unit)
            if first > last and not said["first_year"]:
                first = pd.Period(f"{begun} {last.year - 1}", unit)
            form = f"{first}/{last}"
        period = read_period(form)
        return period.kind, period.start.isoformat(), period.end.isoformat()
    if kind in {"since", "year_to_date"}:
        until = str(published or "") if kind == "since" else f"{TO_FILL}: last day counted"
        return kind, str(pd.Timestamp(f"1 {month or 'January'} {year}").date()), until
    if year:
        named = pd.Timestamp(f"{day or 1} {month or 'December'} {year}")
        end = named if day else named + pd.offsets.MonthEnd()
    elif published:
        end = pd.Timestamp(published) - pd.DateOffset(years=int(kind == "a_year_ago"))
    else:
        return _NO_PERIOD  # nobody knows what "now" means
    after = end + pd.Timedelta(days=1)
    start = after - pd.DateOffset(months=months) if months else end
    start -= pd.Timedelta(days=6 * (kind == "week"))
    if kind == "rolling_12_months" and year and (after.month, after.day) == (4, 1):
        kind = "financial_year"
    return kind.replace("a_year_ago", "point"), str(start.date()), str(end.date())


def date_in(line: str) -> date | None:
    """Return the day that stands in a short line, such as ``Published: 3 March 2021``."""
    days = (days[2] for _, _, days in _period_phrases(line, None) if days[0] == "point")
    found = next(days, None)
    return None if found is None else date.fromisoformat(found)


def places_in(text: str) -> set[str]:
    """Return the areas that a text names."""
    return set(re.findall(rf"\b(?:{WORDS['name']['places']})\b", text))


# ---------------------------------------------------------------- fragments


def fragment_of(item: Found) -> tuple[str, str]:
    """Return at most twelve words around a number, and the qualifier they say."""
    text, high = item.part.text, item.sentence.high
    # "Higher than the 400 of 2018" is a comparison with 400 and not more than 400.
    compared = pattern_of(r"% \w+ than$padding $").search(item.before)
    lead = "" if compared else re.findall(r"(?:[^\s.;:]+ ){0,5}$", item.before)[0]
    lead = lead[max((mention.end for mention in number_mentions(lead)), default=0) :]
    qualifier, place = qualifier_before(lead)
    if item.kind == "fraction" and qualifier in {"", "about"}:  # a quarter is about a quarter
        qualifier, place = "about", len(lead)
    elif not qualifier:
        expected = re.search(r"\bexpect(?:s|ed)? to\b", lead)
        qualifier = "expected" if expected else "exact"
        place = expected.start() if expected else place
    begin = item.start - len(lead) + place
    # Behind a number: when, or what a percentage is of, or that it is projected.
    tail = re.match(r" (?:in|from|of) (?:19|20)\d\d(?![-/\d,])", item.after)
    if not tail and item.unit == "percent":
        tail = re.match(r" of (?:all |the |those )?[a-z'-]+s?\b", text[item.end : high])
    projected = re.match(r"[^.]{0,40}\bprojected\b", text[item.end : high])
    if qualifier == "exact" and projected:
        tail, qualifier = projected, "projected"
    end = item.end + (tail.end() if tail else 0)
    return text[begin:end].strip(" ,;:").rstrip("."), qualifier
