"""Disputed assumptions marked wherever a table or a working of a page names them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LINK = re.compile(
    r'(<a\b[^>]*\bhref="(?:assumptions\.html)?#assumption-([a-z0-9_]+)"[^>]*>)(.*?)(</a>)',
    re.DOTALL,
)
# The name of a control that moves an assumption, up to its unit.
_CONTROL = re.compile(
    r'(<li data-from="assumption:([a-z0-9_]+)"[^>]*><label\b[^>]*>(?:(?!</label>|<span).)*)'
)
# What begins with a letter: numbers and dates lead to the row too, and do not name it.
_NAME = re.compile(r"\s*[A-Za-z]")
# Headings and alternative texts are left as they are: they must say what the picture says.
_PLACES = re.compile(r'<details class="workings">.*?</details>|<table\b.*?</table>', re.DOTALL)


def mark_disputed(page: str, disputed: Mapping[str, str]) -> str:
    """Say beside every name of a disputed assumption that it is.

    Parameters
    ----------
    page
        HTML of a page.
    disputed
        See `reviews.disputed_assumptions`.

    Returns
    -------
    str
        The page, with the word after each link in a table or a working that
        names a disputed assumption, and in the name of each control that
        moves one. A link that is a number is left: its working names the row.

    Examples
    --------
    >>> cell = '<table><td><a href="#assumption-damping">damping</a>'
    >>> mark_disputed(f"{cell}</td></table>", {"damping": "rejected"}).removeprefix(cell)
    ' <strong class="disputed">(rejected)</strong></td></table>'
    """
    if not disputed:
        return page

    def control(found: re.Match[str]) -> str:
        return f"{found[1].rstrip()} ({disputed[found[2]]}) " if found[2] in disputed else found[0]

    def marked(found: re.Match[str]) -> str:
        words = re.sub(r"<[^>]*>", "", found[3])
        word = disputed.get(found[2])
        # Beside a chart the name says it already, as it does in the picture.
        if word is None or not _NAME.match(words) or words.endswith(f"({word})"):
            return found[0]
        return f'{found[0]} <strong class="disputed">({word})</strong>'

    return _CONTROL.sub(control, _PLACES.sub(lambda place: _LINK.sub(marked, place[0]), page))
