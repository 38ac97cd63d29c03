"""What ``release.toml`` says about a release and this edition of its report."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from statedfigures.errors import DataError, Fault
from statedfigures.sources.cells import nearest_of, quoted
from statedfigures.sources.records import ReleaseDescription

FILE = "release.toml"


def read_description(text: str, release: str) -> ReleaseDescription:
    """Read the description of a release from the text of ``release.toml``.

    Parameters
    ----------
    text
        TOML text with one key for each attribute of `ReleaseDescription`.
    release
        Id that the description must have: the name of its folder.

    Returns
    -------
    ReleaseDescription
        The description.

    Raises
    ------
    DataError
        If the text is no TOML, or a key is missing, unknown, empty or of the
        wrong kind.
    """
    try:
        stated = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        row = re.search(r"at line (\d+)", str(error))
        line = int(row[1]) if row else 0
        remedy = "mend this line; text stands between quotation marks, dates do not"
        raise DataError([Fault(FILE, line, "", f"is not TOML ({error})", remedy)]) from None
    wanted = {item.name: str(item.type) for item in fields(ReleaseDescription)}
    faults = [
        Fault(FILE, 0, key, "the key is missing", "add it") for key in wanted if key not in stated
    ]
    for key in stated:
        if key not in wanted:
            faults.append(
                Fault(FILE, 0, key, f"the key {quoted(key)} is unknown", nearest_of(key, wanted))
            )
        elif fault := _value_fault(key, stated[key], wanted[key]):
            faults.append(fault)
    if stated.get("id", release) != release:
        found = f"the id {quoted(str(stated['id']))} is not the name of its folder"
        faults.append(Fault(FILE, 0, "id", found, f'write id = "{release}"'))
    if faults:
        raise DataError(faults)
    return ReleaseDescription(**stated)


def _value_fault(key: str, value: Any, kind: str) -> Fault | None:
    """Find what is wrong with one value."""
    if kind == "date" and (not isinstance(value, date) or isinstance(value, datetime)):
        return Fault(
            FILE,
            0,
            key,
            f"{quoted(str(value))} is not a date",
            f"write it without quotation marks: {key} = 2014-12-11",
        )
    if kind == "str" and not isinstance(value, str):
        return Fault(
            FILE, 0, key, f"{quoted(str(value))} is not text", "put it between quotation marks"
        )
    if kind == "str" and not value.strip():
        return Fault(FILE, 0, key, "the value is empty", "fill it in")
    if key.endswith("address") and not re.match(r"https?://[^\s<>\"']+\Z", value):
        found = f"{quoted(value)} is not a web address"
        return Fault(FILE, 0, key, found, "begin it with https://")
    return None
