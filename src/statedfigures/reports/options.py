"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder that holds the releases, if not data/ here or above.",
)
notebooks_option = click.option(
    "--notebooks",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the notebooks.  [default: the nearest folder notebooks]",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Pages run at once.  [default: the number of cores]",
)
