"""The sets of a grid compared: a page, a CSV file and a JSON file, made from their editions."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from statedfigures.display.charts_other import chart_grid, grid_alt
from statedfigures.display.formats import computed_text, range_text
from statedfigures.display.shown import chart
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
"""Sets that the table on the page lists; ``sets.csv`` always has all of them."""
_LEVELS = {0.5: "middle", 0.25: "low50", 0.75: "high50", 0.05: "low90", 0.95: "high90"}


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid settled: its sets, each an edition that is planned."""

    name: str
    folder: Path
    base: Edition
    sets: Mapping[str, Edition]

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of the parameters in which the sets differ."""
        values: dict[str, set[str]] = {}
        for edition in self.sets.values():
            for name, value in edition.parameters.items():
                values.setdefault(name, set()).add(json.dumps(value))
        return tuple(name for name, found in values.items() if len(found) > 1)


def index_files(grid: Grid, failed: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files that compare the sets of a grid, whose editions lie in its folder.

    They depend on the results of the sets alone, not on how or in what order they were made.

    Raises
    ------
    RunError
        If the data of a set are not as they were published.
    """
    parts = [
        headlines_of(name, edition) for name, edition in grid.sets.items() if name not in failed
    ]
    parts = [part for part in parts if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    table = _table(grid, failed, rows)
    state = {
        MARK: "the sets of a grid, compared",
        "grid": grid.name,
        "release": grid.base.release.id,
        "inputs": grid.base.inputs,
        "varied": list(grid.varied),
        "sets": {
            name: {"parameters": dict(edition.parameters), "failed": failed.get(name, "")}
            for name, edition in grid.sets.items()
        },
    }
    return {
        "index.html": _page(grid, failed, rows).encode(),
        "sets.csv": table.to_csv(index=False, lineterminator="\r\n").encode(),
        "grid.json": json_bytes(state),
    }


def headlines_of(name: str, edition: Edition) -> pd.DataFrame:
    """Return where each series is heading in a set: one row a series, from its published data."""
    path = edition.target / PROJECTIONS_FILE
    if not path.is_file():
        return pd.DataFrame()
    try:
        found = pd.read_csv(io.BytesIO(read_ordinary(path)))
        found = found[found["scenario"] == edition.parameters["scenario"]]
        last = found.groupby("series", sort=False)["target_year"].transform("max")
        found = found[found["target_year"] == last]
        wide = found.pivot_table(
            index=["series", "unit", "target_year"],
            columns="output_type_id",
            values="value",
            sort=False,
        )
        wide = wide[list(_LEVELS)].rename(columns=_LEVELS).reset_index()
    except (ValueError, KeyError, InputError):
        raise RunError(
            f"{path}: is not as it was published; delete the folder of this set and run again"
        ) from None
    return wide.rename(columns={"target_year": "year"}).assign(set=name)


def _table(grid: Grid, failed: Mapping[str, str], rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a set: its parameters, then each series' numbers."""
    lines = []
    for name, edition in grid.sets.items():
        line: dict[str, Any] = {"set": name, "state": "failed" if name in failed else "rendered"}
        line |= {each: neutralised(str(edition.parameters[each])) for each in grid.varied}
        own = rows[rows["set"] == name] if len(rows) else rows
        for row in own.to_dict("records"):
            line |= {f"{row['series']}_{part}": row[part] for part in ("year", *_LEVELS.values())}
        lines.append(line | {"reason": neutralised(failed.get(name, ""))})
    table = pd.DataFrame(lines)
    return table[[*(column for column in table if column != "reason"), "reason"]]


def _page(grid: Grid, failed: Mapping[str, str], rows: pd.DataFrame) -> str:
    release = grid.base.release
    title = f"{release.about.short_title}: {len(grid.sets)} sets of parameters"
    parts = [Markup("<h1>{}</h1>").format(title)]
    varied = ", ".join(name.replace("_", " ") for name in grid.varied)
    parts.append(
        Markup(
            "<p>They differ in {}. <a href='sets.csv'>All of them with all digits</a>.</p>"
        ).format(varied or "nothing")
    )
    if failed:
        parts.append(
            Markup("<p class='banner'>{} of them failed: {}.</p>").format(
                len(failed), ", ".join(list(failed)[:20])
            )
        )
    for series in rows["series"].unique() if len(rows) else ():
        own = rows[rows["series"] == series]
        parts.append(Markup(_chart(grid, str(series), own)))  # noqa: S704 - made by display
    parts.append(_listing(grid, failed, rows))
    html = "\n".join(parts)
    return render_page(title, html, site=Site(release.about), page="index", chrome=False)


def _chart(grid: Grid, series: str, rows: pd.DataFrame) -> str:
    """Return the picture of a series in each set, or in sets evenly apart by their middles."""
    if len(rows) > ROWS_DRAWN:
        places = np.linspace(0, len(rows) - 1, ROWS_DRAWN).round().astype(int)
        rows = rows.sort_values("middle", kind="stable").iloc[places]
    labels = [_label(grid, name) for name in rows["set"]]
    rows = rows.assign(label=labels, inputs=f"series:{series}").reset_index(drop=True)
    name = str(grid.base.release.series.loc[series, "title"])
    years = sorted({int(year) for year in rows["year"]})
    when = f"{years[0]} to {years[-1]}" if len(years) > 1 else f"{years[0]}"
    shown = chart(
        chart_grid(rows, width="wide"),
        narrow=chart_grid(rows, width="narrow"),
        data=rows[["label", "middle", "low90", "high90", "unit", "inputs"]],
        title=" ".join(f"{name} in each set, {when}".split()[:15]),
        alt=grid_alt(rows),
        name=f"grid-{series}",
    )
    return shown.html(None)


def _label(grid: Grid, name: str) -> str:
    return ", ".join(str(grid.sets[name].parameters[each]) for each in grid.varied) or name


def _listing(grid: Grid, failed: Mapping[str, str], rows: pd.DataFrame) -> Markup:
    series = list(rows["series"].unique()) if len(rows) else []
    titles = grid.base.release.series["title"]
    heads = ["Set", *(name.replace("_", " ").capitalize() for name in grid.varied)]
    heads += [str(titles.get(name, name)) for name in series]
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    lines = list(_lines(grid, failed, rows, series))
    rest = len(grid.sets) - len(lines)
    more = Markup("<p>{} more are in <a href='sets.csv'>sets.csv</a>.</p>").format(rest)
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return Markup(body) + (more if rest else "")  # noqa: S704 - escaped above and below


def _lines(
    grid: Grid, failed: Mapping[str, str], rows: pd.DataFrame, series: list[str]
) -> Iterator[str]:
    by = {(row["set"], row["series"]): row for row in rows.to_dict("records")}
    for name, edition in list(grid.sets.items())[:ROWS_LISTED]:
        link = f'<a href="{name}/index.html">{escape(name)}</a>'
        cells = [f'<th scope="row">{escape(name) if name in failed else link}</th>']
        cells += [f"<td>{escape(edition.parameters[each])}</td>" for each in grid.varied]
        for each in series:
            row = by.get((name, each))
            words = "failed" if name in failed else "–"
            if row is not None:
                words = (
                    f"{computed_text(row['middle'], row['unit'])} "
                    f"({range_text(row['low90'], row['high90'], row['unit'])})"
                )
            cells.append(f'<td class="number">{escape(words)}</td>')
        yield f"<tr>{''.join(cells)}</tr>"
