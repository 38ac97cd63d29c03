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

import pandas as pd

from statedfigures.release.csv_tables import TO_FILL
from statedfigures.release.drafting.draft_numbers import (
    PADDING,
    Found,
    classify,
    draft_words,
    found_in,
    fragment_of,
    is_year,
    period_of_words,
    places_in,
    sentences_of,
    share_changes,
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
            "percentage_points": "percentage_points"}  # fmt: skip
_SINCE = re.compile(r"\bsince (?:[a-z' ]{0,40} )?((?:19|20)\d\d)\b", re.I)
_SUMMARY = "text"  # the section of what stands above the first heading
Row = dict[str, str]


@dataclass(slots=True)
class Drafted:
    """Proposed rows of each table, and the words that a draft could not read."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def frame(self, table: str) -> pd.DataFrame:
        """Return the proposed rows of a table with all of its columns, as text."""
        names = list(tables()[table].names)
        return pd.DataFrame(self.rows.get(table, []), columns=names, dtype="str").fillna("")


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
    for quantity in found:
        classify(quantity)
    share_changes(found)
    take_units(found)
    for quantity in found:
        quantity.period = period_of_words(quantity, found, published)
    topics = _topics(parts, title)
    areas = {part.locator: places_in(part.text) for part in parts}
    figures = _figures(found, topics, areas)
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
        name = "summary"
        if section in headings:
            name = _free(" ".join(re.findall(r"\w+", words)[:3]), taken)
        topics[section] = {
            "id": name,
            "title": words or f"{TO_FILL}: title of the page",
            "short_name": words if 0 < len(words) <= 20 else f"{TO_FILL}: name in the navigation",
            "lead": f"{TO_FILL}: a sentence or two that open the page, without numbers",
        }
    return topics


# ---------------------------------------------------------------- figures


def _figures(
    found: Sequence[Found], topics: Mapping[str, Row], areas: Mapping[str, set[str]]
) -> list[Row]:
    rows: list[Row] = []
    taken: set[str] = set()
    kept: list[Found] = []
    of_all = set().union(*areas.values())
    stated = [item for item in found if item.disposition == "figure"]
    for place, item in enumerate(stated):
        again = [other for other in kept if (other.value, other.unit) == (item.value, item.unit)
                 and _section(other.part.locator) == _section(item.part.locator)]  # fmt: skip
        is_title = item.part.kind == "heading" or _section(item.part.locator) == HEAD
        if again:
            item.id = again[0].id
        elif not (is_title and any(_says_again(item, later) for later in stated[place + 1 :])):
            item.id = _free(_figure_name(item), taken)
            kept.append(item)
            here = areas[item.part.locator]
            rows.append(_figure(item, topics, here if len(here) == 1 else of_all))
    for item in stated:  # a number of a heading that the text repeats
        item.id = item.id or next(other.id for other in kept if other.value == item.value)
    return rows


def _says_again(item: Found, later: Found) -> bool:
    prose = later.part.kind != "heading" and _section(later.part.locator) != HEAD
    return prose and later.value == item.value


def _figure_name(item: Found) -> str:
    names = {"percent": "share", "fraction": "share", "gbp": "pounds", "usd": "dollars",
             "eur": "euros", "seconds": "time"}  # fmt: skip
    kind, first, last = item.period
    year = first[:4] if kind == "since" or not last[:4].isdigit() else last[:4]
    return f"{names.get(item.unit, item.unit) or 'number'} {year}"


def _figure(item: Found, topics: Mapping[str, Row], areas: set[str]) -> Row:
    fragment, qualifier = fragment_of(item)
    kind, first, last = item.period
    value_to = item.quantity.value_to
    return {
        "id": item.id,
        "topic": topics[_section(item.part.locator)]["id"],
        "label": f"{TO_FILL}: what is counted in “{item.text[item.start : item.end + 25].strip()}”",
        "value": _decimal(item.value),
        "value_to": "" if value_to is None else _decimal(value_to),
        "unit": item.unit or f"{TO_FILL}: what is counted",
        "qualifier": qualifier,
        "rounded_to": _decimal(item.quantity.step),
        "period_start": first,
        "period_end": last,
        "period_kind": kind or f"{TO_FILL}: the kind of period, and its days where given",
        "geography": next(iter(areas)) if len(areas) == 1 else f"{TO_FILL}: the area counted",
        "as_stated": fragment,
        "locator": item.part.locator,
    }


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
    parts: Sequence[SourceParagraph], found: Sequence[Found], topics: Mapping[str, Row]
) -> list[Row]:
    claims: list[Row] = []
    taken: set[str] = set()
    said: set[tuple[str, ...]] = set()
    sized: set[tuple[str, str]] = set()
    for part in parts:
        inside = [item for item in found if item.part is part]
        offered = [*_number_claims(inside)]
        sized |= {(row["from_figure"], row["to_figure"]) for _, row in offered}
        if part.kind != "heading":
            offered += _word_claims(part.text, inside)
        for start, row in sorted(offered, key=lambda each: each[0]):
            ends = row["from_figure"], row["to_figure"]
            stated = (row["stated_value"], row["as_stated"].casefold())
            key = (row["kind"], *ends, *(() if ends[0] and not row["stated_value"] else stated))
            if key in said or (row["kind"] == "direction" and all(ends) and ends in sized):
                continue
            said.add(key)
            direction = row["direction"].partition(TO_FILL)[0]
            row |= {
                "id": _free(f"{row['kind']} {direction}", taken),
                "topic": topics[_section(part.locator)]["id"],
                "label": f"{TO_FILL}: the comparison in plain words",
                "locator": part.locator,
            }
            claims.append(row)
            for item in inside:
                within = item.start == start
                if not row["stated_value"]:
                    within = start <= item.start < start + max(1, len(row["as_stated"]))
                if within and item.disposition == "claim" and not item.id:
                    item.id = row["id"]
    for item in found:
        if item.disposition == "claim" and not item.id:
            item.disposition = "ordinal" if item.kind == "ordinal" else "idiom"
    return claims


def _claim(kind: str, as_stated: str, to_figure: str = "", direction: str = "") -> Row:
    """Return a claim that states no number."""
    given = {"kind": kind, "as_stated": as_stated, "to_figure": to_figure, "direction": direction}
    return dict.fromkeys(tables()["claims"].names, "") | {"qualifier": "exact"} | given


def _number_claims(inside: Sequence[Found]) -> Iterator[tuple[int, Row]]:
    """Yield the claims that state a number, and the shares that a figure may be."""
    for item in inside:
        fragment, qualifier = fragment_of(item)
        stated = {"qualifier": qualifier, "stated_value": _decimal(item.value),
                  "stated_unit": item.unit or f"{TO_FILL}: unit of the figures",
                  "rounded_to": _decimal(item.quantity.step)}  # fmt: skip
        is_bound = qualifier in _BOUNDS and _is_of_every_year(item)
        if item.disposition == "figure" and is_bound:
            since = _SINCE.search(item.text, *item.sentence)
            row = _claim("extreme", fragment, item.id) | stated
            yield item.start, row | {"since": since[1] if since else ""}
        elif item.disposition == "figure" and item.unit == "percent":
            if re.match(r" of (?!which\b)", item.text[item.end :]):
                part = f"{TO_FILL}: the figure that is the part; delete the row where there is none"
                yield item.start, _claim("share", fragment, part) | stated
        elif item.disposition == "claim" and item.kind != "ordinal":
            kind = _CHANGES.get(item.unit, "difference")
            if item.kind == "multiple" or item.is_half:
                kind, value, step = "multiple", item.value, item.quantity.step
                if item.direction == "fall" and value > 1:
                    value, step = 1 / value, step / value**2
                stated |= {"stated_unit": kind, "stated_value": _decimal(value),
                           "rounded_to": _decimal(step)}  # fmt: skip
            base, level = _partners(item, inside, kind)
            units = [other.unit for other in inside if other.id == level and other.unit]
            if kind == "difference" and level and units:
                stated["stated_unit"] = units[0]
            row = _claim(kind, _around(item, fragment), level, item.direction)
            yield item.start, row | stated | {"from_figure": base}


def _around(item: Found, fragment: str) -> str:
    """Return the fragment with the word of change beside it, and what it is compared with."""
    low, high = item.sentence
    start = item.text.find(fragment, low)
    end = start + len(fragment)
    words, way = draft_words()["change"], item.direction if item.direction == "rise" else "fall"
    # The first word of change that is near enough, or the one behind the number.
    leads = re.finditer(rf"\b(?:{words[way]})\b(?=[^.;:()]*$)", item.text[low:start], re.I)
    behind = _word_behind(item) if end == item.end else ""
    starts = [low + lead.start() for lead in leads]
    starts += [start] if behind or not starts else []
    end += len(behind)
    than = _THAN.match(item.text, end, high)
    for last in (than.end() if than else end, end):
        for first in starts:
            longer = _short(item.text[first:last]).rstrip(" .")
            told = [mention for mention in number_mentions(longer) if not is_year(mention)]
            if longer and len(told) <= 1 + len(number_mentions(fragment)):
                return longer
    return fragment


_THAN = re.compile(
    r"(?: (?:than|on|from|against)| compared (?:with|to))\b"
    r"(?:(?! (?:and|but|while|with|to)\b(?! (?:\w+ )?(?:19|20)\d\d))(?:[^.;:,()]|[.,](?=\d)))*"
)


def _word_behind(item: Found) -> str:
    """Return the word of change right behind a number: the drop of a 3% drop."""
    words = draft_words()["change"]
    after = words["rise_after" if item.direction == "rise" else "fall_after"]
    found = re.match(rf"[ -](?:{after})\b", item.text[item.end : item.sentence[1]], re.I)
    return found.group() if found else ""


def _partners(item: Found, inside: Sequence[Found], kind: str) -> tuple[str, str]:
    """Return the ids of base and level that the words around a change give."""
    unit = {"percentage_points": "percent", "difference": item.unit or None}.get(kind)
    here = [
        other for other in inside if other.disposition == "figure" and unit in {None, other.unit}
    ]
    low, high = item.sentence
    sentence = [other for other in here if low <= other.start < high]
    # Behind another word of change a base is that change's own: fell by 6, down from 31.
    change = "|".join(draft_words()["change"][way] for way in ("rise", "fall"))
    own = re.compile(rf"\b(?:{change})\b", re.I)
    behind = item.end + len(_word_behind(item))
    bases = [other for other in sentence
             if _is_base(other) and not own.search(item.text, behind, other.start)]  # fmt: skip
    levels = [other for other in sentence if other not in bases]
    named = [other for other in levels if _is_level(other)]
    ahead = [other for other in named if other.start > item.start]
    before = [other for other in levels if other.start < item.start]
    level = next(iter(ahead or named[-1:] or before[-1:]), None)
    # A level before that has a change of its own has its base too.
    others = bool(ahead) and any(other in named for other in before)
    bases = [other for other in bases if not others or other.start > item.start]
    if level is None and (meant := _this_figure(item.text, low, inside)):
        return (bases[0].id if bases else ""), meant[0].id
    if level is None:
        return (bases[0].id if bases else ""), ""
    earlier = [
        other for other in here if other.start < level.start and other.period != level.period
    ]
    near = bases or ([] if others else reversed(earlier))
    same = [other for other in near if other.unit == level.unit]
    return (same[0].id if same else ""), level.id


_THIS = re.compile(
    r"This (?:(?:figure|number|total|level|count|share|rate)\b|"
    r"(?:is|was|represents) (?:up|down|an?|the|about|around|almost|nearly|some|\d))"
)


def _this_figure(text: str, low: int, inside: Sequence[Found]) -> list[Found]:
    """Return the figure before a sentence that opens with "This figure" or "This is"."""
    if not _THIS.match(text, low):
        return []
    before = [item for item in inside if item.disposition == "figure" and item.start < low]
    return [item for item in before if not _is_base(item)][-1:]


_BASE = re.compile(
    rf"(?:\b(?:on|against|compared (?:with|to)|as opposed to|figure of|double|twice)|"
    rf"% (?:more|fewer|less|higher|lower) than){PADDING}"
    r"(?: [\d/-]+ (?:figure|total) of)? ?[£$€]?$",
    re.I,
)
_FROM = re.compile(rf"\bfrom{PADDING} ?[£$€]?$", re.I)


def _is_base(item: Found) -> bool:
    """Whether a figure is what another is compared with: up from 400, on the 400 of 2018."""
    before = item.text[item.sentence[0] : item.start]
    if not (origin := _FROM.search(before)):
        return bool(_BASE.search(before))
    near = before[max(0, origin.start() - 60) : origin.start()]
    change = (
        rf"\b(?:{draft_words()['change']['rise']}|{draft_words()['change']['fall']}|doubl\w+|\d)\b"
    )
    taken_out = re.search(r"\b(?:\w+ing \w+|\w+ed|action)$", near.rstrip())
    return bool(re.search(change, near, re.I)) and not taken_out


def _is_level(item: Found) -> bool:
    before = item.text[item.sentence[0] : item.start]
    return bool(re.search(r"\bto(?: (?:about|around|just|under|over|almost|nearly))* ?$", before))


def _is_of_every_year(item: Found) -> bool:
    """Whether a sentence speaks of all years together: since 2010, consistently, every year."""
    sentence = item.text[slice(*item.sentence)]
    since = re.search(r"\bsince (?:19|20)\d\d\b", sentence, re.I)
    return bool(since or words_of("extreme", "every").search(sentence))


def _word_claims(text: str, inside: Sequence[Found]) -> Iterator[tuple[int, Row]]:
    """Yield the comparisons of a paragraph that state no number of their own."""
    for low, high in sentences_of(text):
        here = [item for item in inside if low <= item.start < high]
        figures = [item for item in here if item.disposition == "figure"]
        numbered = [item for item in here if item.disposition == "claim" and item.kind != "ordinal"]
        yield from _extremes(text, low, high, figures or _this_figure(text, low, inside))
        if match := words_of("cause", "words").search(text, low, high):
            yield match.start(), _claim("cause", *_about(text, match, high, figures))
        yield from _directions(text, low, high, figures, numbered, inside)


def _about(text: str, match: re.Match[str], high: int, figures: Sequence[Found]) -> tuple[str, str]:
    """Return the words of a comparison, and the figure that it is about."""
    rest = re.split(r"[.;:,()]|\s(?=[£$€]?\d)", text[match.end() : high])[0].split()
    words = [match.group(), *rest[: max(0, 8 - len(match.group().split()))]]
    following = [item for item in figures if item.start >= match.start()]
    preceding = [item for item in figures if item.start < match.start() and not _is_base(item)]
    about = next(iter(preceding[-1:] or following[:1]), None)
    return " ".join(words).strip(" -"), about.id if about else ""


def _short(words: str) -> str:
    return words if len(words.split()) <= LONGEST_FRAGMENT else ""


def _extremes(
    text: str, low: int, high: int, figures: Sequence[Found]
) -> Iterator[tuple[int, Row]]:
    covered = low
    matches = [(match, way) for way in ("highest", "lowest")
               for match in words_of("extreme", way).finditer(text, low, high)]  # fmt: skip
    for match, direction in sorted(matches, key=lambda each: each[0].start()):
        if match.start() < covered:
            continue
        covered = match.end() + 25
        row = _claim("extreme", *_about(text, match, high, figures), direction)
        if since := _SINCE.search(text, match.start(), high):
            longer = _short(text[match.start() : since.end()])
            row |= {"since": since[1], "as_stated": longer or row["as_stated"]}
        yield match.start(), row


def _directions(
    text: str,
    low: int,
    high: int,
    figures: Sequence[Found],
    numbered: Sequence[Found],
    inside: Sequence[Found],
) -> Iterator[tuple[int, Row]]:
    """Yield a rise, a fall or no change that is told without its size."""
    alone = words_of("change", "alone").search(text, low, high)
    ways = [(match, way) for way in ("no_change", "rise", "fall")
            for match in words_of("change", way).finditer(text, low, high)]  # fmt: skip
    for match, direction in ways:
        near = [item for item in figures if match.start() < item.start < match.end() + 40]
        base = next((item for item in near if _is_base(item)), None)
        level = next((item for item in near if _is_level(item)), None)
        sized = any(abs(item.start - match.start()) < 40 for item in numbered)
        still = direction == "no_change" and bool(figures or alone)
        if not (still or base or ((level or alone) and not sized)):
            continue
        row = _claim("direction", *_about(text, match, high, figures), direction)
        if last := base or level:
            same = [item for item in inside if item.disposition == "figure" and item is not base
                    and item.unit == last.unit and item.start < last.start]  # fmt: skip
            level = level if level and level.unit == last.unit else next(iter(same[-1:]), None)
            ends = {"from_figure": base.id if base and level else "",
                    "to_figure": level.id if level else "",
                    "as_stated": _short(text[match.start() : last.end])}  # fmt: skip
            row |= {name: words for name, words in ends.items() if words or name != "as_stated"}
        if still and (follows := [item for item in near if item.start - match.end() <= 3]):
            row["to_figure"] = follows[0].id
            row["as_stated"] = text[match.start() : follows[0].end]
        yield match.start(), row
        return
    compared = words_of("change", "compared").search(text, low, high)
    if compared and not numbered:
        after = [item for item in figures if item.start > compared.start()]
        before = [item for item in figures if item.start < compared.start()]
        if after and before:
            words = _short(text[compared.start() : after[0].end]) or compared.group()
            level, base = before[-1], after[0]
            if _is_earlier(level.period[2], base.period[2]):
                level, base = base, level  # 18,000 in 2003, compared with 9,000 in 2012
            row = _claim("direction", words, level.id, f"{TO_FILL}: rise, fall or no_change")
            yield compared.start(), row | {"from_figure": base.id}


def _is_earlier(end: str, other: str) -> bool:
    """Whether a period ends before another; False where one of them has no last day."""
    return end[:4].isdigit() and other[:4].isdigit() and end < other


# ---------------------------------------------------------------- series and mentions


def _series(claims: Sequence[Row], figures: Mapping[str, Row]) -> list[Row]:
    """Return a series for every figure that has an earlier one in the same unit."""
    rows: dict[str, Row] = {}
    for claim in claims:
        base, level = figures.get(claim["from_figure"]), figures.get(claim["to_figure"])
        if base is None or level is None or base["unit"] != level["unit"]:
            continue
        if level["unit"].startswith(TO_FILL):
            continue
        if _is_earlier(level["period_end"], base["period_end"]):
            base, level = level, base
        series = {name: level[name] for name in ("topic", "unit", "geography")} | {
            "id": f"{level['id']}_series",
            "title": f"{TO_FILL}: title of the series",
            "body": f"{TO_FILL}: who counts",
            "coverage": f"{TO_FILL}: what is counted",
            "projectable": f"{TO_FILL}: yes, bounds_only or no",
            "reason": f"{TO_FILL}: why it may be projected, or not",
            "base_figure": level["id"],
            "growth_from": base["id"],
            "figures": f"{base['id']} {level['id']}",
        }
        rows.setdefault(level["id"], series)
    return list(rows.values())


def _mentions(parts: Sequence[SourceParagraph], found: Sequence[Found]) -> list[Row]:
    owners = {
        (item.part.locator, mention.start): item
        for item in found
        for mention in item.quantity.mentions
    }
    rows: list[Row] = []
    for part in parts:
        for mention in number_mentions(part.text):
            item = owners.get((part.locator, mention.start))  # a span of years is in none
            row = {"locator": part.locator, "token": mention.token, "nth": str(mention.nth)}
            row |= {"disposition": item.disposition if item else "date"}
            rows.append(row | {"refers_to": item.id if item else ""})
    return rows
