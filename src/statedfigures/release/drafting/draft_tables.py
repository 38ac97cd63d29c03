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
from itertools import zip_longest
from typing import Any

import pandas as pd

from statedfigures.release.csv_tables import TO_FILL, plain
from statedfigures.release.drafting.draft_numbers import (
    SHARES_AND_MONEY,
    WORDS,
    Found,
    Sentence,
    fragment_of,
    pattern_of,
    period_of_words,
    places_in,
    sentences_in,
    take_units,
    words_of,
)
from statedfigures.release.numerals import number_mentions
from statedfigures.release.rules import PAGES
from statedfigures.release.schema import tables
from statedfigures.release.source_text import HEAD, SourceParagraph

LONGEST_FRAGMENT = 12  # words
_BOUNDS = {"more_than", "less_than", "at_least", "up_to"}
_CHANGES = {"percent": "percent_change", "fraction": "percent_change",
            "percentage_points": "percentage_points", "multiple": "multiple"}  # fmt: skip
Row = dict[str, str]


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
    paragraphs = [sentences_in(part) for part in parts]
    found = [item for sentences in paragraphs for item in sentences[0].inside]
    take_units(found)
    for item in found:
        item.period = period_of_words(item, published)
    topics = _topics(parts, title)
    areas = set[str]().union(*(places_in(part.text) for part in parts))
    figures = _figures(found, topics, areas)
    claims = _claims(paragraphs, topics)
    used = {row["topic"] for row in (*figures, *claims)}
    pages = {row["id"]: row for row in topics.values()}
    rows = {
        "topics": [row for name, row in pages.items() if name in used or len(pages) == 1],
        "paragraphs": [{"locator": part.locator, "sha256": part.sha256} for part in parts],
        "figures": figures,
        "claims": claims,
        "series": _series(claims, {row["id"]: row for row in figures}),
        "mentions": _mentions(paragraphs),
    }
    return {name: _frame(name, rows.get(name, [])) for name in (*rows, *tables())}


