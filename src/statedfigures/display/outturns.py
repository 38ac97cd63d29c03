"""How projections fared against what was published later, in words."""

from __future__ import annotations

from statedfigures.analysis.records import Outturn, OutturnScore, OutturnYear
from statedfigures.display.format import computed, counted, digits
from statedfigures.display.phrases import lower_first, references, traced
from statedfigures.display.words import Provenance, Quantity, Sentence, sentence

POOL = "pool"
TOR_MONTHS = "tor_monthly_users"
_MIDDLE = 0.5


def pooled_score(outturn: Outturn) -> OutturnScore | None:
    """Give the score of the weighted pool of models; None where nothing was scored."""
    return next((score for score in outturn.scores if score.model == POOL), None)


def skill(outturn: Outturn, score: OutturnScore) -> Quantity:
    """Give the skill against no change: the share of its score that is saved, in percent."""
    return computed(
        100 * score.skill,
        "percent",
        outturn.inputs,
        "one less the model's mean weighted interval score over that of no change",
    )


def outturn_sentence(outturn: Outturn) -> Sentence:
    """Say how many years of outturn fell inside the ranges, where the misses lay, and the skill.

    Parameters
    ----------
    outturn
        A series with at least one year of outturn.

    Returns
    -------
    Sentence
        Counts of years inside both ranges, the side of the misses, and
        whether the pool beat no change.
    """
    years = outturn.years
    every = references(
        outturn.inputs, (published_reference(one.published, one.year) for one in years)
    )
    misses = [one for one in years if not one.inside_90]
    above = sum(one.outturn > one.projected[_MIDDLE] for one in misses)
    if not misses:
        side = "none missed the wider range"
    elif above == len(misses):
        side = "every miss lay above the range"
    elif above == 0:
        side = "every miss lay below the range"
    else:
        side = "misses lay on both sides"
    score = pooled_score(outturn)
    if score is None:
        verdict = sentence("it was not scored")
    else:
        better = "better" if score.skill > 0 else "worse"
        verdict = sentence(
            "the pooled projection scored {better} than no change (skill {skill})",
            better=better,
            skill=skill(outturn, score),
        )
    return sentence(
        "{title}: of {count} years published later, {half} fell inside the narrower range and "
        "{most} inside the wider one; {side}, and {verdict}.",
        title=traced(outturn.series.title, *every),
        count=counted(len(years), every, "count of the years with an outturn"),
        half=counted(
            sum(one.inside_50 for one in years), every, "count of the years inside the range"
        ),
        most=counted(
            sum(one.inside_90 for one in years), every, "count of the years inside the wider range"
        ),
        side=side,
        verdict=verdict,
    )


def missing_sentence(outturn: Outturn) -> Sentence:
    """Say that a series has no outturn, and why."""
    inputs = outturn.inputs or ("parameter:release",)
    reason = outturn.reason.rstrip(".")
    return sentence(
        "{title} cannot be scored: {reason}.",
        title=traced(outturn.series.title, *inputs),
        reason=traced(lower_first(reason), *inputs),
    )


def published_reference(published: str, year: int) -> str:
    """Give the reference of an outturn's row: a published figure, or the year's first month."""
    if published == TOR_MONTHS:
        return f"month:{year}_01"
    return f"published:{published}"


def outturn_value(one: OutturnYear) -> Quantity:
    """Give the outturn of a year: as published, or rounded where it is a mean of months."""
    source = Provenance((published_reference(one.published, one.year),))
    if one.outturn == int(one.outturn):
        return Quantity(digits(one.outturn), one.outturn, source)
    return computed(one.outturn, one.series.unit, source.inputs, "mean of the months of the year")
