"""Where a projected series is heading, in words and with its ranges."""

from __future__ import annotations

from collections.abc import Mapping

from statedfigures.analysis.records import Projection
from statedfigures.display.findings import spread
from statedfigures.display.format import year
from statedfigures.display.heading import (
    HIGH_50,
    HIGH_90,
    HORIZON,
    LOW_50,
    LOW_90,
    MEDIAN,
    POOLED,
    SCENARIO,
    base_value,
    projected,
    projected_value,
    quantiles_of,
    share_of_draws,
)
from statedfigures.display.messages import Thresholds, direction
from statedfigures.display.phrases import lower_first, traced
from statedfigures.display.words import Provenance, Quantity, Sentence, Words, sentence

OVER_ALL = "over all assumptions"
WAY = "the direction that is likely, beyond little change, in the pooled draws"
_ENDS = (LOW_50, HIGH_50, LOW_90, HIGH_90)
# How many times its bottom the top of the wider range may be and still tell a size.
_CLEAR, _LOOSE = 2, 5


def heading_sentence(projection: Projection, scenario: str, rules: Thresholds) -> Sentence:
    """Say where a series is heading, with the scenario's middle and the pooled ranges.

    Parameters
    ----------
    projection
        The projection, to its horizon.
    scenario
        The scenario that the edition is told in.
    rules
        What counts as little change and as likely.

    Returns
    -------
    Sentence
        The direction is that of the pooled draws at the horizon against the
        middle of the base.
    """
    horizon = projection.horizon_year
    pooled = quantiles_of(projection, POOLED, horizon)
    way = direction(pooled, projection.base_quantiles[MEDIAN], rules)
    ends = {level: projected_value(projection, pooled[level]) for level in _ENDS}
    return heading_words(
        projection,
        scenario,
        title=traced(projection.series.title, *projection.inputs),
        way=Quantity(way.value, None, Provenance(rules.inputs, WAY)),
        base=base_value(projection),
        middle=projected(projection, scenario, horizon, MEDIAN),
        over=OVER_ALL,
        ends=ends,
    )


def heading_words(
    projection: Projection,
    scenario: str,
    *,
    title: Words,
    way: Words,
    base: Quantity,
    middle: Quantity,
    over: Words,
    ends: Mapping[float, Quantity],
) -> Sentence:
    """Put together the words of `heading_sentence`.

    Parameters
    ----------
    projection, scenario
        As there.
    title, way
        What is heading, and where to.
    base, middle
        The middle of the base and, in the scenario, that of the horizon.
    over
        What the ranges are taken over.
    ends
        Quantile level to the quantity at the horizon.
    """
    return sentence(
        "{title} {way}. In the {scenario} scenario they go from about {base} in {base_year} to "
        "about {middle} in {year}; {over} the {half} range is {low_half} to {high_half} and the "
        "{most} range {low_most} to {high_most}.",
        title=title,
        way=way,
        base=base,
        base_year=year(projection.base_year, f"figure:{projection.series.base_figure}"),
        middle=middle,
        year=year(projection.horizon_year, HORIZON),
        scenario=Quantity(scenario, None, Provenance((SCENARIO,))),
        over=over,
        half=share_of_draws(projection, LOW_50, HIGH_50),
        most=share_of_draws(projection, LOW_90, HIGH_90),
        low_half=ends[LOW_50],
        high_half=ends[HIGH_50],
        low_most=ends[LOW_90],
        high_most=ends[HIGH_90],
    )


def fan_title(projection: Projection, title: Words, ends: Mapping[float, Quantity]) -> Sentence:
    """Say between which values the middle half of a fan lies in its last year."""
    return sentence(
        "{title}: as likely as not between {low_half} and {high_half} in {year}",
        title=title,
        low_half=ends[LOW_50],
        high_half=ends[HIGH_50],
        year=year(projection.horizon_year, HORIZON),
    )


def fan_words(
    projection: Projection, title: Words, base: Quantity, ends: Mapping[float, Quantity]
) -> Sentence:
    """Describe a fan to those who do not see it; `ends` are those of its last year."""
    return sentence(
        "Fan chart. {title}: about {base} in {base_year}; in {year} the middle is {middle}, the "
        "{half} range {low_half} to {high_half} and the {most} range {low_most} to {high_most}.",
        title=title,
        base=base,
        base_year=year(projection.base_year, f"figure:{projection.series.base_figure}"),
        year=year(projection.horizon_year, HORIZON),
        middle=ends[MEDIAN],
        half=share_of_draws(projection, LOW_50, HIGH_50),
        most=share_of_draws(projection, LOW_90, HIGH_90),
        low_half=ends[LOW_50],
        high_half=ends[HIGH_50],
        low_most=ends[LOW_90],
        high_most=ends[HIGH_90],
    )


def sureness_sentence(projection: Projection) -> Sentence:
    """Say how sure one can be: the wider range as a multiple of its bottom, in words."""
    pooled = quantiles_of(projection, POOLED, projection.horizon_year)
    times = pooled[HIGH_90] / pooled[LOW_90]
    if times < _CLEAR:
        words = "so the size is fairly well held, if the assumptions are"
    elif times < _LOOSE:
        words = "so read it as a direction and a rough size"
    else:
        words = "so read it as what might happen, not as an estimate"
    return sentence(
        "For {title} the top of the wider range is {times} its bottom, {words}.",
        title=traced(lower_first(projection.series.title), *projection.inputs),
        times=spread(pooled[LOW_90], pooled[HIGH_90], projection.inputs),
        words=words,
    )
