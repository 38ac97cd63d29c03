"""The state of every assumption on a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from statedfigures.analysis.horizon import default_horizon_year
from statedfigures.analysis.reviews import ReviewState, State, review_states
from statedfigures.analysis.rules import RULES
from statedfigures.analysis.scores import register_scores
from statedfigures.reports.check_listing import console_for
from statedfigures.sources.records import ReleaseTables

# Enough points to rank by, and quick; the pages use more.
DRAWS = 2**10
SEED = 2014


@dataclass(frozen=True, slots=True)
class Listed:
    """An assumption with its state, its sensitivity score and its risk score.

    The scores are from 0 to 1, and None where no headline reads it.
    """

    review: ReviewState
    sensitivity: float | None
    risk: float | None


def listed_assumptions(tables: ReleaseTables) -> tuple[Listed, ...]:
    """List every assumption of a release, the riskiest first.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    tuple of Listed
        By falling risk score, those that no headline reads last, then by id.
    """
    scores = _scores(tables)
    found = [
        Listed(review, *scores.get(name, (None, None)))
        for name, review in review_states(tables).items()
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (one.risk is None, -(one.risk or 0.0), one.review.assumption.id),
        )
    )


def _scores(tables: ReleaseTables) -> Mapping[str, tuple[float, float]]:
    if not any(series.projectable == "yes" for series in tables.series.values()):
        return {}
    # Imported here because it brings the statistics, which take a second.
    from statedfigures.analysis.topics import study_register

    horizon = default_horizon_year(tables)
    found = study_register(tables, horizon_year=horizon, draws=DRAWS, seed=SEED)
    return register_scores(tables, found)


def as_object(listed: Sequence[Listed]) -> dict[str, Any]:
    """Give the assumptions as one JSON object.

    Parameters
    ----------
    listed
        The assumptions.

    Returns
    -------
    dict
        ``assumptions``: a list in the same order.
    """
    return {"assumptions": [_one_object(one) for one in listed]}


def _one_object(one: Listed) -> dict[str, Any]:
    row, last = one.review.assumption, one.review.last
    return {
        "id": row.id,
        "state": str(one.review.state),
        "label": row.label,
        "rule": row.rule,
        "code": f"statedfigures.analysis.{RULES.get(row.rule, '')}",
        "low": row.low,
        "central": row.central,
        "high": row.high,
        "unit": row.unit,
        "quality": row.quality,
        "review_by": row.review_by.isoformat(),
        "overdue": one.review.overdue,
        "sensitivity": one.sensitivity,
        "risk": one.risk,
        "changed": list(one.review.changed),
        "fingerprint": one.review.fingerprint,
        "last_review": last
        and {
            "decision": last.decision,
            "by": last.by,
            "on": last.on.isoformat(),
            "comment": last.comment,
            "fingerprint": last.fingerprint,
        },
    }


def print_states(listed: Sequence[Listed], stream: TextIO) -> None:
    """Print the state of every assumption as a table, then what needs a reviewer.

    Parameters
    ----------
    listed
        The assumptions.
    stream
        Where to print.
    """
    console = console_for(stream)
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else box.ASCII2)
    headings = ("assumption", "state", "quality", "sensitivity", "risk", "review by")
    for number, heading in enumerate(headings):
        right = heading in ("sensitivity", "risk")
        table.add_column(heading, no_wrap=not number, justify="right" if right else "left")
    for one in listed:
        row = one.review.assumption
        due = f"{row.review_by}{' (overdue)' if one.review.overdue else ''}"
        cells = (row.id, one.review.state, row.quality, _score(one.sensitivity), _score(one.risk))
        table.add_row(*(Text(cell) for cell in (*cells, due)))
    console.print(table)
    counts = Counter(one.review.state for one in listed)
    told = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    console.print(Text(f"{len(listed)} assumptions: {told or 'none'}."))
    for one in listed:
        if words := _words(one.review):
            console.print(Text(words))


def _words(review: ReviewState) -> str:
    """Say why an assumption that was reviewed is not signed off."""
    if review.last is None or review.state is State.REVIEWED:
        return ""
    place = f"by {review.last.by} on {review.last.on}"
    if review.state is State.STALE:
        since = "accepted" if review.last.decision == "accept" else f"{review.last.decision}d"
        since = "rejected" if review.last.decision == "reject" else since
        return f"{review.assumption.id}: {since} {place}; changed since: {listing(review.changed)}."
    return f"{review.assumption.id}: {review.state} {place}: {review.last.comment}"


def listing(names: Sequence[str]) -> str:
    """Join names as in a sentence.

    Examples
    --------
    >>> listing(["basis", "value", "range"])
    'basis, value and range'
    """
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
