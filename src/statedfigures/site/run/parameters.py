"""Notebooks, their pages and their parameters: settled, or refused, before a kernel starts.

papermill on its own only warns about a parameter it does not know.
"""

from __future__ import annotations

import ast
import difflib
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from statedfigures.errors import InputError, ParameterError
from statedfigures.site.publish.files import printable

if TYPE_CHECKING:
    from statedfigures.release.reading import Release

Value = str | int | float | bool
TOPIC = "topic"
ARGUMENTS = ("scenario", "horizon_year", "draws", "seed")
SHARED = ("release", *ARGUMENTS)
"""Parameters of the edition: every notebook that declares them declares the same."""
RESERVED = frozenset(
    {"index", "sources", "scenarios", "methods", "accessibility", "downloads", "changes"}
)
"""Pages that are made without a notebook."""
_NAME = re.compile(r"(?P<order>\d+)-(?P<page>[a-z][a-z0-9-]*)\.ipynb")
_PACKED = Path(__file__).parents[2] / "project" / "notebooks"
_READERS: Mapping[str, Any] = {"str": str, "int": int, "float": float}
_WORDS = {"int": "a whole number", "float": "a number", "bool": "true or false"}
_PLAIN_INT = re.compile(r"[+-]?[0-9]{1,18}")

logging.getLogger("papermill").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the cell tagged ``parameters`` declares it."""

    name: str
    type: str
    default: Value


@dataclass(frozen=True, slots=True)
class Notebook:
    """A numbered notebook: ``1-claims.ipynb`` is named ``claims``."""

    path: Path
    name: str
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be made: its notebook, and the complete parameters to run it with."""

    name: str
    notebook: Notebook
    parameters: Mapping[str, Value] = field(default_factory=dict)


# ---------------------------------------------------------------- notebooks


def notebook_paths(folder: Path | None) -> list[Path]:
    """Return the numbered notebooks of a folder, in the order of their numbers.

    Parameters
    ----------
    folder
        Where they are; by default the nearest folder ``notebooks`` here or above, or else the
        one that the package brings.

    Raises
    ------
    InputError
        If there is none.
    """
    here = (Path.cwd(), *Path.cwd().parents)
    places = [folder] if folder else [*(place / "notebooks" for place in here), _PACKED]
    for place in places:
        found = [
            path for path in _inside(place, named=folder is not None) if _NAME.fullmatch(path.name)
        ]
        if found:
            return sorted(found, key=lambda path: (int(path.name.split("-")[0]), path.name))
    if folder:
        raise InputError(
            f"--notebooks {printable(str(folder))}: holds no numbered notebook; "
            "name a folder with one such as 1-claims.ipynb"
        )
    raise InputError(
        f"no folder notebooks with numbered notebooks in {Path.cwd()} or above it; "
        "change to the project's folder or name one with --notebooks"
    )


def _inside(folder: Path, *, named: bool) -> list[Path]:
    try:
        return [path.resolve().parent / path.name for path in folder.resolve().iterdir()]
    except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself
        if named:
            words = getattr(error, "strerror", None) or "it is a link to itself"
            raise InputError(
                f"--notebooks {printable(str(folder))[:200]}: cannot be read ({words}); "
                "name a folder that holds the notebooks"
            ) from None
        return []


def read_notebooks(paths: Sequence[Path]) -> list[Notebook]:
    """Read what notebooks declare.

    Raises
    ------
    InputError
        If one is no notebook, or two make the same page.
    ParameterError
        If a parameter is declared in a way that cannot be typed.
    """
    found = []
    for path in paths:
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise InputError(f"{printable(path.name)}: name it with a number, like 1-claims.ipynb")
        found.append(Notebook(path, match["page"], dict(_declared(path))))
    names = [notebook.name for notebook in found]
    for name in names:
        if name in RESERVED or names.count(name) > 1:
            raise InputError(
                f"{paths[0].parent}: two pages would be called {name}; rename a notebook"
            )
    return found


def _declared(path: Path) -> Iterator[tuple[str, Parameter]]:
    from papermill import inspect_notebook

    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        first = "".join(cells[0]["source"]) if cells[0]["cell_type"] == "markdown" else ""
        inspected = inspect_notebook(path)
    except Exception:  # whatever a broken file makes of json, nbformat and papermill
        raise InputError(f"{path.name}: is not a notebook; save it again from JupyterLab") from None
    if not first.startswith("# "):
        raise InputError(
            f"{path.name}: the first cell must be the title, in Markdown: # Title of the page"
        )
    for name, found in inspected.items():
        kind = found["inferred_type_name"]
        try:
            default = ast.literal_eval(found["default"])
        except (ValueError, SyntaxError):
            default = None
        kind = type(default).__name__ if kind == "None" else kind
        if kind == "float" and type(default) is int:
            default = float(default)
        if kind not in (*_READERS, "bool") or type(default).__name__ != kind:
            raise ParameterError(
                f"{path.name}: parameter {name}: its default {found['default']} is not a plain "
                f"value of type {kind}; declare it as name: str, int, float or bool = value"
            )
        yield name, Parameter(name, kind, default)


