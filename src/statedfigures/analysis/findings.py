"""Findings: what the tables say that the release does not, told by closed kinds.

A release chooses rows of ``findings.csv``. Each kind is one function from its
ordered rows to the numbers that its sentence needs, and to the factor by which
the truth departs from what was stated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from operator import sub, truediv
from typing import Any, TypeAlias

import pandas as pd

from statedfigures.analysis import intervals, published_checks, qualifiers
from statedfigures.analysis.assumptions import row_of
from statedfigures.analysis.intervals import Interval, ends, percent_change, point
from statedfigures.analysis.qualifiers import RESULT_UNITS, interval_of
from statedfigures.errors import DataError, Fault, ParameterError
from statedfigures.release import periods
from statedfigures.release.schema import Release, Row, cells_of, require_release

Tell: TypeAlias = "Callable[[Told], None]"
_NUMBERS = "finding name value low high unit formula inputs"
# Each kind: its function, and the roles and tables of its inputs in their order.
KINDS: dict[str, tuple[Tell, str]] = {}


@dataclass
class Told:
    """The rows of one finding by their roles, and its numbers as they are worked out."""

    finding: Row
    release: Release
    rows: dict[str, Row] = field(default_factory=dict)
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    departure: float = 1.0

    def __getitem__(self, name: str) -> float:
        """Return the value of a number."""
        return float(self.numbers[name]["value"])

    def take(self, role: str, row: Row) -> None:
        """Add a row, with its own number; a claim has to state one."""
        self.rows[role] = row
        if "stated_value" not in row:
            self.add(role, row["unit"], "", lambda level: level, role)
            return
        register = self.release.assumptions
        exact = qualifiers.claimed_interval(row, register, rounding_only=True)
        if exact is None:
            raise ParameterError(f"the claim {row.name} states no number; name another")
        unit, middle = RESULT_UNITS.get(row["kind"], row["stated_unit"]), sum(ends(exact).values())
        self.give("claimed", unit, "", middle / 2, qualifiers.claimed_interval(row, register), role)

    def add(
        self, name: str, unit: str, formula: str, compute: Callable[..., Interval], *roles: str
    ) -> None:
        """Add a number: from the values as printed, and its range from all that they may be."""
        rows = [self.rows[role] for role in roles]
        units = {row["unit"] for row in rows}
        if len(units) > 1 and not name.startswith(("implied_", "ratio_")):
            raise ParameterError(f"the rows are in {' and '.join(sorted(units))}; name others")
        value = compute(*(point(row["value"]) for row in rows))
        spread = compute(*(interval_of(row, self.release.assumptions) for row in rows))
        self.give(name, unit, formula, ends(value)["low"], spread, *roles)

    def give(
        self, name: str, unit: str, formula: str, value: float, spread: Interval | None, *roles: str
    ) -> None:
        """Add a number that is worked out already."""
        rows = (self.rows[role] for role in roles)
        inputs = qualifiers.row_inputs(self.release.assumptions, *rows)
        start = {"finding": self.finding.name, "name": name, "value": value, **ends(spread)}
        self.numbers[name] = start | {"unit": unit, "formula": formula, "inputs": inputs}

    def claimed_figure(self, column: str) -> Row:
        """Return the figure that the claim of a finding names in a column."""
        claim = self.rows["claim"]
        if not claim[column]:
            raise ParameterError(f"the claim {claim.name} has no {column}; name another")
        return row_of(self.release, f"figure:{claim[column].split()[0]}")

    def departs(self, stated: float, true: float) -> None:
        """Count in the factor between what was stated and what is true, either way round."""
        if min(stated, true) <= 0:
            raise ParameterError("the numbers stated and found must be above zero")
        self.departure = max(self.departure, stated / true, true / stated)


def tell_findings(release: Release) -> pd.DataFrame:
    """Return the findings of a release, the largest departure first.

    Parameters
    ----------
    release
        The release, see `read_release`.

    Returns
    -------
    DataFrame
        A row a finding, indexed by its id: topic, kind, rank (from 1),
        departure (the factor, 1 or more, by which the truth departs from what
        was stated), inputs. Equal departures keep the order of ``rank`` in the
        table.

    Raises
    ------
    DataError
        If the inputs of a finding are not those that its kind needs.
    """
    return findings_with_numbers(release)[0]


def findings_with_numbers(release: Release) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the findings of a release, and the numbers that the sentence of each needs.

    Parameters
    ----------
    release
        The release, see `read_release`.

    Returns
    -------
    findings, numbers
        What `tell_findings` returns; and long: finding, name, value (from the numbers as
        printed), low and high (over all values of their qualifiers, NaN without an end), unit,
        formula, inputs. The names are those in the docstring of each kind, and the roles of
        its rows: see `KINDS`.

    Raises
    ------
    DataError
        If the inputs of a finding are not those that its kind needs.
    """
    require_release(release)
    told = _all_told(release)
    inputs = [[row["inputs"] for row in each.numbers.values()] for each in told]
    frame = release.findings[["topic", "kind", "rank"]].assign(
        departure=[each.departure for each in told],
        inputs=[qualifiers.join_inputs(*each) for each in inputs],
    )
    frame = frame.sort_values(["departure", "rank"], ascending=[False, True], kind="stable")
    numbers = [number for each in told for number in each.numbers.values()]
    found = pd.DataFrame(numbers, columns=_NUMBERS.split())
    return frame.assign(rank=range(1, len(frame) + 1)), found


