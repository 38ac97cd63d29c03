"""The command line: one program, and a plain message for everything that goes wrong.

Nothing heavier than click is imported at the top, so that ``--help`` answers at once: a command
imports what it needs when it runs.
"""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from statedfigures import __version__
from statedfigures.errors import DataError, ParameterError, StatedFiguresError, printable

if TYPE_CHECKING:
    from statedfigures.site.publish.edition import Asked

DONE, NOT_COMPLETED, WRONG_INPUT = 0, 1, 2
DECISIONS = ("accept", "challenge", "reject")
_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)
_DAY = click.DateTime(["%Y-%m-%d"])
# A word of hundreds of letters, such as a pasted address, would hide the message around it.
_LONG_WORD = re.compile(r"(\S{100})\S{100,}(\S{20})")
_JOBS = click.IntRange(1, 256)


def _option(names: str, metavar: str, words: str, kind: Any = None, **more: Any) -> Any:
    """Return an option with a value; several names are separated by spaces."""
    return click.option(*names.split(), type=kind, metavar=metavar, help=words, **more)


def _flag(names: str, words: str) -> Any:
    return click.option(*names.split(), is_flag=True, help=words)


_SHARED = {
    "release": _option("--release", "ID", "Folder under data/.  [default: that of data/]",
                       default=""),
    "data": _option("--data", "DIR",
                    "Folder that holds the releases, if not data/ here or above.", _PATH),
    "notebooks": _option("--notebooks", "DIR",
                         "Folder of the notebooks.  [default: the nearest notebooks]", _PATH),
    "jobs": _option("--jobs", "N", "How many run at once.  [default: number of cores]", _JOBS,
                    default=lambda: os.cpu_count() or 1),
    "no_cache": _flag("--no-cache", "Run every page, and keep none."),
    "quiet": _flag("--quiet", "Show nothing but errors."),
    "json": _flag("--json as_json", "Print one JSON object."),
}  # fmt: skip


def _shared(*names: str) -> Any:
    """Return a decorator that adds options which several commands have."""

    def add(command: Any) -> Any:
        for name in reversed(names):
            command = _SHARED[name](command)
        return command

    return add


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="statedfigures", message="%(prog)s %(version)s")
@_flag("--debug", "Show where an unexpected error arose.")
def statedfigures(debug: bool) -> None:
    """Check and project the figures that a press release states."""


# ---------------------------------------------------------------- render


@statedfigures.command()
@_option("--release", "ID", "Folder under data/; short for -p release ID.")
@_option("--scenario", "NAME", "low, central, high or one of scenarios.csv.")
@_option("--horizon-year", "YEAR", "Last year projected.")
@_option("-p --parameter parameters", "NAME VALUE",
         "Set a parameter of the notebooks; may be given several times.",
         nargs=2, multiple=True)  # fmt: skip
@_option("--only", "PAGE", "Run this page only; may be repeated.", multiple=True)
@_option("--out", "DIR", "Folder of the site.  [default: outputs/RELEASE/SCENARIO]", _PATH)
@_shared("data", "notebooks", "jobs", "no_cache", "quiet")
@_flag("--replace", "Put this edition in the place of another one.")
@_flag("--strict", "Refuse what is not traced to the release.")
@_flag("--explain", "Tell why each page is run or reused.")
def render(
    parameters: tuple[tuple[str, str], ...],
    jobs: int,
    no_cache: bool,
    explain: bool,
    quiet: bool,
    **asked: Any,
) -> None:
    """Run the notebooks for one set of parameters and publish the report as a site.

    A wrong parameter is refused before anything runs. The site appears whole or not at all: the
    earlier edition stays until the new one is complete. Other parameters than the default go to
    a folder of their own.
    """
    from statedfigures.site.publish.edition import Asked, is_current
    from statedfigures.site.publish.files import short

    named = ("release", "scenario", "horizon_year")
    given = {name: text for name in named if (text := asked.pop(name)) is not None}
    for name, text in parameters:
        if given.setdefault(name, text) != text:
            raise ParameterError(
                f"parameter {name}: is given both as {given[name]!r} and as {text!r}; give it once"
            )
    wanted = Asked(given, **asked)
    if not (no_cache or wanted.only) and (there := is_current(wanted)) is not None:
        lines = [f"nothing to do, the report is as its inputs make it: {short(there)}/index.html"]
    else:
        lines = _render(wanted, jobs=jobs, cached=not no_cache, explain=explain, quiet=quiet)
    _echo(() if quiet else lines)