# ---------------------------------------------------------------- values


def read_value(parameter: Parameter, text: str) -> Value:
    """Read the user's text as a value of the parameter's type.

    Raises
    ------
    ParameterError
        If the text does not read as that type.

    Examples
    --------
    >>> read_value(Parameter("draws", "int", 4096), "1024")
    1024
    """
    try:
        if parameter.type == "bool":
            return {"true": True, "false": False}[text.lower()]
        if parameter.type == "int" and not _PLAIN_INT.fullmatch(text):
            raise ValueError(text)
        value: Value = _READERS[parameter.type](text)
        if isinstance(value, float) and not float("-inf") < value < float("inf"):
            raise ValueError(text)
    except (ValueError, KeyError):
        raise ParameterError(
            f"parameter {parameter.name}: {printable(text)[:80]!r} is not "
            f"{_WORDS[parameter.type]}; the default is {parameter.default}"
        ) from None
    return value


def read_values(notebooks: Sequence[Notebook], given: Mapping[str, str]) -> dict[str, Value]:
    """Return the values that the user set, typed as the notebooks declare them.

    Parameters
    ----------
    notebooks
        All notebooks of the report.
    given
        Name to text.

    Raises
    ------
    ParameterError
        Naming every parameter that is unknown, is no user's, or is wrongly typed.
    """
    declared: dict[str, Parameter] = {}
    faults, values = [], {}
    for notebook in notebooks:
        for name, parameter in notebook.parameters.items():
            known = declared.setdefault(name, parameter)
            if (known.type, known.default) != (parameter.type, parameter.default):
                faults.append(
                    f"parameter {name}: {notebook.path.name} declares another type or "
                    "default than an earlier notebook; let them be the same"
                )
    declared.pop(TOPIC, None)
    for name, text in given.items():
        try:
            if name == TOPIC:
                faults.append(
                    "parameter topic: is set for each page by the run; choose a page with --only"
                )
            elif name in declared:
                values[name] = read_value(declared[name], text)
            else:
                faults.append(_unknown(name, sorted(declared)))
        except ParameterError as error:
            faults.append(str(error))
    if faults:
        raise ParameterError("\n".join(dict.fromkeys(faults)))
    return values


def _unknown(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    listed = f"the parameters are {', '.join(known)}"
    listed = listed if not meant else listed[0].upper() + listed[1:]
    return f"parameter {printable(name)[:80]!r} is unknown; {meant}{listed}"


def complete_parameters(
    release: Release, notebooks: Sequence[Notebook], values: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the parameters of an edition, its defaults filled in, held against the tables.

    Returns
    -------
    dict
        ``release``, ``scenario``, ``horizon_year``, ``draws``, ``seed``, and those of an
        analyst's own notebooks. The release is its id and the horizon a year.

    Raises
    ------
    ParameterError
        Naming every value that the tables do not allow.
    """
    from statedfigures.analysis.assumptions import check_arguments

    defaults = {
        name: parameter.default
        for notebook in reversed(notebooks)
        for name, parameter in notebook.parameters.items()
        if name != TOPIC
    }
    found = {**dict.fromkeys(SHARED, ""), "scenario": "central", **defaults, **values}
    stated = {name: found[name] for name in ARGUMENTS if found[name] != ""}
    arguments = check_arguments(release, **stated)  # type: ignore[arg-type]
    found |= {name: getattr(arguments, name) for name in ("horizon_year", "draws", "seed")}
    return found | {"release": release.id}


# ---------------------------------------------------------------- pages


def plan_pages(
    release: Release, notebooks: Sequence[Notebook], parameters: Mapping[str, Value]
) -> list[Page]:
    """Return the pages of an edition in their order.

    A notebook with the parameter ``topic`` makes one for each topic; ``measures``, ``outturn``
    and ``worked-example`` are left out where the release has nothing for them.

    Raises
    ------
    InputError
        If two pages would have one name.
    """
    later = release.series["outturn_series"]
    absent = {
        "measures": release.measures.empty,
        "outturn": not later[later != ""].isin(release.published["series"]).any(),
        "worked-example": not release.about.worked_example,
    }
    pages = []
    for notebook in notebooks:
        own = {name: parameters[name] for name in notebook.parameters if name != TOPIC}
        if TOPIC in notebook.parameters:
            topics = release.topics.index
            pages += [Page(str(topic), notebook, own | {TOPIC: str(topic)}) for topic in topics]
        elif not absent.get(notebook.name, False):
            pages.append(Page(notebook.name, notebook, own))
    names = [page.name for page in pages]
    for name in names:
        if name in RESERVED or names.count(name) > 1:
            raise InputError(f"two pages would be called {name}; rename a topic or a notebook")
    return pages


def require_pages(pages: Sequence[Page], only: Sequence[str]) -> None:
    """Refuse a name that is none of the pages."""
    names = [page.name for page in pages]
    for name in only:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            meant = f"did you mean {near[0]!r}? " if near else ""
            raise ParameterError(
                f"page {printable(name)[:80]!r} is unknown; {meant}The pages are {', '.join(names)}"
            )
