"""A release folder in, all its tables out as DataFrames: checked, or every fault at once."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, asdict, fields, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from statedfigures.errors import DataError, Fault, ParameterError, nearest_of, quoted, whole
from statedfigures.release import csv_tables, rules, schema
from statedfigures.release.csv_tables import TO_FILL, TableRow, decode_text, frame_of, read_bytes
from statedfigures.release.schema import METHOD, About, Release, Table, tables

DATA_VARIABLE = "STATEDFIGURES_DATA"
ABOUT_FILE = "release.toml"
DEFAULTS_FILE = "releases.toml"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# For each type of a key: that of its value in TOML, what is told of another, what to do.
_KINDS: Mapping[str, tuple[type, str, str]] = {
    "date": (date, "is not a date", "write it without quotation marks: {name} = 2014-12-11"),
    "integer": (int, "is not a year", "write it in digits: {name} = 2029"),
    "text": (str, "is not text", "put it between quotation marks"),
}


def read_release(release_id: str = "", data_folder: Path | None = None) -> Release:
    """Read and check all tables of a release.

    Parameters
    ----------
    release_id
        Id of the release. Empty for the default of ``data/releases.toml``, or
        the only release there is.
    data_folder
        Folder that holds the releases. By default the one that the environment
        variable ``STATEDFIGURES_DATA`` names, or else the nearest folder
        ``data`` in the current folder or one above it.

    Returns
    -------
    Release
        The tables. Types, words, keys and rules hold.

    Raises
    ------
    ParameterError
        If there is no such release.
    DataError
        With the faults of all tables at once.

    Notes
    -----
    Rules that hold a table against others run when every table is sound by
    itself; references into tables that are sound are always followed. A row
    that is missing for its own fault would make its references look wrong.
    """
    folder = find_release(release_id, data_folder)
    rows, faults = read_rows(folder)
    if faults:
        faults += rules.Known(rows).dangling({Path(fault.file).stem for fault in faults})
    else:
        faults = list(rules.release_faults(rows))
    if faults:
        raise DataError(faults)
    about = About(**{item.name: getattr(rows["release"][0], item.name) for item in fields(About)})
    frames = {name: frame_of(table, rows[name]) for name, table in tables().items()}
    return Release(folder.name, about, folder, **frames)


def read_rows(folder: Path) -> tuple[dict[str, list[TableRow]], list[Fault]]:
    """Read the rows of all tables of a release, each table by itself, and find their faults.

    ``release`` has what ``release.toml`` says as one row. Shared rows stand
    before those of the release, but for those that a row of the release
    overrides, and their reviews.
    """
    about, faults = _read_about(folder)
    faults += _package_faults(folder)
    rows = {"release": about}
    for name, table in tables().items():
        rows[name], found = _read_table(folder, table)
        faults += found
    overrides = {row.id for row in rows["assumptions"]}
    for name, column in schema.SHARED.items():
        table = replace(tables()[name], origin=METHOD)
        shared, found = _read_table(folder.parent / METHOD, table)
        if name == "assumptions":
            overrides &= {row.id for row in shared}
        kept = [row for row in shared if getattr(row, column) not in overrides]
        rows[name] = [*kept, *rows[name]]
        faults += found
    return rows, faults


def _read_table(folder: Path, table: Table) -> tuple[list[TableRow], list[Fault]]:
    """Read and check one table of a folder; an optional one that is absent has no rows."""
    path = folder / f"{table.name}.csv"
    if table.optional and not os.path.lexists(path):
        return [], []
    try:
        return rules.read_checked(table, read_bytes(path))
    except DataError as error:
        return [], [replace(fault, file=table.file) for fault in error.faults]


def present_tables(folder: Path) -> list[str]:
    """Return the names of the tables that a folder holds."""
    return [name for name, table in tables().items() if os.path.lexists(folder / table.file)]


def _package_faults(folder: Path) -> Iterator[Fault]:
    """Find tables that the descriptor of a folder describes otherwise than they are read.

    A folder need not have one: every report writes its own, with the title
    and licence of ``release.toml`` and the tables that are there.
    """
    file, remedy = folder / schema.PACKAGE_FILE, "delete the file: a report writes its own"
    if not os.path.lexists(file):
        return
    known = {name: table.as_resource() for name, table in tables().items()}
    try:
        described = json.loads(decode_text(read_bytes(file), file.name))["resources"]
        wrong = [each["name"] for each in described if each != known.get(each["name"])]
    except DataError as error:
        yield from error.faults
        return
    except (ValueError, RecursionError) as error:
        found = f"is not JSON ({getattr(error, 'msg', 'too large a number, or too deep')})"
        yield Fault(schema.PACKAGE_FILE, getattr(error, "lineno", 0), "", found, remedy)
        return
    except (KeyError, TypeError):
        wrong = ["no table"]
    for name in wrong:
        yield Fault(
            schema.PACKAGE_FILE, 0, "", f"describes {name} otherwise than it is read", remedy
        )


# ---------------------------------------------------------------- which release


def find_releases(data_folder: Path | None = None) -> dict[str, Path]:
    """Return the folder of every release, by id.

    Parameters
    ----------
    data_folder
        As for `read_release`.

    Returns
    -------
    dict
        In the order of ids; empty where there is none.
    """
    for place in data_folders(data_folder):
        paths = sorted(place.glob(f"*/{ABOUT_FILE}")) if os.path.isdir(place) else []
        if paths:
            return {path.parent.name: path.parent for path in paths}
    return {}


def find_release(release_id: str = "", data_folder: Path | None = None) -> Path:
    """Return the folder of a release.

    Parameters
    ----------
    release_id, data_folder
        As for `read_release`.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ParameterError
        If the id is not a plain name, there is no such release, or none is
        the default.
    """
    require_release_id(release_id)
    places = data_folders(data_folder)
    if len(places) == 1 and not os.path.isdir(places[0]):  # False for a name too long, too
        raise ParameterError(f"data: there is no folder {quoted(str(places[0]))}; name another")
    for place in places if release_id else ():
        if os.path.lexists(place / release_id / ABOUT_FILE):
            return place / release_id
    known = find_releases(data_folder)
    if known and not release_id:
        return _default_release(known)
    wanted = f"no release {quoted(release_id)}" if release_id else "no release"
    where = f"in {places[0].name}/" if len(places) == 1 else "in a folder data/ here or above"
    remedy = f"go to the folder that holds data/, or set {DATA_VARIABLE} to it"
    remedy = nearest_of(release_id, known) if known else remedy
    raise ParameterError(f"release: there is {wanted} {where}; {remedy}")


def require_release_id(release_id: str) -> None:
    """Refuse what cannot be the id of a release; the empty id stands for the default."""
    if not isinstance(release_id, str) or (release_id and not _SLUG.fullmatch(release_id)):
        raise ParameterError(
            f"release: {quoted(str(release_id))} is not the id of a release; "
            "ids are small letters and digits joined by single hyphens, like harbour-2021"
        )
    if release_id == METHOD:
        raise ParameterError(
            f'release: "{METHOD}" is the folder of what all releases share; name a release'
        )


def _default_release(known: Mapping[str, Path]) -> Path:
    """Return the release that ``releases.toml`` names, or the only one."""
    first = next(iter(known.values()))
    file = first.parent / DEFAULTS_FILE
    if os.path.lexists(file):
        default = str(_parse_toml(file).get("default", ""))
        if default in known:
            return known[default]
        found = f"names {quoted(default)}" if default else "names no default"
        raise whole(DEFAULTS_FILE, found, f"write default = with one of: {', '.join(known)}")
    if len(known) == 1:
        return first
    raise ParameterError(
        f"release: there are {len(known)} and none is the default; name one of "
        f'{", ".join(known)}, or write default = "{first.name}" in {DEFAULTS_FILE}'
    )


def data_folders(data_folder: Path | None) -> list[Path]:
    """Return the folders in which releases are looked for, the nearest first."""
    if data_folder is not None:
        return [Path(data_folder)]
    if named := os.environ.get(DATA_VARIABLE):
        return [Path(named)]
    here = Path.cwd()
    return [folder / "data" for folder in (here, *here.parents)]


# ---------------------------------------------------------------- release.toml


def _read_about(folder: Path) -> tuple[list[TableRow], list[Fault]]:
    """Read ``release.toml`` as one row; horizons not given are five and ten years ahead."""
    try:
        stated = _parse_toml(folder / ABOUT_FILE)
    except DataError as error:
        return [], list(error.faults)
    keys = {item.name: item for item in fields(About)}
    missing = [name for name in keys if name not in stated]
    problems = [
        (name, "the key is missing", "add it") for name in missing if keys[name].default is MISSING
    ]
    for name, value in stated.items():
        if name not in keys:
            remedy = nearest_of(name, missing or keys)
            problems.append((name, f"the key {quoted(name)} is unknown", remedy))
        elif problem := _value_problem(keys[name], value):
            problems.append((name, *problem))
    if stated.get("id", folder.name) != folder.name:
        found = f"the id {quoted(str(stated['id']))} is not the name of its folder"
        problems.append(("id", found, f'write id = "{folder.name}"'))
    if problems:
        return [], [Fault(ABOUT_FILE, 0, *problem) for problem in problems]
    first = stated["published"].year
    default = stated["default_horizon"] = stated.get("default_horizon") or first + 5
    stated["last_horizon"] = stated.get("last_horizon") or max(first + 10, default)
    stated["notice_links"] = tuple(map(tuple, stated.get("notice_links", ())))
    row = TableRow(**asdict(About(**stated)), file=ABOUT_FILE, file_row=0)
    return [row], rules.row_faults("release", [row])


def _value_problem(key: Field[Any], value: Any) -> tuple[str, str] | None:
    """Return what is wrong with the value of a key, and what to do, or None."""
    to_fill = isinstance(value, str) and value.startswith(TO_FILL)
    if key.name == "notice_links" and not to_fill:
        return _links_problem(value)
    kind = {"date": "date", "int": "integer"}.get("" if to_fill else str(key.type), "text")
    expected, found, remedy = _KINDS[kind]
    if type(value) is not expected:  # a moment is a date too, and true a number
        return f"{quoted(str(value))} {found}", remedy.format(name=key.name)
    required, text = key.default is MISSING, str(value).strip()
    if required and not text:
        return "the value is empty", "fill it in"
    kind = "address" if key.name.endswith("address") else kind
    return csv_tables.explain_cell(schema.Column(key.name, "write it", kind, required), text)


def _links_problem(links: Any) -> tuple[str, str] | None:
    """Return what is wrong with the links of a notice, and what to do, or None."""
    for link in links if isinstance(links, list) else [links]:
        pair = link if isinstance(link, list) else []
        if len(pair) != 2 or not all(isinstance(each, str) and each.strip() for each in pair):
            remedy = 'write notice_links = [["words of the link", "https://…"]]'
            return "is no list of pairs of words and address", remedy
        if not re.fullmatch(r"(https?://|mailto:|tel:)[^\s<>\"']+", pair[1]):
            return f"{quoted(pair[1])} is not an address", "begin it with https://"
    return None


def _parse_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(decode_text(read_bytes(file), file.name))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        row = re.search(r"at line (\d+)", str(error))
        remedy = "mend this line; text stands between quotation marks, dates do not"
        found = f"is not TOML ({error})"
        raise DataError([Fault(file.name, int(row[1]) if row else 0, "", found, remedy)]) from None


def faults_to_fill(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults that only say what a person has to fill in, in the order of work."""
    columns = [(ABOUT_FILE, item.name) for item in fields(About)]
    columns += [(table.file, name) for table in tables().values() for name in table.names]
    waiting = [fault for fault in faults if fault.found == csv_tables.WAITS]
    return sorted(
        waiting, key=lambda fault: (columns.index((Path(fault.file).name, fault.column)), fault.row)
    )


def work_left(faults: Iterable[Fault]) -> list[str]:
    """Return one line for each column that a person still has to fill in, in the order of work.

    Examples
    --------
    >>> words = ("unit", "is still to be filled in", "…")
    >>> rows = [Fault("figures.csv", row, *words) for row in (3, 2)]
    >>> work_left(rows)
    ['figures.csv, column unit: fill in rows 2 and 3: …']
    """
    lines = []
    by_column = groupby(faults_to_fill(faults), key=lambda fault: (fault.file, fault.column))
    for (file, column), waiting in by_column:
        found = list(waiting)
        rows = [str(fault.row) for fault in found if fault.row]
        named = f"{', '.join(rows[:-1])} and {rows[-1]}" if len(rows) > 1 else "".join(rows)
        where = f"fill in row{'s' * (len(rows) > 1)} {named}: " if rows else "fill in "
        hints = {fault.remedy for fault in found}
        hint = found[0].remedy if len(hints) == 1 else found[0].remedy.partition(" in “")[0]
        lines.append(f"{file}, {'column' if rows else 'key'} {column}: {where}{hint}")
    return lines
