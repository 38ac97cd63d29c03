"""Render an edition again from its manifest alone, and hold every byte against it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from statedfigures.errors import InputError, ParameterError
from statedfigures.release.schema import PACKAGE_FILE
from statedfigures.site.publish import files, manifest
from statedfigures.site.publish.edition import Asked, Edition
from statedfigures.site.run.cache import PageCache

_BEFORE, _AFTER = 30, 40
_LARGEST_TABLE = 64 * 2**20
_OTHER_INPUTS = {
    "package": "the source of the package",
    "lock": "requirements/report.lock",
    "project": "CHANGELOG.md or docs/methods.md",
}
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, ValueError)


def compare_editions(first: Path, second: Path, names: tuple[str, str]) -> list[str]:
    """Hold two editions against each other without rendering.

    Returns
    -------
    list of str
        How many files are identical; where any differs, then the first difference in each, and
        what may have caused it.

    Raises
    ------
    InputError
        If one of them is no edition, or holds something else than ordinary files.
    """
    inputs = [manifest.require_manifest(folder)["inputs"] for folder in (first, second)]
    contents = [files.contents_of(folder) for folder in (first, second)]
    differing = file_differences(contents[0], contents[1], names)
    count = len(contents[0].keys() | contents[1].keys())
    lines = [f"identical: {count - len(differing)} of {count} files"]
    if not differing:
        return lines
    lines += [f"{path}: {what}" for path, what in differing.items()]
    caused = [*input_differences(inputs[0], inputs[1], names)]
    changed = [files.printable(what) for what in manifest.differences(first)]
    lines += [f"input that differs: {what}" for what in caused]
    lines += [f"differs from its own manifest: {what}" for what in changed]
    if any(what.startswith("notebook ") for what in caused):
        lines.append(
            "if the edition was made from other notebooks, name their folder with --notebooks"
        )
    if not (caused or changed):
        lines.append("no input differs: the same inputs gave other bytes")
    return lines


def reproduce(
    folder: Path,
    *,
    data: Path | None = None,
    notebooks: Path | None = None,
    own_tables: bool = False,
    jobs: int = 1,
    report: Callable[..., None] = lambda *_: None,
) -> list[str]:
    """Render an edition again into a temporary folder and compare every byte.

    Parameters
    ----------
    folder
        The edition; it is only read.
    data, notebooks
        Where the releases and the notebooks are.
    own_tables
        Take the tables that the edition carries, whatever `data` holds.
    jobs
        How many pages run at once.
    report
        Is told of every change of a page's state.

    Returns
    -------
    list of str
        What `compare_editions` says of the edition and the one made now.

    Raises
    ------
    InputError
        If it is no edition, or there is no such release, page or parameter here.
    """
    told = manifest.require_manifest(folder)
    files.contents_of(folder)  # refuses pipes and links before anything is run
    if own_tables:
        data = carried_tables(folder, told)
    again = files.new_folder() / "again"
    edition = planned_again(told, Asked({}, out=again, data=data, notebooks=notebooks))
    edition, pages, _ = edition.run(jobs=jobs, report=report, cache=PageCache(None))
    edition.publish(pages)
    return compare_editions(folder, again, ("the edition", "the one made now"))


def planned_again(told: Mapping[str, Any], asked: Asked) -> Edition:
    """Plan the edition of a manifest, with its pages and no others.

    Raises
    ------
    InputError
        If a page or a parameter of it is not here.
    """
    given = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in (told["parameters"] | {"release": told["release"]}).items()
    }
    edition = Edition.plan(replace(asked, given=given))
    known = {page.name: page for page in edition.all_pages}
    for name, stated in told["pages"].items():
        if name not in known:
            raise InputError(
                f"page {files.printable(name)} of the edition has no notebook here; name the "
                "folder of its notebooks with --notebooks"
            )
        if dict(known[name].parameters) != stated["parameters"]:
            raise ParameterError(
                f"{known[name].notebook.path.name}: declares other parameters than the edition "
                "was made with; take the notebook of that edition"
            )
    pages = tuple(known[name] for name in known if name in told["pages"])
    left_out = tuple(name for name in known if name not in told["pages"])
    return replace(edition, all_pages=pages, left_out=left_out)


def carried_tables(edition: Path, told: Mapping[str, Any]) -> Path:
    """Unpack the tables of an edition: those that its manifest names, and as it names them."""
    release = Path(str(told["release"])).name
    path = edition / "data" / f"{release}-tables.zip"
    if not path.is_file():
        raise InputError(
            f"{files.printable(str(edition))}: carries no tables; name the folder that holds them "
            "with --data"
        )
    data, stated = files.new_folder(), told["inputs"]["tables"]
    try:
        with zipfile.ZipFile(io.BytesIO(files.read_ordinary(path))) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as file:
                    content = file.read(_LARGEST_TABLE)
                name = entry.filename.removeprefix(f"{release}/")
                if name == PACKAGE_FILE:  # it was made of the tables, and is made again
                    continue
                plain = Path(entry.filename).parts in {(release, name), ("method", name[7:])}
                if not plain or files.fingerprint(content) != stated.get(name):
                    raise ValueError(name)
                place = data / entry.filename
                place.parent.mkdir(exist_ok=True)
                place.write_bytes(content)
    except _BROKEN_ZIP:
        raise ParameterError(
            f"{files.printable(str(path))}: does not hold the tables that the manifest of the "
            "edition names; render the edition again"
        ) from None
    return data


# ---------------------------------------------------------------- differences in words


def file_differences(
    first: Mapping[str, bytes], second: Mapping[str, bytes], names: tuple[str, str]
) -> dict[str, str]:
    """Return the first difference of each file that differs between two editions.

    Parameters
    ----------
    first, second
        Path to content.
    names
        What the two are called in the words of the answer.
    """
    found = {}
    for path in sorted(first.keys() | second.keys()):
        here, there = first.get(path), second.get(path)
        if here is None or there is None:
            found[files.printable(path)] = f"is only in {names[here is None]}"
        elif here != there:
            found[files.printable(path)] = first_difference(here, there, names)
    return found


def first_difference(first: bytes, second: bytes, names: tuple[str, str]) -> str:
    r"""Return where two contents first differ, and what stands there.

    Parameters
    ----------
    first, second
        Contents that differ: text, a zip archive such as a workbook, or other bytes.
    names
        What the two are called.

    Examples
    --------
    >>> first_difference(b"a\nb 1\n", b"a\nb 2\n", ("the first", "the second"))
    'line 2, character 3: “b 1” in the first, “b 2” in the second'
    """
    if archived := _archive_difference(first, second, names):
        return archived
    try:
        texts = first.decode(), second.decode()
    except UnicodeDecodeError:
        at = _common(first, second)
        shown = [content[at : at + 8].hex(" ") or "the end" for content in (first, second)]
        return f"byte {at + 1}: {shown[0]} in {names[0]}, {shown[1]} in {names[1]}"
    at = _common(*texts)
    start = texts[0].rfind("\n", 0, at) + 1
    shown = [_excerpt(text, start, at) for text in texts]
    return (
        f"line {texts[0].count(chr(10), 0, at) + 1}, character {at - start + 1}: "
        f"{shown[0]} in {names[0]}, {shown[1]} in {names[1]}"
    )


def _common(first: bytes | str, second: bytes | str) -> int:
    """Return how much two contents have in common at their beginnings."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (here, there) in pairs if here != there), min(len(first), len(second)))


