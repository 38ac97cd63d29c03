"""The register of assumptions: how code finds a row, and which rows nothing reads.

A row of ``assumptions.csv`` is found by its rule and by what it applies to,
never by its id, so that an analyst may add a row for one series without
touching code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from statedfigures.analysis.rules import EVERY, FILE, RULES, nearest_name, register_reads
from statedfigures.errors import AssumptionError, Fault
from statedfigures.sources.records import Assumption, ReleaseTables

__all__ = ["RULES", "Register", "register_faults", "register_reads", "scenario_value"]


@dataclass(frozen=True, slots=True)
class Register:
    """The assumptions of a release, found by rule and target.

    Examples
    --------
    >>> Register(()).get("damping", "image_offences")
    Traceback (most recent call last):
    statedfigures.errors.AssumptionError: assumptions.csv: no row has rule 'damping' ...
    """

    assumptions: tuple[Assumption, ...]

    @classmethod
    def of(cls, tables: ReleaseTables) -> Register:
        """Take the register out of the tables of a release."""
        return cls(tuple(tables.assumptions.values()))

    def get(self, rule: str, target: str = EVERY) -> Assumption:
        """Give the row of a rule for a target, or else its row for ``all``.

        Parameters
        ----------
        rule
            A key of `RULES`.
        target
            Id of the series, claim or figure that is served.

        Returns
        -------
        Assumption
            The row.

        Raises
        ------
        AssumptionError
            If no row serves the target, or if the row's values are out of
            order or outside its own allowed range.
        """
        for name in (target, EVERY):
            for row in self.assumptions:
                if row.rule == rule and name in row.applies_to:
                    _require_range(row)
                    return row
        raise AssumptionError(
            f"{FILE}: no row has rule {rule!r} and applies to {target!r}; "
            f"add a row with rule {rule} and applies_to {target} or {EVERY}"
        )


def scenario_value(assumption: Assumption, scenario: str) -> float:
    """Give the value of an assumption in a scenario.

    Parameters
    ----------
    assumption
        The row; its ``effect`` says which end belongs to which scenario.
    scenario
        ``low``, ``central`` or ``high``: what happens to the projection.

    Returns
    -------
    float
        In the unit of the assumption. An assumption that only widens the
        fan stays at its central value in every scenario.
    """
    if assumption.effect == "widens" or scenario == "central":
        return assumption.central
    rises = (assumption.effect == "raises") == (scenario == "high")
    return assumption.high if rises else assumption.low


def register_faults(tables: ReleaseTables) -> tuple[Fault, ...]:
    """Find rows that nothing reads, and reads that no row serves.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    tuple of Fault
        Unknown rules, targets that do not exist or are never read, two rows
        for the same target, and missing rows; in the order of the file.
    """
    reads = register_reads(tables)
    known = {EVERY, *tables.figures, *tables.claims, *tables.series}
    faults = [fault for row in tables.assumptions.values() for fault in _row_faults(row, known)]
    serving: dict[tuple[str, str], Assumption] = {}
    for row in sorted(tables.assumptions.values(), key=lambda row: row.row):
        for target in row.applies_to:
            earlier = serving.setdefault((row.rule, target), row)
            if earlier is not row:
                found = f"{row.rule} for {target} is already given in row {earlier.row}"
                faults.append(Fault(FILE, row.row, "applies_to", found, "keep one of the two"))
    used = set()
    for rule, target in sorted(reads):
        pair = (rule, target) if (rule, target) in serving else (rule, EVERY)
        used.add(pair)
        if pair not in serving:
            found = f"no row has rule {rule} and applies to {target}"
            remedy = f"add a row with rule {rule} and applies_to {target} or {EVERY}"
            faults.append(Fault(FILE, 0, "rule", found, remedy))
    for (rule, target), row in serving.items():
        if rule in RULES and target in known and (rule, target) not in used:
            found = f"nothing reads {row.id} for {target}"
            remedy = "remove it from applies_to, or remove the row"
            faults.append(Fault(FILE, row.row, "applies_to", found, remedy))
    return tuple(sorted(faults))


def _row_faults(row: Assumption, known: set[str]) -> Iterator[Fault]:
    if row.rule not in RULES:
        found = f"no rule is called {row.rule!r}"
        yield Fault(FILE, row.row, "rule", found, nearest_name(row.rule, RULES))
    for target in row.applies_to:
        if target not in known:
            found = f"{target!r} is no series, claim or figure"
            yield Fault(FILE, row.row, "applies_to", found, nearest_name(target, known))


def _require_range(row: Assumption) -> None:
    if not row.allowed_min <= row.low <= row.central <= row.high <= row.allowed_max:
        raise AssumptionError(
            f"{FILE}, row {row.row}: {row.id} has low {row.low:g}, central {row.central:g} and "
            f"high {row.high:g}, allowed from {row.allowed_min:g} to {row.allowed_max:g}; "
            "put them in this order and inside the allowed range"
        )
