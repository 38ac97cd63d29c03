"""What a grid is asked for: a TOML file with a product or a list of sets of parameters."""

from __future__ import annotations

import difflib
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from statedfigures.errors import ParameterError
from statedfigures.site.publish.files import fingerprint, printable

KEYS = ("release", "parameters", "product", "sets")
MOST_SETS = 20_000
LARGEST_FILE = 8 * 2**20
_LONGEST_NAME = 100
_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_NOT_SLUG = re.compile(r"[^a-z0-9.]+")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
RESERVED = frozenset({"index.html", "sets.csv", "grid.json"})
"""Files of the grid itself, which lie beside the folders of the sets."""


@dataclass(frozen=True, slots=True)
class AskedSet:
    """A set of parameters: the name of its folder, where it stands in the file, name to text."""

    name: str
    where: str
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GridFile:
    """A grid as its file asks for it; in a product the last parameter turns quickest."""

    path: Path
    name: str
    release: str
    sets: tuple[AskedSet, ...]


def fault(path: Path, key: str, found: str, remedy: str) -> ParameterError:
    """Return an error that names the file and the key, what was found and what to do."""
    where = ", ".join(filter(None, (path.name, key)))
    return ParameterError(printable(f"{where}: {found}; {remedy}"))


def read_grid(path: Path) -> GridFile:
    """Read the file of a grid.

    Parameters
    ----------
    path
        A TOML file with ``release``, a table ``[parameters]`` for what all sets share, and
        either a table ``[product]`` of lists, every combination of which is a set, or a table
        ``[[sets]]`` for each set, in which ``name`` may name it.

    Returns
    -------
    GridFile
        Names are unique and safe as names of folders; whether the parameters exist and may
        take these values is not looked at here.

    Raises
    ------
    ParameterError
        Naming the file, the key, what was found and what to do.
    """
    name = path.name.removesuffix(".toml")
    if not _is_name(name):
        raise fault(
            path,
            "",
            f"“{name[:60]}” cannot name a folder",
            "name the file in small letters and digits joined by hyphens",
        )
    table = _parsed(path)
    for key in table:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(KEYS)}"
            raise fault(path, key, "is not a key of a grid file", remedy)
    release = table.get("release", "")
    if not isinstance(release, str):
        raise fault(path, "release", f"{release!r} is not a text", "give the id of a release")
    common = _texts(path, "parameters", table.get("parameters", {}))
    if ("product" in table) == ("sets" in table):
        found = "both are there" if "sets" in table else "neither is there"
        raise fault(
            path,
            "product, sets",
            found,
            "give a table [product] of lists or a table [[sets]] for each set",
        )
    if "product" in table:
        values = _product_values(path, table["product"])
        if both := sorted(common.keys() & values.keys()):
            raise fault(
                path, f"parameters.{both[0]}", "stands in [product] too", "set it in one place"
            )
        asked = list(_combinations(values))
    else:
        asked = list(_listed(path, table["sets"]))
    sets = tuple(AskedSet(each, where, {**common, **given}) for each, where, given in asked)
    names: dict[str, str] = {}
    for each in sets:
        if (earlier := names.setdefault(each.name, each.where)) != each.where:
            found = f"has the name “{each.name}” of {earlier}"
            raise fault(path, each.where, found, "give each set values or a name of its own")
    return GridFile(path, name, release, sets)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise fault(path, "", f"is larger than {LARGEST_FILE // 2**20} MB", "split the grid")
        if not path.is_file():
            raise fault(path, "", "is not an ordinary file", "name another file")
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise fault(path, "", f"cannot be read ({error.strerror})", "name another file") from None
    except tomllib.TOMLDecodeError as error:
        words = " ".join(str(error).split())[:200]
        raise fault(path, "", f"is not TOML ({words})", "mend the line") from None
    except UnicodeDecodeError:
        raise fault(path, "", "is not UTF-8", "save it as UTF-8") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, a thousand brackets
        raise fault(path, "", "holds a value too large to be read", "shorten it") from None