def _excerpt(text: str, start: int, at: int) -> str:
    """Return the surroundings of a place within its line, in quotation marks."""
    end = text.find("\n", at)
    stop = min(end if end >= 0 else len(text), at + _AFTER)
    begin = max(start, at - _BEFORE)
    words = files.printable(text[begin:stop])
    if not words:
        return "the end of the line" if end >= 0 else "the end of the file"
    return f"“{'…' if begin > start else ''}{words}{'…' if stop == at + _AFTER else ''}”"


def _archive_difference(first: bytes, second: bytes, names: tuple[str, str]) -> str:
    """Return in which part two zip archives differ; empty where they are none."""
    try:
        archives = [zipfile.ZipFile(io.BytesIO(content)) for content in (first, second)]
        parts = [{name: held.read(name) for name in held.namelist()} for held in archives]
    except (*_BROKEN_ZIP, OSError):
        return ""
    for part, what in file_differences(parts[0], parts[1], names).items():
        return f"its part {part}: {what}"
    return "its parts are equal, but their order, times or compression differ"


def input_differences(
    first: Mapping[str, Any], second: Mapping[str, Any], names: tuple[str, str]
) -> Iterator[str]:
    """Return the inputs in which two manifests differ, a line each."""
    for kind in ("notebook", "table"):
        here, there = first[f"{kind}s"], second[f"{kind}s"]
        for name in sorted(here.keys() | there.keys()):
            if here.get(name) != there.get(name):
                is_in_both = name in here and name in there
                only = "" if is_in_both else f" (only for {names[name in there]})"
                yield files.printable(f"{kind} {name}{only}")
    yield from (words for kind, words in _OTHER_INPUTS.items() if first[kind] != second[kind])
    if first["python"] != second["python"]:
        versions = [files.printable(each["python"]) for each in (first, second)]
        yield f"Python: {versions[0]} for {names[0]}, {versions[1]} for {names[1]}"