def _frame(table: str, rows: Sequence[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(tables()[table].names), dtype="str").fillna("")
    return frame.replace({name: {"": words} for name, words in to_fill(table).items()})


def to_fill(table: str) -> Row:
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


def _topics(parts: Sequence[SourceParagraph], title: str) -> dict[str, Row]:
    """Return the topic of each section: one for each heading, one for what stands above all."""
    headings = {_section(part.locator): part.text for part in parts if part.locator.endswith("/0")}
    taken = {"summary", "measures", *PAGES}
    topics: dict[str, Row] = {}
    for section in dict.fromkeys(_section(part.locator) for part in parts):
        words = headings.get(section, title)
        first = " ".join(re.findall(r"\w+", words)[:3])
        topics[section] = {
            "id": _free(first, taken) if section in headings else "summary",
            "title": words,
            "short_name": words if len(words) <= 20 else "",
        }
    return topics


# ---------------------------------------------------------------- figures


def _figures(found: Sequence[Found], topics: Mapping[str, Row], areas: set[str]) -> list[Row]:
    rows: list[Row] = []
    taken: set[str] = set()
    kept: dict[tuple[Any, ...], Found] = {}
    # Last the numbers of headings: what the text repeats is told there.
    for item in sorted((item for item in found if item.disposition == "figure"), key=_is_title):
        key = (item.quantity.value, item.unit, _section(item.part.locator))
        # Two equal shares of one paragraph are of two things.
        again = [first.id for other, first in kept.items()
                 if (other == key and (first.part is not item.part or item.unit != "percent"))
                 or (_is_title(item) and other[0] == key[0])]  # fmt: skip
        item.id = again[0] if again else _free(_figure_name(item), taken)
        if not again:
            kept[key] = item
            rows.append(_figure(item, topics[key[2]]["id"], areas))
    return rows


def _is_title(item: Found) -> bool:
    return item.part.kind == "heading" or _section(item.part.locator) == HEAD


def _figure_name(item: Found) -> str:
    names = {"percent": "share", "fraction": "share", "gbp": "pounds", "usd": "dollars",
             "eur": "euros", "seconds": "time"}  # fmt: skip
    kind, first, last = item.period
    year = first[:4] if kind == "since" or not last[:4].isdigit() else last[:4]
    return f"{names.get(item.unit, item.unit) or 'number'} {year}"


def _figure(item: Found, topic: str, areas: set[str]) -> Row:
    fragment, qualifier = fragment_of(item)
    kind, first, last = item.period
    here = places_in(item.part.text)
    areas = here if len(here) == 1 else areas
    value_to, shown = item.quantity.value_to, item.part.text[item.start : item.end + 25].strip()
    return {
        "id": item.id,
        "topic": topic,
        "label": f"{TO_FILL}: what is counted in “{shown}”",
        "value": _decimal(item.quantity.value),
        "value_to": "" if value_to is None else _decimal(value_to),
        "unit": item.unit,
        "qualifier": qualifier,
        "rounded_to": _decimal(item.quantity.step),
        "period_start": first,
        "period_end": last,
        "period_kind": kind,
        "geography": next(iter(areas)) if len(areas) == 1 else "",
        "as_stated": fragment,
        "locator": item.part.locator,
    }


def _decimal(value: Fraction) -> str:
    """Return a fraction as plain digits, at most four of them where it has no end."""
    return plain(round(float(value), 4 if 10**10 % value.denominator else 10))


# ---------------------------------------------------------------- claims


def _claims(paragraphs: Sequence[Sequence[Sentence]], topics: Mapping[str, Row]) -> list[Row]:
    claims: list[Row] = []
    taken: set[str] = set()
    said: set[tuple[str, ...]] = set()
    sized: set[tuple[str, str]] = set()
    for sentences in paragraphs:
        part, inside = sentences[0].part, sentences[0].inside
        offered = [claim for sentence in sentences for claim in _number_claims(sentence)]
        sized |= {(row["from_figure"], row["to_figure"]) for _, row in offered}
        for sentence in sentences if part.kind != "heading" else ():
            offered += _word_claims(sentence)
        for start, row in sorted(offered, key=lambda each: each[0]):
            ends = row["from_figure"], row["to_figure"]
            stated = (row["stated_value"], row["as_stated"].casefold())
            key = (row["kind"], *ends, *(() if ends[0] and not row["stated_value"] else stated))
            if key in said or (row["kind"] == "direction" and all(ends) and ends in sized):
                continue
            said.add(key)
            row["id"] = _free(f"{row['kind']} {row['direction'].partition(TO_FILL)[0]}", taken)
            row["topic"] = topics[_section(part.locator)]["id"]
            row["locator"] = part.locator
            claims.append(row)
            length = 1 if row["stated_value"] else max(1, len(row["as_stated"]))
            for item in inside:
                if item.disposition == "claim" and start <= item.start < start + length:
                    item.id = item.id or row["id"]
        for item in inside:
            if item.disposition == "claim" and not item.id:
                item.disposition = "ordinal" if item.kind == "ordinal" else "idiom"
    return claims


def _claim(kind: str, words: str, level: str = "", direction: str = "", base: str = "") -> Row:
    """Return a claim that states no number."""
    return {"kind": kind, "as_stated": words, "from_figure": base, "to_figure": level,
            "direction": direction, "stated_value": "", "qualifier": "exact"}  # fmt: skip


def _number_claims(sentence: Sentence) -> Iterator[tuple[int, Row]]:
    """Yield the claims that state a number, and what figures are the shares or the bounds of."""
    changes = sentence.changes
    for item in (item for item in sentence.inside if item.sentence is sentence):
        fragment, qualifier = fragment_of(item)
        value, step = item.quantity.value, item.quantity.step
        value = abs(value) if item in changes else value
        if item.unit == "multiple" and item.direction == "fall" and value > 1:
            value, step = 1 / value, step / value**2
        stated = {"qualifier": qualifier, "stated_value": _decimal(value),
                  "stated_unit": item.unit, "rounded_to": _decimal(step)}  # fmt: skip
        if item in changes:
            kind = _CHANGES.get(item.unit, "difference")
            unit = {"percentage_points": "percent", "difference": item.unit}.get(kind, "")
            base, level = _partners(sentence, item.start, item.direction, unit, item.lead)
            if kind == "difference" and level and not unit and level.unit in SHARES_AND_MONEY:
                base = level = None
            if re.match(r" (?:a|per) (?:day|week|month|year)\b", item.after):
                base = level = None  # up by £31, or £2.60 a month
            if base and base.unit == kind.removesuffix("_change") and not level:
                base = None  # up by 2.3%, from 1.7%: that is the change before
            counted = item.unit or (level.unit if level else "")
            stated["stated_unit"] = counted or f"{TO_FILL}: unit of the figures"
            row = _claim(kind, _around(item, fragment), _id(level), item.direction, _id(base))
            yield item.start, row | stated
        elif item.disposition != "figure":
            continue
        elif qualifier in _BOUNDS and _is_of_every(sentence):
            since = sentence.find("extreme", "since")
            row = _claim("extreme", fragment, item.id) | stated
            yield item.start, row | {"since": since[0][1] if since else ""}
        elif item.unit == "percent" and re.match(r" of (?!which\b)", item.after):
            part = f"{TO_FILL}: the figure that is the part; delete the row where there is none"
            yield item.start, _claim("share", fragment, part) | stated


def _is_of_every(sentence: Sentence) -> bool:
    """Whether a sentence tells a bound of every year, and not the highest since one."""
    every = sentence.find("extreme", "every")
    tops = sentence.find("extreme", "highest", "lowest")
    return bool(every) and not any(top.start() < every[0].start() for top in tops)


def _id(item: Found | None) -> str:
    return item.id if item else ""


def _around(item: Found, fragment: str) -> str:
    """Return the fragment with the word of change beside it, and what it is compared with."""
    text, low, high = item.part.text, item.sentence.low, item.sentence.high
    start = text.find(fragment, low)
    end = start + len(fragment)
    way = words_of("change", item.direction or "fall")
    # The first word of change that is near enough, or the one behind the number.
    starts = [lead.start() for lead in way.finditer(text, low, start)
              if not re.search(r"[.;:()]", text[lead.end() : start])]  # fmt: skip
    # The drop of a 3% drop.
    after = words_of("change", f"{item.direction or 'fall'}_after").pattern
    behind = re.match(rf"[ -]{after}", item.after, re.I) if end == item.end else None
    starts += [start] if behind or not starts else []
    end += behind.end() if behind else 0
    than = pattern_of(WORDS["change"]["than"]).match(text, end, high)
    for last in (than.end() if than else end, end):
        for first in starts:
            longer = _short(text[first:last]).rstrip(" .")
            # Years apart, it may hold one number more.
            told = number_mentions(re.sub(r"\b(?:1[89]|20)\d\d(?:[-/]\d\d)?\b", "", longer))
            if longer and len(told) <= 1 + len(number_mentions(fragment)):
                return longer
    return fragment


def _short(words: str) -> str:
    return words if len(words.split()) <= LONGEST_FRAGMENT else ""


def _partners(
    sentence: Sentence, start: int, direction: str, unit: str = "", lead: int | None = None
) -> tuple[Found | None, Found | None]:
    """Return base and level that the words around a change give."""
    text = sentence.part.text
    lead = _lead_before(sentence, start) if lead is None else lead
    turn = words_of("change", "fall" if direction == "rise" else "rise")
    fitting = [item for item in sentence.figures
               if item.role != "whole" and unit in {"", item.unit}]  # fmt: skip
    # A figure behind the number of a change is that change's own.
    figures = [item for item in fitting if _lead_before(sentence, item.start) in {None, lead}
               and not turn.search(text, start, item.start)]  # fmt: skip
    bases = [item for item in figures if item.role == "base"]
    levels = [item for item in figures if item.role != "base"
              and (not bases or item.unit in {base.unit for base in bases})]  # fmt: skip
    named = [item for item in levels if item.role == "level"]
    ahead = [item for item in named if item.start > start]
    before = [item for item in levels if item.start < start]
    within = [item for item in fitting if pattern_of("$within").fullmatch(text, item.end, start)]
    level = next(iter(within or ahead or named[-1:] or before[-1:]), None)
    if level is None:
        return next(iter(bases), None), next(iter(_this_figure(sentence, bases)), None)
    return next((item for item in bases if item.unit == level.unit), None), level


def _lead_before(sentence: Sentence, place: int) -> int | None:
    """Return where the last change before a place begins, of those in a sentence."""
    return next((item.lead for item in reversed(sentence.changes) if item.start < place), None)


def _this_figure(sentence: Sentence, bases: Sequence[Found] = ()) -> list[Found]:
    """Return the figure before a sentence that opens with "This figure" or "This is"."""
    opens = [pattern_of(WORDS["change"][words], re.I).match(sentence.part.text, sentence.low)
             for words in ("this", "back")]  # fmt: skip
    return [item for item in sentence.inside
            if item.start < sentence.low and item.disposition == "figure" and item.role != "base"
            and (opens[0] or (opens[1] and bases and item.unit == bases[0].unit))
            ][-1:]  # fmt: skip


def _word_claims(sentence: Sentence) -> Iterator[tuple[int, Row]]:
    """Yield the comparisons of a sentence that state no number of their own."""
    for match in sentence.find("extreme", "highest", "lowest"):
        if any(item.kind == "ordinal" and item.quantity.mentions[0].end == match.start() - 1
               for item in sentence.inside):  # fmt: skip
            continue  # the second highest
        way = "lowest" if words_of("extreme", "lowest").match(match.group()) else "highest"
        figures = sentence.figures or _this_figure(sentence)
        row = _claim("extreme", *_about(sentence, match, figures), way)
        for since in sentence.find("extreme", "since", start=match.start())[:1]:
            longer = _short(sentence.part.text[match.start() : since.end()])
            row |= {"since": since[1], "as_stated": longer or row["as_stated"]}
        yield match.start(), row
    for match in sentence.find("cause", "words")[:1]:
        yield match.start(), _claim("cause", *_about(sentence, match, sentence.figures))
    yield from _directions(sentence)


def _about(sentence: Sentence, match: re.Match[str], figures: Sequence[Found]) -> tuple[str, str]:
    """Return the words of a comparison, and the figure that it is about."""
    behind = sentence.part.text[match.end() : sentence.high]
    rest = re.split(r"[.;:,()]|\s(?=[£$€]?\d)", behind)[0].split()
    words = [match.group(), *rest[: max(0, 8 - len(match.group().split()))]]
    following = [item for item in figures if item.start >= match.start()]
    preceding = [item for item in figures if item.start < match.start() and item.role != "base"]
    return " ".join(words).strip(" -"), _id(next(iter(preceding[-1:] or following[:1]), None))


def _directions(sentence: Sentence) -> Iterator[tuple[int, Row]]:
    """Yield the rises, falls and no changes that a sentence tells without their size."""
    ways = sorted(((match, way) for way in ("no_change", "rise", "fall", "compared")
                   for match in sentence.find("change", way)),
                  key=lambda each: each[0].start())  # fmt: skip
    alone = sentence.find("change", "alone")
    found: dict[str, tuple[int, Row]] = {}
    for (match, way), next_way in zip_longest(ways, ways[1:]):
        start, stop = match.start(), next_way[0].start() if next_way else sentence.high
        near = [item for item in sentence.figures if start < item.start < stop]
        bases = [item for item in near if item.role == "base"]
        ends = bases or [item for item in near if item.role == "level"]
        base, level = _partners(sentence, start, way)
        base = base if base in bases else None
        told: object = any(each.start() <= start < each.end() for each in alone)
        if way == "no_change":
            told = told or (ends if sentence.changes else sentence.figures)
        elif sentence.changes or way == "compared":
            told = base and level and not (sentence.changes and way == "compared")
        else:
            told = told or ends
        if not told:
            continue
        row = _claim("direction", *_about(sentence, match, sentence.figures), way)
        if way == "compared":
            row["direction"] = f"{TO_FILL}: rise, fall or no_change"
            if base and level and _is_earlier(level.period[2], base.period[2]):
                level, base = base, level  # 18,000 in 2003, compared with 9,000 in 2012
        if ends:
            longer = _short(sentence.part.text[start : ends[0].end])
            row |= {"from_figure": _id(base) if level else "", "to_figure": _id(level),
                    "as_stated": longer or row["as_stated"]}  # fmt: skip
        if row["from_figure"] or row["to_figure"] not in found:
            found[row["to_figure"]] = start, row
    yield from found.values()


def _is_earlier(end: str, other: str) -> bool:
    """Whether a period ends before another; False where one of them has no last day."""
    return end[:4].isdigit() and other[:4].isdigit() and end < other


# ---------------------------------------------------------------- series and mentions


def _series(claims: Sequence[Row], figures: Mapping[str, Row]) -> list[Row]:
    """Return a series for every figure that has an earlier one in the same unit."""
    rows: dict[str, Row] = {}
    for claim in claims:
        base, level = (figures.get(claim[end]) for end in ("from_figure", "to_figure"))
        if not base or not level or not base["unit"] == level["unit"] != "":
            continue
        if _is_earlier(level["period_end"], base["period_end"]):
            base, level = level, base
        series = {name: level[name] for name in ("topic", "unit", "geography")} | {
            "id": f"{level['id']}_series",
            "base_figure": level["id"],
            "growth_from": base["id"],
            "figures": f"{base['id']} {level['id']}",
        }
        rows.setdefault(level["id"], series)
    return list(rows.values())


def _mentions(paragraphs: Sequence[Sequence[Sentence]]) -> list[Row]:
    """Return every number of the text, and what it is; a span of years is in no quantity."""
    rows: list[Row] = []
    for part, inside in ((sentences[0].part, sentences[0].inside) for sentences in paragraphs):
        owners = {mention.start: item for item in inside for mention in item.quantity.mentions}
        for mention in number_mentions(part.text):
            item = owners.get(mention.start)
            row = {"locator": part.locator, "token": mention.token, "nth": str(mention.nth)}
            row |= {"disposition": item.disposition if item else "date", "refers_to": _id(item)}
            rows.append(row)
    return rows
