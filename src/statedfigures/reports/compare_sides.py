"""What is compared: the folder of a release, a published edition, or a set of parameters."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from statedfigures.analysis.contributions import Choices, Side
from statedfigures.analysis.horizon import default_horizon_year
from statedfigures.analysis.rules import POOLED
from statedfigures.errors import ParameterError
from statedfigures.reports.limits import Value, allowed_values, require_allowed
from statedfigures.reports.manifest import package_fingerprint, read_manifest, table_fingerprints
from statedfigures.reports.parameters import Parameter, read_value
from statedfigures.reports.published_register import published_assumptions
from statedfigures.sources.cells import nearest_of, quoted
from statedfigures.sources.descriptor import FILE as DESCRIPTOR_FILE
from statedfigures.sources.finding import find_release
from statedfigures.sources.records import ReleaseTables
from statedfigures.sources.release import read_release

# What the notebooks are run with unless told otherwise.
DEFAULTS: Mapping[str, Value] = {"scenario": "central", "draws": 4096, "seed": 2014}
TYPES = {"scenario": "str", "horizon_year": "int", "draws": "int", "seed": "int"}
REGISTER = "assumptions.csv"
# Tables that may differ without moving a headline: descriptions, and who reviewed what.
WITHOUT_EFFECT = frozenset({"datapackage.json", "release.toml", "reviews.csv"})
PROJECTIONS = "data/projections.csv"
POOL = "pool"


@dataclass(frozen=True, slots=True)
class Edition:
    """One side of a comparison.

    ``name`` is what the user called it, ``package`` the fingerprint of the
    code that made it, ``published`` its published quantiles where the code
    was another than today's: (series, scenario, year, level) to value.
    """

    name: str
    side: Side
    package: str
    published: Mapping[tuple[str, str, int, float], float]


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
        return Edition(name, Side(tables, _choices(tables, {})), today, {})
    manifest = read_manifest(folder) if folder.is_dir() else None
    if manifest is not None:
        tables = _tables_of_edition(name, manifest, data)
        given = {key: str(manifest["parameters"][key]) for key in TYPES
                 if key in manifest["parameters"]}  # fmt: skip
        package = str(manifest["inputs"].get("package", ""))
        published = {} if package == today else _published(folder)
        return Edition(name, Side(tables, _choices(tables, given)), package, published)
    if "=" not in name:
        raise ParameterError(
            f"{quoted(name)} is no folder of a release or of an edition, and no parameters; "
            "give a folder, or parameters such as scenario=high,horizon_year=2024"
        )
    tables = read_release(release, data=data)
    return Edition(name, Side(tables, _choices(tables, _parameters(name))), today, {})


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


def _tables_of_edition(name: str, manifest: Mapping[str, Any], data: Path | None) -> ReleaseTables:
    """Find the tables that an edition was made from: those here, with its own register."""
    release = str(manifest["release"])
    folder = find_release(release, data)
    stated, here = manifest["inputs"].get("tables", {}), table_fingerprints(folder)
    differing = {one for one in stated if here.get(one) != stated[one]}
    tables = read_release(release, data=folder.parent)
    if not differing:
        return tables
    register = published_assumptions(Path(name), tables.assumptions)
    if register is None or differing - WITHOUT_EFFECT - {REGISTER}:
        raise ParameterError(
            f"{name}: was made from other tables than those of {release} here "
            f"({', '.join(sorted(differing))} differ); name the folder that holds its tables "
            "instead, or the folder above it with --data"
        )
    return replace(
        tables,
        assumptions=register if REGISTER in differing else tables.assumptions,
        description=replace(tables.description, edition=date.fromisoformat(manifest["edition"])),
    )


def _published(folder: Path) -> dict[tuple[str, str, int, float], float]:
    """Read the published quantiles of the pooled forms."""
    path = folder / PROJECTIONS
    if not path.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    found = {}
    try:
        for row in rows:
            if row["model"] == POOL:
                year, level = int(row["target_year"]), float(row["output_type_id"])
                key = (row["series"], row["scenario"], year, level)
                found[key] = float(row["value"])
    except (KeyError, TypeError, ValueError):
        raise ParameterError(
            f"{path}: row {rows.line_num} is not as it was published; render the edition again"
        ) from None
    return found


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
    found = [edition.published.get(key, math.nan) for key in keys]
    return None if any(map(math.isnan, found)) else tuple(found)
