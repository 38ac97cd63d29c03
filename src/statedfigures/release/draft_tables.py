"""From the paragraphs of a release to proposed rows: mentions, figures, comparisons, series.

Nothing is proposed that the text does not say: where the words give no unit, no
period or no direction, the cell is left `TO FILL` for a person. The words that
are looked for stand in `draft_words.toml`.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise

import pandas as pd

from statedfigures.release.csv_tables import TO_FILL
from statedfigures.release.numerals import (
    QUALIFIER_WORDS,
    NumberMention,
    Quantity,
    find_stated,
    number_mentions,
    quantities,
    stated_qualifiers,
)
from statedfigures.release.periods import read_period
from statedfigures.release.rules import PAGES
from statedfigures.release.schema import tables
from statedfigures.release.source_text import HEAD, SourceParagraph

LONGEST_FRAGMENT = 12  # words
_SUMMARY = "text"  # the section of what stands above the first heading
_TOTALS = frozenset({"total", "number", "figure", "level", "count", "figures"})
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_DAY = timedelta(days=1)
Row = dict[str, str]


@dataclass(slots=True, eq=False)
class _Found:
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
        return self.part.text

    @property
    def value(self) -> Fraction:
        return self.quantity.value

    @property
    def sentence(self) -> tuple[int, int]:
        return _sentence(self.text, self.start)


@dataclass(slots=True)
class Drafted:
    """Proposed rows of each table, and the words that a draft could not read."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def frame(self, table: str) -> pd.DataFrame:
        """Return the proposed rows of a table with all of its columns, as text."""
        names = list(tables()[table].names)
        return pd.DataFrame(self.rows.get(table, []), columns=names, dtype="str").fillna("")


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files(__package__) / "draft_words.toml").read_text(encoding="utf-8"))


@cache
def _pattern(group: str, name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_words()[group][name]})\b", re.I)


def draft_tables(
    parts: Sequence[SourceParagraph], published: date | None, title: str = ""
) -> Drafted:
    r"""Propose the rows of all tables that the text of a release can give.

    Parameters
    ----------
    parts
        The paragraphs of the release.
    published
        Day of the release: what "now" and "a year ago" are read from. None
        leaves such periods open.
    title
        Title of the release, for a page where there is no heading.

    Returns
    -------
    Drafted
        Rows of topics, paragraphs, mentions, figures, claims and series.

    Examples
    --------
    >>> from statedfigures.release.source_text import read_plain_text
    >>> text = read_plain_text("Harbour news\n\nIn 2020 the harbour counted 480 ships.")
    >>> drafted = draft_tables(text.paragraphs, None)
    >>> drafted.frame("figures")[["id", "value", "unit", "period_kind"]].to_numpy().tolist()
    [['ships_2020', '480', 'ships', 'calendar_year']]
    """
    found = [quantity for part in parts for quantity in _quantities_of(part)]
    for quantity in found:
        _classify(quantity)
    _take_units(found)
    for quantity in found:
        quantity.period = _period(quantity, found, published)
    topics = _topics(parts, title)
    drafted = Drafted()
    drafted.rows["paragraphs"] = [
        {"locator": part.locator, "sha256": part.sha256} for part in parts
    ]
    figures = _figures(found, topics)
    claims = _claims(parts, found, topics)
    drafted.rows |= {"figures": figures, "claims": claims}
    drafted.rows["series"] = _series(claims, figures)
    drafted.rows["mentions"] = _mentions(parts, found)
    used = {row["topic"] for row in (*figures, *claims)}
    each = {row["id"]: row for row in topics.values()}
    drafted.rows["topics"] = [row for name, row in each.items() if name in used or len(each) == 1]
    _say_where_places_are(drafted, parts)
    return drafted


# ---------------------------------------------------------------- what each number is


def _quantities_of(part: SourceParagraph) -> Iterator[_Found]:
    for quantity in quantities(part.text):
        start, last = quantity.start, quantity.mentions[-1].end
        unit, end = quantity.unit, max(last, quantity.end)
        # Past a name with a number of its own: 480 Category 1 calls.
        if named := re.match(r"(?: [A-Z][\w-]*)+ \d\w? ([a-z]+s)\b", part.text[last:]):
            unit, end = named[1], last + named.end()
        for sign, name in _words()["signs"].items():
            if measured := re.match(rf"[ -]?(?:{sign})(?![A-Za-z])", part.text[last:]):
                unit, end = name, last + measured.end()
                break
        yield _Found(part, quantity, start, end, unit)


