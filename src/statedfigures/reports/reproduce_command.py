"""The command ``reproduce``: render an edition again and compare every byte."""

from __future__ import annotations

import os
from pathlib import Path

import click

from statedfigures.errors import ParameterError
from statedfigures.reports.endings import end_as_with_ctrl_c, plain_system_errors
from statedfigures.reports.options import data_option, jobs_option, notebooks_option

DIFFERS = 1


@click.command("reproduce")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="OTHER",
    help="Compare with this edition instead of rendering again.",
)
@data_option
@click.option(
    "--own-tables",
    is_flag=True,
    help="Take the tables that the edition carries, and not those that are here.",
)
@notebooks_option
@jobs_option
@click.option("--quiet", is_flag=True, help="Show no progress.")
def reproduce_command(
    folder: Path,
    against: Path | None,
    data: Path | None,
    own_tables: bool,
    notebooks: Path | None,
    jobs: int | None,
    quiet: bool,
) -> None:
    """Render the edition in DIR again from its manifest and compare every byte.

    The parameters and the pages come from the manifest; the tables, the
    notebooks and the program are those that are here. With --own-tables the
    tables are those that DIR carries. DIR is only read.
    Ends with 1 if a file differs, and names the first difference in each and
    the inputs that differ.
    """
    from contextlib import ExitStack

    from statedfigures.reports.edition import Plan
    from statedfigures.reports.progress import Progress
    from statedfigures.reports.reproduce import compare_editions, reproduce

    if own_tables and (data is not None or against is not None):
        raise ParameterError("--own-tables: goes without --data and --against; give one of them")
    with ExitStack() as held:
        held.enter_context(plain_system_errors("nothing was compared"))
        if against is not None:
            comparison = compare_editions(folder, against, (f"{folder}", f"{against}"))
        else:
            end_as_with_ctrl_c()

            def watch(plan: Plan) -> Progress:
                return held.enter_context(Progress(list(plan.parameters), quiet=quiet))

            comparison = reproduce(
                folder,
                data=data,
                own_tables=own_tables,
                notebooks_folder=notebooks,
                jobs=jobs or os.cpu_count() or 1,
                watch=watch,
            )
    for line in comparison.lines():
        click.echo(line)
    if comparison.differing:
        raise SystemExit(DIFFERS)
