"""Notebooks, their pages and their parameters: settled, or refused, before a kernel starts.

papermill on its own only warns about a parameter it does not know.
"""

from __future__ import annotations

import ast
import difflib
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from statedfigures.errors import InputError, ParameterError
from statedfigures.site.publish.files import printable

if TYPE_CHECKING:
    from statedfigures.release.reading import Release

Value = str | int | float | bool
TOPIC = "topic"
ARGUMENTS: Mapping[str, Value] = {
    "scenario": "central",
    "horizon_year": 0,
    "draws": 16384,
    "seed": 1,
}
EDITION: Mapping[str, Value] = {"release": "", **ARGUMENTS}
"""Parameters of every edition, with what they are where no notebook declares another default."""
RESERVED = frozenset(
    {"index", "sources", "scenarios", "methods", "accessibility", "downloads", "changes"}
)
"""Pages that are made without a notebook."""
_NAME = re.compile(r"\d+-[a-z][a-z0-9-]*\.ipynb")
_PACKED = Path(__file__).parents[2] / "project" / "notebooks"
_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
_PLAIN_INT = re.compile(r"[+-]?[0-9]{1,18}")
_PLAIN_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Notebook:
    """A numbered notebook: ``1-claims.ipynb`` is named ``claims``.

    ``parameters`` are those that the cell tagged so declares: name to default, whose type is
    that of the parameter.
    """

    path: Path
    name: str
    parameters: Mapping[str, Value]


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
        try:
            inside = list(Path(os.path.realpath(place)).iterdir())
        except OSError as error:
            if folder is None:
                continue
            raise InputError(
                f"--notebooks {printable(str(folder))[:200]}: cannot be read ({error.strerror}); "
                "name a folder that holds the notebooks"
            ) from None
        if found := [path for path in inside if _NAME.fullmatch(path.name)]:
            if strange := [path.name for path in found if not path.is_file()]:
                raise InputError(f"{strange[0]}: is not an ordinary file; put a notebook there")
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


def left_out_notebooks(folder: Path) -> list[str]:
    """Return a line for each notebook that has a number and a name that no page may have."""
    names = sorted(path.name for path in folder.glob("[0-9]*.ipynb"))
    return [
        f"{printable(name)} is no page: its name is to be a number, a hyphen, and small letters, "
        "digits and hyphens, such as 7-mine.ipynb"
        for name in names
        if not _NAME.fullmatch(name)
    ]


def read_notebooks(paths: Sequence[Path]) -> list[Notebook]:
    """Read what notebooks declare.

    Raises
    ------
    InputError
        If one is no notebook of Python that begins with its title.
    ParameterError
        If a parameter is declared in a way that cannot be typed.
    """
    return [Notebook(path, path.stem.partition("-")[2], dict(_declared(path))) for path in paths]


def _declared(path: Path) -> Iterator[tuple[str, Value]]:
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
        "".join(cell.source for cell in notebook.cells).encode()  # no half of a character
        title = [cell.source for cell in notebook.cells[:1] if cell.cell_type == "markdown"]
        kernel, language = (notebook.metadata.get(n, {}) for n in ("kernelspec", "language_info"))
        written_in = kernel.get("language") or language.get("name") or "python"
        tagged = [c.source for c in notebook.cells if "parameters" in c.metadata.get("tags", ())]
        statements = ast.parse(tagged[0] if tagged else "").body
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror}); see to it") from None
    except SyntaxError as error:
        raise InputError(
            f"{path.name}: its parameters are no Python ({error.msg}); mend the cell"
        ) from None
    except Exception:  # whatever a broken file makes of nbformat
        raise InputError(f"{path.name}: is not a notebook; save it again from JupyterLab") from None
    if written_in.lower() != "python":
        raise InputError(
            f"{path.name}: is written in {printable(written_in)[:40]}; pages are made in Python: "
            "choose the kernel Python 3 in JupyterLab, or take its number away"
        )
    if not (title and title[0].startswith("# ")):
        raise InputError(
            f"{path.name}: the first cell must be the title, in Markdown: # Title of the page"
        )
    for node in statements:
        if isinstance(node, ast.Assign):
            name, kind = ast.unparse(node.targets[0]), ""
        elif isinstance(node, ast.AnnAssign):
            name, kind = ast.unparse(node.target), ast.unparse(node.annotation)
        else:
            continue
        yield name, _default(f"{path.name}: parameter {name}", node.value, kind)


