"""The findings of ``check`` as tables on a terminal, as plain lines, and as JSON."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from statedfigures.analysis.comparability import WARNING_MEANINGS
from statedfigures.analysis.records import (
    ClaimResult,
    ComparabilityWarning,
    CrossCheck,
    ImpliedDenominator,
    Interval,
)
from statedfigures.display.ranges import interval_text
from statedfigures.reports.check_findings import Findings

# Where nobody looks at a terminal there is no width to keep to.
PLAIN_WIDTH = 200
NARROW_WIDTH = 120


def as_object(
    findings: Findings | None = None, faults: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Give the findings, or the faults that stand in their way, as one JSON object.

    Parameters
    ----------
    findings
        The findings, or None where there are faults.
    faults
        The faults, each with ``file``, ``row``, ``column``, ``found`` and
        ``remedy``.

    Returns
    -------
    dict
        ``claims`` (each with ``id``, ``as_stated``, ``verdict``, ``interval``,
        ``warnings`` and ``reason``), ``conflicts``, ``denominators`` and
        ``faults``. An interval has ``low``, ``high``, ``unit``, ``low_open``
        and ``high_open``; an end without bound is null.
    """
    return {
        "claims": [_claim_object(result) for result in (findings.claims if findings else ())],
        "conflicts": [_check_object(check) for check in (findings.conflicts if findings else ())],
        "denominators": [
            _denominator_object(implied) for implied in (findings.denominators if findings else ())
        ],
        "faults": list(faults),
    }


def print_findings(findings: Findings, stream: TextIO) -> None:
    """Print the findings as tables.

    Parameters
    ----------
    findings
        The findings.
    stream
        Where to print. On a terminal the tables keep to its width and have
        colours; elsewhere they are plain text, wide enough for every id.
    """
    console = console_for(stream)
    _print_table(
        console,
        "Claims of the release",
        ("claim", "stated", "recomputed", "verdict", "comparability warnings"),
        [_claim_row(result) for result in findings.claims],
    )
    _print_table(
        console,
        "Figures that differ from what was published elsewhere",
        ("figure", "stated", "published", "by", "reason"),
        [_check_row(check) for check in findings.conflicts],
    )
    _print_table(
        console,
        "Wholes that the stated shares imply",
        ("claim", "implied", "published", "for", "result"),
        [_denominator_row(implied) for implied in findings.denominators],
    )
    agreeing = len(findings.checks) - len(findings.conflicts)
    lines = [
        f"{len(findings.tables.figures)} figures, {len(findings.claims)} claims, no fault in the "
        f"tables; {agreeing} of {len(findings.checks)} comparisons with figures published "
        "elsewhere agree."
    ]
    if findings.overdue:
        named = ", ".join(row.id for row in findings.overdue)
        plural = "" if len(findings.overdue) == 1 else "s"
        count = f"{len(findings.overdue)} assumption{plural}"
        lines.append(f"The review of {count} is overdue: {named}.")
    for line in lines:
        console.print(Text(line))


def console_for(stream: TextIO) -> Console:
    """Give a console that is plain and wide where the stream is no terminal.

    Parameters
    ----------
    stream
        Standard output, as a rule.

    Returns
    -------
    rich.console.Console
        ``COLUMNS`` sets the width everywhere.
    """
    plain = not stream.isatty()
    wide = PLAIN_WIDTH if plain and not os.environ.get("COLUMNS") else None
    return Console(file=stream, width=wide, highlight=False, soft_wrap=False, emoji=False)


def _print_table(
    console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Print one table; its first column is never cut, other words never broken."""
    console.print(Text(title, style="bold"))
    if not rows:
        console.print(Text("none\n"))
        return
    if console.width < NARROW_WIDTH:
        headings, *rows = (
            [first, *("; ".join(filter(None, pair)) for pair in (others[:2], others[2:]))]
            for first, *others in (headings, *rows)
        )
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else box.ASCII2, show_lines=True)
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=not number, overflow="fold")
    for row in rows:
        # Cells come from tables: Text keeps square brackets from being read as markup.
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    console.print()


def _claim_row(result: ClaimResult) -> list[str]:
    return [
        result.claim.id,
        f"“{result.claim.as_stated}”",
        interval_text(result.recomputed, result.unit) if result.recomputed else "not recomputed",
        str(result.verdict),
        "; ".join(dict.fromkeys(map(_meaning, result.warnings))),
    ]


def _check_row(check: CrossCheck) -> list[str]:
    figure = check.figure
    published = "; ".join(f"{row.series}, {row.period}" for row in check.published)
    return [
        figure.id,
        f"“{figure.as_stated}”",
        interval_text(check.published_total, figure.unit),
        published,
        check.reason,
    ]


def _denominator_row(implied: ImpliedDenominator) -> list[str]:
    row = implied.published
    return [
        implied.claim.id,
        interval_text(implied.implied, row.unit),
        f"{row.value:,f}",
        f"{row.series}, {row.period}",
        "agrees" if implied.agrees else "differs",
    ]


def _meaning(warning: ComparabilityWarning) -> str:
    return WARNING_MEANINGS.get(warning.code, warning.code.replace("_", " "))


def _claim_object(result: ClaimResult) -> dict[str, Any]:
    return {
        "id": result.claim.id,
        "as_stated": result.claim.as_stated,
        "verdict": str(result.verdict),
        "interval": _interval_object(result.recomputed, result.unit),
        "warnings": [
            {
                "code": warning.code,
                "meaning": _meaning(warning),
                "from": warning.from_side,
                "to": warning.to_side,
            }
            for warning in result.warnings
        ],
        "reason": result.reason,
    }


def _check_object(check: CrossCheck) -> dict[str, Any]:
    return {
        "figure": check.figure.id,
        "as_stated": check.figure.as_stated,
        "published": [row.id for row in check.published],
        "published_total": _interval_object(check.published_total, check.figure.unit),
        "difference_percent": _interval_object(check.difference_percent, "percent"),
        "reason": check.reason,
    }


def _denominator_object(implied: ImpliedDenominator) -> dict[str, Any]:
    unit = implied.published.unit
    return {
        "claim": implied.claim.id,
        "numerator": implied.numerator.id,
        "implied": _interval_object(implied.implied, unit),
        "published": implied.published.id,
        "published_value": _number(Fraction(implied.published.value)),
        "implied_numerator": _interval_object(implied.implied_numerator, implied.numerator.unit),
        "agrees": implied.agrees,
    }


def _interval_object(interval: Interval | None, unit: str) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {
        "low": None if interval.low is None else _number(interval.low),
        "high": None if interval.high is None else _number(interval.high),
        "unit": unit,
        "low_open": interval.low_open,
        "high_open": interval.high_open,
    }


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
