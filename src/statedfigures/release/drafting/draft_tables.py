"""From the paragraphs of a release to proposed rows: mentions, figures, comparisons, series.

Nothing is proposed that the text does not say: where the words give no unit, no
period or no direction, the cell is left `TO FILL` for a person. The words that
are looked for stand in `draft_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product, zip_longest
from operator import itemgetter

import pandas as pd

from statedfigures.release.csv_tables import TO_FILL, plain
from statedfigures.release.drafting import draft_numbers as numbers
from statedfigures.release.drafting.draft_numbers import WORDS, Found, Sentence, pattern_of
from statedfigures.release.numerals import number_mentions
from statedfigures.release.rules import PAGES
from statedfigures.release.schema import tables
from statedfigures.release.source_text import HEAD, SourceParagraph

LONGEST_FRAGMENT = 12  # words
# What a change of amounts or of things is not of.
_NOT_MEANT = {
    "": set[str](),
    "amounts": {"percent", "fraction"},
    "things": numbers.SHARES_AND_MONEY,
}
_BOUNDS = {"more_than", "less_than", "at_least", "up_to"}
Cells = dict[str, str]


def draft_tables(
    parts: Sequence[SourceParagraph], published: date | None, title: str = ""
) -> dict[str, pd.DataFrame]:
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
    dict
        The rows of each table, with all of its columns, as text. Those that
        the text cannot give are empty.

    Examples
    --------
    >>> from statedfigures.release.source_text import read_plain_text
    >>> text = read_plain_text("Harbour news\n\nIn 2020 the harbour counted 480 ships.")
    >>> drafted = draft_tables(text.paragraphs, None)
    >>> drafted["figures"][["id", "value", "unit", "period_kind"]].to_numpy().tolist()
    [['ships_2020', '480', 'ships', 'calendar_year']]
    """
    paragraphs = [numbers.sentences_in(part) for part in parts]
    found = [item for sentences in paragraphs for item in sentences[0].inside]
    numbers.take_units(found)
    for item in (each for each in found if each.disposition == "figure"):
        item.period = numbers.period_of_words(item, published)
    topics = _topics(parts, title)
    areas = set[str]().union(*(numbers.places_in(part.text) for part in parts))
    figures, claims = list(_figures(found, areas)), list(_claims(paragraphs))
    for row in (*figures, *claims):
        row["topic"] = topics[_section(row["locator"])]["id"]
    used = {row["topic"] for row in (*figures, *claims)}
    pages = {row["id"]: row for row in topics.values()}
    rows = {"topics": [row for name, row in pages.items() if name in used or len(pages) == 1]}
    rows["paragraphs"] = [{"locator": part.locator, "sha256": part.sha256} for part in parts]
    rows |= {"figures": figures, "claims": claims}
    rows["series"] = _series(claims, {row["id"]: row for row in figures})
    rows["mentions"] = list(_mentions(paragraphs))
    return {name: _frame(name, rows.get(name, [])) for name in (*rows, *tables())}


def _frame(table: str, rows: Sequence[Cells]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(tables()[table].names), dtype="str").fillna("")
    return frame.replace({name: {"": words} for name, words in to_fill(table).items()})


def to_fill(table: str) -> Cells:
    """Return what stands in the cells of a table that a person has to fill in."""
    words = WORDS["to_fill"].get(table, {})
    return {column: f"{TO_FILL}: {remedy}" for column, remedy in words.items()}


def _section(locator: str) -> str:
    return locator.rpartition("/")[0]


def _free(name: str, taken: set[str]) -> str:
    """Return an id that is not taken yet, and take it."""
    name = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:45].strip("_")
    name = name if name[:1].isalpha() else f"number_{name}".strip("_")
    numbered = (f"{name}_n{number}" for number in range(2, len(taken) + 3))
    free = next(each for each in (name, *numbered) if each not in taken)
    taken.add(free)
    return free


