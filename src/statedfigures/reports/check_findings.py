"""Everything that ``check`` has to say about a release, as one value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from statedfigures.analysis.claims import judge_claims
from statedfigures.analysis.published import cross_check, implied_denominators
from statedfigures.analysis.records import ClaimResult, CrossCheck, ImpliedDenominator
from statedfigures.analysis.register import register_faults
from statedfigures.errors import DataError, Fault
from statedfigures.sources.records import Assumption, ReleaseTables
from statedfigures.sources.release import read_release


@dataclass(frozen=True, slots=True)
class Findings:
    """What the figures of a release bear out.

    ``checks`` are all figures that were published elsewhere too; those that
    do not agree are the conflicts. ``overdue`` are the assumptions whose
    review was due before the edition of the report.
    """

    tables: ReleaseTables
    claims: tuple[ClaimResult, ...]
    checks: tuple[CrossCheck, ...]
    denominators: tuple[ImpliedDenominator, ...]
    overdue: tuple[Assumption, ...]

    @property
    def conflicts(self) -> tuple[CrossCheck, ...]:
        """The figures that differ from what was published elsewhere."""
        return tuple(check for check in self.checks if not check.agrees)


def findings_of(release: str, *, data: Path | None = None, strict: bool = False) -> Findings:
    """Read a release and work out its findings.

    Parameters
    ----------
    release
        Id of the release.
    data
        Folder that holds the releases.
    strict
        Whether an overdue review is a fault.

    Returns
    -------
    Findings
        The findings.

    Raises
    ------
    ParameterError
        If there is no such release.
    DataError
        If its tables hold faults.
    """
    tables = read_release(release, data=data)
    overdue = overdue_reviews(tables)
    faults = [*register_faults(tables), *(_overdue_faults(tables, overdue) if strict else ())]
    if faults:
        raise DataError(faults)
    return Findings(
        tables=tables,
        claims=judge_claims(tables),
        checks=cross_check(tables),
        denominators=implied_denominators(tables),
        overdue=overdue,
    )


def overdue_reviews(tables: ReleaseTables) -> tuple[Assumption, ...]:
    """List the assumptions whose review was due before the edition of the report.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    tuple of Assumption
        By the date that was missed, then by id.
    """
    edition = tables.description.edition
    late = [row for row in tables.assumptions.values() if row.review_by < edition]
    return tuple(sorted(late, key=lambda row: (row.review_by, row.id)))


def _overdue_faults(tables: ReleaseTables, overdue: tuple[Assumption, ...]) -> Iterator[Fault]:
    edition = tables.description.edition
    for row in overdue:
        found = f"the review of {row.id} was due before the edition of {edition}"
        remedy = "review the assumption and set the next date"
        yield Fault("assumptions.csv", row.row, "review_by", found, remedy)
