"""Reviews of assumptions: checked, read from a filled-in workbook, added to ``reviews.csv``."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import filelock
import pandas as pd

from statedfigures import errors
from statedfigures.errors import DataError, Fault, ParameterError, RunError, nearest_of, quoted
from statedfigures.release.csv_tables import read_bytes, read_table, split_rows, write_whole
from statedfigures.release.rules import read_checked, row_faults
from statedfigures.release.schema import METHOD, Release, tables

FILE = "reviews.csv"
SHEET = "Review"
FILLED_IN = ("decision", "by", "comment")
LARGEST_PART_BYTES = 20_000_000
_EMPTY_END = re.compile(r"(?:\r?\n|^)[ \t,]*(?:\r?\n[ \t,]*)*\Z")


def review_faults(reviews: pd.DataFrame) -> list[Fault]:
    """Hold reviews, the first as row 2, against the rules of ``reviews.csv``."""
    table = tables()["reviews"]
    cells = reviews.reindex(columns=table.names).to_numpy().tolist()
    rows, faults = read_table(table, [table.names, *cells])
    return faults + row_faults(table.name, rows)


def make_reviews(
    release: Release,
    fingerprints: Mapping[str, str],
    assumptions: Sequence[str],
    *,
    decision: str,
    by: str,
    comment: str,
    on: date,
) -> pd.DataFrame:
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
    pandas.DataFrame
        One row for each id, with the columns of ``reviews.csv`` as text.

    Raises
    ------
    ParameterError
        If there is no such assumption, or a part of the review is missing,
        unknown or would be run by a spreadsheet.
    """
    known = list(release.assumptions.index)
    if unknown := [name for name in assumptions if name not in known]:
        told = [f"no assumption is called {quoted(n)}; {nearest_of(n, known)}" for n in unknown]
        raise ParameterError("\n".join(told))
    by, comment = (" ".join(text.split()) for text in (by, comment))
    said = {"decision": decision, "by": by, "on": str(on), "comment": comment}
    names = list(dict.fromkeys(assumptions))
    prints = [fingerprints[name] for name in names]
    reviews = pd.DataFrame({"assumption": names, "fingerprint": prints, **said})
    if faults := review_faults(reviews.head(1)):
        told = [f"--{fault.column}: {fault.found}; {fault.remedy}" for fault in faults]
        raise ParameterError("\n".join(told))
    return reviews


def record_reviews(release: Release, reviews: pd.DataFrame) -> dict[str, str]:
    """Add reviews to the tables that they belong to.

    Parameters
    ----------
    release
        The tables; reviews of rows that all releases share go to
        ``data/method``.
    reviews
        In the order in which they were given, as `make_reviews` returns them.

    Returns
    -------
    dict
        By assumption, the file that its review was added to.

    Raises
    ------
    ParameterError
        If a review is of a day before the row was decided on.
    DataError
        If a table, or a new row, breaks a rule; nothing is written then.
    RunError
        If a file cannot be written; it is then as it was.

    Notes
    -----
    The rows that are there stay byte for byte. Each new file is written
    beside the old one and takes its place in one step.
    """
    rows = reviews.join(release.assumptions[["decided_on", "origin"]], on="assumption")
    early = rows[pd.to_datetime(rows["on"], errors="coerce") < rows["decided_on"]]
    if told := [
        f"{row.assumption}: the review is of {row.on}, and the row was decided on "
        f"{row.decided_on:%Y-%m-%d}; give the day of the review"
        for row in early.itertuples()
    ]:
        raise ParameterError("\n".join(told))
    folders = {"release": release.folder, METHOD: release.folder.parent / METHOD}
    for origin, added in rows.groupby("origin", sort=False):
        _append(folders[str(origin)] / FILE, added)
    origins = zip(rows["assumption"], rows["origin"], strict=True)
    return {name: f"{folders[origin].name}/{FILE}" for name, origin in origins}


def _append(path: Path, reviews: pd.DataFrame) -> None:
    try:
        with filelock.FileLock(path.with_name(f".{path.name}.lock"), timeout=60):
            names = ",".join(tables()["reviews"].names)
            content = read_bytes(path) if path.exists() else f"{names}\n".encode()
            added = _with_rows(content, reviews)
            if faults := read_checked(tables()["reviews"], added)[1]:
                raise DataError(faults)
            write_whole(path, added, path.stat().st_mode & 0o777 if path.exists() else None)
    except (OSError, filelock.Timeout) as error:
        reason = getattr(error, "strerror", None) or "another run holds it"
        raise RunError(
            f"{FILE}: could not be written ({reason}) and is as it was; "
            "give yourself permission to write it"
        ) from None