def _classify(found: _Found) -> None:
    """Decide what a number is: date, name, ordinal, idiom, case, claim, or else a figure."""
    mention = found.quantity.mentions[0]
    last = found.quantity.mentions[-1]
    before, after = found.text[: mention.start], found.text[last.end :]
    if not _is_word(mention) and (
        re.match(r"[A-Za-z]", after) or re.search(r"[A-Za-z#@/]-?$", before)
    ):
        found.disposition = "name"  # 5G, Covid-19, part of an address
    elif _is_date(mention, before, after):
        found.disposition = "date"
        if _YEAR.fullmatch(mention.token) and _is_name_of_year(before, after):
            found.disposition = "name"
    elif _is_name(mention, before, after):
        found.disposition = "name"
    elif re.match(rf"[ -]{_words()['date']['case']}\b", after):
        found.disposition = "individual_case"
    elif mention.kind == "ordinal":
        kind = re.match(r" of its kind|[- ]ever\b", after)
        found.disposition = "claim" if kind else "ordinal"
    elif mention.kind == "group" or mention.token.lower() in {"one", "once"}:
        found.disposition = _word_disposition(found, mention, after)
    elif re.fullmatch(r"(?:hundred|thousand|million|billion|trillion)s", mention.token, re.I):
        found.disposition = "magnitude"
    elif mention.token.lower() == "twice" and re.match(_words()["idiom"]["often"], after):
        found.disposition = "idiom"
    elif _is_change(found, mention, before, after):
        found.disposition = "claim"


def _word_disposition(found: _Found, mention: NumberMention, after: str) -> str:
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
    months = _words()["date"]["months"]
    if mention.kind == "years" or _YEAR.fullmatch(mention.token):
        return True
    small = mention.kind in {"numeral", "word", "ordinal"} and mention.amount <= 31
    ordinal_day = small and re.match(rf"(?: of)? {months}\b", after)
    if ordinal_day or (small and re.search(rf"\b{months} $", before) and not _is_word(mention)):
        return True
    span = re.search(_words()["date"]["span"], before.rstrip(), re.I)
    return bool(span and re.match(rf"[ -](?:{_words()['date']['units']})\b", after))


def _is_name_of_year(before: str, after: str) -> bool:
    """Whether a year belongs to a name, such as that of a report: Threat Assessment 2013."""
    months = _words()["date"]["months"]
    word = re.search(r"(\w+) $", before)
    named = bool(word and re.search(rf"(?:^|\b){_words()['name']['before']}", word[1]))
    return named and not re.fullmatch(months, word[1] if word else "") and not after.startswith("-")


_NO_NOUN = r"$|[.,;:)]| (?:is|was|are|were|has|had|will|and|or|of|in|on|at|to|the|for|a)\b"


def _is_name(mention: NumberMention, before: str, after: str) -> bool:
    if re.search(rf"(?:^|[\s(]){_words()['name']['before'][:-1]}[ -]?$", before):
        return mention.kind in {"numeral", "word"}
    word = re.search(r"([A-Z][a-z]+) $", before)
    if word and re.fullmatch(r"\d{1,2}", mention.token) and re.match(_NO_NOUN, after):
        first = word[1].lower()
        return first not in _words()["name"]["function"].split()
    quoted = re.search(r"['\"]$", before) and re.match(r"['\"]", after)
    dialled = re.match(r"0\d", mention.token) is not None
    address = mention.kind == "numeral" and re.match(_words()["name"]["after"], after)
    return bool(quoted or dialled or address)


def _is_change(found: _Found, mention: NumberMention, before: str, after: str) -> bool:
    """Whether a number is itself a comparison, and in which direction."""
    clause = before[found.sentence[0] :]
    clause = re.split(r"[;:(]", clause)[-1]
    if re.search(r"\b(?:ma[dk]es?|making|set|signed|taken|took) up [\w ]*$", clause, re.I):
        clause = ""  # a part that makes up a half is no rise by half
    words = _words()["change"]
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
    if mention.kind == "multiple" or mention.token.lower().startswith("halv"):
        fall = re.match(rf"[ -](?:{words['fall_after']})\b", rest, re.I)
        is_fall = fall or mention.token.lower().startswith("halv")
        found.direction = "fall" if is_fall else "rise"
        return True
    if found.unit == "percentage_points":
        return True
    return bool(found.direction)


# ---------------------------------------------------------------- units and periods