def _topics(parts: Sequence[SourceParagraph], title: str) -> dict[str, Cells]:
    """Return the topic of each section: one for each heading, one for what stands above all."""
    headings = {_section(part.locator): part.text for part in parts if part.locator.endswith("/0")}
    taken = {"summary", "measures", *PAGES}
    topics: dict[str, Cells] = {}
    for section in dict.fromkeys(_section(part.locator) for part in parts):
        words = headings.get(section, title)
        first, short = " ".join(re.findall(r"\w+", words)[:3]), words if len(words) <= 20 else ""
        name = _free(first, taken) if section in headings else "summary"
        topics[section] = {"id": name, "title": words, "short_name": short}
    return topics


# ---------------------------------------------------------------- figures


def _figures(found: Sequence[Found], areas: set[str]) -> Iterator[Cells]:
    taken: set[str] = set()
    kept: list[Found] = []
    # Last the numbers of headings: what the text repeats is told there.
    for item in sorted((item for item in found if item.disposition == "figure"), key=_is_title):
        quantity, part, (kind, first, last) = item.quantity, item.part, item.period
        again = [earlier.id for earlier in kept if _is_again(item, earlier)]
        year = (last if last[:1].isdigit() and kind != "since" else first)[:4]
        name = WORDS["names"].get(item.unit, item.unit) or "number"
        item.id = again[0] if again else _free(f"{name} {year}", taken)
        if again:
            continue
        kept.append(item)
        fragment, qualifier = numbers.fragment_of(item)
        here = numbers.places_in(part.text)
        area, *others = sorted(here if len(here) == 1 else areas) or [""]
        shown = part.text[item.start : item.end + 25].strip()
        row = {"id": item.id, "as_stated": fragment, "qualifier": qualifier}
        row |= {"locator": part.locator, "label": f"{TO_FILL}: what is counted in “{shown}”"}
        row |= {"value": _decimal(quantity.value), "rounded_to": _decimal(quantity.step)}
        row["value_to"] = "" if quantity.value_to is None else _decimal(quantity.value_to)
        row |= {"unit": item.unit, "geography": "" if others else area}
        yield row | {"period_kind": kind, "period_start": first, "period_end": last}


def _is_again(item: Found, earlier: Found) -> bool:
    """Whether a figure is told again: any of its value for a title, else one of its section."""
    if _is_title(item) or item.quantity.value != earlier.quantity.value:
        return item.quantity.value == earlier.quantity.value
    # Two equal shares of one paragraph are of two things, as are a level and its base.
    same_part, start = item.part is earlier.part, item.period[1]
    two = (same_part and item.unit == "percent") or (start and earlier.period[1] not in {"", start})
    two = two or (item.sentence is earlier.sentence and item.role != earlier.role)
    places = {_section(each.part.locator) for each in (item, earlier)}
    return item.unit == earlier.unit and len(places) == 1 and not two


def _is_title(item: Found) -> bool:
    return item.part.kind == "heading" or _section(item.part.locator) == HEAD


def _decimal(value: Fraction) -> str:
    """Return a fraction as plain digits, at most four of them where it has no end."""
    return plain(round(float(value), 4 if 10**10 % value.denominator else 10))


# ---------------------------------------------------------------- claims


def _claims(paragraphs: Sequence[Sequence[Sentence]]) -> Iterator[Cells]:
    taken: set[str] = set()
    said: set[tuple[str, ...]] = set()
    for sentences in paragraphs:
        part, inside = sentences[0].part, sentences[0].inside
        offered = [claim for sentence in sentences for claim in _number_claims(sentence)]
        # A change whose size is told is no direction of its own.
        said |= {("direction", row["from_figure"], row["to_figure"]) for _, row in offered}
        for sentence in sentences if part.kind != "heading" else ():
            offered += _word_claims(sentence)
        for start, row in sorted(offered, key=itemgetter(0)):
            key: tuple[str, ...] = (row["kind"], row["from_figure"], row["to_figure"])
            if row["kind"] != "direction" or not row["from_figure"]:
                key += (row["stated_value"], row["as_stated"].casefold())
            if key in said:
                continue
            said.add(key)
            row["id"] = _free(f"{row['kind']} {row['direction'].partition(TO_FILL)[0]}", taken)
            yield row | {"locator": part.locator}
            stop = start + (1 if row["stated_value"] else len(row["as_stated"]))
            for item in inside:
                if item.disposition == "claim" and start <= item.start < stop:
                    item.id = item.id or row["id"]
        for item in inside:
            if item.disposition == "claim" and not item.id:
                item.disposition = "ordinal" if item.kind == "ordinal" else "idiom"


