"""The register of a published edition, read back from the file that the edition carries.

An edition holds fingerprints of its tables and not the tables. Its register is
published whole, so that two editions whose assumptions differ can be compared.
"""

from __future__ import annotations

import csv
import io
from calendar import month_name
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from statedfigures.display.delimited import neutralised, number_field
from statedfigures.display.periods import day_of
from statedfigures.errors import ParameterError
from statedfigures.sources.records import Assumption

FILE = "data/assumptions.csv"
_MONTHS = {name: number for number, name in enumerate(month_name) if name}


def published_assumptions(
    folder: Path, today: Mapping[str, Assumption]
) -> dict[str, Assumption] | None:
    """Read the register that an edition published.

    Parameters
    ----------
    folder
        The folder of the edition.
    today
        The register as it is now, by id. A cell that was published as today's
        would be is today's, so that nothing is lost in the words of the file.

    Returns
    -------
    dict or None
        Id to assumption; None where the edition holds no whole register.

    Raises
    ------
    ParameterError
        If the file was changed after it was published.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    columns = [field.name for field in fields(Assumption) if field.name != "row"]
    if not {*columns} <= {*(reader.fieldnames or ())}:
        return None
    found: dict[str, Assumption] = {}
    try:
        for row in reader:
            name = row["id"]
            values = {one: _value(one, row[one], today.get(name)) for one in columns}
            found[name] = Assumption(**values, row=reader.line_num)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ParameterError(
            f"{path}: row {reader.line_num} is not as it was published; render the edition again"
        ) from None
    return found


def _value(column: str, text: str, today: Assumption | None) -> Any:
    """Read a cell: today's value where that would have been written alike."""
    kind = str(Assumption.__annotations__[column])
    if today is not None and _written(column, getattr(today, column)) == text:
        return getattr(today, column)
    if kind == "float":
        return float(text)
    if kind == "date":
        day, month, year = text.removesuffix(" (overdue)").split()
        return date(int(year), _MONTHS[month], int(day))
    words = text.removeprefix("'")
    return tuple(words.split()) if kind.startswith("tuple") else words


def _written(column: str, value: Any) -> str:
    if isinstance(value, float):
        return number_field(value)
    if isinstance(value, date):
        return day_of(value)
    text = " ".join(value) if isinstance(value, tuple) else str(value)
    return neutralised(text.replace("_", " ") if column == "unit" else text)