def kind_of_finding(order: str) -> Callable[[Tell], Tell]:
    """Enter a function in `KINDS`, under its name, with the order of its inputs.

    Each is a role with its table; those in brackets may be left out.
    """

    def entered(tell: Tell) -> Tell:
        KINDS[tell.__name__] = (tell, order)
        return tell

    return entered


@kind_of_finding("whole=figure part=published earlier=figure [claim=claim]")
def part_and_rest(told: Told) -> None:
    """Share, rest, whole_change, rest_change, rest_change_full_year.

    The last only where the whole is for part of a year and the earlier figure
    for a whole one. Departure: the growth of the whole over that of the rest.
    """
    whole, earlier = told.rows["whole"], told.rows["earlier"]

    def add_change_of_rest(name: str, formula: str, filled: Fraction) -> None:
        def change(earlier: Interval, whole: Interval, part: Interval) -> Interval:
            return percent_change(earlier, (whole - part) * filled)

        told.add(name, "percent", formula, change, "earlier", "whole", "part")

    told.add("share", "percent", "part ÷ whole", intervals.percent_share, "part", "whole")
    told.add("rest", whole["unit"], "whole − part", sub, "whole", "part")
    told.add("whole_change", "percent", "whole ÷ earlier − 1", percent_change, "earlier", "whole")
    add_change_of_rest("rest_change", "(whole − part) ÷ earlier − 1", Fraction(1))
    ends_early = whole["period_kind"] in periods.PARTS_OF_A_YEAR
    if ends_early and earlier["period_kind"] in periods.WHOLE_YEARS:
        days = periods.period_of(whole)
        formula = "(whole − part) × days of the year ÷ days counted ÷ earlier − 1"
        add_change_of_rest("rest_change_full_year", formula, Fraction(days.whole.days, days.days))
    told.departs(told["whole"], told["rest"])


@kind_of_finding("stated=figure published=published")
def digits_swapped(told: Told) -> None:
    """Difference. Departure: the stated number over the published one."""
    stated, published = told["stated"], told["published"]
    if not published_checks.digits_swapped(stated, published):
        raise ParameterError("no swap of two neighbouring digits turns one number into the other")
    unit = told.rows["stated"]["unit"]
    told.add("difference", unit, "stated − published", sub, "stated", "published")
    told.departs(stated, published)


@kind_of_finding("later=figure stated_base=figure other_base=published [claim=claim]")
def multiple_of_two_bases(told: Told) -> None:
    """Multiple_of_stated, multiple_of_other. Departure: the one over the other."""
    for name in ("stated", "other"):
        roles = "later", f"{name}_base"
        told.add(f"multiple_of_{name}", "multiple", "later ÷ base", truediv, *roles)
    told.departs(told["multiple_of_stated"], told["multiple_of_other"])


@kind_of_finding("later=figure stated=figure published=published [claim=claim]")
def restated_year(told: Told) -> None:
    """Rise_on_stated, rise_on_published. Departure: growth on the one base over the other."""
    for name in ("stated", "published"):
        told.add(f"rise_on_{name}", "percent", "later ÷ base − 1", percent_change, name, "later")
    told.departs(1 + told["rise_on_stated"] / 100, 1 + told["rise_on_published"] / 100)


@kind_of_finding(
    "figure=figure share_1=figure whole_1=published [share_2=figure whole_2=published …]"
)
def same_quantity_far_apart(told: Told) -> None:
    """For each pair implied_1, ratio_1, …, and ratio_of_shares, the second share over the first.

    The last only for two pairs. Departure: the ratio that is furthest from one.
    """
    unit, pairs = told.rows["figure"]["unit"], (len(told.rows) - 1) // 2
    for pair in range(1, pairs + 1):
        share, roles = told.rows[f"share_{pair}"], [f"share_{pair}", f"whole_{pair}", "figure"]
        if share["unit"] != "percent":
            raise ParameterError(f"{share.name} is no share in percent; name one before its whole")
        told.add(f"implied_{pair}", unit, "share × whole", _part, *roles[:2])
        formula = "share × whole ÷ figure"
        told.add(f"ratio_{pair}", "multiple", formula, lambda s, w, f: _part(s, w) / f, *roles)
        told.departs(told[f"ratio_{pair}"], 1)
    if pairs == 2:
        roles = ["share_2", "share_1"]
        told.add("ratio_of_shares", "multiple", "second share ÷ first", truediv, *roles)


