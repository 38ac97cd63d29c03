"""The command ``grid``: the report for many sets of parameters, here or on a Dask cluster."""

from __future__ import annotations

import os
from pathlib import Path

import click

from statedfigures.reports.endings import end_as_with_ctrl_c, plain_system_errors
from statedfigures.reports.options import data_option, notebooks_option


@click.command("grid")
@click.argument("spec", type=click.Path(path_type=Path))
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Sets rendered at once on this machine.  [default: the number of cores]",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Render on the Dask cluster whose scheduler is there, such as tcp://host:8786.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the grid.  [default: outputs/grids/NAME of the file]",
)
@data_option
@notebooks_option
@click.option("--no-cache", is_flag=True, help="Take no page from the cache, and keep none.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def grid_command(
    spec: Path,
    jobs: int | None,
    dask: str | None,
    out: Path | None,
    data: Path | None,
    notebooks: Path | None,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Render the report for every set of parameters of the file SPEC, and compare them.

    SPEC is a TOML file: a table [product] of lists, every combination of
    which is a set, or a table [[sets]] for each set. Sets that are there
    already are not made again; one that fails does not stop the others.
    """
    # Imported here so that --help and the other commands start quickly.
    from statedfigures.errors import ParameterError
    from statedfigures.reports.grid_plan import plan_grid
    from statedfigures.reports.grid_run import complain, run_grid
    from statedfigures.reports.grid_spec import read_spec

    if dask is not None and jobs is not None:
        raise ParameterError("--jobs and --dask: give one of them; a cluster has its own size")
    grid = plan_grid(read_spec(spec), out=out, data=data, notebooks_folder=notebooks)
    end_as_with_ctrl_c()
    with plain_system_errors("the sets that are done stay; run the same command again"):
        result = run_grid(
            grid, jobs=jobs or os.cpu_count() or 1, dask=dask, cached=not no_cache, quiet=quiet
        )
    if not quiet:
        for line in result.lines():
            click.echo(line)
    complain(result)
    if result.failed:
        raise SystemExit(1)
