"""Domain rules for single rows: what a Table Schema cannot say.

Each rule is a small function whose first line is the rule. It is given one
record and yields a problem for everything that breaks it: the column, what was
found and what to do. Rules across tables are in ``references``, rules on the
words of the release in ``fragments``, rules on dates in ``dates``.
"""

# The docstring of a rule is the rule, as a sentence.
# ruff: noqa: D401

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from statedfigures.errors import Fault
from statedfigures.sources.cells import quoted
from statedfigures.sources.dates import (
    month_is_a_first_day,
    period_fits_its_kind,
    period_is_ordered,
    published_period_exists,
    review_follows_decision,
)
from statedfigures.sources.fragments import (
    fragment_holds_stated_value,
    fragment_is_short,
    qualifier_fits_fragment,
)
from statedfigures.sources.records import (
    Assumption,
    Claim,
    Figure,
    Mention,
    PublishedFigure,
    Series,
)

Problem = tuple[str, str, str]
RowRule = Callable[[Any], Iterator[Problem]]

_ID = re.compile(r"[a-z][a-z0-9_]*")
NUMBER_KINDS = {"ratio", "percent_change", "multiple", "share"}
_REFERS_TO_ROW = {"figure", "claim"}
MAY_REFER_TO_ROW = _REFERS_TO_ROW | {"date"}


def id_is_plain(record: Any) -> Iterator[Problem]:
    """An id is small letters, digits and underscores, because pages and links use it."""
    if not _ID.fullmatch(record.id):
        remedy = "use small letters, digits and underscores, a letter first"
        yield "id", f"{quoted(record.id)} cannot be an id", remedy


def number_is_not_negative(record: Figure | PublishedFigure) -> Iterator[Problem]:
    """A count or share is not below zero."""
    if record.value < 0:
        yield "value", f"{record.value} is negative", "check the number"


def percent_is_at_most_100(record: Figure | PublishedFigure) -> Iterator[Problem]:
    """A share in percent is at most 100."""
    if record.unit == "percent" and record.value > 100:
        yield "value", f"{record.value} percent is more than the whole", "check number and unit"


def value_is_whole_steps(record: Figure) -> Iterator[Problem]:
    """A stated value is a whole number of the steps that it is rounded to."""
    if record.rounded_to < 0:
        yield "rounded_to", f"{record.rounded_to} is negative", "give the step of the last digit"
    elif record.rounded_to and record.value % record.rounded_to:
        found = f"{record.value} is no multiple of the step {record.rounded_to}"
        yield "rounded_to", found, "give the step of the last digit that the release states"


def claim_has_what_its_kind_needs(claim: Claim) -> Iterator[Problem]:
    """A claim with a number states it with its unit; every other claim names a figure."""
    if claim.kind in NUMBER_KINDS and claim.stated_value is None:
        yield "stated_value", f"a claim of the kind {claim.kind} states no number", "fill it in"
    if claim.kind not in NUMBER_KINDS and not claim.to_figure:
        yield "to_figure", f"a claim of the kind {claim.kind} names no figure", "fill it in"
    if claim.kind == "share" and not claim.to_figure:
        yield "to_figure", "a share names no figure that is the part", "fill it in"
    if claim.stated_value is None:
        return
    if not claim.stated_unit:
        found = f"{claim.stated_value} has no unit"
        yield "stated_unit", found, "write percent, fraction or multiple"
    if claim.rounded_to is None:
        yield "rounded_to", f"{claim.stated_value} has no rounding step", "fill it in"
    if claim.kind == "share" and claim.stated_value > _whole(claim.stated_unit):
        yield "stated_value", f"a share of {claim.stated_value} is more than the whole", "check it"
    if claim.kind == "multiple" and claim.stated_unit not in {"", "multiple"}:
        found = f"a multiple is stated in {claim.stated_unit}"
        yield "stated_unit", found, "write multiple, or the kind percent_change"
    if claim.kind in {"percent_change", "share"} and claim.stated_unit == "multiple":
        found = f"a claim of the kind {claim.kind} is stated as a multiple"
        yield "stated_unit", found, "write percent or fraction, or the kind multiple"


def claim_compares_two_figures(claim: Claim) -> Iterator[Problem]:
    """A claim does not compare a figure with itself."""
    if claim.from_figure and claim.from_figure == claim.to_figure:
        found = f"{quoted(claim.to_figure)} is compared with itself"
        yield "to_figure", found, "name the other one"


