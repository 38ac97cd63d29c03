"""Findings: what the tables say that the release does not, told by closed kinds.

A release chooses rows of ``findings.csv``. Each kind is one function from its
ordered rows to the numbers that its sentence needs, and to the factor by which
the truth departs from what was stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import sub, truediv
from typing import TYPE_CHECKING, Any

import pandas as pd

from statedfigures.analysis.claims import HUNDREDTH, implied_base, join_inputs, recompute
from statedfigures.analysis.comparability import period_of
from statedfigures.analysis.intervals import (
    Interval,
    ends,
    exact_fraction,
    percent_change,
    percent_share,
    point,
)
from statedfigures.analysis.published_checks import digits_swapped
from statedfigures.analysis.qualifiers import (
    RESULT_UNITS,
    Row,
    claimed_interval,
    figure_inputs,
    interval_of,
    rounding_alone,
)
from statedfigures.errors import DataError, Fault, ParameterError
from statedfigures.release.periods import PARTS_OF_A_YEAR, WHOLE_YEARS, Period, years_between

if TYPE_CHECKING:
    from statedfigures.release.reading import Release

_NUMBERS = "finding name value low high unit formula inputs"
Compute = Callable[..., Interval]


@dataclass
class Told:
    """The numbers of one finding as they are worked out."""

    finding: Row
    release: Release
    rows: list[Row]
    numbers: list[dict[str, Any]] = field(default_factory=list)
    departure: float = 1.0

    def number(self, name: str, unit: str, formula: str, compute: Compute, *rows: Row) -> float:
        """Add a number from the stated values of rows, with its range from their intervals."""
        register = self.release.assumptions
        value = compute(*(point(exact_fraction(row["value"])) for row in rows))
        spread = compute(*(interval_of(row, register) for row in rows))
        inputs = join_inputs(*(figure_inputs(row, register) for row in rows))
        return self.given(name, unit, formula, value, spread, inputs)

    def level(self, name: str, row: Row) -> float:
        """Add the number of a row as it stands."""
        return self.number(name, row["unit"], "", lambda values: values, row)

    def given(
        self,
        name: str,
        unit: str,
        formula: str,
        value: Interval | float,
        spread: Interval | None,
        inputs: str,
    ) -> float:
        """Add a number that is worked out already."""
        middle = value if isinstance(value, float) else ends(value)["low"]
        shown = {"finding": self.finding.name, "name": name, "value": middle, **ends(spread)}
        self.numbers.append(shown | {"unit": unit, "formula": formula, "inputs": inputs})
        return middle

    def claimed(self, claim: Row) -> float:
        """Add the number that a claim states."""
        register = self.release.assumptions
        exact = claimed_interval(claim, register, rounding_only=True)
        if exact is None or exact.low is None or exact.high is None:
            raise ParameterError(f"the claim {claim.name} states no number; name another")
        middle = point((exact.low + exact.high) / 2)
        unit = RESULT_UNITS.get(claim["kind"], claim["stated_unit"])
        spread = claimed_interval(claim, register)
        return self.given("claimed", unit, "", middle, spread, f"claim:{claim.name}")

    def figure_of(self, claim: Row, column: str) -> Row:
        """Return the figure that a claim names in a column."""
        if not claim[column]:
            raise ParameterError(f"the claim {claim.name} has no {column}; name another")
        return self.release.row(f"figure:{claim[column].split()[0]}")

    def departs(self, stated: float, true: float) -> None:
        """Set the factor between what was stated and what is true, either way round."""
        if min(stated, true) <= 0:
            raise ParameterError("the numbers stated and found must be above zero")
        self.departure = max(stated / true, true / stated)


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
    told = [_told(finding, release) for _, finding in release.findings.iterrows()]
    rows = [
        {
            "id": each.finding.name,
            **{name: each.finding[name] for name in ("topic", "kind", "rank")},
            "departure": each.departure,
            "inputs": join_inputs(*(number["inputs"] for number in each.numbers)),
        }
        for each in told
    ]
    frame = pd.DataFrame(rows, columns=["id", "topic", "kind", "rank", "departure", "inputs"])
    frame = frame.sort_values(["departure", "rank"], ascending=[False, True], kind="stable")
    return frame.assign(rank=range(1, len(frame) + 1)).set_index("id")


def finding_numbers(release: Release) -> pd.DataFrame:
    """Return the numbers that the sentence of each finding needs.

    Parameters
    ----------
    release
        The release, see `read_release`.

    Returns
    -------
    DataFrame
        Long: finding, name, value (from the numbers as printed), low and high
        (over all values of their qualifiers, NaN without an end), unit,
        formula, inputs. The names are those in the docstring of each kind.

    Raises
    ------
    DataError
        If the inputs of a finding are not those that its kind needs.
    """
    numbers = [
        number
        for _, finding in release.findings.iterrows()
        for number in _told(finding, release).numbers
    ]
    return pd.DataFrame(numbers, columns=_NUMBERS.split())


def part_and_rest(told: Told) -> None:
    """Whole, part, share, rest, earlier, whole_change, rest_change, rest_change_full_year.

    The last only where the whole is for part of a year and the earlier figure
    for a whole one. Departure: the growth of the whole over that of the rest.
    """
    whole, part, earlier = told.rows[:3]
    whole_level, _ = told.level("whole", whole), told.level("part", part)
    told.number("share", "percent", "part ÷ whole", lambda w, p: percent_share(p, w), whole, part)
    rest = told.number("rest", whole["unit"], "whole − part", sub, whole, part)
    told.level("earlier", earlier)
    told.number("whole_change", "percent", "whole ÷ earlier − 1", percent_change, earlier, whole)
    told.number(
        "rest_change",
        "percent",
        "(whole − part) ÷ earlier − 1",
        lambda e, w, p: percent_change(e, w - p),
        earlier,
        whole,
        part,
    )
    is_part_year = whole["period_kind"] in PARTS_OF_A_YEAR
    if is_part_year and earlier["period_kind"] in WHOLE_YEARS:
        period = _period(whole)
        days = Fraction(period.whole.days, period.days)
        told.number(
            "rest_change_full_year",
            "percent",
            "(whole − part) × days of the year ÷ days counted ÷ earlier − 1",
            lambda e, w, p: percent_change(e, (w - p) * days),
            earlier,
            whole,
            part,
        )
    told.departs(whole_level, rest)


def swapped_digits(told: Told) -> None:
    """Stated, published, difference. Departure: the one over the other."""
    stated, published = (
        told.level(name, row) for name, row in zip(("stated", "published"), told.rows, strict=True)
    )
    if not digits_swapped(stated, published):
        raise ParameterError("no swap of two neighbouring digits turns one number into the other")
    told.number("difference", told.rows[0]["unit"], "stated − published", sub, *told.rows)
    told.departs(stated, published)


def multiple_of_two_bases(told: Told) -> None:
    """Later, stated_base, other_base, multiple_of_stated, multiple_of_other, claimed.

    The last only with a claim. Departure: the one multiple over the other.
    """
    later, stated, other = told.rows[:3]
    for name, row in zip(("later", "stated_base", "other_base"), told.rows, strict=False):
        told.level(name, row)
    multiples = [
        told.number(f"multiple_of_{name}", "multiple", "later ÷ base", truediv, later, base)
        for name, base in (("stated", stated), ("other", other))
    ]
    for claim in told.rows[3:]:
        told.claimed(claim)
    told.departs(*multiples)


def restated_year(told: Told) -> None:
    """Later, stated, published, rise_on_stated, rise_on_published, claimed.

    The last only with a claim. Departure: the growth on the one base over
    that on the other.
    """
    later, stated, published = told.rows[:3]
    for name, row in zip(("later", "stated", "published"), told.rows, strict=False):
        told.level(name, row)
    rises = [
        told.number(f"rise_on_{name}", "percent", "later ÷ base − 1", percent_change, base, later)
        for name, base in (("stated", stated), ("published", published))
    ]
    for claim in told.rows[3:]:
        told.claimed(claim)
    told.departs(*(1 + rise / 100 for rise in rises))


def same_quantity_far_apart(told: Told) -> None:
    """Figure, then for each pair share_n, whole_n, implied_n, ratio_n, and ratio_of_shares.

    The last only for two pairs: the second share over the first. Departure:
    the ratio that is furthest from one.
    """
    figure, pairs = told.rows[0], told.rows[1:]
    if len(pairs) % 2 or not pairs:
        raise ParameterError("after the figure come pairs of a share and a published whole")
    told.level("figure", figure)
    for number, (share, whole) in enumerate(zip(pairs[::2], pairs[1::2], strict=True), start=1):
        if share["unit"] != "percent":
            raise ParameterError(f"{share.name} is no share in percent; name one before its whole")
        told.level(f"share_{number}", share)
        told.level(f"whole_{number}", whole)
        told.number(
            f"implied_{number}",
            figure["unit"],
            "share × whole",
            lambda s, w: s * w * HUNDREDTH,
            share,
            whole,
        )
        ratio = told.number(
            f"ratio_{number}",
            "multiple",
            "share × whole ÷ figure",
            lambda s, w, f: _part(s, w) / f,
            share,
            whole,
            figure,
        )
        previous = told.departure
        told.departs(ratio, 1.0)
        told.departure = max(previous, told.departure)
    if len(pairs) == 4:
        told.number(
            "ratio_of_shares", "multiple", "second share ÷ first", truediv, pairs[2], pairs[0]
        )


def growth_split_at_a_year(told: Told) -> None:
    """Earlier, middle, later, years_before, years_after, growth_before, growth_after.

    Growth is in percent a year, its range by rounding alone: where the middle
    is "more than" a bound, the growth before has no upper and the growth after
    no lower end. Departure: the rise before over the rise after.
    """
    earlier, middle, later = told.rows
    for name, row in zip(("earlier", "middle", "later"), told.rows, strict=True):
        told.level(name, row)
    start = _period(middle)
    split = Period("calendar_year", start.start, start.start.replace(month=12, day=31))
    split = split if start.kind == "since" else start
    spans = {
        "before": (earlier, middle, years_between(_period(earlier), split)),
        "after": (middle, later, years_between(split, _period(later))),
    }
    for name, (first, second, years) in spans.items():
        if years <= 0:
            raise ParameterError("the three figures must follow each other in time")
        inputs = f"figure:{first.name} figure:{second.name}"
        told.given(f"years_{name}", "years", "", years, None, inputs)
    register = told.release.assumptions
    for name, (first, second, years) in spans.items():
        sides = [
            rounding_alone(row) if row is not middle else interval_of(row, register)
            for row in (first, second)
        ]
        rise = ends(sides[1] / sides[0])
        grown = {end: (factor ** (1 / years) - 1) * 100 for end, factor in rise.items()}
        if middle["qualifier"] != "less_than" and sides[0].high is None:
            grown["low"] = float("nan")
        value = ((second["value"] / first["value"]) ** (1 / years) - 1) * 100
        inputs = join_inputs(*(figure_inputs(row, register) for row in (first, second)))
        told.given(f"growth_{name}", "percent", "(later ÷ earlier) ^ (1 ÷ years) − 1", value,
                   None, inputs)  # fmt: skip
        told.numbers[-1] |= grown
    told.departs(middle["value"] / earlier["value"], later["value"] / middle["value"])


def revision(told: Told) -> None:
    """Claimed, earlier, later, whole_change, months_counted.

    Departure: the growth between the whole years over the growth claimed.
    """
    claim, earlier, later = told.rows
    stated = told.claimed(claim)
    told.level("earlier", earlier)
    told.level("later", later)
    change = told.number(
        "whole_change", "percent", "later ÷ earlier − 1", percent_change, earlier, later
    )
    figure = told.figure_of(claim, "to_figure")
    period = _period(figure)
    months = round(period.days * 12 / period.whole.days)
    told.given("months_counted", "months", "", float(months), None, f"figure:{figure.name}")
    told.departs(1 + change / 100, 1 + stated / 100)


def implied_base_told(told: Told) -> None:
    """Claimed, later, base, recomputed, implied_base, implied_base_rounding.

    The base is the published row, or else the figure that the claim starts
    from. Departure: the base over the implied one.
    """
    claim, *others = told.rows
    kind, register = claim["kind"], told.release.assumptions
    after = told.figure_of(claim, "to_figure")
    base = others[0] if others else told.figure_of(claim, "from_figure")
    stated = told.claimed(claim)
    told.level("later", after)
    level = told.level("base", base)
    told.number(
        "recomputed",
        RESULT_UNITS.get(kind, after["unit"]),
        "later against base",
        lambda b, a: recompute(kind, b, a) or point(0),
        base,
        after,
    )
    inputs = join_inputs(f"claim:{claim.name}", figure_inputs(after, register))
    middle = implied_base(kind, point(exact_fraction(after["value"])), point(Fraction(stated)))
    for name, rounding_only in (("implied_base", False), ("implied_base_rounding", True)):
        claimed = claimed_interval(claim, register, rounding_only=rounding_only)
        values = rounding_alone(after) if rounding_only else interval_of(after, register)
        spread = None if claimed is None else implied_base(kind, values, claimed)
        if middle is None or spread is None:
            raise ParameterError(f"the claim {claim.name} implies no base; name another")
        implied = told.given(name, base["unit"], "later over what is claimed", middle, spread,
                             inputs)  # fmt: skip
    told.departs(level, implied)


# Kind: its function, and the ordered tables of its inputs; those after a bar may be left out.
KINDS: Mapping[str, tuple[Callable[[Told], None], str]] = {
    "part_and_rest": (part_and_rest, "figure published figure | claim"),
    "digits_swapped": (swapped_digits, "figure published"),
    "multiple_of_two_bases": (multiple_of_two_bases, "figure figure published | claim"),
    "restated_year": (restated_year, "figure figure published | claim"),
    "same_quantity_far_apart": (same_quantity_far_apart, "figure figure published | …"),
    "growth_split_at_a_year": (growth_split_at_a_year, "figure figure figure"),
    "revision": (revision, "claim published published"),
    "implied_base": (implied_base_told, "claim | published"),
}


def _told(finding: Row, release: Release) -> Told:
    references = finding["inputs"].split()
    tell, order = KINDS[finding["kind"]]
    required, _, optional = (part.split() for part in order.partition("|"))
    given = [reference.partition(":")[0] for reference in references]
    most = [*required, *optional]
    fits = given == (most[: len(given)]) and len(given) >= len(required)
    if "…" in optional:
        pairs = len(given) - 1
        fits = given == ["figure", *["figure", "published"] * (pairs // 2)] and pairs > 1
    told = Told(finding, release, [])
    try:
        if not fits:
            raise ParameterError(f"the inputs are {' '.join(given) or 'empty'}")
        told.rows = [release.row(reference) for reference in references]
        tell(told)
    except ParameterError as error:
        remedy = f"a finding of kind {finding['kind']} needs {order.replace('|', 'and perhaps')}"
        row = int(finding["file_row"])
        raise DataError([Fault("findings.csv", row, "inputs", str(error), remedy)]) from error
    return told


def _part(share: Interval, whole: Interval) -> Interval:
    return share * whole * HUNDREDTH


def _period(row: Row) -> Period:
    period = period_of(row)
    if period is None:
        raise ParameterError(f"{row.name} has no period; give it one")
    return period
