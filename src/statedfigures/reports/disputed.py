"""Disputed assumptions marked wherever a page names them: in tables, workings and charts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from statedfigures.analysis.reviews import DISPUTED, ReviewState, review_states
from statedfigures.sources.records import ReleaseTables

_LINK = re.compile(
    r'(<a\b[^>]*\bhref="(?:assumptions\.html)?#assumption-([a-z0-9_]+)"[^>]*>)(.*?)(</a>)',
    re.DOTALL,
)


def disputed_assumptions(tables: ReleaseTables) -> Mapping[str, str]:
    """Name the assumptions that were challenged or rejected, with the word for it.

    Parameters
    ----------
    tables
        The tables of the release.

    Returns
    -------
    Mapping
        Id to ``challenged`` or ``rejected``; a review that a change voided
        is neither.
    """
    states: Mapping[str, ReviewState] = review_states(tables)
    return {name: str(one.state) for name, one in states.items() if one.state in DISPUTED}


def mark_disputed(page: str, disputed: Mapping[str, str]) -> str:
    """Say beside every name of a disputed assumption that it is.

    Parameters
    ----------
    page
        HTML of a page.
    disputed
        See `disputed_assumptions`.

    Returns
    -------
    str
        The page, with the word after each link to a disputed assumption that
        names it. A link that is a number is left: its working names the row.

    Examples
    --------
    >>> link = '<a href="assumptions.html#assumption-damping">damping</a>'
    >>> mark_disputed(link, {"damping": "rejected"}).removeprefix(link)
    ' <strong class="disputed">(rejected)</strong>'
    """
    if not disputed:
        return page

    def marked(found: re.Match[str]) -> str:
        words = re.sub(r"<[^>]*>", "", found[3])
        if found[2] not in disputed or not re.search(r"[A-Za-z]{3}", words):
            return found[0]
        return f'{found[0]} <strong class="disputed">({disputed[found[2]]})</strong>'

    return _LINK.sub(marked, page)
