"""What ``trace`` found, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from statedfigures.sources.trace import Trace


def coverage_lines(trace: Trace) -> Iterator[str]:
    """Say how much of the release and of the tables found its other side.

    Parameters
    ----------
    trace
        The tables held against a copy of the release.

    Yields
    ------
    str
        One line for each kind, and one for what a web page sets elsewhere.
    """
    for kind, verb in (
        ("paragraphs", "unchanged"),
        ("figures", "traced"),
        ("claims", "traced"),
        ("measures", "traced"),
        ("mentions", "accounted for"),
    ):
        coverage = getattr(trace, kind)
        yield f"{coverage.percent}% of {kind} {verb} ({coverage.reached} of {coverage.total})"
    if trace.set_elsewhere:
        places = ", ".join(trace.set_elsewhere)
        yield f"not on a web page in this form, and left out: {places}"
    if trace.furniture:
        yield f"{len(trace.furniture)} blocks around the release on the page were left out"
