"""Which pages must be run and why, and which are as they were kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from statedfigures.reports.basis import current_read, key_of, page_basis
from statedfigures.reports.kernel_reads import ACTED, READ
from statedfigures.reports.limits import Value
from statedfigures.reports.manifest import fingerprint
from statedfigures.reports.notebooks import Notebook
from statedfigures.reports.page_cache import KeptPage, PageCache
from statedfigures.sources.watching import TABLE

NOT_KEPT = "not kept"
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a page stands before a run.

    ``kept`` is None where it must be run, and ``reason`` then says why.
    ``rests_on`` is its basis, and ``label`` names the page, its notebook's
    folder and its release in the cache.
    """

    notebook: Notebook
    rests_on: Mapping[str, str]
    kept: KeptPage | None
    reason: str
    label: str

    @property
    def page(self) -> str:
        """Name of the page."""
        return self.notebook.page

    def __str__(self) -> str:
        """Say in one line what is done about the page."""
        return f"{self.page}: {'reused' if self.kept else 'run'}, {self.reason}"


def standings(
    notebooks: Iterable[Notebook],
    parameters: Mapping[str, Mapping[str, Value]],
    data: Path,
    kept_pages: PageCache,
) -> tuple[Standing, ...]:
    """Find out which pages must be run.

    Parameters
    ----------
    notebooks
        The notebooks of the pages that are wanted.
    parameters
        Page to its complete parameters.
    data
        Folder that holds the releases.
    kept_pages
        The cache.

    Returns
    -------
    tuple of Standing
        One for each notebook, in their order.
    """
    current = cache(lambda read: current_read(read, data))
    return tuple(
        _standing(notebook, parameters[notebook.page], current, kept_pages)
        for notebook in notebooks
    )


def _standing(
    notebook: Notebook,
    parameters: Mapping[str, Value],
    current: Callable[[str], str],
    kept_pages: PageCache,
) -> Standing:
    basis = page_basis(notebook, parameters)
    whose = f"{notebook.path.parent}\n{parameters.get('release')}"
    label = f"{notebook.page}-{fingerprint(whose.encode())[:12]}"
    kept = kept_pages.find(key_of(basis), current)
    if kept:
        reason = "because nothing that it rests on has changed"
    else:
        reason = _reason(basis, kept_pages.last_run(label), current)
    return Standing(notebook, basis, kept, reason, label)


def _reason(
    basis: Mapping[str, str], last: Mapping[str, str], current: Callable[[str], str]
) -> str:
    """Say why a page must be run, from what it rested on when it was last run."""
    if not last:
        return "because no earlier run of it is known"
    if act := last.get(NOT_KEPT):
        return f"because it is never kept: its notebook {act}"
    now = dict(basis)
    for name in last.keys() - basis.keys():
        # A module or parameter that is gone is absent from the basis itself.
        now[name] = current(name) if name.startswith((f"{TABLE} ", f"{READ} ")) else ""
    changed = sorted(name for name in now if last.get(name, "") != now[name])
    if not changed:
        return "because its kept copy is gone"
    shown = [_words(name) for name in changed[:_SHOWN]]
    if more := len(changed) - len(shown):
        shown.append(f"{more} more")
    listed = " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
    return f"because of a change in {listed}"


def _words(name: str) -> str:
    kind, _, rest = name.partition(" ")
    if kind == TABLE:
        return rest.rpartition("/")[2]
    return Path(rest).name if kind == READ else name


def noted_reads(path: Path) -> tuple[list[str], str]:
    """Read what a kernel noted while it ran a notebook.

    Returns
    -------
    reads
        Kind and name of everything it read, each once.
    act
        Something it did besides reading; empty if there was nothing.
    """
    lines = path.read_text("utf-8", "surrogateescape").splitlines() if path.is_file() else []
    acts = [line.partition(" ")[2] for line in lines if line.startswith(f"{ACTED} ")]
    return sorted({line for line in lines if not line.startswith(f"{ACTED} ")}), "".join(acts[:1])


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps the pages of one run.

    Parameters
    ----------
    kept_pages
        The cache.
    data
        Folder that holds the releases.
    began
        Time at which the run began, in seconds since the epoch.
    """

    kept_pages: PageCache
    data: Path
    began: float

    def keep(
        self,
        standing: Standing,
        parameters: Mapping[str, Value],
        notebook: bytes,
        messages: str,
        noted: tuple[list[str], str],
    ) -> None:
        """Keep a page that was run, unless something about it is in doubt.

        Parameters
        ----------
        standing
            Of the page before it was run.
        parameters
            Its complete parameters.
        notebook, messages
            What came of it.
        noted
            What `noted_reads` gave.
        """
        reads, act = noted
        if not act and not self._in_doubt(standing, parameters, reads):
            found = {read: current_read(read, self.data) for read in reads}
            key = key_of(standing.rests_on)
            self.kept_pages.keep(key, KeptPage(found, messages, notebook, parameters))
            self.kept_pages.note_run(standing.label, {**standing.rests_on, **found})
        elif act:
            self.kept_pages.note_run(standing.label, {NOT_KEPT: act})

    def _in_doubt(
        self, standing: Standing, parameters: Mapping[str, Value], reads: list[str]
    ) -> bool:
        """Say whether something may have changed between its reading and now."""
        if page_basis(standing.notebook, parameters) != standing.rests_on:
            return True
        for read in reads:
            kind, _, name = read.partition(" ")
            path = Path(name) if kind == READ else self.data / name
            if path.exists() and path.stat().st_mtime >= self.began:
                return True
        return False
