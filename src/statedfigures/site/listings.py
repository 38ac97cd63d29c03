"""What ``check``, ``trace``, ``review`` and ``compare`` tell: as lines, as JSON, as files."""

from __future__ import annotations

import ast
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import asdict, dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from statedfigures.analysis.assumptions import check_arguments
from statedfigures.analysis.claims import check_claims
from statedfigures.analysis.contributions import CHANGES, contributions
from statedfigures.analysis.published_checks import check_published, implied_denominators
from statedfigures.analysis.review_state import review_states
from statedfigures.display.columns import year_words
from statedfigures.display.formats import computed_text, range_text
from statedfigures.errors import DataError, Fault, InputError, ParameterError, StatedFiguresError
from statedfigures.release.reading import Release, faults_to_fill, read_release, work_left
from statedfigures.site.publish import files, manifest
from statedfigures.site.run.parameters import ARGUMENTS, read_values

_INTERVALS = ("claimed", "published", "implied")
TABLES = {
    "figures": "figure",
    "assumptions": "assumption",
    "claims": "claim",
    "series": "series",
    "topics": "topic",
    "findings": "finding",
    "published": "published",
    "measures": "measure",
    "scenarios": "scenario",
}
"""Tables that are compared, and what a row of each is called."""
_REVIEWED = ["label", "applies_to", "low", "central", "high", "unit", "description"]
_REVIEWED += ["basis", "source", "quality"]
_SAME = 1e-12
_ENDS = {"middle": "middle", "low90": "bottom of the 90% range", "high90": "top of the 90% range"}
_ON_A_PAGE = ("figures", "claims", "series")


# ---------------------------------------------------------------- check


def check_object(release: Release) -> dict[str, Any]:
    """Return the findings of ``check`` as one JSON object.

    Returns
    -------
    dict
        ``claims``, ``conflicts``, ``denominators`` and ``faults``. An end of an interval
        without bound is null.
    """
    claims = [
        {key: row[key] for key in ("id", "as_stated", "verdict", "verdict_with_published")}
        | {"interval": _interval(row)}
        | {f"{kind}_interval": _interval(row, f"{kind}_") for kind in _INTERVALS}
        | {"warnings": row["warnings"].split("; ") if row["warnings"] else []}
        | {"reason": row["reason"], "inputs": row["inputs"].split()}
        for row in check_claims(release).reset_index().to_dict("records")
    ]
    conflicts = [
        {key: row[key] for key in ("figure", "conflict_kind", "reason")}
        | {"as_stated": release.figures.loc[row["figure"], "as_stated"]}
        | {"published": row["published"].split()}
        | {"published_total": _interval(row, "published_")}
        | {"difference_percent": _number(row["difference_percent"])}
        for row in _conflicts(check_published(release)).to_dict("records")
    ]
    denominators = [
        {key: row[key] for key in ("claim", "published")}
        | {"numerator": row["figure"], "agrees": bool(row["agrees"])}
        | {"implied": _interval(row, "implied_")}
        | {"published_interval": _interval(row, "published_")}
        | {"implied_numerator": _interval(row, "implied_part_")}
        for row in implied_denominators(release).to_dict("records")
    ]
    return {"claims": claims, "conflicts": conflicts, "denominators": denominators, "faults": []}


def print_check(release: Release, stream: TextIO) -> None:
    """Print the findings of ``check`` as tables."""
    claims, checks = check_claims(release), check_published(release)
    conflicts, wholes = _conflicts(checks), implied_denominators(release)
    tables: dict[str, dict[str, Iterable[Any]]] = {
        "Claims of the release": {
            "claim": claims.index,
            "stated": "“" + claims["as_stated"] + "”",
            "recomputed": _ranges(claims),
            "from the release alone": claims["verdict"],
            "with published figures": claims["verdict_with_published"],
        },
        "Figures that differ from what was published elsewhere": {
            "figure": conflicts["figure"],
            "stated": "“" + conflicts["figure"].map(release.figures["as_stated"]) + "”",
            "published": _ranges(conflicts, "published_"),
            "by": conflicts["published"],
            "reason": conflicts["reason"],
        },
        "Wholes that the stated shares imply": {
            "claim": wholes["claim"],
            "implied": _ranges(wholes, "implied_"),
            "published": _ranges(wholes, "published_"),
            "for": wholes["published"],
            "result": wholes["agrees"].map({True: "agrees", False: "differs"}),
        },
    }
    for title, columns in tables.items():
        print_table(stream, title, columns)
    stream.write(
        f"{_several(release.figures, 'figure')}, {_several(claims, 'claim')}, no fault in the "
        f"tables; {len(checks) - len(conflicts)} of {_several(checks, 'comparison')} with figures "
        "published elsewhere agree.\n"
    )
    overdue = _overdue(release)
    if len(overdue):
        count = _several(overdue, "assumption")
        stream.write(f"The review of {count} is overdue: {', '.join(overdue)}.\n")


