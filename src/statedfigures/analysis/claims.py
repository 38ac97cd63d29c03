"""Whether the stated figures bear out the comparisons that the release makes."""

from __future__ import annotations

import re

from statedfigures.analysis.comparability import comparability_warnings
from statedfigures.analysis.intervals import (
    ZERO,
    interval,
    is_within,
    lies_below,
    overlaps,
)
from statedfigures.analysis.phrases import RESULT_UNITS, claim_assumption, claim_reading
from statedfigures.analysis.ratios import divide, percent_change, percent_share
from statedfigures.analysis.readings import figure_inputs, figure_interval
from statedfigures.analysis.reasons import REASONS
from statedfigures.analysis.records import ClaimResult, Interval, Verdict
from statedfigures.analysis.register import Register
from statedfigures.analysis.rules import SHARE_UNITS
from statedfigures.errors import ParameterError
from statedfigures.sources.records import Claim, Figure, ReleaseTables

# What may part an overlap from a firm answer and is still mere rounding.
ROUNDED = frozenset({"exact", "about", "projected"})
# Kinds whose own words hold no number to read.
WITHOUT_READING = frozenset({"direction", "extreme"})


def verdict_on(recomputed: Interval, stated: Interval, *, rounding_only: bool) -> Verdict:
    """Decide a claim from the two intervals.

    Parameters
    ----------
    recomputed
        What the comparison amounts to, over all values of both figures.
    stated
        What the claim's own words may mean, in the same unit.
    rounding_only
        Whether both figures are uncertain by rounding alone, so that an
        overlap is explained by it.

    Returns
    -------
    Verdict
        Supported inside the stated interval, not supported outside; where
        they only overlap, within rounding or cannot tell.

    Examples
    --------
    >>> from statedfigures.analysis.intervals import point
    >>> verdict_on(point(3), interval(point(2).low, None), rounding_only=True).value
    'supported'
    """
    if is_within(recomputed, stated):
        return Verdict.SUPPORTED
    if not overlaps(recomputed, stated):
        return Verdict.NOT_SUPPORTED
    return Verdict.WITHIN_ROUNDING if rounding_only else Verdict.CANNOT_TELL


def judge_claim(claim: Claim, tables: ReleaseTables, register: Register) -> ClaimResult:
    """Recompute one claim and say whether the stated figures bear it out.

    Parameters
    ----------
    claim
        The claim.
    tables
        The tables of the release; its figures are read.
    register
        The register; its rows on hedges and phrases are read.

    Returns
    -------
    ClaimResult
        Without a recomputed interval where a figure is missing.

    Raises
    ------
    AssumptionError
        If the register lacks a rule that a hedge or phrase needs.
    ParameterError
        If a qualifier, unit or kind has no reading.

    Notes
    -----
    Interval arithmetic over both figures, then inclusion and overlap with the
    reading of the claim; see `divide`, `hedged_interval` and `claim_reading`.
    """
    before = tables.figures[claim.from_figure] if claim.from_figure else None
    after = tables.figures[claim.to_figure] if claim.to_figure else None
    phrase = claim_assumption(claim, register)
    inputs = [f"claim:{claim.id}"]
    for figure in (before, after):
        inputs += [] if figure is None else figure_inputs(figure, register)
    inputs += [] if phrase is None else [f"assumption:{phrase.id}"]
    unit = RESULT_UNITS.get(claim.kind, after.unit if after else claim.stated_unit)
    if before is None or after is None:
        recomputed, stated = None, claim_reading(claim, register)
        verdict, reasons = Verdict.CANNOT_TELL, [_missing(claim, before, after)]
    else:
        recomputed, stated, verdict, *reasons = _judge(claim, before, after, register)
        if phrase and recomputed and _hangs_on_phrase(claim, recomputed, register):
            reasons.append("loose")
    return ClaimResult(
        claim=claim,
        recomputed=recomputed,
        stated=stated,
        unit=unit,
        verdict=verdict,
        warnings=() if before is None or after is None else comparability_warnings(before, after),
        reason=" ".join(REASONS[reason] for reason in reasons),
        inputs=tuple(dict.fromkeys(inputs)),
    )


def _hangs_on_phrase(claim: Claim, recomputed: Interval, register: Register) -> bool:
    """Say whether the range of the phrase's own row leads to different verdicts."""
    readings = [claim_reading(claim, register, end) for end in ("low", "central", "high")]
    verdicts = {
        verdict_on(recomputed, reading, rounding_only=False) for reading in readings if reading
    }
    return claim.kind not in WITHOUT_READING and len(verdicts) > 1


