"""What ``check``, ``trace``, ``review`` and ``compare`` tell: as lines, as JSON, as files."""

from __future__ import annotations

import ast
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
from markupsafe import Markup

from statedfigures.analysis.assumptions import check_arguments
from statedfigures.analysis.claims import check_claims
from statedfigures.analysis.contributions import CHANGES, contributions
from statedfigures.analysis.published_checks import check_published, implied_denominators
from statedfigures.analysis.review_state import review_states
from statedfigures.display.formats import computed_text, range_text
from statedfigures.errors import (
    DataError,
    Fault,
    InputError,
    ParameterError,
    StatedFiguresError,
)
from statedfigures.release.reading import Release, read_release
from statedfigures.site.publish import files, manifest

_INTERVALS = ("claimed", "published", "implied")
TABLES = (
    "figures",
    "assumptions",
    "claims",
    "series",
    "topics",
    "findings",
    "published",
    "measures",
    "scenarios",
)
_SETTINGS = {"scenario": "central", "horizon_year": 0, "draws": 16384, "seed": 1}
_SAME = 1e-12
_ON_A_PAGE = ("figures", "claims", "series")


# ---------------------------------------------------------------- check


def check_object(release: Release | None, faults: Iterable[Fault] = ()) -> dict[str, Any]:
    """Return the findings of ``check``, or the faults in their way, as one JSON object.

    Parameters
    ----------
    release
        The release; None where there are faults.
    faults
        The faults.

    Returns
    -------
    dict
        ``claims``, ``conflicts``, ``denominators`` and ``faults``. An end of an interval
        without bound is null.
    """
    told = {"claims": [], "conflicts": [], "denominators": [], "faults": list(map(asdict, faults))}
    if release is None:
        return told
    claims = check_claims(release)
    for row in claims.reset_index().to_dict("records"):
        told["claims"].append(
            {key: row[key] for key in ("id", "as_stated", "verdict", "verdict_with_published")}
            | {"interval": _interval(row, "", row["unit"])}
            | {f"{kind}_interval": _interval(row, f"{kind}_", row["unit"]) for kind in _INTERVALS}
            | {"warnings": row["warnings"].split("; ") if row["warnings"] else []}
            | {"reason": row["reason"], "inputs": row["inputs"].split()}
        )
    for row in _conflicts(check_published(release)).to_dict("records"):
        told["conflicts"].append(
            {key: row[key] for key in ("figure", "conflict_kind", "reason")}
            | {"as_stated": release.figures.loc[row["figure"], "as_stated"]}
            | {"published": row["published"].split()}
            | {"published_total": _interval(row, "published_", row["unit"])}
            | {"difference_percent": _number(row["difference_percent"])}
        )
    for row in implied_denominators(release).to_dict("records"):
        told["denominators"].append(
            {key: row[key] for key in ("claim", "published")}
            | {"numerator": row["figure"], "agrees": bool(row["agrees"])}
            | {"implied": _interval(row, "implied_", row["unit"])}
            | {"published_interval": _interval(row, "published_", row["unit"])}
            | {"implied_numerator": _interval(row, "implied_part_", row["unit"])}
        )
    return told


def print_check(release: Release, stream: TextIO) -> None:
    """Print the findings of ``check`` as tables."""
    claims, checks = check_claims(release), check_published(release)
    rows = [
        (
            name,
            f"“{row['as_stated']}”",
            range_text(row["low"], row["high"], row["unit"])
            if row["low"] == row["low"] or row["high"] == row["high"]
            else "not recomputed",
            row["verdict"],
            row["verdict_with_published"],
        )
        for name, row in claims.iterrows()
    ]
    heads = ("claim", "stated", "recomputed", "from the release alone", "with published figures")
    print_table(stream, "Claims of the release", heads, rows)
    conflicts = _conflicts(checks)
    rows = [
        (
            row["figure"],
            f"“{release.figures.loc[row['figure'], 'as_stated']}”",
            range_text(row["published_low"], row["published_high"], row["unit"]),
            row["published"],
            row["reason"],
        )
        for _, row in conflicts.iterrows()
    ]
    heads = ("figure", "stated", "published", "by", "reason")
    print_table(stream, "Figures that differ from what was published elsewhere", heads, rows)
    rows = [
        (
            row["claim"],
            range_text(row["implied_low"], row["implied_high"], row["unit"]),
            range_text(row["published_low"], row["published_high"], row["unit"]),
            row["published"],
            "agrees" if row["agrees"] else "differs",
        )
        for _, row in implied_denominators(release).iterrows()
    ]
    heads = ("claim", "implied", "published", "for", "result")
    print_table(stream, "Wholes that the stated shares imply", heads, rows)
    stream.write(
        f"{len(release.figures)} figures, {len(claims)} claims, no fault in the tables; "
        f"{len(checks) - len(conflicts)} of {len(checks)} comparisons with figures published "
        "elsewhere agree.\n"
    )
    if overdue := overdue_assumptions(release):
        count = f"{len(overdue)} assumption{'' if len(overdue) == 1 else 's'}"
        stream.write(f"The review of {count} is overdue: {', '.join(overdue)}.\n")


