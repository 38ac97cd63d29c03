"""Where two editions differ: file by file, in words and at the first place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from statedfigures.reports.manifest import files_in

_BEFORE, _AFTER = 30, 40
_KINDS = ("tables", "notebooks")


def contents_of(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder: path inside it to content."""
    return {path: (folder / path).read_bytes() for path in sorted(files_in(folder))}


def file_differences(
    one: Mapping[str, bytes], other: Mapping[str, bytes], names: tuple[str, str]
) -> dict[str, str]:
    """Hold the files of two editions against each other.

    Parameters
    ----------
    one, other
        Path to content.
    names
        What the two are called in the words of the answer.

    Returns
    -------
    dict
        Path to the first difference, for the files that differ.
    """
    found = {}
    for path in sorted(one.keys() | other.keys()):
        if path not in other:
            found[path] = f"is only in {names[0]}"
        elif path not in one:
            found[path] = f"is only in {names[1]}"
        elif one[path] != other[path]:
            found[path] = first_difference(one[path], other[path], names)
    return found


def first_difference(one: bytes, other: bytes, names: tuple[str, str]) -> str:
    r"""Say where two contents first differ, and what stands there.

    Parameters
    ----------
    one, other
        Contents that differ; text, a zip archive such as a workbook, or other bytes.
    names
        What the two are called.

    Examples
    --------
    >>> first_difference(b"a\nb 1\n", b"a\nb 2\n", ("the first", "the second"))
    'line 2, character 3: “b 1” in the first, “b 2” in the second'
    """
    archive = _archive_difference(one, other, names)
    if archive:
        return archive
    try:
        texts = one.decode(), other.decode()
    except UnicodeDecodeError:
        at = _first(one, other)
        shown = [content[at : at + 8].hex(" ") or "the end" for content in (one, other)]
        return f"byte {at + 1}: {shown[0]} in {names[0]}, {shown[1]} in {names[1]}"
    at = _first(*texts)
    line = texts[0].count("\n", 0, at)
    start = texts[0].rfind("\n", 0, at) + 1
    shown = [_excerpt(text, start, at) for text in texts]
    return (
        f"line {line + 1}, character {at - start + 1}: "
        f"{shown[0]} in {names[0]}, {shown[1]} in {names[1]}"
    )


def input_differences(
    one: Mapping[str, Any], other: Mapping[str, Any], names: tuple[str, str]
) -> list[str]:
    """Name the inputs in which two manifests differ.

    Parameters
    ----------
    one, other
        What `statedfigures.reports.manifest.input_fingerprints` gave for each.
    names
        What the two are called.

    Returns
    -------
    list of str
        A line for each table, notebook, the package, the lock and Python.
    """
    found = []
    for kind in _KINDS:
        here, there = _files(one.get(kind)), _files(other.get(kind))
        for name in sorted(here.keys() | there.keys()):
            if here.get(name) != there.get(name):
                only = "" if name in here and name in there else _only(name in here, names)
                found.append(f"{kind[:-1]} {name}{only}")
    if one.get("package") != other.get("package"):
        found.append("the source of the package")
    if one.get("lock") != other.get("lock"):
        found.append("requirements.lock")
    if one.get("python") != other.get("python"):
        found.append(
            f"Python: {one.get('python')} for {names[0]}, {other.get('python')} for {names[1]}"
        )
    return found


def _files(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _only(in_one: bool, names: tuple[str, str]) -> str:
    return f" (only for {names[0] if in_one else names[1]})"


def _first(one: bytes | str, other: bytes | str) -> int:
    """Give the place of the first difference: the length of the shorter where it is a part."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _excerpt(text: str, start: int, at: int) -> str:
    """Give the surroundings of a place within its line, in quotation marks."""
    end = text.find("\n", at)
    stop = min(end if end >= 0 else len(text), at + _AFTER)
    begin = max(start, at - _BEFORE)
    words = text[begin:stop].rstrip("\r")
    if not words:
        return "the end of the line" if end >= 0 else "the end of the file"
    return f"“{'…' if begin > start else ''}{words}{'…' if stop == at + _AFTER else ''}”"


def _archive_difference(one: bytes, other: bytes, names: tuple[str, str]) -> str:
    """Say in which member two zip archives differ; nothing where they are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(one)) as here, zipfile.ZipFile(io.BytesIO(other)) as there:
            members = here.namelist(), there.namelist()
            for name in members[0]:
                if name not in members[1]:
                    return f"its part {name} is only in {names[0]}"
                if here.read(name) != there.read(name):
                    first = first_difference(here.read(name), there.read(name), names)
                    return f"in its part {name}, {first}"
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ""
    if extra := [name for name in members[1] if name not in members[0]]:
        return f"its part {extra[0]} is only in {names[1]}"
    return "its parts are equal, but their order, times or compression differ"
