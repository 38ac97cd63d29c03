"""Disputed assumptions marked wherever a working of a page names them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(
    r'(<a\b[^>]*\bhref="(?:assumptions\.html)?#assumption-([a-z0-9_]+)"[^>]*>\2</a>)'
)
_WORKINGS = re.compile(r'<details class="workings">.*?</details>', re.DOTALL)


def mark_disputed(page: str, disputed: Mapping[str, str]) -> str:
    """Say beside every name of a disputed assumption in a working that it is.

    Parameters
    ----------
    page
        HTML of a page.
    disputed
        See `reviews.disputed_assumptions`.

    Returns
    -------
    str
        The page, with the word after each id of a disputed assumption that
        its workings list. Labels say it already: see
        `reviews.assumptions_as_reviewed`.

    Examples
    --------
    >>> working = '<details class="workings"><a href="#assumption-damping">damping</a>'
    >>> mark_disputed(f"{working}</details>", {"damping": "rejected"}).removeprefix(working)
    ' <strong class="disputed">(rejected)</strong></details>'
    """
    if not disputed:
        return page

    def marked(found: re.Match[str]) -> str:
        word = disputed.get(found[2])
        return f'{found[1]} <strong class="disputed">({word})</strong>' if word else found[1]

    return _WORKINGS.sub(lambda place: _NAME.sub(marked, place[0]), page)
