"""From the paragraphs of a release to proposed rows: mentions, figures, comparisons, series.

Nothing is proposed that the text does not say: where the words give no unit, no
period or no direction, the cell is left `TO FILL` for a person. The words that
are looked for stand in `draft_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from statedfigures.release.csv_tables import TO_FILL
from statedfigures.release.drafting.draft_numbers import (
    PADDING,
    WORDS,
    Found,
    found_in,
    fragment_of,
    period_of_words,
    places_in,
    sentences_of,
    take_units,
    words_of,
)
from statedfigures.release.numerals import number_mentions
from statedfigures.release.rules import PAGES
from statedfigures.release.schema import tables
from statedfigures.release.source_text import HEAD, SourceParagraph

LONGEST_FRAGMENT = 12  # words
_BOUNDS = frozenset({"more_than", "less_than", "at_least", "up_to"})
_CHANGES = {"percent": "percent_change", "fraction": "percent_change",
            "percentage_points": "percentage_points", "multiple": "multiple"}  # fmt: skip
_SINCE = re.compile(r"\bsince (?:[a-z' ]{0,40} )?((?:19|20)\d\d)\b", re.I)
_FROM = re.compile(rf"\bfrom{PADDING} ?[£$€]?$", re.I)
_BASE = re.compile(
    rf"(?:\b(?:on|against|compared (?:with|to)|as opposed to|figure of|double|twice)|"
    rf"% (?:more|fewer|less|higher|lower) than){PADDING}"
    r"(?: [\d/-]+ (?:figure|total) of)? ?[£$€]?$",
    re.I,
)
_THAN = re.compile(
    r"(?: (?:than|on|from|against)| compared (?:with|to))\b"
    r"(?:(?! (?:and|but|while|with|to)\b(?! (?:\w+ )?(?:19|20)\d\d))(?:[^.;:,()]|[.,](?=\d)))*"
)
_THIS = re.compile(
    r"This (?:(?:figure|number|total|level|count|share|rate)\b|"
    r"(?:is|was|represents) (?:up|down|an?|the|about|around|almost|nearly|some|\d))"
)
Row = dict[str, str]


@dataclass(slots=True)
class Drafted:
    """Proposed rows of each table, and the words that a draft could not read."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def frame(self, table: str) -> pd.DataFrame:
        """Return the proposed rows of a table with all of its columns, as text."""
        names = list(tables()[table].names)
        frame = pd.DataFrame(self.rows.get(table, []), columns=names, dtype="str").fillna("")
        return frame.replace({name: {"": words} for name, words in to_fill(table).items()})


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
    found = [quantity for part in parts for quantity in found_in(part)]
    take_units(found)
    for quantity in found:
        quantity.period = period_of_words(quantity, found, published)
    topics = _topics(parts, title)
    figures = _figures(parts, found, topics)
    claims = _claims(parts, found, topics)
    used = {row["topic"] for row in (*figures, *claims)}
    pages = {row["id"]: row for row in topics.values()}
    return Drafted(
        {
            "topics": [row for name, row in pages.items() if name in used or len(pages) == 1],
            "paragraphs": [{"locator": part.locator, "sha256": part.sha256} for part in parts],
            "figures": figures,
            "claims": claims,
            "series": _series(claims, {row["id"]: row for row in figures}),
            "mentions": _mentions(parts, found),
        }
    )


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


