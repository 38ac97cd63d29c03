"""The values that the parameters of a report may take, from the tables."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from statedfigures.errors import ParameterError
from statedfigures.sources.records import ReleaseTables

Value = str | int | float | bool

SCENARIOS = ("low", "central", "high")
HORIZON_RULE = "horizon_last_year"
# More points take minutes and memory and change no digit that is shown.
MOST_DRAWS = 2**18


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values that a parameter may take.

    Either one of ``choices``, or a number from ``minimum`` to ``maximum``
    (None is unbounded), a power of two where ``power_of_two`` says so.
    ``because`` names what sets the limit, for the message.
    """

    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    power_of_two: bool = False
    because: str = ""


def require_allowed(name: str, value: Value, allowed: Allowed) -> None:
    """Refuse a value outside the allowed ones.

    Raises
    ------
    ParameterError
        Naming the parameter, the value and what is allowed.
    """
    if allowed.choices and value not in allowed.choices:
        near = difflib.get_close_matches(str(value), allowed.choices, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise ParameterError(
            f"parameter {name}: {value!r} is not one of {', '.join(allowed.choices)}{meant}"
        )
    if isinstance(value, str):
        return
    too_low = allowed.minimum is not None and value < allowed.minimum
    too_high = allowed.maximum is not None and value > allowed.maximum
    if too_low or too_high:
        ends = [
            f"{word} {end}"
            for word, end in (("from", allowed.minimum), ("to", allowed.maximum))
            if end is not None
        ]
        because = f" ({allowed.because})" if allowed.because else ""
        raise ParameterError(
            f"parameter {name}: {value} is out of range; give a number {' '.join(ends)}{because}"
        )
    if allowed.power_of_two and int(value).bit_count() != 1:
        raise ParameterError(
            f"parameter {name}: {value} is not a power of two, which scrambled Sobol points "
            f"need; the nearest one below is {1 << (int(value).bit_length() - 1)}"
        )


def allowed_values(tables: ReleaseTables) -> Mapping[str, Allowed]:
    """Give the allowed values of the parameters that every report knows.

    Parameters
    ----------
    tables
        Tables of the release. The last horizon year is the row of the register
        with rule ``horizon_last_year``.

    Returns
    -------
    mapping
        Name of the parameter to its allowed values.
    """
    limits = [row for row in tables.assumptions.values() if row.rule == HORIZON_RULE]
    first_year = tables.description.published.year + 1
    return {
        "scenario": Allowed(choices=SCENARIOS),
        "horizon_year": Allowed(
            minimum=first_year,
            maximum=int(limits[0].central) if limits else None,
            because="from the year after the release to the limit in assumptions.csv",
        ),
        "draws": Allowed(minimum=2, maximum=MOST_DRAWS, power_of_two=True),
        "seed": Allowed(minimum=0, maximum=2**32 - 1),
        "topic": Allowed(
            choices=tuple(sorted({figure.topic for figure in tables.figures.values()}))
        ),
    }
