"""An edition: planned from parameters, its pages run, its site built and published whole."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from statedfigures.errors import NotebookError, ParameterError, RunError
from statedfigures.site.publish import files, manifest
from statedfigures.site.run import parameters as declared
from statedfigures.site.run.cache import KeptPage, PageCache, page_parts

if TYPE_CHECKING:
    from statedfigures.release.reading import Release
    from statedfigures.site.run.execution import Report

_REMEDY = "name a new or an empty folder, so that nothing of yours is replaced"
_LONGEST_NAME = 200
_NOT_SLUG = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user asks for: parameters as text, pages, and folders where others are meant."""

    given: Mapping[str, str]
    only: tuple[str, ...] = ()
    out: Path | None = None
    data: Path | None = None
    notebooks: Path | None = None
    replace: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Edition:
    """One set of parameters of one release, and the folder it is published in.

    Attributes
    ----------
    asked
        What the user asks for.
    release, notebooks
        What it is made from, read and checked.
    parameters
        Its complete parameters.
    all_pages
        Every page that the release and the notebooks make.
    inputs
        Fingerprints of everything that it is made from.
    target
        Where it is published.
    left_out
        Pages that are not made this time, to which links may lead.
    """

    asked: Asked
    release: Release
    notebooks: tuple[declared.Notebook, ...]
    parameters: Mapping[str, declared.Value]
    all_pages: tuple[declared.Page, ...]
    inputs: Mapping[str, Any]
    target: Path
    left_out: tuple[str, ...] = ()

    # ------------------------------------------------------------ plan

    @classmethod
    def plan(cls, asked: Asked) -> Edition:
        """Settle what will be run, and refuse whatever is wrong, before a kernel starts.

        Raises
        ------
        InputError
            If a notebook, a parameter, a table or the folder to publish is wrong.
        """
        from statedfigures.release.reading import find_release, read_release

        paths = declared.notebook_paths(asked.notebooks)
        notebooks = declared.read_notebooks(paths)
        values = declared.read_values(notebooks, asked.given)
        folder = find_release(str(values.get("release", "")), asked.data)
        inputs = manifest.input_fingerprints(folder, paths)
        release = read_release(folder.name, folder.parent)
        parameters = declared.complete_parameters(release, notebooks, values)
        pages = tuple(declared.plan_pages(release, notebooks, parameters))
        declared.require_pages(pages, asked.only)
        name = folder_name(release, notebooks, parameters)
        target = asked.out or project_of(paths, folder) / "outputs" / release.id / name
        target = Path(os.path.abspath(target))
        edition = cls(asked, release, tuple(notebooks), parameters, pages, inputs, target)
        edition.require_target()
        return edition

    @cached_property
    def project(self) -> Path:
        """The folder in which the notebooks lie, beside ``outputs``."""
        return project_of([notebook.path for notebook in self.notebooks], self.release.folder)

    @property
    def cache_folder(self) -> Path:
        """Where executed pages are kept."""
        return self.project / "outputs" / ".cache"

    def require_target(self) -> None:
        """Refuse to publish over anything but this very edition, or another with ``--replace``."""
        if why := self._objection():
            raise ParameterError(f"--out {files.printable(str(self.target))}: {why}")

    def _objection(self) -> str:
        """Return why this edition must not take the place of what is there; empty if it may."""
        if len(os.fsencode(self.target.name)) > _LONGEST_NAME:
            return f"the name is too long; {_REMEDY}"
        is_there = os.path.lexists(self.target)
        if is_there and (self.target.is_symlink() or not self.target.is_dir()):
            return f"is not a folder; {_REMEDY}"
        for folder in self.target.parents:
            if os.path.lexists(folder) and not os.path.isdir(folder):
                return f"lies in {folder.name}, which is no folder; {_REMEDY}"
            if manifest.read_manifest(folder) is not None:
                return f"lies in {folder.name}, which is an edition; {_REMEDY}"
        if not self.target.parents:
            return f"is the whole disk; {_REMEDY}"
        above = next(folder for folder in self.target.parents if os.path.isdir(folder))
        if not os.access(above, os.W_OK | os.X_OK):
            return f"lies in {above.name or above}, where you may not write; {_REMEDY}"
        if not (found := files.files_in(self.target)):
            return ""
        there = manifest.read_manifest(self.target)
        recorded = PageCache(self.cache_folder).noted(self._record)
        if there is None and recorded is None:
            return f"holds files but no manifest of an earlier edition; {_REMEDY}"
        known = {manifest.FILE, *(recorded or ()), *(there["outputs"] if there else ())}
        if foreign := sorted(found - known):
            stray = f"holds {foreign[0]}, which is not of the earlier edition"
            return f"{stray}; move it away, or {_REMEDY}"
        if there is None or self.asked.replace:
            return ""
        if maker := manifest.other_maker(there):
            other = f"an edition that {maker} made"
        elif (there["release"], there["parameters"]) != (self.release.id, dict(self.parameters)):
            told_of = {"release": there["release"], **there["parameters"]}
            words = ", ".join(f"{name} {value}" for name, value in told_of.items() if value != "")
            other = f"the edition of {words[:200]}"
        else:
            return ""
        return f"holds {other}; name another folder, or add --replace to put this one in its place"

    @property
    def _record(self) -> str:
        return f"files-{files.fingerprint(os.fsencode(self.target))[:24]}"

    # ------------------------------------------------------------ run

    def run(
        self,
        *,
        jobs: int,
        report: Report,
        cache: PageCache,
        explain: Callable[[str], None] = lambda _: None,
    ) -> tuple[Edition, dict[str, KeptPage], int]:
        """Run the pages that are not kept.

        Parameters
        ----------
        jobs
            How many pages run at once.
        report
            Is told of every change of a page's state.
        cache
            Where pages are taken from and kept in.
        explain
            Is told in words what is done about each page, and why.

        Returns
        -------
        edition, pages, reused
            This edition, or that of the asked pages alone where the others are not at hand; its
            executed pages; and how many of them were taken as they were kept.

        Raises
        ------
        NotebookError
            If a page failed, after all others have run and are kept.
        """
        from statedfigures.analysis.findings import tell_findings
        from statedfigures.site.run.execution import State, execute_pages

        parts = {page.name: page_parts(page, self.inputs) for page in self.all_pages}
        wanted = [page for page in self.all_pages if page.name in (self.asked.only or parts)]
        beside = PageCache(self.cache_folder)  # the pages that --only leaves as they are
        kept = {
            page.name: found
            for page in self.all_pages
            if (found := (cache if page in wanted else beside).find(page.name, parts[page.name]))
        }
        edition = self
        if any(page.name not in kept for page in self.all_pages if page not in wanted):
            edition = self._of_pages_alone(wanted)
            kept = {page.name: kept[page.name] for page in wanted if page.name in kept}
            explain(f"other pages are not at hand: these go to {files.short(edition.target)}")
        for page in wanted:
            why = "reused, because nothing that it rests on has changed"
            if page.name not in kept:
                why = f"run, {cache.reason(page.name, parts[page.name])}"
            explain(f"{page.name}: {why}")
        for name in kept:
            report(name, State.REUSED, 0, 0)
        if left := [page for page in wanted if page.name not in kept]:
            tell_findings(self.release)  # what cannot be told is refused before a kernel starts
        ran, failures = execute_pages(
            left,
            settings={"STATEDFIGURES_DATA": str(self.release.folder.parent.resolve())},
            failed=self.cache_folder,
            jobs=jobs,
            report=report,
            keep=lambda page, found: cache.keep(page.name, parts[page.name], found),
        )
        if failures:
            told = [failures[page.name] for page in wanted if page.name in failures]
            told.append(f"nothing is published; {len(ran)} other pages ran and are kept")
            raise NotebookError("\n".join(told))
        pages = {**kept, **ran}
        return edition, {page.name: pages[page.name] for page in edition.all_pages}, len(kept)

    def _of_pages_alone(self, pages: Sequence[declared.Page]) -> Edition:
        name = "-".join((self.target.name, "only", *(page.name for page in pages)))[:150]
        target = Path(os.path.abspath(self.asked.out or self.target.with_name(name)))
        left_out = tuple(page.name for page in self.all_pages if page not in pages)
        edition = replace(self, all_pages=tuple(pages), target=target, left_out=left_out)
        there = manifest.read_manifest(target)
        lost = there["pages"].keys() - {page.name for page in pages} if there else ()
        if lost and not self.asked.replace:
            raise ParameterError(
                f"--only: {files.printable(str(target))} holds the pages "
                f"{', '.join(sorted(lost))} too, and what they rest on has changed; render "
                "without --only, or name another folder with --out"
            )
        return edition

    # ------------------------------------------------------------ build and publish

    def publish(self, pages: Mapping[str, KeptPage], *, reused: int = 0) -> list[str]:
        """Build the site of executed pages and put it in place in one step.

        Returns
        -------
        list of str
            The last lines of a render: what an analyst should know, and what was published.

        Raises
        ------
        RunError
            If a number leads nowhere, the inputs changed on the way, or the folder cannot be
            written; the earlier edition is untouched.
        """
        from statedfigures.site.run.execution import count_warnings

        with (
            files.plain_system_errors("nothing is published"),
            files.folder_for(self.target) as new,
        ):
            self.require_target()
            lines = self.build(pages, new)
            names = files.files_in(new)
            earlier = files.files_in(self.target) if self.target.is_dir() else set()
            PageCache(self.cache_folder).note(self._record, sorted(names | earlier))
        told = f"{len(names)} files published: {files.short(self.target / 'index.html')}"
        if reused:
            told += f", {reused} of {len(pages)} pages reused"
        log = self.cache_folder / "messages.txt"
        said = {name: page.messages for name, page in pages.items() if page.messages}
        with suppress(OSError):  # the edition is published; a full disk may cost the log
            log.write_text("".join(f"{name}:\n{words}\n" for name, words in said.items()))
        if count := sum(map(count_warnings, said.values())):
            told += f"; {count} warning{'' if count == 1 else 's'} in notebooks: {files.short(log)}"
        return [*lines, *declared.left_out_notebooks(self.notebooks[0].path.parent), told]

    def build(self, pages: Mapping[str, KeptPage], folder: Path) -> list[str]:
        """Build the site of executed pages into a folder, and write its manifest.

        Returns what an analyst should know, a line each.
        """
        import nbformat

        from statedfigures.site.pages.build import build_pages

        notebooks = {name: nbformat.from_dict(page.notebook) for name, page in pages.items()}
        lines = build_pages(
            self.release,
            notebooks,
            self.parameters,
            folder,
            strict=self.asked.strict,
            planned=self.left_out,
            project=self.project,
        )
        told = {
            "release": self.release.id,
            "title": self.release.about.short_title,
            "edition": self.release.about.edition.isoformat(),
            "parameters": dict(self.parameters),
            "pages": {
                page.name: {"notebook": page.notebook.path.name, "parameters": page.parameters}
                for page in self.all_pages
            },
            "inputs": self.inputs,
        }
        (folder / manifest.FILE).write_bytes(manifest.manifest_bytes(folder, told))
        paths = [notebook.path for notebook in self.notebooks]
        now = manifest.input_fingerprints(self.release.folder, paths)
        for kind in ("tables", "notebooks"):
            if now[kind] != self.inputs[kind]:
                raise RunError(
                    f"the {kind} were changed while the report was made; nothing is published: "
                    "run the command again"
                )
        return lines

    # ------------------------------------------------------------ nothing to do

    def remember(self, asked: Asked) -> None:
        """Note which edition was made of what was asked for, so that `is_current` knows it."""
        told = {
            "target": str(self.target),
            "release": str(self.release.folder),
            "default": _default_of(self.release.folder.parent),
            "seal": (manifest.read_manifest(self.target) or {}).get(manifest.SEAL),
        }
        PageCache(self.cache_folder).note(_key_of(asked), told)


