"""The words and tables that follow a reader's values, with what is published in their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from statedfigures.analysis.held import HeldProjection
from statedfigures.analysis.records import Projection
from statedfigures.display.bands import drawn_values, value_of
from statedfigures.display.charts_fan import fan_of, subtitle_of
from statedfigures.display.format import computed, year
from statedfigures.display.heading import (
    HIGH_50,
    HIGH_90,
    HORIZON,
    LOW_50,
    LOW_90,
    MEDIAN,
    POOLED,
    SCENARIO,
    quantiles_of,
    share_of_draws,
)
from statedfigures.display.headlines import OVER_ALL, fan_title, fan_words, heading_words
from statedfigures.display.inline import Field
from statedfigures.display.messages import Thresholds, direction
from statedfigures.display.phrases import lower_first
from statedfigures.display.records import Cell, Column, Followed, TableView
from statedfigures.display.scales import LOGARITHMIC, is_wide
from statedfigures.display.tables_projection import RANGE_COLUMNS, years_of
from statedfigures.display.words import Provenance, Quantity, Sentence, sentence

HELD = "a quantile of the draws, with the assumptions held that the reader holds"
KEY_PUBLISHED = "All assumptions vary, as published."
OVER_SOME = "over the assumptions that still vary"
OVER_NONE = "with every assumption held"
NAMES: Mapping[float, str] = {level: name for name, _, level in RANGE_COLUMNS}


def changing_words(projection: Projection) -> Mapping[str, Sequence[str]]:
    """Give the words that depend on what a reader holds.

    Returns
    -------
    Mapping
        Field to its words when nothing, something, or everything is held; the
        last of them count for what comes after. ``alt``, ``told`` and
        ``brief`` are templates: the picture for those who do not see it, what
        is read out when something has been moved, and the shortest summary.
    """
    title, last = projection.series.title, projection.horizon_year
    ends = {level: _slot(projection, f"{name}-{last}") for level, name in NAMES.items()}
    base = _slot(projection, f"{NAMES[MEDIAN]}-{projection.base_year}")
    told = sentence(
        "{subject} {way}; the middle in {year} is {middle}, the {most} range {low} to {high}.",
        subject=_slot(projection, "subject"),
        way=_slot(projection, "way"),
        year=year(last, HORIZON),
        middle=ends[MEDIAN],
        most=share_of_draws(projection, LOW_90, HIGH_90),
        low=ends[LOW_90],
        high=ends[HIGH_90],
    )
    brief = sentence(
        "{middle} in {year}, {most} range {low} to {high}",
        middle=ends[MEDIAN],
        year=year(last, HORIZON),
        most=share_of_draws(projection, LOW_90, HIGH_90),
        low=ends[LOW_90],
        high=ends[HIGH_90],
    )
    return {
        "subject": (title, subject_held(projection)),
        "titled": (title, f"{title}, with your values"),
        "key": (KEY_PUBLISHED, "Dashed: the middle and the wider range as published."),
        "over": (OVER_ALL, OVER_SOME, OVER_NONE),
        "alt": (str(fan_words(projection, _slot(projection, "titled"), base, ends)),),
        "told": (str(told),),
        "brief": (str(brief),),
    }


def _slot(projection: Projection, field: str) -> Quantity:
    """Give the place of a field in a template."""
    return Quantity(f"{{{field}}}", None, Provenance(projection.inputs, HELD))


def subject_held(projection: Projection) -> str:
    """Name a series as it begins the sentence about a reader's values."""
    return f"With your values, {lower_first(projection.series.title)}"


def followed_of(projection: Projection, scenario: str, rules: Thresholds, scope: str) -> Followed:
    """Give what follows a reader's values, as it is published.

    Parameters
    ----------
    projection, scenario, rules
        As for `headlines.heading_sentence`.
    scope
        What the ids of the tables begin with.
    """
    series, last = projection.series, projection.horizon_year
    quantiles = {one: quantiles_of(projection, POOLED, one) for one in years_of(projection)}
    published = HeldProjection(
        middle=quantiles_of(projection, scenario, last)[MEDIAN],
        base=projection.base_quantiles,
        fan=quantiles,
    )
    fields = fields_of(projection, published)
    ends = {level: fields[level, last] for level in NAMES}
    titled = _words(projection, series.title, "titled")
    return Followed(
        series=series.id,
        name=series.title,
        title=fan_title(projection, titled, ends),
        subtitle=Sentence(
            (
                *subtitle_of(projection, "").parts,
                _words(projection, KEY_PUBLISHED, "key"),
                *([LOGARITHMIC] if is_logarithmic(projection) else []),
            )
        ),
        heading=what_if_heading(projection, scenario, rules, published),
        compared=_compared(projection, scenario, fields, published, scope),
        yearly=_yearly(projection, fields, scope),
    )