def _take_units(found: Sequence[_Found]) -> None:
    """Take the noun of a bare number from its sentence, or from the number before it."""
    last: _Found | None = None
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
            subject = re.match(_SUBJECT, item.text[low : item.start])
            before = [other.unit for other in found if other.part is item.part
                      and other.start < item.start and _counts(other)]  # fmt: skip
            item.unit = next(iter(counted[-1:] or before[-1:]), "")
            if not item.unit and subject:
                item.unit = subject[1].lower()
            elif not item.unit and last is not None and _goes_on(item, last):
                item.unit = last.unit
        if _counts(item):
            last = item


def _goes_on(item: _Found, last: _Found) -> bool:
    """Whether a paragraph goes on about what the one before it counts: a list, or of these."""
    in_list = item.part.kind == last.part.kind == "bullet"
    return in_list or re.match(r"(?:Of|Among) (?:these|them)\b", item.text) is not None


_COUNTED = r"\b(?:[Nn]umber of|total) (?:[\w'-]+ ){0,2}?([a-z]+s)\b"
# What a sentence is about, where it opens with a word for things: Cancellations fell by …
_SUBJECT = r"([A-Z][a-z]+s)(?: (?:of|to|in|for|on|at|by) (?:[a-z]+ )?[a-z]+)? [a-z]+"
_NOT_COUNTED = frozenset({"", "percent", "percentage_points", "multiple", "fraction", "seconds",
                          "gbp", "usd", "eur"})  # fmt: skip
_SHORT_TIMES = frozenset({"day", "week", "month", "year", "hour"})


def _counts(item: _Found) -> bool:
    """Whether a number counts things, such as ships."""
    signs = {*_words()["signs"].values()}
    return item.disposition in {"figure", "claim"} and item.unit not in _NOT_COUNTED | signs


def _names_a_thing(item: _Found) -> bool:
    """Whether a unit is a word for what is counted, and no verb that follows the number."""
    return (
        item.unit.endswith(("s", "children", "people", "men", "women"))
        or not item.unit.islower()
        or item.unit
        in {"percent", "percentage_points", "multiple", "fraction", "gbp", "usd", "eur"}
        or item.unit.startswith("per_")
        or "_" in item.unit
        or item.unit in {*_words()["signs"].values(), "day", "staff", "police", "young_people"}
    )


def _period(item: _Found, found: Sequence[_Found], published: date | None) -> tuple[str, str, str]:
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
    months = _words()["date"]["months"]
    taken: list[tuple[int, int]] = []
    today = published.isoformat() if published else ""
    year_before = _years_back(published).isoformat() if published else ""

    def days(form: str) -> tuple[str, str, str]:
        period = read_period(form)
        return period.kind, period.start.isoformat(), period.end.isoformat()

    def span(m: re.Match[str]) -> tuple[str, str, str]:
        first, last = _month(m[1]), _month(m[3])
        year = int(m[2] or m[4]) if m[2] or first <= last else int(m[4]) - 1
        return days(f"{year}-{first:02d}/{m[4]}-{last:02d}") if last else ("", "", "")

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

    def day(m: re.Match[str]) -> tuple[str, str, str]:
        try:
            on = date(int(m[3]), _month(m[2]), int(m[1])).isoformat()
        except ValueError:
            return "", "", ""
        return "point", on, on

    rolling = (
        ("rolling_12_months", (_years_back(published) + _DAY).isoformat(), today)
        if published
        else ("", "", "")
    )
    readers = (
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
         lambda _: ("point", year_before, year_before) if published else ("", "", "")),
        (r"\b(?:now|currently|today)\b",
         lambda _: ("point", today, today) if published else ("", "", "")),
        (r"(?<![\d,.-])((?:19|20)\d\d)(?!\d|,\d|-|[./]\d| ?%)", lambda m: days(m[1])),
    )  # fmt: skip
    for pattern, reader in readers:
        for match in re.finditer(pattern, text, re.I):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append((match.start(), match.end()))
            period = reader(match)
            if period[0]:
                yield match.start(), match.end(), period


def _month(name: str) -> int:
    short = name[:3].title()
    return list(calendar.month_abbr).index(short)


