"""The page ``outputs/index.html``: the editions that lie beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock
from markupsafe import Markup, escape

from statedfigures.display.formats import date_text
from statedfigures.site.pages.template import Site, render_page
from statedfigures.site.publish.files import write_whole
from statedfigures.site.publish.manifest import is_first_edition, read_manifest

_TITLE = "Editions"
_CELL, _HEAD, _YEAR = "<td>{}</td>", '<th scope="row"><a href="{}">{}</a></th>', "horizon_year"
_SHOWN = ("release", "scenario", _YEAR)


def write_editions_index(outputs: Path, about: Any) -> None:
    """Write the page that lists the editions in a folder ``outputs``; a full disk costs no more.

    Parameters
    ----------
    outputs
        The folder; editions lie two levels below it.
    about
        What ``release.toml`` says of the release published last.
    """
    with suppress(OSError), FileLock(outputs / ".index.lock"):
        rows = list(_rows(outputs))
        html = render_page(
            _TITLE,
            Markup("<h1>{}</h1>{}").format(_TITLE, _table(rows)),
            site=Site(about),
            page="index",
            description="The editions of the report that lie beside this page",
            chrome=False,
        )
        write_whole(outputs / "index.html", html.encode())


def _rows(outputs: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return address, release and manifest of each edition, in the order of their folders."""
    for folder in sorted(outputs.glob("*/*/")):
        hidden = any(part.startswith(".") for part in folder.relative_to(outputs).parts)
        told = None if hidden or folder.is_symlink() else read_manifest(folder)
        if told is not None and not is_first_edition(told):
            address = f"{folder.relative_to(outputs).as_posix()}/index.html"
            yield address, str(told.get("title") or told["release"]), told


def _table(rows: list[tuple[str, str, dict[str, Any]]]) -> Markup:
    if not rows:
        return Markup("<p>There are none yet.</p>")
    lines = [
        "<table><thead><tr><th scope='col'>Report</th><th scope='col'>Scenario</th>"
        "<th scope='col' class='number'>To</th><th scope='col'>Else set</th>"
        "<th scope='col'>Edition of</th></tr></thead><tbody>"
    ]
    for address, title, told in rows:
        given = told["parameters"]
        others = ", ".join(
            f"{name.replace('_', ' ')} {value}"
            for name, value in given.items()
            if name not in _SHOWN
        )
        cells = [given.get("scenario", ""), Markup("<time>{}</time>").format(given.get(_YEAR, ""))]
        cells += [Markup("<data>{}</data>").format(others)]
        with suppress(ValueError):
            cells.append(Markup("<time>{}</time>").format(_day(told["edition"])))
        line = "".join(_CELL.format(escape(cell)) for cell in cells)
        lines.append(f"<tr>{_HEAD.format(escape(address), escape(title))}{line}</tr>")
    return Markup("".join([*lines, "</tbody></table>"]))  # noqa: S704 - escaped above


def _day(text: str) -> str:
    return date_text(pd.Timestamp(text))
