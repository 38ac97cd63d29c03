"""The sets of a grid compared: a page, a CSV file and a JSON file, made from their editions."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from statedfigures.analysis.headline import printed_step
from statedfigures.display import charts_other
from statedfigures.display.chart_style import drawn
from statedfigures.display.provenance import Ledger
from statedfigures.display.shown import Chart, chart, table
from statedfigures.display.tables import neutralised
from statedfigures.errors import InputError, RunError
from statedfigures.site.pages.downloads import PROJECTIONS_FILE
from statedfigures.site.pages.template import Site, render_page
from statedfigures.site.publish.files import json_bytes, read_ordinary
from statedfigures.site.publish.manifest import MARK

if TYPE_CHECKING:
    from statedfigures.site.publish.edition import Edition

ROWS_DRAWN = 40
"""Sets that one picture shows; of more, those evenly apart by their middles."""
ROWS_LISTED = 1_000
"""Sets that the page lists; ``sets.csv`` always has all of them."""
_LEVELS = {0.5: "middle", 0.25: "low50", 0.75: "high50", 0.05: "low90", 0.95: "high90"}


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid settled: its sets, each an edition that is planned."""

    name: str
    folder: Path
    base: Edition
    sets: Mapping[str, Edition]

    def varied(self) -> pd.DataFrame:
        """Return the parameters in which the sets differ: a row for each set, as texts."""
        rows = {name: dict(edition.parameters) for name, edition in self.sets.items()}
        found = pd.DataFrame.from_dict(rows, orient="index").astype(str)
        return found.loc[:, (found != found.iloc[0]).any()].rename_axis("set")


def index_files(grid: Grid, failed: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files that compare the sets of a grid, whose editions lie in its folder.

    They depend on the results of the sets alone, not on how or in what order they were made.

    Raises
    ------
    RunError
        If the data of a set are not as they were published.
    """
    varied = grid.varied()
    done = [edition for name, edition in grid.sets.items() if name not in failed]
    rows = pd.concat([headlines_of(edition) for edition in done]) if done else pd.DataFrame()
    state = {
        MARK: "the sets of a grid, compared",
        "grid": grid.name,
        "release": grid.base.release.id,
        "inputs": grid.base.inputs,
        "varied": list(varied),
        "sets": {
            name: {"parameters": dict(edition.parameters), "failed": failed.get(name, "")}
            for name, edition in grid.sets.items()
        },
    }
    return {
        "index.html": _page(grid, varied, failed, rows).encode(),
        "sets.csv": _csv(varied, failed, rows).encode(),
        "grid.json": json_bytes(state),
    }


def headlines_of(edition: Edition) -> pd.DataFrame:
    """Return where each series stands at the horizon of a set, from its published data."""
    path = edition.target / PROJECTIONS_FILE
    if not path.is_file():
        return pd.DataFrame()
    parameters = edition.parameters
    try:
        found = pd.read_csv(io.BytesIO(read_ordinary(path)))
        found = found[
            (found["scenario"] == parameters["scenario"])
            & (found["target_year"] == parameters["horizon_year"])
            & found["output_type_id"].isin(_LEVELS)
        ]
        wide = found.pivot_table(
            index=["series", "unit", "target_year"],
            columns="output_type_id",
            values="value",
            sort=False,
        )
        wide = wide.rename(columns=_LEVELS)[list(_LEVELS.values())].reset_index()
    except (ValueError, KeyError, InputError):
        raise RunError(
            f"{path}: is not as it was published; delete the folder of this set and run again"
        ) from None
    return wide.rename(columns={"target_year": "year"}).assign(set=edition.target.name)


def _csv(varied: pd.DataFrame, failed: Mapping[str, str], rows: pd.DataFrame) -> str:
    """Return one row a set: its parameters, then each series' numbers, then why it failed."""
    reasons = pd.Series(failed, index=varied.index, dtype=object).fillna("")
    made = varied.map(neutralised)
    made.insert(0, "state", np.where(reasons == "", "rendered", "failed"))
    for series, own in rows.groupby("series", sort=False) if len(rows) else ():
        numbers = own.set_index("set")[["year", *_LEVELS.values()]]
        made = made.join(numbers.add_prefix(f"{series}_"))
    return made.assign(reason=reasons.map(neutralised)).to_csv(lineterminator="\r\n")


def _page(grid: Grid, varied: pd.DataFrame, failed: Mapping[str, str], rows: pd.DataFrame) -> str:
    release = grid.base.release
    names = [str(name).replace("_", " ") for name in varied]
    labels = varied.agg(", ".join, axis=1) if names else varied.index.to_series()
    series = [name for name in release.series.index if len(rows) and name in set(rows["series"])]
    return render_page(
        "grid.html",
        title=f"{release.about.short_title}: {len(grid.sets)} sets of parameters",
        site=Site(release.about),
        page="index",
        ledger=Ledger(release, (), "index"),
        varied=", ".join(names),
        failed=failed,
        charts=[_chart(release, name, rows, labels) for name in series],
        drawn_apart=len(varied) - len(failed) > ROWS_DRAWN,
        rows_drawn=ROWS_DRAWN,
        sets=list(labels.head(ROWS_LISTED).items()),
        left_out=max(0, len(varied) - ROWS_LISTED),
    )


def _chart(release: Any, series: str, rows: pd.DataFrame, labels: pd.Series) -> Chart:
    """Return the picture of a series in each set, or in sets evenly apart by their middles."""
    rows = rows[rows["series"] == series].reset_index(drop=True)
    if len(rows) > ROWS_DRAWN:
        places = np.linspace(0, len(rows) - 1, ROWS_DRAWN).round().astype(int)
        rows = rows.sort_values("middle", kind="stable").iloc[places].reset_index(drop=True)
    significant = np.where(rows["high50"] - rows["low50"] < rows["middle"] / 5, 3, 2)
    steps = list(map(printed_step, rows["middle"], significant))
    rows = rows.assign(label=rows["set"].map(labels), inputs=f"series:{series}", step=steps)
    years = " to ".join(map(str, sorted({rows["year"].min(), rows["year"].max()})))
    name = release.series.loc[series, "title"]
    return chart(
        **drawn(charts_other.chart_grid, rows),
        data=table(rows, specification="grid"),
        title=" ".join(f"{name} in each set, {years}".split()[:15]),
        subtitle="The middle, half of the draws, and nine in ten, at the horizon of each set.",
        name=f"grid-{series}",
    )