def _years_back(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


# ---------------------------------------------------------------- topics


def _topics(parts: Sequence[SourceParagraph], title: str) -> dict[str, Row]:
    """Return a topic for each section that has a heading, by the name of the section."""
    topics: dict[str, Row] = {}
    headings = {_section(part.locator): part.text for part in parts if part.locator.endswith("/0")}
    for section in dict.fromkeys(_section(part.locator) for part in parts):
        words = headings.get(section, title if section in {HEAD, _SUMMARY} else "")
        name = re.sub(r"[^a-z0-9]+", "_", (headings.get(section) or "summary").lower()).strip("_")
        name = "_".join(name.split("_")[:3])[:40].strip("_")
        name = name if name[:1].isalpha() else f"topic_{name}"
        name = f"{name}_topic" if name in PAGES else name
        same = [row["id"] for row in topics.values()]
        if section == HEAD and not headings.get(section):
            name = "summary"
        while name in same and name != "summary":
            name += "_more"
        topics[section] = {
            "id": name,
            "title": words or f"{TO_FILL}: title of the page",
            "short_name": words if 0 < len(words) <= 20 else f"{TO_FILL}: name in the navigation",
            "lead": f"{TO_FILL}: a sentence or two that open the page, without numbers",
        }
    if HEAD in topics and _SUMMARY in topics:
        topics[HEAD] = topics[_SUMMARY]
    seen: dict[str, Row] = {}
    for section, row in topics.items():
        topics[section] = seen.setdefault(row["id"], row)
    return topics


def _section(locator: str) -> str:
    return locator.rpartition("/")[0]


# ---------------------------------------------------------------- figures


def _figures(found: Sequence[_Found], topics: Mapping[str, Row]) -> list[Row]:
    rows: list[Row] = []
    taken: set[str] = set()
    kept: list[_Found] = []
    for item in found:
        if item.disposition != "figure":
            continue
        if same := _stated_already(item, kept, found):
            item.id = same.id or ""
            if not item.id:
                continue
            continue
        item.id = _figure_id(item, taken)
        kept.append(item)
        rows.append(_figure_row(item, topics))
    for item in found:  # a number of a heading that the text repeats
        if item.disposition == "figure" and not item.id:
            again = [other for other in kept if other.value == item.value]
            item.id = again[0].id
    return rows


def _stated_already(item: _Found, kept: Sequence[_Found], found: Sequence[_Found]) -> _Found | None:
    """Return the figure that says the same in this section, or behind a heading."""
    for other in kept:
        same = other.value == item.value and other.unit == item.unit
        if same and _section(other.part.locator) == _section(item.part.locator):
            return other
    if item.part.kind == "heading" or _section(item.part.locator) == HEAD:
        for other in found:
            later = other.disposition == "figure" and other.part is not item.part
            if later and other.value == item.value and other.part.kind != "heading":
                return other
    return None


def _figure_id(item: _Found, taken: set[str]) -> str:
    names = {"percent": "share", "fraction": "share", "gbp": "pounds", "usd": "dollars",
             "eur": "euros", "seconds": "time"}  # fmt: skip
    base = names.get(item.unit, item.unit) or "number"
    year = item.period[1][:4] if item.period[0] == "since" else item.period[2][:4]
    year = year if year.isdigit() else item.period[1][:4]
    name = f"{base}_{year}" if year.isdigit() else base
    name = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:50] or "number"
    name = name if name[0].isalpha() else f"number_{name}"
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_n{number}", number + 1
    taken.add(free)
    return free


def _figure_row(item: _Found, topics: Mapping[str, Row]) -> Row:
    quantity = item.quantity
    fragment, qualifier = _fragment(item)
    kind, first, last = item.period
    counted = item.text[item.start : min(len(item.text), item.end + 25)]
    return {
        "id": item.id,
        "topic": topics[_section(item.part.locator)]["id"],
        "label": f"{TO_FILL}: what is counted in “{counted.strip()}”",
        "value": _decimal(item.value),
        "value_to": "" if quantity.value_to is None else _decimal(quantity.value_to),
        "unit": item.unit or f"{TO_FILL}: what is counted",
        "qualifier": qualifier,
        "rounded_to": _decimal(quantity.step),
        "period_start": first,
        "period_end": last,
        "period_kind": kind or f"{TO_FILL}: the kind of period, and its days where given",
        "geography": f"{TO_FILL}: the area that is counted",
        "as_stated": fragment,
        "locator": item.part.locator,
    }  # fmt: skip


def _fragment(item: _Found) -> tuple[str, str]:
    """Return at most twelve words around a number, and the qualifier they say."""
    low, high = item.sentence
    text = item.text
    # "Higher than the 400 of 2018" is a comparison with 400 and not more than 400.
    compared = re.search(rf"% \w+ than{_PADDING} $", text[low : item.start])
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


