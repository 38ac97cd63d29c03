"""Render an edition: parameters settled, notebooks run, site built and published."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from statedfigures.reports.limits import Value, allowed_values
from statedfigures.reports.notebooks import Notebook
from statedfigures.reports.ownership import (
    LOG,
    LOG_BEGINS,
    claim_run_folder,
    require_ours,
    run_folder,
)
from statedfigures.reports.page_cache import PageCache
from statedfigures.reports.parameters import merge_parameters
from statedfigures.reports.publish import publish
from statedfigures.reports.settled import Settled, settle
from statedfigures.sources.records import ReleaseTables

if TYPE_CHECKING:
    from statedfigures.reports.coverage import Coverage
    from statedfigures.reports.making import Made


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is settled before a kernel starts.

    Attributes
    ----------
    tables
        Tables of the release, validated.
    release_folder
        Where they lie.
    notebooks
        All notebooks of the report, in the order of their pages.
    parameters
        Page to complete parameters, for the pages that are to be run.
    inputs
        Fingerprints of everything the edition is made from.
    target
        Where the site is to be published.
    beside
        Its run folder, where it is another than `ownership.run_folder` gives.
    """

    tables: ReleaseTables
    release_folder: Path
    notebooks: tuple[Notebook, ...]
    parameters: Mapping[str, Mapping[str, Value]]
    inputs: Mapping[str, Any]
    target: Path
    beside: Path | None = None

    @property
    def run_folder(self) -> Path:
        """Folder beside the site, never published: the log, and what failed for a look."""
        return self.beside or run_folder(self.target)


def plan_edition(
    given: Mapping[str, str],
    *,
    only: Sequence[str] = (),
    out: Path | None = None,
    data: Path | None = None,
    notebooks_folder: Path | None = None,
) -> Plan:
    """Settle what will be run, and refuse whatever is wrong, before a kernel starts.

    Parameters
    ----------
    given
        The parameters that the user set: name to text.
    only
        Pages to run; all by default.
    out
        Where to publish; ``outputs/<release>/<scenario>`` beside the folder
        of the notebooks by default.
    data
        Folder that holds the releases; see `find_release`.
    notebooks_folder
        Where the notebooks are; the nearest folder ``notebooks`` by default.

    Returns
    -------
    Plan
        Ready to be run.

    Raises
    ------
    InputError
        If a notebook, a parameter, a table or the folder to publish is wrong.
    """
    settled = settle(given, only=only, out=out, data=data, notebooks_folder=notebooks_folder)
    return plan_settled(settled)


def plan_settled(settled: Settled) -> Plan:
    """Read the tables for what was settled, and hold the parameters against them.

    Parameters
    ----------
    settled
        What is asked for.

    Returns
    -------
    Plan
        Ready to be run.

    Raises
    ------
    InputError
        If a parameter, a table or the folder to publish is wrong.
    """
    from statedfigures.sources.release import read_release

    folder = settled.release_folder
    tables = read_release(folder.name, data=folder.parent)
    allowed = allowed_values(tables)
    merged = merge_parameters(settled.declared, settled.given, allowed, only=settled.only)
    require_ours(settled.target)
    return Plan(tables, folder, settled.notebooks, merged, settled.inputs, settled.target)


def render_edition(
    plan: Plan,
    *,
    jobs: int,
    report: Callable[..., None],
    kept_pages: PageCache,
    explain: Callable[[str], None] = lambda _: None,
) -> tuple[int, Coverage]:
    """Run the notebooks of a plan that must be run, and publish their site.

    Parameters
    ----------
    plan
        What `plan_edition` settled.
    jobs
        How many pages are run at once.
    report
        Is told of every change of a page's state.
    kept_pages
        The cache, from which pages are taken and in which they are kept.
    explain
        Is told in words what is done about each page, and why.

    Returns
    -------
    tuple of int and Coverage
        Number of files published, and how many numbers on the pages lead back.

    Raises
    ------
    RunError
        If a notebook failed, a number leads nowhere or the site cannot be written.
    """
    from statedfigures.reports.making import make_edition

    began = time.time()
    claim_run_folder(plan.target, plan.beside)
    made = make_edition(plan, jobs=jobs, report=report, kept_pages=kept_pages, explain=explain)
    publish_made(plan, made, time.time() - began)
    return len(made.files), made.coverage


def publish_made(plan: Plan, made: Made, seconds: float) -> None:
    """Publish the files that were made for a plan, and write the log of the run."""
    publish(made.files, plan.target, plan.beside)
    keep_log(plan, f"{LOG_BEGINS.decode()}{seconds:.1f} s\n{made.messages}")


def keep_log(plan: Plan, text: str) -> None:
    """Write the log of a run, and remove the copies of notebooks that failed in an earlier one."""
    with suppress(OSError):  # the edition is published; a full disk may cost the log
        for notebook in plan.notebooks:
            (plan.run_folder / notebook.path.name).unlink(missing_ok=True)
        (plan.run_folder / LOG).write_text(text, encoding="utf-8")
