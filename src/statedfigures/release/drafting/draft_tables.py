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
    take_units(found)
    for quantity in found:
        quantity.period = period_of_words(quantity, found, published)
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


def _figures(found: Sequence[Found], topics: Mapping[str, Row]) -> list[Row]:
    rows: list[Row] = []
    taken: set[str] = set()
    kept: list[Found] = []
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


def _stated_already(item: Found, kept: Sequence[Found], found: Sequence[Found]) -> Found | None:
    """Return the figure that says the same in this section, or behind a heading."""
    for other in kept:
        same = other.value == item.value and other.unit == item.unit
        if same and _section(other.part.locator) == _section(item.part.locator):
            return other
    if item.part.kind == "heading" or _section(item.part.locator) == HEAD:
        for other in found[found.index(item) + 1 :]:
            later = other.disposition == "figure" and other.part is not item.part
            if later and other.value == item.value and other.part.kind != "heading":
                return other
    return None


def _figure_id(item: Found, taken: set[str]) -> str:
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


def _figure_row(item: Found, topics: Mapping[str, Row]) -> Row:
    quantity = item.quantity
    fragment, qualifier = fragment_of(item)
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
    rows: list[tuple[int, int, Row]] = []
    places = {part.locator: number for number, part in enumerate(parts)}
    for item in found:
        if item.disposition == "claim" and item.quantity.mentions[0].kind != "ordinal":
            rows.append((places[item.part.locator], item.start, _number_claim(item, found)))
        elif item.disposition == "figure" and item.unit == "percent":
            bound = fragment_of(item)[1] in _BOUNDS and _is_of_every_year(item)
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


def _number_claim(item: Found, found: Sequence[Found]) -> Row:
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
    fragment, qualifier = fragment_of(item)
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


def _around(item: Found, fragment: str) -> str:
    """Return the fragment with the word of change that stands beside it."""
    low, high = item.sentence
    start = item.text.find(fragment, low)
    if start < 0:
        return fragment
    words = draft_words()["change"]
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


def _share_claim(item: Found) -> Row:
    fragment, qualifier = fragment_of(item)
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


def _partners(item: Found, found: Sequence[Found], kind: str) -> tuple[str, str]:
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
    words = draft_words()["change"]
    return bool(
        re.search(rf"\b(?:{words['rise']}|{words['fall']}|doubl\w+|\d)\b", near, re.I)
    ) and not re.search(r"\b(?:\w+ing \w+|\w+ed|action)$", near.rstrip())


def _is_level(item: Found) -> bool:
    before = item.text[item.sentence[0] : item.start]
    return bool(re.search(r"\bto(?: (?:about|around|just|under|over|almost|nearly))* ?$", before))


def _word_claims(part: SourceParagraph, inside: Sequence[Found]) -> Iterator[tuple[int, Row]]:
    """Yield the comparisons of a paragraph that state no number of their own."""
    text = part.text
    for low, high in sentences_of(text):
        figures = [i for i in inside if low <= i.start < high and i.disposition == "figure"]
        numbered = [i for i in inside if low <= i.start < high and i.disposition == "claim"
                    and i.quantity.mentions[0].kind != "ordinal"]  # fmt: skip
        yield from _extremes(text, low, high, figures)
        if match := words_of("cause", "words").search(text, low, high):
            yield match.start(), _plain(text, match, high, "cause", "", figures)
        yield from _directions(text, low, high, figures, numbered, inside)


def _plain(
    text: str, match: re.Match[str], high: int, kind: str, direction: str, figures: Sequence[Found]
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


def _is_of_every_year(item: Found) -> bool:
    """Whether a sentence speaks of all years together: since 2010, consistently, every year."""
    sentence = item.text[slice(*item.sentence)]
    since = re.search(r"\bsince (?:19|20)\d\d\b", sentence, re.I)
    return bool(since or words_of("extreme", "every").search(sentence))


def _extremes(
    text: str, low: int, high: int, figures: Sequence[Found]
) -> Iterator[tuple[int, Row]]:
    covered = low
    for match in re.finditer(
        rf"\b(?:(?P<high>{draft_words()['extreme']['highest']})|(?P<low>{draft_words()['extreme']['lowest']}))\b",
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
        fragment, qualifier = fragment_of(item)
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
    figures: Sequence[Found],
    numbered: Sequence[Found],
    inside: Sequence[Found],
) -> Iterator[tuple[int, Row]]:
    """Yield a rise, a fall or no change that is told without its size."""
    bases = [item for item in figures if _is_base(item)]
    for direction in ("no_change", "rise", "fall"):
        match = words_of("change", direction).search(text, low, high)
        if match is None:
            continue
        alone = words_of("change", "alone").search(text, low, high)
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
    match = words_of("change", "compared").search(text, low, high)
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


def _mentions(parts: Sequence[SourceParagraph], found: Sequence[Found]) -> list[Row]:
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
