"""Parameters of the notebooks: read, merged with the user's, refused when wrong.

Everything is settled here before a kernel starts. papermill on its own only
warns about a parameter it does not know.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from statedfigures.errors import ParameterError
from statedfigures.reports.limits import Allowed, Value, require_allowed

_READERS = {"str": str, "int": int, "float": float}
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the cell tagged ``parameters`` declares it.

    ``type`` is ``str``, ``int``, ``float`` or ``bool``; ``help`` is the comment
    behind the assignment.
    """

    name: str
    type: str
    default: Value
    help: str


def declared_parameter(name: str, annotation: str, default: str, comment: str) -> Parameter:
    """Make a parameter from the words of its declaration.

    Parameters
    ----------
    name, annotation, default, comment
        The parts of ``name: annotation = default  # comment`` as text.

    Returns
    -------
    Parameter
        With the default as a value of its type.

    Raises
    ------
    ParameterError
        If the default is not a literal of the annotated type.

    Examples
    --------
    >>> declared_parameter("horizon_year", "int", "2019", "last year projected").default
    2019
    """
    try:
        value = ast.literal_eval(default)
    except (ValueError, SyntaxError):
        value = None
    type_name = type(value).__name__ if annotation == "None" else annotation
    if type_name == "float" and type(value) is int:
        value = float(value)
    if type_name not in (*_READERS, "bool") or type(value).__name__ != type_name:
        raise ParameterError(
            f"parameter {name}: its default {default} in the notebook is not a plain value of "
            f"type {type_name}; declare it as name: str, int, float or bool = value"
        )
    return Parameter(name, type_name, value, comment)


def read_value(parameter: Parameter, text: str) -> Value:
    """Read the user's text as a value of the parameter's type.

    Raises
    ------
    ParameterError
        If the text does not read as that type.

    Examples
    --------
    >>> read_value(Parameter("draws", "int", 4096, ""), "1024")
    1024
    """
    try:
        if parameter.type == "bool":
            return _TRUTHS[text.lower()]
        if parameter.type == "int" and not (text.lstrip("+-").isascii() and "_" not in text):
            raise ValueError(text)
        value: Value = _READERS[parameter.type](text)
    except (ValueError, KeyError):
        what = {"int": "a whole number", "float": "a number", "bool": "true or false"}
        raise ParameterError(
            f"parameter {parameter.name}: {text!r} is not {what[parameter.type]}; "
            f"the default is {parameter.default}"
        ) from None
    if isinstance(value, float) and not float("-inf") < value < float("inf"):
        raise ParameterError(
            f"parameter {parameter.name}: {text!r} is not a finite number; "
            f"the default is {parameter.default}"
        )
    return value


def merge_parameters(
    declared: Mapping[str, Mapping[str, Parameter]],
    given: Mapping[str, str],
    allowed: Mapping[str, Allowed],
    *,
    only: Collection[str] = (),
) -> dict[str, dict[str, Value]]:
    """Settle the value of every parameter of every page.

    Parameters
    ----------
    declared
        Page to the parameters of its notebook, for all pages.
    given
        What the user set: name to text.
    allowed
        Name of a parameter to its allowed values.
    only
        The pages that will be run; empty for all.

    Returns
    -------
    dict
        Page to name to value, for the pages that will be run. Defaults are
        included, so that stating a default changes nothing.

    Raises
    ------
    ParameterError
        If a name is unknown, a value is wrongly typed or out of range, or a
        parameter that differs from page to page is set for several pages.

    Examples
    --------
    >>> seed = Parameter("seed", "int", 1, "")
    >>> merge_parameters({"tor": {"seed": seed}}, {"seed": "7"}, {})
    {'tor': {'seed': 7}}
    """
    pages = {page: declared[page] for page in known_pages(declared, only)}
    for name in given:
        holders = [parameters[name] for parameters in pages.values() if name in parameters]
        if not holders:
            raise ParameterError(_unknown_message(name, declared, pages))
        if len({(holder.type, holder.default) for holder in holders}) > 1:
            named = [page for page, parameters in pages.items() if name in parameters]
            raise ParameterError(
                f"parameter {name}: its meaning differs between the pages {', '.join(named)}; "
                f"set it for one page with --only {named[0]}"
            )
    merged: dict[str, dict[str, Value]] = {}
    for page, parameters in pages.items():
        merged[page] = {}
        for name, parameter in parameters.items():
            text = given.get(name)
            value = parameter.default if text is None else read_value(parameter, text)
            if name in allowed:
                require_allowed(name, value, allowed[name])
            merged[page][name] = value
    return merged


def known_pages(pages: Collection[str], only: Collection[str]) -> Sequence[str]:
    """Give the pages to run, in their own order; refuse a name that is none of them."""
    for page in only:
        if page not in pages:
            near = difflib.get_close_matches(page, list(pages), n=1)
            meant = f"did you mean {near[0]!r}? " if near else ""
            raise ParameterError(
                f"page {page!r} is unknown; {meant}The pages are {', '.join(pages)}"
            )
    return [page for page in pages if not only or page in only]


def shared_parameters(merged: Mapping[str, Mapping[str, Value]]) -> dict[str, Value]:
    """Give the parameters that have one value wherever they occur, by name."""
    values: dict[str, set[Value]] = {}
    for parameters in merged.values():
        for name, value in parameters.items():
            values.setdefault(name, set()).add(value)
    return {name: next(iter(found)) for name, found in sorted(values.items()) if len(found) == 1}


def _unknown_message(
    name: str,
    declared: Mapping[str, Mapping[str, Parameter]],
    pages: Mapping[str, Mapping[str, Parameter]],
) -> str:
    elsewhere = [page for page, parameters in declared.items() if name in parameters]
    if elsewhere:
        return (
            f"parameter {name}: none of the pages {', '.join(pages)} has it; "
            f"it belongs to {', '.join(elsewhere)}"
        )
    names = sorted({known for parameters in declared.values() for known in parameters})
    near = difflib.get_close_matches(name, names, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    return f"parameter {name!r} is unknown; {meant}The parameters are {', '.join(names)}"