def _overdue(release: Release) -> pd.Index[str]:
    """Return the assumptions whose review was due before this edition."""
    states = review_states(release)
    return states.index[states["overdue"].astype(bool)]


def require_reviewed(release: Release) -> None:
    """Refuse a release with an overdue review."""
    remedy = "review the assumption and put the day of its next review"
    faults = [
        Fault("assumptions.csv", 0, "review_by", f"{name}: {day:%Y-%m-%d} is past", remedy)
        for name, day in release.assumptions["review_by"][_overdue(release)].items()
    ]
    if faults:
        raise DataError(faults)


def _conflicts(checks: pd.DataFrame) -> pd.DataFrame:
    return checks[~checks["agrees"].astype(bool)]


def _ranges(rows: pd.DataFrame, prefix: str = "") -> list[str]:
    ends = rows[[f"{prefix}low", f"{prefix}high", "unit"]].itertuples(index=False, name=None)
    return [
        "not recomputed" if low != low and high != high else range_text(low, high, unit)
        for low, high, unit in ends
    ]


def _several(rows: Sized, noun: str) -> str:
    return f"{len(rows)} {noun}{'' if len(rows) == 1 else 's'}"


def _interval(row: Mapping[Any, Any], prefix: str = "") -> dict[str, Any] | None:
    low, high = _number(row[f"{prefix}low"]), _number(row[f"{prefix}high"])
    return None if low is None and high is None else {"low": low, "high": high, "unit": row["unit"]}


def _number(value: Any) -> int | float | None:
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else float(value)


def print_table(stream: TextIO, title: str, columns: Mapping[str, Iterable[Any]]) -> None:
    """Print headings with what stands below each: as wide as a terminal, plain elsewhere."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = None if stream.isatty() else 200
    console = Console(file=stream, width=width, highlight=False, emoji=False, soft_wrap=False)
    table = Table(box=box.SIMPLE_HEAD if stream.isatty() else box.ASCII2, show_lines=True)
    for heading in columns:
        table.add_column(heading, no_wrap=not table.columns, overflow="fold")
    for row in zip(*columns.values(), strict=True):
        # Cells come from tables: Text keeps square brackets from being read as markup.
        table.add_row(*(Text(files.printable(str(cell))) for cell in row))
    console.print(Text(title, style="bold"))
    console.print(table if table.rows else Text("none"))
    console.print()


# ---------------------------------------------------------------- trace


def trace_object(found: Any) -> dict[str, Any]:
    """Return what ``trace`` found as one JSON object."""
    return {
        "complete": not found.faults,
        "coverage": found.coverage.to_dict("index"),
        "unaccounted": found.unaccounted.to_dict("records"),
        "left_out": found.left_out.to_dict("records"),
        "absent_on_page": list(found.absent_on_page),
        "faults": [asdict(fault) for fault in found.faults],
    }


# ---------------------------------------------------------------- review


def review_object(release: Release) -> dict[str, Any]:
    """Return the state of every assumption as one JSON object."""
    states = review_states(release).reset_index(names="id").drop(columns=["inputs"])
    states["on"] = states["on"].map(_plain)
    return {"assumptions": json.loads(states.to_json(orient="records")), "faults": []}


def print_review(release: Release, stream: TextIO) -> None:
    """Print the state of every assumption."""
    states = review_states(release)
    remarks = zip(states["changed"], states["comment"], strict=True)
    columns: dict[str, Iterable[Any]] = {
        "assumption": states.index,
        "state": states["state"],
        "by": states["by"],
        "on": states["on"].map(_plain),
        "remark": ["; ".join(filter(None, words)) for words in remarks],
    }
    print_table(stream, "Reviews of the assumptions", columns)
    counts = states["state"].value_counts(sort=False)
    stream.write(", ".join(f"{count} {state}" for state, count in counts.items()) + "\n")


def review_pack(release: Release) -> bytes:
    """Return a workbook to review in: a row an assumption, three cells to fill in.

    Every cell is text, so that nothing in it is run.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    held, fills = io.BytesIO(), ["decision", "by", "comment"]
    rows = release.assumptions[_REVIEWED].map(_plain)
    rows = rows.join(review_states(release)[["state", "fingerprint"]]).reset_index(names="id")
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime.combine(release.about.edition, time())})
        sheet, wrapped = book.add_worksheet("Review"), book.add_format({"text_wrap": True})
        sheet.write_row(0, 0, [*rows, *fills], book.add_format({"bold": True}))
        for number, row in enumerate(rows.to_numpy(), start=1):
            sheet.write_row(number, 0, row, wrapped)
        choices = {"validate": "list", "source": ["accept", "challenge", "reject"]}
        decision = len(rows.columns)
        sheet.data_validation(1, decision, len(rows), decision, choices)
        sheet.set_column(0, decision + len(fills) - 1, 24)
        sheet.freeze_panes(1, 1)
    return held.getvalue()