def _missing(claim: Claim, before: Figure | None, after: Figure | None) -> str:
    """Name the reason why a claim without both figures cannot be judged."""
    if after is not None:
        is_share = after.unit in SHARE_UNITS
        if after.period_kind == "since" and (claim.stated_value or not is_share):
            return "no_years"
        if is_share and claim.stated_value:
            return "no_counts"
    if claim.kind == "extreme":
        return "no_rivals"
    if claim.kind == "share" and before is None:
        return "no_whole" if after else "no_counts"
    if before is None:
        return "no_figures" if after is None else "no_base"
    return "no_result"


def _judge(
    claim: Claim, before: Figure, after: Figure, register: Register
) -> tuple[Interval | None, Interval | None, Verdict, str]:
    """Give recomputed and stated interval, verdict and reason of a claim with both figures."""
    base, result = figure_interval(before, register), figure_interval(after, register)
    if claim.kind == "extreme":
        return _judge_extreme(base, result)
    if base.low is None or base.low <= 0:
        return None, claim_reading(claim, register), Verdict.CANNOT_TELL, "zero_base"
    if claim.kind == "direction":
        return _judge_direction(percent_change(base, result), claim.qualifier == "less_than")
    recomputed, stated = _compare(claim.kind, base, result), claim_reading(claim, register)
    if recomputed is None or stated is None:
        raise ParameterError(
            f"claim {claim.id}: a claim of kind {claim.kind!r} with the stated value "
            f"{claim.stated_value} cannot be recomputed; use percent_change, ratio, multiple or "
            "share with a value, or extreme or direction without"
        )
    rounding_only = {before.qualifier, after.qualifier} <= ROUNDED
    verdict = verdict_on(recomputed, stated, rounding_only=rounding_only)
    reasons = {
        Verdict.SUPPORTED: "inside",
        Verdict.WITHIN_ROUNDING: "rounding",
        Verdict.CANNOT_TELL: "open",
        Verdict.NOT_SUPPORTED: "below" if lies_below(recomputed, stated) else "above",
    }
    return recomputed, stated, verdict, reasons[verdict]


def _compare(kind: str, base: Interval, result: Interval) -> Interval | None:
    """Recompute a comparison of the given kind; None where the kind is unknown."""
    match kind:
        case "percent_change":
            return percent_change(base, result)
        case "share":
            return percent_share(result, base)
        case "ratio" | "multiple":
            return divide(result, base)
        case _:
            return None


def _judge_direction(change: Interval, falls: bool) -> tuple[Interval, Interval, Verdict, str]:
    """Judge a rise, or a fall, for which the release gives no number."""
    stated = interval(None, ZERO, high_open=True) if falls else interval(ZERO, None, low_open=True)
    verdict = verdict_on(change, stated, rounding_only=False)
    way = "lower" if falls else "higher"
    reasons = {Verdict.SUPPORTED: way, Verdict.NOT_SUPPORTED: f"not_{way}"}
    return change, stated, verdict, reasons.get(verdict, "open")


def _judge_extreme(
    base: Interval, result: Interval
) -> tuple[Interval, Interval | None, Verdict, str]:
    """Judge a highest level: it must lie above the comparator's highest value."""
    stated = None if base.high is None else interval(base.high, None, low_open=not base.high_open)
    if lies_below(base, result):
        return result, stated, Verdict.SUPPORTED, "highest"
    if not overlaps(base, result) or (base.low == result.high and not base.low_open):
        return result, stated, Verdict.NOT_SUPPORTED, "not_highest"
    return result, stated, Verdict.CANNOT_TELL, "comparator_open" if stated is None else "open"


def locator_key(locator: str) -> tuple[tuple[bool, int, str], ...]:
    """Give a key that sorts locators by section, then by paragraph number.

    Examples
    --------
    >>> sorted(["notes/10", "notes/9"], key=locator_key)
    ['notes/9', 'notes/10']
    """
    parts = re.split(r"(\d+)", locator)
    return tuple(
        (part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts if part
    )


def judge_claims(tables: ReleaseTables) -> tuple[ClaimResult, ...]:
    """Judge every claim of a release.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    tuple of ClaimResult
        By locator, then id; the order of the rows changes nothing.

    Raises
    ------
    AssumptionError
        If the register lacks a rule that a hedge or phrase needs.
    """
    register = Register.of(tables)
    claims = sorted(
        tables.claims.values(), key=lambda claim: (locator_key(claim.locator), claim.id)
    )
    return tuple(judge_claim(claim, tables, register) for claim in claims)