def _texts(path: Path, key: str, table: Any) -> dict[str, str]:
    """Return the values of a table as the command line would be given them."""
    if not isinstance(table, dict):
        raise fault(path, key, "is not a table", f"write [{key}] and under it name = value")
    texts = {}
    for name, value in table.items():
        if name == "release":
            raise fault(
                path,
                f"{key}.{name}",
                "a grid is about one release",
                "set release once, at the top of the file",
            )
        if not isinstance(value, bool | int | float | str):
            raise fault(
                path,
                f"{key}.{name}",
                f"is a {type(value).__name__}",
                "give a text, a number, true or false",
            )
        texts[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return texts


def _product_values(path: Path, table: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict) or not table:
        raise fault(path, "product", "holds no list", 'write name = ["value", "value"] under it')
    values = {}
    for name, listed in table.items():
        key = f"product.{name}"
        if not isinstance(listed, list) or not listed:
            raise fault(path, key, "is not a list with values", f"write {name} = [value, value]")
        given = [_texts(path, "product", {name: value})[name] for value in listed]
        if again := next((each for each in given if given.count(each) > 1), None):
            raise fault(path, key, f"“{again}” is listed twice", "list each value once")
        values[name] = tuple(given)
    count = math.prod(len(listed) for listed in values.values())
    _require_few(path, "product", count)
    return values


def _require_few(path: Path, key: str, count: int) -> None:
    if count > MOST_SETS:
        raise fault(
            path,
            key,
            f"makes {count:,} sets, more than {MOST_SETS:,}",
            "split it over several files",
        )


def _combinations(
    values: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[str, str, dict[str, str]]]:
    for number, chosen in enumerate(product(*values.values()), start=1):
        given = dict(zip(values, chosen, strict=True))
        yield name_of(given), f"product, set {number}", given


def _listed(path: Path, sets: Any) -> Iterator[tuple[str, str, dict[str, str]]]:
    if not isinstance(sets, list) or not sets or not all(isinstance(each, dict) for each in sets):
        raise fault(path, "sets", "is not a list of tables", "write [[sets]] before each set")
    _require_few(path, "sets", len(sets))
    for number, each in enumerate(sets, start=1):
        where = f"sets, entry {number}"
        given = _texts(path, where, {key: each[key] for key in each if key != "name"})
        name = each.get("name", name_of(given))
        if not isinstance(name, str) or not _is_name(name):
            raise fault(
                path,
                f"{where}, name",
                f"“{str(name)[:60]}” cannot name a folder",
                "use small letters and digits joined by single hyphens",
            )
        yield name, where, given


def name_of(given: Mapping[str, str]) -> str:
    """Return the name of a set after its values.

    A name that had to be shortened or cleaned ends in a fingerprint of the values, so that two
    sets keep two names.

    Examples
    --------
    >>> name_of({"scenario": "high", "horizon_year": "2019"})
    'scenario-high_horizon-year-2019'
    >>> name_of({"seed": "-1"})
    'seed-1_db2819e6'
    >>> name_of({})
    'as-declared'
    """
    if not given:
        return "as-declared"
    plain = "_".join(f"{name.replace('_', '-')}-{value}" for name, value in given.items())
    if _is_name(plain) and not any("_" in value for value in given.values()):
        return plain
    stem = "_".join(
        _NOT_SLUG.sub("-", f"{name}-{value}".lower()).strip("-.") for name, value in given.items()
    )
    stem = re.sub(r"[._-]*([._-])", r"\1", stem)[:_LONGEST_NAME].strip("._-") or "set"
    return f"{stem}_{fingerprint(json.dumps(dict(given), sort_keys=True).encode())[:8]}"


def _is_name(name: str) -> bool:
    """Whether a name is that of a folder on every system and cannot lead out of it."""
    return (
        _NAME.fullmatch(name) is not None
        and len(name) <= _LONGEST_NAME
        and name not in RESERVED
        and not _DEVICE.fullmatch(name)
    )
