"""A comparison as a web page that stands alone: a waterfall chart for each headline that moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from html import escape
from pathlib import Path

from statedfigures.analysis.contributions import Headline
from statedfigures.display.charts_waterfall import chart_waterfall
from statedfigures.display.format import noun, rounded_text
from statedfigures.display.phrases import lower_first
from statedfigures.display.records import Chart
from statedfigures.display.svg import stylesheet
from statedfigures.reports.compare_listing import (
    as_object,
    shown_parts,
    signed,
    together_words,
)
from statedfigures.reports.comparison import Comparison, code_words
from statedfigures.sources.records import ReleaseTables

TITLE = "What changed between two editions"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
STYLE = Path(__file__).parent / "template" / "statedfigures" / "comparison.css"


def comparison_page(found: Comparison) -> bytes:
    """Make the page of a comparison.

    Parameters
    ----------
    found
        The comparison.

    Returns
    -------
    bytes
        One HTML file without scripts and without outside requests; the same
        comparison gives the same bytes.
    """
    moved = [one for one in found.headlines if one.old != one.new]
    tables = found.new.side.tables
    named = partial(_name_of, tables=tables)
    charts = [(one, chart_waterfall(one, signed, named)) for one in moved]
    inputs = _inputs(found)
    body = [
        f"<h1>{TITLE}</h1>",
        f'<p class="lead">{_lead(found, len(inputs), len(moved))}</p>',
        f"<dl><dt>A</dt><dd><code>{escape(found.old.name)}</code></dd>"
        f"<dt>B</dt><dd><code>{escape(found.new.name)}</code></dd></dl>",
        "<h2>What differs</h2>",
        _table("Inputs that differ", ("Input", "What", "A", "B"), inputs)
        if inputs
        else "<p>Nothing.</p>",
        "<h2>Headlines that moved</h2>",
        _overview(charts, tables) if charts else "<p>None.</p>",
        _how(found) if charts else "",
        *(_headline(one, chart, tables) for one, chart in charts),
        "<h2>Sentences that changed</h2>",
        *_sentences(found),
    ]
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>{stylesheet()}{style}</style>\n</head>\n"
        f"<body>\n<main>\n{chr(10).join(filter(None, body))}\n</main>\n</body>\n</html>\n"
    ).encode()


def _lead(found: Comparison, inputs: int, moved: int) -> str:
    """Say first what came of it."""
    if not inputs:
        return "The two editions do not differ in anything that was compared."
    many = "differs" if inputs == 1 else "differ"
    said = f"{inputs} {'cell or row' if inputs == 1 else 'cells or rows'} of the inputs {many}; "
    said += f"{moved} of {len(found.headlines)} headlines moved; "
    changed = sum(max(len(one.old), len(one.new)) for one in found.sentences)
    return f"{said}{changed} {'sentence' if changed == 1 else 'sentences'} changed."


def _inputs(found: Comparison) -> list[tuple[object, ...]]:
    value = as_object(found)
    rows: list[tuple[object, ...]] = [
        (f"parameter: {one['name']}", "value", one["old"], one["new"])
        for one in value["parameters"]
    ]
    listed = [(f"figure: {one['id']}", one) for one in value["figures"]]
    listed += [(f"assumption: {one['id']}", one) for one in value["assumptions"]]
    listed += [(one["id"].replace(":", ": ", 1), one) for one in value["other_rows"]]
    for name, one in listed:
        if one["change"] != "changed":
            rows.append((name, one["change"], "", ""))
            continue
        rows += [
            (name, field, cells["old"], cells["new"]) for field, cells in one["fields"].items()
        ]
    if found.code_differs:
        rows.append(("code", "version of the package", "", ""))
    return rows


def _overview(charts: Iterable[tuple[Headline, Chart]], tables: ReleaseTables) -> str:
    """List the headlines that moved, each with the change that moved it most."""
    rows = []
    for one, chart in charts:
        unit = one.series.unit
        title = f"{one.series.title}, {one.quantity} ({noun(unit)})"
        name, value = one.contributions[0]
        rows.append(
            (
                _Link(f"#{chart.id}", title),
                rounded_text(one.old, unit),
                rounded_text(one.new, unit),
                signed(one.new - one.old, unit),
                f"{_name_of(name, tables)} ({signed(value, unit)})",
            )
        )
    headings = ("Headline", "A", "B", "Difference", "Moved most by")
    return _table("Every headline that moved", headings, rows, numbers=(1, 2, 3))


def _how(found: Comparison) -> str:
    same = sum(one.old == one.new for one in found.headlines)
    rest = f" {same} of {len(found.headlines)} headlines are the same." if same else ""
    return (
        "<p>Each change is credited with its Shapley value: what it adds, averaged over all orders "
        "of making the changes. The contributions add up to the difference; they are shown "
        f"rounded, each by itself. {escape(code_words(found))}{rest}</p>"
    )


def _headline(headline: Headline, chart: Chart, tables: ReleaseTables) -> str:
    unit = headline.series.unit
    parts, idle = shown_parts(headline)
    rows: list[tuple[object, ...]] = [
        (_name_of(name, tables), f"{name}{together_words(name, headline)}", signed(value, unit))
        for name, value in parts
    ]
    if idle:
        rows.append((f"{len(idle)} changes that do not move it", "", signed(0, unit)))
    rows.append(("Difference", "", signed(headline.new - headline.old, unit)))
    table = _table(
        f"What moved {lower_first(headline.series.title)}, {headline.quantity}",
        ("Change", "Input", f"Contribution ({noun(unit)})"),
        rows,
        numbers=(2,),
    )
    return (
        f'<figure id="{escape(chart.id)}"><figcaption><h3>{escape(str(chart.title))}</h3>'
        f"<p>{escape(str(chart.subtitle))}</p></figcaption>{chart.svg}{table}</figure>"
    )


def _name_of(change: str, tables: ReleaseTables) -> str:
    """Name a change for readers: an assumption and a figure by their labels."""
    kind, _, name = change.partition(":")
    if kind == "assumption" and name in tables.assumptions:
        return tables.assumptions[name].label
    if kind == "figure" and name in tables.figures:
        return tables.figures[name].label
    words = f"{kind} {name}".replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _sentences(found: Comparison) -> Iterable[str]:
    if not found.sentences:
        yield "<p>All are the same.</p>"
    page = ""
    for change in found.sentences:
        if change.page != page:
            page = change.page
            yield f"<h3>{escape(page)}</h3>"
        yield from (f"<p><b>A</b> <del>{escape(one)}</del></p>" for one in change.old)
        yield from (f"<p><b>B</b> <ins>{escape(one)}</ins></p>" for one in change.new)


class _Link:
    """A cell that leads to another place of the page."""

    def __init__(self, address: str, words: str) -> None:
        self.address, self.words = address, words


def _table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    numbers: Sequence[int] = (),
) -> str:
    def cell(place: int, value: object) -> str:
        style = ' class="number"' if place in numbers else ""
        if place == 0:
            return f'<th scope="row"{style}>{_words(value)}</th>'
        return f"<td{style}>{_words(value)}</td>"

    head = "".join(
        f'<th scope="col"{" class=number" if place in numbers else ""}>{escape(heading)}</th>'
        for place, heading in enumerate(headings)
    )
    body = "".join(
        f"<tr>{''.join(cell(place, one) for place, one in enumerate(row))}</tr>" for row in rows
    )
    return (
        f'<div class="scroll" role="group" aria-label="{escape(caption)}" tabindex="0"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _words(value: object) -> str:
    if isinstance(value, _Link):
        return f'<a href="{escape(value.address)}">{escape(value.words)}</a>'
    if isinstance(value, list):
        value = " ".join(map(str, value))
    return "" if value is None else escape(str(value))
