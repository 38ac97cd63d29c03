"""Single findings in words: a claim, a cross-check, an implied base, bounds only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from statedfigures.analysis.comparability import WARNING_MEANINGS
from statedfigures.analysis.records import (
    Bounds,
    ClaimResult,
    Verdict,
)
from statedfigures.display.format import computed, counted, stated
from statedfigures.display.messages import change_in_words
from statedfigures.display.phrases import joined, lower_first, quoted, traced
from statedfigures.display.ranges import between
from statedfigures.display.words import Quantity, Sentence, sentence
from statedfigures.sources.records import Figure

SEVERITY = (
    Verdict.NOT_SUPPORTED,
    Verdict.CANNOT_TELL,
    Verdict.WITHIN_ROUNDING,
    Verdict.SUPPORTED,
)
_TOLD = (
    Verdict.SUPPORTED,
    Verdict.WITHIN_ROUNDING,
    Verdict.NOT_SUPPORTED,
    Verdict.CANNOT_TELL,
)
_VERDICTS = {
    Verdict.SUPPORTED: "which bears this out",
    Verdict.WITHIN_ROUNDING: "which bears this out within the rounding of the figures",
    Verdict.NOT_SUPPORTED: "which does not bear this out",
    Verdict.CANNOT_TELL: "and the figures are too loose to settle whether this holds",
}
_ALL_ALIKE = {
    Verdict.SUPPORTED: "All {count} comparisons that the release makes {where} hold.",
    Verdict.WITHIN_ROUNDING: (
        "All {count} comparisons that the release makes {where} hold within rounding."
    ),
    Verdict.NOT_SUPPORTED: "None of the {count} comparisons that the release makes {where} holds.",
    Verdict.CANNOT_TELL: (
        "None of the {count} comparisons that the release makes {where} can be checked from it."
    ),
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
        "The release says {words}. The stated figures go from {before} to {after}: {change} "
        "({number}), {verdict}.",
        words=claim_label(result),
        before=stated(before),
        after=stated(after),
        change=change_in_words(result.recomputed, result.unit, result.inputs),
        number=recomputed,
        verdict=_VERDICTS[result.verdict],
    )


def most_serious(claims: Iterable[ClaimResult]) -> list[ClaimResult]:
    """Order claims by how much they have to tell a reader, then as given.

    Those that the figures contradict come first, then those that could be
    recomputed, then those that state a number at least.
    """
    return sorted(
        claims,
        key=lambda result: (
            result.verdict is not Verdict.NOT_SUPPORTED,
            result.recomputed is None,
            result.stated is None,
            SEVERITY.index(result.verdict),
        ),
    )


def tally(claims: Iterable[ClaimResult]) -> Sentence:
    """Count claims by verdict: ``two hold and one does not hold``."""
    parts = []
    listed = list(claims)
    for verdict in _TOLD:
        found = [f"claim:{one.claim.id}" for one in listed if one.verdict is verdict]
        if found:
            count = counted(len(found), found, "count of the claims with this verdict")
            words = _TALLY[verdict][len(found) != 1]
            parts.append(sentence("{count} {words}", count=count, words=words))
    return joined(parts)


def tally_sentence(claims: Sequence[ClaimResult], where: str) -> Sentence:
    """Say how many of some claims hold; ``where`` is such as "on this subject"."""
    inputs = [f"claim:{one.claim.id}" for one in claims] or ["parameter:release"]
    count = counted(len(claims), inputs, "count of the claims")
    verdicts = {one.verdict for one in claims}
    if len(claims) == 1:
        return sentence(
            "The {count} comparison that the release makes {where} {words}.",
            count=count,
            where=where,
            words=_TALLY[claims[0].verdict][False],
        )
    if len(verdicts) == 1 and len(claims) > 1:
        return sentence(_ALL_ALIKE[verdicts.pop()], count=count, where=where)
    return sentence(
        "Of {count} comparisons that the release makes {where}, {tally}.",
        count=count,
        where=where,
        tally=tally(claims),
    )


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


def bounds_sentence(bounds: Iterable[Bounds]) -> Sentence | None:
    """Say which series are given as bounds only, and why; None where there are none."""
    listed = list(bounds)
    if not listed:
        return None
    titles = joined(traced(lower_first(one.series.title), *one.inputs) for one in listed)
    reason = listed[0].series.reason.rstrip(".")
    return sentence(
        "Given as bounds and not projected: {titles}. {reason}.",
        titles=titles,
        reason=traced(reason, *listed[0].inputs),
    )


def spread(low: float, high: float, inputs: Iterable[str]) -> Quantity:
    """Give the top of a range as a multiple of its bottom."""
    return computed(
        high / low, "multiple", inputs, "the top of the range over its bottom", figures=2
    )
