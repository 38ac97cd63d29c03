"""The register of assumptions: how code finds a row, and which rows nothing reads.

A row of ``assumptions.csv`` is found by its rule and by what it applies to,
never by its id, so that an analyst may add a row for one series without
touching code.
"""

from __future__ import annotations

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
            f"add a row with rule {rule} and applies_to {EVERY}"
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
        Unknown rules, targets that are never read, and missing rows; in the
        order of the file. That targets exist and have one row each is held
        when the tables are read.
    """
    rows = sorted(tables.assumptions.values(), key=lambda row: row.row)
    faults = [
        Fault(
            FILE, row.row, "rule", f"no rule is called {row.rule!r}", nearest_name(row.rule, RULES)
        )
        for row in rows
        if row.rule not in RULES
    ]
    serving = {(row.rule, target): row for row in rows for target in row.applies_to}
    used = set()
    for rule, target in sorted(register_reads(tables)):
        pair = (rule, target) if (rule, target) in serving else (rule, EVERY)
        used.add(pair)
        if pair not in serving:
            found = f"no row has rule {rule} and applies to {target}"
            remedy = f"add a row with rule {rule} and applies_to {EVERY}"
            faults.append(Fault(FILE, 0, "rule", found, remedy))
    for (rule, target), row in serving.items():
        if rule in RULES and (rule, target) not in used:
            found = f"nothing reads {row.id} for {target}"
            remedy = "remove it from applies_to, or remove the row"
            faults.append(Fault(FILE, row.row, "applies_to", found, remedy))
    return tuple(sorted(faults))


def _require_range(row: Assumption) -> None:
    if not row.allowed_min <= row.low <= row.central <= row.high <= row.allowed_max:
        raise AssumptionError(
            f"{FILE}, row {row.row}: {row.id} has low {row.low:g}, central {row.central:g} and "
            f"high {row.high:g}, allowed from {row.allowed_min:g} to {row.allowed_max:g}; "
            "put them in this order and inside the allowed range"
        )