# ---------------------------------------------------------------- compare


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its name, tables, settings, and the code behind an edition."""

    name: str
    release: Release
    settings: Mapping[str, Any]
    package: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs between two sides, and what each change moved.

    ``settings`` has the name, the old and the new value of each parameter that differs; ``rows``
    a row a cell: table, id, field, old and new value as texts; ``headlines`` is the result of
    `contributions`.
    """

    old: Side
    new: Side
    settings: list[dict[str, Any]]
    rows: pd.DataFrame
    headlines: pd.DataFrame


def read_side(text: str, *, release: str = "", data: Path | None = None) -> Side:
    """Read what ``compare`` is given.

    Parameters
    ----------
    text
        Folder of a release or of an edition, or parameters such as
        ``scenario=high,horizon_year=2024``.
    release, data
        Release that parameters are about, and the folder of the releases.

    Raises
    ------
    InputError
        If it is none of the three, or an edition of the first version of this project.
    """
    from statedfigures.site.publish.reproduce import carried_tables

    folder, name, given = Path(text), files.printable(text), {}
    package = manifest.package_fingerprint()
    if (folder / "release.toml").is_file():
        tables = read_release(folder.resolve().name, folder.resolve().parent)
    elif folder.is_dir():
        told = manifest.require_manifest(folder)
        tables = read_release(told["release"], carried_tables(folder, told))
        given, package = told["parameters"], told["inputs"]["package"]
    elif given := _read_settings(text):
        tables = read_release(given.get("release") or release, data)
    else:
        raise InputError(
            f"“{name}” is no folder of a release or of an edition, and no parameters; give a "
            "folder, or parameters such as scenario=high,horizon_year=2024"
        )
    settings = {key: given.get(key, default) for key, default in ARGUMENTS.items()}
    settings["horizon_year"] = check_arguments(tables, **settings).horizon_year
    return Side(name, tables, settings, package)


def _read_settings(text: str) -> dict[str, Any]:
    """Read parameters such as ``scenario=high,draws=512``; none where no sign of equality is."""
    parts = [part.split("=", 1) for part in text.split(",")] if "=" in text else []
    given = {part[0].strip(): part[-1].strip() for part in parts}
    if len(given) < len(parts):
        raise ParameterError(f"{text}: gives a parameter twice; give it once")
    return read_values([], given)