def _render(asked: Asked, *, jobs: int, cached: bool, explain: bool, quiet: bool) -> list[str]:
    """Plan, run, build, publish; return what is to be told."""
    from statedfigures.site.publish import files
    from statedfigures.site.publish.edition import Edition
    from statedfigures.site.publish.editions_index import write_editions_index
    from statedfigures.site.run.cache import PageCache
    from statedfigures.site.run.kernels import start_fork_server

    _end_as_with_ctrl_c()
    with files.plain_system_errors("nothing is published"):
        files.scratch_folder()
        start_fork_server()  # it imports what kernels need while the tables are read
        edition = Edition.plan(asked)
        cache = PageCache(edition.cache_folder if cached else None)
        if cache.doubt:
            click.echo(f"no page is reused: {cache.doubt}", err=True)
        tell = click.echo if explain else lambda _: None
        with progress(quiet=quiet) as report:
            planned, pages, reused = edition.run(
                jobs=jobs, report=report, cache=cache, explain=tell
            )
        lines = planned.publish(pages, reused=reused)
        cache.trim()
        if planned is edition:
            edition.remember(asked)
        outputs = planned.project / "outputs"
        if planned.target.parent.parent == outputs:  # it lies among other editions
            write_editions_index(outputs, planned.release.about)
        return lines


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, str, int, int], None]]:
    """Yield what tells of a page that is done in a line; on a terminal also which pages run.

    Several threads may call it, with the page, its state, the cell it is at and their number.
    """
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False, quiet=quiet)
    status, running, lock = console.status(""), dict[str, str](), threading.Lock()

    def tell(page: str, state: str, done: int, cells: int) -> None:
        with lock:
            if state in {"executed", "reused", "failed"}:
                running.pop(page, None)
                console.print(f"{page}: {state}", soft_wrap=True)
            else:
                running[page] = f"{page}, cell {done} of {cells}" if cells else page
            status.update("; ".join(running.values()) or "building the pages")

    with status if console.is_terminal else nullcontext():
        yield tell


# ---------------------------------------------------------------- reproduce


@statedfigures.command()
@click.argument("folder", metavar="DIR", type=_PATH)
@_option("--against", "OTHER", "Compare with this edition instead of rendering again.", _PATH)
@_flag("--own-tables", "Take the tables that the edition carries, and not those here.")
@_shared("data", "notebooks", "jobs", "quiet")
def reproduce(folder: Path, against: Path | None, quiet: bool, **again: Any) -> None:
    """Render the edition in DIR again from its manifest and compare every byte.

    The parameters and the pages come from the manifest; the tables, the notebooks and the
    program are those that are here. DIR is only read. Ends with 1 if a file differs, and names
    the first difference in each and the inputs that differ.
    """
    from statedfigures.site.publish import files
    from statedfigures.site.publish.reproduce import compare_editions
    from statedfigures.site.publish.reproduce import reproduce as render_again

    if again["own_tables"] and not (again["data"] is against is None):
        raise ParameterError("--own-tables: goes without --data and --against; give one of them")
    with files.plain_system_errors("nothing was compared"):
        if against is not None:
            names = files.printable(str(folder)), files.printable(str(against))
            lines = compare_editions(folder, against, names)
        else:
            _end_as_with_ctrl_c()
            with progress(quiet=quiet) as report:
                lines = render_again(folder, **again, report=report)
    _echo(lines)
    if len(lines) > 1:  # more is told than that all files are identical
        raise SystemExit(NOT_COMPLETED)


# ---------------------------------------------------------------- check and trace


