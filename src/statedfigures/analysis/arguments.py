"""Arguments of a projection: checked alike in a notebook and on the command line."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from statedfigures.errors import ParameterError

if TYPE_CHECKING:
    from statedfigures.release.reading import Release

SCENARIOS = ("low", "central", "high")
FEWEST_DRAWS, MOST_DRAWS, DRAWS = 2**6, 2**16, 2**14
SEED, LARGEST_SEED = 1, 2**32 - 1


@dataclass(frozen=True, slots=True)
class Arguments:
    """What is projected: series, scenarios, last year, Sobol points and their seed."""

    series: tuple[str, ...]
    scenario: tuple[str, ...]
    horizon_year: int
    draws: int
    seed: int


def check_arguments(
    release: Release,
    *,
    series: str | Iterable[str] | None = None,
    scenario: str | Iterable[str] | None = None,
    horizon_year: int = 0,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Arguments:
    """Return the arguments of a projection with their defaults filled in.

    Parameters
    ----------
    release
        The release.
    series
        Ids of series that may be projected; all of them where left out.
    scenario
        ``low``, ``central``, ``high`` or a scenario of scenarios.csv; all of
        them where left out.
    horizon_year
        Last year projected; 0 is the default of release.toml.
    draws
        Number of Sobol points, a power of two from 64 to 65,536.
    seed
        Seed of their scrambling, 0 to 2^32 - 1.

    Returns
    -------
    Arguments
        Checked, with series and scenarios in the order of their tables.

    Raises
    ------
    ParameterError
        Naming every argument that is wrong, what is allowed, and what was
        probably meant.
    """
    faults: list[str] = []
    about = release.about
    projectable = release.series.index[release.series["projectable"] == "yes"].tolist()
    chosen = _names(series)
    for name in chosen or ():
        if name in release.series.index and name not in projectable:
            reason = release.row(f"series:{name}")["reason"]
            faults.append(f"parameter series: {name!r} is not projected: {reason}")
        elif name not in projectable:
            faults.append(_unknown("series", name, projectable))
    scenarios = scenario_names(release)
    held = _names(scenario)
    faults += [
        _unknown("scenario", name, scenarios) for name in held or () if name not in scenarios
    ]
    whole = {"horizon_year": (horizon_year, 0), "draws": (draws, DRAWS), "seed": (seed, SEED)}
    for name, (value, default) in whole.items():
        if not isinstance(value, int) or isinstance(value, bool):
            faults.append(
                f"parameter {name}: {value!r} is not a whole number; the default is {default}"
            )
    if not any(f"parameter {name}:" in fault for name in whole for fault in faults):
        horizon_year = horizon_year or about.default_horizon
        first_year = about.published.year + 1
        because = " (from the year after the release to the limit in release.toml)"
        faults += _out_of_range(
            "horizon_year", horizon_year, first_year, about.last_horizon, because
        )
        faults += _out_of_range("draws", draws, FEWEST_DRAWS, MOST_DRAWS)
        faults += _out_of_range("seed", seed, 0, LARGEST_SEED)
        if FEWEST_DRAWS <= draws <= MOST_DRAWS and draws.bit_count() != 1:
            faults.append(
                f"parameter draws: {draws} is not a power of two, which scrambled Sobol points "
                f"need; the nearest one below is {1 << (draws.bit_length() - 1)}"
            )
    if faults:
        raise ParameterError("\n".join(faults))
    return Arguments(
        tuple(name for name in projectable if chosen is None or name in chosen),
        tuple(name for name in scenarios if held is None or name in held),
        horizon_year,
        draws,
        seed,
    )


def scenario_names(release: Release) -> tuple[str, ...]:
    """Return low, central and high, then the scenarios of scenarios.csv in their order."""
    return (*SCENARIOS, *dict.fromkeys(release.scenarios["scenario"].tolist()))


def _names(given: str | Iterable[str] | None) -> tuple[str, ...] | None:
    return None if given is None else (given,) if isinstance(given, str) else tuple(given)


def _unknown(parameter: str, name: str, choices: Collection[str]) -> str:
    near = difflib.get_close_matches(str(name), choices, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(choices) or "nothing, because no series may be projected"
    return f"parameter {parameter}: {name!r} is not one of {listed}{meant}"


def _out_of_range(
    parameter: str, value: int, lowest: int, highest: int, because: str = ""
) -> list[str]:
    if lowest <= value <= highest:
        return []
    return [
        f"parameter {parameter}: {value} is out of range; "
        f"give a number from {lowest} to {highest}{because}"
    ]