def is_logarithmic(projection: Projection) -> bool:
    """Say whether the published fan is drawn on a logarithmic scale: the reader's is then too."""
    fan = fan_of(projection, POOLED)
    return is_wide(drawn_values(fan), value_of(fan[projection.horizon_year][MEDIAN]))


def fields_of(projection: Projection, held: HeldProjection) -> Mapping[tuple[float, int], Field]:
    """Give every number of a fan as a field: quantile level and year to the number."""
    fan = {projection.base_year: held.base, **held.fan}
    return {
        (level, when): _number(projection, found[level], f"{NAMES[level]}-{when}")
        for when, found in fan.items()
        for level in NAMES
        if level in found
    }


def what_if_heading(
    projection: Projection,
    scenario: str,
    rules: Thresholds,
    held: HeldProjection,
    *,
    subject: str = "",
    over: str = OVER_ALL,
) -> Sentence:
    """Say where a series is heading with a reader's values.

    Parameters
    ----------
    projection
        The published projection.
    scenario
        The scenario that the edition is told in.
    rules
        What counts as little change and as likely.
    held
        The projection with the reader's values.
    subject
        How the sentence begins; the title of the series where it is empty.
    over
        What the ranges are taken over.

    Returns
    -------
    Sentence
        The words of `headlines.heading_sentence`, all that may change as fields.
    """
    last, fields = projection.horizon_year, fields_of(projection, held)
    way = direction(held.fan[last], held.base[MEDIAN], rules)
    return heading_words(
        projection,
        scenario,
        title=_words(projection, subject or projection.series.title, "subject"),
        way=_words(projection, way.value, "way"),
        base=fields[MEDIAN, projection.base_year],
        middle=_number(projection, held.middle, "middle"),
        over=_words(projection, over, "over"),
        ends={level: fields[level, last] for level in NAMES},
    )


def _words(projection: Projection, text: str, field: str) -> Field:
    return Field(text, None, Provenance(projection.inputs, HELD), field)


def _number(projection: Projection, value: float, field: str) -> Field:
    number = computed(value, projection.series.unit, projection.inputs, HELD)
    return Field(number.text, number.value, number.provenance, field)


def _compared(
    projection: Projection,
    scenario: str,
    fields: Mapping[tuple[float, int], Field],
    published: HeldProjection,
    scope: str,
) -> TableView:
    """Set what is published beside what follows from a reader's values, for the last year."""
    last = projection.horizon_year
    yours = {level: fields[level, last] for level in NAMES}
    middle = _number(projection, published.middle, "middle")

    def between(low: float, high: float) -> tuple[Cell, ...]:
        name = sentence("{share} range", share=share_of_draws(projection, low, high))
        ends = [(_published(yours[low]), _published(yours[high])), (yours[low], yours[high])]
        return (name, *(sentence("{low} to {high}", low=one, high=two) for one, two in ends))

    told = Quantity(scenario, None, Provenance((SCENARIO,)))
    rows: Sequence[tuple[Cell, ...]] = (
        ("Middle", _published(yours[MEDIAN]), yours[MEDIAN]),
        between(LOW_50, HIGH_50),
        between(LOW_90, HIGH_90),
        (sentence("Middle in the {told} scenario", told=told), _published(middle), middle),
    )
    return TableView(
        id=f"{scope}-{projection.series.id}",
        caption="The last year: published, and with your values",
        columns=(
            Column("what", "What"),
            Column("published", "Published", numeric=True),
            Column("yours", "Your values", numeric=True),
        ),
        rows=tuple(rows),
    )


def _published(field: Field) -> Quantity:
    """Give the published number of a field, which stays as it is."""
    return Quantity(field.text, field.value, field.provenance)


def _yearly(
    projection: Projection, fields: Mapping[tuple[float, int], Field], scope: str
) -> TableView:
    """Give the whole fan with a reader's values."""
    start = projection.base_year
    return TableView(
        id=f"{scope}-{projection.series.id}-years",
        caption="Your fan, year by year",
        columns=(
            Column("year", "Year", numeric=True),
            *(Column(name, heading, numeric=True) for name, heading, _ in RANGE_COLUMNS),
        ),
        rows=tuple(
            (
                year(when, f"figure:{projection.series.base_figure}" if when == start else HORIZON),
                *(fields.get((level, when)) for level in NAMES),
            )
            for when in (start, *years_of(projection))
        ),
    )
