"""How the columns of every table are shown: heading, kind, unit, formula, priority."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

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

    def record(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Specification:
        """Return the specification of a record."""
        columns = [Column(**{**column, "of": tuple(column["of"])}) for column in record["columns"]]
        return cls(tuple(columns), record["noun"], record["rows"])


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


_STATED = ("value", "unit", "qualifier", "value_to", "rounded_to", "as_stated")
_PERIOD = Column("period_words", "Period", "period", priority=2)
_GEOGRAPHY = Column("geography", "Where", priority=3)
_NOTE = Column("note", "Note", priority=4)
_LOCATOR = Column("locator", "Place in the release", priority=4)
_SERIES = Column("series_name", "Series", priority=1)
_DRAWS = "quantile of the draws, all under the assumptions named"


def _range(
    name: str,
    heading: str,
    low: str,
    high: str,
    priority: int = 2,
    formula: str = "",
    unit: str = "",
) -> Column:
    return Column(name, heading, "range", unit, formula, priority, (low, high))


SPECIFICATIONS: dict[str, Specification] = {
    "figures": Specification(
        (
            Column("label", "What is counted", priority=1),
            Column("stated", "As stated", "stated", priority=1, of=_STATED),
            _PERIOD,
            _GEOGRAPHY,
            Column("unit", "Unit", "unit", priority=3),
            Column("as_stated", "Words of the release", "quote", priority=4),
            Column("population", "Who or what is covered", priority=4),
            _LOCATOR,
            _NOTE,
        ),
        "figures",
        "figure",
    ),
    "claims": Specification(
        (
            Column("as_stated", "What the release says", "quote", priority=1),
            Column("verdict", "From the release alone", "verdict", priority=1),
            Column("verdict_with_published", "With published figures", "verdict", priority=1),
            _range(
                "recomputed",
                "Recomputed",
                "low",
                "high",
                2,
                "from the two figures, over all values that their wording allows",
            ),
            _range(
                "claimed",
                "What the words mean",
                "claimed_low",
                "claimed_high",
                3,
                "the words, by the assumption for them",
            ),
            Column("reason", "Why", priority=4),
            _range(
                "published",
                "With published figures, recomputed",
                "published_low",
                "published_high",
                4,
                "from the published figures",
            ),
            Column(
                "implied",
                "Base that it implies",
                "range",
                "",
                "the figure and the words",
                4,
                ("implied_low", "implied_high", "base_unit"),
            ),
            Column(
                "implied_rounding",
                "Base implied, rounding alone",
                "range",
                "",
                "the figure and the digits of the words",
                4,
                ("implied_low_rounding", "implied_high_rounding", "base_unit"),
            ),
            Column("warnings", "Read with care", priority=4),
            _LOCATOR,
            _NOTE,
        ),
        "comparisons",
        "claim",
    ),
    "published": Specification(
        (
            Column("series_words", "Series", priority=1),
            Column("period_words", "Period", "period", priority=1),
            Column("stated", "Published", "stated", priority=1, of=_STATED[:3]),
            Column("unit", "Unit", "unit", priority=3),
            Column("publisher", "By whom", priority=2),
            Column("url", "Source", "address", priority=4),
            Column("source_title", "Title of the source", priority=4),
            Column("definition", "What is counted", priority=4),
            _GEOGRAPHY,
            Column("source_kind", "Kind of source", priority=4),
            _NOTE,
        ),
        "published figures",
        "published",
    ),
    "checks": Specification(
        (
            Column("figure_name", "Stated figure", priority=1),
            _range("stated", "Stated", "stated_low", "stated_high", 1),
            _range("published", "Published", "published_low", "published_high", 1),
            Column(
                "difference_percent",
                "Difference",
                "number",
                "percent",
                "stated against published",
                2,
            ),
            Column("agrees", "Agree", priority=2),
            Column("conflict_kind", "Kind of conflict", priority=3),
        ),
        "checks",
    ),
    "wording": Specification(
        (
            Column("label", "What is counted", priority=1),
            Column("stated", "As stated", "stated", priority=1, of=_STATED),
            _range("read", "Read as", "low", "high", 1, "the word, by the assumption for it"),
            _range("drawn", "Drawn, 90% range", "low90", "high90", 3, _DRAWS),
            Column("alternative", "Or else", priority=4),
        ),
        "figures",
        "figure",
    ),
    "denominators": Specification(
        (
            Column("claim_name", "What the release says", priority=1),
            _range(
                "implied",
                "Base that it implies",
                "implied_low",
                "implied_high",
                1,
                "the figure and the words",
            ),
            _range("published", "Published base", "published_low", "published_high", 1),
            Column("agrees", "Agree", priority=2),
        ),
        "bases",
    ),
    "restated": Specification(
        (
            Column("claim_name", "What the release says", priority=1),
            _range("stated", "As stated", "low", "high", 1, "from the stated figures"),
            _range(
                "restated",
                "Like for like",
                "restated_low",
                "restated_high",
                1,
                "from published figures of the same length",
            ),
        ),
        "comparisons",
    ),
    "growth": Specification(
        (
            _SERIES,
            Column(
                "growth",
                "Growth a year",
                "number",
                "",
                "from the first to the last stated figure, spread over the years between them",
                1,
            ),
            _range("range90", "90% range", "low", "high", 1, _DRAWS),
            Column(
                "years", "Years between", "number", "", "from middle to middle of the periods", 2
            ),
        ),
        "series",
        "series",
    ),
    "projection": Specification(
        (
            Column("year", "Year", "year", priority=1),
            Column("middle", "Middle", "number", "", _DRAWS, 1),
            _range("range50", "50% range", "low50", "high50", 1, _DRAWS),
            _range("range90", "90% range", "low90", "high90", 2, _DRAWS),
            Column("low", "Low scenario", "number", "", _DRAWS, 2),
            Column("high", "High scenario", "number", "", _DRAWS, 2),
        ),
        "years",
    ),
    "sensitivity": Specification(
        (
            Column("assumption_name", "Assumption", priority=1),
            _range(
                "middles",
                "Middle at its ends",
                "lowest_middle",
                "highest_middle",
                1,
                "middle of the draws with the assumption held",
            ),
            _range(
                "widths",
                "Width of the 90% range at its ends",
                "lowest_width",
                "highest_width",
                2,
                "width of the range with the assumption held",
            ),
            Column(
                "variance_share",
                "Share of the spread",
                "number",
                "percent",
                "first-order Sobol index",
                1,
            ),
            Column(
                "break_even",
                "Message turns at",
                "exact",
                "as it is",
                "the value at which the message of the headline turns",
                2,
            ),
            Column("message_beyond", "Message beyond it", priority=4),
        ),
        "assumptions",
    ),
    "assumptions": Specification(
        (
            Column("label", "Assumption", priority=1),
            Column("central", "Central", "exact", priority=1),
            Column("ends", "Low and high", "ends", priority=2, of=("low", "high")),
            Column("quality", "Quality", priority=2),
            Column("state", "Review", priority=1),
            Column("basis", "Basis", priority=4),
        ),
        "assumptions",
        "assumption",
    ),
    "register": Specification(
        (
            Column("label", "Assumption", priority=1),
            Column("central", "Central", "exact", priority=1),
            Column("ends", "Low and high", "ends", priority=1, of=("low", "high")),
            Column("distribution", "Distribution"),
            Column("description", "Meaning"),
            Column("basis", "Basis"),
            Column("source", "Source"),
            Column("quality", "Quality"),
            Column("decided", "Decided"),
            Column("state", "Review"),
            Column("review_by", "Review due", "date"),
        ),
        "assumptions",
        "assumption",
    ),
    "measures": Specification(
        (
            Column("label", "Measure", priority=1),
            Column("status", "New or in force", "unit", priority=1),
            Column("effect_figure_given", "Figure that would show its effect", priority=1),
            Column("who", "By whom", priority=2),
            Column("type", "Type", priority=3),
            Column("would_show_effect", "What would show its effect", priority=3),
            Column("what", "What it is", priority=4),
            _LOCATOR,
            _NOTE,
        ),
        "measures",
        "measure",
    ),
    "outturn": Specification(
        (
            _SERIES,
            Column("year", "Year", "year", priority=1),
            _range("published", "Published", "low", "high", 1),
            Column("middle", "Projected middle", "number", "", _DRAWS, 2),
            _range("range50", "50% range", "low50", "high50", 2, _DRAWS),
            _range("range90", "90% range", "low90", "high90", 2, _DRAWS),
            Column("inside50", "Inside the 50% range", priority=3),
            Column("inside90", "Inside the 90% range", priority=3),
            Column(
                "score",
                "Score",
                "number",
                "",
                "weighted interval score on the scale of the projection; smaller is better",
                4,
            ),
        ),
        "years",
    ),
    "scores": Specification(
        (
            _SERIES,
            Column("years", "Years", "exact", "as it is", priority=2),
            Column("score", "Projection", "number", "", "mean score over the years", 1),
            Column("score_no_change", "No change", "number", "", "mean score over the years", 1),
            Column(
                "score_undamped",
                "Trend goes on undamped",
                "number",
                "",
                "mean score over the years",
                2,
            ),
        ),
        "series",
        "series",
    ),
    "reviews": Specification(
        (
            Column("assumption_name", "Assumption", priority=1),
            Column("state", "State", priority=1),
            Column("by", "By", priority=1),
            Column("on", "On", "date", priority=2),
            Column("comment", "Comment", priority=4),
        ),
        "reviews",
    ),
    "contributions": Specification(
        (
            _SERIES,
            Column("part", "What changed", priority=1),
            Column("contribution", "Contribution", "number", "", "Shapley value of the change", 1),
        ),
        "contributions",
    ),
}

_TABLES = {"series": "series", "published": "published"}


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
    table = getattr(release, _TABLES.get(kind, f"{kind}s"), pd.DataFrame())
    needed = [source for column in specification.columns for source in column.sources]
    wanted = [n for n in (*needed, "unit") if n in table.columns and n not in frame.columns]
    made = frame.join(table[wanted]) if wanted else frame.copy()
    for name in needed:
        if name in made.columns:
            continue
        stem = name.removesuffix("_name")
        if name.endswith("_name"):
            ids = made[stem] if stem in made.columns else made.index.to_series()
            made[name] = [name_of(f"{stem}:{row_id}", release)[0] for row_id in ids]
        elif name == "period_words":
            periods = table if "period_kind" in table.columns else made
            made[name] = [period_words(row) for _, row in periods.loc[made.index].iterrows()]
        elif name == "series_words":
            made[name] = made["series"].str.replace("_", " ")
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
