"""The cards of the first page: the answer of each page at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from statedfigures.display.payload import Record, provenances_of
from statedfigures.display.records import Answer, Chart
from statedfigures.display.words import Provenance
from statedfigures.reports.about import on_another_page
from statedfigures.reports.register_words import panel_data, references_in
from statedfigures.sources.records import ReleaseTables

if TYPE_CHECKING:
    from statedfigures.reports.site import PageEntry

SENTENCES_AT_A_GLANCE = 3
# Charts whose id begins so show where a series is heading.
FAN = "fan-"
# What a page shows where an assumption behind it is disputed, or its review overdue.
NOTICE = "notice-reviews"
# Characters of a picture that can be taken in at a glance; one with more marks stays on its page.
SMALL_PICTURE = 8_000


def answer_card(entry: PageEntry, records: Iterable[Record]) -> dict[str, Any]:
    """Give what the first page says about a page: its answer, and its fan or first small chart.

    ``notice`` is the address of the page's notice about reviews, where it has one.
    """
    found = list(records)
    answer = next((one for one in found if isinstance(one, Answer)), Answer("", ()))
    charts = [one for one in found if isinstance(one, Chart) and len(one.svg) <= SMALL_PICTURE]
    fans = [one for one in charts if one.id.startswith(FAN)]
    chart = next(iter(fans or charts), None)
    warns = any(one.id == NOTICE for one in found)
    said = Answer(answer.id, answer.sentences[:SENTENCES_AT_A_GLANCE])
    # A computed number leads to its working, which stands on the page itself.
    words = [on_another_page(one.html(said.id), entry.address) for one in said.sentences]
    picture = chart and {
        "svg": on_another_page(chart.svg, entry.address),
        "title": on_another_page(chart.title.html(chart.id), entry.address),
    }
    return {
        "page": entry.page,
        "address": entry.address,
        "title": entry.title,
        "sentences": words,
        "notice": f"{entry.address}#{NOTICE}" if warns else "",
        "chart": picture,
        "html": "".join((*words, *([picture["title"]] if picture else []))),
        "workings": {
            f"{entry.address}#{anchor}": working
            for record in (said, chart)
            if record
            for anchor, working in workings_of(record).items()
        },
    }


def workings_of(record: Record) -> dict[str, Provenance]:
    """Give each working that stands under a record, by its id."""
    return {
        provenance.anchor(record.id): provenance
        for provenance in provenances_of(record)
        if provenance.is_working
    }


def front_panel(
    tables: ReleaseTables,
    parameters: Mapping[str, tuple[str, str]],
    cards: Sequence[Mapping[str, Any]],
) -> Markup:
    """Give what the panel of the first page says: no more than its words lead back to.

    Parameters
    ----------
    tables
        Tables of the release.
    parameters
        Name of each parameter to its value and its meaning.
    cards
        What `answer_card` gave.
    """
    said = "".join(card["html"] for card in cards)
    workings = {
        address: one
        for card in cards
        for address, one in card["workings"].items()
        if f'"{address}"' in said
    }
    return panel_data(tables, parameters, references_in(said), workings)