@statedfigures.command()
@_shared("release", "data", "json")
@_flag("--strict", "An overdue review of an assumption is a fault too.")
@_flag("--notebooks", "Find what a render would stumble over, too.")
def check(release: str, data: Path | None, as_json: bool, strict: bool, notebooks: bool) -> None:
    """Validate the tables and list what the figures bear out.

    Of a draft, list what is still to be filled in, in the order of work.
    """
    from statedfigures.analysis.findings import tell_findings
    from statedfigures.analysis.projection import project
    from statedfigures.release.reading import read_release
    from statedfigures.site import listings

    with _faults_as_json(as_json, claims=[], conflicts=[], denominators=[]):
        try:
            tables = read_release(release, data)
        except DataError as error:
            if as_json or not (lines := listings.draft_lines(error)):
                raise
            _echo(lines, err=True)
            raise SystemExit(WRONG_INPUT) from None
        if strict:
            listings.require_reviewed(tables)
        tell_findings(tables)  # their inputs have to fit their kinds
        project(tables, draws=64)  # what only draws show: a value below zero, above a maximum
        if notebooks:
            listings.rehearse(tables)
    if as_json:
        _print_json(listings.check_object(tables))
    else:
        listings.print_check(tables, sys.stdout)


@statedfigures.command()
@_option("--source", "FILE", "Your copy of the release: plain text, or the HTML of the page.",
         _PATH, required=True)  # fmt: skip
@_shared("release", "data", "json")
def trace(source: Path, release: str, data: Path | None, as_json: bool) -> None:
    """Hold the tables against your own copy of the release."""
    from statedfigures.release import trace as tracing
    from statedfigures.release.reading import read_release
    from statedfigures.release.source_text import read_source_text
    from statedfigures.site import listings

    with _faults_as_json(as_json, complete=False):
        tables = read_release(release, data)
    found = tracing.trace(tables, read_source_text(source))
    if as_json:
        _print_json(listings.trace_object(found))
        raise SystemExit(WRONG_INPUT if found.faults else DONE)
    _echo(found.lines())
    if found.faults:
        raise DataError(found.faults)


@contextmanager
def _faults_as_json(as_json: bool, **nothing: Any) -> Iterator[None]:
    """Print the faults that arise as one JSON object, where that was asked for."""
    try:
        yield
    except DataError as error:
        if not as_json:
            raise
        _print_json(nothing | {"faults": [asdict(fault) for fault in error.faults]})
        raise SystemExit(WRONG_INPUT) from None


