"""The command ``review``: the state of every assumption, and how to sign one off."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from statedfigures.errors import DataError, ParameterError, RunError

DEFAULT_RELEASE = "weprotect-2014"
DECISIONS = ("accept", "challenge", "reject")

release_option = click.option(
    "--release", metavar="ID", help=f"Folder under data/.  [default: {DEFAULT_RELEASE}]"
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder that holds the releases, if not data/ here or above.",
)
pack = click.Path(path_type=Path, dir_okay=False)


@click.group("review", invoke_without_command=True)
@release_option
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--out", type=pack, metavar="FILE", help="Write a workbook to review in (xlsx).")
@click.option("--import", "filled_in", type=pack, metavar="FILE", help="Read it back, filled in.")
@click.pass_context
def review_command(
    context: click.Context,
    release: str | None,
    data: Path | None,
    as_json: bool,
    out: Path | None,
    filled_in: Path | None,
) -> None:
    """Show the state of each assumption: reviewed, stale, challenged, rejected or never.

    Any change to a row, or to the code of its rule, makes its review stale.
    """
    context.obj = (release, data)
    chosen = [as_json, out is not None, filled_in is not None]
    if context.invoked_subcommand is not None:
        if any(chosen):
            raise ParameterError("sign: goes without --json, --out and --import; give one command")
        return
    if sum(chosen) > 1:
        raise ParameterError("--json, --out and --import: do different things; give one of them")
    release = release or DEFAULT_RELEASE
    if filled_in is not None:
        _import(release, data, filled_in)
        return
    from statedfigures.reports.review_listing import as_object, listed_assumptions, print_states
    from statedfigures.sources.release import read_release

    try:
        tables = read_release(release, data=data)
    except DataError as error:
        if not as_json:
            raise
        _print({"assumptions": [], "faults": [asdict(fault) for fault in error.faults]})
        raise SystemExit(error.exit_status) from None
    listed = listed_assumptions(tables)
    if as_json:
        _print(as_object(listed))
    elif out is not None:
        from statedfigures.reports.review_pack import review_pack

        _write_new(out, review_pack(tables.description, listed))
        click.echo(f"{len(listed)} assumptions to review: {out}")
    else:
        print_states(listed, sys.stdout)


@review_command.command("sign")
@click.argument("assumption", metavar="ID")
@click.option("--by", required=True, metavar="ROLE", help="Role of the reviewer, never a name.")
@click.option("--decision", required=True, type=click.Choice(DECISIONS))
@click.option("--comment", required=True, metavar="TEXT", help="Reason for the decision.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day of the review, such as 2026-11-23.  [default: today]",
)
@release_option
@data_option
@click.pass_obj
def sign_command(
    given: tuple[str | None, Path | None],
    assumption: str,
    by: str,
    decision: str,
    comment: str,
    on: date | None,
    release: str | None,
    data: Path | None,
) -> None:
    """Add one review to reviews.csv, with the fingerprint of what was reviewed."""
    from statedfigures.analysis.reviews import review_states
    from statedfigures.reports.signing import record, sign
    from statedfigures.sources.release import read_release

    release, data = release or given[0] or DEFAULT_RELEASE, data or given[1]
    tables = read_release(release, data=data)
    day = date(on.year, on.month, on.day) if on else date.today()
    if day > date.today():
        raise ParameterError(f"--on: {day} has not come yet; give the day of the review")
    made = sign(tables, assumption, decision=decision, by=by, comment=comment, on=day)
    record(release, [made], data=data)
    state = review_states(read_release(release, data=data))[assumption].state
    click.echo(f"{assumption}: {state}; one row added to reviews.csv of {release}")


def _import(release: str, data: Path | None, filled_in: Path) -> None:
    from statedfigures.reports.review_import import read_pack
    from statedfigures.reports.signing import record
    from statedfigures.sources.release import read_release

    reviews = read_pack(filled_in, read_release(release, data=data), on=date.today())
    record(release, reviews, data=data)
    for review in reviews:
        click.echo(f"{review.assumption}: {review.decision} by {review.by}")
    count = len(reviews)
    click.echo(f"{count} review{'' if count == 1 else 's'} added to reviews.csv of {release}")


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there: a pack that somebody filled in is not lost."""
    if path.suffix.lower() != ".xlsx":
        raise ParameterError(f"--out {path}: is a workbook; give it a name that ends in .xlsx")
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise ParameterError(f"--out {path}: is there already; name a new file") from None
    except OSError as error:
        raise RunError(
            f"--out {path}: could not be written ({error.strerror}); name another place"
        ) from None


def _print(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
