"""One spelling for what editors and browsers change without meaning anything."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SAME_CHARACTER = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
# Soft hyphen, zero-width spaces and joiners, byte-order mark.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SPACES = re.compile(r"\s+")
_BULLET = re.compile(r"^(?:[•‣◦·●▪■*-] )+")


def normalise(text: str) -> str:
    """Give a text with one form of space, bullet, quotation mark and dash.

    Parameters
    ----------
    text
        A paragraph or a fragment of one.

    Returns
    -------
    str
        The text in Unicode form C, straight quotation marks, plain hyphens,
        single spaces, and without the bullet it opens with. Letters, digits
        and all other signs are kept. Normalising twice changes nothing more.

    Examples
    --------
    >>> normalise("  • the ‘dark net’ –  in 2012–13 ")
    "the 'dark net' - in 2012-13"
    """
    visible = text.translate(_INVISIBLE)
    same = unicodedata.normalize("NFC", visible).translate(_SAME_CHARACTER)
    return _BULLET.sub("", _SPACES.sub(" ", same).strip())


def fingerprint(text: str) -> str:
    """Give the SHA-256 of a normalised text.

    Parameters
    ----------
    text
        A paragraph of the release.

    Returns
    -------
    str
        64 hexadecimal digits in lower case.

    Examples
    --------
    >>> fingerprint("• Ships  arrived") == fingerprint("Ships arrived")
    True
    """
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def holds_fragment(text: str, fragment: str) -> bool:
    """Say whether a fragment stands in a text as whole words and whole numbers.

    Parameters
    ----------
    text
        A paragraph.
    fragment
        The words to find; both are normalised first.

    Returns
    -------
    bool
        False also where the fragment is empty, or is found only as a part of
        a longer word or number.

    Examples
    --------
    >>> holds_fragment("from 736 in 2010", "736 in 2010")
    True
    >>> holds_fragment("from 1,736 in 2010", "736 in 2010")
    False
    """
    words = re.escape(normalise(fragment))
    if not words:
        return False
    before = r"(?<!\w)(?<!\d[.,])"
    after = r"(?!\w)(?![.,]\d)"
    return re.search(f"{before}{words}{after}", normalise(text)) is not None