def mention_says_what_it_is(mention: Mention) -> Iterator[Problem]:
    """A mention that is a figure or a claim names it; one that is neither names nothing."""
    if mention.disposition in _REFERS_TO_ROW and not mention.refers_to:
        found = f"a mention that is a {mention.disposition} names none"
        yield "refers_to", found, f"write the id of the {mention.disposition}"
    if mention.disposition not in MAY_REFER_TO_ROW and mention.refers_to:
        found = f"{quoted(mention.refers_to)} stands beside the disposition {mention.disposition}"
        yield "refers_to", found, "empty it, or make the disposition figure or claim"


def projectable_series_can_be_projected(series: Series) -> Iterator[Problem]:
    """A series that is projected has a base and a growth; any other has a reason."""
    if series.projectable != "yes":
        if not series.reason:
            yield "reason", "no reason says why the series is not projected", "give it"
        return
    if not series.base_figure:
        yield "base_figure", "a projected series has no base", "name the figure it starts from"
    if not series.growth_claim and not (series.growth_from and series.growth_to):
        remedy = "name growth_from and growth_to, or growth_claim"
        yield "growth_from", "a projected series has no observed growth", remedy


def assumption_range_is_ordered(assumption: Assumption) -> Iterator[Problem]:
    """The low of an assumption is at most its central, and that at most its high."""
    low, central, high = assumption.low, assumption.central, assumption.high
    if low > central:
        yield "low", f"low {low:g} is above central {central:g}", "put the three in order"
    if central > high:
        yield "high", f"high {high:g} is below central {central:g}", "put the three in order"


def assumption_keeps_within_allowed(assumption: Assumption) -> Iterator[Problem]:
    """The range of an assumption lies within what is allowed."""
    least, most = assumption.allowed_min, assumption.allowed_max
    if least > most:
        yield "allowed_min", f"allowed_min {least:g} is above allowed_max {most:g}", "swap them"
        return
    for column in ("low", "central", "high"):
        value = getattr(assumption, column)
        if not least <= value <= most:
            found = f"{value:g} is outside the allowed range {least:g} to {most:g}"
            yield column, found, "change the value, or the range with a reason"


def lognormal_is_positive(assumption: Assumption) -> Iterator[Problem]:
    """A log-normal assumption is above zero."""
    if assumption.distribution == "lognormal" and assumption.low <= 0:
        found = f"low {assumption.low:g} of a lognormal assumption is not above zero"
        yield "low", found, "give a value above zero or another distribution"


def address_is_of_the_web(published: PublishedFigure) -> Iterator[Problem]:
    """An address begins with http, because readers will follow it."""
    if not re.fullmatch(r"https?://[^\s<>\"']+", published.url):
        yield "url", f"{quoted(published.url)} is not a web address", "begin it with https://"


ROW_RULES: Mapping[str, tuple[RowRule, ...]] = {
    "figures": (
        id_is_plain,
        number_is_not_negative,
        percent_is_at_most_100,
        value_is_whole_steps,
        period_is_ordered,
        period_fits_its_kind,
        fragment_is_short,
        fragment_holds_stated_value,
        qualifier_fits_fragment,
    ),
    "mentions": (mention_says_what_it_is,),
    "claims": (
        id_is_plain,
        claim_has_what_its_kind_needs,
        claim_compares_two_figures,
        fragment_is_short,
        fragment_holds_stated_value,
        qualifier_fits_fragment,
    ),
    "measures": (id_is_plain,),
    "series": (id_is_plain, projectable_series_can_be_projected),
    "assumptions": (
        id_is_plain,
        assumption_range_is_ordered,
        assumption_keeps_within_allowed,
        lognormal_is_positive,
        review_follows_decision,
    ),
    "published": (
        id_is_plain,
        number_is_not_negative,
        percent_is_at_most_100,
        published_period_exists,
        address_is_of_the_web,
    ),
    "tor_monthly_users": (month_is_a_first_day,),
}


def row_faults(records: Mapping[str, tuple[Any, ...]]) -> Iterator[Fault]:
    """Hold every row against the rules for its table.

    Parameters
    ----------
    records
        Name of each table to its records.

    Yields
    ------
    Fault
        One for each problem.
    """
    for table, rules in ROW_RULES.items():
        for record in records.get(table, ()):
            for rule in rules:
                for column, found, remedy in rule(record):
                    yield Fault(f"{table}.csv", record.row, column, found, remedy)


def _whole(unit: str) -> Decimal:
    return Decimal(100) if unit == "percent" else Decimal(1)
