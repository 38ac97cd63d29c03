"""The state of each assumption's review: any change to its row or its code voids a sign-off."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache

import pandas as pd

from statedfigures.analysis import headline, projection, qualifiers
from statedfigures.release.rules import DIGITS, QUALIFIER_SYMBOLS, digest, row_fingerprint
from statedfigures.release.schema import Release, Row, cells_of

_MODULES = {"headline": headline, "projection": projection, "qualifiers": qualifiers}
# The functions of each symbol; those of the words beside a number are read off their table.
FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "growth_continues": ("projection.continuing_growth",),
    "damping": ("projection.damped_years",),
    "base_step": ("projection.stepped_base",),
    "rest_of_year": ("projection.whole_year", "projection.counted_to_date"),
    "cutoff": ("projection.counted_part",),
    "volatility": ("projection.chance",),
    "growth_years": ("projection.yearly_growth",),
    "fraction_words": ("qualifiers.IN_WORDS",),
    "qualifier_just": ("qualifiers._JUST_OF_PERCENT",),
    "little_change": ("headline.change_in_percent",),
    "little_change_points": ("headline.change_in_points",),
    "likely": ("headline.message",),
}
STATES: Mapping[str, str] = {"accept": "agreed", "challenge": "challenged", "reject": "rejected"}
COLUMNS = ("state", "by", "on", "comment", "fingerprint", "changed", "overdue", "inputs")


def review_states(release: Release) -> pd.DataFrame:
    """Return the state of every assumption's review.

    Parameters
    ----------
    release
        The release.

    Returns
    -------
    DataFrame
        Indexed by assumption: state, by whom and on which day, comment, the
        fingerprint of the row and the code as they are now, changed (what
        differs from what was reviewed), overdue, inputs. The state is never;
        agreed, challenged or rejected by the last review; void where the row or
        its code changed since; overdue where it was agreed and the next review
        was due before this edition. The column overdue is true for any row
        whose review was due.
    """
    register = release.assumptions
    last = release.reviews.sort_values("on", kind="stable")
    last = last.drop_duplicates("assumption", keep="last").set_index("assumption")
    frame = last[["by", "on", "comment", "decision", "fingerprint"]].reindex(register.index)
    frame = frame.fillna(dict.fromkeys(["by", "comment", "decision", "fingerprint"], ""))
    now = [assumption_fingerprint(row) for row in cells_of(register)]
    pairs = zip(frame["fingerprint"], now, strict=True)
    frame["changed"] = [changed_parts(*pair) if pair[0] else "" for pair in pairs]
    frame["fingerprint"] = now
    frame["overdue"] = register["review_by"] < pd.Timestamp(release.about.edition)
    frame["inputs"] = "assumption:" + register.index
    state = frame["decision"].map(STATES).fillna("never")
    state = state.mask(frame["overdue"] & (state == "agreed"), "overdue")
    frame["state"] = state.mask(frame["changed"] != "", "void")
    return frame[list(COLUMNS)].rename_axis("assumption").astype({"on": "datetime64[ns]"})


def assumption_fingerprint(row: Row) -> str:
    """Return the fingerprint of an assumption: of its row, then of the code of its symbol.

    Parameters
    ----------
    row
        A row of the register; its name is its id.

    Returns
    -------
    str
        64 hexadecimal digits. Any change to a cell of the row, or to the
        functions of its symbol, gives another one.

    Notes
    -----
    SHA-256 (FIPS 180-4), cut to 128 bits for each half.
    """
    return row_fingerprint(str(row.name), row) + symbol_fingerprint(str(row["symbol"]))


def changed_parts(reviewed: str, now: str) -> str:
    """Return what differs between two fingerprints of one assumption; empty for nothing.

    Examples
    --------
    >>> changed_parts("a" * 64, "a" * 63 + "b")
    'code of its symbol'
    """
    parts = {"row": slice(DIGITS), "code of its symbol": slice(DIGITS, None)}
    return " and ".join(name for name, part in parts.items() if reviewed[part] != now[part])


def symbol_fingerprint(symbol: str) -> str:
    """Return the fingerprint of the code behind a symbol, 32 hexadecimal digits.

    Comments, docstrings, annotations and layout play no part.
    """
    return digest(list(symbol_code(symbol)))


def symbol_code(symbol: str) -> Iterator[str]:
    """Yield the functions of a symbol in a form that only a change of meaning changes."""
    words = [word for word, own in QUALIFIER_SYMBOLS.items() if own == symbol]
    entries = [f"qualifiers.QUALIFIERS[{word!r}]" for word in words]
    for place in (*FUNCTIONS.get(symbol, ()), *entries):
        module, _, name = place.partition(".")
        definitions = _definitions(inspect.getsource(_MODULES[module]))
        yield definitions[name]
        # What a symbol's function reads by a private name is part of it.
        private = set(re.findall(r"\b_\w+", definitions[name])) & set(definitions)
        yield from (definitions[name] for name in sorted(private))


@cache
def _definitions(source: str) -> Mapping[str, str]:
    """Return what each function and name of a module means, and each entry of its tables."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            node.body = node.body[1:] if ast.get_docstring(node) else node.body
            node.returns = None
            for argument in ast.walk(node.args):
                if isinstance(argument, ast.arg):
                    argument.annotation = None
            found[node.name] = ast.unparse(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            found[ast.unparse(target)] = ast.unparse(node.value)
            if isinstance(node.value, ast.Dict):
                for key, value in zip(node.value.keys, node.value.values, strict=True):
                    if key is not None:  # None: another table is spread out in this one
                        found[f"{ast.unparse(target)}[{ast.unparse(key)}]"] = ast.unparse(value)
    return found


for _module in _MODULES.values():
    _definitions(inspect.getsource(_module))  # here, before kernels are forked
