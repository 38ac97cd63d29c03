"""A comparison as a web page that stands alone: a waterfall chart for each headline that moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from statedfigures.analysis.contributions import Headline
from statedfigures.display.charts_waterfall import chart_waterfall
from statedfigures.display.format import noun
from statedfigures.display.svg import stylesheet
from statedfigures.reports.compare_listing import as_object, signed
from statedfigures.reports.comparison import Comparison

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
STYLE = """
body{font:1.1875rem/1.5 Arial,Helvetica,sans-serif;color:#0b0c0c;background:#fefefe;
max-width:60rem;margin:0 auto;padding:1rem}
table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:bold}
th,td{border-bottom:1px solid #767676;padding:.3rem .8rem .3rem 0;text-align:left;
vertical-align:top;overflow-wrap:anywhere}
td.number,th.number{text-align:right;white-space:nowrap}
figure{margin:2rem 0}svg.picture{max-width:40rem;width:100%}
.scroll{overflow-x:auto}del{color:#801650}ins{color:#12436d}
@media (prefers-color-scheme:dark){body{color:#f3f2f1;background:#17191a}
del{color:#e79bc5}ins{color:#86b9e8}}
"""


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
    same = len(found.headlines) - len(moved)
    body = [
        "<h1>What changed between two editions</h1>",
        f"<p>A: <code>{escape(found.old.name)}</code><br>B: "
        f"<code>{escape(found.new.name)}</code></p>",
        "<h2>What differs</h2>",
        _differences(found),
        "<h2>Headlines that moved</h2>",
        "<p>Each change is credited with its Shapley value: what it adds, averaged over all orders "
        "of making the changes. The contributions add up to the difference.</p>",
        *(_headline(one) for one in moved),
        f"<p>{same} of {len(found.headlines)} headlines are the same.</p>" if same else "",
        "<h2>Sentences that changed</h2>",
        *_sentences(found),
    ]
    title = "What changed between two editions"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{stylesheet()}{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{chr(10).join(filter(None, body))}\n</main>\n</body>\n</html>\n"
    ).encode()


def _differences(found: Comparison) -> str:
    value = as_object(found)
    rows = [
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
    if not rows:
        return "<p>Nothing.</p>"
    return _table("Inputs that differ", ("Input", "What", "A", "B"), rows)


def _headline(headline: Headline) -> str:
    chart = chart_waterfall(headline, signed)
    unit = noun(headline.series.unit)
    rows = [(name, signed(value, headline.series.unit)) for name, value in headline.contributions]
    rows.append(("difference", signed(headline.new - headline.old, headline.series.unit)))
    table = _table("Contributions", ("Change", f"Contribution ({unit})"), rows, numbers=(1,))
    return (
        f'<figure id="{escape(chart.id)}"><figcaption><h3>{escape(str(chart.title))}</h3>'
        f"<p>{escape(str(chart.subtitle))}</p></figcaption>{chart.svg}{table}</figure>"
    )


def _sentences(found: Comparison) -> Iterable[str]:
    if not found.sentences:
        yield "<p>All are the same.</p>"
    for change in found.sentences:
        yield f"<h3>{escape(change.page)}</h3>"
        yield from (f"<p><del>{escape(one)}</del></p>" for one in change.old)
        yield from (f"<p><ins>{escape(one)}</ins></p>" for one in change.new)


def _table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    numbers: Sequence[int] = (),
) -> str:
    def cells(tag: str, values: Sequence[object], scope: str = "") -> str:
        return "".join(
            f"<{tag}{scope}{' class=number' if place in numbers else ''}>{_words(one)}</{tag}>"
            for place, one in enumerate(values)
        )

    head = cells("th", headings, ' scope="col"')
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _words(value: object) -> str:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    return "" if value is None else escape(str(value))
