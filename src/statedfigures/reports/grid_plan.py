"""A grid settled: every set of parameters held against the tables before anything runs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from statedfigures.errors import ParameterError
from statedfigures.reports.grid_spec import RELEASE, GridSpec, fault
from statedfigures.reports.limits import Allowed, Value, allowed_values
from statedfigures.reports.ownership import run_folder
from statedfigures.reports.parameters import merge_parameters, shared_parameters
from statedfigures.reports.settled import Settled, is_published, settle
from statedfigures.sources.records import ReleaseTables

FOLDER = "grids"


@dataclass(frozen=True, slots=True)
class PlannedSet:
    """One set of parameters, ready to be rendered.

    ``given`` is name to text as `edition.plan_edition` takes it, the release
    included; ``parameters`` is page to its complete parameters.
    """

    name: str
    given: Mapping[str, str]
    parameters: Mapping[str, Mapping[str, Value]]

    @property
    def shared(self) -> dict[str, Value]:
        """The parameters that all its pages share."""
        return shared_parameters(self.parameters)


@dataclass(frozen=True, slots=True)
class Grid:
    """Everything that is settled before a set is rendered.

    Attributes
    ----------
    name
        Name of the grid.
    settled
        The report without parameters of a set; its ``target`` is the folder
        of the grid.
    tables
        Tables of the release.
    sets
        In the order of the file.
    """

    name: str
    settled: Settled
    tables: ReleaseTables
    sets: tuple[PlannedSet, ...]

    @property
    def folder(self) -> Path:
        """The folder that is published: the index, and a folder for each set."""
        return self.settled.target

    @property
    def beside(self) -> Path:
        """The folder beside it that is never published."""
        return run_folder(self.folder)

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of the parameters in which the sets differ, in the order of the notebooks."""
        values: dict[str, set[str]] = {}
        for one in self.sets:
            for name, value in one.shared.items():
                values.setdefault(name, set()).add(json.dumps(value))
        order = [name for one in self.settled.declared.values() for name in one]
        return tuple(dict.fromkeys(name for name in order if len(values.get(name, ())) > 1))

    def is_done(self, one: PlannedSet) -> bool:
        """Say whether the edition of a set lies published and whole."""
        return is_published(
            Settled(
                notebooks=self.settled.notebooks,
                given=one.given,
                only=(),
                parameters=one.parameters,
                release_folder=self.settled.release_folder,
                inputs=self.settled.inputs,
                target=self.folder / one.name,
            )
        )


def plan_grid(
    spec: GridSpec,
    *,
    out: Path | None = None,
    data: Path | None = None,
    notebooks_folder: Path | None = None,
) -> Grid:
    """Settle a grid, and refuse whatever is wrong, before anything runs.

    Parameters
    ----------
    spec
        What its file asks for.
    out
        Folder of the grid; ``outputs/grids/<name>`` beside the folder of the
        notebooks by default.
    data, notebooks_folder
        As for `edition.plan_edition`.

    Returns
    -------
    Grid
        Ready to be run.

    Raises
    ------
    InputError
        If a notebook, a table or a parameter of any set is wrong.
    """
    from statedfigures.sources.release import read_release

    release = {RELEASE: spec.release} if spec.release else {}
    settled = settle(release, out=out, data=data, notebooks_folder=notebooks_folder)
    if out is None:
        folder = settled.notebooks[0].path.parent.parent / "outputs" / FOLDER / spec.name
        settled = settle(release, out=folder, data=data, notebooks_folder=notebooks_folder)
    tables = read_release(settled.release_folder.name, data=settled.release_folder.parent)
    allowed = allowed_values(tables)
    _require_values(spec, settled, allowed)
    sets = tuple(_planned(spec, settled, allowed, release))
    _require_different(spec, sets)
    return Grid(spec.name, settled, tables, sets)


def _planned(
    spec: GridSpec, settled: Settled, allowed: Mapping[str, Allowed], release: Mapping[str, str]
) -> Iterator[PlannedSet]:
    for one in spec.sets:
        given = {**release, **one.given}
        parameters = _merged(spec, one.where, settled, given, allowed)
        yield PlannedSet(one.name, given, parameters)


def _require_values(spec: GridSpec, settled: Settled, allowed: Mapping[str, Allowed]) -> None:
    """Hold each value of the file against the notebooks and the tables, by its own key."""
    for name, value in spec.common.items():
        _merged(spec, f"parameters.{name}", settled, {name: value}, allowed)
    for name, listed in spec.values.items():
        for value in listed:
            _merged(spec, f"product.{name}", settled, {name: value}, allowed)


def _merged(
    spec: GridSpec,
    where: str,
    settled: Settled,
    given: Mapping[str, str],
    allowed: Mapping[str, Allowed],
) -> dict[str, dict[str, Value]]:
    try:
        return merge_parameters(settled.declared, given, allowed)
    except ParameterError as error:
        raise ParameterError(f"{spec.path.name}, {where}: {error}") from None


def _require_different(spec: GridSpec, sets: tuple[PlannedSet, ...]) -> None:
    """Refuse two sets that would give the same report, in whatever words."""
    found: dict[str, str] = {}
    for one, asked in zip(sets, spec.sets, strict=True):
        key = json.dumps(one.parameters, sort_keys=True)
        if earlier := found.get(key):
            raise fault(
                spec.path,
                asked.where,
                f"means the same as {earlier}: the parameters have the same values",
                "leave one of them out",
            )
        found[key] = asked.where


def task_of(grid: Grid, one: PlannedSet) -> dict[str, Any]:
    """Give what a process that renders sets is told about one."""
    return {
        "do": "render",
        "given": dict(one.given),
        "target": os.fspath(grid.folder / one.name),
        "beside": os.fspath(grid.beside / one.name),
    }