def _with_rows(content: bytes, reviews: pd.DataFrame) -> bytes:
    """Add rows below the last, in the order of columns and line ends of the file."""
    header = [cell.strip() for cell in split_rows(content, FILE)[0]]
    kept = content.decode("utf-8")
    # An empty row at the end is no row, and must not come to stand in the middle.
    tail = _EMPTY_END.search(kept)
    end = "\r\n" if "\r\n" in (tail.group() if tail else kept) else "\n"
    rows = reviews.reindex(columns=header).to_csv(header=False, index=False, lineterminator=end)
    return ((kept[: tail.start()] if tail else kept) + end + rows).encode()


# ---------------------------------------------------------------- a filled-in workbook


def read_review_pack(path: Path, fingerprints: Mapping[str, str], *, on: date) -> pd.DataFrame:
    """Read the reviews out of a review pack that was filled in.

    Parameters
    ----------
    path
        The workbook.
    fingerprints, on
        As for `make_reviews`.

    Returns
    -------
    pandas.DataFrame
        As `make_reviews` returns them, in the order of the sheet; rows in
        which nothing was filled in are passed over.

    Raises
    ------
    DataError
        Naming each row with an unknown or repeated id, a fingerprint that is
        no longer the assumption's, an unknown decision, a formula, or no role.
    """
    faults: list[Fault] = []
    filled_in: dict[int, dict[str, str]] = {}
    seen: dict[str, int] = {}
    for number, row in _pack_rows(path).items():
        formulas = [name for name, text in row.items() if text.startswith("=")]
        told = [(name, "the cell holds a formula", "write text") for name in formulas]
        name, is_review = row["id"], any(row[column] for column in FILLED_IN)
        if not name:
            told.append(("id", "no id stands here", "restore the id of the row"))
        elif name not in fingerprints:
            found = f"no assumption is called {quoted(name)}"
            told.append(("id", found, nearest_of(name, fingerprints)))
        elif (first := seen.setdefault(name, number)) != number:
            told.append(("id", f"{quoted(name)} repeats row {first}", "keep one of the two"))
        elif is_review and row["fingerprint"] != fingerprints[name]:
            remedy = "make a new file with review --out and review the row again"
            told.append(("fingerprint", f"{name} was changed after this file was made", remedy))
        elif is_review and not formulas:
            said = {"assumption": name, "decision": row["decision"].lower(), "on": str(on)}
            filled_in[number] = row | said
        faults += [Fault(path.name, number, *problem) for problem in told]
    columns = tables()["reviews"].names
    reviews = pd.DataFrame.from_dict(filled_in, orient="index", columns=columns)
    numbers = [0, 1, *filled_in]
    told_of = review_faults(reviews)
    faults += [replace(fault, file=path.name, row=numbers[fault.row]) for fault in told_of]
    if faults:
        raise DataError(faults)
    return reviews.reset_index(drop=True)


def _pack_rows(path: Path) -> dict[int, dict[str, str]]:
    """Return each row of the sheet by its number in the file: name of a column to text."""
    # pandas reads a cell of an error, such as #N/A, as no text at all.
    frame = _read_sheet(path).fillna("#N/A").map(lambda cell: " ".join(cell.split()))
    names, *rows = frame.to_numpy().tolist() or [[]]
    remedy = "keep the headings as review --out wrote them"
    if faults := [
        Fault(path.name, 1, name, f"the column {name} is {fault}", remedy)
        for name in ("id", "fingerprint", *FILLED_IN)
        for fault in {0: ["missing"], 1: []}.get(names.count(name), ["there twice"])
    ]:
        raise DataError(faults)
    numbered = enumerate(rows, start=2)
    return {number: dict(zip(names, row, strict=True)) for number, row in numbered if any(row)}


def _read_sheet(path: Path) -> pd.DataFrame:
    """Read the sheet of reviews as texts, formulas included; what is unsafe is refused."""
    remedy = "give the workbook that review --out wrote, filled in and saved as xlsx"
    try:
        if not (found := _unsafe(path)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles it does not know
                options = {"data_only": False, "read_only": True}
                with pd.ExcelFile(path, engine="openpyxl", engine_kwargs=options) as book:
                    if SHEET in book.sheet_names:
                        return book.parse(SHEET, header=None, dtype=str, keep_default_na=False)
                    found = f"has no sheet {quoted(SHEET)}"
    except FileNotFoundError:
        found, remedy = "is missing", "name the workbook to import"
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
    except Exception as error:  # whatever a broken or foreign file leads openpyxl to raise
        known = isinstance(error, BadZipFile | KeyError | ValueError)
        found = "is not an xlsx workbook" if known else "is a broken workbook"
    raise errors.whole(path.name, found, remedy)


def _unsafe(path: Path) -> str:
    """Return why a workbook is not to be opened; empty where it may be."""
    if path.exists() and not path.is_file():
        return "is not an ordinary file"
    with ZipFile(path) as archive:
        parts = archive.infolist()
        if any(part.file_size > LARGEST_PART_BYTES for part in parts):
            return "unpacks to more than a workbook needs"
        declares = any(b"<!DOCTYPE" in archive.read(part) for part in parts)
    return "holds definitions that no spreadsheet writes" if declares else ""