def _echo(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


# ---------------------------------------------------------------- review


@statedfigures.group(invoke_without_command=True)
@_shared("release", "data", "json")
@_option("--out", "FILE", "Write a workbook to review in (xlsx).", _FILE)
@_option("--import filled_in", "FILE", "Read it, filled in.", _FILE)
@click.pass_context
def review(
    context: click.Context,
    release: str,
    data: Path | None,
    as_json: bool,
    out: Path | None,
    filled_in: Path | None,
) -> None:
    """Show the state of each assumption: agreed, void, challenged, rejected, overdue or never.

    Any change to a row, or to the code of its symbol, makes its review void.
    """
    from statedfigures.release.reading import read_release
    from statedfigures.site import listings

    context.obj = (release, data)
    chosen = [as_json, out is not None, filled_in is not None]
    if context.invoked_subcommand is not None:
        if any(chosen):
            raise ParameterError("sign: goes without --json, --out and --import; give one command")
        return
    if sum(chosen) > 1:
        raise ParameterError("--json, --out and --import: do different things; give one of them")
    with _faults_as_json(as_json, assumptions=[]):
        tables = read_release(release, data)
    if filled_in is not None:
        from statedfigures.analysis.review_state import review_states
        from statedfigures.release.signing import read_review_pack, record_reviews

        prints = dict(review_states(tables)["fingerprint"])
        reviews = read_review_pack(filled_in, prints, on=date.today())
        written = record_reviews(tables, reviews)
        for (name, where), row in zip(written.items(), reviews.itertuples(), strict=True):
            click.echo(f"{name}: {row.decision} by {row.by}; added to {where}")
        click.echo(f"{len(reviews)} review{'' if len(reviews) == 1 else 's'} added")
    elif as_json:
        _print_json(listings.review_object(tables))
    elif out is not None:
        _write_new(out, listings.review_pack(tables), ".xlsx", "a workbook")
        click.echo(f"{len(tables.assumptions)} assumptions to review: {out}")
    else:
        listings.print_review(tables, sys.stdout)


@review.command()
@click.argument("assumptions", metavar="ID...", nargs=-1, required=True)
@_option("--by", "ROLE", "Role of the reviewer, never a name.", required=True)
@click.option("--decision", required=True, type=click.Choice(DECISIONS))
@_option("--comment", "TEXT", "Reason for the decision.", required=True)
@_option("--on", "DATE", "Day of the review, such as 2026-11-23.  [default: today]", _DAY)
@_shared("release", "data")
@click.pass_obj
def sign(
    given: tuple[str, Path | None],
    assumptions: tuple[str, ...],
    on: datetime | None,
    release: str,
    data: Path | None,
    **review: str,
) -> None:
    """Add a review of each assumption to reviews.csv, with the fingerprint of what was seen."""
    from statedfigures.analysis.review_state import review_states
    from statedfigures.release.reading import read_release
    from statedfigures.release.signing import make_reviews, record_reviews

    release, data = release or given[0], data or given[1]
    tables = read_release(release, data)
    day = on.date() if on else date.today()
    if day > date.today():
        raise ParameterError(f"--on: {day} has not come yet; give the day of the review")
    prints = dict(review_states(tables)["fingerprint"])
    made = make_reviews(tables, prints, assumptions, **review, on=day)
    written = record_reviews(tables, made)
    states = review_states(read_release(release, data))["state"]
    _echo(f"{name}: {states[name]}; added to {where}" for name, where in written.items())


def _write_new(path: Path, content: bytes, ending: str, what: str) -> None:
    """Write a file that is not there: one that somebody filled in is not lost."""
    if path.suffix.lower() != ending:
        raise ParameterError(f"--out {path}: is {what}; give it a name that ends in {ending}")
    if not path.parent.is_dir():
        raise ParameterError(f"--out {path}: its folder is not there; make it first")
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise ParameterError(f"--out {path}: is there already; name a new file") from None


# ---------------------------------------------------------------- compare


@statedfigures.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@_option("--out", "FILE", "Write a web page with a waterfall for each middle that moved.", _FILE)
@_shared("json", "release", "data")
def compare(a: str, b: str, out: Path | None, as_json: bool, **where: Any) -> None:
    """Show what differs between A and B, and what each change moved.

    A and B are each the folder of a release, the folder of a published edition, or parameters
    such as scenario=high,horizon_year=2024.
    """
    from statedfigures.site import listings

    sides = [listings.read_side(each, **where) for each in (a, b)]
    found = listings.compare_sides(*sides)
    if out is not None:
        _write_new(out, listings.compare_page(found), ".html", "a web page")
    if as_json:
        _print_json(listings.compare_object(found))
    else:
        _echo(listings.compare_lines(found))


# ---------------------------------------------------------------- grid


@statedfigures.command()
@click.argument("spec", type=_PATH)
@_option("--jobs", "", "Sets rendered at once on this machine.  [default: number of cores]", _JOBS)
@_option("--dask", "ADDRESS", "Render on the Dask cluster whose scheduler is there, "
         "such as tcp://host:8786.")  # fmt: skip
@_option("--out", "DIR", "Folder of the grid.  [default: outputs/grids/NAME of the file]", _PATH)
@_shared("data", "notebooks", "no_cache", "quiet")
def grid(
    spec: Path, jobs: int | None, dask: str | None, no_cache: bool, quiet: bool, **places: Any
) -> None:
    """Render the report for every set of parameters of the file SPEC, and compare them.

    SPEC is a TOML file: a table [product] of lists, every combination of which is a set, or a
    table [[sets]] for each set. Sets that are there already are not made again; one that fails
    does not stop the others.
    """
    from statedfigures.site.publish import files
    from statedfigures.site.publish.edition import Asked
    from statedfigures.site.run.grid import plan_grid, run_grid
    from statedfigures.site.run.grid_file import read_grid

    if dask is not None and jobs is not None:
        raise ParameterError("--jobs and --dask: give one of them; a cluster has its own size")
    asked = read_grid(spec)
    _end_as_with_ctrl_c()
    with files.plain_system_errors("the sets that are done stay; run the same command again"):
        files.scratch_folder()
        found = run_grid(
            plan_grid(asked, Asked({}, **places)),
            jobs=jobs or os.cpu_count() or 1,
            dask=dask,
            cached=not no_cache,
            tell=(lambda _: None) if quiet else lambda words: click.echo(words, err=True),
        )
    _echo(() if quiet else found.lines())
    failed = list(found.failed.items())[:20]
    _echo((f"{name}: failed: {reason}" for name, reason in failed), err=True)
    if found.failed:
        raise SystemExit(NOT_COMPLETED)


# ---------------------------------------------------------------- new


@statedfigures.command()
@click.argument("release", metavar="ID")
@_option("--source", "FILE", "The publisher's page, saved, or its text.", _PATH, required=True)
@_option("--published", "DATE", "Day of the release, where the page does not say it.", _DAY)
@_shared("data")
def new(release: str, source: Path, published: datetime | None, data: Path | None) -> None:
    """Draft the tables of the release ID in data/ID from its text.

    Nothing is overwritten: run again on a page that has changed, it says what changed. In an
    empty folder it lays out notebooks and method as well. Then: statedfigures check.
    """
    from statedfigures.release.drafting.draft import draft_release

    day = published.date() if published else None
    _echo(draft_release(release, source, data, published=day))


# ---------------------------------------------------------------- the program


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and leave with its exit status.

    Parameters
    ----------
    arguments
        Command-line arguments; those of the process by default. ``--debug`` may stand anywhere.

    Raises
    ------
    SystemExit
        With 0 when done, 1 when the run could not be completed, 2 when the input is wrong. A
        message in plain words is on standard error.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows a question mark and no error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    words = [word for word in given if word != "--debug"]
    try:
        status = statedfigures.main(words, prog_name="statedfigures", standalone_mode=False)
        sys.stdout.flush()
    except (click.ClickException, click.Abort, KeyboardInterrupt, BrokenPipeError) as error:
        raise SystemExit(_told(error)) from None
    except Exception as error:
        if debug:
            raise
        raise SystemExit(_told(error)) from None
    raise SystemExit(status if isinstance(status, int) else DONE)


def _told(error: BaseException) -> int:
    """Print in plain words what went wrong, and return the exit status."""
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, OSError) and error.errno in (errno.EPIPE, errno.ENOSPC):
        # The reader, such as head, has seen enough, or the disk is full; nothing may be flushed
        # to it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.ENOSPC:
            click.echo("the disk is full; nothing more could be written", err=True)
        return NOT_COMPLETED
    if isinstance(error, OSError):
        from statedfigures.site.publish.files import plain_system_error

        error = plain_system_error(error, "stopped before the end")
    if isinstance(error, StatedFiguresError):
        click.echo(_LONG_WORD.sub(r"\1…\2", str(error)), err=True)
        return error.exit_status
    words = "stopped before the end"
    if not isinstance(error, KeyboardInterrupt | click.Abort):
        words = (
            f"an unexpected error stopped the run: {type(error).__name__}: "
            f"{' '.join(printable(str(error)).split())[:300]}; "
            "run the same command with --debug to see where it arose"
        )
    click.echo(words, err=True)
    return NOT_COMPLETED


def program() -> NoReturn:
    """Run the program; Ctrl-C ends it in silence while it leaves.

    In between, the command line catches it, ends what was started and tells so.
    """
    _fill_closed_streams()
    caught = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    try:
        if caught:
            sys.unraisablehook = _interrupt_again
        main()
    finally:
        if caught:
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def _fill_closed_streams() -> None:
    """Lead closed standard streams nowhere: what is opened next would be taken for them."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - to the end of the run


def _interrupt_again(dropped: Any) -> None:
    """Interrupt once more where Python dropped an interruption, because a callback was running."""
    if dropped.exc_type is KeyboardInterrupt and hasattr(signal, "pthread_kill"):
        thread = threading.get_ident()
        threading.Timer(0.01, signal.pthread_kill, (thread, signal.SIGINT)).start()
    else:
        sys.__unraisablehook__(dropped)


def _end_as_with_ctrl_c() -> None:
    """Let a request to end (SIGTERM) do what Ctrl-C does: end the kernels, clear up, tell so."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
