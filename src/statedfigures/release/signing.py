"""Reviews of assumptions: checked, read from a filled-in workbook, added to ``reviews.csv``."""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import filelock
import pandas as pd

from statedfigures.errors import DataError, Fault, ParameterError, RunError
from statedfigures.release.csv_tables import (
    decode_text,
    nearest_of,
    quoted,
    read_bytes,
    read_table,
    split_rows,
)
from statedfigures.release.references import Release
from statedfigures.release.rules import row_faults
from statedfigures.release.schema import METHOD, tables

FILE = "reviews.csv"
SHEET = "Review"
DECISIONS = ("accept", "challenge", "reject")
FILLED_IN = ("decision", "by", "comment")
ID, FINGERPRINT = "id", "fingerprint"
LARGEST_PART_BYTES = 20_000_000
# What a spreadsheet would take for a formula rather than words.
FORMULA_STARTS = ("=", "+", "-", "@")
_EMPTY_END = re.compile(r"(?:\r?\n|^)[ \t,]*(?:\r?\n[ \t,]*)*\Z")
_REMEDY = "give the workbook that review --out wrote, filled in and saved as xlsx"


@dataclass(frozen=True, slots=True)
class Review:
    """A review of an assumption: who decided what about which fingerprint."""

    assumption: str
    fingerprint: str
    decision: str
    by: str
    on: date
    comment: str = ""


def review_problem(review: Review) -> tuple[str, str, str] | None:
    """Return what keeps a review from being recorded: the column, what was found, what to do."""
    if review.decision not in DECISIONS:
        found = f"{quoted(review.decision)} is no decision"
        return "decision", found, f"write {', '.join(DECISIONS)}"
    if not review.by:
        return "by", "no role stands here", "write the role of the reviewer, never a name"
    for column in ("by", "comment"):
        if getattr(review, column).lstrip().startswith(FORMULA_STARTS):
            found = f"{quoted(getattr(review, column))} begins like a formula of a spreadsheet"
            return column, found, "begin it with a word"
    if review.decision != "accept" and not review.comment:
        return "comment", f"a {review.decision} gives no reason", "say what is wrong"
    return None


def make_reviews(
    release: Release,
    fingerprints: Mapping[str, str],
    assumptions: Sequence[str],
    *,
    decision: str,
    by: str,
    comment: str,
    on: date,
) -> list[Review]:
    """Make the reviews of assumptions as they are now.

    Parameters
    ----------
    release
        The tables.
    fingerprints
        Fingerprint of each assumption as it is now, by id.
    assumptions
        Ids of those that were reviewed.
    decision, by, comment, on
        ``accept``, ``challenge`` or ``reject``; role of the reviewer, never a
        name; the reason; the day.

    Returns
    -------
    list of Review
        One for each id.

    Raises
    ------
    ParameterError
        If there is no such assumption, or a part of the review is missing,
        unknown or would be run by a spreadsheet.
    """
    known = list(release.assumptions.index)
    if unknown := [name for name in assumptions if name not in known]:
        faults = (f"no assumption is called {quoted(n)}; {nearest_of(n, known)}" for n in unknown)
        raise ParameterError("\n".join(faults))
    by, comment = (" ".join(text.split()) for text in (by, comment))
    reviews = [
        Review(name, fingerprints[name], decision, by, on, comment)
        for name in dict.fromkeys(assumptions)
    ]
    if reviews and (problem := review_problem(reviews[0])):
        column, found, remedy = problem
        raise ParameterError(f"--{column}: {found}; {remedy}")
    return reviews


def record_reviews(release: Release, reviews: Sequence[Review]) -> list[Path]:
    """Add reviews to the tables that they belong to.

    Parameters
    ----------
    release
        The tables; reviews of rows that all releases share go to
        ``data/method``.
    reviews
        In the order in which they were given.

    Returns
    -------
    list of pathlib.Path
        The files that were added to.

    Raises
    ------
    DataError
        If a table, or a new row, breaks a rule; nothing is written then.
    RunError
        If a file cannot be written; it is then as it was.

    Notes
    -----
    The rows that are there stay byte for byte. Each new file is written
    beside the old one and takes its place in one step.
    """
    origins = release.assumptions["origin"]
    folders = {"release": release.folder, METHOD: release.folder.parent / METHOD}
    changed = []
    for origin, folder in folders.items():
        if rows := [review for review in reviews if origins[review.assumption] == origin]:
            _append(folder / FILE, rows)
            changed.append(folder / FILE)
    return changed


def _append(path: Path, reviews: Sequence[Review]) -> None:
    try:
        with filelock.FileLock(path.with_name(f".{path.name}.lock"), timeout=60):
            names = ",".join(tables()["reviews"].names)
            content = read_bytes(path) if path.exists() else f"{names}\n".encode()
            added = _with_rows(content, reviews)
            rows = split_rows(decode_text(added, FILE), FILE)
            frame, faults = read_table(tables()["reviews"], rows)
            if faults := [*faults, *row_faults("reviews", frame)]:
                raise DataError(faults)
            _replace(path, added)
    except (OSError, filelock.Timeout) as error:
        reason = getattr(error, "strerror", None) or "another run holds it"
        raise RunError(
            f"{FILE}: could not be written ({reason}) and is as it was; "
            "give yourself permission to write it"
        ) from None