@kind_of_finding("earlier=figure middle=figure later=figure")
def growth_split_at_a_year(told: Told) -> None:
    """Growth_before, growth_after.

    Growth is in percent a year: where the middle is "more than" a bound, the
    growth before has no upper and the growth after no lower end. Departure:
    the rise before over the rise after.
    """
    earlier, turn, later = (periods.period_of(row) for row in told.rows.values())
    if turn.kind == "since":
        turn = periods.Period("calendar_year", turn.start, turn.start.replace(month=12, day=31))
    told.departs(told["middle"] / told["earlier"], told["later"] / told["middle"])
    for name, roles, years in (
        ("before", ("earlier", "middle"), periods.years_between(earlier, turn)),
        ("after", ("middle", "later"), periods.years_between(turn, later)),
    ):
        if years <= 0:
            raise ParameterError("the three figures must follow each other in time")

        def growth(first: Interval, second: Interval, years: float = years) -> Interval:
            factor = second / first
            low, high = ((float(end) ** (1 / years) - 1) * 100 for end in (factor.low, factor.high))
            # A ratio to a base without an end comes down to zero, which says nothing of growth.
            return Interval(low if factor.low > 0 else -math.inf, high)

        formula = "(later ÷ earlier) ^ (1 ÷ years) − 1"
        told.add(f"growth_{name}", "percent", formula, growth, *roles)


@kind_of_finding("claim=claim earlier=published later=published")
def revision(told: Told) -> None:
    """Whole_change, months_counted. Departure: growth of whole years over the growth claimed."""
    told.add("whole_change", "percent", "later ÷ earlier − 1", percent_change, "earlier", "later")
    told.rows["counted"] = told.claimed_figure("to_figure")
    period = periods.period_of(told.rows["counted"])
    months = float(round(period.days * 12 / period.whole.days))
    told.give("months_counted", "months", "", months, None, "counted")
    told.departs(1 + told["whole_change"] / 100, 1 + told["claimed"] / 100)


@kind_of_finding("claim=claim [base=published]")
def implied_base(told: Told) -> None:
    """Later, base, recomputed, implied_base.

    The base is the published row, or else the figure that the claim starts
    from. Departure: the base over the implied one.
    """
    claim = told.rows["claim"]
    told.take("later", told.claimed_figure("to_figure"))
    if "base" not in told.rows:
        told.take("base", told.claimed_figure("from_figure"))
    after, base = told.rows["later"], told.rows["base"]

    def recomputed(base: Interval, later: Interval) -> Interval:
        return intervals.recompute(claim["kind"], base, later) or point(0)

    unit = RESULT_UNITS.get(claim["kind"], after["unit"])
    told.add("recomputed", unit, "later against base", recomputed, "base", "later")
    middle = intervals.implied_base(claim["kind"], point(after["value"]), point(told["claimed"]))
    spread = qualifiers.implied_bases(claim, after, told.release.assumptions)[0]
    if middle is None or spread is None:
        raise ParameterError(f"the claim {claim.name} implies no base; name another")
    value, formula = ends(middle)["low"], "later over what is claimed"
    told.give("implied_base", base["unit"], formula, value, spread, "claim", "later")
    told.departs(told["base"], told["implied_base"])


def _all_told(release: Release) -> list[Told]:
    """Return the findings with their numbers, or say which row of the table has wrong inputs."""
    found = []
    for finding in cells_of(release.findings):
        found.append(told := Told(finding, release))
        references, (tell, order) = finding["inputs"].split(), KINDS[finding["kind"]]
        try:
            for role, reference in _roles(references, order):
                told.take(role, row_of(release, reference))
            tell(told)
        except ParameterError as error:
            remedy = f"a finding of kind {finding['kind']} needs {order}"
            row = int(finding["file_row"])
            raise DataError([Fault("findings.csv", row, "inputs", str(error), remedy)]) from error
    return found


def _roles(references: Sequence[str], order: str) -> Iterator[tuple[str, str]]:
    """Return each reference with its role, or say that they are not what the order asks for."""
    given = [reference.partition(":")[0] for reference in references]
    roles, pairs = re.findall(r"(\w+)=(\w+)", order), (len(given) + 1) // 2
    if "…" in order:
        of_a_pair = (("share", "figure"), ("whole", "published"))
        pair = product(range(1, pairs), of_a_pair)
        roles = roles[:1] + [(f"{role}_{number}", table) for number, (role, table) in pair]
    least = len(order.partition("[")[0].split())
    if given != [table for _, table in roles[: len(given)]] or len(given) < least:
        raise ParameterError(f"the inputs are {' '.join(given) or 'empty'}")
    return zip((role for role, _ in roles), references, strict=False)


def _part(share: Interval, whole: Interval) -> Interval:
    return share * whole * intervals.HUNDREDTH
