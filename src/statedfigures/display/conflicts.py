"""Stated figures beside figures published elsewhere, in words."""

from __future__ import annotations

from fractions import Fraction

from statedfigures.analysis.records import CrossCheck, ImpliedDenominator, Interval
from statedfigures.analysis.restatements import LikeForLike
from statedfigures.display.format import computed, counted_noun, published, stated
from statedfigures.display.periods import published_period_text
from statedfigures.display.phrases import quoted, traced
from statedfigures.display.ranges import between
from statedfigures.display.words import Quantity, Sentence, Words, sentence

_WHOLE = 100


def gap(check: CrossCheck) -> Sentence | None:
    """Say by how much a published total lies above or below the stated figure.

    Returns
    -------
    Sentence or None
        Such as ``at least 2.6% less``; None where no difference can be given.
    """
    difference = check.difference_percent
    if difference is None:
        return None
    way, size = "more", difference
    if difference.high is not None and difference.high < 0:
        # Where the stated figure has no upper end, the fall may be anything up to the whole.
        largest = None if difference.low in (None, -_WHOLE) else -difference.low
        way, size = "less", Interval(-difference.high, largest)
    elif (difference.low or 0) <= 0:
        way = "difference"
    formula = "the published total over the stated figure, less one"
    shown = between(size, "percent", check.inputs, formula)
    return sentence("{shown} {way}", shown=shown, way=way)


def gap_size(check: CrossCheck) -> Fraction:
    """Give the smallest difference that all readings leave, as a size to sort by."""
    difference = check.difference_percent
    if difference is None:
        return Fraction(0)
    ends = [end for end in (difference.low, difference.high) if end is not None]
    spans_zero = (difference.low or 0) <= 0 <= (difference.high or 0)
    return Fraction(0) if spans_zero or not ends else min(abs(end) for end in ends)


def cross_check_sentence(check: CrossCheck) -> Sentence:
    """Hold a stated figure beside what was published elsewhere, in words."""
    row = check.published[0]
    reference = f"published:{row.id}"
    total: Words = (
        published(row)
        if len(check.published) == 1
        else between(check.published_total, row.unit, check.inputs, "sum of the published parts")
    )
    values: dict[str, Words] = {
        "label": traced(check.figure.label, f"figure:{check.figure.id}"),
        "stated": stated(check.figure),
        "publisher": traced(row.publisher, reference),
        "total": total,
        "unit": traced(counted_noun(row.unit), reference),
        "period": traced(published_period_text(row.period), reference),
    }
    difference = gap(check)
    if check.agrees or difference is None:
        words = "which fits" if check.agrees else "which does not fit"
        return sentence(
            "{label}: the release states {stated}, and {total}{unit} were published for {period} "
            "({publisher}), {words}.",
            words=words,
            **values,
        )
    return sentence(
        "{label}: the release states {stated}, but {total}{unit} were published for {period} "
        "({publisher}), {difference}.",
        difference=difference,
        **values,
    )


def denominator_sentence(implied: ImpliedDenominator) -> Sentence:
    """Say which base a stated share implies, and what was published for that base."""
    row = implied.published
    base = between(implied.implied, row.unit, implied.inputs, "the stated number over the share")
    values: dict[str, Words] = {
        "words": quoted(implied.claim.as_stated, f"claim:{implied.claim.id}"),
        "numerator": stated(implied.numerator),
        "base": base,
        "publisher": traced(row.publisher, f"published:{row.id}"),
        "published": published(row),
        "unit": traced(counted_noun(row.unit), f"published:{row.id}"),
        "of_base": between(
            implied.implied_numerator,
            implied.numerator.unit,
            implied.inputs,
            "the share times the published base",
        ),
    }
    if implied.agrees:
        return sentence(
            "With {numerator}, {words} implies a base of {base}, which fits the {published}{unit} "
            "published elsewhere ({publisher}).",
            **values,
        )
    return sentence(
        "With {numerator}, {words} implies a base of {base}, but {published}{unit} were published "
        "({publisher}); the share of that base would be {of_base}.",
        **values,
    )


def like_for_like_sentence(restated: LikeForLike) -> Sentence:
    """Say what a rise to part of a year is when two whole years are compared."""
    return sentence(
        "{words} sets part of a year against a whole one: like for like the change is {change}, "
        "about {central} if the rest of the year ran like the part counted.",
        words=quoted(restated.claim.as_stated, f"claim:{restated.claim.id}"),
        change=like_for_like_change(restated),
        central=like_for_like_centre(restated),
    )


def like_for_like_change(restated: LikeForLike) -> Quantity:
    """Give the change between two whole years, over all cut-offs and rates."""
    return between(
        restated.change_percent,
        "percent",
        restated.inputs,
        "the year to date grown to a whole year, over the earlier year, less one",
    )


def like_for_like_centre(restated: LikeForLike) -> Quantity:
    """Give the change if the rest of the year ran like the part counted."""
    return computed(
        restated.central_change_percent,
        "percent",
        restated.inputs,
        "the year to date over the part of the year gone, over the earlier year, less one",
    )