def is_current(asked: Asked) -> Path | None:
    """Return the folder of what is asked for if it lies there, whole and up to date.

    No table is read and nothing heavy imported for it.
    """
    paths = declared.notebook_paths(asked.notebooks)
    for project in {project_of(paths, folder) for folder in (None, Path.cwd() / "data" / "any")}:
        noted = PageCache(project / "outputs" / ".cache").noted(_key_of(asked))
        if noted is None:
            continue
        folder, target = Path(noted["release"]), Path(noted["target"])
        there = manifest.read_manifest(target)
        if (
            there is not None
            and there.get(manifest.SEAL) == noted.get("seal")
            and folder.is_dir()
            and noted["default"] == _default_of(folder.parent)
            and there["inputs"] == manifest.input_fingerprints(folder, paths)
            and not manifest.differences(target)
        ):
            return target
    return None


def _key_of(asked: Asked) -> str:
    around = os.getcwd(), os.environ.get("STATEDFIGURES_DATA")
    told = asdict(replace(asked, replace=False)), around
    words = json.dumps(told, default=str, sort_keys=True)
    return f"asked-{files.fingerprint(words.encode())[:24]}"


def _default_of(data: Path) -> str:
    path = data / "releases.toml"
    named = files.fingerprint(path.read_bytes()) if path.is_file() else ""
    return named or json.dumps(sorted(each.parent.name for each in data.glob("*/release.toml")))


def project_of(notebooks: Sequence[Path], release_folder: Path | None) -> Path:
    """Return the folder that holds ``outputs``: beside the notebooks, or beside the data.

    Notebooks that came with the package lie where nobody looks for results.
    """
    beside = notebooks[0].parent.resolve()
    package = Path(__file__).resolve().parents[2]
    if beside.is_relative_to(package) and release_folder is not None:
        return release_folder.resolve().parents[1]
    return beside.parent


def folder_name(
    release: Release, notebooks: Sequence[declared.Notebook], parameters: Mapping[str, Any]
) -> str:
    """Return the name of the folder of an edition: its scenario, and what is no default.

    The horizon stands as a year alone: ``high-2030``.
    """
    defaults = declared.defaults_of(notebooks)
    defaults["horizon_year"] = defaults.get("horizon_year") or release.about.default_horizon
    parts = [str(parameters["scenario"])]
    for name, value in parameters.items():
        if name not in ("release", "scenario") and value != defaults.get(name, value):
            parts.append(str(value) if name == "horizon_year" else f"{name}-{value}")
    return _NOT_SLUG.sub("-", "-".join(parts).lower()).strip("-.")[:100] or "edition"