def overdue_assumptions(release: Release) -> list[str]:
    """Return the assumptions whose review was due before this edition."""
    states = review_states(release)
    return [str(name) for name in states.index[states["overdue"].astype(bool)]]


def require_reviewed(release: Release) -> None:
    """Refuse a release with an overdue review."""
    due = release.assumptions["review_by"]
    faults = [
        Fault(
            "assumptions.csv",
            0,
            "review_by",
            f"{name}: {due[name]:%Y-%m-%d} is past",
            "review the assumption and put the day of its next review",
        )
        for name in overdue_assumptions(release)
    ]
    if faults:
        raise DataError(faults)


def _conflicts(checks: pd.DataFrame) -> pd.DataFrame:
    return checks[~checks["agrees"].astype(bool)]


def _interval(row: Mapping[Any, Any], prefix: str, unit: str) -> dict[str, Any] | None:
    low, high = _number(row.get(f"{prefix}low")), _number(row.get(f"{prefix}high"))
    return None if low is None and high is None else {"low": low, "high": high, "unit": unit}


def _number(value: Any) -> int | float | None:
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else float(value)


def print_table(
    stream: TextIO, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Print one table: in the width of a terminal, plain and wide elsewhere."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = None if stream.isatty() else 200
    console = Console(file=stream, width=width, highlight=False, emoji=False, soft_wrap=False)
    console.print(Text(title, style="bold"))
    rows = list(rows)
    table = Table(box=box.SIMPLE_HEAD if stream.isatty() else box.ASCII2, show_lines=True)
    for number, head in enumerate(heads):
        table.add_column(head, no_wrap=not number, overflow="fold")
    for row in rows:
        # Cells come from tables: Text keeps square brackets from being read as markup.
        table.add_row(*(Text(files.printable(str(cell))) for cell in row))
    console.print(table if rows else Text("none"))
    console.print()


# ---------------------------------------------------------------- trace


def trace_object(found: Any) -> dict[str, Any]:
    """Return what ``trace`` found as one JSON object."""
    return {
        "complete": not found.faults,
        "coverage": found.coverage.to_dict("index"),
        "unaccounted": found.unaccounted.to_dict("records"),
        "left_out": found.left_out.to_dict("records"),
        "set_elsewhere": list(found.set_elsewhere),
        "faults": [asdict(fault) for fault in found.faults],
    }


# ---------------------------------------------------------------- review


def review_object(release: Release) -> dict[str, Any]:
    """Return the state of every assumption as one JSON object."""
    states = review_states(release).reset_index(names="id").drop(columns=["inputs"])
    states["on"] = [_day(value) for value in states["on"]]
    return {"assumptions": json.loads(states.to_json(orient="records")), "faults": []}


def print_review(release: Release, stream: TextIO) -> None:
    """Print the state of every assumption."""
    states = review_states(release)
    rows = [
        (
            str(name),
            row["state"],
            row["by"],
            _day(row["on"]),
            "; ".join(filter(None, (str(row.get("changed", "")), row["comment"]))),
        )
        for name, row in states.iterrows()
    ]
    heads = ("assumption", "state", "by", "on", "remark")
    print_table(stream, "Reviews of the assumptions", heads, rows)
    counts = states["state"].value_counts(sort=False)
    stream.write(", ".join(f"{count} {state}" for state, count in counts.items()) + "\n")


def review_pack(release: Release) -> bytes:
    """Return a workbook to review in: a row an assumption, three cells to fill in.

    Every cell is text, so that nothing in it is run.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    states, held = review_states(release), io.BytesIO()
    shown = [
        "label",
        "applies_to",
        "low",
        "central",
        "high",
        "unit",
        "description",
        "basis",
        "source",
        "quality",
    ]
    heads = ["id", *shown, "state", "fingerprint", "decision", "by", "comment"]
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        edition = release.about.edition
        book.set_properties({"created": datetime(edition.year, edition.month, edition.day)})
        sheet, wrapped = book.add_worksheet("Review"), book.add_format({"text_wrap": True})
        bold = book.add_format({"bold": True})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for number, (name, row) in enumerate(release.assumptions.iterrows(), start=1):
            cells = [str(name), *(_plain(row[key]) for key in shown)]
            cells += [str(states["state"][str(name)]), str(states["fingerprint"][str(name)])]
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell, wrapped)
        choices = {"validate": "list", "source": ["accept", "challenge", "reject"]}
        sheet.data_validation(
            1, heads.index("decision"), len(states), heads.index("decision"), choices
        )
        sheet.set_column(0, len(heads) - 1, 24)
        sheet.freeze_panes(1, 1)
    return held.getvalue()


def _day(value: Any) -> str:
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


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

    ``rows`` is a list of table, id, and field to old and new value; ``headlines`` the result of
    `contributions`.
    """

    old: Side
    new: Side
    rows: list[tuple[str, str, dict[str, tuple[Any, Any]]]]
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
        If it is none of the three, or an edition of the first edition of this project.
    """
    from statedfigures.site.publish.reproduce import carried_tables

    folder, name, today = Path(text), files.printable(text), manifest.package_fingerprint()
    if (folder / "release.toml").is_file():
        whole = folder.resolve()
        return Side(name, *_settled(read_release(whole.name, whole.parent), {}), today)
    if folder.is_dir():
        told = manifest.require_manifest(folder)
        tables = read_release(told["release"], carried_tables(folder, told))
        found = _settled(tables, told["parameters"])
        return Side(name, *found, str(told["inputs"].get("package", "")))
    given: dict[str, Any] = {}
    for part in text.split(",") if "=" in text else ():
        key, _, value = (word.strip() for word in part.partition("="))
        if key not in _SETTINGS:
            raise ParameterError(
                f"parameter {files.printable(key)!r} is unknown; the parameters "
                f"are {', '.join(_SETTINGS)}"
            )
        if key in given:
            raise ParameterError(f"parameter {key}: is given twice; give it once")
        given[key] = value if key == "scenario" else _whole(key, value)
    if not given:
        raise InputError(
            f"“{name}” is no folder of a release or of an edition, and no parameters; give a "
            "folder, or parameters such as scenario=high,horizon_year=2024"
        )
    return Side(name, *_settled(read_release(release, data), given), today)


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ParameterError(
            f"parameter {name}: {files.printable(text)!r} is not a whole number"
        ) from None


def _settled(release: Release, given: Mapping[str, Any]) -> tuple[Release, dict[str, Any]]:
    settings = {key: given.get(key, default) for key, default in _SETTINGS.items()}
    checked = check_arguments(release, **settings)
    return release, settings | {"horizon_year": checked.horizon_year}


def compare_sides(old: Side, new: Side) -> Compared:
    """Return what differs between two sides, and what each change moved."""
    rows = []
    for table in TABLES:
        before, after = (_rows_of(getattr(side.release, table)) for side in (old, new))
        for key in dict.fromkeys((*before, *after)):
            was, now = before.get(key, {}), after.get(key, {})
            fields = {
                name: (was.get(name, ""), now.get(name, ""))
                for name in (was | now)
                if was.get(name, "") != now.get(name, "")
            }
            if fields:
                rows.append((table, key, fields))
    return Compared(
        old, new, rows, contributions(old.release, new.release, old.settings, new.settings)
    )


def _rows_of(frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    plain = frame.drop(columns=["file_row", "origin"], errors="ignore")
    if "scenario" in plain:
        plain = plain.set_index(plain["scenario"] + "/" + plain["assumption"])
    return {
        str(key): {str(name): _plain(value) for name, value in row.items()}
        for key, row in zip(plain.index, plain.to_dict("records"), strict=True)
    }


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return "" if pd.isna(value) else f"{value:%Y-%m-%d}"
    return "" if value != value or value is pd.NaT else str(value)


def _moved(compared: Compared) -> pd.DataFrame:
    rows = compared.headlines
    return rows[(rows["new"] - rows["old"]).abs() > _SAME * rows["old"].abs()]


def _settings_changed(compared: Compared) -> list[tuple[str, Any, Any]]:
    old, new = compared.old.settings, compared.new.settings
    return [(name, old[name], new[name]) for name in _SETTINGS if old[name] != new[name]]


def compare_lines(compared: Compared) -> Iterator[str]:
    """Return a comparison in lines: what differs, and what it moved."""
    yield f"A: {compared.old.name}"
    yield f"B: {compared.new.name}"
    yield from ("", "What differs")
    for name, old, new in _settings_changed(compared):
        yield f"  parameter {name}: {old} → {new}"
    for table, key, fields in compared.rows:
        words = "; ".join(
            f"{name} {old or 'nothing'} → {new or 'nothing'}"
            for name, (old, new) in list(fields.items())[:4]
        )
        yield files.printable(f"  {table[:-1] if table.endswith('s') else table} {key}: {words}")
    if compared.old.package != compared.new.package:
        yield "  code: another version of the package; both were computed with the one that is here"
    yield from ("", "Headlines")
    moved = _moved(compared)
    for row in moved.to_dict("records"):
        unit = row["unit"]
        yield (
            f"  {row['series']}, {row['quantity']}: {computed_text(row['old'], unit)} → "
            f"{computed_text(row['new'], unit)}"
        )
        for change in CHANGES:
            if row[change]:
                yield f"    {change.replace('_', ' ')}: {row[change]:+,.4g}"
    if len(moved) < len(compared.headlines):
        same = len(compared.headlines) - len(moved)
        yield f"  {same} of {len(compared.headlines)} are the same"


def compare_object(compared: Compared) -> dict[str, Any]:
    """Return a comparison as one JSON object; the contributions add up to the difference."""
    by: dict[str, list[dict[str, Any]]] = {"figures": [], "assumptions": [], "other_rows": []}
    for table, key, fields in compared.rows:
        told = {
            "id": key,
            "table": table,
            "fields": {name: {"old": old, "new": new} for name, (old, new) in fields.items()},
        }
        by.get(table, by["other_rows"]).append(told)
    headlines = [
        {key: row[key] for key in ("series", "quantity", "unit", "old", "new")}
        | {"difference": row["new"] - row["old"]}
        | {"contributions": [{"input": change, "value": row[change]} for change in CHANGES]}
        for row in compared.headlines.to_dict("records")
    ]
    return {
        "a": compared.old.name,
        "b": compared.new.name,
        "parameters": [
            {"name": name, "old": old, "new": new} for name, old, new in _settings_changed(compared)
        ],
        **by,
        "code": {
            "differs": compared.old.package != compared.new.package,
            "old": compared.old.package,
            "new": compared.new.package,
        },
        "headlines": headlines,
    }


def compare_page(compared: Compared) -> bytes:
    """Return a page with what differs and a waterfall for each middle that moved."""
    from statedfigures.display.charts_other import chart_waterfall, waterfall_alt
    from statedfigures.display.shown import chart
    from statedfigures.site.pages.template import Site, render_page

    title = "Two editions compared"
    body = [Markup("<h1>{}</h1>").format(title)]
    body += [Markup("<pre>{}</pre>").format("\n".join(compare_lines(compared)))]
    moved = _moved(compared)
    for row in moved[moved["quantity"] == "middle"].to_dict("records"):
        changes = [change for change in CHANGES if row[change]]
        rows = pd.DataFrame(
            {
                "label": ["A", *(change.replace("_", " ") for change in changes), "B"],
                "value": [row["old"], *(row[change] for change in changes), row["new"]],
                "unit": row["unit"],
            }
        )
        series = compared.new.release.series.loc[row["series"], "title"]
        shown = chart(
            chart_waterfall(rows, width="wide"),
            narrow=chart_waterfall(rows, width="narrow"),
            data=rows,
            title=" ".join(f"{series}: what moved the middle".split()[:15]),
            alt=waterfall_alt(rows),
            name=f"moved-{row['series']}",
        )
        body.append(Markup(shown.html(None)))  # noqa: S704 - made by display
    site = Site(compared.new.release.about)
    return render_page(title, "\n".join(body), site=site, chrome=False).encode()


# ---------------------------------------------------------------- drafts and rehearsals


def draft_lines(error: DataError) -> list[str]:
    """Return what is to be done in a draft: other faults first, then what is to be filled in."""
    from statedfigures.release.reading import faults_to_fill, work_left

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

    from statedfigures.analysis.findings import tell_findings
    from statedfigures.analysis.headline import headlines
    from statedfigures.analysis.outturn import outturn
    from statedfigures.analysis.sensitivity import sensitivity
    from statedfigures.site.publish.edition import Asked, Edition

    few = {"draws": 64}
    edition = Edition.plan(Asked({"release": release.id}, (), None, release.folder.parent))
    found: list[str] = []
    for notebook in edition.notebooks:
        cells = nbformat.read(notebook.path, as_version=4).cells
        for number, cell in enumerate(cells, start=1):
            if cell.cell_type == "code":
                try:
                    ast.parse(TransformerManager().transform_cell(cell.source))
                except SyntaxError as error:
                    found.append(
                        f"{notebook.path.name}, cell {number}: is no Python ({error.msg}); mend it"
                    )
    example = release.about.worked_example
    if example and release.series.loc[example, "projectable"] != "yes":
        found.append(
            f"release.toml, key worked_example: {example} is not projected; name a series that is"
        )
    found += [
        f"topics.csv: {topic} has no figure, comparison or series; give it some or delete it"
        for topic in release.topics.index
        if not any((getattr(release, table)["topic"] == topic).any() for table in _ON_A_PAGE)
    ]
    for work, settings in (
        (check_claims, {}), (check_published, {}), (tell_findings, {}),
        (headlines, few), (sensitivity, few), (outturn, few),
    ):  # fmt: skip
        try:
            work(release, **settings)
        except StatedFiguresError as error:
            found.append(str(error))
    if found:
        raise InputError("\n".join(dict.fromkeys(found)))
