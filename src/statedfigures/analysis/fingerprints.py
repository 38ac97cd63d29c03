"""Fingerprints of assumptions: what a review stands for, so that any change voids it.

A fingerprint is 64 hexadecimal digits. The first sixteen are of everything
that was reviewed; then come three for each of the sixteen `PARTS`, which say
what changed.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from statedfigures.analysis.rules import RULES
from statedfigures.sources.code import module_source
from statedfigures.sources.records import Assumption

CODE = "code of the rule"
# Every column but the id, which says whose review it is.
PARTS: Mapping[str, tuple[str, ...]] = {
    "wording": ("label", "description"),
    "rule": ("rule",),
    "what it applies to": ("applies_to",),
    "basis": ("basis",),
    "source": ("source",),
    "value": ("central",),
    "range": ("low", "high"),
    "distribution": ("distribution",),
    "unit": ("unit",),
    "allowed range": ("allowed_min", "allowed_max"),
    "effect": ("effect",),
    "dependencies": ("depends_on",),
    "quality": ("quality",),
    "decision": ("decided_on", "decided_by"),
    "date of review": ("review_by",),
    CODE: (),
}
WHOLE_DIGITS = 16
PART_DIGITS = 3

# The modules of this stage: what a rule reaches beyond them is not its code.
STAGE = "statedfigures.analysis."

ReadSource = Callable[[str], str]


def fingerprint_of(assumption: Assumption, read_source: ReadSource = module_source) -> str:
    """Give the fingerprint of an assumption and of the code that uses it.

    Parameters
    ----------
    assumption
        A row of the register.
    read_source
        Gives the source text of a module by its name.

    Returns
    -------
    str
        64 hexadecimal digits. Any change to a cell of the row, or to the code
        behind its rule, gives another one; so does another id.

    Notes
    -----
    SHA-256 (FIPS 180-4), cut to 64 bits for the whole and 12 bits for each
    part. Two reviews are told apart by all 256 bits, so that a part that
    happens to collide only goes unnamed and never unnoticed.
    """
    content = {
        part: [_plain(getattr(assumption, column)) for column in columns]
        for part, columns in PARTS.items()
    }
    content[CODE] = [rule_code(assumption.rule, read_source)]
    whole = _digest([assumption.id, content])[:WHOLE_DIGITS]
    return whole + "".join(_digest(content[part])[:PART_DIGITS] for part in PARTS)


def changed_parts(reviewed: str, now: str) -> tuple[str, ...]:
    """Name what differs between two fingerprints of one assumption.

    Parameters
    ----------
    reviewed, now
        Fingerprints: see `fingerprint_of`.

    Returns
    -------
    tuple of str
        Keys of `PARTS` in their order; empty where nothing differs. Where the
        parts do not show what changed, one phrase that says so.

    Examples
    --------
    >>> changed_parts("0" * 64, "1" * 16 + "0" * 48)
    ('something that the fingerprint does not name',)
    >>> changed_parts("0" * 64, "1" * 16 + "0" * 45 + "fff")
    ('code of the rule',)
    """
    if reviewed == now:
        return ()
    found = []
    for number, part in enumerate(PARTS):
        start = WHOLE_DIGITS + number * PART_DIGITS
        if reviewed[start : start + PART_DIGITS] != now[start : start + PART_DIGITS]:
            found.append(part)
    return tuple(found) or ("something that the fingerprint does not name",)


def rule_code(rule: str, read_source: ReadSource = module_source) -> str:
    """Give the code behind a rule in a form that only a change of meaning changes.

    Parameters
    ----------
    rule
        A key of `RULES`.
    read_source
        Gives the source text of a module by its name.

    Returns
    -------
    str
        The implementing function, and the functions, classes and constants of
        `statedfigures.analysis` that it reaches by name, in whatever module;
        without comments, docstrings, annotations and layout. A function that
        implements a rule of its own belongs to that rule alone. Empty for a
        rule that nothing implements.
    """
    if rule not in RULES:
        return ""
    module, _, name = RULES[rule].partition(":")
    root = (f"{STAGE}{module}", name)
    of_other_rules = {
        (f"{STAGE}{one.partition(':')[0]}", one.partition(":")[2]) for one in RULES.values()
    } - {root}
    wanted: dict[tuple[str, str], str] = {}
    waiting = [root]
    while waiting:
        place = waiting.pop()
        if place in wanted or place in of_other_rules:
            continue
        defined, imported = _definitions(read_source(place[0]), place[0])
        if place[1] in defined:
            wanted[place], names = defined[place[1]]
            waiting += [imported.get(one, (place[0], one)) for one in names]
    others = sorted(set(wanted) - {root})
    return "\n".join(wanted[one] for one in (root, *others) if one in wanted)


@cache
def _definitions(
    source: str, module: str
) -> tuple[Mapping[str, tuple[str, frozenset[str]]], Mapping[str, tuple[str, str]]]:
    """Read a module: what each of its names means and reads, and where others come from."""
    defined: dict[str, tuple[str, frozenset[str]]] = {}
    imported: dict[str, tuple[str, str]] = {}
    for node in ast.parse(source, module).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(STAGE):
            for one in node.names:
                imported[one.asname or one.name] = (str(node.module), one.name)
            continue
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        names = [one.id for one in targets if isinstance(one, ast.Name)]
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        read: set[str] = set()
        meaning = "".join(_meaning(node, read)) if names else ""
        for name in names:
            defined[name] = (meaning, frozenset(read))
    return defined, imported


def _meaning(node: ast.AST, read: set[str]) -> Iterator[str]:
    """Write a tree without what says nothing, alike in every version of Python.

    The names that occur in it are added to `read`.
    """
    if isinstance(node, ast.Name):
        read.add(node.id)
    yield type(node).__name__
    yield "("
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns") and value is not None:
            # How it is written says nothing; the class that it names may.
            read.update(one.id for one in ast.walk(value) if isinstance(one, ast.Name))
        if field in ("annotation", "returns", "type_comment", "kind", "ctx"):
            continue
        parts = value if isinstance(value, list) else [value]
        documented = isinstance(node, ast.FunctionDef | ast.ClassDef)
        if field == "body" and documented and ast.get_docstring(node):  # type: ignore[arg-type]
            parts = parts[1:]
        # Fields that are empty differ between versions, and say nothing.
        for part in parts:
            if isinstance(part, ast.AST):
                yield f"{field}="
                yield from _meaning(part, read)
            elif part is not None or isinstance(value, list):
                yield f"{field}={part!r},"
    yield ")"


def _plain(value: object) -> str | list[str]:
    """Give a cell as JSON can hold it; the order of ids in a cell carries no meaning."""
    return sorted(value) if isinstance(value, tuple) else str(value)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