def _tail(after: str, item: _Found) -> str:
    """Return the words behind a number that say when, or what a percentage is of."""
    if found := re.match(r" (?:in|from|of) (?:19|20)\d\d(?![-\d,])", after):
        return found.group()
    if item.unit == "percent" and (
        found := re.match(r" of (?:all |the |those )?[a-z'-]+s?\b", after)
    ):
        return found.group()
    return ""


def _qualifier_of(text: str, item: _Found) -> str:
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


def _decimal(value: Fraction) -> str:
    """Return a fraction as plain digits, at most four of them where it has no end."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    number = f"{float(value):.10f}" if rest == 1 else f"{float(value):.4f}"
    return number.rstrip("0").rstrip(".") or "0"


# ---------------------------------------------------------------- claims


def _claims(
    parts: Sequence[SourceParagraph], found: Sequence[_Found], topics: Mapping[str, Row]
) -> list[Row]:
    rows: list[tuple[int, int, Row]] = []
    places = {part.locator: number for number, part in enumerate(parts)}
    for item in found:
        if item.disposition == "claim" and item.quantity.mentions[0].kind != "ordinal":
            rows.append((places[item.part.locator], item.start, _number_claim(item, found)))
        elif item.disposition == "figure" and item.unit == "percent":
            bound = _fragment(item)[1] in _BOUNDS and _is_of_every_year(item)
            if not bound and re.match(r" of (?!(?:which)\b)", item.text[item.end :]):
                rows.append((places[item.part.locator], item.start, _share_claim(item)))
    for part in parts:
        if part.kind == "heading" and _section(part.locator) != HEAD:
            continue
        inside = [item for item in found if item.part is part]
        for start, row in _word_claims(part, inside):
            rows.append((places[part.locator], start, row))
    claims: list[Row] = []
    taken: set[str] = set()
    sized = {(row["from_figure"], row["to_figure"]) for _, _, row in rows if row["stated_value"]}
    said: set[tuple[str, ...]] = set()
    for place, start, row in sorted(rows, key=lambda each: each[:2]):
        locator = parts[place].locator
        same = (*(row[name] for name in ("kind", "from_figure", "to_figure", "stated_value")),
                row["as_stated"].casefold())  # fmt: skip
        pair = same[:3] if row["from_figure"] and not row["stated_value"] else same
        ends = (row["from_figure"], row["to_figure"])
        if pair in said or (row["kind"] == "direction" and all(ends) and ends in sized):
            continue
        said.add(pair)
        base = row["kind"] + (f"_{row['direction']}" if row.get("direction", "").isalpha() else "")
        name, number = f"{base}_1", 1
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        row |= {
            "id": name,
            "topic": topics[_section(locator)]["id"],
            "label": f"{TO_FILL}: the comparison in plain words",
            "locator": locator,
        }
        for item in found:
            here = item.part.locator == locator and item.disposition == "claim" and not item.id
            if here and (
                item.start == start or start <= item.start < start + len(row["as_stated"])
            ):
                item.id = name
        claims.append(row)
    for item in found:
        if item.disposition == "claim" and not item.id:
            item.disposition = "ordinal" if item.quantity.mentions[0].kind == "ordinal" else "idiom"
    return claims


def _number_claim(item: _Found, found: Sequence[_Found]) -> Row:
    mention = item.quantity.mentions[0]
    value, step, unit = item.value, item.quantity.step, item.unit
    if mention.kind == "multiple" or mention.token.lower().startswith("halv"):
        kind, unit = "multiple", "multiple"
        if item.direction == "fall" and value > 1:
            value, step = 1 / value, step / value**2
    elif unit == "percentage_points":
        kind = "percentage_points"
    elif unit in {"percent", "fraction"}:
        kind = "percent_change"
    else:
        kind = "difference"
    base, part = _partners(item, found, kind)
    fragment, qualifier = _fragment(item)
    return {
        "kind": kind,
        "from_figure": base,
        "to_figure": part,
        "stated_value": _decimal(value),
        "stated_unit": unit or f"{TO_FILL}: unit of the figures",
        "qualifier": qualifier,
        "rounded_to": _decimal(step),
        "direction": item.direction,
        "as_stated": _around(item, fragment),
    }


def _around(item: _Found, fragment: str) -> str:
    """Return the fragment with the word of change that stands beside it."""
    low, high = item.sentence
    start = item.text.find(fragment, low)
    if start < 0:
        return fragment
    words = _words()["change"]
    change = words["rise"] if item.direction == "rise" else words["fall"]
    lead = re.search(rf"\b(?:{change})\b[^.;:()]*$", item.text[low:start], re.I)
    end = start + len(fragment)
    behind = words["rise_after"] if item.direction == "rise" else words["fall_after"]
    tail = re.match(rf"[ -](?:{behind})\b", item.text[end:high], re.I)
    longer = item.text[low + lead.start() if lead else start : end + (tail.end() if tail else 0)]
    short = len(longer.split()) <= LONGEST_FRAGMENT
    return (
        longer
        if short and len(number_mentions(longer)) <= 1 + len(number_mentions(fragment))
        else fragment
    )


def _share_claim(item: _Found) -> Row:
    fragment, qualifier = _fragment(item)
    return {
        "kind": "share",
        "from_figure": "",
        "to_figure": f"{TO_FILL}: the figure that is the part; delete the row where there is none",
        "stated_value": _decimal(item.value),
        "stated_unit": "percent",
        "qualifier": qualifier,
        "rounded_to": _decimal(item.quantity.step),
        "direction": "",
        "as_stated": fragment,
    }


def _partners(item: _Found, found: Sequence[_Found], kind: str) -> tuple[str, str]:
    """Return the ids of base and level that the words around a change give."""
    here = [other for other in found if other.part is item.part and other.disposition == "figure"]
    unit = {"percentage_points": "percent", "difference": item.unit}.get(kind)
    here = [other for other in here if unit is None or other.unit == unit]
    low, high = item.sentence
    sentence = [other for other in here if low <= other.start < high]
    bases = [other for other in sentence if _is_base(other)]
    levels = [other for other in sentence if other not in bases and _is_level(other)]
    before = [other for other in sentence if other.start < item.start and other not in bases]
    level = next(iter(levels or before[-1:]), None)
    if level is None:
        return (bases[0].id if bases else ""), ""
    if bases:
        same = [other for other in bases if other.unit == level.unit]
        return (same[0].id if same else ""), level.id
    earlier = [other for other in here
               if other.start < level.start and other.unit == level.unit
               and other.period != level.period]  # fmt: skip
    return (earlier[-1].id if earlier else ""), level.id


_PADDING = r"(?: (?:the|about|around|just|under|over|more than|almost|nearly))*"
_BASE = re.compile(
    rf"(?:\b(?:on|against|compared (?:with|to)|as opposed to|figure of|double|twice)|"
    rf"% (?:more|fewer|less|higher|lower) than){_PADDING}"
    r"(?: [\d/-]+ (?:figure|total) of)? ?[£$€]?$",
    re.I,
)
_FROM = re.compile(rf"\bfrom{_PADDING} ?[£$€]?$", re.I)


def _is_base(item: _Found) -> bool:
    """Whether a figure is what another is compared with: up from 400, on the 400 of 2018."""
    before = item.text[item.sentence[0] : item.start]
    if not (origin := _FROM.search(before)):
        return bool(_BASE.search(before))
    near = before[max(0, origin.start() - 60) : origin.start()]
    words = _words()["change"]
    return bool(
        re.search(rf"\b(?:{words['rise']}|{words['fall']}|doubl\w+|\d)\b", near, re.I)
    ) and not re.search(r"\b(?:\w+ing \w+|\w+ed|action)$", near.rstrip())


def _is_level(item: _Found) -> bool:
    before = item.text[item.sentence[0] : item.start]
    return bool(re.search(r"\bto(?: (?:about|around|just|under|over|almost|nearly))* ?$", before))


def _word_claims(part: SourceParagraph, inside: Sequence[_Found]) -> Iterator[tuple[int, Row]]:
    """Yield the comparisons of a paragraph that state no number of their own."""
    text = part.text
    for low, high in _sentences(text):
        figures = [i for i in inside if low <= i.start < high and i.disposition == "figure"]
        numbered = [i for i in inside if low <= i.start < high and i.disposition == "claim"
                    and i.quantity.mentions[0].kind != "ordinal"]  # fmt: skip
        yield from _extremes(text, low, high, figures)
        if match := _pattern("cause", "words").search(text, low, high):
            yield match.start(), _plain(text, match, high, "cause", "", figures)
        yield from _directions(text, low, high, figures, numbered, inside)


def _plain(
    text: str, match: re.Match[str], high: int, kind: str, direction: str, figures: Sequence[_Found]
) -> Row:
    following = [item for item in figures if item.start >= match.start()]
    preceding = [item for item in figures if item.start < match.start() and not _is_base(item)]
    about = next(iter(preceding[-1:] or following[:1]), None)
    return {
        "kind": kind,
        "from_figure": "",
        "to_figure": about.id if about is not None else "",
        "stated_value": "",
        "stated_unit": "",
        "qualifier": "exact",
        "rounded_to": "",
        "direction": direction,
        "since": "",
        "as_stated": _cut(text, match.start(), match.end(), high),
    }


def _cut(text: str, start: int, end: int, high: int) -> str:
    """Return the words of a match and a few that follow, up to the next stop or number."""
    rest = re.split(r"[.;:,()]|\s(?=[£$€]?\d)", text[end:high])[0].split()
    room = max(0, 8 - len(text[start:end].split()))
    words = [text[start:end], *rest[:room]]
    return " ".join(word for word in words if word).strip(" -")


_BOUNDS = frozenset({"more_than", "less_than", "at_least", "up_to"})


def _is_of_every_year(item: _Found) -> bool:
    """Whether a sentence speaks of all years together: since 2010, consistently, every year."""
    sentence = item.text[slice(*item.sentence)]
    since = re.search(r"\bsince (?:19|20)\d\d\b", sentence, re.I)
    return bool(since or _pattern("extreme", "every").search(sentence))


def _extremes(
    text: str, low: int, high: int, figures: Sequence[_Found]
) -> Iterator[tuple[int, Row]]:
    covered = low
    for match in re.finditer(
        rf"\b(?:(?P<high>{_words()['extreme']['highest']})|(?P<low>{_words()['extreme']['lowest']}))\b",
        text[low:high], re.I,
    ):  # fmt: skip
        if low + match.start() < covered:
            continue
        direction = "lowest" if match["low"] else "highest"
        shifted = re.compile(re.escape(match.group())).search(text, low + match.start())
        if shifted is None:
            continue
        covered = low + match.end() + 25
        row = _plain(text, shifted, high, "extreme", direction, figures)
        since = re.search(
            r"\bsince (?:[a-z' ]{0,40} )?((?:19|20)\d\d)\b", text[low + match.start() : high]
        )
        if since:
            longer = _between(text, shifted.start(), low + match.start() + since.end())
            row |= {"since": since[1], "as_stated": longer or row["as_stated"]}
        yield shifted.start(), row
    since = re.search(r"\bsince ((?:19|20)\d\d)\b", text[low:high], re.I)
    for item in figures:
        fragment, qualifier = _fragment(item)
        if qualifier in _BOUNDS and _is_of_every_year(item):
            start = text.find(fragment, low)
            yield start if start >= 0 else item.start, {
                "kind": "extreme", "from_figure": "", "to_figure": item.id,
                "stated_value": _decimal(item.value), "stated_unit": item.unit,
                "qualifier": qualifier, "rounded_to": _decimal(item.quantity.step),
                "direction": "", "since": since[1] if since else "", "as_stated": fragment,
            }  # fmt: skip
            return


def _directions(
    text: str,
    low: int,
    high: int,
    figures: Sequence[_Found],
    numbered: Sequence[_Found],
    inside: Sequence[_Found],
) -> Iterator[tuple[int, Row]]:
    """Yield a rise, a fall or no change that is told without its size."""
    bases = [item for item in figures if _is_base(item)]
    for direction in ("no_change", "rise", "fall"):
        match = _pattern("change", direction).search(text, low, high)
        if match is None:
            continue
        alone = _pattern("change", "alone").search(text, low, high)
        from_base = [
            item for item in bases if item.start - match.end() < 40 and item.start > match.start()
        ]
        to_level = [item for item in figures if _is_level(item) and item.start - match.end() < 40]
        taken = any(abs(item.start - match.start()) < 40 for item in numbered)
        if direction == "no_change" and (figures or alone):
            pass
        elif not (from_base or to_level or alone) or (taken and not from_base):
            continue
        row = _plain(text, match, high, "direction", direction, figures)
        if from_base or to_level:
            base = from_base[0] if from_base else None
            unit = (base or to_level[0]).unit
            border = (base or to_level[0]).start
            same = [item for item in inside if item.disposition == "figure" and item is not base
                    and item.unit == unit and (item.start < border or _is_level(item))]  # fmt: skip
            levels = [item for item in to_level if item.unit == unit]
            level = next(iter(levels[:1] or same[-1:]), None)
            row["from_figure"] = base.id if base else ""
            row["to_figure"] = level.id if level else ""
            last = base or (levels[0] if levels else None)
            if last is not None:
                row["as_stated"] = _between(text, match.start(), last.end) or row["as_stated"]
        if row["from_figure"] and not row["to_figure"]:
            row["from_figure"] = ""
        follows = [item for item in figures if 0 <= item.start - match.end() <= 3]
        if direction == "no_change" and follows:
            row["to_figure"] = follows[0].id
            row["as_stated"] = text[match.start() : follows[0].end]
        yield match.start(), row
        return
    match = _pattern("change", "compared").search(text, low, high)
    if match and len(figures) > 1 and not numbered:
        row = _plain(text, match, high, "direction", f"{TO_FILL}: rise, fall or no_change", figures)
        after = [item for item in figures if item.start > match.start()]
        before = [item for item in figures if item.start < match.start()]
        if after and before:
            row |= {"from_figure": after[0].id, "to_figure": before[-1].id}
            row["as_stated"] = _between(text, match.start(), after[0].end) or row["as_stated"]
            yield match.start(), row


def _between(text: str, start: int, end: int) -> str:
    words = text[start:end]
    return words if len(words.split()) <= LONGEST_FRAGMENT else ""


# ---------------------------------------------------------------- series and mentions


def _series(claims: Sequence[Row], figures: Sequence[Row]) -> list[Row]:
    """Return a series for every figure that has an earlier one in the same unit."""
    by_id = {row["id"]: row for row in figures}
    rows: dict[str, Row] = {}
    for claim in claims:
        base, level = by_id.get(claim["from_figure"]), by_id.get(claim["to_figure"])
        if base is None or level is None or base["unit"] != level["unit"]:
            continue
        if level["id"] in rows or level["unit"].startswith(TO_FILL):
            continue
        rows[level["id"]] = {
            "id": f"{level['id']}_series",
            "topic": level["topic"],
            "title": f"{TO_FILL}: title of the series",
            "unit": level["unit"],
            "geography": level["geography"],
            "body": f"{TO_FILL}: who counts",
            "coverage": f"{TO_FILL}: what is counted",
            "projectable": f"{TO_FILL}: yes, bounds_only or no",
            "reason": f"{TO_FILL}: why it may be projected, or not",
            "base_figure": level["id"],
            "growth_from": base["id"],
            "figures": f"{base['id']} {level['id']}",
        }
    return list(rows.values())


def _mentions(parts: Sequence[SourceParagraph], found: Sequence[_Found]) -> list[Row]:
    owners = {
        (item.part.locator, mention.start): item
        for item in found
        for mention in item.quantity.mentions
    }
    rows: list[Row] = []
    for part in parts:
        for mention in number_mentions(part.text):
            item = owners.get((part.locator, mention.start))
            kind = item.disposition if item else "date"
            named = kind in {"figure", "claim"} and item is not None
            rows.append(
                {
                    "locator": part.locator,
                    "token": mention.token,
                    "nth": str(mention.nth),
                    "disposition": kind,
                    "refers_to": item.id if named and item else "",
                }
            )
    return rows


def places_in(text: str) -> set[str]:
    """Return the areas that a text names."""
    pattern = re.compile(rf"\b(?:{_words()['place']['names']})\b")
    return {found.group() for found in pattern.finditer(text)}


def date_in(line: str) -> date | None:
    """Return the day that stands in a short line, such as ``Published: 3 March 2021``."""
    months = _words()["date"]["months"]
    if found := re.search(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({months}),? (\d{{4}})\b", line):
        try:
            return date(int(found[3]), _month(found[2]), int(found[1]))
        except ValueError:
            return None
    return None


def _say_where_places_are(drafted: Drafted, parts: Sequence[SourceParagraph]) -> None:
    """Propose the area of a figure where its paragraph, or the whole text, names but one."""
    of_all = places_in(" ".join(part.text for part in parts))
    texts = {part.locator: part.text for part in parts}
    for row in drafted.rows["figures"]:
        here = places_in(texts[row["locator"]])
        area = here if len(here) == 1 else of_all
        if len(area) == 1:
            row["geography"] = next(iter(area))
    areas = {row["id"]: row["geography"] for row in drafted.rows["figures"]}
    for row in drafted.rows["series"]:
        row["geography"] = areas[row["base_figure"]]


# ---------------------------------------------------------------- sentences


_STOP = r"(?:(?<=[a-z0-9)%'\"][.!?])|(?<=[A-Z]{2}[.!?])) +(?=[A-Z\"'(£\d])"


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in re.finditer(_STOP, text)]
    cuts = [0, *ends, len(text)]
    return list(pairwise(cuts))


def _sentence(text: str, place: int) -> tuple[int, int]:
    return next((low, high) for low, high in _sentences(text) if low <= place < high)
