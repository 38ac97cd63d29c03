"""How the columns of every table are shown: heading, kind, unit, formula, priority."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from numbers import Real
from textwrap import shorten
from typing import Any

import pandas as pd
from pandas.api.types import is_scalar

from statedfigures.analysis.assumptions import Row
from statedfigures.analysis.review_state import review_states
from statedfigures.display.formats import noun
from statedfigures.display.provenance import name_of, references, table_of
from statedfigures.errors import ParameterError
from statedfigures.release.periods import period_of, period_words

NUMERIC_KINDS = frozenset({"number", "exact", "stated", "range", "interval", "ends", "share"})
"""Kinds set to the right: computed, as typed, stated, computed ends, the interval that a stated or
published number stands for, typed ends or two computed numbers, probability."""

_COLUMNS_SHOWN = (3, 6, 9)
"""Columns of an analyst's own frame on a phone, on a tablet and on a desk; others open below."""
_UNNAMED = ("", "as it is", "percent", "multiple", "share")


@dataclass(frozen=True, slots=True)
class Column:
    """How a column of a frame is shown.

    Attributes
    ----------
    name
        Name of the column in the frame.
    heading
        Its heading on the page.
    kind
        ``text``, ``unit``, ``quote``, ``verdict``, ``date``, ``year``, ``period``, ``address``,
        or one of `NUMERIC_KINDS`.
    unit
        Unit of its numbers; empty for that of the row's own column ``unit``.
    formula
        How its numbers are computed, in words; empty for numbers of the tables.
    priority
        1 on every screen (at most three columns), 2 not on a phone, 3 on a desk
        only, 4 only where the row is opened.
    of
        Columns of the frame that it is made of, separated by spaces, where it is not `name`
        alone; a text has what its last column does not say itself before it.
    """

    name: str
    heading: str
    kind: str = "text"
    unit: str = ""
    formula: str = ""
    priority: int = 2
    of: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the frame that it shows."""
        return tuple(self.of.split()) or (self.name,)

    @property
    def is_numeric(self) -> bool:
        """Whether it is set to the right."""
        return self.kind in NUMERIC_KINDS

    @property
    def title(self) -> str:
        """Its heading, with the unit of its numbers where that has a name."""
        is_named = self.is_numeric and self.unit not in _UNNAMED
        return f"{self.heading} ({noun(self.unit)})" if is_named else self.heading


@dataclass(frozen=True, slots=True)
class Specification:
    """The columns of a table, the noun of its rows and the kind of reference they are.

    The first column is the head of its row. ``rows`` is such as ``figure``,
    where the index of the frame holds ids of figures.
    """

    columns: tuple[Column, ...]
    noun: str = "rows"
    rows: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the frame that it shows, each once."""
        return references(*(column.sources for column in self.columns))


LONGEST_NAME = 70
"""Letters of the definition of a published series where it is named on a line."""
HIDDEN = frozenset({"inputs", "file_row", "unit", "working", "formula", "published_inputs"})
"""Columns that say something about others, and are not shown by themselves."""