def _claim(kind: str, words: str, level: str = "", direction: str = "", base: str = "") -> Cells:
    """Return a claim that states no number."""
    row = {"kind": kind, "as_stated": words, "direction": direction, "qualifier": "exact"}
    return row | {"from_figure": base, "to_figure": level, "stated_value": ""}


def _number_claims(sentence: Sentence) -> Iterator[tuple[int, Cells]]:
    """Yield the claims that state a number, and what figures are the shares or the bounds of."""
    for item in [*sentence.told("claim"), *sentence.told("figure")]:
        words, qualifier = numbers.fragment_of(item)
        value, step = item.quantity.value, item.quantity.step
        if item.unit == "multiple" and item.direction == "fall" and value > 1:
            value, step = 1 / value, step / value**2
        size = f"{TO_FILL}: a number of {words}" if item.quantity.value_to else _decimal(value)
        stated = {"stated_value": size, "stated_unit": item.unit, "rounded_to": _decimal(step)}
        stated["qualifier"] = qualifier
        if item.disposition == "claim":
            kind, unit = WORDS["changes"].get(item.unit, ("difference", item.unit or "things"))
            base, level = _partners(sentence, item.start, item.direction, item.lead, unit)
            if re.match(r" (?:a|per) (?:day|week|month|year)\b", item.after):
                base = level = None  # up by £31, or £2.60 a month, to £473
            elif base and base.unit == kind.removesuffix("_change") and not level:
                base = None  # up by 2.3%, from 1.7%: that is the change before
            counted = item.unit or (level.unit if level else "")
            stated["stated_value"] = size.removeprefix("-")
            stated["stated_unit"] = counted or f"{TO_FILL}: unit of the figures"
            way = f"{TO_FILL}: rise or fall" if item.after.startswith(" improvement") else ""
            row = _claim(kind, _around(item, words), _id(level), item.direction or way, _id(base))
            yield item.start, row | stated
        elif qualifier in _BOUNDS and sentence.find("extreme", "every"):
            stated["since"] = _since(*sentence.find("extreme", "since")[:1])
            yield item.start, _claim("extreme", words, item.id) | stated
        elif item.unit == "percent" and re.match(r" of (?!which\b)", item.after):
            part = f"{TO_FILL}: the figure that is the part; delete the row where there is none"
            yield item.start, _claim("share", words, part) | stated


def _id(item: Found | None) -> str:
    return item.id if item else ""


def _around(item: Found, fragment: str) -> str:
    """Return the fragment with the word of change beside it, and what it is compared with."""
    text, low, way = item.part.text, item.sentence.low, item.direction or "fall"
    start = text.find(fragment, low)
    end = start + len(fragment)
    leads = [lead.span() for lead in numbers.words_of("change", way).finditer(text, low, start)]
    near = [first for first, last in leads if not re.search(r"[.;:()]", text[last:start])]
    behind = pattern_of(rf"[ -](?:{WORDS['change'][f'{way}_after']})\b", re.I).match(text, end)
    end = behind.end() if behind else end
    than = pattern_of(WORDS["change"]["than"]).match(text, end, item.sentence.high)
    spans = product((*near[-1:], start), (than.end() if than else end, end))
    longer = (_short(text[first:last]).rstrip(" .") for first, last in spans)
    return next(filter(None, longer), fragment)


