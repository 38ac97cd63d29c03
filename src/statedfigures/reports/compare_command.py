"""The command ``compare``: what changed between two editions, and which change did it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from statedfigures.errors import ParameterError, RunError

DEFAULT_RELEASE = "weprotect-2014"


@click.command("compare")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a web page with a waterfall chart for each headline that moved.",
)
@click.option(
    "--release",
    default=DEFAULT_RELEASE,
    show_default=True,
    metavar="ID",
    help="Release that parameters are about.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder that holds the releases, if not data/ here or above.",
)
def compare_command(
    a: str, b: str, as_json: bool, out: Path | None, release: str, data: Path | None
) -> None:
    """Show what differs between A and B, and what each change moved.

    A and B are each the folder of a release, the folder of a published edition, or
    parameters such as scenario=high,horizon_year=2024.
    """
    from statedfigures.reports.compare_listing import as_object, print_comparison
    from statedfigures.reports.compare_page import comparison_page
    from statedfigures.reports.compare_sides import read_edition
    from statedfigures.reports.comparison import compare

    if out is not None and out.suffix.lower() not in {".html", ".htm"}:
        raise ParameterError(f"--out {out}: is a web page; give it a name that ends in .html")
    old, new = (read_edition(name, release=release, data=data) for name in (a, b))
    found = compare(old, new)
    if out is not None:
        try:
            out.write_bytes(comparison_page(found))
        except OSError as error:
            raise RunError(
                f"--out {out}: could not be written ({error.strerror}); name another place"
            ) from None
    if as_json:
        click.echo(json.dumps(as_object(found), indent=2, ensure_ascii=False))
    else:
        print_comparison(found, sys.stdout)
