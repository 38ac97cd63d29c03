"""What is compared: the folder of a release, a published edition, or a set of parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from statedfigures.analysis.contributions import Choices, Side
from statedfigures.analysis.horizon import default_horizon_year
from statedfigures.analysis.rules import POOLED
from statedfigures.errors import ParameterError
from statedfigures.reports.carried_tables import carried_tables
from statedfigures.reports.limits import Value, allowed_values, require_allowed
from statedfigures.reports.manifest import package_fingerprint, read_manifest, table_fingerprints
from statedfigures.reports.parameters import Parameter, read_value
from statedfigures.reports.published_edition import (
    Key,
    Sentences,
    published_quantiles,
    published_sentences,
)
from statedfigures.sources.cells import nearest_of, quoted
from statedfigures.sources.descriptor import FILE as DESCRIPTOR_FILE
from statedfigures.sources.finding import find_release
from statedfigures.sources.records import ReleaseTables
from statedfigures.sources.release import read_release

# What the notebooks are run with unless told otherwise.
DEFAULTS: Mapping[str, Value] = {"scenario": "central", "draws": 4096, "seed": 2014}
TYPES = {"scenario": "str", "horizon_year": "int", "draws": "int", "seed": "int"}


@dataclass(frozen=True, slots=True)
class Edition:
    """One side of a comparison.

    ``name`` is what the user called it, ``package`` the fingerprint of the
    code that made it. A published edition has the ``sentences`` that it
    published, its ``settings`` (parameters that no headline depends on), and
    its ``quantiles`` where its code was another than today's.
    """

    name: str
    side: Side
    package: str
    quantiles: Mapping[Key, float] = field(default_factory=dict)
    sentences: Sentences | None = None
    settings: Mapping[str, Value] | None = None


def read_edition(name: str, *, release: str, data: Path | None) -> Edition:
    """Read one side of a comparison.

    Parameters
    ----------
    name
        The folder of a release, the folder of a published edition, or
        parameters such as ``scenario=high,horizon_year=2024``.
    release
        Release that parameters are about.
    data
        Folder that holds the releases; see `find_release`.

    Returns
    -------
    Edition
        Tables, parameters and the code behind them.

    Raises
    ------
    ParameterError
        If it is none of the three, or the tables of an edition are not here.
    DataError
        If the tables hold faults.
    """
    folder = Path(name)
    today = package_fingerprint()
    if (folder / DESCRIPTOR_FILE).is_file() and (folder / "figures.csv").is_file():
        whole = folder.resolve()
        tables = read_release(whole.name, data=whole.parent)
        return Edition(name, Side(tables, _choices(tables, {})), today)
    manifest = read_manifest(folder) if folder.is_dir() else None
    if manifest is not None:
        return _published_edition(name, manifest, data, today)
    if "=" not in name:
        raise ParameterError(
            f"{quoted(name)} is no folder of a release or of an edition, and no parameters; "
            "give a folder, or parameters such as scenario=high,horizon_year=2024"
        )
    tables = read_release(release, data=data)
    return Edition(name, Side(tables, _choices(tables, _parameters(name))), today)


def _parameters(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = (word.strip() for word in part.partition("="))
        if name not in TYPES:
            raise ParameterError(f"parameter {quoted(name)} is unknown; {nearest_of(name, TYPES)}")
        if name in given:
            raise ParameterError(f"parameter {name}: is given twice; give it once")
        given[name] = value
    return given


def _choices(tables: ReleaseTables, given: Mapping[str, str]) -> Choices:
    defaults: dict[str, Value] = {**DEFAULTS, "horizon_year": default_horizon_year(tables)}
    allowed = allowed_values(tables)
    values: dict[str, Value] = {}
    for name, kind in TYPES.items():
        value = defaults[name]
        if name in given:
            value = read_value(Parameter(name, kind, value, ""), given[name])
        require_allowed(name, value, allowed[name])
        values[name] = value
    return Choices(
        scenario=str(values["scenario"]),
        horizon_year=int(values["horizon_year"]),
        draws=int(values["draws"]),
        seed=int(values["seed"]),
    )


def _published_edition(
    name: str, manifest: Mapping[str, Any], data: Path | None, today: str
) -> Edition:
    """Read an edition: what it carries, and what it says of itself."""
    folder = Path(name)
    tables = _tables_of_edition(folder, manifest, data)
    stated = manifest["parameters"]
    choices = _choices(tables, {key: str(stated[key]) for key in TYPES if key in stated})
    package = str(manifest["inputs"].get("package", ""))
    return Edition(
        name=name,
        side=Side(tables, choices),
        package=package,
        quantiles={} if package == today else published_quantiles(folder, manifest),
        sentences=published_sentences(folder, manifest),
        settings={
            f"{key} of {page}": value
            for page, held in manifest["pages"].items()
            for key, value in held["parameters"].items()
            if key not in stated
        }
        | {key: value for key, value in stated.items() if key not in TYPES},
    )


def _tables_of_edition(
    folder: Path, manifest: Mapping[str, Any], data: Path | None
) -> ReleaseTables:
    """Read the tables that an edition carries, or else those here that it was made from."""
    release = str(manifest["release"])
    with carried_tables(folder, manifest) as carried:
        if carried is not None:
            return read_release(release, data=carried)
    place = find_release(release, data)
    stated, here = manifest["inputs"].get("tables", {}), table_fingerprints(place)
    if differing := sorted(one for one in stated if here.get(one) != stated[one]):
        raise ParameterError(
            f"{folder}: carries no tables, and was made from other tables than those of {release} "
            f"here ({', '.join(differing)} differ); name the folder that holds its tables "
            "instead, or the folder above it with --data"
        )
    return read_release(release, data=place.parent)


def published_headline(
    edition: Edition, series: str, levels: tuple[float, float, float]
) -> tuple[float, ...] | None:
    """Give a headline as an edition published it.

    Parameters
    ----------
    edition
        The edition.
    series
        Id of the series.
    levels
        Quantile levels of the middle and of the ends of the wide range.

    Returns
    -------
    tuple of float or None
        Middle, bottom and top; None where the code was today's, so that the
        headline can be computed anew.
    """
    choices = edition.side.choices
    middle, low, high = levels
    keys = [
        (series, choices.scenario, choices.horizon_year, middle),
        (series, POOLED, choices.horizon_year, low),
        (series, POOLED, choices.horizon_year, high),
    ]
    found = [edition.quantiles.get(key, math.nan) for key in keys]
    return None if any(map(math.isnan, found)) else tuple(found)