def _short(words: str) -> str:
    return words if len(words.split()) <= LONGEST_FRAGMENT else ""


def _partners(
    sentence: Sentence, start: int, way: str, lead: int, unit: str = ""
) -> tuple[Found | None, Found | None]:
    """Return base and level that the words around a change give.

    Amounts are no shares where there is another figure; things are neither shares nor money.
    """
    text, turn = sentence.part.text, numbers.words_of("change", "fall" if way == "rise" else "rise")
    told = [item for item in sentence.told("figure") if item.role != "whole"]
    units = {item.unit for item in told} - _NOT_MEANT[unit] if unit in _NOT_MEANT else {unit}
    fitting = [item for item in told if item.unit in units] or (told if unit == "amounts" else [])
    # A figure behind the number of a change is that change's own.
    figures = [item for item in fitting if item.lead in {-1, lead}]
    figures = [item for item in figures if not turn.search(text, start, item.start)]
    bases = [item for item in figures if item.role == "base"]
    units = {item.unit for item in bases or figures}
    levels = [item for item in figures if item.role != "base" and item.unit in units]
    named = [item for item in levels if item.role == "level"]
    ahead = [item for item in named if item.start > start]
    before = [item for item in levels if item.start < start]
    within = [item for item in fitting if pattern_of("$within").fullmatch(text, item.end, start)]
    level = next(iter(within or ahead or named[-1:] or before[-1:]), None)
    if level is None:
        level = next(iter(_this_figure(sentence, bases)), None)
        compared = numbers.words_of("change", "with").search(text, start, sentence.high)
        if level is None or bases or compared:
            return next(iter(bases), None), level
        # "…, down from 91,500. This is a fall of 8%."
        bases = [item for item in level.sentence.told("figure") if item.role == "base"]
    return next((item for item in bases if item.unit == level.unit), None), level


def _this_figure(sentence: Sentence, bases: Sequence[Found] = ()) -> list[Found]:
    """Return the figure before a sentence that opens with "This figure" or "This is"."""
    text, low, units = sentence.part.text, sentence.low, {item.unit for item in bases[:1]}
    this, back = (pattern_of(words, re.I).match(text, low) for words in ("$this", "$back"))
    earlier = [each for each in sentence.inside if each.start < low and each.role != "base"]
    figures = [item for item in earlier if item.disposition == "figure"]
    return [item for item in figures if this or (back and item.unit in units)][-1:]


def _word_claims(sentence: Sentence) -> Iterator[tuple[int, Cells]]:
    """Yield the comparisons of a sentence that state no number of their own."""
    text, figures = sentence.part.text, sentence.told("figure")
    for match in sentence.find("extreme", "highest", "lowest"):
        if pattern_of("$nth$", re.I).search(text[: match.start()]):
            continue  # the second highest
        way = "lowest" if numbers.words_of("extreme", "lowest").match(match.group()) else "highest"
        row = _claim("extreme", *_about(match, figures or _this_figure(sentence)), way)
        if since := numbers.words_of("extreme", "since").search(text, match.start(), sentence.high):
            row["as_stated"] = _short(text[match.start() : since.end()]) or row["as_stated"]
            row["since"] = _since(since)
        yield match.start(), row
    for match in sentence.find("cause", "words")[:1]:
        yield match.start(), _claim("cause", *_about(match, figures))
    yield from _directions(sentence)


def _since(found: re.Match[str] | None = None) -> str:
    """Return the year, or the first day of the month, since which an extreme is claimed."""
    if not found or not found["month"]:
        return found["year"] if found else ""
    return str(pd.Timestamp(f"1 {found['month']} {found['year']}").date())


