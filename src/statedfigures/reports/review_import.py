"""A review pack read back: every row is sound, or none is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from statedfigures.analysis.fingerprints import changed_parts
from statedfigures.analysis.reviews import review_states
from statedfigures.errors import DataError, Fault
from statedfigures.reports.review_listing import listing
from statedfigures.reports.review_pack import FILLED_IN, FINGERPRINT, ID, SHEET
from statedfigures.reports.signing import problem_of_review
from statedfigures.reports.spreadsheet import SheetCell, read_sheets
from statedfigures.sources.cells import nearest_of, quoted
from statedfigures.sources.records import ReleaseTables, Review

NEEDED = (ID, FINGERPRINT, *FILLED_IN)


def read_pack(path: Path, tables: ReleaseTables, *, on: date) -> tuple[Review, ...]:
    """Read the reviews out of a review pack that was filled in.

    Parameters
    ----------
    path
        The workbook.
    tables
        The tables of the release, as they are now.
    on
        Day of the reviews.

    Returns
    -------
    tuple of Review
        In the order of the sheet; rows in which nothing was filled in are
        passed over.

    Raises
    ------
    DataError
        Naming each row with an unknown or repeated id, a fingerprint that is
        no longer the assumption's, an unknown decision, a formula, or no role.
    """
    sheets = read_sheets(path)
    faults = [
        Fault(path.name, cell.row, cell.column, f"the sheet {name} holds a formula", "write text")
        for name, cells in sheets.items()
        for cell in cells
        if cell.is_formula
    ]
    rows = _rows(path.name, sheets)
    now = {name: state.fingerprint for name, state in review_states(tables).items()}
    reviews: list[Review] = []
    seen: dict[str, int] = {}
    for number, row in rows.items():
        filled_in = any(row.get(column) for column in FILLED_IN)
        problem = _problem(row, now, seen, filled_in=filled_in)
        review = Review(
            row.get(ID, ""), row.get(FINGERPRINT, ""), row.get("decision", ""), row.get("by", ""),
            on, row.get("comment", ""),
        )  # fmt: skip
        if filled_in:
            problem = problem or problem_of_review(review)
            reviews.append(review)
        if problem:
            faults.append(Fault(path.name, number, *problem))
        seen.setdefault(review.assumption, number)
    if faults:
        raise DataError(faults)
    return tuple(reviews)


def _rows(
    file: str, sheets: Mapping[str, tuple[SheetCell, ...]]
) -> Mapping[int, Mapping[str, str]]:
    """Give each row of the sheet by its number: name of a column to text."""
    if SHEET not in sheets:
        remedy = "give the workbook that review --out wrote"
        raise DataError([Fault(file, 0, "", f"has no sheet {quoted(SHEET)}", remedy)])
    names = {cell.column: cell.text for cell in sheets[SHEET] if cell.row == 1}
    if faults := list(_heading_faults(file, list(names.values()))):
        raise DataError(faults)
    rows: dict[int, dict[str, str]] = {}
    for cell in sheets[SHEET]:
        if cell.row > 1 and cell.column in names:
            rows.setdefault(cell.row, {})[names[cell.column]] = cell.text
    return dict(sorted(rows.items()))


def _heading_faults(file: str, names: list[str]) -> Iterator[Fault]:
    for name in NEEDED:
        if names.count(name) != 1:
            found = f"the column {name} is {'there twice' if name in names else 'missing'}"
            yield Fault(file, 1, name, found, "keep the headings as review --out wrote them")


def _problem(
    row: Mapping[str, str], now: Mapping[str, str], seen: Mapping[str, int], *, filled_in: bool
) -> tuple[str, str, str] | None:
    """Find what is wrong with the locked cells of a row."""
    name = row.get(ID, "")
    if name not in now:
        found = f"no assumption is called {quoted(name)}" if name else "no id stands here"
        return ID, found, nearest_of(name, now) if name else "restore the id of the row"
    if name in seen:
        return ID, f"{quoted(name)} repeats row {seen[name]}", "keep one of the two"
    if filled_in and row.get(FINGERPRINT) != now[name]:
        changed = changed_parts(row.get(FINGERPRINT, "").ljust(len(now[name])), now[name])
        found = f"{name} was changed after this file was made: {listing(changed)}"
        return FINGERPRINT, found, "make a new file with review --out and review the row again"
    return None
