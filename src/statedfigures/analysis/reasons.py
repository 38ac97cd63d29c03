"""Why a verdict was reached, in the words that readers see.

They hold no digits: the numbers stand in the intervals, each with its provenance.
"""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "inside": "Every value that the stated figures allow lies within what the release says.",
    "rounding": (
        "Some of the values that the stated figures allow lie within what the release says and "
        "some do not; rounding alone can explain the difference."
    ),
    "below": "Every value that the stated figures allow lies below what the release says.",
    "above": "Every value that the stated figures allow lies above what the release says.",
    "open": (
        "The hedged wording of the figures allows values on both sides of what the release says, "
        "so the comparison is not decided."
    ),
    "higher": "The later figure is higher, whichever values the wording allows are taken.",
    "not_higher": "The later figure is not higher, whichever values the wording allows are taken.",
    "lower": "The later figure is lower, whichever values the wording allows are taken.",
    "not_lower": "The later figure is not lower, whichever values the wording allows are taken.",
    "highest": (
        "The figure is higher than the one that the release sets it against, whichever values "
        "the wording allows are taken. The release gives no figures for other periods."
    ),
    "not_highest": (
        "The figure is not higher than the one that the release sets it against, whichever "
        "values the wording allows are taken."
    ),
    "comparator_open": (
        "The level that it is set against is stated only as more than a bound, so an earlier "
        "period may have been as high or higher."
    ),
    "no_figures": (
        "The release gives neither of the figures that this comparison needs, so it cannot be "
        "recomputed."
    ),
    "no_base": (
        "The release does not give the figure that this is compared with, so the comparison "
        "cannot be recomputed."
    ),
    "no_result": (
        "The release gives the figure that this is compared with but not the figure itself, so "
        "the comparison cannot be recomputed."
    ),
    "no_whole": (
        "The release does not give the whole that this is a share of. The whole that the share "
        "implies can be held against one published elsewhere."
    ),
    "no_counts": "The release gives the share alone, without the counts behind it.",
    "no_years": (
        "The release gives one bound for all the years together and no figure for each year, so "
        "this cannot be tested from the release alone."
    ),
    "no_rivals": (
        "The release does not give the figures of the other periods or groups that this one is "
        "ranked against."
    ),
    "loose": (
        "Another reading of the phrase, inside the range that the register gives it, would change "
        "this verdict."
    ),
    "zero_base": "The figure that this is compared with may be zero, so no ratio can be given.",
}

CHECK_REASONS: Mapping[str, str] = {
    "within": "What was published agrees with what the release says.",
    "below": (
        "What was published for the same period lies below what the release says; the two "
        "sources may define it differently."
    ),
    "above": (
        "What was published for the same period lies above what the release says; the two "
        "sources may define it differently."
    ),
    "every_year_below": (
        "The total published for this year lies below what the release says of every year; the "
        "two sources may define it differently."
    ),
    "every_year_above": (
        "The figure published for this year lies above what the release says of every year; the "
        "two sources may define it differently."
    ),
    "to_date_fits": (
        "The release counts part of the year, and that does not exceed what was published for "
        "the whole of it."
    ),
    "to_date_exceeds": (
        "The release counts part of the year, and yet more than was published for the whole of it."
    ),
    "part_fits": (
        "What was published covers part of the period only, and does not exceed what the release "
        "says of the whole of it."
    ),
    "part_exceeds": (
        "What was published covers part of the period only, and yet exceeds what the release says "
        "of the whole of it."
    ),
}