def _with_rows(content: bytes, reviews: Sequence[Review]) -> bytes:
    """Add rows below the last, in the order of columns and line ends of the file."""
    text = decode_text(content, FILE)
    header = [cell.strip() for cell in split_rows(text, FILE)[0].cells]
    kept = content.decode("utf-8")
    # An empty row at the end is no row, and must not come to stand in the middle.
    tail = _EMPTY_END.search(kept)
    end = "\r\n" if "\r\n" in (tail.group() if tail else text) else "\n"
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, lineterminator=end, extrasaction="ignore")
    writer.writerows({**asdict(review), "on": review.on.isoformat()} for review in reviews)
    return ((kept[: tail.start()] if tail else kept) + end + buffer.getvalue()).encode()


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with new.open("xb") as file:
            if path.exists():
                os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


# ---------------------------------------------------------------- a filled-in workbook


def read_review_pack(path: Path, fingerprints: Mapping[str, str], *, on: date) -> list[Review]:
    """Read the reviews out of a review pack that was filled in.

    Parameters
    ----------
    path
        The workbook.
    fingerprints, on
        As for `make_reviews`.

    Returns
    -------
    list of Review
        In the order of the sheet; rows in which nothing was filled in are
        passed over.

    Raises
    ------
    DataError
        Naming each row with an unknown or repeated id, a fingerprint that is
        no longer the assumption's, an unknown decision, a formula, or no role.
    """
    faults = []
    reviews: list[Review] = []
    seen: dict[str, int] = {}
    for number, row in _pack_rows(path).items():
        formulas = [name for name, text in row.items() if text.startswith("=")]
        faults += [
            Fault(path.name, number, name, "the cell holds a formula", "write text")
            for name in formulas
        ]
        filled_in = any(row[column] for column in FILLED_IN)
        review = Review(
            row[ID], row[FINGERPRINT], row["decision"].lower(), row["by"], on, row["comment"]
        )
        problem = _locked_problem(review, fingerprints, seen, filled_in=filled_in)
        if filled_in and not formulas:
            problem = problem or review_problem(review)
            reviews.append(review)
        if problem:
            faults.append(Fault(path.name, number, *problem))
        seen.setdefault(review.assumption, number)
    if faults:
        raise DataError(faults)
    return reviews


def _locked_problem(
    review: Review, now: Mapping[str, str], seen: Mapping[str, int], *, filled_in: bool
) -> tuple[str, str, str] | None:
    """Return what is wrong with the locked cells of a row."""
    name = review.assumption
    if name not in now:
        found = f"no assumption is called {quoted(name)}" if name else "no id stands here"
        return ID, found, nearest_of(name, now) if name else "restore the id of the row"
    if name in seen:
        return ID, f"{quoted(name)} repeats row {seen[name]}", "keep one of the two"
    if filled_in and review.fingerprint != now[name]:
        found = f"{name} was changed after this file was made"
        return FINGERPRINT, found, "make a new file with review --out and review the row again"
    return None


def _pack_rows(path: Path) -> dict[int, dict[str, str]]:
    """Return each row of the sheet by its number in the file: name of a column to text."""
    frame = _read_sheet(path)
    cells = [[_cell_text(cell) for cell in row] for row in frame.itertuples(index=False)]
    names = cells[0] if cells else []
    needed = (ID, FINGERPRINT, *FILLED_IN)
    faults = list(_heading_faults(path.name, names, needed))
    if faults:
        raise DataError(faults)
    return {
        number: dict(zip(names, row, strict=True))
        for number, row in enumerate(cells[1:], start=2)
        if any(row)
    }


def _heading_faults(file: str, names: Sequence[str], needed: Sequence[str]) -> Iterator[Fault]:
    for name in needed:
        if names.count(name) != 1:
            found = f"the column {name} is {'there twice' if name in names else 'missing'}"
            yield Fault(file, 1, name, found, "keep the headings as review --out wrote them")


def _cell_text(cell: Any) -> str:
    return "" if cell is None or pd.isna(cell) else " ".join(str(cell).split())


def _read_sheet(path: Path) -> pd.DataFrame:
    """Read the sheet of reviews with its formulas as text; what is unsafe is refused."""
    try:
        if path.exists() and not path.is_file():
            raise _refused(path, "is not an ordinary file", _REMEDY)
        with ZipFile(path) as archive:
            if any(part.file_size > LARGEST_PART_BYTES for part in archive.infolist()):
                raise _refused(path, "unpacks to more than a workbook needs", _REMEDY)
            if any(b"<!DOCTYPE" in archive.read(part) for part in archive.infolist()):
                raise _refused(path, "holds definitions that no spreadsheet writes", _REMEDY)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles it does not know
            options = {"data_only": False, "read_only": True}
            with pd.ExcelFile(path, engine="openpyxl", engine_kwargs=options) as book:
                if SHEET not in book.sheet_names:
                    remedy = "give the workbook that review --out wrote"
                    raise _refused(path, f"has no sheet {quoted(SHEET)}", remedy)
                return book.parse(SHEET, header=None, dtype=object)
    except FileNotFoundError:
        raise _refused(path, "is missing", "name the workbook to import") from None
    except DataError:
        raise
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})", _REMEDY) from None
    except Exception as error:  # whatever a broken or foreign file leads openpyxl to raise
        known = isinstance(error, BadZipFile | KeyError | ValueError)
        found = "is not an xlsx workbook" if known else "is a broken workbook"
        raise _refused(path, found, _REMEDY) from None


def _refused(path: Path, found: str, remedy: str) -> DataError:
    return DataError([Fault(path.name, 0, "", found, remedy)])
