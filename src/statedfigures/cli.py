"""The command line: one program, and a plain message for everything that goes wrong.

Nothing heavier than click is imported at the top, so that ``--help`` answers at once:
a command is imported when it is asked for, and imports what it needs when it runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from statedfigures import __version__
from statedfigures.errors import DataError, StatedFiguresError

DEFAULT_RELEASE = "weprotect-2014"
DONE, NOT_COMPLETED, WRONG_INPUT = 0, 1, 2

release_option = click.option(
    "--release",
    default=DEFAULT_RELEASE,
    show_default=True,
    metavar="ID",
    help="Release to read: the name of a folder under data/.",
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder that holds the releases, if not data/ here or above.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


# Module and first line of the commands that are imported when they are asked for.
LATER: Mapping[str, tuple[str, str]] = {
    "compare": (
        "compare_command",
        "Show what differs between A and B, and what each change moved.",
    ),
    "grid": (
        "grid_command",
        "Render the report for every set of parameters of the file SPEC, and compare them.",
    ),
    "render": (
        "command",
        "Run the notebooks for one set of parameters and publish the report as a site.",
    ),
    "reproduce": (
        "reproduce_command",
        "Render the edition in DIR again from its manifest and compare every byte.",
    ),
    "review": (
        "review_command",
        "Show the state of each assumption: reviewed, stale, challenged, rejected or never.",
    ),
}


class Commands(click.Group):
    """The commands of this module, and those that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands."""
        return sorted([*super().list_commands(ctx), *LATER])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command; import it if it is one of `LATER`."""
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"statedfigures.reports.{LATER[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their first lines."""
        later = {name: click.Command(name, help=line) for name, (_, line) in LATER.items()}
        click.Group(commands={**self.commands, **later}).format_commands(ctx, formatter)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="statedfigures", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show where an unexpected error arose.")
def statedfigures(debug: bool) -> None:
    """Check and project the figures that a press release states."""


@statedfigures.command()
@release_option
@data_option
@json_option
@click.option("--strict", is_flag=True, help="An overdue review of an assumption is a fault too.")
def check(release: str, data: Path | None, as_json: bool, strict: bool) -> None:
    """Validate the tables and list what the figures bear out."""
    from statedfigures.reports.check_findings import findings_of
    from statedfigures.reports.check_listing import as_object, print_findings

    with _faults_as_json(as_json, lambda faults: as_object(faults=faults)):
        findings = findings_of(release, data=data, strict=strict)
    if as_json:
        _print_json(as_object(findings))
    else:
        print_findings(findings, sys.stdout)


@statedfigures.command()
@click.option(
    "--source",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your copy of the release: plain text, or the HTML of the web page.",
)
@release_option
@data_option
@json_option
def trace(source: Path, release: str, data: Path | None, as_json: bool) -> None:
    """Hold the tables against your own copy of the release."""
    from statedfigures.reports.trace_listing import coverage_lines
    from statedfigures.sources.release import read_release
    from statedfigures.sources.text import read_source_text
    from statedfigures.sources.trace import trace_as_dict, trace_release

    with _faults_as_json(as_json, lambda faults: {"complete": False, "faults": faults}):
        tables = read_release(release, data=data)
    found = trace_release(tables, read_source_text(source))
    if as_json:
        _print_json(trace_as_dict(found))
        raise SystemExit(WRONG_INPUT if found.faults else DONE)
    for line in coverage_lines(found):
        click.echo(line)
    if found.faults:
        raise DataError(found.faults)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and leave with its exit status.

    Parameters
    ----------
    arguments
        Command-line arguments; those of the process by default. ``--debug``
        may stand anywhere.

    Raises
    ------
    SystemExit
        With 0 when done, 1 when the run could not be completed, 2 when the
        input is wrong. A message in plain words is on standard error.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows a question mark and no error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = statedfigures.main(
            [word for word in given if word != "--debug"],
            prog_name="statedfigures",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except StatedFiguresError as error:
        if debug:
            raise
        _say(str(error))
        raise SystemExit(error.exit_status) from None
    except (KeyboardInterrupt, click.Abort):
        _say("stopped before the end")
        raise SystemExit(NOT_COMPLETED) from None
    except BrokenPipeError:
        # The reader, such as head, has seen enough; nothing may be flushed to it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(NOT_COMPLETED) from None
    except Exception as error:
        if debug:
            raise
        _say(
            f"an unexpected error stopped the run: {type(error).__name__}: "
            f"{' '.join(str(error).split())[:300]}; "
            "run the same command with --debug to see where it arose"
        )
        raise SystemExit(NOT_COMPLETED) from None
    raise SystemExit(status if isinstance(status, int) else DONE)


@contextmanager
def _faults_as_json(
    as_json: bool, shape: Callable[[list[dict[str, object]]], object]
) -> Iterator[None]:
    """Print the faults that arise as one JSON object, where that was asked for."""
    try:
        yield
    except DataError as error:
        if not as_json:
            raise
        _print_json(shape([asdict(fault) for fault in error.faults]))
        raise SystemExit(WRONG_INPUT) from None


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _say(message: str) -> None:
    """Write a message to the reader of the error stream."""
    click.echo(message, err=True)
