"""Every error a user can meet, and the words it is told in.

An `InputError` is the user's to mend (exit status 2); a `RunError` means that
the run itself could not be completed (exit status 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

Explanation: TypeAlias = tuple[str, str]  # what is wrong, and what to do
FAULTS_SHOWN = 20
LONGEST_SHOWN = 60
MOST_LISTED = 16
# Escape sequences of terminals: ESC [ … letter, ESC ] … BEL, ESC and any other sign.
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)|\x9b[0-?]*[@-~]"
)


def printable(text: str) -> str:
    r"""Return a text without what a terminal would obey: escape sequences, control characters.

    Examples
    --------
    >>> printable("a \x1b[31mred\x1b[0m table\x07\nand a second line")
    'a red table\nand a second line'
    """
    kept = _ESCAPES.sub("", text)
    spaced = (" " if sign.isspace() and sign != "\n" else sign for sign in kept)
    return "".join(sign for sign in spaced if sign.isprintable() or sign == "\n")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in one cell, row or file of a table.

    Attributes
    ----------
    file
        Name of the file inside the release folder, such as ``figures.csv``.
    row
        Row of the file as a spreadsheet counts it: the header is row 1.
        0 where the fault is about the whole file.
    column
        Name of the column, or an empty string where no single one is meant.
    found
        What is wrong, with the value that was found.
    remedy
        What the analyst should do.
    """

    file: str
    row: int
    column: str
    found: str
    remedy: str

    def __str__(self) -> str:
        """Return the fault in one line: place, finding, remedy."""
        place = [self.file]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        line = f"{', '.join(place)}: {self.found}; {self.remedy}"
        return printable(" ".join(line.split()))


class StatedFiguresError(Exception):
    """Base of all errors; carries the exit status of the command line."""

    exit_status = 1

    def __str__(self) -> str:
        """Return the message; nothing in it can move a terminal."""
        return printable(super().__str__())


class InputError(StatedFiguresError):
    """The user's input is wrong and the message says what to do."""

    exit_status = 2


class RunError(StatedFiguresError):
    """The input was right but the run could not be completed."""

    exit_status = 1


class DataError(InputError):
    """One or more tables hold faults.

    Parameters
    ----------
    faults
        The faults, in any order; the message shows the first 20 in the order
        of file and row and counts the rest.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        lines = [str(fault) for fault in self.faults[:FAULTS_SHOWN]]
        if hidden := len(self.faults) - len(lines):
            lines.append(f"and {hidden} more faults; mend these first")
        super().__init__("\n".join(lines))


def whole(name: str, found: str, remedy: str) -> DataError:
    """Return the error for a fault of a whole file."""
    return DataError([Fault(name, 0, "", found, remedy)])


class SourceTextError(InputError):
    """The copy of the release cannot be read, or differs from the tables."""


class ParameterError(InputError):
    """A parameter is unknown, of the wrong type or out of range."""


class AssumptionError(InputError):
    """An assumption is missing, or is used outside its allowed range."""


class NotebookError(RunError):
    """A notebook failed; names the notebook, the cell and the error."""


class PublishError(RunError):
    """The site folder could not be written."""


# ---------------------------------------------------------------- how faults speak of a value


def quoted(value: str) -> str:
    """Return a value between quotation marks, in one line, shortened if it is long.

    Examples
    --------
    >>> quoted("1,000")
    '"1,000"'
    """
    line = " ".join(value.split()) if value.strip() else value.replace("\n", " ")
    shown = line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
    return f'"{shown}"'


def nearest_of(word: str, known: Iterable[object]) -> str:
    """Return which known word was probably meant, or the list of those allowed.

    A short list is always shown whole, because the nearest spelling may be the
    wrong word.

    Examples
    --------
    >>> nearest_of("yaer", ["calendar_year", "part_year"])
    'use one of: calendar_year, part_year'
    >>> nearest_of("shpis", [f"ship_{number}" for number in range(20)] + ["ships"])
    'did you mean "ships"?'
    """
    words = sorted({str(name) for name in known})
    if not words:
        return "nothing of this kind exists yet; leave the cell empty or add the row first"
    folded = {name.lower().replace("-", "_"): name for name in words}
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    if same := folded.get(word.strip().lower().replace(" ", "_").replace("-", "_")):
        return f'did you mean "{same}"?'
    if len(words) <= MOST_LISTED:
        return f"use one of: {', '.join(words)}"
    if close:
        return f'did you mean "{close[0]}"?'
    return f"use one of: {', '.join(words[:MOST_LISTED])}, …"