def _default(what: str, node: ast.expr | None, kind: str) -> Value:
    """Return the default of a parameter, of the type that its line names, if it names one."""
    default: Any = None
    with suppress(ValueError):
        default = ast.literal_eval(node) if node is not None else None
    if kind == "float" and type(default) is int:
        default = float(default)
    if type(default) not in _WORDS or kind not in ("", type(default).__name__):
        words = ast.unparse(node) if node is not None else "is missing and"
        raise ParameterError(
            f"{what}: its default {words} is not a plain value{kind and f' of type {kind}'}; "
            "declare it as name: str, int, float or bool = value"
        )
    return default


# ---------------------------------------------------------------- values


def read_value(name: str, default: Value, text: str) -> Value:
    """Read the user's text as a value of the type that the default of a parameter has.

    Raises
    ------
    ParameterError
        If the text does not read as that type.

    Examples
    --------
    >>> read_value("draws", 4096, "1024")
    1024
    """
    kind = type(default)
    if kind is bool and text.lower() in ("true", "false"):
        return text.lower() == "true"
    is_text = kind is str and text.encode(errors="ignore").decode() == text  # no stray bytes
    if is_text or (kind is int and _PLAIN_INT.fullmatch(text)):
        return kind(text)
    if kind is float and _PLAIN_FLOAT.fullmatch(text) and math.isfinite(value := float(text)):
        return value
    found = f"{printable(text)[:80]!r} is not {_WORDS[kind]}"
    raise ParameterError(f"parameter {name}: {found}; the default is {default}")


def read_values(notebooks: Sequence[Notebook], given: Mapping[str, str]) -> dict[str, Value]:
    """Return the values that the user set, typed as the notebooks declare them.

    Parameters
    ----------
    notebooks
        All notebooks of the report. What every edition has is known without them.
    given
        Name to text.

    Raises
    ------
    ParameterError
        Naming every parameter that is unknown, is no user's, or is wrongly typed.
    """
    declared, values = defaults_of(notebooks), {}
    faults = [
        f"parameter {name}: {notebook.path.name} declares another type or default than an "
        "earlier notebook; let them be the same"
        for notebook in notebooks
        for name, default in notebook.parameters.items()
        if repr(declared.get(name, default)) != repr(default)
    ]
    for name, text in given.items():
        try:
            if name == TOPIC:
                faults.append(
                    "parameter topic: is set for each page by the run; choose a page with --only"
                )
            elif name in declared:
                values[name] = read_value(name, declared[name], text)
            else:
                faults.append(_unknown("parameter", name, sorted(declared)))
        except ParameterError as error:
            faults.append(str(error))
    if faults:
        raise ParameterError("\n".join(dict.fromkeys(faults)))
    return values


def _unknown(kind: str, name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    listed = f"he {kind}s are {', '.join(known)}"
    rest = f"did you mean {near[0]!r}? T{listed}" if near else f"t{listed}"
    return f"{kind} {printable(name)[:80]!r} is unknown; {rest}"


def defaults_of(notebooks: Sequence[Notebook]) -> dict[str, Value]:
    """Return the defaults of an edition, without the topic, which is set for each page."""
    found = {name: value for each in notebooks[::-1] for name, value in each.parameters.items()}
    return {name: value for name, value in {**EDITION, **found}.items() if name != TOPIC}


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

    found: dict[str, Any] = {**defaults_of(notebooks), **values}
    series: Any = values.get("series") or None
    stated = {name: found[name] for name in ARGUMENTS}
    arguments = check_arguments(release, series=series, **stated)
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
    from statedfigures.analysis.outturn import later_values
    from statedfigures.analysis.projection import model_of

    projected = release.series.index[release.series["projectable"] == "yes"]
    absent = {
        "measures": release.measures.empty,
        "outturn": all(later_values(release, model_of(release, name)).empty for name in projected),
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
    if unknown := [_unknown("page", name, names) for name in only if name not in names]:
        raise ParameterError("\n".join(unknown))