def _figures(
    parts: Sequence[SourceParagraph], found: Sequence[Found], topics: Mapping[str, Row]
) -> list[Row]:
    areas = {part.locator: places_in(part.text) for part in parts}
    of_all = set().union(*areas.values())
    rows: list[Row] = []
    taken: set[str] = set()
    kept: dict[tuple[Any, ...], str] = {}
    # Last the numbers of headings: what the text repeats is told there.
    for item in sorted((item for item in found if item.disposition == "figure"), key=_is_title):
        key = (item.value, item.unit, _section(item.part.locator))
        again = [name for other, name in kept.items()
                 if other == key or (_is_title(item) and other[0] == item.value)]  # fmt: skip
        item.id = again[0] if again else _free(_figure_name(item), taken)
        if not again:
            kept[key] = item.id
            here = areas[item.part.locator]
            topic = topics[_section(item.part.locator)]["id"]
            rows.append(_figure(item, topic, here if len(here) == 1 else of_all))
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
    value_to = item.quantity.value_to
    return {
        "id": item.id,
        "topic": topic,
        "label": f"{TO_FILL}: what is counted in “{item.text[item.start : item.end + 25].strip()}”",
        "value": _decimal(item.value),
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
    ends = 10**10 % value.denominator == 0
    return f"{float(value):.{10 if ends else 4}f}".rstrip("0").rstrip(".") or "0"


# ---------------------------------------------------------------- claims


def _claims(
    parts: Sequence[SourceParagraph], found: Sequence[Found], topics: Mapping[str, Row]
) -> list[Row]:
    claims: list[Row] = []
    taken: set[str] = set()
    said: set[tuple[str, ...]] = set()
    sized: set[tuple[str, str]] = set()
    for part in parts:
        inside = [item for item in found if item.part is part]
        offered = [claim for item in inside for claim in _number_claims(item, inside)]
        sized |= {(row["from_figure"], row["to_figure"]) for _, row in offered}
        for low, high in sentences_of(part.text) if part.kind != "heading" else ():
            offered += _word_claims(part.text, low, high, inside)
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
    for item in found:
        if item.disposition == "claim" and not item.id:
            item.disposition = "ordinal" if item.kind == "ordinal" else "idiom"
    return claims


def _claim(kind: str, as_stated: str, to_figure: str = "", direction: str = "") -> Row:
    """Return a claim that states no number."""
    return {"kind": kind, "as_stated": as_stated, "to_figure": to_figure, "direction": direction,
            "from_figure": "", "stated_value": "", "qualifier": "exact"}  # fmt: skip


def _number_claims(item: Found, inside: Sequence[Found]) -> Iterator[tuple[int, Row]]:
    """Yield the claim that states a number, or what a figure is the share or the bound of."""
    fragment, qualifier = fragment_of(item)
    value, step = item.value, item.quantity.step
    if item.unit == "multiple" and item.direction == "fall" and value > 1:
        value, step = 1 / value, step / value**2
    stated = {
        "qualifier": qualifier,
        "stated_value": _decimal(value),
        "stated_unit": item.unit or f"{TO_FILL}: unit of the figures",
        "rounded_to": _decimal(step),
    }
    if item.disposition == "claim" and item.kind != "ordinal":
        kind = _CHANGES.get(item.unit, "difference")
        base, level = _partners(item, inside, kind)
        if kind == "difference":
            stated["stated_unit"] = level.unit if level and level.unit else stated["stated_unit"]
        row = _claim(kind, _around(item, fragment), level.id if level else "", item.direction)
        yield item.start, row | stated | {"from_figure": base.id if base else ""}
    elif item.disposition == "figure" and qualifier in _BOUNDS and _is_of_every_year(item):
        since = _SINCE.search(item.text, *item.sentence)
        row = _claim("extreme", fragment, item.id) | stated
        yield item.start, row | {"since": since[1] if since else ""}
    elif item.disposition == "figure" and re.match(r" of (?!which\b)", item.after):
        part = f"{TO_FILL}: the figure that is the part; delete the row where there is none"
        if item.unit == "percent":
            yield item.start, _claim("share", fragment, part) | stated


def _is_of_every_year(item: Found) -> bool:
    """Whether a sentence speaks of all years together: since 2010, consistently, every year."""
    sentence = item.text[slice(*item.sentence)]
    since = re.search(r"\bsince (?:19|20)\d\d\b", sentence, re.I)
    return bool(since or words_of("extreme", "every").search(sentence))


def _around(item: Found, fragment: str) -> str:
    """Return the fragment with the word of change beside it, and what it is compared with."""
    low, high = item.sentence
    start = item.text.find(fragment, low)
    end = start + len(fragment)
    way = words_of("change", item.direction or "fall")
    # The first word of change that is near enough, or the one behind the number.
    starts = [lead.start() for lead in way.finditer(item.text, low, start)
              if not re.search(r"[.;:()]", item.text[lead.end() : start])]  # fmt: skip
    behind = _word_behind(item) if end == item.end else ""
    starts += [start] if behind or not starts else []
    end += len(behind)
    than = _THAN.match(item.text, end, high)
    for last in (than.end() if than else end, end):
        for first in starts:
            longer = _short(item.text[first:last]).rstrip(" .")
            # Years apart, it may hold one number more.
            told = number_mentions(re.sub(r"\b(?:1[89]|20)\d\d(?:[-/]\d\d)?\b", "", longer))
            if longer and len(told) <= 1 + len(number_mentions(fragment)):
                return longer
    return fragment


def _word_behind(item: Found) -> str:
    """Return the word of change right behind a number: the drop of a 3% drop."""
    after = words_of("change", f"{item.direction or 'fall'}_after").pattern
    found = re.match(rf"[ -]{after}", item.after, re.I)
    return found.group() if found else ""


def _short(words: str) -> str:
    return words if len(words.split()) <= LONGEST_FRAGMENT else ""


def _partners(item: Found, inside: Sequence[Found], kind: str) -> tuple[Found | None, Found | None]:
    """Return base and level that the words around a change give."""
    unit = {"percentage_points": "percent", "difference": item.unit or None}.get(kind)
    low, high = item.sentence
    figures = [other for other in inside
               if other.disposition == "figure" and unit in {None, other.unit}]  # fmt: skip
    sentence = [other for other in figures if low <= other.start < high]
    # Behind another word of change a base is that change's own: fell by 6, down from 31.
    change, behind = words_of("change", "rise", "fall"), item.end + len(_word_behind(item))
    bases = [other for other in sentence
             if _is_base(other) and not change.search(item.text, behind, other.start)]  # fmt: skip
    levels = [other for other in sentence if other not in bases]
    named = [other for other in levels if _is_level(other)]
    ahead = [other for other in named if other.start > item.start]
    before = [other for other in levels if other.start < item.start]
    level = next(iter(ahead or named[-1:] or before[-1:]), None)
    # A level before that has a change of its own has its base too.
    own = bool(ahead) and any(other in named for other in before)
    bases = [other for other in bases if not own or other.start > item.start]
    if level is None:
        meant = _this_figure(item.text, low, inside)
        return next(iter(bases), None), next(iter(meant), None)
    earlier = [other for other in reversed(figures)
               if other.start < level.start and other.period != level.period]  # fmt: skip
    near = bases or ([] if own else earlier)
    return next((other for other in near if other.unit == level.unit), None), level


def _this_figure(text: str, low: int, inside: Sequence[Found]) -> list[Found]:
    """Return the figure before a sentence that opens with "This figure" or "This is"."""
    before = [item for item in inside if item.disposition == "figure" and item.start < low]
    return [item for item in before if not _is_base(item)][-1:] if _THIS.match(text, low) else []


def _is_base(item: Found) -> bool:
    """Whether a figure is what another is compared with: up from 400, on the 400 of 2018."""
    if not (origin := _FROM.search(item.before)):
        return bool(_BASE.search(item.before))
    near = item.before[max(0, origin.start() - 60) : origin.start()]
    taken_out = re.search(r"\b(?:\w+ing \w+|\w+ed|action)$", near.rstrip())
    change = words_of("change", "rise", "fall").search(near) or re.search(r"doubl\w|\d\b", near)
    return bool(change) and not taken_out


def _is_level(item: Found) -> bool:
    return re.search(rf"\bto{PADDING} ?$", item.before) is not None


def _word_claims(
    text: str, low: int, high: int, inside: Sequence[Found]
) -> Iterator[tuple[int, Row]]:
    """Yield the comparisons of a sentence that state no number of their own."""
    figures = [item for item in inside if item.disposition == "figure" and low <= item.start < high]
    covered = low
    for match in words_of("extreme", "highest", "lowest").finditer(text, low, high):
        if match.start() >= covered:
            covered = match.end() + 25
            way = "lowest" if words_of("extreme", "lowest").match(match.group()) else "highest"
            about = figures or _this_figure(text, low, inside)
            row = _claim("extreme", *_about(text, match, high, about), way)
            if since := _SINCE.search(text, match.start(), high):
                longer = _short(text[match.start() : since.end()])
                row |= {"since": since[1], "as_stated": longer or row["as_stated"]}
            yield match.start(), row
    if cause := words_of("cause", "words").search(text, low, high):
        yield cause.start(), _claim("cause", *_about(text, cause, high, figures))
    if told := _direction(text, low, high, inside):
        yield told


def _about(text: str, match: re.Match[str], high: int, figures: Sequence[Found]) -> tuple[str, str]:
    """Return the words of a comparison, and the figure that it is about."""
    rest = re.split(r"[.;:,()]|\s(?=[£$€]?\d)", text[match.end() : high])[0].split()
    words = [match.group(), *rest[: max(0, 8 - len(match.group().split()))]]
    following = [item for item in figures if item.start >= match.start()]
    preceding = [item for item in figures if item.start < match.start() and not _is_base(item)]
    about = next(iter(preceding[-1:] or following[:1]), None)
    return " ".join(words).strip(" -"), about.id if about else ""


def _direction(text: str, low: int, high: int, inside: Sequence[Found]) -> tuple[int, Row] | None:
    """Return the rise, the fall or the no change that a sentence tells without its size."""
    here = [item for item in inside if low <= item.start < high]
    figures = [item for item in here if item.disposition == "figure"]
    sizes = [item.start for item in here if item.disposition == "claim" and item.kind != "ordinal"]
    alone = words_of("change", "alone").search(text, low, high)
    ways = [(match, way) for way in ("no_change", "rise", "fall")
            for match in words_of("change", way).finditer(text, low, high)]  # fmt: skip
    for match, way in ways:
        start, end = match.span()
        near = [item for item in figures if start < item.start < end + 40]
        base = next((item for item in near if _is_base(item)), None)
        level = next((item for item in near if _is_level(item)), None)
        sized = any(abs(size - start) < 40 for size in sizes)
        still = way == "no_change" and bool(figures or alone)
        if not (still or base or ((level or alone) and not sized)):
            continue
        row = _claim("direction", *_about(text, match, high, figures), way)
        last = base or level
        if still and near and near[0].start - end <= 3:  # remained at 80
            row |= {"to_figure": near[0].id, "as_stated": text[start : near[0].end]}
        elif last:
            same = [item for item in inside if item.disposition == "figure" and item is not base
                    and item.unit == last.unit and item.start < last.start]  # fmt: skip
            level = level if level and level.unit == last.unit else next(iter(same[-1:]), None)
            row["from_figure"] = base.id if base and level else ""
            row["to_figure"] = level.id if level else ""
            row["as_stated"] = _short(text[start : last.end]) or row["as_stated"]
        return start, row
    compared = words_of("change", "compared").search(text, low, high)
    before = [item for item in figures if compared and item.start < compared.start()]
    after = [item for item in figures if compared and item.start > compared.start()]
    if not compared or sizes or not before or not after:
        return None
    base, level = after[0], before[-1]
    words = _short(text[compared.start() : base.end]) or compared.group()
    if _is_earlier(level.period[2], base.period[2]):
        level, base = base, level  # 18,000 in 2003, compared with 9,000 in 2012
    row = _claim("direction", words, level.id, f"{TO_FILL}: rise, fall or no_change")
    return compared.start(), row | {"from_figure": base.id}


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


def _mentions(parts: Sequence[SourceParagraph], found: Sequence[Found]) -> list[Row]:
    """Return every number of the text, and what it is; a span of years is in no quantity."""
    owners = {(item.part.locator, mention.start): (item.disposition, item.id)
              for item in found for mention in item.quantity.mentions}  # fmt: skip
    rows: list[Row] = []
    for part in parts:
        for mention in number_mentions(part.text):
            disposition, owner = owners.get((part.locator, mention.start), ("date", ""))
            row = {"locator": part.locator, "token": mention.token, "nth": str(mention.nth)}
            rows.append(row | {"disposition": disposition, "refers_to": owner})
    return rows
