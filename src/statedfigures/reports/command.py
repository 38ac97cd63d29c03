"""The command ``render``: run the notebooks for one set of parameters and publish the site."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import click

from statedfigures.reports.endings import end_as_with_ctrl_c, plain_system_errors
from statedfigures.reports.options import data_option, jobs_option, notebooks_option


@click.command("render")
@click.option("--release", metavar="ID", help="Folder under data/; short for -p release ID.")
@click.option("--scenario", metavar="NAME", help="low, central or high; short for -p scenario.")
@click.option("--horizon-year", metavar="YEAR", help="Last year projected.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="Set a parameter of the notebooks; may be given several times.",
)
@click.option("--only", multiple=True, metavar="PAGE", help="Run this page only; may be repeated.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the site.  [default: outputs/RELEASE/SCENARIO]",
)
@data_option
@notebooks_option
@jobs_option
@click.option("--no-cache", is_flag=True, help="Run every page, and keep none.")
@click.option("--explain", is_flag=True, help="Say why each page is run or reused.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def render_command(
    release: str | None,
    scenario: str | None,
    horizon_year: str | None,
    parameters: tuple[tuple[str, str], ...],
    only: tuple[str, ...],
    out: Path | None,
    data: Path | None,
    notebooks: Path | None,
    jobs: int | None,
    no_cache: bool,
    explain: bool,
    quiet: bool,
) -> None:
    """Run the notebooks for one set of parameters and publish the report as a site.

    A wrong parameter is refused before anything runs. The site appears whole
    or not at all: the earlier edition stays until the new one is complete.
    """
    # Imported here so that --help and the other commands start quickly.
    from statedfigures.errors import ParameterError
    from statedfigures.reports.settled import is_published, settle

    named = {"release": release, "scenario": scenario, "horizon_year": horizon_year}
    given = {name: text for name, text in named.items() if text is not None}
    for name, text in parameters:
        if given.setdefault(name, text) != text:
            raise ParameterError(
                f"parameter {name}: is given both as {given[name]!r} and as {text!r}; give it once"
            )
    settled = settle(given, only=only, out=out, data=data, notebooks_folder=notebooks)
    where = _short(settled.target / "index.html")
    if not no_cache and is_published(settled):
        if not quiet:
            click.echo(f"nothing to do, the report is as its inputs make it: {where}")
        return
    # A render ends before its garbage is worth collecting, and looking for it takes a while.
    gc.disable()
    from statedfigures.reports.edition import plan_settled, render_edition
    from statedfigures.reports.page_cache import PageCache, cache_folder
    from statedfigures.reports.progress import Progress

    plan = plan_settled(settled)
    pages = [notebook.page for notebook in plan.notebooks]
    end_as_with_ctrl_c()
    with plain_system_errors("nothing is published"), Progress(pages, quiet=quiet) as progress:
        count, coverage = render_edition(
            plan,
            jobs=jobs or os.cpu_count() or 1,
            report=progress,
            kept_pages=PageCache(None if no_cache else cache_folder()),
            explain=click.echo if explain else lambda _: None,
        )
    if not quiet:
        click.echo(f"{count} files published: {where}")
        click.echo(coverage)


def _short(path: Path) -> Path:
    """Give a path from the current folder where it lies below it."""
    current = Path.cwd()
    return path.relative_to(current) if path.is_relative_to(current) else path