def compare_sides(old: Side, new: Side) -> Compared:
    """Return what differs between two sides, and what each change moved."""
    cells = {"old": _cells(old.release), "new": _cells(new.release)}
    rows = pd.concat(cells, axis=1).fillna("").query("old != new").reset_index()
    places = rows["table"].map(list(TABLES).index)
    rows = rows.loc[places.sort_values(kind="stable").index]
    settings = [
        {"name": name, "old": was, "new": new.settings[name]}
        for name, was in old.settings.items()
        if was != new.settings[name]
    ]
    moved = contributions(old.release, new.release, old.settings, new.settings)
    return Compared(old, new, settings, rows, moved)


def _cells(release: Release) -> pd.Series[str]:
    """Return every cell of the tables compared, as text, by table, id and field."""
    tables = {
        name: getattr(release, name).drop(columns=["file_row", "origin"], errors="ignore")
        for name in TABLES
    }
    held = tables["scenarios"]
    tables["scenarios"] = held.set_index(held["scenario"] + "/" + held["assumption"])
    cells = {name: rows.map(_plain).stack() for name, rows in tables.items()}  # noqa: PD013 - row by row
    return pd.concat(cells, names=["table", "id", "field"])


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return "" if pd.isna(value) else f"{value:%Y-%m-%d}"
    return "" if value != value or value is pd.NaT else str(value)


def _moved(compared: Compared) -> pd.DataFrame:
    """Return the headlines that moved, each with its series, quantity and years as `label`."""
    rows = compared.headlines
    rows = rows[(rows["new"] - rows["old"]).abs() > _SAME * rows["old"].abs()]
    titles = rows["series"].map(compared.new.release.series["title"])
    sides = compared.old, compared.new

    def years(series: str) -> str:
        named = (year_words(s.release, series, s.settings["horizon_year"]) for s in sides)
        return " and ".join(dict.fromkeys(map(str, named)))

    quantities = rows["quantity"].map(_ENDS) + " in " + rows["series"].map(years)
    return rows.assign(label=titles + ", " + quantities)


def compare_lines(compared: Compared) -> Iterator[str]:
    """Return a comparison in lines: what differs, and what it moved."""
    yield f"A: {compared.old.name}"
    yield f"B: {compared.new.name}"
    yield from ("", "What differs")
    yield from (f"  {line}" for line in _differences(compared))
    yield from ("", "Headlines")
    moved = _moved(compared)
    for row in moved.to_dict("records"):
        was, now = (computed_text(row[side], row["unit"]) for side in ("old", "new"))
        yield f"  {row['label']}: {was} → {now}"
        for change in CHANGES:
            if row[change]:
                yield f"    {change.replace('_', ' ')}: {float(f'{row[change]:.3g}'):+,.10g}"
    if same := len(compared.headlines) - len(moved):
        yield f"  {same} of {len(compared.headlines)} are the same"


def _differences(compared: Compared) -> Iterator[str]:
    """Return what differs in parameters, tables and code, a line each."""
    for changed in compared.settings:
        yield "parameter {name}: {old} → {new}".format_map(changed)
    for (table, key), cells in compared.rows.groupby(["table", "id"], sort=False):
        words = "; ".join(
            f"{field.replace('_', ' ')} {old or 'nothing'} → {new or 'nothing'}"
            for field, old, new in cells[["field", "old", "new"]].head(4).to_numpy()
        )
        row = _titled(compared, str(table), str(key))
        yield files.printable(f"{TABLES[str(table)]} {row}: {words}")
    if compared.old.package != compared.new.package:
        yield "code: another version of the package; both were computed with the one that is here"


def _titled(compared: Compared, table: str, key: str) -> str:
    """Return a row by its title or label, and its id behind it."""
    for side in (compared.new, compared.old):
        rows = getattr(side.release, table)
        if key in rows.index and not (words := rows.filter(["title", "label"])).empty:
            return f"“{words.loc[key].iloc[0]}” ({key})"
    return key


