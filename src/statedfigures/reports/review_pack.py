"""A workbook to review the register in: what a reviewer needs, and three cells to fill in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time

import xlsxwriter  # type: ignore[import-untyped]

from statedfigures.analysis.reviews import DECISIONS
from statedfigures.reports.review_listing import Listed, listing
from statedfigures.sources.records import ReleaseDescription

SHEET = "Review"
# Columns that the import reads; the others are there for the reviewer.
ID, FINGERPRINT = "id", "fingerprint"
FILLED_IN = ("decision", "by", "comment")
COLUMNS: tuple[tuple[str, int], ...] = (
    (ID, 28),
    ("label", 34),
    ("state", 12),
    ("changed", 20),
    ("risk", 8),
    ("sensitivity", 11),
    ("quality", 10),
    ("low", 9),
    ("central", 9),
    ("high", 9),
    ("unit", 16),
    ("distribution", 12),
    ("description", 44),
    ("basis", 60),
    ("source", 40),
    ("rule", 24),
    ("applies_to", 24),
    ("review_by", 12),
    ("decision", 12),
    ("by", 22),
    ("comment", 60),
    (FINGERPRINT, 20),
)
HELP = (
    "Fill in decision, by and comment for the assumptions that you reviewed; leave the others.",
    "decision: accept, challenge or reject.",
    "by: your role, never your name.",
    "comment: your reason; needed for challenge and reject.",
    "Everything else is locked: a value is changed in assumptions.csv, and then reviewed again.",
    "A row whose assumption was changed after this file was made is refused on import.",
)


def review_pack(description: ReleaseDescription, listed: Sequence[Listed]) -> bytes:
    """Make the workbook to review a register in.

    Parameters
    ----------
    description
        The release; its edition dates the workbook.
    listed
        The assumptions, in the order in which they will stand.

    Returns
    -------
    bytes
        An xlsx file with the sheets ``Read me`` and ``Review``. The same
        register gives the same bytes.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties(
        {
            "title": f"Review of the assumptions: {description.short_title}",
            "created": datetime.combine(description.edition, time()),
        }
    )
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    open_cell = book.add_format(
        {"text_wrap": True, "valign": "top", "locked": False, "bg_color": "#FFF7BF", "border": 1}
    )
    heading = book.add_format({"bold": True, "bottom": 1})
    about = book.add_worksheet("Read me")
    about.set_column(0, 0, 100)
    about.write_string(0, 0, f"Review of the assumptions: {description.title}", heading)
    for number, words in enumerate(HELP, start=2):
        about.write_string(number, 0, words, wrapped)
    sheet = book.add_worksheet(SHEET)
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, heading)
    for number, one in enumerate(listed, start=1):
        values = _values(one)
        for column, (name, _) in enumerate(COLUMNS):
            cell_format = open_cell if name in FILLED_IN else wrapped
            value = values.get(name, "")
            if isinstance(value, float):
                sheet.write_number(number, column, value, cell_format)
            elif value:
                sheet.write_string(number, column, value, cell_format)
            else:
                sheet.write_blank(number, column, None, cell_format)
    decision = [name for name, _ in COLUMNS].index("decision")
    if listed:
        choices = {"validate": "list", "source": list(DECISIONS)}
        sheet.data_validation(1, decision, len(listed), decision, choices)
    sheet.freeze_panes(1, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.activate()
    book.close()
    return content.getvalue()


def _values(one: Listed) -> dict[str, str | float]:
    row, review = one.review.assumption, one.review
    values: dict[str, str | float] = {
        name: getattr(row, name)
        for name, _ in COLUMNS
        if isinstance(getattr(row, name, None), str | float)
    }
    return values | {
        "state": str(review.state),
        "changed": listing(review.changed) if review.changed else "",
        "risk": "" if one.risk is None else round(one.risk, 3),
        "sensitivity": "" if one.sensitivity is None else round(one.sensitivity, 3),
        "applies_to": " ".join(row.applies_to),
        "review_by": row.review_by.isoformat(),
        FINGERPRINT: review.fingerprint,
    }
