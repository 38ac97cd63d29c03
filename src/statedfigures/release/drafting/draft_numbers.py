"""What each number of a release is, in which unit, of which period, with which qualifier.

The words that are looked for stand in `draft_words.toml`.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise

from statedfigures.errors import ParameterError
from statedfigures.release.csv_tables import TO_FILL
from statedfigures.release.numerals import (
    QUALIFIER_WORDS,
    NumberMention,
    Quantity,
    find_stated,
    quantities,
    stated_qualifiers,
)
from statedfigures.release.periods import read_period
from statedfigures.release.source_text import SourceParagraph

_TOTALS = frozenset({"total", "number", "figure", "level", "count", "figures"})
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_DAY = timedelta(days=1)

PADDING = r"(?: (?:the|about|around|just|under|over|more than|almost|nearly))*"


@dataclass(slots=True, eq=False)
class Found:
    """A quantity of the text, and what is made of it."""

    part: SourceParagraph
    quantity: Quantity
    start: int
    end: int
    unit: str
    disposition: str = "figure"
    id: str = ""
    direction: str = ""
    period: tuple[str, str, str] = ("", "", "")

    @property
    def text(self) -> str:
        """The text of its paragraph."""
        return self.part.text

    @property
    def value(self) -> Fraction:
        """Its value, in its unit."""
        return self.quantity.value

    @property
    def kind(self) -> str:
        """Kind of its first mention, such as ordinal or multiple."""
        return self.quantity.mentions[0].kind

    @property
    def is_half(self) -> bool:
        """Whether it is a halving."""
        return self.quantity.mentions[0].token.lower().startswith("halv")

    @property
    def sentence(self) -> tuple[int, int]:
        """Where its sentence begins and ends in the text."""
        return _sentence(self.text, self.start)


@cache
def draft_words() -> Mapping[str, Mapping[str, str]]:
    """Return the words that a draft looks for, by group and name."""
    return tomllib.loads((files(__package__) / "draft_words.toml").read_text(encoding="utf-8"))


@cache
def words_of(group: str, name: str) -> re.Pattern[str]:
    """Return the pattern of some words."""
    return re.compile(rf"\b(?:{draft_words()[group][name]})\b", re.I)


# ---------------------------------------------------------------- what each number is


def found_in(part: SourceParagraph) -> Iterator[Found]:
    """Yield the quantities of a paragraph, each with its unit."""
    for quantity in _of_one_unit(part.text):
        start, last = quantity.start, quantity.mentions[-1].end
        unit, end = quantity.unit, max(last, quantity.end)
        # Past a name with a number of its own: 480 Category 1 calls.
        if named := re.match(r"(?: [A-Z][\w-]*)+ \d\w? ([a-z]+s)\b", part.text[last:]):
            unit, end = named[1], last + named.end()
        for sign, name in draft_words()["signs"].items():
            if measured := re.match(rf"[ -]?(?:{sign})(?![A-Za-z])", part.text[last:]):
                unit, end = name, last + measured.end()
                break
        yield Found(part, quantity, start, end, unit)


_BETWEEN_PERCENTAGES = r"(?:, [\d.]+)*,? (?:and|or) "


def _of_one_unit(text: str) -> Iterator[Quantity]:
    """Yield the quantities of a text; those that share a percent sign are percentages each."""
    told = quantities(text)
    for place, quantity in enumerate(told):
        unit = quantity.unit
        for other in told[place + 1 :] if not unit else ():
            between = text[quantity.end : other.start]
            if other.unit == "percent" and re.fullmatch(_BETWEEN_PERCENTAGES, between):
                unit = "percent"
        yield replace(quantity, unit=unit)


def classify(found: Found) -> None:
    """Decide what a number is: date, name, ordinal, idiom, case, claim, or else a figure."""
    mention = found.quantity.mentions[0]
    last = found.quantity.mentions[-1]
    before, after = found.text[: mention.start], found.text[last.end :]
    if not _is_word(mention) and (
        re.match(r"[A-Za-z]", after) or re.search(r"[A-Za-z#@/]-?$", before)
    ):
        found.disposition = "name"  # 5G, Covid-19, part of an address
    elif any(
        each.start() <= mention.start < each.end()
        for each in re.finditer(draft_words()["name"]["whole"], found.text)
    ):
        found.disposition = "name"
    elif _is_date(mention, before, after):
        found.disposition = "date"
        if _YEAR.fullmatch(mention.token) and _is_name_of_year(before, after):
            found.disposition = "name"
    elif _is_name(mention, before, after):
        found.disposition = "name"
    elif re.match(rf"[ -]{draft_words()['date']['case']}\b", after):
        found.disposition = "individual_case"
    elif mention.kind == "ordinal":
        kind = re.match(r" of its kind|[- ]ever\b", after)
        found.disposition = "claim" if kind else "ordinal"
    elif mention.kind == "group" or mention.token.lower() in {"one", "once"}:
        found.disposition = _word_disposition(found, mention, after)
    elif re.fullmatch(r"(?:hundred|thousand|million|billion|trillion)s", mention.token, re.I):
        found.disposition = "magnitude"
    elif mention.token.lower() == "twice" and re.match(draft_words()["idiom"]["often"], after):
        found.disposition = "idiom"
    elif _is_change(found, mention, before, after):
        found.disposition = "claim"


def share_changes(found: Sequence[Found]) -> None:
    """Make percentages that share one word of change claims alike: fell by 3 and 8%."""
    for first, second in pairwise(found):
        between = first.text[first.end : second.start]
        if first.part is not second.part or not first.unit == second.unit == "percent":
            continue
        respectively = re.match(r" respectively\b", second.text[second.end :])
        if not re.fullmatch(r",|,? (?:and|or) ", between) or not (
            respectively or first.kind != "percent"
        ):
            continue
        if {first.disposition, second.disposition} == {"claim", "figure"}:
            first.direction = second.direction = first.direction or second.direction
            first.disposition = second.disposition = "claim"


def _word_disposition(found: Found, mention: NumberMention, after: str) -> str:
    if len(found.quantity.mentions) > 1:  # one in five
        return "figure"
    if mention.token.lower() in {"tens", "dozens", "scores"}:
        return "magnitude"
    if re.match(r" (?:recent )?(?:case|investigation|man|woman|child|person|young)\b", after):
        return "individual_case"
    return "idiom"


def _is_word(mention: NumberMention) -> bool:
    return not any(sign.isdigit() for sign in mention.token)


def _is_date(mention: NumberMention, before: str, after: str) -> bool:
    months = draft_words()["date"]["months"]
    if is_year(mention):
        return True
    small = mention.kind in {"numeral", "word", "ordinal"} and mention.amount <= 31
    ordinal_day = small and re.match(rf"(?: of)? {months}\b", after)
    if ordinal_day or (small and re.search(rf"\b{months} $", before) and not _is_word(mention)):
        return True
    if _is_quarter(mention, before, after) or _is_length(mention, before.rstrip(), after):
        return True
    words = draft_words()["date"]
    span = re.search(words["span"], before.rstrip(), re.I)
    return bool(span and re.match(rf"[ -](?:{draft_words()['date']['units']})\b", after))


def is_year(mention: NumberMention) -> bool:
    """Whether a number is a year, or a span of two."""
    return mention.kind == "years" or _YEAR.fullmatch(mention.token) is not None


def _is_quarter(mention: NumberMention, before: str, after: str) -> bool:
    """Whether a number or the word is a quarter of a year: quarter 3 2012."""
    if mention.token.lower() == "quarter":
        return re.match(r" [1-4](?: of)? (?:19|20)\d\d\b", after) is not None
    named = re.search(r"\bquarter $", before, re.I)
    return bool(named and re.match(r"(?: of)? (?:19|20)\d\d\b", after))


def _is_length(mention: NumberMention, before: str, after: str) -> bool:
    """Whether a number is the length of a period or a term: within 30 days, 12 month period."""
    words = draft_words()["date"]
    if mention.kind not in {"numeral", "word"}:
        return False
    if re.match(words["lengths_after"], after):
        return True
    ahead = ((name, re.search(words[name], before, re.I)) for name in ("within", "term", "the"))
    return any(found and re.match(words[f"{name}_after"], after) for name, found in ahead)


def _is_name_of_year(before: str, after: str) -> bool:
    """Whether a year belongs to a name, such as that of a report: Threat Assessment 2013."""
    months = draft_words()["date"]["months"]
    word = re.search(r"(\w+) $", before)
    named = bool(word and re.search(rf"(?:^|\b){draft_words()['name']['before']}", word[1]))
    return named and not re.fullmatch(months, word[1] if word else "") and not after.startswith("-")


_NO_NOUN = r"$|[.,;:)]| (?:is|was|are|were|has|had|will|and|or|of|in|on|at|to|the|for|a)\b"


def _is_name(mention: NumberMention, before: str, after: str) -> bool:
    if re.search(rf"(?:^|[\s(]){draft_words()['name']['before'][:-1]}[ -]?$", before):
        return mention.kind in {"numeral", "word"}
    word = re.search(r"([A-Z][a-z]+) $", before)
    if word and re.fullmatch(r"\d{1,2}", mention.token) and re.match(_NO_NOUN, after):
        first = word[1].lower()
        return first not in draft_words()["name"]["function"].split()
    quoted = re.search(r"['\"]$", before) and re.match(r"['\"]", after)
    dialled = re.match(r"0\d", mention.token) is not None
    address = mention.kind == "numeral" and re.match(draft_words()["name"]["after"], after)
    return bool(quoted or dialled or address)


def _is_change(found: Found, mention: NumberMention, before: str, after: str) -> bool:
    """Whether a number is itself a comparison, and in which direction."""
    clause = before[found.sentence[0] :]
    clause = re.split(r"[;:(]", clause)[-1]
    if re.search(r"\b(?:ma[dk]es?|making|set|signed|taken|took) up [\w ]*$", clause, re.I):
        clause = ""  # a part that makes up a half is no rise by half
    words = draft_words()["change"]
    skipped = (
        r"(?: (?:an?|the|just|almost|nearly|around|about|over|more than|at least|up to|some))*"
    )
    rest = after.lstrip(")")
    for direction in ("rise", "fall"):
        change = words[direction]
        adjacent = rf"\b(?:up|down|{'rose|risen|grew' if direction == 'rise' else 'fell|fallen'})"
        pattern = rf"\b(?:{change})(?:{words['between']})?{skipped} ?[£$€]?$"
        direct = re.search(rf"(?:{adjacent}){skipped} ?$", clause, re.I)
        stated = re.search(pattern, clause, re.I)
        by = stated and re.search(rf"\b(?:by|of){skipped} ?$", clause, re.I)
        next_words = words[f"{direction}_after"]
        behind = re.match(rf"[ -](?:(?:year-on-year|annual) )?(?:{next_words})\b", rest, re.I)
        told = stated and (by or direct) and re.search(rf"\b(?:{change})\b", stated.group(), re.I)
        if told or (behind and not found.direction):
            found.direction = direction
    if mention.kind == "multiple" or found.is_half:
        fall = re.match(rf"[ -](?:{words['fall_after']})\b", rest, re.I)
        is_fall = fall or found.is_half
        found.direction = "fall" if is_fall else "rise"
        return True
    if found.unit == "percentage_points":
        return True
    return bool(found.direction)


# ---------------------------------------------------------------- units and periods


def take_units(found: Sequence[Found]) -> None:
    """Take the noun of a bare number from its sentence, or from the number before it."""
    last: Found | None = None
    for item in found:
        if item.disposition not in {"figure", "claim"}:
            continue
        if item.unit in _SHORT_TIMES:
            item.unit += "s"
        if item.unit in _TOTALS or (item.unit and not _names_a_thing(item)):
            item.unit = ""
        if not item.unit:
            low, _ = item.sentence
            counted = re.findall(_COUNTED, item.text[low : item.start])
            subjects = _subject().findall(item.text, low, item.start)
            before = [other.unit for other in found if other.part is item.part
                      and other.start < item.start and _counts(other)]  # fmt: skip
            item.unit = next(iter(counted[-1:] or before[-1:]), "")
            if not item.unit and subjects:
                item.unit = subjects[-1].lower()
            elif not item.unit and last is not None and _goes_on(item, last):
                item.unit = last.unit
        if _counts(item):
            last = item


def _goes_on(item: Found, last: Found) -> bool:
    """Whether a paragraph goes on about what the one before it counts: a list, or of these."""
    in_list = item.part.kind == last.part.kind == "bullet"
    return in_list or re.match(r"(?:Of|Among) (?:these|them)\b", item.text) is not None


_NOUN = r"[A-Za-z]{3,}s|[Pp]eople|[Cc]hildren|[Ww]omen|[Mm]en|[Ss]taff"
_COUNTED = rf"\b(?:[Nn]umber of|total) (?:[\w'-]+ ){{0,2}}?({_NOUN})\b"


@cache
def _subject() -> re.Pattern[str]:
    """Return the pattern of what rises, falls or stays: Complaints about bins fell, calls up."""
    words = draft_words()["change"]
    change = "|".join(words[way] for way in ("rise", "fall", "no_change"))
    of_what = r"(?: (?:of|to|in|for|on|at|by|about) (?:[a-z-]+ )?[a-z-]+)?"
    return re.compile(rf"\b({_NOUN}){of_what}(?: ha[sd]| have| were)? (?:{change})\b")


_NOT_COUNTED = frozenset({"", "percent", "percentage_points", "multiple", "fraction", "seconds",
                          "gbp", "usd", "eur"})  # fmt: skip
_SHORT_TIMES = frozenset({"day", "week", "month", "year", "hour"})


def _counts(item: Found) -> bool:
    """Whether a number counts things, such as ships."""
    signs = {*draft_words()["signs"].values()}
    return item.disposition in {"figure", "claim"} and item.unit not in _NOT_COUNTED | signs


def _names_a_thing(item: Found) -> bool:
    """Whether a unit is a word for what is counted, and no verb that follows the number."""
    return (
        item.unit.endswith(("s", "children", "people", "men", "women"))
        or not item.unit.islower()
        or item.unit
        in {"percent", "percentage_points", "multiple", "fraction", "gbp", "usd", "eur"}
        or item.unit.startswith("per_")
        or "_" in item.unit
        or item.unit in {*draft_words()["signs"].values(), "day", "staff", "police", "young_people"}
    )


def period_of_words(
    item: Found, found: Sequence[Found], published: date | None
) -> tuple[str, str, str]:
    """Return kind, first and last day of the period that the words give; empty where none."""
    low, high = item.sentence
    phrases = list(_period_phrases(item.text[low:high], published))
    if re.match(_YEAR_BEFORE, item.text[item.end :]):
        spans = [period for _, _, period in phrases if period[0] != "point"]
        if spans or not item.text[item.end :].startswith(" a year"):
            return _a_year_earlier(spans[0]) if spans else ("", "", "")
    others = [other.start for other in found
              if other.part is item.part and other.disposition in {"figure", "claim"}]  # fmt: skip
    best: tuple[int, tuple[str, str, str]] | None = None
    for start, end, period in phrases:
        begins, ends = low + start, low + end
        if begins >= item.end:
            between = (item.end, begins)
            distance = begins - item.end
        elif ends <= item.start:
            between = (ends, ends)
            distance = item.start - ends + 12
        else:
            continue
        crossed = [start for start in others if between[0] <= start < between[1]]
        later = re.search(r"\b(?:will|due|planned|to open)\b", item.text[slice(*between)])
        if not crossed and not later and (best is None or distance < best[0]):
            best = (distance, period)
    if best is None:
        return "", "", ""
    kind, first, last = best[1]
    outlook = re.search(r"\bexpect(?:s|ed)? to\b|\bforecast\b", item.text[low : item.start])
    return ("expectation" if outlook and kind == "calendar_year" else kind), first, last


_YEAR_BEFORE = r" (?:\w+ )?(?:(?:in |of )?the (?:year before|previous year)|a year earlier)\b"


def _a_year_earlier(period: tuple[str, str, str]) -> tuple[str, str, str]:
    kind, *ends = period
    try:
        first, last = (_years_back(date.fromisoformat(end)).isoformat() for end in ends)
    except ValueError:
        return "", "", ""
    return kind, first, last


def _period_phrases(
    text: str, published: date | None
) -> Iterator[tuple[int, int, tuple[str, str, str]]]:
    """Yield the phrases of a sentence that give a period, with its kind and days."""
    months = draft_words()["date"]["months"]
    taken: list[tuple[int, int]] = []
    today = ""

    def days(form: str) -> tuple[str, str, str]:
        period = read_period(form)
        return period.kind, period.start.isoformat(), period.end.isoformat()

    def span(m: re.Match[str]) -> tuple[str, str, str]:
        first, last = _month(m[1]), _month(m[3])
        year = int(m[2] or m[4]) if m[2] or first <= last else int(m[4]) - 1
        return days(f"{year}-{first:02d}/{m[4]}-{last:02d}")

    def month(m: re.Match[str]) -> tuple[str, str, str]:
        number, year = _month(m[1]), int(m[2])
        last = calendar.monthrange(year, number)[1]
        return "month", f"{year}-{number:02d}-01", f"{year}-{number:02d}-{last}"

    def years(m: re.Match[str]) -> tuple[str, str, str]:
        year = int(m[1])
        if int(m[2][-2:]) != (year + 1) % 100:
            return "", "", ""
        if re.search(r"\b(?:academic|school)\b", text, re.I):
            return "academic_year", f"{year}-09-01", f"{year + 1}-08-31"
        return days(f"{year}-{(year + 1) % 100:02d}")

    def quarter(m: re.Match[str]) -> tuple[str, str, str]:
        names = {"first": 1, "second": 2, "third": 3, "fourth": 4}
        number = names[m[1].lower()] if m[1] else int(m[3])
        return days(f"{m[2] or m[4]}-Q{number}")

    def year_to(m: re.Match[str]) -> tuple[str, str, str]:
        number, year = _month(m[2]), int(m[3])
        end = date(year, number, int(m[1] or calendar.monthrange(year, number)[1]))
        kind = "financial_year" if (end + _DAY).strftime("%m-%d") == "04-01" else rolling_kind
        return kind, (_years_back(end + _DAY)).isoformat(), end.isoformat()

    def day(m: re.Match[str]) -> tuple[str, str, str]:
        on = date(int(m[3]), _month(m[2]), int(m[1])).isoformat()
        return "point", on, on

    rolling_kind = "rolling_12_months"
    # Without the day of the release nobody knows what these words mean.
    rolling = now = ago = ("", "", "")
    if published is not None:
        today, ago_day = published.isoformat(), _years_back(published)
        now, ago = ("point", today, today), ("point", ago_day.isoformat(), ago_day.isoformat())
        rolling = rolling_kind, (ago_day + _DAY).isoformat(), today
    readers = (
        (r"(?:year|(?:12|twelve)[ -]months?(?: period)?) (?:ending|ended|to|up to)(?: the)?"
         rf"(?: end of)?(?: (\d{{1,2}})(?:st|nd|rd|th)?)? ({months}),? (\d{{4}})", year_to),
        (rf"(?:from )?({months}) ?(\d{{4}})? ?(?:to|and|until|-) ?({months}) (\d{{4}})", span),
        (rf"(\d{{1,2}})(?:st|nd|rd|th)? ({months}),? (\d{{4}})", day),
        (rf"since (?:[a-z' ]{{0,40}} )?({months}) (\d{{4}})",
         lambda m: ("since", f"{m[2]}-{_month(m[1]):02d}-01", today)),
        (rf"({months}) (\d{{4}})", month),
        (r"((?:19|20)\d\d)[-/]((?:(?:19|20)\d\d)|\d\d)(?!\d)", years),
        (r"(first|second|third|fourth) quarter of (\d{4})|\bQ([1-4]) (?:of )?(\d{4})", quarter),
        (r"since ((?:19|20)\d\d)", lambda m: ("since", f"{m[1]}-01-01", today)),
        (r"(?:so far in|to date in) ((?:19|20)\d\d)",
         lambda m: ("year_to_date", f"{m[1]}-01-01", f"{TO_FILL}: last day counted")),
        (r"(?:past|last|previous) (?:12|twelve) months|(?:in|over|during) the (?:last|past) year",
         lambda _: rolling),
        (r"(?:a|one) year (?:ago|earlier)|(?:this time|at the same point) last year",
         lambda _: ago),
        (r"\b(?:now|currently|today)\b", lambda _: now),
        (r"(?<![\d,.-])((?:19|20)\d\d)(?!\d|,\d|-|[./]\d| ?%)", lambda m: days(m[1])),
    )  # fmt: skip
    for pattern, reader in readers:
        for match in re.finditer(pattern, text, re.I):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append((match.start(), match.end()))
            try:
                period = reader(match)
            except (ValueError, ParameterError):  # 31 June 2020, May 2020 to March 2019
                continue
            if period[0]:
                yield match.start(), match.end(), period


def _month(name: str) -> int:
    short = name[:3].title()
    return list(calendar.month_abbr).index(short)


def _years_back(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


# ---------------------------------------------------------------- fragments


def fragment_of(item: Found) -> tuple[str, str]:
    """Return at most twelve words around a number, and the qualifier they say."""
    low, high = item.sentence
    text = item.text
    # "Higher than the 400 of 2018" is a comparison with 400 and not more than 400.
    compared = re.search(rf"% \w+ than{PADDING} $", text[low : item.start])
    before = [*re.finditer(r"\S+", text[low : item.start])]
    leads = [] if compared else [low + word.start() for word in reversed(before)][:5]
    begin, qualifier = item.start, _qualifier_of(text[item.start : item.end], item) or "exact"
    order = ["", *QUALIFIER_WORDS, "expected", "about", "exact"]
    for start in leads:
        if any(sign in ".;:" for sign in text[start : item.start]):
            break
        named = _qualifier_of(text[start : item.end], item)
        if named and order.index(named) < order.index(qualifier):
            begin, qualifier = start, named
    end = item.end + len(_tail(text[item.end : high], item))
    projected = re.match(r"[^.]{0,40}\bprojected\b", text[item.end : high])
    if qualifier == "exact" and projected:
        end, qualifier = item.end + projected.end(), "projected"
    return text[begin:end].strip(" ,;:").rstrip("."), qualifier


def _tail(after: str, item: Found) -> str:
    """Return the words behind a number that say when, or what a percentage is of."""
    if found := re.match(r" (?:in|from|of) (?:19|20)\d\d(?![-\d,])", after):
        return found.group()
    if item.unit == "percent" and (
        found := re.match(r" of (?:all |the |those )?[a-z'-]+s?\b", after)
    ):
        return found.group()
    return ""


def _qualifier_of(text: str, item: Found) -> str:
    """Return the qualifier that a fragment says of its number; empty where it is not found."""
    stated = find_stated(text, float(item.value), item.unit, float(item.quantity.step))
    if stated is None:
        return ""
    fitting = stated_qualifiers(text, stated)
    named = sorted(fitting - {"exact", "about", "expected", "projected"})
    if named:
        return named[0]
    if "expected" in fitting and re.search(r"\bexpect(?:s|ed)? to\b", text):
        return "expected"
    in_words = item.quantity.mentions[0].kind == "fraction"
    return "about" if "about" in fitting and ("exact" not in fitting or in_words) else "exact"


def places_in(text: str) -> set[str]:
    """Return the areas that a text names."""
    pattern = re.compile(rf"\b(?:{draft_words()['place']['names']})\b")
    return {found.group() for found in pattern.finditer(text)}


def date_in(line: str) -> date | None:
    """Return the day that stands in a short line, such as ``Published: 3 March 2021``."""
    months = draft_words()["date"]["months"]
    if found := re.search(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({months}),? (\d{{4}})\b", line):
        try:
            return date(int(found[3]), _month(found[2]), int(found[1]))
        except ValueError:
            return None
    return None


# ---------------------------------------------------------------- sentences


_STOP = r"(?:(?<=[a-z0-9)%'\"][.!?])|(?<=[A-Z]{2}[.!?])) +(?=[A-Z\"'(£\d])"


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of a paragraph begins and ends."""
    ends = [match.end() for match in re.finditer(_STOP, text)]
    cuts = [0, *ends, len(text)]
    return list(pairwise(cuts))


def _sentence(text: str, place: int) -> tuple[int, int]:
    return next((low, high) for low, high in sentences_of(text) if low <= place < high)