def flat_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of an analyst's own with one level of names, and its index as columns.

    Raises
    ------
    ParameterError
        If two columns have one name.

    Examples
    --------
    >>> people = pd.DataFrame({"place": ["A", "B"], "year": [2014, 2014], "people": [12, 30]})
    >>> list(flat_frame(people.pivot_table(["people"], "place", "year")).columns)
    ['place', 'people 2014']
    """
    flat = frame.set_axis([_flat_name(name) for name in frame.columns], axis="columns")
    if frame.index.name is not None or not isinstance(frame.index, pd.RangeIndex):
        count = frame.index.nlevels
        unnamed = ["row"] if count == 1 else [f"row {n}" for n in range(1, count + 1)]
        names = [str(name or new) for name, new in zip(frame.index.names, unnamed, strict=True)]
        labels = [pd.Series(frame.index.get_level_values(n), name=names[n]) for n in range(count)]
        flat = pd.concat([*labels, flat.reset_index(drop=True)], axis="columns")
    if twice := flat.columns[flat.columns.duplicated()].tolist():
        raise ParameterError(
            f"two columns are called {twice[0]!r}, the index counted; rename one, so that "
            "both can be shown"
        )
    return flat.apply(_plain_values)


def _flat_name(name: Any) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return " ".join(str(part) for part in parts if str(part))


def _plain_values(values: pd.Series) -> pd.Series:
    """Return a column of numbers, truths, dates or text; a record of a notebook holds no more."""
    is_type = pd.api.types
    if values.name == "inputs":
        told = values.astype(object).where(values.notna(), "")
        return told.map(lambda each: " ".join(references(str(each) if is_scalar(each) else each)))
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    is_day = (
        is_type.is_datetime64_dtype(values)
        and values.dropna().eq(values.dropna().dt.normalize()).all()
    )
    is_number = is_type.is_numeric_dtype(values) and not is_type.is_complex_dtype(values)
    return values if is_day or is_number else values.map(_plain, na_action="ignore")


def _plain(value: Any) -> bool | float | str:
    if isinstance(value, str | bool | int | float):
        return value
    return float(value) if isinstance(value, Real | Decimal) else str(value)


def specification_of(frame: pd.DataFrame, formula: str = "") -> Specification:
    """Return how a frame of an analyst's own is shown, by the dtypes of its columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A"], "people": [12.5], "inputs": ["figure:a"]})
    >>> [(column.heading, column.kind) for column in specification_of(frame).columns]
    [('Place', 'text'), ('People', 'exact')]
    """
    columns, valued = [], {"value", "low", "high"} & {*frame.columns}
    hidden = HIDDEN if valued else HIDDEN - {"unit"}
    for place, name in enumerate(name for name in frame.columns if name not in hidden):
        words, kind = str(name).replace("_", " "), _kind(frame[name], str(name))
        is_number = kind == "exact"
        in_unit = "unit" in frame.columns and name in valued
        unit = "as it is" if is_number and not in_unit else ""
        priority = 1 + sum(place >= most for most in _COLUMNS_SHOWN)
        heading = words[:1].upper() + words[1:]
        columns.append(Column(str(name), heading, kind, unit, formula * is_number, priority))
    return Specification(tuple(columns))


def _kind(values: pd.Series, name: str) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return "text"
    is_year = pd.api.types.is_integer_dtype(values) and re.search(r"(^|[ _])year$", name)
    return "year" if is_year else "exact"


def _read_specifications() -> dict[str, Specification]:
    """Read columns.toml."""
    text = files("statedfigures.display").joinpath("columns.toml").read_text(encoding="utf-8")
    return {
        name: Specification(**{**own, "columns": tuple(Column(**each) for each in own["columns"])})
        for name, own in tomllib.loads(text).items()
    }


SPECIFICATIONS = _read_specifications()
"""Name of each table of the report to its specification."""


def prepared(frame: pd.DataFrame, specification: Specification, release: Any) -> pd.DataFrame:
    """Return a frame with the columns that its specification needs and the release has.

    Parameters
    ----------
    frame
        A result, or a table of the release; it may be indexed by ids.
    specification
        The columns. ``…_name`` is the name of the row whose id stands in the
        column before the underscore, or in the index; ``period_words`` the
        period in words.
    release
        The release.

    Returns
    -------
    DataFrame
        A copy; with series and years, ``year_words`` says how each year is named.
    """
    kind = specification.rows
    table = getattr(release, table_of(kind), pd.DataFrame())
    needed = specification.sources
    wanted = [n for n in (*needed, "unit") if n in table.columns and n not in frame.columns]
    made = frame.join(table[wanted]) if wanted else frame.copy()
    for name in needed:
        if name not in made.columns and (values := _made(name, made, table, release)) is not None:
            made[name] = values
    if {"series", "year"} <= {*made.columns}:
        years = made[["series", "year"]].itertuples(index=False, name=None)
        made["year_words"] = [year_words(release, *each) for each in years]
    return made


def year_words(release: Any, series: str, year: Any) -> Any:
    """Return a year of a projected series as the period of its base is named, such as 2028-29.

    Of no series of the release, it is the year itself.
    """
    base = release.series["base_figure"].get(series, "")
    known = base in release.figures.index and not pd.isna(year)
    return period_of(release.figures.loc[base]).in_year(int(year)) if known else year


def _made(name: str, made: pd.DataFrame, table: pd.DataFrame, release: Any) -> Any:
    """Return a column that is in neither the frame nor the table; None for one of neither."""
    stem, _, ending = name.rpartition("_")
    if ending == "name":
        ids = made[stem] if stem in made.columns else made.index
        names = [name_of(f"{stem}:{row_id}", release)[0] for row_id in ids]
        return [found.replace("assumption chance", "Year-to-year chance") for found in names]
    if name == "period_words":
        periods = table if "period_kind" in table.columns else made
        return [period_words(row) for _, row in periods.loc[made.index].iterrows()]
    if name == "series_words":
        first = release.published.drop_duplicates("series").set_index("series")
        return [series_words(first.loc[series]) for series in made["series"]]
    if ending == "words" and {stem, "break_of_measure"} <= {*made.columns}:
        said = made[stem].map({True: "yes", False: "no"}).fillna("open (bound or rounding)")
        return said.mask(made["break_of_measure"].astype(bool), "measure changed")
    if name == "turns_at":
        return made["break_even"].map("{:.3g}".format).astype(float)
    if name == "width_unit":
        return made["series_unit"].replace("percent", "percentage_points")
    if name == "state":
        ids = made["assumption"] if "assumption" in made.columns else made.index
        return review_states(release).loc[ids, "state"].to_numpy()
    if name == "base_unit":
        figures = release.claims.loc[made.index, "to_figure"]
        return figures.map(release.figures["unit"]).fillna("")
    return None


def series_words(row: Row) -> str:
    """Return what a published series counts and by whom, by a row of it, on a line.

    Examples
    --------
    >>> row = {"definition": "people killed on roads", "publisher": "Department for Transport"}
    >>> series_words(row)
    'People killed on roads (Department for Transport)'
    """
    words = shorten(str(row["definition"]), LONGEST_NAME, placeholder=" …")
    publisher = str(row["publisher"])
    return f"{words[:1].upper()}{words[1:]} ({publisher})" if words else publisher