def _about(match: re.Match[str], figures: Sequence[Found]) -> tuple[str, str]:
    """Return the words of a comparison, and the figure that it is about."""
    rest = re.split(r"[.;:,()!?]|\s(?=[£$€]?\d)", match.string[match.end() :])[0].split()
    words = [match.group(), *rest[: max(0, 8 - len(match.group().split()))]]
    following = [item for item in figures if item.start >= match.start()]
    preceding = [item for item in figures if item.start < match.start() and item.role != "base"]
    gap = match.string[match.end() : following[0].start] if following else "."
    nearest = following if pattern_of("$own").fullmatch(gap) else preceding[-1:] or following
    return " ".join(words).strip(" -"), _id(next(iter(nearest), None))


def _directions(sentence: Sentence) -> Iterator[tuple[int, Cells]]:
    """Yield the rises, falls and no changes that a sentence tells without their size."""
    figures, sizes = sentence.told("figure"), sentence.told("claim")
    ends = [item for item in figures if item.role in {"base", "level"}]
    names = ["no_change", "rise", "fall", *([] if sizes else ["compared"])]
    ways = [(match.start(), way, match) for way in names for match in sentence.find("change", way)]
    ways.sort(key=itemgetter(0))
    alone = {start for each in sentence.find("change", "alone") for start in range(*each.span())}
    found: dict[str, tuple[int, Cells]] = {}
    for (start, way, match), following in zip_longest(ways, ways[1:]):
        stop = following[0] if following else sentence.high
        near = [item for item in ends if start < item.start < stop]
        end = min(near, key=lambda item: item.role, default=None)  # a base before a level
        lead = max((size.lead for size in sizes if size.start < start), default=-1)
        base, level = _partners(sentence, start, way, lead)
        base = base if level and base in near else None
        told: object = end or start in alone
        if way == "no_change":
            told = told or (figures and not sizes)
        elif sizes or way == "compared":
            told = base
        if not told:
            continue
        row = _claim("direction", *_about(match, figures), way)
        if way == "compared":
            row["direction"] = f"{TO_FILL}: rise, fall or no_change"
            if base and level and _is_earlier(level.period[2], base.period[2]):
                level, base = base, level  # 18,000 in 2003, compared with 9,000 in 2012
        if end:
            row |= {"from_figure": _id(base), "to_figure": _id(level)}
            row["as_stated"] = _short(match.string[start : end.end]) or row["as_stated"]
        if base or row["to_figure"] not in found:
            found[row["to_figure"]] = start, row
    yield from found.values()


def _is_earlier(end: str, other: str) -> bool:
    """Whether a period ends before another; False where one of them has no last day."""
    return end[:4].isdigit() and other[:4].isdigit() and end < other


# ---------------------------------------------------------------- series and mentions


def _series(claims: Sequence[Cells], figures: Mapping[str, Cells]) -> list[Cells]:
    """Return a series for every figure that has an earlier one in the same unit."""
    rows: dict[str, Cells] = {}
    for claim in claims:
        base, level = (figures.get(claim[end]) for end in ("from_figure", "to_figure"))
        if base and level and base is not level and base["unit"] == level["unit"] != "":
            if _is_earlier(level["period_end"], base["period_end"]):
                base, level = level, base
            start, end = base["id"], level["id"]
            series = {name: level[name] for name in ("topic", "unit", "geography")}
            series |= {"id": f"{end}_series", "figures": f"{start} {end}"}
            rows.setdefault(end, series | {"base_figure": end, "growth_from": start})
    return list(rows.values())


def _mentions(paragraphs: Sequence[Sequence[Sentence]]) -> Iterator[Cells]:
    """Yield every number of the text, and what it is; a span of years is in no quantity."""
    for part, inside in ((sentences[0].part, sentences[0].inside) for sentences in paragraphs):
        owners = {mention.start: item for item in inside for mention in item.quantity.mentions}
        for mention in number_mentions(part.text):
            item = owners.get(mention.start)
            row = {"locator": part.locator, "token": mention.token, "nth": str(mention.nth)}
            disposition = item.disposition if item else "date"
            yield row | {"disposition": disposition, "refers_to": _id(item)}
