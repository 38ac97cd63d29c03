"""Single findings in words: a claim, a cross-check, an implied base, bounds only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from statedfigures.analysis.comparability import WARNING_MEANINGS
from statedfigures.analysis.records import (
    Bounds,
    ClaimResult,
    CrossCheck,
    ImpliedDenominator,
    Verdict,
)
from statedfigures.display.format import computed, counted, noun, published, stated
from statedfigures.display.messages import change_in_words
from statedfigures.display.phrases import joined, lower_first, quoted, traced
from statedfigures.display.ranges import between
from statedfigures.display.words import Quantity, Sentence, Words, sentence
from statedfigures.sources.records import Figure

SEVERITY = (
    Verdict.NOT_SUPPORTED,
    Verdict.CANNOT_TELL,
    Verdict.WITHIN_ROUNDING,
    Verdict.SUPPORTED,
)
_VERDICTS = {
    Verdict.SUPPORTED: "which bears this out",
    Verdict.WITHIN_ROUNDING: "which bears this out within the rounding of the figures",
    Verdict.NOT_SUPPORTED: "which does not bear this out",
    Verdict.CANNOT_TELL: "and the figures are too loose to settle whether this holds",
}
_TALLY = {
    Verdict.SUPPORTED: ("holds", "hold"),
    Verdict.WITHIN_ROUNDING: ("holds within rounding", "hold within rounding"),
    Verdict.NOT_SUPPORTED: ("does not hold", "do not hold"),
    Verdict.CANNOT_TELL: ("cannot be checked", "cannot be checked"),
}
RATIO_KINDS = ("percent_change", "multiple", "ratio", "direction")
RECOMPUTED = "the later figure against the earlier one, over all values that the wording allows"


def claim_label(result: ClaimResult) -> Quantity:
    """Give the words of a claim in quotation marks, leading to its row."""
    return quoted(result.claim.as_stated, f"claim:{result.claim.id}")


def recomputed_value(result: ClaimResult) -> Quantity | None:
    """Give the recomputed interval of a claim; None where there is none."""
    if result.recomputed is None:
        return None
    return between(result.recomputed, result.unit, result.inputs, RECOMPUTED)


def claim_sentence(result: ClaimResult, figures: Mapping[str, Figure]) -> Sentence:
    """Say what a claim says, what the figures give, and whether they bear it out.

    Parameters
    ----------
    result
        The judged claim.
    figures
        The stated figures, by id.

    Returns
    -------
    Sentence
        With the two figures and the recomputed change where both are stated;
        else with the reason for the verdict.
    """
    recomputed, claim = recomputed_value(result), result.claim
    before, after = figures.get(claim.from_figure), figures.get(claim.to_figure)
    if recomputed is None or before is None or after is None or claim.kind not in RATIO_KINDS:
        return sentence(
            "The release says {words}. {reason}",
            words=claim_label(result),
            reason=traced(result.reason, *result.inputs),
        )
    assert result.recomputed is not None  # noqa: S101 - a quantity was made of it
    return sentence(
        "The release says {words}: from {before} to {after} is {change} ({number}), {verdict}.",
        words=claim_label(result),
        before=stated(before),
        after=stated(after),
        change=change_in_words(result.recomputed, result.unit, result.inputs),
        number=recomputed,
        verdict=_VERDICTS[result.verdict],
    )


def most_serious(claims: Iterable[ClaimResult]) -> list[ClaimResult]:
    """Order claims by how much their verdict should trouble a reader, then as given."""
    return sorted(claims, key=lambda result: SEVERITY.index(result.verdict))


def tally(claims: Iterable[ClaimResult]) -> Sentence:
    """Count claims by verdict: ``two hold, one does not hold and one cannot be checked``."""
    parts = []
    listed = list(claims)
    for verdict in reversed(SEVERITY):
        found = [f"claim:{one.claim.id}" for one in listed if one.verdict is verdict]
        if found:
            count = counted(len(found), found, "count of the claims with this verdict")
            words = _TALLY[verdict][len(found) != 1]
            parts.append(sentence("{count} {words}", count=count, words=words))
    return joined(parts)


def warning_sentence(result: ClaimResult) -> Sentence | None:
    """Say that the two sides of a claim differ in kind; None where they do not."""
    if not result.warnings:
        return None
    reference = f"claim:{result.claim.id}"
    meanings = [
        traced(WARNING_MEANINGS.get(code, code.replace("_", " ")), reference)
        for code in dict.fromkeys(one.code for one in result.warnings)
    ]
    return sentence(
        "Take {words} with care: {meanings}.",
        words=claim_label(result),
        meanings=joined(meanings),
    )


def gap(check: CrossCheck) -> Quantity | None:
    """Give how far a published total lies from the stated figure, in percent."""
    if check.difference_percent is None:
        return None
    return between(
        check.difference_percent,
        "percent",
        check.inputs,
        "the published total over the stated figure, less one",
    )


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
        "stated": stated(check.figure),
        "label": traced(lower_first(check.figure.label), f"figure:{check.figure.id}"),
        "publisher": traced(row.publisher, reference),
        "total": total,
        "unit": traced(noun(row.unit), reference),
        "period": traced(row.period, reference),
    }
    if check.agrees:
        return sentence(
            "The {stated} stated for {label} fits the {total} {unit} that {publisher} published "
            "for {period}.",
            **values,
        )
    difference = gap(check)
    if difference is None:
        return sentence(
            "The {stated} stated for {label} does not fit the {total} {unit} that {publisher} "
            "published for {period}.",
            **values,
        )
    return sentence(
        "For {label} the release states {stated}, while {publisher} published {total} {unit} for "
        "{period}: a difference of {difference}.",
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
        "unit": traced(noun(row.unit), f"published:{row.id}"),
        "of_base": between(
            implied.implied_numerator,
            implied.numerator.unit,
            implied.inputs,
            "the share times the published base",
        ),
    }
    if implied.agrees:
        return sentence(
            "With {numerator}, {words} implies a base of {base}, which fits the {published} {unit} "
            "that {publisher} published.",
            **values,
        )
    return sentence(
        "With {numerator}, {words} implies a base of {base}, but {publisher} published "
        "{published} {unit}; the share of that base would be {of_base}.",
        **values,
    )


def bounds_sentence(bounds: Iterable[Bounds]) -> Sentence | None:
    """Say which series are given as bounds only, and why; None where there are none."""
    listed = list(bounds)
    if not listed:
        return None
    titles = joined(
        traced(title if place else title[:1].upper() + title[1:], *one.inputs)
        for place, one in enumerate(listed)
        for title in [lower_first(one.series.title)]
    )
    reason = listed[0].series.reason.rstrip(".")
    return sentence(
        "{titles} are given as bounds and not projected: {reason}.",
        titles=titles,
        reason=traced(lower_first(reason), *listed[0].inputs),
    )


def spread(low: float, high: float, inputs: Iterable[str]) -> Quantity:
    """Give the top of a range as a multiple of its bottom."""
    return computed(
        high / low, "multiple", inputs, "the top of the range over its bottom", figures=2
    )
