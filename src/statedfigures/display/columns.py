"""How the columns of every table are shown: heading, kind, unit, formula, priority."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd

from statedfigures.analysis.review_state import review_states
from statedfigures.display import formats
from statedfigures.display.provenance import name_of
from statedfigures.release.periods import period_words

NUMERIC_KINDS = frozenset({"number", "exact", "stated", "range", "ends", "share"})
"""Kinds set to the right: computed, as typed, stated, computed ends, typed ends, probability."""


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
        Columns of the frame that it is made of, where it is not `name` alone.
    """

    name: str
    heading: str
    kind: str = "text"
    unit: str = ""
    formula: str = ""
    priority: int = 2
    of: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the frame that it shows."""
        return self.of or (self.name,)

    @property
    def is_numeric(self) -> bool:
        """Whether it is set to the right."""
        return self.kind in NUMERIC_KINDS


@dataclass(frozen=True, slots=True)
class Specification:
    """The columns of a table, the noun of its rows and the kind of reference they are.

    The first column is the head of its row. ``rows`` is such as ``figure``,
    where the index of the frame holds ids of figures.
    """

    columns: tuple[Column, ...]
    noun: str = "rows"
    rows: str = ""


HIDDEN = frozenset({"inputs", "file_row", "unit", "working", "formula", "published_inputs"})
"""Columns that say something about others, and are not shown by themselves."""


def specification_of(frame: pd.DataFrame, formula: str = "") -> Specification:
    """Return how a frame of an analyst's own is shown, by the dtypes of its columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A"], "people": [12.5], "inputs": ["figure:a"]})
    >>> [(column.heading, column.kind) for column in specification_of(frame).columns]
    [('Place', 'text'), ('People', 'exact')]
    """
    columns = []
    for place, name in enumerate(name for name in frame.columns if name not in HIDDEN):
        words = str(name).replace("_", " ")
        values = frame[name]
        kind = "text"
        if pd.api.types.is_datetime64_any_dtype(values):
            kind = "date"
        elif pd.api.types.is_bool_dtype(values):
            kind = "text"
        elif pd.api.types.is_numeric_dtype(values):
            kind = "year" if words.split()[-1] == "year" else "exact"
        own = kind == "exact" and "unit" in frame.columns and name in ("value", "low", "high")
        columns.append(
            Column(
                str(name),
                words[:1].upper() + words[1:],
                kind,
                "" if own or kind != "exact" else "as it is",
                formula if kind == "exact" else "",
                1 if place < 3 else 2 if place < 5 else 3,
            )
        )
    return Specification(tuple(columns))


def _read_specifications() -> dict[str, Specification]:
    """Read columns.toml."""
    text = files("statedfigures.display").joinpath("columns.toml").read_text(encoding="utf-8")
    return {
        name: Specification(
            tuple(
                Column(**{**column, "of": tuple(column.get("of", "").split())})
                for column in table["columns"]
            ),
            table["noun"],
            table.get("rows", ""),
        )
        for name, table in tomllib.loads(text).items()
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
        A copy.
    """
    kind = specification.rows
    table = getattr(
        release, kind if kind in ("series", "published") else f"{kind}s", pd.DataFrame()
    )
    needed = [source for column in specification.columns for source in column.sources]
    wanted = [n for n in (*needed, "unit") if n in table.columns and n not in frame.columns]
    made = frame.join(table[wanted]) if wanted else frame.copy()
    for name in needed:
        if name in made.columns:
            continue
        stem = name.removesuffix("_name")
        if name.endswith("_name"):
            ids = made[stem] if stem in made.columns else made.index.to_series()
            names = [name_of(f"{stem}:{row_id}", release)[0] for row_id in ids]
            made[name] = [found.replace("assumption chance", "Chance of a year") for found in names]
        elif name == "period_words":
            periods = table if "period_kind" in table.columns else made
            made[name] = [period_words(row) for _, row in periods.loc[made.index].iterrows()]
        elif name == "series_words":
            words = made["series"].str.replace("_", " ")
            made[name] = words.str[:1].str.upper() + words.str[1:]
        elif name == "state":
            made[name] = review_states(release).loc[made.index, "state"]
        elif name == "base_unit":
            made[name] = [_base_unit(release.claims.loc[row_id], release) for row_id in made.index]
        elif name == "decided":
            days = made["decided_on"] if "decided_on" in made else table["decided_on"]
            made[name] = [f"{formats.date_text(day)}" for day in days.loc[made.index]]
        elif name.removeprefix("lowest_") in ("middle", "width"):
            stem = name.removeprefix("lowest_")
            ends = made[[f"{stem}_at_low", f"{stem}_at_high"]]
            made[name], made[f"highest_{stem}"] = ends.min(axis=1), ends.max(axis=1)
    return made


def _base_unit(claim: pd.Series, release: Any) -> str:
    """Return the unit of the figures that a claim compares."""
    figure = str(claim["to_figure"])
    return str(release.figures.loc[figure, "unit"]) if figure in release.figures.index else ""


def yearly_frame(
    projection: pd.DataFrame, series: str, scenario: str = "central", step: float = 0.0
) -> pd.DataFrame:
    """Return the years of one series, a column for each quantile and scenario shown.

    Parameters
    ----------
    projection
        Result of `statedfigures.project`.
    series, scenario
        The series, and the scenario of the edition.
    step
        What its numbers are rounded to in print; 0 for what each calls for.

    Returns
    -------
    DataFrame
        Years after the base: year, middle, low50, high50, low90, high90, low
        and high (middles of these scenarios, where they are given), unit,
        step, inputs.
    """
    chosen = projection[projection["series"] == series]
    own = chosen[chosen["scenario"] == scenario]
    names = {0.05: "low90", 0.25: "low50", 0.5: "middle", 0.75: "high50", 0.95: "high90"}
    frame = own.pivot_table(index="year", columns="quantile", values="value")
    frame = frame.rename(columns=names)[[*names.values()]]
    for other in ("low", "high"):
        middles = chosen[(chosen["scenario"] == other) & (chosen["quantile"] == 0.5)]
        frame[other] = middles.set_index("year")["value"] if len(middles) else math.nan
    rest = own.drop_duplicates("year").set_index("year")[["unit", "inputs"]]
    made = frame.join(rest).assign(step=step).reset_index()
    made.columns.name = None
    return made[made["year"] > made["year"].min()].reset_index(drop=True)
