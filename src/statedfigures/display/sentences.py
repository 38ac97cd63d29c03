"""The answer of each page: sentences composed from results, and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from statedfigures.analysis.records import (
    ClaimResult,
    CrossCheck,
    TopicStudy,
    Verdict,
)
from statedfigures.analysis.restatements import restated_like_for_like
from statedfigures.display.answers import answer_assumptions, answer_measures, answer_outturn
from statedfigures.display.conflicts import (
    cross_check_sentence,
    denominator_sentence,
    gap_size,
    like_for_like_sentence,
)
from statedfigures.display.findings import (
    bounds_sentence,
    claim_label,
    claim_sentence,
    most_serious,
    tally_sentence,
    warning_sentence,
)
from statedfigures.display.format import capitalised, counted
from statedfigures.display.heading import thresholds
from statedfigures.display.headlines import heading_sentence, sureness_sentence
from statedfigures.display.phrases import joined, references
from statedfigures.display.records import Answer
from statedfigures.display.words import Sentence, sentence

__all__ = ["answer", "answer_assumptions", "answer_claims", "answer_measures", "answer_outturn"]

LONGEST_ANSWER = 5
_NAMED_CLAIMS = 3


def answer(study: TopicStudy) -> Answer:
    """Answer what a topic's page is about, in three to five sentences.

    Parameters
    ----------
    study
        The topic, for one scenario and horizon.

    Returns
    -------
    Answer
        What was claimed and whether it holds, where each projected series is
        heading with its ranges, how sure one can be, and the most important
        caution; or why there are bounds only.
    """
    ordered = most_serious(study.claims)
    opening = [claim_sentence(ordered[0], study.tables.figures)] if ordered else []
    counts = tally_sentence(study.claims, "on this subject") if len(ordered) > 1 else None
    rules = thresholds(study.tables) if study.projections else None
    heading = [heading_sentence(one, study.scenario, rules) for one in study.projections if rules]
    bounds = bounds_sentence(study.bounds)
    sure = [sureness_sentence(study.projections[0])] if len(study.projections) == 1 else []
    caution = _caution(study, ordered)
    parts = [*opening, counts, *heading, *sure, bounds, caution]
    said = [one for one in parts if one is not None]
    # The count of verdicts is told in the table too: it goes first where room is short.
    if len(said) > LONGEST_ANSWER and counts is not None:
        said.remove(counts)
    return Answer(f"answer-{study.topic}", tuple(said) or (_figures_only(study),))


def _figures_only(study: TopicStudy) -> Sentence:
    inputs = [f"figure:{one.id}" for one in study.figures] or ["parameter:release"]
    return sentence(
        "The release states {count} figures on this and compares none of them.",
        count=counted(len(study.figures), inputs, "count of the figures"),
    )


def _caution(study: TopicStudy, ordered: Sequence[ClaimResult]) -> Sentence | None:
    """Choose the one caution that matters most.

    First a base that cannot be, then a rise that is another one like for like,
    then a conflict with another publication, then a comparison of unlike things.
    """
    for implied in study.denominators:
        if not implied.agrees:
            return denominator_sentence(implied)
    restated = [one for one in restated_like_for_like(study.tables) if not one.agrees]
    for one in restated:
        if one.claim.topic == study.topic:
            return like_for_like_sentence(one)
    conflicts = [check for check in study.cross_checks if not check.agrees]
    if conflicts:
        return cross_check_sentence(max(conflicts, key=gap_size))
    for result in ordered:
        if (warning := warning_sentence(result)) is not None:
            return warning
    if study.cross_checks:
        return sentence("No figure published elsewhere that was looked at contradicts these.")
    return None


def answer_claims(claims: Sequence[ClaimResult], cross_checks: Sequence[CrossCheck]) -> Answer:
    """Answer how many of the release's comparisons hold.

    Parameters
    ----------
    claims
        Every claim of the release, judged.
    cross_checks
        Every stated figure that was published elsewhere too.

    Returns
    -------
    Answer
        The count by verdict, the claims that the figures do not bear out, the
        comparisons of unlike things, and the conflicts with other publications.
    """
    said = [tally_sentence(claims, "in all")]
    refuted = [one for one in claims if one.verdict is Verdict.NOT_SUPPORTED]
    if refuted:
        named = joined(claim_label(one) for one in refuted[:_NAMED_CLAIMS])
        said.append(sentence("The stated figures do not bear out {named}.", named=named))
    unlike = [one for one in claims if one.warnings]
    if unlike:
        inputs = [f"claim:{one.claim.id}" for one in unlike]
        said.append(
            sentence(
                "{count} of them {verb} unlike things side by side, such as part of a year and a "
                "whole one.",
                count=capitalised(counted(len(unlike), inputs, "count of the claims warned of")),
                verb="sets" if len(unlike) == 1 else "set",
            )
        )
    if cross_checks:
        said.extend(_conflicts(cross_checks))
    return Answer("answer-claims", tuple(said))


def _conflicts(cross_checks: Sequence[CrossCheck]) -> list[Sentence]:
    conflicts = [one for one in cross_checks if not one.agrees]
    every = references(*(one.inputs for one in cross_checks))
    first = sentence(
        "Of {count} checks against figures published elsewhere, {conflicts} {verb} with the "
        "release.",
        count=counted(len(cross_checks), every, "count of the cross-checks"),
        conflicts=counted(len(conflicts), every, "count of the cross-checks that disagree"),
        verb="conflicts" if len(conflicts) == 1 else "conflict",
    )
    if not conflicts:
        return [first]
    return [first, cross_check_sentence(max(conflicts, key=gap_size))]
