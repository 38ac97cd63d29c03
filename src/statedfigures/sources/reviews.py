"""Reviews added to a release's ``reviews.csv``: all of them or none, and nothing else touched."""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from statedfigures.errors import DataError, RunError
from statedfigures.sources.descriptor import FILE as DESCRIPTOR_FILE
from statedfigures.sources.descriptor import read_descriptor
from statedfigures.sources.files import decode_text, read_bytes, split_rows
from statedfigures.sources.records import Review
from statedfigures.sources.tables import match_columns, read_records

try:
    import fcntl
except ImportError:  # no locks there; two signatures at once are then the user's to avoid
    fcntl = None  # type: ignore[assignment]

FILE = "reviews.csv"
# What a spreadsheet would take for a formula rather than words.
FORMULA_STARTS = ("=", "+", "-", "@")
_EMPTY_END = re.compile(r"(?:\r?\n|^)[ \t,]*(?:\r?\n[ \t,]*)*\Z")


def formula_in(text: str) -> bool:
    """Say whether a spreadsheet would take a text for a formula.

    Examples
    --------
    >>> formula_in("=1+1"), formula_in("The range is too narrow.")
    (True, False)
    """
    return text.lstrip().startswith(FORMULA_STARTS)


def append_reviews(folder: Path, reviews: Sequence[Review]) -> None:
    """Add reviews to the table of a release.

    Parameters
    ----------
    folder
        The folder of the release.
    reviews
        The reviews, in the order in which they were given.

    Raises
    ------
    DataError
        If the table, or one of the new rows, breaks a rule of its schema;
        nothing is written then.
    RunError
        If the file cannot be written; it is then as it was.

    Notes
    -----
    The rows that are there stay byte for byte. The new file is written
    beside the old one and takes its place in one step.
    """
    path = folder / FILE
    try:
        with _only_one(folder):
            content = read_bytes(path)
            added = _with_rows(content, reviews)
            _require_sound(folder, added)
            _replace(path, added)
    except OSError as error:
        raise RunError(
            f"{FILE}: could not be written ({error.strerror}) and is as it was; "
            "give yourself permission to write it"
        ) from None


def _with_rows(content: bytes, reviews: Sequence[Review]) -> bytes:
    """Add rows below the last one, in the order of columns and line ends of the file."""
    text = decode_text(content, FILE)
    header = [cell.strip() for cell in split_rows(text, FILE)[0].cells]
    kept = content.decode("utf-8")
    # An empty row at the end is no row, and must not come to stand in the middle.
    tail = _EMPTY_END.search(kept)
    ending = tail.group() if tail else text
    end = "\r\n" if "\r\n" in ending else "\n"
    kept = kept[: tail.start()] if tail else kept
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=end)
    for review in reviews:
        writer.writerow([str(getattr(review, column, "")) for column in header])
    return (kept + end + buffer.getvalue()).encode()


def _require_sound(folder: Path, content: bytes) -> None:
    """Hold the new table against its schema before it is written."""
    described = read_descriptor(decode_text(read_bytes(folder / DESCRIPTOR_FILE), DESCRIPTOR_FILE))
    rows = match_columns(described["reviews"], split_rows(decode_text(content, FILE), FILE))
    _, faults = read_records(rows)
    if faults or rows.faults:
        raise DataError([*rows.faults, *faults])


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with new.open("xb") as file:
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Let one run at a time add to the table, so that no signature is lost."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
