"""What a grid is asked for: a TOML file with a product or a list of sets of parameters."""

from __future__ import annotations

import difflib
import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from statedfigures.errors import ParameterError
from statedfigures.site.publish.files import fingerprint, printable

MOST_SETS = 20_000
LARGEST_FILE = 8 * 2**20
RESERVED = frozenset({"index.html", "sets.csv", "grid.json"})
"""Files of the grid itself, which lie beside the folders of the sets."""
_LONGEST_NAME = 100
_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_SHAPES = {
    "release": "is not a text; give the id of a release",
    "parameters": "is not a table; write [parameters] and under it name = value",
    "product": 'holds no list; write name = ["value", "value"] under it',
    "sets": "is not a list of tables; write [[sets]] before each set",
}
_NO_NAME = "“{}” cannot name a folder; use small letters and digits joined by single hyphens"
_NO_LIST = "is not a list with values; write {} = [value, value]"


def _text(value: Any) -> str:
    """Return a value as the command line would be given it."""
    if not isinstance(value, bool | int | float | str):
        raise ValueError(f"is a {type(value).__name__}; give a text, a number, true or false")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _no_release(name: str) -> str:
    if name == "release":
        raise ValueError("a grid is about one release; set release once, at the top of the file")
    return name


def _each_once(values: list[str]) -> list[str]:
    again, count = Counter(values).most_common(1)[0]
    if count > 1:
        raise ValueError(f"“{again}” is listed twice; list each value once")
    return values


_Name = Annotated[str, AfterValidator(_no_release)]
_Value = Annotated[Any, AfterValidator(_text)]
_Values = Annotated[list[_Value], Field(min_length=1), AfterValidator(_each_once)]


class _File(BaseModel):
    """The keys of the file."""

    model_config = ConfigDict(extra="forbid", strict=True)
    release: str = ""
    parameters: dict[_Name, _Value] = {}
    product: dict[_Name, _Values] = Field({}, min_length=1)
    sets: list[dict[_Name, _Value]] = Field([], min_length=1)


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


def fault(path: Path, key: str, words: str) -> ParameterError:
    """Return an error that names the file, the key, what was found and what to do."""
    return ParameterError(printable(f"{', '.join(filter(None, (path.name, key)))}: {words}"))


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
    stem = path.name.removesuffix(".toml")
    if not _is_name(stem):
        raise fault(path, "", _NO_NAME.format(stem[:60]))
    table = _parsed(path)
    try:
        asked = _File.model_validate(table)
    except ValidationError as error:
        raise fault(path, *_where_and_what(error.errors()[0])) from None
    if ("product" in table) == ("sets" in table):
        found = "both are there" if asked.sets else "neither is there"
        asked_for = "give a table [product] of lists or a table [[sets]] for each set"
        raise fault(path, "product, sets", f"{found}; {asked_for}")
    if both := sorted(asked.parameters.keys() & asked.product.keys()):
        raise fault(path, f"parameters.{both[0]}", "stands in [product] too; set it in one place")
    key = "sets" if asked.sets else "product"
    if (count := len(asked.sets) or math.prod(map(len, asked.product.values()))) > MOST_SETS:
        many = f"makes {count:,} sets, more than {MOST_SETS:,}"
        raise fault(path, key, f"{many}; split it over several files")
    places: dict[str, str] = {}
    sets = []
    for place, name, given in _sets(asked):
        if not _is_name(name):
            raise fault(path, f"{place}, name", _NO_NAME.format(name[:60]))
        if (earlier := places.setdefault(name, place)) != place:
            found = f"has the name “{name}” of {earlier}"
            raise fault(path, place, f"{found}; give each set values or a name of its own")
        sets.append(AskedSet(name, place, {**asked.parameters, **given}))
    return GridFile(path, stem, asked.release, tuple(sets))


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise fault(path, "", f"is larger than {LARGEST_FILE // 2**20} MB; split the grid")
        if not path.is_file():
            raise fault(path, "", "is not an ordinary file; name another file")
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise fault(path, "", f"cannot be read ({error.strerror}); name another file") from None
    except tomllib.TOMLDecodeError as error:
        words = " ".join(str(error).split())[:200]
        raise fault(path, "", f"is not TOML ({words}); mend the line") from None
    except UnicodeDecodeError:
        raise fault(path, "", "is not UTF-8; save it as UTF-8") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, a thousand brackets
        raise fault(path, "", "holds a value too large to be read; shorten it") from None


def _where_and_what(error: Any) -> tuple[str, str]:
    """Return the key of a mistake that pydantic found, and what is wrong with it, in words."""
    key, *inner = (part for part in error["loc"] if part != "[key]")
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, _SHAPES, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(_SHAPES)}"
        return key, f"is not a key of a grid file; {remedy}"
    where = "".join(f", entry {n + 1}" if isinstance(n, int) else f".{n}" for n in inner)
    if error["type"] == "value_error":
        return key + where, str(error["ctx"]["error"])
    return key + where, _NO_LIST.format(*inner) if key == "product" and inner else _SHAPES[key]


def _sets(asked: _File) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield where each set stands in the file, its name and its own values."""
    combined = product(*asked.product.values()) if asked.product else ()
    for number, chosen in enumerate(combined, start=1):
        given = dict(zip(asked.product, chosen, strict=True))
        yield f"product, set {number}", name_of(given), given
    for number, each in enumerate(asked.sets, start=1):
        given = {name: value for name, value in each.items() if name != "name"}
        yield f"sets, entry {number}", each.get("name", name_of(given)), given


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
    mark = fingerprint(json.dumps(dict(given), sort_keys=True).encode())[:8]
    stem = _NOT_SLUG.sub("-", plain.lower())[: _LONGEST_NAME - len(mark) - 1].strip("-")
    return f"{stem or 'set'}_{mark}"


def _is_name(name: str) -> bool:
    """Whether a name is that of a folder on every system and cannot lead out of it."""
    return (
        _NAME.fullmatch(name) is not None
        and len(name) <= _LONGEST_NAME
        and name not in RESERVED
        and not _DEVICE.fullmatch(name)
    )
