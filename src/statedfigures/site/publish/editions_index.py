"""The page ``outputs/index.html``: the editions that lie beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from statedfigures.display.formats import date_text
from statedfigures.site.pages.template import Site, render_page
from statedfigures.site.publish.files import write_whole
from statedfigures.site.publish.manifest import other_maker, read_manifest
from statedfigures.site.run.parameters import ARGUMENTS

_NAMED_APART = ("release", "scenario", "horizon_year")


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
        html = render_page(
            "editions.html",
            title="Editions",
            site=Site(about),
            page="index",
            description="The editions of the report that lie beside this page",
            editions=list(_editions(outputs)),
        )
        write_whole(outputs / "index.html", html.encode())


def _editions(outputs: Path) -> Iterator[dict[str, Any]]:
    """Return what is told of each edition, in the order of their folders."""
    for folder in sorted(outputs.glob("*/*/")):
        hidden = any(part.startswith(".") for part in folder.relative_to(outputs).parts)
        told = None if hidden or folder.is_symlink() else read_manifest(folder)
        if told is None or other_maker(told):
            continue
        settings = told["parameters"]
        others = [
            f"{name.replace('_', ' ')} {value}"
            for name, value in settings.items()
            if name not in _NAMED_APART and value not in ("", ARGUMENTS.get(name))
        ]
        yield {
            "address": f"{folder.relative_to(outputs).as_posix()}/index.html",
            "title": str(told.get("title") or told["release"]),
            "scenario": settings.get("scenario", ""),
            "horizon_year": settings.get("horizon_year", ""),
            "others": ", ".join(others),
            "day": date_text(pd.to_datetime(told["edition"], errors="coerce")),
        }
