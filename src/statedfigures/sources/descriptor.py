"""What ``datapackage.json`` says of the tables: columns, types, constraints, keys.

The fields of the Table Schemas are built one by one: frictionless would check
the descriptor with a JSON-schema library that takes over a second to import.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from frictionless import Field, Schema
from frictionless import fields as field_types

from statedfigures.errors import DataError, Fault
from statedfigures.sources import records
from statedfigures.sources.cells import nearest_of

FILE = "datapackage.json"
TABLES: Mapping[str, type] = {
    "paragraphs": records.Paragraph,
    "figures": records.Figure,
    "mentions": records.Mention,
    "claims": records.Claim,
    "measures": records.Measure,
    "series": records.Series,
    "assumptions": records.Assumption,
    "reviews": records.Review,
    "published": records.PublishedFigure,
    "tor_monthly_users": records.TorMonth,
}
_FIELD_CLASSES: Mapping[str, type[Field]] = {
    "string": field_types.StringField,
    "number": field_types.NumberField,
    "integer": field_types.IntegerField,
    "boolean": field_types.BooleanField,
    "date": field_types.DateField,
}
# Which types of the Table Schema can fill an attribute of a record.
_FITTING: Mapping[str, frozenset[str]] = {
    "str": frozenset({"string"}),
    "tuple[str, ...]": frozenset({"string"}),
    "Decimal": frozenset({"number", "integer"}),
    "float": frozenset({"number", "integer"}),
    "int": frozenset({"integer"}),
    "bool": frozenset({"boolean"}),
    "date": frozenset({"date"}),
}
_MAY_BE_EMPTY = {"str", "tuple[str, ...]", "Decimal | None", "date | None"}


@dataclass(frozen=True, slots=True)
class TableDescription:
    """A table as the descriptor gives it."""

    name: str
    record: type
    schema: Schema
    constraints: Mapping[str, Mapping[str, Any]]

    @property
    def file(self) -> str:
        """Name of the CSV file."""
        return f"{self.name}.csv"

    @property
    def never_empty(self) -> frozenset[str]:
        """Names of the columns whose cells the record cannot do without."""
        return frozenset(
            item.name
            for item in fields(self.record)
            if item.name != "row" and item.type not in _MAY_BE_EMPTY
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(field.name for field in self.schema.fields)


def record_columns(record: type) -> dict[str, str]:
    """Give the columns that a record is filled from, with their Python types.

    Parameters
    ----------
    record
        A class of ``sources.records``.

    Returns
    -------
    dict
        Name to annotation; optional types without their ``| None``.

    Examples
    --------
    >>> record_columns(records.Paragraph)
    {'locator': 'str', 'sha256': 'str'}
    """
    return {
        item.name: str(item.type).removesuffix(" | None")
        for item in fields(record)
        if item.name != "row"
    }


def read_descriptor(text: str) -> dict[str, TableDescription]:
    """Read the descriptions of all tables from the text of ``datapackage.json``.

    Parameters
    ----------
    text
        JSON text.

    Returns
    -------
    dict
        Name of the table to its description, for all tables of a release.

    Raises
    ------
    DataError
        If the text is no JSON, a table is not described, or a column lacks or
        has a type that its record cannot be filled from.
    """
    try:
        descriptor = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        found = f"is not JSON ({getattr(error, 'msg', 'too deeply nested')})"
        raise DataError([Fault(FILE, line, "", found, "mend it at this line")]) from None
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(resources, list):
        raise DataError([_fault("has no list of resources", "describe the tables under resources")])
    described = {str(item.get("name")): item for item in resources if isinstance(item, dict)}
    tables: dict[str, TableDescription] = {}
    faults: list[Fault] = []
    for name, record in TABLES.items():
        if name not in described:
            remedy = f'add a resource with the name "{name}" and the path "{name}.csv"'
            faults.append(_fault(f"does not describe the table {name}", remedy))
            continue
        try:
            tables[name] = _describe(name, record, described[name])
        except DataError as error:
            faults.extend(error.faults)
    faults.extend(
        _fault(f'describes a table "{name}" that is unknown', nearest_of(name, TABLES))
        for name in sorted(set(described) - set(TABLES))
    )
    if not faults:
        faults.extend(_wrong_keys(tables))
    if faults:
        raise DataError(faults)
    return tables


def _wrong_keys(tables: Mapping[str, TableDescription]) -> Iterator[Fault]:
    """Find keys of the schemas that name no table or no column."""
    for name, table in tables.items():
        named = [(name, table.schema.primary_key)]
        for key in table.schema.foreign_keys:
            reference = key["reference"]
            named.append((name, key["fields"]))
            named.append((reference["resource"] or name, reference["fields"]))
        for target, columns in named:
            if target not in tables:
                found = f'a foreign key of {name} refers to a table "{target}" that is unknown'
                yield _fault(found, nearest_of(target, TABLES))
            elif unknown := sorted(set(columns) - set(tables[target].columns)):
                found = f"a key of {name} names the columns {unknown} that {target} has not"
                yield _fault(found, nearest_of(unknown[0], tables[target].columns))


def _describe(name: str, record: type, resource: Mapping[str, Any]) -> TableDescription:
    """Build the schema of one table and hold it against the record it fills."""
    if resource.get("path") != f"{name}.csv":
        raise DataError([_fault(f"gives {name} another path", f'write "path": "{name}.csv"')])
    descriptor = resource.get("schema")
    listed = descriptor.get("fields") if isinstance(descriptor, dict) else None
    if not isinstance(descriptor, dict) or not isinstance(listed, list):
        raise DataError([_fault(f"gives {name} no schema with fields", "list its columns")])
    if not all(isinstance(field, dict) and field.get("name") for field in listed):
        raise DataError([_fault(f"{name} has a field without a name", "name every column")])
    types = {str(field["name"]): str(field.get("type", "string")) for field in listed}
    if len(types) < len(listed):
        raise DataError([_fault(f"{name} has a field twice", "keep one of the two")])
    wanted = record_columns(record)
    faults = [
        _fault(f"{name} has no field {column}", "add it to the schema")
        for column in sorted(set(wanted) - set(types))
    ]
    faults.extend(
        _fault(f"{name} has an unknown field {column}", nearest_of(column, wanted))
        for column in sorted(set(types) - set(wanted))
    )
    for column, python_type in wanted.items():
        fitting = sorted(_FITTING[python_type])
        if column in types and types[column] not in fitting:
            found = f"{name} gives {column} the type {types[column]}"
            faults.append(_fault(found, f"the type must be {' or '.join(fitting)}"))
    if faults:
        raise DataError(faults)
    try:
        constraints = {str(field["name"]): dict(field.get("constraints") or {}) for field in listed}
        schema = Schema(
            fields=[
                _FIELD_CLASSES[kind](name=column, constraints=constraints[column])
                for column, kind in types.items()
            ],
            primary_key=_names(descriptor.get("primaryKey")),
            foreign_keys=[_foreign_key(key) for key in descriptor.get("foreignKeys") or []],
        )
        for field in schema.fields:
            field.create_cell_reader()
    except Exception as error:  # frictionless raises whatever a wrong constraint led to
        raise DataError(
            [
                _fault(
                    f"the schema of {name} cannot be used ({error})",
                    "mend its constraints and keys",
                )
            ]
        ) from None
    return TableDescription(name, record, schema, constraints)


def _foreign_key(key: Mapping[str, Any]) -> dict[str, Any]:
    """Give a foreign key with lists of names, as frictionless wants it."""
    reference = key["reference"]
    return {
        "fields": _names(key["fields"]),
        "reference": {
            "resource": str(reference.get("resource") or ""),
            "fields": _names(reference["fields"]),
        },
    }


def _names(value: object) -> list[str]:
    """Give one name or several as a list."""
    if isinstance(value, list):
        return [str(name) for name in value]
    return [str(value)] if value else []


def _fault(found: str, remedy: str) -> Fault:
    return Fault(FILE, 0, "", found, remedy)