def compare_object(compared: Compared) -> dict[str, Any]:
    """Return a comparison as one JSON object; the contributions add up to the difference."""
    by: dict[str, list[dict[str, Any]]] = {"figures": [], "assumptions": [], "other_rows": []}
    for (table, key), cells in compared.rows.groupby(["table", "id"], sort=False):
        fields = cells.set_index("field")[["old", "new"]].to_dict("index")
        row = {"id": key, "table": table, "fields": fields}
        by.get(str(table), by["other_rows"]).append(row)
    headlines = [
        {key: row[key] for key in ("series", "quantity", "unit", "old", "new")}
        | {"difference": row["new"] - row["old"]}
        | {"contributions": [{"input": change, "value": row[change]} for change in CHANGES]}
        for row in compared.headlines.to_dict("records")
    ]
    old, new = compared.old.package, compared.new.package
    return {
        "a": compared.old.name,
        "b": compared.new.name,
        "parameters": compared.settings,
        **by,
        "code": {"differs": old != new, "old": old, "new": new},
        "headlines": headlines,
    }


def compare_page(compared: Compared) -> bytes:
    """Return a page with what differs and a waterfall for each middle that moved."""
    from statedfigures.display.chart_style import drawn
    from statedfigures.display.charts_other import chart_waterfall
    from statedfigures.display.provenance import Ledger
    from statedfigures.display.shown import Shown, chart, table
    from statedfigures.site.pages.template import Site, render_page

    release, moved = compared.new.release, _moved(compared)
    shown: list[Shown] = [table(moved, specification="compared")] if len(moved) else []
    for row in moved.query("quantity == 'middle'").to_dict("records"):
        added = {change.replace("_", " "): row[change] for change in CHANGES if row[change]}
        steps = {"A": row["old"], **added, "B": row["new"]}
        rows = pd.DataFrame({"label": [*steps], "value": [*steps.values()], "unit": row["unit"]})
        series = release.series.loc[row["series"], "title"]
        picture = drawn(chart_waterfall, rows) | {"data": rows, "name": f"moved-{row['series']}"}
        words = " ".join(f"{series}: what moved the middle".split()[:15])
        shown.append(chart(**picture, title=words, inputs=f"series:{row['series']}"))
    return render_page(
        "compare.html",
        title="Two editions compared",
        site=Site(release.about),
        page="index",
        ledger=Ledger(release, (), "index"),
        names=(compared.old.name, compared.new.name),
        differences=_differences(compared),
        shown=shown,
    ).encode()


# ---------------------------------------------------------------- drafts and rehearsals


def draft_lines(error: DataError) -> list[str]:
    """Return what is to be done in a draft: other faults first, then what is to be filled in."""
    waiting = faults_to_fill(error.faults)
    if not waiting:
        return []
    others = [str(fault) for fault in error.faults if fault not in waiting]
    count = f"{len(waiting)} cells are to be filled in, in this order:"
    return [*others, count, *work_left(waiting)]


def rehearse(release: Release) -> None:
    """Do what a render does before and around its kernels, in seconds.

    Parameters
    ----------
    release
        The tables, sound by themselves.

    Raises
    ------
    InputError
        Naming everything that a render would stumble over: parameters cells, names of pages,
        cells that are no Python, a worked example that cannot be worked, and what the analysis
        of these tables refuses.
    """
    import nbformat
    from IPython.core.inputtransformer2 import TransformerManager

    from statedfigures.analysis.headline import headlines
    from statedfigures.analysis.outturn import outturn
    from statedfigures.analysis.sensitivity import sensitivity
    from statedfigures.site.publish.edition import Asked, Edition

    few = {"draws": 64}
    edition = Edition.plan(Asked({"release": release.id}, (), None, release.folder.parent))
    found: list[str] = []
    for path in (notebook.path for notebook in edition.notebooks):
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells, start=1):
            try:
                if cell.cell_type == "code":
                    ast.parse(TransformerManager().transform_cell(cell.source))
            except SyntaxError as error:
                found.append(f"{path.name}, cell {number}: is no Python ({error.msg}); mend it")
    found += [
        f"topics.csv: {topic} has no figure, comparison or series; give it some or delete it"
        for topic in release.topics.index
        if not any((getattr(release, table)["topic"] == topic).any() for table in _ON_A_PAGE)
    ]
    for work, settings in (
        (check_claims, {}), (check_published, {}),
        (headlines, few), (sensitivity, few), (outturn, few),
    ):  # fmt: skip
        try:
            work(release, **settings)
        except StatedFiguresError as error:
            found.append(str(error))
    if found:
        raise InputError("\n".join(dict.fromkeys(found)))
